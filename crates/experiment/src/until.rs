//! Replicates as needed: go on until the interval of a figure is narrow enough.
//!
//! Rounds depend on what was found, never on threads or time: the same file gives the same number of replicates. Whoever
//! stops when an interval is narrow stops a little too often by luck, so that it covers a little less than 95 %; a first
//! round of [`PILOT`] pairs keeps that small.

use serde::{Deserialize, Serialize};

use crate::figure::Figure;

/// Replicates of the first round.
pub const PILOT: u32 = 8;

/// How long to go on.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Until {
    /// Half the width of the 95 % interval that is wanted, in the unit of the figure.
    pub half_width: f64,
    /// The figure: `D1.regular`, `D2.regular`, `D3.lost.regular`, or a measure and a group as in `primary`.
    pub of: String,
    /// Replicates at most.
    pub max: u32,
}

/// `replicates` as it may be written.
#[derive(Clone, PartialEq, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) enum Rounds {
    /// As many as it takes.
    #[serde(rename = "until")]
    Until {
        /// See [`Until`].
        half_width: f64,
        /// See [`Until`].
        of: String,
        /// See [`Until`].
        max: u32,
    },
}

/// Why an [`Until`] cannot be asked: the field, what is wrong with it, and what would be right.
type Fault = (&'static str, String, Option<String>);

impl Until {
    /// What is wrong with it; none if it can be asked.
    pub(crate) fn fault(&self, most: u32) -> Option<Fault> {
        if !(self.half_width > 0.0 && self.half_width.is_finite()) {
            return Some((
                "half_width",
                format!("`half_width` is {}; it must be greater than 0", self.half_width),
                None,
            ));
        }
        if !(2..=most).contains(&self.max) {
            return Some(("max", format!("`max` is {}; it must lie between 2 and {most}", self.max), None));
        }
        if Figure::of(&self.of).is_none() {
            let hint = match Figure::nearest(&self.of) {
                Some(meant) => format!("did you mean \"{meant}\"?"),
                None => "such as D1.regular, D3.lost.regular or flow.regular; `doorstroom explain measures` lists \
                         measures"
                    .to_owned(),
            };
            return Some(("of", format!("`of` is \"{}\"; there is no such figure", self.of), Some(hint)));
        }
        None
    }

    /// Replicates of the first round.
    pub fn pilot(&self) -> u32 {
        PILOT.min(self.max)
    }

    /// Replicates in all after the next round, when `done` of them gave an interval of `half_width`; `None` if that is
    /// narrow enough or there may be no more. At most twice as many as before, since a spread from few pairs is a guess.
    pub fn next(&self, done: u32, half_width: f64) -> Option<u32> {
        if half_width <= self.half_width || done >= self.max {
            return None;
        }
        let ratio = half_width / self.half_width;
        let needed = (f64::from(done) * ratio * ratio).ceil().min(f64::from(u32::MAX)) as u32;
        Some(needed.clamp(done + 1, 2 * done.max(1)).min(self.max))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn until(of: &str) -> Until {
        Until { half_width: 0.05, of: of.to_owned(), max: 200 }
    }

    #[test]
    fn a_figure_that_does_not_exist_is_refused_with_the_one_that_was_meant() {
        let never =
            ["D3.regular", "flow.starters", "", "D9.regular", "D3.foo.regular", "foo.regular", "D1.status_holder"];
        for wrong in never {
            assert_eq!(until(wrong).fault(1_000).map(|fault| fault.0), Some("of"), "{wrong}");
        }
        let told = |of: &str| until(of).fault(1_000).and_then(|(_, _, hint)| hint);
        assert_eq!(told("D3.lost.reguler").as_deref(), Some("did you mean \"D3.lost.regular\"?"));
        assert_eq!(told("recepton.overdue").as_deref(), Some("did you mean \"reception.overdue\"?"));
        assert_eq!(until("D2.urgent").fault(1_000), None);
    }

    #[test]
    fn rounds_grow_with_the_square_of_what_is_missing_at_most_twofold_and_end_when_it_is_narrow_enough() {
        let until = until("D1.regular");
        assert_eq!(until.pilot(), 8);
        assert_eq!(until.next(8, f64::INFINITY), Some(16));
        assert_eq!(until.next(16, 0.06), Some(24), "16 * 1.44 = 23.04");
        assert_eq!(until.next(16, 0.0501), Some(17));
        assert_eq!(until.next(150, 0.2), Some(200));
        assert_eq!(until.next(200, 0.2), None);
        assert_eq!(until.next(23, 0.05), None);
    }
}
