//! One lane: a thread with its own world, schedule and pool for its whole life; a work unit is one replicate.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use bevy_ecs::prelude::{Mut, World};
use doorstroom_kernel::chance::join;
use doorstroom_kernel::{Chance, Clock, Lane, Step};
use doorstroom_observe::trace::{self, Page};
use doorstroom_observe::{ObserveSettings, Observed, Observers, look_with};
use doorstroom_process::{Month, Rulebook, Scale, fork};
use doorstroom_state::checkpoint::{Checkpoint, Snapshot};
use doorstroom_state::ledger::Ledger;
use doorstroom_state::municipality::Gazetteer;
use doorstroom_state::slots::Slots;
use doorstroom_state::{Home, Household, Seeker, SeekerGroup, model};
use doorstroom_world::population::Population;

use crate::arm::{Arm, Arms};
use crate::definition::Resolution;
use crate::experiment::Experiment;
use crate::settings::{Progress, RunSettings};
use crate::strata::Strata;
use crate::substitution::Substitution;
use crate::summary::{ArmSummary, UnitSummary};
use crate::synchrony::{self, Synchrony};

/// What a lane needs to know of the run.
pub(crate) struct Job<'a> {
    pub experiment: &'a Experiment,
    pub arms: &'a Arms,
    pub settings: &'a RunSettings,
    pub progress: &'a dyn Progress,
    pub cancel: &'a AtomicBool,
    /// The common population; `None` if every replicate draws its own.
    pub start: Option<Arc<Snapshot>>,
}

/// A finished replicate: all rows of all its arms, and what is kept of them.
#[derive(Debug)]
pub struct Unit {
    /// Replicate.
    pub replicate: u32,
    /// What observers saw, by arm whose rows are kept, the baseline first.
    pub arms: Vec<(String, Observed)>,
    /// What effects and displacement are made from.
    pub summary: UnitSummary,
    /// Household-months simulated, all arms together.
    pub household_months: u64,
}

impl Unit {
    fn begin(replicate: u32, baseline: String, observed: Observed) -> Unit {
        let arm = ArmSummary::of(&baseline, &observed, Strata::default(), Substitution::default());
        let summary = UnitSummary { replicate, arms: vec![arm] };
        Unit { replicate, arms: vec![(baseline, observed)], summary, household_months: 0 }
    }

    /// Keeps the outcome of an arm beside that of the baseline, and its rows if they are wanted.
    fn add(&mut self, arm: &Arm, observed: Observed, touched: &[bool], entered: [&[u64]; 2]) {
        if !arm.kept {
            return self.summary.arms.push(ArmSummary::of_subset(&arm.name, &observed));
        }
        let (ours, theirs) = (&self.arms[0].1.outcome, &observed.outcome);
        let strata = Strata::of(
            &ours.first_lettings,
            &theirs.first_lettings,
            entered
                .map(|names| move |name: u64| names.binary_search(&name).is_ok())
                .each_ref()
                .map(|of| of as &dyn Fn(u64) -> bool),
        );
        let substitution = Substitution::of(&ours.dwelling_lettings, &theirs.dwelling_lettings);
        let synchrony = Synchrony::of(touched, &self.arms[0].1.histories, &observed.histories);
        let summary = ArmSummary::of(&arm.name, &observed, strata, substitution);
        self.summary.arms.push(ArmSummary { synchrony, ..summary });
        self.arms.push((arm.name.clone(), observed));
    }
}

/// The run was cancelled.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Cancelled;

/// The world of one lane.
pub(crate) struct LaneWorld {
    world: World,
    month: Month,
    parts: Checkpoint,
}

/// Draws the population of `seed` as a snapshot. `pool` does the work.
pub(crate) fn populate(job: &Job<'_>, seed: u64, pool: &rayon::ThreadPool) -> Snapshot {
    let population = pool.install(|| {
        let mut population = job.experiment.world.populate(job.experiment.scale, seed);
        if let Some(permutation) = job.settings.permute_slots {
            population.permute_slots(permutation);
        }
        population
    });
    snapshot(population, job.experiment)
}

