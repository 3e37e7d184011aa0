//! An experiment that was read and checked, ready to be run.

use std::collections::BTreeMap;
use std::path::{Path as FilePath, PathBuf};
use std::sync::Arc;

use doorstroom_kernel::{Calendar, Day, Step};
use doorstroom_observe::measures;
use doorstroom_world::World;
use doorstroom_world::notation::{is_name, version};
use doorstroom_world::read::{Check, Path, Problem, Problems, Source, suggest};

use crate::attribution::{Attribution, PACKAGE};
use crate::change::{self, Change};
use crate::counterfactual::Counterfactual;
use crate::definition::{DatedChanges, ExperimentFile, PopulationMode, Resolution, RuleChange};
use crate::uncertainty::Uncertainty;
use crate::until::{Rounds, Until};

/// Longest run, in months: the calendar ends in 2079.
pub const MOST_MONTHS: u32 = 600;
/// Most replicates of one experiment.
pub const MOST_REPLICATES: u32 = 10_000;
/// Most arms of one experiment.
pub const MOST_ARMS: usize = 64;
/// Most households that a run may draw: six times the Netherlands.
pub const MOST_HOUSEHOLDS: f64 = 50e6;
/// Most outcomes named in advance.
pub const MOST_PRIMARY: usize = 3;

/// An experiment: a world, a horizon, replicates, a seed, and arms that differ in their rules.
#[derive(Clone, Debug)]
pub struct Experiment {
    /// Name of the file without `.ron`.
    pub name: String,
    /// The file, word for word.
    pub text: String,
    /// The question it answers.
    pub question: String,
    /// The world.
    pub world: Arc<World>,
    /// Part of the world's households that is drawn, above 0 to 1.
    pub scale: f64,
    /// Length of the run.
    pub months: u32,
    /// Runs of every arm; at most so many if `until` says when to stop.
    pub replicates: u32,
    /// When to stop, if the file asks for as many replicates as it takes.
    pub until: Option<Until>,
    /// Seed of the run.
    pub seed: u64,
    /// Whether replicates share a population.
    pub population: PopulationMode,
    /// Seed of the population.
    pub population_seed: u64,
    /// Arm with which the others are compared.
    pub baseline: String,
    /// Changes of every arm, by date.
    pub arms: BTreeMap<String, Vec<Change>>,
    /// Changes of all arms, the baseline too, from the first day on; an arm's own changes come after them.
    pub rules: BTreeMap<String, String>,
    /// Arms that are yardsticks, by name.
    pub counterfactuals: BTreeMap<String, Counterfactual>,
    /// A package of instruments whose parts in the outcome are asked for.
    pub attribution: Option<Attribution>,
    /// What is uncertain besides luck.
    pub uncertainty: Option<Uncertainty>,
    /// Outcomes named in advance, as [`measures::named`] understands them.
    pub primary: Vec<String>,
    /// How finely monthly tables are kept.
    pub resolution: Resolution,
}

impl Experiment {
    /// Reads the experiment at `path`. Its world is looked for in `worlds`; without one, in a folder `worlds` beside
    /// the file or above it, then below the current folder.
    ///
    /// # Errors
    /// All that is wrong in the file and in its world, each with its place.
    pub fn read(path: &FilePath, worlds: Option<&FilePath>) -> Result<Experiment, Problems> {
        let source = Source::read(path)?;
        let name = path.file_stem().map(|stem| stem.to_string_lossy().into_owned()).unwrap_or_default();
        Experiment::parse(&name, &source, |world| folder_of(world, path, worlds))
    }

    /// Reads an experiment that is in memory; `folder` tells where a world of this name is.
    ///
    /// # Errors
    /// As [`Experiment::read`].
    pub fn parse(name: &str, source: &Source, folder: impl FnOnce(&str) -> PathBuf) -> Result<Experiment, Problems> {
        let mut world = None;
        let (mut arms, mut attribution, mut uncertainty, mut rounds) = (BTreeMap::new(), None, None, (1, None));
        let file: ExperimentFile = source.parse_checked(|file, check| {
            world = world_of(file, check, folder);
            validate(file, world.as_ref(), check);
            rounds = replicates(file, check);
            arms = changes(file, world.as_ref(), check);
            attribution = package::read(file, world.as_ref(), &arms, check);
            uncertainty = uncertain::read(file, world.as_ref(), &arms, check);
        })?;
        let (replicates, until) = rounds;
        let Some(world) = world else {
            return Err(Problem::of_file(source.name(), "the world could not be read", None).into());
        };
        let question = file.question.or_else(|| first_comment(source.text())).unwrap_or_else(|| name.replace('_', " "));
        Ok(Experiment {
            name: name.to_owned(),
            text: source.text().to_owned(),
            question,
            scale: file.scale,
            months: file.months,
            replicates,
            until,
            seed: file.seed,
            population: file.population,
            population_seed: file.population_seed.unwrap_or(world.population_seed),
            baseline: file.baseline,
            arms,
            rules: BTreeMap::new(),
            counterfactuals: counterfactuals(&file.arms),
            attribution,
            uncertainty,
            primary: file.primary,
            resolution: file.resolution,
            world: Arc::new(world),
        })
    }

