//! Who may have a dwelling, best first.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use doorstroom_kernel::{Chance, Purpose, Step, chance};
use doorstroom_policy::queue::QueueModel;
use doorstroom_policy::scheme::{
    ResolvedChannel, ResolvedRank, ResolvedScheme, latest_first, lottery_key, points_key, registration_key,
};
use doorstroom_state::queue::{Standing, Vacancy};

use super::columns::Rows;

/// Number in a lottery.
pub(super) const LOTTERY: Purpose = Purpose::named("queue: lottery number");
/// Luck in a weighted lottery.
pub(super) const WEIGHTED: Purpose = Purpose::named("queue: luck in a weighted lottery");
/// To which vacancies a household reacts.
pub(super) const REACTS: Purpose = Purpose::named("queue: reacts to a vacancy");

/// Bits below the class: rank key and name.
const CLASS_SHIFT: u32 = 112;
const KEY_SHIFT: u32 = 64;
/// Candidates ranked for each vacancy at first: some refuse, some are housed through another channel.
const SPARE: usize = 4;

/// Vacancies with the same candidates in the same order.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Kind {
    channel: u8,
    marks: (u8, u8),
    by_lottery: bool,
    good: u8,
    /// Name, where every vacancy has reactions of its own.
    alone: u64,
}

/// Candidates for one kind of vacancy, best first.
pub(super) struct Ranking {
    pub kind: Kind,
    heap: BinaryHeap<Reverse<(u128, u32)>>,
    /// Whether it holds all candidates, not only the first ones.
    complete: bool,
}

/// Label and binding of a vacancy.
fn marks(vacancy: &Vacancy) -> (Option<usize>, Option<usize>) {
    let mark = |mark: u8| usize::from(mark).checked_sub(1);
    (mark(vacancy.marks.0), mark(vacancy.marks.1))
}

/// What ranking asks, apart from the rows.
pub(super) struct Ranker<'a> {
    pub model: &'a QueueModel,
    pub scheme: &'a ResolvedScheme,
    pub chance: &'a Chance,
    pub now: u16,
    /// Open vacancies by channel, where reactions are bounded.
    pub open: Vec<Vec<u64>>,
}

