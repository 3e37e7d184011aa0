//! The tolerant scanner of RON: builds the [`Tree`] and names slips of notation with their remedy.
//!
//! It reads brackets, names, keys and the extent of scalars; what a scalar means is left to ron. A missing comma or
//! value is noted and passed over; a bracket or quote that is never closed ends the scan.

use std::ops::Range;

use super::scan::{Bracket, Entry, EntryKey, Kind, Node, NodeId, Slip, Tree};

/// Deepest nesting that is read; below ron's own limit of 128 calls, so a hostile file ends in a sentence.
const MAX_DEPTH: usize = 64;

/// Scans a whole file.
pub(super) fn scan(text: &str) -> Tree {
    let mut scanner = Scanner { text, at: 0, tree: Tree::default(), suspect: None, open_quote: None };
    if scanner.file().is_none() {
        scanner.tree.broken = true;
        scanner.blame_quote();
    }
    scanner.tree
}

/// An opened bracket.
#[derive(Clone, Copy)]
struct Opened {
    at: usize,
    bracket: Bracket,
}

struct Scanner<'t> {
    text: &'t str,
    at: usize,
    tree: Tree,
    /// A bracket whose closing one is indented like an outer bracket's: the likely culprit if one is left open.
    suspect: Option<Opened>,
    /// The first quote that is closed on a later line only: after a lost quote text and code change places.
    open_quote: Option<usize>,
}

/// `None`: the shape of the rest is lost; a slip says why.
type Scanned<T> = Option<T>;

