//! Waiting-list worlds: households with an income, a registration and perhaps a home, and a market a municipality.
//!
//! The smallest housing model that is still one: no dwellings, no persons, no regions. A household carries only what
//! such a world uses. Registration and birth are kept as steps, so that waiting time and age are never written.

mod line;

use bevy_ecs::prelude::*;
use doorstroom_kernel::Clock;

pub use line::{Candidate, Line};

use crate::checkpoint::Checkpoint;
use crate::columns::Columns;
use crate::due::Due;
use crate::slots::Slot;

/// Most groups that a waiting-list world can have.
pub const MAX_GROUPS: usize = 8;

/// Bits of what a household has.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
#[repr(transparent)]
pub struct Standing(u8);

impl Standing {
    const REGISTERED: u8 = 1;
    const HOUSED: u8 = 2;

    /// What a household has: a registration, a home.
    pub fn new(registered: bool, housed: bool) -> Self {
        Standing(u8::from(registered) * Standing::REGISTERED + u8::from(housed) * Standing::HOUSED)
    }

    /// On the waiting list.
    #[inline]
    pub fn is_registered(self) -> bool {
        self.0 & Standing::REGISTERED != 0
    }

    /// Has a home.
    #[inline]
    pub fn is_housed(self) -> bool {
        self.0 & Standing::HOUSED != 0
    }

    /// Searches, if the income allows: registered, no home.
    #[inline]
    pub fn searches(self) -> bool {
        self.0 == Standing::REGISTERED
    }
}

/// A household of a waiting-list world: 16 bytes, all its facts but the steps of its next events.
#[derive(Component, Clone, Copy, PartialEq, Debug, Default)]
#[repr(C)]
pub struct Household {
    /// Who it is: its place in the order of creation. Addresses its chance and breaks ties.
    pub ordinal: u32,
    /// Euro a year.
    pub income: f32,
    /// Market (slot of the market table).
    pub municipality: u16,
    /// Step of registration, negative before the start; meaningless without a registration.
    pub since: i16,
    /// Step at which it was 0 months old, always negative.
    pub born: i16,
    /// Group (index into the groups of the world).
    pub group: u8,
    /// What it has.
    pub standing: Standing,
}

impl Household {
    /// In line for a home: registered, no home, an income of at most `income_at_most`.
    #[inline]
    pub fn is_seeker(&self, income_at_most: f32) -> bool {
        self.standing.searches() && self.income <= income_at_most
    }

    /// Its entry in a line, if `slot` is its row.
    #[inline]
    pub fn candidate(&self, slot: Slot) -> Candidate {
        Candidate { since: self.since, ordinal: self.ordinal, slot }
    }
}

/// When the income changes.
#[derive(Component, Clone, Copy, PartialEq, Eq, Debug, Default)]
#[repr(transparent)]
pub struct NextIncome(pub Due);

/// When a household without a registration registers.
#[derive(Component, Clone, Copy, PartialEq, Eq, Debug, Default)]
#[repr(transparent)]
pub struct NextRegistering(pub Due);

/// When a household gives up its home.
#[derive(Component, Clone, Copy, PartialEq, Eq, Debug, Default)]
#[repr(transparent)]
pub struct NextLeaving(pub Due);

/// Homes of a municipality that are free and not let yet.
#[derive(Component, Clone, Copy, PartialEq, Eq, Debug, Default)]
#[repr(transparent)]
pub struct Vacant(pub u32);

/// The seekers of a municipality in lines, one a class; class 0 is served first. A cache.
#[derive(Component, Clone, Debug, Default)]
pub struct Market {
    lines: Vec<Line>,
}

impl Market {
    /// A seeker of `class` joins.
    #[inline]
    pub fn enter(&mut self, class: u8, candidate: Candidate) {
        let class = usize::from(class);
        if class >= self.lines.len() {
            self.lines.resize_with(class + 1, Line::default);
        }
        self.lines[class].enter(candidate);
    }

    /// A seeker of `class` is none any more.
    pub fn left(&mut self, class: u8, is_there: impl Fn(&Candidate) -> bool) {
        if let Some(line) = self.lines.get_mut(usize::from(class)) {
            line.left(is_there);
        }
    }

    /// Takes out the best seeker: lowest class, longest wait, lowest ordinal.
    #[inline]
    pub fn take_best(&mut self, is_there: impl Fn(&Candidate) -> bool) -> Option<Candidate> {
        self.lines.iter_mut().find_map(|line| line.take(&is_there))
    }

