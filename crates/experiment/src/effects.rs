//! Paired differences between every arm and the baseline, and what every arm has: the tables `effects` and `levels`.

use std::collections::BTreeSet;

use doorstroom_observe::MeasureKey;
use doorstroom_observe::rows::{EffectRow, LevelRow};

use crate::pairs::Paired;
use crate::summary::{UnitSummary, differences};

/// The rows of `effects`: every measure that any replicate has, for every arm but the baseline, by arm and key.
///
/// `arms` are the names, the baseline first. Replicates without a figure in either arm are left out of its pairs;
/// with one pair there is a mean and no interval.
pub fn effects(units: &[UnitSummary], arms: &[&str]) -> Vec<EffectRow> {
    let Some((&baseline, others)) = arms.split_first() else { return Vec::new() };
    let mut rows = Vec::new();
    for &arm in others {
        let keys: BTreeSet<&MeasureKey> =
            units.iter().filter_map(|unit| unit.arm(arm)).flat_map(|summary| summary.measures.keys()).collect();
        for key in keys {
            let paired = Paired::of(&differences(units, arm, baseline, |summary| summary.measures.get(key).copied()));
            rows.push(row(units, (arm, baseline), key, &paired));
        }
    }
    rows
}

/// The rows of `levels`: every measure that any replicate of an arm has, by arm and key. Its interval is that of the arm
/// alone; arms share their luck, so their difference is known much better, and stands in `effects`.
pub fn levels(units: &[UnitSummary], arms: &[&str]) -> Vec<LevelRow> {
    let mut rows = Vec::new();
    for &arm in arms {
        let keys: BTreeSet<&MeasureKey> =
            units.iter().filter_map(|unit| unit.arm(arm)).flat_map(|summary| summary.measures.keys()).collect();
        rows.extend(keys.into_iter().map(|key| level(units, arm, key)));
    }
    rows
}

/// Figures of a measure in an arm, one a replicate that has it.
fn figures(units: &[UnitSummary], arm: &str, key: &MeasureKey) -> Vec<f64> {
    let values = units.iter().filter_map(|unit| unit.arm(arm)?.measures.get(key).copied());
    values.filter(|value| !value.is_nan()).collect()
}

fn level(units: &[UnitSummary], arm: &str, key: &MeasureKey) -> LevelRow {
    let found = Paired::of(&figures(units, arm, key));
    LevelRow {
        arm: arm.to_owned().into(),
        measure: key.measure.clone(),
        group: key.group.clone(),
        area: key.area.clone(),
        unit: key.unit.clone(),
        denominator: key.denominator.clone(),
        mean: found.mean,
        ci_lo: found.ci_lo,
        ci_hi: found.ci_hi,
        n: found.n,
    }
}

fn row(units: &[UnitSummary], (arm, baseline): (&str, &str), key: &MeasureKey, paired: &Paired) -> EffectRow {
    EffectRow {
        arm: arm.to_owned().into(),
        baseline: baseline.to_owned().into(),
        measure: key.measure.clone(),
        group: key.group.clone(),
        area: key.area.clone(),
        unit: key.unit.clone(),
        denominator: key.denominator.clone(),
        mean: paired.mean,
        ci_lo: paired.ci_lo,
        ci_hi: paired.ci_hi,
        n: paired.n,
        sd: paired.sd,
        agreeing: paired.agreeing,
        baseline_mean: Paired::of(&figures(units, baseline, key)).mean,
    }
}
