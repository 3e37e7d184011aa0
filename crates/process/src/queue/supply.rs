//! Vacancies: from a stream, from tenancies that end, and from tenants who look for another home and find it.

use bevy_ecs::prelude::*;
use doorstroom_kernel::chance::{Luck, join, round_by_luck};
use doorstroom_kernel::{Chance, Clock, Purpose, Step};
use doorstroom_policy::queue::{Lifetime, Looks, Process, QueueModel};
use doorstroom_policy::scheme::ResolvedScheme;
use doorstroom_state::queue::{
    Abode, Leaves, Listed, Mates, NEVER, NONE, OffersMade, Opening, Place, Renewal, SearchingSince, Standing, Vacancy,
};

use super::arrivals::{first_exit, gives_up, how_many, later, renewal, write};
use super::columns::{Households, Rows, column};
use super::{QueueRules, moment, name_of};

/// How many vacancies come.
pub(super) const VACANCIES: Purpose = Purpose::named("queue: vacancies of a good");
/// How long a tenancy lasts.
pub(super) const TENANCY: Purpose = Purpose::named("queue: length of a tenancy");
/// Channel and marks of a vacancy.
pub(super) const CHANNEL: Purpose = Purpose::named("queue: channel, label and binding of a vacancy");
/// When a tenant begins to look.
pub(super) const LOOKS: Purpose = Purpose::named("queue: a tenant begins to look");
/// Whether a tenant registers anew.
pub(super) const RETURNS: Purpose = Purpose::named("queue: registers anew when the tenancy ends");
/// Streams of names of vacancies, by good, and of first tenants.
const STREAMS: u64 = 3 << 32;
const TENANTS: u64 = 4 << 32;

/// A vacancy with its channel and marks, which its name decides.
pub(super) fn vacancy(
    scheme: &ResolvedScheme,
    chance: &Chance,
    dwelling: u64,
    place: u32,
    good: u8,
    link: u16,
    step: Step,
) -> Vacancy {
    let name = join(dwelling, u64::from(step.0));
    let mut luck = chance.trait_of(CHANNEL, name);
    let channel = scheme.channel_of(luck.unit());
    let vacancy =
        Vacancy { name, place, good, channel: channel as u8, marks: (0, 0), by_lottery: false, link, offers: 0 };
    marked(scheme, vacancy, &mut luck)
}

/// The vacancy with the marks of its channel.
pub(super) fn marked(scheme: &ResolvedScheme, vacancy: Vacancy, luck: &mut Luck) -> Vacancy {
    let channel = &scheme.channels[usize::from(vacancy.channel)];
    let mark = |found: Option<usize>| found.map_or(0, |position| position as u8 + 1);
    let marks = (mark(channel.label_of(luck.unit())), mark(channel.binding_of(luck.unit())));
    Vacancy { marks, by_lottery: channel.by_lottery(luck.unit()), ..vacancy }
}

/// Vacancies of the stream of every good.
pub(super) fn list_vacancies(
    rules: Res<QueueRules>,
    chance: Res<Chance>,
    clock: Res<Clock>,
    mut opening: ResMut<Opening>,
    mut ledger: ResMut<doorstroom_state::queue::QueueLedger>,
) {
    for (good, goods) in rules.0.goods.iter().enumerate() {
        let Some(stream) = &goods.vacancies else { continue };
        let count = how_many(stream, &clock, || chance.luck(VACANCIES, good as u64, clock.step));
        ledger.opened[good] += count;
        for ordinal in 0..count {
            let name = name_of(STREAMS + good as u64, moment(&clock), ordinal);
            let vacancy = match &rules.0.scheme {
                Some(scheme) => vacancy(scheme, &chance, name, NONE, good as u8, 1, clock.step),
                None => Vacancy {
                    name,
                    place: NONE,
                    good: good as u8,
                    channel: 0,
                    marks: (0, 0),
                    by_lottery: false,
                    link: 1,
                    offers: 0,
                },
            };
            opening.now.push(vacancy);
        }
    }
}

/// Length of a tenancy in whole steps; on average it is exactly as long as it should be, so a short one may be 0.
pub(super) fn whole_steps(tenancy: Lifetime, luck: &mut Luck) -> u16 {
    let steps = match tenancy {
        Lifetime::Endless => return NEVER,
        Lifetime::AtOnce => return 0,
        Lifetime::Fixed(steps) => steps,
        Lifetime::Exponential(rate) => luck.exponential(1.0 / rate),
    };
    if steps >= f64::from(NEVER) { NEVER } else { round_by_luck(steps, luck).min(u32::from(NEVER)) as u16 }
}

/// Dwellings that are let before the first step.
pub(super) fn full_stock(model: &QueueModel) -> u32 {
    model.goods.iter().filter_map(|good| good.stock).filter(|stock| stock.full_at_start).map(|s| s.dwellings).sum()
}

