//! A file of RON in memory, with the place of every value.

use std::fs::{self, File};
use std::io::Read as _;
use std::ops::Range;
use std::path::Path as FilePath;

use super::path::{Path, Segment};
use super::problem::{Problem, Problems, Snippet};
use super::scan::{Bracket, EntryKey, NodeId, Tree};
use super::session::Remark;
use super::suggest::suggest;

/// Largest file that is read, in bytes (16 MiB): a cap before allocation, far above any world or experiment.
pub const MAX_BYTES: u64 = 16 << 20;
/// Longest line shown whole, in characters.
const MAX_LINE: usize = 120;

/// A file of RON.
#[derive(Clone, Debug)]
pub struct Source {
    name: String,
    pub(super) text: String,
    pub(super) tree: Tree,
    /// Byte at which each line starts.
    lines: Vec<usize>,
}

impl Source {
    /// A source that is already in memory; `name` is how problems call it.
    pub fn new(name: impl Into<String>, text: impl Into<String>) -> Source {
        let text = text.into();
        let tree = super::syntax::scan(&text);
        let lines = std::iter::once(0).chain(text.match_indices('\n').map(|(at, _)| at + 1)).collect();
        Source { name: name.into(), text, tree, lines }
    }

    /// Reads a file.
    ///
    /// # Errors
    /// The file does not exist (similar names in its folder are suggested), is not a regular file, is larger than
    /// [`MAX_BYTES`], or is not UTF-8.
    pub fn read(path: impl AsRef<FilePath>) -> Result<Source, Problems> {
        let path = path.as_ref();
        let name = path.display().to_string();
        let refuse = |message: String| Problems::from(Problem::of_file(name.clone(), message, None));
        let about = fs::metadata(path).map_err(|error| not_readable(path, &error))?;
        if !about.is_file() {
            return Err(refuse("is not a file; name a `.ron` file".to_owned()));
        }
        let mut bytes = Vec::new();
        let file = File::open(path).map_err(|error| not_readable(path, &error))?;
        file.take(MAX_BYTES + 1).read_to_end(&mut bytes).map_err(|error| not_readable(path, &error))?;
        if bytes.len() as u64 > MAX_BYTES {
            return Err(refuse(format!("is larger than {} MiB, the most that is read", MAX_BYTES >> 20)));
        }
        let text = String::from_utf8(bytes).map_err(|error| {
            let line = error.as_bytes()[..error.utf8_error().valid_up_to()].iter().filter(|&&b| b == b'\n').count() + 1;
            refuse(format!("line {line} is not UTF-8 text; save the file as UTF-8"))
        })?;
        Ok(Source::new(name, text.trim_start_matches('\u{FEFF}')))
    }

    /// The file as the user named it.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The whole text.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Line and column (both from 1, columns in characters) of the value at `path`, or of the deepest value on the
    /// way to it that exists.
    pub fn at(&self, path: &Path) -> (usize, usize) {
        self.place(self.span_of(path).start)
    }

    /// Whether a value stands at `path`.
    pub fn contains(&self, path: &Path) -> bool {
        matches!(self.locate(path), Some((_, true)))
    }

    /// A problem of the value at `path`.
    pub fn problem(&self, path: &Path, message: impl Into<String>, hint: Option<String>) -> Problem {
        self.problem_at(self.span_of(path), message.into(), hint)
    }

    fn span_of(&self, path: &Path) -> Range<usize> {
        self.locate(path).map_or(0..0, |(node, _)| self.tree.opening(node))
    }

    pub(super) fn tree(&self) -> &Tree {
        &self.tree
    }

    /// The value at `path` and `true`, or the deepest value on the way to it and `false`; none in an empty file.
    pub(super) fn locate(&self, path: &Path) -> Option<(NodeId, bool)> {
        let mut at = self.tree.root?;
        for segment in path.segments() {
            match self.step(at, segment) {
                Some(next) => at = next,
                None => return Some((at, false)),
            }
        }
        Some((at, true))
    }

