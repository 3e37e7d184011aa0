//! Short lists of households that some process has to find without searching the country.
//!
//! Caches: an entry is noted when a household comes into the state and checked at use, so stale and double entries do
//! no harm. Used in the order of names, or by who has an order of its own.

use bevy_ecs::prelude::Resource;
use doorstroom_kernel::Lane;

use crate::household::Household;
use crate::name::KinName;
use crate::slots::Slot;

/// A household by slot and, because slots are reused, by name.
pub type Entry = (KinName, Slot);

/// One list.
#[derive(Clone, Debug, Default)]
pub struct List(pub Vec<Entry>);

impl List {
    /// Notes a household.
    pub fn note(&mut self, name: KinName, slot: Slot) {
        self.0.push((name, slot));
    }

    /// Drops entries that are double, whose slot has another household now, or that `keep` rejects; the rest comes
    /// back in the order of names.
    pub fn settle(&mut self, households: &[Household], keep: impl Fn(Slot) -> bool) -> &[Entry] {
        self.0.retain(|&(name, slot)| households[slot as usize].kin.name == name && keep(slot));
        // what was left of the last time is in order already: a stable sort finds such runs
        self.0.sort();
        self.0.dedup();
        &self.0
    }

    /// The same in the order of slots, for who brings the entries into an order of its own afterwards: a long list is
    /// checked along the columns, not across them.
    pub fn by_slot(
        &mut self,
        lane: &Lane,
        households: &[Household],
        keep: impl Fn(Slot) -> bool + Sync + Send,
    ) -> &[Entry] {
        self.0.sort_by_key(|&(name, slot)| (slot, name));
        self.0.dedup();
        let read = |&(_, slot): &Entry| households[slot as usize].kin.name.0;
        let mut stay = lane
            .map_scattered(&self.0, read, |&(name, slot)| households[slot as usize].kin.name == name && keep(slot))
            .into_iter();
        self.0.retain(|_| stay.next() == Some(true));
        &self.0
    }
}

/// All lists.
#[derive(Resource, Clone, Debug, Default)]
pub struct Lists {
    /// Status holders in reception.
    pub reception: List,
    /// Status holders in interim places, and those who left by their own network.
    pub after_reception: List,
    /// Displaced Ukrainians.
    pub ukrainians: List,
    /// Holders of an urgency statement.
    pub urgent: List,
    /// Leavers of institutions who search.
    pub care_leavers: List,
    /// Households with a wish on the owner-occupied or private rental market.
    pub wishing: List,
    /// Status holders who await family.
    pub sponsors: List,
    /// Households that take a free room if there is one.
    pub room_seekers: List,
    /// Households that could host others this step.
    pub hosts: List,
    /// Tenants of corporations who could be told this step that their dwelling will be demolished.
    pub renewable: List,
    /// Flex homes: name and slot of the dwelling.
    pub flex: List,
}

impl Lists {
    /// Every list, for tests that renumber slots. Flex homes hold dwelling slots and come last.
    pub fn all_mut(&mut self) -> [&mut List; 10] {
        [
            &mut self.reception,
            &mut self.after_reception,
            &mut self.ukrainians,
            &mut self.urgent,
            &mut self.care_leavers,
            &mut self.wishing,
            &mut self.sponsors,
            &mut self.room_seekers,
            &mut self.hosts,
            &mut self.flex,
        ]
    }
}
