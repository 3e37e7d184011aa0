//! Identities: whole numbers that must be equal, without tolerance.

use doorstroom_policy::apportion::apportion;
use doorstroom_policy::quota::next_target;

use super::{Evidence, Finding, Law};

const LOTTERY: &str = "does_a_lottery_shorten_the_wait";
const URGENT: &str = "whom_do_the_urgent_displace";
const SHARING: &str = "how_many_homes_does_sharing_free";
const FIXED_LIST: &str = "when_is_who_housed";
const WAITING: &str = "is_waiting_conserved";
const STARTERS: &str = "are_starters_conserved";

/// The laws of this file.
pub const LAWS: &[Law] = &[
    Law {
        id: "A1",
        title: "Little, finite horizon: households on the list summed over steps equal steps summed over households",
        source: "Little 1961, on a path",
        experiments: &[LOTTERY, URGENT, SHARING],
        check: little,
    },
    Law {
        id: "A24",
        title: "Place j on a list that nobody joins or leaves is housed in step ⌈j/m⌉",
        source: "counting",
        experiments: &[FIXED_LIST],
        check: fixed_list,
    },
    Law {
        id: "A27",
        title: "Largest remainder: seats, the Alabama paradox, ties to the lower code",
        source: "Hamilton 1792",
        experiments: &[],
        check: largest_remainder,
    },
    Law {
        id: "A28",
        title: "Quota: backlog and lead carry over",
        source: "Huisvestingswet 2014 art. 29",
        experiments: &[],
        check: carry_over,
    },
    Law {
        id: "A30",
        title: "Zero sum: what priority gives one group it takes from the others",
        source: "supply from outside, never lost",
        experiments: &[URGENT],
        check: zero_sum,
    },
    Law {
        id: "A31",
        title: "The sum of all waits is the same under any order, when nobody leaves or refuses",
        source: "on a path",
        experiments: &[WAITING],
        check: total_waiting,
    },
    Law {
        id: "A32",
        title: "Starters housed = vacancies from outside + vacant at the start - vacant at the end",
        source: "vacancy chains",
        experiments: &[STARTERS],
        check: starters,
    },
];

fn little(evidence: &Evidence) -> Vec<Finding> {
    let mut findings = Vec::new();
    for experiment in [LOTTERY, URGENT, SHARING] {
        for arm in evidence.arms(experiment) {
            let lists: i64 = arm.totals().map(|totals| totals.list_steps).sum();
            let households: i64 = arm.totals().map(|totals| totals.individual_steps).sum();
            let unequal = arm.totals().filter(|totals| totals.list_steps != totals.individual_steps).count();
            let what = format!("list-steps of {}, {}", experiment.replace('_', " "), arm.seen.arm);
            findings.push(Finding::exact(what, lists, households + i64::try_from(unequal).unwrap_or(1)));
        }
    }
    findings
}

fn fixed_list(evidence: &Evidence) -> Vec<Finding> {
    let arm = evidence.arm(FIXED_LIST, "base");
    let began = i64::from(arm.world.file.groups["seeker"].at_start.unwrap_or(0));
    let a_step = match arm.world.file.goods["home"].vacancies {
        Some(doorstroom_world::queue::Stream::Every(count)) => i64::from(count),
        _ => panic!("the law needs the same number of vacancies in every step"),
    };
    let place = |j: i64| (j + a_step - 1) / a_step;
    let mut findings = Vec::new();
    for totals in arm.totals().take(1) {
        findings.push(Finding::exact("step of the last", place(began), totals.waited.1));
        findings.push(Finding::exact("sum of all waits", (1..=began).map(place).sum(), totals.waited.0));
        findings.push(Finding::exact("housed", began, totals.housed.iter().sum()));
    }
    findings
}

