//! Reading a run folder back: the only way in for reports, comparisons, tests and Python.

use std::collections::BTreeSet;
use std::fs::{self, File};
use std::path::{Path, PathBuf};

use arrow_array::{ArrayRef, RecordBatch};
use arrow_schema::SchemaRef;
use doorstroom_observe::table::{Row, Value};
use parquet::arrow::arrow_reader::{ParquetRecordBatchReader, ParquetRecordBatchReaderBuilder};
use serde::de::DeserializeOwned;

use crate::batch::{BATCH_ROWS, BatchBuilder, schema, schema_of, value_at};
use crate::cells::ColumnValues;
use crate::error::{At, OutputError};
use crate::layout::{DATA, FAILURES, MANIFEST, SUMMARY, TABLES, WORK, unit_file};
use crate::ledger::{self, Failure, WorkEntry};
use crate::manifest::{Manifest, SCHEMA_VERSION};
use crate::schema::TableDescription;

/// The manifest of the run in `folder`.
///
/// # Errors
/// When it is not there or not readable; [`OutputError::OtherSchema`] if the layout is of another version.
pub fn manifest(folder: &Path) -> Result<Manifest, OutputError> {
    let path = folder.join(MANIFEST);
    let text = fs::read(&path).at(&path)?;
    let manifest: Manifest = serde_json::from_slice(&text).at(&path)?;
    if manifest.schema_version != SCHEMA_VERSION {
        return Err(OutputError::OtherSchema { path: folder.to_owned(), found: manifest.schema_version });
    }
    Ok(manifest)
}

/// The descriptions of all tables of the run in `folder`.
///
/// # Errors
/// When `tables.json` is not there or not readable.
pub fn tables(folder: &Path) -> Result<Vec<TableDescription>, OutputError> {
    let path = folder.join(TABLES);
    let text = fs::read(&path).at(&path)?;
    serde_json::from_slice(&text).at(&path)
}

/// Work items that are done, in the order they were; none before the first is.
///
/// # Errors
/// When the ledger is not readable.
pub fn work(folder: &Path) -> Result<Vec<WorkEntry>, OutputError> {
    ledger::lines(&folder.join(WORK))
}

/// What a finished replicate came to; `None` if it is not finished.
///
/// # Errors
/// When the file is there and not readable.
pub fn unit<T: DeserializeOwned>(folder: &Path, replicate: u32) -> Result<Option<T>, OutputError> {
    let path = unit_file(folder, replicate);
    if !path.exists() {
        return Ok(None);
    }
    serde_json::from_slice(&fs::read(&path).at(&path)?).at(&path).map(Some)
}

/// Work items that failed, in the order they did.
///
/// # Errors
/// When the list is not readable.
pub fn failures(folder: &Path) -> Result<Vec<Failure>, OutputError> {
    ledger::lines(&folder.join(FAILURES))
}

/// All rows of a table in batches, in order of part number; a table without rows gives none.
///
/// # Errors
/// [`OutputError::NoSuchTable`] if `tables.json` does not name it. Each batch may be an error of its own.
pub fn table(folder: &Path, name: &str) -> Result<Batches, OutputError> {
    let known = tables(folder)?;
    let Some(description) = known.iter().find(|table| table.name == name) else {
        let known = known.into_iter().map(|table| table.name).collect();
        return Err(OutputError::NoSuchTable { table: name.to_owned(), known });
    };
    let mut columns = Vec::new();
    for column in &description.columns {
        let kind = column.kind().ok_or_else(|| OutputError::OtherColumns {
            path: folder.join(TABLES),
            table: name.to_owned(),
            reason: format!("column `{}` is of the unknown kind `{}`", column.name, column.kind),
        })?;
        columns.push((column.name.as_str(), kind));
    }
    Batches::of_parts(&folder.join(DATA).join(name), name, schema(columns.into_iter()))
}

