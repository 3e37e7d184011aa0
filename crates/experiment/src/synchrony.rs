//! Synchrony: whether a difference stays where it is made. In a world from which nobody moves across borders, every
//! municipality that a difference does not touch must have a bit-identical history in both arms.

use doorstroom_kernel::Day;
use doorstroom_observe::history::Histories;
use doorstroom_policy::{AnyParameter, Rules};
use doorstroom_state::municipality::Gazetteer;
use serde::{Deserialize, Serialize};

/// Rule that may hold in some municipalities only.
const REGIME: &str = "priority.status_holder";

/// Municipalities of one arm against the baseline.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub struct Synchrony {
    /// In which a rule differs.
    pub touched: u32,
    /// Of those, with the same history all the same.
    pub touched_identical: u32,
    /// In which no rule differs.
    pub untouched: u32,
    /// Of those, with the same history.
    pub identical: u32,
}

impl Synchrony {
    /// Counts municipalities; `touched` tells by slot where a rule differs.
    pub fn of(touched: &[bool], baseline: &Histories, arm: &Histories) -> Synchrony {
        let mut found = Synchrony::default();
        for (&touched, differs) in touched.iter().zip(baseline.differ(arm)) {
            let (count, identical) = match touched {
                true => (&mut found.touched, &mut found.touched_identical),
                false => (&mut found.untouched, &mut found.identical),
            };
            *count += 1;
            *identical += u32::from(!differs);
        }
        found
    }

    /// Share of untouched municipalities with the same history; NaN without any.
    pub fn share(&self) -> f64 {
        f64::from(self.identical) / f64::from(self.untouched)
    }
}

/// By municipality (slot), whether any rule that holds there ever differs. All but schemes of allocation, which hold in
/// a region, and a ban for certain municipalities are rules of the whole country.
pub fn touched(baseline: &Rules, arm: &Rules, gazetteer: &Gazetteer) -> Vec<bool> {
    let mut ours = Vec::new();
    baseline.each(&mut |_, _, _, parameter| ours.push(parameter.steps()));
    let (mut i, mut everywhere) = (0, baseline.gated != arm.gated);
    arm.each(&mut |path, _, _, parameter| {
        everywhere |= path != REGIME && parameter.steps() != ours[i] && differ(&ours[i], &parameter.steps());
        i += 1;
    });
    let codes = gazetteer.municipality_codes.iter().zip(&gazetteer.region_of);
    let here = |(code, &region): (&String, &u8)| {
        let region = gazetteer.region_codes.get(usize::from(region)).map_or("", String::as_str);
        let number = code.trim_start_matches("GM").parse().unwrap_or(0);
        everywhere || baseline.schemes.differs_in(&arm.schemes, region) || regimes_differ(baseline, arm, number)
    };
    codes.map(here).collect()
}

/// Whether two lists of dated values ever give another value.
fn differ(mine: &[(Day, String, String)], theirs: &[(Day, String, String)]) -> bool {
    let at = |steps: &[(Day, String, String)], day: Day| {
        steps[steps.partition_point(|step| step.0 <= day).saturating_sub(1)].1.clone()
    };
    mine.iter().chain(theirs).any(|step| at(mine, step.0) != at(theirs, step.0))
}

fn regimes_differ(baseline: &Rules, arm: &Rules, code: u16) -> bool {
    let (mine, theirs) = (&baseline.priority.status_holder, &arm.priority.status_holder);
    let days = mine.steps().into_iter().chain(theirs.steps()).map(|step| step.0);
    days.into_iter().any(|day| mine.at(day).reaching(code) != theirs.at(day).reaching(code))
}
