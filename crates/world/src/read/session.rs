//! One pass of the second deserialiser: what it reads, what earlier passes have mended, what it notes in passing.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::ops::Range;

use super::scan::{Bracket, EntryKey, Kind, NodeId, Tree};
use super::suggest::suggest;

/// Most mistakes told in one go.
pub(super) const MAX_REMARKS: usize = 50;

/// How an earlier pass made a value passable that cannot be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Repair {
    /// A stand-in of this flavour takes its place.
    StandIn(u8),
    /// It is skipped.
    Hidden,
}

/// What has been mended so far.
#[derive(Clone, Debug, Default)]
pub(super) struct Repairs {
    pub(super) values: BTreeMap<NodeId, Repair>,
    /// Stand-ins for fields that a struct lacks, by flavour.
    pub(super) lacking: BTreeMap<NodeId, BTreeMap<&'static str, u8>>,
}

/// Something to tell the author.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Remark {
    pub(super) start: usize,
    pub(super) end: usize,
    pub(super) message: String,
    pub(super) hint: Option<String>,
    /// Whether it is a mistake even where ron accepts the file.
    pub(super) strict: bool,
}

/// One pass over (a part of) a file.
pub(super) struct Session<'de> {
    pub(super) text: &'de str,
    pub(super) tree: &'de Tree,
    pub(super) repairs: &'de Repairs,
    pub(super) remarks: RefCell<Vec<Remark>>,
}

