//! Values whose type depends on a neighbour: kept as text now, read once the neighbour is known.

use std::fmt;

use ron::value::RawValue;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Deserializer};

use super::path::Path;
use super::problem::Problems;
use super::source::Source;

/// A value of a RON file as text, such as the second argument in `Set("priority.status_holder", Banned(except: []))`.
///
/// It is well-formed RON. What it means is asked by [`Raw::parse`], which gives lines and columns of the file.
#[derive(Clone, PartialEq, Eq)]
pub struct Raw(String);

impl Raw {
    /// The text of the value, without blanks around it.
    pub fn text(&self) -> &str {
        &self.0
    }

    /// Reads the value as a `T`; `at` is its place in `source`, the file it came from.
    ///
    /// # Errors
    /// As [`Source::parse`]; also if `at` is not the place of this value.
    pub fn parse<T: DeserializeOwned>(&self, source: &Source, at: &Path) -> Result<T, Problems> {
        source.parse_at(at)
    }
}

impl<'de> Deserialize<'de> for Raw {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Raw, D::Error> {
        let raw = Box::<RawValue>::deserialize(deserializer)?;
        Ok(Raw(raw.get_ron().trim().to_owned()))
    }
}

impl fmt::Debug for Raw {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Raw({})", self.0)
    }
}
