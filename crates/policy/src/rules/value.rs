//! Shapes of values that more than one subject uses.

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
