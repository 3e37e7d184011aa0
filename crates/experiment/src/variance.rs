//! Where the spread of an effect comes from: luck, parameters that nobody knows exactly, or the structure of the rules,
//! in one table. The paired effects form a balanced table of structures, draws and replicates, which is divided by
//! analysis of variance.

use std::collections::BTreeSet;

use doorstroom_observe::MeasureKey;
use doorstroom_observe::rows::VarianceRow;

use crate::experiment::Experiment;
use crate::summary::{ArmSummary, UnitSummary};
use crate::uncertainty::{Cell, Uncertainty};

/// Paired effects by structure, draw and replicate, all present.
struct Effects {
    values: Vec<Vec<Vec<f64>>>,
}

/// A source of spread: what it is called, degrees of freedom, sum of squares and component of variance.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Source {
    name: &'static str,
    freedom: usize,
    squares: f64,
    variance: f64,
}

impl Effects {
    /// Sums of squares and components of variance of a balanced table with one value a cell; the rest is what the
    /// sources do together. A component that comes out below 0 is 0.
    fn sources(&self) -> [Source; 4] {
        let sizes = [self.values.len(), self.values[0].len(), self.values[0][0].len()];
        let all = || {
            let table = self.values.iter().enumerate();
            table.flat_map(|(s, draws)| {
                let draws = draws.iter().enumerate();
                draws.flat_map(move |(d, cell)| cell.iter().enumerate().map(move |(r, &value)| ([s, d, r], value)))
            })
        };
        let count = (sizes[0] * sizes[1] * sizes[2]) as f64;
        let mean = all().map(|(_, value)| value).sum::<f64>() / count;
        let total: f64 = all().map(|(_, value)| (value - mean) * (value - mean)).sum();
        let squares = [0, 1, 2].map(|axis: usize| {
            let mut sums = vec![0.0; sizes[axis]];
            all().for_each(|(at, value)| sums[at[axis]] += value);
            let each = count / sizes[axis] as f64;
            sums.iter().map(|sum| each * (sum / each - mean) * (sum / each - mean)).sum::<f64>()
        });
        let freedom = sizes.map(|size| size - 1);
        let rest_freedom = sizes.iter().product::<usize>() - 1 - freedom.iter().sum::<usize>();
        let rest_squares = (total - squares.iter().sum::<f64>()).max(0.0);
        let rest = rest_squares / rest_freedom as f64;
        let source = |name: &'static str, axis: usize| {
            let mean_square = squares[axis] / freedom[axis] as f64;
            let variance = (mean_square - if rest.is_nan() { 0.0 } else { rest }) / (count / sizes[axis] as f64);
            // a single structure or draw has no spread
            let variance = if freedom[axis] == 0 { 0.0 } else { variance.max(0.0) };
            Source { name, freedom: freedom[axis], squares: squares[axis], variance }
        };
        [
            source("structural", 0),
            source("parameter", 1),
            source("stochastic", 2),
            Source { name: "together", freedom: rest_freedom, squares: rest_squares, variance: rest },
        ]
    }
}

/// The rows of `variance`, by arm, measure and source.
pub fn variance(units: &[UnitSummary], experiment: &Experiment) -> Vec<VarianceRow> {
    let Some(uncertainty) = &experiment.uncertainty else { return Vec::new() };
    let mut rows = Vec::new();
    for arm in experiment.changed_arms() {
        let keys: BTreeSet<&MeasureKey> =
            units.iter().filter_map(|unit| unit.arm(arm)).flat_map(|summary| summary.measures.keys()).collect();
        let effects = by_cell(units, uncertainty, arm, &experiment.baseline);
        for key in keys {
            let values: Option<Vec<Vec<Vec<f64>>>> = effects
                .iter()
                .map(|draws| {
                    let value = |pair: &Pair<'_>| {
                        let [arm, baseline] = [pair.0, pair.1].map(|arm| arm.measures.get(key).copied());
                        Some(arm? - baseline?).filter(|effect| effect.is_finite())
                    };
                    draws.iter().map(|pairs| pairs.iter().map(value).collect()).collect()
                })
                .collect();
            // a figure that is not defined everywhere cannot be divided
            let Some(values) = values.filter(|values| !values[0][0].is_empty()) else { continue };
            let sources = Effects { values }.sources();
            let all: f64 = sources.iter().map(|source| source.squares).sum();
            rows.extend(sources.into_iter().map(|source| VarianceRow {
                arm: arm.to_owned().into(),
                baseline: experiment.baseline.clone().into(),
                measure: key.measure.clone(),
                group: key.group.clone(),
                area: key.area.clone(),
                unit: key.unit.clone(),
                denominator: key.denominator.clone(),
                source: source.name.into(),
                freedom: source.freedom as u32,
                squares: source.squares,
                share: source.squares / all,
                variance: source.variance,
                sd: source.variance.sqrt(),
            }));
        }
    }
    rows
}

type Pair<'a> = (&'a ArmSummary, &'a ArmSummary);

/// Arm and baseline by structure, draw and replicate; of replicates that have all of them.
fn by_cell<'a>(
    units: &'a [UnitSummary],
    uncertainty: &Uncertainty,
    arm: &str,
    baseline: &str,
) -> Vec<Vec<Vec<Pair<'a>>>> {
    let cells = uncertainty.cells();
    let pair = |unit: &'a UnitSummary, cell: &Cell<'_>| -> Option<Pair<'a>> {
        Some((unit.arm(&cell.arm(arm))?, unit.arm(&cell.arm(baseline))?))
    };
    let complete: Vec<Vec<Pair<'a>>> =
        units.iter().filter_map(|unit| cells.iter().map(|cell| pair(unit, cell)).collect()).collect();
    let of_cell = |c: usize| complete.iter().map(|pairs| pairs[c]).collect::<Vec<_>>();
    let draws = uncertainty.draws as usize;
    (0..uncertainty.structures().len()).map(|s| (0..draws).map(|d| of_cell(s * draws + d)).collect()).collect()
}

#[cfg(test)]
mod tests;
