//! Laws of dwellings that are let again and again: Erlang, Cobham, Kleinrock, insensitivity.

use super::evidence::{rest_of_one, times};
use super::formulas::{accumulating, cobham, erlang_a, erlang_b, erlang_c, step_shift, wait_mmc};
use super::{Arm, Evidence, Finding, Law};

const HUNDRED: &str = "how_long_is_the_wait_for_a_hundred_dwellings";
const HUNDRED_CLASSES: &str = "what_do_classes_do_in_a_hundred_dwellings";
const THREE_CLASSES: &str = "what_do_classes_do_in_three_dwellings";
const TWELVE: &str = "how_long_is_the_wait_for_twelve_dwellings";
const ONE: &str = "what_does_priority_cost_others";
const ONE_THREE: &str = "who_waits_in_three_classes";
const POINTS: &str = "what_do_faster_points_do";
const EXITS: &str = "how_many_give_up";
const STAY: &str = "does_the_kind_of_stay_matter";
const TRANSIT: &str = "how_many_are_in_transit";
/// Months of a year.
const YEAR: f64 = 12.0;

/// Why waits by class differ a little.
const RANKED: &str = "all who come in a step are ranked before any is served; whole steps add 1/6 step² to E[S²]";

/// The laws of this file.
pub const LAWS: &[Law] = &[
    Law {
        id: "A2",
        title: "M/M/c, a hundred dwellings: L = C ρ/(1-ρ), W = C/(cμ-λ)",
        source: "Erlang 1917",
        experiments: &[HUNDRED],
        check: hundred,
    },
    Law { id: "A3", title: "M/M/c, twelve dwellings", source: "Erlang 1917", experiments: &[TWELVE], check: twelve },
    Law {
        id: "A12",
        title: "Priority without interruption, M/G/1: W_k = W₀/((1-σ_(k-1))(1-σ_k)); exponential and fixed tenancies",
        source: "Cobham 1954",
        experiments: &[ONE],
        check: two_classes,
    },
    Law {
        id: "A13",
        title: "The same with three classes",
        source: "Cobham 1954",
        experiments: &[ONE_THREE],
        check: three_classes,
    },
    Law {
        id: "A14",
        title: "M/M/c with classes: W_k = C/(cμ)/((1-σ_(k-1))(1-σ_k)); Σλ_kW_k as without classes",
        source: "Cobham 1954",
        experiments: &[HUNDRED_CLASSES, THREE_CLASSES],
        check: many_servers,
    },
    Law {
        id: "A15",
        title: "Conservation: Σρ_iW_i = ρW₀/(1-ρ) whatever the classes",
        source: "Kleinrock 1965",
        experiments: &[ONE],
        check: conservation,
    },
    Law {
        id: "A16",
        title: "Accumulating points: waits of two groups whose points grow at different rates",
        source: "Kleinrock 1964",
        experiments: &[POINTS],
        check: points,
    },
    Law {
        id: "A17",
        title: "Erlang-A: dwellings, and seekers who give up",
        source: "birth-death chain; Palm 1957",
        experiments: &[EXITS],
        check: giving_up,
    },
    Law {
        id: "A18",
        title: "Erlang-B: share that finds a flow-through location full, whatever the kind of stay",
        source: "Erlang 1917; insensitivity: Sevastyanov 1957",
        experiments: &[STAY],
        check: insensitive,
    },
    Law {
        id: "A19",
        title: "M/G/∞: how many are there is Poisson(λE[S])",
        source: "Mirasol 1963",
        experiments: &[TRANSIT],
        check: transit,
    },
];

fn hundred(evidence: &Evidence) -> Vec<Finding> {
    let arm = evidence.arm(HUNDRED, "base");
    let (dwellings, stay, _) = arm.stock("home");
    let arrivals = arm.arrivals("seeker");
    let wait = wait_mmc(dwellings, 1.0 / stay, arrivals);
    vec![
        Finding::near("on the list", arrivals * wait, arm.mean("list_length", "all")),
        Finding::near("wait in years", wait / YEAR, times(arm.mean("wait", "all"), 1.0 / YEAR)),
        Finding::near("dwellings let", arrivals * stay, arm.mean("occupied", "all")),
    ]
}

