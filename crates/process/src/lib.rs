//! WHAT HAPPENS: the processes of one step, and the order in which they run.
//!
//! Process overview and submodels of the model (ODD sections 3 and 7). [`month`] is the step on one page. No process
//! imports another: they meet in state and the ledger.

mod affinity;
pub mod allocation;
pub mod demography;
pub mod fork;
mod gates;
pub mod month;
pub mod moving;
mod names;
mod phase;
mod prospect;
pub mod queue;
pub mod quota;
pub mod reception;
pub mod registration;
pub mod rulebook;
pub mod settle;
pub mod sharing;
pub mod supply;
pub mod waiting_list;

pub use month::Month;
pub use phase::Phase;
pub use rulebook::{Rulebook, Scale};
