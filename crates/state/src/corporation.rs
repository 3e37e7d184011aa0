//! Housing corporations (woningcorporaties), synthesised: several per municipality (assumption A4).

use bevy_ecs::prelude::Component;

/// Fixed facts of a corporation.
#[derive(Component, Clone, Copy, PartialEq, Debug, Default)]
pub struct Corporation {
    /// Municipality (slot) in which it owns dwellings.
    pub municipality: u16,
    /// Its share of the corporation dwellings there, 0 to 1.
    pub share: f32,
}
