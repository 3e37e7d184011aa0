//! `effects`, `displacement` and `identities`: what differs between two arms of equal luck, and what must balance.

use crate::rows;
use crate::table::Text;

rows! {
    /// Differences between an arm and its baseline, paired by replicate.
    pub struct EffectRow: "effects", key [arm, baseline, measure, group, area, denominator] {
        /// Arm of the experiment
        arm: Text = "name",
        /// Arm it is compared with
        baseline: Text = "name",
        /// What is compared
        measure: Text = "measure name",
        /// Group at entry, or `all`
        group: Text = "group name",
        /// Country, housing-market region or municipality
        area: Text = "NL, region CR01..CR40 or municipality GM0000",
        /// Unit of mean, interval, sd and baseline mean
        unit: Text = "unit name",
        /// What the measure is a share or a rate of, empty for a plain count
        denominator: Text = "name",
        /// Mean of the paired differences, arm less baseline
        mean: f64 = "see unit",
        /// Lower bound of the 95 % confidence interval of the mean; NaN below two pairs
        ci_lo: f64 = "see unit",
        /// Upper bound of that interval; NaN below two pairs
        ci_hi: f64 = "see unit",
        /// Replicates present in both arms
        n: u32 = "pairs",
        /// Standard deviation of the paired differences; NaN below two pairs
        sd: f64 = "see unit",
        /// Pairs whose difference has the sign of the mean
        agreeing: u32 = "pairs",
        /// Mean of the measure in the baseline
        baseline_mean: f64 = "see unit",
    }
}

rows! {
    /// Displacement (verdringing) between groups, by definition: never one number.
    pub struct DisplacementRow: "displacement", key [arm, baseline, definition, group, measure, denominator] {
        /// Arm of the experiment
        arm: Text = "name",
        /// Arm it is compared with
        baseline: Text = "name",
        /// Definition: D1 flow, D2 waiting time, D3 individual on first lettings, and further
        definition: Text = "D1, D2, D3...",
        /// Group at entry
        group: Text = "group name",
        /// What is compared
        measure: Text = "measure name",
        /// Unit of mean and interval
        unit: Text = "unit name",
        /// What the measure is a share or a rate of, empty for a plain count
        denominator: Text = "name",
        /// Mean of the paired differences, arm less baseline
        mean: f64 = "see unit",
        /// Lower bound of the 95 % confidence interval; NaN where none is defined
        ci_lo: f64 = "see unit",
        /// Upper bound of that interval; NaN where none is defined
        ci_hi: f64 = "see unit",
        /// Replicates present in both arms
        n: u32 = "pairs",
    }
}

rows! {
    /// Identities that a run must satisfy exactly, printed beside the results as a self-check.
    pub struct IdentityRow: "identities", per replicate, key [identity] {
        /// What must be equal
        identity: Text = "equation in words",
        /// Left-hand side
        left: i64 = "as the identity says",
        /// Right-hand side
        right: i64 = "as the identity says",
        /// Whether both sides are equal
        holds: bool = "yes or no",
    }
}

rows! {
    /// Readings of an arm by which a world is calibrated, over replicates; written as a summary only.
    pub struct ReadingRow: "readings", key [arm, reading] {
        /// Arm of the experiment
        arm: Text = "name",
        /// What is read
        reading: Text = "name",
        /// Unit, at the scale of the country
        unit: Text = "unit name",
        /// Median over replicates
        median: f64 = "see unit",
        /// Lowest replicate
        lowest: f64 = "see unit",
        /// Highest replicate
        highest: f64 = "see unit",
        /// Replicates
        n: u32 = "replicates",
    }
}

rows! {
    /// Every measure of every arm, over replicates: what effects are differences of; written as a summary only.
    pub struct LevelRow: "levels", key [arm, measure, group, area, denominator] {
        /// Arm of the experiment
        arm: Text = "name",
        /// What is measured
        measure: Text = "measure name",
        /// Group at entry, or `all`
        group: Text = "group name",
        /// Country, housing-market region or municipality
        area: Text = "NL, region CR01..CR40 or municipality GM0000",
        /// Unit of mean and interval
        unit: Text = "unit name",
        /// What the measure is a share or a rate of, empty for a plain count
        denominator: Text = "name",
        /// Mean over replicates
        mean: f64 = "see unit",
        /// Lower bound of the 95 % confidence interval of the mean; NaN below two replicates
        ci_lo: f64 = "see unit",
        /// Upper bound of that interval; NaN below two replicates
        ci_hi: f64 = "see unit",
        /// Replicates that have a figure
        n: u32 = "replicates",
    }
}
