//! One change of one rule: from a date on, a parameter has another value.

use doorstroom_kernel::Day;
use doorstroom_policy::Rules;
use doorstroom_policy::gate::{Gate, Gated};
use doorstroom_policy::priority::MunicipalityCode;
use doorstroom_policy::scheme::SchemeError;
use doorstroom_world::World;
use doorstroom_world::read::{Path, Problem, Snippet, Source, suggest};
use ron::error::{Error, SpannedError};
use serde::Serialize;

/// Where the schemes of allocation stand among the rules: `schemes.CR23`, `schemes.amsterdam_points.shares`.
pub const SCHEMES: &str = "schemes.";

/// Codes of municipalities that a hint tells.
const MOST_CODES: usize = 8;

/// From `from` on, or from when its gate opens on, the parameter at `path` has the value written in `value`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Change {
    /// First day.
    pub from: Day,
    /// `subject.parameter`.
    pub path: String,
    /// The value in RON.
    pub value: String,
    /// The gate behind which it waits.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub gate: Option<Gate>,
}

/// Why a change cannot be made.
#[derive(Debug, thiserror::Error)]
pub enum ChangeError {
    /// No rule has this path.
    #[error("there is no rule `{path}`")]
    UnknownPath {
        /// The path as given.
        path: String,
        /// The path that was probably meant.
        meant: Option<String>,
    },
    /// The value is not of the rule's type.
    #[error("{}", unreadable(path, value, &reason.code))]
    Unreadable {
        /// The rule.
        path: String,
        /// The value in RON.
        value: String,
        /// What RON says, with its place inside the value.
        reason: Box<SpannedError>,
    },
    /// The value is outside the range of the rule.
    #[error("`{path}`: {message}")]
    OutOfRange {
        /// The rule.
        path: String,
        /// Value, range and unit.
        message: String,
    },
    /// No scheme of allocation has this name.
    #[error("`{path}`: there is no scheme \"{name}\"")]
    UnknownScheme {
        /// The rule.
        path: String,
        /// The name as given.
        name: String,
        /// What was probably meant, or what there is.
        hint: String,
    },
    /// The world has no municipality of this code.
    #[error("`{path}`: there is no municipality \"{code}\" in this world")]
    UnknownMunicipality {
        /// The rule.
        path: String,
        /// The code as given.
        code: String,
        /// What was probably meant, or what there is.
        hint: String,
    },
}

impl ChangeError {
    /// What would be right, in a few words.
    pub fn hint(&self) -> Option<String> {
        match self {
            ChangeError::UnknownPath { meant, .. } => {
                Some(meant.as_ref().map_or_else(subjects, |path| format!("did you mean \"{path}\"?")))
            }
            ChangeError::Unreadable { reason, .. } => misspelt(&reason.code).and_then(|(_, hint)| hint),
            ChangeError::OutOfRange { .. } => None,
            ChangeError::UnknownScheme { hint, .. } | ChangeError::UnknownMunicipality { hint, .. } => {
                Some(hint.clone())
            }
        }
    }
}

fn subjects() -> String {
    format!("a rule is `subject.parameter`; subjects: {}", Rules::SUBJECTS.join(", "))
}

impl Change {
    /// Makes the change in `rules`; `source` says who changes them.
    ///
    /// # Errors
    /// There is no such rule, or the value is not one of its kind or range.
    pub fn apply(&self, rules: &mut Rules, source: &str) -> Result<(), ChangeError> {
        if let Some(gate) = self.gate {
            Change { gate: None, ..self.clone() }.apply(&mut rules.clone(), source)?;
            let (path, value, source) = (self.path.clone(), self.value.clone(), source.to_owned());
            rules.gated.push(Gated { gate, path, value, source, in_force: false });
            return Ok(());
        }
        if let Some(path) = self.path.strip_prefix(SCHEMES) {
            return rules.schemes.set(path, self.from, &self.value).map_err(|error| self.scheme_error(error));
        }
        match rules.set(&self.path, self.from, &self.value, source) {
            None => {
                let paths = rules.paths();
                let meant = suggest(&self.path, paths.iter().map(String::as_str)).map(str::to_owned);
                Err(ChangeError::UnknownPath { path: self.path.clone(), meant })
            }
            Some(Err(reason)) => Err(self.unreadable(reason)),
            Some(Ok(())) => match self.fault(rules) {
                Some(message) => Err(ChangeError::OutOfRange { path: self.path.clone(), message }),
                None => Ok(()),
            },
        }
    }

