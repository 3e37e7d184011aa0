//! Wachtrij (queue): the processes of a closed-form world, in the phases of the month and in the order the world says.
//!
//! No law has code of its own. Draws are addressed by name and moment, as everywhere, so two schemes share their luck:
//! the same households come, give up and refuse.

mod allocation;
mod arrivals;
mod building;
mod candidates;
mod chains;
mod columns;
mod exits;
mod offers;
mod stages;
mod start;
mod supply;

use bevy_ecs::prelude::*;
use bevy_ecs::schedule::Schedule;
use doorstroom_kernel::registrar::{Entry, Labels, Phases, Registrar};
use doorstroom_kernel::{Clock, chance};
use doorstroom_policy::queue::{Process, QueueModel};
use doorstroom_state::queue::{Coming, Leaves, Listed, Opening, Place, QueueLedger, Roll};

use crate::phase::Phase;

/// The rules of the world, read by all its processes.
#[derive(Resource, Clone, Debug)]
pub struct QueueRules(pub QueueModel);

/// The schedule of a queue world.
pub struct QueueStep {
    schedule: Schedule,
    entries: Vec<Entry>,
}

impl QueueStep {
    /// Fills `world` with the start state of `model` and builds the schedule of its processes.
    ///
    /// # Panics
    /// If the processes cannot run in their order: worlds are checked when they are read.
    pub fn new(world: &mut World, model: &QueueModel, seed: u64) -> Self {
        start::begin(world, model, seed);
        let mut labels = Labels::default();
        labels.add(world.register_component::<QueueRules>(), "rules");
        labels.add(world.register_component::<Clock>(), "clock");
        labels.add(world.register_component::<doorstroom_kernel::Chance>(), "chance");
        labels.add(world.register_component::<Listed>(), "households");
        labels.add(world.register_component::<Leaves>(), "leaving");
        labels.add(world.register_component::<Place>(), "dwellings");
        labels.add(world.register_component::<Roll>(), "roll");
        labels.add(world.register_component::<Opening>(), "vacancies");
        labels.add(world.register_component::<Coming>(), "coming");
        labels.add(world.register_component::<QueueLedger>(), "ledger");
        world.insert_resource(labels);
        let phases = Process::phases_of(&model.processes).expect("the order was checked with the world");
        let mut registrar = Registrar::new(world);
        registrar.system(Phase::Policy, "open the step, draw who comes", start::open_step);
        if model.runs(Process::Stages) {
            registrar.then(Phase::Policy, "draw who has children", stages::draw_births);
        }
        registrar.then(Phase::Policy, "make room for those who come", start::make_room);
        for (&process, &phase) in model.processes.iter().zip(&phases) {
            let phase = Phase::ALL[phase];
            match process {
                Process::Exits => registrar.then(phase, "give up", exits::give_up),
                Process::Renewals => registrar.then(phase, "renew or strike off", exits::renew),
                Process::Arrivals => registrar.then(phase, "arrive and register", arrivals::arrive),
                Process::Vacancies => registrar.then(phase, "list vacancies", supply::list_vacancies),
                Process::TenancyEnds => registrar.then(phase, "end tenancies", supply::end_tenancies),
                Process::Building => registrar.then(phase, "build and close dwellings", building::build_and_close),
                Process::Transfers => registrar.then(phase, "begin to look for another home", supply::begin_to_look),
                Process::Allocation => registrar.then(phase, "let by the scheme", allocation::let_by_scheme),
                Process::Mediation => registrar.then(phase, "mediate directly", exits::mediate),
                Process::Chains => registrar.then(phase, "fill vacancies by movers", chains::move_on),
                Process::Stages => registrar.then(phase, "survive, grow older, have children", stages::pass),
            };
        }
        let (schedule, entries) = registrar.build();
        QueueStep { schedule, entries }
    }

    /// Runs one step. Observers look, then the clock moves by [`QueueStep::advance`].
    pub fn run(&mut self, world: &mut World) {
        self.schedule.run(world);
    }

    /// Moves the clock.
    pub fn advance(world: &mut World) {
        world.resource_mut::<Clock>().advance();
    }

    /// The systems in running order.
    pub fn entries(&self) -> &[Entry] {
        &self.entries
    }
}

/// The moment of the step that runs: 1 for the first.
fn moment(clock: &Clock) -> u16 {
    clock.step.0 + 1
}

/// The name of the `ordinal`th of `stream` in a step.
fn name_of(stream: u64, moment: u16, ordinal: u32) -> u64 {
    chance::join(chance::join(stream, u64::from(moment)), u64::from(ordinal))
}
