//! Aangekondigd en geleverd (announced and delivered): how much of what was promised stands there by a day.

use doorstroom_kernel::Day;
use doorstroom_kernel::calendar::DAYS_A_MONTH;
use serde::{Deserialize, Serialize};

use crate::parameter::{Dated, Numbers};

/// Draws behind [`Delivery::Drawn`].
pub const DRAWS: usize = 9;

/// Levering: which part of an announced number of places or dwellings comes, and when.
#[derive(Clone, Copy, PartialEq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub enum Delivery {
    /// Everything, as soon as the lead time is over: an upper bound.
    AsHoped,
    /// These shares of what was announced.
    Fixed {
        /// One year after the announcement and its lead time, 0 to 1.
        first_year: f64,
        /// Three years after it and later, 0 to 1.
        third_year: f64,
    },
    /// Drawn once for a run and a programme: Beta(2, 8) after one year (mean 0.2), Beta(4, 6) after three (mean 0.4).
    /// Of programmes of 2022 to 2025 between 0.13 and 0.40 came in the first year (assumption A151).
    Drawn,
}

impl Delivery {
    /// Shares after one and after three years. `draws` are uniform numbers from 0 to 1, for [`Delivery::Drawn`]: the
    /// second smallest of nine is Beta(2, 8), the fourth Beta(4, 6), so the later share is never below the earlier.
    pub fn shares(self, mut draws: [f64; DRAWS]) -> Option<(f64, f64)> {
        match self {
            Delivery::AsHoped => None,
            Delivery::Fixed { first_year, third_year } => Some((first_year, third_year.max(first_year))),
            Delivery::Drawn => {
                draws.sort_by(f64::total_cmp);
                Some((draws[1], draws[3]))
            }
        }
    }
}

impl Numbers for Delivery {
    fn numbers(&self) -> Vec<f64> {
        match self {
            Delivery::Fixed { first_year, third_year } => vec![*first_year, *third_year],
            _ => Vec::new(),
        }
    }
}

/// Geleverd: places or dwellings of a programme that stand on `today`.
///
/// `announced` are the numbers announced in total, by date; every increase is delivered on its own after `lead_months`:
/// straight to the first share within twelve months, to the second within thirty-six; at once without `shares`
/// ([`Delivery::shares`]). A lower number later is a cut: what was delivered shrinks in proportion, at once.
pub fn delivered(announced: &[Dated<f64>], today: Day, lead_months: f64, shares: Option<(f64, f64)>) -> f64 {
    let mut lots: Vec<(Day, f64)> = Vec::new();
    let mut total = 0.0;
    for step in announced.iter().filter(|step| step.from <= today) {
        if step.value >= total {
            lots.push((step.from, step.value - total));
        } else {
            lots.iter_mut().for_each(|lot| lot.1 *= step.value / total);
        }
        total = step.value;
    }
    let of_lot = |&(from, amount): &(Day, f64)| {
        let months = f64::from(today.days_since(from)) / DAYS_A_MONTH - lead_months;
        amount * share_after(months, shares)
    };
    lots.iter().map(of_lot).sum()
}

/// Share that stands `months` after the lead time ended.
pub(crate) fn share_after(months: f64, shares: Option<(f64, f64)>) -> f64 {
    let Some((first, third)) = shares else { return if months >= 0.0 { 1.0 } else { 0.0 } };
    match months {
        m if m <= 0.0 => 0.0,
        m if m <= 12.0 => first * m / 12.0,
        m if m <= 36.0 => first + (third - first) * (m - 12.0) / 24.0,
        _ => third,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_drawn_shares_have_the_means_of_their_distributions() {
        // order statistics of nine evenly spaced numbers are the means of Beta(2, 8) and Beta(4, 6)
        let draws = std::array::from_fn(|i| (9 - i) as f64 / 10.0);
        let (first, third) = Delivery::Drawn.shares(draws).unwrap();
        assert!((first - 0.2).abs() < 1e-12 && (third - 0.4).abs() < 1e-12);
        assert_eq!(Delivery::AsHoped.shares(draws), None);
        let falling = Delivery::Fixed { first_year: 0.5, third_year: 0.2 };
        assert_eq!(falling.shares(draws), Some((0.5, 0.5)), "what stands does not go by itself");
    }
}
