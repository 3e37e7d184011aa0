//! WHAT WE VARY: arms, replicates, pairs and displacement (ODD: simulation experiments).
//!
//! [`Experiment::read`] checks an experiment file, [`run()`] runs it, [`effects()`] and [`displacement()`] compare arms
//! of equal luck. No rule of the model is decided here.

pub mod arm;
pub mod attribution;
pub mod biography;
pub mod change;
pub mod check;
pub mod compare;
pub mod counterfactual;
pub mod definition;
pub mod displacement;
pub mod effects;
pub mod experiment;
pub mod figure;
mod lane;
pub mod laws;
pub mod measures;
pub mod overrides;
pub mod pairs;
pub mod precision;
pub mod queue;
pub mod run;
pub mod settings;
pub mod spillover;
pub mod strata;
pub mod substitution;
pub mod summary;
pub mod synchrony;
pub mod uncertainty;
pub mod until;
pub mod variance;
pub mod winners;
pub mod yardsticks;

pub use arm::{Arm, Arms};
pub use attribution::{Attribution, attribution};
pub use change::{Change, ChangeError};
pub use check::Estimate;
pub use counterfactual::Counterfactual;
pub use definition::{PopulationMode, Resolution};
pub use displacement::{displacement, identities};
pub use effects::{effects, levels};
pub use experiment::Experiment;
pub use lane::Unit;
pub use overrides::OverrideError;
pub use run::{Run, RunError, Sink, UnitFailure, lanes, run};
pub use settings::{Progress, RunSettings, Silent};
pub use spillover::synchrony;
pub use summary::{ArmSummary, UnitSummary};
pub use uncertainty::Uncertainty;
pub use until::Until;
pub use variance::variance;
pub use winners::winners;

#[cfg(test)]
mod tests;
