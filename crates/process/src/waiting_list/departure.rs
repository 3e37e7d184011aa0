//! Households give up their home. It is vacant in the same step; who was registered is a seeker at once.

use doorstroom_kernel::Purpose;
use doorstroom_state::due::{Due, due_rows};
use doorstroom_state::waiting_list::Standing;

use super::chunk::{Changes, Chunk, Setting, luck_of};
use super::registration::REGISTERING;

pub(super) const LEAVING: Purpose = Purpose::named("giving up a home in a waiting-list world");

/// Vacates the homes that are due.
pub(super) fn leave(chunk: &mut Chunk<'_>, setting: &Setting<'_>, changes: &mut Changes) {
    let (now, rules) = (setting.now, setting.rules);
    let due = due_rows(chunk.leaving, 0, |next| next.0, now);
    setting.each(LEAVING, chunk, &due, |chunk, row, luck| {
        let (household, due) = (&mut chunk.households[row], &mut chunk.leaving[row].0);
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
        *due = Due::NEVER;
        let registered = household.standing.is_registered();
        household.standing = Standing::new(registered, false);
        changes.vacated.push(household.municipality);
        if !registered {
            let from = now.plus(1);
            let mut luck = luck_of(setting.chance, REGISTERING, household, from);
            chunk.registering[row].0 = rules.registering(household, from, &mut luck);
        }
        changes.enter_if_seeker(rules, chunk, row);
    });
}
