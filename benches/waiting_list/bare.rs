//! The common workload as one would write it by hand for this workload alone: plain vectors, one loop a process, no
//! entities, no schedule, no threads. The same algorithm and the same draws as the engine, so the same result: what the
//! engine takes more is the price of being one.

use doorstroom_kernel::{Chance, Hazard, Luck, Step, Threshold};
use doorstroom_process::waiting_list::PURPOSES;
use doorstroom_state::due::Due;
use doorstroom_state::waiting_list::{Candidate, Household, Market, Standing, Tally, is_there};
use doorstroom_world::WaitingListWorld;

const ROWS_AT_ONCE: usize = 64;

/// A town of plain columns.
pub struct BareTown {
    households: Vec<Household>,
    income: Vec<Due>,
    registering: Vec<Due>,
    leaving: Vec<Due>,
    markets: Vec<Market>,
    vacant: Vec<u32>,
    tally: Tally,
    rules: Rules,
    chance: Chance,
}

struct Rules {
    income: Hazard,
    unhoused: Hazard,
    younger: Hazard,
    older: Hazard,
    departure: Hazard,
    falls: Threshold,
    factors: [f32; 2],
    older_from: i32,
    limit: f32,
    class_of: Vec<u8>,
}

impl BareTown {
    /// A town of these households before its first step.
    pub fn new(world: &WaitingListWorld, households: Vec<Household>, seed: u64) -> Self {
        let p = &world.file.processes;
        let hazard = |chance: f64| Hazard::of_rate(-libm::log1p(-chance), 1.0);
        let rules = Rules {
            income: hazard(p.income.chance_per_step),
            unhoused: hazard(p.registration.unhoused_per_step),
            younger: hazard(p.registration.younger_per_step),
            older: hazard(p.registration.older_per_step),
            departure: hazard(p.departure.chance_per_step),
            falls: Threshold::of(p.income.falls),
            factors: [p.income.fall_factor as f32, p.income.rise_factor as f32],
            older_from: i32::from(p.registration.older_from_months),
            limit: p.allocation.income_at_most as f32,
            class_of: world.file.groups.iter().map(|group| group.class).collect(),
        };
        let count = usize::from(world.file.municipalities.count);
        let mut markets = vec![Market::default(); count];
        let mut seekers: Vec<(u16, u8, Candidate)> = Vec::new();
        for (slot, household) in households.iter().enumerate().filter(|(_, h)| h.is_seeker(rules.limit)) {
            let class = rules.class_of[usize::from(household.group)];
            seekers.push((household.municipality, class, household.candidate(slot as u32)));
        }
        seekers.sort_unstable();
        for (municipality, class, candidate) in seekers {
            markets[usize::from(municipality)].enter(class, candidate);
        }
        let anew = vec![Due::redraw(Step(0)); households.len()];
        BareTown {
            income: anew.clone(),
            registering: anew.clone(),
            leaving: anew,
            vacant: vec![0; count],
            tally: Tally::default(),
            chance: Chance::new(seed),
            households,
            markets,
            rules,
        }
    }

    /// What happened.
    pub fn tally(&self) -> &Tally {
        &self.tally
    }

    /// One month.
    pub fn month(&mut self, now: Step) {
        self.incomes(now);
        self.registrations(now);
        self.departures(now);
        self.lettings(now);
    }

    fn incomes(&mut self, now: Step) {
        let BareTown { households, income, markets, rules, chance, tally, .. } = self;
        for_each_due(income, now, |slot, due| {
            let h = &mut households[slot];
            let mut luck = chance.luck(PURPOSES[0], u64::from(h.ordinal), now);
            if !due.strikes() {
                *due = next(rules.income, now, &mut luck);
                if !due.is_due(now) {
                    return;
                }
            }
            let was = h.is_seeker(rules.limit);
            h.income *= rules.factors[usize::from(!luck.strikes(rules.falls))];
            let (is, class) = (h.is_seeker(rules.limit), rules.class_of[usize::from(h.group)]);
            let market = usize::from(h.municipality);
            if is && !was {
                markets[market].enter(class, h.candidate(slot as u32));
            } else if was && !is {
                markets[market].left(class, |candidate| is_there(households, candidate, rules.limit));
            }
            tally.income_changes += 1;
            *due = next(rules.income, now.plus(1), &mut luck);
        });
    }