    /// Start date and step length.
    pub fn calendar(&self) -> Calendar {
        self.world.calendar
    }

    /// Steps of the run.
    pub fn steps(&self) -> u32 {
        self.calendar().steps_in_months(self.months)
    }

    /// First day after the run.
    pub fn end(&self) -> Day {
        self.calendar().day_of(Step(0).plus(self.steps()))
    }

    /// Names of the arms whose rows are kept, the baseline first, then by name, then the package of an attribution: the
    /// order in which they run and are reported. Other subsets of a package leave only what is needed to divide it.
    pub fn arm_names(&self) -> Vec<&str> {
        let others = self.arms.keys().map(String::as_str).filter(|name| *name != self.baseline);
        let package = self.attribution.iter().map(|_| PACKAGE);
        std::iter::once(self.baseline.as_str()).chain(others).chain(package).collect()
    }

    /// Arms that differ, the package of an attribution left out.
    pub fn changed_arms(&self) -> impl Iterator<Item = &str> {
        let differs = |(arm, changes): &(&String, &Vec<Change>)| **arm != self.baseline && !changes.is_empty();
        self.arms.iter().filter(differs).map(|(arm, _)| arm.as_str())
    }

    /// Changes of the arm of this name in the order in which they are made; none if there is no such arm.
    pub fn changes_of(&self, arm: &str) -> Vec<Change> {
        match (&self.attribution, self.arms.get(arm)) {
            (_, Some(changes)) => changes.clone(),
            (Some(attribution), None) if arm == PACKAGE => {
                let whole = (1 << attribution.instruments.len()) - 1;
                self.arms[&self.baseline].iter().cloned().chain(attribution.changes(whole)).collect()
            }
            _ => Vec::new(),
        }
    }
}

/// Where a world is, whether or not it is there.
fn folder_of(world: &str, experiment: &FilePath, worlds: Option<&FilePath>) -> PathBuf {
    if let Some(worlds) = worlds {
        return worlds.join(world);
    }
    let real = experiment.canonicalize().unwrap_or_else(|_| experiment.to_owned());
    let above = real.ancestors().skip(1).map(|folder| folder.join("worlds"));
    let folder = above.into_iter().find(|folder| folder.is_dir()).unwrap_or_else(|| PathBuf::from("worlds"));
    folder.join(world)
}

/// The text of the first comment line before anything else.
fn first_comment(text: &str) -> Option<String> {
    let first = text.lines().find(|line| !line.trim().is_empty())?;
    let comment = first.trim().strip_prefix("//")?.trim();
    (!comment.is_empty()).then(|| comment.to_owned())
}

fn world_of(file: &ExperimentFile, check: &mut Check<'_>, folder: impl FnOnce(&str) -> PathBuf) -> Option<World> {
    let place = Path::root().field("world");
    if !check.trusts(&place) {
        return None;
    }
    if !is_name(&file.world) {
        let message =
            format!("`world` is \"{}\"; a world is named by its folder: letters, digits, - and _", file.world);
        check.refuse(&place, message, None);
        return None;
    }
    let folder = folder(&file.world);
    let there = folder.is_dir();
    match World::load(&folder) {
        Ok(world) => Some(world),
        Err(problems) if there => {
            check.absorb(&place, problems);
            None
        }
        Err(problems) => {
            // a name that is not there is a mistake of this file, not of that one
            let hint = problems.iter().next().and_then(|problem| problem.hint.clone());
            check.refuse(&place, format!("there is no world \"{}\"", file.world), hint);
            None
        }
    }
}

