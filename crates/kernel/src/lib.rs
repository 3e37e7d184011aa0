//! WHEN and CHANCE: the calendar, quantities as types, addressed randomness, hazards, and the schedule.
//!
//! Design concepts of the model (ODD section 4). This crate knows no housing word: everything here would serve
//! a model of any population that lives in discrete steps.

pub mod calendar;
pub mod chance;
pub mod gamma;
pub mod hazard;
pub mod lane;
pub mod quantity;
pub mod registrar;

pub use calendar::{Calendar, Clock, Day, MonthOfYear, Step, StepLength};
pub use chance::{Chance, Luck, Purpose};
pub use hazard::{Hazard, Logarithm};
pub use lane::Lane;
pub use quantity::{Amount, Share, Threshold, YearlyChance};
