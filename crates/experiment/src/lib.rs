//! WHAT WE VARY: arms, replicates, pairs and displacement (ODD: simulation experiments).
//!
//! [`Experiment::read`] checks an experiment file, [`run()`] runs it, [`effects`] and [`displacement`] compare arms of
//! equal luck. No rule of the model is decided here.

pub mod arm;
pub mod change;
pub mod definition;
pub mod experiment;
pub mod overrides;

pub use arm::{Arm, Arms};
pub use change::{Change, ChangeError};
pub use definition::{PopulationMode, Resolution};
pub use experiment::Experiment;
pub use overrides::OverrideError;
