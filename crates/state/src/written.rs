//! Which rows were written: what observers have to look at again. Nothing in the model reads it.

use std::ops::{Deref, Index, IndexMut};

use bevy_ecs::prelude::Resource;

use crate::columns::set_bits;
use crate::slots::Slot;

/// Households that were written since the month began, by column.
#[derive(Resource, Clone, Debug, Default)]
pub struct Written {
    /// Homes.
    pub homes: Rows,
    /// Search facts.
    pub seekers: Rows,
    /// Names, persons and means.
    pub households: Rows,
}

impl Written {
    /// Begins a month: nothing is written yet.
    pub fn forget(&mut self) {
        for rows in [&mut self.homes, &mut self.seekers, &mut self.households] {
            rows.0.fill(0);
        }
    }

    /// Households of which anything was written, ascending.
    pub fn slots(&self) -> impl Iterator<Item = Slot> + '_ {
        let columns = [&self.homes, &self.seekers, &self.households];
        let words = columns.map(|rows| rows.0.len()).into_iter().max().unwrap_or(0);
        slots_of((0..words).map(move |i| columns.iter().fold(0, |all, rows| all | rows.0.get(i).copied().unwrap_or(0))))
    }
}

/// Rows of one column, a bit each.
#[derive(Clone, Debug, Default)]
pub struct Rows(Vec<u64>);

impl Rows {
    /// The rows that were written, ascending.
    pub fn slots(&self) -> impl Iterator<Item = Slot> + '_ {
        slots_of(self.0.iter().copied())
    }

    /// Notes the first `rows` rows, for a writer who knows no better.
    pub fn note_all(&mut self, rows: usize) {
        self.0.clear();
        self.0.resize(rows / u64::BITS as usize, u64::MAX);
        self.0.push((1 << (rows % u64::BITS as usize)) - 1);
    }
}

fn slots_of(words: impl Iterator<Item = u64>) -> impl Iterator<Item = Slot> {
    (0..).zip(words).flat_map(|(i, word)| set_bits(word).map(move |bit| i * u64::BITS + bit))
}

/// A column that notes which of its rows are written. It is read as a slice.
pub struct Noted<'a, T> {
    column: &'a mut [T],
    written: &'a mut Rows,
}

impl<'a, T> Noted<'a, T> {
    /// The column `column`, whose written rows are noted in `written`.
    pub fn new(column: &'a mut [T], written: &'a mut Rows) -> Self {
        written.0.resize(column.len().div_ceil(u64::BITS as usize), 0);
        Noted { column, written }
    }

    /// The column, to be written where no observer follows what is written.
    pub fn unnoted(&mut self) -> &mut [T] {
        self.column
    }

    /// Every row, to be written.
    pub fn iter_mut(&mut self) -> std::slice::IterMut<'_, T> {
        self.written.note_all(self.column.len());
        self.column.iter_mut()
    }
}

impl<T> Deref for Noted<'_, T> {
    type Target = [T];

    #[inline]
    fn deref(&self) -> &[T] {
        self.column
    }
}

impl<T> AsRef<[T]> for Noted<'_, T> {
    fn as_ref(&self) -> &[T] {
        self.column
    }
}

impl<T> Index<usize> for Noted<'_, T> {
    type Output = T;

    #[inline]
    fn index(&self, row: usize) -> &T {
        &self.column[row]
    }
}

impl<T> IndexMut<usize> for Noted<'_, T> {
    #[inline]
    fn index_mut(&mut self, row: usize) -> &mut T {
        self.written.0[row / u64::BITS as usize] |= 1 << (row % u64::BITS as usize);
        &mut self.column[row]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_that_were_written_are_told_once_and_rows_that_were_read_are_not() {
        let (mut homes, mut seekers) = (vec![0u8; 200], vec![0u8; 130]);
        let mut written = Written::default();
        let mut column = Noted::new(&mut homes, &mut written.homes);
        column[3] = 1;
        column[199] += column[4] + column.iter().sum::<u8>();
        Noted::new(&mut seekers, &mut written.seekers)[3] = 1;
        Noted::new(&mut seekers, &mut written.seekers)[64] = 1;
        assert_eq!(written.slots().collect::<Vec<_>>(), [3, 64, 199]);
        written.forget();
        assert_eq!(written.slots().next(), None);
        Noted::new(&mut seekers, &mut written.seekers).iter_mut().for_each(|seeker| *seeker = 2);
        assert!(written.slots().eq(0..130));
        assert_eq!((homes[3], homes[199], seekers[129]), (1, 1, 2));
    }
}
