//! Runs an experiment: replicates are spread over lanes, results do not depend on how.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Instant;

use doorstroom_kernel::chance::join;
use doorstroom_state::checkpoint::Snapshot;

use crate::arm::Arms;
use crate::check::bytes_per_lane;
use crate::definition::PopulationMode;
use crate::experiment::Experiment;
use crate::lane::{Job, LaneWorld, Unit, populate};
use crate::measures::SharedKeys;
use crate::settings::{Progress, RunSettings};
use crate::summary::UnitSummary;

/// Takes every replicate as soon as it is finished, in any order, from several threads.
pub trait Sink: Sync {
    /// Keeps the rows of a replicate.
    ///
    /// # Errors
    /// What went wrong; the run then ends.
    fn unit(&self, unit: Unit) -> Result<(), Box<dyn std::error::Error + Send + Sync>>;

    /// Learns at once of a replicate that failed; all of them are in [`Run::failures`] too.
    fn failure(&self, _failure: &UnitFailure) {}
}

/// A replicate that failed; the others went on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnitFailure {
    /// Replicate.
    pub replicate: u32,
    /// What it said.
    pub message: String,
}

/// What a run leaves beside what its sink has kept.
#[derive(Clone, Debug, Default)]
pub struct Run {
    /// Finished replicates, ascending.
    pub units: Vec<UnitSummary>,
    /// Replicates that failed, ascending.
    pub failures: Vec<UnitFailure>,
    /// Whether it was cancelled before all replicates were done.
    pub cancelled: bool,
    /// Lanes used.
    pub lanes: usize,
    /// Seconds until the common population was there.
    pub populate_seconds: f64,
    /// Household-months simulated, of finished replicates.
    pub household_months: u64,
}

/// Why a run ended before its time.
#[derive(Debug, thiserror::Error)]
pub enum RunError {
    /// No threads, or the system gives none.
    #[error("no threads to run on: {0}")]
    NoThreads(String),
    /// The sink could not keep a replicate.
    #[error("replicate {replicate} could not be kept: {reason}")]
    Sink {
        /// Replicate.
        replicate: u32,
        /// What went wrong.
        reason: Box<dyn std::error::Error + Send + Sync>,
    },
    /// A pair could not be replayed.
    #[error("the pair could not be replayed: {0}")]
    Replay(String),
    /// Making the population failed, so there was nothing to run.
    #[error("the population could not be made: {0}")]
    Populate(String),
}

/// Lanes, and threads of each: as many lanes as threads, replicates and memory allow, because lanes are the better use
/// of cores; threads that are left over go to the first lanes.
pub fn lanes(experiment: &Experiment, settings: &RunSettings) -> Vec<usize> {
    let threads = settings.threads.max(1);
    let room = settings.memory_bytes.map_or(usize::MAX, |bytes| (bytes / bytes_per_lane(experiment).max(1)) as usize);
    let lanes = threads.min(settings.replicates.len()).min(room).max(1);
    (0..lanes).map(|lane| threads / lanes + usize::from(lane < threads % lanes)).collect()
}

/// Runs the replicates of `settings`. Cancelling leaves at the next step.
///
/// # Errors
/// [`RunError`]. A replicate that panics is no error of the run: see [`Run::failures`].
pub fn run(
    experiment: &Experiment,
    settings: &RunSettings,
    sink: &dyn Sink,
    progress: &dyn Progress,
    cancel: &AtomicBool,
) -> Result<Run, RunError> {
    let began = Instant::now();
    let arms = Arms::of(experiment);
    let mut job = Job { experiment, arms: &arms, settings, progress, cancel, start: None };
    if experiment.population == PopulationMode::Share && !settings.replicates.is_empty() {
        let pool = pool(settings.threads)?;
        let start = catch_unwind(AssertUnwindSafe(|| populate(&job, experiment.population_seed, &pool)));
        job.start = Some(Arc::new(start.map_err(|panic| RunError::Populate(words(panic.as_ref())))?));
        progress.populated(began.elapsed().as_secs_f64());
    }
    let lanes = lanes(experiment, settings);
    let shared = Shared {
        job,
        sink,
        next: AtomicUsize::new(0),
        keys: Mutex::default(),
        run: Mutex::new(Run { lanes: lanes.len(), populate_seconds: began.elapsed().as_secs_f64(), ..Run::default() }),
        error: Mutex::new(None),
    };
    std::thread::scope(|scope| {
        for &threads in &lanes {
            let shared = &shared;
            scope.spawn(move || shared.lane(threads));
        }
    });
    if let Some(error) = shared.error.into_inner().unwrap_or_else(|poisoned| poisoned.into_inner()) {
        return Err(error);
    }
    let mut run = shared.run.into_inner().unwrap_or_else(|poisoned| poisoned.into_inner());
    run.units.sort_by_key(|unit| unit.replicate);
    run.failures.sort_by_key(|failure| failure.replicate);
    run.cancelled = cancel.load(Ordering::Relaxed) && run.units.len() + run.failures.len() < settings.replicates.len();
    Ok(run)
}

