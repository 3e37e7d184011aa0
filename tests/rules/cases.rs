//! Cases of rules as data: what is given, what is expected, and where that is written.

use std::fmt::Debug;
use std::path::{Path, PathBuf};

use serde::Deserialize;
use serde::de::DeserializeOwned;

/// One case.
#[derive(Deserialize, Debug)]
#[serde(deny_unknown_fields)]
pub struct Case<G, E> {
    /// What is special about it.
    pub name: String,
    /// Law, table, letter or assumption that says so.
    pub source: String,
    /// What the rule is given.
    pub given: G,
    /// What it must answer.
    pub expect: E,
}

/// The folder of the case files.
pub fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("rules")
}

/// Cases of a file.
///
/// # Errors
/// What RON found wrong, with line and column; an empty file; a case without name or source; two of one name.
pub fn parse<G: DeserializeOwned, E: DeserializeOwned>(text: &str) -> Result<Vec<Case<G, E>>, String> {
    let cases: Vec<Case<G, E>> = ron::from_str(text).map_err(|error| error.to_string())?;
    if cases.is_empty() {
        return Err("holds no case".to_owned());
    }
    for (i, case) in cases.iter().enumerate() {
        if case.name.trim().is_empty() || case.source.trim().is_empty() {
            return Err(format!("case {i} `{}` has no name or no source", case.name));
        }
        if cases[..i].iter().any(|other| other.name == case.name) {
            return Err(format!("two cases are called `{}`", case.name));
        }
    }
    Ok(cases)
}

/// Asks the rule every case of a file.
///
/// # Panics
/// If the file cannot be read or is malformed, and if any answer differs, with all that do.
pub fn check<G, E>(file: &str, rule: impl Fn(&G) -> E)
where
    G: DeserializeOwned + Debug,
    E: DeserializeOwned + Debug + PartialEq,
{
    let text = std::fs::read_to_string(folder().join(file)).unwrap_or_else(|error| panic!("{file}: {error}"));
    let cases: Vec<Case<G, E>> = parse(&text).unwrap_or_else(|error| panic!("tests/rules/{file}: {error}"));
    let wrong: Vec<String> = cases
        .iter()
        .map(|case| (case, rule(&case.given)))
        .filter(|(case, found)| *found != case.expect)
        .map(|(case, found)| {
            let Case { name, source, given, expect } = case;
            format!("{name} ({source})\n  given    {given:?}\n  expected {expect:?}\n  found    {found:?}")
        })
        .collect();
    assert!(wrong.is_empty(), "tests/rules/{file}: {} of {} cases\n{}", wrong.len(), cases.len(), wrong.join("\n"));
}
