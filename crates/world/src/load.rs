//! Reads a world from its folder: `world.ron`, the rules, the tables and the numbers of the start state.
//!
//! All mistakes of all files come in one answer. Every file must lie inside the folder of its world, symbolic links
//! followed.

use std::fs;
use std::path::{Path as FilePath, PathBuf};
use std::sync::Arc;

use doorstroom_kernel::{Calendar, Chance};
use doorstroom_policy::Rules;
use doorstroom_policy::parameter::RuleSet;
use doorstroom_policy::scheme::SchemeBook;
use serde::de::DeserializeOwned;

use crate::definition::{Part, Whole, WorldFile, mind_regions};
use crate::notation::WORLD_FILE;
use crate::populate::MarketRegister;
use crate::populate::{self, SeekerStart, StartRules, TableError, Tables};
use crate::population::Population;
use crate::read::{Check, Path, Problem, Problems, Source, suggest};

/// A world, read and checked, ready to be populated.
#[derive(Clone, Debug)]
pub struct World {
    /// Folder name.
    pub name: String,
    /// Name for people.
    pub title: String,
    /// Start date and step length.
    pub calendar: Calendar,
    /// The rules as they stand, with all their dates.
    pub rules: Rules,
    /// Input tables; of the kept regions only.
    pub tables: Tables,
    /// Numbers of the start state: households and dwellings.
    pub start: StartRules,
    /// Numbers of the start state: registrations, needs, reception.
    pub seekers: SeekerStart,
    /// Share of the inhabitants of the country that live here: 1 for a whole world, less for some of its regions and
    /// for a town.
    pub share: f64,
    /// True for a town: places written by hand, everything else from another world.
    pub is_town: bool,
    /// Seed of the synthetic population.
    pub population_seed: u64,
    /// Licence of the data.
    pub licence: String,
    /// Who must be named where results are published.
    pub attribution: String,
    /// Every file that was read, for the manifest.
    pub inputs: Vec<PathBuf>,
}

impl World {
    /// Reads the world in `folder`.
    ///
    /// # Errors
    /// All that is wrong in all its files, each with its place.
    pub fn load(folder: &FilePath) -> Result<World, Problems> {
        let name = folder.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        if !folder.is_dir() {
            return Err(no_such_world(folder, &name).into());
        }
        let path = folder.join(WORLD_FILE);
        let source = Source::read(&path)?;
        let mut behind = None;
        let file: WorldFile = source.parse_checked(|file: &WorldFile, check| {
            file.validate(check);
            if let WorldFile::Town(town) = file {
                behind = town.behind(folder, &name, check);
            }
        })?;
        let mut world = match (file, behind) {
            (WorldFile::World(whole), _) => whole_world(folder, name, whole, &source)?,
            (WorldFile::Part(part), _) => part_of_world(folder, name, &part, &source)?,
            (WorldFile::Town(town), Some(behind)) => town.with(name, behind),
            (WorldFile::WaitingList(_), _) => return Err(of_another_kind(&source).into()),
            (WorldFile::Town(_), None) => unreachable!("a town without a world behind it was refused"),
        };
        world.inputs.push(path);
        world.inputs.sort();
        Ok(world)
    }

    /// Reads the world in `folder` if it is a whole one; none if it takes its rules from another.
    pub(crate) fn load_whole(folder: &FilePath) -> Result<Option<World>, Problems> {
        let source = Source::read(folder.join(WORLD_FILE))?;
        match source.parse::<WorldFile>()? {
            WorldFile::World(_) => World::load(folder).map(Some),
            WorldFile::Part(_) | WorldFile::Town(_) | WorldFile::WaitingList(_) => Ok(None),
        }
    }

    /// Part of the country that a run at `scale` (0 to 1) draws: `scale` times [`World::share`].
    pub fn scale_of_country(&self, scale: f64) -> f64 {
        scale * self.share
    }

