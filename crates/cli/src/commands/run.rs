//! `doorstroom run`: all arms and replicates into one run folder, then the headline.

use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Instant;

use doorstroom_experiment::attribution::PACKAGE;
use doorstroom_experiment::check::idle_arms;
use doorstroom_experiment::precision::half_width_now;
use doorstroom_experiment::{self as experiment, Arms, Experiment, Run, RunSettings, Sink, Unit, UnitFailure};
use doorstroom_observe::table::Row;
use doorstroom_output::digest::blake3_hex;
use doorstroom_output::{self as output, Asked, Manifest, Part, RunFolder, Start, Status, Target, WorkEntry, WorkItem};

use super::begin::{absolute, begun, input};
use super::change;
use crate::answer::{Failure, INTERRUPTED, OUTSIDE, SOME_FAILED, complain, say};
use crate::args::{ProgressMode, RunArguments, TableFormat};
use crate::progress::Steps;
use crate::record::{self, Record};
use crate::{headline, timing};

/// Folder of all runs, unless `--out` names one.
const RUNS: &str = "runs";

/// Reads, runs, writes and says what came out.
pub fn run(arguments: &RunArguments) -> Result<u8, Failure> {
    if super::queue::is_one(&arguments.experiment) {
        return super::queue::run(arguments);
    }
    let experiment = read(arguments)?;
    let settings = run_settings(arguments, &experiment)?;
    for idle in idle_arms(&experiment, &Arms::of(&experiment)) {
        complain(&format!("note: {idle}"));
    }
    let (stamp, started) = timing::now();
    let manifest = first_manifest(&experiment, &settings, arguments, &started);
    let resolved = experiment.resolved().to_string();
    let target = match &arguments.out {
        Some(folder) => Target::Named(folder.clone()),
        None => Target::Under {
            root: RUNS.into(),
            experiment: experiment.name.clone(),
            stamp,
            hash: manifest.config_hash.clone(),
        },
    };
    let start = Start { manifest: manifest.clone(), experiment: &experiment.text, resolved: &resolved };
    let folder = RunFolder::create(&target, &start, arguments.force)?;
    let session =
        Session { experiment: &experiment, settings: &settings, folder: &folder, manifest, records: Vec::new() };
    carry_out(session, arguments.progress)
}

/// The experiment as the command line changes it.
pub fn read(arguments: &RunArguments) -> Result<Experiment, Failure> {
    let mut experiment = Experiment::read(&arguments.experiment, arguments.worlds.as_deref())?;
    change(&mut experiment, &settings_of(arguments))?;
    keep_arms(&mut experiment, &arguments.arms)?;
    Ok(experiment)
}

/// BLAKE3 of the experiment with every default filled in.
pub fn config_hash(experiment: &Experiment) -> String {
    blake3_hex(experiment.resolved().to_string().as_bytes())
}

/// A run that is to be carried out, or to go on.
pub struct Session<'a> {
    /// The experiment.
    pub experiment: &'a Experiment,
    /// How to run, and which replicates.
    pub settings: &'a RunSettings,
    /// The folder, in which the run is already known.
    pub folder: &'a RunFolder,
    /// The manifest so far.
    pub manifest: Manifest,
    /// Replicates finished before.
    pub records: Vec<Record>,
}

