//! What is seen of a waiting-list world after a step.

use bevy_ecs::prelude::*;
use doorstroom_state::waiting_list::{Household, Tally, Vacant};

/// Outcome of a run of a waiting-list world so far; figures by group in the order of the world.
#[derive(Clone, Debug, PartialEq)]
pub struct WaitingListOutcome {
    /// Lettings since the start.
    pub alloc: Vec<u64>,
    /// Mean wait at letting, months; NaN without a letting.
    pub wait: Vec<f64>,
    /// Vacant homes now.
    pub left: u64,
    /// Households in line now: registered, no home, an income within the limit.
    pub seekers: u64,
    /// Households without a home now.
    pub unhoused: u64,
    /// Mean income now, euro a year; NaN without a household.
    pub inc: f64,
}

impl WaitingListOutcome {
    /// Whether `other` is the same to the last bit; unlike `==`, also where a mean is of nobody and NaN on both sides.
    #[must_use]
    pub fn is_same_as(&self, other: &Self) -> bool {
        let means = |of: &Self| of.wait.iter().chain([&of.inc]).map(|mean| mean.to_bits()).collect::<Vec<_>>();
        let counts = |of: &Self| (of.alloc.clone(), of.left, of.seekers, of.unhoused);
        means(self) == means(other) && counts(self) == counts(other)
    }
}

/// Counts a world of `groups` groups; seekers have an income of at most `income_at_most`.
pub fn waiting_list_outcome(
    In((groups, income_at_most)): In<(usize, f32)>,
    households: Query<&Household>,
    vacant: Query<&Vacant>,
    tally: Res<Tally>,
) -> WaitingListOutcome {
    let (mut seekers, mut unhoused, mut incomes) = (0, 0, 0.0);
    for household in &households {
        seekers += u64::from(household.is_seeker(income_at_most));
        unhoused += u64::from(!household.standing.is_housed());
        incomes += f64::from(household.income);
    }
    let (alloc, waited) = (&tally.lettings[..groups], &tally.waited[..groups]);
    WaitingListOutcome {
        alloc: alloc.to_vec(),
        wait: alloc.iter().zip(waited).map(|(&n, &months)| months as f64 / n as f64).collect(),
        left: vacant.iter().map(|vacant| u64::from(vacant.0)).sum(),
        seekers,
        unhoused,
        inc: incomes / households.iter().len() as f64,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mean_of_nobody_is_the_same_as_a_mean_of_nobody() {
        let nobody = |unhoused| WaitingListOutcome {
            alloc: vec![0],
            wait: vec![f64::NAN],
            left: 0,
            seekers: 0,
            unhoused,
            inc: f64::NAN,
        };
        assert!(nobody(3).is_same_as(&nobody(3)));
        assert!(!nobody(3).is_same_as(&nobody(4)));
    }
}