fn largest_remainder(_: &Evidence) -> Vec<Finding> {
    let cases: [(&str, i64, &[u32], &[i64]); 4] = [
        ("1000 over five towns", 1000, &[918_117, 655_468, 552_995, 361_924, 245_000], &[336, 240, 202, 132, 90]),
        ("10 over 6, 6, 2", 10, &[6, 6, 2], &[4, 4, 2]),
        ("11 over 6, 6, 2 (Alabama)", 11, &[6, 6, 2], &[5, 5, 1]),
        ("6 over four equals", 6, &[5, 5, 5, 5], &[2, 2, 1, 1]),
    ];
    let mut findings = Vec::new();
    for (what, total, weights, expected) in cases {
        let found = apportion(total, weights).unwrap_or_default();
        for (i, (&expected, found)) in expected.iter().zip(found).enumerate() {
            findings.push(Finding::exact(format!("{what}: part {}", i + 1), expected, found));
        }
    }
    findings
}

fn carry_over(_: &Evidence) -> Vec<Finding> {
    let (targets, realised) = ([120, 130, 95, 110], [100, 118, 125, 104]);
    let mut backlog = 15;
    let mut findings = Vec::new();
    for (i, expected) in [35, 47, 17, 23].into_iter().enumerate() {
        // what a half-year has to do is its own target and what was carried into it
        backlog = next_target(targets[i], backlog, realised[i]);
        findings.push(Finding::exact(format!("backlog after half-year {}", i + 1), expected, backlog));
    }
    findings
}

fn zero_sum(evidence: &Evidence) -> Vec<Finding> {
    let (base, other) = (evidence.arm(URGENT, "first-come"), evidence.arm(URGENT, "urgent-first"));
    let (mut all, mut supply) = (0, 0);
    let (mut regular, mut urgent) = (0, 0);
    for (a, b) in base.totals().zip(other.totals()) {
        let change: i64 = b.housed.iter().sum::<i64>() - a.housed.iter().sum::<i64>();
        all += change.abs();
        supply += (b.lettings - a.lettings).abs();
        regular += b.housed[0] - a.housed[0];
        urgent += b.housed[1] - a.housed[1];
    }
    vec![
        Finding::exact("change of all housed, by replicate", 0, all),
        Finding::exact("change of supply, by replicate", 0, supply),
        Finding::exact("urgent gained = regular lost", urgent, -regular),
    ]
}

fn total_waiting(evidence: &Evidence) -> Vec<Finding> {
    let base = evidence.arm(WAITING, "first-come");
    let mut findings = Vec::new();
    for name in ["lottery", "first-first", "second-first"] {
        let arm = evidence.arm(WAITING, name);
        let pairs = || base.totals().zip(arm.totals());
        let sum: i64 = base.totals().map(|totals| totals.list_steps).sum();
        let apart: i64 = pairs().map(|(a, b)| (a.list_steps - b.list_steps).abs()).sum();
        findings.push(Finding::exact(format!("all list-steps under {name}"), sum, sum + apart));
        let moved = pairs().filter(|(a, b)| a.list_steps_by_group != b.list_steps_by_group).count();
        let replicates = base.totals().count();
        findings.push(Finding::exact(
            format!("replicates in which {name} splits them otherwise between the groups"),
            i64::try_from(replicates).unwrap_or(0),
            i64::try_from(moved).unwrap_or(0),
        ));
    }
    findings
}

fn starters(evidence: &Evidence) -> Vec<Finding> {
    let mut findings = Vec::new();
    for arm in evidence.arms(STARTERS) {
        let expected: i64 = arm.totals().map(|t| t.opened + t.vacant.0 - t.vacant.1).sum();
        let unequal = arm.totals().filter(|t| t.starters != t.opened + t.vacant.0 - t.vacant.1).count();
        let housed: i64 = arm.totals().map(|totals| totals.starters).sum();
        let what = format!("starters housed, {}", arm.seen.arm);
        findings.push(Finding::exact(what, expected, housed + i64::try_from(unequal).unwrap_or(1)));
    }
    findings
}
