//! Observers of closed-form worlds: tallies of what the laws are about, and totals that must agree exactly.
//!
//! A measure is a tally (how many, their sum, the sum of squares), so that replicates are pooled before dividing and a
//! ratio is not an average of ratios. Nothing is tallied during the warm-up.

mod row;
mod tally;

use std::collections::BTreeMap;

use bevy_ecs::prelude::*;
use doorstroom_kernel::Clock;
use doorstroom_policy::queue::QueueModel;
use doorstroom_state::queue::{Listed, Opening, QueueLedger, Roll, Standing};

pub use row::QueueMeasureRow;
pub use tally::{Estimate, Tally, estimate_mean, estimate_sd, estimate_variance};

/// Name of the whole, where a measure is split by group or channel.
pub const ALL: &str = "all";
/// Name of direct mediation beside the scheme, among channels.
pub const MEDIATION: &str = "mediation";
/// Channel number of direct mediation in the ledger.
const MEDIATION_NUMBER: u8 = u8::MAX;

/// What a tally is of: measure, group (or good, or stage) and channel.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct QueueKey {
    /// Measure.
    pub measure: &'static str,
    /// Group, good or stage by name, or [`ALL`].
    pub group: String,
    /// Channel by name, or [`ALL`].
    pub channel: String,
}

/// Every measure with its unit and meaning, in the order of the documentation.
pub const MEASURES: [(&str, &str, &str); 24] = [
    ("list_length", "households", "on the list at the end of a step"),
    ("list_age", "months", "time since they came, of those on the list at the end of a step"),
    ("wait", "months", "from coming to being housed, of the housed"),
    ("spell", "months", "from coming to leaving the list, housed or not"),
    ("housed_share", "share", "housed among those who left the list"),
    ("accepted_share", "share", "housed among those who were housed or had to go after a refusal"),
    ("housed", "households a month", "housed"),
    ("lettings", "dwellings a month", "let"),
    ("arrivals", "households a month", "came"),
    ("offers_per_letting", "offers", "made of a dwelling until it was let"),
    ("offers_per_household", "offers", "made to a household until it was housed or had to go after a refusal"),
    ("first_offer_share", "share", "lettings to the first candidate asked"),
    ("lost_share", "share", "vacancies lost among those that opened, by good"),
    ("matching_wait", "months", "from coming to being complete, of those who share a home"),
    ("mismatch_share", "share", "lettings of another good than preferred"),
    ("chain_length", "moves", "of a vacancy chain, the last one to a starter included"),
    ("chain_visits", "vacancies", "of a good in a chain"),
    ("starters", "households a month", "housed who left no dwelling behind"),
    ("moves", "households a month", "housed, starters and movers"),
    ("occupied", "dwellings", "of the stock let at the end of a step"),
    ("vacant", "dwellings", "open at the end of a step"),
    ("members", "members", "of a stage at the end of a step"),
    ("stage_share", "share", "of a stage among all members"),
    ("growth", "factor", "members after a step over members before it"),
];

/// Whole numbers that laws compare exactly.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct QueueTotals {
    /// Sum over steps of the households on the list at the end of the step.
    pub list_steps: i64,
    /// Sum over households of the steps at whose end they were on the list.
    pub individual_steps: i64,
    /// The first by group.
    pub list_steps_by_group: Vec<i64>,
    /// Households housed, by group.
    pub housed: Vec<i64>,
    /// Households that left without a home, by group.
    pub ended: Vec<i64>,
    /// Households that came, by group.
    pub arrivals: Vec<i64>,
    /// On the list at the end, by group.
    pub waiting: Vec<i64>,
    /// Dwellings let.
    pub lettings: i64,
    /// Vacancies that opened, without those left by movers.
    pub opened: i64,
    /// Vacancies lost.
    pub lost: i64,
    /// Lettings to households that left no dwelling.
    pub starters: i64,
    /// Lettings to households that left one.
    pub movers: i64,
    /// Vacant at the start and at the end.
    pub vacant: (i64, i64),
    /// Steps in which members after are not members before, with births, without deaths.
    pub unbalanced_steps: i64,
    /// Sum and highest of the waits of the housed, in steps.
    pub waited: (i64, i64),
    /// Digest of who was housed when, in order: equal for runs that are the same.
    pub fingerprint: u64,
    /// The same for every group apart.
    pub fingerprints: Vec<u64>,
}

