//! Fasering (phases): changes of rules that wait for an evaluation.
//!
//! The plan of 2025 has three phases: preparation to 1 July 2026, implementation to 1 July 2027, normalisation after it, and
//! asks for an evaluation before each. A gate stands before a phase: its changes come into force on its first day if the
//! condition holds then, else at the first evaluation after it at which it does. What is in force stays.

use doorstroom_kernel::Day;
use doorstroom_state::regime::{GateKey, GateState};
use serde::{Deserialize, Serialize};

/// Toetssteen (yardstick): what must hold at an evaluation, in persons of the whole country.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub enum GateCondition {
    /// Status holders in reception past the term of 14 weeks: at most so many persons.
    OverdueAtMost(u32),
    /// Residents of asylum reception: at most so many persons.
    ResidentsAtMost(u32),
    /// Came into shared, flex, interim and flow-through homes in the past year: at least so many persons.
    AlternativesAtLeast(u32),
}

/// How things stand at an evaluation, in persons of the whole country.
#[derive(Clone, Copy, PartialEq, Debug, Default)]
pub struct Standing {
    /// Status holders past the term.
    pub overdue: f64,
    /// Residents of asylum reception.
    pub residents: f64,
    /// Came into alternative homes in the past year.
    pub alternatives: f64,
}

impl GateCondition {
    /// The number that the condition looks at.
    pub fn measured(self, standing: &Standing) -> f64 {
        match self {
            GateCondition::OverdueAtMost(_) => standing.overdue,
            GateCondition::ResidentsAtMost(_) => standing.residents,
            GateCondition::AlternativesAtLeast(_) => standing.alternatives,
        }
    }

    /// Whether that number is enough, or not too much.
    pub fn is_met(self, measured: f64) -> bool {
        match self {
            GateCondition::OverdueAtMost(most) | GateCondition::ResidentsAtMost(most) => measured <= f64::from(most),
            GateCondition::AlternativesAtLeast(least) => measured >= f64::from(least),
        }
    }
}

/// Toetsmoment (gate): first day, days between evaluations, and the condition.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Gate {
    /// First day on which the changes may come into force, and first evaluation.
    pub from: Day,
    /// Days from one evaluation to the next.
    pub evaluate_every_days: u16,
    /// What must hold.
    pub when: GateCondition,
}

impl Gate {
    /// Evaluations from the first day up to and with `today`.
    pub fn evaluations(&self, today: Day) -> u32 {
        match today.days_since(self.from) {
            days if days < 0 => 0,
            days => days as u32 / u32::from(self.evaluate_every_days.max(1)) + 1,
        }
    }

    /// The state on `today`: an evaluation that has come due is held once, however many steps it took to come.
    pub fn evaluate(&self, state: &GateState, standing: &Standing, today: Day) -> GateState {
        let due = self.evaluations(today);
        if state.opened.is_some() || due <= state.evaluations {
            return state.clone();
        }
        let measured = self.when.measured(standing);
        let opened = self.when.is_met(measured).then_some(today);
        GateState { evaluations: due, measured, opened }
    }

    /// The key under which its state is kept: gates that say the same share it.
    pub fn key(&self) -> GateKey {
        let (condition, number) = match self.when {
            GateCondition::OverdueAtMost(number) => (0, number),
            GateCondition::ResidentsAtMost(number) => (1, number),
            GateCondition::AlternativesAtLeast(number) => (2, number),
        };
        GateKey { from: self.from, every_days: self.evaluate_every_days, condition, number }
    }
}

/// One change behind a gate.
#[derive(Clone, PartialEq, Debug)]
pub struct Gated {
    /// The gate.
    pub gate: Gate,
    /// `subject.parameter`, or what is changed about schemes.
    pub path: String,
    /// The value in RON.
    pub value: String,
    /// Who changes it.
    pub source: String,
    /// True once the rules hold it.
    pub in_force: bool,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn gates_that_differ_in_anything_have_different_keys() {
        let day = |text| Day::parse(text).unwrap();
        let gate = Gate { from: day("2026-07-01"), evaluate_every_days: 182, when: GateCondition::OverdueAtMost(5) };
        let others = [
            Gate { from: day("2026-07-02"), ..gate },
            Gate { evaluate_every_days: 91, ..gate },
            Gate { when: GateCondition::ResidentsAtMost(5), ..gate },
            Gate { when: GateCondition::OverdueAtMost(6), ..gate },
        ];
        assert!(others.iter().all(|other| other.key() != gate.key()));
    }
}
