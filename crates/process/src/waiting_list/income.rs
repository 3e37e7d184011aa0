//! Incomes change, and with them who is a seeker: the limit of income decides.

use bevy_ecs::prelude::*;
use doorstroom_kernel::{Chance, Clock, Lane, Purpose};
use doorstroom_state::columns::{Columns, plain};
use doorstroom_state::waiting_list::{Household, Market, NextIncome, Tally};

use super::hazards::{WaitingListRules, next};
use super::sweep::{Sweeper, settle};

pub(super) const INCOME: Purpose = Purpose::named("change of income in a waiting-list world");

/// Multiplies the incomes that are due.
pub(super) fn change(
    mut households: Query<(&mut NextIncome, &mut Household)>,
    mut markets: Query<&mut Market>,
    (clock, chance, lane, rules): (Res<Clock>, Res<Chance>, Res<Lane>, Res<WaitingListRules>),
    mut tally: ResMut<Tally>,
) {
    let (Some((due, households)), Some(markets)) = (households.columns(), markets.columns()) else { return };
    let (due, households) = (plain(due), plain(households));
    let (now, limit) = (clock.step, rules.income_at_most);
    let columns = (due, &mut [(); 0][..], &mut *households);
    let sweeper = Sweeper { lane: &lane, chance: &chance, purpose: INCOME, now };
    let changes = sweeper.sweep(
        columns,
        |next| next.0,
        |chunk, row, luck, changes| {
            let slot = chunk.slot(row);
            let (household, due) = (&mut chunk.households[row], &mut chunk.next[row].0);
            if !due.strikes() {
                *due = next(rules.income, now, luck);
                if !due.is_due(now) {
                    return;
                }
            }
            let was_seeker = household.is_seeker(limit);
            let rises = !luck.strikes(rules.falls);
            household.income *= rules.factors[usize::from(rises)];
            match (was_seeker, household.is_seeker(limit)) {
                (false, true) => changes.enter(&rules, household, slot),
                (true, false) => {
                    changes.left.push((household.municipality, rules.class_of[usize::from(household.group)]));
                }
                _ => {}
            }
            changes.events += 1;
            *due = next(rules.income, now.plus(1), luck);
        },
    );
    tally.income_changes += settle(&changes, plain(markets), households, &rules);
}
