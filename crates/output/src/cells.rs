//! Cells as text and as plain vectors: what CSV files hold, and what readers without arrow get.

use std::borrow::Cow;

use doorstroom_observe::table::{Kind, Value};

/// One column read back.
#[derive(Clone, Debug, PartialEq)]
pub enum ColumnValues {
    /// See [`Kind::U32`].
    U32(Vec<u32>),
    /// See [`Kind::U64`].
    U64(Vec<u64>),
    /// See [`Kind::I64`].
    I64(Vec<i64>),
    /// See [`Kind::F64`].
    F64(Vec<f64>),
    /// See [`Kind::Text`].
    Text(Vec<String>),
    /// See [`Kind::Bytes`].
    Bytes(Vec<Vec<u8>>),
    /// See [`Kind::Bool`].
    Bool(Vec<bool>),
}

impl ColumnValues {
    /// An empty column of `kind`.
    pub fn of(kind: Kind) -> Self {
        match kind {
            Kind::U32 => ColumnValues::U32(Vec::new()),
            Kind::U64 => ColumnValues::U64(Vec::new()),
            Kind::I64 => ColumnValues::I64(Vec::new()),
            Kind::F64 => ColumnValues::F64(Vec::new()),
            Kind::Text => ColumnValues::Text(Vec::new()),
            Kind::Bytes => ColumnValues::Bytes(Vec::new()),
            Kind::Bool => ColumnValues::Bool(Vec::new()),
        }
    }

    /// Number of cells.
    pub fn len(&self) -> usize {
        match self {
            ColumnValues::U32(cells) => cells.len(),
            ColumnValues::U64(cells) => cells.len(),
            ColumnValues::I64(cells) => cells.len(),
            ColumnValues::F64(cells) => cells.len(),
            ColumnValues::Text(cells) => cells.len(),
            ColumnValues::Bytes(cells) => cells.len(),
            ColumnValues::Bool(cells) => cells.len(),
        }
    }

    /// Whether it has no cell.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The cell in row `row`; `None` past the end.
    pub fn get(&self, row: usize) -> Option<Value<'_>> {
        Some(match self {
            ColumnValues::U32(cells) => Value::U32(*cells.get(row)?),
            ColumnValues::U64(cells) => Value::U64(*cells.get(row)?),
            ColumnValues::I64(cells) => Value::I64(*cells.get(row)?),
            ColumnValues::F64(cells) => Value::F64(*cells.get(row)?),
            ColumnValues::Text(cells) => Value::Text(cells.get(row)?),
            ColumnValues::Bytes(cells) => Value::Bytes(cells.get(row)?),
            ColumnValues::Bool(cells) => Value::Bool(*cells.get(row)?),
        })
    }

    /// Appends a cell; `false`, and nothing appended, if it is of another kind.
    pub(crate) fn push(&mut self, value: Value<'_>) -> bool {
        match (self, value) {
            (ColumnValues::U32(cells), Value::U32(number)) => cells.push(number),
            (ColumnValues::U64(cells), Value::U64(number)) => cells.push(number),
            (ColumnValues::I64(cells), Value::I64(number)) => cells.push(number),
            (ColumnValues::F64(cells), Value::F64(number)) => cells.push(number),
            (ColumnValues::Text(cells), Value::Text(text)) => cells.push(text.to_owned()),
            (ColumnValues::Bytes(cells), Value::Bytes(bytes)) => cells.push(bytes.to_vec()),
            (ColumnValues::Bool(cells), Value::Bool(truth)) => cells.push(truth),
            _ => return false,
        }
        true
    }
}

/// A cell as CSV text: numbers in their shortest exact form, bytes hexadecimal, text safe in a spreadsheet.
pub fn csv_text(value: Value<'_>) -> Cow<'_, str> {
    match value {
        Value::U32(number) => number.to_string().into(),
        Value::U64(number) => number.to_string().into(),
        Value::I64(number) => number.to_string().into(),
        // with a point or an exponent always, so that nobody who reads a column takes it for one of integers
        Value::F64(number) => format!("{number:?}").into(),
        Value::Text(text) => spreadsheet_safe(text),
        Value::Bytes(bytes) => hex(bytes).into(),
        Value::Bool(truth) => if truth { "true" } else { "false" }.into(),
    }
}

/// `text` as a spreadsheet may open it: an apostrophe goes before whatever it would run as a formula.
///
/// Text that already looks so protected gets one more, so that [`as_written`] gives every text back;
/// `'s-Hertogenbosch` stays as it is.
pub fn spreadsheet_safe(text: &str) -> Cow<'_, str> {
    if starts_a_formula(text.trim_start_matches('\'')) { format!("'{text}").into() } else { text.into() }
}

/// The text behind [`spreadsheet_safe`].
pub fn as_written(text: &str) -> &str {
    match text.strip_prefix('\'') {
        Some(rest) if starts_a_formula(rest.trim_start_matches('\'')) => rest,
        _ => text,
    }
}

/// Leading characters that make Excel, LibreOffice or Sheets compute a cell (OWASP, "CSV Injection").
fn starts_a_formula(text: &str) -> bool {
    text.starts_with(['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠'])
}

fn hex(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    bytes.iter().flat_map(|byte| [byte >> 4, byte & 15]).map(|digit| char::from(DIGITS[usize::from(digit)])).collect()
}

/// Bytes from lower- or upper-case hexadecimal; `None` if it is not that.
pub(crate) fn from_hex(text: &str) -> Option<Vec<u8>> {
    let digits: Vec<u8> =
        text.chars().map(|digit| digit.to_digit(16).map(|digit| digit as u8)).collect::<Option<_>>()?;
    let (pairs, rest) = digits.as_chunks::<2>();
    rest.is_empty().then(|| pairs.iter().map(|[high, low]| high << 4 | low).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_text_is_a_formula_once_protected_and_every_text_comes_back() {
        let payloads = [
            "=1+1",
            "+31",
            "-",
            "@SUM(A1)",
            "\tx",
            "\r=1",
            "\n=1",
            "=HYPERLINK(\"http://x\")",
            "=cmd|' /C calc'!A0",
            "'=1",
            "''=1",
            "＝1",
            "＠x",
            "-2+3",
            "+",
            "=",
            "@",
            "'-x",
            "＋1",
            "－1",
        ];
        for payload in payloads {
            let safe = spreadsheet_safe(payload);
            assert!(safe.starts_with('\''), "{payload:?}");
            assert_eq!(as_written(&safe), payload);
        }
    }

    #[test]
    fn ordinary_words_stay_as_they_are() {
        for word in ["'s-Hertogenbosch", "regular", "", "2025-01", "'", "a=b"] {
            assert_eq!(spreadsheet_safe(word), word);
            assert_eq!(as_written(word), word);
        }
    }

    #[test]
    fn negative_numbers_stay_numbers() {
        assert_eq!(csv_text(Value::I64(-5)), "-5");
        assert_eq!(csv_text(Value::F64(-0.5)), "-0.5");
    }

    #[test]
    fn bytes_come_back_from_hexadecimal() {
        let bytes = [0u8, 15, 16, 255];
        assert_eq!(csv_text(Value::Bytes(&bytes)), "000f10ff");
        assert_eq!(from_hex("000f10FF"), Some(bytes.to_vec()));
        assert_eq!((from_hex("0"), from_hex("0g")), (None, None));
    }
}
