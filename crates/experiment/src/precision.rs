//! How precise a figure is with the replicates that are there.

use doorstroom_observe::rows::{DisplacementRow, EffectRow};

use crate::arm::Arms;
use crate::displacement::displacement;
use crate::effects::effects;
use crate::experiment::Experiment;
use crate::figure::Figure;
use crate::summary::UnitSummary;

/// Half the width of the widest interval of the figure over the arms that differ; infinite where it has none yet.
pub fn half_width_now(of: &str, experiment: &Experiment, units: &[UnitSummary]) -> f64 {
    let arms = Arms::of(experiment);
    let others = arms.kept().skip(1).filter(|arm| arm.differs.is_some());
    let widths = others.map(|arm| {
        let pair = [experiment.baseline.as_str(), arm.name.as_str()];
        let half = match Figure::of(of) {
            Some(Figure::Displacement(definition, measure, group)) => {
                let months = 12.0 * experiment.calendar().step_years();
                let rows = displacement(units, &pair, months);
                let is = |row: &&DisplacementRow| {
                    &*row.definition == definition && &*row.measure == measure && &*row.group == group
                };
                rows.iter().find(is).map(|row| (row.ci_hi - row.ci_lo) / 2.0)
            }
            Some(Figure::Effect(measure, group)) => {
                let rows = effects(units, &pair);
                let is = |row: &&EffectRow| &*row.measure == measure && &*row.group == group && &*row.area == "NL";
                rows.iter().find(is).map(|row| (row.ci_hi - row.ci_lo) / 2.0)
            }
            None => None,
        };
        half.filter(|half| half.is_finite()).unwrap_or(f64::INFINITY)
    });
    widths.fold(0.0, f64::max)
}
