//! The unit of work of a run.

use std::fmt;

use serde::{Deserialize, Serialize};

/// One replicate of one arm: the unit of work that is run, recorded and resumed as a whole.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct WorkItem {
    /// Place of the arm in the experiment, from 0.
    pub scenario: u32,
    /// Replicate within the arm, from 0.
    pub replicate: u32,
}

impl fmt::Display for WorkItem {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "scenario {} replicate {}", self.scenario, self.replicate)
    }
}
