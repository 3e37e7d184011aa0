//! Reads `QueueExperiment(..)` files.

use std::collections::BTreeMap;
use std::path::{Path as FilePath, PathBuf};

use doorstroom_kernel::StepLength;
use doorstroom_policy::queue::Process;
use doorstroom_world::notation::{is_name, version};
use doorstroom_world::queue::{QueueWorld, Span};
use doorstroom_world::read::{Check, Path, Problem, Problems, Source};
use serde::Deserialize;

use crate::experiment::{MOST_ARMS, MOST_REPLICATES};

/// Most steps of a replicate: a moment is kept in two bytes, and the last one never comes.
pub const MOST_STEPS: u32 = 65_533;

/// An experiment file as it is written.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename = "QueueExperiment", deny_unknown_fields)]
struct File {
    /// Version of the notation.
    version: u32,
    /// The question.
    question: String,
    /// Path of the world below the folder of worlds, without `.ron`.
    world: String,
    /// Length of a replicate, warm-up included.
    length: Span,
    /// Runs of every arm.
    replicates: u32,
    /// Seed of the run.
    seed: u64,
    /// Arm that is reported first.
    baseline: String,
    /// What differs in each arm.
    arms: BTreeMap<String, ArmFile>,
}

/// What differs in an arm from the world.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct ArmFile {
    /// Another scheme, by its path from the folder of the world.
    #[serde(default)]
    scheme: Option<String>,
    /// Another length of a step.
    #[serde(default)]
    step: Option<StepLength>,
    /// Another order of processes.
    #[serde(default)]
    processes: Option<Vec<Process>>,
    /// Another world, by its path as in `world`.
    #[serde(default)]
    world: Option<String>,
}

/// An experiment that was read and checked.
#[derive(Clone, Debug)]
pub struct QueueExperiment {
    /// Name of the file without `.ron`.
    pub name: String,
    /// The file, word for word.
    pub text: String,
    /// The question.
    pub question: String,
    /// Length of a replicate, warm-up included.
    pub length: Span,
    /// Runs of every arm.
    pub replicates: u32,
    /// Seed of the run.
    pub seed: u64,
    /// Arms with their worlds, the baseline first, then by name.
    pub arms: Vec<(String, QueueWorld)>,
}

/// Whether a file is an experiment on a closed-form world: its first word says so.
pub fn is_queue_experiment(text: &str) -> bool {
    let mut lines = text.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with("//"));
    lines.next().is_some_and(|line| line.starts_with("QueueExperiment"))
}

/// Gives the file at a path below the folder of worlds.
type Library<'l> = &'l dyn Fn(&str) -> Result<Source, Problems>;

impl QueueExperiment {
    /// Reads the experiment at `path`; its world is looked for in `worlds`, or in a folder `worlds` beside the file or
    /// above it.
    ///
    /// # Errors
    /// All that is wrong in the file, its worlds and their schemes.
    pub fn read(path: &FilePath, worlds: Option<&FilePath>) -> Result<QueueExperiment, Problems> {
        let source = Source::read(path)?;
        let name = path.file_stem().map(|stem| stem.to_string_lossy().into_owned()).unwrap_or_default();
        let folder = worlds.map_or_else(|| folder_of(path), FilePath::to_owned);
        let mut found = QueueExperiment::parse(&name, &source, &|file| Source::read(folder.join(file)))?;
        for (_, world) in &mut found.arms {
            world.inputs.iter_mut().for_each(|input| *input = folder.join(&input));
        }
        Ok(found)
    }

    /// Reads an experiment that is in memory; `library` gives worlds and schemes.
    ///
    /// # Errors
    /// As [`QueueExperiment::read`].
    pub fn parse(name: &str, source: &Source, library: Library<'_>) -> Result<QueueExperiment, Problems> {
        let mut arms = Vec::new();
        let mut elsewhere = Problems::new();
        let file: Result<File, Problems> = source.parse_checked(|file: &File, check| {
            validate(file, check);
            let others = file.arms.keys().filter(|name| **name != file.baseline);
            for name in file.arms.keys().filter(|name| **name == file.baseline).chain(others) {
                match arm(file, name, library, check) {
                    Ok(Some(world)) => arms.push((name.clone(), world)),
                    Ok(None) => {}
                    Err(problems) => elsewhere.extend(problems),
                }
            }
        });
        let file = match file {
            Ok(file) => file,
            Err(mut problems) => {
                problems.extend(elsewhere);
                return Err(problems);
            }
        };
        let (text, question) = (source.text().to_owned(), file.question);
        let (length, replicates, seed) = (file.length, file.replicates, file.seed);
        elsewhere.into_result(QueueExperiment { name: name.to_owned(), text, question, length, replicates, seed, arms })
    }

