//! How the manifest of any run begins.

use std::path::Path;

use doorstroom_output::digest::blake3_hex;
use doorstroom_output::{self as output, InputFile, Manifest, Status};

/// What the manifest of any run says when it begins.
pub(super) fn begun(experiment: &str, config_hash: String, seed: u64, started: &str) -> Manifest {
    Manifest {
        schema_version: output::SCHEMA_VERSION,
        status: Status::Running,
        run_id: config_hash.chars().take(16).collect(),
        tool_version: output::TOOL_VERSION.to_owned(),
        git_commit: option_env!("DOORSTROOM_COMMIT").map(str::to_owned),
        experiment: experiment.to_owned(),
        config_hash,
        seed,
        seed_scheme: "addressed draws on PCG, version 1".to_owned(),
        started: started.to_owned(),
        ..Manifest::default()
    }
}

/// A file that was read, as it says now.
pub(super) fn input(path: &Path, licence: &str) -> InputFile {
    InputFile {
        path: absolute(path),
        hash: std::fs::read(path).map(|bytes| blake3_hex(&bytes)).unwrap_or_default(),
        licence: licence.to_owned(),
    }
}

/// The path from the root, so that a run can go on from any folder.
pub(super) fn absolute(path: &Path) -> String {
    std::path::absolute(path).unwrap_or_else(|_| path.to_owned()).display().to_string()
}
