//! `doorstroom resume`: goes on with a run that was interrupted or killed, to the same bytes.

use std::path::Path;

use doorstroom_experiment::Experiment;
use doorstroom_output::digest::blake3_hex;
use doorstroom_output::{Manifest, OutputError, RunFolder, Status, read};

use super::run::{self, Session};
use crate::answer::{Failure, say};
use crate::args::{ResumeArguments, RunArguments};
use crate::record::Record;
use crate::timing;

/// Runs what is missing and finishes as `run` would have.
pub fn resume(arguments: &ResumeArguments) -> Result<u8, Failure> {
    let folder = RunFolder::open(&arguments.run)?;
    let before = read::manifest(&arguments.run)?;
    if before.status == Status::Complete {
        say(&format!("{} is complete: nothing is missing", arguments.run.display()));
        return Ok(0);
    }
    let experiment = same_experiment(&arguments.run, &before)?;
    let records = Record::read(&arguments.run, &finished(&arguments.run, &before)?)?;
    let kept: Vec<u32> = records.iter().map(|record| record.summary.replicate).collect();
    folder.forget(|entry| kept.contains(&entry.item.replicate))?;
    folder.recover()?;
    let missing: Vec<u32> = before.asked.replicates.iter().copied().filter(|r| !kept.contains(r)).collect();
    let settings = doorstroom_experiment::RunSettings {
        replicates: missing,
        check: before.asked.check,
        ..doorstroom_experiment::RunSettings::all(&experiment, timing::threads(arguments.threads))
    };
    let manifest = Manifest { status: Status::Running, finished: None, ..before };
    folder.write_manifest(&manifest)?;
    run::carry_out(
        Session { experiment: &experiment, settings: &settings, folder: &folder, manifest, records },
        arguments.progress,
    )
}

/// Replicates of a run of which every arm is done, in the order in which they were asked.
pub(super) fn finished(folder: &Path, manifest: &Manifest) -> Result<Vec<u32>, OutputError> {
    let entries = read::work(folder)?;
    let is_done = |replicate: &u32| {
        entries.iter().filter(|entry| entry.item.replicate == *replicate).count() == manifest.arms.len()
    };
    Ok(manifest.asked.replicates.iter().copied().filter(is_done).collect())
}

/// The experiment as the run read it; refuses if any file says something else by now.
pub(super) fn same_experiment(folder: &Path, manifest: &Manifest) -> Result<Experiment, Failure> {
    let asked = &manifest.asked;
    if asked.experiment.is_empty() {
        return Err(Failure::Setting(format!(
            "{} holds a run of a closed-form world, which goes in one piece: start over with `doorstroom run ... --force`",
            folder.display()
        )));
    }
    let arguments = RunArguments::again(asked);
    let experiment = run::read(&arguments)?;
    let changed = manifest.inputs.iter().find(|input| {
        let now = std::fs::read(&input.path).map(|bytes| blake3_hex(&bytes)).unwrap_or_default();
        now != input.hash
    });
    let hash = run::config_hash(&experiment);
    match changed {
        Some(input) => Err(Failure::Other(format!(
            "{} has changed since the run began: put it back, or start over with `doorstroom run {} --out {} --force`",
            input.path,
            asked.experiment,
            folder.display()
        ))),
        None if hash != manifest.config_hash => Err(Failure::Output(OutputError::OtherConfig {
            path: folder.to_owned(),
            found: manifest.config_hash.clone(),
            wanted: hash,
        })),
        None => Ok(experiment),
    }
}