impl<'de> Session<'de> {
    /// The text of a value.
    pub(super) fn text_of(&self, node: NodeId) -> &'de str {
        &self.text[self.tree.nodes[node].span.clone()]
    }

    /// The name before the brackets of a group, or a bare word.
    pub(super) fn name_of(&self, node: NodeId) -> Option<(&'de str, Range<usize>)> {
        match &self.tree.nodes[node].kind {
            Kind::Group { name: Some(name), .. } => Some((&self.text[name.clone()], name.clone())),
            Kind::Word => {
                let span = self.tree.nodes[node].span.clone();
                Some((self.text[span.clone()].trim_start_matches("r#"), span))
            }
            _ => None,
        }
    }

    /// How an earlier pass mended this value.
    pub(super) fn repair(&self, node: NodeId) -> Option<Repair> {
        self.repairs.values.get(&node).copied()
    }

    /// Whether an earlier pass skipped this value.
    pub(super) fn is_hidden(&self, node: NodeId) -> bool {
        self.repair(node) == Some(Repair::Hidden)
    }

    /// Notes a mistake and goes on; `strict`: even where ron accepts it.
    pub(super) fn remark(&self, span: Range<usize>, message: String, hint: Option<String>, strict: bool) {
        let remark = Remark { start: span.start, end: span.end, message, hint, strict };
        if !self.is_full() {
            self.remarks.borrow_mut().push(remark);
        }
    }

    /// Whether enough mistakes were noted in this pass; a file of nothing else must not cost the memory of them all.
    fn is_full(&self) -> bool {
        self.remarks.borrow().len() >= MAX_REMARKS
    }

    /// Notes a name that is none of `expected` and returns the one that was probably meant.
    pub(super) fn unknown<'n>(
        &self,
        span: Range<usize>,
        message: String,
        expected: impl Iterator<Item = &'n str> + Clone,
        strict: bool,
    ) -> Option<&'n str> {
        let meant = suggest(&self.text[span.clone()], expected.clone());
        let hint = match meant {
            Some(name) => Some(format!("did you mean `{name}`?")),
            None => one_of(expected).map(|names| format!("expected {names}")),
        };
        self.remark(span, message, hint, strict);
        meant
    }

    /// Matches the entries of the group `node` with the `fields` of the struct or variant `of`; what does not match
    /// is noted and, where a misspelling is evident, matched with the field that was meant.
    pub(super) fn match_fields<'n>(&self, node: NodeId, of: &str, fields: &'n [&'n str]) -> Vec<(&'n str, NodeId)> {
        let mut matched: Vec<(&str, NodeId)> = Vec::new();
        let mut strangers = Vec::new();
        for entry in self.tree.entries(node) {
            let Some(EntryKey::Field(span)) = &entry.key else {
                let message = format!("a value without the name of its field in {of}");
                let opening = self.tree.opening(entry.value);
                let hint = self.decimal(opening.clone()).unwrap_or_else(|| "write `field: value`".to_owned());
                self.remark(opening, message, Some(hint), false);
                continue;
            };
            let written = &self.text[span.clone()];
            match fields.iter().find(|field| **field == written) {
                Some(field) if matched.iter().any(|(known, _)| known == field) => {
                    self.remark(span.clone(), format!("`{written}` is given twice"), Some("keep one".to_owned()), true);
                }
                Some(field) => matched.push((field, entry.value)),
                None => strangers.push((written, span.clone(), entry.value)),
            }
        }
        for (written, span, value) in strangers {
            if self.is_full() {
                break;
            }
            let free = fields.iter().copied().filter(|field| matched.iter().all(|(known, _)| known != field));
            let message = format!("unknown field `{written}` in {of}");
            if let Some(field) = self.unknown(span, message, free, true) {
                matched.push((field, value));
            }
        }
        matched.sort_by_key(|(_, value)| *value);
        matched
    }

    /// How a number is written whose decimals, at `span`, come after a comma.
    fn decimal(&self, span: Range<usize>) -> Option<String> {
        let is_digit = |c: char| c.is_ascii_digit();
        let decimals = self.text[span.start..].split(|c| !is_digit(c)).next().filter(|digits| !digits.is_empty())?;
        let before = self.text[..span.start].strip_suffix(',')?;
        let whole = &before[before.trim_end_matches(is_digit).len()..];
        (!whole.is_empty()).then(|| format!("write {whole}.{decimals}: decimals come after a point"))
    }

    /// Notes keys that occur twice in the map `node`; serde would keep the last one silently.
    pub(super) fn mind_double_keys(&self, node: NodeId) {
        let line_of = |key: NodeId| {
            let before = &self.text[..self.tree.nodes[key].span.start];
            before.bytes().filter(|&b| b == b'\n').count() + 1
        };
        let mut seen: BTreeMap<&str, NodeId> = BTreeMap::new();
        for entry in self.tree.entries(node) {
            let Some(EntryKey::Value(key)) = entry.key else { continue };
            let text = self.text_of(key);
            if let Some(first) = seen.insert(text, key)
                && !self.is_full()
            {
                let message = format!("the key {text} is given twice; first on line {}", line_of(first));
                self.remark(self.tree.nodes[key].span.clone(), message, None, true);
            }
        }
    }

    /// What to call a value in a sentence: "`share`", "item 2 of `rank`", "the file".
    pub(super) fn subject(&self, node: NodeId) -> String {
        let Some(parent) = self.tree.nodes[node].parent else { return "the file".to_owned() };
        for (position, entry) in self.tree.entries(parent).iter().enumerate() {
            match &entry.key {
                Some(EntryKey::Value(key)) if *key == node => return format!("the key {}", self.text_of(node)),
                _ if entry.value != node => {}
                Some(EntryKey::Field(span)) => return format!("`{}`", &self.text[span.clone()]),
                Some(EntryKey::Value(key)) => return format!("`{}`", self.text_of(*key).trim_matches('"')),
                None => return self.subject_of_item(parent, position),
            }
        }
        "this value".to_owned()
    }

    fn subject_of_item(&self, parent: NodeId, position: usize) -> String {
        let of = match self.name_of(parent) {
            Some((name, _)) => format!("`{name}`"),
            None => self.subject(parent),
        };
        match self.tree.bracket(parent) {
            Some(Bracket::Round) if self.tree.only_argument(parent).is_some() => of,
            _ => format!("item {} of {of}", position + 1),
        }
    }
}

/// "`a`", "`a` or `b`", "one of `a`, `b` or `c`"; `None` for no name at all.
pub(super) fn one_of<'n>(names: impl Iterator<Item = &'n str>) -> Option<String> {
    let quoted: Vec<String> = names.map(|name| format!("`{name}`")).collect();
    match quoted.as_slice() {
        [] => None,
        [only] => Some(only.clone()),
        [a, b] => Some(format!("{a} or {b}")),
        [most @ .., last] => Some(format!("one of {} or {last}", most.join(", "))),
    }
}
