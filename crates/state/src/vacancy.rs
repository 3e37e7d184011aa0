//! Vacancies (vrijgekomen woningen) and the chains they carry.

use bevy_ecs::prelude::Resource;
use doorstroom_kernel::Step;

use crate::dwelling::Tenure;
use crate::name::KinName;
use crate::slots::Slot;

/// Why a chain of moves began.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
#[repr(u8)]
pub enum ChainCause {
    /// Stood vacant at the start.
    Start,
    /// Newly built, or a flex home opened.
    Built,
    /// The household died out or went to an institution.
    Dissolved,
    /// The household left the country.
    Emigrated,
    /// Two households became one.
    Paired,
    /// A move to a home outside the dwelling stock, or into another's.
    MovedOut,
    /// Changed hands between tenures.
    Converted,
    /// The household was evicted, or its home was sold by order of a court or a bank.
    Evicted,
}

impl ChainCause {
    /// All causes, in the order of their codes.
    pub const ALL: [ChainCause; 8] = [
        ChainCause::Start,
        ChainCause::Built,
        ChainCause::Dissolved,
        ChainCause::Emigrated,
        ChainCause::Paired,
        ChainCause::MovedOut,
        ChainCause::Converted,
        ChainCause::Evicted,
    ];

    /// Key in tables.
    pub fn key(self) -> &'static str {
        match self {
            ChainCause::Start => "start",
            ChainCause::Built => "built",
            ChainCause::Dissolved => "dissolved",
            ChainCause::Emigrated => "emigrated",
            ChainCause::Paired => "paired",
            ChainCause::MovedOut => "moved_out",
            ChainCause::Converted => "converted",
            ChainCause::Evicted => "evicted",
        }
    }
}

/// A dwelling (or a room in one) that can be filled, and the chain it stands in.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Vacancy {
    /// Dwelling (slot).
    pub dwelling: Slot,
    /// Its name, the sort key.
    pub name: KinName,
    /// Step from which it may be offered: one after it was freed.
    pub from: Step,
    /// The chain: name of the dwelling and step with which it began, hashed.
    pub chain: u64,
    /// Moves already made in the chain.
    pub position: u16,
    /// Why the chain began.
    pub cause: ChainCause,
}

/// Every vacant dwelling that may be lived in, by tenure; and rooms that stand free. Sorted by name before use.
#[derive(Resource, Clone, Debug, Default)]
pub struct Vacancies {
    /// Self-contained dwellings by tenure.
    pub dwellings: [Vec<Vacancy>; 3],
    /// Shared dwellings with at least one room free, one entry a dwelling.
    pub rooms: Vec<Vacancy>,
}

impl Vacancies {
    /// Brings the list of a tenure into the order of names, in which nothing of slots or arrival shows.
    pub fn sort(&mut self, tenure: Tenure) {
        sort(&mut self.dwellings[tenure as usize]);
    }

    /// The same for free rooms.
    pub fn sort_rooms(&mut self) {
        sort(&mut self.rooms);
    }
}

fn sort(list: &mut [Vacancy]) {
    // what was left of the last time is in order already: a stable sort finds such runs
    list.sort_by_key(|vacancy| (vacancy.name, vacancy.dwelling));
}
