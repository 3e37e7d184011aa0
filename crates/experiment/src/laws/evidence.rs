//! What the experiments gave, and the parameters of their worlds in the words of formulas.

use std::collections::{BTreeMap, BTreeSet};

use doorstroom_observe::queue::{ALL, Estimate, QueueTotals, Tally, estimate_mean, estimate_sd, estimate_variance};
use doorstroom_world::queue::{Lifetime, QueueWorld, Stream};
use doorstroom_world::read::Problems;

use super::library;
use crate::pairs::{ratio_of_means, t_quantile};
use crate::queue::{ArmSeen, QueueExperiment, find, run_queue};

/// Experiments that were run, by name.
pub struct Evidence {
    runs: BTreeMap<&'static str, (QueueExperiment, Vec<ArmSeen>)>,
}

impl Evidence {
    /// Runs each experiment once; `tell` hears its name.
    ///
    /// # Errors
    /// What is wrong with a world, a scheme or an experiment.
    pub fn gather(
        names: &BTreeSet<&'static str>,
        seed: u64,
        threads: usize,
        tell: &dyn Fn(&str),
    ) -> Result<Evidence, Problems> {
        let mut runs = BTreeMap::new();
        for &name in names {
            let experiment = library::experiment(name)?;
            tell(name);
            let seen = run_queue(&experiment, seed, threads);
            runs.insert(name, (experiment, seen));
        }
        Ok(Evidence { runs })
    }

    /// An arm of an experiment.
    ///
    /// # Panics
    /// If the law names an experiment it does not list, or an arm that is not in it: a mistake of the suite.
    pub fn arm(&self, experiment: &str, arm: &str) -> Arm<'_> {
        let (experiment, seen) = self.runs.get(experiment).expect("a law lists the experiments it reads");
        let world = experiment.arm(arm).expect("a law reads arms that its experiment has");
        let seen = seen.iter().find(|seen| seen.arm == arm).expect("every arm was run");
        Arm { world, seen }
    }

    /// All arms of an experiment.
    pub fn arms(&self, experiment: &str) -> Vec<Arm<'_>> {
        let (of, _) = self.runs.get(experiment).expect("a law lists the experiments it reads");
        of.arms.iter().map(|(name, _)| self.arm(experiment, name)).collect()
    }
}

/// One arm: its world and what was seen. Rates are per month, times in months.
#[derive(Clone, Copy)]
pub struct Arm<'e> {
    /// The world.
    pub world: &'e QueueWorld,
    /// What was seen.
    pub seen: &'e ArmSeen,
}

