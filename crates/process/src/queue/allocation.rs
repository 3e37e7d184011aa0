//! Toewijzing (allocation): every open vacancy goes down its list until somebody takes it.

use bevy_ecs::prelude::*;
use doorstroom_kernel::chance::join;
use doorstroom_kernel::{Chance, Clock};
use doorstroom_policy::queue::{Looks, Process};
use doorstroom_policy::scheme::Next;
use doorstroom_state::queue::{Abode, Leaves, Letting, Lost, NEVER, NONE, Opening, Place, Standing, Vacancy};

use super::candidates::{Ranker, Ranking};
use super::columns::{Households, Rows, column};
use super::offers::{Answer, offer};
use super::supply::{self, TENANCY, looks, marked, whole_steps};
use super::{QueueRules, moment};

/// Lets the open vacancies in order of name, those passed on after them.
pub(super) fn let_by_scheme(
    rules: Res<QueueRules>,
    chance: Res<Chance>,
    clock: Res<Clock>,
    mut households: Households<'_, '_>,
    mut places: Query<&'static mut Place>,
    mut opening: ResMut<Opening>,
) {
    let model = &rules.0;
    let Some(scheme) = &model.scheme else { return };
    if opening.now.is_empty() {
        return;
    }
    let rows = households.rows();
    let stays = |vacancy: &Vacancy| scheme.channels[usize::from(vacancy.channel)].untaken == Next::Step;
    if rows.roll.nobody() && opening.now.iter().all(stays) {
        return;
    }
    let mut open = std::mem::take(&mut opening.now);
    open.sort_unstable_by_key(|vacancy| vacancy.name);
    let bounded = scheme.channels.iter().any(|channel| channel.most_reactions.is_some());
    let by_channel =
        |channel: usize| open.iter().filter(|v| usize::from(v.channel) == channel).map(|v| v.name).collect();
    let ranker = Ranker {
        model,
        scheme,
        chance: &chance,
        now: moment(&clock),
        open: (0..if bounded { scheme.channels.len() } else { 0 }).map(by_channel).collect(),
    };
    let mut desk = Desk {
        ranker,
        rows,
        places: column(&mut places),
        rankings: Vec::new(),
        clock: &clock,
        left: Vec::new(),
        looking: Vec::new(),
    };
    let mut next = 0;
    while let Some(&vacancy) = open.get(next) {
        next += 1;
        desk.let_out(vacancy, &mut open);
    }
    let Desk { left, looking, mut rows, .. } = desk;
    // after all vacancies: who moved in is a candidate from the next step on
    for (at, group) in looking {
        supply::list_again(model, &chance, &mut rows, at, group, Process::Allocation, moment(&clock));
    }
    open.clear();
    open.extend(left);
    opening.now = open;
}

/// Everything that letting needs.
struct Desk<'a> {
    ranker: Ranker<'a>,
    rows: Rows<'a>,
    places: &'a mut [Place],
    rankings: Vec<Ranking>,
    clock: &'a Clock,
    /// Vacancies of the next step.
    left: Vec<Vacancy>,
    /// Who moved in where tenants look for another home at once, and in which group.
    looking: Vec<(usize, u8)>,
}

