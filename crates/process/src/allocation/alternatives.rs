//! Interim places that a programme opens for status holders past the term: a yardstick beside a ban (worlds/MODEL.md 6.4).
//!
//! As hoped there are as many as are needed, so that nobody is past the term at the end of a month who could be placed;
//! as delivered there are as many as such programmes came to.

use doorstroom_kernel::calendar::DAYS_A_MONTH;
use doorstroom_kernel::{Day, Purpose};
use doorstroom_policy::alternatives::{Alternatives, delivered, to_open};
use doorstroom_state::books::Books;
use doorstroom_state::household::HomeKind;
use doorstroom_state::quota::{HousingRoute, QuotaAccount};
use doorstroom_state::reception::ReceptionStock;

use super::Table;
use super::interim::{longest_waiting, move_to_interim};
use super::linked::Linked;
use crate::rulebook::Setting;

const DELIVERY: Purpose = Purpose::named("part of announced interim places that is delivered");

/// Opens places for the longest waiting past the term; who does not fit in what is left is passed over.
pub fn open(
    books: &mut Books<'_>,
    setting: &Setting<'_>,
    table: &mut Table,
    accounts: &mut [QuotaAccount],
    stock: &mut ReceptionStock,
    linked: &[Vec<Linked>],
) {
    let part = match setting.rulebook.rules.quota.alternatives.get() {
        Alternatives::None => return,
        Alternatives::AsHoped => 1.0,
        Alternatives::AsDelivered => part_delivered(setting),
    };
    let term = setting.rulebook.rules.quota.term_days.get() as i32;
    let late = |permit: Day| permit.plus_days(term) < setting.clock.tomorrow;
    let mut waiting = longest_waiting(books, table, linked, |_| true);
    waiting.retain(|one| late(one.permit));
    let persons = waiting.iter().map(|one| one.persons).sum();
    let mut left = to_open(part, persons, in_programme(books, setting));
    for one in &waiting {
        if one.persons > left {
            continue;
        }
        left -= one.persons;
        let place = books.homes[one.slot as usize].municipality;
        move_to_interim(books, table, one, (HomeKind::Interim, place), setting.moment());
        stock.flows.interim_in += one.persons;
        accounts[one.linked].house(one.persons, HousingRoute::SharedOrTemporary);
    }
}

fn part_delivered(setting: &Setting<'_>) -> f64 {
    let since = setting.rulebook.rules.quota.alternatives.in_force_since();
    let months = f64::from(setting.clock.tomorrow.days_since(since)) / DAYS_A_MONTH;
    let mut luck = setting.chance.trait_of(DELIVERY, 0);
    delivered(std::array::from_fn(|_| luck.unit()), months)
}

/// Persons in interim places beyond those that are there without the programme, which in a steady state hold a year's
/// placements times the length of a stay.
fn in_programme(books: &Books<'_>, setting: &Setting<'_>) -> u32 {
    let rules = &setting.rulebook.rules.quota;
    let without = rules.interim_persons.get() * rules.interim_months.get() / 12.0 * setting.scale.0;
    let homes = books.homes.iter().zip(books.households.iter());
    let there: usize =
        homes.filter(|(home, _)| home.kind == HomeKind::Interim).map(|(_, household)| household.members.count()).sum();
    (there as u32).saturating_sub(without.round() as u32)
}
