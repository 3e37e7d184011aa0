//! Life events: wishes alike in every arm; housing decides where and when a wish is met (worlds/MODEL.md M1).

mod events;
mod hazards;
mod income;
mod migration;
mod pairing;

use bevy_ecs::prelude::*;
use doorstroom_kernel::hazard::which_strike;
use doorstroom_kernel::lane::{BLOCK_ITEMS, CHUNK_ROWS, read_together};
use doorstroom_kernel::registrar::Registrar;
use doorstroom_kernel::{Luck, Purpose, Step};
use doorstroom_state::KinName;
use doorstroom_state::books::{BookKeeping, Books};
use doorstroom_state::due::{Due, NextDemography, due_rows};
use doorstroom_state::household::{Home, HomeKind, Means};
use doorstroom_state::members::Members;
use doorstroom_state::name::Kin;
use doorstroom_state::newcomer::Newcomers;
use doorstroom_state::slots::Slot;

use crate::month::Phase;
use crate::rulebook::Setting;
use crate::settle;
use hazards::{HazardTables, LifeEvent};
use income::IncomeShares;

const DELAY: Purpose = Purpose::named("delay to the next life event");
const WHICH: Purpose = Purpose::named("which life events strike");
const INCOME: Purpose = Purpose::named("income month");

/// One household in twenty could be asked to host.
const HOST_EVERY: u64 = 20;

/// Registers the phase.
pub fn register(registrar: &mut Registrar<'_, Phase>) {
    registrar
        .system(Phase::Demography, "let due households live", live)
        .then(Phase::Demography, "let people arrive from abroad and institutions", migration::arrive)
        .then(Phase::Demography, "place newcomers in free slots", settle::place_newcomers);
}

/// Looks at every household that is due: the yearly look draws income and the next event anew, a strike is carried out.
fn live(mut keeping: BookKeeping, setting: Setting, mut newcomers: ResMut<Newcomers>) {
    let Some(mut books) = keeping.open() else { return };
    let tables = HazardTables::new(&setting.rulebook.rules, setting.step_years());
    let shares = IncomeShares::new(&setting.rulebook.rules.demography);
    let mut struck: Vec<(u16, KinName, Slot)> = Vec::new();
    for seen in look_at_due(&mut books, &setting, &tables, &shares) {
        seen.hosts.into_iter().for_each(|(name, slot)| books.lists.hosts.note(name, slot));
        struck.extend(seen.struck);
    }
    // slots differ between runs that mean the same; places and names do not, and neighbours lie near in memory
    setting.lane.sort_by_key(&mut struck, |&struck| struck);
    let mut wishes = pairing::Wishes::default();
    let read = |&(_, _, slot): &(u16, KinName, Slot)| books.read_ahead(slot as usize);
    let mut events =
        setting.lane.map_scattered(&struck, read, |&(_, name, slot)| events_of(&books, name, slot, &setting, &tables));
    for (block, events) in struck.chunks(BLOCK_ITEMS).zip(events.chunks_mut(BLOCK_ITEMS)) {
        read_together(block, |&(_, _, slot)| books.read_holdings_ahead(slot as usize));
        let mut life = events::Life {
            books: &mut books,
            setting: &setting,
            shares: &shares,
            newcomers: &mut newcomers,
            wishes: &mut wishes,
        };
        for (&(_, _, slot), (events, luck)) in block.iter().zip(events) {
            life.carry_out(slot, events, luck);
        }
    }
    pairing::join_all(&mut books, &setting, &mut newcomers, wishes);
    let read = |&(_, _, slot): &(u16, KinName, Slot)| books.read_ahead(slot as usize);
    let next =
        setting.lane.map_scattered(&struck, read, |&(_, name, slot)| redraw(&books, name, slot, &setting, &tables));
    for (&(_, _, slot), next) in struck.iter().zip(next) {
        if let Some(next) = next {
            books.demography[slot as usize].0 = next;
        }
    }
}

/// The events that strike a household, in their order, and the luck with which they are carried out.
fn events_of(
    books: &Books<'_>,
    name: KinName,
    slot: Slot,
    setting: &Setting<'_>,
    tables: &HazardTables,
) -> (Vec<LifeEvent>, Luck) {
    let i = slot as usize;
    let (mut events, rates) = hazards::exposure(&books.members[i], &books.means[i], setting.clock.month(), tables);
    let mut luck = setting.chance.luck(WHICH, name.0, setting.clock.step);
    let struck = which_strike(&rates, &mut luck);
    let mut bits = (0..).map(|bit| struck >> bit & 1 == 1);
    events.retain(|_| bits.next() == Some(true));
    (events, luck)
}

