//! The only place that knows that rows are slots.
//!
//! All entities of a kind have the same components for ever, so they live in one table and a query over them is one
//! set of whole columns. If anybody inserted or removed a component the table would split and rows would permute;
//! [`Columns::columns`] then stops the run with words.

use bevy_ecs::change_detection::ContiguousMut;
use bevy_ecs::prelude::*;
use bevy_ecs::query::ContiguousQueryData;

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
