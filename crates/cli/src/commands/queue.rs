//! `doorstroom run` and `check` of experiments on closed-form worlds.

use std::collections::BTreeMap;
use std::path::Path;
use std::time::Instant;

use doorstroom_experiment::queue::{self, ArmSeen, QueueExperiment};
use doorstroom_observe::queue::{MEASURES, QueueMeasureRow};
use doorstroom_output::digest::blake3_hex;
use doorstroom_output::part::csv_of;
use doorstroom_output::{self as output, Manifest, RunFolder, Start, Status, Target};
use doorstroom_world::read::Problems;

use super::begin::{begun, input};
use crate::answer::{Failure, say};
use crate::args::{RunArguments, TableFormat};
use crate::timing;

/// Whether a file is an experiment on a closed-form world. A file that cannot be read is none; the other reader says why.
pub fn is_one(path: &Path) -> bool {
    std::fs::read_to_string(path).is_ok_and(|text| queue::is_queue_experiment(&text))
}

/// One sound experiment in words, or as JSON.
///
/// # Errors
/// What is wrong with it.
pub fn describe(path: &Path, worlds: Option<&Path>, json: bool) -> Result<String, Problems> {
    let experiment = QueueExperiment::read(path, worlds)?;
    let steps: u64 = experiment.arms.iter().map(|(_, world)| u64::from(world.file.steps(experiment.length))).sum();
    let steps = steps * u64::from(experiment.replicates);
    let arms: Vec<&str> = experiment.arms.iter().map(|(arm, _)| arm.as_str()).collect();
    if json {
        let answer = serde_json::json!({
            "name": experiment.name,
            "question": experiment.question,
            "arms": arms,
            "replicates": experiment.replicates,
            "steps": steps,
        });
        return Ok(answer.to_string());
    }
    Ok(format!(
        "{}: sound\n  {}\n  closed-form world, arms {}, {} replicates, {steps} steps in all",
        experiment.name,
        experiment.question,
        arms.join(", "),
        experiment.replicates,
    ))
}

/// Runs an experiment, keeps its measures and prints them.
///
/// # Errors
/// What is wrong with the files or the settings, or what could not be written.
pub fn run(arguments: &RunArguments) -> Result<u8, Failure> {
    let mut experiment = QueueExperiment::read(&arguments.experiment, arguments.worlds.as_deref())?;
    refuse_others(arguments)?;
    experiment.seed = arguments.seed.unwrap_or(experiment.seed);
    experiment.replicates = arguments.replicates.unwrap_or(experiment.replicates).max(1);
    keep_arms(&mut experiment, &arguments.arms)?;
    let threads = timing::threads(arguments.threads);
    let (stamp, started) = timing::now();
    let manifest = manifest(&experiment, threads, &started);
    let target = match &arguments.out {
        Some(folder) => Target::Named(folder.clone()),
        None => Target::Under {
            root: "runs".into(),
            experiment: experiment.name.clone(),
            stamp,
            hash: manifest.config_hash.clone(),
        },
    };
    let resolved = resolved(&experiment);
    let start = Start { manifest: manifest.clone(), experiment: &experiment.text, resolved: &resolved };
    let folder = RunFolder::create(&target, &start, arguments.force)?;
    let began = Instant::now();
    let seen = queue::run_queue(&experiment, experiment.seed, threads);
    let rows = queue::measures(&seen);
    folder.summary("measures", &rows)?;
    let finished = Manifest {
        status: Status::Complete,
        cpu_seconds: output::usage::cpu_seconds(),
        peak_rss_bytes: output::usage::peak_rss_bytes(),
        wall_seconds: began.elapsed().as_secs_f64(),
        finished: Some(timing::now().1),
        // There are no tables: the results are the measures, to the last digit.
        result_digest: Some(blake3_hex(&csv_of(&rows).map_err(|error| Failure::Other(error.to_string()))?)),
        ..manifest
    };
    folder.write_manifest(&finished)?;
    say(&text(&experiment, &seen, &rows, &folder));
    Ok(0)
}

