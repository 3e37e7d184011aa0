//! `denominators`: one numerator over each denominator in use, so that no share is quoted without its own.

use crate::rows;
use crate::table::Text;

rows! {
    /// The share of lettings that went to status holders, over each denominator in use, from one ledger.
    pub struct DenominatorRow: "denominators", per replicate, key [year, area, denominator] {
        /// Calendar year
        year: u32 = "year",
        /// Country, housing-market region or municipality
        area: Text = "NL, region CR01..CR40 or municipality GM0000",
        /// Name of the share, as in `share_all` or `share_persons`
        denominator: Text = "name",
        /// Lettings, persons or dwelling-days that went to status holders
        numerator: u64 = "as named",
        /// Lettings, persons or dwelling-days that the share is of
        denominator_count: u64 = "as named",
        /// Numerator over denominator; NaN over nothing
        share: f64 = "share 0 to 1",
    }
}
