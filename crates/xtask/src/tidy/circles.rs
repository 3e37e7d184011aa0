//! Files of a crate that import each other in a circle: none of them can then be understood without the others.
//!
//! A file may use what the module that holds it declares, and what a crate gives out at its root counts as the root's.

use std::collections::{BTreeMap, BTreeSet};

use super::code::{entries, first_word, is_test, production, without_comment};
use super::house::{House, Offence};

/// A module by its path below the root of its crate.
type Module = Vec<String>;

/// The files of a crate by module: path and text.
type Files<'a> = BTreeMap<Module, (&'a str, &'a str)>;

/// Circles of files, each told once, at its first file.
pub fn circles(house: &House) -> Vec<Offence> {
    let mut crates: BTreeMap<&str, Files<'_>> = BTreeMap::new();
    for (path, text) in house.ending("rs").filter(|(path, _)| !is_test(path) && !path.ends_with("_tests.rs")) {
        if let Some((of, inside)) = path.strip_prefix("crates/").and_then(|rest| rest.split_once("/src/")) {
            crates.entry(of).or_default().insert(module_of(inside), (path, text));
        }
    }
    crates.values().flat_map(circles_of).collect()
}

/// `[a, b]` of `a/b.rs` and of `a/b/mod.rs`; nothing of the root.
fn module_of(inside: &str) -> Module {
    let mut parts: Module = inside.trim_end_matches(".rs").split('/').map(str::to_owned).collect();
    if parts.last().is_some_and(|last| ["lib", "main", "mod"].contains(&last.as_str())) {
        parts.pop();
    }
    parts
}

fn circles_of(files: &Files<'_>) -> Vec<Offence> {
    let used: BTreeMap<&Module, BTreeSet<&Module>> = files.keys().map(|module| (module, uses(module, files))).collect();
    let reached: BTreeMap<&Module, BTreeSet<&Module>> =
        files.keys().map(|module| (module, reached_from(module, &used))).collect();
    let mut offences = Vec::new();
    for module in files.keys() {
        let circle: Vec<&Module> =
            reached[module].iter().copied().filter(|other| reached[*other].contains(module)).collect();
        if circle.first() == Some(&module) {
            let paths: Vec<&str> = circle.iter().map(|module| files[*module].0).collect();
            let message =
                format!("a circle of imports: {}; move what both need to a file of its own", paths.join(", "));
            offences.push(Offence::at(files[module].0, 0, message));
        }
    }
    offences
}

/// All modules that can be reached; the module itself only by a circle.
fn reached_from<'a>(module: &'a Module, used: &BTreeMap<&'a Module, BTreeSet<&'a Module>>) -> BTreeSet<&'a Module> {
    let (mut reached, mut open) = (BTreeSet::new(), vec![module]);
    while let Some(module) = open.pop() {
        open.extend(used[module].iter().filter(|other| reached.insert(**other)));
    }
    reached
}

/// The other files that one names, those that hold it apart.
fn uses<'a>(module: &Module, files: &'a Files<'_>) -> BTreeSet<&'a Module> {
    let code = production(files[module].1).map(without_comment).collect::<Vec<_>>().join("\n");
    let inner = |other: &&Module| other.len() == module.len() + 1 && other.starts_with(module);
    let children: Vec<&str> = files.keys().filter(inner).map(|child| child[module.len()].as_str()).collect();
    let paths = paths_of(&code, &children);
    let named = paths.into_iter().filter_map(|path| {
        let whole = from_root(module, &path)?;
        (0..=whole.len()).rev().find_map(|length| files.get_key_value(&whole[..length])).map(|(found, _)| found)
    });
    named.filter(|found| !module.starts_with(found)).collect()
}