/// Runs, writes and says what came out.
pub fn carry_out(session: Session<'_>, progress: ProgressMode) -> Result<u8, Failure> {
    let Session { experiment, settings, folder, manifest, records } = session;
    let cancel = Arc::new(AtomicBool::new(false));
    let on_interrupt = Arc::clone(&cancel);
    // a second handler is refused; then Ctrl-C ends the program as it always did
    let _ = ctrlc::set_handler(move || on_interrupt.store(true, Ordering::Relaxed));
    let keeper =
        Keeper { folder, experiment, records: Mutex::new(records), began: Instant::now(), broken: AtomicUsize::new(0) };
    let wall = Instant::now();
    let (mut settings, mut manifest) = (settings.clone(), manifest);
    let done = loop {
        let steps = Steps::new(progress, total_steps(experiment, &settings));
        let done = experiment::run(experiment, &settings, &keeper, &steps, &cancel);
        steps.finish();
        let done = done.map_err(|error| Failure::Other(error.to_string()))?;
        match next_round(experiment, &keeper, &done) {
            Some(round) => settings.replicates = round,
            None => break done,
        }
        manifest.asked.replicates.extend(&settings.replicates);
        manifest.replicates = manifest.asked.replicates.len() as u32;
        folder.write_manifest(&manifest)?;
    };
    let broken = keeper.broken.load(Ordering::Relaxed);
    let mut records = keeper.records.into_inner().unwrap_or_else(|poisoned| poisoned.into_inner());
    records.sort_by_key(|record| record.summary.replicate);
    let code = finish(folder, experiment, &records, done, manifest, wall.elapsed().as_secs_f64())?;
    if broken > 0 {
        complain(&format!("{broken} identities within an arm do not hold: see table identities"));
    }
    Ok(if code == 0 && broken > 0 { OUTSIDE } else { code })
}

/// Replicates still to be run when an experiment says how narrow an interval must be; none if it is, or after a failure.
fn next_round(experiment: &Experiment, keeper: &Keeper<'_>, done: &Run) -> Option<Vec<u32>> {
    let until = experiment.until.as_ref().filter(|_| !done.cancelled && done.failures.is_empty())?;
    let records = keeper.records.lock().ok()?;
    let mut units: Vec<_> = records.iter().map(|record| record.summary.clone()).collect();
    units.sort_by_key(|unit| unit.replicate);
    let count = units.len() as u32;
    let total = until.next(count, half_width_now(&until.of, experiment, &units))?;
    Some((count..total).collect())
}

/// Leaves out every arm but the baseline and those named.
fn keep_arms(experiment: &mut Experiment, arms: &[String]) -> Result<(), Failure> {
    if arms.is_empty() {
        return Ok(());
    }
    if let Some(unknown) = arms.iter().find(|arm| !experiment.arm_names().contains(&arm.as_str())) {
        let known: Vec<&str> = experiment.arm_names();
        return Err(Failure::Setting(format!("`--arms {unknown}`: there is no such arm; arms: {}", known.join(", "))));
    }
    let baseline = experiment.baseline.clone();
    experiment.arms.retain(|name, _| *name == baseline || arms.contains(name));
    experiment.counterfactuals.retain(|name, _| arms.contains(name));
    if !arms.iter().any(|arm| arm == PACKAGE) {
        experiment.attribution = None;
    }
    Ok(())
}

pub(super) fn settings_of(arguments: &RunArguments) -> Vec<String> {
    let mut settings = arguments.set.clone();
    settings.extend(arguments.replicates.map(|n| format!("replicates={n}")));
    settings.extend(arguments.seed.map(|seed| format!("seed={seed}")));
    settings
}

fn run_settings(arguments: &RunArguments, experiment: &Experiment) -> Result<RunSettings, Failure> {
    let threads = timing::threads(arguments.threads);
    let mut settings = match &arguments.shard {
        None => RunSettings::all(experiment, threads),
        Some(_) if experiment.until.is_some() => {
            let message = "`--shard`: how many replicates it takes is only known to the whole run; name --replicates";
            return Err(Failure::Setting(message.to_owned()));
        }
        Some(shard) => {
            let parts = shard.split_once('/').and_then(|(i, n)| Some((i.parse::<u32>().ok()?, n.parse::<u32>().ok()?)));
            match parts {
                Some((index, count)) if index >= 1 && index <= count && index <= experiment.replicates => {
                    RunSettings::shard(experiment, threads, index - 1, count)
                }
                Some((index, count)) if index >= 1 && index <= count => {
                    return Err(Failure::Setting(format!(
                        "`--shard {shard}`: there are {} replicates, so nothing is left for part {index}",
                        experiment.replicates
                    )));
                }
                _ => {
                    return Err(Failure::Setting(format!(
                        "`--shard {shard}`: write I/N with 1 <= I <= N, such as 1/4"
                    )));
                }
            }
        }
    };
    settings.check = arguments.check;
    settings.permute_slots = arguments.permute_slots;
    Ok(settings)
}

