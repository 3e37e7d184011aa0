//! The values behind the assumptions: the third column of the table in `worlds/README.md` is made from the files of the
//! world, so that it cannot fall behind them.

use std::collections::BTreeSet;

use super::house::{House, Offence};
use super::worlds::{EXPLAINED, named, rows};

/// The world whose values are told.
const WORLD: &str = "worlds/netherlands/";
/// Longest value that is told in full, in characters.
const LONGEST: usize = 40;

/// A number, or a table of numbers, of the world.
struct Parameter {
    /// The file, and the line in it from 0 on.
    file: String,
    line: usize,
    /// `quota.link_days` of the rules, `start.households.head_age_min` of a start state.
    path: String,
    /// Low and high ends worth trying.
    range: Option<String>,
    /// Values, each with the date from which it holds; a start state has none.
    values: Vec<(Option<String>, String)>,
    /// Assumptions that its sources name.
    assumptions: BTreeSet<u32>,
}

/// Assumed numbers without low and high ends. A table has none of its own: it is changed as a whole, or by the number
/// that sets its level. A choice among words has none either.
pub fn without_range(house: &House) -> Vec<Offence> {
    let lacking = parameters(house).into_iter().filter(|one| !one.assumptions.is_empty() && one.range.is_none());
    lacking
        .filter(Parameter::is_number)
        .map(|one| Offence::at(&one.file, one.line, "an assumed number has a `range`: the ends worth trying"))
        .collect()
}

/// Rows whose values are not those of the world.
pub fn outdated_values(house: &House) -> Vec<Offence> {
    let Some(text) = house.text(EXPLAINED) else { return Vec::new() };
    let Some(written) = with_values(house) else { return Vec::new() };
    let pairs = text.lines().zip(written.lines()).enumerate();
    let differing = pairs.filter(|(_, (is, should))| is != should);
    differing
        .map(|(i, _)| Offence::at(EXPLAINED, i, "not the values of the world: `cargo xtask tidy --write`"))
        .collect()
}

/// The explanations with the values as they are now; `None` without a file of explanations. An assumption that no
/// parameter names keeps what is written.
pub fn with_values(house: &House) -> Option<String> {
    let text = house.text(EXPLAINED)?;
    let parameters = parameters(house);
    let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
    for (i, number) in rows(text) {
        let using = parameters.iter().filter(|parameter| parameter.assumptions.contains(&number));
        let told: Vec<String> = using.map(Parameter::told).collect();
        let mut cells: Vec<&str> = lines[i].split(" | ").collect();
        if !told.is_empty() && cells.len() == 4 {
            let joined = told.join("; ");
            cells[2] = &joined;
            lines[i] = cells.join(" | ");
        }
    }
    Some(lines.join("\n") + "\n")
}

impl Parameter {
    /// Whether its last value is one number, or one for each class of market.
    fn is_number(&self) -> bool {
        let last = self.values.last().map_or("", |(_, value)| value);
        last.parse::<f64>().is_ok() || last.starts_with("(tight: ")
    }

    /// As text: `quota.link_days` 28 (14 to 56).
    fn told(&self) -> String {
        let mut text = format!("`{}`", self.path);
        for (i, (from, value)) in self.values.iter().enumerate() {
            let value = if value.len() > LONGEST { "a table" } else { value };
            match from {
                Some(from) if i > 0 => text += &format!(", {value} from {from}"),
                _ => text += &format!(" {value}"),
            }
        }
        if let Some(range) = &self.range {
            text += &format!(" ({range})");
        }
        text
    }
}

/// All parameters of the world, in the order of the files.
fn parameters(house: &House) -> Vec<Parameter> {
    let mut found = Vec::new();
    for (whole, text) in house.ending("ron") {
        let Some(file) = whole.strip_prefix(WORLD).map(|file| file.trim_end_matches(".ron")) else { continue };
        let subject = file.strip_prefix("policy/");
        let depth = if subject.is_some() { 1 } else { 2 };
        for (line, name, body) in fields(text, depth) {
            let path = format!("{}.{name}", subject.unwrap_or(file));
            let values = if subject.is_some() {
                dated_values(&body)
            } else {
                value_of(&body).map(|v| (None, v)).into_iter().collect()
            };
            let range = between(&body, "range: (", ")").map(|range| range.replace(", ", " to "));
            let assumptions = named(&body).into_iter().map(|(_, number)| number).collect();
            found.push(Parameter { file: whole.to_owned(), line, path, range, values, assumptions });
        }
    }
    found
}

