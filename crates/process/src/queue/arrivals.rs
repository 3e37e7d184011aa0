//! Households come, get a name, a time to give up, and a place on the list.

use bevy_ecs::prelude::*;
use doorstroom_kernel::chance::{Luck, round_by_luck};
use doorstroom_kernel::{Chance, Clock, Purpose, Step, Threshold};
use doorstroom_policy::queue::{GroupRules, Lifetime, Process, QueueModel, Stream};
use doorstroom_state::queue::{
    Abode, Buffer, Coming, Leaves, Matched, Mates, NEVER, NONE, OffersMade, Renewal, SearchingSince, Standing,
};

use super::columns::{Households, Rows};
use super::{QueueRules, moment, name_of};

/// How many come in a step.
pub(super) const ARRIVALS: Purpose = Purpose::named("queue: arrivals of a group");
/// When a household gives up.
pub(super) const GIVING_UP: Purpose = Purpose::named("queue: time on the list before giving up");
/// Whether it wants to share.
pub(super) const SHARES: Purpose = Purpose::named("queue: wants to share a home");
/// Whether it renews its registration.
pub(super) const RENEWS: Purpose = Purpose::named("queue: renews the registration");

/// Draws how many come in this step.
pub(super) fn draw(model: &QueueModel, chance: &Chance, clock: &Clock, counts: &mut [u32]) {
    for (group, rules) in model.groups.iter().enumerate() {
        counts[group] = match &rules.arrivals {
            None => 0,
            Some(stream) => how_many(stream, clock, || chance.luck(ARRIVALS, rules.stream, clock.step)),
        };
    }
}

/// How many come of a stream in this step.
pub(super) fn how_many(stream: &Stream, clock: &Clock, luck: impl FnOnce() -> Luck) -> u32 {
    match stream {
        Stream::Every(count) => *count,
        Stream::Poisson(_) | Stream::PoissonFrom(_) => luck().poisson(stream.mean(u32::from(clock.step.0))),
    }
}

/// Registers all who come.
pub(super) fn arrive(
    rules: Res<QueueRules>,
    chance: Res<Chance>,
    clock: Res<Clock>,
    coming: Res<Coming>,
    mut households: Households<'_, '_>,
) {
    if coming.arrivals.iter().all(|&count| count == 0) {
        return;
    }
    let rows = households.rows();
    for (total, &count) in rows.ledger.arrivals.iter_mut().zip(&coming.arrivals) {
        *total += count;
    }
    enter_all(&rules.0, &chance, &coming.arrivals, rows, moment(&clock));
}

/// Registers `counts` households by group at `now`; 0 is before the run.
pub(super) fn enter_all(model: &QueueModel, chance: &Chance, counts: &[u32], mut rows: Rows<'_>, now: u16) {
    let first_exit = first_exit(model, Process::Arrivals, now);
    let renewal = renewal(model, now);
    for (group, rules) in model.groups.iter().enumerate() {
        for ordinal in 0..counts[group] {
            let name = name_of(rules.stream, now, ordinal);
            let shares = rules
                .sharing
                .is_some_and(|sharing| chance.trait_of(SHARES, name).strikes(Threshold::of(sharing.share)));
            let leaves = gives_up(rules, chance, name, first_exit, now);
            let newcomer = Newcomer { name, group: group as u8, now, shares, leaves, renewal };
            enter(&mut rows, &newcomer);
        }
        if let Some(sharing) = rules.sharing {
            form_parties(&mut rows, group, usize::from(sharing.size), now);
        }
    }
}

/// The moment at which a registration of `now` must be renewed.
pub(super) fn renewal(model: &QueueModel, now: u16) -> u16 {
    let validity = model.scheme.as_ref().and_then(|scheme| scheme.validity);
    validity.map_or(NEVER, |(months, _)| later(now, (months / model.step_months).round().max(1.0)))
}

/// What is known of a household that comes.
struct Newcomer {
    name: u64,
    group: u8,
    now: u16,
    shares: bool,
    leaves: u16,
    renewal: u16,
}

/// Writes all columns of a household that comes.
fn enter(rows: &mut Rows<'_>, newcomer: &Newcomer) {
    let &Newcomer { name, group, now, shares, leaves, renewal } = newcomer;
    let slot = rows.roll.take();
    let at = slot as usize;
    let standing = if shares { Standing::Pooling } else { Standing::Waiting };
    rows.listed[at].name = name;
    rows.roll.enter(&mut rows.listed[at], group, standing, now);
    if shares {
        rows.roll.pools[usize::from(group)].push(slot);
    }
    write(rows.leaves, at, Leaves(leaves));
    write(rows.renewal, at, Renewal(renewal));
    write(rows.offers, at, OffersMade(0));
    write(rows.searching, at, SearchingSince(now));
    write(rows.buffer, at, Buffer(0, 0));
    write(rows.abode, at, Abode(NONE));
    write(rows.mates, at, Mates::default());
}

/// Writes a value where its column is declared.
pub(super) fn write<C>(column: &mut [C], at: usize, value: C) {
    if let Some(place) = column.get_mut(at) {
        *place = value;
    }
}

/// Full parties of a pool become candidates, one household standing for all.
fn form_parties(rows: &mut Rows<'_>, group: usize, size: usize, now: u16) {
    for party in complete(&mut rows.roll.pools[group], size) {
        let (&head, others) = party.split_first().expect("a party has at least two members");
        for &other in others {
            rows.listed[other as usize].standing = Standing::Mate;
        }
        rows.listed[head as usize].standing = Standing::Waiting;
        let mates = &mut rows.mates[head as usize];
        mates.count = others.len() as u8;
        mates.slots[..others.len()].copy_from_slice(others);
        for &member in &party {
            let steps = now - rows.listed[member as usize].entered;
            rows.ledger.matched.push(Matched { group: group as u8, steps });
        }
    }
}

/// Takes full parties from the front of a pool.
fn complete(pool: &mut Vec<u32>, size: usize) -> Vec<Vec<u32>> {
    let full = pool.len() / size * size;
    let taken: Vec<u32> = pool.drain(..full).collect();
    taken.chunks(size).map(<[u32]>::to_vec).collect()
}

/// The first moment at which somebody who enters at `now` by `process` can give up.
pub(super) fn first_exit(model: &QueueModel, process: Process, now: u16) -> u16 {
    now + u16::from(now == 0 || model.before(Process::Exits, process))
}

/// The moment at which a household gives up.
pub(super) fn gives_up(rules: &GroupRules, chance: &Chance, name: u64, first_exit: u16, now: u16) -> u16 {
    match rules.leaves {
        Lifetime::Endless => NEVER,
        Lifetime::AtOnce => now,
        Lifetime::Fixed(steps) => later(now, f64::from(round_by_luck(steps, &mut luck_of(chance, name, now)))),
        Lifetime::Exponential(_) => {
            let delay = rules.leaves.hazard().delay(&mut luck_of(chance, name, now));
            u16::try_from(delay.saturating_add(u32::from(first_exit))).unwrap_or(NEVER)
        }
    }
}

fn luck_of(chance: &Chance, name: u64, now: u16) -> Luck {
    chance.luck(GIVING_UP, name, Step(now))
}

/// `now` and so many whole steps; never beyond the range.
pub(super) fn later(now: u16, steps: f64) -> u16 {
    (f64::from(now) + steps).min(f64::from(NEVER)) as u16
}
