//! The shipped schemes of regions: every key of each of them, changed, moves some output or is refused as not applicable.

mod changes;
mod leaves;

use std::collections::BTreeMap;
use std::path::Path;

use changes::{Change, every_change};
use doorstroom_experiment::{Experiment, RunSettings};
use doorstroom_kernel::Day;
use doorstroom_observe::Observed;
use doorstroom_policy::scheme::{Scheme, SchemeError};
use doorstroom_tests::{repository, units, world};
use doorstroom_world::read::Source;
use leaves::{below, leaves};

/// Conditions under which rare things happen often enough to be seen in one region: who is proposed a dwelling often
/// refuses, many ask for statements, and much is demolished.
const BUSY: &str = r#"
    Set("allocation.accept_direct", 0.4), Set("allocation.urgency_asked", 0.3), Set("allocation.neighbour_share", 0.0),"#;

fn experiment(text: &str) -> Result<Experiment, doorstroom_world::read::Problems> {
    let worlds = repository().join("worlds");
    Experiment::parse("schemes", &Source::new("schemes.ron", text), |world| worlds.join(world))
}

/// An experiment with the region under this scheme, and one arm a change.
fn question(scheme: &str, changes: &[&Change]) -> String {
    let arm = |name: &str, changed: &str| {
        format!("\"{name}\": [From(\"2025-01-01\", [Schemes({{\"CR14\": \"{scheme}\"}}), {BUSY} {changed}])],\n")
    };
    let mut arms = arm("base", "");
    for (i, change) in changes.iter().enumerate() {
        arms += &arm(&format!("arm_{i:03}"), &format!("Set(\"schemes.{scheme}.{}\", {})", change.key, change.value));
    }
    format!(
        "Experiment(version: 1, world: \"one-region\", scale: 0.15, months: 24, seed: 3, baseline: \"base\",
         arms: {{ {arms} }})"
    )
}

/// Everything that a reader of the results sees.
fn output(observed: &Observed) -> String {
    let lettings = observed.lettings.lettings.iter().map(|l| (l.household_name, l.dwelling_name, l.channel, l.ground));
    format!("{:?} {:?} {:?}", lettings.collect::<Vec<_>>(), observed.outcome.measures, observed.flows)
}

/// What may be changed, and what the scheme says is not applicable: never anything else.
fn allowed<'a>(name: &str, changes: &'a [Change]) -> Vec<&'a Change> {
    let schemes = world("one-region").rules.schemes;
    let is_allowed = |change: &&Change| {
        let path = format!("{name}.{}", change.key);
        match schemes.clone().set(&path, Day(0), &change.value) {
            Ok(()) => true,
            Err(SchemeError::Fault(message)) if message.contains("not applicable") => false,
            Err(error) => panic!("{path} {}: {error}", change.value),
        }
    };
    changes.iter().filter(is_allowed).collect()
}

/// Runs all changes of a scheme; those that move nothing.
fn inert(name: &str, scheme: &Scheme) -> Vec<String> {
    let changes = every_change(scheme);
    assert!(changes.len() > 15, "{name}: {} changes", changes.len());
    let tried = allowed(name, &changes);
    let experiment = experiment(&question(name, &tried)).unwrap_or_else(|problems| panic!("{name}: {problems}"));
    let (units, _) = units(&experiment, &RunSettings::all(&experiment, 2));
    let outputs: BTreeMap<&str, String> =
        units[0].arms.iter().map(|(arm, observed)| (arm.as_str(), output(observed))).collect();
    let same = |i: usize| outputs[format!("arm_{i:03}").as_str()] == outputs["base"];
    tried
        .iter()
        .enumerate()
        .filter(|(i, _)| same(*i))
        .map(|(_, change)| format!("{name}.{} {}: {}", change.key, change.what, change.value))
        .collect()
}

#[test]
fn every_key_of_every_shipped_scheme_moves_some_output_or_is_refused() {
    let schemes = world("one-region").rules.schemes;
    let schemes = schemes.now();
    let names: Vec<&str> = schemes.names().collect();
    assert!(names.len() >= 10, "{names:?}");
    let written = |name: &str| schemes.written(name).expect("it has this name");
    let inert: Vec<String> = names.iter().flat_map(|name| inert(name, written(name))).collect();
    assert!(inert.is_empty(), "these move nothing:\n{}", inert.join("\n"));
}

/// Keys that say nothing about allocation: the version of the notation, and words for people.
fn is_for_people(path: &str) -> bool {
    ["version", "title"].contains(&path) || path.starts_with("sources.") || path.ends_with(".name")
}

