//! Work and benefit of status holders so many months after the permit.

use std::collections::BTreeSet;

use bevy_ecs::prelude::*;
use doorstroom_kernel::{Clock, Day};
use doorstroom_state::household::Means;
use doorstroom_state::{Household, Slot, Written};

use crate::look::{look, look_with, whole};

/// What is read of a cohort: name of the reading, months after the permit, share of whom.
pub const READ: [(&str, i32); 3] =
    [("cohort.in_work_18_months", 18), ("cohort.on_benefit_2_years", 24), ("cohort.on_benefit_5_years", 60)];

/// Households seen so many months after the permit, and those of them of whom the reading is true; in the order of
/// [`READ`].
pub type Cohorts = [[u32; 2]; 3];

/// The households whose permit was granted in the run, so that a start state says nothing here; found once and followed
/// since, by what was written.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Granted(BTreeSet<Slot>);

impl Granted {
    /// Those of every household.
    pub fn found(world: &mut World) -> Self {
        Granted(look(world, find))
    }

    /// The cohorts of a month.
    pub fn see(&mut self, world: &mut World) -> Cohorts {
        look_with(world, &mut self.0, follow)
    }
}

fn is_granted(means: &Means, start: Day) -> bool {
    means.is(Means::STATUS_HISTORY) && means.permit_since >= start
}

fn find(households: Query<&Household>, clock: Res<Clock>) -> BTreeSet<Slot> {
    let granted = |(_, household): &(Slot, &Household)| is_granted(&household.means, clock.calendar.start);
    let households = whole(households).unwrap_or_default();
    (0..).zip(households).filter(granted).map(|(slot, _)| slot).collect()
}

fn follow(
    InMut(granted): InMut<BTreeSet<Slot>>,
    households: Query<&Household>,
    written: Res<Written>,
    clock: Res<Clock>,
) -> Cohorts {
    let Some(households) = whole(households) else { return Cohorts::default() };
    let means = |slot: Slot| &households[slot as usize].means;
    let is_granted = |slot: &Slot| is_granted(means(*slot), clock.calendar.start);
    granted.retain(is_granted);
    granted.extend(written.households.slots().filter(is_granted));
    let mut seen = Cohorts::default();
    for means in granted.iter().map(|&slot| means(slot)) {
        let months = clock.month().0 as i32 - means.permit_since.month_index().0 as i32;
        let is = [means.work.works(), means.work.on_benefit(), means.work.on_benefit()];
        for (i, &(_, after)) in READ.iter().enumerate() {
            if months == after {
                seen[i][0] += 1;
                seen[i][1] += u32::from(is[i]);
            }
        }
    }
    seen
}
