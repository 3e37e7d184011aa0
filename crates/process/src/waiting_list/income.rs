//! Incomes change, and with them who is a seeker: the limit of income decides.

use doorstroom_kernel::Purpose;
use doorstroom_state::due::due_rows;

use super::chunk::{Changes, Chunk, Setting};
use super::hazards::next;

pub(super) const INCOME: Purpose = Purpose::named("change of income in a waiting-list world");

/// Multiplies the incomes that are due.
pub(super) fn change(chunk: &mut Chunk<'_>, setting: &Setting<'_>, changes: &mut Changes) {
    let (now, rules) = (setting.now, setting.rules);
    let due = due_rows(chunk.income, 0, |next| next.0, now);
    setting.each(INCOME, chunk, &due, |chunk, row, luck| {
        let due = &mut chunk.income[row].0;
        if !due.strikes() {
            *due = next(rules.income, now, luck);
            if !due.is_due(now) {
                return;
            }
        }
        let household = &mut chunk.households[row];
        let was_seeker = household.is_seeker(rules.income_at_most);
        let rises = !luck.strikes(rules.falls);
        household.income *= rules.factors[usize::from(rises)];
        *due = next(rules.income, now.plus(1), luck);
        changes.income_changes += 1;
        if !was_seeker {
            changes.enter_if_seeker(rules, chunk, row);
        } else if !household.is_seeker(rules.income_at_most) {
            changes.left.push((household.municipality, rules.class_of[usize::from(household.group)]));
        }
    });
}