/// Which of the values that a file writes a change replaces by others. A value of a list that is gone is replaced; a value
/// inside a variant that is gone is not: something must change it alone.
fn replaced(written: &BTreeMap<String, String>, change: &Change) -> Vec<String> {
    let owner = |path: &str| match change.key.as_str() {
        "shares" => format!("channels.{path}.share"),
        key => below(key, path),
    };
    let new: BTreeMap<String, String> =
        leaves(&change.value).into_iter().map(|(path, value)| (owner(&path), value)).collect();
    let is_element = |path: &str| path.rsplit('.').next().is_some_and(|last| last.parse::<u32>().is_ok());
    let inside = |path: &str| path == change.key || path.starts_with(&format!("{}.", change.key));
    let differs = |path: &str, value: &str| match new.get(path) {
        Some(other) => other != value,
        None => inside(path) && is_element(path),
    };
    written.iter().filter(|(path, value)| differs(path, value)).map(|(path, _)| path.clone()).collect()
}

#[test]
fn every_key_that_a_shipped_file_writes_is_among_those_that_are_changed() {
    let schemes = world("one-region").rules.schemes;
    let schemes = schemes.now();
    let folder = repository().join("worlds/netherlands/schemes");
    let mut files: Vec<_> = std::fs::read_dir(folder).expect("schemes are shipped").flatten().collect();
    files.sort_by_key(std::fs::DirEntry::path);
    assert!(files.len() >= 10, "{}", files.len());
    let (mut missed, mut written_keys) = (Vec::new(), 0);
    for file in files {
        let path = file.path();
        let name = path.file_stem().and_then(|stem| stem.to_str()).expect("it has a name");
        let written = leaves(&std::fs::read_to_string(&path).expect("it can be read"));
        let changes = every_change(schemes.written(name).expect("every file is a scheme of the world"));
        let changed: std::collections::BTreeSet<String> =
            changes.iter().flat_map(|change| replaced(&written, change)).collect();
        for key in written.keys().filter(|key| !is_for_people(key)) {
            written_keys += 1;
            if !changed.contains(key) {
                missed.push(format!("{name}.{key}: {}", written[key]));
            }
        }
    }
    assert!(written_keys > 300, "{written_keys}");
    assert!(missed.is_empty(), "nothing changes these:\n{}", missed.join("\n"));
}

#[test]
fn a_key_that_a_scheme_cannot_use_is_refused_with_file_and_line() {
    let shipped = repository().join("worlds/netherlands");
    let told = |change: fn(&str) -> String| {
        let scratch = tempfile::tempdir().expect("the folder for tests takes folders");
        let folder = scratch.path().join("netherlands");
        copy(&shipped, &folder);
        let file = folder.join("schemes/amsterdam_points.ron");
        let text = std::fs::read_to_string(&file).expect("it was copied");
        std::fs::write(&file, change(&text)).expect("the folder for tests takes files");
        doorstroom_world::World::load(&folder).expect_err("it is refused").to_string()
    };
    type Case = (fn(&str) -> String, &'static str);
    let cases: [Case; 4] = [
        (
            |text| text.replace("            refusal: LosesPoints,\n", ""),
            "`lost_per_refusal` where a refusal costs no points",
        ),
        (
            |text| text.replace("search: {\"everybody\": (per_month: 1, most: 30)},", ""),
            "`search_reactions` without `search` points",
        ),
        (
            |text| text.replace("most_offers: 1, untaken", "most_offers: 1, most_reactions: 3, untaken"),
            "nobody reacts where the landlord proposes",
        ),
        (
            |text| text.replace("            most_offers: 15,", "            most_offers: 15, untaken: Lost,"),
            "stays on offer",
        ),
    ];
    for (change, why) in cases {
        let told = told(change);
        let line = told.lines().find(|line| line.contains(why)).unwrap_or_else(|| panic!("{why} in\n{told}"));
        let (place, _) = line.split_once(": not applicable").unwrap_or_else(|| panic!("{line}"));
        let mut place = place.rsplit(':');
        let is_number = |text: Option<&str>| text.is_some_and(|text| text.trim().parse::<u32>().is_ok());
        assert!(is_number(place.next()) && is_number(place.next()), "line and column in {line}");
        assert!(place.next().is_some_and(|file| file.ends_with("schemes/amsterdam_points.ron")), "{line}");
    }
    let text = question("amsterdam_points", &[])
        .replace("Schemes({", "Set(\"schemes.amsterdam_points.channels.urgent.most_reactions\", 2), Schemes({");
    let told = experiment(&text).expect_err("it is refused").to_string();
    assert!(told.contains("schemes.ron:") && told.contains("not applicable: nobody reacts"), "{told}");
}

fn copy(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).expect("the folder for tests takes folders");
    for entry in std::fs::read_dir(from).expect("the world is there") {
        let entry = entry.expect("the world can be read");
        if entry.path().is_dir() {
            copy(&entry.path(), &to.join(entry.file_name()));
        } else {
            std::fs::copy(entry.path(), to.join(entry.file_name())).expect("the folder for tests takes files");
        }
    }
}
