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
    /// Kostendeler: true if the person counts as one who shares the costs, towards those who live with it.
    pub fn counts(&self, counts_from_years: u16) -> bool {
        self.age_years >= counts_from_years && self.shares_costs()
    }

    /// Whether its own norm goes by those who count.
    fn shares_costs(&self) -> bool {
        !self.student && !self.commercial_contract
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

/// Norm of the adult at `index`, as a share of the couple norm: by who counts beside it, however young it is itself; that
/// of one person for a student and under a commercial contract. `None` if there is no such adult.
///
/// Source: Participatiewet art. 19a and 22a: the age of 27 is that of those who are counted, not of whose norm it is.
pub fn norm_of(adults: &[Sharer], index: usize, counts_from_years: u16) -> Option<f64> {
    let adult = adults.get(index)?;
    let others = cost_sharers(adults, counts_from_years) - u32::from(adult.counts(counts_from_years));
    Some(share_of_couple_norm(if adult.shares_costs() { others + 1 } else { 1 }))
}

/// Bereidheid tot woningdelen (willingness to share): the part of such adults who would share a home with `others` who
/// count, instead of living alone.
///
/// Who is on benefit and shares the costs loses part of it. `response` says how much of the willingness that costs: 0
/// nothing, 1 as much as the loss (a loss of 38 % with two others keeps 38 % away).
pub fn willing_to_share(adult: Sharer, others: u32, on_benefit: bool, response: f64) -> f64 {
    if !on_benefit || !adult.shares_costs() {
        return 1.0;
    }
    let loss = 1.0 - share_of_couple_norm(others + 1) / share_of_couple_norm(1);
    (1.0 - response * loss).clamp(0.0, 1.0)
}
