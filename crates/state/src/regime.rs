//! Whether a conditional rule holds now: what was measured, for how long, since when.

use bevy_ecs::prelude::Resource;
use doorstroom_kernel::Day;

/// State of the condition of a conditional ban, weighed at the beginning of every step.
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
}
