//! What an experiment will cost, told before anything is run.

use doorstroom_kernel::Day;
use doorstroom_policy::gate::Gate;
use serde::Serialize;

use crate::arm::{Arm, Arms};
use crate::definition::PopulationMode;
use crate::experiment::Experiment;

/// Bytes per household of a running world, all in: columns of households and dwellings, register, books. As this and the
/// two rates were measured on one core of a shared machine (benches/README.md).
pub const BYTES_PER_HOUSEHOLD: u64 = 360;
/// Copies of the world that a lane holds beside its own: the state at the fork. The start state is shared.
const COPIES: u64 = 2;
/// Household-months per second of one core from which the time is estimated.
pub const RATE: f64 = 5.5e6;
/// Households made per second by one core.
const POPULATE_RATE: f64 = 0.6e6;

/// What a run will take.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Estimate {
    /// Households on the first day.
    pub households: u64,
    /// Arms, subsets of a package included.
    pub arms: u64,
    /// Runs from the fork on: arms times replicates.
    pub runs: u64,
    /// Replicates.
    pub replicates: u64,
    /// First day on which arms differ; `None` if none ever do within the run.
    #[serde(serialize_with = "as_text")]
    pub fork: Option<Day>,
    /// Household-months of all arms and replicates; what comes before the fork is run once a replicate.
    pub household_months: u64,
    /// Bytes of memory with as many lanes as threads and replicates allow.
    pub bytes: u64,
    /// Seconds on `threads` threads at [`RATE`].
    pub seconds: f64,
    /// What a reader should know before the run.
    pub notes: Vec<String>,
}

/// Bytes that one lane takes, without the shared start state.
pub(crate) fn bytes_per_lane(experiment: &Experiment) -> u64 {
    households(experiment) * BYTES_PER_HOUSEHOLD * COPIES
}

fn households(experiment: &Experiment) -> u64 {
    (experiment.world.households() as f64 * experiment.scale).round() as u64
}

impl Estimate {
    /// The cost of `experiment` on `threads` threads.
    pub fn of(experiment: &Experiment, threads: usize) -> Estimate {
        let arms = Arms::of(experiment);
        let households = households(experiment);
        let (count, replicates) = (arms.all.len() as u64, u64::from(experiment.replicates));
        let months = u64::from(experiment.months);
        let fork = arms.fork.0;
        let before = (f64::from(fork) * 12.0 * experiment.calendar().step_years()) as u64;
        let household_months = replicates * households * (before + count * months.saturating_sub(before));
        let lanes = (threads.max(1) as u64).min(replicates);
        let populations = if experiment.population == PopulationMode::Redraw { replicates } else { 1 };
        let work = household_months as f64 / RATE + (populations * households) as f64 / POPULATE_RATE;
        let differs = arms.all.iter().any(|arm| arm.differs.is_some_and(|day| day < experiment.end()));
        Estimate {
            households,
            arms: count,
            runs: count * replicates,
            replicates,
            fork: differs.then(|| experiment.calendar().day_of(arms.fork)),
            household_months,
            bytes: lanes * bytes_per_lane(experiment) + households * BYTES_PER_HOUSEHOLD,
            seconds: work / threads.max(1) as f64,
            notes: notes(experiment, &arms),
        }
    }
}

fn notes(experiment: &Experiment, arms: &Arms) -> Vec<String> {
    let mut notes = Vec::new();
    if let Some(until) = &experiment.until {
        notes.push(format!(
            "at most {} replicates: from {} on until the half-width of {} is {}",
            until.max,
            until.pilot(),
            until.of,
            until.half_width
        ));
    }
    if experiment.replicates == 1 {
        notes.push("one replicate: differences come without intervals".to_owned());
    }
    if let Some(uncertainty) = &experiment.uncertainty {
        let (structures, draws) = (uncertainty.structures().len(), uncertainty.draws);
        notes.push(format!("uncertainty: every arm under {structures} structures and {draws} draws of parameters"));
    }
    if let Some(attribution) = &experiment.attribution {
        let plan = attribution.plan(experiment.seed);
        let how = match plan.permutations() {
            0 => "all".to_owned(),
            n => format!("those of {n} drawn orders of joining, the error of which is told:"),
        };
        let (k, subsets) = (plan.instruments(), plan.subsets().len());
        notes.push(format!("attribution over {k} instruments: {how} {subsets} subsets, each an arm"));
    }
    for arm in arms.all.iter().filter(|arm| arm.kept) {
        notes.extend(gates(arm));
    }
    notes.extend(idle_arms(experiment, arms));
    if experiment.population == PopulationMode::Share && experiment.replicates > 1 {
        notes.push("replicates share one population: intervals leave out how it was made".to_owned());
    }
    notes
}

/// Arms whose changes make no difference within the run, a line an arm.
pub fn idle_arms(experiment: &Experiment, arms: &Arms) -> Vec<String> {
    let line = |arm: &Arm| match arm.differs {
        None if !experiment.changes_of(&arm.name).is_empty() => {
            Some(format!("arm \"{}\" changes rules to what they are already", arm.name))
        }
        Some(day) if day >= experiment.end() => {
            Some(format!("arm \"{}\" differs from {day} on, after the end of the run", arm.name))
        }
        _ => None,
    };
    arms.others().iter().filter_map(line).collect()
}

/// What waits behind the gates of an arm, a line a gate.
fn gates(arm: &Arm) -> Vec<String> {
    let mut told: Vec<(Gate, Vec<&str>)> = Vec::new();
    for change in &arm.rules.gated {
        match told.iter_mut().find(|(gate, _)| *gate == change.gate) {
            Some((_, paths)) => paths.push(&change.path),
            None => told.push((change.gate, vec![&change.path])),
        }
    }
    let line = |(gate, paths): (Gate, Vec<&str>)| {
        let Gate { from, evaluate_every_days, when } = gate;
        let paths = paths.join(", ");
        format!(
            "arm \"{}\": {paths} from {from} on, or {evaluate_every_days} days later and so on, if {when:?}",
            arm.name
        )
    };
    told.into_iter().map(line).collect()
}

fn as_text<S: serde::Serializer>(day: &Option<Day>, to: S) -> Result<S::Ok, S::Error> {
    match day {
        Some(day) => to.serialize_some(&day.to_string()),
        None => to.serialize_none(),
    }
}
