//! Interim places (tussenvoorzieningen): out of reception, not yet in a dwelling of one's own (worlds/MODEL.md M16).

use doorstroom_kernel::chance::round_by_luck;
use doorstroom_kernel::{Day, Purpose};
use doorstroom_state::KinName;
use doorstroom_state::books::{Books, Chain, Moment};
use doorstroom_state::household::HomeKind;
use doorstroom_state::ledger::VacatedBy;
use doorstroom_state::quota::{HousingRoute, QuotaAccount};
use doorstroom_state::reception::ReceptionStock;
use doorstroom_state::slots::Slot;
use doorstroom_state::vacancy::ChainCause;

use super::Table;
use super::linked::{Linked, waits};
use crate::rulebook::Setting;

const INTERIM: Purpose = Purpose::named("number placed in interim homes");

/// A linked household that still waits in reception after the dwellings of the step.
pub struct Waiting {
    /// Date of the permit.
    pub permit: Day,
    /// Name.
    pub name: KinName,
    /// Persons.
    pub persons: u32,
    /// Slot.
    pub slot: Slot,
    /// Municipality (slot) to which it is linked.
    pub linked: usize,
}

/// All of them in the municipalities (slots) that may, longest permit first.
pub(super) fn longest_waiting(
    books: &Books<'_>,
    table: &Table,
    linked: &[Vec<Linked>],
    may: impl Fn(usize) -> bool,
) -> Vec<Waiting> {
    let towns =
        linked.iter().enumerate().filter(|&(m, _)| may(m)).flat_map(|(m, town)| town.iter().map(move |&l| (l, m)));
    let mut waiting: Vec<Waiting> = towns
        .filter(|&(l, _)| waits(books, table, l))
        .map(|(l, m)| Waiting { permit: l.permit, name: KinName(l.name), persons: l.persons, slot: l.slot, linked: m })
        .collect();
    waiting.sort_unstable_by_key(|one| (one.permit, one.name));
    waiting
}

/// Places the longest waiting in interim homes, as many persons as fall to this step.
pub(super) fn place_in_interim_homes(
    books: &mut Books<'_>,
    setting: &Setting<'_>,
    table: &mut Table,
    accounts: &mut [QuotaAccount],
    stock: &mut ReceptionStock,
    waiting: &[Waiting],
) {
    let a_year = setting.rulebook.rules.quota.interim_persons.get();
    let mut left = round_by_luck(setting.per_step(a_year), &mut setting.chance.luck(INTERIM, 0, setting.clock.step));
    let at = setting.moment();
    for one in waiting {
        if left == 0 {
            break;
        }
        if one.persons > left {
            continue;
        }
        left -= one.persons;
        let place = books.homes[one.slot as usize].municipality;
        move_to_interim(books, table, one, (HomeKind::Interim, place), at);
        stock.flows.interim_in += one.persons;
        accounts[one.linked].house(one.persons, HousingRoute::SharedOrTemporary);
    }
}

/// Takes a household from reception to a home between reception and an own one: its kind and municipality.
pub(super) fn move_to_interim(
    books: &mut Books<'_>,
    table: &mut Table,
    one: &Waiting,
    (kind, municipality): (HomeKind, u16),
    at: Moment,
) {
    let chain = Chain::Begins(ChainCause::MovedOut);
    books.move_out_to(one.slot, kind, municipality, VacatedBy::Other, chain, at);
    table.house(one.slot);
    books.lists.after_reception.note(one.name, one.slot);
}
