//! Rows to arrow batches and back, by the kinds of their columns.

use std::sync::Arc;

use arrow_array::builder::{
    BinaryBuilder, BooleanBuilder, Float64Builder, Int64Builder, StringDictionaryBuilder, UInt32Builder, UInt64Builder,
};
use arrow_array::cast::AsArray;
use arrow_array::types::{Float64Type, Int32Type, Int64Type, UInt32Type, UInt64Type};
use arrow_array::{Array, ArrayRef, RecordBatch};
use arrow_schema::{ArrowError, DataType, Field, Schema, SchemaRef};
use doorstroom_observe::table::{Kind, Row, Value};

use crate::cells::{as_written, from_hex};

/// Rows in a batch: large enough to encode well, small enough that a dozen open parts weigh little.
pub(crate) const BATCH_ROWS: usize = 8192;

/// The arrow type of a kind; texts are dictionaries and arrive as categories in pandas and polars.
fn data_type(kind: Kind) -> DataType {
    match kind {
        Kind::U32 => DataType::UInt32,
        Kind::U64 => DataType::UInt64,
        Kind::I64 => DataType::Int64,
        Kind::F64 => DataType::Float64,
        Kind::Text => DataType::Dictionary(Box::new(DataType::Int32), Box::new(DataType::Utf8)),
        Kind::Bytes => DataType::Binary,
        Kind::Bool => DataType::Boolean,
    }
}

/// The arrow schema of columns given by name and kind; no column has nulls.
pub(crate) fn schema<'a>(columns: impl Iterator<Item = (&'a str, Kind)>) -> SchemaRef {
    Arc::new(Schema::new(columns.map(|(name, kind)| Field::new(name, data_type(kind), false)).collect::<Vec<_>>()))
}

/// The arrow schema of a row type.
pub(crate) fn schema_of<R: Row>() -> SchemaRef {
    schema(R::columns().iter().map(|column| (column.name, column.kind)))
}

enum ColumnBuilder {
    U32(UInt32Builder),
    U64(UInt64Builder),
    I64(Int64Builder),
    F64(Float64Builder),
    Text(StringDictionaryBuilder<Int32Type>),
    Bytes(BinaryBuilder),
    Bool(BooleanBuilder),
}

impl ColumnBuilder {
    fn new(data_type: &DataType) -> Self {
        match data_type {
            DataType::UInt32 => ColumnBuilder::U32(UInt32Builder::new()),
            DataType::UInt64 => ColumnBuilder::U64(UInt64Builder::new()),
            DataType::Int64 => ColumnBuilder::I64(Int64Builder::new()),
            DataType::Float64 => ColumnBuilder::F64(Float64Builder::new()),
            DataType::Binary => ColumnBuilder::Bytes(BinaryBuilder::new()),
            DataType::Boolean => ColumnBuilder::Bool(BooleanBuilder::new()),
            _ => ColumnBuilder::Text(StringDictionaryBuilder::new()),
        }
    }

    fn push(&mut self, value: Value<'_>) {
        match (self, value) {
            (ColumnBuilder::U32(cells), Value::U32(number)) => cells.append_value(number),
            (ColumnBuilder::U64(cells), Value::U64(number)) => cells.append_value(number),
            (ColumnBuilder::I64(cells), Value::I64(number)) => cells.append_value(number),
            (ColumnBuilder::F64(cells), Value::F64(number)) => cells.append_value(number),
            (ColumnBuilder::Text(cells), Value::Text(text)) => cells.append_value(text),
            (ColumnBuilder::Bytes(cells), Value::Bytes(bytes)) => cells.append_value(bytes),
            (ColumnBuilder::Bool(cells), Value::Bool(truth)) => cells.append_value(truth),
            (_, value) => unreachable!("rows! gives every value the kind of its column, not {:?}", value.kind()),
        }
    }

