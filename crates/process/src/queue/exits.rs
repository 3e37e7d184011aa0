//! Households leave the list: they give up, do not renew, or are mediated directly.

use bevy_ecs::prelude::*;
use doorstroom_kernel::{Chance, Clock, Purpose, Step, Threshold};
use doorstroom_policy::queue::QueueModel;
use doorstroom_state::queue::{Leaves, Renewal, Standing};

use super::arrivals::{RENEWS, later};
use super::columns::{Households, Rows};
use super::supply::looks_again;
use super::{QueueRules, moment};

/// Whether a household is mediated in this step.
pub(super) const MEDIATED: Purpose = Purpose::named("queue: direct mediation");
/// Channel number of direct mediation beside the scheme.
pub const MEDIATION: u8 = u8::MAX;

/// Those whose time has come leave the list. A tenant who looked for another home stays where it is; a party that is
/// complete stays together.
pub(super) fn give_up(
    rules: Res<QueueRules>,
    chance: Res<Chance>,
    clock: Res<Clock>,
    mut households: Households<'_, '_>,
) {
    let now = moment(&clock);
    let mut rows = households.rows();
    if rows.roll.nobody() {
        return;
    }
    for at in 0..rows.leaves.len() {
        if rows.leaves[at].0 != now {
            continue;
        }
        let row = rows.listed[at];
        let listed = matches!(row.standing, Standing::Waiting | Standing::Pooling);
        if !listed || rows.mates.get(at).is_some_and(|mates| mates.count > 0) {
            continue;
        }
        drop_out(&rules.0, &chance, &mut rows, at, now);
    }
}

/// A household leaves the list: a tenant stays where it lives, and may look again; anybody else is gone.
fn drop_out(model: &QueueModel, chance: &Chance, rows: &mut Rows<'_>, at: usize, now: u16) {
    let row = rows.listed[at];
    if rows.abode(at).is_some() {
        rows.end(at, false, Standing::Housed);
        rows.leaves[at] = Leaves(looks_again(model, chance, row.name, row.group, now));
    } else {
        rows.end(at, false, Standing::Free);
    }
}

/// Registrations whose validity ends are renewed, or struck off.
pub(super) fn renew(
    rules: Res<QueueRules>,
    chance: Res<Chance>,
    clock: Res<Clock>,
    mut households: Households<'_, '_>,
) {
    let now = moment(&clock);
    let Some((months, renewed)) = rules.0.scheme.as_ref().and_then(|scheme| scheme.validity) else { return };
    let (steps, threshold) = ((months / rules.0.step_months).round().max(1.0), Threshold::of(renewed));
    let mut rows = households.rows();
    for at in 0..rows.renewal.len() {
        if rows.renewal[at].0 != now || rows.listed[at].standing != Standing::Waiting {
            continue;
        }
        if chance.luck(RENEWS, rows.listed[at].name, Step(now)).strikes(threshold) {
            rows.renewal[at] = Renewal(later(now, steps));
        } else {
            drop_out(&rules.0, &chance, &mut rows, at, now);
        }
    }
}

/// Each household of a group with direct mediation is housed with its chance, beside all vacancies.
pub(super) fn mediate(
    rules: Res<QueueRules>,
    chance: Res<Chance>,
    clock: Res<Clock>,
    mut households: Households<'_, '_>,
) {
    let now = moment(&clock);
    let mut rows = households.rows();
    for at in 0..rows.listed.len() {
        let row = rows.listed[at];
        if row.standing != Standing::Waiting {
            continue;
        }
        let threshold = rules.0.groups[usize::from(row.group)].mediation;
        if threshold.0 > 0 && chance.luck(MEDIATED, row.name, Step(now)).strikes(threshold) {
            rows.house(at, MEDIATION, Standing::Free);
        }
    }
}
