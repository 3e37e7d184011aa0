//! What happened in this step: the only thing observers need beside the roll.

use bevy_ecs::prelude::*;

/// A dwelling was let.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Letting {
    /// Name of the vacancy.
    pub vacancy: u64,
    /// Channel.
    pub channel: u8,
    /// Good.
    pub good: u8,
    /// Group of the candidate.
    pub group: u8,
    /// Households that move in.
    pub households: u8,
    /// Offers made of this dwelling, this one included.
    pub offers: u32,
    /// Place in its chain, from 1.
    pub link: u16,
    /// Whether the candidate leaves no dwelling behind.
    pub starter: bool,
    /// Whether another good was preferred.
    pub mismatch: bool,
}

/// A household was housed.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Housed {
    /// Name.
    pub name: u64,
    /// Group.
    pub group: u8,
    /// Channel; 255 for direct mediation beside the scheme.
    pub channel: u8,
    /// Moment of entering the list.
    pub entered: u16,
    /// Offers it got, this one included.
    pub offers: u16,
}

/// A household left the list without a home.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Ended {
    /// Name.
    pub name: u64,
    /// Group.
    pub group: u8,
    /// Moment of entering the list.
    pub entered: u16,
    /// Offers it got.
    pub offers: u16,
    /// Whether it refused its last offer and could not stay.
    pub refused: bool,
}

/// Vacancies that were lost.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Lost {
    /// Good.
    pub good: u8,
    /// Channel.
    pub channel: u8,
}

/// Somebody who looked for others found them: group and steps it took.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Matched {
    /// Group.
    pub group: u8,
    /// Steps from coming to being complete.
    pub steps: u16,
}

/// What happened in the step that runs.
#[derive(Resource, Clone, Debug, Default)]
pub struct QueueLedger {
    /// Arrivals by group.
    pub arrivals: Vec<u32>,
    /// Vacancies that opened, by good, those left behind by movers apart.
    pub opened: Vec<u32>,
    /// Lettings.
    pub lettings: Vec<Letting>,
    /// Households housed.
    pub housed: Vec<Housed>,
    /// Households that left without a home.
    pub ended: Vec<Ended>,
    /// Vacancies lost.
    pub lost: Vec<Lost>,
    /// Groups of sharers that became complete.
    pub matched: Vec<Matched>,
    /// Lengths of the chains that ended, where chains have no households.
    pub chains: Vec<u16>,
    /// Visits by good, where chains have no households.
    pub visits: Vec<u32>,
    /// Members by stage after the step.
    pub members: Vec<u32>,
    /// Members before the step, births and deaths in it.
    pub balance: [u64; 3],
}

impl QueueLedger {
    /// An empty ledger.
    pub fn new(groups: usize, goods: usize, stages: usize) -> Self {
        QueueLedger {
            arrivals: vec![0; groups],
            opened: vec![0; goods],
            visits: vec![0; goods],
            members: vec![0; stages],
            ..QueueLedger::default()
        }
    }

    /// Begins a step; what stands carries over.
    pub fn clear(&mut self) {
        self.arrivals.fill(0);
        self.opened.fill(0);
        self.visits.fill(0);
        self.lettings.clear();
        self.housed.clear();
        self.ended.clear();
        self.lost.clear();
        self.matched.clear();
        self.chains.clear();
    }
}
