//! A lane: one thread of the run with its own rayon pool and one world for its whole life.
//!
//! Inside a step a system may split a column into fixed chunks; results come back in chunk order, so the number of
//! threads never shows.

use std::sync::Arc;

use bevy_ecs::prelude::Resource;
use rayon::ThreadPool;
use rayon::prelude::*;

/// Rows in one chunk: fixed, so that no result can depend on the number of threads; small enough to share out a region.
pub const CHUNK_ROWS: usize = 16_384;

/// Items that are read ahead together: enough to keep memory busy, few enough to stay in the nearest cache.
pub const BLOCK_ITEMS: usize = 32;

/// Scattered items that one thread takes at once.
const SCATTERED_ITEMS: usize = 32 * BLOCK_ITEMS;

/// Works on items whose rows lie far apart. Before each block of them `read` looks at something small of every row that
/// `work` will need: reads that do not wait for each other share one wait for memory. Order and results are those of a
/// plain loop; whatever `read` returns is thrown away.
#[inline]
pub fn in_blocks<T>(items: &[T], read: impl Fn(&T) -> u64, mut work: impl FnMut(&T)) {
    for block in items.chunks(BLOCK_ITEMS) {
        read_together(block, &read);
        block.iter().for_each(&mut work);
    }
}

/// Looks at something small of every row of a block, for a caller that writes while it works: see [`in_blocks`].
#[inline]
pub fn read_together<T>(block: &[T], read: impl Fn(&T) -> u64) {
    std::hint::black_box(block.iter().fold(0, |seen, item| seen ^ read(item)));
}

/// The threads that one world may use inside a step. A clone has the same threads.
#[derive(Resource, Clone)]
pub struct Lane {
    pool: Option<Arc<ThreadPool>>,
    threads: usize,
}

impl Lane {
    /// A lane of `threads` threads (at least one). One thread needs no pool.
    ///
    /// # Panics
    /// If the operating system refuses the threads.
    pub fn new(threads: usize) -> Self {
        let pool = (threads > 1).then(|| {
            rayon::ThreadPoolBuilder::new()
                .num_threads(threads)
                .build()
                .map(Arc::new)
                .expect("the system gives the threads asked for")
        });
        Lane { pool, threads: threads.max(1) }
    }

    /// Threads of this lane.
    pub fn threads(&self) -> usize {
        self.threads
    }

    /// Does `work` on one of the lane's own threads. Whatever is split inside then begins at once where it is, and only has
    /// to be shared with the others, instead of waking them all and waiting.
    pub fn enter<R: Send>(&self, work: impl FnOnce() -> R + Send) -> R {
        match &self.pool {
            None => work(),
            Some(pool) => pool.install(work),
        }
    }

    /// `work` on every item, results in the order of the items.
    pub fn map<T: Sync, R: Send>(&self, items: &[T], work: impl Fn(&T) -> R + Sync + Send) -> Vec<R> {
        match &self.pool {
            None => items.iter().map(work).collect(),
            Some(pool) => pool.install(|| items.par_iter().map(work).collect()),
        }
    }

    /// `work` on every item that it is given to keep, such as a part of a column to be written; results in the order of
    /// the items.
    pub fn map_each<T: Send, R: Send>(&self, items: Vec<T>, work: impl Fn(T) -> R + Sync + Send) -> Vec<R> {
        match &self.pool {
            None => items.into_iter().map(work).collect(),
            Some(pool) => pool.install(|| items.into_par_iter().map(work).collect()),
        }
    }

    /// `work` on every item, whose rows lie far apart: read ahead as in [`in_blocks`], results in the order of the items.
    pub fn map_scattered<T: Sync, R: Send>(
        &self,
        items: &[T],
        read: impl Fn(&T) -> u64 + Sync + Send,
        work: impl Fn(&T) -> R + Sync + Send,
    ) -> Vec<R> {
        joined(self.filter_scattered(items, read, |item| Some(work(item))))
    }