    fn registrations(&mut self, now: Step) {
        let BareTown { households, registering, markets, rules, chance, tally, .. } = self;
        for_each_due(registering, now, |slot, due| {
            let h = &mut households[slot];
            if h.standing.is_registered() {
                *due = Due::NEVER;
                return;
            }
            if !due.strikes() {
                let mut luck = chance.luck(PURPOSES[1], u64::from(h.ordinal), now);
                let older_at = i32::from(h.born) + rules.older_from;
                *due = match h.standing.is_housed() {
                    false => next(rules.unhoused, now, &mut luck),
                    true if older_at <= i32::from(now.0) => next(rules.older, now, &mut luck),
                    true => Due::first(now, rules.younger.delay(&mut luck), Step(older_at as u16)),
                };
                if !(due.strikes() && due.is_due(now)) {
                    return;
                }
            }
            h.standing = Standing::new(true, h.standing.is_housed());
            h.since = now.0 as i16;
            if h.is_seeker(rules.limit) {
                let class = rules.class_of[usize::from(h.group)];
                markets[usize::from(h.municipality)].enter(class, h.candidate(slot as u32));
            }
            tally.registrations += 1;
            *due = Due::NEVER;
        });
    }

    fn departures(&mut self, now: Step) {
        let BareTown { households, registering, leaving, markets, vacant, rules, chance, tally, .. } = self;
        for_each_due(leaving, now, |slot, due| {
            let h = &mut households[slot];
            if !h.standing.is_housed() {
                *due = Due::NEVER;
                return;
            }
            if !due.strikes() {
                *due = next(rules.departure, now, &mut chance.luck(PURPOSES[2], u64::from(h.ordinal), now));
                if !due.is_due(now) {
                    return;
                }
            }
            let registered = h.standing.is_registered();
            h.standing = Standing::new(registered, false);
            if h.is_seeker(rules.limit) {
                let class = rules.class_of[usize::from(h.group)];
                markets[usize::from(h.municipality)].enter(class, h.candidate(slot as u32));
            }
            vacant[usize::from(h.municipality)] += 1;
            tally.departures += 1;
            *due = Due::NEVER;
            if !registered {
                registering[slot] = Due::redraw(now.plus(1));
            }
        });
    }

    fn lettings(&mut self, now: Step) {
        for (market, vacant) in self.markets.iter_mut().zip(&mut self.vacant) {
            while *vacant > 0 {
                let there = |candidate: &Candidate| is_there(&self.households, candidate, self.rules.limit);
                let Some(best) = market.take_best(there) else { break };
                *vacant -= 1;
                let slot = best.slot as usize;
                let h = &mut self.households[slot];
                h.standing = Standing::new(false, true);
                self.registering[slot] = Due::redraw(now.plus(1));
                self.leaving[slot] = Due::redraw(now.plus(1));
                self.tally.lettings[usize::from(h.group)] += 1;
                self.tally.waited[usize::from(h.group)] += (i64::from(now.0) - i64::from(h.since)).unsigned_abs();
            }
        }
    }
}

fn next(hazard: Hazard, from: Step, luck: &mut Luck) -> Due {
    Due::strike(from.plus(hazard.delay(luck)))
}

/// Blocks without anybody due are passed over at once.
fn for_each_due(column: &mut [Due], now: Step, mut work: impl FnMut(usize, &mut Due)) {
    for (i, block) in column.chunks_mut(ROWS_AT_ONCE).enumerate() {
        if block.iter().fold(false, |any, due| any | due.is_due(now)) {
            for (k, due) in block.iter_mut().enumerate() {
                if due.is_due(now) {
                    work(i * ROWS_AT_ONCE + k, due);
                }
            }
        }
    }
}
