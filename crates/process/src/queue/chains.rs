//! Verhuisketen (vacancy chain) over strata: a vacancy is filled by a mover, who leaves one behind, or by a starter.

use bevy_ecs::prelude::*;
use doorstroom_kernel::{Chance, Clock, Purpose};
use doorstroom_state::queue::{Opening, QueueLedger, Vacancy};

use super::QueueRules;

/// From which good the mover comes.
pub(super) const NEXT: Purpose = Purpose::named("queue: good that a mover leaves behind");

/// Each open vacancy of a good with a chain is filled; what the mover leaves opens in the next step.
pub(super) fn move_on(
    rules: Res<QueueRules>,
    chance: Res<Chance>,
    clock: Res<Clock>,
    mut opening: ResMut<Opening>,
    mut ledger: ResMut<QueueLedger>,
) {
    let mut open = std::mem::take(&mut opening.now);
    for vacancy in open.drain(..) {
        let Some(row) = &rules.0.goods[usize::from(vacancy.good)].chain else {
            opening.now.push(vacancy);
            continue;
        };
        ledger.visits[usize::from(vacancy.good)] += 1;
        let mut left = chance.luck(NEXT, vacancy.name, clock.step).unit();
        let next = row.iter().position(|&share| {
            left -= share;
            left < 0.0
        });
        match next {
            Some(good) => opening.next.push(Vacancy { good: good as u8, link: vacancy.link + 1, ..vacancy }),
            None => ledger.chains.push(vacancy.link),
        }
    }
    let next = std::mem::take(&mut opening.next);
    opening.now.extend(next);
}
