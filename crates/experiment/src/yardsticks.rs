//! How the differences between yardsticks read, and what they come to (worlds/MODEL.md 6.4).

use doorstroom_observe::rows::EffectRow;

use crate::counterfactual::Counterfactual;
use crate::effects::effects;
use crate::experiment::Experiment;
use crate::summary::UnitSummary;

/// What a difference between two yardsticks, or a yardstick and the baseline, says.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Reading {
    /// In words.
    pub says: &'static str,
    /// Arm.
    pub arm: String,
    /// Arm that is subtracted.
    pub less: String,
}

/// How the differences of the yardsticks of an experiment read; none without any.
pub fn readings(experiment: &Experiment) -> Vec<Reading> {
    use Counterfactual::{StatusAbsent, StatusAlternativesAsDelivered, StatusAlternativesAsHoped, StatusQueue};
    let arm = |which: Counterfactual| {
        experiment.counterfactuals.iter().find(|(_, found)| **found == which).map(|(arm, _)| arm.clone())
    };
    let pairs = [
        ("gross displacement: without the persons", arm(StatusAbsent), Some(experiment.baseline.clone())),
        ("effect of priority: the same persons in one queue", arm(StatusQueue), Some(experiment.baseline.clone())),
        ("what the same persons take without priority", arm(StatusQueue), arm(StatusAbsent)),
        ("what places buy, as hoped", arm(StatusAlternativesAsHoped), arm(StatusQueue)),
        ("what places buy, as delivered", arm(StatusAlternativesAsDelivered), arm(StatusQueue)),
    ];
    pairs.into_iter().filter_map(|(says, arm, less)| Some(Reading { says, arm: arm?, less: less? })).collect()
}

/// The differences between yardsticks that no pair of arm and baseline gives, as rows of `effects`.
pub fn between(units: &[UnitSummary], experiment: &Experiment) -> Vec<EffectRow> {
    let other = readings(experiment).into_iter().filter(|reading| reading.less != experiment.baseline);
    other.flat_map(|reading| effects(units, &[&reading.less, &reading.arm])).collect()
}

#[cfg(test)]
mod tests;
