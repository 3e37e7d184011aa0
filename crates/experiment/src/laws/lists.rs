//! Laws of overloaded lists: length, waits, lotteries, priority, quotas, sharing, the order of a step.

use libm::{log, log2};

use super::formulas::{fluid_wait, list_length, list_variance, lottery_wait, truncated_steps};
use super::{Arm, Evidence, Finding, Law};

const LONG: &str = "how_long_is_an_overloaded_list";
const LOTTERY: &str = "does_a_lottery_shorten_the_wait";
const ORDER: &str = "does_the_order_of_a_step_matter";
const HALVING: &str = "does_halving_the_step_halve_the_error";
const URGENT: &str = "whom_do_the_urgent_displace";
const RESERVED: &str = "what_does_a_reserved_quota_do";
const SHARING: &str = "how_many_homes_does_sharing_free";

/// A place on the list is a whole household, in the formula it is part of a flow.
const WHOLE: &str = "finite size: one vacancy's time, 1/m";

/// The laws of this file.
pub const LAWS: &[Law] = &[
    Law {
        id: "A4",
        title: "Overloaded list: n + m/θ is Poisson(λ/θ); mean, standard deviation, share housed m/λ",
        source: "M/M/∞ with a truncated shift; in steps: worlds/closed-form/README.md",
        experiments: &[LONG],
        check: overloaded,
    },
    Law {
        id: "A5",
        title: "First come, first served: the housed waited ln(λ/m)/θ",
        source: "fluid limit",
        experiments: &[LOTTERY],
        check: first_come,
    },
    Law {
        id: "A6",
        title: "Lottery: the wait of the housed is geometric; length and share housed as first come",
        source: "thinning of a stationary list",
        experiments: &[LOTTERY],
        check: lottery,
    },
    Law {
        id: "A7",
        title: "Part lottery φ: waits in both channels and of all",
        source: "fluid limit with lottery hazard ν = φm/L",
        experiments: &[LOTTERY],
        check: part_lottery,
    },
    Law {
        id: "A8",
        title: "Strict priority: A₁ = λ₁, A₂ = m - λ₁, w₂ = ln(λ₂/(m-λ₁))/θ, and their slopes in λ₁",
        source: "fluid limit",
        experiments: &[URGENT],
        check: priority,
    },
    Law {
        id: "A9",
        title: "Without priority housed in proportion to arrivals; priority displaces λ₁(1-m/λ)",
        source: "fluid limit",
        experiments: &[URGENT],
        check: no_priority,
    },
    Law {
        id: "A10",
        title: "Reserved quota ρ: A_g = ρ_g m, w_g = ln(λ_g/(ρ_g m))/θ_g, N_g",
        source: "two lists apart",
        experiments: &[RESERVED],
        check: reserved,
    },
    Law {
        id: "A11",
        title: "House sharing: f = (1-s)+s/k dwellings a household; the others wait ln(λ₂/(m-λ₁f))/θ",
        source: "fluid limit; parties of k form in (k-1)/(2λs)",
        experiments: &[SHARING],
        check: sharing,
    },
    Law {
        id: "A26",
        title: "Time on the list of those who wait is not the wait of the housed",
        source: "truncated exponential ages",
        experiments: &[LOTTERY],
        check: in_list_age,
    },
    Law {
        id: "T1",
        title: "Order of a step: exits first (X), after arrivals (Y), last (Z)",
        source: "exact for any step",
        experiments: &[ORDER],
        check: orders,
    },
    Law {
        id: "T2",
        title: "Halving the step halves the error of the length: order 1",
        source: "(λ-m)Δ/(1-exp(-θΔ)) - (λ-m)/θ",
        experiments: &[HALVING],
        check: halving,
    },
];

/// λ, m, θ and the step of a world with one group.
fn rates(arm: &Arm<'_>) -> (f64, f64, f64, f64) {
    (arm.arrivals("seeker"), arm.vacancies("home"), arm.exit("seeker"), arm.step())
}

fn overloaded(evidence: &Evidence) -> Vec<Finding> {
    let arm = evidence.arm(LONG, "base");
    let (arrivals, vacancies, exit, step) = rates(&arm);
    let length = list_length('X', arrivals, vacancies, exit, step);
    let sd = list_variance(arrivals, vacancies, exit, step).sqrt();
    vec![
        Finding::near("length of the list", length, arm.mean("list_length", "all")),
        Finding::near("standard deviation of the length", sd, arm.sd("list_length", "all")),
        Finding::near("share housed", vacancies / arrivals, arm.mean("housed_share", "all")),
    ]
}

fn first_come(evidence: &Evidence) -> Vec<Finding> {
    let arm = evidence.arm(LOTTERY, "first-come");
    let (arrivals, vacancies, exit, step) = rates(&arm);
    vec![
        Finding::near("wait of the housed", fluid_wait(arrivals, vacancies, exit), arm.mean("wait", "all"))
            .within(1.0 / vacancies, WHOLE),
        Finding::near("length", list_length('X', arrivals, vacancies, exit, step), arm.mean("list_length", "all")),
    ]
}

