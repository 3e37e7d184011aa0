//! Households without a registration register; without a home they search from then on.

use doorstroom_kernel::Purpose;
use doorstroom_state::due::{Due, due_rows};
use doorstroom_state::waiting_list::Standing;

use super::chunk::{Changes, Chunk, Setting};

pub(super) const REGISTERING: Purpose = Purpose::named("registering in a waiting-list world");

/// Registers who is due.
pub(super) fn register(chunk: &mut Chunk<'_>, setting: &Setting<'_>, changes: &mut Changes) {
    let (now, rules) = (setting.now, setting.rules);
    let due = due_rows(chunk.registering, 0, |next| next.0, now);
    setting.each(REGISTERING, chunk, &due, |chunk, row, luck| {
        let (household, due) = (&mut chunk.households[row], &mut chunk.registering[row].0);
        if household.standing.is_registered() {
            *due = Due::NEVER;
            return;
        }
        if !due.strikes() {
            *due = rules.registering(household, now, luck);
            if !due.strikes_by(now) {
                return;
            }
        }
        household.standing = Standing::new(true, household.standing.is_housed());
        household.since = now.0 as i16;
        *due = Due::NEVER;
        changes.registrations += 1;
        changes.enter_if_seeker(rules, chunk, row);
    });
}
