//! Households counted once and followed since: how they live, whether they search, how long the lists are.

use std::ops::AddAssign;

use bevy_ecs::prelude::*;
use doorstroom_kernel::lane::{CHUNK_ROWS, in_blocks};
use doorstroom_kernel::{Clock, Lane, Step};
use doorstroom_state::members::MEMBERS_MAX;
use doorstroom_state::municipality::Gazetteer;
use doorstroom_state::registration::{Register, Registration, RowState};
use doorstroom_state::{Home, HomeKind, Household, NO_SLOT, Seeker, SeekerGroup, Slot, Written};

use crate::look::{look, look_with, whole};

/// Kinds of home.
pub const KINDS: usize = 13;
/// Seeker groups.
pub const GROUPS: usize = SeekerGroup::ALL.len();
/// Kinds of home that are no private household's.
const APART: [HomeKind; 5] = [
    HomeKind::Reception,
    HomeKind::UkrainianPlace,
    HomeKind::UkrainianElsewhere,
    HomeKind::Interim,
    HomeKind::FlowThrough,
];
/// Chunks counted into one set of cells.
const CHUNKS_A_TASK: usize = 8;

/// Registrations of one area and group.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct RegisterCell {
    /// In use.
    pub registered: u32,
    /// In the state searching.
    pub searching: u32,
    /// With a reaction in the past twelve months.
    pub active: u32,
}

impl AddAssign<&RegisterCell> for RegisterCell {
    fn add_assign(&mut self, other: &RegisterCell) {
        self.registered += other.registered;
        self.searching += other.searching;
        self.active += other.active;
    }
}

/// Households of one area and group.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct HouseholdCell {
    /// By kind of home, in the order of [`HomeKind`].
    pub homes: [u32; KINDS],
    /// With a registration.
    pub registered: u32,
    /// With a registration that searches.
    pub searching: u32,
    /// Persons in the searching households.
    pub persons: u32,
}

impl AddAssign<&HouseholdCell> for HouseholdCell {
    fn add_assign(&mut self, other: &HouseholdCell) {
        self.homes.iter_mut().zip(&other.homes).for_each(|(mine, others)| *mine += others);
        self.registered += other.registered;
        self.searching += other.searching;
        self.persons += other.persons;
    }
}

impl HouseholdCell {
    /// Households in this kind of home.
    pub fn in_home(&self, kind: HomeKind) -> u32 {
        self.homes[kind as usize]
    }

    /// Households that another household hosts.
    pub fn hosted(&self) -> u32 {
        [HomeKind::WithParents, HomeKind::WithKin, HomeKind::Sublet].map(|kind| self.in_home(kind)).iter().sum()
    }

    /// All households present.
    pub fn present(&self) -> u32 {
        self.homes.iter().sum()
    }

    /// Private households: reception and places for displaced Ukrainians apart.
    pub fn private(&self) -> u32 {
        self.present() - APART.map(|kind| self.in_home(kind)).iter().sum::<u32>()
    }
}

/// Cells of one area, by group.
pub type ByGroup<C> = [C; GROUPS];

/// Adds cells of two areas group by group.
pub fn add_groups<C: for<'a> AddAssign<&'a C>>(to: &mut ByGroup<C>, from: &ByGroup<C>) {
    to.iter_mut().zip(from).for_each(|(to, from)| *to += from);
}

/// Households and registrations of one moment.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct HouseholdCount {
    /// By municipality (slot) where they live; the last entry is those without municipality.
    pub municipalities: Vec<ByGroup<HouseholdCell>>,
    /// Registrations by market (region slot) in which they stand.
    pub markets: Vec<ByGroup<RegisterCell>>,
    /// Households that wait on the clock of their entry group (see [`Seeker::waits`]), by entry group.
    pub waiting: [u32; GROUPS],
    /// Persons outside private households, by kind of home.
    pub persons_apart: [u32; KINDS],
}

impl HouseholdCount {
    fn empty(municipalities: usize) -> Self {
        HouseholdCount { municipalities: vec![Default::default(); municipalities + 1], ..HouseholdCount::default() }
    }

    /// The whole country, by group.
    pub fn country(&self) -> ByGroup<HouseholdCell> {
        let mut country = ByGroup::default();
        self.municipalities.iter().for_each(|cells| add_groups(&mut country, cells));
        country
    }
}