fn snapshot(population: Population, experiment: &Experiment) -> Snapshot {
    let mut world = World::new();
    let parts = model::checkpoint(&mut world);
    population.into_world(&mut world, experiment.calendar());
    parts.save(&mut world)
}

/// Pages of every step after the fork, one for each name, and what was observed.
pub type Traced = (Vec<Vec<Page>>, Observed);

impl LaneWorld {
    /// A world that stands at `start`.
    pub fn new(job: &Job<'_>, threads: usize, start: &Snapshot) -> LaneWorld {
        let mut world = World::new();
        let parts = model::checkpoint(&mut world);
        world.insert_resource(Lane::new(threads));
        world.insert_resource(Scale(job.experiment.world.scale_of_country(job.experiment.scale)));
        world.insert_resource(Chance::new(job.experiment.seed));
        world.insert_resource(Rulebook { rules: job.arms.baseline().rules.clone() });
        parts.restore(&mut world, start);
        let month = Month::new(&mut world);
        LaneWorld { world, month, parts }
    }

    /// Runs all arms of a replicate from `start`.
    pub fn unit(&mut self, job: &Job<'_>, replicate: u32, start: &Snapshot) -> Result<Unit, Cancelled> {
        let (experiment, arms) = (job.experiment, job.arms);
        let last = Step(0).plus(experiment.steps());
        self.begin(experiment, replicate, start);
        let mut leg = Leg::new(job, replicate);
        let mut observers = self.run_past(&mut leg)?;
        let forked = (!arms.others().is_empty()).then(|| (self.parts.save(&mut self.world), observers.clone()));
        let entered_before = leg.entered.clone();
        self.advance(&mut leg, &mut observers, last)?;
        let baseline = observers.finish(&mut self.world);
        let mut unit = Unit::begin(replicate, leg.arm.name.clone(), baseline);
        if let Some((snapshot, observers)) = forked {
            let in_baseline = leg.entered();
            for arm in arms.others() {
                (leg.arm, leg.entered) = (arm, entered_before.clone());
                self.parts.restore(&mut self.world, &snapshot);
                self.rules_of(arm);
                let mut observers = observers.fork(arm.name.clone());
                self.advance(&mut leg, &mut observers, last)?;
                let observed = observers.finish(&mut self.world);
                let in_arm = leg.entered();
                let baseline = &arms.baseline().rules;
                let touched = synchrony::touched(baseline, &arm.rules, self.world.resource::<Gazetteer>());
                unit.add(arm, observed, &touched, [&in_baseline, &in_arm]);
            }
        }
        unit.household_months = leg.household_months;
        Ok(unit)
    }

    /// Runs both arms of a pair from `start`, and from the fork on looks at the households of these names after every
    /// step.
    pub fn traced_pair(
        &mut self,
        job: &Job<'_>,
        replicate: u32,
        start: &Snapshot,
        names: &[u64],
    ) -> Result<[Traced; 2], Cancelled> {
        let last = Step(0).plus(job.experiment.steps());
        self.begin(job.experiment, replicate, start);
        let mut leg = Leg::new(job, replicate);
        let mut observers = self.run_past(&mut leg)?;
        let (snapshot, at_fork) = (self.parts.save(&mut self.world), observers.clone());
        let traced = Some(Trace { names: names.to_vec(), pages: Vec::new() });
        leg.trace = traced.clone();
        self.advance(&mut leg, &mut observers, last)?;
        let baseline = (leg.pages(), observers.finish(&mut self.world));
        let arm = &job.arms.others()[0];
        (leg.arm, leg.trace) = (arm, traced);
        self.parts.restore(&mut self.world, &snapshot);
        self.rules_of(arm);
        let mut observers = at_fork.fork(arm.name.clone());
        self.advance(&mut leg, &mut observers, last)?;
        Ok([baseline, (leg.pages(), observers.finish(&mut self.world))])
    }

    /// Puts the world at `start` with the luck of a replicate.
    fn begin(&mut self, experiment: &Experiment, replicate: u32, start: &Snapshot) {
        self.parts.restore(&mut self.world, start);
        self.world.insert_resource(Chance::new(join(experiment.seed, u64::from(replicate))));
    }

