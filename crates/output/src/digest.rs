//! One number for all results of a run, the same for any thread count, shard count, part layout and order of arrival.
//!
//! The rows of one work item in one table come in a fixed order, so each such set has its own digest; the digest of
//! the run takes those in order of table, scenario and replicate.

use std::collections::BTreeMap;

use doorstroom_observe::table::{Row, Value};
use serde::{Deserialize, Serialize};

use crate::error::OutputError;
use crate::work::WorkItem;

/// Digest of the rows of one work item in one table.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TableDigest {
    /// The table.
    pub table: String,
    /// Number of rows.
    pub rows: u64,
    /// BLAKE3 of the rows in order, 64 hexadecimal digits.
    pub blake3: String,
}

/// Bytes gathered before they are hashed; BLAKE3 is fast on long inputs only.
const GATHERED: usize = 16 * 1024;

/// Digests the rows of one work item in one table, as they come.
pub(crate) struct RowHasher {
    hasher: blake3::Hasher,
    gathered: Vec<u8>,
    rows: u64,
}

impl RowHasher {
    /// A hasher that has seen the names of the columns of `R`, so that renaming one changes the digest.
    pub(crate) fn new<R: Row>() -> Self {
        let mut hasher = RowHasher { hasher: blake3::Hasher::new(), gathered: Vec::with_capacity(GATHERED), rows: 0 };
        for column in R::columns() {
            hasher.take(Value::Text(column.name));
            hasher.take(Value::Text(column.kind.word()));
        }
        hasher
    }

    /// Takes the next row.
    pub(crate) fn push<R: Row>(&mut self, row: &R) {
        row.values(&mut |value| self.take(value));
        self.rows += 1;
        if self.gathered.len() >= GATHERED {
            self.hasher.update(&self.gathered);
            self.gathered.clear();
        }
    }

    fn take(&mut self, value: Value<'_>) {
        let bytes = &mut self.gathered;
        match value {
            Value::U32(number) => bytes.extend(number.to_le_bytes()),
            Value::U64(number) => bytes.extend(number.to_le_bytes()),
            Value::I64(number) => bytes.extend(number.to_le_bytes()),
            // Every NaN counts as one: their payloads differ between processors.
            Value::F64(number) if number.is_nan() => bytes.extend(f64::NAN.to_bits().to_le_bytes()),
            Value::F64(number) => bytes.extend(number.to_bits().to_le_bytes()),
            Value::Text(text) => put_with_length(bytes, text.as_bytes()),
            Value::Bytes(opaque) => put_with_length(bytes, opaque),
            Value::Bool(truth) => bytes.push(u8::from(truth)),
        }
    }

    /// The digest of all rows taken.
    pub(crate) fn finish<R: Row>(mut self) -> TableDigest {
        self.hasher.update(&self.gathered);
        let blake3 = self.hasher.finalize().to_hex().to_string();
        TableDigest { table: R::TABLE.to_owned(), rows: self.rows, blake3 }
    }
}

/// Length first, so that neighbouring texts cannot trade letters.
fn put_with_length(bytes: &mut Vec<u8>, text: &[u8]) {
    bytes.extend((text.len() as u64).to_le_bytes());
    bytes.extend_from_slice(text);
}

/// Digest of a run, put together from its work items in any order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ResultDigest {
    tables: BTreeMap<(String, WorkItem), TableDigest>,
}

impl ResultDigest {
    /// A digest of nothing yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds the digest of `item` in one table.
    ///
    /// # Errors
    /// [`OutputError::ItemTwice`] if the item was added for that table before.
    pub fn add(&mut self, item: WorkItem, digest: TableDigest) -> Result<(), OutputError> {
        let table = digest.table.clone();
        match self.tables.insert((table.clone(), item), digest) {
            None => Ok(()),
            Some(_) => Err(OutputError::ItemTwice { table, item }),
        }
    }