impl Ranker<'_> {
    /// The channel of a vacancy.
    pub(super) fn channel(&self, vacancy: &Vacancy) -> &ResolvedChannel {
        &self.scheme.channels[usize::from(vacancy.channel)]
    }

    /// The kind of a vacancy.
    pub(super) fn kind(&self, vacancy: &Vacancy) -> Kind {
        let bounded = self.channel(vacancy).most_reactions.is_some();
        Kind {
            channel: vacancy.channel,
            marks: vacancy.marks,
            by_lottery: vacancy.by_lottery,
            // without buffers, and where all seek all goods, every good has the same candidates
            good: if self.tells_goods() { vacancy.good } else { 0 },
            alone: if bounded { vacancy.name } else { 0 },
        }
    }

    /// Whether goods differ in who may have them.
    fn tells_goods(&self) -> bool {
        self.scheme.buffers.is_some() || self.model.groups.iter().any(|group| group.seeks.is_some())
    }

    /// Candidates for a vacancy of which `wanted` are open: the first ones, or all of them where `wanted` is 0.
    pub(super) fn rank(&self, rows: &Rows<'_>, vacancy: &Vacancy, wanted: usize) -> Ranking {
        let kind = self.kind(vacancy);
        let plain = kind.alone == 0 && rows.buffer.is_empty();
        let mut heads = if plain { self.by_class(rows, vacancy) } else { self.one_by_one(rows, vacancy) };
        let most = if wanted == 0 { usize::MAX } else { SPARE * wanted + SPARE };
        let complete = heads.len() <= most;
        if !complete {
            // the heap of a few is cheaper than that of all: cut at the class and key of the last one wanted
            let (_, &mut (last, _), _) = heads.select_nth_unstable(most);
            heads.retain(|&(head, _)| head <= last);
        }
        let order = |(head, at): (u64, u32)| {
            let name = rows.listed[at as usize].name;
            Reverse((u128::from(head) << KEY_SHIFT | u128::from(name), at))
        };
        Ranking { kind, heap: heads.into_iter().map(order).collect(), complete }
    }

    /// Class and key of all candidates where nobody waits in a buffer and reactions have no bound: the same as in
    /// [`Ranker::order`], with the class of each group asked once.
    fn by_class(&self, rows: &Rows<'_>, vacancy: &Vacancy) -> Vec<(u64, u32)> {
        let channel = self.channel(vacancy);
        let (label, binding) = marks(vacancy);
        let class_of = |group: usize| channel.class_of(group, label, binding).filter(|_| self.seeks(group, vacancy));
        let classes: Vec<Option<u64>> = (0..channel.classes.len())
            .map(|group| Some((u64::from(class_of(group)?) + 1) << (CLASS_SHIFT - KEY_SHIFT)))
            .collect();
        let candidates = rows.listed.iter().enumerate().filter_map(|(at, row)| {
            let class = classes[usize::from(row.group)].filter(|_| row.standing == Standing::Waiting)?;
            Some((class | self.key(rows, channel, vacancy, at), at as u32))
        });
        candidates.collect()
    }

    fn seeks(&self, group: usize, vacancy: &Vacancy) -> bool {
        self.model.groups[group].seeks(vacancy.good)
    }

    fn one_by_one(&self, rows: &Rows<'_>, vacancy: &Vacancy) -> Vec<(u64, u32)> {
        let head = |at| Some(((self.order(rows, vacancy, at)? >> KEY_SHIFT) as u64, at as u32));
        (0..rows.listed.len()).filter_map(head).collect()
    }

    /// Place of a household in the order for this vacancy, lower first; `None` if it is no candidate.
    fn order(&self, rows: &Rows<'_>, vacancy: &Vacancy, at: usize) -> Option<u128> {
        let row = &rows.listed[at];
        if row.standing != Standing::Waiting || !self.seeks(usize::from(row.group), vacancy) {
            return None;
        }
        let channel = self.channel(vacancy);
        let (label, binding) = marks(vacancy);
        let class = channel.class_of(usize::from(row.group), label, binding)?;
        let buffer = rows.buffer.get(at).map_or((0, 0), |buffer| (buffer.0, buffer.1));
        if buffer.0 > 0 {
            // whoever waits for this good goes before the list, whoever waits for another is no candidate
            let waits_for_this = buffer.0 == vacancy.good + 1;
            return waits_for_this.then(|| u128::from(registration_key(buffer.1)) << KEY_SHIFT | u128::from(row.name));
        }
        if !self.reacts(channel, vacancy, row.name) {
            return None;
        }
        let class = u128::from(class) + 1;
        Some(
            class << CLASS_SHIFT | u128::from(self.key(rows, channel, vacancy, at)) << KEY_SHIFT | u128::from(row.name),
        )
    }

    /// Whether a household reacts to this vacancy: to the first ones of an order of its own, where reactions are bounded.
    fn reacts(&self, channel: &ResolvedChannel, vacancy: &Vacancy, name: u64) -> bool {
        let Some(most) = channel.most_reactions else { return true };
        let open = &self.open[usize::from(vacancy.channel)];
        if open.len() <= most as usize {
            return true;
        }
        let taste = |vacancy: u64| self.chance.luck_with(REACTS, name, vacancy, Step(self.now)).bits();
        let own = taste(vacancy.name);
        open.iter().filter(|&&other| taste(other) < own).count() < most as usize
    }

    fn key(&self, rows: &Rows<'_>, channel: &ResolvedChannel, vacancy: &Vacancy, at: usize) -> u64 {
        let row = &rows.listed[at];
        let months = |since: u16| f64::from(self.now - since) * self.model.step_months;
        if vacancy.by_lottery {
            // one number a household and step: everybody before everybody else with the same chance
            let address = chance::join(row.name, u64::from(self.now));
            return lottery_key(self.chance.trait_of(LOTTERY, address).bits());
        }
        match &channel.rank {
            ResolvedRank::RegistrationTime | ResolvedRank::Direct | ResolvedRank::Lottery => {
                registration_key(row.since)
            }
            ResolvedRank::PartLottery(_) => registration_key(row.since),
            ResolvedRank::Points(points) => {
                let searching = rows.searching.get(at).map_or(row.since, |searching| searching.0);
                points_key(points.of(usize::from(row.group), months(row.since), months(searching)))
            }
            ResolvedRank::WeightedLottery(weights, short) => {
                let factor = short.filter(|short| months(row.since) < short.below_months).map_or(1.0, |s| s.factor);
                let mut luck = self.chance.luck(WEIGHTED, row.name, Step(self.now));
                latest_first(luck.unit_above_zero(), weights[usize::from(row.group)] * factor)
            }
        }
    }

    /// Takes the best candidate that still is one; not one of `asked`, who stand outside the ranking for now.
    pub(super) fn best(&self, ranking: &mut Ranking, rows: &Rows<'_>, vacancy: &Vacancy, asked: &[u32]) -> Option<u32> {
        loop {
            while let Some(Reverse((order, slot))) = ranking.heap.pop() {
                match self.order(rows, vacancy, slot as usize) {
                    Some(now) if now == order => return Some(slot),
                    // lost its place or its points meanwhile: it stands further back
                    Some(now) if ranking.complete => ranking.heap.push(Reverse((now, slot))),
                    _ => {}
                }
            }
            if ranking.complete {
                return None;
            }
            // the first ones are used up: now all
            *ranking = self.rank(rows, vacancy, 0);
            ranking.heap.retain(|Reverse((_, slot))| !asked.contains(slot));
        }
    }

    /// Puts a candidate back, or in for the first time.
    pub(super) fn put(&self, ranking: &mut Ranking, rows: &Rows<'_>, vacancy: &Vacancy, slot: u32) {
        if let Some(order) = self.order(rows, vacancy, slot as usize) {
            ranking.heap.push(Reverse((order, slot)));
        }
    }

    /// Whether a refusal or a deferral can move a candidate back in the order, so that all must be ranked at once.
    pub(super) fn moves(&self) -> bool {
        self.scheme.buffers.is_some() || self.model.groups.iter().any(|group| group.refuses.0 > 0)
    }
}

impl Ranker<'_> {
    /// A vacancy of the kind of a ranking.
    pub(super) fn example(&self, ranking: &Ranking) -> Vacancy {
        let Kind { channel, marks, by_lottery, good, alone } = ranking.kind;
        Vacancy { name: alone, place: 0, good, channel, marks, by_lottery, link: 1, offers: 0 }
    }
}

impl Kind {
    /// Whether this kind is of a good.
    pub(super) fn is_of(&self, good: u8) -> bool {
        self.good == good
    }
}
