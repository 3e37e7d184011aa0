//! Households give up their home. It is vacant in the same step; who was registered is a seeker at once.

use bevy_ecs::prelude::*;
use doorstroom_kernel::{Chance, Clock, Lane, Purpose};
use doorstroom_state::columns::{Columns, plain};
use doorstroom_state::due::Due;
use doorstroom_state::waiting_list::{Household, Market, NextLeaving, NextRegistering, Standing, Tally, Vacant};

use super::hazards::WaitingListRules;
use super::registration::REGISTERING;
use super::sweep::{Sweeper, luck_of, settle};

pub(super) const LEAVING: Purpose = Purpose::named("giving up a home in a waiting-list world");

/// Vacates the homes that are due.
pub(super) fn leave(
    mut households: Query<(&mut NextLeaving, &mut NextRegistering, &mut Household)>,
    mut markets: Query<(&mut Market, &mut Vacant)>,
    (clock, chance, lane, rules): (Res<Clock>, Res<Chance>, Res<Lane>, Res<WaitingListRules>),
    mut tally: ResMut<Tally>,
) {
    let (Some((due, registering, households)), Some((markets, vacant))) = (households.columns(), markets.columns())
    else {
        return;
    };
    let (due, registering, households) = (plain(due), plain(registering), plain(households));
    let (markets, vacant) = (plain(markets), plain(vacant));
    let now = clock.step;
    let columns = (due, registering, &mut *households);
    let sweeper = Sweeper { lane: &lane, chance: &chance, purpose: LEAVING, now };
    let changes = sweeper.sweep(
        columns,
        |next| next.0,
        |chunk, row, luck, changes| {
            let slot = chunk.slot(row);
            let (household, due) = (&mut chunk.households[row], &mut chunk.next[row].0);
            if !household.standing.is_housed() {
                *due = Due::NEVER;
                return;
            }
            if !due.strikes() {
                *due = rules.leaving(now, luck);
                if !due.is_due(now) {
                    return;
                }
            }
            let registered = household.standing.is_registered();
            household.standing = Standing::new(registered, false);
            if household.is_seeker(rules.income_at_most) {
                changes.enter(&rules, household, slot);
            }
            changes.vacated.push(household.municipality);
            changes.events += 1;
            *due = Due::NEVER;
            if !registered {
                let from = now.plus(1);
                chunk.other[row].0 =
                    rules.registering(household, from, &mut luck_of(&chance, REGISTERING, household, from));
            }
        },
    );
    for &municipality in changes.iter().flat_map(|part| &part.vacated) {
        vacant[usize::from(municipality)].0 += 1;
    }
    tally.departures += settle(&changes, markets, households, &rules);
}
