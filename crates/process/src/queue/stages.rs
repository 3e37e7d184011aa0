//! A population in stages: members survive into the next stage or die, and have children who begin in the first.

use bevy_ecs::prelude::*;
use doorstroom_kernel::{Chance, Clock, Purpose, chance};
use doorstroom_state::queue::{Coming, Listed, QueueLedger, Roll, Stage, Standing};

use super::columns::column;
use super::{QueueRules, name_of};

/// Whether a member survives.
pub(super) const SURVIVES: Purpose = Purpose::named("queue: survives into the next stage");
/// How many children a member has.
pub(super) const BIRTHS: Purpose = Purpose::named("queue: children in a step");
/// Stream of names of the first members.
const MEMBERS: u64 = 2 << 32;

/// The members before the first step.
pub(super) fn first_members(
    rules: Res<QueueRules>,
    mut listed: Query<&'static mut Listed>,
    mut stage: Query<&'static mut Stage>,
    mut roll: ResMut<Roll>,
    mut ledger: ResMut<QueueLedger>,
) {
    let (listed, stage) = (column(&mut listed), column(&mut stage));
    for (i, rules) in rules.0.stages.iter().enumerate() {
        for ordinal in 0..rules.at_start {
            let at = roll.take() as usize;
            let name = name_of(MEMBERS + i as u64, 0, ordinal);
            listed[at] = Listed { name, standing: Standing::Member, ..Listed::default() };
            stage[at] = Stage(i as u8);
        }
        ledger.members[i] = rules.at_start;
    }
}

/// Children of this step, by slot of the parent: those who live at its beginning have them.
pub(super) fn draw_births(
    rules: Res<QueueRules>,
    chance: Res<Chance>,
    clock: Res<Clock>,
    mut listed: Query<&'static mut Listed>,
    mut stage: Query<&'static mut Stage>,
    mut coming: ResMut<Coming>,
) {
    let (listed, stage) = (column(&mut listed), column(&mut stage));
    coming.births.clear();
    for (at, row) in listed.iter().enumerate().filter(|(_, row)| row.standing == Standing::Member) {
        let mean = rules.0.stages[usize::from(stage[at].0)].births;
        if mean > 0.0 {
            let count = chance.luck(BIRTHS, row.name, clock.step).poisson(mean);
            if count > 0 {
                coming.births.push((at as u32, count));
            }
        }
    }
}

/// Survivors go to their next stage, the others die, children come.
pub(super) fn pass(
    (rules, chance, clock, coming): (Res<QueueRules>, Res<Chance>, Res<Clock>, Res<Coming>),
    mut listed: Query<&'static mut Listed>,
    mut stage: Query<&'static mut Stage>,
    mut roll: ResMut<Roll>,
    mut ledger: ResMut<QueueLedger>,
) {
    let (listed, stage) = (column(&mut listed), column(&mut stage));
    let before = ledger.members.iter().map(|&count| u64::from(count)).sum();
    let parents: Vec<(u64, u32)> = coming.births.iter().map(|&(at, count)| (listed[at as usize].name, count)).collect();
    let mut deaths = 0;
    for at in 0..listed.len() {
        if listed[at].standing != Standing::Member {
            continue;
        }
        let from = usize::from(stage[at].0);
        ledger.members[from] -= 1;
        let survives = rules.0.stages[from]
            .next
            .filter(|&(_, threshold)| chance.luck(SURVIVES, listed[at].name, clock.step).strikes(threshold));
        match survives {
            Some((next, _)) => {
                stage[at] = Stage(next);
                ledger.members[usize::from(next)] += 1;
            }
            None => {
                roll.release(at as u32, &mut listed[at]);
                deaths += 1;
            }
        }
    }
    let mut births = 0;
    for (parent, count) in parents {
        for ordinal in 0..count {
            let at = roll.take() as usize;
            let name = chance::join(chance::join(parent, u64::from(clock.step.0)), u64::from(ordinal));
            listed[at] = Listed { name, standing: Standing::Member, ..Listed::default() };
            stage[at] = Stage(0);
            ledger.members[0] += 1;
            births += 1;
        }
    }
    ledger.balance = [before, births, deaths];
}
