//! Places and who is in them at the end of the month: regular first, then by price; what is last takes the rest.

use bevy_ecs::prelude::*;
use doorstroom_kernel::Day;
use doorstroom_policy::apportion::apportion;
use doorstroom_policy::reception::{Capacity, contracted, occupy};
use doorstroom_state::books::{BookKeeping, Books};
use doorstroom_state::columns::{Columns, plain};
use doorstroom_state::household::{HomeKind, NO_MUNICIPALITY};
use doorstroom_state::municipality::Municipality;
use doorstroom_state::reception::{PlaceKind, ReceptionSite, ReceptionStock};

use super::sites;
use crate::rulebook::Setting;

/// Municipal places for displaced Ukrainians that were not turned into homes, divided by inhabitants.
pub fn ukrainian_places(setting: &Setting<'_>, stock: &ReceptionStock, inhabitants: &[u32]) -> Vec<i64> {
    let places = scaled(setting, setting.rulebook.rules.reception.places_ukrainian.get());
    let places = places.saturating_sub(stock.converted.ukrainian);
    // a world without inhabitants has no municipality that could offer a place
    apportion(i64::from(places), inhabitants).unwrap_or_else(|_| vec![0; inhabitants.len()])
}

/// Persons or places of the country in a world of this scale.
pub(super) fn scaled(setting: &Setting<'_>, national: f64) -> u32 {
    (national * setting.scale.0).round() as u32
}

/// Counts residents, status holders beyond the term, and places of every site. Nothing moves after this in the month.
pub fn count(
    setting: Setting,
    mut stock: ResMut<ReceptionStock>,
    mut sites: Query<&'static mut ReceptionSite>,
    mut municipalities: Query<&'static Municipality>,
    mut keeping: BookKeeping,
) {
    let (Some(mut books), Some(municipalities)) = (keeping.open(), municipalities.columns()) else { return };
    (stock.status_holders, stock.overdue, stock.unlinked) = status_holders(&setting, &mut books);
    (stock.flow_through.occupied, stock.flow_through.funded) = in_flow_through(&setting, &mut books);
    let Some(sites) = sites.columns() else { return };
    let inhabitants: Vec<u32> = municipalities.iter().map(|place| place.inhabitants).collect();
    let ukrainian = ukrainian_places(&setting, &stock, &inhabitants);
    let occupied = ukrainians_by_municipality(&mut books, inhabitants.len());
    let residents = stock.in_procedure + stock.status_holders;
    let asylum = divide(&setting, &mut stock, residents);
    sites::close(&setting, &mut stock, municipalities);
    stock.converted.in_ukrainian = occupied.iter().sum();
    for site in plain(sites) {
        let m = usize::from(site.municipality);
        (site.places, site.occupied) = match site.kind {
            PlaceKind::UkrainianMunicipal => {
                (ukrainian.get(m).map_or(0, |&places| places as u32), occupied.get(m).copied().unwrap_or(0))
            }
            PlaceKind::FlowThrough => (stock.flow_through.all_places(), stock.flow_through.occupied),
            kind => asylum[PlaceKind::MERIT_ORDER.iter().position(|&k| k == kind).unwrap_or(0)],
        };
    }
}