/// What one household adds to a count, in one word. The default adds nothing.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
struct Part(u32);

/// A fact in the word: its first bit, and how many bits it has.
type Field = (u32, u32);

const KIND: Field = (0, 4);
const GROUP: Field = (4, 3);
const IS_REGISTERED: Field = (7, 1);
const SEARCHES: Field = (8, 1);
/// The group on whose clock the household waits.
const WAITS_AS: Field = (9, 3);
/// Persons, where they are counted.
const PERSONS: Field = (12, 4);
const MUNICIPALITY: Field = (16, 16);
const _: () = assert!(KINDS <= 1 << KIND.1 && GROUPS <= 1 << GROUP.1 && MEMBERS_MAX < 1 << PERSONS.1);

impl Part {
    #[inline]
    fn of(home: &Home, seeker: &Seeker, households: &[Household], slot: usize) -> Part {
        if home.kind == HomeKind::Nowhere {
            return Part::default();
        }
        let searches = seeker.searching_rows > 0;
        let waits_as = if seeker.waits(home.kind, searches) { seeker.entry_group } else { SeekerGroup::None };
        // persons are read only of those of whom they are counted
        let persons = if searches || !home.kind.is_private() { households[slot].members.count() as u32 } else { 0 };
        Part::default()
            .with(KIND, home.kind as u32)
            .with(GROUP, seeker.group as u32)
            .with(IS_REGISTERED, u32::from(seeker.first_row != NO_SLOT))
            .with(SEARCHES, u32::from(searches))
            .with(WAITS_AS, waits_as as u32)
            .with(PERSONS, persons)
            .with(MUNICIPALITY, u32::from(home.municipality))
    }

    #[inline]
    fn with(self, (from, _): Field, value: u32) -> Part {
        Part(self.0 | value << from)
    }

    #[inline]
    fn get(self, (from, count): Field) -> u32 {
        self.0 >> from & ((1 << count) - 1)
    }

    /// Books the household in all cells of the count to which it belongs.
    #[inline]
    fn book(self, count: &mut HouseholdCount, book: impl Fn(&mut u32, u32)) {
        let (kind, waits_as) = (self.get(KIND) as usize, self.get(WAITS_AS) as usize);
        if kind == HomeKind::Nowhere as usize {
            return;
        }
        let municipality = (self.get(MUNICIPALITY) as usize).min(count.municipalities.len() - 1);
        let cell = &mut count.municipalities[municipality][self.get(GROUP) as usize];
        book(&mut cell.homes[kind], 1);
        book(&mut cell.registered, self.get(IS_REGISTERED));
        if self.get(SEARCHES) == 1 {
            book(&mut cell.searching, 1);
            book(&mut cell.persons, self.get(PERSONS));
        }
        if APART.iter().any(|&apart| apart as usize == kind) {
            book(&mut count.persons_apart[kind], self.get(PERSONS));
        }
        if waits_as != SeekerGroup::None as usize {
            book(&mut count.waiting[waits_as], 1);
        }
    }
}

/// Households counted once and followed since: a month costs what was written in it.
#[derive(Clone, Debug)]
pub struct Followed {
    parts: Vec<Part>,
    count: HouseholdCount,
}

impl Followed {
    /// Every household, counted.
    pub fn counted(world: &mut World) -> Self {
        let (parts, count) = look(world, count_all);
        Followed { parts, count }
    }

    /// The count after a month: households that were written in it are taken out as they were and put in as they are.
    pub fn see(&mut self, world: &mut World) -> HouseholdCount {
        look_with(world, &mut *self, follow);
        HouseholdCount { markets: look(world, markets), ..self.count.clone() }
    }
}

/// Every household in one pass.
fn count_all(
    households: Query<(&Home, &Seeker, &Household)>,
    gazetteer: Res<Gazetteer>,
    lane: Res<Lane>,
) -> (Vec<Part>, HouseholdCount) {
    let empty = HouseholdCount::empty(gazetteer.region_of.len());
    let Some((homes, seekers, households)) = whole(households) else { return (Vec::new(), empty) };
    let chunks = lane.map_chunks(homes.len(), |from, to| {
        (from..to).map(|slot| Part::of(&homes[slot], &seekers[slot], households, slot)).collect::<Vec<Part>>()
    });
    let (parts, mut count) = (chunks.concat(), empty);
    parts.iter().for_each(|part| part.book(&mut count, |cell, one| *cell += one));
    (parts, count)
}

