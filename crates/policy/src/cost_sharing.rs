//! Kostendelersnorm (cost-sharer norm): the more adults share a home, the lower the social assistance of each.
//!
//! Participatiewet art. 22a: with `n` sharers each gets (40 % + n x 30 %) / n of the norm for a couple.

/// Leeftijdsgrens: age in years from which an adult counts since 1 January 2023 (21 before).
pub const COUNTS_FROM_YEARS: u16 = 27;

/// An adult who lives at the address, as far as the norm looks.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Sharer {
    /// Age in whole years.
    pub age_years: u16,
    /// In education with a right to student finance: does not count.
    pub student: bool,
    /// Rents a room by contract at a commercial rent: does not count and is not cut.
    pub commercial_contract: bool,
}

impl Sharer {
    /// Kostendeler: true if the person counts as one who shares the costs.
    pub fn counts(&self, counts_from_years: u16) -> bool {
        self.age_years >= counts_from_years && !self.student && !self.commercial_contract
    }
}

/// Number of cost sharers at an address, given the age from which an adult counts.
pub fn cost_sharers(adults: &[Sharer], counts_from_years: u16) -> u32 {
    adults.iter().map(|adult| u32::from(adult.counts(counts_from_years))).sum()
}

/// Norm per kostendeler: share of the couple norm for each of `sharers` adults; that of one person for 0.
///
/// 0.70, 0.50, 0.4333, 0.40, 0.38 for 1 to 5. Source: Participatiewet art. 22a.
pub fn share_of_couple_norm(sharers: u32) -> f64 {
    let sharers = f64::from(sharers.max(1));
    (0.4 + 0.3 * sharers) / sharers
}

/// Norm of the adult at `index`, as a share of the couple norm: that of one person if it does not count itself.
/// `None` if there is no such adult.
pub fn norm_of(adults: &[Sharer], index: usize, counts_from_years: u16) -> Option<f64> {
    let counts = adults.get(index)?.counts(counts_from_years);
    Some(share_of_couple_norm(if counts { cost_sharers(adults, counts_from_years) } else { 1 }))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn friend(age_years: u16) -> Sharer {
        Sharer { age_years, student: false, commercial_contract: false }
    }

    #[test]
    fn one_to_five_adults_get_70_50_43_40_and_38_per_cent_each() {
        for (sharers, expected) in [(1, 0.70), (2, 0.50), (3, 0.4333), (4, 0.40), (5, 0.38)] {
            let found = share_of_couple_norm(sharers);
            assert!((found - expected).abs() < 0.5e-4, "{sharers} sharers: {found}");
        }
    }

    #[test]
    fn of_two_adults_of_30_and_one_of_25_two_count() {
        let adults = [friend(30), friend(30), friend(25)];
        assert_eq!(cost_sharers(&adults, COUNTS_FROM_YEARS), 2);
        assert_eq!(cost_sharers(&adults, 21), 3, "before 2023");
        assert!((norm_of(&adults, 0, COUNTS_FROM_YEARS).unwrap() - 0.5).abs() < 1e-12);
    }

    #[test]
    fn an_adult_counts_from_the_27th_birthday_and_students_never_do() {
        assert!(!friend(26).counts(COUNTS_FROM_YEARS) && friend(27).counts(COUNTS_FROM_YEARS));
        assert!(!Sharer { student: true, ..friend(40) }.counts(COUNTS_FROM_YEARS));
    }

    #[test]
    fn tenants_of_rooms_with_a_commercial_contract_keep_70_per_cent_each() {
        let tenants = [Sharer { commercial_contract: true, ..friend(30) }; 4];
        for index in 0..4 {
            assert!((norm_of(&tenants, index, COUNTS_FROM_YEARS).unwrap() - 0.70).abs() < 1e-12);
        }
        assert_eq!(norm_of(&tenants, 4, COUNTS_FROM_YEARS), None);
    }

    #[test]
    fn a_friends_contract_costs_each_of_four_30_points_of_the_couple_norm() {
        let friends = [friend(30); 4];
        assert!((norm_of(&friends, 2, COUNTS_FROM_YEARS).unwrap() - 0.40).abs() < 1e-12);
    }
}
