//! `work.jsonl` and `failures.jsonl`: one line a work item, appended when it is done, read again by `resume`.

use std::fs::{self, OpenOptions};
use std::io::{ErrorKind, Write};
use std::path::Path;

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use crate::digest::TableDigest;
use crate::durable;
use crate::error::{At, OutputError};
use crate::work::WorkItem;

/// A work item that is done: its rows are in finished parts.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct WorkEntry {
    /// The work item.
    pub item: WorkItem,
    /// Number of the part that holds its rows, in every table.
    pub part: u32,
    /// Thread or process that did it.
    pub worker: String,
    /// Seconds it took by the clock.
    pub seconds: f64,
    /// Household-months it simulated.
    pub household_months: u64,
    /// Digests of its rows, one a table.
    pub tables: Vec<TableDigest>,
}

/// A work item that failed; the others go on.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Failure {
    /// The work item.
    pub item: WorkItem,
    /// Name of its arm.
    pub arm: String,
    /// Seed of the experiment.
    pub seed: u64,
    /// What went wrong.
    pub message: String,
    /// Command that runs this item alone.
    pub replay: String,
}

/// Appends one line; a kill in the midst leaves a torn last line, which [`lines`] drops.
pub(crate) fn append<T: Serialize>(path: &Path, entry: &T) -> Result<(), OutputError> {
    let mut line = serde_json::to_vec(entry).at(path)?;
    line.push(b'\n');
    let mut file = OpenOptions::new().create(true).append(true).open(path).at(path)?;
    file.write_all(&line).at(path)?;
    file.sync_data().at(path)
}

/// All whole lines of a file; none if it is not there. A torn last line is left out.
///
/// # Errors
/// [`OutputError::Json`] if a whole line is not what was asked for.
pub(crate) fn lines<T: DeserializeOwned>(path: &Path) -> Result<Vec<T>, OutputError> {
    let text = match fs::read(path) {
        Ok(text) => text,
        Err(absent) if absent.kind() == ErrorKind::NotFound => return Ok(Vec::new()),
        Err(other) => return Err(other).at(path),
    };
    let whole = text.iter().rposition(|byte| *byte == b'\n').map_or(0, |end| end + 1);
    text[..whole]
        .split(|byte| *byte == b'\n')
        .filter(|line| !line.is_empty())
        .map(|line| serde_json::from_slice(line).at(path))
        .collect()
}

/// Cuts a torn last line off, so that the next line starts at the margin.
pub(crate) fn mend<T: Serialize>(path: &Path, entries: &[T]) -> Result<(), OutputError> {
    let mut text = Vec::new();
    for entry in entries {
        serde_json::to_writer(&mut text, entry).at(path)?;
        text.push(b'\n');
    }
    durable::write(path, &text)
}
