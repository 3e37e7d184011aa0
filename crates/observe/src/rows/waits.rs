//! `waits`: how long seekers waited, by year, area, group and clock.

use crate::rows;
use crate::table::Text;

rows! {
    /// Waits by year, area, entry group and clock: those that ended this year, and those still open at its end.
    /// Registration and search time end with a letting and are open for registrations that search; the clocks of need,
    /// urgency and permit are open until the first stable home by any route, and seen to end here only by a letting.
    pub struct WaitRow: "waits", per replicate, key [year, area, group, clock, kind] {
        /// Calendar year
        year: u32 = "year",
        /// Country, housing-market region or municipality
        area: Text = "NL, region CR01..CR40 or municipality GM0000",
        /// Group at entry
        group: Text = "group name",
        /// What is timed: registration (inschrijfduur), search (zoekduur), need, urgency statement, permit (vergunning)
        clock: Text = "registration, search, need, urgency or permit",
        /// Whether the wait ended in a letting or home, or is still open: never read one without the other
        kind: Text = "completed or open",
        /// Waits of at most 1200 months
        n: u64 = "waits",
        /// Mean of those waits; NaN without any
        mean: f64 = "months",
        /// Wait that one in ten does not exceed
        p10: u32 = "months",
        /// Wait that half do not exceed
        p50: u32 = "months",
        /// Wait that nine in ten do not exceed
        p90: u32 = "months",
        /// Longest of those waits
        max: u32 = "months",
        /// Waits above 1200 months, in no other figure of this row
        over: u64 = "waits",
        /// All waits of the row as a histogram, so that rows can be added
        hdr: Vec<u8> = "HdrHistogram V2, months 1 to 1200, 3 digits",
    }
}
