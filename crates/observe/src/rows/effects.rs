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
        /// How many times as many runs with independent seeds would be needed for the same interval: the variances of
        /// both arms over replicates, added, per variance of the paired differences; NaN where those have none
        variance_reduction: f64 = "factor",
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
    /// Which instrument of a package does what: Shapley values, written as a summary only. The instruments of one
    /// measure add up to the row `all instruments` in every digit.
    pub struct AttributionRow: "attribution",
        key [arm, baseline, measure, group, area, unit, denominator, instrument]
    {
        /// Arm with all instruments
        arm: Text = "name",
        /// Arm it is compared with
        baseline: Text = "name",
        /// Instrument, or `all instruments`
        instrument: Text = "name",
        /// What is compared
        measure: Text = "measure name",
        /// Group at entry, or `all`
        group: Text = "group name",
        /// Country, housing-market region or class of markets
        area: Text = "NL, region CR01..CR40, or tight, middle, relaxed",
        /// Unit of all figures
        unit: Text = "unit name",
        /// What the measure is a share or a rate of
        denominator: Text = "name",
        /// Shapley value, mean over replicates: what the instrument adds, averaged over all orders of joining
        mean: f64 = "see unit",
        /// Lower bound of the 95 % confidence interval over replicates; NaN below two
        ci_lo: f64 = "see unit",
        /// Upper bound of that interval; NaN below two replicates
        ci_hi: f64 = "see unit",
        /// Replicates
        n: u32 = "replicates",
        /// Half of the 95 % interval that comes from taking some orders of joining only; 0 if every subset was run
        sampling: f64 = "see unit",
        /// Effect of the instrument without any other; NaN for all together
        alone: f64 = "see unit",
        /// Effect of the instrument when all others are there; NaN for all together
        last: f64 = "see unit",
    }
}

rows! {
    /// What two instruments of a package do together beyond what each does: Shapley interaction indices, written as a
    /// summary only. Below 0 they stand in for each other, above 0 they strengthen each other.
    pub struct InteractionRow: "interactions",
        key [arm, baseline, measure, group, area, unit, denominator, first, second]
    {
        /// Arm with all instruments
        arm: Text = "name",
        /// Arm it is compared with
        baseline: Text = "name",
        /// One instrument
        first: Text = "name",
        /// The other
        second: Text = "name",
        /// What is compared
        measure: Text = "measure name",
        /// Group at entry, or `all`
        group: Text = "group name",
        /// Country, housing-market region or class of markets
        area: Text = "NL, region CR01..CR40, or tight, middle, relaxed",
        /// Unit of all figures
        unit: Text = "unit name",
        /// What the measure is a share or a rate of
        denominator: Text = "name",
        /// Interaction index, mean over replicates
        mean: f64 = "see unit",
        /// Lower bound of the 95 % confidence interval over replicates; NaN below two
        ci_lo: f64 = "see unit",
        /// Upper bound of that interval; NaN below two replicates
        ci_hi: f64 = "see unit",
        /// Replicates
        n: u32 = "replicates",
        /// Half of the 95 % interval that comes from taking some orders of joining only; 0 if every subset was run
        sampling: f64 = "see unit",
    }
}

rows! {
    /// Where the spread of an effect comes from, by analysis of variance over structures, draws of parameters and
    /// replicates; written as a summary only.
    pub struct VarianceRow: "variance",
        key [arm, baseline, measure, group, area, unit, denominator, source]
    {
        /// Arm of the experiment
        arm: Text = "name",
        /// Arm it is compared with
        baseline: Text = "name",
        /// What is compared
        measure: Text = "measure name",
        /// Group at entry, or `all`
        group: Text = "group name",
        /// Country, housing-market region or class of markets
        area: Text = "NL, region CR01..CR40, or tight, middle, relaxed",
        /// Unit of sd; that of variance is its square
        unit: Text = "unit name",
        /// What the measure is a share or a rate of
        denominator: Text = "name",
        /// Structural (rules), parameter (draws), stochastic (replicates), or together: what they do beyond their sum
        source: Text = "word",
        /// Degrees of freedom
        freedom: u32 = "count",
        /// Sum of squares of the paired effects
        squares: f64 = "unit squared",
        /// Part of all squares
        share: f64 = "share of the sum of squares",
        /// Component of variance, by the method of moments, not below 0
        variance: f64 = "unit squared",
        /// Its root: how far one structure, draw or replicate lies from the next
        sd: f64 = "see unit",
    }
}

rows! {
    /// What an arm means for an entry group, written as a summary only; with arms that are rules of allocation, a matrix
    /// of rules and groups.
    pub struct WinnerRow: "winners", key [arm, baseline, group] {
        /// Arm of the experiment
        arm: Text = "name",
        /// Arm it is compared with
        baseline: Text = "name",
        /// Group at entry
        group: Text = "group name",
        /// Mean paired difference in regular lettings
        flow: f64 = "lettings per year",
        /// Lower bound of its 95 % confidence interval
        flow_lo: f64 = "lettings per year",
        /// Upper bound
        flow_hi: f64 = "lettings per year",
        /// Mean paired difference in the restricted mean wait on the clock of the group
        wait: f64 = "months",
        /// Lower bound of its 95 % confidence interval
        wait_lo: f64 = "months",
        /// Upper bound
        wait_hi: f64 = "months",
        /// Households with a first letting in the arm only, mean of pairs
        gained: f64 = "households",
        /// Households with a first letting in the baseline only, mean of pairs
        lost: f64 = "households",
        /// Households with an earlier first letting in the arm, mean of pairs
        sooner: f64 = "households",
        /// Households with a later first letting in the arm, mean of pairs
        later: f64 = "households",
        /// Whether the wait is surely shorter (wins), surely longer (loses), equal, or undecided
        verdict: Text = "word",
        /// Pairs
        n: u32 = "pairs",
    }
}

rows! {
    /// Municipalities whose history is bit-identical to that in the baseline: whether a difference stays where it is
    /// made; written as a summary only.
    pub struct SynchronyRow: "synchrony", per replicate, key [] {
        /// Arm it is compared with
        baseline: Text = "name",
        /// Municipalities in which a rule differs between the arms
        touched: u32 = "municipalities",
        /// Of those, whose history is the same all the same
        touched_identical: u32 = "municipalities",
        /// Municipalities in which no rule differs
        untouched: u32 = "municipalities",
        /// Of those, whose history is bit-identical
        identical: u32 = "municipalities",
        /// Share of the untouched that are bit-identical; NaN without any
        share: f64 = "share of untouched municipalities",
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