/// Places and persons by kind of asylum reception, in merit order: the cheapest kinds fill first, contracts run on for
/// their notice (`policy/src/reception.rs`).
fn divide(setting: &Setting<'_>, stock: &mut ReceptionStock, residents: u32) -> [(u32, u32); 5] {
    let rules = &setting.rulebook.rules.reception;
    let regular = regular_places(setting, stock);
    let dispersed: u32 = stock.dispersed.iter().sum();
    let multi_year = scaled(setting, rules.places_multi_year.get());
    let emergency = scaled(setting, rules.places_emergency.get());
    let closed = |places| Capacity { places, open_ended: false };
    let kinds = [
        closed(regular),
        closed(dispersed),
        closed(multi_year),
        closed(emergency),
        Capacity { places: 0, open_ended: true },
    ];
    let taken = occupy(residents, &kinds, rules.occupancy_norm.get());
    stock.in_dispersed = taken[1];
    stock.needed.push([taken[2], taken[3], taken[4]]);
    // less than a month is no notice, not a step
    let notice = match rules.notice_months.get() {
        months if months < 1.0 => 0,
        months => setting.steps(months) as usize,
    };
    let past = stock.needed.len().saturating_sub(setting.steps(60.0) as usize + 1);
    stock.needed.drain(..past);
    let held = |which: usize| {
        let needs: Vec<u32> = stock.needed.iter().map(|needed| needed[which]).collect();
        contracted(&needs, notice)
    };
    let several_years = if rules.multi_year_terminable.get() { held(0).min(multi_year) } else { multi_year };
    [(regular, taken[0]), (dispersed, taken[1]), (several_years, taken[2]), (held(1), taken[3]), (held(2), taken[4])]
}

/// Regular places less those turned into homes.
pub fn regular_places(setting: &Setting<'_>, stock: &ReceptionStock) -> u32 {
    let places = scaled(setting, setting.rulebook.rules.reception.places_regular.get());
    places.saturating_sub(stock.converted.regular)
}

/// Persons with a permit in reception, those of them whose term ended before the next step begins, and those without a
/// link to a municipality.
fn status_holders(setting: &Setting<'_>, books: &mut Books<'_>) -> (u32, u32, u32) {
    let homes = &*books.homes;
    let waiting =
        books.lists.reception.settle(&books.households, |slot| homes[slot as usize].kind == HomeKind::Reception);
    waiting.iter().fold((0, 0, 0), |(all, overdue, unlinked), &(_, slot)| {
        let persons = books.households[slot as usize].members.count() as u32;
        let late = is_overdue(setting, books.households[slot as usize].means.permit_since, setting.clock.tomorrow);
        let free = books.seekers[slot as usize].linked == NO_MUNICIPALITY;
        let of = |yes: bool| if yes { persons } else { 0 };
        (all + persons, overdue + of(late), unlinked + of(free))
    })
}

/// Persons in flow-through locations, and those of them whose stay is still paid for by the state.
fn in_flow_through(setting: &Setting<'_>, books: &mut Books<'_>) -> (u32, u32) {
    let homes = &*books.homes;
    let months = setting.rulebook.rules.alternatives.flow_through_funded_months.get() as i32;
    // a copy of the list: others still need the rest of it
    let mut here = books.lists.after_reception.clone();
    let lives = |slot| homes[slot as usize].kind == HomeKind::FlowThrough;
    let ukrainians =
        books.lists.ukrainians.0.iter().filter(|&&(name, slot)| books.households[slot as usize].kin.name == name);
    here.0.extend(ukrainians);
    here.settle(&books.households, lives).iter().fold((0, 0), |(all, funded), &(_, slot)| {
        let persons = books.households[slot as usize].members.count() as u32;
        let paid = setting.clock.today < homes[slot as usize].since.plus_months(months);
        (all + persons, funded + if paid { persons } else { 0 })
    })
}

/// Whether the term after a permit ended before `day`.
pub(super) fn is_overdue(setting: &Setting<'_>, permit_since: Day, day: Day) -> bool {
    let term = setting.rulebook.rules.quota.term_days.get() as i32;
    permit_since.plus_days(term) < day
}

fn ukrainians_by_municipality(books: &mut Books<'_>, municipalities: usize) -> Vec<u32> {
    let mut persons = vec![0; municipalities];
    for &(name, slot) in &books.lists.ukrainians.0 {
        let (i, home) = (slot as usize, &books.homes[slot as usize]);
        if books.households[i].kin.name == name
            && home.kind == HomeKind::UkrainianPlace
            && let Some(count) = persons.get_mut(usize::from(home.municipality))
        {
            *count += books.households[i].members.count() as u32;
        }
    }
    persons
}
