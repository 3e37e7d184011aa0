//! What is kept of a finished replicate: measures and strata. Everything else goes to the files at once, so memory
//! does not grow with the rows of a run.

use std::collections::BTreeMap;

use doorstroom_observe::{MeasureKey, Observed};
use serde::{Deserialize, Serialize};

use crate::strata::{Strata, Stratum};
use crate::substitution::{SIDES, Substitution};
use crate::synchrony::Synchrony;

/// What is kept of one replicate. Comes back exactly from JSON, so a resumed run gives the same bytes.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct UnitSummary {
    /// Replicate.
    pub replicate: u32,
    /// Its arms, the baseline first.
    pub arms: Vec<ArmSummary>,
}

/// What is kept of one arm of a replicate.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ArmSummary {
    /// Name.
    pub arm: String,
    /// Measures since the fork.
    #[serde(with = "lines")]
    pub measures: BTreeMap<MeasureKey, f64>,
    /// Who was housed here and in the baseline; empty for the baseline.
    pub strata: Strata,
    /// Who instead of whom; empty for the baseline.
    pub substitution: Substitution,
    /// Municipalities with the same history as in the baseline; empty for the baseline.
    #[serde(default)]
    pub synchrony: Synchrony,
    /// First lettings listed since the fork, a check on the measures.
    pub first_lettings: u64,
    /// Regular lettings since the fork by entry group, a check on the substitution.
    pub regular_lettings: [u64; SIDES],
}

impl ArmSummary {
    /// Of what observers saw in an arm, and what was found against the baseline.
    pub fn of(arm: &str, observed: &Observed, strata: Strata, substitution: Substitution) -> ArmSummary {
        let outcome = &observed.outcome;
        let mut regular_lettings = [0; SIDES];
        for letting in &outcome.dwelling_lettings {
            regular_lettings[letting.group as usize] += 1;
        }
        let first_lettings = outcome.first_lettings.len() as u64;
        let (arm, measures) = (arm.to_owned(), outcome.measures.clone());
        let synchrony = Synchrony::default();
        ArmSummary { arm, measures, strata, substitution, synchrony, first_lettings, regular_lettings }
    }

    /// Of a subset of a package, from which only its measures are needed.
    pub fn of_subset(arm: &str, observed: &Observed) -> ArmSummary {
        ArmSummary::of(arm, observed, Strata::default(), Substitution::default())
    }
}

impl UnitSummary {
    /// The arm of this name.
    pub fn arm(&self, name: &str) -> Option<&ArmSummary> {
        self.arms.iter().find(|arm| arm.arm == name)
    }
}

/// Differences of one measure between two arms over all replicates that have it in both, by replicate.
pub(crate) fn differences(
    units: &[UnitSummary],
    arm: &str,
    baseline: &str,
    value: impl Fn(&ArmSummary) -> Option<f64>,
) -> Vec<f64> {
    let pairs = units.iter().filter_map(|unit| Some((unit.arm(arm)?, unit.arm(baseline)?)));
    let differences = pairs.filter_map(|(arm, baseline)| Some(value(arm)? - value(baseline)?));
    differences.filter(|difference| !difference.is_nan()).collect()
}

/// One figure of the strata of an arm over all replicates that have it.
pub(crate) fn strata(units: &[UnitSummary], arm: &str, row: usize, figure: impl Fn(&Stratum) -> f64) -> Vec<f64> {
    let arms = units.iter().filter_map(|unit| unit.arm(arm));
    arms.filter_map(|arm| arm.strata.rows.get(row)).map(figure).collect()
}

/// Measures as lines of words and a number written so that it comes back bit by bit, NaN too.
mod lines {
    use super::{BTreeMap, Deserialize, MeasureKey, Serialize};
    use serde::de::Error as _;
    use serde::{Deserializer, Serializer};

    type Line = (String, String, String, String, String, String);

    pub fn serialize<S: Serializer>(measures: &BTreeMap<MeasureKey, f64>, to: S) -> Result<S::Ok, S::Error> {
        let word = |text: &doorstroom_observe::table::Text| text.as_str().to_owned();
        let lines: Vec<Line> = measures
            .iter()
            .map(|(key, value)| {
                let number = format!("{value:?}");
                (word(&key.measure), word(&key.group), word(&key.area), word(&key.unit), word(&key.denominator), number)
            })
            .collect();
        lines.serialize(to)
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<BTreeMap<MeasureKey, f64>, D::Error> {
        let mut measures = BTreeMap::new();
        for (measure, group, area, unit, denominator, number) in Vec::<Line>::deserialize(from)? {
            let value = number.parse().map_err(|_| D::Error::custom(format!("`{number}` is not a number")))?;
            let key = MeasureKey {
                measure: measure.into(),
                group: group.into(),
                area: area.into(),
                unit: unit.into(),
                denominator: denominator.into(),
            };
            measures.insert(key, value);
        }
        Ok(measures)
    }
}
