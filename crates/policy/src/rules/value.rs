//! Shapes of values that more than one subject uses.

use std::ops::Deref;

use doorstroom_state::region::MarketClass;
use serde::{Deserialize, Serialize};

use crate::parameter::Numbers;

/// Values by age: each row holds from its age (years) up to the next row's; 0 before the first.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct AgeTable(pub Vec<(u16, f64)>);

impl AgeTable {
    /// Value at `age`.
    pub fn at(&self, age: u16) -> f64 {
        let after = self.0.partition_point(|&(from, _)| from <= age);
        if after == 0 { 0.0 } else { self.0[after - 1].1 }
    }
}

impl Numbers for AgeTable {
    fn numbers(&self) -> Vec<f64> {
        self.0.iter().map(|&(_, value)| value).collect()
    }

    fn misfit(&self) -> Option<String> {
        let falling = self.0.windows(2).find(|rows| rows[0].0 >= rows[1].0);
        match falling {
            Some(rows) => Some(format!("age {} follows age {}; ages ascend", rows[1].0, rows[0].0)),
            None if self.0.is_empty() => Some("no ages; give at least one row, as [(0, 0.5)]".to_owned()),
            None => None,
        }
    }
}

/// `N` numbers, in the order that the rule tells.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct List<const N: usize>(pub Vec<f64>);

impl<const N: usize> Deref for List<N> {
    type Target = [f64];

    fn deref(&self) -> &[f64] {
        &self.0
    }
}

impl<const N: usize> Numbers for List<N> {
    fn numbers(&self) -> Vec<f64> {
        self.0.clone()
    }

    fn misfit(&self) -> Option<String> {
        (self.0.len() != N).then(|| format!("{} numbers; give {N}", self.0.len()))
    }
}

/// How far shares may miss 1, by the decimals they are written in.
const SHARES_MISS: f64 = 1e-6;

/// `N` shares of one whole, in the order that the rule tells.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Shares<const N: usize>(pub List<N>);

impl<const N: usize> Deref for Shares<N> {
    type Target = [f64];

    fn deref(&self) -> &[f64] {
        &self.0
    }
}

impl<const N: usize> Numbers for Shares<N> {
    fn numbers(&self) -> Vec<f64> {
        self.0.numbers()
    }

    fn misfit(&self) -> Option<String> {
        let sum: f64 = self.iter().sum();
        let unequal = (sum - 1.0).abs() > SHARES_MISS;
        self.0.misfit().or_else(|| unequal.then(|| format!("the shares sum to {sum}; let them sum to 1")))
    }
}

/// A value for each scarcity class of market.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ByMarket {
    /// Tight markets.
    pub tight: f64,
    /// Middle markets.
    pub middle: f64,
    /// Relaxed markets.
    pub relaxed: f64,
}

impl ByMarket {
    /// Value in a market of this class.
    pub fn of(&self, class: MarketClass) -> f64 {
        match class {
            MarketClass::Tight => self.tight,
            MarketClass::Middle => self.middle,
            MarketClass::Relaxed => self.relaxed,
        }
    }
}

impl Numbers for ByMarket {
    fn numbers(&self) -> Vec<f64> {
        vec![self.tight, self.middle, self.relaxed]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(value: &impl Numbers) -> String {
        value.misfit().unwrap_or_default()
    }

    #[test]
    fn a_list_has_its_length_and_shares_sum_to_one() {
        assert_eq!(told(&List::<3>(vec![0.5, 2.0, 0.0])), "");
        assert_eq!(told(&List::<3>(vec![0.5, 2.0])), "2 numbers; give 3");
        let shares = |values: &[f64]| Shares::<3>(List(values.to_vec()));
        assert_eq!(told(&shares(&[0.1, 0.2, 0.7])), "");
        assert_eq!(told(&shares(&[1.0])), "1 numbers; give 3");
        assert_eq!(told(&shares(&[0.5, 0.25, 0.0])), "the shares sum to 0.75; let them sum to 1");
    }

    #[test]
    fn ages_of_a_table_ascend_and_there_is_one_at_least() {
        assert_eq!(told(&AgeTable(vec![(0, 0.1), (18, 0.0)])), "");
        assert_eq!(told(&AgeTable(vec![(18, 0.1), (18, 0.0)])), "age 18 follows age 18; ages ascend");
        assert!(told(&AgeTable(Vec::new())).starts_with("no ages"));
    }
}
