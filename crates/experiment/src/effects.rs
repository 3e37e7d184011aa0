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

/// Variance of a difference between runs with independent seeds, which is the sum of the variances of both arms, per
/// variance of the paired difference. Replicates have independent seeds, so each arm on its own shows the former.
fn variance_reduction(baseline: &[f64], arm: &[f64], paired: &Paired) -> f64 {
    let (b, p) = (Paired::of(baseline).sd, Paired::of(arm).sd);
    if paired.sd > 0.0 { (b * b + p * p) / (paired.sd * paired.sd) } else { f64::NAN }
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
    let (values, in_arm) = (figures(units, baseline, key), figures(units, arm, key));
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
        variance_reduction: variance_reduction(&values, &in_arm, paired),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn variance_is_reduced_by_what_pairs_share() {
        // arms that share all but one tenth of their spread: 2 v against 0.01 v
        let baseline = [10.0, 20.0, 30.0, 40.0];
        let arm = [11.0, 22.0, 33.0, 44.0];
        let paired = Paired::of(&[1.0, 2.0, 3.0, 4.0]);
        assert!((variance_reduction(&baseline, &arm, &paired) - 221.0).abs() < 1e-9);
        // independent values: nothing is gained; equal differences leave nothing to compare with
        let mixed = Paired::of(&[1.0 - 2.0, 2.0 - 1.0, 1.0 - 1.0, 2.0 - 2.0]);
        assert!((variance_reduction(&[2.0, 1.0, 1.0, 2.0], &[1.0, 2.0, 1.0, 2.0], &mixed) - 1.0).abs() < 1e-9);
        assert!(variance_reduction(&baseline, &baseline, &Paired::of(&[0.0; 4])).is_nan());
    }
}
