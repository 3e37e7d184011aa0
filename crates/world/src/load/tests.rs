//! The shipped worlds, and worlds with mistakes.

use std::path::{Path as FilePath, PathBuf};

use tempfile::TempDir;

use super::*;
use crate::population::Population;
use crate::report::PopulationReport;

fn worlds() -> PathBuf {
    FilePath::new(env!("CARGO_MANIFEST_DIR")).join("../../worlds")
}

pub(crate) fn netherlands() -> World {
    World::load(&worlds().join("netherlands")).expect("the shipped world has no mistakes")
}

/// A copy of the Dutch world to be spoiled, in a folder that goes with the test.
fn copy() -> (TempDir, PathBuf) {
    let root = tempfile::tempdir().unwrap();
    let (from, to) = (worlds().join("netherlands"), root.path().join("netherlands"));
    for folder in ["", "policy", "schemes", "tables"] {
        fs::create_dir_all(to.join(folder)).unwrap();
        for entry in fs::read_dir(from.join(folder)).unwrap() {
            let entry = entry.unwrap();
            if entry.path().is_file() {
                fs::copy(entry.path(), to.join(folder).join(entry.file_name())).unwrap();
            }
        }
    }
    (root, to)
}

fn edit(file: &FilePath, from: &str, to: &str) {
    let text = fs::read_to_string(file).unwrap();
    assert!(text.contains(from), "{from} is in {}", file.display());
    fs::write(file, text.replacen(from, to, 1)).unwrap();
}

fn told(world: &FilePath) -> String {
    World::load(world).expect_err("the world was spoiled").to_string()
}

#[test]
fn the_dutch_world_is_whole_and_one_region_is_a_part_of_it() {
    let whole = netherlands();
    assert_eq!((whole.share, whole.tables.municipalities.len(), whole.tables.regions.len()), (1.0, 342, 40));
    let part = World::load(&worlds().join("one-region")).expect("the shipped world has no mistakes");
    assert_eq!(part.tables.regions.len(), 1);
    assert_eq!(part.tables.regions[0].code, "CR14");
    assert!(part.tables.regions[0].neighbours.is_empty());
    assert!(part.tables.municipalities.iter().all(|row| row.region == 0));
    // 406,785 of the inhabitants in regions.csv
    let inhabitants: u32 = part.tables.municipalities.iter().map(|row| row.inhabitants).sum();
    assert_eq!(inhabitants, 406_785);
    assert!((part.share - 0.0227).abs() < 0.0003, "{}", part.share);
    assert_eq!(part.rules.first_difference(&whole.rules), None);
    assert!(part.inputs.iter().any(|file| file.ends_with("one-region/world.ron")) && part.inputs.len() > 15);
}

#[test]
fn a_shipped_part_is_populated_as_its_rows_say_at_any_scale() {
    for (name, scale) in [("one-region", 1.0), ("one-region", 0.1), ("amsterdam", 0.1), ("utrecht", 0.1)] {
        let part = World::load(&worlds().join(name)).expect("the shipped world has no mistakes");
        let (population, markets) = part.populate_with_markets(scale, part.population_seed);
        let report = PopulationReport::of(&part, &population, &markets, scale);
        let missed: Vec<_> = report.missed().collect();
        assert!(missed.is_empty() && report.figures.len() > 100, "{name} at {scale}: {missed:?}");
    }
}

#[test]
fn the_incomes_of_a_part_are_those_it_has_in_the_country() {
    let whole = netherlands();
    for name in ["one-region", "amsterdam"] {
        let part = World::load(&worlds().join(name)).expect("the shipped world has no mistakes");
        // at 1:20, some 9,000 and 35,000 households: the share of a class has a standard error of 0.005 at most
        let alone = part.populate(0.05, 1);
        let within = whole.populate(0.05, 1);
        let codes: Vec<&str> = part.tables.municipalities.iter().map(|row| row.code.as_str()).collect();
        let is_there = |m: u16| codes.contains(&whole.tables.municipalities[usize::from(m)].code.as_str());
        let (here, there) = (classes(&alone, |_| true), classes(&within, is_there));
        for (class, (a, b)) in here.iter().zip(&there).enumerate() {
            assert!((a - b).abs() < 0.01, "{name}, class {class}: {here:?} alone, {there:?} in the country");
        }
    }
}

