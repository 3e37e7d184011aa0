//! Status holders who leave reception by their own network, and those who come back (worlds/MODEL.md M17).
//!
//! While a municipality may earmark for them few go; when it may not, own responsibility is the only way out, and the
//! result of a ban hangs on that hazard.

use bevy_ecs::prelude::*;
use doorstroom_kernel::{Purpose, Threshold};
use doorstroom_state::books::{BookKeeping, Books, Chain};
use doorstroom_state::columns::{Columns, plain};
use doorstroom_state::group::SeekerGroup;
use doorstroom_state::household::HomeKind;
use doorstroom_state::ledger::VacatedBy;
use doorstroom_state::municipality::Municipality;
use doorstroom_state::quota::{HousingRoute, QuotaAccount};
use doorstroom_state::reception::ReceptionStock;
use doorstroom_state::slots::Slot;
use doorstroom_state::vacancy::ChainCause;

use super::places::is_overdue;
use crate::prospect::has_prospect;
use crate::rulebook::Setting;

const OWN_NETWORK: Purpose = Purpose::named("a status holder leaves by the own network");
const DESTINATION: Purpose = Purpose::named("where the own network leads");
const RETURN: Purpose = Purpose::named("a status holder comes back to reception");

/// Days after leaving in which a stay with kin or friends can end in reception again.
const RETURN_DAYS: i32 = 365;

/// First the returns, so that nobody goes and comes back in one step; then the exits.
pub fn return_and_leave(
    setting: Setting,
    mut stock: ResMut<ReceptionStock>,
    mut municipalities: Query<(&'static Municipality, &'static mut QuotaAccount)>,
    mut keeping: BookKeeping,
) {
    let (Some(mut books), Some((places, accounts))) = (keeping.open(), municipalities.columns()) else { return };
    let accounts = plain(accounts);
    come_back(&setting, &mut books, accounts, &mut stock);
    leave(&setting, &mut books, places, accounts, &mut stock);
}

/// Chance per step of a monthly chance.
fn per_step(setting: &Setting<'_>, monthly: f64) -> Threshold {
    Threshold::of_rate(-12.0 * libm::log1p(-monthly), setting.step_years())
}

fn come_back(setting: &Setting<'_>, books: &mut Books<'_>, accounts: &mut [QuotaAccount], stock: &mut ReceptionStock) {
    let chance = per_step(setting, setting.rulebook.rules.reception.own_network_return.get());
    let at = setting.moment();
    let (homes, seekers) = (&*books.homes, &*books.seekers);
    let gone = books.lists.after_reception.settle(&books.households, |slot| {
        let i = slot as usize;
        seekers[i].group == SeekerGroup::StatusHolder && homes[i].kind != HomeKind::Reception
    });
    let returning: Vec<Slot> = gone
        .iter()
        .filter(|&&(name, slot)| {
            let home = &homes[slot as usize];
            home.kind == HomeKind::WithKin
                && at.day.days_since(home.since) < RETURN_DAYS
                && setting.chance.luck(RETURN, name.0, at.step).strikes(chance)
        })
        .map(|&(_, slot)| slot)
        .collect();
    for slot in returning {
        let i = slot as usize;
        let linked = books.seekers[i].linked;
        books.move_out_to(slot, HomeKind::Reception, linked, VacatedBy::Other, Chain::Begins(ChainCause::MovedOut), at);
        books.seekers[i].duty = true;
        books.seekers[i].refusals = 0;
        books.lists.reception.note(books.households[i].kin.name, slot);
        let persons = books.households[i].members.count() as u32;
        stock.flows.returned += persons;
        if let Some(account) = accounts.get_mut(usize::from(linked)) {
            account.take_back(persons, HousingRoute::PrivateOrOwn);
            account.linked_persons += persons;
        }
    }
}

fn leave(
    setting: &Setting<'_>,
    books: &mut Books<'_>,
    places: &[Municipality],
    accounts: &mut [QuotaAccount],
    stock: &mut ReceptionStock,
) {
    let rules = &setting.rulebook.rules.reception;
    let with_prospect = per_step(setting, rules.own_network_linked.get());
    let without = per_step(setting, rules.own_network_hazard.get());
    let at = setting.moment();
    let homes = &*books.homes;
    let waiting =
        books.lists.reception.settle(&books.households, |slot| homes[slot as usize].kind == HomeKind::Reception);
    let waiting = waiting.to_vec();
    for (name, slot) in waiting {
        let i = slot as usize;
        let seeker = &books.seekers[i];
        let Some(place) = places.get(usize::from(seeker.linked)) else { continue };
        // a refusal without good ground ended the duty, and the place ends within 28 days (worlds/MODEL.md M9)
        let place_ends = !seeker.duty && seeker.refusals > 0;
        let chance = if has_prospect(setting, books, slot, place) { with_prospect } else { without };
        let by_own = setting.chance.luck(OWN_NETWORK, name.0, at.step).strikes(chance);
        // of those who were counted past the term a month ago; who came back since was not
        let was_there =
            books.homes[i].since < at.day && is_overdue(setting, books.households[i].means.permit_since, at.day);
        if by_own && was_there {
            stock.flows.own_network_overdue += books.households[i].members.count() as u32;
        }
        if place_ends || by_own {
            let account = &mut accounts[usize::from(seeker.linked)];
            go(setting, books, slot, account, stock);
        }
    }
}

/// Takes the household out of reception; it keeps its group and its rows until a stable home.
fn go(
    setting: &Setting<'_>,
    books: &mut Books<'_>,
    slot: Slot,
    account: &mut QuotaAccount,
    stock: &mut ReceptionStock,
) {
    let i = slot as usize;
    let (name, linked, at) = (books.households[i].kin.name, books.seekers[i].linked, setting.moment());
    let shares = setting.rulebook.rules.reception.own_network_shares.now();
    let destination = setting.chance.luck(DESTINATION, name.0, at.step).pick(shares);
    let kind = if destination == Some(0) { HomeKind::WithKin } else { HomeKind::Other };
    books.move_out_to(slot, kind, linked, VacatedBy::Other, Chain::Begins(ChainCause::MovedOut), at);
    if destination == Some(1) && books.households[i].members.is_single() {
        books.lists.room_seekers.note(name, slot);
    }
    books.lists.after_reception.note(name, slot);
    books.seekers[i].duty = false;
    let persons = books.households[i].members.count() as u32;
    stock.flows.own_network += persons;
    account.house(persons, HousingRoute::PrivateOrOwn);
    account.linked_persons = account.linked_persons.saturating_sub(persons);
}
