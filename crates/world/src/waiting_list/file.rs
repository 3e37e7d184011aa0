//! What stands in `world.ron` of a waiting-list world.

use doorstroom_kernel::{Day, StepLength};
use doorstroom_policy::waiting_list::{Group, Processes};
use serde::Deserialize;

/// `world.ron` of a waiting-list world.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WaitingListFile {
    /// Version of the notation.
    pub version: u32,
    /// Name for people.
    pub title: String,
    /// Length of a step: one month, in which ages and waiting times are counted.
    pub step: StepLength,
    /// First day of step 0.
    pub start: Day,
    /// Seed of the population; apart from the seed of a run.
    pub population_seed: u64,
    /// Households at full size.
    pub households: u32,
    /// Markets.
    pub municipalities: Municipalities,
    /// Groups, at most eight; their shares sum to 1.
    pub groups: Vec<Group>,
    /// Where a run starts.
    pub start_state: StartState,
    /// What happens in a step.
    pub processes: Processes,
}

/// Municipalities and how unequal they are.
#[derive(Clone, Copy, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Municipalities {
    /// How many.
    pub count: u16,
    /// A household lives in number `floor(count * u^skew)`, u uniform in [0, 1): 1 makes them equal.
    pub skew: f64,
}

/// Independent draws for each household.
#[derive(Clone, Copy, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StartState {
    /// Ages.
    pub age: Ages,
    /// Incomes.
    pub income: Incomes,
    /// Share with a home.
    pub housed: f64,
    /// Share with a registration of those with a home.
    pub registered_if_housed: f64,
    /// Share with a registration of those without a home.
    pub registered_if_unhoused: f64,
    /// The registered have waited 0 up to, not including, this many months, evenly.
    pub waited_below_months: u16,
}

/// Evenly over `spread_months` whole months from `youngest_months`.
#[derive(Clone, Copy, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Ages {
    /// Lowest age in months.
    pub youngest_months: u16,
    /// Ages lie from the lowest up to, not including, this many months more.
    pub spread_months: u16,
}

/// Lognormal, euro a year.
#[derive(Clone, Copy, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Incomes {
    /// Mean of the natural logarithm.
    pub log_mean: f64,
    /// Standard deviation of the natural logarithm.
    pub log_sd: f64,
}
