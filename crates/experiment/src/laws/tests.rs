//! Tests of the suite itself.

use super::*;

#[test]
fn every_law_of_the_list_is_there_once() {
    let laws = suite();
    for number in 1..=32 {
        let id = format!("A{number}");
        assert_eq!(laws.iter().filter(|law| law.id == id).count(), 1, "{id}");
    }
}

#[test]
fn every_experiment_of_the_library_can_be_read_and_belongs_to_a_law() {
    let laws = suite();
    for (name, _) in library::EXPERIMENTS {
        library::experiment(name).unwrap_or_else(|problems| panic!("{problems}"));
        assert!(laws.iter().any(|law| law.experiments.contains(name)), "no law reads {name}");
    }
}

#[test]
fn the_identities_hold() {
    let laws: Vec<Law> =
        suite().into_iter().filter(|law| ["A24", "A27", "A28", "A31", "A32"].contains(&law.id)).collect();
    for outcome in verify(&laws, 11, 1, &|_| {}).unwrap() {
        for finding in &outcome.findings {
            assert_eq!(finding.verdict(), Verdict::Pass, "{} {finding:?}", outcome.id);
        }
    }
}