/// All rows of a table as plain vectors, one a column, in file order of columns and order of part number.
///
/// # Errors
/// As [`table`].
pub fn columns(folder: &Path, name: &str) -> Result<Vec<(String, ColumnValues)>, OutputError> {
    let batches = table(folder, name)?;
    let mut columns: Vec<(String, ColumnValues)> = tables(folder)?
        .into_iter()
        .filter(|table| table.name == name)
        .flat_map(|table| table.columns)
        .map(|column| (column.kind().map(ColumnValues::of), column.name))
        .filter_map(|(values, name)| Some((name, values?)))
        .collect();
    for batch in batches {
        let batch = batch?;
        for ((_, values), array) in columns.iter_mut().zip(batch.columns()) {
            let filled = (0..array.len()).all(|row| value_at(array, row).is_some_and(|value| values.push(value)));
            assert!(filled, "a batch has the kinds that tables.json promises: `Batches` compares the schemas");
        }
    }
    Ok(columns)
}

/// All rows of the table of `R`, sorted by its key, whatever parts they came in.
///
/// # Errors
/// As [`table`]; [`OutputError::OtherColumns`] if the files were written with other columns.
pub fn rows<R: Row>(folder: &Path) -> Result<Vec<R>, OutputError> {
    let mut rows = rows_of(Batches::of_parts(&folder.join(DATA).join(R::TABLE), R::TABLE, schema_of::<R>())?)?;
    rows.sort_by_cached_key(sort_key::<R>);
    Ok(rows)
}

/// The rows of `summary/<name>.csv`, in file order.
///
/// # Errors
/// When it is not there; [`OutputError::OtherColumns`] if it has other columns than `R`.
pub fn summary<R: Row>(folder: &Path, name: &str) -> Result<Vec<R>, OutputError> {
    let file = folder.join(SUMMARY).join(format!("{name}.csv"));
    rows_of(Batches { table: R::TABLE.to_owned(), schema: schema_of::<R>(), parts: vec![file].into_iter(), open: None })
}

fn rows_of<R: Row>(batches: Batches) -> Result<Vec<R>, OutputError> {
    let mut rows = Vec::new();
    for batch in batches {
        let batch = batch?;
        for row in 0..batch.num_rows() {
            let mut cells = batch.columns().iter().filter_map(|array: &ArrayRef| value_at(array, row));
            rows.push(R::from_values(&mut cells).expect("`Batches` gives the schema of the row type, without nulls"));
        }
    }
    Ok(rows)
}

/// The key cells of a row as bytes that compare as the cells do, in key order.
fn sort_key<R: Row>(row: &R) -> Vec<u8> {
    let mut cells = vec![Vec::new(); R::KEY.len()];
    let mut columns = R::columns().iter();
    row.values(&mut |value| {
        let name = columns.next().expect("rows! gives as many values as columns").name;
        if let Some(place) = R::KEY.iter().position(|key| *key == name) {
            cells[place] = ordered_bytes(value);
        }
    });
    cells.concat()
}

fn ordered_bytes(value: Value<'_>) -> Vec<u8> {
    const SIGN: u64 = 1 << 63;
    match value {
        Value::U32(number) => number.to_be_bytes().to_vec(),
        Value::U64(number) => number.to_be_bytes().to_vec(),
        Value::I64(number) => (number as u64 ^ SIGN).to_be_bytes().to_vec(),
        Value::F64(number) if number.is_sign_negative() => (!number.to_bits()).to_be_bytes().to_vec(),
        Value::F64(number) => (number.to_bits() ^ SIGN).to_be_bytes().to_vec(),
        // A zero ends a text, so that a shorter one comes first whatever follows it.
        Value::Text(text) => [text.as_bytes(), &[0]].concat(),
        Value::Bytes(bytes) => [bytes, &[0]].concat(),
        Value::Bool(truth) => vec![u8::from(truth)],
    }
}

enum PartBatches {
    Parquet(PathBuf, ParquetRecordBatchReader),
    Csv(PathBuf, csv::Reader<File>),
}

/// The rows of a table, batch after batch; all batches have one schema.
pub struct Batches {
    table: String,
    schema: SchemaRef,
    parts: std::vec::IntoIter<PathBuf>,
    open: Option<PartBatches>,
}

