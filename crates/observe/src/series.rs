//! Monthly rows by area: seekers by group (`series`), households, persons and dwellings (`stock`).

use std::collections::VecDeque;
use std::ops::AddAssign;

use doorstroom_state::ledger::{AdvertFlows, Channel, Ledger, SearchFlows};
use doorstroom_state::{HomeKind, SeekerGroup};

use crate::areas::Areas;
use crate::dwellings::StockCell;
use crate::households::{ByGroup, GROUPS, HouseholdCell, HouseholdCount, RegisterCell, add_groups};
use crate::lettings::{is_from_advert, is_regular};
use crate::rows::{SeriesRow, StockRow};
use crate::table::Text;
use crate::totals::Totals;

/// Lettings of one area and group in one step.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct LettingCell {
    /// Regular lettings by channel.
    pub channels: [u32; 3],
    /// Of those, first ones since the fork.
    pub first: u32,
    /// Lettings of any kind that came out of adverts.
    pub from_adverts: u32,
    /// Registrations used up by those.
    pub rows_used: u32,
}

impl AddAssign<&LettingCell> for LettingCell {
    fn add_assign(&mut self, other: &LettingCell) {
        self.channels.iter_mut().zip(&other.channels).for_each(|(to, from)| *to += from);
        self.first += other.first;
        self.from_adverts += other.from_adverts;
        self.rows_used += other.rows_used;
    }
}

/// Lettings by municipality (the last entry stays empty: a dwelling has a municipality) and group at letting.
pub fn lettings_by_place(ledger: &Ledger, municipalities: usize) -> Vec<ByGroup<LettingCell>> {
    let mut cells = vec![ByGroup::<LettingCell>::default(); municipalities + 1];
    for letting in &ledger.lettings {
        let cell = &mut cells[usize::from(letting.municipality).min(municipalities)][letting.group_at_letting as usize];
        if is_regular(letting) {
            cell.channels[letting.channel as usize] += 1;
            cell.first += u32::from(letting.first_letting);
        }
        if is_from_advert(letting) {
            cell.from_adverts += 1;
            cell.rows_used += u32::from(letting.row != doorstroom_state::NO_SLOT);
        }
    }
    cells
}

/// Registrations that were used by a letting after a reaction in the past twelve months: they belong to the active
/// ones though they are gone.
#[derive(Clone, Debug, Default)]
pub struct UsedRows {
    steps: VecDeque<Vec<ByGroup<u32>>>,
}

impl UsedRows {
    /// Notes the lettings of a step, forgets those before the last `window` steps.
    pub fn note(&mut self, lettings: &[ByGroup<LettingCell>], window: usize) {
        self.steps.push_back(lettings.iter().map(|cells| cells.map(|cell| cell.rows_used)).collect());
        while self.steps.len() > window {
            self.steps.pop_front();
        }
    }

    /// Sums by municipality and group.
    pub fn sums(&self, municipalities: usize) -> Vec<ByGroup<u32>> {
        let mut sums = vec![ByGroup::<u32>::default(); municipalities + 1];
        for step in &self.steps {
            sums.iter_mut().zip(step).for_each(|(to, from)| add_counts(to, from));
        }
        sums
    }
}

fn add_counts(to: &mut ByGroup<u32>, from: &ByGroup<u32>) {
    to.iter_mut().zip(from).for_each(|(to, from)| *to += from);
}

/// Everything known of one area in one step, by group.
#[derive(Clone, Copy, Debug, Default)]
struct Place {
    households: ByGroup<HouseholdCell>,
    register: ByGroup<RegisterCell>,
    lettings: ByGroup<LettingCell>,
    used: ByGroup<u32>,
    search: ByGroup<SearchFlows>,
    adverts: u32,
}

/// What one step showed, ready to be made into rows.
pub struct SeriesView<'a> {
    /// The areas.
    pub areas: &'a Areas,
    /// Households and registrations.
    pub households: &'a HouseholdCount,
    /// Lettings by municipality.
    pub lettings: &'a [ByGroup<LettingCell>],
    /// Registrations used in twelve months.
    pub used: &'a UsedRows,
    /// The ledger of the step.
    pub ledger: &'a Ledger,
    /// The month, as text.
    pub month: Text,
}

