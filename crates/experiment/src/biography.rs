//! Biographies: one household's life in both arms side by side. Made by replaying the pair with a trace on its name;
//! nothing is stored for it.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use doorstroom_kernel::chance::{join, mix};
use doorstroom_observe::Observed;
use doorstroom_observe::lettings::is_regular;
use doorstroom_observe::rows::LettingRow;
use doorstroom_observe::trace::Page;

use crate::arm::Arms;
use crate::definition::PopulationMode;
use crate::experiment::Experiment;
use crate::lane::{Job, LaneWorld, populate};
use crate::run::{RunError, pool, words};
use crate::settings::{Progress, RunSettings};
use crate::strata::{FirstLetting, Strata};

/// A letting to the household, and what became of the same letting of the same dwelling in the other arm.
#[derive(Clone, Debug, PartialEq)]
pub struct Won {
    /// The letting, as the table `lettings` has it.
    pub letting: LettingRow,
    /// The same letting in the other arm: the same dwelling, let for the same time since the fork; `None` if it was not
    /// let (again) there.
    pub elsewhere: Option<LettingRow>,
}

/// A life in one arm.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct Life {
    /// How it stood at the end of every step since the fork.
    pub pages: Vec<Page>,
    /// What it was let since the fork, in the order of time.
    pub won: Vec<Won>,
}

/// One household in both arms.
#[derive(Clone, Debug, PartialEq)]
pub struct Biography {
    /// Its name.
    pub household: u64,
    /// Month of every step since the fork.
    pub months: Vec<String>,
    /// In the baseline.
    pub baseline: Life,
    /// In the arm.
    pub arm: Life,
}

/// Which pair to replay.
#[derive(Clone, Debug)]
pub struct Replay<'a> {
    /// The experiment as it was run.
    pub experiment: &'a Experiment,
    /// Arm beside the baseline.
    pub arm: &'a str,
    /// Replicate.
    pub replicate: u32,
    /// Threads.
    pub threads: usize,
}

/// What became of a household between the arms, by its first regular letting since the fork.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Fate {
    /// Housed in the baseline only.
    Lost,
    /// Housed in the arm only.
    Gained,
    /// Housed in both, later in the arm.
    Delayed,
    /// Housed in both, earlier in the arm.
    Advanced,
}

impl Fate {
    /// All fates.
    pub const ALL: [Fate; 4] = [Fate::Lost, Fate::Gained, Fate::Delayed, Fate::Advanced];

    /// In a word.
    pub fn key(self) -> &'static str {
        ["lost", "gained", "delayed", "advanced"][self as usize]
    }

    /// Whether this is what became of a household with these first lettings.
    fn is(self, baseline: Option<&FirstLetting>, arm: Option<&FirstLetting>) -> bool {
        match (baseline, arm) {
            (Some(_), None) => self == Fate::Lost,
            (None, Some(_)) => self == Fate::Gained,
            (Some(b), Some(p)) if p.1 > b.1 => self == Fate::Delayed,
            (Some(b), Some(p)) if p.1 < b.1 => self == Fate::Advanced,
            _ => false,
        }
    }
}

/// The first lettings of both arms of a pair.
#[derive(Clone, Debug, Default)]
pub struct FirstLettings {
    /// In the baseline, by name.
    pub baseline: Vec<FirstLetting>,
    /// In the arm, by name.
    pub arm: Vec<FirstLetting>,
}

impl FirstLettings {
    /// Households of this fate, drawn by lot but always in the same order; those of one entry group if `group` is one.
    pub fn of(&self, fate: Fate, group: Option<&str>) -> Vec<u64> {
        let find = |list: &'_ [FirstLetting], name: u64| {
            list.binary_search_by_key(&name, |first| first.0).ok().map(|place| list[place])
        };
        let mut names: Vec<u64> = self.baseline.iter().chain(&self.arm).map(|first| first.0).collect();
        names.sort_unstable_by_key(|&name| (mix(name), name));
        names.dedup();
        names.retain(|&name| {
            let (b, p) = (find(&self.baseline, name), find(&self.arm, name));
            let of_group = b.or(p).is_some_and(|first| group.is_none_or(|group| first.2.key() == group));
            of_group && fate.is(b.as_ref(), p.as_ref())
        });
        names
    }

    /// The strata of the pair, without telling who entered in one arm only.
    pub fn strata(&self) -> Strata {
        Strata::of(&self.baseline, &self.arm, [&|_| true; 2])
    }
}

/// Replays the pair and tells who was housed first when.
///
/// # Errors
/// No threads, or the replay failed.
pub fn first_lettings(replay: &Replay<'_>, progress: &dyn Progress) -> Result<FirstLettings, RunError> {
    let [(_, baseline), (_, arm)] = run_pair(replay, &[], progress)?;
    Ok(FirstLettings { baseline: baseline.outcome.first_lettings, arm: arm.outcome.first_lettings })
}

