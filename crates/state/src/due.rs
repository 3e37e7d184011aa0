//! When a phase has to look at a household again, and which rows of a column are due.

use bevy_ecs::prelude::Resource;
use doorstroom_kernel::Step;

use crate::columns::rows_where;
use crate::slots::Slot;

/// When a phase has to look at a household again: a step, and whether its drawn event strikes then or only a deadline
/// (a birthday, the end of a term, a change of class) makes it draw anew.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[repr(transparent)]
pub struct Due(u16);

impl Due {
    /// Never again.
    pub const NEVER: Due = Due(u16::MAX);
    const STRIKE: u16 = 1 << 15;
    const STEP: u16 = Due::STRIKE - 1;

    /// The drawn event strikes at `step`.
    pub fn strike(step: Step) -> Self {
        if step.0 >= Due::STEP { Due::NEVER } else { Due(step.0 | Due::STRIKE) }
    }

    /// A deadline at `step`: draw anew, delay zero allowed. Exact, because hazards are memoryless.
    pub fn redraw(step: Step) -> Self {
        Due(step.0.min(Due::STEP))
    }

    /// The event after `delay` steps, or the deadline if that comes first.
    pub fn first(now: Step, delay: u32, deadline: Step) -> Self {
        let strike = now.plus(delay);
        if strike < deadline { Due::strike(strike) } else { Due::redraw(deadline) }
    }

    /// True if something is due at or before `now`.
    #[inline]
    pub fn is_due(self, now: Step) -> bool {
        self.0 & Due::STEP <= now.0
    }

    /// True if the drawn event strikes.
    #[inline]
    pub fn strikes(self) -> bool {
        self.0 & Due::STRIKE != 0
    }

    /// True if the drawn event strikes at or before `now`.
    #[inline]
    pub fn strikes_by(self, now: Step) -> bool {
        self.strikes() && self.is_due(now)
    }
}

/// A free slot has no events.
impl Default for Due {
    fn default() -> Self {
        Due::NEVER
    }
}

/// When Demography looks again at each household, row i of slot i. The four event columns are resources and no
/// components: nobody asks for an event without its phase, and a component costs eight bytes of ticks a row.
#[derive(Resource, Clone, Debug, Default)]
pub struct NextDemography(pub Vec<Due>);

/// When Registration looks again at each household.
#[derive(Resource, Clone, Debug, Default)]
pub struct NextRegistration(pub Vec<Due>);

/// When Sharing looks again at each household.
#[derive(Resource, Clone, Debug, Default)]
pub struct NextSharing(pub Vec<Due>);

/// When Sharing looks again whether each household loses its dwelling.
#[derive(Resource, Clone, Debug, Default)]
pub struct NextEviction(pub Vec<Due>);

/// The next look of every phase at one household.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct NextLooks {
    /// Of Demography.
    pub demography: Due,
    /// Of Registration.
    pub registration: Due,
    /// Of Sharing.
    pub sharing: Due,
}

/// Rows of a stretch of a column that are due at `now`, ascending; `first` is the row with which the stretch begins.
pub fn due_rows<N>(column: &[N], first: usize, due: impl Fn(&N) -> Due, now: Step) -> Vec<Slot> {
    rows_where(column, first, |n| due(n).is_due(now))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_event_before_the_deadline_strikes_and_a_later_one_is_drawn_anew() {
        let due = Due::first(Step(5), 3, Step(10));
        assert!(due.strikes() && !due.is_due(Step(7)) && due.is_due(Step(8)));
        let deadline = Due::first(Step(5), 5, Step(10));
        assert!(!deadline.strikes() && deadline.is_due(Step(10)) && !deadline.is_due(Step(9)));
        assert!(!Due::NEVER.is_due(Step(30_000)));
        assert!(!Due::first(Step(5), u32::MAX, Step::NEVER).is_due(Step(32_000)));
    }

    #[test]
    fn the_rows_found_are_those_of_a_plain_loop() {
        let column: Vec<Due> = (0..1_000u16).map(|i| Due::redraw(Step(i.wrapping_mul(7_919) % 40))).collect();
        for (from, to) in [(0, 1_000), (3, 70), (64, 128), (900, 963), (5, 5)] {
            for now in [Step(0), Step(1), Step(39)] {
                let plain: Vec<Slot> = (from..to).filter(|&i| column[i].is_due(now)).map(|i| i as Slot).collect();
                assert_eq!(due_rows(&column[from..to], from, |&due| due, now), plain);
            }
        }
    }
}
