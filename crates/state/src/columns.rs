//! The only place that knows that rows are slots.
//!
//! All entities of a kind have the same components for ever, so they live in one table and a query over them is one
//! set of whole columns. If anybody inserted or removed a component the table would split and rows would permute;
//! [`Columns::columns`] then stops the run with words.

use bevy_ecs::change_detection::ContiguousMut;
use bevy_ecs::prelude::*;
use bevy_ecs::query::ContiguousQueryData;

use crate::slots::Slot;

/// Whole columns of a query.
pub trait Columns<D: ContiguousQueryData> {
    /// The columns, row i being slot i. An empty table gives `None`.
    ///
    /// # Panics
    /// If the rows are spread over more than one table.
    fn columns(&mut self) -> Option<D::Contiguous<'_, '_>>;
}

impl<D: ContiguousQueryData> Columns<D> for Query<'_, '_, D> {
    fn columns(&mut self) -> Option<D::Contiguous<'_, '_>> {
        let mut tables = self.contiguous_iter_mut().expect("components are kept in tables, never in sparse sets");
        let first = tables.next();
        assert!(
            tables.next().is_none(),
            "rows of one kind must live in one table: nothing may insert or remove components"
        );
        first
    }
}

/// A column as a plain slice, change ticks left alone: nothing in the model asks for them.
pub fn plain<T>(column: ContiguousMut<'_, T>) -> &mut [T] {
    ContiguousMut::bypass_change_detection_split(column).0
}

/// Rows of a column that are looked at together: one mask of a machine word.
const ROWS_AT_ONCE: usize = 64;

/// Rows of a stretch of a column for which `holds`, ascending. Flags of many rows are made and packed without a branch:
/// whether a single row is due cannot be foretold, and a wrong guess costs more than looking at a block of rows.
#[inline(never)]
pub fn rows_where<N>(column: &[N], first: usize, holds: impl Fn(&N) -> bool) -> Vec<Slot> {
    let mut rows = Vec::with_capacity(column.len() / 16);
    let (blocks, rest) = column.as_chunks::<ROWS_AT_ONCE>();
    for (i, block) in blocks.iter().enumerate() {
        let mut flags = [0u8; ROWS_AT_ONCE];
        for (flag, n) in flags.iter_mut().zip(block) {
            *flag = u8::from(holds(n));
        }
        rows.extend(set_bits(packed(&flags)).map(|bit| (first + i * ROWS_AT_ONCE) as Slot + bit));
    }
    let beyond = first + column.len() - rest.len();
    rows.extend((beyond..).zip(rest).filter(|(_, n)| holds(n)).map(|(row, _)| row as Slot));
    rows
}

/// Places of the bits of a word that are set, lowest first.
#[inline]
pub fn set_bits(mut word: u64) -> impl Iterator<Item = u32> {
    std::iter::from_fn(move || {
        let bit = (word != 0).then(|| word.trailing_zeros())?;
        word &= word - 1;
        Some(bit)
    })
}

/// One bit for each flag of 0 or 1, the first one lowest.
fn packed(flags: &[u8; ROWS_AT_ONCE]) -> u64 {
    // the product gathers the lowest bits of eight bytes in the highest byte
    const GATHER: u64 = 0x0102_0408_1020_4080;
    let bytes = flags.as_chunks::<8>().0.iter().map(|eight| u64::from_le_bytes(*eight).wrapping_mul(GATHER) >> 56);
    bytes.zip((0..).step_by(8)).fold(0, |mask, (byte, place)| mask | byte << place)
}
