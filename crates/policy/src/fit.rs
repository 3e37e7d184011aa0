//! Passend toewijzen (income fit) and room fit: which dwellings a household may be let.

use std::ops::RangeInclusive;

use crate::rules::AllocationRules;

/// Lower edges of the income classes 1 to 8 in euro a year, and an upper end for the open class 8.
///
/// The edges are those of the CBS table of household income by age. The upper end is assumption A7: it makes the
/// middle of class 8 the 300,000 euro that is about its median (260,000 to 314,000 by age band); no limit of the model
/// lies above 200,000.
const EDGES_EUR: [f64; 9] = [0.0, 10_000.0, 20_000.0, 30_000.0, 40_000.0, 50_000.0, 100_000.0, 200_000.0, 400_000.0];

/// Yearly income in euro of a household in `class` (1 to 8; 0 for nobody, who has none; above 8 counts as 8) at
/// `position` (0 to 255) inside it.
///
/// Incomes lie evenly inside a class (assumption A7), at (position + 1/2) / 256 of its width.
#[inline]
pub fn income_eur(class: u8, position: u8) -> f64 {
    let Some(lower) = usize::from(class.min(8)).checked_sub(1) else { return 0.0 };
    let width = EDGES_EUR[lower + 1] - EDGES_EUR[lower];
    EDGES_EUR[lower] + width * (f64::from(position) + 0.5) / 256.0
}

/// Inkomensklasse: class 1 to 8 of a yearly income in euro; an edge belongs to the class above it.
#[inline]
pub fn income_class_of(income_eur: f64) -> u8 {
    1 + EDGES_EUR[1..8].iter().map(|&edge| u8::from(income_eur >= edge)).sum::<u8>()
}

/// Inkomensgrenzen: the yearly incomes, in euro, up to and including which a rule of fit holds.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct IncomeFitRules {
    /// Passend toewijzen, one person: 28,375 in 2025.
    pub passend_limit_single: f64,
    /// Passend toewijzen, two and more persons: 38,500 in 2025.
    pub passend_limit_multi: f64,
    /// DAEB, one person: 49,669 in 2025.
    pub daeb_limit_single: f64,
    /// DAEB, two and more persons: 54,847 in 2025.
    pub daeb_limit_multi: f64,
}

impl From<&AllocationRules> for IncomeFitRules {
    /// The limits in force.
    fn from(rules: &AllocationRules) -> Self {
        IncomeFitRules {
            passend_limit_single: rules.fit_income_single.get(),
            passend_limit_multi: rules.fit_income_multi.get(),
            daeb_limit_single: rules.limit_income_single.get(),
            daeb_limit_multi: rules.limit_income_multi.get(),
        }
    }
}

/// Huurklassen: rent classes of corporation dwellings that a household of `size` persons and `income_eur` may be let.
///
/// Rent classes: 1 up to the first capping limit (aftoppingsgrens, 682.96 euro a month in 2025), 2 up to the second
/// (731.93), 3 up to the rent limit of social housing (900.07), 4 above it. Up to the limit of passend toewijzen: 1 for
/// one and two persons, 1 to 2 for more; up to the DAEB limit: all, since dwellings above the rent limit are free to
/// let; above it: 4 only. Source: Woningwet, BTIV;
/// amounts 2025. The shares that corporations may let otherwise (5 % and 7.5 to 15 %) are left out: assumption A8.
pub fn rent_classes(rules: &IncomeFitRules, size: u8, income_eur: f64) -> RangeInclusive<u8> {
    let single = size <= 1;
    let passend = if single { rules.passend_limit_single } else { rules.passend_limit_multi };
    let daeb = if single { rules.daeb_limit_single } else { rules.daeb_limit_multi };
    if income_eur <= passend {
        1..=if size <= 2 { 1 } else { 2 }
    } else if income_eur <= daeb {
        1..=4
    } else {
        4..=4
    }
}

/// Huurklassen by income class (1 to 8) and the position (0 to 255) inside it: [`rent_classes`] of [`income_eur`].
#[inline]
pub fn rent_band(rules: &IncomeFitRules, size: u8, income_class: u8, position: u8) -> RangeInclusive<u8> {
    rent_classes(rules, size, income_eur(income_class, position))
}

/// Rooms beyond its need with which a household may still be let a dwelling (assumption A108).
pub const SPARE_ROOMS_AT_MOST: u8 = 2;

/// Passende woninggrootte: a dwelling of `rooms` fits a household that needs `rooms_needed`
/// ([`crate::crowding::rooms_needed_by`]), both with the living room included, if it is neither too small nor more
/// than two rooms too large.
#[inline]
pub fn rooms_fit(rooms_needed: u8, rooms: u8) -> bool {
    (rooms_needed..=rooms_needed.saturating_add(SPARE_ROOMS_AT_MOST)).contains(&rooms)
}

/// Verruimde voorwaarden: what is asked of a candidate for a dwelling that nobody took before. The dwelling may be as
/// large as it is, and the share of lettings outside the rent classes (5 % of passend toewijzen, 7.5 to 15 % of DAEB)
/// goes to these. Assumption A107.
pub fn fits_wider(rooms_needed: u8, rooms: u8) -> bool {
    rooms_needed <= rooms
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_income_lies_in_its_own_class_and_grows_with_the_position() {
        let mut before = -1.0;
        for class in 1..=8 {
            for position in 0..=255 {
                let income = income_eur(class, position);
                assert_eq!(income_class_of(income), class, "{class} {position}");
                assert!(income > before);
                before = income;
            }
        }
        assert_eq!(income_eur(0, 200), 0.0);
    }

    #[test]
    fn an_edge_belongs_to_the_class_above_it() {
        let edges = [0.0, 10_000.0, 20_000.0, 30_000.0, 40_000.0, 50_000.0, 100_000.0, 200_000.0];
        assert_eq!(edges.map(income_class_of), [1, 2, 3, 4, 5, 6, 7, 8]);
        assert_eq!((income_class_of(99_999.99), income_class_of(5e6)), (6, 8));
    }
}
