//! What becomes of registrations: they wake, sleep, lapse, are given up, and ask for urgency.

use bevy_ecs::prelude::*;
use doorstroom_kernel::hazard::which_strike;
use doorstroom_kernel::lane::{BLOCK_ITEMS, joined, read_together};
use doorstroom_kernel::{Hazard, Purpose, Step};
use doorstroom_policy::scheme::{Names, StatementRules};
use doorstroom_state::KinName;
use doorstroom_state::books::{BookKeeping, Books, Moment};
use doorstroom_state::columns::Columns;
use doorstroom_state::due::{Due, due_rows};
use doorstroom_state::household::{Means, UrgencyGround};
use doorstroom_state::region::Region;
use doorstroom_state::registration::{Registration, RowState};
use doorstroom_state::slots::Slot;

use super::{MarketRates, Rates, can_search};
use crate::names::names_of;
use crate::rulebook::Setting;

const DELAY: Purpose = Purpose::named("delay to the next event of a registration");
const EVENT: Purpose = Purpose::named("which event of a registration strikes");

/// What a registration that is due comes to.
#[derive(Clone, Copy)]
enum Turn {
    Rests,
    Ends,
    Wakes,
    Sleeps,
    AsksForUrgency,
}

/// A registration whose turn touches its holder, and when to look at it again.
struct Turned {
    holder: Slot,
    name: KinName,
    row: Slot,
    turn: Turn,
    next: Due,
}

/// Looks at every registration that is due. What each comes to hangs on nothing that another's turn changes, so it is
/// decided in parallel; most only rest until they are looked at again.
pub(super) fn live(mut keeping: BookKeeping, setting: Setting, mut regions: Query<&mut Region>) {
    let (Some(mut books), Some(regions)) = (keeping.open(), regions.columns()) else { return };
    let rates = Rates::on(setting.clock.today, &setting, &regions);
    draw_anew(&mut books, &setting, &rates.came_into_force(&setting, &regions, Rates::differ_for_rows));
    let mut turned = decide_due(&mut books, &setting, &rates);
    // a row touches its holder only: those of one household in the order of names, households as they lie in memory
    setting.lane.sort_by_key(&mut turned, |turned| (turned.holder, turned.name, turned.row));
    for block in turned.chunks(BLOCK_ITEMS) {
        read_together(block, |turned| u64::from(books.register.rows[turned.row as usize].next_row));
        books.read_block_ahead(block, |turned| turned.holder);
        for turned in block {
            carry_out(&mut books, turned, &setting, &rates);
        }
    }
}

/// What becomes of registrations in markets in which other rates have come into force is drawn anew.
fn draw_anew(books: &mut Books<'_>, setting: &Setting<'_>, came_into_force: &[bool]) {
    if !came_into_force.contains(&true) {
        return;
    }
    let rows = books.register.rows.iter_mut();
    for row in rows.filter(|row| row.state != RowState::Free && came_into_force[usize::from(row.market)]) {
        row.next_event = Due::redraw(setting.clock.step);
    }
}

/// The parallel part: writes when to look again at rows that rest, and gives the others.
fn decide_due(books: &mut Books<'_>, setting: &Setting<'_>, rates: &Rates) -> Vec<Turned> {
    let mut all = std::mem::take(&mut books.register.rows);
    let turned = setting.lane.map_chunks_mut(&mut all, |first, rows| {
        // a free row is never due
        let due = due_rows(rows, first, |row| row.next_event, setting.clock.step);
        let mut turned = Vec::new();
        for block in due.chunks(BLOCK_ITEMS) {
            read_together(block, |&slot| books.read_ahead(rows[slot as usize - first].holder as usize));
            for &slot in block {
                let row = &mut rows[slot as usize - first];
                let (turn, next) = decide(books, row, setting, rates);
                match turn {
                    Turn::Rests => row.next_event = next,
                    _ => turned.push(Turned { holder: row.holder, name: row.name, row: slot, turn, next }),
                }
            }
        }
        turned
    });
    books.register.rows = all;
    joined(turned)
}

