//! Tables described once: row types whose columns carry a name, kind, unit and meaning.

use std::cmp::Ordering;
use std::ops::Deref;
use std::sync::Arc;

/// What one column holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// Counts and small ordinals, 0 to 4,294,967,295.
    U32,
    /// Large counts and 64-bit names.
    U64,
    /// Signed amounts.
    I64,
    /// Means, shares and money; NaN where a figure is not defined.
    F64,
    /// UTF-8 text from a short list of words or codes.
    Text,
    /// Opaque bytes in a documented format.
    Bytes,
    /// Yes or no.
    Bool,
}

impl Kind {
    /// Every kind, in declaration order.
    pub const ALL: [Kind; 7] = [Kind::U32, Kind::U64, Kind::I64, Kind::F64, Kind::Text, Kind::Bytes, Kind::Bool];

    /// The word for this kind in `tables.json`.
    pub fn word(self) -> &'static str {
        match self {
            Kind::U32 => "u32",
            Kind::U64 => "u64",
            Kind::I64 => "i64",
            Kind::F64 => "f64",
            Kind::Text => "text",
            Kind::Bytes => "bytes",
            Kind::Bool => "bool",
        }
    }

    /// The kind written as `word`, `None` if no kind is.
    pub fn from_word(word: &str) -> Option<Kind> {
        Kind::ALL.into_iter().find(|kind| kind.word() == word)
    }
}

/// One column of a table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Column {
    /// Name, as in the files.
    pub name: &'static str,
    /// What it holds.
    pub kind: Kind,
    /// Unit, or the coding of a text (`"month"` is `2025-01`).
    pub unit: &'static str,
    /// What it means, in a sentence.
    pub meaning: &'static str,
}

/// One cell, borrowed from its row.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Value<'a> {
    /// See [`Kind::U32`].
    U32(u32),
    /// See [`Kind::U64`].
    U64(u64),
    /// See [`Kind::I64`].
    I64(i64),
    /// See [`Kind::F64`].
    F64(f64),
    /// See [`Kind::Text`].
    Text(&'a str),
    /// See [`Kind::Bytes`].
    Bytes(&'a [u8]),
    /// See [`Kind::Bool`].
    Bool(bool),
}

impl Value<'_> {
    /// The kind of column this value belongs in.
    pub fn kind(&self) -> Kind {
        match self {
            Value::U32(_) => Kind::U32,
            Value::U64(_) => Kind::U64,
            Value::I64(_) => Kind::I64,
            Value::F64(_) => Kind::F64,
            Value::Text(_) => Kind::Text,
            Value::Bytes(_) => Kind::Bytes,
            Value::Bool(_) => Kind::Bool,
        }
    }
}

/// A Rust type that fills one cell.
pub trait Field: Sized {
    /// The kind of column it fills.
    const KIND: Kind;
    /// Its value, borrowed.
    fn value(&self) -> Value<'_>;
    /// Takes the value back; `None` when `value` is of another kind.
    fn from_value(value: Value<'_>) -> Option<Self>;
}

/// Implements [`Field`] for types that are a variant of [`Value`] themselves.
macro_rules! plain_fields {
    ($($type:ty => $variant:ident),+ $(,)?) => {$(
        impl Field for $type {
            const KIND: Kind = Kind::$variant;
            fn value(&self) -> Value<'_> {
                Value::$variant(*self)
            }
            fn from_value(value: Value<'_>) -> Option<Self> {
                match value {
                    Value::$variant(plain) => Some(plain),
                    _ => None,
                }
            }
        }
    )+};
}

plain_fields!(u32 => U32, u64 => U64, i64 => I64, f64 => F64, bool => Bool);

impl Field for Vec<u8> {
    const KIND: Kind = Kind::Bytes;
    fn value(&self) -> Value<'_> {
        Value::Bytes(self)
    }
    fn from_value(value: Value<'_>) -> Option<Self> {
        match value {
            Value::Bytes(bytes) => Some(bytes.to_vec()),
            _ => None,
        }
    }
}