impl Desk<'_> {
    /// Offers one vacancy until somebody takes it; what is passed on is put at the end of `open`.
    fn let_out(&mut self, mut vacancy: Vacancy, open: &mut Vec<Vacancy>) {
        let kind = self.ranker.kind(&vacancy);
        let position = self.rankings.iter().position(|ranking| ranking.kind == kind).unwrap_or_else(|| {
            let wanted = if self.ranker.moves() { 0 } else { open.len() };
            self.rankings.push(self.ranker.rank(&self.rows, &vacancy, wanted));
            self.rankings.len() - 1
        });
        let most = self.ranker.channel(&vacancy).most_offers;
        let mut refused = Vec::new();
        let mut made = 0;
        let mut taken = None;
        while made < most {
            let Some(slot) = self.ranker.best(&mut self.rankings[position], &self.rows, &vacancy, &refused) else {
                break;
            };
            made += 1;
            vacancy.offers += 1;
            let Ranker { model, scheme, chance, now, .. } = self.ranker;
            match offer(model, scheme, chance, now, &mut self.rows, &vacancy, slot) {
                Answer::Accepts => {
                    taken = Some(slot);
                    break;
                }
                Answer::Refuses => refused.push(slot),
                Answer::Goes => {}
                Answer::Defers(good) => self.buffer(slot, good),
            }
        }
        for slot in refused {
            self.ranker.put(&mut self.rankings[position], &self.rows, &vacancy, slot);
        }
        match taken {
            Some(slot) => self.house(slot, vacancy, open),
            None => self.pass_on(vacancy, open),
        }
    }

    /// Whoever went into the buffer of a good is a candidate in every ranking of that good.
    fn buffer(&mut self, slot: u32, good: u8) {
        for ranking in self.rankings.iter_mut().filter(|ranking| ranking.kind.is_of(good)) {
            let (order_of, rows) = (&self.ranker, &self.rows);
            let like = Vacancy { good, ..order_of.example(ranking) };
            order_of.put(ranking, rows, &like, slot);
        }
    }

    fn pass_on(&mut self, vacancy: Vacancy, open: &mut Vec<Vacancy>) {
        match self.ranker.channel(&vacancy).untaken {
            Next::Step => self.left.push(vacancy),
            Next::Lost => self.rows.ledger.lost.push(Lost { good: vacancy.good, channel: vacancy.channel }),
            Next::Channel(channel) => {
                let passed = Vacancy { channel: channel as u8, ..vacancy };
                let mut luck = self.ranker.chance.trait_of(supply::CHANNEL, join(vacancy.name, channel as u64));
                open.push(marked(self.ranker.scheme, passed, &mut luck));
            }
        }
    }

    /// The candidate moves in, with those it shares with; what it leaves is a vacancy of the next step.
    fn house(&mut self, slot: u32, vacancy: Vacancy, open: &mut Vec<Vacancy>) {
        let at = slot as usize;
        let now = self.ranker.now;
        let group = self.rows.listed[at].group;
        let left = self.rows.abode(at);
        let mates = self.rows.mates.get(at).copied().unwrap_or_default();
        let prefers = self.ranker.model.groups[usize::from(group)].prefers;
        self.rows.ledger.lettings.push(Letting {
            vacancy: vacancy.name,
            channel: vacancy.channel,
            good: vacancy.good,
            group,
            households: mates.count + 1,
            offers: vacancy.offers,
            link: vacancy.link,
            starter: left.is_none(),
            mismatch: prefers.is_some_and(|good| good != vacancy.good),
        });
        for &other in &mates.slots[..usize::from(mates.count)] {
            self.rows.house(other as usize, vacancy.channel, Standing::Free);
        }
        let follows = !self.rows.abode.is_empty() && vacancy.place != NONE;
        self.rows.house(at, vacancy.channel, if follows { Standing::Housed } else { Standing::Free });
        if let Some(place) = left {
            self.vacate(place, vacancy.link + 1);
        }
        if vacancy.place == NONE {
            return;
        }
        let Ranker { model, chance, .. } = self.ranker;
        let place = &mut self.places[vacancy.place as usize];
        let name = self.rows.listed[at].name;
        let tenancy = model.goods[usize::from(vacancy.good)].stock.map(|stock| stock.tenancy);
        let mut luck = chance.luck_with(TENANCY, name, vacancy.name, self.clock.step);
        let steps = tenancy.map_or(NEVER, |tenancy| whole_steps(tenancy, &mut luck));
        if follows {
            self.rows.abode[at] = Abode(vacancy.place);
            self.rows.leaves[at] = Leaves(looks(model, chance, name, vacancy.good, now));
            let transfers = model.goods[usize::from(vacancy.good)].stock.and_then(|stock| stock.transfers);
            if let Some((group, begins)) = transfers {
                // the group in which it will look
                self.rows.listed[at].group = group;
                if begins == Looks::AtOnce {
                    self.looking.push((at, group));
                }
            }
            self.rows.roll.occupied += 1;
            // a tenant who is followed stays at least one step
            place.ends = now.saturating_add(steps.max(1));
            place.tenant = slot;
        } else if steps == 0 && !model.before(Process::Allocation, Process::TenancyEnds) {
            // over within the step: the dwelling is let once more
            let name = join(vacancy.name, u64::from(now));
            open.push(Vacancy { name, link: 1, offers: 0, ..vacancy });
        } else {
            self.rows.roll.occupied += 1;
            place.ends = now.saturating_add(steps);
            place.tenant = 0;
        }
    }

    /// A dwelling that a mover leaves opens in the next step, or closes if more stand than should.
    fn vacate(&mut self, slot: u32, link: u16) {
        let place = &mut self.places[slot as usize];
        place.tenant = NONE;
        place.ends = NEVER;
        self.rows.roll.occupied -= 1;
        if self.rows.roll.close(place.good, place.name, slot) {
            return;
        }
        let Ranker { scheme, chance, .. } = self.ranker;
        let opened = self.clock.step.plus(1);
        self.left.push(supply::vacancy(scheme, chance, place.name, slot, place.good, link, opened));
    }
}