    /// The world of an arm.
    pub fn arm(&self, name: &str) -> Option<&QueueWorld> {
        self.arms.iter().find(|(arm, _)| arm == name).map(|(_, world)| world)
    }
}

/// The folder of worlds beside or above an experiment.
fn folder_of(experiment: &FilePath) -> PathBuf {
    let real = experiment.canonicalize().unwrap_or_else(|_| experiment.to_owned());
    let above = real.ancestors().skip(1).map(|folder| folder.join("worlds"));
    above.into_iter().find(|folder| folder.is_dir()).unwrap_or_else(|| PathBuf::from("worlds"))
}

fn validate(file: &File, check: &mut Check<'_>) {
    let root = Path::root();
    version(check, file.version);
    if file.question.trim().is_empty() {
        check.refuse(&root.field("question"), "`question` is empty; ask one", None);
    }
    check.at(&root).range("replicates", file.replicates, 1..=MOST_REPLICATES, "");
    if !file.length.is_sound() {
        check.refuse(&root.field("length"), "`length` must be greater than 0", None);
    }
    if file.arms.len() > MOST_ARMS {
        check.refuse(&root.field("arms"), format!("{} arms; at most {MOST_ARMS} are run", file.arms.len()), None);
    }
    check.at(&root).not_empty("arms", file.arms.len());
    for name in file.arms.keys().filter(|name| !is_name(name)) {
        let message = format!("the arm {name:?}: use lower-case letters, digits, - and _");
        check.refuse(&root.field("arms").key(name), message, None);
    }
    if !file.arms.is_empty() {
        check.at(&root).known("baseline", &file.baseline, "arm", file.arms.keys().map(String::as_str));
    }
}

/// The world of one arm; what is wrong with the arm is refused, what is wrong with other files comes back.
fn arm(file: &File, name: &str, library: Library<'_>, check: &mut Check<'_>) -> Result<Option<QueueWorld>, Problems> {
    let at = Path::root().field("arms").key(name);
    let arm = &file.arms[name];
    let (path, place) = match &arm.world {
        Some(world) => (world, at.field("world")),
        None => (&file.world, Path::root().field("world")),
    };
    if !path.split('/').all(is_name) {
        let message = format!("\"{path}\" names no world; write closed-form/name, without `.ron`");
        check.refuse(&place, message, None);
        return Ok(None);
    }
    let folder = path.rsplit_once('/').map_or("", |(folder, _)| folder).to_owned();
    let inside = |file: &str| if folder.is_empty() { file.to_owned() } else { format!("{folder}/{file}") };
    let reader = |file: &str| library(&inside(file));
    let mut world = QueueWorld::parse(&library(&format!("{path}.ron"))?, &reader)?;
    if let Some(scheme) = &arm.scheme {
        world = world.with_scheme(scheme, &reader)?;
    }
    world.inputs = std::iter::once(format!("{path}.ron"))
        .chain(arm.scheme.as_ref().map(|scheme| inside(scheme)))
        .map(PathBuf::from)
        .collect();
    world.file.step = arm.step.unwrap_or(world.file.step);
    if let Some(processes) = &arm.processes {
        world.file.processes.clone_from(processes);
    }
    if arm.step.is_some() || arm.processes.is_some() {
        let faults = world.file.faults().into_iter().chain(world.file.faults_with(world.scheme.as_ref()));
        for fault in faults {
            check.refuse(&at, format!("{}: {}", fault.path, fault.message), fault.hint);
        }
    }
    let (steps, warm_up) = (world.file.steps(file.length), world.file.steps(world.file.warm_up));
    if steps > MOST_STEPS {
        let message = format!("{steps} steps in the arm {name:?}; a replicate has at most {MOST_STEPS}");
        let hint = "take longer steps, or more replicates of less time".to_owned();
        check.refuse(&Path::root().field("length"), message, Some(hint));
    } else if steps <= warm_up {
        let message = format!("{steps} steps in the arm {name:?}, of which {warm_up} are warm-up: nothing is measured");
        check.refuse(&Path::root().field("length"), message, None);
    }
    Ok(Some(world))
}

/// A problem with a file that the library does not have.
pub(crate) fn no_such_file(name: &str, known: &[&str]) -> Problems {
    let hint =
        doorstroom_world::read::suggest(name, known.iter().copied()).map(|meant| format!("did you mean `{meant}`?"));
    Problem::of_file(name, "there is no such file", hint).into()
}
