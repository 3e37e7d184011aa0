//! Households counted once a step: how they live, whether they search, how long the lists are.

use std::ops::AddAssign;

use bevy_ecs::prelude::*;
use doorstroom_kernel::lane::CHUNK_ROWS;
use doorstroom_kernel::{Clock, Lane, Step};
use doorstroom_state::household::Need;
use doorstroom_state::municipality::Gazetteer;
use doorstroom_state::registration::{Register, Registration, RowState};
use doorstroom_state::{Home, HomeKind, Members, NO_SLOT, Seeker, SeekerGroup, Slot};

use crate::look::whole;

/// Kinds of home.
pub const KINDS: usize = 13;
/// Seeker groups.
pub const GROUPS: usize = SeekerGroup::ALL.len();
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
        let apart = [
            HomeKind::Reception,
            HomeKind::UkrainianPlace,
            HomeKind::UkrainianElsewhere,
            HomeKind::Interim,
            HomeKind::FlowThrough,
        ];
        self.present() - apart.map(|kind| self.in_home(kind)).iter().sum::<u32>()
    }
}

/// Cells of one area, by group.
pub type ByGroup<C> = [C; GROUPS];

/// Adds cells of two areas group by group.
pub fn add_groups<C: for<'a> AddAssign<&'a C>>(to: &mut ByGroup<C>, from: &ByGroup<C>) {
    to.iter_mut().zip(from).for_each(|(to, from)| *to += from);
}

/// What one pass over the households gives.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct HouseholdCount {
    /// By municipality (slot) where they live; the last entry is those without municipality.
    pub municipalities: Vec<ByGroup<HouseholdCell>>,
    /// Registrations by market (region slot) in which they stand.
    pub markets: Vec<ByGroup<RegisterCell>>,
    /// Households that wait on the clock of their entry group (see [`waits`]), by entry group.
    pub waiting: [u64; GROUPS],
    /// Persons outside private households, by kind of home.
    pub persons_apart: [u64; KINDS],
}

impl HouseholdCount {
    fn empty(municipalities: usize, markets: usize) -> Self {
        HouseholdCount {
            municipalities: vec![Default::default(); municipalities + 1],
            markets: vec![Default::default(); markets],
            ..HouseholdCount::default()
        }
    }

    fn merge(&mut self, other: &HouseholdCount) {
        self.municipalities.iter_mut().zip(&other.municipalities).for_each(|(to, from)| add_groups(to, from));
        self.markets.iter_mut().zip(&other.markets).for_each(|(to, from)| add_groups(to, from));
        self.waiting.iter_mut().zip(&other.waiting).for_each(|(to, from)| *to += from);
        self.persons_apart.iter_mut().zip(&other.persons_apart).for_each(|(to, from)| *to += from);
    }

    /// The whole country, by group.
    pub fn country(&self) -> ByGroup<HouseholdCell> {
        let mut country = ByGroup::default();
        self.municipalities.iter().for_each(|cells| add_groups(&mut country, cells));
        country
    }
}

/// True while a household waits on the clock of its entry group (worlds/MODEL.md 6.3): a status holder or displaced
/// Ukrainian until its first stable home; a short-notice seeker until a stable home; an urgent one until a letting or
/// until it is on no list; a regular one while it searches before its first letting.
pub fn waits(seeker: &Seeker, home: &Home, searches: bool) -> bool {
    let unlet = seeker.first_letting == Step::NEVER;
    match seeker.entry_group {
        SeekerGroup::None => false,
        SeekerGroup::StatusHolder | SeekerGroup::DisplacedUkrainian => seeker.group == seeker.entry_group,
        // a stable home ends the need; who lives in a dwelling with a need has a flex home
        SeekerGroup::ShortNotice => {
            seeker.need != Need::None || !matches!(home.kind, HomeKind::Dwelling | HomeKind::Room)
        }
        SeekerGroup::Urgent => unlet && seeker.group != SeekerGroup::None,
        SeekerGroup::Regular => unlet && searches,
    }
}

