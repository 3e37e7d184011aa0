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
    /// `quota.link_days` of the rules, `start.households.head_age_min` of a start state.
    path: String,
    /// Low and high ends worth trying.
    range: Option<String>,
    /// Values, each with the date from which it holds; a start state has none.
    values: Vec<(Option<String>, String)>,
    /// Assumptions that its sources name.
    assumptions: BTreeSet<u32>,
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
    for (path, text) in house.ending("ron") {
        let Some(file) = path.strip_prefix(WORLD).map(|file| file.trim_end_matches(".ron")) else { continue };
        let subject = file.strip_prefix("policy/");
        let depth = if subject.is_some() { 1 } else { 2 };
        for (name, body) in fields(text, depth) {
            let path = format!("{}.{name}", subject.unwrap_or(file));
            let values = if subject.is_some() {
                dated_values(&body)
            } else {
                value_of(&body).map(|v| (None, v)).into_iter().collect()
            };
            let range = between(&body, "range: (", ")").map(|range| range.replace(", ", " to "));
            let assumptions = named(&body).into_iter().map(|(_, number)| number).collect();
            found.push(Parameter { path, range, values, assumptions });
        }
    }
    found
}

/// Name and text, on one line, of every field that stands `depth` levels in; of a deeper one, `section.name`.
fn fields(text: &str, depth: usize) -> Vec<(String, String)> {
    let mut found: Vec<(String, String)> = Vec::new();
    let mut section = String::new();
    for line in text.lines() {
        let level = (line.len() - line.trim_start().len()) / 4;
        let name = line.trim_start().split_once(": (").map(|(name, _)| name).filter(|name| is_name(name));
        match name {
            Some(name) if level < depth => section = format!("{name}."),
            Some(name) if level == depth => found.push((format!("{section}{name}"), line.trim().to_owned())),
            _ if level >= depth => {
                if let Some((_, body)) = found.last_mut() {
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
    between(text, "value: ", ", source: ").map(|value| value.trim_end_matches(',').to_owned())
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
    fn a_row_that_gives_another_value_is_outdated_until_it_is_written() {
        let old = "| A21 | a | `quota.carry` false | c |\n";
        assert_eq!(outdated_values(&house(old)).len(), 1);
        assert_eq!(outdated_values(&house(&with_values(&house(old)).unwrap())), []);
    }
}
