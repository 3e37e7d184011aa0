//! The list and its counters, the open vacancies, and who comes in this step.

use bevy_ecs::prelude::*;

use super::{Listed, Standing};

/// Free slots, and per group how many are on the list and since when: what observers would otherwise count.
#[derive(Resource, Clone, Debug, Default)]
pub struct Roll {
    free: Vec<u32>,
    rows: u32,
    /// On the list, by group.
    pub waiting: Vec<u32>,
    /// Sum of the moments at which they entered, by group.
    pub entered: Vec<u64>,
    /// Those who look for others to share with, by group, in order of coming.
    pub pools: Vec<Vec<u32>>,
    /// In the buffer, by good.
    pub buffered: Vec<u32>,
    /// Dwellings of a stock that are let.
    pub occupied: u32,
    /// Dwellings that stand, let or vacant, by good.
    pub standing: Vec<u32>,
    /// Dwellings that should stand, by good: more of them close as soon as nobody lives there.
    pub wanted: Vec<u32>,
    /// Dwellings that do not stand, now or not yet, by good: name and slot.
    pub closed: Vec<Vec<(u64, u32)>>,
}

impl Roll {
    /// An empty list for so many groups and goods.
    pub fn new(groups: usize, goods: usize) -> Self {
        Roll {
            waiting: vec![0; groups],
            entered: vec![0; groups],
            pools: vec![Vec::new(); groups],
            buffered: vec![0; goods],
            standing: vec![0; goods],
            wanted: vec![0; goods],
            closed: vec![Vec::new(); goods],
            ..Roll::default()
        }
    }

    /// Free slots.
    pub fn free(&self) -> usize {
        self.free.len()
    }

    /// Whether nobody is on the list.
    pub fn nobody(&self) -> bool {
        self.waiting.iter().all(|&count| count == 0)
    }

    pub(super) fn add_slot(&mut self) {
        self.free.push(self.rows);
        self.rows += 1;
    }

    /// Takes a free slot.
    ///
    /// # Panics
    /// If there is none: room is made at the beginning of the step.
    pub fn take(&mut self) -> u32 {
        self.free.pop().expect("room for all who come was made at the beginning of the step")
    }

    /// Writes a household on the list.
    pub fn enter(&mut self, row: &mut Listed, group: u8, standing: Standing, moment: u16) {
        row.group = group;
        row.standing = standing;
        row.entered = moment;
        row.since = moment;
        self.waiting[usize::from(group)] += 1;
        self.entered[usize::from(group)] += u64::from(moment);
    }

    /// Closes a dwelling in which nobody lives, if more stand than should; whether it did.
    pub fn close(&mut self, good: u8, name: u64, slot: u32) -> bool {
        let good = usize::from(good);
        let closes = self.standing[good] > self.wanted[good];
        if closes {
            self.standing[good] -= 1;
            self.closed[good].push((name, slot));
        }
        closes
    }

    /// Opens the closed dwelling of the lowest name, if fewer stand than should.
    pub fn open(&mut self, good: u8) -> Option<(u64, u32)> {
        let good = usize::from(good);
        if self.standing[good] >= self.wanted[good] {
            return None;
        }
        let closed = &mut self.closed[good];
        let first = closed.iter().enumerate().min_by_key(|(_, (name, _))| *name).map(|(at, _)| at)?;
        self.standing[good] += 1;
        Some(closed.swap_remove(first))
    }

    /// Strikes a household off the list; it gets another standing, and its slot back if it goes altogether.
    pub fn leave(&mut self, slot: u32, row: &mut Listed, standing: Standing) {
        let group = usize::from(row.group);
        self.waiting[group] -= 1;
        self.entered[group] -= u64::from(row.entered);
        if row.standing == Standing::Pooling {
            self.pools[group].retain(|&other| other != slot);
        }
        row.standing = standing;
        if standing == Standing::Free {
            self.free.push(slot);
        }
    }

    /// Frees the slot of somebody who is not on the list.
    pub fn release(&mut self, slot: u32, row: &mut Listed) {
        row.standing = Standing::Free;
        self.free.push(slot);
    }
}

/// An open vacancy.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Vacancy {
    /// Name: of the dwelling and the step, or of the stream, the step and the ordinal.
    pub name: u64,
    /// Its dwelling, [`super::NONE`] in a stream.
    pub place: u32,
    /// Good.
    pub good: u8,
    /// Channel in which it stands.
    pub channel: u8,
    /// Label and binding, 0 for none, otherwise 1 + position.
    pub marks: (u8, u8),
    /// Whether this dwelling goes by lottery.
    pub by_lottery: bool,
    /// Place in its chain, from 1.
    pub link: u16,
    /// Offers made so far, in all steps.
    pub offers: u32,
}

/// The open vacancies.
#[derive(Resource, Clone, Debug, Default)]
pub struct Opening {
    /// Those that can be let now.
    pub now: Vec<Vacancy>,
    /// Those left behind in this step, which can be let in the next.
    pub next: Vec<Vacancy>,
}

/// Who comes in this step: drawn before the step begins, because slots are made outside the processes.
#[derive(Resource, Clone, Debug, Default)]
pub struct Coming {
    /// Arrivals by group.
    pub arrivals: Vec<u32>,
    /// Children by slot of the parent.
    pub births: Vec<(u32, u32)>,
}
