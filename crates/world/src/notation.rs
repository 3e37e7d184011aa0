//! What all files of a world have in common: where they stand, the version of the notation, and names.

use crate::read::{Check, Path};

/// Name of the file that makes a folder a world.
pub const WORLD_FILE: &str = "world.ron";

/// The version of the notation that this program reads.
pub const VERSION: u32 = 1;
/// Longest name of a world or region code, in characters.
const LONGEST_NAME: usize = 64;

/// Refuses an empty text in the field `name` of the value at `place`.
pub(crate) fn not_blank(check: &mut Check<'_>, place: &Path, name: &str, text: &str) {
    if text.trim().is_empty() {
        check.refuse(&place.field(name), format!("`{name}` is empty"), None);
    }
}

/// Refuses another version of the notation than [`VERSION`].
pub fn version(check: &mut Check<'_>, version: u32) {
    if version != VERSION {
        let message = format!("`version` is {version}; this program reads version {VERSION}");
        check.refuse(&Path::root().field("version"), message, None);
    }
}

/// Whether `name` may name a world: lower-case letters, digits, hyphens and underscores.
pub fn is_name(name: &str) -> bool {
    let allowed = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || matches!(c, '-' | '_');
    !name.is_empty() && name.len() <= LONGEST_NAME && name.chars().all(allowed)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_world_name_is_no_path() {
        assert!(is_name("one-region") && !is_name("../netherlands") && !is_name("") && !is_name("A"));
    }
}