    /// Appends a cell written as CSV; `None`, and nothing appended, if the text is not of this kind.
    fn push_csv(&mut self, text: &str) -> Option<()> {
        match self {
            ColumnBuilder::U32(cells) => cells.append_value(text.parse().ok()?),
            ColumnBuilder::U64(cells) => cells.append_value(text.parse().ok()?),
            ColumnBuilder::I64(cells) => cells.append_value(text.parse().ok()?),
            ColumnBuilder::F64(cells) => cells.append_value(text.parse().ok()?),
            ColumnBuilder::Text(cells) => cells.append_value(as_written(text)),
            ColumnBuilder::Bytes(cells) => cells.append_value(from_hex(text)?),
            ColumnBuilder::Bool(cells) => cells.append_value(text.parse().ok()?),
        }
        Some(())
    }

    fn finish(&mut self) -> ArrayRef {
        match self {
            ColumnBuilder::U32(cells) => Arc::new(cells.finish()),
            ColumnBuilder::U64(cells) => Arc::new(cells.finish()),
            ColumnBuilder::I64(cells) => Arc::new(cells.finish()),
            ColumnBuilder::F64(cells) => Arc::new(cells.finish()),
            ColumnBuilder::Text(cells) => Arc::new(cells.finish()),
            ColumnBuilder::Bytes(cells) => Arc::new(cells.finish()),
            ColumnBuilder::Bool(cells) => Arc::new(cells.finish()),
        }
    }
}

/// Gathers rows until they make a batch.
pub(crate) struct BatchBuilder {
    schema: SchemaRef,
    columns: Vec<ColumnBuilder>,
    rows: usize,
}

impl BatchBuilder {
    pub(crate) fn new(schema: SchemaRef) -> Self {
        let columns = schema.fields().iter().map(|field| ColumnBuilder::new(field.data_type())).collect();
        BatchBuilder { schema, columns, rows: 0 }
    }

    pub(crate) fn rows(&self) -> usize {
        self.rows
    }

    pub(crate) fn push<R: Row>(&mut self, row: &R) {
        let mut columns = self.columns.iter_mut();
        row.values(&mut |value| columns.next().expect("rows! gives as many values as columns").push(value));
        self.rows += 1;
    }

    /// Appends a CSV record; the name of the first column that it does not fit is the error.
    pub(crate) fn push_csv(&mut self, record: &csv::StringRecord) -> Result<(), String> {
        let fields = self.schema.fields().iter();
        for ((column, field), text) in self.columns.iter_mut().zip(fields).zip(record) {
            column.push_csv(text).ok_or_else(|| format!("column `{}` holds {text:?}", field.name()))?;
        }
        self.rows += 1;
        Ok(())
    }

    /// The rows gathered; the builder is empty again.
    pub(crate) fn finish(&mut self) -> Result<RecordBatch, ArrowError> {
        self.rows = 0;
        RecordBatch::try_new(self.schema.clone(), self.columns.iter_mut().map(ColumnBuilder::finish).collect())
    }
}

/// The cell in `row`; `None` if it is null or of a type that no kind has.
pub(crate) fn value_at(array: &dyn Array, row: usize) -> Option<Value<'_>> {
    if array.is_null(row) {
        return None;
    }
    Some(match array.data_type() {
        DataType::UInt32 => Value::U32(array.as_primitive::<UInt32Type>().value(row)),
        DataType::UInt64 => Value::U64(array.as_primitive::<UInt64Type>().value(row)),
        DataType::Int64 => Value::I64(array.as_primitive::<Int64Type>().value(row)),
        DataType::Float64 => Value::F64(array.as_primitive::<Float64Type>().value(row)),
        DataType::Binary => Value::Bytes(array.as_binary::<i32>().value(row)),
        DataType::Boolean => Value::Bool(array.as_boolean().value(row)),
        DataType::Dictionary(..) => {
            let coded = array.as_dictionary_opt::<Int32Type>()?;
            Value::Text(coded.values().as_string_opt::<i32>()?.value(coded.key(row)?))
        }
        _ => return None,
    })
}