/// What was seen of one replicate.
#[derive(Clone, Debug, Default)]
pub struct QueueSeen {
    /// Tallies.
    pub tallies: BTreeMap<QueueKey, Tally>,
    /// Totals.
    pub totals: QueueTotals,
}

/// Tallies by position; the last of each list is the whole.
pub struct QueueObserver {
    model: QueueModel,
    list: Vec<Tally>,
    age: Vec<Tally>,
    spell: Vec<Tally>,
    wait: Vec<Vec<Tally>>,
    let_out: Vec<Vec<f64>>,
    housed_of: Vec<Tally>,
    accepted: Vec<Tally>,
    arrivals: Vec<f64>,
    offers: Vec<Tally>,
    offers_to: Vec<Tally>,
    first_offer: Tally,
    lost: Vec<Tally>,
    matching: Vec<Tally>,
    mismatch: Vec<Tally>,
    chain: Tally,
    visits: Vec<Tally>,
    starters: f64,
    moves: f64,
    occupied: Tally,
    vacant: Tally,
    members: Vec<Tally>,
    share: Vec<Tally>,
    growth: Tally,
    steps: f64,
    totals: QueueTotals,
}

impl QueueObserver {
    /// Observers of a world that stands before its first step.
    pub fn new(world: &World, model: &QueueModel) -> Self {
        let (groups, goods, stages) = (model.groups.len(), model.goods.len(), model.stages.len());
        let channels = model.scheme.as_ref().map_or(0, |scheme| scheme.channels.len());
        let none = |n: usize| vec![Tally::default(); n + 1];
        let opening = world.resource::<Opening>();
        let totals = QueueTotals {
            list_steps_by_group: vec![0; groups],
            housed: vec![0; groups],
            ended: vec![0; groups],
            arrivals: vec![0; groups],
            fingerprints: vec![0; groups],
            vacant: (opening.now.len() as i64, 0),
            ..QueueTotals::default()
        };
        QueueObserver {
            list: none(groups),
            age: none(groups),
            spell: none(groups),
            // channels, direct mediation, all
            wait: vec![none(channels + 1); groups + 1],
            let_out: vec![vec![0.0; channels + 2]; groups + 1],
            housed_of: none(groups),
            accepted: none(groups),
            arrivals: vec![0.0; groups + 1],
            offers: none(channels + 1),
            offers_to: none(groups),
            first_offer: Tally::default(),
            lost: none(goods),
            matching: none(groups),
            mismatch: none(groups),
            chain: Tally::default(),
            visits: none(goods),
            starters: 0.0,
            moves: 0.0,
            occupied: Tally::default(),
            vacant: Tally::default(),
            members: none(stages),
            share: none(stages),
            growth: Tally::default(),
            steps: 0.0,
            totals,
            model: model.clone(),
        }
    }

    /// Looks at the world after a step, before the clock moves on.
    pub fn observe(&mut self, world: &World) {
        let step = u32::from(world.resource::<Clock>().step.0);
        let ledger = world.resource::<QueueLedger>();
        self.balance(ledger);
        if step < self.model.warm_up {
            return;
        }
        let roll = world.resource::<Roll>();
        let now = step + 1;
        self.steps += 1.0;
        self.see_list(roll, now);
        self.see_leavers(ledger, now);
        self.see_lettings(ledger);
        self.see_rest(ledger);
        self.occupied.add(f64::from(roll.occupied));
        self.vacant.add(world.resource::<Opening>().now.len() as f64);
    }

    fn see_list(&mut self, roll: &Roll, now: u32) {
        let all = self.model.groups.len();
        let (mut length, mut age) = (0.0, 0.0);
        for group in 0..all {
            let count = f64::from(roll.waiting[group]);
            let ages = f64::from(now) * count - roll.entered[group] as f64;
            self.list[group].add(count);
            self.age[group].add_many(count, ages * self.model.step_months);
            self.totals.list_steps_by_group[group] += i64::from(roll.waiting[group]);
            self.totals.list_steps += i64::from(roll.waiting[group]);
            length += count;
            age += ages;
        }
        self.list[all].add(length);
        self.age[all].add_many(length, age * self.model.step_months);
    }

    /// Steps at whose end somebody was on the list, who entered at `entered` and is gone at moment `gone`.
    fn steps_inside(&self, entered: u16, gone: u32) -> i64 {
        let first = self.model.warm_up + 1;
        i64::from(gone.saturating_sub(u32::from(entered).max(first)))
    }

