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
    }
}
