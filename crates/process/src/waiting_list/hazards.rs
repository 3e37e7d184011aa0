//! Rules of a waiting-list world as the processes use them: hazards, thresholds and classes, made once.

use bevy_ecs::prelude::Resource;
use doorstroom_kernel::{Hazard, Luck, Step, Threshold};
use doorstroom_policy::waiting_list::{Group, Processes};
use doorstroom_state::due::Due;
use doorstroom_state::waiting_list::{Household, MAX_GROUPS};

/// The rules, as hazards a step and integer thresholds.
#[derive(Resource, Clone, Debug)]
pub struct WaitingListRules {
    /// The income of a household changes.
    pub(super) income: Hazard,
    /// A change is a fall.
    pub(super) falls: Threshold,
    /// Factor of a fall and of a rise.
    pub(super) factors: [f32; 2],
    /// A home is given up.
    departure: Hazard,
    unhoused: Hazard,
    younger: Hazard,
    older: Hazard,
    older_from: i16,
    /// Highest income of a seeker, euro a year.
    pub income_at_most: f32,
    /// Class by group; 0 is served first.
    pub class_of: [u8; MAX_GROUPS],
}

impl WaitingListRules {
    /// Rules for these processes and groups (at most [`MAX_GROUPS`]).
    pub fn new(processes: &Processes, groups: &[Group]) -> Self {
        let Processes { income, registration, departure, allocation } = processes;
        let mut class_of = [0; MAX_GROUPS];
        for (class, group) in class_of.iter_mut().zip(groups) {
            *class = group.class;
        }
        WaitingListRules {
            income: per_step(income.chance_per_step),
            falls: Threshold::of(income.falls),
            factors: [income.fall_factor as f32, income.rise_factor as f32],
            departure: per_step(departure.chance_per_step),
            unhoused: per_step(registration.unhoused_per_step),
            younger: per_step(registration.younger_per_step),
            older: per_step(registration.older_per_step),
            older_from: i16::try_from(registration.older_from_months).unwrap_or(i16::MAX),
            income_at_most: allocation.income_at_most as f32,
            class_of,
        }
    }

    /// When a household gives up its home, seen from the step `from`.
    pub(super) fn leaving(&self, from: Step, luck: &mut Luck) -> Due {
        next(self.departure, from, luck)
    }

    /// When a household without a registration that stands as it does registers, seen from the step `from`.
    pub(super) fn registering(&self, household: &Household, from: Step, luck: &mut Luck) -> Due {
        if !household.standing.is_housed() {
            return next(self.unhoused, from, luck);
        }
        let older_at = i32::from(household.born) + i32::from(self.older_from);
        if older_at <= i32::from(from.0) {
            return next(self.older, from, luck);
        }
        Due::first(from, self.younger.delay(luck), Step(u16::try_from(older_at).unwrap_or(u16::MAX)))
    }
}

/// The step of the next event of a hazard that stays as it is; the earliest is `from`.
#[inline]
pub(super) fn next(hazard: Hazard, from: Step, luck: &mut Luck) -> Due {
    Due::strike(from.plus(hazard.delay(luck)))
}

/// The hazard that strikes in one step with this chance.
fn per_step(chance: f64) -> Hazard {
    Hazard::of_rate(-libm::log1p(-chance.clamp(0.0, 1.0)), 1.0)
}