/// Replays the pair with a trace on these names.
///
/// # Errors
/// No threads, or the replay failed.
pub fn biographies(
    replay: &Replay<'_>,
    households: &[u64],
    progress: &dyn Progress,
) -> Result<Vec<Biography>, RunError> {
    let [(pages, baseline), (arm_pages, arm)] = run_pair(replay, households, progress)?;
    let calendar = replay.experiment.calendar();
    let fork = Arms::of(replay.experiment).fork;
    let months: Vec<String> =
        (0..pages.len() as u32).map(|step| calendar.day_of(fork.plus(step)).month_text()).collect();
    let (ours, theirs) = (Log::of(&baseline, fork.0), Log::of(&arm, fork.0));
    let told = households.iter().enumerate().map(|(i, &household)| {
        let life = |pages: &[Vec<Page>], own: &Log, other: &Log| Life {
            pages: pages.iter().map(|step| step[i].clone()).collect(),
            won: own.won(household, other),
        };
        Biography {
            household,
            months: months.clone(),
            baseline: life(&pages, &ours, &theirs),
            arm: life(&arm_pages, &theirs, &ours),
        }
    });
    Ok(told.collect())
}

type Traced = (Vec<Vec<Page>>, Observed);

/// Both arms, traced from the fork on.
fn run_pair(replay: &Replay<'_>, households: &[u64], progress: &dyn Progress) -> Result<[Traced; 2], RunError> {
    let mut experiment = replay.experiment.clone();
    experiment.attribution = experiment.attribution.filter(|_| replay.arm == crate::attribution::PACKAGE);
    let arms = Arms::of(replay.experiment);
    // the fork is that of the run, even if the arm of this pair differs only later
    let all =
        [arms.baseline().clone()].into_iter().chain(arms.others().iter().filter(|arm| arm.name == replay.arm).cloned());
    let arms = Arms { all: all.collect(), fork: arms.fork };
    if arms.all.len() != 2 {
        return Err(RunError::Replay(format!("there is no arm \"{}\" beside the baseline", replay.arm)));
    }
    let settings = RunSettings { replicates: vec![replay.replicate], ..RunSettings::all(&experiment, replay.threads) };
    let cancel = AtomicBool::new(false);
    let job = Job { experiment: &experiment, arms: &arms, settings: &settings, progress, cancel: &cancel, start: None };
    let pool = pool(replay.threads)?;
    let traced = catch_unwind(AssertUnwindSafe(|| {
        let seed = match experiment.population {
            PopulationMode::Share => experiment.population_seed,
            PopulationMode::Redraw => join(experiment.population_seed, u64::from(replay.replicate)),
        };
        let start = Arc::new(populate(&job, seed, &pool));
        LaneWorld::new(&job, replay.threads, &start).traced_pair(&job, replay.replicate, &start, households)
    }));
    match traced {
        Ok(Ok(pair)) => Ok(pair),
        Ok(Err(_)) => Err(RunError::Replay("cancelled".to_owned())),
        Err(panic) => Err(RunError::Replay(words(panic.as_ref()))),
    }
}

/// The lettings of an arm since the fork.
struct Log {
    rows: Vec<LettingRow>,
    /// Whether a row is of the published universe, and how often its dwelling was let before it since the fork.
    ordinals: Vec<Option<u32>>,
}

impl Log {
    fn of(observed: &Observed, fork: u16) -> Log {
        let from = observed.letting_steps.partition_point(|&step| step < fork);
        let rows: Vec<LettingRow> = observed.lettings.rows().skip(from).collect();
        let mut counts = std::collections::BTreeMap::<u64, u32>::new();
        let ordinal = |letting: &doorstroom_state::ledger::Letting| {
            is_regular(letting).then(|| {
                let count = counts.entry(letting.dwelling_name.0).or_default();
                *count += 1;
                *count - 1
            })
        };
        let ordinals = observed.lettings.lettings[from..].iter().map(ordinal).collect();
        Log { rows, ordinals }
    }

    fn won(&self, household: u64, other: &Log) -> Vec<Won> {
        let own = self.rows.iter().zip(&self.ordinals).filter(|(row, _)| row.household == household);
        own.map(|(row, ordinal)| Won { letting: row.clone(), elsewhere: other.same(row.dwelling, *ordinal) }).collect()
    }

    fn same(&self, dwelling: u64, ordinal: Option<u32>) -> Option<LettingRow> {
        let ordinal = ordinal?;
        let mut rows = self.rows.iter().zip(&self.ordinals);
        rows.find(|(row, found)| row.dwelling == dwelling && **found == Some(ordinal)).map(|(row, _)| row.clone())
    }
}

#[cfg(test)]
mod tests;
