//! `derive`: from published extracts to the input tables of the Dutch world.
//!
//! The tables are a pure function of the extracts: rows sorted by code, fixed decimals, only `+ - * / sqrt` on numbers,
//! so the same extracts give the same bytes on every machine. `worlds/netherlands/tables/README.md` says where each
//! column comes from and which file the extracts folder must hold.

use std::fs;
use std::path::{Path, PathBuf};

mod apportion;
mod checks;
mod error;
mod market;
mod municipalities;
mod national;
mod regions;
mod sheet;
mod table;

use error::DeriveError;
use sheet::Sheet;
use table::Table;

/// Arguments of the task.
pub const USAGE: &str = "--source DIR [--check]   DIR: folder with the original extracts; --check compares only";

/// Runs the task: writes the tables, or with `--check` says whether the committed ones are what the source gives.
pub fn run(arguments: &[String]) -> crate::Outcome {
    let request = Request::parse(arguments)?;
    let target = tables_folder();
    let tables = derive(&request.source)?;
    let checked = checks::verify(&sheets_of(&tables)?)?;
    if request.check {
        compare(&tables, &target)?;
        Ok(format!("{checked}\n{} tables are what the source gives", tables.len()))
    } else {
        write(&tables, &target)?;
        Ok(format!("{checked}\n{} tables written to {}", tables.len(), target.display()))
    }
}

/// What was asked on the command line.
struct Request {
    source: PathBuf,
    check: bool,
}

impl Request {
    fn parse(arguments: &[String]) -> Result<Self, DeriveError> {
        let (mut source, mut check) = (None, false);
        let mut words = arguments.iter();
        while let Some(word) = words.next() {
            match word.as_str() {
                "--check" => check = true,
                "--source" => source = words.next().map(PathBuf::from),
                _ => return Err(DeriveError::Usage { problem: format!("`{word}` is not an argument") }),
            }
        }
        let source = source.ok_or_else(|| DeriveError::Usage { problem: "`--source DIR` is missing".into() })?;
        Ok(Self { source, check })
    }
}

/// Folder of the committed tables.
fn tables_folder() -> PathBuf {
    let crates = Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("xtask is a folder in `crates`");
    crates.parent().expect("`crates` is a folder in the repository").join("worlds/netherlands/tables")
}

/// All tables of the Dutch world, derived from the extracts in `source`.
fn derive(source: &Path) -> Result<Vec<Table>, DeriveError> {
    let extract = |path: &str| Sheet::read(&source.join(path));
    let neighbours = extract("geo/neighbours.csv")?;
    let municipalities =
        municipalities::read(&extract("municipalities/municipalities.csv")?, &extract("geo/points.csv")?)?;
    let regions = regions::read(&municipalities, &extract("rents/corop_woz_per_m2.csv")?)?;
    Ok(vec![
        municipalities::table(&municipalities),
        regions::table(&regions),
        regions::borders(&municipalities, &neighbours)?,
        municipalities::neighbours(&municipalities, &neighbours)?,
        national::household_size_by_age(&extract("national/household_size_by_age.csv")?)?,
        national::income_by_age(&extract("national/household_income_by_age.csv")?)?,
        national::floor_area(&extract("national/dwelling_stock_by_floor_area.csv")?)?,
        national::rent_points("rent_points", &extract("rents/wws_max_rent_independent.csv")?)?,
        national::rent_points("rent_points_rooms", &extract("rents/wws_max_rent_rooms.csv")?)?,
    ])
}

/// The tables read back from their own bytes, so that the checks see what a reader of the files sees.
fn sheets_of(tables: &[Table]) -> Result<Vec<Sheet>, DeriveError> {
    tables.iter().map(|table| Sheet::parse(&table.file_name(), &table.bytes())).collect()
}

fn write(tables: &[Table], folder: &Path) -> Result<(), DeriveError> {
    fs::create_dir_all(folder).map_err(|source| DeriveError::Write { path: folder.into(), source })?;
    for table in tables {
        let path = folder.join(table.file_name());
        fs::write(&path, table.bytes()).map_err(|source| DeriveError::Write { path, source })?;
    }
    Ok(())
}

/// Fails with every committed table that differs from the derived one, and the first line where it does.
fn compare(tables: &[Table], folder: &Path) -> Result<(), DeriveError> {
    let mut stale = Vec::new();
    for table in tables {
        let path = folder.join(table.file_name());
        let committed = fs::read(&path).map_err(|source| DeriveError::Read { path, source })?;
        if let Some(line) = first_difference(&committed, &table.bytes()) {
            stale.push(format!("{} from line {line}", table.file_name()));
        }
    }
    if stale.is_empty() { Ok(()) } else { Err(DeriveError::Stale { tables: stale }) }
}

/// The first line (from 1) on which two texts differ, if any.
fn first_difference(one: &[u8], other: &[u8]) -> Option<usize> {
    if one == other {
        return None;
    }
    let same = one.iter().zip(other).take_while(|(a, b)| a == b).count();
    Some(1 + one[..same].iter().filter(|byte| **byte == b'\n').count())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_committed_tables_hold_the_published_sums() {
        let files = fs::read_dir(tables_folder()).unwrap().map(|entry| entry.unwrap().path());
        let tables = files.filter(|path| path.extension().is_some_and(|extension| extension == "csv"));
        let sheets: Vec<Sheet> = tables.map(|path| Sheet::read(&path).unwrap()).collect();
        checks::verify(&sheets).unwrap();
    }

    #[test]
    fn a_difference_is_named_by_its_line() {
        assert_eq!(first_difference(b"a\nb\n", b"a\nb\n"), None);
        assert_eq!(first_difference(b"a\nb\n", b"a\nc\n"), Some(2));
        assert_eq!(first_difference(b"a\nb\n", b"a\nb\nc\n"), Some(3));
    }

    #[test]
    fn a_missing_source_is_refused() {
        assert!(Request::parse(&["--check".into()]).is_err());
        assert!(Request::parse(&["--source".into()]).is_err());
        assert!(Request::parse(&["--sauce".into(), "x".into()]).is_err());
        assert!(Request::parse(&["--source".into(), "x".into()]).is_ok());
    }
}
