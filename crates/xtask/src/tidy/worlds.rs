//! Rules about input: every number has a source, every assumption an explanation.

use std::collections::BTreeSet;

use super::house::{House, Offence};

/// Where assumptions are explained: a row of a table each, `| A20 | what | values | why |`.
pub const EXPLAINED: &str = "worlds/README.md";
/// Assumptions below this number are decisions of the model that no number in a file stands for.
const FIRST_OF_A_FILE: u32 = 20;

/// Values without a source: `(from: ..., value: ...)` of rules and `(value: ...)` of start states.
pub fn values_without_source(house: &House) -> Vec<Offence> {
    let mut offences = Vec::new();
    for (path, text) in house.ending("ron").filter(|(path, _)| path.starts_with("worlds/")) {
        for opening in ["(from: ", "(value: "] {
            let starts: Vec<usize> = text.match_indices(opening).map(|(at, _)| at).collect();
            for (i, &start) in starts.iter().enumerate() {
                let end = starts.get(i + 1).copied().unwrap_or(text.len());
                let source = text[start..end].split_once("source: \"").map(|(_, rest)| rest.split('"').next());
                if source.flatten().is_none_or(|source| source.trim().is_empty()) {
                    let line = text[..start].matches('\n').count();
                    offences.push(Offence::at(path, line, "the value has no source: a document, or an assumption"));
                }
            }
        }
    }
    offences
}

/// Assumptions that are named without being explained, explained twice, or explained without being made.
pub fn unexplained_assumptions(house: &House) -> Vec<Offence> {
    let rows: Vec<(usize, u32)> = rows(house.text(EXPLAINED).unwrap_or_default());
    let mut explained = BTreeSet::new();
    let mut offences = Vec::new();
    for &(line, number) in &rows {
        if !explained.insert(number) {
            offences.push(Offence::at(EXPLAINED, line, format!("A{number} is explained twice")));
        }
    }
    let mut made = BTreeSet::new();
    for (path, text) in house.ending("ron").chain(house.ending("rs")).filter(|(path, _)| !path.contains("/tidy/")) {
        for (i, number) in named(text) {
            made.insert(number);
            if !explained.contains(&number) {
                offences.push(Offence::at(path, i, format!("assumption A{number} has no row in {EXPLAINED}")));
            }
        }
    }
    for (line, number) in rows {
        if number >= FIRST_OF_A_FILE && !made.contains(&number) {
            offences.push(Offence::at(EXPLAINED, line, format!("A{number} is explained, but nothing names it")));
        }
    }
    offences
}

/// Line and number of every row `| A20 | ...`.
pub fn rows(text: &str) -> Vec<(usize, u32)> {
    let numbered = |line: &str| line.strip_prefix("| A")?.split_once(' ')?.0.parse().ok();
    text.lines().enumerate().filter_map(|(i, line)| Some((i, numbered(line)?))).collect()
}

/// Line and number of every assumption that is named, as in `assumption A20`.
pub fn named(text: &str) -> Vec<(usize, u32)> {
    let mut found = Vec::new();
    for (i, line) in text.lines().enumerate() {
        for rest in line.split("ssumption A").skip(1) {
            let end = rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len());
            found.extend(rest[..end].parse().ok().map(|number| (i, number)));
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    const QUOTA: &str = "(\n    term_days: (\n        unit: \"days\",\n        steps: [\n            \
        (from: \"2000-01-01\", value: 98, source: \"letter\"),\n            \
        (from: \"2026-01-01\", value: 99, source: \"assumption A20: why\"),\n        ],\n    ),\n)\n";

    fn house(quota: &str, readme: &str) -> House {
        House::of(&[("worlds/netherlands/policy/quota.ron", quota), (EXPLAINED, readme)])
    }

    #[test]
    fn a_value_without_source_is_found_in_its_line() {
        assert_eq!(values_without_source(&house(QUOTA, "")), []);
        for without in [QUOTA.replace(", source: \"letter\"", ""), QUOTA.replace("\"letter\"", "\" \"")] {
            let offences = values_without_source(&house(&without, ""));
            assert_eq!(offences.iter().map(|offence| offence.line).collect::<Vec<_>>(), [5], "{without}");
        }
    }

    #[test]
    fn an_assumption_has_one_row_and_a_row_has_an_assumption() {
        assert_eq!(unexplained_assumptions(&house(QUOTA, "| A20 | why |\n| A1 | a decision |\n")), []);
        assert_eq!(unexplained_assumptions(&house(QUOTA, "A20 in passing\n")).len(), 1);
        assert_eq!(unexplained_assumptions(&house(QUOTA, "| A20 | why |\n| A20 | again |\n")).len(), 1);
        assert_eq!(unexplained_assumptions(&house(QUOTA, "| A20 | why |\n| A21 | stale |\n")).len(), 1);
    }
}
