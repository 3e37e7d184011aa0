//! Rules of priority (voorrang): who goes before others, on which ground.

use crate::condition::Condition;
use crate::parameter::Numbers;
use crate::priority::{Exception, StatusRegime};
use crate::rules;

impl Numbers for StatusRegime {
    fn numbers(&self) -> Vec<f64> {
        match self {
            StatusRegime::Banned { except, .. } => {
                except.iter().map(|Exception::SinglesInSharedHomes { for_days }| f64::from(*for_days)).collect()
            }
            StatusRegime::ConditionalBan { when, for_months, until, .. } => {
                let at = match when {
                    Condition::AlternativePlaces { at_least } => *at_least,
                    Condition::Overdue { at_most } => *at_most,
                };
                vec![at, *until, f64::from(*for_months)]
            }
            // a share: beyond 1 it is no number at all, and refused as out of any range
            StatusRegime::MunicipalChoice { stopping } if (0.0..=1.0).contains(stopping) => vec![*stopping],
            StatusRegime::MunicipalChoice { .. } => vec![f64::NAN],
            _ => Vec::new(),
        }
    }
}

rules! {
    /// Priority of groups.
    pub struct PriorityRules {
        /// What a municipality may or must do for status holders as such: `FreeChoice`, `ObligatoryUrgency`,
        /// `Banned(except: [SinglesInSharedHomes(for_days: 365)])`, `NoUrgencyOnAnyGround`,
        /// `ConditionalBan(when: AlternativePlaces(at_least: 1.0), for_months: 6, until: 0.8)`,
        /// `MunicipalChoice(stopping: 0.04)`.
        status_holder: StatusRegime, 0.0 to 3650.0;
        /// Share of municipalities that put families with minor children and no home of their own before others,
        /// whatever their status (generic family priority). Letter of 11 July 2025.
        family_priority: f64, 0.0 to 1.0;
        /// Days after the first day of a regime for which statements that it forbids, but which run already, still hold.
        statement_days: f64, 0.0 to 36500.0;
    }
}
