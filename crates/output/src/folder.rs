//! The run folder: created once, filled by many threads, valid at every moment.

use std::fs::{self, File, OpenOptions, TryLockError};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use doorstroom_observe::table::Row;
use serde::Serialize;

use crate::digest::ResultDigest;
use crate::durable::{self, HALF_WRITTEN};
use crate::error::{At, OutputError};
use crate::layout::{
    DATA, EXPERIMENT, FAILURES, LATEST, LOCK, LOG, MANIFEST, RESOLVED, SUMMARY, TABLES, UNITS, WORK, unit_file,
};
use crate::ledger::{self, Failure, WorkEntry};
use crate::manifest::{Format, Manifest, SCHEMA_VERSION, Status};
use crate::part::{Part, PartWriter, Provenance, csv_of};
use crate::work::WorkItem;
use crate::{read, schema};

/// Where a run goes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Target {
    /// This very folder (`--out DIR`).
    Named(PathBuf),
    /// `<root>/<experiment>/<stamp>-<first 8 digits of hash>`.
    Under {
        /// Folder of all runs.
        root: PathBuf,
        /// Name of the experiment; what is not a letter, digit, `-`, `_` or `.` becomes `-`.
        experiment: String,
        /// Start in UTC, as `20250131T120000Z`.
        stamp: String,
        /// Config hash, hexadecimal.
        hash: String,
    },
}

impl Target {
    /// The run folder itself.
    pub fn path(&self) -> PathBuf {
        match self {
            Target::Named(path) => path.clone(),
            Target::Under { root, experiment, stamp, hash } => {
                let short: String = hash.chars().take(8).collect();
                root.join(one_name(experiment)).join(one_name(&format!("{stamp}-{short}")))
            }
        }
    }
}

/// `text` as a single name in a folder, never a way out of it.
fn one_name(text: &str) -> String {
    let name: String =
        text.chars().map(|c| if c.is_alphanumeric() || matches!(c, '-' | '_' | '.') { c } else { '-' }).collect();
    if name.trim_matches('.').is_empty() { format!("run{}", name.replace('.', "-")) } else { name }
}

/// What is known when a run starts.
#[derive(Clone, Debug, PartialEq)]
pub struct Start<'a> {
    /// The manifest so far; status and schema version are set by [`RunFolder::create`].
    pub manifest: Manifest,
    /// The experiment as given, byte for byte.
    pub experiment: &'a str,
    /// The experiment with every default filled in, as JSON.
    pub resolved: &'a str,
}

/// A run folder open for writing; shared by all threads of a run, and by no other process.
#[derive(Clone, Debug)]
pub struct RunFolder {
    path: PathBuf,
    format: Format,
    provenance: Provenance,
    _lock: Arc<File>,
}

impl RunFolder {
    /// Makes the folder of a new run and writes what is known at its start.
    ///
    /// `force` starts over in a folder that holds a run, whatever its status and configuration; a folder with other
    /// files in it is never touched.
    ///
    /// # Errors
    /// [`OutputError::OtherConfig`], [`OutputError::Unfinished`] or [`OutputError::AlreadyComplete`] if the folder
    /// holds a run and `force` is false; [`OutputError::NotARunFolder`] if it holds something else;
    /// [`OutputError::InUse`] if another process writes in it.
    pub fn create(target: &Target, start: &Start<'_>, force: bool) -> Result<RunFolder, OutputError> {
        let path = target.path();
        let holds_a_run = refuse(&path, &start.manifest.config_hash, force)?;
        fs::create_dir_all(&path).at(&path)?;
        let folder = RunFolder::at(path, &start.manifest)?;
        if holds_a_run {
            clear(&folder.path)?;
        }
        folder.write_manifest(&Manifest { status: Status::Running, ..start.manifest.clone() })?;
        folder.write_file(EXPERIMENT, start.experiment.as_bytes())?;
        folder.write_file(RESOLVED, start.resolved.as_bytes())?;
        folder.write_json(TABLES, &schema::descriptions())?;
        if let (Target::Under { .. }, Some(runs), Some(name)) = (target, folder.path.parent(), folder.path.file_name())
        {
            durable::write(&runs.join(LATEST), name.to_string_lossy().as_bytes())?;
        }
        Ok(folder)
    }

    /// Opens the folder of a run that exists: to add a report, or, with [`RunFolder::recover`], to go on with it.
    ///
    /// # Errors
    /// When there is no manifest or it is of another layout; [`OutputError::InUse`] if another process writes in it.
    pub fn open(path: &Path) -> Result<RunFolder, OutputError> {
        let manifest = read::manifest(path)?;
        RunFolder::at(path.to_owned(), &manifest)
    }

    fn at(path: PathBuf, manifest: &Manifest) -> Result<RunFolder, OutputError> {
        let provenance = Provenance { run_id: manifest.run_id.clone(), config_hash: manifest.config_hash.clone() };
        let _lock = Arc::new(lock(&path)?);
        Ok(RunFolder { path, format: manifest.format, provenance, _lock })
    }

