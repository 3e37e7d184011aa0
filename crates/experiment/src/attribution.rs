//! Attribution: which instrument of a package does what. Shapley values of every outcome, and the interaction of every
//! pair (worlds/MODEL.md 6.6).

pub mod exact;
pub mod plan;

use std::collections::{BTreeMap, BTreeSet};

use doorstroom_observe::MeasureKey;
use doorstroom_observe::rows::{AttributionRow, InteractionRow};

pub use plan::{Plan, Subset};

use crate::attribution::exact::{Quantum, round_together};
use crate::attribution::plan::Contrast;
use crate::change::Change;
use crate::pairs::{Paired, t_quantile};
use crate::summary::{ArmSummary, UnitSummary};

/// Arm with all instruments of a package.
pub const PACKAGE: &str = "package";
/// Row of all instruments together.
pub const TOTAL: &str = "all instruments";
/// Most instruments of a package.
pub const MOST_INSTRUMENTS: usize = 16;
/// Most permutations.
pub const MOST_PERMUTATIONS: u32 = 1_000;

/// A package of named instruments, each a list of changes as an arm has.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attribution {
    /// Changes of every instrument, by date.
    pub instruments: BTreeMap<String, Vec<Change>>,
    /// Permutations that the file asks for; `None`: every subset of up to [`plan::MOST_WHOLE`] instruments.
    pub permutations: Option<u32>,
}

impl Attribution {
    /// Which subsets are run. `seed` draws the permutations, if any.
    pub fn plan(&self, seed: u64) -> Plan {
        let k = self.instruments.len();
        match self.permutations {
            None if k <= plan::MOST_WHOLE => Plan::whole(k),
            asked => Plan::sampled(k, asked.unwrap_or(plan::PERMUTATIONS), seed),
        }
    }

    /// Name of the arm of a subset: its instruments with `+` between them, [`PACKAGE`] for all, and that of the
    /// baseline for none.
    pub fn arm_of(&self, subset: Subset, baseline: &str) -> String {
        let names: Vec<&str> = self.members(subset).map(|(name, _)| name.as_str()).collect();
        match names.len() {
            0 => baseline.to_owned(),
            n if n == self.instruments.len() => PACKAGE.to_owned(),
            // a single instrument must not pass for an arm of that name
            1 => format!("{}+", names[0]),
            _ => names.join("+"),
        }
    }

    /// Changes of a subset by date, those of one day by instrument: the order in which they are made.
    pub fn changes(&self, subset: Subset) -> Vec<Change> {
        let mut changes: Vec<Change> = self.members(subset).flat_map(|(_, changes)| changes.clone()).collect();
        changes.sort_by_key(|change| change.from);
        changes
    }

    fn members(&self, subset: Subset) -> impl Iterator<Item = (&String, &Vec<Change>)> {
        self.instruments.iter().zip(0..).filter(move |(_, i)| subset >> i & 1 == 1).map(|(member, _)| member)
    }
}

/// The rows of `attribution` and `interactions`, by measure: the Shapley values of a measure add up to the effect of the
/// package in every digit that is written.
pub fn attribution(
    units: &[UnitSummary],
    attribution: &Attribution,
    baseline: &str,
    seed: u64,
) -> (Vec<AttributionRow>, Vec<InteractionRow>) {
    let plan = attribution.plan(seed);
    let names: Vec<&str> = attribution.instruments.keys().map(String::as_str).collect();
    let arms: Vec<String> = plan.subsets().iter().map(|&subset| attribution.arm_of(subset, baseline)).collect();
    // replicates that have every arm
    let complete: Vec<Vec<&ArmSummary>> =
        units.iter().filter_map(|unit| arms.iter().map(|arm| unit.arm(arm)).collect()).collect();
    let keys: BTreeSet<&MeasureKey> = complete.iter().flat_map(|arms| arms[0].measures.keys()).collect();
    let contrasts = Contrasts::of(&plan);
    let mut rows = (Vec::new(), Vec::new());
    for key in keys {
        let outcomes = complete.iter().filter_map(|arms| {
            let values: Option<Vec<f64>> = arms.iter().map(|arm| arm.measures.get(key).copied()).collect();
            values.filter(|values| values.iter().all(|value| value.is_finite()))
        });
        let table = Table { key, names: &names, baseline, outcomes: outcomes.collect() };
        table.values(&contrasts, &mut rows.0);
        table.interactions(&contrasts, &mut rows.1);
    }
    rows
}

/// All contrasts of a plan.
struct Contrasts {
    shapley: Vec<Contrast>,
    alone: Vec<Contrast>,
    last: Vec<Contrast>,
    total: Contrast,
    pairs: Vec<(usize, usize, Contrast)>,
}

impl Contrasts {
    fn of(plan: &Plan) -> Contrasts {
        let k = plan.instruments();
        let pairs = (0..k).flat_map(|i| (i + 1..k).map(move |j| (i, j)));
        Contrasts {
            shapley: (0..k).map(|i| plan.shapley(i)).collect(),
            alone: (0..k).map(|i| plan.alone(i)).collect(),
            last: (0..k).map(|i| plan.last(i)).collect(),
            total: plan.total(),
            pairs: pairs.map(|(i, j)| (i, j, plan.interaction(i, j))).collect(),
        }
    }
}