    /// Runs the common past and marks the fork.
    fn run_past(&mut self, leg: &mut Leg<'_>) -> Result<Observers, Cancelled> {
        self.rules_of(leg.arm);
        let mut observers = Observers::new(&mut self.world, settings(leg));
        // so that what is waited for and let before arms part has a group too
        fork::mark(&mut self.world);
        self.advance(leg, &mut observers, leg.job.arms.fork)?;
        fork::mark(&mut self.world);
        leg.entered = self.entered();
        Ok(observers)
    }

    /// Runs steps until the one before `until`.
    fn advance(&mut self, leg: &mut Leg<'_>, observers: &mut Observers, until: Step) -> Result<(), Cancelled> {
        let months = 12.0 * leg.job.experiment.calendar().step_years();
        while self.world.resource::<Clock>().step < until {
            if leg.job.cancel.load(Ordering::Relaxed) {
                return Err(Cancelled);
            }
            self.month.run(&mut self.world);
            self.world.resource_scope(|world, rulebook: Mut<Rulebook>| observers.observe(world, &rulebook.rules));
            if let Some(trace) = &mut leg.trace {
                trace.pages.push(look_with(&mut self.world, trace.names.clone(), trace::pages));
            }
            leg.job.progress.step(leg.replicate, &leg.arm.name, self.world.resource::<Clock>().step.0);
            leg.entered.extend(self.world.resource::<Ledger>().entrants.iter().map(|name| name.0));
            let rows = f64::from(self.world.resource::<Slots<Home>>().used());
            leg.household_months += (rows * months) as u64;
            Month::advance(&mut self.world);
        }
        Ok(())
    }

    fn rules_of(&mut self, arm: &Arm) {
        self.world.insert_resource(Rulebook { rules: arm.rules.clone() });
    }

    /// Names of the households that are in a group now.
    fn entered(&mut self) -> Vec<u64> {
        let mut query = self.world.query::<(&Household, &Seeker)>();
        let present = query.iter(&self.world);
        let entered = present.filter(|(_, seeker)| seeker.entry_group != SeekerGroup::None);
        entered.map(|(household, _)| household.kin.name.0).collect()
    }
}

/// One arm of one replicate, while it runs.
struct Leg<'a> {
    job: &'a Job<'a>,
    replicate: u32,
    arm: &'a Arm,
    household_months: u64,
    /// Households to look at after every step, and what was seen.
    trace: Option<Trace>,
    /// Names of the households that were in a group at the fork or have entered one since, also of those who are gone.
    entered: Vec<u64>,
}

/// Names of households, and how they stood after every step.
#[derive(Clone)]
struct Trace {
    names: Vec<u64>,
    pages: Vec<Vec<Page>>,
}

impl<'a> Leg<'a> {
    fn new(job: &'a Job<'a>, replicate: u32) -> Leg<'a> {
        Leg { job, replicate, arm: job.arms.baseline(), household_months: 0, trace: None, entered: Vec::new() }
    }

    /// Names of those who entered, each once, sorted.
    fn entered(&mut self) -> Vec<u64> {
        let mut names = std::mem::take(&mut self.entered);
        names.sort_unstable();
        names.dedup();
        names
    }

    fn pages(&mut self) -> Vec<Vec<Page>> {
        self.trace.take().map(|trace| trace.pages).unwrap_or_default()
    }
}

fn settings(leg: &Leg<'_>) -> ObserveSettings {
    let experiment = leg.job.experiment;
    ObserveSettings {
        arm: leg.arm.name.clone().into(),
        replicate: leg.replicate,
        resolution: match experiment.resolution {
            Resolution::Region => doorstroom_observe::Resolution::Region,
            Resolution::MunicipalityMonth => doorstroom_observe::Resolution::MunicipalityMonth,
        },
        scale: experiment.world.scale_of_country(experiment.scale),
        check: leg.job.settings.check,
        fork_step: leg.job.arms.fork,
    }
}