impl Arm<'_> {
    /// Length of a step.
    pub fn step(&self) -> f64 {
        self.seen.model.step_months
    }

    /// Arrivals of a group.
    ///
    /// # Panics
    /// If it has no Poisson arrivals.
    pub fn arrivals(&self, group: &str) -> f64 {
        self.rate(self.world.file.groups[group].arrivals.as_ref())
    }

    /// Vacancies of a good that come as a stream.
    ///
    /// # Panics
    /// If it has no Poisson stream.
    pub fn vacancies(&self, good: &str) -> f64 {
        self.rate(self.world.file.goods[good].vacancies.as_ref())
    }

    fn rate(&self, stream: Option<&Stream>) -> f64 {
        match stream {
            Some(Stream::Poisson(rate)) => rate.per_month(self.world.file.step),
            _ => panic!("the law needs a Poisson stream"),
        }
    }

    /// Hazard of giving up.
    ///
    /// # Panics
    /// If the time on the list is not exponential.
    pub fn exit(&self, group: &str) -> f64 {
        match self.world.file.groups[group].leaves {
            Some(Lifetime::Exponential(rate)) => rate.per_month(self.world.file.step),
            _ => panic!("the law needs an exponential time on the list"),
        }
    }

    /// Dwellings of a good, mean length of a tenancy and whether it is always the same.
    ///
    /// # Panics
    /// If the good has no stock.
    pub fn stock(&self, good: &str) -> (u32, f64, bool) {
        let stock = self.world.file.goods[good].stock.as_ref().expect("the law needs a stock");
        let step = self.world.file.step;
        match stock.tenancy {
            Some(Lifetime::Exponential(rate)) => (stock.dwellings, 1.0 / rate.per_month(step), false),
            Some(Lifetime::Fixed(span)) => (stock.dwellings, span.months(step), true),
            Some(Lifetime::AtOnce) | None => panic!("the law needs tenancies that last and end"),
        }
    }

    /// Tallies by replicate.
    pub fn tallies(&self, measure: &'static str, group: &str, channel: &str) -> Vec<Tally> {
        find(self.seen, measure, group, channel)
    }

    /// Pooled mean of a measure for a group, over all channels.
    pub fn mean(&self, measure: &'static str, group: &str) -> Estimate {
        self.mean_in(measure, group, ALL)
    }

    /// Pooled mean of a measure for a group in a channel.
    pub fn mean_in(&self, measure: &'static str, group: &str, channel: &str) -> Estimate {
        estimate_mean(&self.tallies(measure, group, channel)).unwrap_or(NOTHING)
    }

    /// Pooled standard deviation of the values of a measure.
    pub fn sd(&self, measure: &'static str, group: &str) -> Estimate {
        estimate_sd(&self.tallies(measure, group, ALL)).unwrap_or(NOTHING)
    }

    /// Pooled variance of the values of a measure.
    pub fn variance(&self, measure: &'static str, group: &str) -> Estimate {
        estimate_variance(&self.tallies(measure, group, ALL)).unwrap_or(NOTHING)
    }

    /// Totals by replicate.
    pub fn totals(&self) -> impl Iterator<Item = &QueueTotals> {
        self.seen.seen.iter().map(|seen| &seen.totals)
    }

    /// D1 against a baseline of the same luck, as [`crate::displacement()`] measures it: what one group loses per unit
    /// that the other gains, with the error that Fieller's interval implies.
    pub fn displaced(&self, baseline: &Arm<'_>, measure: &'static str, (loses, gains): (&str, &str)) -> Estimate {
        let differences = |group: &str| -> Vec<f64> {
            let value = |tally: &Tally| tally.sum / tally.n;
            let (own, others) = (self.tallies(measure, group, ALL), baseline.tallies(measure, group, ALL));
            own.iter().zip(&others).map(|(a, b)| value(a) - value(b)).collect()
        };
        let lost: Vec<f64> = differences(loses).into_iter().map(|x| -x).collect();
        let gained = differences(gains);
        match ratio_of_means(&lost, &gained) {
            Some((ratio, lo, hi)) => {
                Estimate { value: ratio, se: (hi - lo) / 2.0 / t_quantile(gained.len()), n: gained.len() }
            }
            None => NOTHING,
        }
    }

    /// Difference to another arm of the same luck, replicate by replicate.
    pub fn less(&self, other: &Arm<'_>, measure: &'static str, group: &str) -> Estimate {
        let value = |tally: &Tally| tally.sum / tally.n;
        let (own, others) = (self.tallies(measure, group, ALL), other.tallies(measure, group, ALL));
        let mut differences = Tally::default();
        own.iter().zip(&others).for_each(|(a, b)| differences.add(value(a) - value(b)));
        let n = differences.n;
        let mean = differences.sum / n;
        let variance = (differences.squares - n * mean * mean) / (n - 1.0);
        Estimate { value: mean, se: (variance.max(0.0) / n).sqrt(), n: own.len() }
    }
}

/// Nothing was measured: no check can pass on it.
const NOTHING: Estimate = Estimate { value: f64::NAN, se: f64::NAN, n: 0 };

/// An estimate times a number: another unit.
pub fn times(estimate: Estimate, factor: f64) -> Estimate {
    Estimate { value: estimate.value * factor, se: estimate.se * factor.abs(), ..estimate }
}

/// One less a share.
pub fn rest_of_one(estimate: Estimate) -> Estimate {
    Estimate { value: 1.0 - estimate.value, ..estimate }
}

/// An estimate less a known number.
pub fn rest_of(estimate: Estimate, less: f64) -> Estimate {
    Estimate { value: estimate.value - less, ..estimate }
}
