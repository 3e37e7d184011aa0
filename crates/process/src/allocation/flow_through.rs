//! Flow-through locations (doorstroomlocaties): linked status holders go from reception to the free places of their
//! region, longest permit first, until the places are full; a part of what is left may go to displaced Ukrainians.

use doorstroom_state::books::{Books, Chain};
use doorstroom_state::household::HomeKind;
use doorstroom_state::ledger::VacatedBy;
use doorstroom_state::lists::Entry;
use doorstroom_state::quota::{HousingRoute, QuotaAccount};
use doorstroom_state::reception::ReceptionStock;
use doorstroom_state::vacancy::ChainCause;

use super::Table;
use super::interim::{Waiting, move_to_interim};
use crate::rulebook::Setting;

/// Free places by region (slot), and the municipality there that has most places.
struct Locations {
    free: Vec<i64>,
    municipality: Vec<Option<u16>>,
}

impl Locations {
    fn new(books: &mut Books<'_>, setting: &Setting<'_>, places: &[u32]) -> Self {
        let region_of = &setting.gazetteer.region_of;
        let regions = region_of.iter().map(|&region| usize::from(region) + 1).max().unwrap_or(0);
        let mut locations = Locations { free: vec![0; regions], municipality: vec![None; regions] };
        let mut most = vec![0; regions];
        for (m, &count) in places.iter().enumerate() {
            let region = usize::from(region_of[m]);
            locations.free[region] += i64::from(count);
            if count > most[region] {
                most[region] = count;
                locations.municipality[region] = Some(m as u16);
            }
        }
        let homes = &*books.homes;
        let lives = |slot: u32| homes[slot as usize].kind == HomeKind::FlowThrough;
        // a copy of the list: others still need the rest of it
        let mut here = books.lists.after_reception.clone();
        for &(_, slot) in here.settle(&books.households, lives) {
            let region = usize::from(region_of[usize::from(homes[slot as usize].municipality)]);
            locations.free[region] -= books.households[slot as usize].members.count() as i64;
        }
        for &(name, slot) in &books.lists.ukrainians.0 {
            if books.households[slot as usize].kin.name == name && lives(slot) {
                let region = usize::from(region_of[usize::from(homes[slot as usize].municipality)]);
                locations.free[region] -= books.households[slot as usize].members.count() as i64;
            }
        }
        locations
    }

    /// Takes `persons` places in a region; the municipality where they are, or `None` if they do not fit.
    fn take(&mut self, region: usize, persons: u32) -> Option<u16> {
        let municipality = self.municipality[region]?;
        if self.free[region] < i64::from(persons) {
            return None;
        }
        self.free[region] -= i64::from(persons);
        Some(municipality)
    }
}

/// Fills what is free with `waiting`, who stand longest permit first.
pub fn place(
    books: &mut Books<'_>,
    setting: &Setting<'_>,
    table: &mut Table,
    accounts: &mut [QuotaAccount],
    stock: &mut ReceptionStock,
    waiting: &[Waiting],
) {
    if stock.flow_through.places.iter().all(|&count| count == 0) {
        return;
    }
    let mut locations = Locations::new(books, setting, &stock.flow_through.places);
    let counts = setting.rulebook.rules.alternatives.flow_through_counts.get();
    let at = setting.moment();
    for one in waiting {
        if table.is_housed(one.slot) {
            continue;
        }
        let region = usize::from(setting.gazetteer.region_of[one.linked]);
        let Some(municipality) = locations.take(region, one.persons) else { continue };
        move_to_interim(books, table, one, (HomeKind::FlowThrough, municipality), at);
        stock.flows.flow_through_in += one.persons;
        if counts {
            accounts[one.linked].house(one.persons, HousingRoute::SharedOrTemporary);
        }
    }
    share_with_ukrainians(books, setting, locations);
}

/// Lets displaced Ukrainians outside municipal places take their part of what is left, in the order of names.
fn share_with_ukrainians(books: &mut Books<'_>, setting: &Setting<'_>, mut locations: Locations) {
    let share = setting.rulebook.rules.alternatives.group_flexible.get();
    if share == 0.0 {
        return;
    }
    for free in &mut locations.free {
        *free = ((*free).max(0) as f64 * share).floor() as i64;
    }
    let homes = &*books.homes;
    let outside = |&(_, slot): &Entry| homes[slot as usize].kind == HomeKind::UkrainianElsewhere;
    let mut order: Vec<Entry> = books.lists.ukrainians.0.iter().copied().filter(outside).collect();
    order.retain(|&(name, slot)| books.households[slot as usize].kin.name == name);
    order.sort_unstable();
    order.dedup();
    for (_, slot) in order {
        let i = slot as usize;
        let Some(&region) = setting.gazetteer.region_of.get(usize::from(books.homes[i].municipality)) else { continue };
        let Some(place) = locations.take(usize::from(region), books.households[i].members.count() as u32) else {
            continue;
        };
        let chain = Chain::Begins(ChainCause::MovedOut);
        books.move_out_to(slot, HomeKind::FlowThrough, place, VacatedBy::Other, chain, setting.moment());
    }
}
