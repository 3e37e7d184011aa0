//! Experiments on closed-form worlds: arms with schemes of their own, replicates of equal luck, pooled measures.

pub mod read;
mod simulate;

#[cfg(test)]
mod tests;

pub(crate) use read::no_such_file;
pub use read::{QueueExperiment, is_queue_experiment};
pub use simulate::{ArmSeen, find, measures, run_queue, simulate};
