//! Vacant homes are let to the best seekers of their municipality: by class, then by waiting time, then by order of
//! creation. Markets choose at the same time, each among its own households; then the lettings are written.

use bevy_ecs::prelude::*;
use doorstroom_kernel::{Chance, Clock, Lane};
use doorstroom_state::columns::{Columns, plain};
use doorstroom_state::waiting_list::{
    Candidate, Household, Market, NextLeaving, NextRegistering, Standing, Tally, Vacant, is_there,
};

use super::chunk::luck_of;
use super::departure::LEAVING;
use super::hazards::WaitingListRules;
use super::registration::REGISTERING;

/// Lets vacant homes while there are seekers; the rest stays vacant.
pub(super) fn let_homes(
    mut households: Query<(&mut Household, &mut NextRegistering, &mut NextLeaving)>,
    mut markets: Query<(&mut Market, &mut Vacant)>,
    (clock, chance, lane, rules): (Res<Clock>, Res<Chance>, Res<Lane>, Res<WaitingListRules>),
    mut tally: ResMut<Tally>,
) {
    let (Some((households, registering, leaving)), Some((markets, vacant))) = (households.columns(), markets.columns())
    else {
        return;
    };
    let (households, registering, leaving) = (plain(households), plain(registering), plain(leaving));
    let pairs: Vec<(&mut Market, &mut Vacant)> = plain(markets).iter_mut().zip(plain(vacant)).collect();
    let chosen = lane.map_each(pairs, |(market, vacant)| choose(market, vacant, households, &rules));
    let from = clock.step.plus(1);
    for winner in chosen.iter().flatten() {
        let slot = winner.slot as usize;
        let household = &mut households[slot];
        household.standing = Standing::new(false, true);
        registering[slot].0 = rules.registering(household, from, &mut luck_of(&chance, REGISTERING, household, from));
        leaving[slot].0 = rules.leaving(from, &mut luck_of(&chance, LEAVING, household, from));
        let group = usize::from(household.group);
        tally.lettings[group] += 1;
        tally.waited[group] += (i64::from(clock.step.0) - i64::from(household.since)).unsigned_abs();
    }
}

/// The best seekers of one market, as many as there are vacant homes.
fn choose(
    market: &mut Market,
    vacant: &mut Vacant,
    households: &[Household],
    rules: &WaitingListRules,
) -> Vec<Candidate> {
    let mut winners = Vec::with_capacity(vacant.0 as usize);
    // their rows lie far apart: read them all before any is asked whether it still stands there
    let standing = |seen, first: &Candidate| seen ^ households[first.slot as usize].ordinal;
    std::hint::black_box(market.front(vacant.0 as usize).fold(0, standing));
    while vacant.0 > 0 {
        let Some(best) = market.take_best(|candidate| is_there(households, candidate, rules.income_at_most)) else {
            break;
        };
        vacant.0 -= 1;
        winners.push(best);
    }
    winners
}