impl Field for Text {
    const KIND: Kind = Kind::Text;
    fn value(&self) -> Value<'_> {
        Value::Text(self)
    }
    fn from_value(value: Value<'_>) -> Option<Self> {
        match value {
            Value::Text(text) => Some(Text::from(text.to_owned())),
            _ => None,
        }
    }
}

/// Text that is free to clone: a literal, or shared.
///
/// Millions of rows repeat a few dozen words; each clone copies a pointer.
#[derive(Clone, Debug)]
pub enum Text {
    /// A word the program itself knows.
    Literal(&'static str),
    /// A word from a world or an experiment, kept once.
    Shared(Arc<str>),
}

impl Text {
    /// The text itself.
    pub fn as_str(&self) -> &str {
        match self {
            Text::Literal(text) => text,
            Text::Shared(text) => text,
        }
    }
}

impl Default for Text {
    fn default() -> Self {
        Text::Literal("")
    }
}

impl PartialEq for Text {
    fn eq(&self, other: &Self) -> bool {
        self.as_str() == other.as_str()
    }
}

impl Eq for Text {}

impl PartialOrd for Text {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

/// In the order of what they say.
impl Ord for Text {
    fn cmp(&self, other: &Self) -> Ordering {
        self.as_str().cmp(other.as_str())
    }
}

impl Deref for Text {
    type Target = str;
    fn deref(&self) -> &str {
        self.as_str()
    }
}

impl From<&'static str> for Text {
    fn from(text: &'static str) -> Self {
        Text::Literal(text)
    }
}

impl From<String> for Text {
    fn from(text: String) -> Self {
        Text::Shared(text.into())
    }
}

impl From<Arc<str>> for Text {
    fn from(text: Arc<str>) -> Self {
        Text::Shared(text)
    }
}

/// One row of one table. Declared with [`rows!`](crate::rows!), never by hand.
pub trait Row: Sized {
    /// Name of the table, also of its folder and files.
    const TABLE: &'static str;
    /// What the table holds, in a sentence.
    const MEANING: &'static str;
    /// Names of the columns that tell two rows apart and give the order to sort by.
    const KEY: &'static [&'static str];

    /// The columns, in file order.
    fn columns() -> &'static [Column];
    /// Calls `visit` with every cell, in the order of [`Row::columns`].
    fn values(&self, visit: &mut dyn FnMut(Value<'_>));
    /// A row from its cells in the order of [`Row::columns`]; `None` if one is missing or of another kind.
    fn from_values<'v>(cells: &mut dyn Iterator<Item = Value<'v>>) -> Option<Self>;
}

/// A table's description, apart from its row type.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Table {
    /// Name, as in the run folder.
    pub name: &'static str,
    /// What it holds, in a sentence.
    pub meaning: &'static str,
    /// Names of the key columns, in sort order.
    pub key: &'static [&'static str],
    /// All columns, in file order.
    pub columns: &'static [Column],
}

impl Table {
    /// The description of the table that `R` is a row of.
    pub fn of<R: Row>() -> Table {
        Table { name: R::TABLE, meaning: R::MEANING, key: R::KEY, columns: R::columns() }
    }
}