/// What lanes share.
struct Shared<'a> {
    job: Job<'a>,
    sink: &'a dyn Sink,
    next: AtomicUsize,
    keys: Mutex<SharedKeys>,
    run: Mutex<Run>,
    error: Mutex<Option<RunError>>,
}

impl Shared<'_> {
    /// Takes replicates until none is left.
    fn lane(&self, threads: usize) {
        let pool = match pool(threads) {
            Ok(pool) => pool,
            Err(error) => return self.stop(error),
        };
        let mut world = None;
        while !self.job.cancel.load(Ordering::Relaxed) && self.error.lock().is_ok_and(|error| error.is_none()) {
            let next = self.next.fetch_add(1, Ordering::Relaxed);
            let Some(&replicate) = self.job.settings.replicates.get(next) else { break };
            let unit = catch_unwind(AssertUnwindSafe(|| {
                let start = self.start_of(replicate, &pool);
                let world = world.get_or_insert_with(|| LaneWorld::new(&self.job, threads, &start));
                world.unit(&self.job, replicate, &start)
            }));
            match unit {
                Ok(Ok(unit)) => self.keep(unit),
                Ok(Err(_)) => break,
                Err(panic) => {
                    // whatever a panic left behind is not used again
                    world = None;
                    self.fail(UnitFailure { replicate, message: words(panic.as_ref()) });
                }
            }
            self.job.progress.replicate(replicate);
        }
    }

    fn start_of(&self, replicate: u32, pool: &rayon::ThreadPool) -> Arc<Snapshot> {
        match &self.job.start {
            Some(start) => start.clone(),
            None => {
                let seed = join(self.job.experiment.population_seed, u64::from(replicate));
                Arc::new(populate(&self.job, seed, pool))
            }
        }
    }

    fn keep(&self, mut unit: Unit) {
        if let Ok(mut keys) = self.keys.lock() {
            unit.summary.share_keys(&mut keys);
        }
        let (replicate, summary, household_months) = (unit.replicate, unit.summary.clone(), unit.household_months);
        match self.sink.unit(unit) {
            Ok(()) => {
                if let Ok(mut run) = self.run.lock() {
                    run.units.push(summary);
                    run.household_months += household_months;
                }
            }
            Err(reason) => self.stop(RunError::Sink { replicate, reason }),
        }
    }

    fn fail(&self, failure: UnitFailure) {
        self.sink.failure(&failure);
        if let Ok(mut run) = self.run.lock() {
            run.failures.push(failure);
        }
    }

    fn stop(&self, error: RunError) {
        if let Ok(mut first) = self.error.lock() {
            first.get_or_insert(error);
        }
    }
}

pub(crate) fn pool(threads: usize) -> Result<rayon::ThreadPool, RunError> {
    let pool = rayon::ThreadPoolBuilder::new().num_threads(threads.max(1)).build();
    pool.map_err(|error| RunError::NoThreads(error.to_string()))
}

/// What a panic said.
pub(crate) fn words(panic: &(dyn std::any::Any + Send)) -> String {
    let text = panic.downcast_ref::<&str>().map(|text| (*text).to_owned());
    text.or_else(|| panic.downcast_ref::<String>().cloned()).unwrap_or_else(|| "no message".to_owned())
}