    /// Takes every work item that `keep` rejects off the ledger: to be done again.
    ///
    /// # Errors
    /// When the ledger is not readable or the system refuses.
    pub fn forget(&self, keep: impl Fn(&WorkEntry) -> bool) -> Result<(), OutputError> {
        let kept: Vec<WorkEntry> = read::work(&self.path)?.into_iter().filter(keep).collect();
        ledger::mend(&self.path.join(WORK), &kept)
    }

    /// Keeps what a finished replicate came to, for whoever goes on with the run or compares it with another.
    ///
    /// # Errors
    /// When the system refuses to write.
    pub fn write_unit<T: Serialize>(&self, replicate: u32, unit: &T) -> Result<(), OutputError> {
        let folder = self.path.join(UNITS);
        fs::create_dir_all(&folder).at(&folder)?;
        let path = unit_file(&self.path, replicate);
        durable::write(&path, &serde_json::to_vec(unit).at(&path)?)
    }

    /// Takes over what another run of this configuration finished of a replicate: parts, record and ledger.
    ///
    /// # Errors
    /// When the other folder is not readable or the system refuses to write.
    pub fn take_over(&self, from: &Path, replicate: u32) -> Result<(), OutputError> {
        let mut entries = read::work(from)?;
        entries.retain(|entry| entry.item.replicate == replicate);
        let copy = |file: &Path, to: PathBuf| {
            fs::create_dir_all(to.parent().unwrap_or(&self.path)).at(&to)?;
            durable::write(&to, &fs::read(file).at(file)?)
        };
        for table in read::table_folders(from)? {
            let (Some(name), files) = (table.file_name(), read::files_in(&table)?) else { continue };
            let is_of_it = |file: &&PathBuf| {
                read::part_number(file).is_some_and(|number| entries.iter().any(|entry| entry.part == number))
            };
            for file in files.iter().filter(is_of_it) {
                copy(file, self.path.join(DATA).join(name).join(file.file_name().unwrap_or_default()))?;
            }
        }
        copy(&unit_file(from, replicate), unit_file(&self.path, replicate))?;
        entries.iter().try_for_each(|entry| self.record_work(entry))
    }

    /// Clears what a kill left behind and returns the work that is done.
    ///
    /// Half-written files and parts that no ledger line names are deleted, a torn last line is cut off.
    ///
    /// # Errors
    /// When the ledger is not readable or the system refuses.
    pub fn recover(&self) -> Result<Vec<WorkEntry>, OutputError> {
        let done = read::work(&self.path)?;
        ledger::mend(&self.path.join(WORK), &done)?;
        for folder in read::table_folders(&self.path)? {
            for file in read::files_in(&folder)? {
                let half = file.extension().is_some_and(|ending| ending == HALF_WRITTEN);
                let recorded = read::part_number(&file).is_some_and(|part| done.iter().any(|entry| entry.part == part));
                if half || !recorded {
                    fs::remove_file(&file).at(&file)?;
                }
            }
        }
        Ok(done)
    }

    /// The folder itself.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// The lowest part number above all that exist, in any table.
    ///
    /// # Errors
    /// When the folder cannot be listed.
    pub fn next_part(&self) -> Result<u32, OutputError> {
        let mut next = 0;
        for folder in read::table_folders(&self.path)? {
            let numbers = read::files_in(&folder)?.into_iter().filter_map(|file| read::part_number(&file));
            next = numbers.fold(next, |next, number| next.max(number + 1));
        }
        Ok(next)
    }

    /// A new part of the table of `R`. The same `number` serves one part in every table.
    ///
    /// # Errors
    /// [`OutputError::PartExists`] if the table has a part of that number.
    pub fn part<R: Row>(&self, number: u32) -> Result<PartWriter<R>, OutputError> {
        let name = format!("part-{number:04}.{}", self.format.ending());
        let path = self.path.join(DATA).join(R::TABLE).join(name);
        if path.exists() {
            return Err(OutputError::PartExists { path });
        }
        Ok(PartWriter::new(path, self.format, self.provenance.clone()))
    }

    /// Writes all `rows` of one work item as a part of its own, and returns it finished.
    ///
    /// # Errors
    /// As [`RunFolder::part`] and [`PartWriter::finish`].
    pub fn write_part<R: Row>(&self, number: u32, item: WorkItem, rows: &[R]) -> Result<Part, OutputError> {
        let mut part = self.part::<R>(number)?;
        part.extend(item, rows)?;
        part.finish()
    }

    /// Writes `summary/<name>.csv`.
    ///
    /// # Errors
    /// When the system refuses to write.
    pub fn summary<R: Row>(&self, name: &str, rows: &[R]) -> Result<PathBuf, OutputError> {
        let folder = self.path.join(SUMMARY);
        fs::create_dir_all(&folder).at(&folder)?;
        let path = folder.join(format!("{}.csv", one_name(name)));
        durable::write(&path, &csv_of(rows).at(&path)?)?;
        Ok(path)
    }

