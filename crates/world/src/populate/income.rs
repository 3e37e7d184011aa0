//! Income classes: ranks within the age band of the country, so that the published shares hold there exactly.

use doorstroom_kernel::{Chance, Purpose};
use doorstroom_state::KinName;

use super::persons::Composition;
use super::start::StartRules;
use super::tables::Tables;

const SCORE: Purpose = Purpose::named("populate: rank in income");
const WITHIN: Purpose = Purpose::named("populate: order of equal incomes");

/// Steps in which scores are kept: from -8 to 8 standard deviations.
const BINS: usize = 4_096;

/// Scores of all households, by age band of the income table.
#[derive(Clone, Debug)]
pub(super) struct Scores {
    bins: Vec<u32>,
}

/// Turns a score into a class and a place in the class.
pub(super) struct Ranking<'a> {
    tables: &'a Tables,
    /// Part of the band below each bin.
    below: Vec<f64>,
}

/// Band of the income table.
pub(super) fn band(tables: &Tables, age: u16) -> usize {
    tables.incomes.partition_point(|band| band.age_from <= age).saturating_sub(1)
}

/// Deviation of each municipality's income per inhabitant from the country's, in standard deviations.
pub(super) fn municipal_deviations(tables: &Tables) -> Vec<f64> {
    let (country, places) = tables.fitted();
    let rows = &country.municipalities;
    let weights: Vec<f64> = rows.iter().map(|row| f64::from(row.households)).collect();
    let total: f64 = weights.iter().sum();
    let mean = rows.iter().zip(&weights).map(|(row, w)| row.income_eur_thousand * w).sum::<f64>() / total;
    let square = |x: f64| x * x;
    let variance = rows.iter().zip(&weights).map(|(row, w)| square(row.income_eur_thousand - mean) * w).sum::<f64>();
    let sd = (variance / total).sqrt().max(1e-9);
    places.into_iter().map(|place| (rows[place].income_eur_thousand - mean) / sd).collect()
}

/// Score of a household, as a bin.
pub(super) fn score(
    start: &StartRules,
    chance: &Chance,
    name: KinName,
    composition: Composition,
    municipal_deviation: f64,
) -> u16 {
    let rules = &start.income;
    let score = rules.composition.value[composition as usize]
        + rules.municipality.value * municipal_deviation
        + chance.trait_of(SCORE, name.0).normal();
    ((score + 8.0) * (BINS as f64 / 16.0)).clamp(0.0, BINS as f64 - 1.0) as u16
}

impl Scores {
    pub(super) fn new(tables: &Tables) -> Self {
        Scores { bins: vec![0; tables.incomes.len() * BINS] }
    }

    pub(super) fn count(&mut self, band: usize, score: u16) {
        self.bins[band * BINS + usize::from(score)] += 1;
    }

    pub(super) fn add(mut self, other: &Scores) -> Scores {
        for (mine, theirs) in self.bins.iter_mut().zip(&other.bins) {
            *mine += theirs;
        }
        self
    }

    pub(super) fn ranking(self, tables: &Tables) -> Ranking<'_> {
        let mut below = Vec::with_capacity(self.bins.len() + tables.incomes.len());
        for band in self.bins.chunks(BINS) {
            let total = f64::from(band.iter().sum::<u32>().max(1));
            let mut sum = 0_u32;
            below.push(0.0);
            for count in band {
                sum += count;
                below.push(f64::from(sum) / total);
            }
        }
        Ranking { tables, below }
    }
}

impl Ranking<'_> {
    /// Class 1 to 8 and position 0 to 255 in it. Households of one bin are put in an addressed order.
    pub(super) fn class(&self, chance: &Chance, name: KinName, band: usize, score: u16) -> (u8, u8) {
        let bin = band * (BINS + 1) + usize::from(score);
        let (low, high) = (self.below[bin], self.below[bin + 1]);
        let rank = low + (high - low) * chance.trait_of(WITHIN, name.0).unit();
        let mut from = 0.0;
        let shares = &self.tables.incomes[band].shares;
        for (class, &share) in shares.iter().enumerate() {
            if rank < from + share || class == shares.len() - 1 {
                let position = ((rank - from) / share.max(1e-9) * 256.0).clamp(0.0, 255.0);
                return (class as u8 + 1, position as u8);
            }
            from += share;
        }
        unreachable!("the last class takes the rest")
    }
}
