//! Reads a waiting-list world.

use std::path::Path as FilePath;

use doorstroom_kernel::Calendar;

use super::file::WaitingListFile;
use crate::definition::WorldFile;
use crate::notation::WORLD_FILE;
use crate::read::{Problems, Source};

/// A waiting-list world, read and checked, ready to be populated.
#[derive(Clone, Debug, PartialEq)]
pub struct WaitingListWorld {
    /// Folder name.
    pub name: String,
    /// What its file says.
    pub file: WaitingListFile,
}

impl WaitingListWorld {
    /// Reads the world in `folder`; `None` if it is a world of another kind, or none at all.
    ///
    /// # Errors
    /// All that is wrong in its file, each with its place.
    pub fn load(folder: &FilePath) -> Result<Option<WaitingListWorld>, Problems> {
        let path = folder.join(WORLD_FILE);
        let Ok(source) = Source::read(&path) else { return Ok(None) };
        let file = match source.parse_checked(|file: &WorldFile, check| file.validate(check)) {
            Ok(WorldFile::WaitingList(file)) => file,
            // other kinds are told of their own mistakes where they are read
            Err(problems) if source.text().contains("WaitingList") => return Err(problems),
            Ok(_) | Err(_) => return Ok(None),
        };
        let name = folder.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        Ok(Some(WaitingListWorld { name, file: *file }))
    }

    /// Start date and step length.
    pub fn calendar(&self) -> Calendar {
        Calendar { start: self.file.start, length: self.file.step }
    }
}