/// Shares of income classes among the households of these municipalities.
fn classes(population: &Population, of: impl Fn(u16) -> bool) -> Vec<f64> {
    let rows = population.means.iter().zip(&population.homes);
    let mut counts = [0.0; 8];
    for (means, _) in rows.filter(|(means, home)| means.income_class > 0 && of(home.municipality)) {
        counts[usize::from(means.income_class) - 1] += 1.0;
    }
    let all: f64 = counts.iter().sum();
    counts.iter().map(|count| count / all).collect()
}

#[test]
fn mistakes_of_all_files_come_in_one_answer() {
    let (_root, world) = copy();
    edit(&world.join("policy/priority.ron"), "FreeChoice", "FreeChoise");
    edit(&world.join("policy/quota.ron"), "source: \"", "source: \" \"), (from: \"1999-01-01\", value: 1, source: \"");
    edit(&world.join("policy/sharing.ron"), "steps:", "stps:");
    edit(&world.join("start_seekers.ron"), "    register:", "    regster:");
    edit(&world.join("start.ron"), "date: \"2025-01-01\"", "date: \"2026-01-01\"");
    fs::write(world.join("policy/qouta.ron"), "()").unwrap();
    let told = told(&world);
    for wanted in [
        "unknown variant `FreeChoise`",
        "did you mean `FreeChoice`?",
        "has no source",
        "dates ascend",
        "did you mean `steps`?",
        "did you mean `register`?",
        "`start` is 2025-01-01; the start state is that of 2026-01-01",
        "did you mean `quota.ron`?",
    ] {
        assert!(told.contains(wanted), "{wanted} in\n{told}");
    }
}

#[test]
fn a_number_outside_its_range_is_refused_at_its_place() {
    let (_root, world) = copy();
    let file = world.join("policy/reception.ron");
    edit(&file, "value: 0.7,", "value: 1.7,");
    let text = fs::read_to_string(&file).unwrap();
    let line = text.lines().position(|line| line.contains("value: 1.7,")).unwrap() + 1;
    let told = told(&world);
    assert!(told.contains(&format!("reception.ron:{line}:41: `family_arrives`: 1.7 is outside")), "{told}");
}

#[test]
fn files_outside_the_folder_are_not_read() {
    let (_root, world) = copy();
    edit(&world.join("world.ron"), "tables: \"tables\"", "tables: \"../netherlands/tables\"");
    assert!(told(&world).contains("it must lie inside the folder of the world"));
    let (_root, world) = copy();
    fs::rename(world.join("start.ron"), world.parent().unwrap().join("start.ron")).unwrap();
    std::os::unix::fs::symlink("../start.ron", world.join("start.ron")).unwrap();
    assert!(told(&world).contains("leads out of the folder of its world"));
}

#[test]
fn a_part_names_a_world_and_regions_that_exist() {
    let (_root, world) = copy();
    let part = world.parent().unwrap().join("part");
    fs::create_dir_all(&part).unwrap();
    let write = |of: &str, regions: &str| {
        let text = format!("Part(version: 1, title: \"t\", of: \"{of}\", regions: [{regions}])");
        fs::write(part.join("world.ron"), text).unwrap();
    };
    write("netherlnds", "\"CR14\"");
    assert!(told(&part).contains("did you mean \"netherlands\"?"));
    write("netherlands", "\"CR14\", \"CR41\", \"CR14\"");
    let both = told(&part);
    assert!(both.contains("there is no region \"CR41\"") && both.contains("given twice"), "{both}");
    write("part", "\"CR14\"");
    assert!(told(&part).contains("part of itself"));
    assert!(told(&world.with_file_name("netherland")).contains("did you mean \"netherlands\"?"));
}

#[test]
fn every_key_of_the_shipped_world_files_is_missed_when_it_is_misspelt() {
    let (root, _) = copy();
    for name in ["netherlands", "one-region", "toy-town"] {
        let good = fs::read_to_string(worlds().join(name).join(WORLD_FILE)).unwrap();
        let file = root.path().join(name).join(WORLD_FILE);
        fs::create_dir_all(file.parent().unwrap()).unwrap();
        let keys = keys(&good);
        assert!(keys.len() >= 4, "{name} has keys");
        for (at, key) in keys {
            let mut misspelt = good.clone();
            misspelt.remove(at + key.len() / 2);
            fs::write(&file, &misspelt).unwrap();
            let problems = World::load(file.parent().unwrap()).expect_err("a misspelt key is a mistake");
            let line = good[..at].matches('\n').count() + 1;
            let hints =
                problems.iter().filter(|problem| problem.line == line).filter_map(|problem| problem.hint.clone());
            assert!(
                hints.into_iter().any(|hint| hint.contains(&format!("`{key}`"))),
                "{name}:{line} {key}: {problems}"
            );
            assert_eq!(problems.len(), 1, "{name}:{line} {key}: {problems}");
        }
        fs::write(&file, &good).unwrap();
    }
}

