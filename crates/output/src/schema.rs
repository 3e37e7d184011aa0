//! `tables.json`: every table's columns with kind, unit and meaning, for readers that have only the folder.

use doorstroom_observe::rows;
use doorstroom_observe::table::{Kind, Table};
use serde::{Deserialize, Serialize};

/// One table, as in `tables.json`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TableDescription {
    /// Name, also of its folder under `data/` or its file under `summary/`.
    pub name: String,
    /// What it holds.
    pub meaning: String,
    /// Key columns, in sort order.
    pub key: Vec<String>,
    /// All columns, in file order.
    pub columns: Vec<ColumnDescription>,
}

/// One column, as in `tables.json`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ColumnDescription {
    /// Name.
    pub name: String,
    /// Word for its kind: u32, u64, i64, f64, text, bytes (hexadecimal in CSV) or bool.
    pub kind: String,
    /// Unit or coding.
    pub unit: String,
    /// What it means.
    pub meaning: String,
}

impl ColumnDescription {
    /// What the column holds; `None` if the word is of a later version.
    pub fn kind(&self) -> Option<Kind> {
        Kind::from_word(&self.kind)
    }
}

impl From<Table> for TableDescription {
    fn from(table: Table) -> Self {
        TableDescription {
            name: table.name.to_owned(),
            meaning: table.meaning.to_owned(),
            key: table.key.iter().map(|key| (*key).to_owned()).collect(),
            columns: table
                .columns
                .iter()
                .map(|column| ColumnDescription {
                    name: column.name.to_owned(),
                    kind: column.kind.word().to_owned(),
                    unit: column.unit.to_owned(),
                    meaning: column.meaning.to_owned(),
                })
                .collect(),
        }
    }
}

/// The contents of `tables.json` as this version writes it.
pub fn descriptions() -> Vec<TableDescription> {
    rows::all().into_iter().map(TableDescription::from).collect()
}
