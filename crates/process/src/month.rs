//! The month on one page: ten phases, in this order.

use bevy_ecs::prelude::*;
use bevy_ecs::schedule::Schedule;
use doorstroom_kernel::registrar::{Entry, Labels, Registrar, Stopwatch};
use doorstroom_kernel::{Clock, Lane};
use doorstroom_state::Written;

use crate::phase::Phase;
use crate::rulebook::{Rulebook, Scale};
use crate::{allocation, demography, gates, moving, quota, reception, registration, rulebook, sharing, supply};

/// The schedule of one world.
pub struct Month {
    schedule: Schedule,
    entries: Vec<Entry>,
}

impl Month {
    /// Builds the schedule for `world`, whose state must be there (populated or restored).
    ///
    /// # Panics
    /// If the order of two systems that touch the same state is not declared.
    pub fn new(world: &mut World) -> Self {
        Self::build(world, None)
    }

    /// The same with a stopwatch on every phase; `read` gives seconds that never run back.
    pub fn timed(world: &mut World, read: fn() -> f64) -> Self {
        Self::build(world, Some(read))
    }

    fn build(world: &mut World, stopwatch: Option<fn() -> f64>) -> Self {
        let mut labels = Labels::default();
        std::mem::swap(&mut labels, &mut world.get_resource_or_insert_with(Labels::default));
        labels.add(world.register_component::<Rulebook>(), "rulebook");
        labels.add(world.register_component::<Scale>(), "scale");
        labels.add(world.register_component::<doorstroom_kernel::Chance>(), "chance");
        world.insert_resource(labels);
        Month::scheduled(world, stopwatch, |registrar| {
            registrar
                .system(Phase::Policy, "bring rules into force", rulebook::bring_into_force)
                .then(Phase::Policy, "note what came into alternative homes", rulebook::note_alternatives)
                .then(Phase::Policy, "open gates whose condition holds", gates::open)
                .depends_on_arm("persons past the term, residents of reception, alternative homes")
                .then(Phase::Policy, "weigh the condition of a conditional ban", rulebook::weigh_condition)
                .depends_on_arm("alternative homes and persons past the term");
            demography::register(registrar);
            reception::register(registrar);
            supply::register(registrar);
            registration::register(registrar);
            quota::register(registrar);
            allocation::register(registrar);
            moving::register(registrar);
            sharing::register(registrar);
        })
    }

    /// The schedule of the systems that `register` names, with a stopwatch if one is given.
    pub(crate) fn scheduled(
        world: &mut World,
        stopwatch: Option<fn() -> f64>,
        register: impl FnOnce(&mut Registrar<'_, Phase>),
    ) -> Self {
        let mut registrar = Registrar::new(world);
        register(&mut registrar);
        if let Some(read) = stopwatch {
            registrar.time_phases(read);
        }
        let (schedule, entries) = registrar.build();
        Month { schedule, entries }
    }

    /// Runs one step and moves the clock.
    pub fn run(&mut self, world: &mut World) {
        if let Some(mut watch) = world.get_resource_mut::<Stopwatch>() {
            watch.begin();
        }
        match world.get_resource::<Lane>().cloned() {
            Some(lane) => lane.enter(|| self.schedule.run(world)),
            None => self.schedule.run(world),
        }
    }

    /// Moves the clock to the next step; observers look before.
    pub fn advance(world: &mut World) {
        if let Some(mut written) = world.get_resource_mut::<Written>() {
            written.forget();
        }
        world.resource_mut::<Clock>().advance();
    }

    /// The systems in running order.
    pub fn entries(&self) -> &[Entry] {
        &self.entries
    }
}

#[cfg(test)]
mod tests {
    use doorstroom_kernel::registrar::Phases;

    use super::*;

    #[test]
    fn the_order_of_all_systems_is_declared() {
        let mut world = World::new();
        doorstroom_state::model::checkpoint(&mut world);
        let month = Month::new(&mut world);
        let phases: Vec<&str> = month.entries().iter().map(|entry| entry.phase.as_str()).collect();
        let order: Vec<String> = Phase::ALL.iter().map(|phase| format!("{phase:?}")).collect();
        let positions: Vec<usize> = phases.iter().map(|p| order.iter().position(|o| o == p).unwrap()).collect();
        assert!(positions.is_sorted());
        assert!(month.entries().iter().all(|entry| !entry.purpose.is_empty()));
    }

    #[test]
    #[should_panic(expected = "order of systems is not declared")]
    fn two_systems_that_write_the_same_state_in_one_phase_need_an_order() {
        fn one(_: ResMut<Clock>) {}
        fn two(_: ResMut<Clock>) {}
        let mut world = World::new();
        let mut registrar = Registrar::new(&mut world);
        registrar.system(Phase::Moving, "one", one).system(Phase::Moving, "two", two);
        registrar.build();
    }
}