fn follow(
    InMut(followed): InMut<Followed>,
    households: Query<(&Home, &Seeker, &Household)>,
    written: Res<Written>,
    lane: Res<Lane>,
) {
    let Some((homes, seekers, households)) = whole(households) else { return };
    let Followed { parts, count } = followed;
    parts.resize(homes.len(), Part::default());
    let slots: Vec<Slot> = written.slots().collect();
    let read = |&slot: &Slot| {
        let slot = slot as usize;
        let known = u64::from(parts[slot].0);
        known ^ homes[slot].kind as u64 ^ seekers[slot].group as u64 ^ households[slot].members.count() as u64
    };
    let change = |&slot: &Slot| {
        let i = slot as usize;
        let (before, now) = (parts[i], Part::of(&homes[i], &seekers[i], households, i));
        (before != now).then_some((slot, before, now))
    };
    for (slot, before, now) in lane.filter_scattered(&slots, read, change).into_iter().flatten() {
        parts[slot as usize] = now;
        before.book(count, |cell, one| *cell -= one);
        now.book(count, |cell, one| *cell += one);
    }
}

/// Registrations by market (region slot) in which they stand, in one pass over the register.
fn markets(
    register: Res<Register>,
    gazetteer: Res<Gazetteer>,
    clock: Res<Clock>,
    lane: Res<Lane>,
) -> Vec<ByGroup<RegisterCell>> {
    let empty = vec![ByGroup::<RegisterCell>::default(); gazetteer.region_codes.len()];
    let parts = lane.map(&tasks(register.rows.len()), |&(from, to)| {
        let mut cells = empty.clone();
        for row in register.rows[from..to].iter().filter(|row| row.state != RowState::Free) {
            cells[usize::from(row.market)][row.group as usize] += &cell_of(row, &clock);
        }
        cells
    });
    summed(parts, empty)
}

/// Stretches of `0..rows` that are counted into one set of cells each.
fn tasks(rows: usize) -> Vec<(usize, usize)> {
    let length = CHUNK_ROWS * CHUNKS_A_TASK;
    (0..rows).step_by(length).map(|from| (from, (from + length).min(rows))).collect()
}

/// One registration as a cell.
#[inline]
fn cell_of(row: &Registration, clock: &Clock) -> RegisterCell {
    let since = u32::from(clock.step.0.saturating_sub(row.reacted.0));
    let reacted = row.reacted != Step::NEVER && since < clock.calendar.steps_in_months(12);
    RegisterCell { registered: 1, searching: u32::from(row.state == RowState::Searching), active: u32::from(reacted) }
}

/// Registrations by municipality (slot) in which the holder lives, whatever their market; the last entry is those
/// without municipality. Visits every holder, so it is for yearly tables.
pub fn registrations(
    homes: Query<&Home>,
    register: Res<Register>,
    gazetteer: Res<Gazetteer>,
    clock: Res<Clock>,
    lane: Res<Lane>,
) -> Vec<ByGroup<RegisterCell>> {
    let municipalities = gazetteer.region_of.len();
    let empty = vec![ByGroup::<RegisterCell>::default(); municipalities + 1];
    let Some(homes) = whole(homes) else { return empty };
    let parts = lane.map(&tasks(register.rows.len()), |&(from, to)| {
        let mut cells = empty.clone();
        let taken: Vec<&Registration> =
            register.rows[from..to].iter().filter(|row| row.state != RowState::Free).collect();
        let municipality = |row: &Registration| usize::from(homes[row.holder as usize].municipality);
        in_blocks(
            &taken,
            |row| municipality(row) as u64,
            |row| cells[municipality(row).min(municipalities)][row.group as usize] += &cell_of(row, &clock),
        );
        cells
    });
    summed(parts, empty)
}

/// Cells of all parts, added up.
fn summed(parts: Vec<Vec<ByGroup<RegisterCell>>>, empty: Vec<ByGroup<RegisterCell>>) -> Vec<ByGroup<RegisterCell>> {
    let mut total = empty;
    parts.iter().for_each(|cells| total.iter_mut().zip(cells).for_each(|(to, from)| add_groups(to, from)));
    total
}
