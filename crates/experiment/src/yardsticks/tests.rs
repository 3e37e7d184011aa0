//! The yardsticks do what their names say, on a region.

use std::sync::atomic::AtomicBool;

use super::*;
use crate::tests::parse;
use crate::{ArmSummary, RunSettings, Silent, Sink, Unit, run};

const REGION: &str = r#"
Experiment(
    version: 1,
    world: "one-region",
    scale: 0.15,
    months: 30,
    replicates: 2,
    seed: 9,
    baseline: "base",
    arms: {
        "base": [],
        "absent": [From("2025-07-01", [Counterfactual(StatusAbsent)])],
        "queue": [From("2025-07-01", [Counterfactual(StatusQueue)])],
        "hoped": [From("2025-07-01", [Counterfactual(StatusAlternativesAsHoped)])],
        "delivered": [From("2025-07-01", [Counterfactual(StatusAlternativesAsDelivered)])],
    },
)
"#;

struct Checked;

impl Sink for Checked {
    fn unit(&self, unit: Unit) -> Result<(), Box<dyn std::error::Error + Send + Sync>> {
        for (arm, observed) in &unit.arms {
            let broken: Vec<_> = observed.identities.iter().filter(|row| !row.holds).collect();
            assert!(broken.is_empty(), "{arm}: {broken:?}");
        }
        // who is placed by the programme is in the flow of its step, as who is placed by the yearly flow
        let placed = |name: &str| -> u32 {
            let (_, observed) = unit.arms.iter().find(|(arm, _)| arm == name).expect("the arm was run");
            observed.totals.iter().map(|totals| totals.reception.stock.flows.interim_in).sum()
        };
        assert!(placed("hoped") > placed("delivered") && placed("delivered") >= placed("queue"));
        assert!(placed("hoped") > placed("base"), "{} and {}", placed("hoped"), placed("base"));
        Ok(())
    }
}

#[test]
fn yardsticks_take_away_the_persons_or_the_priority_or_add_places_and_every_identity_holds() {
    let experiment = parse(REGION).unwrap();
    let settings = RunSettings { check: true, ..RunSettings::all(&experiment, 2) };
    let run = run(&experiment, &settings, &Checked, &Silent, &AtomicBool::new(false)).unwrap();
    assert_eq!(run.failures, []);
    for unit in &run.units {
        let value = |arm: &str, measure: &str, group: &str| {
            let is = |(key, _): &(&doorstroom_observe::MeasureKey, &f64)| {
                key.measure.as_str() == measure && key.group.as_str() == group && key.area.as_str() == "NL"
            };
            let arm: &ArmSummary = unit.arm(arm).unwrap();
            *arm.measures.iter().find(is).unwrap_or_else(|| panic!("{measure}")).1
        };
        assert_eq!(value("absent", "flow_all_routes", "status_holder"), 0.0);
        assert_eq!(value("absent", "reception.overdue_end", "all"), 0.0);
        assert!(value("absent", "reception.removed", "all") > 0.0 && value("base", "reception.removed", "all") == 0.0);
        // the same persons, without an earmark, are housed less often in regular dwellings
        assert!(value("queue", "flow", "status_holder") < value("base", "flow", "status_holder"));
        assert!(value("queue", "reception.overdue_end", "all") > value("base", "reception.overdue_end", "all"));
        // places as hoped leave nobody past the term but whom no municipality may place
        let late = |arm: &str| value(arm, "reception.overdue_end", "all");
        assert!(late("hoped") <= 0.1 * late("queue") && late("delivered") <= late("queue"), "{}", late("hoped"));
        let places = |arm: &str| value(arm, "interim.persons", "all");
        assert!(places("hoped") > places("delivered") && places("delivered") >= places("queue"));
        let price = value("hoped", "interim.cost", "all") / places("hoped");
        assert!((price - 21_900.0).abs() < 1e-6, "{price}");
    }
    let between = between(&run.units, &experiment);
    let pairs: std::collections::BTreeSet<(&str, &str)> =
        between.iter().map(|row| (row.arm.as_str(), row.baseline.as_str())).collect();
    let expected = [("delivered", "queue"), ("hoped", "queue"), ("queue", "absent")];
    assert_eq!(pairs.into_iter().collect::<Vec<_>>(), expected);
}

#[test]
fn only_priority_is_taken_away_from_the_queue() {
    let experiment = parse(REGION).unwrap();
    let changes: Vec<(&str, &str)> =
        experiment.arms["queue"].iter().map(|change| (change.path.as_str(), change.value.as_str())).collect();
    assert_eq!(
        changes,
        [
            ("priority.status_holder", "Banned(except: [], dsl_exempt: true)"),
            ("reception.own_network_hazard", "0.0062"),
        ]
    );
    assert_eq!(readings(&experiment).len(), 5);
}

#[test]
fn an_unknown_yardstick_is_refused_with_its_place_and_what_was_meant() {
    let told = parse(&REGION.replace("StatusQueue", "StatusQueu")).unwrap_err();
    assert!(told.contains("q.ron:13") && told.contains("StatusQueue"), "{told}");
}