    fn see_leavers(&mut self, ledger: &QueueLedger, now: u32) {
        let (all, months) = (self.model.groups.len(), self.model.step_months);
        for housed in &ledger.housed {
            let (group, steps) = (usize::from(housed.group), now - u32::from(housed.entered));
            let channels = self.wait[all].len();
            let channel = if housed.channel == MEDIATION_NUMBER { channels - 2 } else { usize::from(housed.channel) };
            let wait = f64::from(steps) * months;
            for group in [group, all] {
                self.wait[group][channel].add(wait);
                self.wait[group][channels - 1].add(wait);
                self.spell[group].add(wait);
                self.housed_of[group].add(1.0);
                self.accepted[group].add(1.0);
                self.offers_to[group].add(f64::from(housed.offers));
            }
            self.totals.individual_steps += self.steps_inside(housed.entered, now);
            self.totals.housed[group] += 1;
            self.totals.waited.0 += i64::from(steps);
            self.totals.waited.1 = self.totals.waited.1.max(i64::from(steps));
            let print = doorstroom_kernel::chance::join(housed.name, u64::from(now));
            // the order inside a step is no result
            self.totals.fingerprint = self.totals.fingerprint.wrapping_add(print);
            self.totals.fingerprints[group] = self.totals.fingerprints[group].wrapping_add(print);
        }
        for ended in &ledger.ended {
            let (group, steps) = (usize::from(ended.group), now - u32::from(ended.entered));
            for group in [group, all] {
                self.spell[group].add(f64::from(steps) * months);
                self.housed_of[group].add(0.0);
                if ended.refused {
                    self.accepted[group].add(0.0);
                    self.offers_to[group].add(f64::from(ended.offers));
                }
            }
            self.totals.individual_steps += self.steps_inside(ended.entered, now);
            self.totals.ended[group] += 1;
        }
        for (group, &count) in ledger.arrivals.iter().enumerate() {
            self.arrivals[group] += f64::from(count);
            self.arrivals[all] += f64::from(count);
            self.totals.arrivals[group] += i64::from(count);
        }
    }

    fn see_lettings(&mut self, ledger: &QueueLedger) {
        let all = self.model.groups.len();
        for letting in &ledger.lettings {
            let (group, channel) = (usize::from(letting.group), usize::from(letting.channel));
            let channels = self.let_out[all].len();
            for group in [group, all] {
                self.let_out[group][channel] += 1.0;
                self.let_out[group][channels - 1] += 1.0;
                self.mismatch[group].add(f64::from(u8::from(letting.mismatch)));
            }
            self.offers[channel].add(f64::from(letting.offers));
            self.offers[channels - 1].add(f64::from(letting.offers));
            self.first_offer.add(f64::from(u8::from(letting.offers == 1)));
            self.moves += 1.0;
            if letting.starter {
                self.chain.add(f64::from(letting.link));
                self.starters += 1.0;
                self.totals.starters += 1;
            } else {
                self.totals.movers += 1;
            }
        }
        self.totals.lettings += ledger.lettings.len() as i64;
    }

    fn see_rest(&mut self, ledger: &QueueLedger) {
        let goods = self.model.goods.len();
        let opened = f64::from(ledger.opened.iter().sum::<u32>());
        if !ledger.members.is_empty() {
            self.see_members(ledger);
        }
        for (good, &count) in ledger.opened.iter().enumerate() {
            self.lost[good].add_many(f64::from(count), 0.0);
            self.visits[good].add_many(opened, f64::from(ledger.visits[good]));
            self.totals.opened += i64::from(count);
        }
        self.lost[goods].add_many(opened, 0.0);
        for lost in &ledger.lost {
            self.lost[usize::from(lost.good)].add_many(0.0, 1.0);
            self.lost[goods].add_many(0.0, 1.0);
        }
        self.totals.lost += ledger.lost.len() as i64;
        for matched in &ledger.matched {
            let months = f64::from(matched.steps) * self.model.step_months;
            self.matching[usize::from(matched.group)].add(months);
            self.matching[self.model.groups.len()].add(months);
        }
        for &length in &ledger.chains {
            self.chain.add(f64::from(length));
        }
    }

    fn see_members(&mut self, ledger: &QueueLedger) {
        let total: u32 = ledger.members.iter().sum();
        for (stage, &count) in ledger.members.iter().enumerate() {
            self.members[stage].add(f64::from(count));
            self.share[stage].add_many(f64::from(total), f64::from(count));
        }
        self.growth.add_many(ledger.balance[0] as f64, f64::from(total));
    }

