//! What is kept of a finished replicate in the run folder, and read again by `resume` and `compare`.

use std::path::Path;

use doorstroom_experiment::measures::SharedKeys;
use doorstroom_experiment::{Unit, UnitSummary};
use doorstroom_observe::rows::ReadingRow;
use doorstroom_output::{OutputError, read};
use serde::{Deserialize, Serialize};

/// A finished replicate. Numbers that may be no number are kept as text and come back bit by bit.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Record {
    /// What effects and displacement are made from.
    pub summary: UnitSummary,
    /// Households at the start.
    pub households: u64,
    /// Household-months simulated, all arms together.
    pub household_months: u64,
    /// Readings of the baseline: name, unit, value.
    readings: Vec<(String, String, String)>,
}

impl Record {
    /// Of a replicate that has just been run.
    pub fn of(unit: &Unit) -> Record {
        let baseline = unit.arms.first().map(|(_, observed)| observed);
        let readings = baseline.map(doorstroom_observe::readings).unwrap_or_default();
        let country = baseline.and_then(|observed| observed.stock.iter().find(|row| &*row.area == "NL"));
        Record {
            summary: unit.summary.clone(),
            households: country.map_or(0, |row| u64::from(row.households)),
            household_months: unit.household_months,
            readings: readings
                .into_iter()
                .map(|(name, value, unit)| (name, unit.to_owned(), format!("{value:?}")))
                .collect(),
        }
    }

    /// The finished ones among `replicates` of the run in `folder`, in that order.
    ///
    /// # Errors
    /// When a file is there and not readable.
    pub fn read(folder: &Path, replicates: &[u32]) -> Result<Vec<Record>, OutputError> {
        let mut keys = SharedKeys::default();
        let found = replicates.iter().filter_map(|&replicate| read::unit(folder, replicate).transpose());
        let mut shared = |mut record: Record| {
            record.summary.share_keys(&mut keys);
            record
        };
        found.map(|record| record.map(&mut shared)).collect()
    }
}

/// Medians of the baseline's readings over replicates, by name.
pub fn reading_rows(records: &[Record], baseline: &str) -> Vec<ReadingRow> {
    let mut values = std::collections::BTreeMap::<&str, (&str, Vec<f64>)>::new();
    for (name, unit, value) in records.iter().flat_map(|record| &record.readings) {
        let value = value.parse().unwrap_or(f64::NAN);
        values.entry(name).or_insert((unit, Vec::new())).1.push(value);
    }
    let row = |(name, (unit, mut values)): (&str, (&str, Vec<f64>))| {
        values.sort_by(f64::total_cmp);
        let middle = |i: usize| values.get(i).copied().unwrap_or(f64::NAN);
        ReadingRow {
            arm: baseline.to_owned().into(),
            reading: name.to_owned().into(),
            unit: unit.to_owned().into(),
            median: 0.5 * (middle((values.len().max(1) - 1) / 2) + middle(values.len() / 2)),
            lowest: middle(0),
            highest: middle(values.len().max(1) - 1),
            n: values.len() as u32,
        }
    };
    values.into_iter().map(row).collect()
}
