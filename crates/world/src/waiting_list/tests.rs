//! The shipped waiting-list world, and such worlds with mistakes.

use std::fs;
use std::path::{Path, PathBuf};

use tempfile::TempDir;

use super::*;
use crate::notation::WORLD_FILE;

fn shipped() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../worlds/waiting-list-core")
}

/// The shipped file with each of the replacements made, in a folder of its own.
fn spoiled(replacements: &[(&str, &str)]) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    let mut text = fs::read_to_string(shipped().join(WORLD_FILE)).unwrap();
    for (from, to) in replacements {
        assert!(text.contains(from), "{from}");
        text = text.replacen(from, to, 1);
    }
    fs::write(folder.path().join(WORLD_FILE), text).unwrap();
    folder
}

fn told(replacements: &[(&str, &str)]) -> String {
    WaitingListWorld::load(spoiled(replacements).path()).expect_err("the world was spoiled").to_string()
}

#[test]
fn the_shipped_world_is_read_and_a_dutch_world_is_of_another_kind() {
    let world = WaitingListWorld::load(&shipped()).unwrap().unwrap();
    assert_eq!((world.name.as_str(), world.file.households), ("waiting-list-core", 1_000_000));
    let names: Vec<&str> = world.file.groups.iter().map(|group| group.name.as_str()).collect();
    assert_eq!(names, ["regular", "short_notice", "status_holder", "ukrainian"]);
    assert_eq!(WaitingListWorld::load(&shipped().with_file_name("netherlands")).unwrap(), None);
    let message = crate::World::load(&shipped()).expect_err("not a Dutch world").to_string();
    assert!(message.contains("doorstroom bench"), "{message}");
}

#[test]
fn all_mistakes_come_in_one_answer_each_in_its_place() {
    let told = told(&[
        ("housed: 0.80,", "housed: 1.80,"),
        ("share: 0.12", "share: 0.13"),
        ("class: 0)", "class: 9)"),
        ("Months(1)", "Months(2)"),
        ("skew: 2.0", "skew: -2.0"),
        ("income_at_most: 50000.0", "income_at_most: 0.0"),
        ("departure: (chance_per_step", "departure: (chanse_per_step"),
        ("\"ukrainian\"", "\"regular\""),
    ]);
    for wanted in [
        "`housed` is 1.8; a share lies between 0 and 1",
        "sum to 1.01",
        "`class` is 9",
        "write `Months(1)`",
        "`skew` is -2",
        "`income_at_most` is 0",
        "did you mean `chance_per_step`?",
        "the group \"regular\" is named twice",
        "world.ron:24:",
    ] {
        assert!(told.contains(wanted), "{wanted} in\n{told}");
    }
}

#[test]
fn every_key_of_the_file_is_missed_when_it_is_misspelt() {
    let text = fs::read_to_string(shipped().join(WORLD_FILE)).unwrap();
    let code: String = text.lines().filter(|line| !line.trim_start().starts_with("//")).collect();
    let mut keys: Vec<&str> = code
        .match_indices(": ")
        .map(|(at, _)| code[..at].rsplit(|c: char| !(c.is_ascii_lowercase() || c == '_')).next().unwrap())
        .filter(|key| !key.is_empty())
        .collect();
    keys.sort_unstable();
    keys.dedup();
    assert!(keys.len() > 25, "{keys:?}");
    for key in keys {
        let misspelt = format!("{key}x: ");
        let from = [" ", "("].map(|before| format!("{before}{key}: "));
        let from = from.iter().find(|from| text.contains(*from)).unwrap();
        let told = told(&[(from, &format!("{}{misspelt}", &from[..1]))]);
        assert!(told.contains(&format!("unknown field `{key}x`")) && told.contains("world.ron:"), "{key}: {told}");
    }
}