fn lottery(evidence: &Evidence) -> Vec<Finding> {
    let arm = evidence.arm(LOTTERY, "lottery");
    let (arrivals, vacancies, exit, step) = rates(&arm);
    let (mean, sd) = lottery_wait(arrivals, vacancies, exit, step);
    vec![
        Finding::near("wait of the housed", mean, arm.mean("wait", "all")).within(1.0 / vacancies, WHOLE),
        Finding::near("standard deviation of the wait", sd, arm.sd("wait", "all")).within(1.0 / vacancies, WHOLE),
        Finding::near("length", list_length('X', arrivals, vacancies, exit, step), arm.mean("list_length", "all")),
        Finding::near("share housed", vacancies / arrivals, arm.mean("housed_share", "all")),
    ]
}

fn part_lottery(evidence: &Evidence) -> Vec<Finding> {
    let arm = evidence.arm(LOTTERY, "part-lottery");
    let (arrivals, vacancies, exit, step) = rates(&arm);
    let scheme = arm.world.scheme.as_ref().expect("a list is let by a scheme");
    let share = scheme.channels.iter().find(|channel| channel.name == "lottery").map_or(0.0, |channel| channel.share);
    let length = list_length('X', arrivals, vacancies, exit, step);
    // lots are drawn one after the other from a list that shrinks by all vacancies of the step
    let drawn = share * log((length + vacancies * step) / length) / step;
    // both channels take turns: half the lots of a step are drawn before a place comes up, and of those whose place
    // comes up half are still there when a lot is drawn
    let by_time = (log(arrivals / ((1.0 - share) * vacancies)) - drawn * step / 2.0) / (exit + drawn);
    let by_lottery = truncated_steps(exit + drawn, by_time + step / 2.0, step);
    let all = (1.0 - share) * by_time + share * by_lottery;
    let near = |what: &str, expected: f64, channel: &str| {
        let one = 1.0 / vacancies;
        Finding::near(what, expected, arm.mean_in("wait", "all", channel)).within(one, WHOLE)
    };
    vec![
        near("wait by registration time", by_time, "time"),
        near("wait by lottery", by_lottery, "lottery"),
        near("wait of all housed", all, "all"),
    ]
}

fn priority(evidence: &Evidence) -> Vec<Finding> {
    let arms = ["urgent-first", "more-urgent-first"].map(|arm| evidence.arm(URGENT, arm));
    let wait = |arm: &Arm<'_>| {
        let left = arm.vacancies("home") - arm.arrivals("urgent");
        fluid_wait(arm.arrivals("regular"), left, arm.exit("regular"))
    };
    let mut findings = Vec::new();
    for arm in &arms {
        let (urgent, vacancies) = (arm.arrivals("urgent"), arm.vacancies("home"));
        let left = vacancies - urgent;
        let with = format!("with {urgent} urgent a month");
        findings.push(Finding::near(format!("urgent housed {with}"), urgent, arm.mean("housed", "urgent")));
        findings.push(Finding::near(format!("regular housed {with}"), left, arm.mean("housed", "regular")));
        let found = Finding::near(format!("wait of regular {with}"), wait(arm), arm.mean("wait", "regular"));
        findings.push(found.within(1.0 / left, WHOLE));
    }
    let [six, nine] = &arms;
    let more = nine.arrivals("urgent") - six.arrivals("urgent");
    let housed = super::evidence::times(nine.less(six, "housed", "regular"), 1.0 / more);
    let waits = super::evidence::times(nine.less(six, "wait", "regular"), 1.0 / more);
    findings.push(Finding::near("regular housed for one more urgent", -1.0, housed));
    findings.push(
        Finding::near("wait of regular for one more urgent", (wait(nine) - wait(six)) / more, waits)
            .within(2.0 / (more * (nine.vacancies("home") - nine.arrivals("urgent"))), WHOLE),
    );
    findings
}

fn no_priority(evidence: &Evidence) -> Vec<Finding> {
    let (base, urgent_first) = (evidence.arm(URGENT, "first-come"), evidence.arm(URGENT, "urgent-first"));
    let (urgent, regular) = (base.arrivals("urgent"), base.arrivals("regular"));
    let share = base.vacancies("home") / (urgent + regular);
    vec![
        Finding::near("urgent housed", urgent * share, base.mean("housed", "urgent")),
        Finding::near("regular housed", regular * share, base.mean("housed", "regular")),
        Finding::near(
            "regular displaced by priority",
            urgent * (1.0 - share),
            base.less(&urgent_first, "housed", "regular"),
        ),
        // displacement as every experiment measures it: D1 with its denominator, D2 as a paired difference of waits
        Finding::near(
            "D1: regular lost per urgent housed more",
            1.0,
            urgent_first.displaced(&base, "housed", ("regular", "urgent")),
        )
        // every vacancy is let in both arms, so only rounding is left
        .within(1e-9, "rounding"),
        Finding::near(
            "D2: months that the regular wait longer",
            fluid_wait(regular, base.vacancies("home") - urgent, base.exit("regular"))
                - fluid_wait(urgent + regular, base.vacancies("home"), base.exit("regular")),
            urgent_first.less(&base, "wait", "regular"),
        )
        .within(1.0 / base.vacancies("home") + 1.0 / (base.vacancies("home") - urgent), WHOLE),
    ]
}

