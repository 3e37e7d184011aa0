//! A package run in all its subsets; what is written adds up; mistakes in a package are refused.

use std::sync::atomic::AtomicBool;

use doorstroom_observe::rows::AttributionRow;

use super::*;
use crate::tests::parse;
use crate::{Arms, Estimate, Experiment, RunSettings, Silent, Sink, Unit, effects, run};

const PACKAGE_FILE: &str = r#"
// Which measure does what?
Experiment(
    version: 1,
    world: "toy-town",
    months: 18,
    replicates: 3,
    seed: 3,
    baseline: "base",
    arms: { "base": [] },
    attribution: (
        instruments: {
            "ban": [From("2025-07-01", [Set("priority.status_holder", Banned(except: []))])],
            "fewer-families": [From("2025-04-01", [Set("reception.family_arrives", 0.2)])],
            "homes": [From("2025-04-01", [Set("supply.built_corporation", 300000.0)])],
        },
    ),
    primary: ["flow.regular"],
)
"#;

/// Keeps nothing, and is given the arms whose rows are to be kept.
struct OnlyKept;

impl Sink for OnlyKept {
    fn unit(&self, unit: Unit) -> Result<(), Box<dyn std::error::Error + Send + Sync>> {
        let kept: Vec<&str> = unit.arms.iter().map(|(arm, _)| arm.as_str()).collect();
        assert_eq!(kept, ["base", "package"], "only these keep their rows");
        Ok(())
    }
}

fn units(experiment: &Experiment) -> Vec<UnitSummary> {
    run(experiment, &RunSettings::all(experiment, 2), &OnlyKept, &Silent, &AtomicBool::new(false)).unwrap().units
}

/// The digits of a decimal number as a whole number of its last place, with `places` decimals.
fn decimal(x: f64, places: usize) -> i128 {
    let text = x.to_string();
    let (whole, rest) = text.split_once('.').unwrap_or((&text, ""));
    assert!(rest.len() <= places, "{text} has more than {places} decimals");
    format!("{whole}{rest:0<places$}").parse().unwrap()
}

#[test]
fn values_of_instruments_add_up_to_the_effect_of_the_package_in_every_written_digit() {
    let experiment = parse(PACKAGE_FILE).unwrap();
    let units = units(&experiment);
    assert_eq!(units[0].arms.len(), 8);
    let package = experiment.attribution.as_ref().unwrap();
    let (values, pairs) = attribution(&units, package, "base", experiment.seed);
    let effects = effects(&units, &experiment.arm_names());
    let mut differ = 0;
    for of_measure in values.chunk_by(|a, b| (&a.measure, &a.group, &a.area) == (&b.measure, &b.group, &b.area)) {
        let [parts @ .., total] = of_measure else { panic!("a measure has rows") };
        assert!(parts.len() == 3 && total.instrument.as_str() == TOTAL);
        if total.n == 0 {
            assert!(total.mean.is_nan());
            continue;
        }
        let sum: i128 = parts.iter().map(|row| decimal(row.mean, 9)).sum();
        assert_eq!(sum, decimal(total.mean, 9), "{} {} {}", total.measure.as_str(), &*total.group, &*total.area);
        let is_same = |row: &&doorstroom_observe::rows::EffectRow| {
            (&row.measure, &row.group, &row.area, &row.unit) == (&total.measure, &total.group, &total.area, &total.unit)
        };
        let effect = effects.iter().find(is_same).unwrap();
        if effect.n == total.n {
            assert!((effect.mean - total.mean).abs() <= 1e-8 * (1.0 + effect.mean.abs()), "{total:?} {effect:?}");
            differ += i32::from(total.mean != 0.0);
        }
    }
    assert!(differ > 30, "the package changes {differ} measures");
    assert_eq!(pairs.len(), values.len() / 4 * 3, "three instruments make three pairs");
    let of = |name: &str| -> &AttributionRow {
        let is = |row: &&AttributionRow| row.measure.as_str() == "flow" && row.group.as_str() == "regular";
        values.iter().filter(is).find(|row| row.instrument.as_str() == name && row.area.as_str() == "NL").unwrap()
    };
    assert!(of("homes").mean > 0.0 && of("homes").alone > 0.0 && of("homes").last > 0.0, "{:?}", of("homes"));
    assert!(values.iter().all(|row| row.n == 0 || row.sampling == 0.0));
}

#[test]
fn permutations_that_happen_to_cover_all_subsets_tell_their_error_and_add_up_too() {
    let text = PACKAGE_FILE.replace("    attribution: (\n", "    attribution: (\n        permutations: 12,\n");
    let experiment = parse(&text).unwrap();
    let units = units(&experiment);
    let package = experiment.attribution.as_ref().unwrap();
    let (values, _) = attribution(&units, package, "base", experiment.seed);
    let flow: Vec<&AttributionRow> = values
        .iter()
        .filter(|row| row.measure.as_str() == "flow" && row.group.as_str() == "regular" && row.area.as_str() == "NL")
        .collect();
    let sum: i128 = flow[..3].iter().map(|row| decimal(row.mean, 9)).sum();
    assert_eq!(sum, decimal(flow[3].mean, 9));
    assert!(flow[..3].iter().any(|row| row.sampling > 0.0) && flow[3].sampling == 0.0, "{flow:?}");
}

#[test]
fn subsets_fork_where_the_first_instrument_begins_and_the_estimate_counts_every_run() {
    let experiment = parse(PACKAGE_FILE).unwrap();
    let arms = Arms::of(&experiment);
    assert_eq!((arms.all.len(), arms.kept().count(), arms.fork.0), (8, 2, 3));
    let ban = arms.all.iter().find(|arm| arm.name == "ban+").unwrap();
    assert_eq!(ban.differs.unwrap().to_string(), "2025-07-01");
    let estimate = Estimate::of(&experiment, 1);
    assert_eq!((estimate.arms, estimate.runs), (8, 24));
    assert_eq!(estimate.household_months, 3 * estimate.households * (3 + 8 * 15));
    assert!(estimate.notes.iter().any(|note| note.contains("3 instruments: all 8 subsets")), "{:?}", estimate.notes);
}

#[test]
fn a_package_that_says_nothing_or_too_much_is_refused_with_its_place() {
    let told = |from: &str, to: &str| {
        assert!(PACKAGE_FILE.contains(from));
        parse(&PACKAGE_FILE.replacen(from, to, 1)).expect_err("the file holds a mistake")
    };
    let shared = told("supply.built_corporation\", 300000.0", "reception.family_arrives\", 0.3");
    assert!(shared.contains("both set `reception.family_arrives`"), "{shared}");
    let wrong = told("\"reception.family_arrives\", 0.2", "\"reception.family_arrives\", 1.2");
    assert!(wrong.contains("1.2") && wrong.contains("q.ron:14"), "{wrong}");
    let empty = told("[From(\"2025-04-01\", [Set(\"reception.family_arrives\", 0.2)])]", "[]");
    assert!(empty.contains("\"fewer-families\" changes nothing"), "{empty}");
    let taken = told("\"base\": [] }", "\"base\": [], \"package\": [] }");
    assert!(taken.contains("is the arm with all instruments"), "{taken}");
    let few = told("        instruments: {", "        permutations: 1,\n        instruments: {");
    assert!(few.contains("permutations"), "{few}");
}
