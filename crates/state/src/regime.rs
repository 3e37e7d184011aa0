//! Whether a conditional rule holds now: what was measured, for how long, since when; and which gates are open.

use std::collections::BTreeMap;

use bevy_ecs::prelude::Resource;
use doorstroom_kernel::Day;

/// State of the condition of a conditional ban, and of gates before phases, weighed at the beginning of every step.
#[derive(Resource, Clone, PartialEq, Debug, Default)]
pub struct RegimeState {
    /// True while the ban is in force.
    pub on: bool,
    /// Day from which it is; of no meaning while it is off.
    pub since: Day,
    /// Steps in a row, the present one included, in which the condition was met.
    pub met: u32,
    /// What the condition looks at, as it was weighed last.
    pub measured: f64,
    /// Persons who came into alternative homes in each of the last steps, a year at most; the last step last.
    pub alternatives: Vec<u32>,
    /// Gates that were evaluated at least once.
    pub gates: BTreeMap<GateKey, GateState>,
}

/// What tells one gate from another: its first day, days between evaluations, and its condition.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct GateKey {
    /// First day on which its changes may come into force.
    pub from: Day,
    /// Days between evaluations.
    pub every_days: u16,
    /// Code of the condition.
    pub condition: u8,
    /// Its number.
    pub number: u32,
}

/// Where one gate stands.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct GateState {
    /// Evaluations held, or passed over, so far.
    pub evaluations: u32,
    /// What the condition looks at, as it was evaluated last.
    pub measured: f64,
    /// Day on which its changes came into force.
    pub opened: Option<Day>,
}