    /// [`Change::apply`] for the rules of a world, whose municipalities the value may name.
    ///
    /// # Errors
    /// As there, or the world has no such municipality.
    pub fn apply_in(&self, world: &World, rules: &mut Rules, source: &str) -> Result<(), ChangeError> {
        self.apply(rules, source)?;
        self.unknown_municipality(world).map_or(Ok(()), Err)
    }

    /// The first municipality to which a ban is narrowed and which is not in `world`.
    fn unknown_municipality(&self, world: &World) -> Option<ChangeError> {
        let mut ruled = world.rules.clone();
        ruled.set(&self.path, self.from, &self.value, "asked for its municipalities")?.ok()?;
        let regimes = ruled.priority.status_holder.steps;
        let rows = &world.tables.municipalities;
        let known = |code: &MunicipalityCode| rows.iter().any(|row| row.number == code.0);
        let code = regimes.iter().filter_map(|step| step.value.only()).flatten().find(|code| !known(code))?;
        let code = String::from(*code);
        let meant = suggest(&code, rows.iter().map(|row| row.code.as_str()));
        let row = meant.and_then(|meant| rows.iter().find(|row| row.code == meant));
        let hint = match row {
            Some(row) => format!("did you mean \"{}\" ({})?", row.code, row.name),
            None => {
                let codes: Vec<&str> = rows.iter().take(MOST_CODES).map(|row| row.code.as_str()).collect();
                let more = if rows.len() > MOST_CODES {
                    format!(" and {} more", rows.len() - MOST_CODES)
                } else {
                    String::new()
                };
                format!("\"{}\" has {}{more}", world.name, codes.join(", "))
            }
        };
        Some(ChangeError::UnknownMunicipality { path: self.path.clone(), code, hint })
    }

    fn unreadable(&self, reason: Box<SpannedError>) -> ChangeError {
        ChangeError::Unreadable { path: self.path.clone(), value: self.value.clone(), reason }
    }

    fn scheme_error(&self, error: SchemeError) -> ChangeError {
        let path = self.path.clone();
        match error {
            SchemeError::UnknownPath { path: word, known } => {
                let meant = suggest(&word, known.iter().map(String::as_str)).map(|meant| format!("{SCHEMES}{meant}"));
                ChangeError::UnknownPath { path, meant }
            }
            SchemeError::UnknownScheme { name, known } => {
                let meant = suggest(&name, known.iter().map(String::as_str));
                let hint = meant.map_or_else(
                    || format!("schemes: {}", known.join(", ")),
                    |meant| format!("did you mean \"{meant}\"?"),
                );
                ChangeError::UnknownScheme { path, name, hint }
            }
            SchemeError::Unreadable(reason) => self.unreadable(reason),
            SchemeError::Fault(message) => ChangeError::OutOfRange { path, message },
        }
    }

    /// What is wrong with the value just set.
    fn fault(&self, rules: &Rules) -> Option<String> {
        let mut found = None;
        rules.each(&mut |path, _, (lowest, highest), parameter| {
            if path == self.path {
                let last = parameter.steps().len().checked_sub(1);
                let faults = parameter.faults(lowest, highest);
                found = faults.into_iter().find(|fault| fault.step == last && fault.field == "value");
            }
        });
        found.map(|fault| fault.message)
    }
}

