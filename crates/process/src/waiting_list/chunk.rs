//! A chunk of households on its way through the processes of a step, and what others must know of it afterwards.

use doorstroom_kernel::lane::{BLOCK_ITEMS, CHUNK_ROWS, read_together};
use doorstroom_kernel::{Chance, Luck, Purpose, Step};
use doorstroom_state::slots::Slot;
use doorstroom_state::waiting_list::{
    Candidate, Household, Market, NextIncome, NextLeaving, NextRegistering, Vacant, is_there,
};

use super::hazards::WaitingListRules;

/// A part of the columns that one thread writes.
pub(super) struct Chunk<'a> {
    /// Slot of the first row.
    first: usize,
    pub(super) households: &'a mut [Household],
    pub(super) income: &'a mut [NextIncome],
    pub(super) registering: &'a mut [NextRegistering],
    pub(super) leaving: &'a mut [NextLeaving],
}

/// What was done in a chunk, as far as others must know.
#[derive(Default)]
pub(super) struct Changes {
    /// Who became a seeker: municipality, class, entry.
    entered: Vec<(u16, u8, Candidate)>,
    /// Who is no seeker any more: municipality and class.
    pub(super) left: Vec<(u16, u8)>,
    /// Municipalities in which a home became vacant.
    pub(super) vacated: Vec<u16>,
    pub(super) income_changes: u64,
    pub(super) registrations: u64,
}

/// What all processes of a step go by.
#[derive(Clone, Copy)]
pub(super) struct Setting<'a> {
    pub(super) rules: &'a WaitingListRules,
    pub(super) chance: &'a Chance,
    pub(super) now: Step,
}

impl Setting<'_> {
    /// Lets `work` handle the rows of a chunk that are due, each with its luck for `purpose`.
    pub(super) fn each(
        &self,
        purpose: Purpose,
        chunk: &mut Chunk<'_>,
        due: &[Slot],
        mut work: impl FnMut(&mut Chunk<'_>, usize, &mut Luck),
    ) {
        let mut lucks = Vec::with_capacity(BLOCK_ITEMS);
        for block in due.chunks(BLOCK_ITEMS) {
            // first all reads of far rows, then all luck of the block: none waits for another
            read_together(block, |&row| u64::from(chunk.households[row as usize].ordinal));
            let luck = |&row: &Slot| luck_of(self.chance, purpose, &chunk.households[row as usize], self.now);
            lucks.extend(block.iter().map(luck));
            for (&row, mut luck) in block.iter().zip(lucks.drain(..)) {
                work(chunk, row as usize, &mut luck);
            }
        }
    }
}

/// Luck of a household for what `purpose` decides in `step`. Whoever changes what a household has draws for the other
/// processes from the next step on: the same luck as if they drew then.
#[inline]
pub(super) fn luck_of(chance: &Chance, purpose: Purpose, household: &Household, step: Step) -> Luck {
    chance.luck(purpose, u64::from(household.ordinal), step)
}

/// The columns cut into chunks.
pub(super) fn chunks<'a>(
    households: &'a mut [Household],
    income: &'a mut [NextIncome],
    registering: &'a mut [NextRegistering],
    leaving: &'a mut [NextLeaving],
) -> Vec<Chunk<'a>> {
    let next = registering.chunks_mut(CHUNK_ROWS).zip(leaving.chunks_mut(CHUNK_ROWS));
    let columns = households.chunks_mut(CHUNK_ROWS).zip(income.chunks_mut(CHUNK_ROWS)).zip(next);
    let chunk = |(first, ((households, income), (registering, leaving)))| Chunk {
        first,
        households,
        income,
        registering,
        leaving,
    };
    (0..).step_by(CHUNK_ROWS).zip(columns).map(chunk).collect()
}

impl Chunk<'_> {
    /// The slot of a row.
    #[inline]
    fn slot(&self, row: usize) -> Slot {
        (self.first + row) as Slot
    }
}

impl Changes {
    /// If the household of a row is a seeker now, it joins the line of its class.
    #[inline]
    pub(super) fn enter_if_seeker(&mut self, rules: &WaitingListRules, chunk: &Chunk<'_>, row: usize) {
        let household = &chunk.households[row];
        if household.is_seeker(rules.income_at_most) {
            let class = rules.class_of[usize::from(household.group)];
            self.entered.push((household.municipality, class, household.candidate(chunk.slot(row))));
        }
    }

    /// Brings lines and vacancies up to date.
    pub(super) fn settle(
        &self,
        markets: &mut [Market],
        vacant: &mut [Vacant],
        households: &[Household],
        rules: &WaitingListRules,
    ) {
        for &(municipality, class) in &self.left {
            let there = |candidate: &Candidate| is_there(households, candidate, rules.income_at_most);
            markets[usize::from(municipality)].left(class, there);
        }
        for &(municipality, class, candidate) in &self.entered {
            markets[usize::from(municipality)].enter(class, candidate);
        }
        for &municipality in &self.vacated {
            vacant[usize::from(municipality)].0 += 1;
        }
    }
}
