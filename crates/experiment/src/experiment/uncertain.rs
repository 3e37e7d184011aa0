//! What is uncertain, as a file says it.

use std::collections::BTreeMap;

use doorstroom_world::World;
use doorstroom_world::notation::is_name;
use doorstroom_world::read::{Check, Path, suggest};

use super::{end, flat, mind_date};
use crate::change::Change;
use crate::definition::{ExperimentFile, UncertaintyFile};
use crate::uncertainty::{AS_IT_IS, MOST_DRAWS, MOST_STRUCTURES, Uncertainty};

/// What `file` says is uncertain; what is wrong with it is refused.
pub(super) fn read(
    file: &ExperimentFile,
    world: Option<&World>,
    arms: &BTreeMap<String, Vec<Change>>,
    check: &mut Check<'_>,
) -> Option<Uncertainty> {
    let asked = file.uncertainty.as_ref()?;
    let place = Path::root().field("uncertainty");
    let end = end(file, world);
    mind_date(asked.from, None, end, &place.field("from"), check);
    check.at(&place).range("draws", asked.draws, 1..=MOST_DRAWS, "draws");
    if asked.structures.len() > MOST_STRUCTURES {
        let message = format!("{} structures; at most {MOST_STRUCTURES} are compared", asked.structures.len());
        check.refuse(&place.field("structures"), message, None);
    }
    let mut structures = BTreeMap::new();
    for (name, dated) in &asked.structures {
        let at = place.field("structures").key(name);
        if !is_name(name) || name == AS_IT_IS {
            let message = format!("{name:?} cannot name a structure; use lower-case letters, digits, - and _");
            check.refuse(&at, message, Some(format!("\"{AS_IT_IS}\" is the structure of the file itself")));
        }
        structures.insert(name.clone(), flat(name, dated, &at, (world, end), check));
    }
    let parameters = parameters(asked, world, &place, check);
    let draws_none = asked.draws < 2 || asked.parameters.is_empty();
    if draws_none && asked.structures.is_empty() {
        let hint = "ask for two draws of a parameter, or name a structure".to_owned();
        check.refuse(&place, "nothing is uncertain here", Some(hint));
    } else if asked.draws > 1 && asked.parameters.is_empty() {
        let message = format!("{} draws of no parameters would all be the same", asked.draws);
        check.refuse(&place.field("draws"), message, Some("name `parameters`, or ask for one draw".to_owned()));
    }
    for (i, (path, ..)) in parameters.iter().enumerate() {
        let mut set = arms.iter().chain(&structures).filter(|(_, changes)| changes.iter().any(|c| c.path == *path));
        if let Some((name, _)) = set.next() {
            let message = format!("`{path}` is drawn here and set by \"{name}\"");
            check.refuse(&place.field("parameters").index(i), message, Some("keep one".to_owned()));
        }
    }
    Some(Uncertainty { from: asked.from, parameters, draws: asked.draws, structures })
}

/// Parameters with the range that their policy file gives.
fn parameters(
    asked: &UncertaintyFile,
    world: Option<&World>,
    place: &Path,
    check: &mut Check<'_>,
) -> Vec<(String, f64, f64)> {
    let Some(world) = world else { return Vec::new() };
    let mut found = Vec::new();
    for (i, path) in asked.parameters.iter().enumerate() {
        let at = place.field("parameters").index(i);
        let mut known = None;
        world.rules.each(&mut |name, _, _, parameter| {
            if name == path {
                let number = parameter.steps().last().is_some_and(|(_, value, _)| value.parse::<f64>().is_ok());
                known = Some(parameter.range().filter(|_| number).ok_or(if number {
                    "has no range"
                } else {
                    "is not one number"
                }));
            }
        });
        match known {
            None => {
                let paths = world.rules.paths();
                let meant =
                    suggest(path, paths.iter().map(String::as_str)).map(|meant| format!("did you mean \"{meant}\"?"));
                check.refuse(&at, format!("there is no rule `{path}`"), meant);
            }
            Some(Err(why)) => {
                let hint =
                    "only a number with a `range` in its policy file is drawn; `doorstroom explain` tells".to_owned();
                check.refuse(&at, format!("`{path}` {why}"), Some(hint));
            }
            Some(Ok((low, high))) => found.push((path.clone(), low, high)),
        }
    }
    found
}
