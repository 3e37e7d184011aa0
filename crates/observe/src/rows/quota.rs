//! `quota`: the housing quota (huisvestingstaakstelling) and its ledger, by half-year and municipality.

use crate::rows;
use crate::table::Text;

rows! {
    /// Housing quota (huisvestingstaakstelling) for status holders by half-year and municipality.
    ///
    /// All persons are thousandths of a person where `scaled` is true.
    pub struct QuotaRow: "quota", per replicate, key [half_year, municipality] {
        /// Half-year
        half_year: Text = "year-I or year-II",
        /// Municipality that must house
        municipality: Text = "GM0000",
        /// Persons to house this half-year
        target: i64 = "persons",
        /// Backlog brought in from earlier half-years; negative is a lead
        carried: i64 = "persons",
        /// Persons housed this half-year, by every route
        realised: i64 = "persons",
        /// Target plus carried less realised; negative is a lead
        shortfall: i64 = "persons",
        /// Persons housed by joining family in a home that they have
        via_joining: i64 = "persons",
        /// Persons housed in shared homes or rooms
        via_shared: i64 = "persons",
        /// Persons housed by private landlords, purchase or their own network
        via_private: i64 = "persons",
        /// Persons housed in self-contained corporation dwellings
        via_corporation: i64 = "persons",
        /// Backlog at the end of the half-year, carried to the next
        backlog: i64 = "persons",
        /// Step on the ladder of supervision (interventieladder); 0 is no step
        ladder_step: u32 = "ordinal from 0",
        /// Whether the world runs below scale 1, so that persons are thousandths of a person
        scaled: bool = "yes or no",
    }
}
