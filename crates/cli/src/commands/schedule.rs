//! `doorstroom schedule`: the month, as it runs.

use bevy_ecs::world::World;
use doorstroom_kernel::registrar;
use doorstroom_process::Month;

use crate::answer::{Failure, say};

/// Prints phases, systems and what they touch, in running order.
pub fn schedule() -> Result<u8, Failure> {
    say(&text());
    Ok(0)
}

/// The schedule as text.
pub fn text() -> String {
    let mut world = World::new();
    doorstroom_state::model::checkpoint(&mut world);
    registrar::print(Month::new(&mut world).entries())
}
