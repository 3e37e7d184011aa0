//! Reads the schemes of a world: every file of their folder, and which region uses which.

use std::collections::BTreeMap;
use std::fs;

use doorstroom_policy::scheme::{Assignment, Fault, Place, Scheme, SchemeBook, Schemes};
use doorstroom_state::region::MarketClass;

use super::Files;
use crate::definition::SchemeFolder;
use crate::populate::Tables;
use crate::read::{Check, Path, Source, suggest};

impl Files<'_> {
    /// All schemes of the folder, checked, and the regions of `tables` that use them; `world` is the file that says so.
    pub(super) fn schemes(
        &mut self,
        said: &SchemeFolder,
        world: &Source,
        tables: Option<&Tables>,
    ) -> Option<SchemeBook> {
        let place = Path::root().field("schemes");
        let folder = self.inside(self.folder.join(&said.folder))?;
        let Ok(entries) = fs::read_dir(&folder) else {
            let message = format!("there is no folder \"{}\"", said.folder);
            self.problems.push(world.problem(&place.field("folder"), message, None));
            return None;
        };
        let mut names: Vec<String> = entries.filter_map(|entry| entry.ok()?.file_name().into_string().ok()).collect();
        names.retain(|name| name.ends_with(".ron"));
        names.sort();
        let mut library = BTreeMap::new();
        let mut is_whole = true;
        for file in names {
            let name = file.trim_end_matches(".ron").to_owned();
            match self.scheme(&said.folder, &file) {
                Some(scheme) => {
                    library.insert(name, scheme);
                }
                None => is_whole = false,
            }
        }
        let regions: Vec<(String, MarketClass)> =
            tables?.regions.iter().map(|region| (region.code.clone(), region.class)).collect();
        let problems = mind_assignment(said, world, is_whole.then_some(&library), &regions);
        if !is_whole || !problems.is_empty() {
            self.problems.extend(problems);
            return None;
        }
        let by_class = [said.tight.clone(), said.middle.clone(), said.relaxed.clone()];
        let assignment = Assignment { by_class, by_region: said.regions.clone() };
        Some(SchemeBook::new(Schemes::new(library, assignment, regions)))
    }

    fn scheme(&mut self, folder: &str, file: &str) -> Option<Scheme> {
        let source = self.source(self.folder.join(folder).join(file))?;
        let read = source.parse_checked(|scheme: &Scheme, check| {
            for fault in scheme.faults_in_region() {
                refuse(check, &Path::root(), fault);
            }
        });
        read.map_err(|problems| self.problems.extend(problems)).ok()
    }
}

/// Names of schemes and regions that are not there. Schemes that could not be read refuse no names.
fn mind_assignment(
    said: &SchemeFolder,
    world: &Source,
    library: Option<&BTreeMap<String, Scheme>>,
    regions: &[(String, MarketClass)],
) -> crate::read::Problems {
    let mut check = Check::new(world);
    let place = Path::root().field("schemes");
    let of_class = [("tight", &said.tight), ("middle", &said.middle), ("relaxed", &said.relaxed)];
    let named = of_class.into_iter().map(|(class, name)| (place.field(class), name));
    let of_region = said.regions.iter().map(|(code, name)| (place.field("regions").key(code), name));
    for (at, name) in named.chain(of_region) {
        let Some(library) = library.filter(|library| !library.contains_key(name)) else { continue };
        let meant = suggest(name, library.keys().map(String::as_str));
        let all = || format!("schemes: {}", library.keys().cloned().collect::<Vec<_>>().join(", "));
        let hint = meant.map_or_else(all, |meant| format!("did you mean \"{meant}\"?"));
        check.refuse(&at, format!("there is no scheme \"{name}\""), Some(hint));
    }
    for code in said.regions.keys().filter(|code| !regions.iter().any(|(known, _)| known == *code)) {
        let meant = suggest(code, regions.iter().map(|(known, _)| known.as_str()));
        let hint = meant.map(|meant| format!("did you mean \"{meant}\"?"));
        check.refuse(&place.field("regions").key(code), format!("there is no region \"{code}\""), hint);
    }
    check.into_problems()
}

/// Refuses a fault at its place in the scheme that stands at `at`.
pub(crate) fn refuse(check: &mut Check<'_>, at: &Path, fault: Fault) {
    let place = path_of(at, &fault.place);
    let hint = fault.known.and_then(|known| {
        let meant = suggest(&known.word, known.names.iter().map(String::as_str));
        let all = || (!known.names.is_empty()).then(|| format!("expected one of: {}", known.names.join(", ")));
        meant.map(|meant| format!("did you mean \"{meant}\"?")).or_else(all)
    });
    check.refuse(&place, fault.message, hint);
}

/// Where `place` of a scheme is in the file in which the scheme stands at `at`.
pub(crate) fn path_of(at: &Path, place: &[Place]) -> Path {
    place.iter().fold(at.clone(), |path, step| match step {
        Place::Field(name) => path.field(name),
        Place::Index(index) => path.index(*index),
        Place::Key(key) => path.key(key),
    })
}