/// Tenancies whose time has come end; the tenant is gone or registers anew, the dwelling is vacant or closes.
pub(super) fn end_tenancies(
    rules: Res<QueueRules>,
    chance: Res<Chance>,
    clock: Res<Clock>,
    mut households: Households<'_, '_>,
    mut places: Query<&'static mut Place>,
    mut opening: ResMut<Opening>,
) {
    let now = moment(&clock);
    let Some(scheme) = &rules.0.scheme else { return };
    let places = column(&mut places);
    if !places.iter().any(|place| place.ends == now) {
        return;
    }
    let mut rows = households.rows();
    for (slot, place) in places.iter_mut().enumerate() {
        if place.ends != now || place.tenant == NONE {
            continue;
        }
        let tenant = place.tenant as usize;
        if rows.abode.get(tenant).is_some_and(|abode| abode.0 == slot as u32) {
            rows.abode[tenant] = Abode(NONE);
            if rows.listed[tenant].standing != Standing::Housed {
                rows.end(tenant, false, Standing::Housed);
            }
            let returns = rules.0.goods[usize::from(place.good)].stock.and_then(|stock| stock.returns);
            match returns
                .filter(|returns| chance.luck(RETURNS, rows.listed[tenant].name, clock.step).strikes(returns.1))
            {
                Some((group, _)) => list_again(&rules.0, &chance, &mut rows, tenant, group, Process::TenancyEnds, now),
                None => rows.roll.release(tenant as u32, &mut rows.listed[tenant]),
            }
        }
        place.tenant = NONE;
        place.ends = NEVER;
        rows.roll.occupied -= 1;
        if !rows.roll.close(place.good, place.name, slot as u32) {
            rows.ledger.opened[usize::from(place.good)] += 1;
            opening.now.push(vacancy(scheme, &chance, place.name, slot as u32, place.good, 1, clock.step));
        }
    }
}

/// Writes a household that is already there on the list of `group`, by this process.
pub(super) fn list_again(
    model: &QueueModel,
    chance: &Chance,
    rows: &mut Rows<'_>,
    at: usize,
    group: u8,
    process: Process,
    now: u16,
) {
    rows.roll.enter(&mut rows.listed[at], group, Standing::Waiting, now);
    rows.ledger.arrivals[usize::from(group)] += 1;
    let first = first_exit(model, process, now);
    let leaves = gives_up(&model.groups[usize::from(group)], chance, rows.listed[at].name, first, now);
    write(rows.leaves, at, Leaves(leaves));
    write(rows.renewal, at, Renewal(renewal(model, now)));
    write(rows.offers, at, OffersMade(0));
    write(rows.searching, at, SearchingSince(now));
    // whoever shared a home with it looks after itself
    write(rows.mates, at, Mates::default());
}

/// Before the first step: a household in every dwelling that is let.
pub(super) fn settle_first_tenants(
    rules: Res<QueueRules>,
    chance: Res<Chance>,
    mut households: Households<'_, '_>,
    mut places: Query<&'static mut Place>,
) {
    let mut rows = households.rows();
    for (slot, place) in column(&mut places).iter_mut().enumerate().filter(|(_, place)| place.tenant != NONE) {
        let tenant = rows.roll.take();
        let at = tenant as usize;
        let name = join(TENANTS, place.name);
        place.tenant = tenant;
        rows.abode[at] = Abode(slot as u32);
        let transfers = rules.0.goods[usize::from(place.good)].stock.and_then(|stock| stock.transfers);
        rows.listed[at] = settled(name, transfers.map_or(0, |(group, _)| group));
        if let Some((group, Looks::AtOnce)) = transfers {
            list_again(&rules.0, &chance, &mut rows, at, group, Process::Allocation, 0);
        } else {
            rows.leaves[at] = Leaves(looks(&rules.0, &chance, name, place.good, 0));
        }
    }
}

/// The moment at which a tenant of `good` begins to look.
pub(super) fn looks(model: &QueueModel, chance: &Chance, name: u64, good: u8, now: u16) -> u16 {
    let transfers = model.goods[usize::from(good)].stock.and_then(|stock| stock.transfers);
    let Some((_, Looks::With(hazard))) = transfers else { return NEVER };
    let delay = hazard.delay(&mut chance.luck(LOOKS, name, Step(now)));
    later(now, 1.0 + f64::from(delay))
}

/// The same for a tenant who gave up looking in `group`.
pub(super) fn looks_again(model: &QueueModel, chance: &Chance, name: u64, group: u8, now: u16) -> u16 {
    let transfers = |good: &usize| model.goods[*good].stock.and_then(|stock| stock.transfers);
    let good = (0..model.goods.len()).find(|good| transfers(good).is_some_and(|(of, _)| of == group));
    good.map_or(NEVER, |good| looks(model, chance, name, good as u8, now))
}

/// Tenants whose time has come register for another home.
pub(super) fn begin_to_look(
    rules: Res<QueueRules>,
    chance: Res<Chance>,
    clock: Res<Clock>,
    mut households: Households<'_, '_>,
) {
    let now = moment(&clock);
    let mut rows = households.rows();
    for at in 0..rows.leaves.len() {
        let row = rows.listed[at];
        if rows.leaves[at].0 == now && row.standing == Standing::Housed {
            list_again(&rules.0, &chance, &mut rows, at, row.group, Process::Transfers, now);
        }
    }
}

/// A tenant who looks for nothing.
fn settled(name: u64, group: u8) -> Listed {
    Listed { name, entered: 0, since: 0, group, standing: Standing::Housed }
}
