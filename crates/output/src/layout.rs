//! What lies where in a run folder.

use std::path::{Path, PathBuf};

/// File names in a run folder.
pub(crate) const MANIFEST: &str = "manifest.json";
pub(crate) const TABLES: &str = "tables.json";
pub(crate) const WORK: &str = "work.jsonl";
pub(crate) const FAILURES: &str = "failures.jsonl";
pub(crate) const DATA: &str = "data";
pub(crate) const SUMMARY: &str = "summary";
pub(crate) const UNITS: &str = "units";
pub(crate) const LOG: &str = "log.jsonl";
/// Held by the process that writes; the file stays, the hold on it ends with the process.
pub(crate) const LOCK: &str = "lock";
pub(crate) const EXPERIMENT: &str = "experiment.ron";
pub(crate) const RESOLVED: &str = "experiment.resolved.json";
/// Name of the newest run, beside the runs of an experiment; a file, since not every system has links.
pub(crate) const LATEST: &str = "latest.txt";

/// File of a finished replicate.
pub(crate) fn unit_file(folder: &Path, replicate: u32) -> PathBuf {
    folder.join(UNITS).join(format!("replicate-{replicate:04}.json"))
}