    /// The same for `work` that gives something of few items: what it gives, in their order and in parts.
    pub fn filter_scattered<T: Sync, R: Send>(
        &self,
        items: &[T],
        read: impl Fn(&T) -> u64 + Sync + Send,
        work: impl Fn(&T) -> Option<R> + Sync + Send,
    ) -> Vec<Vec<R>> {
        let parts: Vec<&[T]> = items.chunks(SCATTERED_ITEMS).collect();
        self.map(&parts, |part| {
            let mut results = Vec::with_capacity(part.len());
            in_blocks(part, &read, |item| {
                if let Some(result) = work(item) {
                    results.push(result);
                }
            });
            results
        })
    }

    /// Sorts by a key that no two items share, so that there is one order only.
    pub fn sort_by_key<T: Send, K: Ord>(&self, items: &mut [T], key: impl Fn(&T) -> K + Sync + Send) {
        match &self.pool {
            None => items.sort_unstable_by_key(key),
            Some(pool) => pool.install(|| items.par_sort_unstable_by_key(key)),
        }
    }

    /// `work` on every chunk of `0..rows` (first row, last row exclusive), results in order.
    pub fn map_chunks<R: Send>(&self, rows: usize, work: impl Fn(usize, usize) -> R + Sync + Send) -> Vec<R> {
        self.map(&chunks(rows), |&(from, to)| work(from, to))
    }

    /// `work` on every chunk of a column, which it may write, with the first row of the chunk; results in order.
    pub fn map_chunks_mut<T: Send, R: Send>(
        &self,
        column: &mut [T],
        work: impl Fn(usize, &mut [T]) -> R + Sync + Send,
    ) -> Vec<R> {
        let parts: Vec<(usize, &mut [T])> = (0..).step_by(CHUNK_ROWS).zip(column.chunks_mut(CHUNK_ROWS)).collect();
        self.map_each(parts, |(first, part)| work(first, part))
    }
}

/// The parts one after the other, moved by the part and not by the item.
pub fn joined<T>(parts: Vec<Vec<T>>) -> Vec<T> {
    let mut all = Vec::with_capacity(parts.iter().map(Vec::len).sum());
    parts.into_iter().for_each(|part| all.extend(part));
    all
}

fn chunks(rows: usize) -> Vec<(usize, usize)> {
    (0..rows).step_by(CHUNK_ROWS).map(|from| (from, (from + CHUNK_ROWS).min(rows))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn chunks_of_a_column_are_written_each_once_and_tell_in_order() {
        let rows = 3 * CHUNK_ROWS + 3;
        for threads in [1, 2] {
            let mut column = vec![0usize; rows];
            let told = Lane::new(threads).map_chunks_mut(&mut column, |first, part| {
                (first..).zip(part.iter_mut()).for_each(|(row, value)| *value += row);
                (first, first + part.len())
            });
            assert_eq!(told, chunks(rows));
            assert!((0..rows).eq(column));
        }
    }

    #[test]
    fn scattered_items_and_sorted_lists_are_those_of_a_plain_loop() {
        let items: Vec<u64> = (0..3 * SCATTERED_ITEMS as u64 + 3).map(|i| crate::chance::mix(i) | 1).collect();
        let mut in_order = items.clone();
        in_order.sort();
        for threads in [1, 2] {
            let lane = Lane::new(threads);
            assert!(
                lane.map_scattered(&items, |&item| item, |&item| item / 3).into_iter().eq(items.iter().map(|i| i / 3))
            );
            let some = |&item: &u64| (item % 4 == 1).then_some(item);
            assert!(
                lane.filter_scattered(&items, |&item| item, some)
                    .concat()
                    .into_iter()
                    .eq(items.iter().filter_map(some))
            );
            let mut sorted = items.clone();
            lane.sort_by_key(&mut sorted, |&item| item);
            assert_eq!(sorted, in_order);
        }
    }
}
