//! Life events: wishes alike in every arm; housing decides where and when a wish is met (worlds/MODEL.md M1).

mod events;
mod hazards;
mod income;
mod migration;
mod pairing;

use std::ops::Range;

use bevy_ecs::prelude::*;
use doorstroom_kernel::hazard::which_strike;
use doorstroom_kernel::lane::{BLOCK_ITEMS, in_blocks, read_together};
use doorstroom_kernel::registrar::Registrar;
use doorstroom_kernel::{Purpose, Step};
use doorstroom_state::KinName;
use doorstroom_state::books::{BookKeeping, Books};
use doorstroom_state::due::{Due, due_rows};
use doorstroom_state::household::{HomeKind, Means};
use doorstroom_state::newcomer::Newcomers;
use doorstroom_state::slots::Slot;

use crate::month::Phase;
use crate::rulebook::Setting;
use crate::settle;
use hazards::HazardTables;
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

/// What the parallel look at a due household decided.
struct Look {
    slot: Slot,
    name: KinName,
    means: Means,
    due: Due,
    strikes: bool,
    hosts: bool,
}

/// Looks at every household that is due: the yearly look draws income and the next event anew, a strike is carried out.
fn live(mut keeping: BookKeeping, setting: Setting, mut newcomers: ResMut<Newcomers>) {
    let Some(mut books) = keeping.open() else { return };
    let tables = HazardTables::new(&setting.rulebook.rules, setting.step_years());
    let shares = IncomeShares::new(&setting.rulebook.rules.demography);
    let mut struck: Vec<(u16, KinName, Slot)> = Vec::new();
    setting.lane.map_chunks_then(
        books.demography.len(),
        &mut books,
        |books, from, to| look_at_due(books, &setting, &tables, &shares, from..to),
        |books, looks| {
            for look in looks {
                books.means[look.slot as usize] = look.means;
                books.demography[look.slot as usize].0 = look.due;
                if look.hosts {
                    books.lists.hosts.note(look.name, look.slot);
                }
                if look.strikes {
                    struck.push((books.homes[look.slot as usize].municipality, look.name, look.slot));
                }
            }
        },
    );
    // slots differ between runs that mean the same; places and names do not, and neighbours lie near in memory
    struck.sort_unstable();
    let mut wishes = pairing::Wishes::default();
    let month = setting.clock.month();
    for block in struck.chunks(BLOCK_ITEMS) {
        read_together(block, |&(_, _, slot)| {
            books.read_ahead(slot as usize) ^ u64::from(books.seekers[slot as usize].first_row)
        });
        for &(_, name, slot) in block {
            let i = slot as usize;
            let (exposed, rates) = hazards::exposure(&books.members[i], &books.means[i], month, &tables);
            let mut luck = setting.chance.luck(WHICH, name.0, setting.clock.step);
            let bits = which_strike(&rates, &mut luck);
            let mut life = events::Life {
                books: &mut books,
                setting: &setting,
                shares: &shares,
                newcomers: &mut newcomers,
                wishes: &mut wishes,
            };
            life.carry_out(slot, bits, &exposed, &mut luck);
        }
    }
    pairing::join_all(&mut books, &setting, &mut newcomers, wishes);
    for &(_, name, slot) in &struck {
        redraw(&mut books, name, slot, &setting, &tables);
    }
}

/// The parallel part: reads columns, writes nothing.
fn look_at_due(
    books: &Books<'_>,
    setting: &Setting<'_>,
    tables: &HazardTables,
    shares: &IncomeShares,
    rows: Range<usize>,
) -> Vec<Look> {
    let now = setting.clock.step;
    let slots = due_rows(&books.demography[rows.clone()], rows.start, |next| next.0, now);
    let mut looks = Vec::with_capacity(slots.len());
    let look = |&slot: &Slot| looks.push(look(books, setting, tables, shares, slot as usize));
    in_blocks(&slots, |&slot| books.read_person_ahead(slot as usize), look);
    looks
}

/// Looks at one due household: income in its month, then the next event; a strike that was drawn before stays.
fn look(books: &Books<'_>, setting: &Setting<'_>, tables: &HazardTables, shares: &IncomeShares, i: usize) -> Look {
    let (now, month) = (setting.clock.step, setting.clock.month());
    let (name, mut means, due) = (books.kin[i].name, books.means[i], books.demography[i].0);
    let mut look = Look { slot: i as Slot, name, means, due, strikes: true, hosts: false };
    if due.strikes() {
        return look;
    }
    let age = books.members[i].head_age(month);
    if (month.0 as i32).rem_euclid(12) == i32::from(means.income_month) {
        let mut luck = setting.chance.luck(INCOME, name.0, now);
        let demography = &setting.rulebook.rules.demography;
        // a home lies in memory of its own: it is read of the few for whom it matters
        let in_reception = means.work.on_benefit() && books.homes[i].kind == HomeKind::Reception;
        income::yearly(&mut means, age, month, shares, demography, in_reception, &mut luck);
        look.hosts = name.0 % HOST_EVERY == 0 && age >= 25 && books.homes[i].kind == HomeKind::Dwelling;
    }
    let hazard = hazards::total(&books.members[i], &means, month, tables);
    let delay = hazard.delay(&mut setting.chance.luck(DELAY, name.0, now));
    look.means = means;
    look.due = Due::first(now, delay, next_look(means.income_month, setting));
    look.strikes = look.due.is_due(now);
    look
}

/// The step of the next income month, a year ahead if it is this one.
fn next_look(income_month: u8, setting: &Setting<'_>) -> Step {
    let ahead = (i32::from(income_month) - (setting.clock.month().0 as i32).rem_euclid(12)).rem_euclid(12);
    let months = if ahead == 0 { 12 } else { ahead };
    setting.clock.step.plus(setting.clock.calendar.steps_in_months(months as u32))
}

/// Draws the next event of a household that has just lived through one, from the next step on.
fn redraw(books: &mut Books<'_>, name: KinName, slot: Slot, setting: &Setting<'_>, tables: &HazardTables) {
    let i = slot as usize;
    if books.kin[i].name != name {
        return;
    }
    let month = setting.clock.month();
    let hazard = hazards::total(&books.members[i], &books.means[i], month, tables);
    let next: Step = setting.clock.step.plus(1);
    let delay = hazard.delay(&mut setting.chance.luck(DELAY, name.0, next));
    let look = next_look(books.means[i].income_month, setting);
    books.demography[i].0 = Due::first(next, delay, look.max(next));
}