/// Line, name and text, on one line, of every field that stands `depth` levels in; of a deeper one, `section.name`.
fn fields(text: &str, depth: usize) -> Vec<(usize, String, String)> {
    let mut found: Vec<(usize, String, String)> = Vec::new();
    let mut section = String::new();
    for (number, line) in text.lines().enumerate() {
        let level = (line.len() - line.trim_start().len()) / 4;
        let name = line.trim_start().split_once(": (").map(|(name, _)| name).filter(|name| is_name(name));
        match name {
            Some(name) if level < depth => section = format!("{name}."),
            Some(name) if level == depth => found.push((number, format!("{section}{name}"), line.trim().to_owned())),
            _ if level >= depth => {
                if let Some((_, _, body)) = found.last_mut() {
                    *body += " ";
                    *body += line.trim();
                }
            }
            _ => {}
        }
    }
    found
}

fn is_name(text: &str) -> bool {
    !text.is_empty() && text.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_')
}

/// Date and value of every step of a rule.
fn dated_values(body: &str) -> Vec<(Option<String>, String)> {
    let steps = body.split("(from: \"").skip(1);
    steps.filter_map(|step| Some((step.split_once('"').map(|(date, _)| date.to_owned()), value_of(step)?))).collect()
}

fn value_of(text: &str) -> Option<String> {
    let value = between(text, "value: ", ", source: ")?;
    // in a start state the range stands between the two
    let value = value.split_once(", range: (").map_or(value, |(value, _)| value);
    Some(value.trim_end_matches(',').to_owned())
}

fn between<'a>(text: &'a str, before: &str, after: &str) -> Option<&'a str> {
    Some(text.split_once(before)?.1.split_once(after)?.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    const QUOTA: &str = "(\n    term_days: (\n        unit: \"days\",\n        range: (14, 98),\n        steps: [\n            \
        (from: \"2000-01-01\", value: 98, source: \"letter\"),\n            \
        (from: \"2026-01-01\", value: 99, source: \"assumption A20: why\"),\n        ],\n    ),\n    \
        carry: (\n        unit: \"\",\n        steps: [\n            \
        (from: \"2000-01-01\", value: true, source: \"assumption A21\"),\n        ],\n    ),\n)\n";
    const START: &str = "(\n    date: \"2025-01-01\",\n    homes: (\n        rooms: (value: (\n            \
        (1, 2),\n        ), source: \"assumption A20\"),\n        \
        edges: (value: [(1, 0.1), (2, 0.2), (3, 0.3), (4, 0.4), (5, 0.5)], source: \"assumption A21\"),\n    ),\n)\n";

    fn house(readme: &str) -> House {
        let files = [("worlds/netherlands/policy/quota.ron", QUOTA), ("worlds/netherlands/start.ron", START)];
        House::of(&[files[0], files[1], (EXPLAINED, readme)])
    }

    #[test]
    fn values_ranges_and_dates_come_from_the_files() {
        let written = with_values(&house("| A1 | a | b | c |\n| A20 | a | - | c |\n| A21 | a | - | c |\n")).unwrap();
        let lines: Vec<&str> = written.lines().collect();
        assert_eq!(lines[0], "| A1 | a | b | c |");
        assert_eq!(
            lines[1],
            "| A20 | a | `quota.term_days` 98, 99 from 2026-01-01 (14 to 98); `start.homes.rooms` ( (1, 2), ) | c |"
        );
        assert_eq!(lines[2], "| A21 | a | `quota.carry` true; `start.homes.edges` a table | c |");
    }

    #[test]
    fn an_assumed_number_without_ends_is_found_in_its_line_and_a_table_or_a_choice_is_not() {
        assert_eq!(without_range(&house("")), []);
        let without = QUOTA.replace("        range: (14, 98),\n", "");
        let start = "(\n    homes: (\n        low: (value: 1, range: (0, 2), source: \"assumption A20\"),\n        \
            high: (value: 2.5, source: \"assumption A20\"),\n    ),\n)\n";
        let files = [("worlds/netherlands/policy/quota.ron", &*without), ("worlds/netherlands/start.ron", start)];
        let found = without_range(&House::of(&files));
        assert_eq!(found.iter().map(|offence| offence.line).collect::<Vec<_>>(), [2, 4]);
    }

    #[test]
    fn a_row_that_gives_another_value_is_outdated_until_it_is_written() {
        let old = "| A21 | a | `quota.carry` false | c |\n";
        assert_eq!(outdated_values(&house(old)).len(), 1);
        assert_eq!(outdated_values(&house(&with_values(&house(old)).unwrap())), []);
    }
}