fn twelve(evidence: &Evidence) -> Vec<Finding> {
    let arm = evidence.arm(TWELVE, "base");
    let (dwellings, stay, _) = arm.stock("home");
    let arrivals = arm.arrivals("seeker");
    let wait = wait_mmc(dwellings, 1.0 / stay, arrivals);
    vec![
        Finding::near("on the list", arrivals * wait, arm.mean("list_length", "all")),
        Finding::near("wait in months", wait, arm.mean("wait", "all")),
    ]
}

/// Loads by group, work left on arrival, and the allowance for one dwelling let in steps; time in mean tenancies.
struct OneServer {
    loads: Vec<f64>,
    residual: f64,
    stay: f64,
    step: f64,
    second_moment: f64,
}

impl OneServer {
    fn of(arm: &Arm<'_>, groups: &[&str]) -> OneServer {
        let (_, stay, fixed) = arm.stock("home");
        let loads: Vec<f64> = groups.iter().map(|group| arm.arrivals(group) * stay).collect();
        let second_moment = if fixed { 1.0 } else { 2.0 };
        let residual = loads.iter().sum::<f64>() * second_moment / 2.0;
        OneServer { loads, residual, stay, step: arm.step() / stay, second_moment }
    }

    /// Whole steps raise the second moment of a tenancy that is no whole number of steps by a sixth of a step squared.
    fn rounding(&self, wait: f64) -> f64 {
        if self.second_moment > 1.0 { wait * self.step * self.step / 6.0 / self.second_moment } else { 0.0 }
    }

    /// Findings by class, highest priority first.
    fn by_class(&self, arm: &Arm<'_>, groups: &[&str], kind: &str) -> Vec<Finding> {
        let shifts = step_shift(&self.loads, self.step);
        let waits = cobham(&self.loads, self.residual);
        let found = groups.iter().zip(waits.into_iter().zip(shifts)).map(|(group, (wait, shift))| {
            let measured = times(arm.mean("wait", group), 1.0 / self.stay);
            // exact in steps, so it is expected and not allowed for
            let expected = wait + shift + self.rounding(wait);
            Finding::near(format!("{kind}wait of the {group} class ({wait:.4} in short steps)"), expected, measured)
        });
        found.collect()
    }
}

fn two_classes(evidence: &Evidence) -> Vec<Finding> {
    let groups = ["first", "second"];
    let kinds = [("exponential", "exponential tenancies: "), ("fixed", "fixed tenancies: ")];
    let found = kinds.iter().flat_map(|(arm, kind)| {
        let arm = evidence.arm(ONE, arm);
        OneServer::of(&arm, &groups).by_class(&arm, &groups, kind)
    });
    found.collect()
}

fn three_classes(evidence: &Evidence) -> Vec<Finding> {
    let groups = ["first", "second", "third"];
    let arm = evidence.arm(ONE_THREE, "base");
    OneServer::of(&arm, &groups).by_class(&arm, &groups, "")
}

fn many_servers(evidence: &Evidence) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (experiment, name) in [(HUNDRED_CLASSES, "a hundred dwellings: "), (THREE_CLASSES, "three dwellings: ")] {
        let arm = evidence.arm(experiment, "base");
        let (dwellings, stay, _) = arm.stock("home");
        let capacity = f64::from(dwellings) / stay;
        let arrivals = ["first", "second"].map(|group| arm.arrivals(group));
        let loads = arrivals.map(|arrivals| arrivals / capacity);
        let total: f64 = arrivals.iter().sum();
        let all_let = erlang_c(dwellings, total * stay);
        let waits = cobham(&loads, all_let / capacity);
        let sum: f64 = arrivals.iter().zip(&waits).map(|(arrivals, wait)| arrivals * wait).sum();
        findings.push(Finding::near(format!("{name}Σλ_kW_k"), sum, times(arm.mean("wait", "all"), total)));
        let shifts = step_shift(&loads, arm.step());
        for (k, group) in ["first", "second"].iter().enumerate() {
            let allowance = shifts[k].abs() * all_let;
            // a step of a season is longer than the wait of the first class; the three dwellings show it
            if allowance > 0.1 * waits[k] {
                continue;
            }
            let measured = times(arm.mean("wait", group), 1.0 / YEAR);
            let found = Finding::near(format!("{name}wait of the {group} class in years"), waits[k] / YEAR, measured);
            findings.push(found.within(allowance / YEAR, RANKED));
        }
    }
    findings
}

