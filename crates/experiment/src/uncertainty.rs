//! What is uncertain besides luck: parameters that nobody knows exactly, and the structure of the rules.
//!
//! Every arm is run again for every structure and every draw of the parameters, in every replicate, from the common past.

use std::collections::BTreeMap;

use doorstroom_kernel::{Chance, Day, Purpose};

use crate::change::Change;

/// The structure of the file itself.
pub const AS_IT_IS: &str = "as_it_is";
/// Most draws of parameters.
pub const MOST_DRAWS: u32 = 200;
/// Most structures besides that of the file.
pub const MOST_STRUCTURES: usize = 12;

/// Orders the draws of a parameter, and places a draw in its stretch of the range.
const STRETCH: Purpose = Purpose::named("uncertainty: stretch of a parameter's range");
const PLACE: Purpose = Purpose::named("uncertainty: place within the stretch");

/// What is uncertain.
#[derive(Clone, Debug, PartialEq)]
pub struct Uncertainty {
    /// First day on which drawn values hold.
    pub from: Day,
    /// Parameters by path, with the ends between which they are drawn evenly.
    pub parameters: Vec<(String, f64, f64)>,
    /// Draws of all parameters together.
    pub draws: u32,
    /// Other structures: changes that hold in every arm.
    pub structures: BTreeMap<String, Vec<Change>>,
}

/// A structure and a draw.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Cell<'a> {
    /// Name of the structure.
    pub structure: &'a str,
    /// Ordinal of the draw.
    pub draw: u32,
}

impl Cell<'_> {
    /// Name of `arm` under this structure and draw.
    pub fn arm(&self, arm: &str) -> String {
        format!("{arm}@{}#{}", self.structure, self.draw)
    }
}

impl Uncertainty {
    /// All structures, that of the file first.
    pub fn structures(&self) -> Vec<&str> {
        std::iter::once(AS_IT_IS).chain(self.structures.keys().map(String::as_str)).collect()
    }

    /// All cells, by structure and draw.
    pub fn cells(&self) -> Vec<Cell<'_>> {
        let of = |structure| (0..self.draws).map(move |draw| Cell { structure, draw });
        self.structures().into_iter().flat_map(of).collect()
    }

    /// The changes of a cell, to be made after those of an arm: the structure, then the drawn values.
    pub fn changes(&self, cell: Cell<'_>, seed: u64) -> Vec<Change> {
        let structure = self.structures.get(cell.structure).cloned().unwrap_or_default();
        let drawn = self.parameters.iter().enumerate().map(|(i, (path, low, high))| {
            let value = low + (high - low) * self.position(i as u64, cell.draw, seed);
            Change { from: self.from, path: path.clone(), value: format!("{value:?}"), gate: None }
        });
        structure.into_iter().chain(drawn).collect()
    }

    /// Where a draw of a parameter lies in its range, 0 to 1: one draw in each of as many equal stretches as there are
    /// draws, in random order (Latin hypercube).
    fn position(&self, parameter: u64, draw: u32, seed: u64) -> f64 {
        let chance = Chance::new(seed);
        let address = |draw: u32| parameter << 32 | u64::from(draw);
        let key = |draw: u32| chance.trait_of(STRETCH, address(draw)).bits();
        let own = (key(draw), draw);
        let stretch = (0..self.draws).filter(|&other| (key(other), other) < own).count();
        (stretch as f64 + chance.trait_of(PLACE, address(draw)).unit()) / f64::from(self.draws)
    }
}
