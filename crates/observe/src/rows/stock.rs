//! `stock`: households, persons and dwellings by month and area.

use crate::rows;
use crate::table::Text;

rows! {
    /// Households, persons and dwellings at month end, by area; no breakdown by group.
    pub struct StockRow: "stock", per replicate, key [month, area] {
        /// Month observed
        month: Text = "year-month",
        /// Country, housing-market region or municipality
        area: Text = "NL, region CR01..CR40 or municipality GM0000",
        /// Households as the model counts them: hosted households apart
        households: u32 = "households",
        /// Households as CBS counts them: one per address that is shared as one home
        households_cbs: u32 = "households",
        /// Persons in all households
        persons: u32 = "persons",
        /// Dwellings that exist, occupied or vacant
        dwellings: u32 = "dwellings",
        /// Occupied by their owner
        occupied_owner: u32 = "dwellings",
        /// Occupied, owned by a corporation (woningcorporatie)
        occupied_corporation: u32 = "dwellings",
        /// Occupied, rented from another landlord
        occupied_other_rental: u32 = "dwellings",
        /// Vacant owner-occupied stock
        vacant_owner: u32 = "dwellings",
        /// Vacant corporation dwellings
        vacant_corporation: u32 = "dwellings",
        /// Vacant dwellings of other landlords
        vacant_other_rental: u32 = "dwellings",
        /// Persons in a crowded dwelling (overbewoning); 0 where `measured` is false
        crowded_persons: u32 = "persons",
        /// Persons in a dwelling with rooms to spare; 0 where `measured` is false
        under_occupied_persons: u32 = "persons",
        /// Persons in reception longer than 98 days after their permit
        overdue_persons: u32 = "persons",
        /// Whether crowding and under-occupation were measured this month
        measured: bool = "yes or no",
    }
}
