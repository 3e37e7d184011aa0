//! Voorwaarde (condition): a measure that comes into force when enough alternatives are there, and goes out of force
//! when they are not any more.

use doorstroom_kernel::Day;
use doorstroom_state::regime::RegimeState;
use serde::{Deserialize, Serialize};

/// What has to be enough.
#[derive(Clone, Copy, PartialEq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub enum Condition {
    /// Voldoende alternatieven: places in shared, flex, interim and flow-through homes that came free for status holders
    /// in a year, and those free now, over the persons expected in a year. Letter of 20 March 2026; the number was to be
    /// agreed in a covenant.
    AlternativePlaces {
        /// Comes into force from this ratio on.
        at_least: f64,
    },
    /// Achterstand weggewerkt: persons past the term of 14 weeks over the persons expected in a year.
    Overdue {
        /// Comes into force up to this ratio.
        at_most: f64,
    },
}

/// What is measured, in persons.
#[derive(Clone, Copy, PartialEq, Debug, Default)]
pub struct Measured {
    /// Came into alternative homes in a year.
    pub housed_a_year: f64,
    /// Places free now.
    pub free: f64,
    /// Status holders past the term.
    pub overdue: f64,
    /// Persons with a permit, family included, expected in a year.
    pub expected: f64,
}

impl Condition {
    /// The ratio that the condition looks at; `None` where nobody is expected.
    pub fn ratio(self, measured: &Measured) -> Option<f64> {
        let over = match self {
            Condition::AlternativePlaces { .. } => measured.housed_a_year + measured.free,
            Condition::Overdue { .. } => measured.overdue,
        };
        (measured.expected > 0.0).then(|| over / measured.expected)
    }

    /// Whether the measure may come into force at this ratio.
    fn is_met(self, ratio: f64) -> bool {
        match self {
            Condition::AlternativePlaces { at_least } => ratio >= at_least,
            Condition::Overdue { at_most } => ratio <= at_most,
        }
    }

    /// Whether a measure in force goes on at this ratio: until it is below, or above, `until` (hysteresis).
    fn holds_on(self, ratio: f64, until: f64) -> bool {
        match self {
            Condition::AlternativePlaces { .. } => ratio >= until,
            Condition::Overdue { .. } => ratio <= until,
        }
    }

    /// The state after weighing: on after `for_steps` steps in a row that meet the condition, off as soon as the ratio
    /// passes `until`. Without a ratio nothing changes but the count, which begins anew.
    pub fn weigh(self, state: &RegimeState, ratio: Option<f64>, for_steps: u32, until: f64, today: Day) -> RegimeState {
        let mut next = state.clone();
        let Some(ratio) = ratio else {
            next.met = 0;
            return next;
        };
        next.measured = ratio;
        next.met = if self.is_met(ratio) { state.met + 1 } else { 0 };
        if state.on {
            next.on = self.holds_on(ratio, until);
        } else if next.met >= for_steps.max(1) {
            (next.on, next.since) = (true, today);
        }
        next
    }
}
