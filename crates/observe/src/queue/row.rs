//! The rows of `summary/measures.csv` of a closed-form experiment.

use crate::rows;
use crate::table::Text;

rows! {
    /// A measure of a closed-form world, pooled over replicates; written as a summary only.
    pub struct QueueMeasureRow: "measures", key [arm, measure, group, channel] {
        /// Arm of the experiment
        arm: Text = "name",
        /// What is measured; `_variance` and `_sd` after a name are those of its values, not of its mean
        measure: Text = "measure name",
        /// Group, good or stage; `all` for the whole
        group: Text = "name",
        /// Channel, `mediation` beside the scheme, or `all`
        channel: Text = "name",
        /// Pooled estimate over replicates
        mean: f64 = "see worlds/closed-form/README.md",
        /// Standard error over replicates; NaN for a single one
        se: f64 = "as mean",
        /// Lower bound of the 95 % confidence interval (Student's t over replicates)
        ci_lo: f64 = "as mean",
        /// Upper bound of that interval
        ci_hi: f64 = "as mean",
        /// Replicates
        n: u32 = "replicates",
    }
}
