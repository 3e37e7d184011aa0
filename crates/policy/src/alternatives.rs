//! Alternatieve huisvesting (alternative places): how many interim places outside the stock are there for status holders
//! past their term, if they come as hoped, or as such programmes were delivered.

use serde::{Deserialize, Serialize};

use crate::delivery::{DRAWS, Delivery, share_after};
use crate::parameter::Numbers;

/// Whether interim places are opened for whoever is past the term, and how many of those that would be needed.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub enum Alternatives {
    /// None beyond `quota.interim_persons`.
    #[default]
    None,
    /// Every month as many as are needed.
    AsHoped,
    /// The part that is delivered of what is announced: see [`delivered`].
    AsDelivered,
}

impl Numbers for Alternatives {
    fn numbers(&self) -> Vec<f64> {
        Vec::new()
    }
}

/// Part of the announced places that is there after `months`, drawn once for a run ([`Delivery::Drawn`], assumption A151),
/// and no more afterwards. `uniforms` are the draws of one run.
pub fn delivered(uniforms: [f64; DRAWS], months: f64) -> f64 {
    share_after(months, Delivery::Drawn.shares(uniforms))
}

/// Places to be opened now, in persons, when `waiting` persons are past the term and `there` live in such places already.
pub fn to_open(part: f64, waiting: u32, there: u32) -> u32 {
    let places = (part * f64::from(waiting + there)).floor() as u32;
    places.saturating_sub(there).min(waiting)
}

#[cfg(test)]
mod tests {
    use super::*;

    const DRAWN: [f64; 9] = [0.9, 0.1, 0.5, 0.2, 0.6, 0.3, 0.7, 0.8, 0.4];

    #[test]
    fn a_programme_grows_by_straight_lines_to_its_part_after_one_and_three_years() {
        let parts = [0.0, 6.0, 12.0, 24.0, 36.0, 90.0].map(|months| delivered(DRAWN, months));
        for (part, expected) in parts.into_iter().zip([0.0, 0.1, 0.2, 0.3, 0.4, 0.4]) {
            assert!((part - expected).abs() < 1e-12, "{parts:?}");
        }
    }

    #[test]
    fn all_that_are_needed_are_opened_as_hoped_and_a_part_counts_those_there_already() {
        assert_eq!(to_open(1.0, 70, 30), 70);
        assert_eq!(to_open(0.4, 70, 30), 10);
        assert_eq!(to_open(0.2, 70, 30), 0);
    }
}
