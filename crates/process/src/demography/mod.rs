//! Life events: wishes alike in every arm; housing decides where and when a wish is met (worlds/MODEL.md M1).

mod events;
mod hazards;
mod income;
mod look;
mod migration;
mod pairing;

use bevy_ecs::prelude::*;
use doorstroom_kernel::hazard::which_strike;
use doorstroom_kernel::lane::BLOCK_ITEMS;
use doorstroom_kernel::registrar::Registrar;
use doorstroom_kernel::{Luck, Purpose};
use doorstroom_state::KinName;
use doorstroom_state::books::{BookKeeping, Books};
use doorstroom_state::columns::set_bits;
use doorstroom_state::due::Due;
use doorstroom_state::household::Household;
use doorstroom_state::newcomer::Newcomers;
use doorstroom_state::slots::Slot;

use crate::phase::Phase;
use crate::rulebook::Setting;
use crate::settle;
use hazards::{Exposure, HazardTables, LifeEvent};
use income::IncomeShares;

const DELAY: Purpose = Purpose::named("delay to the next life event");
const WHICH: Purpose = Purpose::named("which life events strike");

/// Registers the phase.
pub fn register(registrar: &mut Registrar<'_, Phase>) {
    registrar
        .system(Phase::Demography, "let due households live", live)
        .depends_on_arm("benefit holders in reception find work by another chance, if the rules say so")
        .then(Phase::Demography, "let people arrive from abroad and institutions", migration::arrive)
        .then(Phase::Demography, "place newcomers in free slots", settle::place_newcomers);
}

/// A household whose drawn event strikes: where it lives, who it is, its slot.
type Struck = (u16, KinName, Slot);

/// Looks at every household that is due: the yearly look draws income and the next event anew, a strike is carried out.
fn live(mut keeping: BookKeeping, setting: Setting, mut newcomers: ResMut<Newcomers>) {
    let Some(mut books) = keeping.open() else { return };
    let made = |day| HazardTables::on(day, &setting.rulebook.rules, setting.step_years());
    let tables = made(setting.clock.today);
    if setting.a_step_before(made).is_some_and(|before| before != tables) {
        draw_anew(&mut books, &setting);
    }
    let shares = IncomeShares::new(&setting.rulebook.rules.demography);
    let mut struck: Vec<Struck> = Vec::new();
    for seen in look::look_at_due(&mut books, &setting, &tables, &shares) {
        seen.hosts.into_iter().for_each(|(name, slot)| books.lists.hosts.note(name, slot));
        seen.renewable.into_iter().for_each(|(name, slot)| books.lists.renewable.note(name, slot));
        struck.extend(seen.struck);
    }
    // slots differ between runs that mean the same; places and names do not, and neighbours lie near in memory
    setting.lane.sort_by_key(&mut struck, |&struck| struck);
    let mut wishes = pairing::Wishes::default();
    strike(&mut books, &setting, (&tables, &shares), &struck, &mut newcomers, &mut wishes);
    pairing::join_all(&mut books, &setting, &mut newcomers, wishes);
    redraw(&mut books, &setting, &tables, &struck);
}

/// Other hazards have come into force: what was drawn by those before is drawn anew.
fn draw_anew(books: &mut Books<'_>, setting: &Setting<'_>) {
    // a free slot has no events
    let events = books.demography.iter_mut().filter(|due| **due != Due::NEVER);
    events.for_each(|due| *due = Due::redraw(setting.clock.step));
}

/// Which events strike hangs on a household alone and is decided in parallel; they are carried out in order.
fn strike(
    books: &mut Books<'_>,
    setting: &Setting<'_>,
    (tables, shares): (&HazardTables, &IncomeShares),
    struck: &[Struck],
    newcomers: &mut Newcomers,
    wishes: &mut pairing::Wishes,
) {
    let read = |&(_, _, slot): &Struck| books.read_ahead(slot as usize);
    let mut events = setting.lane.map_scattered(struck, read, |struck| events_of(books, struck, setting, tables));
    for (block, events) in struck.chunks(BLOCK_ITEMS).zip(events.chunks_mut(BLOCK_ITEMS)) {
        books.read_block_ahead(block, |&(_, _, slot)| slot);
        let mut life =
            events::Life { books: &mut *books, setting, shares, newcomers: &mut *newcomers, wishes: &mut *wishes };
        for (&(_, _, slot), (events, luck)) in block.iter().zip(events) {
            life.carry_out(slot, events.iter(), luck);
        }
    }
}

/// The events that strike a household in one step, in their order: mostly one, which then lies beside its household.
struct Strikes {
    first: Option<LifeEvent>,
    others: Vec<LifeEvent>,
}

impl Strikes {
    fn iter(&self) -> impl Iterator<Item = LifeEvent> {
        self.first.iter().chain(&self.others).copied()
    }
}

/// The events that strike a household, and the luck with which they are carried out.
fn events_of(
    books: &Books<'_>,
    &(_, name, slot): &Struck,
    setting: &Setting<'_>,
    tables: &HazardTables,
) -> (Strikes, Luck) {
    let i = slot as usize;
    let Household { members, means, .. } = &books.households[i];
    let exposure = Exposure::of(members, means, setting.clock.month(), tables);
    let mut luck = setting.chance.luck(WHICH, name.0, setting.clock.step);
    let struck = which_strike(exposure.hazards(), &mut luck);
    let mut events = set_bits(struck).map(|bit| exposure.events()[bit as usize]);
    (Strikes { first: events.next(), others: events.collect() }, luck)
}

/// Draws the next event of those who have just lived through one and are still there, from the next step on. The other
/// phases draw anew as well, for a household of other persons.
fn redraw(books: &mut Books<'_>, setting: &Setting<'_>, tables: &HazardTables, struck: &[Struck]) {
    let (month, next) = (setting.clock.month(), setting.clock.step.plus(1));
    let read = |&(_, _, slot): &Struck| books.read_ahead(slot as usize);
    let drawn = setting.lane.map_scattered(struck, read, |&(_, name, slot)| {
        let i = slot as usize;
        if books.households[i].kin.name != name {
            return None;
        }
        let Household { members, means, .. } = &books.households[i];
        let hazard = hazards::total(members, means, month, tables);
        let delay = hazard.delay(&mut setting.chance.luck(DELAY, name.0, next));
        Some(Due::first(next, delay, look::next_look(means.income_month, setting).max(next)))
    });
    for (&(_, _, slot), due) in struck.iter().zip(drawn) {
        if let Some(due) = due {
            let (i, again) = (slot as usize, Due::redraw(setting.clock.step));
            (books.demography[i], books.registration[i], books.sharing[i]) = (due, again, again);
        }
    }
}
