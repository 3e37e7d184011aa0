//! One context: a small world under the rules of an arm, run again with one parameter changed until an output differs.

use std::fmt::Write;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use bevy_ecs::prelude::*;
use doorstroom_experiment::{Arms, Change, Experiment};
use doorstroom_kernel::{Chance, Lane};
use doorstroom_observe::{ObserveSettings, Observed, Observers, Resolution};
use doorstroom_policy::Rules;
use doorstroom_process::{Month, Rulebook, Scale, fork};
use doorstroom_state::checkpoint::{Checkpoint, Snapshot};
use doorstroom_state::{Ledger, model};

use crate::values::Subject;

/// Hash of what was put out.
pub type Digest = [u8; 32];

/// What is hashed as it is written, so that no text of a whole run is kept.
struct Hashed(blake3::Hasher);

impl Write for Hashed {
    fn write_str(&mut self, text: &str) -> std::fmt::Result {
        self.0.update(text.as_bytes());
        Ok(())
    }
}

fn digest(what: &dyn std::fmt::Debug) -> Digest {
    let mut hashed = Hashed(blake3::Hasher::new());
    write!(hashed, "{what:?}").expect("a hash takes all text");
    *hashed.0.finalize().as_bytes()
}

/// All that a reader of the results sees. A measure that only repeats a parameter is no output.
fn seen(observed: &Observed) -> Digest {
    let measures: Vec<_> =
        observed.outcome.measures.iter().filter(|(key, _)| !key.measure.as_str().contains("hazard")).collect();
    let lettings = (&observed.lettings.lettings, &observed.letting_steps);
    let tables = (&observed.series, &observed.stock, &observed.waits, &observed.quota, &observed.reception);
    digest(&(lettings, tables, &observed.flows, &observed.money, &observed.histories, measures))
}

/// A populated world and what one arm puts out in it.
pub struct Context {
    experiment: Experiment,
    rules: Rules,
    start: Snapshot,
    steps: Vec<Digest>,
    end: Option<Digest>,
}

/// A world of its own for each thread.
struct Stage {
    ecs: World,
    parts: Checkpoint,
    month: Month,
}

impl Context {
    /// The arm of this name; its undisturbed run is made at once.
    pub fn new(experiment: Experiment, arm: &str) -> Context {
        let arms = Arms::of(&experiment);
        let found = arms.all.iter().find(|one| one.name == arm);
        let rules = found.unwrap_or_else(|| panic!("{} has no arm {arm}", experiment.name)).rules.clone();
        let mut ecs = World::new();
        let parts = model::checkpoint(&mut ecs);
        let population = experiment.world.populate(experiment.scale, experiment.population_seed);
        population.into_world(&mut ecs, experiment.calendar());
        let start = parts.save(&mut ecs);
        drop(ecs);
        let mut context = Context { experiment, rules, start, steps: Vec::new(), end: None };
        let mut stage = context.stage();
        let mut steps = Vec::new();
        let end = context.run(&mut stage, &context.rules, |_, step| {
            steps.push(step);
            true
        });
        (context.steps, context.end) = (steps, end);
        context
    }

    fn stage(&self) -> Stage {
        let mut ecs = World::new();
        let parts = model::checkpoint(&mut ecs);
        ecs.insert_resource(Lane::new(1));
        ecs.insert_resource(Scale(self.experiment.world.scale_of_country(self.experiment.scale)));
        ecs.insert_resource(Chance::new(self.experiment.seed));
        ecs.insert_resource(Rulebook { rules: self.rules.clone() });
        parts.restore(&mut ecs, &self.start);
        let month = Month::new(&mut ecs);
        Stage { ecs, parts, month }
    }

    /// Runs the world under `rules` as long as `goes_on` says so after a step; what was seen if it went on to the end.
    fn run(&self, stage: &mut Stage, rules: &Rules, mut goes_on: impl FnMut(usize, Digest) -> bool) -> Option<Digest> {
        let Stage { ecs, parts, month } = stage;
        parts.restore(ecs, &self.start);
        ecs.insert_resource(Chance::new(self.experiment.seed));
        ecs.insert_resource(Rulebook { rules: rules.clone() });
        let settings = ObserveSettings {
            arm: "arm".into(),
            replicate: 0,
            resolution: Resolution::Region,
            scale: self.experiment.world.scale_of_country(self.experiment.scale),
            check: false,
            fork_step: doorstroom_kernel::Step(0),
        };
        let mut observers = Observers::new(ecs, settings);
        fork::mark(ecs);
        for step in 0..self.experiment.steps() as usize {
            month.run(ecs);
            ecs.resource_scope(|ecs, book: Mut<Rulebook>| observers.observe(ecs, &book.rules));
            let happened = digest(ecs.resource::<Ledger>());
            Month::advance(ecs);
            if !goes_on(step, happened) {
                return None;
            }
        }
        Some(seen(&observers.finish(ecs)))
    }

    /// Whether any other value of the parameter moves an output.
    fn moves(&self, stage: &mut Stage, subject: &Subject) -> bool {
        let end = self.experiment.end();
        subject.others(&self.rules).into_iter().any(|value| {
            let (mut rules, from) = (self.rules.clone(), self.experiment.calendar().start);
            let change = Change { from, path: subject.path.clone(), value, gate: None };
            let takes = change.apply(&mut rules, "test").is_ok();
            let differs = takes && rules.first_difference(&self.rules).is_some_and(|day| day < end);
            let same = |step: usize, happened: Digest| self.steps[step] == happened;
            differs && self.run(stage, &rules, same) != self.end
        })
    }

    /// Paths of those of `subjects` that move an output here, on this many threads.
    pub fn moved(&self, subjects: &[Subject], threads: usize) -> Vec<String> {
        let (next, moved) = (AtomicUsize::new(0), Mutex::new(Vec::new()));
        let work = || {
            let mut stage = self.stage();
            while let Some(subject) = subjects.get(next.fetch_add(1, Ordering::Relaxed)) {
                if self.moves(&mut stage, subject) {
                    moved.lock().expect("no thread failed with it").push(subject.path.clone());
                }
            }
        };
        std::thread::scope(|scope| (0..threads).for_each(|_| _ = scope.spawn(work)));
        moved.into_inner().expect("no thread failed with it")
    }

    /// What is put out at the end under each of these values of parameters, on this many threads; `None` where the run
    /// failed.
    pub fn ends(&self, values: &[(&str, &str)], threads: usize) -> Vec<Option<Digest>> {
        let (next, ends) = (AtomicUsize::new(0), Mutex::new(vec![None; values.len()]));
        let work = || {
            let mut stage = self.stage();
            loop {
                let i = next.fetch_add(1, Ordering::Relaxed);
                let Some((path, value)) = values.get(i) else { return };
                let (mut rules, from) = (self.rules.clone(), self.experiment.calendar().start);
                let change = Change { from, path: (*path).to_owned(), value: (*value).to_owned(), gate: None };
                change.apply(&mut rules, "test").unwrap_or_else(|error| panic!("{error}"));
                let end = catch_unwind(AssertUnwindSafe(|| self.run(&mut stage, &rules, |_, _| true)));
                match end {
                    Ok(end) => ends.lock().expect("no thread failed with it")[i] = end,
                    // what a run leaves that did not end is of no use to the next
                    Err(_) => stage = self.stage(),
                }
            }
        };
        std::thread::scope(|scope| (0..threads).for_each(|_| _ = scope.spawn(work)));
        ends.into_inner().expect("no thread failed with it")
    }
}
