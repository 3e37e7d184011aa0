//! The package of an attribution, as a file says it.

use std::collections::BTreeMap;

use doorstroom_world::World;
use doorstroom_world::notation::is_name;
use doorstroom_world::read::{Check, Path};

use super::{end, flat};
use crate::attribution::{Attribution, MOST_INSTRUMENTS, MOST_PERMUTATIONS, PACKAGE};
use crate::change::Change;
use crate::definition::{AttributionFile, ExperimentFile};

/// The package of `file`, if it has one; what is wrong with it is refused.
pub(super) fn read(
    file: &ExperimentFile,
    world: Option<&World>,
    arms: &BTreeMap<String, Vec<Change>>,
    check: &mut Check<'_>,
) -> Option<Attribution> {
    let package = file.attribution.as_ref()?;
    let place = Path::root().field("attribution");
    validate(file, package, &place, check);
    let of = place.field("instruments");
    let end = end(file, world);
    let mut instruments = BTreeMap::new();
    for (name, dated) in &package.instruments {
        let changes = flat(name, dated, &of.key(name), (world, end), check);
        instruments.insert(name.clone(), changes);
    }
    refuse_shared_rules(&instruments, &of, check);
    let attribution = Attribution { instruments, permutations: package.permutations };
    try_package(&attribution, world, arms.get(&file.baseline), &of, check);
    Some(attribution)
}

fn validate(file: &ExperimentFile, package: &AttributionFile, place: &Path, check: &mut Check<'_>) {
    let of = place.field("instruments");
    check.at(place).not_empty("instruments", package.instruments.len());
    if package.instruments.len() > MOST_INSTRUMENTS {
        let count = package.instruments.len();
        check.refuse(&of, format!("{count} instruments; at most {MOST_INSTRUMENTS} are told apart"), None);
    }
    if let Some(permutations) = package.permutations {
        check.at(place).range("permutations", permutations, 2..=MOST_PERMUTATIONS, "permutations");
    }
    for name in package.instruments.keys().filter(|name| !is_name(name)) {
        let message = format!("the instrument {name:?} names arms; use lower-case letters, digits, - and _");
        check.refuse(&of.key(name), message, None);
    }
    for (name, dated) in &package.instruments {
        if dated.is_empty() {
            let message = format!("the instrument \"{name}\" changes nothing");
            check.refuse(&of.key(name), message, Some("name a date and a rule, or leave it out".to_owned()));
        }
    }
    if file.arms.contains_key(PACKAGE) {
        let message = format!("\"{PACKAGE}\" is the arm with all instruments of the attribution");
        check.refuse(&Path::root().field("arms").key(PACKAGE), message, Some("give the arm another name".to_owned()));
    }
}

/// A subset would depend on the order of its instruments if two of them set one rule.
fn refuse_shared_rules(instruments: &BTreeMap<String, Vec<Change>>, of: &Path, check: &mut Check<'_>) {
    let mut owner: BTreeMap<&str, &str> = BTreeMap::new();
    for (name, changes) in instruments {
        for change in changes {
            let first = *owner.entry(&change.path).or_insert(name);
            if first != name {
                let message = format!("\"{name}\" and \"{first}\" both set `{}`", change.path);
                let hint = "what they do together would depend on their order; make them one instrument".to_owned();
                check.refuse(&of.key(name), message, Some(hint));
                return;
            }
        }
    }
}

/// Instruments that are sound on their own must be sound together.
fn try_package(
    attribution: &Attribution,
    world: Option<&World>,
    baseline: Option<&Vec<Change>>,
    of: &Path,
    check: &mut Check<'_>,
) {
    let (Some(world), true) = (world, check.is_empty()) else { return };
    for subset in attribution.plan(0).subsets() {
        let mut rules = world.rules.clone();
        let changes = baseline.into_iter().flatten().cloned().chain(attribution.changes(*subset));
        for change in changes {
            if let Err(error) = change.apply(&mut rules, "attribution") {
                check.refuse(of, format!("instruments do not go together: {error}"), error.hint());
                return;
            }
        }
    }
}
