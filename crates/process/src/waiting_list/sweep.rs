//! How households live through a step: chunk by chunk, and in a chunk one process after the other. What they do hangs on
//! themselves alone, so a chunk goes through all processes while its rows are near, and threads meet once a step; lines
//! and vacancies follow when all chunks are done.

use bevy_ecs::prelude::*;
use doorstroom_kernel::{Chance, Clock, Lane};
use doorstroom_state::columns::{Columns, plain};
use doorstroom_state::waiting_list::{Household, Market, NextIncome, NextLeaving, NextRegistering, Tally, Vacant};

use super::chunk::{Changes, Setting, chunks};
use super::hazards::WaitingListRules;
use super::{departure, income, registration};

/// Lets all households live through the step. The order of the processes is that of the workload: who gives up a home
/// registers in this step as somebody who has one, so departures come after registrations.
pub(super) fn live(
    mut households: Query<(&mut Household, &mut NextIncome, &mut NextRegistering, &mut NextLeaving)>,
    mut markets: Query<(&mut Market, &mut Vacant)>,
    (clock, chance, lane, rules): (Res<Clock>, Res<Chance>, Res<Lane>, Res<WaitingListRules>),
    mut tally: ResMut<Tally>,
) {
    let (Some((households, income, registering, leaving)), Some((markets, vacant))) =
        (households.columns(), markets.columns())
    else {
        return;
    };
    let (households, income) = (plain(households), plain(income));
    let chunks = chunks(households, income, plain(registering), plain(leaving));
    let setting = Setting { rules: &rules, chance: &chance, now: clock.step };
    let changes = lane.map_each(chunks, |mut chunk| {
        let mut changes = Changes::default();
        income::change(&mut chunk, &setting, &mut changes);
        registration::register(&mut chunk, &setting, &mut changes);
        departure::leave(&mut chunk, &setting, &mut changes);
        changes
    });
    let (markets, vacant) = (plain(markets), plain(vacant));
    for part in &changes {
        part.settle(markets, vacant, households, &rules);
        tally.income_changes += part.income_changes;
        tally.registrations += part.registrations;
        tally.departures += part.vacated.len() as u64;
    }
}