impl Batches {
    /// The schema of every batch.
    pub fn schema(&self) -> SchemaRef {
        self.schema.clone()
    }

    fn of_parts(folder: &Path, table: &str, schema: SchemaRef) -> Result<Batches, OutputError> {
        let mut parts: Vec<_> = if folder.exists() { files_in(folder)? } else { Vec::new() };
        parts.retain(|file| part_number(file).is_some());
        parts.sort_by_key(|file| part_number(file));
        Ok(Batches { table: table.to_owned(), schema, parts: parts.into_iter(), open: None })
    }

    fn open(&self, path: PathBuf) -> Result<PartBatches, OutputError> {
        let file = File::open(&path).at(&path)?;
        let wanted = self.schema.fields();
        let (part, differs) = if path.extension().is_some_and(|ending| ending == "csv") {
            let mut reader = csv::Reader::from_reader(file);
            let header = reader.headers().at(&path)?;
            let differs = !header.iter().eq(wanted.iter().map(|field| field.name().as_str()));
            let reason = differs.then(|| format!("its header is {header:?}"));
            (PartBatches::Csv(path.clone(), reader), reason)
        } else {
            let builder = ParquetRecordBatchReaderBuilder::try_new(file).at(&path)?.with_batch_size(BATCH_ROWS);
            let differs = builder.schema().fields() != wanted;
            let reason = differs.then(|| format!("its columns are {:?}", builder.schema().fields()));
            (PartBatches::Parquet(path.clone(), builder.build().at(&path)?), reason)
        };
        match differs {
            None => Ok(part),
            Some(reason) => Err(OutputError::OtherColumns { path, table: self.table.clone(), reason }),
        }
    }

    fn next_csv(&self, path: &Path, reader: &mut csv::Reader<File>) -> Result<Option<RecordBatch>, OutputError> {
        let mut batch = BatchBuilder::new(self.schema.clone());
        let mut record = csv::StringRecord::new();
        while batch.rows() < BATCH_ROWS && reader.read_record(&mut record).at(path)? {
            batch.push_csv(&record).map_err(|reason| OutputError::OtherColumns {
                path: path.to_owned(),
                table: self.table.clone(),
                reason,
            })?;
        }
        if batch.rows() == 0 { Ok(None) } else { batch.finish().at(path).map(Some) }
    }

    fn next_batch(&mut self) -> Result<Option<RecordBatch>, OutputError> {
        loop {
            let mut part = match self.open.take() {
                Some(part) => part,
                None => match self.parts.next() {
                    Some(path) => self.open(path)?,
                    None => return Ok(None),
                },
            };
            let batch = match &mut part {
                PartBatches::Parquet(path, reader) => reader.next().transpose().at(path)?,
                PartBatches::Csv(path, reader) => self.next_csv(path, reader)?,
            };
            if batch.is_some() {
                self.open = Some(part);
                return Ok(batch);
            }
        }
    }
}

impl Iterator for Batches {
    type Item = Result<RecordBatch, OutputError>;

    fn next(&mut self) -> Option<Self::Item> {
        self.next_batch().transpose()
    }
}

/// The folders under `data/`, one a table, by name; none before the first row.
pub(crate) fn table_folders(folder: &Path) -> Result<Vec<PathBuf>, OutputError> {
    let data = folder.join(DATA);
    if data.exists() { files_in(&data) } else { Ok(Vec::new()) }
}

/// What is in `folder`, by name.
pub(crate) fn files_in(folder: &Path) -> Result<Vec<PathBuf>, OutputError> {
    let mut found = BTreeSet::new();
    for entry in fs::read_dir(folder).at(folder)? {
        found.insert(entry.at(folder)?.path());
    }
    Ok(found.into_iter().collect())
}

/// The number of a finished part; `None` for every other file.
pub(crate) fn part_number(file: &Path) -> Option<u32> {
    let (stem, ending) = file.file_name()?.to_str()?.strip_prefix("part-")?.split_once('.')?;
    matches!(ending, "parquet" | "csv").then_some(stem)?.parse().ok()
}
