//! `doorstroom merge`: shards of one run put together to what the whole run would have left, byte for byte.

use std::collections::BTreeMap;
use std::path::Path;

use doorstroom_experiment::RunSettings;
use doorstroom_output::{Asked, Manifest, RunFolder, Start, Target, read};

use super::resume::{finished, same_experiment};
use super::run::{self, Session};
use crate::answer::Failure;
use crate::args::{MergeArguments, ProgressMode};
use crate::record::Record;
use crate::timing;

/// A run folder that holds some replicates.
struct Shard<'a> {
    folder: &'a Path,
    manifest: Manifest,
}

/// Takes finished replicates over into a new folder and finishes it as `run` would have.
pub fn merge(arguments: &MergeArguments) -> Result<u8, Failure> {
    let read = |folder| Ok(Shard { folder, manifest: read::manifest(folder)? });
    let shards: Vec<Shard<'_>> =
        arguments.runs.iter().map(|folder| read(folder.as_path())).collect::<Result<_, Failure>>()?;
    let Some((first, others)) = shards.split_first() else {
        return Err(Failure::Setting("no run folder is named".to_owned()));
    };
    others.iter().try_for_each(|other| refuse_other_run(first, other))?;
    refuse_into_itself(&shards, &arguments.out)?;
    let experiment = same_experiment(first.folder, &first.manifest)?;
    let owners = owners(&shards)?;
    let wanted: Vec<u32> = (0..experiment.replicates).collect();
    let missing: Vec<u32> = wanted.iter().copied().filter(|replicate| !owners.contains_key(replicate)).collect();
    if !missing.is_empty() && !arguments.allow_partial {
        return Err(Failure::Setting(format!(
            "none of these runs has replicate {}, counted from 0: run the shard that has it, or put together what there is with \
             --allow-partial; `resume` then runs the rest",
            missing.iter().map(u32::to_string).collect::<Vec<_>>().join(", ")
        )));
    }
    let manifest = whole(&shards, &first.manifest, wanted);
    let resolved = experiment.resolved().to_string();
    let start = Start { manifest: manifest.clone(), experiment: &experiment.text, resolved: &resolved };
    let folder = RunFolder::create(&Target::Named(arguments.out.clone()), &start, arguments.force)?;
    for (&replicate, shard) in &owners {
        folder.take_over(shard.folder, replicate)?;
    }
    let records = Record::read(folder.path(), &owners.keys().copied().collect::<Vec<_>>())?;
    let settings = RunSettings { replicates: Vec::new(), ..RunSettings::all(&experiment, timing::threads(None)) };
    let session = Session { experiment: &experiment, settings: &settings, folder: &folder, manifest, records };
    run::carry_out(session, ProgressMode::Off)
}

/// A shard that is started over is gone before it is read.
fn refuse_into_itself(shards: &[Shard<'_>], out: &Path) -> Result<(), Failure> {
    let place = |path: &Path| std::fs::canonicalize(path).ok();
    match place(out).is_some_and(|out| shards.iter().any(|shard| place(shard.folder).as_ref() == Some(&out))) {
        true => Err(Failure::Setting(format!("--out {} is one of the shards: name another folder", out.display()))),
        false => Ok(()),
    }
}

/// Shards of one run have one configuration, read the same files and wrote the same tables.
fn refuse_other_run(first: &Shard<'_>, other: &Shard<'_>) -> Result<(), Failure> {
    let hashes = |shard: &Shard<'_>| shard.manifest.inputs.iter().map(|input| input.hash.clone()).collect::<Vec<_>>();
    let differs = if first.manifest.config_hash != other.manifest.config_hash {
        "another configuration"
    } else if hashes(first) != hashes(other) {
        "other files of the world"
    } else if first.manifest.asked.check != other.manifest.asked.check {
        "`--check` in one of them only"
    } else if first.manifest.format != other.manifest.format {
        "another format of tables"
    } else {
        return Ok(());
    };
    let (a, b) = (first.folder.display(), other.folder.display());
    Err(Failure::Setting(format!("{a} and {b} are no shards of one run: {differs}")))
}

/// Which shard has each finished replicate; no replicate may be in two.
fn owners<'a>(shards: &'a [Shard<'a>]) -> Result<BTreeMap<u32, &'a Shard<'a>>, Failure> {
    let mut owners: BTreeMap<u32, &Shard<'_>> = BTreeMap::new();
    for shard in shards {
        for replicate in finished(shard.folder, &shard.manifest)? {
            if let Some(other) = owners.insert(replicate, shard) {
                let (a, b) = (other.folder.display(), shard.folder.display());
                return Err(Failure::Setting(format!(
                    "replicate {replicate} is in both {a} and {b}: name one of them"
                )));
            }
        }
    }
    Ok(owners)
}

/// The manifest of all of them together: processor seconds add up, and the longest of them is how long it took.
fn whole(shards: &[Shard<'_>], first: &Manifest, replicates: Vec<u32>) -> Manifest {
    let all = || shards.iter().map(|shard| &shard.manifest);
    Manifest {
        replicates: replicates.len() as u32,
        asked: Asked { replicates, ..first.asked.clone() },
        cpu_seconds: all().map(|manifest| manifest.cpu_seconds).sum(),
        wall_seconds: all().map(|manifest| manifest.wall_seconds).fold(0.0, f64::max),
        peak_rss_bytes: all().map(|manifest| manifest.peak_rss_bytes).max().unwrap_or(0),
        started: all().map(|manifest| manifest.started.clone()).min().unwrap_or_default(),
        finished: None,
        result_digest: None,
        ..first.clone()
    }
}
