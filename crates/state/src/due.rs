//! When a phase has to look at a household again, and which rows of a column are due.

use bevy_ecs::prelude::Component;
use doorstroom_kernel::Step;

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
}

/// A free slot has no events.
impl Default for Due {
    fn default() -> Self {
        Due::NEVER
    }
}

/// When Demography looks again.
#[derive(Component, Clone, Copy, PartialEq, Eq, Debug, Default)]
#[repr(transparent)]
pub struct NextDemography(pub Due);

/// When Registration looks again.
#[derive(Component, Clone, Copy, PartialEq, Eq, Debug, Default)]
#[repr(transparent)]
pub struct NextRegistration(pub Due);

/// When Sharing looks again.
#[derive(Component, Clone, Copy, PartialEq, Eq, Debug, Default)]
#[repr(transparent)]
pub struct NextSharing(pub Due);

/// Rows of a column that are looked at together: one mask of a machine word.
const ROWS_AT_ONCE: usize = 64;

/// Rows of a stretch of a column that are due at `now`, ascending; `first` is the row with which the stretch begins.
pub fn due_rows<N>(column: &[N], first: usize, due: impl Fn(&N) -> Due, now: Step) -> Vec<Slot> {
    rows_where(column, first, |n| due(n).is_due(now))
}

/// Rows of a stretch of a column for which `holds`, ascending. Flags of many rows are made and packed without a branch:
/// whether a single row is due cannot be foretold, and a wrong guess costs more than looking at a block of rows.
#[inline(never)]
pub fn rows_where<N>(column: &[N], first: usize, holds: impl Fn(&N) -> bool) -> Vec<Slot> {
    let mut rows = Vec::with_capacity(column.len() / 16);
    let (blocks, rest) = column.as_chunks::<ROWS_AT_ONCE>();
    for (i, block) in blocks.iter().enumerate() {
        let mut flags = [0u8; ROWS_AT_ONCE];
        for (flag, n) in flags.iter_mut().zip(block) {
            *flag = u8::from(holds(n));
        }
        let mut mask = packed(&flags);
        while mask != 0 {
            rows.push((first + i * ROWS_AT_ONCE) as Slot + mask.trailing_zeros());
            mask &= mask - 1;
        }
    }
    let beyond = first + column.len() - rest.len();
    rows.extend((beyond..).zip(rest).filter(|(_, n)| holds(n)).map(|(row, _)| row as Slot));
    rows
}

/// One bit for each flag of 0 or 1, the first one lowest.
fn packed(flags: &[u8; ROWS_AT_ONCE]) -> u64 {
    // the product gathers the lowest bits of eight bytes in the highest byte
    const GATHER: u64 = 0x0102_0408_1020_4080;
    let bytes = flags.as_chunks::<8>().0.iter().map(|eight| u64::from_le_bytes(*eight).wrapping_mul(GATHER) >> 56);
    bytes.zip((0..).step_by(8)).fold(0, |mask, (byte, place)| mask | byte << place)
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