    /// Rows by table.
    pub fn rows(&self) -> BTreeMap<String, u64> {
        let mut rows = BTreeMap::new();
        for ((table, _), digest) in &self.tables {
            *rows.entry(table.clone()).or_insert(0) += digest.rows;
        }
        rows
    }

    /// The digest of all items added: BLAKE3, 64 hexadecimal digits.
    pub fn hex(&self) -> String {
        let mut bytes = Vec::new();
        for ((table, item), digest) in &self.tables {
            put_with_length(&mut bytes, table.as_bytes());
            bytes.extend(item.scenario.to_le_bytes());
            bytes.extend(item.replicate.to_le_bytes());
            bytes.extend(digest.rows.to_le_bytes());
            put_with_length(&mut bytes, digest.blake3.as_bytes());
        }
        blake3::hash(&bytes).to_hex().to_string()
    }
}

/// BLAKE3 of `bytes`, 64 hexadecimal digits: the hash of inputs and resolved configurations.
pub fn blake3_hex(bytes: &[u8]) -> String {
    blake3::hash(bytes).to_hex().to_string()
}

#[cfg(test)]
mod tests {
    use super::*;
    use doorstroom_observe::rows::FlowRow;

    fn digest_of(rows: &[(&'static str, i64)]) -> TableDigest {
        let mut hasher = RowHasher::new::<FlowRow>();
        for (flow, count) in rows {
            hasher.push(&FlowRow { flow: (*flow).into(), count: *count, ..FlowRow::default() });
        }
        hasher.finish::<FlowRow>()
    }

    #[test]
    fn one_changed_cell_or_row_order_changes_the_digest() {
        let kept = digest_of(&[("built", 4), ("sold", 5)]);
        assert_eq!(kept, digest_of(&[("built", 4), ("sold", 5)]));
        assert_ne!(kept.blake3, digest_of(&[("built", 4), ("sold", 6)]).blake3);
        assert_ne!(kept.blake3, digest_of(&[("sold", 5), ("built", 4)]).blake3);
    }

    #[test]
    fn long_row_sets_are_hashed_as_one_stream() {
        let rows: Vec<_> = (0..5000).map(|count| ("built", count)).collect();
        let whole = digest_of(&rows);
        assert_eq!(whole.rows, 5000);
        assert_ne!(whole.blake3, digest_of(&rows[..4999]).blake3);
    }

    #[test]
    fn the_order_in_which_items_arrive_does_not_matter() {
        let items: Vec<_> = (0..6u32)
            .map(|i| (WorkItem { scenario: i / 3, replicate: i % 3 }, digest_of(&[("built", i64::from(i))])))
            .collect();
        let digest_in = |order: &[usize]| {
            let mut digest = ResultDigest::new();
            for &i in order {
                digest.add(items[i].0, items[i].1.clone()).expect("each item once");
            }
            digest.hex()
        };
        assert_eq!(digest_in(&[0, 1, 2, 3, 4, 5]), digest_in(&[5, 2, 0, 4, 1, 3]));
        assert_ne!(digest_in(&[0, 1, 2, 3, 4, 5]), digest_in(&[0, 1, 2, 3, 4]));
    }

    #[test]
    fn the_same_rows_under_another_item_are_another_result() {
        let hex_under = |replicate| {
            let mut digest = ResultDigest::new();
            digest.add(WorkItem { scenario: 0, replicate }, digest_of(&[("built", 1)])).expect("first");
            digest.hex()
        };
        assert_ne!(hex_under(0), hex_under(1));
    }

    #[test]
    fn an_item_that_comes_twice_is_refused() {
        let mut digest = ResultDigest::new();
        let item = WorkItem { scenario: 1, replicate: 2 };
        digest.add(item, digest_of(&[("built", 1)])).expect("first");
        let refusal = digest.add(item, digest_of(&[("built", 1)])).expect_err("second");
        assert!(matches!(refusal, OutputError::ItemTwice { item: again, .. } if again == item));
        assert_eq!(digest.rows()["flows"], 1);
    }
}
