//! The files of the repository in memory, and how an offence is told.

use std::collections::BTreeMap;
use std::fmt;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

/// Endings of the files whose text is read; of all others only the path is known.
const TEXTS: [&str; 7] = ["csv", "md", "py", "ron", "rs", "toml", "txt"];
/// Files without an ending whose text is read too.
const SCRIPTS: [&str; 1] = [".ci/run"];
/// Folders that hold no source.
const OUTSIDE: [&str; 3] = ["__pycache__", "runs", "target"];
/// Folders whose name begins with a dot and that belong to the source.
const HIDDEN: [&str; 2] = [".cargo", ".ci"];

/// Something that breaks a rule.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Offence {
    /// File, from the root.
    pub path: String,
    /// Line, from 1.
    pub line: usize,
    /// What is wrong and what would be right.
    pub message: String,
}

impl Offence {
    /// An offence in a line, counted from 0 as iterators do.
    pub fn at(path: &str, index: usize, message: impl Into<String>) -> Self {
        Offence { path: path.to_owned(), line: index + 1, message: message.into() }
    }
}

impl fmt::Display for Offence {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{}:{}: {}", self.path, self.line, self.message)
    }
}

/// All files by path from the root, with `/` between the parts; those that are no text are empty.
pub struct House {
    texts: BTreeMap<String, String>,
}

impl House {
    /// Reads the repository that this program was built from.
    pub fn read() -> io::Result<House> {
        let root = root()?;
        let mut texts = BTreeMap::new();
        collect(&root, &root, &mut texts)?;
        Ok(House { texts })
    }

    /// A house with these files.
    #[cfg(test)]
    pub fn of(files: &[(&str, &str)]) -> House {
        House { texts: files.iter().map(|(path, text)| ((*path).to_owned(), (*text).to_owned())).collect() }
    }

    /// Writes a file of the repository.
    pub fn write(&mut self, path: &str, text: String) -> io::Result<()> {
        fs::write(root()?.join(path), &text)?;
        self.texts.insert(path.to_owned(), text);
        Ok(())
    }

    /// Number of files.
    pub fn files(&self) -> usize {
        self.texts.len()
    }

    /// Path and text of every file with this ending, in order of path.
    pub fn ending<'a>(&'a self, ending: &'a str) -> impl Iterator<Item = (&'a str, &'a str)> {
        let all = self.texts.iter().map(|(path, text)| (path.as_str(), text.as_str()));
        all.filter(move |(path, _)| path.rsplit_once('.').is_some_and(|(_, found)| found == ending))
    }

    /// The text of a file, `None` if there is no such file.
    pub fn text(&self, path: &str) -> Option<&str> {
        self.texts.get(path).map(String::as_str)
    }

    /// Whether there is a file or folder at this path.
    pub fn has(&self, path: &str) -> bool {
        let folder = format!("{path}/");
        path.is_empty() || self.texts.contains_key(path) || self.texts.keys().any(|file| file.starts_with(&folder))
    }
}

/// The folder of the workspace: above the crate that includes this file.
fn root() -> io::Result<PathBuf> {
    for folder in Path::new(env!("CARGO_MANIFEST_DIR")).ancestors() {
        if fs::read_to_string(folder.join("Cargo.toml")).is_ok_and(|text| text.contains("[workspace]")) {
            return Ok(folder.to_owned());
        }
    }
    Err(io::Error::new(io::ErrorKind::NotFound, "the workspace this program was built from is gone"))
}

fn collect(root: &Path, folder: &Path, texts: &mut BTreeMap<String, String>) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        if path.is_dir() {
            let hidden = name.starts_with('.') && !HIDDEN.contains(&name.as_str());
            // cargo marks a folder of build results, whatever its name, with this file
            if !hidden && !OUTSIDE.contains(&name.as_str()) && !path.join("CACHEDIR.TAG").exists() {
                collect(root, &path, texts)?;
            }
            continue;
        }
        let parts = path.strip_prefix(root).unwrap_or(&path).components();
        let inside: Vec<String> = parts.map(|part| part.as_os_str().to_string_lossy().into_owned()).collect();
        let inside = inside.join("/");
        let ending = path.extension().unwrap_or_default().to_string_lossy().into_owned();
        let is_text = TEXTS.contains(&ending.as_str()) || SCRIPTS.contains(&inside.as_str());
        let text = if is_text { fs::read_to_string(&path)? } else { String::new() };
        texts.insert(inside, text);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_repository_is_found_and_holds_this_file() {
        let house = House::read().unwrap();
        assert!(house.text("crates/xtask/src/tidy/house.rs").is_some_and(|text| text.starts_with("//!")));
        assert!(house.has("crates/state") && !house.has("crates/stat"));
        assert!(house.ending("rs").all(|(path, _)| !path.starts_with("target/")));
    }
}
