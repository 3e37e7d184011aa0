//! Rules of waiting-list worlds: who is served before whom, and how often what happens.

use serde::{Deserialize, Serialize};

/// A group of households.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Group {
    /// Name in results.
    pub name: String,
    /// Share of all households, 0 to 1.
    pub share: f64,
    /// Class in which it is served; 0 comes first.
    pub class: u8,
}

/// What happens in a step, in this order.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Processes {
    /// Incomes change.
    pub income: IncomeChange,
    /// Households register.
    pub registration: Registering,
    /// Households give up their home, which is vacant from then on.
    pub departure: Departure,
    /// Vacant homes are let.
    pub allocation: Letting,
}

/// Incomes are multiplied.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct IncomeChange {
    /// Chance that the income of a household changes, 0 to 1 a step.
    pub chance_per_step: f64,
    /// Share of the changes that are falls, 0 to 1.
    pub falls: f64,
    /// Factor of a fall, above 0.
    pub fall_factor: f64,
    /// Factor of a rise, above 0.
    pub rise_factor: f64,
}

/// Chances that a household without a registration registers, 0 to 1 a step.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Registering {
    /// Without a home.
    pub unhoused_per_step: f64,
    /// With a home, younger than `older_from_months`.
    pub younger_per_step: f64,
    /// With a home, of that age or older.
    pub older_per_step: f64,
    /// Age, in months, from which a household with a home counts as older.
    pub older_from_months: u16,
}

/// Households give up their home.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Departure {
    /// Chance that a household with a home gives it up, 0 to 1 a step.
    pub chance_per_step: f64,
}

/// Vacant homes go to the seekers of their municipality by class, then by waiting time, then by order of creation.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Letting {
    /// Highest income with which a household is a seeker, euro a year.
    pub income_at_most: f64,
}
