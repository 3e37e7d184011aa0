//! The table of variances: by hand, on numbers, and on a small run.

use std::collections::BTreeMap;
use std::sync::atomic::AtomicBool;

use doorstroom_kernel::Day;

use super::*;
use crate::tests::{Nowhere, parse};
use crate::{Arms, RunSettings, Silent, run};

#[test]
fn spread_goes_to_the_source_it_comes_from() {
    // 10 by structure, 3 by draw, 1 by replicate, nothing together
    let value = |s: usize, d: usize, r: usize| 10.0 * s as f64 + 3.0 * d as f64 + r as f64;
    let table = |f: &dyn Fn(usize, usize, usize) -> f64| Effects {
        values: (0..2).map(|s| (0..4).map(|d| (0..5).map(|r| f(s, d, r)).collect()).collect()).collect(),
    };
    let [structural, parameter, stochastic, together] = table(&value).sources();
    assert_eq!((structural.freedom, parameter.freedom, stochastic.freedom, together.freedom), (1, 3, 4, 31));
    // variance of (0, 10), of (0, 3, 6, 9), of 0 to 4
    for (source, variance) in [(structural, 50.0), (parameter, 15.0), (stochastic, 2.5), (together, 0.0)] {
        assert!((source.variance - variance).abs() < 1e-9, "{source:?}");
    }
    // sums of squares: 20 cells each side of the mean by 5, and so on
    for (source, squares) in [(structural, 1_000.0), (parameter, 450.0), (stochastic, 80.0)] {
        assert!((source.squares - squares).abs() < 1e-9, "{source:?}");
    }
    let mixed = |s: usize, d: usize, r: usize| if (s + d + r).is_multiple_of(2) { 1.0 } else { -1.0 };
    let sources = table(&mixed).sources();
    let total: f64 = sources.iter().map(|source| source.squares).sum();
    assert!((total - 39.9).abs() < 0.2 && sources[3].squares > 38.0, "{sources:?}");
}

#[test]
fn draws_cover_the_range_evenly_and_depend_on_the_seed_alone() {
    let uncertain = Uncertainty {
        from: Day::parse("2026-01-01").unwrap(),
        parameters: vec![("a.b".to_owned(), 2.0, 4.0), ("c.d".to_owned(), 0.0, 1.0)],
        draws: 10,
        structures: BTreeMap::new(),
    };
    let drawn = |seed| -> Vec<f64> {
        let cells = uncertain.cells().into_iter();
        cells.map(|cell| uncertain.changes(cell, seed)[0].value.parse().unwrap()).collect()
    };
    let mut values = drawn(1);
    assert_eq!(values, drawn(1));
    assert_ne!(values, drawn(2));
    values.sort_by(f64::total_cmp);
    for (i, value) in values.iter().enumerate() {
        let stretch = 2.0 + 0.2 * i as f64;
        assert!((stretch..stretch + 0.2).contains(value), "one in every stretch: {values:?}");
    }
}

const FILE: &str = r#"
Experiment(
    version: 1,
    world: "toy-town",
    months: 15,
    replicates: 3,
    seed: 3,
    baseline: "base",
    arms: {
        "base": [],
        "no_op": [],
        "ban": [From("2025-07-01", [Set("priority.status_holder", Banned(except: []))])],
    },
    uncertainty: (
        from: "2025-07-01",
        parameters: ["reception.own_network_hazard", "quota.earmark_median"],
        draws: 2,
        structures: { "lottery": [From("2025-07-01", [Schemes({"tight": "lottery_region"})])] },
    ),
)
"#;

#[test]
fn every_arm_is_run_under_every_structure_and_draw_and_shares_of_spread_add_up_to_one() {
    let experiment = parse(FILE).unwrap();
    let arms = Arms::of(&experiment);
    assert_eq!((arms.all.len(), arms.kept().count(), arms.fork.0), (3 + 2 * 2 * 2, 3, 6));
    let run = run(&experiment, &RunSettings::all(&experiment, 2), &Nowhere, &Silent, &AtomicBool::new(false)).unwrap();
    let rows = variance(&run.units, &experiment);
    assert!(rows.len() > 100 && rows.iter().all(|row| row.arm.as_str() == "ban"));
    for of_measure in rows.chunks(4) {
        let sources: Vec<&str> = of_measure.iter().map(|row| row.source.as_str()).collect();
        assert_eq!(sources, ["structural", "parameter", "stochastic", "together"]);
        let share: f64 = of_measure.iter().map(|row| row.share).sum();
        assert!(share.is_nan() || (share - 1.0).abs() < 1e-9, "{of_measure:?}");
    }
    assert!(rows.iter().any(|row| row.measure.as_str() == "flow" && row.squares > 0.0));
}

#[test]
fn what_cannot_be_drawn_is_refused() {
    let told = |from: &str, to: &str| {
        assert!(FILE.contains(from));
        parse(&FILE.replacen(from, to, 1)).expect_err("the file holds a mistake")
    };
    let unknown = told("quota.earmark_median", "quota.earmark_meadian");
    assert!(unknown.contains("did you mean \"quota.earmark_median\"?"), "{unknown}");
    let without = told("quota.earmark_median", "quota.ladder");
    assert!(without.contains("`quota.ladder` is not one number"), "{without}");
    let endless = told("quota.earmark_median", "quota.term_days");
    assert!(endless.contains("`quota.term_days` has no range"), "{endless}");
    let twice = told("\"priority.status_holder\", Banned(except: [])", "\"quota.earmark_median\", 0.015");
    assert!(twice.contains("is drawn here and set by \"ban\""), "{twice}");
    let none = told("draws: 2", "draws: 0");
    assert!(none.contains("draws"), "{none}");
}
