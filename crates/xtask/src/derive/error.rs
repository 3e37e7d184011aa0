//! What can go wrong while deriving tables; every message names the file and, where there is one, the line.

use std::error::Error;
use std::fmt;
use std::path::PathBuf;

/// A failed derivation.
#[derive(Debug)]
pub enum DeriveError {
    /// The command line cannot be understood.
    Usage { problem: String },
    /// A file cannot be read.
    Read { path: PathBuf, source: std::io::Error },
    /// A file cannot be written.
    Write { path: PathBuf, source: std::io::Error },
    /// A file is not a table of comma-separated values.
    Malformed { file: String, source: csv::Error },
    /// A file lacks a column that is needed.
    MissingColumn { file: String, column: String },
    /// A cell holds something else than it should.
    Cell { file: String, line: u64, column: String, found: String, expected: &'static str },
    /// A file lacks a row that is needed, or mentions a code that does not exist.
    Rows { file: String, problem: String },
    /// The derived tables do not add up; one line a failed check.
    Checks { failed: Vec<String> },
    /// Committed tables differ from what the source gives.
    Stale { tables: Vec<String> },
}

impl fmt::Display for DeriveError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Usage { problem } => write!(f, "{problem}; usage: cargo xtask derive {}", super::USAGE),
            Self::Read { path, source } => write!(f, "cannot read {}: {source}", path.display()),
            Self::Write { path, source } => write!(f, "cannot write {}: {source}", path.display()),
            Self::Malformed { file, source } => write!(f, "{file} is not a CSV table: {source}"),
            Self::MissingColumn { file, column } => write!(f, "{file} has no column `{column}`"),
            Self::Cell { file, line, column, found, expected } => {
                write!(f, "{file}:{line}: `{column}` is `{found}`, expected {expected}")
            }
            Self::Rows { file, problem } => write!(f, "{file}: {problem}"),
            Self::Checks { failed } => write!(f, "the tables do not add up:\n  {}", failed.join("\n  ")),
            Self::Stale { tables } => {
                write!(f, "committed tables differ from what the source gives:\n  {}", tables.join("\n  "))
            }
        }
    }
}

impl Error for DeriveError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match self {
            Self::Read { source, .. } | Self::Write { source, .. } => Some(source),
            Self::Malformed { source, .. } => Some(source),
            _ => None,
        }
    }
}