/// The rows of one measure.
struct Table<'a> {
    key: &'a MeasureKey,
    names: &'a [&'a str],
    baseline: &'a str,
    /// Value of every subset of the plan, by replicate.
    outcomes: Vec<Vec<f64>>,
}

impl Table<'_> {
    fn quantum(&self) -> Quantum {
        Quantum::of(self.outcomes.iter().flatten().copied())
    }

    /// The contrast of every replicate, in quanta, before its division.
    fn numerators(&self, contrast: &Contrast, quantum: Quantum) -> Vec<i128> {
        let of = |values: &Vec<f64>| {
            contrast.terms.iter().map(|&(place, c)| i128::from(c) * quantum.whole(values[place])).sum()
        };
        self.outcomes.iter().map(of).collect()
    }

    /// Mean and interval over replicates.
    fn paired(&self, contrast: &Contrast, quantum: Quantum) -> Paired {
        let single = |numerator: i128| quantum.value(numerator) / contrast.denominator as f64;
        Paired::of(&self.numerators(contrast, quantum).into_iter().map(single).collect::<Vec<f64>>())
    }

    /// Half of the 95 % interval that comes from taking some permutations only; 0 if every subset is run.
    fn sampling(&self, contrast: &Contrast) -> f64 {
        if contrast.denominator != 0 && contrast.samples.is_empty() {
            return 0.0;
        }
        let mean_of = |sample: &Vec<(usize, i64)>| {
            let of = |values: &Vec<f64>| sample.iter().map(|&(place, c)| c as f64 * values[place]).sum::<f64>();
            self.outcomes.iter().map(of).sum::<f64>() / self.outcomes.len() as f64
        };
        let samples: Vec<f64> = contrast.samples.iter().map(mean_of).collect();
        if samples.len() < 2 {
            return f64::NAN;
        }
        t_quantile(samples.len()) * Paired::of(&samples).sd / (samples.len() as f64).sqrt()
    }

    fn values(&self, contrasts: &Contrasts, rows: &mut Vec<AttributionRow>) {
        let quantum = self.quantum();
        let numerators: Vec<i128> =
            contrasts.shapley.iter().map(|contrast| self.numerators(contrast, quantum).iter().sum()).collect();
        let denominator = contrasts.shapley.first().map_or(1, |contrast| i128::from(contrast.denominator));
        let replicates = self.outcomes.len() as i128;
        let (total, parts) = match replicates {
            0 => (None, vec![None; self.names.len()]),
            _ => {
                let (total, parts) = round_together(&numerators, denominator * replicates);
                (Some(total), parts.into_iter().map(Some).collect())
            }
        };
        let row = |instrument: &str, contrast: &Contrast, quanta: Option<i128>| {
            let paired = self.paired(contrast, quantum);
            AttributionRow {
                arm: PACKAGE.into(),
                baseline: self.baseline.to_owned().into(),
                instrument: instrument.to_owned().into(),
                measure: self.key.measure.clone(),
                group: self.key.group.clone(),
                area: self.key.area.clone(),
                unit: self.key.unit.clone(),
                denominator: self.key.denominator.clone(),
                mean: quanta.map_or(f64::NAN, |quanta| quantum.value(quanta)),
                ci_lo: paired.ci_lo,
                ci_hi: paired.ci_hi,
                n: paired.n,
                sampling: self.sampling(contrast),
                alone: f64::NAN,
                last: f64::NAN,
            }
        };
        for (i, (name, part)) in self.names.iter().zip(parts).enumerate() {
            let alone = self.paired(&contrasts.alone[i], quantum).mean;
            let last = self.paired(&contrasts.last[i], quantum).mean;
            rows.push(AttributionRow { alone, last, ..row(name, &contrasts.shapley[i], part) });
        }
        rows.push(row(TOTAL, &contrasts.total, total));
    }

    fn interactions(&self, contrasts: &Contrasts, rows: &mut Vec<InteractionRow>) {
        let quantum = self.quantum();
        for (i, j, contrast) in &contrasts.pairs {
            // two instruments that were never neighbours leave nothing to read
            let paired = match contrast.denominator {
                0 => Paired::of(&[]),
                _ => self.paired(contrast, quantum),
            };
            rows.push(InteractionRow {
                arm: PACKAGE.into(),
                baseline: self.baseline.to_owned().into(),
                first: self.names[*i].to_owned().into(),
                second: self.names[*j].to_owned().into(),
                measure: self.key.measure.clone(),
                group: self.key.group.clone(),
                area: self.key.area.clone(),
                unit: self.key.unit.clone(),
                denominator: self.key.denominator.clone(),
                mean: paired.mean,
                ci_lo: paired.ci_lo,
                ci_hi: paired.ci_hi,
                n: paired.n,
                sampling: self.sampling(contrast),
            });
        }
    }
}

#[cfg(test)]
mod tests;
