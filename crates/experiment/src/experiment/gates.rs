//! Gates of an arm, as a file says them.

use doorstroom_world::read::{Check, Path};

use crate::change::Change;
use crate::definition::{DatedChanges, RuleChange};

/// Most days between two evaluations: ten years.
const MOST_DAYS: u16 = 3_660;

/// Refuses a gate that cannot be evaluated, opens nothing, or holds what is no change of a rule.
pub(super) fn validate(moment: &DatedChanges, entry: &Path, check: &mut Check<'_>) {
    let Some(gate) = moment.gate() else { return };
    check.at(entry).range("evaluate_every_days", gate.evaluate_every_days, 1..=MOST_DAYS, "days");
    if moment.changes().is_empty() {
        let message = "a gate behind which nothing changes".to_owned();
        check.refuse(&entry.field("changes"), message, Some("name a rule, or leave the gate out".to_owned()));
    }
    for (j, change) in moment.changes().iter().enumerate() {
        if matches!(change, RuleChange::Counterfactual(_)) {
            let message = "a yardstick does not wait for an evaluation".to_owned();
            let hint = "give it a date: From(\"2026-07-01\", [Counterfactual(StatusQueue)])".to_owned();
            check.refuse(&entry.field("changes").index(j), message, Some(hint));
        }
    }
}

/// A rule that an arm sets both by date and behind a gate would depend on when the gate opens: refused.
pub(super) fn refuse_both_ways(before: &[Change], change: &Change, set: &Path, check: &mut Check<'_>) {
    let other_way = |other: &&Change| other.path == change.path && other.gate.is_some() != change.gate.is_some();
    if let Some(other) = before.iter().find(other_way) {
        let path = &change.path;
        let message = format!(
            "`{path}` is set from {} and from {}, once by date and once behind a gate",
            other.from, change.from
        );
        let hint =
            "what holds in the end would depend on when the gate opens; put both behind gates, or neither".to_owned();
        check.refuse(set, message, Some(hint));
    }
}
