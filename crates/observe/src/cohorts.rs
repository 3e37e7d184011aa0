//! Work and benefit of status holders so many months after the permit.

use bevy_ecs::prelude::*;
use doorstroom_kernel::{Clock, Lane};
use doorstroom_state::Means;

use crate::look::whole;

/// What is read of a cohort: name of the reading, months after the permit, share of whom.
pub const READ: [(&str, i32); 3] =
    [("cohort.in_work_18_months", 18), ("cohort.on_benefit_2_years", 24), ("cohort.on_benefit_5_years", 60)];

/// Households seen so many months after the permit, and those of them of whom the reading is true; in the order of
/// [`READ`].
pub type Cohorts = [[u32; 2]; 3];

/// Counts the households whose permit was granted in the run, so that a start state says nothing here.
pub fn count(means: Query<&Means>, clock: Res<Clock>, lane: Res<Lane>) -> Cohorts {
    let Some(means) = whole(means) else { return Cohorts::default() };
    let (start, now) = (clock.calendar.start, clock.month());
    let parts = lane.map_chunks(means.len(), |from, to| {
        let mut seen = Cohorts::default();
        let followed =
            means[from..to].iter().filter(|means| means.is(Means::STATUS_HISTORY) && means.permit_since >= start);
        for means in followed {
            let months = now.0 as i32 - means.permit_since.month_index().0 as i32;
            let is = [means.work.works(), means.work.on_benefit(), means.work.on_benefit()];
            for (i, &(_, after)) in READ.iter().enumerate() {
                if months == after {
                    seen[i][0] += 1;
                    seen[i][1] += u32::from(is[i]);
                }
            }
        }
        seen
    });
    let add = |sums: Cohorts, part: &Cohorts| {
        [0, 1, 2].map(|reading| [0, 1].map(|which| sums[reading][which] + part[reading][which]))
    };
    parts.iter().fold(Cohorts::default(), add)
}
