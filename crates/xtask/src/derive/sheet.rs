//! A CSV file read by column name, with errors that name file, line and column.

use std::fs;
use std::path::Path;
use std::str::FromStr;

use super::error::DeriveError;

/// A whole CSV file in memory.
pub struct Sheet {
    file: String,
    columns: Vec<String>,
    records: Vec<csv::StringRecord>,
}

impl Sheet {
    /// Reads a file; fails if it is absent, not UTF-8, or has rows of unequal length.
    pub fn read(path: &Path) -> Result<Self, DeriveError> {
        let bytes = fs::read(path).map_err(|source| DeriveError::Read { path: path.into(), source })?;
        Self::parse(&path.display().to_string(), &bytes)
    }

    /// Reads a file from its bytes; `file` is the name used in errors.
    pub fn parse(file: &str, bytes: &[u8]) -> Result<Self, DeriveError> {
        let malformed = |source| DeriveError::Malformed { file: file.into(), source };
        let mut reader = csv::Reader::from_reader(bytes);
        let columns = reader.headers().map_err(malformed)?.iter().map(String::from).collect();
        let records = reader.records().collect::<Result<Vec<_>, _>>().map_err(malformed)?;
        Ok(Self { file: file.into(), columns, records })
    }

    /// Name of the file without its folder.
    pub fn file_name(&self) -> &str {
        Path::new(&self.file).file_name().and_then(|name| name.to_str()).unwrap_or_default()
    }

    /// Number of rows below the header.
    pub fn len(&self) -> usize {
        self.records.len()
    }

    /// Its rows in file order.
    pub fn rows(&self) -> impl Iterator<Item = Row<'_>> {
        self.records.iter().map(|record| Row { sheet: self, record })
    }

    /// An error about the rows as a whole.
    pub fn problem(&self, problem: impl Into<String>) -> DeriveError {
        DeriveError::Rows { file: self.file.clone(), problem: problem.into() }
    }
}

/// One row of a [`Sheet`].
#[derive(Clone, Copy)]
pub struct Row<'a> {
    sheet: &'a Sheet,
    record: &'a csv::StringRecord,
}

impl<'a> Row<'a> {
    /// The text of a cell, possibly empty.
    pub fn text(self, column: &str) -> Result<&'a str, DeriveError> {
        let at = self.sheet.columns.iter().position(|name| name == column);
        at.and_then(|at| self.record.get(at))
            .ok_or_else(|| DeriveError::MissingColumn { file: self.sheet.file.clone(), column: column.into() })
    }

    /// A whole number, zero or more.
    pub fn count(self, column: &str) -> Result<u64, DeriveError> {
        self.parsed(column, "a whole number, zero or more", |_: &u64| true)
    }

    /// A finite number.
    pub fn number(self, column: &str) -> Result<f64, DeriveError> {
        self.parsed(column, "a finite number", |value: &f64| value.is_finite())
    }

    /// A finite number, or nothing where the cell is empty.
    pub fn number_if_known(self, column: &str) -> Result<Option<f64>, DeriveError> {
        if self.text(column)?.is_empty() { Ok(None) } else { self.number(column).map(Some) }
    }

    /// A percentage as a share between zero and one.
    pub fn percent_as_share(self, column: &str) -> Result<f64, DeriveError> {
        self.parsed(column, "a percentage from 0 to 100", |value: &f64| (0.0..=100.0).contains(value))
            .map(|percent| percent / 100.0)
    }

    fn parsed<T: FromStr>(
        self,
        column: &str,
        expected: &'static str,
        allowed: fn(&T) -> bool,
    ) -> Result<T, DeriveError> {
        let found = self.text(column)?;
        found.parse().ok().filter(allowed).ok_or_else(|| DeriveError::Cell {
            file: self.sheet.file.clone(),
            line: self.record.position().map_or(0, csv::Position::line),
            column: column.into(),
            found: found.into(),
            expected,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_wrong_cell_is_named_by_file_line_and_column() {
        let sheet = Sheet::parse("stock.csv", b"code,dwellings\nGM1,12\nGM2,twelve\n").unwrap();
        let last = sheet.rows().last().unwrap();
        let message = last.count("dwellings").unwrap_err().to_string();
        assert_eq!(message, "stock.csv:3: `dwellings` is `twelve`, expected a whole number, zero or more");
        assert_eq!(last.count("homes").unwrap_err().to_string(), "stock.csv has no column `homes`");
    }

    #[test]
    fn a_percentage_beyond_a_hundred_and_a_number_that_is_none_are_refused() {
        let sheet = Sheet::parse("stock.csv", b"owner,woz\n101,NaN\n").unwrap();
        let row = sheet.rows().next().unwrap();
        assert!(row.percent_as_share("owner").is_err());
        assert!(row.number("woz").is_err());
    }
}
