//! Closed-form worlds: a queue in one file, `Queue(..)`, with its scheme in a file of its own or inside.
//!
//! The third kind of world beside whole ones and parts. It has no tables, no dates and no population; a law about it can
//! be written down. The format is explained key by key in `worlds/closed-form/README.md`.

mod applicable;
mod check;
mod file;
mod model;
mod units;

#[cfg(test)]
mod tests;

use std::path::{Path as FilePath, PathBuf};

use doorstroom_policy::queue::{Process, QueueModel};
use doorstroom_policy::scheme::Scheme;

pub use check::Fault;
pub use file::{Good, Group, QueueFile, Returns, SchemeRef, Sharing, Stage, Stock, Survival, Transfers};
pub use units::{Lifetime, Rate, Span, Stream};

use crate::load::schemes::{path_of, refuse};
use crate::read::{Check, Path, Problem, Problems, Source};

/// A queue world, read and checked.
#[derive(Clone, Debug, PartialEq)]
pub struct QueueWorld {
    /// What its file says.
    pub file: QueueFile,
    /// Its scheme.
    pub scheme: Option<Scheme>,
    /// Every file that was read, for the manifest.
    pub inputs: Vec<PathBuf>,
}

/// How the files beside a world are read: by their path from its folder.
pub type Reader<'r> = &'r dyn Fn(&str) -> Result<Source, Problems>;

impl QueueWorld {
    /// Reads the world in the file at `path`.
    ///
    /// # Errors
    /// All that is wrong in it and in its scheme, each with its place.
    pub fn read(path: &FilePath) -> Result<QueueWorld, Problems> {
        let folder = path.parent().unwrap_or(FilePath::new("")).to_owned();
        let mut world = QueueWorld::parse(&Source::read(path)?, &|file| Source::read(folder.join(file)))?;
        world.inputs.push(path.to_owned());
        if let Some(SchemeRef::File(file)) = &world.file.scheme {
            world.inputs.push(folder.join(file));
        }
        Ok(world)
    }

    /// Reads a world that is in memory.
    ///
    /// # Errors
    /// As [`QueueWorld::read`].
    pub fn parse(source: &Source, reader: Reader<'_>) -> Result<QueueWorld, Problems> {
        let mut scheme = None;
        let mut elsewhere = Problems::new();
        let file: Result<QueueFile, Problems> = source.parse_checked(|file: &QueueFile, check| {
            for fault in file.faults() {
                check.refuse(&fault.path, fault.message, fault.hint);
            }
            let at = Path::root().field("scheme");
            match &file.scheme {
                None => {}
                Some(SchemeRef::Inline(inline)) => {
                    refuse_scheme(file, inline, &at, check);
                    scheme = Some(inline.clone());
                }
                Some(SchemeRef::File(name)) => match read_scheme(file, name, reader) {
                    Ok(found) => scheme = Some(found),
                    Err(Unread::Elsewhere(problems)) => elsewhere.extend(problems),
                    Err(Unread::Name(message)) => check.refuse(&at, message, None),
                },
            }
            for fault in file.faults_with(scheme.as_ref()) {
                check.refuse(&fault.path, fault.message, fault.hint);
            }
        });
        let file = match file {
            Ok(file) => file,
            Err(mut problems) => {
                problems.extend(elsewhere);
                return Err(problems);
            }
        };
        elsewhere.into_result(QueueWorld { file, scheme, inputs: Vec::new() })
    }

    /// The same world with another scheme, read from the file `name` beside it.
    ///
    /// # Errors
    /// What is wrong with the scheme, or with the two together.
    pub fn with_scheme(&self, name: &str, reader: Reader<'_>) -> Result<QueueWorld, Problems> {
        let scheme = match read_scheme(&self.file, name, reader) {
            Ok(scheme) => scheme,
            Err(Unread::Elsewhere(problems)) => return Err(problems),
            Err(Unread::Name(message)) => return Err(Problem::of_file(name, message, None).into()),
        };
        let mut problems = Problems::new();
        for fault in self.file.faults_with(Some(&scheme)) {
            problems.push(Problem::of_file(name, fault.message, fault.hint));
        }
        problems.into_result(QueueWorld { scheme: Some(scheme), ..self.clone() })
    }

    /// The rules with positions and steps.
    pub fn model(&self) -> QueueModel {
        model::of(self)
    }

    /// Names of the groups in their order.
    pub fn groups(&self) -> Vec<&str> {
        self.file.groups.keys().map(String::as_str).collect()
    }

    /// Whether this process runs.
    pub fn runs(&self, process: Process) -> bool {
        self.file.processes.contains(&process)
    }
}

/// Why a scheme could not be read.
enum Unread {
    /// Its own file says why.
    Elsewhere(Problems),
    /// It cannot be a file of this world.
    Name(String),
}

fn read_scheme(file: &QueueFile, name: &str, reader: Reader<'_>) -> Result<Scheme, Unread> {
    let inside = |part| matches!(part, std::path::Component::Normal(_));
    if name.is_empty() || name.contains(['\\', ':']) || !FilePath::new(name).components().all(inside) {
        return Err(Unread::Name(format!("\"{name}\" must lie inside the folder of the world, without `..`")));
    }
    let source = reader(name).map_err(Unread::Elsewhere)?;
    let read = source.parse_checked(|scheme: &Scheme, check| refuse_scheme(file, scheme, &Path::root(), check));
    read.map_err(Unread::Elsewhere)
}

/// Refuses what the scheme may not say in this world.
fn refuse_scheme(file: &QueueFile, scheme: &Scheme, at: &Path, check: &mut Check<'_>) {
    let groups: Vec<&str> = file.groups.keys().map(String::as_str).collect();
    let goods: Vec<&str> = file.goods.keys().map(String::as_str).collect();
    for fault in scheme.faults(&groups, &goods) {
        refuse(check, at, fault);
    }
    for (place, message) in applicable::not_applicable(file, scheme) {
        check.refuse(&path_of(at, &place), message, None);
    }
}
