//! How an experiment is run, and who is told how far it is.

use crate::experiment::Experiment;

/// How to run.
#[derive(Clone, Debug)]
pub struct RunSettings {
    /// Threads in all, at least one.
    pub threads: usize,
    /// Replicates to run, each once; all of the experiment, or those of a shard, or those that are still missing.
    pub replicates: Vec<u32>,
    /// Memory that worlds may take together, in bytes; no limit if left out.
    pub memory_bytes: Option<u64>,
    /// Whether every identity is checked at every step.
    pub check: bool,
    /// Renumbers all slots by this seed before the run, which must change nothing.
    pub permute_slots: Option<u64>,
}

impl RunSettings {
    /// All replicates of `experiment` on `threads` threads; of one that says when to stop, those of the first round.
    pub fn all(experiment: &Experiment, threads: usize) -> RunSettings {
        let first = experiment.until.as_ref().map_or(experiment.replicates, |until| until.pilot());
        let replicates = (0..first).collect();
        RunSettings { threads, replicates, memory_bytes: None, check: false, permute_slots: None }
    }

    /// Shard `index` (from 0) of `count`: every `count`-th replicate.
    pub fn shard(experiment: &Experiment, threads: usize, index: u32, count: u32) -> RunSettings {
        let mut settings = RunSettings::all(experiment, threads);
        settings.replicates.retain(|replicate| replicate % count.max(1) == index);
        settings
    }
}

/// Is told how far a run is, from several threads.
pub trait Progress: Sync {
    /// The populated world is there, after so many seconds.
    fn populated(&self, _seconds: f64) {}
    /// A step of an arm is done.
    fn step(&self, _replicate: u32, _arm: &str, _step: u16) {}
    /// A replicate is done, well or not.
    fn replicate(&self, _replicate: u32) {}
}

/// Tells nobody.
#[derive(Clone, Copy, Debug, Default)]
pub struct Silent;

impl Progress for Silent {}
