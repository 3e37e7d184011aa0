//! The register: a row of one adult in one market (inschrijving), since a date.

use bevy_ecs::prelude::Resource;
use doorstroom_kernel::{Day, Step};

use crate::due::Due;
use crate::group::SeekerGroup;
use crate::household::Seeker;
use crate::name::KinName;
use crate::slots::{NO_SLOT, Slot};

/// What the holder does with a row.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default)]
#[repr(u8)]
pub enum RowState {
    /// A free row.
    #[default]
    Free,
    /// Registered as insurance: builds up time, does not react.
    Dormant,
    /// Wishes to move and reacts.
    Searching,
}

/// One registration.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Registration {
    /// Who it is.
    pub name: KinName,
    /// Household (slot) that holds it.
    pub holder: Slot,
    /// Next row of the same household.
    pub next_row: Slot,
    /// Date of registration: registration time (inschrijfduur) runs from here.
    pub since: Day,
    /// Date on which searching began: search time (zoekduur) runs from here, while searching.
    pub searching_since: Day,
    /// Step of the last reaction; `NEVER` before the first.
    pub reacted: Step,
    /// When the Registration phase looks at the row again.
    pub next_event: Due,
    /// Date before which months of search give no points: that of the last refusal that cost all of them.
    pub points_from: Day,
    /// Months in which it reacted as often as its region asks for search points.
    pub active_months: u8,
    /// Offers refused that cost something.
    pub refusals: u8,
    /// Market (region slot).
    pub market: u8,
    /// Place of the adult among the members of the holder.
    pub member: u8,
    /// What the holder does with it.
    pub state: RowState,
    /// Group of the holder: a copy, so that a pass over the register need not visit households.
    pub group: SeekerGroup,
}

impl Default for Registration {
    fn default() -> Self {
        Registration {
            name: KinName::NOBODY,
            holder: NO_SLOT,
            next_row: NO_SLOT,
            since: Day(0),
            searching_since: Day(0),
            reacted: Step::NEVER,
            next_event: Due::NEVER,
            points_from: Day(0),
            active_months: 0,
            refusals: 0,
            market: 0,
            member: 0,
            state: RowState::Free,
            group: SeekerGroup::None,
        }
    }
}

/// All rows, linked per household through [`Seeker::first_row`].
#[derive(Resource, Clone, Debug, Default)]
pub struct Register {
    /// Rows by slot; free ones have state `Free`.
    pub rows: Vec<Registration>,
    free: Vec<Slot>,
}

impl Register {
    /// An empty register with room for `rows`.
    pub fn with_capacity(rows: usize) -> Self {
        Register { rows: Vec::with_capacity(rows), free: Vec::new() }
    }

    /// Adds `row` for `holder` whose search facts are `seeker`; returns its slot.
    pub fn enter(&mut self, holder: Slot, seeker: &mut Seeker, row: Registration) -> Slot {
        let row = Registration { holder, next_row: seeker.first_row, group: seeker.group, ..row };
        seeker.searching_rows += u8::from(row.state == RowState::Searching);
        let slot = match self.free.pop() {
            Some(slot) => {
                self.rows[slot as usize] = row;
                slot
            }
            None => {
                self.rows.push(row);
                self.rows.len() as Slot - 1
            }
        };
        seeker.first_row = slot;
        slot
    }

    /// Ends `row` of the household whose search facts are `seeker`.
    pub fn end(&mut self, seeker: &mut Seeker, row: Slot) {
        let after = self.rows[row as usize].next_row;
        seeker.searching_rows -= u8::from(self.rows[row as usize].state == RowState::Searching);
        if seeker.first_row == row {
            seeker.first_row = after;
        } else {
            let mut before = seeker.first_row;
            while self.rows[before as usize].next_row != row {
                before = self.rows[before as usize].next_row;
            }
            self.rows[before as usize].next_row = after;
        }
        self.rows[row as usize] = Registration::default();
        self.free.push(row);
    }