/// One registration: the event that strikes in this step, if any, then the delay to the next. A deadline draws anew from
/// this step on, which no draw before it covers.
fn decide(books: &Books<'_>, row: &Registration, setting: &Setting<'_>, rates: &Rates) -> (Turn, Due) {
    let rate = rates.of(row.market);
    let (now, searches) = (setting.clock.step, row.state == RowState::Searching);
    let sleep = || sleep(books, row.holder, rate.sleep, &rates.sleep_by_home);
    let next = |searches: bool, from: Step| {
        let hazard = if searches { rate.give_up + sleep() + rate.urgent } else { rate.lapse + rate.wake };
        Due::first(from, hazard.delay(&mut setting.chance.luck(DELAY, row.name.0, from)), Step::NEVER)
    };
    if !row.next_event.strikes() {
        let due = next(searches, now);
        if !due.strikes_by(now) {
            return (Turn::Rests, due);
        }
    }
    let turn = turn(books, row, setting, rate, sleep);
    let searches = match turn {
        Turn::Wakes => true,
        Turn::Sleeps => false,
        _ => searches,
    };
    (turn, next(searches, now.plus(1)))
}

/// Which event strikes.
fn turn(
    books: &Books<'_>,
    row: &Registration,
    setting: &Setting<'_>,
    rate: &MarketRates,
    sleep: impl Fn() -> Hazard,
) -> Turn {
    let mut luck = setting.chance.luck(EVENT, row.name.0, setting.clock.step);
    match row.state {
        RowState::Free => Turn::Rests,
        RowState::Dormant => {
            let (holder, place) = (row.holder as usize, usize::from(row.member));
            let rules = &setting.rulebook.rules.registration;
            match which_strike(&[rate.lapse, rate.wake], &mut luck) {
                struck if struck & 1 == 1 => Turn::Ends,
                _ if can_search(&books.households[holder], place, rules, &mut luck) => Turn::Wakes,
                _ => Turn::Rests,
            }
        }
        RowState::Searching => match which_strike(&[rate.give_up, sleep(), rate.urgent], &mut luck) {
            struck if struck & 1 == 1 => Turn::Ends,
            struck if struck & 2 == 2 => Turn::Sleeps,
            _ => Turn::AsksForUrgency,
        },
    }
}

fn carry_out(books: &mut Books<'_>, turned: &Turned, setting: &Setting<'_>, rates: &Rates) {
    let (holder, row) = (turned.holder, turned.row);
    match turned.turn {
        Turn::Rests => {}
        Turn::Ends => return end(books, row, setting.moment()),
        Turn::Wakes => books.start_search(row, setting.moment()),
        Turn::Sleeps => books.register.sleep(&mut books.seekers[holder as usize], row),
        Turn::AsksForUrgency => {
            let market = books.register.rows[row as usize].market;
            ask_for_urgency(books, holder, rates.of(market).statement, setting);
        }
    }
    books.register.rows[row as usize].next_event = turned.next;
}

/// A search ends sooner where one lives well. Housing bears on how long a search lasts, never on whether it begins.
fn sleep(books: &Books<'_>, holder: Slot, rate: Hazard, by_home: &[f64]) -> Hazard {
    books.tenure(holder).map_or(rate, |tenure| rate.times(by_home[tenure as usize]))
}

fn end(books: &mut Books<'_>, slot: Slot, at: Moment) {
    let holder = books.register.rows[slot as usize].holder;
    books.register.end(&mut books.seekers[holder as usize], slot);
    // its holder may register anew
    books.registration[holder as usize] = Due::redraw(at.step);
    books.settle_group(holder, at);
}

/// A medical or social statement, unless the regime denies it to holders of a residence permit.
fn ask_for_urgency(books: &mut Books<'_>, holder: Slot, rules: Option<StatementRules>, setting: &Setting<'_>) {
    let Some(rules) = rules else { return };
    let lives_in = books.homes[holder as usize].municipality;
    if rules.who != Names::ALL && !names_of(books, setting, holder, rules.who, lives_in).any(rules.who) {
        return;
    }
    let regime = setting.rulebook.rules.priority.status_holder.now();
    let alien = books.households[holder as usize].means.is(Means::PERMIT_ALIEN);
    if !doorstroom_policy::priority::may_hold_urgency(regime, alien, UrgencyGround::Medical) {
        return;
    }
    if !books.homes[holder as usize].kind.is_private() {
        return;
    }
    books.grant_urgency(holder, UrgencyGround::Medical, setting.steps(rules.months), setting.moment());
}
