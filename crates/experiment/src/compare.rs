//! Two finished runs beside each other.

use std::collections::BTreeSet;

use doorstroom_observe::MeasureKey;
use doorstroom_observe::rows::EffectRow;

use crate::pairs::{Paired, independent};
use crate::summary::UnitSummary;

/// Values of a measure of an arm by replicate, without those that are no number.
fn values(units: &[UnitSummary], arm: &str, key: &MeasureKey) -> Vec<(u32, f64)> {
    let of = |unit: &UnitSummary| Some((unit.replicate, *unit.arm(arm)?.measures.get(key)?));
    units.iter().filter_map(of).filter(|(_, value)| !value.is_nan()).collect()
}

fn keys<'a>(units: &'a [UnitSummary], arm: &str) -> BTreeSet<&'a MeasureKey> {
    units.iter().filter_map(|unit| unit.arm(arm)).flat_map(|arm| arm.measures.keys()).collect()
}

fn rows(
    (a, b): (&[UnitSummary], &[UnitSummary]),
    (of_a, of_b): (&str, &str),
    (arm, baseline): (String, String),
    compare: impl Fn(&[(u32, f64)], &[(u32, f64)]) -> Paired,
) -> Vec<EffectRow> {
    let row = |key: &MeasureKey| {
        let (left, right) = (values(a, of_a, key), values(b, of_b, key));
        let found = compare(&left, &right);
        EffectRow {
            arm: arm.clone().into(),
            baseline: baseline.clone().into(),
            measure: key.measure.clone(),
            group: key.group.clone(),
            area: key.area.clone(),
            unit: key.unit.clone(),
            denominator: key.denominator.clone(),
            mean: found.mean,
            ci_lo: found.ci_lo,
            ci_hi: found.ci_hi,
            n: found.n,
            sd: found.sd,
            agreeing: found.agreeing,
            variance_reduction: f64::NAN,
            baseline_mean: left.iter().map(|(_, value)| value).sum::<f64>() / left.len() as f64,
        }
    };
    keys(b, of_b).into_iter().filter(|key| keys(a, of_a).contains(key)).map(row).collect()
}

/// Differences B less A over replicates of the same number, which share households and luck.
pub fn paired(a: &[UnitSummary], b: &[UnitSummary], arms: (&str, &str), names: (String, String)) -> Vec<EffectRow> {
    rows((a, b), arms, names, |left, right| {
        let partner = |replicate: u32| left.iter().find(|(of, _)| *of == replicate).map(|(_, value)| value);
        let differences: Vec<f64> =
            right.iter().filter_map(|&(replicate, value)| Some(value - partner(replicate)?)).collect();
        Paired::of(&differences)
    })
}

/// Differences of means of runs that share nothing: Welch's interval.
pub fn unpaired(a: &[UnitSummary], b: &[UnitSummary], arms: (&str, &str), names: (String, String)) -> Vec<EffectRow> {
    rows((a, b), arms, names, |left, right| {
        let plain = |values: &[(u32, f64)]| values.iter().map(|(_, value)| *value).collect::<Vec<f64>>();
        independent(&plain(right), &plain(left))
    })
}