/// What one chunk of households showed.
#[derive(Default)]
struct Seen {
    hosts: Vec<(KinName, Slot)>,
    struck: Vec<(u16, KinName, Slot)>,
}

/// The parallel part: a look writes the income and the next look of its own household, and nothing else.
fn look_at_due(
    books: &mut Books<'_>,
    setting: &Setting<'_>,
    tables: &HazardTables,
    shares: &IncomeShares,
) -> Vec<Seen> {
    let look = Look { kin: books.kin, members: books.members, homes: books.homes, setting, tables, shares };
    let columns = books.means.chunks_mut(CHUNK_ROWS).zip(books.demography.chunks_mut(CHUNK_ROWS));
    let chunks = (0..).step_by(CHUNK_ROWS).zip(columns).collect();
    setting.lane.map_each(chunks, |(first, (means, next))| look.at_due(first, means, next))
}

/// What a look reads.
struct Look<'a, 'w> {
    kin: &'a [Kin],
    members: &'a [Members],
    homes: &'a [Home],
    setting: &'a Setting<'w>,
    tables: &'a HazardTables,
    shares: &'a IncomeShares,
}

impl Look<'_, '_> {
    /// Looks at the due rows of one chunk, whose first row is `first`.
    fn at_due(&self, first: usize, means: &mut [Means], next: &mut [NextDemography]) -> Seen {
        let slots = due_rows(next, first, |next| next.0, self.setting.clock.step);
        let mut seen = Seen::default();
        for block in slots.chunks(BLOCK_ITEMS) {
            read_together(block, |&slot| {
                let i = slot as usize;
                self.kin[i].name.0 ^ self.members[i].count() as u64 ^ u64::from(means[i - first].income_class)
            });
            for &slot in block {
                let row = slot as usize - first;
                self.at(slot, &mut means[row], &mut next[row].0, &mut seen);
            }
        }
        seen
    }

    /// One due household: income in its month, then the next event; a strike that was drawn before stays.
    fn at(&self, slot: Slot, means: &mut Means, due: &mut Due, seen: &mut Seen) {
        let (i, setting) = (slot as usize, self.setting);
        let (now, month, name) = (setting.clock.step, setting.clock.month(), self.kin[i].name);
        if !due.strikes() {
            let age = self.members[i].head_age(month);
            if (month.0 as i32).rem_euclid(12) == i32::from(means.income_month) {
                let mut luck = setting.chance.luck(INCOME, name.0, now);
                let demography = &setting.rulebook.rules.demography;
                // a home lies in memory of its own: it is read of the few for whom it matters
                let in_reception = means.work.on_benefit() && self.homes[i].kind == HomeKind::Reception;
                income::yearly(means, age, month, self.shares, demography, in_reception, &mut luck);
                if name.0 % HOST_EVERY == 0 && age >= 25 && self.homes[i].kind == HomeKind::Dwelling {
                    seen.hosts.push((name, slot));
                }
            }
            let hazard = hazards::total(&self.members[i], means, month, self.tables);
            let delay = hazard.delay(&mut setting.chance.luck(DELAY, name.0, now));
            *due = Due::first(now, delay, next_look(means.income_month, setting));
        }
        if due.strikes() && due.is_due(now) {
            seen.struck.push((self.homes[i].municipality, name, slot));
        }
    }
}

/// The step of the next income month, a year ahead if it is this one.
fn next_look(income_month: u8, setting: &Setting<'_>) -> Step {
    let ahead = (i32::from(income_month) - (setting.clock.month().0 as i32).rem_euclid(12)).rem_euclid(12);
    let months = if ahead == 0 { 12 } else { ahead };
    setting.clock.step.plus(setting.clock.calendar.steps_in_months(months as u32))
}

/// Draws the next event of a household that has just lived through one, from the next step on; `None` if it is gone.
fn redraw(books: &Books<'_>, name: KinName, slot: Slot, setting: &Setting<'_>, tables: &HazardTables) -> Option<Due> {
    let i = slot as usize;
    if books.kin[i].name != name {
        return None;
    }
    let month = setting.clock.month();
    let hazard = hazards::total(&books.members[i], &books.means[i], month, tables);
    let next: Step = setting.clock.step.plus(1);
    let delay = hazard.delay(&mut setting.chance.luck(DELAY, name.0, next));
    let look = next_look(books.means[i].income_month, setting);
    Some(Due::first(next, delay, look.max(next)))
}
