//! The ten phases of a step.

use bevy_ecs::prelude::SystemSet;
use doorstroom_kernel::registrar::Phases;

/// What happens in one step, in this order. Every system belongs to exactly one phase.
#[derive(SystemSet, Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Phase {
    /// Dated rules come into force.
    Policy,
    /// Households form, grow, split, leave and die.
    Demography,
    /// Permits are granted, families arrive; reception places (opvang) fill and empty.
    Reception,
    /// Dwellings open, close and change tenure.
    Supply,
    /// Seekers register, start and stop searching, become urgent.
    Registration,
    /// The half-yearly quota: apportioning, linking, supervision.
    Quota,
    /// Vacancies meet candidates: channels, reactions, ranking, offers, lettings.
    Allocation,
    /// Lettings become moves; the other markets clear; old homes become vacancies of the next step.
    Moving,
    /// Rooms, hosting and its end.
    Sharing,
    /// Nothing changes any more: observers read.
    Observe,
}

impl Phases for Phase {
    const ALL: &'static [Self] = &[
        Phase::Policy,
        Phase::Demography,
        Phase::Reception,
        Phase::Supply,
        Phase::Registration,
        Phase::Quota,
        Phase::Allocation,
        Phase::Moving,
        Phase::Sharing,
        Phase::Observe,
    ];
}
