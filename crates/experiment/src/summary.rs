//! What is kept of a finished replicate: measures and strata. Everything else goes to the files at once, so memory
//! grows with replicates by their figures alone.

use doorstroom_observe::Observed;
use serde::{Deserialize, Serialize};

use crate::measures::{Measures, SharedKeys};
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
    pub measures: Measures,
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
        let (arm, measures) = (arm.to_owned(), Measures::from(&outcome.measures));
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

    /// Lets its measures hold keys that are known already.
    pub fn share_keys(&mut self, shared: &mut SharedKeys) {
        self.arms.iter_mut().for_each(|arm| shared.share(&mut arm.measures));
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
