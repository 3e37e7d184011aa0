//! Builders shared by the tests.

use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::sync::atomic::AtomicBool;

use bevy_ecs::world::World as Ecs;
use doorstroom_experiment::{Experiment, RunSettings, Silent, Sink, Unit, run};
use doorstroom_kernel::{Chance, Lane};
use doorstroom_policy::Rules;
use doorstroom_process::{Month, Rulebook, Scale};
use doorstroom_state::model;
use doorstroom_world::World;

/// The repository.
pub fn repository() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

/// A shipped world.
///
/// # Panics
/// If it cannot be read.
pub fn world(name: &str) -> World {
    World::load(&repository().join("worlds").join(name)).unwrap_or_else(|problems| panic!("{problems}"))
}

/// A shipped experiment with settings changed.
///
/// # Panics
/// If it cannot be read or a setting is refused.
pub fn experiment(name: &str, settings: &[(&str, &str)]) -> Experiment {
    let path = repository().join("experiments").join(name);
    let mut experiment = Experiment::read(&path, None).unwrap_or_else(|problems| panic!("{problems}"));
    for (key, value) in settings {
        experiment.with(key, value).unwrap_or_else(|error| panic!("{key}: {error}"));
    }
    experiment
}

/// A populated world that stands before its first step, and its month.
pub fn town(world: &World, scale: f64, population_seed: u64, seed: u64, rules: Rules) -> (Ecs, Month) {
    let mut ecs = Ecs::new();
    model::checkpoint(&mut ecs);
    ecs.insert_resource(Lane::new(1));
    ecs.insert_resource(Scale(world.scale_of_country(scale)));
    ecs.insert_resource(Chance::new(seed));
    ecs.insert_resource(Rulebook { rules });
    world.populate(scale, population_seed).into_world(&mut ecs, world.calendar);
    let month = Month::new(&mut ecs);
    (ecs, month)
}

/// Keeps all units in memory.
#[derive(Default)]
pub struct Kept(pub Mutex<Vec<Unit>>);

impl Sink for Kept {
    fn unit(&self, unit: Unit) -> Result<(), Box<dyn std::error::Error + Send + Sync>> {
        match self.0.lock() {
            Ok(mut units) => units.push(unit),
            Err(_) => return Err("another thread failed".into()),
        }
        Ok(())
    }
}

/// Runs an experiment and returns its units by replicate.
///
/// # Panics
/// If the run fails.
pub fn units(experiment: &Experiment, settings: &RunSettings) -> (Vec<Unit>, doorstroom_experiment::Run) {
    let kept = Kept::default();
    let done =
        run(experiment, settings, &kept, &Silent, &AtomicBool::new(false)).unwrap_or_else(|error| panic!("{error}"));
    let mut units = kept.0.into_inner().unwrap_or_else(|poisoned| poisoned.into_inner());
    units.sort_by_key(|unit| unit.replicate);
    (units, done)
}
