//! `stock`: households, persons and dwellings by month and area.

use crate::rows;
use crate::table::Text;

rows! {
    /// Households, persons and dwellings at month end; no breakdown by group. The country every month, smaller areas
    /// where `measured` is true (the first month, every December, the last month).
    pub struct StockRow: "stock", per replicate, key [month, area] {
        /// Month observed
        month: Text = "year-month",
        /// Country, housing-market region or municipality
        area: Text = "NL, region CR01..CR40 or municipality GM0000",
        /// Private households as the model counts them: hosted households apart
        households: u32 = "households",
        /// The same without households that their own parents host, as CBS counts them
        households_cbs: u32 = "households",
        /// Persons in all households, those in reception and in places for displaced Ukrainians included
        persons: u32 = "persons",
        /// Dwellings that exist: the columns below, shared homes, and those unoccupied for other reasons
        dwellings: u32 = "dwellings",
        /// Self-contained, occupied by their owner
        occupied_owner: u32 = "dwellings",
        /// Self-contained, occupied, owned by a corporation (woningcorporatie), flex homes included
        occupied_corporation: u32 = "dwellings",
        /// Self-contained, occupied, rented from another landlord
        occupied_other_rental: u32 = "dwellings",
        /// Vacant and to be lived in, owner-occupied stock
        vacant_owner: u32 = "dwellings",
        /// The same of corporations
        vacant_corporation: u32 = "dwellings",
        /// The same of other landlords
        vacant_other_rental: u32 = "dwellings",
        /// Persons in a crowded dwelling (overbewoning); 0 where `measured` is false
        crowded_persons: u32 = "persons",
        /// Persons in a dwelling with rooms to spare; 0 where `measured` is false
        under_occupied_persons: u32 = "persons",
        /// Persons in reception past the term after their permit; 0 in areas smaller than the country
        overdue_persons: u32 = "persons",
        /// Whether crowding and under-occupation were measured this month
        measured: bool = "yes or no",
    }
}