fn conservation(evidence: &Evidence) -> Vec<Finding> {
    let groups = ["first", "second"];
    let found = ["exponential", "fixed"].map(|kind| {
        let arm = evidence.arm(ONE, kind);
        let server = OneServer::of(&arm, &groups);
        let load: f64 = server.loads.iter().sum();
        let expected = load * server.residual / (1.0 - load);
        let measured = times(arm.mean("wait", "all"), load / server.stay);
        let what = format!("Σρ_iW_i, {kind} tenancies ({expected:.4} in short steps)");
        Finding::near(what, expected + server.rounding(expected), measured)
    });
    found.to_vec()
}

fn points(evidence: &Evidence) -> Vec<Finding> {
    let arm = evidence.arm(POINTS, "base");
    let server = OneServer::of(&arm, &["slow", "fast"]);
    let scheme = arm.world.scheme.as_ref().expect("a stock is let by a scheme");
    let rates = match &scheme.channels[0].rank {
        doorstroom_policy::scheme::Rank::Points(points) => {
            ["slow", "fast"].map(|group| points.waiting[group].per_month)
        }
        _ => panic!("the law needs points"),
    };
    let waits = accumulating(&server.loads, &rates, server.residual);
    // between first come (no shift) and strict priority of the fast (this shift)
    let shift = step_shift(&[server.loads[1], server.loads[0]], server.step);
    let found = [("slow", 0, shift[1]), ("fast", 1, shift[0])].map(|(group, k, shift)| {
        let measured = times(arm.mean("wait", group), 1.0 / server.stay);
        let allowance = shift.abs() + server.rounding(waits[k]);
        Finding::near(format!("wait of those whose points grow {group}"), waits[k], measured).within(allowance, RANKED)
    });
    found.to_vec()
}

fn giving_up(evidence: &Evidence) -> Vec<Finding> {
    let arm = evidence.arm(EXITS, "base");
    let (dwellings, stay, _) = arm.stock("home");
    let (arrivals, exit) = (arm.arrivals("seeker"), arm.exit("seeker"));
    let (length, share) = erlang_a(dwellings, 1.0 / stay, arrivals, exit);
    let half_step = length * exit * arm.step() / 2.0;
    vec![
        Finding::near("on the list", length, arm.mean("list_length", "all"))
            .within(half_step, "exits first: who comes is spared half a step"),
        Finding::near("share that gives up", share, rest_of_one(arm.mean("housed_share", "all"))),
    ]
}

fn insensitive(evidence: &Evidence) -> Vec<Finding> {
    let mut findings = Vec::new();
    for kind in ["exponential", "fixed"] {
        let arm = evidence.arm(STAY, kind);
        let (places, stay, _) = arm.stock("place");
        let offered = arm.arrivals("seeker") * stay;
        let full = erlang_b(places, offered);
        let ends = offered * (1.0 - full) / stay * arm.step();
        let allowance = (full - erlang_b(places + 1, offered)) * ends / 2.0;
        let why = "stays that end in a step make room for all who come in it: half of those places more";
        let turned_away = rest_of_one(arm.mean("housed_share", "all"));
        findings.push(Finding::near(format!("turned away, {kind} stays"), full, turned_away).within(allowance, why));
        let found =
            Finding::near(format!("places taken, {kind} stays"), offered * (1.0 - full), arm.mean("occupied", "all"));
        findings.push(found.within(offered * allowance, why));
    }
    findings
}

fn transit(evidence: &Evidence) -> Vec<Finding> {
    let arm = evidence.arm(TRANSIT, "base");
    let mut findings = Vec::new();
    for (group, stay) in [("exponential", 1.0 / arm.exit("exponential")), ("fixed", 9.0)] {
        let expected = arm.arrivals(group) * stay;
        let allowance = if group == "exponential" { expected * arm.step() / stay / 2.0 } else { 0.0 };
        let why = "exits first: who comes is spared half a step";
        let length = arm.mean("list_length", group);
        findings.push(Finding::near(format!("mean number, {group} stays"), expected, length).within(allowance, why));
        let variance = arm.variance("list_length", group);
        let found = Finding::near(format!("variance of the number, {group} stays"), expected, variance);
        findings.push(found.within(allowance, why));
    }
    findings
}