/// Byte and text of every field name and every name of a variant outside comments and texts.
fn keys(text: &str) -> Vec<(usize, &str)> {
    let mut keys = Vec::new();
    let mut start = 0;
    for line in text.split_inclusive('\n') {
        let code = line.split("//").next().unwrap_or_default();
        for (i, part) in code.split('"').enumerate().filter(|(i, _)| i % 2 == 0) {
            let from: usize = code.split('"').take(i).map(|before| before.len() + 1).sum();
            let mut at = 0;
            for word in part.split(|c: char| !(c.is_alphanumeric() || c == '_')) {
                let field = part[at + word.len()..].starts_with(':');
                // the names on the first level are the notation itself
                let variant = word.starts_with(|c: char| c.is_ascii_uppercase()) && from + at > 0;
                if word.len() > 1 && (field || variant) {
                    keys.push((start + from + at, word));
                }
                at += word.len() + part[at + word.len()..].chars().next().map_or(0, char::len_utf8);
            }
        }
        start += line.len();
    }
    keys
}

#[test]
fn every_key_of_a_shipped_scheme_is_missed_when_it_is_misspelt() {
    let (_root, world) = copy();
    let mut tried = 0;
    for entry in fs::read_dir(world.join("schemes")).unwrap() {
        let file = entry.unwrap().path();
        let good = fs::read_to_string(&file).unwrap();
        for (at, _) in good.match_indices(": ") {
            let key: String = good[..at].chars().rev().take_while(|c| c.is_ascii_lowercase() || *c == '_').collect();
            let key: String = key.chars().rev().collect();
            let before = good[..at - key.len()].chars().next_back();
            let line = good[..at].rsplit('\n').next().unwrap_or_default();
            // a key is a word of its own, outside comments and strings
            let outside = !line.contains("//") && line.matches('"').count() % 2 == 0;
            if key.len() < 4 || !outside || before.is_some_and(|c| c.is_alphanumeric()) {
                continue;
            }
            let misspelt: String = key.chars().enumerate().filter(|&(i, _)| i != 2).map(|(_, c)| c).collect();
            fs::write(&file, format!("{}{misspelt}{}", &good[..at - key.len()], &good[at..])).unwrap();
            let told = told(&world);
            assert!(told.contains(&format!("did you mean `{key}`?")), "{}: {key}: {told}", file.display());
            tried += 1;
        }
        fs::write(&file, good).unwrap();
    }
    assert!(tried > 30, "{tried} keys");
}

#[test]
fn names_that_a_scheme_or_the_world_does_not_know_are_told_with_those_that_there_are() {
    let (_root, world) = copy();
    let file = world.join("schemes/registration_time.ron");
    edit(&file, "\"medical\": (groups", "\"medicl\": (groups");
    edit(&file, "groups: [\"resident\"]", "groups: [\"residnt\"]");
    edit(&file, "NextChannel(\"advertised\")", "NextChannel(\"advertisd\")");
    edit(&file, "\"channels.lottery.share\": \"assumption A77\",", "");
    edit(&file, "\"channels.renewal.share\"", "\"channels.renewl.share\"");
    let answer = told(&world);
    for wanted in [
        "there is no ground \"medicl\"",
        "did you mean \"medical\"?",
        "did you mean \"resident\"?",
        "did you mean \"advertised\"?",
        "`channels.lottery.share` has no source",
        "did you mean \"channels.renewal.share\"?",
    ] {
        assert!(answer.contains(wanted), "{wanted} in\n{answer}");
    }
    let (_root, world) = copy();
    edit(&world.join("world.ron"), "tight: \"registration_time\"", "tight: \"registration_tim\"");
    edit(&world.join("world.ron"), "regions: {}", "regions: {\"CR233\": \"registration_time\"}");
    let answer = told(&world);
    assert!(answer.contains("world.ron:") && answer.contains("did you mean \"registration_time\"?"), "{answer}");
    assert!(answer.contains("there is no region \"CR233\""), "{answer}");
}
