//! `money`: who pays what for reception, alternative homes and housing under the quota, by year.

use crate::rows;
use crate::table::Text;

rows! {
    /// Money by year, payer and item: amounts that follow from what happened. They move nobody.
    pub struct MoneyRow: "money", per replicate, key [year, payer, item] {
        /// Calendar year
        year: u32 = "year",
        /// Who pays
        payer: Text = "state, coa (reception agency, paid by the state), municipality or household",
        /// For what
        item: Text = "dotted name",
        /// Paid in that year
        amount_eur: f64 = "euros",
    }
}
