//! What stands in `world.ron`: a whole world, some regions of another one, or a town with the rules of another one.

use std::collections::BTreeMap;

use doorstroom_kernel::{Day, StepLength};
use serde::Deserialize;

use crate::notation::{is_name, not_blank, version};
use crate::read::{Check, Path, Source, suggest};
use crate::town::Town;
use crate::waiting_list::file::WaitingListFile;

/// `world.ron` as it is written.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub enum WorldFile {
    /// A world with tables and rules of its own.
    World(Whole),
    /// Regions of another world, with its tables and rules.
    Part(Part),
    /// A waiting list and nothing else: the common workload of the speed comparison.
    WaitingList(Box<WaitingListFile>),
    /// Places of its own, with the rules of another world.
    Town(Town),
}

/// A world with tables and rules of its own.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Whole {
    /// Version of the notation.
    pub version: u32,
    /// Name for people.
    pub title: String,
    /// Length of a step.
    pub step: StepLength,
    /// Date of the start state and first day of step 0.
    pub start: Day,
    /// Folder of the input tables, inside the world's folder.
    pub tables: String,
    /// Folder of the rules, one file a subject.
    pub policy: String,
    /// Schemes of allocation, and which region uses which.
    pub schemes: SchemeFolder,
    /// File of the numbers of the start state that are in no table: households and dwellings.
    pub start_state: String,
    /// File of those of registrations, needs, reception and the quota.
    pub start_seekers: String,
    /// Seed of the synthetic population; apart from the seed of a run.
    pub population_seed: u64,
    /// Licence of the data.
    pub licence: String,
    /// Who must be named where results are published.
    pub attribution: String,
}

/// Schemes of allocation, and which region uses which.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SchemeFolder {
    /// Folder of the schemes, one file each.
    pub folder: String,
    /// Scheme of tight markets: a file of the folder, without `.ron`.
    pub tight: String,
    /// Scheme of middle markets.
    pub middle: String,
    /// Scheme of relaxed markets.
    pub relaxed: String,
    /// Schemes of single regions, by code.
    #[serde(default)]
    pub regions: BTreeMap<String, String>,
}

/// Regions of another world.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Part {
    /// Version of the notation.
    pub version: u32,
    /// Name for people.
    pub title: String,
    /// Folder name of the world beside this one that the regions belong to.
    pub of: String,
    /// Codes of the regions, such as `CR14`.
    pub regions: Vec<String>,
}

impl WorldFile {
    /// Refuses what no world may say, whatever its tables hold.
    pub(crate) fn validate(&self, check: &mut Check<'_>) {
        let root = Path::root();
        match self {
            WorldFile::World(world) => {
                version(check, world.version);
                not_blank(check, &root, "title", &world.title);
                not_blank(check, &root, "licence", &world.licence);
                not_blank(check, &root, "attribution", &world.attribution);
                let inside = [
                    ("tables", &world.tables),
                    ("policy", &world.policy),
                    ("schemes", &world.schemes.folder),
                    ("start_state", &world.start_state),
                    ("start_seekers", &world.start_seekers),
                ];
                for (field, path) in inside {
                    if !is_inside(path) {
                        let message = format!("`{field}` is \"{path}\"; it must lie inside the folder of the world");
                        let hint = "a relative path without `..`".to_owned();
                        check.refuse(&root.field(field), message, Some(hint));
                    }
                }
                let zero = matches!(world.step, StepLength::Months(0) | StepLength::Days(0));
                if zero {
                    check.refuse(&root.field("step"), "a step takes at least one month or day", None);
                }
            }
            WorldFile::Part(part) => {
                version(check, part.version);
                check.at(&root).not_empty("regions", part.regions.len());
                if !is_name(&part.of) {
                    let message = format!("`of` is \"{}\"; name the folder of a world beside this one", part.of);
                    check.refuse(&root.field("of"), message, None);
                }
            }
            WorldFile::WaitingList(world) => world.validate(check),
            WorldFile::Town(town) => town.validate(check),
        }
    }
}

/// Whether a path stays below the folder it starts from: relative, no `..`, no drive and no backslash.
fn is_inside(path: &str) -> bool {
    let normal = |part| matches!(part, std::path::Component::Normal(_));
    !path.is_empty() && !path.contains(['\\', ':']) && std::path::Path::new(path).components().all(normal)
}

/// Refuses region codes that `known` does not hold, and codes given twice.
pub(crate) fn mind_regions(part: &Part, source: &Source, known: &[&str]) -> crate::read::Problems {
    let mut check = Check::new(source);
    for (i, code) in part.regions.iter().enumerate() {
        let path = Path::root().field("regions").index(i);
        if !known.contains(&code.as_str()) {
            let hint = suggest(code, known.iter().copied()).map(|meant| format!("did you mean \"{meant}\"?"));
            check.refuse(&path, format!("there is no region \"{code}\" in \"{}\"", part.of), hint);
        } else if part.regions[..i].contains(code) {
            check.refuse(&path, format!("region \"{code}\" is given twice"), Some("keep one".to_owned()));
        }
    }
    check.into_problems()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_that_leaves_the_folder_is_not_inside() {
        for path in ["tables", "a/b.ron"] {
            assert!(is_inside(path), "{path}");
        }
        for path in ["", "..", "a/../../b", "/etc", "./a", "C:tables", "a\\..\\b"] {
            assert!(!is_inside(path), "{path}");
        }
    }
}