/// Settings that a closed-form world does not have.
fn refuse_others(arguments: &RunArguments) -> Result<(), Failure> {
    let given = [
        ("--set", !arguments.set.is_empty()),
        ("--shard", arguments.shard.is_some()),
        ("--permute-slots", arguments.permute_slots.is_some()),
        ("--check", arguments.check),
        ("--format", arguments.format != TableFormat::Parquet),
    ];
    match given.iter().find(|(_, given)| *given) {
        None => Ok(()),
        Some((name, _)) => Err(Failure::Setting(format!(
            "`{name}` does not apply to a closed-form world; change the file, or use --seed, --replicates and --arms"
        ))),
    }
}

fn keep_arms(experiment: &mut QueueExperiment, asked: &[String]) -> Result<(), Failure> {
    if asked.is_empty() {
        return Ok(());
    }
    if let Some(unknown) = asked.iter().find(|arm| experiment.arm(arm).is_none()) {
        let known: Vec<&str> = experiment.arms.iter().map(|(arm, _)| arm.as_str()).collect();
        return Err(Failure::Setting(format!("`--arms {unknown}`: there is no such arm; arms: {}", known.join(", "))));
    }
    experiment.arms.retain(|(arm, _)| asked.contains(arm));
    Ok(())
}

/// Everything that decides the result, as JSON: what is hashed.
fn resolved(experiment: &QueueExperiment) -> String {
    let arms: BTreeMap<&str, String> =
        experiment.arms.iter().map(|(arm, world)| (arm.as_str(), format!("{:?}", world.model()))).collect();
    serde_json::json!({
        "experiment": experiment.name,
        "length": format!("{:?}", experiment.length),
        "replicates": experiment.replicates,
        "seed": experiment.seed,
        "arms": arms,
    })
    .to_string()
}

fn manifest(experiment: &QueueExperiment, threads: usize, started: &str) -> Manifest {
    let config_hash = blake3_hex(resolved(experiment).as_bytes());
    let mut paths: Vec<_> = experiment.arms.iter().flat_map(|(_, world)| world.inputs.clone()).collect();
    paths.sort();
    paths.dedup();
    Manifest {
        inputs: paths.iter().map(|path| input(path, "")).collect(),
        arms: experiment.arms.iter().map(|(arm, _)| arm.clone()).collect(),
        replicates: experiment.replicates,
        threads: threads as u32,
        ..begun(&experiment.name, config_hash, experiment.seed, started)
    }
}

fn text(experiment: &QueueExperiment, seen: &[ArmSeen], rows: &[QueueMeasureRow], folder: &RunFolder) -> String {
    let mut text = format!("{}\n", experiment.question);
    for arm in seen {
        text += &format!("\n{} ({} replicates)\n", arm.arm, arm.seen.len());
        text += &format!(
            "  {:28} {:16} {:12} {:>12} {:>10}  {:>12} {:>12}  unit\n",
            "measure", "group", "channel", "mean", "se", "from", "to"
        );
        for row in rows.iter().filter(|row| row.arm.as_str() == arm.arm) {
            let name = row.measure.as_str().trim_end_matches("_variance").trim_end_matches("_sd");
            let unit = MEASURES.iter().find(|(measure, ..)| *measure == name).map_or("", |(_, unit, _)| unit);
            text += &format!(
                "  {:28} {:16} {:12} {:12.5} {:10.5}  {:12.5} {:12.5}  {unit}\n",
                row.measure.as_str(),
                row.group.as_str(),
                row.channel.as_str(),
                row.mean,
                row.se,
                row.ci_lo,
                row.ci_hi
            );
        }
    }
    text + &format!("\n{}\n", folder.path().join("summary").join("measures.csv").display())
}
