//! What stands in the file of a queue world.

use std::collections::BTreeMap;

use doorstroom_kernel::StepLength;
use doorstroom_policy::queue::Process;
use doorstroom_policy::scheme::Scheme;
use serde::Deserialize;

use super::units::{Lifetime, Rate, Span, Stream};

/// The file of a queue world.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(rename = "Queue", deny_unknown_fields)]
pub struct QueueFile {
    /// Version of the notation.
    pub version: u32,
    /// Name for people.
    pub title: String,
    /// Length of a step.
    pub step: StepLength,
    /// Processes that run, in the order in which they run.
    pub processes: Vec<Process>,
    /// Groups of seekers by name.
    #[serde(default)]
    pub groups: BTreeMap<String, Group>,
    /// Kinds of dwellings by name.
    #[serde(default)]
    pub goods: BTreeMap<String, Good>,
    /// Stages of a population in their order; children begin in the first.
    #[serde(default)]
    pub stages: Vec<Stage>,
    /// The scheme by which vacancies are let.
    #[serde(default)]
    pub scheme: Option<SchemeRef>,
    /// Time before measures are taken.
    #[serde(default = "no_time")]
    pub warm_up: Span,
}

fn no_time() -> Span {
    Span::Steps(0)
}

/// Where the scheme stands.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub enum SchemeRef {
    /// In a file, by its path from the folder of the world.
    File(String),
    /// Here.
    Inline(Scheme),
}

/// Seekers of one group.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Group {
    /// Who comes.
    #[serde(default)]
    pub arrivals: Option<Stream>,
    /// Households on the list before the first step.
    #[serde(default)]
    pub at_start: Option<u32>,
    /// Time on the list before giving up; for ever if left out.
    #[serde(default)]
    pub leaves: Option<Lifetime>,
    /// Chance to refuse an offer, 0 up to but not including 1.
    #[serde(default)]
    pub refuses: Option<f64>,
    /// House sharing.
    #[serde(default)]
    pub sharing: Option<Sharing>,
    /// The good it prefers.
    #[serde(default)]
    pub prefers: Option<String>,
    /// The goods it seeks; all if left out.
    #[serde(default)]
    pub seeks: Option<Vec<String>>,
    /// Chance a step of direct mediation beside the scheme.
    #[serde(default)]
    pub mediation_per_step: Option<f64>,
}

/// House sharing.
#[derive(Clone, Copy, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Sharing {
    /// Share of arrivals that wants to share.
    pub share: f64,
    /// Households to a home.
    pub size: u8,
}

/// A kind of dwelling: a stream of vacancies, or a stock that is let again and again.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Good {
    /// Vacancies from outside, each let once.
    #[serde(default)]
    pub vacancies: Option<Stream>,
    /// Dwellings that are let again and again.
    #[serde(default)]
    pub stock: Option<Stock>,
    /// Vacancy chains: chance by good that the mover who fills this vacancy leaves one of that good.
    #[serde(default)]
    pub chain: Option<BTreeMap<String, f64>>,
}

/// A stock.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Stock {
    /// Dwellings before the first step.
    pub dwellings: u32,
    /// Dwellings at later moments, with the time since the start; on a straight line between them, the last for ever.
    #[serde(default)]
    pub path: Vec<(Span, f64)>,
    /// Length of a tenancy; until the tenant is housed elsewhere if left out.
    #[serde(default)]
    pub tenancy: Option<Lifetime>,
    /// Whether all are let before the first step.
    #[serde(default)]
    pub full_at_start: bool,
    /// Sitting tenants who begin to look for another home.
    #[serde(default)]
    pub transfers: Option<Transfers>,
    /// Tenants who register anew when their tenancy ends.
    #[serde(default)]
    pub returns: Option<Returns>,
}

/// Sitting tenants who begin to look for another home.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Transfers {
    /// Group in which they look; it has no arrivals of its own.
    pub group: String,
    /// Rate of a tenant; from the step after moving in if left out.
    #[serde(default)]
    pub rate: Option<Rate>,
}

/// Tenants who register anew when their tenancy ends.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Returns {
    /// Group in which they register.
    pub group: String,
    /// Share of tenancies that end so.
    pub share: f64,
}

/// A stage of a population.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Stage {
    /// Name.
    pub name: String,
    /// Members before the first step.
    pub at_start: u32,
    /// The stage of those who survive a step; all die if left out.
    #[serde(default)]
    pub survives: Option<Survival>,
    /// Mean number of children in a step.
    #[serde(default)]
    pub births: f64,
}

/// Who survives.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Survival {
    /// Stage after the step.
    pub to: String,
    /// Share that survives.
    pub share: f64,
}