impl SeriesView<'_> {
    /// Rows of the country and the regions, seven groups each (`all` last).
    pub fn rows(&self) -> Vec<SeriesRow> {
        let municipalities = self.areas.municipalities.len();
        let households = self.areas.fold(&self.households.municipalities, add_groups);
        let lettings = self.areas.fold(self.lettings, add_groups);
        let used = self.areas.fold(&self.used.sums(municipalities), add_counts);
        let mut places: Vec<Place> = households
            .into_iter()
            .zip(lettings)
            .zip(used)
            .map(|((households, lettings), used)| Place { households, lettings, used, ..Place::default() })
            .collect();
        for market in 0..self.areas.len().saturating_sub(1) {
            let register = self.households.markets[market];
            let search = self.ledger.search.get(market).copied().unwrap_or_default();
            let adverts = self.ledger.adverts.get(market).map_or(0, |flows: &AdvertFlows| flows.adverts);
            for area in [0, 1 + market] {
                add_groups(&mut places[area].register, &register);
                add_search(&mut places[area].search, &search);
                places[area].adverts += adverts;
            }
        }
        places.iter().zip(&self.areas.codes).flat_map(|(place, area)| self.rows_of(place, area)).collect()
    }

    /// Rows of every municipality: `registrations` are those of the households that live there.
    pub fn municipality_rows(&self, registrations: &[ByGroup<RegisterCell>]) -> Vec<SeriesRow> {
        let used = self.used.sums(self.areas.municipalities.len());
        let mut rows = Vec::new();
        for (slot, code) in self.areas.municipalities.iter().enumerate() {
            let households = self.households.municipalities[slot];
            let register = registrations[slot];
            let (lettings, used) = (self.lettings[slot], used[slot]);
            let adverts = lettings.iter().map(|cell| cell.from_adverts).sum();
            let place = Place { households, register, lettings, used, adverts, ..Place::default() };
            rows.extend(self.rows_of(&place, code));
        }
        rows
    }

    fn rows_of(&self, place: &Place, area: &Text) -> impl Iterator<Item = SeriesRow> {
        let mut all = Place::default();
        let mut rows = Vec::with_capacity(GROUPS + 1);
        for (g, group) in SeekerGroup::ALL.iter().enumerate() {
            rows.push(self.row(place, g, area, group.key(), place.lettings[g].from_adverts));
            all.households[0] += &place.households[g];
            all.register[0] += &place.register[g];
            all.lettings[0] += &place.lettings[g];
            all.used[0] += place.used[g];
            add_search_flows(&mut all.search[0], &place.search[g]);
        }
        rows.push(self.row(&all, 0, area, "all", place.adverts));
        rows.into_iter()
    }

    fn row(&self, place: &Place, g: usize, area: &Text, group: &'static str, adverts: u32) -> SeriesRow {
        let (cell, register, lettings) = (&place.households[g], &place.register[g], &place.lettings[g]);
        SeriesRow {
            month: self.month.clone(),
            area: area.clone(),
            group: group.into(),
            registered: register.registered,
            registered_households: cell.registered,
            searching: cell.searching,
            searching_registrations: register.searching,
            active_year: register.active + place.used[g],
            reacting: place.search[g].reacting,
            reactions: place.search[g].reactions,
            adverts,
            offers: place.search[g].offers,
            refusals: place.search[g].refusals,
            let_direct: lettings.channels[Channel::Direct as usize],
            let_advertised: lettings.channels[Channel::Advertised as usize],
            let_lottery: lettings.channels[Channel::Lottery as usize],
            first_lettings: lettings.first,
            hosted: cell.hosted(),
            rooms: cell.in_home(HomeKind::Room),
            other_accommodation: [HomeKind::Other, HomeKind::Interim, HomeKind::FlowThrough]
                .map(|kind| cell.in_home(kind))
                .iter()
                .sum(),
            in_reception: cell.in_home(HomeKind::Reception),
            in_ukrainian_places: cell.in_home(HomeKind::UkrainianPlace),
            shelter: cell.in_home(HomeKind::Shelter),
            persons: cell.persons,
            ..SeriesRow::default()
        }
    }
}

fn add_search(to: &mut ByGroup<SearchFlows>, from: &ByGroup<SearchFlows>) {
    to.iter_mut().zip(from).for_each(|(to, from)| add_search_flows(to, from));
}

fn add_search_flows(to: &mut SearchFlows, from: &SearchFlows) {
    to.reacting += from.reacting;
    to.reactions += from.reactions;
    to.offers += from.offers;
    to.refusals += from.refusals;
}

/// The row of the country, from counts where there are any and from flows in between.
pub fn stock_row(totals: &Totals, month: &Text) -> StockRow {
    let occupied = [0, 1, 2].map(|tenure| (totals.stock[tenure] - i64::from(totals.vacant[tenure])).max(0) as u32);
    StockRow {
        month: month.clone(),
        area: "NL".into(),
        households: totals.households,
        households_cbs: totals.households_cbs,
        persons: totals.persons.max(0) as u32,
        dwellings: totals.dwellings.max(0) as u32,
        occupied_owner: occupied[0],
        occupied_corporation: occupied[1],
        occupied_other_rental: occupied[2],
        vacant_owner: totals.vacant[0],
        vacant_corporation: totals.vacant[1],
        vacant_other_rental: totals.vacant[2],
        crowded_persons: totals.crowding.map_or(0, |persons| persons[1]),
        under_occupied_persons: totals.crowding.map_or(0, |persons| persons[2]),
        overdue_persons: totals.reception.stock.overdue,
        measured: totals.crowding.is_some(),
        ..StockRow::default()
    }
}

/// Rows of the regions and the municipalities, after a count in which crowding was measured.
pub fn stock_rows(cells: &[StockCell], households: &HouseholdCount, areas: &Areas, month: &Text) -> Vec<StockRow> {
    let stock = areas.fold(cells, |to, from| *to += from);
    let people = areas.fold(&households.municipalities, add_groups);
    let regions = stock.iter().zip(&people).zip(&areas.codes).skip(1);
    let places = cells.iter().zip(&households.municipalities).zip(&areas.municipalities);
    regions.chain(places).map(|((stock, people), area)| measured_row(stock, people, area, month)).collect()
}

fn measured_row(stock: &StockCell, people: &ByGroup<HouseholdCell>, area: &Text, month: &Text) -> StockRow {
    let households = people.iter().map(HouseholdCell::private).sum();
    let with_parents: u32 = people.iter().map(|cell| cell.in_home(HomeKind::WithParents)).sum();
    StockRow {
        month: month.clone(),
        area: area.clone(),
        households,
        households_cbs: households - with_parents,
        persons: stock.persons,
        dwellings: stock.dwellings,
        occupied_owner: stock.occupied[0],
        occupied_corporation: stock.occupied[1],
        occupied_other_rental: stock.occupied[2],
        vacant_owner: stock.vacant[0],
        vacant_corporation: stock.vacant[1],
        vacant_other_rental: stock.vacant[2],
        crowded_persons: stock.crowded_persons,
        under_occupied_persons: stock.under_occupied_persons,
        measured: true,
        ..StockRow::default()
    }
}