impl Scanner<'_> {
    fn file(&mut self) -> Scanned<()> {
        self.skip_blanks()?;
        while self.rest().starts_with("#!") {
            self.at += self.rest().find(']').map_or(self.rest().len(), |end| end + 1);
            self.skip_blanks()?;
        }
        if self.rest().is_empty() {
            return self.lost(self.at..self.at, "the file holds no value", None);
        }
        let root = self.value(None, 0)?;
        self.tree.root = Some(root);
        self.skip_blanks()?;
        if self.rest().is_empty() {
            return Some(());
        }
        let hint = if self.closing().is_some() {
            "one closing bracket too many, here or above"
        } else {
            "a file holds one value; was it closed too early?"
        };
        self.lost(self.at..self.at + 1, "text after the end of the value", Some(hint.to_owned()))
    }

    fn value(&mut self, parent: Option<NodeId>, depth: usize) -> Scanned<NodeId> {
        let start = self.at;
        let id = self.tree.nodes.len();
        self.tree.nodes.push(Node { span: start..start, parent, kind: Kind::Scalar });
        let kind = match self.peek() {
            Some('(') => self.group(id, Bracket::Round, None, depth)?,
            Some('[') => self.group(id, Bracket::Square, None, depth)?,
            Some('{') => self.group(id, Bracket::Curly, None, depth)?,
            Some('"') => self.quoted('"')?,
            Some('\'') => self.quoted('\'')?,
            Some(_) if self.raw_string_fence().is_some() => self.raw_string()?,
            Some('b') if self.rest().starts_with("b\"") || self.rest().starts_with("b'") => {
                self.at += 1;
                self.quoted(self.peek()?)?
            }
            Some(c) if is_word_start(c) => {
                let name = self.word();
                let word_end = self.at;
                self.skip_blanks()?;
                if self.peek() == Some('(') {
                    self.group(id, Bracket::Round, Some(name), depth)?
                } else {
                    self.at = word_end;
                    Kind::Word
                }
            }
            Some(c) if c.is_ascii_digit() || matches!(c, '+' | '-' | '.') => self.number(),
            Some(c) => {
                let message = format!("`{}` cannot begin a value", c.escape_debug());
                let is_curly = matches!(c, '\u{2018}'..='\u{201f}' | '\u{ab}' | '\u{bb}');
                let hint = is_curly.then(|| "text stands in straight quotes: \"...\"".to_owned());
                return self.lost(start..start + c.len_utf8(), &message, hint);
            }
            None => return self.lost(start..start, "the file ends where a value is expected", None),
        };
        self.tree.nodes[id].span = start..self.at;
        self.tree.nodes[id].kind = kind;
        Some(id)
    }

    fn group(&mut self, id: NodeId, bracket: Bracket, name: Option<Range<usize>>, depth: usize) -> Scanned<Kind> {
        let opened = Opened { at: self.at, bracket };
        if depth >= MAX_DEPTH {
            let message = format!("brackets are nested deeper than {MAX_DEPTH} levels");
            return self.lost(opened.at..opened.at + 1, &message, None);
        }
        self.at += 1;
        let mut entries = Vec::new();
        loop {
            self.skip_blanks()?;
            match (self.peek(), self.closing()) {
                (None, _) => return self.never_closed(opened),
                (_, Some(closing)) if closing == bracket => {
                    self.mind_indentation(opened);
                    self.at += 1;
                    return Some(Kind::Group { bracket, name, entries });
                }
                (_, Some(_)) => return self.never_closed(opened),
                (Some(','), _) => {
                    self.slip(self.at..self.at + 1, "a comma without a value before it", Some("remove it".to_owned()));
                    self.at += 1;
                }
                _ => {
                    entries.push(self.entry(id, bracket, depth)?);
                    self.comma(opened)?;
                }
            }
        }
    }

    fn entry(&mut self, group: NodeId, bracket: Bracket, depth: usize) -> Scanned<Entry> {
        let key = match bracket {
            Bracket::Square => None,
            Bracket::Round => self.field_name()?.map(EntryKey::Field),
            Bracket::Curly => {
                let key = self.value(Some(group), depth + 1)?;
                self.skip_blanks()?;
                if self.peek() == Some(':') {
                    self.at += 1;
                } else {
                    let hint = Some("write `key: value`".to_owned());
                    self.slip(self.tree.nodes[key].span.clone(), "a key of a map without a value", hint);
                    return Some(Entry { key: Some(EntryKey::Value(key)), value: self.absent(group) });
                }
                Some(EntryKey::Value(key))
            }
        };
        self.skip_blanks()?;
        if key.is_some() && (self.closing().is_some() || self.peek() == Some(',')) {
            let name = match &key {
                Some(EntryKey::Field(span)) => span.clone(),
                Some(EntryKey::Value(node)) => self.tree.nodes[*node].span.clone(),
                None => self.at..self.at,
            };
            let message = format!("`{}` has no value", self.text[name.clone()].trim_matches('"'));
            self.slip(name, &message, None);
            return Some(Entry { key, value: self.absent(group) });
        }
        Some(Entry { key, value: self.value(Some(group), depth + 1)? })
    }

    /// The name of a field and the colon after it, if they come next.
    fn field_name(&mut self) -> Scanned<Option<Range<usize>>> {
        let start = self.at;
        if self.peek().is_some_and(is_word_start) && self.raw_string_fence().is_none() {
            let name = self.word();
            self.skip_blanks()?;
            if self.peek() == Some('=') {
                let hint = format!("write `{}:`", &self.text[name.clone()]);
                self.slip(self.at..self.at + 1, "`=` after the name of a field", Some(hint));
            }
            if matches!(self.peek(), Some(':' | '=')) {
                self.at += 1;
                return Some(Some(name));
            }
        }
        self.at = start;
        Some(None)
    }

    fn comma(&mut self, opened: Opened) -> Scanned<()> {
        let end = self.at;
        self.skip_blanks()?;
        match self.peek() {
            Some(',') => self.at += 1,
            None => return self.never_closed(opened),
            _ if self.closing().is_some() => {}
            Some(_) => {
                let last = self.text[..end].char_indices().next_back().map_or(0, |(at, _)| at);
                self.slip(last..end, "a comma is missing after this value", Some("add `,`".to_owned()));
            }
        }
        Some(())
    }

    fn absent(&mut self, parent: NodeId) -> NodeId {
        self.tree.nodes.push(Node { span: self.at..self.at, parent: Some(parent), kind: Kind::Absent });
        self.tree.nodes.len() - 1
    }

    /// Remembers a bracket closed at the start of a line that is indented less than the line that opened it.
    fn mind_indentation(&mut self, opened: Opened) {
        let (opening_line, closing_line) = (self.line_start(opened.at), self.line_start(self.at));
        let closes_the_line = self.text[closing_line..self.at].trim().is_empty();
        if self.suspect.is_none()
            && opening_line != closing_line
            && closes_the_line
            && self.at - closing_line < self.indentation(opening_line)
        {
            self.suspect = Some(opened);
        }
    }

    fn never_closed<T>(&mut self, innermost: Opened) -> Scanned<T> {
        let opened = self.suspect.unwrap_or(innermost);
        let (open, close) = match opened.bracket {
            Bracket::Round => ('(', ')'),
            Bracket::Square => ('[', ']'),
            Bracket::Curly => ('{', '}'),
        };
        let line = self.text[..self.at].bytes().filter(|&b| b == b'\n').count() + 1;
        let hint = format!("is a `{close}` missing between here and line {line}?");
        self.lost(opened.at..opened.at + 1, &format!("this `{open}` is not closed"), Some(hint))
    }

    fn quoted(&mut self, quote: char) -> Scanned<Kind> {
        let start = self.at;
        let mut escaped = false;
        for (offset, c) in self.rest().char_indices().skip(1) {
            if !escaped && c == quote {
                if self.open_quote.is_none() && self.rest()[..offset].contains('\n') {
                    self.open_quote = Some(start);
                }
                self.at += offset + 1;
                return Some(Kind::Scalar);
            }
            escaped = !escaped && c == '\\';
        }
        self.open_quote.get_or_insert(start);
        self.lost(start..start + 1, "this quote is never closed", None)
    }

    /// Replaces what was said after a quote that was probably never closed by saying so.
    fn blame_quote(&mut self) {
        if let Some(start) = self.open_quote {
            let quote = &self.text[start..start + 1];
            let hint = Some(format!("is a `{quote}` missing on this line?"));
            self.tree.slips.retain(|slip| slip.span.start < start);
            self.slip(start..start + 1, &format!("this `{quote}` is not closed"), hint);
        }
    }

    /// Number of `#` of the raw string that comes next, with the bytes before them (`r` or `br`).
    fn raw_string_fence(&self) -> Option<(usize, usize)> {
        let prefix = if self.rest().starts_with("br") { 2 } else { usize::from(self.rest().starts_with('r')) };
        let after = &self.rest()[prefix..];
        let fence = after.len() - after.trim_start_matches('#').len();
        (prefix > 0 && after[fence..].starts_with('"')).then_some((prefix, fence))
    }

    fn raw_string(&mut self) -> Scanned<Kind> {
        let (prefix, fence) = self.raw_string_fence()?;
        let start = self.at;
        self.at += prefix + fence + 1;
        let end = format!("\"{}", "#".repeat(fence));
        match self.rest().find(&end) {
            Some(offset) => {
                self.at += offset + end.len();
                Some(Kind::Scalar)
            }
            None => {
                self.lost(start..start + prefix, "this raw text is never closed", Some(format!("close it by `{end}`")))
            }
        }
    }

    fn number(&mut self) -> Kind {
        let rest = self.rest();
        let ends = |(at, c): &(usize, char)| {
            c.is_whitespace() || matches!(c, ',' | ':' | '"' | '\'' | '(' | ')' | '[' | ']' | '{' | '}') || {
                let after = &rest[*at..];
                after.starts_with("//") || after.starts_with("/*")
            }
        };
        self.at += rest.char_indices().find(ends).map_or(rest.len(), |(at, _)| at);
        Kind::Scalar
    }

    fn word(&mut self) -> Range<usize> {
        let start = self.at;
        let raw = self.rest().starts_with("r#");
        self.at += if raw { 2 } else { 0 };
        let in_word = |c: char| c.is_alphanumeric() || c == '_' || (raw && matches!(c, '.' | '+' | '-'));
        self.at += self.rest().find(|c| !in_word(c)).unwrap_or(self.rest().len());
        start + if raw { 2 } else { 0 }..self.at
    }

    fn skip_blanks(&mut self) -> Scanned<()> {
        loop {
            let rest = self.rest();
            let blank = |c: char| c.is_whitespace() || matches!(c, '\u{200E}' | '\u{200F}');
            self.at += rest.len() - rest.trim_start_matches(blank).len();
            let rest = self.rest();
            if rest.starts_with("//") {
                self.at += rest.find('\n').unwrap_or(rest.len());
            } else if rest.starts_with("/*") {
                self.block_comment()?;
            } else {
                return Some(());
            }
        }
    }

    /// Block comments nest.
    fn block_comment(&mut self) -> Scanned<()> {
        let start = self.at;
        let mut open = 0usize;
        while let Some(offset) = self.rest().find(['/', '*']) {
            self.at += offset;
            if self.rest().starts_with("/*") {
                open += 1;
                self.at += 2;
            } else if self.rest().starts_with("*/") {
                open -= 1;
                self.at += 2;
                if open == 0 {
                    return Some(());
                }
            } else {
                self.at += 1;
            }
        }
        self.lost(start..start + 2, "this comment is never closed", Some("close it by `*/`".to_owned()))
    }

    fn rest(&self) -> &str {
        &self.text[self.at..]
    }

    fn peek(&self) -> Option<char> {
        self.rest().chars().next()
    }

    fn closing(&self) -> Option<Bracket> {
        match self.peek()? {
            ')' => Some(Bracket::Round),
            ']' => Some(Bracket::Square),
            '}' => Some(Bracket::Curly),
            _ => None,
        }
    }

    fn line_start(&self, at: usize) -> usize {
        self.text[..at].rfind('\n').map_or(0, |newline| newline + 1)
    }

    fn indentation(&self, line_start: usize) -> usize {
        let line = &self.text[line_start..];
        line.len() - line.trim_start_matches([' ', '\t']).len()
    }

    fn slip(&mut self, span: Range<usize>, message: &str, hint: Option<String>) {
        if self.tree.slips.len() < super::session::MAX_REMARKS {
            self.tree.slips.push(Slip { span, message: message.to_owned(), hint });
        }
    }

    fn lost<T>(&mut self, span: Range<usize>, message: &str, hint: Option<String>) -> Scanned<T> {
        self.slip(span, message, hint);
        None
    }
}

fn is_word_start(c: char) -> bool {
    c.is_alphabetic() || c == '_'
}
