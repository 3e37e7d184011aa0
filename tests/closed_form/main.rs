//! Closed-form worlds as a stranger meets them: every key counts, misspellings are told, and what must not matter does not.
//!
//! Whether the engine meets the formulas is asked by `doorstroom verify`; here stands what needs no long runs.

mod keys;
mod relations;
mod stock;
mod strangers;

use doorstroom_experiment::laws::library;
use doorstroom_experiment::queue::simulate;
use doorstroom_observe::queue::QueueSeen;
use doorstroom_world::queue::QueueWorld;
use doorstroom_world::read::{Problems, Source};

/// A world from text; its schemes are those of the library.
fn world(text: &str) -> Result<QueueWorld, Problems> {
    QueueWorld::parse(&Source::new("w.ron", text), &|file| library::world(&format!("closed-form/{file}")))
}

/// One replicate of a world that must be sound.
fn run(text: &str, steps: u32, seed: u64) -> QueueSeen {
    let world = world(text).unwrap_or_else(|problems| panic!("{problems}\n{text}"));
    simulate(&world.model(), steps, seed)
}
