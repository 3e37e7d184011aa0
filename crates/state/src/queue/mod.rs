//! Wachtrij (queue): what exists in a closed-form world. A household carries only the columns its world declares.
//!
//! Rows are slots here too: nothing is despawned, a household that leaves frees its slot. Moments are counted from 1
//! (the first step); 0 is before the run, so that a wait is always a difference of moments.

mod ledger;
mod roll;

use bevy_ecs::prelude::*;

pub use ledger::{Ended, Housed, Letting, Lost, Matched, QueueLedger};
pub use roll::{Coming, Opening, Roll, Vacancy};

/// No dwelling, or no household.
pub const NONE: u32 = u32::MAX;
/// A moment that never comes.
pub const NEVER: u16 = u16::MAX;
/// Most households that share a home.
pub const MOST_SHARERS: usize = 8;

/// Where a household stands.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
#[repr(u8)]
pub enum Standing {
    /// A free slot.
    #[default]
    Free,
    /// On the list, a candidate.
    Waiting,
    /// On the list, looking for others to share with.
    Pooling,
    /// On the list with others, one of whom is the candidate for all.
    Mate,
    /// A tenant who looks for nothing.
    Housed,
    /// A member of a population in stages.
    Member,
}

/// Who is it, since when, and where does it stand: the column that every queue world has.
#[derive(Component, Clone, Copy, Debug, Default)]
pub struct Listed {
    /// Name.
    pub name: u64,
    /// Moment of entering the list.
    pub entered: u16,
    /// Moment from which registration time counts: later than `entered` after losing the place.
    pub since: u16,
    /// Group, by position.
    pub group: u8,
    /// Standing.
    pub standing: Standing,
}

/// Moment of the next event of its own: giving up for those on the list, beginning to look for tenants.
#[derive(Component, Clone, Copy, Debug)]
pub struct Leaves(pub u16);

/// Moment at which the registration ends unless it is renewed.
#[derive(Component, Clone, Copy, Debug)]
pub struct Renewal(pub u16);

/// Offers that were made so far.
#[derive(Component, Clone, Copy, Debug, Default)]
pub struct OffersMade(pub u16);

/// Moment from which search points count.
#[derive(Component, Clone, Copy, Debug, Default)]
pub struct SearchingSince(pub u16);

/// Buffer: 0 for the list, otherwise 1 + the good it waits for, and the moment it began to.
#[derive(Component, Clone, Copy, Debug, Default)]
pub struct Buffer(pub u8, pub u16);

/// The dwelling it lives in.
#[derive(Component, Clone, Copy, Debug)]
pub struct Abode(pub u32);

/// Those who share with this candidate, and their number.
#[derive(Component, Clone, Copy, Debug, Default)]
pub struct Mates {
    /// Slots.
    pub slots: [u32; MOST_SHARERS - 1],
    /// How many of them count.
    pub count: u8,
}

/// Stage of a member of a population.
#[derive(Component, Clone, Copy, Debug, Default)]
pub struct Stage(pub u8);

/// A dwelling of a fixed stock.
#[derive(Component, Clone, Copy, Debug)]
pub struct Place {
    /// Name.
    pub name: u64,
    /// Moment at which the tenancy ends.
    pub ends: u16,
    /// Slot of the tenant where tenants are followed, otherwise any other number than [`NONE`]; `NONE` if vacant.
    pub tenant: u32,
    /// Good, by position.
    pub good: u8,
}

/// Which columns the households of a world carry, apart from [`Listed`].
#[derive(Resource, Clone, Copy, Default, PartialEq, Eq, Debug)]
pub struct Declared {
    /// [`Leaves`]
    pub leaves: bool,
    /// [`Renewal`]
    pub renewal: bool,
    /// [`OffersMade`]
    pub offers: bool,
    /// [`SearchingSince`]
    pub searching: bool,
    /// [`Buffer`]
    pub buffer: bool,
    /// [`Abode`]
    pub abode: bool,
    /// [`Mates`]
    pub mates: bool,
    /// [`Stage`]
    pub stage: bool,
}

/// Adds `rows` free household slots with the declared columns, and puts them on the list of free slots.
///
/// # Panics
/// If the world lacks [`Declared`] or [`Roll`].
pub fn grow(world: &mut World, rows: u32) {
    let declared = *world.resource::<Declared>();
    for _ in 0..rows {
        let mut row = world.spawn(Listed::default());
        // one column after the other: the row ends in the table that has all of them, in the order of spawning
        if declared.leaves {
            row.insert(Leaves(NEVER));
        }
        if declared.renewal {
            row.insert(Renewal(NEVER));
        }
        if declared.offers {
            row.insert(OffersMade(0));
        }
        if declared.searching {
            row.insert(SearchingSince(0));
        }
        if declared.buffer {
            row.insert(Buffer(0, 0));
        }
        if declared.abode {
            row.insert(Abode(NONE));
        }
        if declared.mates {
            row.insert(Mates::default());
        }
        if declared.stage {
            row.insert(Stage(0));
        }
        world.resource_mut::<Roll>().add_slot();
    }
}

/// Adds dwellings.
pub fn build(world: &mut World, places: impl IntoIterator<Item = Place>) {
    for place in places {
        world.spawn(place);
    }
}
