//! What a parameter with variants can say: every variant and every field of one, compared in pairs.

use std::collections::BTreeSet;

use doorstroom_kernel::Day;
use doorstroom_policy::Rules;
use doorstroom_tests::{experiment, world};
use ron::error::Error;

use crate::contexts::{Arm, arm};
use crate::runs::Context;

/// A parameter, and values of which no two may put out the same.
type Told = (&'static str, &'static [&'static str]);

const NOW: Arm = arm(("how_much_hangs_on_the_inflow.ron", "rules_as_they_stand"), ("0.008", "30"), &[]);
const PLACES: Arm = arm(("when_is_a_conditional_ban_in_force.ron", "ban_at_0_5_with_places"), ("0.008", "30"), &[]);

/// Arms of shipped experiments, and what is told apart under them.
const CASES: [(Arm, &[Told]); 2] = [
    (
        NOW,
        &[
            (
                "priority.status_holder",
                &[
                    "FreeChoice",
                    "ObligatoryUrgency",
                    "NoUrgencyOnAnyGround",
                    "MunicipalChoice(stopping: 0.2)",
                    "MunicipalChoice(stopping: 0.9)",
                    "Banned(except: [])",
                    "Banned(except: [], scope: OrdinanceOnly)",
                    "Banned(except: [], scope: Only([\"GM0363\", \"GM0599\"]))",
                    "Banned(except: [], dsl_exempt: false)",
                    "Banned(except: [SinglesInSharedHomes(for_days: 365)])",
                    "Banned(except: [SinglesInSharedHomes(for_days: 100)])",
                    "ConditionalBan(when: Overdue(at_most: 0.6), for_months: 3, until: 1.2)",
                    "ConditionalBan(when: Overdue(at_most: 0.6), for_months: 3, until: 0.6)",
                    "ConditionalBan(when: Overdue(at_most: 0.0), for_months: 3, until: 1.2)",
                ],
            ),
            ("quota.mid_term", &["None", "DownAtEvaluation", "Both", "RollToNext"]),
            ("quota.distribution", &["ByInhabitants", "FreeChoice", "Provincial"]),
            ("quota.alternatives", &["None", "AsHoped", "AsDelivered"]),
            ("reception.inflow_path", &["Low", "Base", "High"]),
        ],
    ),
    (
        PLACES,
        &[
            (
                "priority.status_holder",
                &[
                    "ConditionalBan(when: AlternativePlaces(at_least: 0.5), for_months: 2, until: 0.4)",
                    "ConditionalBan(when: AlternativePlaces(at_least: 100.0), for_months: 2, until: 0.4)",
                    "ConditionalBan(when: AlternativePlaces(at_least: 0.5), for_months: 9, until: 0.4)",
                    "ConditionalBan(when: AlternativePlaces(at_least: 0.5), for_months: 2, until: 0.4, \
                     except: [SinglesInSharedHomes(for_days: 365)])",
                    "ConditionalBan(when: AlternativePlaces(at_least: 0.5), for_months: 2, until: 0.4, \
                     scope: OrdinanceOnly)",
                    "ConditionalBan(when: AlternativePlaces(at_least: 0.5), for_months: 2, until: 0.4, \
                     scope: Only([\"GM0363\"]))",
                    "ConditionalBan(when: AlternativePlaces(at_least: 0.5), for_months: 2, until: 0.4, \
                     dsl_exempt: false)",
                ],
            ),
            (
                "alternatives.delivery",
                &[
                    "AsHoped",
                    "Drawn",
                    "Fixed(first_year: 0.2, third_year: 0.4)",
                    "Fixed(first_year: 0.3, third_year: 0.4)",
                    "Fixed(first_year: 0.2, third_year: 0.9)",
                ],
            ),
        ],
    ),
];

/// Places in values where RON says which words may stand there when it is given one that may not.
const HOLES: [(&str, &[&str]); 6] = [
    (
        "priority.status_holder",
        &[
            "@",
            "Banned(@: 0)",
            "Banned(scope: @)",
            "Banned(except: [@])",
            "Banned(except: [SinglesInSharedHomes(@: 0)])",
            "ConditionalBan(@: 0)",
            "ConditionalBan(when: @)",
            "ConditionalBan(when: AlternativePlaces(@: 0))",
            "ConditionalBan(when: Overdue(@: 0))",
            "MunicipalChoice(@: 0)",
        ],
    ),
    ("alternatives.delivery", &["@", "Fixed(@: 0)"]),
    ("quota.mid_term", &["@"]),
    ("quota.distribution", &["@"]),
    ("quota.alternatives", &["@"]),
    ("reception.inflow_path", &["@"]),
];

/// Words that may stand where a value has its `@`.
fn words(rules: &Rules, path: &str, value: &str) -> Vec<String> {
    let tried = rules.clone().set(path, Day(0), &value.replace('@', "no_such_word"), "test");
    let Some(Err(refused)) = tried else { panic!("{path}: {value} is taken") };
    match refused.code {
        Error::NoSuchEnumVariant { expected, .. } | Error::NoSuchStructField { expected, .. } => {
            expected.iter().map(|word| (*word).to_owned()).collect()
        }
        other => panic!("{path}: {value}: {other}"),
    }
}

/// Values that are told apart of a parameter.
fn values_of(path: &str) -> impl Iterator<Item = &'static str> {
    let told = CASES.iter().flat_map(|(_, told)| told.iter()).filter(move |(of, _)| *of == path);
    told.flat_map(|(_, values)| values.iter().copied())
}

#[test]
fn every_variant_and_field_that_a_rule_knows_is_among_those_told_apart() {
    let rules = world("netherlands").rules;
    let mut with_variants = BTreeSet::new();
    rules.each(&mut |path, _, _, parameter| {
        if parameter.steps().iter().any(|(_, value, _)| value.starts_with(|first: char| first.is_ascii_uppercase())) {
            with_variants.insert(path.to_owned());
        }
    });
    assert_eq!(with_variants, HOLES.iter().map(|(path, _)| (*path).to_owned()).collect());
    for (path, holes) in HOLES {
        for hole in holes {
            for word in words(&rules, path, hole) {
                // what a ban covers if nothing is said is the one variant that nobody has to write
                let said = word == "All" || values_of(path).any(|value| value.contains(&word));
                assert!(said, "{path}: {hole} may be {word}, and no value tells it apart");
            }
        }
    }
}

#[test]
fn every_variant_and_every_field_of_a_regime_moves_some_outcome() {
    let mut same = Vec::new();
    for (arm, told) in &CASES {
        let settings = [("scale", arm.scale), ("months", arm.months), ("replicates", "1")];
        let context = Context::new(experiment(arm.file, &settings), arm.name);
        let jobs: Vec<(&str, &str)> =
            told.iter().flat_map(|(path, values)| values.iter().map(move |value| (*path, *value))).collect();
        let ends = context.ends(&jobs, 2);
        for (i, one) in jobs.iter().enumerate() {
            assert!(ends[i].is_some(), "{} at {} makes a run under {arm} fail", one.0, one.1);
            for (j, other) in jobs.iter().enumerate().skip(i + 1).filter(|(_, other)| other.0 == one.0) {
                if ends[i] == ends[j] {
                    same.push(format!("{}: {} and {} put out the same under {arm}", one.0, one.1, other.1));
                }
            }
        }
    }
    assert!(same.is_empty(), "{}", same.join("\n"));
}
