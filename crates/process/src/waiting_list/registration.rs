//! Households without a registration register; without a home they search from then on.

use bevy_ecs::prelude::*;
use doorstroom_kernel::{Chance, Clock, Lane, Purpose};
use doorstroom_state::columns::{Columns, plain};
use doorstroom_state::due::Due;
use doorstroom_state::waiting_list::{Household, Market, NextRegistering, Standing, Tally};

use super::hazards::WaitingListRules;
use super::sweep::{Sweeper, settle};

pub(super) const REGISTERING: Purpose = Purpose::named("registering in a waiting-list world");

/// Registers who is due.
pub(super) fn register(
    mut households: Query<(&mut NextRegistering, &mut Household)>,
    mut markets: Query<&mut Market>,
    (clock, chance, lane, rules): (Res<Clock>, Res<Chance>, Res<Lane>, Res<WaitingListRules>),
    mut tally: ResMut<Tally>,
) {
    let (Some((due, households)), Some(markets)) = (households.columns(), markets.columns()) else { return };
    let (due, households) = (plain(due), plain(households));
    let now = clock.step;
    let columns = (due, &mut [(); 0][..], &mut *households);
    let sweeper = Sweeper { lane: &lane, chance: &chance, purpose: REGISTERING, now };
    let changes = sweeper.sweep(
        columns,
        |next| next.0,
        |chunk, row, luck, changes| {
            let slot = chunk.slot(row);
            let (household, due) = (&mut chunk.households[row], &mut chunk.next[row].0);
            if household.standing.is_registered() {
                *due = Due::NEVER;
                return;
            }
            if !due.strikes() {
                *due = rules.registering(household, now, luck);
                if !(due.is_due(now) && due.strikes()) {
                    return;
                }
            }
            household.standing = Standing::new(true, household.standing.is_housed());
            household.since = now.0 as i16;
            if household.is_seeker(rules.income_at_most) {
                changes.enter(&rules, household, slot);
            }
            changes.events += 1;
            *due = Due::NEVER;
        },
    );
    tally.registrations += settle(&changes, plain(markets), households, &rules);
}