/// Counts every household in one pass over homes and seekers, and every registration in one over the register; persons
/// are read only of those who search or live apart.
pub fn count(
    households: Query<(&Home, &Seeker, &Members)>,
    register: Res<Register>,
    gazetteer: Res<Gazetteer>,
    clock: Res<Clock>,
    lane: Res<Lane>,
) -> HouseholdCount {
    let (municipalities, markets) = (gazetteer.region_of.len(), gazetteer.region_codes.len());
    let mut total = HouseholdCount::empty(municipalities, markets);
    let Some((homes, seekers, members)) = whole(households) else { return total };
    let pass = Pass { homes, seekers, members };
    let counts = lane.map(&tasks(homes.len()), |&(from, to)| {
        let mut count = HouseholdCount::empty(municipalities, markets);
        let mut later = Later::default();
        (from..to).for_each(|slot| pass.see(slot, &mut count, &mut later));
        pass.see_persons(&later, &mut count);
        count
    });
    counts.iter().for_each(|count| total.merge(count));
    let cells = lane.map(&tasks(register.rows.len()), |&(from, to)| {
        let mut cells = vec![ByGroup::<RegisterCell>::default(); markets];
        for row in register.rows[from..to].iter().filter(|row| row.state != RowState::Free) {
            cells[usize::from(row.market)][row.group as usize] += &cell_of(row, &clock);
        }
        cells
    });
    cells.iter().for_each(|cells| total.markets.iter_mut().zip(cells).for_each(|(to, from)| add_groups(to, from)));
    total
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
) -> Vec<ByGroup<RegisterCell>> {
    let municipalities = gazetteer.region_of.len();
    let mut cells = vec![ByGroup::<RegisterCell>::default(); municipalities + 1];
    let Some(homes) = whole(homes) else { return cells };
    for row in register.rows.iter().filter(|row| row.state != RowState::Free) {
        let municipality = usize::from(homes[row.holder as usize].municipality).min(municipalities);
        cells[municipality][row.group as usize] += &cell_of(row, &clock);
    }
    cells
}

struct Pass<'a> {
    homes: &'a [Home],
    seekers: &'a [Seeker],
    members: &'a [Members],
}

/// Households whose persons are counted after the pass: a loop of nothing but their reads waits for memory less.
#[derive(Default)]
struct Later {
    searching: Vec<(Slot, u16, SeekerGroup)>,
    apart: Vec<(Slot, HomeKind)>,
}

impl Pass<'_> {
    #[inline]
    fn see(&self, slot: usize, count: &mut HouseholdCount, later: &mut Later) {
        let home = &self.homes[slot];
        if home.kind == HomeKind::Nowhere {
            return;
        }
        let seeker = &self.seekers[slot];
        let municipality = usize::from(home.municipality).min(count.municipalities.len() - 1);
        let cell = &mut count.municipalities[municipality][seeker.group as usize];
        cell.homes[home.kind as usize] += 1;
        cell.registered += u32::from(seeker.first_row != NO_SLOT);
        let searches = seeker.searching_rows > 0;
        if searches {
            cell.searching += 1;
            later.searching.push((slot as Slot, municipality as u16, seeker.group));
        }
        if !home.kind.is_private() {
            later.apart.push((slot as Slot, home.kind));
        }
        if seeker.entry_group != SeekerGroup::None && waits(seeker, home, searches) {
            count.waiting[seeker.entry_group as usize] += 1;
        }
    }

    fn see_persons(&self, later: &Later, count: &mut HouseholdCount) {
        for &(slot, municipality, group) in &later.searching {
            let persons = self.members[slot as usize].count() as u32;
            count.municipalities[usize::from(municipality)][group as usize].persons += persons;
        }
        for &(slot, kind) in &later.apart {
            count.persons_apart[kind as usize] += self.members[slot as usize].count() as u64;
        }
    }
}
