//! The three yardsticks beside every question of priority (worlds/MODEL.md 6.4): without the persons, with the persons in
//! one queue, and with places beside the stock. An arm names one of them in a change; it stands for changes of rules.

use doorstroom_kernel::Day;
use doorstroom_policy::Rules;
use serde::{Deserialize, Serialize};

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
