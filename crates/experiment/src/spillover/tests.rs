//! A difference stays where it is made if nothing crosses borders; what is touched is told from the rules.

use std::sync::atomic::AtomicBool;

use crate::synchrony::touched;
use crate::tests::{Nowhere, parse};
use crate::{Arms, Experiment, Run, RunSettings, Silent, run, synchrony};

const TOWNS: &str = r#"
Experiment(
    version: 1,
    world: "twenty-towns",
    months: 24,
    replicates: 2,
    seed: 5,
    baseline: "base",
    arms: {
        "base": [],
        "no_op": [],
        "lottery_in_one": [From("2025-04-01", [Schemes({"CR07": "lottery_region"})])],
        "ban_in_one": [From("2025-04-01", [Set("priority.status_holder", Banned(scope: Only(["GM0003"])))])],
        "ban": [From("2025-04-01", [Set("priority.status_holder", Banned())])],
    },
)
"#;

/// The experiment, with everything that crosses borders switched off in every arm if `closed`.
fn towns(closed: bool) -> Experiment {
    let mut experiment = parse(TOWNS).unwrap();
    let crosses = [
        // couples of two towns, and rooms for the young wherever they are
        ("demography.pairing", "[(0, 0.0)]"),
        ("sharing.takes_room", "0"),
        // status holders are linked to towns by what these have achieved; interim places are national
        ("reception.granted", "0"),
        ("quota.interim_persons", "0"),
        ("reception.own_network_shares", "[1.0, 0.0, 0.0, 0.0]"),
        // so many homes of the whole country are sold, demolished or renewed
        ("supply.sold_corporation", "0"),
        ("supply.sold_other_rental", "0"),
        ("supply.demolished_owner", "0"),
        ("supply.demolished_corporation", "0"),
        ("supply.demolished_other_rental", "0"),
        // displaced Ukrainians go to the town with a free place
        ("reception.ukrainian_inflow", "0"),
        ("reception.ukrainian_search", "0"),
    ];
    for (path, value) in crosses.iter().filter(|_| closed) {
        experiment.with(&format!("rules.{path}"), value).unwrap();
    }
    experiment
}

fn ran(experiment: &Experiment) -> Run {
    run(experiment, &RunSettings::all(experiment, 2), &Nowhere, &Silent, &AtomicBool::new(false)).unwrap()
}

#[test]
fn treating_one_municipality_leaves_all_others_bit_identical_where_nothing_crosses_borders() {
    let experiment = towns(true);
    let rows = synchrony(&ran(&experiment).units, &experiment.arm_names());
    for row in rows.iter().filter(|row| row.arm.as_str().ends_with("_in_one")) {
        assert_eq!((row.touched, row.untouched, row.identical), (1, 19, 19), "{row:?}");
    }
    let lottery = rows.iter().find(|row| row.arm.as_str() == "lottery_in_one").unwrap();
    assert_eq!((lottery.touched_identical, lottery.share), (0, 1.0), "the town itself has another history");
}

#[test]
fn a_no_op_leaves_every_municipality_identical_and_a_ban_of_the_country_none_untouched() {
    let experiment = towns(false);
    let rows = synchrony(&ran(&experiment).units, &experiment.arm_names());
    assert_eq!(rows.len(), 8);
    for row in &rows {
        match row.arm.as_str() {
            "no_op" => assert_eq!((row.touched, row.untouched, row.identical), (0, 20, 20)),
            "ban" => assert!(row.touched == 20 && row.share.is_nan() && row.touched_identical < 20, "{row:?}"),
            _ => assert_eq!((row.touched, row.untouched), (1, 19)),
        }
    }
}

#[test]
fn a_rule_of_the_country_touches_everybody_and_one_that_is_set_to_what_it_is_nobody() {
    let mut experiment = towns(false);
    let ban = experiment.arms["ban"].clone();
    let term = |value: &str| {
        let mut change = ban[0].clone();
        (change.path, change.value) = ("quota.term_days".to_owned(), value.to_owned());
        vec![change]
    };
    experiment.arms.insert("longer".to_owned(), term("120"));
    experiment.arms.insert("as_it_is".to_owned(), term("98"));
    let arms = Arms::of(&experiment);
    let gazetteer = doorstroom_state::municipality::Gazetteer {
        municipality_codes: (1..=20).map(|i| format!("GM{i:04}")).collect(),
        region_codes: (1..=20).map(|i| format!("CR{i:02}")).collect(),
        region_of: (0..20).collect(),
        ..Default::default()
    };
    let touched = |name: &str| {
        let arm = arms.all.iter().find(|arm| arm.name == name).unwrap();
        let touched = touched(&arms.baseline().rules, &arm.rules, &gazetteer);
        touched.iter().enumerate().filter(|(_, touched)| **touched).map(|(i, _)| i + 1).collect::<Vec<_>>()
    };
    assert_eq!((touched("longer").len(), touched("as_it_is").len()), (20, 0));
    assert_eq!((touched("lottery_in_one"), touched("ban_in_one")), (vec![7], vec![3]));
}