    /// Entries among which most of the next `count` seekers to be taken are found.
    pub fn front(&self, count: usize) -> impl Iterator<Item = &Candidate> {
        self.lines.iter().flat_map(move |line| line.front(count))
    }

    /// All entries, stale ones included.
    pub fn entries(&self) -> impl Iterator<Item = &Candidate> {
        self.lines.iter().flat_map(Line::entries)
    }
}

/// Whether the entry is that of a seeker who still stands where it says.
#[inline]
pub fn is_there(households: &[Household], candidate: &Candidate, income_at_most: f32) -> bool {
    let household = &households[candidate.slot as usize];
    household.is_seeker(income_at_most) && household.since == candidate.since
}

/// What happened since the start of the run.
#[derive(Resource, Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Tally {
    /// Lettings by group.
    pub lettings: [u64; MAX_GROUPS],
    /// Months waited by those who were let a home, summed, by group.
    pub waited: [u64; MAX_GROUPS],
    /// Changes of income.
    pub income_changes: u64,
    /// Registrations.
    pub registrations: u64,
    /// Homes given up.
    pub departures: u64,
}

impl Tally {
    /// Everything that happened to a household.
    pub fn events(&self) -> u64 {
        self.income_changes + self.registrations + self.departures + self.lettings.iter().sum::<u64>()
    }
}

/// All components of a household.
pub type HouseholdBundle = (Household, NextIncome, NextRegistering, NextLeaving);

/// The parts of a waiting-list world. Lines are not among them: see [`rebuild_lines`].
pub fn checkpoint(world: &mut World) -> Checkpoint {
    let mut parts = Checkpoint::default();
    parts
        .table::<Household>(|world, rows| {
            world.spawn_batch((0..rows).map(|_| HouseholdBundle::default()));
        })
        .column::<Household>(world, "household")
        .column::<NextIncome>(world, "next change of income")
        .column::<NextRegistering>(world, "next registration")
        .column::<NextLeaving>(world, "next departure");
    parts
        .table::<Vacant>(|world, rows| {
            world.spawn_batch((0..rows).map(|_| (Vacant::default(), Market::default())));
        })
        .column::<Vacant>(world, "vacancies");
    parts.resource::<Clock>(world, "clock").resource::<Tally>(world, "tally");
    let market = world.register_component::<Market>();
    world.get_resource_or_insert_with(doorstroom_kernel::registrar::Labels::default).add(market, "lines");
    parts
}

/// Makes the lines of all markets from the households; `class_of` gives the class of each group.
pub fn rebuild_lines(world: &mut World, class_of: &[u8], income_at_most: f32) {
    let mut seekers: Vec<(u16, u8, Candidate)> = Vec::new();
    let mut households = world.query::<&Household>();
    for (slot, household) in households.iter(world).enumerate() {
        if household.is_seeker(income_at_most) {
            let class = class_of[usize::from(household.group)];
            seekers.push((household.municipality, class, household.candidate(slot as Slot)));
        }
    }
    seekers.sort_unstable();
    let mut markets = world.query::<&mut Market>();
    let mut markets = markets.query_mut(world);
    let Some(markets) = markets.columns() else { return };
    let markets = crate::columns::plain(markets);
    markets.fill_with(Market::default);
    for (municipality, class, candidate) in seekers {
        markets[usize::from(municipality)].enter(class, candidate);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_registered_without_a_home_search_and_only_up_to_the_limit_of_income() {
        for (registered, housed) in [(false, false), (false, true), (true, false), (true, true)] {
            let standing = Standing::new(registered, housed);
            assert_eq!((standing.is_registered(), standing.is_housed()), (registered, housed));
            assert_eq!(standing.searches(), registered && !housed);
            let household = Household { income: 50_000.0, standing, ..Household::default() };
            assert_eq!(household.is_seeker(50_000.0), registered && !housed);
            assert!(!household.is_seeker(49_999.0));
        }
    }

    #[test]
    fn the_lowest_class_is_served_first_whatever_the_wait() {
        let mut market = Market::default();
        market.enter(2, Candidate { since: -90, ordinal: 1, slot: 1 });
        market.enter(0, Candidate { since: 4, ordinal: 2, slot: 2 });
        market.enter(1, Candidate { since: 3, ordinal: 3, slot: 3 });
        let order: Vec<u32> = std::iter::from_fn(|| market.take_best(|_| true)).map(|best| best.ordinal).collect();
        assert_eq!(order, [2, 3, 1]);
    }
}