    /// Replaces the manifest, whole.
    ///
    /// # Errors
    /// When the system refuses to write.
    pub fn write_manifest(&self, manifest: &Manifest) -> Result<(), OutputError> {
        self.write_json(MANIFEST, &Manifest { schema_version: SCHEMA_VERSION, ..manifest.clone() })
    }

    /// Writes a file such as `report.html` in the folder, whole.
    ///
    /// # Errors
    /// When the system refuses to write.
    pub fn write_file(&self, name: &str, contents: &[u8]) -> Result<(), OutputError> {
        durable::write(&self.path.join(one_name(name)), contents)
    }

    fn write_json<T: Serialize + ?Sized>(&self, name: &str, contents: &T) -> Result<(), OutputError> {
        let mut text = serde_json::to_vec_pretty(contents).at(&self.path.join(name))?;
        text.push(b'\n');
        self.write_file(name, &text)
    }

    /// Records a work item as done; call it when all its parts are finished, never before.
    ///
    /// # Errors
    /// When the system refuses to write.
    pub fn record_work(&self, entry: &WorkEntry) -> Result<(), OutputError> {
        ledger::append(&self.path.join(WORK), entry)
    }

    /// Records a work item that failed.
    ///
    /// # Errors
    /// When the system refuses to write.
    pub fn record_failure(&self, failure: &Failure) -> Result<(), OutputError> {
        ledger::append(&self.path.join(FAILURES), failure)
    }

    /// Appends one line to `log.jsonl`.
    ///
    /// # Errors
    /// When the system refuses to write.
    pub fn record_log<T: Serialize>(&self, line: &T) -> Result<(), OutputError> {
        ledger::append(&self.path.join(LOG), line)
    }

    /// Digest of all work recorded so far.
    ///
    /// # Errors
    /// [`OutputError::ItemTwice`] if an item was recorded twice; when the ledger is not readable.
    pub fn digest(&self) -> Result<ResultDigest, OutputError> {
        let mut digest = ResultDigest::new();
        for entry in read::work(&self.path)? {
            for table in entry.tables {
                digest.add(entry.item, table)?;
            }
        }
        Ok(digest)
    }
}

/// Takes the folder for this process. Where the file system knows no locks, nothing keeps others out.
fn lock(folder: &Path) -> Result<File, OutputError> {
    let path = folder.join(LOCK);
    let file = OpenOptions::new().create(true).truncate(false).write(true).open(&path).at(&path)?;
    match file.try_lock() {
        Err(TryLockError::WouldBlock) => Err(OutputError::InUse { path: folder.to_owned() }),
        Ok(()) | Err(TryLockError::Error(_)) => Ok(file),
    }
}

/// Refuses unless a run with `config_hash` may start at `path`; true if it starts over there.
fn refuse(path: &Path, config_hash: &str, force: bool) -> Result<bool, OutputError> {
    let path_buf = path.to_owned();
    if !path.join(MANIFEST).exists() {
        let is_other = |entry: std::io::Result<fs::DirEntry>| entry.is_ok_and(|entry| entry.file_name() != LOCK);
        let is_empty = !path.exists() || !fs::read_dir(path).at(path)?.any(is_other);
        return if is_empty { Ok(false) } else { Err(OutputError::NotARunFolder { path: path_buf }) };
    }
    let there = match read::manifest(path) {
        // A layout of another version is a run too; any other `manifest.json` is somebody's own file.
        Ok(_) | Err(OutputError::OtherSchema { .. }) if force => return Ok(true),
        Err(_) if force => return Err(OutputError::NotARunFolder { path: path_buf }),
        there => there?,
    };
    Err(if there.config_hash != config_hash {
        OutputError::OtherConfig { path: path_buf, found: there.config_hash, wanted: config_hash.to_owned() }
    } else if there.status == Status::Complete {
        OutputError::AlreadyComplete { path: path_buf }
    } else {
        OutputError::Unfinished { path: path_buf, status: there.status }
    })
}

/// Deletes what a run writes, and nothing else. The manifest stays until the new one replaces it, so that a kill in
/// between leaves a folder that is still known as a run folder.
fn clear(path: &Path) -> Result<(), OutputError> {
    for folder in [DATA, SUMMARY, UNITS].map(|name| path.join(name)) {
        if folder.exists() {
            fs::remove_dir_all(&folder).at(&folder)?;
        }
    }
    for file in [WORK, FAILURES, LOG, TABLES, EXPERIMENT, RESOLVED, "report.html"].map(|name| path.join(name)) {
        if file.exists() {
            fs::remove_file(&file).at(&file)?;
        }
    }
    Ok(())
}