fn reserved(evidence: &Evidence) -> Vec<Finding> {
    let arm = evidence.arm(RESERVED, "base");
    let scheme = arm.world.scheme.as_ref().expect("a list is let by a scheme");
    let mut findings = Vec::new();
    for (group, channel) in [("starter", &scheme.channels[0]), ("regular", &scheme.channels[1])] {
        let own = channel.share * arm.vacancies("home");
        let (arrivals, exit) = (arm.arrivals(group), arm.exit(group));
        findings.push(Finding::near(format!("{group} housed"), own, arm.mean("housed", group)));
        findings.push(
            Finding::near(format!("wait of {group}"), fluid_wait(arrivals, own, exit), arm.mean("wait", group))
                .within(1.0 / own, WHOLE),
        );
        let length = list_length('X', arrivals, own, exit, arm.step());
        findings.push(Finding::near(format!("{group} on the list"), length, arm.mean("list_length", group)));
    }
    findings
}

fn sharing(evidence: &Evidence) -> Vec<Finding> {
    let arm = evidence.arm(SHARING, "base");
    let sharing = arm.world.file.groups["urgent"].sharing.expect("the urgent share");
    let size = f64::from(sharing.size);
    let (urgent, regular) = (arm.arrivals("urgent"), arm.arrivals("regular"));
    let dwellings = urgent * ((1.0 - sharing.share) + sharing.share / size);
    let left = arm.vacancies("home") - dwellings;
    vec![
        Finding::near("dwellings to the urgent", dwellings, arm.mean("lettings", "urgent")),
        Finding::near("regular housed", left, arm.mean("housed", "regular")),
        Finding::near("wait of regular", fluid_wait(regular, left, arm.exit("regular")), arm.mean("wait", "regular"))
            .within(1.0 / left, WHOLE),
        Finding::near(
            "wait of sharers for each other",
            (size - 1.0) / (2.0 * urgent * sharing.share),
            arm.mean("matching_wait", "urgent"),
        ),
    ]
}

fn in_list_age(evidence: &Evidence) -> Vec<Finding> {
    let arm = evidence.arm(LOTTERY, "first-come");
    let (arrivals, vacancies, exit, step) = rates(&arm);
    let wait = fluid_wait(arrivals, vacancies, exit);
    vec![
        Finding::near(
            "months on the list of those who wait",
            truncated_steps(exit, wait, step),
            arm.mean("list_age", "all"),
        )
        .within(1.0 / vacancies, WHOLE),
    ]
}

fn orders(evidence: &Evidence) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (order, name) in [('X', "x"), ('Y', "y"), ('Z', "z")] {
        let arm = evidence.arm(ORDER, name);
        let (arrivals, vacancies, exit, step) = rates(&arm);
        let length = list_length(order, arrivals, vacancies, exit, step);
        let wait = fluid_wait(arrivals, vacancies, exit) - if order == 'Y' { step } else { 0.0 };
        findings.push(Finding::near(format!("{order}: length"), length, arm.mean("list_length", "all")));
        let found = Finding::near(format!("{order}: wait of the housed"), wait, arm.mean("wait", "all"));
        findings.push(found.within(1.0 / vacancies, WHOLE));
    }
    findings
}

fn halving(evidence: &Evidence) -> Vec<Finding> {
    let arms = ["days28", "days14", "days7"].map(|arm| evidence.arm(HALVING, arm));
    let (mut findings, mut errors) = (Vec::new(), Vec::new());
    for arm in &arms {
        let (arrivals, vacancies, exit, step) = rates(arm);
        let limit = (arrivals - vacancies) / exit;
        let (expected, measured) = (list_length('X', arrivals, vacancies, exit, step), arm.mean("list_length", "all"));
        findings.push(Finding::near(format!("length with {:.0} days", step * 30.4375), expected, measured));
        errors.push((expected - limit, super::evidence::rest_of(measured, limit)));
    }
    for (pair, name) in errors.windows(2).zip(["28 to 14", "14 to 7"]) {
        let ((wide, found_wide), (narrow, found_narrow)) = (pair[0], pair[1]);
        let noise = (found_wide.se / found_wide.value).hypot(found_narrow.se / found_narrow.value);
        let order = doorstroom_observe::queue::Estimate {
            value: log2(found_wide.value / found_narrow.value),
            se: noise / std::f64::consts::LN_2,
            n: found_wide.n,
        };
        let what = format!("order of the error, {name} days");
        findings.push(Finding::near(what, log2(wide / narrow), order));
    }
    findings
}
