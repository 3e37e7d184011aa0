//! Rules of money (geldstromen): what is paid per person, place or dwelling beside the cost of reception places.

use crate::rules;

rules! {
    /// Amounts in euro. None of them moves anybody: they are counted, beside what places cost (`reception`,
    /// `alternatives`).
    pub struct MoneyRules {
        /// Paid by the state to a municipality for every status holder housed under the quota (the 30,000 scheme).
        payment_per_person: f64, 0.0 to 1000000.0;
        /// Subsidy of the state for every flex home that opens.
        flex_subsidy: f64, 0.0 to 1000000.0;
        /// Incentive of the state for every corporation dwelling built (realisatiestimulans).
        realisation_incentive: f64, 0.0 to 1000000.0;
        /// Cost for the municipality of benefit and civic integration in the first year after a status holder is housed.
        first_year_cost: f64, 0.0 to 1000000.0;
        /// Rent that a household in an interim or flow-through place pays a month.
        interim_rent: f64, 0.0 to 10000.0;
    }
}
