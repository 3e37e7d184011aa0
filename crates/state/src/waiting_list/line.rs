//! The line of one class of seekers in one market: longest wait first, equal waits by ascending ordinal.
//!
//! Who joins is usually the newest, and stands at the end of a plain queue; who joins with an older date (a tenant with
//! a registration who lost the home, an income that fell) waits in a heap beside it. Who ceases to be a seeker is not
//! looked for: the entry is found stale when it comes to the front. A line is a cache: it can be rebuilt from the
//! households at any time, and no result depends on its layout.

use std::cmp::Reverse;
use std::collections::{BinaryHeap, VecDeque};

use crate::slots::Slot;

/// Stale entries below which a line is never cleaned.
const STALE_AT_LEAST: usize = 32;

/// One entry of a line. Its order is the order of service: longest wait, then lowest ordinal.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Candidate {
    /// Step of registration; negative before the start of the run.
    pub since: i16,
    /// Ordinal of the household: who it is.
    pub ordinal: u32,
    /// Row of the household.
    pub slot: Slot,
}

/// A line in order of service.
#[derive(Clone, Debug, Default)]
pub struct Line {
    queue: VecDeque<Candidate>,
    beside: BinaryHeap<Reverse<Candidate>>,
    stale: usize,
}

impl Line {
    /// Adds a seeker.
    #[inline]
    pub fn enter(&mut self, candidate: Candidate) {
        if self.queue.back().is_none_or(|last| *last < candidate) {
            self.queue.push_back(candidate);
        } else {
            self.beside.push(Reverse(candidate));
        }
    }

    /// Somebody in this line is no seeker any more. The line is cleaned when most of it is stale.
    pub fn left(&mut self, is_there: impl Fn(&Candidate) -> bool) {
        self.stale += 1;
        if self.stale > STALE_AT_LEAST && self.stale * 2 > self.queue.len() + self.beside.len() {
            self.clean(is_there);
        }
    }

    /// Takes the first who is still a seeker out of the line.
    #[inline]
    pub fn take(&mut self, is_there: impl Fn(&Candidate) -> bool) -> Option<Candidate> {
        loop {
            let first = self.pop()?;
            // who left and came back may stand here twice, one entry behind the other
            while self.peek() == Some(first) {
                self.pop();
            }
            if is_there(&first) {
                return Some(first);
            }
            self.stale = self.stale.saturating_sub(1);
        }
    }

    /// Entries, stale ones included.
    pub fn entries(&self) -> impl Iterator<Item = &Candidate> {
        self.queue.iter().chain(self.beside.iter().map(|Reverse(candidate)| candidate))
    }

    /// The first entries of the plain queue, where those who are served next mostly stand.
    pub fn front(&self, count: usize) -> impl Iterator<Item = &Candidate> {
        self.queue.iter().take(count)
    }

    fn peek(&self) -> Option<Candidate> {
        match (self.queue.front(), self.beside.peek()) {
            (Some(front), Some(Reverse(beside))) => Some(*front.min(beside)),
            (Some(only), None) | (None, Some(Reverse(only))) => Some(*only),
            (None, None) => None,
        }
    }

    #[inline]
    fn pop(&mut self) -> Option<Candidate> {
        match (self.queue.front(), self.beside.peek()) {
            (Some(front), Some(Reverse(beside))) if beside < front => self.beside.pop().map(|Reverse(first)| first),
            (Some(_), _) => self.queue.pop_front(),
            (None, _) => self.beside.pop().map(|Reverse(first)| first),
        }
    }

    fn clean(&mut self, is_there: impl Fn(&Candidate) -> bool) {
        let mut kept: Vec<Candidate> = self.entries().filter(|candidate| is_there(candidate)).copied().collect();
        kept.sort_unstable();
        kept.dedup();
        *self = Line { queue: kept.into(), beside: BinaryHeap::new(), stale: 0 };
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn candidate(since: i16, ordinal: u32) -> Candidate {
        Candidate { since, ordinal, slot: ordinal }
    }

    #[test]
    fn whoever_waits_longest_comes_first_in_whatever_order_they_joined() {
        let mut line = Line::default();
        for (since, ordinal) in [(3, 1), (3, 4), (-2, 9), (3, 2), (5, 0), (-2, 7)] {
            line.enter(candidate(since, ordinal));
        }
        let order: Vec<(i16, u32)> =
            std::iter::from_fn(|| line.take(|_| true)).map(|first| (first.since, first.ordinal)).collect();
        assert_eq!(order, [(-2, 7), (-2, 9), (3, 1), (3, 2), (3, 4), (5, 0)]);
    }

    #[test]
    fn who_left_is_passed_over_and_who_came_back_is_served_once() {
        let mut line = Line::default();
        for ordinal in [1, 2, 3] {
            line.enter(candidate(0, ordinal));
        }
        line.left(|first| first.ordinal != 2);
        line.left(|first| first.ordinal != 1);
        line.enter(candidate(0, 1));
        let there = |first: &Candidate| first.ordinal != 2;
        let order: Vec<u32> = std::iter::from_fn(|| line.take(there)).map(|first| first.ordinal).collect();
        assert_eq!(order, [1, 3]);
    }

    #[test]
    fn a_line_of_mostly_stale_entries_is_cleaned_and_keeps_its_order() {
        let mut line = Line::default();
        let there = |first: &Candidate| first.ordinal.is_multiple_of(3);
        for ordinal in (0..99).rev() {
            line.enter(candidate(1, ordinal));
        }
        for _ in 0..66 {
            line.left(there);
        }
        assert!(line.entries().count() < 99);
        let order: Vec<u32> = std::iter::from_fn(|| line.take(there)).map(|first| first.ordinal).collect();
        assert_eq!(order, (0..99).step_by(3).collect::<Vec<u32>>());
    }
}