    fn balance(&mut self, ledger: &QueueLedger) {
        let [before, births, deaths] = ledger.balance;
        let after: u64 = ledger.members.iter().map(|&count| u64::from(count)).sum();
        self.totals.unbalanced_steps += i64::from(before + births != after + deaths);
    }

    /// Looks at who is still there, and hands over everything.
    pub fn finish(mut self, world: &mut World) -> QueueSeen {
        // the clock may stand at the step after the last one that was observed
        let last = self.model.warm_up + self.steps as u32;
        let mut listed = world.query::<&Listed>();
        let mut waiting = vec![0; self.model.groups.len()];
        for row in listed.iter(world) {
            if matches!(row.standing, Standing::Waiting | Standing::Pooling | Standing::Mate) {
                waiting[usize::from(row.group)] += 1;
                self.totals.individual_steps += self.steps_inside(row.entered, last + 1);
            }
        }
        self.totals.waiting = waiting;
        self.totals.vacant.1 = world.resource::<Opening>().now.len() as i64;
        QueueSeen { tallies: self.named(), totals: self.totals }
    }

    fn named(&self) -> BTreeMap<QueueKey, Tally> {
        let months = self.steps * self.model.step_months;
        let names = |list: Vec<&str>| -> Vec<String> { list.into_iter().chain([ALL]).map(str::to_owned).collect() };
        let groups = names(self.model.groups.iter().map(|group| group.name.as_str()).collect());
        let goods = names(self.model.goods.iter().map(|good| good.name.as_str()).collect());
        let stages = names(self.model.stages.iter().map(|stage| stage.name.as_str()).collect());
        let scheme = self.model.scheme.iter().flat_map(|scheme| scheme.channels.iter());
        let channels = names(scheme.map(|channel| channel.name.as_str()).chain([MEDIATION]).collect());
        let mut found = Named::default();
        let by_group = [
            ("list_length", &self.list),
            ("list_age", &self.age),
            ("spell", &self.spell),
            ("housed_share", &self.housed_of),
        ];
        let more = [
            ("accepted_share", &self.accepted),
            ("offers_per_household", &self.offers_to),
            ("matching_wait", &self.matching),
            ("mismatch_share", &self.mismatch),
        ];
        for (measure, tallies) in by_group.into_iter().chain(more) {
            found.all(measure, &groups, ALL, tallies);
        }
        let flow = |count: f64| Tally { n: months, sum: count, squares: 0.0 };
        for (group, name) in groups.iter().enumerate() {
            found.put("arrivals", name, ALL, flow(self.arrivals[group]));
            for (channel, of) in channels.iter().enumerate() {
                let wait = self.wait[group][channel];
                found.put("wait", name, of, wait);
                found.put("housed", name, of, flow(wait.n));
                found.put("lettings", name, of, flow(self.let_out[group][channel]));
            }
        }
        for (channel, name) in channels.iter().enumerate() {
            found.put("offers_per_letting", ALL, name, self.offers[channel]);
        }
        found.put("first_offer_share", ALL, ALL, self.first_offer);
        found.all("lost_share", &goods, ALL, &self.lost);
        found.all("chain_visits", &goods, ALL, &self.visits);
        found.all("members", &stages, ALL, &self.members);
        found.all("stage_share", &stages, ALL, &self.share);
        let single = [("chain_length", self.chain), ("occupied", self.occupied), ("vacant", self.vacant)];
        for (measure, tally) in single.into_iter().chain([("growth", self.growth)]) {
            found.put(measure, ALL, ALL, tally);
        }
        found.put("starters", ALL, ALL, flow(self.starters));
        found.put("moves", ALL, ALL, flow(self.moves));
        found.0
    }
}

/// Tallies with names; what nothing was tallied of is left out.
#[derive(Default)]
struct Named(BTreeMap<QueueKey, Tally>);

impl Named {
    fn put(&mut self, measure: &'static str, group: &str, channel: &str, tally: Tally) {
        if tally.n > 0.0 {
            self.0.insert(QueueKey { measure, group: group.to_owned(), channel: channel.to_owned() }, tally);
        }
    }

    fn all(&mut self, measure: &'static str, names: &[String], channel: &str, tallies: &[Tally]) {
        for (name, &tally) in names.iter().zip(tallies) {
            self.put(measure, name, channel, tally);
        }
    }
}
