//! How a process finds who is due and how what it changed reaches the lines.

use doorstroom_kernel::lane::{BLOCK_ITEMS, CHUNK_ROWS, read_together};
use doorstroom_kernel::{Chance, Lane, Luck, Purpose, Step};
use doorstroom_state::due::{Due, due_rows};
use doorstroom_state::slots::Slot;
use doorstroom_state::waiting_list::{Candidate, Household, Market, is_there};

use super::hazards::WaitingListRules;

/// A part of the columns that one thread writes: the event column of a process, what else it writes, and households.
pub(super) struct Chunk<'a, N, X> {
    /// Slot of the first row.
    first: usize,
    pub(super) next: &'a mut [N],
    pub(super) other: &'a mut [X],
    pub(super) households: &'a mut [Household],
}

/// What a process did in a chunk, as far as others must know.
#[derive(Default)]
pub(super) struct Changes {
    /// Who became a seeker: municipality, class, entry.
    pub(super) entered: Vec<(u16, u8, Candidate)>,
    /// Who is no seeker any more: municipality and class.
    pub(super) left: Vec<(u16, u8)>,
    /// Municipalities in which a home became vacant.
    pub(super) vacated: Vec<u16>,
    /// Events.
    pub(super) events: u64,
}

/// What a process draws from: its purpose, this step, the threads it may use.
#[derive(Clone, Copy)]
pub(super) struct Sweeper<'a> {
    pub(super) lane: &'a Lane,
    pub(super) chance: &'a Chance,
    pub(super) purpose: Purpose,
    pub(super) now: Step,
}

impl Sweeper<'_> {
    /// Lets `work` handle every due row of all chunks with its luck, a row being its place in the chunk; changes in the
    /// order of rows.
    pub(super) fn sweep<N: Copy + Send, X: Send>(
        &self,
        (next, other, households): (&mut [N], &mut [X], &mut [Household]),
        due: impl Fn(N) -> Due + Copy + Sync + Send,
        work: impl Fn(&mut Chunk<'_, N, X>, usize, &mut Luck, &mut Changes) + Sync + Send,
    ) -> Vec<Changes> {
        self.lane.map_each(chunks(next, other, households), |mut chunk| {
            let rows = due_rows(chunk.next, 0, |&next| due(next), self.now);
            let mut changes = Changes::default();
            let mut lucks = Vec::with_capacity(BLOCK_ITEMS);
            for block in rows.chunks(BLOCK_ITEMS) {
                // first all reads of far rows, then all luck of the block: none waits for another
                read_together(block, |&row| u64::from(chunk.households[row as usize].ordinal));
                lucks.extend(
                    block
                        .iter()
                        .map(|&row| luck_of(self.chance, self.purpose, &chunk.households[row as usize], self.now)),
                );
                for (&row, mut luck) in block.iter().zip(lucks.drain(..)) {
                    work(&mut chunk, row as usize, &mut luck, &mut changes);
                }
            }
            changes
        })
    }
}

/// Luck of a household for what `purpose` decides in `step`. Whoever changes what a household has draws for the other
/// processes from the next step on: the same luck as if they drew then.
#[inline]
pub(super) fn luck_of(chance: &Chance, purpose: Purpose, household: &Household, step: Step) -> Luck {
    chance.luck(purpose, u64::from(household.ordinal), step)
}

/// The columns cut into chunks. A process that writes nothing else gives an empty column, of which every chunk gets an
/// empty part.
fn chunks<'a, N, X>(next: &'a mut [N], other: &'a mut [X], households: &'a mut [Household]) -> Vec<Chunk<'a, N, X>> {
    let other_rows = if other.is_empty() { 0 } else { CHUNK_ROWS };
    let mut rest = other;
    let mut chunks = Vec::new();
    let parts = next.chunks_mut(CHUNK_ROWS).zip(households.chunks_mut(CHUNK_ROWS));
    for (i, (next, households)) in parts.enumerate() {
        let (part, after) = rest.split_at_mut(other_rows.min(rest.len()));
        rest = after;
        chunks.push(Chunk { first: i * CHUNK_ROWS, next, other: part, households });
    }
    chunks
}

impl<N, X> Chunk<'_, N, X> {
    /// The slot of a row.
    #[inline]
    pub(super) fn slot(&self, row: usize) -> Slot {
        (self.first + row) as Slot
    }
}

impl Changes {
    /// A household that is a seeker now joins the line of its class.
    #[inline]
    pub(super) fn enter(&mut self, rules: &WaitingListRules, household: &Household, slot: Slot) {
        let class = rules.class_of[usize::from(household.group)];
        self.entered.push((household.municipality, class, household.candidate(slot)));
    }
}

/// Brings the lines up to date with what was done in all chunks; returns the number of events.
pub(super) fn settle(
    changes: &[Changes],
    markets: &mut [Market],
    households: &[Household],
    rules: &WaitingListRules,
) -> u64 {
    for part in changes {
        for &(municipality, class) in &part.left {
            let there = |candidate: &Candidate| is_there(households, candidate, rules.income_at_most);
            markets[usize::from(municipality)].left(class, there);
        }
        for &(municipality, class, candidate) in &part.entered {
            markets[usize::from(municipality)].enter(class, candidate);
        }
    }
    changes.iter().map(|part| part.events).sum()
}