    /// Private households of the world at full scale.
    pub fn households(&self) -> u64 {
        self.tables.municipalities.iter().map(|row| u64::from(row.households)).sum()
    }

    /// Dwellings of the world at full scale.
    pub fn dwellings(&self) -> u64 {
        self.tables.municipalities.iter().map(|row| u64::from(row.dwellings)).sum()
    }

    /// Makes the population of the first day; `scale` is the part of this world's households that is drawn.
    ///
    /// [`Population::scale`] is the part of the country, [`World::scale_of_country`].
    pub fn populate(&self, scale: f64, seed: u64) -> Population {
        self.populate_with_markets(scale, seed).0
    }

    /// The same, with the balance of the register by region, for a report.
    pub fn populate_with_markets(&self, scale: f64, seed: u64) -> (Population, Vec<MarketRegister>) {
        let chance = Chance::new(seed);
        let mut population = populate::households_and_dwellings(&self.tables, &self.start, scale, &chance);
        population.scale = self.scale_of_country(scale);
        let mut rules = self.rules.clone();
        rules.bring_into_force(self.calendar.start);
        let markets = populate::seekers(&mut population, &rules, &self.seekers, self.calendar, &chance);
        (population, markets)
    }
}

fn of_another_kind(source: &Source) -> Problem {
    let hint = "run it with `doorstroom bench --world`".to_owned();
    source.problem(&Path::root(), "a waiting-list world has no rules or tables of the Netherlands", Some(hint))
}

pub(crate) fn no_such_world(folder: &FilePath, name: &str) -> Problem {
    let beside = folder.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(FilePath::new("."));
    let mut known: Vec<String> = fs::read_dir(beside)
        .map(|entries| {
            let worlds = entries.filter_map(Result::ok).filter(|entry| entry.path().join(WORLD_FILE).is_file());
            worlds.filter_map(|entry| entry.file_name().into_string().ok()).collect()
        })
        .unwrap_or_default();
    known.sort();
    let hint = match suggest(name, known.iter().map(String::as_str)) {
        Some(meant) => Some(format!("did you mean \"{meant}\"?")),
        None if known.is_empty() => None,
        None => Some(format!("worlds there: {}", known.join(", "))),
    };
    Problem::of_file(folder.display().to_string(), "there is no such world", hint)
}

fn whole_world(folder: &FilePath, name: String, whole: Whole, source: &Source) -> Result<World, Problems> {
    let mut files = Files { folder, problems: Problems::new(), inputs: Vec::new() };
    let rules = files.rules(&whole.policy);
    let start: Option<StartRules> = files.typed(&whole.start_state);
    let seekers: Option<SeekerStart> = files.typed(&whole.start_seekers);
    if let Some(start) = &start
        && start.date != whole.start
    {
        let message = format!("`start` is {}; the start state is that of {}", whole.start, start.date);
        files.problems.push(source.problem(&Path::root().field("start"), message, None));
    }
    let tables = files.tables(&whole.tables, source);
    let schemes = files.schemes(&whole.schemes, source, tables.as_ref());
    let Files { problems, inputs, .. } = files;
    match (rules, schemes, start, seekers, tables) {
        (Some(rules), Some(schemes), Some(start), Some(seekers), Some(tables)) if problems.is_empty() => Ok(World {
            name,
            title: whole.title,
            calendar: Calendar { start: whole.start, length: whole.step },
            rules: Rules { schemes, ..rules },
            tables,
            start,
            seekers,
            share: 1.0,
            is_town: false,
            population_seed: whole.population_seed,
            licence: whole.licence,
            attribution: whole.attribution,
            inputs,
        }),
        _ => Err(problems),
    }
}

