//! `flows`: what moved between household states, tenures and stocks, by year.

use crate::rows;
use crate::table::Text;

rows! {
    /// Yearly flows of households and tenure, named from general to particular.
    pub struct FlowRow: "flows", per replicate, key [year, area, flow] {
        /// Calendar year
        year: u32 = "year",
        /// Country, housing-market region or municipality
        area: Text = "NL, region CR01..CR40 or municipality GM0000",
        /// Flow, as in `vacated.owner.dissolved`
        flow: Text = "dotted name",
        /// Times it happened; below zero where more persons came back than went
        count: i64 = "events",
    }
}