fn validate(file: &ExperimentFile, world: Option<&World>, check: &mut Check<'_>) {
    let root = Path::root();
    version(check, file.version);
    if !(file.scale > 0.0 && file.scale <= 1.0) {
        let message = format!("`scale` is {}; it is a part of the world, above 0 and at most 1", file.scale);
        check.refuse(&root.field("scale"), message, None);
    }
    check.at(&root).range("months", file.months, 1..=MOST_MONTHS, "months");
    if file.question.as_ref().is_some_and(|question| question.trim().is_empty()) {
        check.refuse(&root.field("question"), "`question` is empty; ask one, or leave the field out", None);
    }
    if file.primary.len() > MOST_PRIMARY {
        let message = format!("{} primary outcomes; name at most {MOST_PRIMARY} in advance", file.primary.len());
        check.refuse(&root.field("primary"), message, Some("the others are reported all the same".to_owned()));
    }
    for (i, words) in file.primary.iter().enumerate().filter(|(_, words)| measures::named(words).is_none()) {
        let names: Vec<String> = measures::names().collect();
        let hint = match suggest(words, names.iter().map(String::as_str)) {
            Some(meant) => format!("did you mean \"{meant}\"?"),
            None => {
                "a measure and a group, such as \"flow.regular\"; `doorstroom explain measures` lists all".to_owned()
            }
        };
        check.refuse(&root.field("primary").index(i), format!("there is no measure \"{words}\""), Some(hint));
    }
    validate_arms(file, check);
    let Some(world) = world else { return };
    if let Some(start) = file.start
        && start != world.calendar.start
    {
        let message =
            format!("`start` is {start}; the population of \"{}\" is that of {}", world.name, world.calendar.start);
        check.refuse(&root.field("start"), message, Some("leave `start` out".to_owned()));
    }
    let households = world.households() as f64 * file.scale;
    if file.scale > 0.0 && households < 1.0 {
        check.refuse(&root.field("scale"), too_small(world, file.scale), None);
    }
    if households > MOST_HOUSEHOLDS {
        let message = format!(
            "{:.0} million households at this scale; at most {:.0} million are drawn",
            households / 1e6,
            MOST_HOUSEHOLDS / 1e6
        );
        check.refuse(&root.field("scale"), message, None);
    }
}

/// Why `scale` draws nobody from `world`.
pub(crate) fn too_small(world: &World, scale: f64) -> String {
    let households = world.households();
    format!("`scale` is {scale}; of the {households} households of \"{}\" nobody is drawn", world.name)
}

/// Replicates, and when to stop if as many are asked for as it takes.
fn replicates(file: &ExperimentFile, check: &mut Check<'_>) -> (u32, Option<Until>) {
    let (root, place) = (Path::root(), Path::root().field("replicates"));
    // a misspelt field has been told already
    let Some(raw) = file.replicates.as_ref().filter(|_| check.stands(&place)) else { return (1, None) };
    if !raw.text().starts_with(|c: char| c.is_alphabetic()) {
        let Some(number) = check.read::<u32>(raw, &place) else { return (1, None) };
        check.at(&root).range("replicates", number, 1..=MOST_REPLICATES, "");
        return (number, None);
    }
    let Some(Rounds::Until { half_width, of, max }) = check.read(raw, &place) else { return (1, None) };
    let until = Until { half_width, of, max };
    if let Some((field, message, hint)) = until.fault(MOST_REPLICATES) {
        check.refuse(&place.field(field), message, hint);
    }
    (max, Some(until))
}

fn validate_arms(file: &ExperimentFile, check: &mut Check<'_>) {
    let arms = Path::root().field("arms");
    check.at(&Path::root()).not_empty("arms", file.arms.len());
    if file.arms.len() > MOST_ARMS {
        check.refuse(&arms, format!("{} arms; at most {MOST_ARMS} are run", file.arms.len()), None);
    }
    for name in file.arms.keys().filter(|name| !is_name(name)) {
        let message = format!("the arm {name:?} gives files their names; use lower-case letters, digits, - and _");
        check.refuse(&arms.key(name), message, None);
    }
    if check.trusts(&arms) && !file.arms.is_empty() {
        let names = file.arms.keys().map(String::as_str);
        check.at(&Path::root()).known("baseline", &file.baseline, "arm", names);
    }
}

/// The changes of every arm, flat and by date; what is wrong with them is refused.
fn changes(file: &ExperimentFile, world: Option<&World>, check: &mut Check<'_>) -> BTreeMap<String, Vec<Change>> {
    let end = end(file, world).filter(|_| check.trusts(&Path::root().field("months")));
    let arms = Path::root().field("arms");
    let flat = |(name, dated): (&String, &Vec<DatedChanges>)| {
        (name.clone(), flat(name, dated, &arms.key(name), (world, end), check))
    };
    file.arms.iter().map(flat).collect()
}

