//! Places and who is in them at the end of the month: regular first, emergency reception takes the rest.

use bevy_ecs::prelude::*;
use doorstroom_kernel::Day;
use doorstroom_policy::apportion::apportion;
use doorstroom_state::books::{BookKeeping, Books};
use doorstroom_state::columns::{Columns, plain};
use doorstroom_state::household::HomeKind;
use doorstroom_state::municipality::Municipality;
use doorstroom_state::reception::{PlaceKind, ReceptionSite, ReceptionStock};

use crate::rulebook::Setting;

/// Municipal places for displaced Ukrainians, divided by inhabitants.
pub fn ukrainian_places(setting: &Setting<'_>, inhabitants: &[u32]) -> Vec<i64> {
    let places = scaled(setting, setting.rulebook.rules.reception.places_ukrainian.get());
    // a world without inhabitants has no municipality that could offer a place
    apportion(i64::from(places), inhabitants).unwrap_or_else(|_| vec![0; inhabitants.len()])
}

/// Persons or places of the country in a world of this scale.
fn scaled(setting: &Setting<'_>, national: f64) -> u32 {
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
    (stock.status_holders, stock.overdue) = status_holders(&setting, &mut books);
    let Some(sites) = sites.columns() else { return };
    let inhabitants: Vec<u32> = municipalities.iter().map(|place| place.inhabitants).collect();
    let ukrainian = ukrainian_places(&setting, &inhabitants);
    let occupied = ukrainians_by_municipality(&mut books, inhabitants.len());
    let regular = scaled(&setting, setting.rulebook.rules.reception.places_regular.get());
    let residents = stock.in_procedure + stock.status_holders;
    for site in plain(sites) {
        let m = usize::from(site.municipality);
        (site.places, site.occupied) = match site.kind {
            PlaceKind::Regular => (regular, residents.min(regular)),
            PlaceKind::Emergency => (residents.saturating_sub(regular), residents.saturating_sub(regular)),
            PlaceKind::UkrainianMunicipal => {
                (ukrainian.get(m).map_or(0, |&places| places as u32), occupied.get(m).copied().unwrap_or(0))
            }
        };
    }
}

/// Persons with a permit in reception, and those of them whose term ended before the next step begins.
fn status_holders(setting: &Setting<'_>, books: &mut Books<'_>) -> (u32, u32) {
    let homes = &*books.homes;
    let waiting = books.lists.reception.settle(books.kin, |slot| homes[slot as usize].kind == HomeKind::Reception);
    waiting.iter().fold((0, 0), |(all, overdue), &(_, slot)| {
        let persons = books.members[slot as usize].count() as u32;
        let late = is_overdue(setting, books.means[slot as usize].permit_since, setting.clock.tomorrow);
        (all + persons, overdue + if late { persons } else { 0 })
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
        if books.kin[i].name == name
            && home.kind == HomeKind::UkrainianPlace
            && let Some(count) = persons.get_mut(usize::from(home.municipality))
        {
            *count += books.members[i].count() as u32;
        }
    }
    persons
}
