//! `reception`: places and residents by kind of reception.

use crate::rows;
use crate::table::Text;

rows! {
    /// Reception (opvang) by month and kind: places, residents by what they wait for, and cost. Who waits for what is
    /// known for asylum reception as a whole only: row `asylum`; 0 elsewhere.
    pub struct ReceptionRow: "reception", per replicate, key [month, kind] {
        /// Month observed
        month: Text = "year-month",
        /// Kind of reception
        kind: Text = "key of a kind, asylum for the five national ones, or dispersed.PV20..PV31",
        /// Places available at month end
        places: u32 = "places",
        /// Persons in these places at month end
        occupied: u32 = "persons",
        /// Residents whose asylum procedure is open
        in_procedure: u32 = "persons",
        /// Residents with a permit who wait for a home
        status_holders: u32 = "persons",
        /// Status holders more than 98 days (14 weeks) after their permit
        overdue: u32 = "persons",
        /// Status holders within that term
        in_term: u32 = "persons",
        /// Cost of the month
        cost_eur: f64 = "euros",
    }
}
