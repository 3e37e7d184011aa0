//! Initialisation and input: read, check and populate `worlds/*`, and read the experiments that vary them.
//!
//! [`read`] is the layer between a RON file and typed data: it answers bad input with every mistake at once,
//! each with its place, its field, what is wrong and what would be right.

pub mod definition;
pub mod load;
pub mod notation;
pub mod permute;
pub mod populate;
pub mod population;
pub mod queue;
pub mod read;
pub mod report;
pub mod town;
pub mod waiting_list;

pub use load::World;
pub use waiting_list::WaitingListWorld;
