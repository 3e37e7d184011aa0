//! Why a run folder could not be written or read.

use std::path::{Path, PathBuf};

use thiserror::Error;

use crate::manifest::Status;
use crate::work::WorkItem;

/// Everything that can go wrong with a run folder.
#[derive(Debug, Error)]
pub enum OutputError {
    /// The folder holds a run of another configuration (exit code 6).
    #[error(
        "{} holds a run with config hash {found}; this run has {wanted}: \
         choose another --out, or start over with --force",
        path.display()
    )]
    OtherConfig {
        /// The folder.
        path: PathBuf,
        /// Config hash in its manifest.
        found: String,
        /// Config hash of the run to be written.
        wanted: String,
    },
    /// The folder holds this very run, not finished.
    #[error("{} holds this run, {status}: go on with `doorstroom resume`, or start over with --force", path.display())]
    Unfinished {
        /// The folder.
        path: PathBuf,
        /// How far it came.
        status: Status,
    },
    /// The folder holds this very run, finished: nothing is left to do.
    #[error("{} holds this run already, complete: start over with --force", path.display())]
    AlreadyComplete {
        /// The folder.
        path: PathBuf,
    },
    /// Another process is writing in the folder.
    #[error("{} is being written by another run: let it end, or choose another --out", path.display())]
    InUse {
        /// The folder.
        path: PathBuf,
    },
    /// The folder has files in it, and no manifest of a run; it is never written over.
    #[error("{} is not empty and has no manifest.json of a run: it is not a run folder; choose another --out", path.display())]
    NotARunFolder {
        /// The folder.
        path: PathBuf,
    },
    /// The folder was written by a version with another layout.
    #[error(
        "{} has schema version {found}; this version reads {}: use the version that wrote it",
        path.display(),
        crate::manifest::SCHEMA_VERSION
    )]
    OtherSchema {
        /// The folder.
        path: PathBuf,
        /// Its schema version.
        found: u32,
    },
    /// A part of that number exists; parts are created once.
    #[error("{} exists: parts are written once; take the next part number", path.display())]
    PartExists {
        /// The file.
        path: PathBuf,
    },
    /// Two parts hold rows of one work item in one table, which would count them twice.
    #[error("table `{table}` has rows of {item} in two parts: delete the folder and run again")]
    ItemTwice {
        /// The table.
        table: String,
        /// The work item.
        item: WorkItem,
    },
    /// No table of that name.
    #[error("the run has no table `{table}`; it has {}", known.join(", "))]
    NoSuchTable {
        /// What was asked for.
        table: String,
        /// What there is.
        known: Vec<String>,
    },
    /// A table's files do not have the columns that `tables.json` or the row type promises.
    #[error("{} does not have the columns of table `{table}`: {reason}", path.display())]
    OtherColumns {
        /// The file or folder.
        path: PathBuf,
        /// The table.
        table: String,
        /// Which column differs, or what it holds instead.
        reason: String,
    },
    /// The system refused to read or write.
    #[error("cannot read or write {}: {source}", path.display())]
    Io {
        /// The file or folder.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
    /// A JSON file is not what this program writes.
    #[error("{} is not readable: {source}", path.display())]
    Json {
        /// The file.
        path: PathBuf,
        /// What stopped the reader.
        source: serde_json::Error,
    },
    /// A Parquet file could not be written or read.
    #[error("{}: {source}", path.display())]
    Parquet {
        /// The file.
        path: PathBuf,
        /// What the library said.
        source: parquet::errors::ParquetError,
    },
    /// Columns could not be put together to a batch.
    #[error("{}: {source}", path.display())]
    Arrow {
        /// The file.
        path: PathBuf,
        /// What the library said.
        source: arrow_schema::ArrowError,
    },
    /// A CSV file could not be written or read.
    #[error("{}: {source}", path.display())]
    Csv {
        /// The file.
        path: PathBuf,
        /// What the library said.
        source: csv::Error,
    },
}

/// Adds the path to an error from below.
pub(crate) trait At<T> {
    /// The same result, with `path` in its error.
    fn at(self, path: &Path) -> Result<T, OutputError>;
}

/// Implements [`At`] for errors that become a variant with a path and a source.
macro_rules! errors_at_a_path {
    ($($source:ty => $variant:ident),+ $(,)?) => {$(
        impl<T> At<T> for Result<T, $source> {
            fn at(self, path: &Path) -> Result<T, OutputError> {
                self.map_err(|source| OutputError::$variant { path: path.to_owned(), source })
            }
        }
    )+};
}

errors_at_a_path!(
    std::io::Error => Io,
    serde_json::Error => Json,
    parquet::errors::ParquetError => Parquet,
    arrow_schema::ArrowError => Arrow,
    csv::Error => Csv,
);