    fn step(&self, from: NodeId, segment: &Segment) -> Option<NodeId> {
        let mut at = from;
        // a variant around one list, map or struct is stepped through
        while let Some(inner) = self.tree.only_argument(at).filter(|inner| self.tree.bracket(*inner).is_some()) {
            at = inner;
        }
        let entries = self.tree.entries(at);
        let named = |name: &str| {
            entries.iter().find(|entry| match &entry.key {
                Some(EntryKey::Field(span)) => &self.text[span.clone()] == name,
                Some(EntryKey::Value(key)) => self.key_text(*key) == name,
                None => false,
            })
        };
        let found = match segment {
            Segment::Field(name) if self.tree.bracket(at) == Some(Bracket::Round) => named(name),
            Segment::Key(name) => named(name),
            Segment::Index(index) => entries.get(*index),
            Segment::Field(_) => None,
        };
        found.map(|entry| entry.value)
    }

    /// A map key without its quotes and escapes.
    fn key_text(&self, key: NodeId) -> String {
        let text = &self.text[self.tree.nodes[key].span.clone()];
        ron::from_str(text).unwrap_or_else(|_| text.to_owned())
    }

    pub(super) fn problem_of(&self, remark: &Remark) -> Problem {
        self.problem_at(remark.start..remark.end, remark.message.clone(), remark.hint.clone())
    }

    pub(super) fn problem_of_ron(&self, error: &ron::error::SpannedError, node: Option<NodeId>) -> Problem {
        let base = node.filter(|node| Some(*node) != self.tree.root);
        let at = match base {
            Some(node) => self.tree.nodes[node].span.start,
            None => self.offset(error.span.start.line, error.span.start.col),
        };
        self.problem_at(at..at, plain_text(&error.code.to_string()), None)
    }

    fn offset(&self, line: usize, column: usize) -> usize {
        let start = self.lines.get(line.saturating_sub(1)).copied().unwrap_or(self.text.len());
        let rest = &self.text[start..];
        start + rest.char_indices().nth(column.saturating_sub(1)).map_or(rest.len(), |(at, _)| at)
    }

    fn place(&self, at: usize) -> (usize, usize) {
        let line = self.lines.partition_point(|start| *start <= at);
        let start = self.lines[line - 1];
        (line, self.text[start..at].chars().count() + 1)
    }

    pub(super) fn problem_at(&self, span: Range<usize>, message: String, hint: Option<String>) -> Problem {
        let start = self.text.floor_char_boundary(span.start);
        let end = self.text.ceil_char_boundary(span.end.max(start));
        let (line, column) = self.place(start);
        let line_start = self.lines[line - 1];
        let text = self.text[line_start..].lines().next().unwrap_or("");
        let line_end = (line_start + text.len()).max(start);
        let marked = self.text[start..end.min(line_end)].chars().count().max(1);
        Problem {
            file: self.name.clone(),
            line,
            column,
            message: plain_text(&message),
            hint: hint.map(|hint| plain_text(&hint)),
            snippet: Some(snippet(text, column - 1, marked)),
            notes: Vec::new(),
        }
    }
}

/// The part of a line around a mark, without control characters.
fn snippet(line: &str, before: usize, marked: usize) -> Snippet {
    let skipped = if line.chars().count() > MAX_LINE { before.saturating_sub(MAX_LINE / 3) } else { 0 };
    let text: String = line.chars().skip(skipped).take(MAX_LINE).collect();
    let before = before - skipped;
    let shown = text.chars().count();
    Snippet { text: plain_text(&text), before, marked: marked.min(shown.saturating_sub(before).max(1)) }
}

/// Text from a file as it may safely go to a terminal: control characters other than tabs become visible dots.
fn plain_text(text: &str) -> String {
    text.chars().map(|c| if c.is_control() && c != '\t' { '\u{b7}' } else { c }).collect()
}

fn not_readable(path: &FilePath, error: &std::io::Error) -> Problems {
    let name = path.display().to_string();
    if error.kind() != std::io::ErrorKind::NotFound {
        return Problem::of_file(name, format!("cannot be read: {error}"), None).into();
    }
    let folder = match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => FilePath::new("."),
    };
    let Ok(entries) = fs::read_dir(folder) else {
        let message = format!("not found; there is no folder `{}`", folder.display());
        return Problem::of_file(name, message, None).into();
    };
    let mut near: Vec<String> = entries
        .filter_map(|entry| entry.ok()?.file_name().into_string().ok())
        .filter(|n| n.ends_with(".ron"))
        .collect();
    near.sort();
    let wanted = path.file_name().map(|n| n.to_string_lossy().into_owned()).unwrap_or_default();
    let hint = suggest(&wanted, near.iter().map(String::as_str))
        .map(|found| format!("did you mean `{}`?", path.with_file_name(found).display()));
    Problem::of_file(name, "not found", hint).into()
}
