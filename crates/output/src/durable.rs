//! Files that are whole or absent: written beside their place, flushed to disk, then renamed.

use std::ffi::OsString;
use std::fs::{self, File};
use std::io::Write;
use std::path::{Path, PathBuf};

use crate::error::{At, OutputError};

/// Ending of a file that is being written; no reader opens it.
pub(crate) const HALF_WRITTEN: &str = "tmp";

/// Where the bytes of `path` gather until they are complete.
pub(crate) fn half_written(path: &Path) -> PathBuf {
    let mut name = path.file_name().map_or_else(OsString::new, OsString::from);
    name.push(".");
    name.push(HALF_WRITTEN);
    path.with_file_name(name)
}

/// Moves a file, already flushed, to its place.
pub(crate) fn put_in_place(half: &Path, whole: &Path) -> Result<(), OutputError> {
    fs::rename(half, whole).at(whole)?;
    // The rename itself survives a power cut only once the folder is flushed; systems that cannot, say so here.
    if let Some(folder) = whole.parent()
        && let Ok(folder) = File::open(folder)
    {
        folder.sync_all().ok();
    }
    Ok(())
}

/// Writes `contents` to `path` so that a reader sees all of it or what was there before.
pub(crate) fn write(path: &Path, contents: &[u8]) -> Result<(), OutputError> {
    let half = half_written(path);
    let mut file = File::create(&half).at(&half)?;
    file.write_all(contents).at(&half)?;
    file.sync_all().at(&half)?;
    put_in_place(&half, path)
}
