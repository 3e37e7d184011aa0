//! Dwellings and persons counted once a year: stock by tenure, vacancy, crowding (overbewoning).

use std::ops::AddAssign;

use bevy_ecs::prelude::*;
use doorstroom_kernel::lane::{in_blocks, joined};
use doorstroom_kernel::{Clock, Lane, MonthOfYear};
use doorstroom_policy::crowding::{
    is_crowded, is_under_occupied, rooms_needed_by, rooms_needed_by_all, rooms_needed_in_shared_home,
};
use doorstroom_state::columns::rows_where;
use doorstroom_state::dwelling::DwellingUse;
use doorstroom_state::members::MEMBERS_MAX;
use doorstroom_state::municipality::Gazetteer;
use doorstroom_state::tenancy::Occupants;
use doorstroom_state::{Dwelling, DwellingForm, Home, HomeKind, Household, Members, NO_SLOT};

use crate::look::whole;

/// Dwellings and persons of one area.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct StockCell {
    /// Dwellings that exist.
    pub dwellings: u32,
    /// Occupied self-contained dwellings (flex homes too), by tenure.
    pub occupied: [u32; 3],
    /// Vacant self-contained dwellings that may be lived in, by tenure.
    pub vacant: [u32; 3],
    /// Flex homes.
    pub flex: u32,
    /// Vacant flex homes.
    pub flex_vacant: u32,
    /// Persons in all households.
    pub persons: u32,
    /// Persons at addresses of the dwelling stock; 0 unless measured, as the next two.
    pub persons_in_dwellings: u32,
    /// Of those, in a dwelling with fewer rooms than needed.
    pub crowded_persons: u32,
    /// Of those, in a dwelling with more rooms than needed.
    pub under_occupied_persons: u32,
}

impl AddAssign<&StockCell> for StockCell {
    fn add_assign(&mut self, other: &StockCell) {
        self.dwellings += other.dwellings;
        for tenure in 0..3 {
            self.occupied[tenure] += other.occupied[tenure];
            self.vacant[tenure] += other.vacant[tenure];
        }
        self.flex += other.flex;
        self.flex_vacant += other.flex_vacant;
        self.persons += other.persons;
        self.persons_in_dwellings += other.persons_in_dwellings;
        self.crowded_persons += other.crowded_persons;
        self.under_occupied_persons += other.under_occupied_persons;
    }
}

/// The sum of `cells`.
pub fn sum(cells: &[StockCell]) -> StockCell {
    let mut total = StockCell::default();
    cells.iter().for_each(|cell| total += cell);
    total
}

/// Counts dwellings and persons by municipality (slot; the last entry is households without municipality). Crowding
/// is measured only if `measure` says so: it visits every person at every address, and counts them there.
pub fn count(
    InRef(measure): InRef<bool>,
    dwellings: Query<&Dwelling>,
    households: Query<(&Home, &Household)>,
    gazetteer: Res<Gazetteer>,
    clock: Res<Clock>,
    lane: Res<Lane>,
) -> Vec<StockCell> {
    let places = gazetteer.region_of.len();
    let (homes, households) = whole(households).unwrap_or_default();
    let month = clock.tomorrow.month_index();
    let alone = if *measure { Alone::of_all(homes, households, month, &lane) } else { Vec::new() };
    let pass = Pass { homes, households, alone, month, measure: *measure };
    let dwellings = whole(dwellings).unwrap_or_default();
    let by_dwelling = lane.map_chunks(dwellings.len(), |from, to| {
        let mut cells = vec![StockCell::default(); places + 1];
        let read = |dwelling: &Dwelling| pass.read_ahead(dwelling);
        in_blocks(&dwellings[from..to], read, |dwelling| {
            pass.see(dwelling, &mut cells[usize::from(dwelling.municipality).min(places)]);
        });
        cells
    });
    let by_household = lane.map_chunks(homes.len(), |from, to| {
        let mut cells = vec![StockCell::default(); places + 1];
        // persons lie far apart, and most are counted where they live
        let counts = |home: &Home| home.kind != HomeKind::Nowhere && !(*measure && home.dwelling != NO_SLOT);
        for slot in rows_where(&homes[from..to], from, counts) {
            let (home, household) = (&homes[slot as usize], &households[slot as usize]);
            cells[usize::from(home.municipality).min(places)].persons += household.members.count() as u32;
        }
        cells
    });
    let mut total = vec![StockCell::default(); places + 1];
    for cells in by_dwelling.iter().chain(&by_household) {
        total.iter_mut().zip(cells).for_each(|(to, from)| *to += from);
    }
    total
}