fn total_steps(experiment: &Experiment, settings: &RunSettings) -> u64 {
    let arms = Arms::of(experiment);
    let (steps, fork) = (u64::from(experiment.steps()), u64::from(arms.fork.0));
    settings.replicates.len() as u64 * (fork + arms.all.len() as u64 * (steps - fork.min(steps)))
}

fn first_manifest(
    experiment: &Experiment,
    settings: &RunSettings,
    arguments: &RunArguments,
    started: &str,
) -> Manifest {
    Manifest {
        asked: Asked {
            experiment: absolute(&arguments.experiment),
            worlds: arguments.worlds.as_deref().map(absolute),
            settings: settings_of(arguments),
            arms: arguments.arms.clone(),
            replicates: settings.replicates.clone(),
            check: settings.check,
        },
        inputs: experiment.world.inputs.iter().map(|path| input(path, &experiment.world.licence)).collect(),
        format: match arguments.format {
            TableFormat::Parquet => output::Format::Parquet,
            TableFormat::Csv => output::Format::Csv,
        },
        arms: experiment.arm_names().into_iter().map(str::to_owned).collect(),
        fork_step: Some(Arms::of(experiment).fork.0.into()),
        replicates: settings.replicates.len() as u32,
        threads: settings.threads as u32,
        ..begun(&experiment.name, config_hash(experiment), experiment.seed, started)
    }
}

/// Writes every replicate as soon as it is there.
struct Keeper<'a> {
    folder: &'a RunFolder,
    experiment: &'a Experiment,
    records: Mutex<Vec<Record>>,
    began: Instant,
    /// Identities within an arm that did not hold.
    broken: AtomicUsize,
}

impl Keeper<'_> {
    fn keep(&self, unit: &Unit) -> Result<(), output::OutputError> {
        let number = unit.replicate;
        let names = self.experiment.arm_names();
        let item = |arm: &str| WorkItem {
            scenario: names.iter().position(|name| *name == arm).unwrap_or(0) as u32,
            replicate: unit.replicate,
        };
        let rows = unit.arms.iter().flat_map(|(_, observed)| &observed.identities);
        self.broken.fetch_add(rows.filter(|row| !row.holds).count(), Ordering::Relaxed);
        let mut parts: Vec<Part> = Vec::new();
        macro_rules! table {
            ($field:ident) => {
                parts.push(self.part(number, unit, item, |observed| observed.$field.iter().cloned().collect())?);
            };
        }
        table!(series);
        table!(stock);
        table!(waits);
        table!(quota);
        table!(reception);
        table!(flows);
        table!(money);
        table!(denominators);
        table!(identities);
        parts.push(self.part(number, unit, item, |observed| observed.lettings.rows().collect())?);
        // before the ledger: a replicate that stands there has its record
        let record = Record::of(unit);
        self.folder.write_unit(number, &record)?;
        for (arm, _) in &unit.arms {
            let item = item(arm);
            let tables = parts
                .iter()
                .flat_map(|part| part.items.iter().filter(|(of, _)| *of == item).map(|(_, digest)| digest.clone()))
                .collect();
            self.folder.record_work(&WorkEntry {
                item,
                part: number,
                worker: "local".to_owned(),
                seconds: self.began.elapsed().as_secs_f64(),
                household_months: unit.household_months / unit.arms.len().max(1) as u64,
                tables,
            })?;
        }
        self.records.lock().unwrap_or_else(|poisoned| poisoned.into_inner()).push(record);
        Ok(())
    }

    fn part<R: Row>(
        &self,
        number: u32,
        unit: &Unit,
        item: impl Fn(&str) -> WorkItem,
        rows: impl Fn(&doorstroom_observe::Observed) -> Vec<R>,
    ) -> Result<Part, output::OutputError> {
        let mut part = self.folder.part::<R>(number)?;
        for (arm, observed) in &unit.arms {
            part.extend(item(arm), &rows(observed))?;
        }
        part.finish()
    }
}

