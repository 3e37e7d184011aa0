//! The processes of a waiting-list world, in the phases of the month: incomes change, households register, homes are
//! given up, vacant homes are let.
//!
//! Each of the first three owns a column with the step of every household's next event, scans it and touches only who
//! is due; they go through a chunk of households together. All draws are geometric delays; whoever changes the class of a
//! household draws anew for the other owners from the next step on, which is exact because their hazards have no memory.
//! A step of one draw per household gives the same distribution (tested).

mod allocation;
mod chunk;
mod departure;
mod hazards;
mod income;
mod registration;
mod sweep;

use bevy_ecs::prelude::*;
use doorstroom_kernel::registrar::{Labels, Registrar};
use doorstroom_kernel::{Chance, Purpose};

pub use hazards::WaitingListRules;

use crate::month::Month;
use crate::phase::Phase;

/// All purposes of draws of these processes, for the test that no two share a label.
pub const PURPOSES: [Purpose; 3] = [income::INCOME, registration::REGISTERING, departure::LEAVING];

/// Registers the processes.
pub fn register(registrar: &mut Registrar<'_, Phase>) {
    registrar
        .system(Phase::Registration, "let incomes change, households register and give up homes", sweep::live)
        .system(Phase::Allocation, "let vacant homes by class and waiting time", allocation::let_homes);
}

impl Month {
    /// The schedule of a waiting-list world, with a stopwatch on every phase if `read` gives one.
    ///
    /// # Panics
    /// If the order of two systems that touch the same state is not declared.
    pub fn of_waiting_list(world: &mut World, read: Option<fn() -> f64>) -> Self {
        let mut labels = world.remove_resource::<Labels>().unwrap_or_default();
        labels.add(world.register_component::<WaitingListRules>(), "rules");
        labels.add(world.register_component::<Chance>(), "chance");
        world.insert_resource(labels);
        Month::scheduled(world, read, register)
    }
}

#[cfg(test)]
mod tests;
