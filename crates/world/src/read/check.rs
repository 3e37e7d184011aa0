//! Collects mistakes of meaning, all in one pass, in the words of the other problems.

use std::fmt::Display;
use std::ops::RangeInclusive;

use serde::de::DeserializeOwned;

use super::path::Path;
use super::problem::{Problem, Problems};
use super::raw::Raw;
use super::session::Repairs;
use super::source::Source;
use super::suggest::suggest;

/// Collects what a validation refuses.
///
/// After mistakes of form the data holds stand-ins; whatever is said about them or about a value around them is
/// dropped ([`Check::trusts`]).
#[derive(Debug)]
pub struct Check<'s> {
    source: &'s Source,
    repairs: Repairs,
    problems: Problems,
}

impl<'s> Check<'s> {
    /// A check of data that was read from `source` without mistakes.
    pub fn new(source: &'s Source) -> Check<'s> {
        Check { source, repairs: Repairs::default(), problems: Problems::new() }
    }

    pub(super) fn mended(source: &'s Source, repairs: Repairs) -> Check<'s> {
        Check { source, repairs, problems: Problems::new() }
    }

    /// The file under check.
    pub fn source(&self) -> &'s Source {
        self.source
    }

    /// Checks of the fields of the struct (or variant, list, map) at `path`.
    pub fn at(&mut self, path: &Path) -> CheckAt<'_, 's> {
        CheckAt { check: self, path: path.clone() }
    }

    /// Refuses the value at `path`.
    pub fn refuse(&mut self, path: &Path, message: impl Into<String>, hint: Option<String>) {
        self.push(path, self.source.problem(path, message, hint));
    }

    /// Adds problems found elsewhere, that concern the value at `path`.
    pub fn absorb(&mut self, path: &Path, problems: impl IntoIterator<Item = Problem>) {
        for problem in problems {
            self.push(path, problem);
        }
    }

    /// Reads a value kept as text at `path`; none after a mistake in it, which is then among the problems.
    pub fn read<T: DeserializeOwned>(&mut self, raw: &Raw, path: &Path) -> Option<T> {
        match raw.parse(self.source, path) {
            Ok(value) => Some(value),
            Err(problems) => {
                self.absorb(path, problems);
                None
            }
        }
    }

    /// Whether the value at `path` is the author's in every part. A check that compares with another value should
    /// ask this of the other value first.
    pub fn trusts(&self, path: &Path) -> bool {
        let tree = self.source.tree();
        let Some((node, whole)) = self.source.locate(path) else { return self.repairs.values.is_empty() };
        let mended = |inner: &usize| tree.is_inside(*inner, node) || tree.is_inside(node, *inner);
        let lacks = |inner: &usize| if whole { tree.is_inside(*inner, node) } else { *inner == node };
        !self.repairs.values.keys().any(mended) && !self.repairs.lacking.keys().any(lacks)
    }

    /// Whether the author wrote a value at `path`; one that stands under a misspelt name does not stand there.
    pub fn stands(&self, path: &Path) -> bool {
        matches!(self.source.locate(path), Some((_, true)))
    }

    /// Whether nothing has been refused yet.
    pub fn is_empty(&self) -> bool {
        self.problems.is_empty()
    }

    /// What was refused.
    pub fn into_problems(self) -> Problems {
        self.problems
    }

    fn push(&mut self, path: &Path, problem: Problem) {
        if self.trusts(path) {
            self.problems.push(problem);
        }
    }
}

/// Checks of the fields of one struct; each test returns itself, so several can be chained.
#[derive(Debug)]
pub struct CheckAt<'c, 's> {
    check: &'c mut Check<'s>,
    path: Path,
}

impl CheckAt<'_, '_> {
    /// The field `name` is a share: 0 to 1.
    pub fn share(self, name: &str, value: f64) -> Self {
        self.number(name, value, (0.0..=1.0).contains(&value), "a share lies between 0 and 1")
    }

    /// The field `name` is a number greater than 0.
    pub fn positive(self, name: &str, value: f64) -> Self {
        self.number(name, value, value > 0.0, "it must be greater than 0")
    }

    /// The field `name` is a number of at least 0.
    pub fn not_negative(self, name: &str, value: f64) -> Self {
        self.number(name, value, value >= 0.0, "it must be at least 0")
    }

    /// The field `name` is neither NaN nor infinite.
    pub fn finite(self, name: &str, value: f64) -> Self {
        self.number(name, value, true, "a number must be finite")
    }

    /// The field `name` lies in `allowed`; `unit` (plural, may be empty) names what is counted.
    pub fn range<N: PartialOrd + Display>(self, name: &str, value: N, allowed: RangeInclusive<N>, unit: &str) -> Self {
        if allowed.contains(&value) {
            return self;
        }
        let unit = if unit.is_empty() { String::new() } else { format!(" {unit}") };
        let message =
            format!("`{name}` is {value}; it must lie between {} and {}{unit}", allowed.start(), allowed.end());
        self.refuse_field(name, message, None)
    }

    /// The field `name` holds at least one item.
    pub fn not_empty(self, name: &str, items: usize) -> Self {
        if items > 0 { self } else { self.refuse_field(name, format!("`{name}` is empty; name at least one"), None) }
    }

    /// The field `name` holds one of the `known` words; `what` says of which kind they are ("arm", "group").
    pub fn known<'k>(
        self,
        name: &str,
        word: &str,
        what: &str,
        known: impl IntoIterator<Item = &'k str, IntoIter: Clone>,
    ) -> Self {
        let known = known.into_iter();
        if known.clone().any(|candidate| candidate == word) {
            return self;
        }
        let hint = match suggest(word, known.clone()) {
            Some(meant) => Some(format!("did you mean \"{meant}\"?")),
            None => super::session::one_of(known).map(|names| format!("expected {names}")),
        };
        self.refuse_field(name, format!("`{name}` is \"{word}\"; there is no {what} of that name"), hint)
    }

    /// Refuses the field `name`.
    pub fn refuse_field(self, name: &str, message: impl Into<String>, hint: Option<String>) -> Self {
        let path = self.path.field(name);
        self.check.refuse(&path, message, hint);
        self
    }

    fn number(self, name: &str, value: f64, right: bool, rule: &str) -> Self {
        if right && value.is_finite() {
            return self;
        }
        self.refuse_field(name, format!("`{name}` is {value}; {rule}"), None)
    }
}
