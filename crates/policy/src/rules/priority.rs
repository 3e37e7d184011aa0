//! Rules of priority (voorrang): who goes before others, on which ground.

use crate::parameter::Numbers;
use crate::priority::{Exception, StatusRegime};
use crate::rules;

impl Numbers for StatusRegime {
    fn numbers(&self) -> Vec<f64> {
        match self {
            StatusRegime::Banned { except, .. } => {
                except.iter().map(|Exception::SinglesInSharedHomes { for_days }| f64::from(*for_days)).collect()
            }
            _ => Vec::new(),
        }
    }
}

rules! {
    /// Priority of groups.
    pub struct PriorityRules {
        /// What a municipality may or must do for status holders as such: `FreeChoice`, `ObligatoryUrgency`,
        /// `Banned(except: [SinglesInSharedHomes(for_days: 365)])`, `NoUrgencyOnAnyGround`.
        status_holder: StatusRegime, 0.0 to 3650.0;
        /// Share of municipalities that put families with minor children and no home of their own before others,
        /// whatever their status (generic family priority). Letter of 11 July 2025.
        family_priority: f64, 0.0 to 1.0;
    }
}
