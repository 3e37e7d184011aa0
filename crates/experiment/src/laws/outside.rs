//! A case that others computed: shelter that is held until housing frees, both built by date.
//!
//! The case is the linear problem of G. Burgess, D. Singham and L. Rhodes-Leader, "Time-Varying Capacity Planning for
//! Designing Large-Scale Homeless Care Systems", with its data and code at github.com/grahamburgess3/tvcp. Of 12,000
//! people 4,000 are housed and 1,500 sheltered; housing grows to 7,833 1/3 in a year and by 500 in each of the four years
//! after it, shelter by 500 in each of five years; ten people a day come for five years, six for five more; a stay in
//! housing takes four years on average. Fluid flows, no chance: who is in housing leaves at a quarter a year, who is
//! neither in housing nor in shelter is unsheltered. The objective is the mean of unsheltered + 0.3 sheltered at the
//! beginning of each of the 3,650 days.
//!
//! Capacities never exceed those who want them by chance (the fluid has at least 4,338 unsheltered, more than fifteen
//! standard deviations), so the system is linear and the mean of the stochastic one is the fluid: there is no Jensen gap.

use doorstroom_policy::queue::{GoodRules, Lifetime, QueueModel};

use super::{Arm, Evidence, Finding, Law};

const PLAN: &str = "how_many_are_without_shelter";
/// The published objective.
pub const PUBLISHED: f64 = 6434.16;
/// Weight of a sheltered person in the objective.
pub const WEIGHT: f64 = 0.3;

/// The laws of this file.
pub const LAWS: &[Law] = &[Law {
    id: "O1",
    title: "Shelter held until housing frees, both built by date: unsheltered + 0.3 sheltered as its fluid",
    source: "Burgess, Singham, Rhodes-Leader 2025",
    experiments: &[PLAN],
    check: plan,
}];

/// Means over all days, at their ends.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Days {
    /// Without shelter.
    pub unsheltered: f64,
    /// In shelter.
    pub sheltered: f64,
    /// Housing let in a day.
    pub let_a_day: f64,
}

impl Days {
    /// The objective.
    pub fn objective(&self) -> f64 {
        self.unsheltered + WEIGHT * self.sheltered
    }
}

/// The fluid of a world with an `unsheltered` group, `housing` and `shelter`, day by day as the engine counts: who comes
/// in a day and whose stay ends in it are counted at its end; housing that frees is let the same day; the bed that the new
/// tenant leaves is taken the next day.
///
/// # Panics
/// If the world lacks one of the three, or stays in housing are not exponential.
pub fn day_by_day(model: &QueueModel, days: u32) -> Days {
    let good = |name: &str| -> &GoodRules { &model.goods[model.good(name).expect("the plan has both goods")] };
    let (housing, shelter) = (good("housing"), good("shelter"));
    let stock = housing.stock.expect("housing is a stock");
    let Lifetime::Exponential(rate) = stock.tenancy else { panic!("the law needs exponential stays") };
    let group = &model.groups[model.group("unsheltered").expect("the plan has them")];
    let arrivals = group.arrivals.as_ref().expect("they come");
    // a threshold is a chance in units of 2^-32
    let stay_for_good = 1.0 - stock.returns.map_or(0.0, |(_, share)| share.0 as f64 / 4_294_967_296.0);
    // a stay is rounded up or down by luck to at least a day: chance to end in the first one, and in each later one
    let later = -libm::expm1(-rate);
    let first = 1.0 - (1.0 - later) * later / rate;
    let beds = shelter.stock.map_or(0, |stock| stock.dwellings);
    let mut housed = f64::from(stock.dwellings);
    let mut all = housed + f64::from(beds) + f64::from(group.at_start);
    let (mut let_out, mut sums) = (housed, [0.0; 3]);
    for day in 0..days {
        let ends = later * housed + (first - later) * let_out;
        let homes = f64::from(housing.dwellings(day + 1));
        let_out = ends + homes - housed;
        housed = homes;
        all += arrivals.mean(day) - stay_for_good * ends;
        let sheltered = f64::from(shelter.dwellings(day + 1)) - let_out;
        for (sum, value) in sums.iter_mut().zip([all - housed - sheltered, sheltered, let_out]) {
            *sum += value;
        }
    }
    let [unsheltered, sheltered, let_a_day] = sums.map(|sum| sum / f64::from(days));
    Days { unsheltered, sheltered, let_a_day }
}

fn plan(evidence: &Evidence) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (name, what) in [("base", ""), ("returns", "17 in 100 come back: ")] {
        let arm = evidence.arm(PLAN, name);
        let measured = objective(&arm);
        let days = arm.tallies("list_length", "all", "all")[0].n as u32;
        let expected = day_by_day(&arm.seen.model, days);
        // a bed counts 0.7 less than nobody in it, and stands empty for a day at every letting
        let allowance = (1.0 - WEIGHT) * expected.let_a_day;
        let why = "a bed that frees is taken the next day: 0.7 of the lettings of a day";
        let published = Finding::near(format!("{what}objective as published"), PUBLISHED, measured);
        findings.push(published.within(allowance, why));
        findings.push(Finding::near(format!("{what}objective in days"), expected.objective(), measured));
        findings.push(Finding::near(
            format!("{what}unsheltered"),
            expected.unsheltered,
            arm.mean("list_length", "unsheltered"),
        ));
        let sheltered = arm.mean("list_length", "sheltered");
        findings.push(Finding::near(format!("{what}sheltered"), expected.sheltered, sheltered));
    }
    findings
}

/// The objective of each replicate, pooled.
fn objective(arm: &Arm<'_>) -> doorstroom_observe::queue::Estimate {
    let [unsheltered, sheltered] = ["unsheltered", "sheltered"].map(|group| arm.tallies("list_length", group, "all"));
    let together = unsheltered.iter().zip(&sheltered).map(|(outside, inside)| doorstroom_observe::queue::Tally {
        n: outside.n,
        sum: outside.sum + WEIGHT * inside.sum,
        squares: 0.0,
    });
    let together: Vec<_> = together.collect();
    doorstroom_observe::queue::estimate_mean(&together).expect("the run has days")
}
