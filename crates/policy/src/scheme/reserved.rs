//! Gereserveerd deel (reserved share): a number of dwellings that a by-law keeps for some groups.

use doorstroom_kernel::Share;
use serde::Deserialize;

use crate::quota::{reserved_at_least, reserved_at_most};

/// Gereserveerd deel (reserved share) of a by-law: only these groups are let the dwellings that fall to it. What nobody of
/// them took widens as every dwelling does ([`crate::fit::fits_wider`]).
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Reserved {
    /// For whom.
    pub groups: Vec<String>,
    /// How many of the dwellings.
    pub share: Reservation,
}

/// How a share of a number of dwellings becomes a number of them.
#[derive(Clone, Copy, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub enum Reservation {
    /// A minimum, rounded up ([`crate::quota::reserved_at_least`]).
    AtLeast(f64),
    /// A maximum, rounded down ([`crate::quota::reserved_at_most`]).
    AtMost(f64),
}

impl Reservation {
    /// The share, 0 to 1.
    pub fn share(self) -> f64 {
        match self {
            Reservation::AtLeast(share) | Reservation::AtMost(share) => share,
        }
    }

    /// How many of `units` are reserved; none where the share is no share, which [`super::Scheme::faults`] refuses.
    pub fn of(self, units: u32) -> u32 {
        let Some(share) = Share::new(self.share()) else { return 0 };
        match self {
            Reservation::AtLeast(_) => reserved_at_least(units, share),
            Reservation::AtMost(_) => reserved_at_most(units, share),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Reservation;

    #[test]
    fn a_minimum_is_rounded_up_a_maximum_down_and_what_is_no_share_keeps_nothing() {
        let kept = |reservation: Reservation| reservation.of(7);
        assert_eq!(kept(Reservation::AtLeast(0.3)), 3);
        assert_eq!(kept(Reservation::AtMost(0.3)), 2);
        assert_eq!(kept(Reservation::AtLeast(1.3)), 0);
    }
}
