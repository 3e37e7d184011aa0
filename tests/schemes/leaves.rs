//! The keys of a file in RON, read off its text: what is written there, whatever the program makes of it.

use std::collections::BTreeMap;

/// Every value of a file by its path. Elements of a list go by their `name` where they have one, otherwise by number; what
/// stands in the brackets of a variant stands below it.
pub fn leaves(text: &str) -> BTreeMap<String, String> {
    let mut reader = Reader { rest: text, found: BTreeMap::new() };
    reader.value("");
    reader.found
}

struct Reader<'t> {
    rest: &'t str,
    found: BTreeMap<String, String>,
}

impl<'t> Reader<'t> {
    /// Skips spaces and comments.
    fn skip(&mut self) {
        loop {
            self.rest = self.rest.trim_start();
            match self.rest.strip_prefix("//") {
                Some(comment) => self.rest = comment.split_once('\n').map_or("", |(_, rest)| rest),
                None => return,
            }
        }
    }

    fn takes(&mut self, mark: char) -> bool {
        self.skip();
        let rest = self.rest.strip_prefix(mark);
        self.rest = rest.unwrap_or(self.rest);
        rest.is_some()
    }

    /// A word, a number, or a text with its quotes.
    fn word(&mut self) -> &'t str {
        self.skip();
        let length = if self.rest.starts_with('"') {
            2 + self.rest[1..].find('"').expect("a text ends")
        } else {
            self.rest.find(|c: char| !(c.is_alphanumeric() || "_.+-".contains(c))).unwrap_or(self.rest.len())
        };
        let (word, rest) = self.rest.split_at(length);
        self.rest = rest;
        word
    }

    fn value(&mut self, path: &str) {
        self.skip();
        match self.rest.chars().next() {
            Some('[') => self.list(path),
            Some('{' | '(') => self.fields(path),
            _ => {
                let word = self.word();
                assert!(!word.is_empty(), "{path}: {}", self.rest.lines().next().unwrap_or(""));
                self.found.insert(path.to_owned(), word.to_owned());
                if self.rest.starts_with('(') {
                    self.fields(path);
                }
            }
        }
    }

    /// Named or numbered values in round or curly brackets.
    fn fields(&mut self, path: &str) {
        let end = if self.takes('(') { ')' } else { '}' };
        if end == '}' {
            self.takes('{');
        }
        let mut number = 0;
        while !self.takes(end) {
            let before = self.rest;
            let key = if before.starts_with(['(', '[', '{']) { "" } else { self.word().trim_matches('"') };
            if !key.is_empty() && self.takes(':') {
                self.value(&below(path, key));
            } else {
                self.rest = before;
                self.value(&below(path, &number.to_string()));
                number += 1;
            }
            self.takes(',');
        }
    }

    fn list(&mut self, path: &str) {
        self.takes('[');
        let mut number = 0;
        while !self.takes(']') {
            let mut inside = Reader { rest: self.rest, found: BTreeMap::new() };
            inside.value("");
            self.rest = inside.rest;
            let name = inside.found.get("name").map(|name| name.trim_matches('"').to_owned());
            let element = below(path, &name.unwrap_or_else(|| number.to_string()));
            for (key, value) in inside.found {
                self.found.insert(below(&element, &key), value);
            }
            number += 1;
            self.takes(',');
        }
    }
}

/// `key` below `path`.
pub fn below(path: &str, key: &str) -> String {
    match (path, key) {
        ("", key) => key.to_owned(),
        (path, "") => path.to_owned(),
        (path, key) => format!("{path}.{key}"),
    }
}

#[test]
fn every_value_of_a_file_has_a_path() {
    let found = leaves(
        "// a file\n(version: 1, list: [(name: \"x\", rank: Points(most: {\"a\": (per: 1.5)})), (name: \"y\", rank: Part(0.4))],\
         classes: [[\"a\", \"b\"]], to: Next(\"y\"), // the end\n flag: true)",
    );
    let expected = [
        ("classes.0.0", "\"a\""),
        ("classes.0.1", "\"b\""),
        ("flag", "true"),
        ("list.x.name", "\"x\""),
        ("list.x.rank", "Points"),
        ("list.x.rank.most.a.per", "1.5"),
        ("list.y.name", "\"y\""),
        ("list.y.rank", "Part"),
        ("list.y.rank.0", "0.4"),
        ("to", "Next"),
        ("to.0", "\"y\""),
        ("version", "1"),
    ];
    let found: Vec<(&str, &str)> = found.iter().map(|(path, value)| (path.as_str(), value.as_str())).collect();
    assert_eq!(found, expected);
}