/// Rooms needed and persons, four bits each, of a household without guests that is no guest: most addresses ask for
/// nothing else, so that their occupants, who lie far apart, are read once, in their own order. 0 for other households.
#[derive(Clone, Copy)]
struct Alone(u8);

impl Alone {
    fn of_all(homes: &[Home], households: &[Household], month: MonthOfYear, lane: &Lane) -> Vec<Alone> {
        joined(lane.map_chunks(homes.len(), |from, to| {
            let rows = homes[from..to].iter().zip(&households[from..to]);
            rows.map(|(home, household)| Alone::of(home, &household.members, month)).collect()
        }))
    }

    fn of(home: &Home, members: &Members, month: MonthOfYear) -> Alone {
        if home.kind != HomeKind::Dwelling || home.next_sharer != NO_SLOT {
            return Alone(0);
        }
        let (needed, persons) = (rooms_needed_by(members, month), members.count() as u8);
        Alone(needed << 4 | persons)
    }

    /// Rooms needed and persons.
    fn get(self) -> Option<(u8, u16)> {
        (self.0 != 0).then_some((self.0 >> 4, u16::from(self.0 & 15)))
    }
}

// nobody needs more rooms than one a person and a common one
const _: () = assert!(MEMBERS_MAX + 1 < 1 << 4);

struct Pass<'a> {
    homes: &'a [Home],
    households: &'a [Household],
    /// By household; nothing unless measured.
    alone: Vec<Alone>,
    month: MonthOfYear,
    measure: bool,
}

impl Pass<'_> {
    /// Reads what is known of the first occupant.
    fn read_ahead(&self, dwelling: &Dwelling) -> u64 {
        self.alone.get(dwelling.occupant as usize).map_or(0, |alone| u64::from(alone.0))
    }

    fn see(&self, dwelling: &Dwelling, cell: &mut StockCell) {
        if dwelling.state == DwellingUse::Gone {
            return;
        }
        cell.dwellings += 1;
        let occupied = dwelling.occupant != NO_SLOT;
        let flex = dwelling.form == DwellingForm::Flex;
        if dwelling.form != DwellingForm::Shared && dwelling.state == DwellingUse::Lived {
            let stock = if occupied { &mut cell.occupied } else { &mut cell.vacant };
            stock[dwelling.tenure as usize] += 1;
            cell.flex += u32::from(flex);
            cell.flex_vacant += u32::from(flex && !occupied);
        }
        if self.measure && occupied {
            self.measure(dwelling, cell);
        }
    }

    fn measure(&self, dwelling: &Dwelling, cell: &mut StockCell) {
        let (needed, persons) =
            self.alone[dwelling.occupant as usize].get().unwrap_or_else(|| self.of_all_who_live_in(dwelling));
        let persons = u32::from(persons);
        cell.persons += persons;
        cell.persons_in_dwellings += persons;
        if is_crowded(needed, dwelling.rooms) {
            cell.crowded_persons += persons;
        }
        if is_under_occupied(needed, dwelling.rooms) {
            cell.under_occupied_persons += persons;
        }
    }

    /// Rooms needed and persons. Host and guests are measured together; a shared home has a bedroom for each adult.
    fn of_all_who_live_in(&self, dwelling: &Dwelling) -> (u8, u16) {
        let households = || Occupants::of(self.homes, dwelling).map(|slot| &self.households[slot as usize].members);
        let needed = match dwelling.form {
            DwellingForm::Shared => rooms_needed_in_shared_home(households(), self.month),
            _ => rooms_needed_by_all(households(), self.month),
        };
        (needed, households().map(Members::count).sum::<usize>() as u16)
    }
}