fn part_of_world(folder: &FilePath, name: String, part: &Part, source: &Source) -> Result<World, Problems> {
    let whole = folder.parent().unwrap_or(FilePath::new("")).join(&part.of);
    if part.of == name {
        let message = format!("a world cannot be a part of itself (\"{name}\")");
        return Err(source.problem(&Path::root().field("of"), message, None).into());
    }
    if !whole.join(WORLD_FILE).is_file() {
        let problem = no_such_world(&whole, &part.of);
        let message = format!("there is no world \"{}\"", part.of);
        return Err(source.problem(&Path::root().field("of"), message, problem.hint).into());
    }
    let Some(mut world) = World::load_whole(&whole)? else {
        let message = format!("\"{}\" is itself a part; name the whole world", part.of);
        return Err(source.problem(&Path::root().field("of"), message, None).into());
    };
    let codes: Vec<&str> = world.tables.regions.iter().map(|region| region.code.as_str()).collect();
    mind_regions(part, source, &codes).into_result(())?;
    let (mut tables, share) = keep_regions(&world.tables, &part.regions);
    tables.country = Some(Arc::new(world.tables));
    world.rules.schemes.keep_regions(&part.regions);
    // the only number of the start state that counts dwellings of the whole country
    world.start.excess.corporation_shared.value *= share;
    Ok(World { name, title: part.title.clone(), tables, share, ..world })
}

/// The tables of some regions, and their share of the inhabitants.
fn keep_regions(tables: &Tables, codes: &[String]) -> (Tables, f64) {
    let inhabitants = |tables: &Tables| tables.municipalities.iter().map(|row| f64::from(row.inhabitants)).sum::<f64>();
    let mut slots = vec![None; tables.regions.len()];
    let mut kept = 0;
    for (slot, region) in slots.iter_mut().zip(&tables.regions) {
        if codes.contains(&region.code) {
            *slot = Some(kept);
            kept += 1;
        }
    }
    let slot_of = |region: u8| slots[usize::from(region)];
    let mut part = tables.clone();
    part.municipalities.retain(|row| slot_of(row.region).is_some());
    for row in &mut part.municipalities {
        row.region = slot_of(row.region).expect("rows of other regions were dropped a line ago");
    }
    part.regions.retain(|region| codes.contains(&region.code));
    for region in &mut part.regions {
        region.neighbours = region.neighbours.iter().filter_map(|&neighbour| slot_of(neighbour)).collect();
    }
    let share = inhabitants(&part) / inhabitants(tables);
    (part, share)
}

/// Reads the files of one world and collects what is wrong with them.
struct Files<'a> {
    folder: &'a FilePath,
    problems: Problems,
    inputs: Vec<PathBuf>,
}

