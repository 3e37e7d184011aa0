//! Where the spread of an effect comes from: luck, parameters that nobody knows exactly, or the structure of the rules,
//! in one table.
//!
//! Every arm is run again for every structure and every draw of the parameters, in every replicate, from the common past.
//! The paired effects form a balanced table of structures, draws and replicates, which is divided by analysis of variance.

use std::collections::{BTreeMap, BTreeSet};

use doorstroom_kernel::{Chance, Day, Purpose};
use doorstroom_observe::MeasureKey;
use doorstroom_observe::rows::VarianceRow;

use crate::change::Change;
use crate::experiment::Experiment;
use crate::summary::UnitSummary;

/// The structure of the file itself.
pub const AS_IT_IS: &str = "as_it_is";
/// Most draws of parameters.
pub const MOST_DRAWS: u32 = 200;
/// Most structures besides that of the file.
pub const MOST_STRUCTURES: usize = 12;

/// Orders the draws of a parameter, and places a draw in its stretch of the range.
const STRETCH: Purpose = Purpose::named("uncertainty: stretch of a parameter's range");
const PLACE: Purpose = Purpose::named("uncertainty: place within the stretch");

/// What is uncertain.
#[derive(Clone, Debug, PartialEq)]
pub struct Uncertainty {
    /// First day on which drawn values hold.
    pub from: Day,
    /// Parameters by path, with the ends between which they are drawn evenly.
    pub parameters: Vec<(String, f64, f64)>,
    /// Draws of all parameters together.
    pub draws: u32,
    /// Other structures: changes that hold in every arm.
    pub structures: BTreeMap<String, Vec<Change>>,
}

/// A structure and a draw.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Cell<'a> {
    /// Name of the structure.
    pub structure: &'a str,
    /// Ordinal of the draw.
    pub draw: u32,
}

impl Cell<'_> {
    /// Name of `arm` under this structure and draw.
    pub fn arm(&self, arm: &str) -> String {
        format!("{arm}@{}#{}", self.structure, self.draw)
    }
}

impl Uncertainty {
    /// All structures, that of the file first.
    pub fn structures(&self) -> Vec<&str> {
        std::iter::once(AS_IT_IS).chain(self.structures.keys().map(String::as_str)).collect()
    }

    /// All cells, by structure and draw.
    pub fn cells(&self) -> Vec<Cell<'_>> {
        let of = |structure| (0..self.draws).map(move |draw| Cell { structure, draw });
        self.structures().into_iter().flat_map(of).collect()
    }

    /// The changes of a cell, to be made after those of an arm: the structure, then the drawn values.
    pub fn changes(&self, cell: Cell<'_>, seed: u64) -> Vec<Change> {
        let structure = self.structures.get(cell.structure).cloned().unwrap_or_default();
        let drawn = self.parameters.iter().enumerate().map(|(i, (path, low, high))| {
            let value = low + (high - low) * self.position(i as u64, cell.draw, seed);
            Change { from: self.from, path: path.clone(), value: format!("{value:?}"), gate: None }
        });
        structure.into_iter().chain(drawn).collect()
    }

    /// Where a draw of a parameter lies in its range, 0 to 1: one draw in each of as many equal stretches as there are
    /// draws, in random order (Latin hypercube).
    fn position(&self, parameter: u64, draw: u32, seed: u64) -> f64 {
        let chance = Chance::new(seed);
        let address = |draw: u32| parameter << 32 | u64::from(draw);
        let key = |draw: u32| chance.trait_of(STRETCH, address(draw)).bits();
        let own = (key(draw), draw);
        let stretch = (0..self.draws).filter(|&other| (key(other), other) < own).count();
        (stretch as f64 + chance.trait_of(PLACE, address(draw)).unit()) / f64::from(self.draws)
    }
}

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
    for arm in changed_arms(experiment) {
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

type Pair<'a> = (&'a crate::ArmSummary, &'a crate::ArmSummary);

/// Arms that differ, the package of an attribution left out.
fn changed_arms(experiment: &Experiment) -> impl Iterator<Item = &str> {
    let differs = |(arm, changes): &(&String, &Vec<Change>)| **arm != experiment.baseline && !changes.is_empty();
    experiment.arms.iter().filter(differs).map(|(arm, _)| arm.as_str())
}

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

/// Arms of all cells with their changes: the baseline and every arm that differs, under every structure and draw.
pub(crate) fn arms(experiment: &Experiment) -> Vec<(String, Vec<Change>)> {
    let Some(uncertainty) = &experiment.uncertainty else { return Vec::new() };
    let bases: Vec<&str> = std::iter::once(experiment.baseline.as_str()).chain(changed_arms(experiment)).collect();
    let of_cell = |cell: Cell<'_>| {
        let changes = uncertainty.changes(cell, experiment.seed);
        bases
            .iter()
            .map(|base| (cell.arm(base), experiment.arms[*base].iter().chain(&changes).cloned().collect()))
            .collect::<Vec<_>>()
    };
    uncertainty.cells().into_iter().flat_map(of_cell).collect()
}

#[cfg(test)]
mod tests;