/// The parts of a path below the root of the crate.
fn from_root(module: &Module, path: &[&str]) -> Option<Module> {
    let up = path.iter().take_while(|part| **part == "super").count();
    let (from, rest) = match path.first() {
        Some(&"crate") => (0, 1),
        Some(&"self") => (module.len(), 1),
        Some(&"super") => (module.len().checked_sub(up)?, up),
        _ => (module.len(), 0),
    };
    Some(module[..from].iter().cloned().chain(path[rest..].iter().map(|part| (*part).to_owned())).collect())
}

/// Every path that begins with `crate`, `self`, `super` or a child, lists in braces written out.
fn paths_of<'a>(code: &'a str, children: &[&str]) -> Vec<Vec<&'a str>> {
    let mut paths = Vec::new();
    for (at, _) in code.match_indices("::") {
        let before = code[..at].rfind(|c: char| !c.is_ascii_alphanumeric() && c != '_').map_or(0, |end| end + 1);
        let head = &code[before..at];
        let begins = !code[..before].ends_with([':', '$', '.']);
        if begins && (["crate", "self", "super"].contains(&head) || children.contains(&head)) {
            write_out(&code[before..], &mut Vec::new(), &mut paths);
        }
    }
    paths
}

/// Adds the paths with which `text` begins, behind the parts before them.
fn write_out<'a>(text: &'a str, before: &mut Vec<&'a str>, paths: &mut Vec<Vec<&'a str>>) {
    if let Some(list) = text.strip_prefix('{') {
        entries(list).into_iter().for_each(|entry| write_out(entry, &mut before.clone(), paths));
        return;
    }
    let word = first_word(text);
    before.extend((!word.is_empty()).then_some(word));
    match text[word.len()..].strip_prefix("::") {
        Some(rest) => write_out(rest, before, paths),
        None => paths.push(before.clone()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(files: &[(&str, &str)]) -> Vec<String> {
        let files: Vec<(String, &str)> =
            files.iter().map(|(path, text)| (format!("crates/a/src/{path}"), *text)).collect();
        let files: Vec<(&str, &str)> = files.iter().map(|(path, text)| (path.as_str(), *text)).collect();
        circles(&House::of(&files)).into_iter().map(|offence| offence.path).collect()
    }

    #[test]
    fn files_that_import_each_other_by_any_path_are_a_circle_told_once() {
        let back = "use crate::one::One;";
        for text in
            ["use crate::two::Two;", "use crate::{\n    two::{Two, Three},\n    x,\n};", "fn a() { super::two::b() }"]
        {
            assert_eq!(told(&[("one.rs", text), ("two.rs", back)]), ["crates/a/src/one.rs"], "{text}");
        }
        let far =
            [("one.rs", "use crate::two::Two;"), ("two.rs", "use crate::three::{self, b};"), ("three/mod.rs", back)];
        assert_eq!(told(&far).len(), 1);
        let through_a_child =
            [("one.rs", "fn a() { inner::b() }"), ("one/inner.rs", "use crate::two::Two;"), ("two.rs", back)];
        assert_eq!(told(&through_a_child).len(), 1);
    }

    #[test]
    fn what_holds_a_file_what_is_tested_and_what_is_said_are_no_circle() {
        for (one, two) in [
            ("use crate::two::Two;", "//! Of [`crate::one::One`].\n"),
            ("use crate::two::Two;", "#[cfg(test)]\nmod tests {\n    use crate::one::One;\n}\n"),
            ("use crate::two::Two;", "use other::one::One;"),
            ("use crate::Two;", "use crate::One;"),
        ] {
            let files = [("lib.rs", "pub use one::One;\npub use two::Two;"), ("one.rs", one), ("two.rs", two)];
            assert_eq!(told(&files), [] as [&str; 0], "{two}");
        }
        assert_eq!(told(&[("one.rs", "use inner::a;"), ("one/inner.rs", "use super::B;")]), [] as [&str; 0]);
        assert_eq!(told(&[("one.rs", "use crate::two::A;"), ("two/tests.rs", "use crate::one::B;")]), [] as [&str; 0]);
    }
}