/// The misspelt word in a value, and what was probably meant.
fn misspelt(error: &Error) -> Option<(String, Option<String>)> {
    let (found, expected) = match error {
        Error::NoSuchEnumVariant { found, expected, .. } | Error::NoSuchStructField { found, expected, .. } => {
            (found, expected)
        }
        _ => return None,
    };
    let hint = match suggest(found, expected.iter().copied()) {
        Some(meant) => Some(format!("did you mean `{meant}`?")),
        None => Some(format!("expected one of {}", expected.join(", "))),
    };
    Some((found.clone(), hint))
}

/// The problem of a change whose value stands at `at` in `source`, marked at the word that is wrong.
pub(crate) fn problem(source: &Source, at: &Path, change: &Change, error: &ChangeError) -> Problem {
    let (message, hint) = (plain(&error.to_string()), error.hint().map(|hint| plain(&hint)));
    let problem = source.problem(at, message, hint);
    let word = match error {
        ChangeError::Unreadable { reason, .. } => misspelt(&reason.code).map(|(word, _)| word),
        ChangeError::UnknownMunicipality { code, .. } => Some(code.clone()),
        _ => None,
    };
    let offset = word.as_ref().and_then(|word| place_of(&change.value, word));
    match (word, offset) {
        (Some(word), Some(offset)) => moved(problem, source, &change.value[..offset], word.chars().count()),
        _ => problem,
    }
}

/// What is wrong with a value that RON does not take, in the words of the other problems.
fn unreadable(path: &str, value: &str, wrong: &Error) -> String {
    let wanted = match wrong {
        Error::NoSuchEnumVariant { found, .. } => return format!("`{path}` knows no `{found}`"),
        Error::NoSuchStructField { found, .. } => return format!("unknown field `{found}` in the value of `{path}`"),
        Error::ExpectedFloat => "a number",
        Error::ExpectedInteger => "a whole number",
        Error::ExpectedBoolean => "true or false",
        Error::ExpectedString => "text in quotes",
        Error::ExpectedArray => "a list in square brackets",
        Error::ExpectedMap => "a map in curly brackets",
        other => return format!("the value of `{path}` is not understood: {other}"),
    };
    match value.trim() {
        "" => format!("`{path}` has no value; expected {wanted}"),
        // of a value with parts it is a part that is wrong
        parts if parts.contains(['(', '[', '{']) => format!("in the value of `{path}`: expected {wanted}"),
        value => format!("`{path}` is {value}; expected {wanted}"),
    }
}

/// Byte at which `word` stands in `text` as a whole word.
fn place_of(text: &str, word: &str) -> Option<usize> {
    let letter = |c: char| c.is_alphanumeric() || c == '_';
    text.match_indices(word).map(|(at, _)| at).find(|&at| {
        let before = text[..at].chars().next_back().is_some_and(letter);
        let after = text[at + word.len()..].chars().next().is_some_and(letter);
        !before && !after
    })
}

/// `problem`, which stands at the start of a value, moved behind `skipped`, the part of the value before the mark.
fn moved(problem: Problem, source: &Source, skipped: &str, marked: usize) -> Problem {
    let line = problem.line + skipped.matches('\n').count();
    let column = match skipped.rsplit_once('\n') {
        Some((_, rest)) => rest.chars().count() + 1,
        None => problem.column + skipped.chars().count(),
    };
    let text = plain(source.text().lines().nth(line - 1).unwrap_or_default());
    // a line too long to be shown whole is cut around the start of the value, which is near enough
    let fits = text.chars().count() <= 120;
    let snippet = if fits { Some(Snippet { text, before: column - 1, marked }) } else { problem.snippet };
    Problem { line, column, snippet, ..problem }
}

/// Text as it may safely go to a terminal.
fn plain(text: &str) -> String {
    text.chars().map(|c| if c.is_control() && c != '\t' { '\u{b7}' } else { c }).collect()
}

#[cfg(test)]
mod tests {
    use super::place_of;

    #[test]
    fn a_word_is_found_only_as_a_whole() {
        assert_eq!(place_of("Banned(excepts: [], except: [])", "except"), Some(20));
        assert_eq!(place_of("Banned", "Ban"), None);
    }
}
