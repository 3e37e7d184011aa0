//! The three yardsticks beside every question of priority (worlds/MODEL.md 6.4): without the persons, with the persons in
//! one queue, and with places beside the stock. An arm names one of them in a change; it stands for changes of rules.

use doorstroom_kernel::Day;
use doorstroom_observe::rows::EffectRow;
use doorstroom_policy::Rules;
use serde::{Deserialize, Serialize};

use crate::effects::effects;
use crate::experiment::Experiment;
use crate::summary::UnitSummary;

/// A yardstick, from a date on.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize, Deserialize)]
pub enum Counterfactual {
    /// Status holders without a stable home leave the model, and nobody follows: an account, never a policy.
    StatusAbsent,
    /// The same persons, with no earmark, urgency or exception for their status; all else as in the baseline.
    StatusQueue,
    /// The queue, with interim places for whoever is past the term, as many as are needed.
    StatusAlternativesAsHoped,
    /// The same with the part of those places that such programmes came to.
    StatusAlternativesAsDelivered,
}

impl Counterfactual {
    /// The changes it stands for on top of `rules`: paths and values in RON.
    pub fn changes(self, rules: &Rules, from: Day) -> Vec<(String, String)> {
        let set = |path: &str, value: String| (path.to_owned(), value);
        if self == Counterfactual::StatusAbsent {
            return vec![set("reception.status_absent", "true".to_owned())];
        }
        // interim homes stay as they are, and who has no prospect of an offer finds a home by the own network as often
        // as those who have one do now: only priority is taken away
        let as_now = *rules.reception.own_network_linked.at(from);
        let mut changes = vec![
            set("priority.status_holder", "Banned(except: [], dsl_exempt: true)".to_owned()),
            set("reception.own_network_hazard", format!("{as_now:?}")),
        ];
        match self {
            Counterfactual::StatusAlternativesAsHoped => changes.push(set("quota.alternatives", "AsHoped".to_owned())),
            Counterfactual::StatusAlternativesAsDelivered => {
                changes.push(set("quota.alternatives", "AsDelivered".to_owned()));
            }
            _ => {}
        }
        changes
    }
}

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
