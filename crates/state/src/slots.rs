//! Slots: dense rows that are reused, never despawned.

use std::marker::PhantomData;

use bevy_ecs::prelude::Resource;

/// A row of one table inside one world. Says nothing about who it is.
pub type Slot = u32;

/// No row.
pub const NO_SLOT: Slot = u32::MAX;

/// Which rows of the table of `T` are free.
#[derive(Resource, Debug)]
pub struct Slots<T> {
    free: Vec<Slot>,
    used: u32,
    kind: PhantomData<fn() -> T>,
}

impl<T> Clone for Slots<T> {
    fn clone(&self) -> Self {
        Slots { free: self.free.clone(), used: self.used, kind: PhantomData }
    }
}

impl<T> Slots<T> {
    /// A table whose first `used` rows are taken or freed later.
    pub fn new(used: u32) -> Self {
        Slots { free: Vec::new(), used, kind: PhantomData }
    }

    /// Gives a row back. It is taken again in ascending order by a later [`Slots::take`].
    pub fn give_back(&mut self, slot: Slot) {
        self.free.push(slot);
    }

    /// The `count` rows to fill next, freed ones in ascending order first, then new ones at the end.
    pub fn take(&mut self, count: usize) -> Vec<Slot> {
        self.free.sort_unstable();
        let reused = count.min(self.free.len());
        let mut slots: Vec<Slot> = self.free.drain(..reused).collect();
        for _ in reused..count {
            slots.push(self.used);
            self.used += 1;
        }
        slots
    }

    /// Rows taken now.
    pub fn taken(&self) -> u32 {
        self.used - self.free.len() as u32
    }

    /// Rows ever used: the length that columns must have at least.
    pub fn used(&self) -> u32 {
        self.used
    }
}
