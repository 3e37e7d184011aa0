//! `manifest.json`: what ran, on what, how it ended, and enough to run it again.

use std::collections::BTreeMap;
use std::fmt;

use serde::{Deserialize, Serialize};

/// Version of the run folder's layout and of the manifest.
pub const SCHEMA_VERSION: u32 = 1;

/// Version of this program, as in manifests and in `created_by` of Parquet files.
pub const TOOL_VERSION: &str = env!("CARGO_PKG_VERSION");

/// How far a run came.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Status {
    /// It runs, or was killed without a word.
    #[default]
    Running,
    /// Every work item is there.
    Complete,
    /// Interrupted: what is there is valid, some work items are missing.
    Partial,
    /// Ended with work items that failed.
    Failed,
}

impl fmt::Display for Status {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(match self {
            Status::Running => "running",
            Status::Complete => "complete",
            Status::Partial => "partial",
            Status::Failed => "failed",
        })
    }
}

/// How the tables under `data/` are written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Format {
    /// Parquet, zstd level 1.
    #[default]
    Parquet,
    /// CSV, for those who have no Parquet reader.
    Csv,
}

impl Format {
    /// Ending of a part's file name.
    pub fn ending(self) -> &'static str {
        match self {
            Format::Parquet => "parquet",
            Format::Csv => "csv",
        }
    }
}

/// A file that a run read.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct InputFile {
    /// Path as given in the experiment or world.
    pub path: String,
    /// BLAKE3 of its bytes, hexadecimal.
    pub hash: String,
    /// Licence under which it may be used, empty if it states none.
    pub licence: String,
}

/// What was asked on the command line, as far as it bears on results.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Asked {
    /// The experiment file.
    pub experiment: String,
    /// Folder with worlds, if one was named.
    pub worlds: Option<String>,
    /// Settings changed, as `key=value`, in their order.
    pub settings: Vec<String>,
    /// Arms kept besides the baseline; all if empty.
    pub arms: Vec<String>,
    /// Replicates to run.
    pub replicates: Vec<u32>,
    /// Whether identities were tested in every step, which adds rows to the tables.
    #[serde(default)]
    pub check: bool,
}

/// The contents of `manifest.json`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Manifest {
    /// Version of the layout, [`SCHEMA_VERSION`].
    pub schema_version: u32,
    /// How far the run came.
    pub status: Status,
    /// Name of the run, unique on the machine that made it.
    pub run_id: String,
    /// Version of this program.
    pub tool_version: String,
    /// Commit it was built from; `None` when built outside a repository.
    pub git_commit: Option<String>,
    /// Name of the experiment.
    pub experiment: String,
    /// BLAKE3 of the resolved configuration, hexadecimal.
    pub config_hash: String,
    /// What was asked, so that the run can go on.
    #[serde(default)]
    pub asked: Asked,
    /// Every file read.
    pub inputs: Vec<InputFile>,
    /// Seed of the experiment.
    pub seed: u64,
    /// Name and version of the way draws are derived from the seed.
    pub seed_scheme: String,
    /// Format of the tables under `data/`.
    pub format: Format,
    /// Arms, in the order of the scenario index.
    pub arms: Vec<String>,
    /// Step at whose beginning the arms part, from which on measures count; `None` where that is not known.
    #[serde(default)]
    pub fork_step: Option<u32>,
    /// Replicates of each arm.
    pub replicates: u32,
    /// Threads used.
    pub threads: u32,
    /// Households at the start of one replicate.
    pub households: u64,
    /// Household-months simulated, all work items together.
    pub household_months: u64,
    /// Processor seconds, all threads together.
    pub cpu_seconds: f64,
    /// Seconds by the clock.
    pub wall_seconds: f64,
    /// Largest resident memory, in bytes.
    pub peak_rss_bytes: u64,
    /// Start, UTC, ISO 8601.
    pub started: String,
    /// End, UTC, ISO 8601; `None` while it runs.
    pub finished: Option<String>,
    /// Rows by table.
    pub rows: BTreeMap<String, u64>,
    /// Digest of all results, hexadecimal; `None` until there is one.
    pub result_digest: Option<String>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_manifest_comes_back_from_its_json() {
        let manifest = Manifest {
            schema_version: SCHEMA_VERSION,
            status: Status::Partial,
            seed: u64::MAX,
            inputs: vec![InputFile { path: "w.ron".into(), hash: "ab".into(), licence: "CC BY 4.0".into() }],
            arms: vec!["base".into(), "ban".into()],
            cpu_seconds: 0.1,
            rows: BTreeMap::from([("series".into(), 12)]),
            result_digest: Some("00".into()),
            ..Manifest::default()
        };
        let json = serde_json::to_string(&manifest).expect("plain data");
        assert!(json.contains(r#""status":"partial""#), "{json}");
        assert_eq!(serde_json::from_str::<Manifest>(&json).expect("as written"), manifest);
    }
}
