//! Bouw en sluiting (building and closing): a stock whose number of dwellings changes by date.

use bevy_ecs::prelude::*;
use doorstroom_kernel::{Chance, Clock};
use doorstroom_state::queue::{Opening, Place, QueueLedger, Roll, Vacancy};

use super::columns::column;
use super::supply::vacancy;
use super::{QueueRules, moment};

/// Dwellings open, and vacant ones close, until as many stand as should at the end of this step. Where too few are
/// vacant, the next ones in which a tenancy ends close instead of being let.
pub(super) fn build_and_close(
    rules: Res<QueueRules>,
    chance: Res<Chance>,
    clock: Res<Clock>,
    mut places: Query<&'static mut Place>,
    mut roll: ResMut<Roll>,
    mut opening: ResMut<Opening>,
    mut ledger: ResMut<QueueLedger>,
) {
    let Some(scheme) = &rules.0.scheme else { return };
    for (at, goods) in rules.0.goods.iter().enumerate().filter(|(_, goods)| !goods.path.is_empty()) {
        let good = at as u8;
        roll.wanted[at] = goods.dwellings(u32::from(moment(&clock)));
        while let Some((name, slot)) = roll.open(good) {
            ledger.opened[at] += 1;
            opening.now.push(vacancy(scheme, &chance, name, slot, good, 1, clock.step));
        }
        if roll.standing[at] > roll.wanted[at] {
            close_vacant(&mut roll, column(&mut places), &mut opening.now, good);
        }
    }
}

/// Closes vacant dwellings, those of the lowest names first.
fn close_vacant(roll: &mut Roll, places: &[Place], open: &mut Vec<Vacancy>, good: u8) {
    open.sort_unstable_by_key(|vacancy| vacancy.name);
    open.retain(|vacancy| {
        vacancy.good != good || !roll.close(good, places[vacancy.place as usize].name, vacancy.place)
    });
}
