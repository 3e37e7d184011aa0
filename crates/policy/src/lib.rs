//! WHAT THE RULES SAY: dated, sourced data and pure functions.
//!
//! Submodels of the model (ODD section 7) as far as they are rules. No function here sees a world, a query, the clock
//! or chance; dates come in as arguments. `bevy_ecs` is not in this crate's manifest.

pub mod alternatives;
pub mod apportion;
pub mod condition;
pub mod cost_sharing;
pub mod crowding;
pub mod delivery;
pub mod employment;
pub mod family;
pub mod fit;
pub mod gate;
pub mod parameter;
pub mod priority;
pub mod queue;
pub mod quota;
pub mod reception;
pub mod rules;
pub mod scheme;
pub mod site;
pub mod waiting_list;
pub mod wishes;

pub use parameter::{AnyParameter, Parameter, RuleSet};
pub use rules::{AgeTable, ByMarket, Rules};
