//! Parts: files of rows under `data/`, each complete or absent.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::BufWriter;
use std::marker::PhantomData;
use std::path::{Path, PathBuf};

use doorstroom_observe::table::{Kind, Row};
use parquet::arrow::ArrowWriter;
use parquet::basic::{Compression, ZstdLevel};
use parquet::file::metadata::KeyValue;
use parquet::file::properties::WriterProperties;
use parquet::schema::types::ColumnPath;

use crate::batch::{BATCH_ROWS, BatchBuilder, schema_of};
use crate::cells::csv_text;
use crate::digest::{RowHasher, TableDigest};
use crate::durable::{half_written, put_in_place};
use crate::error::{At, OutputError};
use crate::manifest::TOOL_VERSION;
use crate::manifest::{Format, SCHEMA_VERSION};
use crate::work::WorkItem;

/// Rows in a row group of a Parquet file.
const ROW_GROUP_ROWS: usize = 65_536;

/// What every part says about the run it belongs to.
#[derive(Clone, Debug)]
pub(crate) struct Provenance {
    pub(crate) run_id: String,
    pub(crate) config_hash: String,
}

/// A finished part.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Part {
    /// Its file; `None` if no row came, since then none is made.
    pub path: Option<PathBuf>,
    /// Number of rows.
    pub rows: u64,
    /// Digest of each work item's rows, by item; items without a row are not in it.
    pub items: Vec<(WorkItem, TableDigest)>,
}

enum Sink {
    Parquet { batch: BatchBuilder, writer: ArrowWriter<File> },
    Csv(csv::Writer<BufWriter<File>>),
}

/// Writes rows of one table to one part.
///
/// The file appears under its name when [`PartWriter::finish`] returns; dropped before that, it is gone.
pub struct PartWriter<R: Row> {
    path: PathBuf,
    half: PathBuf,
    format: Format,
    provenance: Provenance,
    sink: Option<Sink>,
    hashers: BTreeMap<WorkItem, RowHasher>,
    rows: PhantomData<fn(&R)>,
}

impl<R: Row> PartWriter<R> {
    pub(crate) fn new(path: PathBuf, format: Format, provenance: Provenance) -> Self {
        let half = half_written(&path);
        PartWriter { path, half, format, provenance, sink: None, hashers: BTreeMap::new(), rows: PhantomData }
    }

    /// Writes one row, made by `item`. Rows of one item must come in a fixed order, which its digest depends on;
    /// items may come in any order.
    ///
    /// # Errors
    /// When the system refuses to write.
    pub fn push(&mut self, item: WorkItem, row: &R) -> Result<(), OutputError> {
        self.hashers.entry(item).or_insert_with(RowHasher::new::<R>).push(row);
        let sink = match &mut self.sink {
            Some(sink) => sink,
            None => self.sink.insert(Sink::open::<R>(&self.half, self.format, &self.provenance)?),
        };
        sink.push(row, &self.half)
    }

    /// Writes all rows that `item` made, as [`PartWriter::push`] does.
    ///
    /// # Errors
    /// When the system refuses to write.
    pub fn extend<'r>(&mut self, item: WorkItem, rows: impl IntoIterator<Item = &'r R>) -> Result<(), OutputError>
    where
        R: 'r,
    {
        rows.into_iter().try_for_each(|row| self.push(item, row))
    }

    /// Completes the file and puts it in its place.
    ///
    /// # Errors
    /// When the system refuses to write.
    pub fn finish(mut self) -> Result<Part, OutputError> {
        let items: Vec<_> =
            std::mem::take(&mut self.hashers).into_iter().map(|(item, hasher)| (item, hasher.finish::<R>())).collect();
        let rows = items.iter().map(|(_, digest)| digest.rows).sum();
        let Some(sink) = self.sink.take() else {
            return Ok(Part { path: None, rows, items });
        };
        sink.finish(&self.half)?;
        put_in_place(&self.half, &self.path)?;
        Ok(Part { path: Some(self.path.clone()), rows, items })
    }
}

impl<R: Row> Drop for PartWriter<R> {
    fn drop(&mut self) {
        if self.sink.take().is_some() {
            // Nothing reads a half-written file; one that cannot be removed now goes at the next start.
            fs::remove_file(&self.half).ok();
        }
    }
}

