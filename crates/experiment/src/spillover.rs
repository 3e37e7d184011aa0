//! Table `synchrony`: whether what a rule does stays where the rule holds, by arm and replicate.

use doorstroom_observe::rows::SynchronyRow;

use crate::summary::UnitSummary;

/// The rows of `synchrony`, by arm and replicate.
pub fn synchrony(units: &[UnitSummary], arms: &[&str]) -> Vec<SynchronyRow> {
    let Some((&baseline, others)) = arms.split_first() else { return Vec::new() };
    let rows = others.iter().flat_map(|&arm| {
        units.iter().filter_map(move |unit| Some((unit.replicate, unit.arm(arm)?))).map(move |(replicate, summary)| {
            let found = summary.synchrony;
            SynchronyRow {
                arm: arm.to_owned().into(),
                replicate,
                baseline: baseline.to_owned().into(),
                touched: found.touched,
                touched_identical: found.touched_identical,
                untouched: found.untouched,
                identical: found.identical,
                share: found.share(),
            }
        })
    });
    rows.collect()
}

#[cfg(test)]
mod tests;
