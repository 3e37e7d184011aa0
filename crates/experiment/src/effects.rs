//! Paired differences between every arm and the baseline: the table `effects`.

use std::collections::BTreeSet;

use doorstroom_observe::MeasureKey;
use doorstroom_observe::rows::EffectRow;

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

fn row(units: &[UnitSummary], (arm, baseline): (&str, &str), key: &MeasureKey, paired: &Paired) -> EffectRow {
    let values = units.iter().filter_map(|unit| unit.arm(baseline)?.measures.get(key).copied());
    let values: Vec<f64> = values.filter(|value| !value.is_nan()).collect();
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
        baseline_mean: Paired::of(&values).mean,
    }
}
