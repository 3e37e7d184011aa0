//! Huisvestingstaakstelling (housing quota): half-years, carrying over, the supervision ladder, reserved shares.

use doorstroom_kernel::{Day, Share};
use serde::{Deserialize, Serialize};

use crate::parameter::Numbers;

/// Slack for a product of a share and a count that is whole on paper but not in binary (0.07 x 100).
const ROUNDING: f64 = 1e-9;

/// Taakstelling van het volgende halfjaar: what a municipality must house next, in any one unit (persons, thousandths).
///
/// `base` is the share of the new national target, `target` what had to be done with all that was carried, `realised`
/// what was done: shortfall (achterstand) and lead (voorsprong) both carry over. Below zero when the lead is larger
/// than the base. Source: Huisvestingswet 2014 art. 29; practice since 2017 ("achterstanden schuiven door").
pub fn next_target(base: i64, target: i64, realised: i64) -> i64 {
    base + target - realised
}

/// Interventieladder (supervision ladder): how far the province has gone with a municipality that misses its quota.
///
/// Provinces have own policy rules (Utrecht 2024, Zuid-Holland 2020); these five steps are their common core.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum LadderStep {
    /// The last half-year was met.
    None,
    /// Brief: a letter after one miss.
    Letter,
    /// Gesprek en plan van aanpak: talks and a plan after two.
    Talks,
    /// Waarschuwing: a warning after three.
    Warning,
    /// Indeplaatsstelling: the province acts in the municipality's place after four or more.
    Substitution,
}

/// What a step of the ladder does to the share of vacancies a municipality earmarks.
#[derive(Clone, Copy, PartialEq, Debug)]
pub enum Effort {
    /// The usual share times this factor (1 or more).
    Times(f64),
    /// Whatever fits is earmarked until target and backlog are met.
    Forced,
}

impl LadderStep {
    /// The step after `missed` consecutive half-years without meeting the quota.
    pub fn after(missed: u8) -> Self {
        match missed {
            0 => LadderStep::None,
            1 => LadderStep::Letter,
            2 => LadderStep::Talks,
            3 => LadderStep::Warning,
            _ => LadderStep::Substitution,
        }
    }

    /// Effort at this step: the entry of `factors` (first: no miss); beyond its end the province forces.
    ///
    /// `[1.0, 1.05, 1.15, 1.3]` forces from the fourth miss on; a fifth factor stands for a province that declines to
    /// substitute, as Zuid-Holland did in September 2025.
    pub fn effort(self, factors: &[f64]) -> Effort {
        factors.get(self as usize).map_or(Effort::Forced, |&factor| Effort::Times(factor))
    }
}

/// Halfjaar: the label of the half-year in which `day` falls, `2025-I` or `2025-II`.
pub fn half_year_label(day: Day) -> String {
    let (year, month, _) = day.ymd();
    format!("{year}-{}", if month <= 6 { "I" } else { "II" })
}

/// First day of the half-year in which `day` falls: 1 January or 1 July.
pub fn half_year_start(day: Day) -> Day {
    let (_, month, _) = day.ymd();
    day.plus_months(-((month as i32 - 1) % 6))
}

/// First day after the half-year in which `day` falls.
pub fn half_year_end(day: Day) -> Day {
    half_year_start(day).plus_months(6)
}

/// Minimumquotum: units to reserve of `units` so that the reserved share is at least `share`; rounded up.
pub fn reserved_at_least(units: u32, share: Share) -> u32 {
    (f64::from(units) * share.get() - ROUNDING).max(0.0).ceil() as u32
}

/// Maximumquotum: units that may be reserved of `units` so that the reserved share is at most `share`; rounded down.
pub fn reserved_at_most(units: u32, share: Share) -> u32 {
    (f64::from(units) * share.get() + ROUNDING).floor() as u32
}

/// Tussentijdse bijstelling (adjustment at mid-term): what happens when the forecast turns out wrong in the half-year.
///
/// The law knows none (advice of 2022); in March 2025 the running target was lowered from 17,700 to 15,000.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub enum MidTerm {
    /// The target stands.
    None,
    /// A target that turns out too high is lowered; one too low stands.
    DownAtEvaluation,
    /// The target becomes what is expected now, up or down.
    Both,
    /// The target stands, and the difference is added to, or taken off, the next one.
    RollToNext,
}

impl Numbers for MidTerm {
    fn numbers(&self) -> Vec<f64> {
        Vec::new()
    }
}

/// The national target after the evaluation, and what moves to the next one: `target` was set, `expected` is what three
/// months of the half-year let expect, in any one unit.
pub fn mid_term(variant: MidTerm, target: i64, expected: i64) -> (i64, i64) {
    match variant {
        MidTerm::None => (target, 0),
        MidTerm::DownAtEvaluation => (target.min(expected), 0),
        MidTerm::Both => (expected, 0),
        MidTerm::RollToNext => (target, expected - target),
    }
}

/// Achterstand en voorsprong (carrying over): what a municipality takes along of what is outstanding (shortfall above
/// zero, lead below). `drops_backlog` forgives a shortfall and keeps a lead.
pub fn carried_over(outstanding: i64, carries: bool, drops_backlog: bool) -> i64 {
    match (carries, drops_backlog) {
        (false, _) => 0,
        (true, true) => outstanding.min(0),
        (true, false) => outstanding,
    }
}

/// Verdeling (distribution): by what the national number is divided and status holders are linked.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub enum Distribution {
    /// Huisvestingstaakstelling: a duty by inhabitants (Huisvestingswet 2014 art. 29).
    ByInhabitants,
    /// The quota is abolished: municipalities house a part by their own choice, and status holders choose the place,
    /// more often the Randstad.
    FreeChoice,
    /// The province divides: by inhabitants over provinces, inside them by inhabitants and what municipalities usually
    /// set aside for status holders.
    Provincial,
}

impl Numbers for Distribution {
    fn numbers(&self) -> Vec<f64> {
        Vec::new()
    }
}

/// Trek naar de Randstad: weight of a municipality where status holders choose the place themselves. `pull` is how many
/// times more often an inhabitant's share of the Randstad is chosen.
pub fn free_choice_weight(inhabitants: u32, in_randstad: bool, pull: f64) -> u32 {
    (f64::from(inhabitants) * if in_randstad { pull } else { 1.0 }).round() as u32
}
