//! What an experiment file says, as it is written.
//!
//! An experiment names a world, a horizon, replicates, a seed, a baseline arm and other arms; an arm is only what
//! differs. The checked form is [`crate::Experiment`].

use std::collections::BTreeMap;

use doorstroom_kernel::Day;
use doorstroom_policy::gate::{Gate, GateCondition};
use doorstroom_world::read::Raw;
use serde::{Deserialize, Serialize};

use crate::counterfactual::Counterfactual;

/// Whether replicates share one synthetic population.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub enum PopulationMode {
    /// One population for all replicates: intervals contain no uncertainty of synthesis (worlds/MODEL.md M7).
    #[default]
    Share,
    /// Every replicate draws its own.
    Redraw,
}

/// How finely monthly tables are kept.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub enum Resolution {
    /// Monthly by region, yearly by municipality.
    #[default]
    Region,
    /// Monthly by municipality too.
    MunicipalityMonth,
}

/// An experiment file.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename = "Experiment", deny_unknown_fields)]
pub(crate) struct ExperimentFile {
    /// Version of the notation.
    pub version: u32,
    /// The question; the first comment line of the file if it is left out.
    #[serde(default)]
    pub question: Option<String>,
    /// Folder name of the world.
    pub world: String,
    /// Part of the world's households that is drawn, above 0 to 1.
    #[serde(default = "full_scale")]
    pub scale: f64,
    /// First day; that of the world if left out.
    #[serde(default)]
    pub start: Option<Day>,
    /// Length of the run.
    pub months: u32,
    /// Runs of every arm, each with its own luck: a number, or `until(..)`; one if left out.
    #[serde(default)]
    pub replicates: Option<Raw>,
    /// Seed of the run.
    pub seed: u64,
    /// Whether replicates share a population.
    #[serde(default)]
    pub population: PopulationMode,
    /// Seed of the population; that of the world if left out.
    #[serde(default)]
    pub population_seed: Option<u64>,
    /// Arm with which the others are compared.
    pub baseline: String,
    /// What differs in each arm from the rules of the world.
    pub arms: BTreeMap<String, Vec<DatedChanges>>,
    /// A package of instruments whose parts in the outcome are asked for.
    #[serde(default)]
    pub attribution: Option<AttributionFile>,
    /// What is uncertain besides luck.
    #[serde(default)]
    pub uncertainty: Option<UncertaintyFile>,
    /// Outcomes named in advance, at most three.
    #[serde(default)]
    pub primary: Vec<String>,
    /// How finely monthly tables are kept.
    #[serde(default)]
    pub resolution: Resolution,
}

/// A package of instruments.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename = "Attribution", deny_unknown_fields)]
pub(crate) struct AttributionFile {
    /// What differs in each instrument from the baseline.
    pub instruments: BTreeMap<String, Vec<DatedChanges>>,
    /// Orders of joining that are drawn; every subset of up to eight instruments if left out.
    #[serde(default)]
    pub permutations: Option<u32>,
}

/// What is uncertain besides luck.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename = "Uncertainty", deny_unknown_fields)]
pub(crate) struct UncertaintyFile {
    /// First day on which drawn values hold.
    pub from: Day,
    /// Parameters that are drawn evenly from the range of their policy file.
    #[serde(default)]
    pub parameters: Vec<String>,
    /// Draws of all parameters together.
    #[serde(default = "one_draw")]
    pub draws: u32,
    /// Other structures: changes that hold in every arm.
    #[serde(default)]
    pub structures: BTreeMap<String, Vec<DatedChanges>>,
}

fn one_draw() -> u32 {
    1
}

/// What changes at one moment.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) enum DatedChanges {
    /// From a date on.
    From(Day, Vec<RuleChange>),
    /// From an evaluation on at which a condition holds: on the first day, or so many days later, or again so many.
    Gate {
        /// First evaluation, and first day on which the changes may come into force.
        from: Day,
        /// Days from one evaluation to the next; half a year if left out (plan of 2025: evaluate before each phase).
        #[serde(default = "half_a_year")]
        evaluate_every_days: u16,
        /// What must hold: `OverdueAtMost(5000)`, `ResidentsAtMost(60000)`, `AlternativesAtLeast(8000)`, persons.
        when: GateCondition,
        /// What then changes.
        changes: Vec<RuleChange>,
    },
}

impl DatedChanges {
    /// First day on which they may come into force.
    pub fn from(&self) -> Day {
        match self {
            DatedChanges::From(from, _) | DatedChanges::Gate { from, .. } => *from,
        }
    }

    /// The changes.
    pub fn changes(&self) -> &[RuleChange] {
        match self {
            DatedChanges::From(_, changes) | DatedChanges::Gate { changes, .. } => changes,
        }
    }

    /// The gate before them, if there is one.
    pub fn gate(&self) -> Option<Gate> {
        match *self {
            DatedChanges::From(..) => None,
            DatedChanges::Gate { from, evaluate_every_days, when, .. } => {
                Some(Gate { from, evaluate_every_days, when })
            }
        }
    }
}

fn half_a_year() -> u16 {
    182
}

/// One change.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) enum RuleChange {
    /// The rule at this path gets this value, whose type depends on the path.
    Set(String, Raw),
    /// A yardstick of worlds/MODEL.md 6.4: `StatusAbsent`, `StatusQueue`, `StatusAlternativesAsHoped` or
    /// `StatusAlternativesAsDelivered`.
    Counterfactual(Counterfactual),
    /// Regions, by code, or classes of markets (`tight`) allocate by the scheme of this name.
    Schemes(BTreeMap<String, String>),
}

fn full_scale() -> f64 {
    1.0
}