/// First day after the run; a horizon that is refused itself refuses no dates.
fn end(file: &ExperimentFile, world: Option<&World>) -> Option<Day> {
    let calendar = world.filter(|_| (1..=MOST_MONTHS).contains(&file.months))?.calendar;
    Some(calendar.day_of(Step(0).plus(calendar.steps_in_months(file.months))))
}

/// The changes of the arm or instrument `name`, which stands at `place`, flat and by date.
fn flat(
    name: &str,
    dated: &[DatedChanges],
    place: &Path,
    (world, end): (Option<&World>, Option<Day>),
    check: &mut Check<'_>,
) -> Vec<Change> {
    let mut rules = world.map(|world| world.rules.clone());
    let mut flat: Vec<Change> = Vec::new();
    let mut before = None;
    for (i, moment) in dated.iter().enumerate() {
        let (from, gate, entry) = (moment.from(), moment.gate(), place.index(i));
        let (date_at, changes_at) = match gate {
            None => (entry.index(0), entry.index(1)),
            Some(_) => (entry.field("from"), entry.field("changes")),
        };
        mind_date(from, before, end, &date_at, check);
        before = Some(from);
        gates::validate(moment, &entry, check);
        let changes = moment.changes().iter().enumerate();
        let single = changes.flat_map(|(j, change)| singles(change, &changes_at.index(j), world, from));
        for (set, wrong_path_at, wrong_value_at, path, value) in single {
            let change = Change { from, path, value, gate };
            let path = &change.path;
            if flat.iter().any(|other| (other.from, &other.path) == (change.from, &change.path)) {
                check.refuse(&set, format!("`{path}` is set twice from {from}"), Some("keep one".to_owned()));
            }
            gates::refuse_both_ways(&flat, &change, &set, check);
            if let (Some(world), Some(rules)) = (world, &mut rules)
                && let Err(error) = change.apply_in(world, rules, name)
            {
                let wrong_path = matches!(error, change::ChangeError::UnknownPath { .. });
                let at = if wrong_path { wrong_path_at } else { wrong_value_at };
                let problem = change::problem(check.source(), &at, &change, &error);
                check.absorb(&at, [problem]);
            }
            flat.push(change);
        }
    }
    flat
}

/// Arms with a yardstick among their changes; the last one if there are several.
fn counterfactuals(arms: &BTreeMap<String, Vec<DatedChanges>>) -> BTreeMap<String, Counterfactual> {
    let of = |dated: &[DatedChanges]| {
        let changes = dated.iter().flat_map(DatedChanges::changes);
        changes
            .filter_map(|change| if let RuleChange::Counterfactual(which) = change { Some(*which) } else { None })
            .next_back()
    };
    arms.iter().filter_map(|(arm, dated)| Some((arm.clone(), of(dated)?))).collect()
}

/// The single changes that one entry makes: its place, the places of path and value, the path and the value in RON.
fn singles(
    change: &RuleChange,
    place: &Path,
    world: Option<&World>,
    from: Day,
) -> Vec<(Path, Path, Path, String, String)> {
    match change {
        RuleChange::Set(path, raw) => {
            vec![(place.clone(), place.index(0), place.index(1), path.clone(), raw.text().to_owned())]
        }
        RuleChange::Counterfactual(which) => {
            let changes = world.map(|world| which.changes(&world.rules, from)).unwrap_or_default();
            let at = |(path, value)| (place.clone(), place.index(0), place.index(0), path, value);
            changes.into_iter().map(at).collect()
        }
        RuleChange::Schemes(schemes) => schemes
            .iter()
            .map(|(region, name)| {
                let at = place.index(0).key(region);
                (at.clone(), at.clone(), at, format!("{}{region}", change::SCHEMES), format!("{name:?}"))
            })
            .collect(),
    }
}

/// Dates of an arm ascend and lie before the end of the run.
fn mind_date(from: Day, before: Option<Day>, end: Option<Day>, place: &Path, check: &mut Check<'_>) {
    if let Some(before) = before
        && from <= before
    {
        check.refuse(place, format!("{from} does not come after {before}; dates of an arm ascend"), None);
    }
    if let Some(end) = end
        && from >= end
    {
        let message = format!("{from} is after the end of the run ({end}); the arm would differ in nothing");
        check.refuse(place, message, Some("run more months, or change earlier".to_owned()));
    }
}

mod gates;
mod package;
#[cfg(test)]
mod tests;
mod uncertain;