/// A doc comment's text without the blank after `///`.
#[doc(hidden)]
pub const fn trimmed(doc: &'static str) -> &'static str {
    doc.trim_ascii()
}

/// Declares row types: each field with its meaning (the doc comment) and its unit (after `=`).
///
/// `per replicate` puts the columns `arm` and `replicate` first, in the table and in its key.
///
/// ```
/// doorstroom_observe::rows! {
///     /// Cats seen, one row a street.
///     pub struct CatRow: "cats", per replicate, key [street] {
///         /// Street walked
///         street: doorstroom_observe::table::Text = "street name",
///         /// Cats seen on that street
///         seen: u32 = "cats",
///     }
/// }
/// use doorstroom_observe::table::Row;
/// assert_eq!(CatRow::columns()[3].meaning, "Cats seen on that street");
/// assert_eq!(CatRow::KEY, ["arm", "replicate", "street"]);
/// ```
#[macro_export]
macro_rules! rows {
    (
        $(#[doc = $about:literal])+
        pub struct $row:ident: $table:literal, per replicate, key [$($key:ident),* $(,)?] { $($fields:tt)+ }
    ) => {
        $crate::rows! {
            $(#[doc = $about])+
            pub struct $row: $table, key [arm, replicate, $($key),*] {
                /// Arm of the experiment
                arm: $crate::table::Text = "name",
                /// Replicate within the arm; the same number is the same luck in every arm
                replicate: u32 = "ordinal from 0",
                $($fields)+
            }
        }
    };
    (
        $(#[doc = $about:literal])+
        pub struct $row:ident: $table:literal, key [$($key:ident),+ $(,)?] {
            $($(#[doc = $meaning:literal])+ $field:ident: $type:ty = $unit:literal),+ $(,)?
        }
    ) => {
        $(#[doc = $about])+
        #[derive(Clone, Debug, Default, PartialEq)]
        pub struct $row {
            $($(#[doc = $meaning])+ pub $field: $type,)+
        }

        impl $crate::table::Row for $row {
            const TABLE: &'static str = $table;
            const MEANING: &'static str = $crate::table::trimmed(concat!($($about),+));
            const KEY: &'static [&'static str] = &[$(stringify!($key)),+];

            fn columns() -> &'static [$crate::table::Column] {
                const COLUMNS: &[$crate::table::Column] = &[$($crate::table::Column {
                    name: stringify!($field),
                    kind: <$type as $crate::table::Field>::KIND,
                    unit: $unit,
                    meaning: $crate::table::trimmed(concat!($($meaning),+)),
                }),+];
                COLUMNS
            }

            fn values(&self, visit: &mut dyn FnMut($crate::table::Value<'_>)) {
                $(visit($crate::table::Field::value(&self.$field));)+
            }

            fn from_values<'v>(
                cells: &mut dyn Iterator<Item = $crate::table::Value<'v>>,
            ) -> Option<Self> {
                Some(Self { $($field: $crate::table::Field::from_value(cells.next()?)?,)+ })
            }
        }
    };
}

#[cfg(test)]
mod tests {
    use super::*;

    rows! {
        /// Two lines
        /// about cats.
        pub struct CatRow: "cats", key [street] {
            /// Street walked
            street: Text = "street name",
            /// Cats seen
            /// that day
            seen: u32 = "cats",
            /// Drawing
            sketch: Vec<u8> = "PNG",
        }
    }

    #[test]
    fn the_doc_comment_is_the_meaning() {
        let columns = CatRow::columns();
        assert_eq!(CatRow::MEANING, "Two lines about cats.");
        assert_eq!(columns[1], Column { name: "seen", kind: Kind::U32, unit: "cats", meaning: "Cats seen that day" });
        assert_eq!(CatRow::KEY, ["street"]);
    }

    #[test]
    fn a_row_comes_back_from_its_values() {
        let row = CatRow { street: "Oudegracht".into(), seen: 3, sketch: vec![1, 2] };
        let cells = [Value::Text("Oudegracht"), Value::U32(3), Value::Bytes(&[1, 2])];
        let mut seen = 0;
        row.values(&mut |value| {
            assert_eq!(value, cells[seen]);
            seen += 1;
        });
        assert_eq!(seen, cells.len());
        assert_eq!(CatRow::from_values(&mut cells.into_iter()), Some(row));
    }

    #[test]
    fn a_value_of_another_kind_or_a_missing_one_is_refused() {
        assert_eq!(CatRow::from_values(&mut [Value::Text("x"), Value::I64(3)].into_iter()), None);
        assert_eq!(CatRow::from_values(&mut [Value::Text("x")].into_iter()), None);
    }

    #[test]
    fn literal_and_shared_text_compare_by_what_they_say() {
        assert_eq!(Text::from("regular"), Text::from(String::from("regular")));
        assert_ne!(Text::from("regular"), Text::from("urgent"));
    }

    #[test]
    fn every_kind_is_found_by_its_word() {
        for kind in Kind::ALL {
            assert_eq!(Kind::from_word(kind.word()), Some(kind));
        }
        assert_eq!(Kind::from_word("float"), None);
    }
}