    /// Lets a row search from `day`; `next_event` is when it is looked at again.
    pub fn search(&mut self, seeker: &mut Seeker, row: Slot, day: Day, next_event: Due) {
        let entry = &mut self.rows[row as usize];
        seeker.searching_rows += u8::from(entry.state != RowState::Searching);
        entry.state = RowState::Searching;
        entry.searching_since = day;
        entry.next_event = next_event;
    }

    /// Lets a row sleep: it builds up time and does not react.
    pub fn sleep(&mut self, seeker: &mut Seeker, row: Slot) {
        let entry = &mut self.rows[row as usize];
        seeker.searching_rows -= u8::from(entry.state == RowState::Searching);
        entry.state = RowState::Dormant;
    }

    /// Tells the rows of a household its group.
    pub fn regroup(&mut self, seeker: &Seeker) {
        let mut next = seeker.first_row;
        while next != NO_SLOT {
            self.rows[next as usize].group = seeker.group;
            next = self.rows[next as usize].next_row;
        }
    }

    /// Ends every row of the household, or those of the adult at `member` only.
    pub fn end_all(&mut self, seeker: &mut Seeker, member: Option<u8>) {
        let rows: Vec<Slot> = self.rows_of(seeker).collect();
        for row in rows {
            if member.is_none_or(|place| self.rows[row as usize].member == place) {
                self.end(seeker, row);
            }
        }
    }

    /// Rows of the household whose search facts are `seeker`.
    pub fn rows_of(&self, seeker: &Seeker) -> RowsOf<'_> {
        RowsOf { register: self, next: seeker.first_row }
    }

    /// Takes the rows of the adult at `member` away from a household, to be entered for another.
    pub fn detach(&mut self, seeker: &mut Seeker, member: u8) -> Vec<Registration> {
        let rows: Vec<Slot> = self.rows_of(seeker).filter(|&row| self.rows[row as usize].member == member).collect();
        rows.into_iter()
            .map(|row| {
                let taken = self.rows[row as usize];
                self.end(seeker, row);
                taken
            })
            .collect()
    }

    /// True if the adult at `member` is registered in `market`.
    pub fn has(&self, seeker: &Seeker, member: u8, market: u8) -> bool {
        self.rows_of(seeker).any(|row| {
            let row = &self.rows[row as usize];
            row.member == member && row.market == market
        })
    }

    /// Rows in use.
    pub fn registered(&self) -> usize {
        self.rows.len() - self.free.len()
    }
}

/// Rows of one household.
pub struct RowsOf<'a> {
    register: &'a Register,
    next: Slot,
}

impl Iterator for RowsOf<'_> {
    type Item = Slot;
    fn next(&mut self) -> Option<Slot> {
        let row = (self.next != NO_SLOT).then_some(self.next)?;
        self.next = self.register.rows[row as usize].next_row;
        Some(row)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_takes_no_more_than_32_bytes() {
        assert_eq!(size_of::<Registration>(), 32);
    }

    #[test]
    fn a_household_finds_all_its_rows_and_only_those() {
        let mut register = Register::default();
        let (mut a, mut b) = (Seeker::default(), Seeker::default());
        let row = |member| Registration { member, state: RowState::Dormant, ..Registration::default() };
        register.enter(0, &mut a, row(0));
        register.enter(1, &mut b, row(0));
        let middle = register.enter(0, &mut a, row(1));
        register.enter(0, &mut a, row(2));
        register.end(&mut a, middle);
        let members: Vec<u8> = register.rows_of(&a).map(|r| register.rows[r as usize].member).collect();
        assert_eq!(members, [2, 0]);
        assert_eq!(register.enter(1, &mut b, row(3)), middle, "a freed row is used again");
        assert_eq!(register.registered(), 4);
        assert_eq!(register.detach(&mut b, 3).len(), 1);
        assert_eq!(register.rows_of(&b).count(), 1);
    }
}