impl Sink for Keeper<'_> {
    fn unit(&self, unit: Unit) -> Result<(), Box<dyn std::error::Error + Send + Sync>> {
        Ok(self.keep(&unit)?)
    }

    fn failure(&self, failure: &UnitFailure) {
        complain(&format!("replicate {} failed: {}", failure.replicate, failure.message));
        let record = output::Failure {
            item: WorkItem { scenario: 0, replicate: failure.replicate },
            arm: String::new(),
            seed: self.experiment.seed,
            message: failure.message.clone(),
            replay: format!("doorstroom run <experiment> --replicates {}", failure.replicate + 1),
        };
        if let Err(error) = self.folder.record_failure(&record) {
            complain(&error.to_string());
        }
    }
}

/// Effects, displacement, identities, the manifest and the headline.
fn finish(
    folder: &RunFolder,
    experiment: &Experiment,
    records: &[Record],
    mut done: Run,
    mut manifest: Manifest,
    wall_seconds: f64,
) -> Result<u8, Failure> {
    done.units = records.iter().map(|record| record.summary.clone()).collect();
    done.household_months = records.iter().map(|record| record.household_months).sum();
    let arms = experiment.arm_names();
    let step_months = 12.0 * experiment.calendar().step_years();
    let mut effects = experiment::effects(&done.units, &arms);
    effects.extend(experiment::yardsticks::between(&done.units, experiment));
    let displacement = experiment::displacement(&done.units, &arms, step_months);
    let identities = experiment::identities(&done.units, &arms);
    folder.summary("effects", &effects)?;
    folder.summary("levels", &experiment::levels(&done.units, &arms))?;
    folder.summary("displacement", &displacement)?;
    folder.summary("identities", &identities)?;
    let synchrony = experiment::synchrony(&done.units, &arms);
    folder.summary("synchrony", &synchrony)?;
    if experiment.uncertainty.is_some() {
        folder.summary("variance", &experiment::variance(&done.units, experiment))?;
    }
    folder.summary("winners", &experiment::winners(&done.units, &arms))?;
    folder.summary("readings", &record::reading_rows(records, &experiment.baseline))?;
    let parts = match &experiment.attribution {
        Some(package) => experiment::attribution(&done.units, package, &experiment.baseline, experiment.seed),
        None => Default::default(),
    };
    if experiment.attribution.is_some() {
        folder.summary("attribution", &parts.0)?;
        folder.summary("interactions", &parts.1)?;
    }
    let digest = folder.digest()?;
    manifest.rows = digest.rows();
    manifest.result_digest = Some(digest.hex());
    manifest.status = match manifest.asked.replicates.len().saturating_sub(records.len()) {
        0 => Status::Complete,
        _ if records.is_empty() && !done.cancelled => Status::Failed,
        _ => Status::Partial,
    };
    manifest.households = records.first().map_or(0, |record| record.households);
    manifest.household_months = done.household_months;
    manifest.cpu_seconds += output::usage::cpu_seconds();
    manifest.peak_rss_bytes = output::usage::peak_rss_bytes().max(manifest.peak_rss_bytes);
    manifest.wall_seconds += wall_seconds;
    manifest.finished = Some(timing::now().1);
    folder.write_manifest(&manifest)?;
    let broken = identities.iter().any(|row| !row.holds);
    let found = headline::Found {
        effects: &effects,
        displacement: &displacement,
        identities: &identities,
        attribution: &parts.0,
        synchrony: &synchrony,
    };
    say(&headline::text(experiment, &done, &manifest, &found, folder.path()));
    Ok(match (done.cancelled, done.failures.is_empty(), broken) {
        (true, ..) => INTERRUPTED,
        (false, false, _) => SOME_FAILED,
        (false, true, true) => OUTSIDE,
        (false, true, false) => 0,
    })
}