impl Files<'_> {
    /// The path of a file of the world, unless it leads out of the folder.
    fn inside(&mut self, path: PathBuf) -> Option<PathBuf> {
        if let (Ok(folder), Ok(real)) = (self.folder.canonicalize(), path.canonicalize())
            && !real.starts_with(&folder)
        {
            let message = "leads out of the folder of its world; copy the file instead of linking it";
            self.problems.push(Problem::of_file(path.display().to_string(), message, None));
            return None;
        }
        Some(path)
    }

    fn source(&mut self, path: PathBuf) -> Option<Source> {
        let path = self.inside(path)?;
        match Source::read(&path) {
            Ok(source) => {
                self.inputs.push(path);
                Some(source)
            }
            Err(problems) => {
                self.problems.extend(problems);
                None
            }
        }
    }

    fn rules(&mut self, policy: &str) -> Option<Rules> {
        self.mind_strangers(policy);
        let (demography, market) = (self.subject(policy, "demography"), self.subject(policy, "market"));
        let (supply, registration) = (self.subject(policy, "supply"), self.subject(policy, "registration"));
        let (allocation, quota) = (self.subject(policy, "allocation"), self.subject(policy, "quota"));
        let (priority, reception) = (self.subject(policy, "priority"), self.subject(policy, "reception"));
        let (sharing, alternatives) = (self.subject(policy, "sharing"), self.subject(policy, "alternatives"));
        let money = self.subject(policy, "money");
        Some(Rules {
            demography: demography?,
            market: market?,
            supply: supply?,
            registration: registration?,
            allocation: allocation?,
            quota: quota?,
            priority: priority?,
            reception: reception?,
            sharing: sharing?,
            alternatives: alternatives?,
            money: money?,
            schemes: SchemeBook::default(),
            gated: Vec::new(),
        })
    }

    /// One policy file, with the faults of its values.
    fn subject<R: RuleSet + DeserializeOwned>(&mut self, policy: &str, subject: &str) -> Option<R> {
        let source = self.source(self.folder.join(policy).join(format!("{subject}.ron")))?;
        match source.parse_checked(mind_faults::<R>) {
            Ok(rules) => Some(rules),
            Err(problems) => {
                self.problems.extend(problems);
                None
            }
        }
    }

    /// A policy file that no subject has would be read by nobody.
    fn mind_strangers(&mut self, policy: &str) {
        let folder = self.folder.join(policy);
        let Ok(entries) = fs::read_dir(&folder) else { return };
        let names = entries.filter_map(|entry| entry.ok()?.file_name().into_string().ok());
        for name in names.filter(|name| name.ends_with(".ron")) {
            let subject = name.trim_end_matches(".ron");
            if !Rules::SUBJECTS.contains(&subject) {
                let meant = suggest(subject, Rules::SUBJECTS.iter().copied());
                let hint = match meant {
                    Some(meant) => format!("did you mean `{meant}.ron`?"),
                    None => format!("subjects: {}", Rules::SUBJECTS.join(", ")),
                };
                let file = folder.join(&name).display().to_string();
                self.problems.push(Problem::of_file(file, "belongs to no subject of the rules", Some(hint)));
            }
        }
    }

    /// A file of the start state.
    fn typed<T: DeserializeOwned>(&mut self, file: &str) -> Option<T> {
        let source = self.source(self.folder.join(file))?;
        match source.parse::<T>() {
            Ok(value) => Some(value),
            Err(problems) => {
                self.problems.extend(problems);
                None
            }
        }
    }

    fn tables(&mut self, folder: &str, world: &Source) -> Option<Tables> {
        let path = self.inside(self.folder.join(folder))?;
        if !path.is_dir() {
            let message = format!("there is no folder \"{folder}\"");
            self.problems.push(world.problem(&Path::root().field("tables"), message, None));
            return None;
        }
        let mut files: Vec<PathBuf> = fs::read_dir(&path)
            .map(|entries| entries.filter_map(|entry| Some(entry.ok()?.path())).collect())
            .unwrap_or_default();
        files.retain(|file| file.extension().is_some_and(|extension| extension == "csv"));
        for file in files {
            let file = self.inside(file)?;
            self.inputs.push(file);
        }
        match Tables::read(&path) {
            Ok(tables) => Some(tables),
            Err(error) => {
                self.problems.push(table_problem(&error));
                None
            }
        }
    }
}

/// Faults of the values of one subject, at their places.
fn mind_faults<R: RuleSet>(rules: &R, check: &mut Check<'_>) {
    rules.each(&mut |name, _, (lowest, highest), parameter| {
        for fault in parameter.faults(lowest, highest) {
            let parameter = Path::root().field(name);
            let place = match fault.step {
                Some(step) => parameter.field("steps").index(step).field(fault.field),
                None => parameter.field(fault.field),
            };
            check.refuse(&place, format!("`{name}`: {}", fault.message), None);
        }
    });
}

/// A problem of a table, whose message begins with its file and place.
fn table_problem(error: &TableError) -> Problem {
    let text = error.to_string();
    let (file, message) = text.split_once(": ").unwrap_or(("", &text));
    Problem::of_file(file, message, None)
}

pub(crate) mod schemes;
mod town;

#[cfg(test)]
pub(crate) mod tests;