impl Sink {
    fn open<R: Row>(path: &Path, format: Format, provenance: &Provenance) -> Result<Self, OutputError> {
        if let Some(folder) = path.parent() {
            fs::create_dir_all(folder).at(folder)?;
        }
        let file = File::create(path).at(path)?;
        Ok(match format {
            Format::Parquet => {
                let schema = schema_of::<R>();
                let writer = ArrowWriter::try_new(file, schema.clone(), Some(properties::<R>(provenance))).at(path)?;
                Sink::Parquet { batch: BatchBuilder::new(schema), writer }
            }
            Format::Csv => Sink::Csv(csv_with_header::<R, _>(BufWriter::new(file)).at(path)?),
        })
    }

    fn push<R: Row>(&mut self, row: &R, path: &Path) -> Result<(), OutputError> {
        match self {
            Sink::Parquet { batch, writer } => {
                batch.push(row);
                if batch.rows() == BATCH_ROWS {
                    writer.write(&batch.finish().at(path)?).at(path)?;
                }
                Ok(())
            }
            Sink::Csv(writer) => write_csv_row(writer, row).at(path),
        }
    }

    fn finish(self, path: &Path) -> Result<(), OutputError> {
        let file = match self {
            Sink::Parquet { mut batch, mut writer } => {
                writer.write(&batch.finish().at(path)?).at(path)?;
                writer.into_inner().at(path)?
            }
            Sink::Csv(writer) => {
                let buffer = writer.into_inner().map_err(csv::IntoInnerError::into_error).at(path)?;
                buffer.into_inner().map_err(std::io::IntoInnerError::into_error).at(path)?
            }
        };
        file.sync_all().at(path)
    }
}

/// A CSV writer that has written the names of the columns of `R`.
pub(crate) fn csv_with_header<R: Row, W: std::io::Write>(to: W) -> Result<csv::Writer<W>, csv::Error> {
    let mut writer = csv::Writer::from_writer(to);
    writer.write_record(R::columns().iter().map(|column| column.name))?;
    Ok(writer)
}

/// Rows as CSV with a header, in memory.
///
/// # Errors
/// When a row cannot be written.
pub fn csv_of<R: Row>(rows: &[R]) -> Result<Vec<u8>, csv::Error> {
    let mut writer = csv_with_header::<R, _>(Vec::new())?;
    rows.iter().try_for_each(|row| write_csv_row(&mut writer, row))?;
    writer.into_inner().map_err(|error| csv::Error::from(error.into_error()))
}

/// Writes one row as CSV.
pub(crate) fn write_csv_row<R: Row, W: std::io::Write>(writer: &mut csv::Writer<W>, row: &R) -> Result<(), csv::Error> {
    let mut outcome = Ok(());
    row.values(&mut |value| {
        if outcome.is_ok() {
            outcome = writer.write_field(csv_text(value).as_bytes());
        }
    });
    outcome?;
    writer.write_record(None::<&[u8]>)
}

/// zstd level 1: levels 3 and 9 made files less than 1 % smaller when measured.
fn properties<R: Row>(provenance: &Provenance) -> WriterProperties {
    let said = |key: &str, value: &str| KeyValue::new(format!("doorstroom.{key}"), value.to_owned());
    let mut properties = WriterProperties::builder()
        .set_compression(Compression::ZSTD(ZstdLevel::try_new(1).expect("zstd has a level 1")))
        .set_max_row_group_row_count(Some(ROW_GROUP_ROWS))
        .set_created_by(format!("doorstroom {}", TOOL_VERSION))
        .set_key_value_metadata(Some(vec![
            said("run_id", &provenance.run_id),
            said("config_hash", &provenance.config_hash),
            said("schema_version", &SCHEMA_VERSION.to_string()),
            said("key", &R::KEY.join(",")),
        ]));
    for column in R::columns() {
        // Hashed names, means and histograms hardly repeat: a dictionary of them costs time and saves nothing.
        let repeats = !matches!(column.kind, Kind::U64 | Kind::F64 | Kind::Bytes);
        properties = properties.set_column_dictionary_enabled(ColumnPath::from(column.name), repeats);
    }
    properties.build()
}
