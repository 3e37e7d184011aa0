//! Who holds the registrations of a balanced register: adults by age, home and income, one registration each.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use doorstroom_kernel::calendar::{DAYS_A_MONTH, DAYS_A_YEAR};
use doorstroom_kernel::chance::join;
use doorstroom_kernel::gamma::GammaQuantiles;
use doorstroom_kernel::lane::{BLOCK_ITEMS, read_together};
use doorstroom_kernel::{Chance, Day, MonthOfYear, Purpose, Threshold};
use doorstroom_policy::Rules;
use doorstroom_state::household::Need;
use doorstroom_state::region::MarketClass;
use doorstroom_state::registration::{Registration, RowState};
use doorstroom_state::{Due, DwellingForm, HomeKind, KinName, Means, Role, Tenure};
use rayon::prelude::*;

use super::race::{self, Runner};
use super::register::{self, Balance, Flows};
use super::seekers_start::{SearchByHome, SeekerStart};
use crate::population::Population;

const WHO_SEARCHES: Purpose = Purpose::named("populate: who searches");
const WHO_IS_DORMANT: Purpose = Purpose::named("populate: whose registration is dormant");
const WHICH_CHILD: Purpose = Purpose::named("populate: which adult child is registered");
const SENIORITY: Purpose = Purpose::named("populate: seniority of a registration");
const NEED_SEARCHES: Purpose = Purpose::named("populate: whether a need makes search");
const SPELL: Purpose = Purpose::named("populate: time since searching began");
const STAYED: Purpose = Purpose::named("populate: who has not been let a dwelling yet");
const NEIGHBOUR: Purpose = Purpose::named("populate: registration in a neighbouring region");

/// Ages in years that are told apart; the oldest stand together.
const AGES: usize = 120;

/// What the balance of one market came to.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct MarketRegister {
    /// Scarcity class.
    pub class: MarketClass,
    /// Registrations.
    pub registered: f64,
    /// Those that search.
    pub searching: f64,
    /// New registrations a year.
    pub inflow_a_year: f64,
    /// Lettings a year that use a registration.
    pub lettings_a_year: f64,
    /// Seniority from which a dwelling is let fast, years.
    pub cut_off_years: f64,
    /// Mean seniority of the let, years.
    pub mean_let_years: f64,
}

/// An adult who may hold a registration.
#[derive(Clone, Copy, Debug)]
struct Adult {
    slot: u32,
    place: u8,
    age: u8,
    is_child: bool,
    /// May register now: an adult child whatever its parents earn, others below the income limit.
    eligible: bool,
    /// Months since the eighteenth birthday.
    of_age_months: u16,
}

/// What every market needs.
struct Draw<'a> {
    population: &'a Population,
    rules: &'a Rules,
    start: &'a SeekerStart,
    chance: &'a Chance,
    today: Day,
    now: MonthOfYear,
    households_in_all: f64,
    /// Self-contained corporation dwellings by region.
    stock: Vec<f64>,
    zeal: GammaQuantiles,
}

/// Registrations of all markets in balance, entered for their holders; returns the balances by region.
pub(super) fn fill(
    population: &mut Population,
    rules: &Rules,
    start: &SeekerStart,
    today: Day,
    chance: &Chance,
) -> Vec<MarketRegister> {
    let mut by_region: Vec<Vec<u32>> = vec![Vec::new(); population.regions.len()];
    for (slot, home) in population.homes.iter().enumerate() {
        if home.kind.is_private() {
            let region = population.gazetteer.region_of[usize::from(home.municipality)];
            by_region[usize::from(region)].push(slot as u32);
        }
    }
    let mut stock = vec![0.0; population.regions.len()];
    for dwelling in &population.dwellings {
        if dwelling.tenure == Tenure::Corporation && dwelling.form == DwellingForm::SelfContained {
            stock[usize::from(population.gazetteer.region_of[usize::from(dwelling.municipality)])] += 1.0;
        }
    }
    let mut zeal = GammaQuantiles::default();
    zeal.prepare(*rules.allocation.reactions_shape.at(today));
    let draw = Draw {
        stock,
        zeal,
        population,
        rules,
        start,
        chance,
        today,
        now: today.month_index(),
        households_in_all: by_region.iter().map(|households| households.len() as f64).sum(),
    };
    let markets: Vec<(Vec<(u32, Registration)>, MarketRegister)> =
        by_region.into_par_iter().enumerate().map(|(region, households)| draw.market(region, &households)).collect();
    let mut balances = Vec::with_capacity(markets.len());
    for (rows, balance) in markets {
        for (holder, row) in rows {
            population.register.enter(holder, &mut population.seekers[holder as usize], row);
        }
        balances.push(balance);
    }
    balances
}

impl Draw<'_> {
    fn market(&self, region: usize, households: &[u32]) -> (Vec<(u32, Registration)>, MarketRegister) {
        let class = self.population.regions[region].class;
        let adults = self.adults(households);
        let (balance, held) = self.balance(region, class, households.len() as f64, &adults);
        let searching: f64 = balance.seniority.searching.iter().sum();
        let market = MarketRegister {
            class,
            registered: balance.registered(),
            searching,
            inflow_a_year: balance.inflow,
            lettings_a_year: balance.lettings,
            cut_off_years: balance.cut_off / 12.0,
            mean_let_years: balance.mean_let,
        };
        let rules = &self.rules.registration;
        let rate = |chance: f64| -libm::log1p(-chance);
        let ends = rate(rules.sleep.at(self.today).of(class))
            + rate(rules.give_up.at(self.today).of(class))
            + self.start.register.rests.value.get();
        let spell_years = 1.0 / (ends + balance.lettings / searching.max(1.0));
        let mut rows = self.rows(region as u8, &adults, &held, &balance, spell_years);
        rows.sort_unstable_by_key(|(slot, row)| (*slot, row.member));
        (rows, market)
    }

    fn adults(&self, households: &[u32]) -> Vec<Adult> {
        let highest = *self.rules.registration.income_class_highest.at(self.today);
        let mut adults = Vec::with_capacity(households.len() * 2);
        for &slot in households {
            let means = &self.population.means[slot as usize];
            let eligible = f64::from(means.income_class) <= highest && !means.is(Means::SHORT_STAY);
            for (place, person) in self.population.members[slot as usize].iter() {
                let months = i32::from(self.now.0) - i32::from(person.born.0) - 18 * 12;
                if months > 0 {
                    let is_child = person.role == Role::Child;
                    adults.push(Adult {
                        slot,
                        place: place as u8,
                        age: person.age(self.now).min(AGES as u16 - 1) as u8,
                        is_child,
                        eligible: is_child || eligible,
                        of_age_months: months as u16,
                    });
                }
            }
        }
        adults
    }

    /// The balance of the market, and the chance to hold a registration by age. New registrations depend on how many
    /// have one, and how long one lasts on the lettings: both are brought in line by repetition.
    fn balance(&self, region: usize, class: MarketClass, households: f64, adults: &[Adult]) -> (Balance, Vec<f64>) {
        let rules = &self.rules.registration;
        let rate = -libm::log1p(-rules.register.at(self.today).of(class));
        let weight = rules.register_age.at(self.today);
        let mut counts = [[0.0; AGES]; 2];
        for adult in adults.iter().filter(|adult| adult.eligible) {
            counts[usize::from(adult.is_child)][usize::from(adult.age)] += 1.0;
        }
        let months = (self.start.register.longest_years.value.get() * 12.0) as usize;
        let mut flows = self.rates(region, class);
        let mut stay = 6.0;
        let mut held = Vec::new();
        let mut balance = Balance::default();
        // the stay moves by less than a hundredth of a year after ten rounds
        for _ in 0..15 {
            held = register::holding_by_age(|age| rate * weight.at(age), stay, AGES);
            self.set_inflow(&mut flows, &counts, &held, rate, households);
            balance = register::balance(&flows, months);
            stay = 0.5 * (stay + balance.mean_stay());
        }
        (balance, held)
    }

    fn rates(&self, region: usize, class: MarketClass) -> Flows {
        let (rules, start) = (&self.rules.registration, &self.start.register);
        let rate = |chance: f64| -libm::log1p(-chance);
        Flows {
            new_children: 0.0,
            new_adults: 0.0,
            new_searching: 0.0,
            search_at_once: rules.search_at_once.at(self.today).of(class),
            leave_home: 0.0,
            search_on_leaving: rules.search_on_leaving_home.at(self.today).of(class),
            wake: rate(rules.wake.at(self.today).of(class)) * start.wakes.value.get(),
            sleep: rate(rules.sleep.at(self.today).of(class)) + start.rests.value.get(),
            lapse: rate(rules.lapse.at(self.today).of(class)),
            give_up: rate(rules.give_up.at(self.today).of(class)),
            leaves: rate(start.leaves.value.get()),
            lettings: self.lettings(region, class),
            let_above: start.let_above.value.get(),
            let_below: start.let_below.value.get(),
        }
    }

    /// Lettings a year by registration time, lottery and other direct mediation.
    fn lettings(&self, region: usize, class: MarketClass) -> f64 {
        let start = &self.start.register;
        let code = &self.population.gazetteer.region_codes[region];
        let other = self.rules.schemes.at(self.today).of(code).proposed_share();
        let stock = self.stock[region];
        stock * start.turnover.value.of(class) * (1.0 - other - start.first_status_share.value.get()).max(0.0)
    }

    /// New registrations of those without one: children, heads and partners by age; and the ones that begin with a
    /// search, of children who leave home and of households in need.
    fn set_inflow(&self, flows: &mut Flows, counts: &[[f64; AGES]; 2], held: &[f64], rate: f64, households: f64) {
        let rules = &self.rules.registration;
        let weight = rules.register_age.at(self.today);
        let new = |who: usize| -> f64 {
            (18..AGES).map(|age| counts[who][age] * rate * weight.at(age as u16) * (1.0 - held[age])).sum()
        };
        (flows.new_adults, flows.new_children) = (new(0), new(1));
        let leaving = self.rules.demography.leave_home.at(self.today);
        let mut registered = [0.0; 2];
        let mut search_on_leaving = 0.0;
        for age in 18..AGES {
            let leave = -libm::log1p(-leaving.at(age as u16));
            registered[0] += counts[1][age] * held[age];
            registered[1] += counts[1][age] * held[age] * leave;
            search_on_leaving += counts[1][age] * (1.0 - held[age]) * leave * flows.search_on_leaving;
        }
        flows.leave_home = registered[1] / f64::max(registered[0], 1e-9);
        let adults: f64 = counts[0].iter().sum();
        let without: f64 = (18..AGES).map(|age| counts[0][age] * (1.0 - held[age])).sum::<f64>() / adults.max(1.0);
        let needs = self.start.register.needs_a_year.value.get() * self.population.scale;
        let here = needs * households / self.households_in_all.max(1.0);
        flows.new_searching = search_on_leaving + here * without * *rules.search_on_need.at(self.today);
    }

    fn rows(
        &self,
        market: u8,
        adults: &[Adult],
        held: &[f64],
        balance: &Balance,
        spell_years: f64,
    ) -> Vec<(u32, Registration)> {
        let start = &self.start.register;
        let age_weight = |adult: &Adult| held[usize::from(adult.age)];
        let count = |cells: &[f64]| cells.iter().sum::<f64>().round() as usize;
        let draw = |purpose, count, weight: &dyn Fn(&Adult) -> f64, free: &dyn Fn(usize) -> bool| {
            let runner =
                |(i, adult): (usize, &Adult)| Runner { who: i as u32, name: self.name(adult), weight: weight(adult) };
            let runners = adults.iter().enumerate().filter(|(i, _)| free(*i)).map(runner);
            race::first_in_any_order(runners, count, |name| self.chance.trait_of(purpose, name))
        };
        let seniority = &balance.seniority;
        let is_free = |_: usize| true;
        let child_weight = |adult: &Adult| if adult.is_child { age_weight(adult) } else { 0.0 };
        let children = draw(WHICH_CHILD, count(&seniority.children), &child_weight, &is_free);
        let search_weight = |adult: &Adult| if adult.is_child { 0.0 } else { age_weight(adult) * self.keenness(adult) };
        let searching = draw(WHO_SEARCHES, count(&seniority.searching), &search_weight, &is_free);
        let mut taken = vec![false; adults.len()];
        searching.iter().for_each(|&i| taken[i as usize] = true);
        let dormant_weight = |adult: &Adult| match (adult.is_child, adult.eligible) {
            (true, _) => 0.0,
            (false, true) => age_weight(adult),
            (false, false) => age_weight(adult) * start.too_rich.value.get(),
        };
        let dormant = draw(WHO_IS_DORMANT, count(&seniority.dormant), &dormant_weight, &|i| !taken[i]);
        let mut rows = Vec::with_capacity(children.len() + searching.len() + dormant.len());
        let lots = [
            (children, &seniority.children, RowState::Dormant),
            (dormant, &seniority.dormant, RowState::Dormant),
            (searching, &seniority.searching, RowState::Searching),
        ];
        for (holders, density, state) in lots {
            let ages = register::quantiles_days(density, holders.len());
            let matched = self.match_ages(adults, holders, ages);
            for block in matched.chunks(BLOCK_ITEMS) {
                self.read_ahead(adults, block, |&(i, _)| i);
                for &(i, days) in block {
                    let adult = &adults[i as usize];
                    rows.push((adult.slot, self.row(adult, market, state, days, (spell_years, balance.cut_off))));
                }
            }
        }
        rows
    }

    /// Reads the adults of a block, and then their households: those who are drawn lie far apart.
    fn read_ahead<T>(&self, adults: &[Adult], block: &[T], who: impl Fn(&T) -> u32) {
        read_together(block, |item| u64::from(adults[who(item) as usize].slot));
        read_together(block, |item| self.population.kin[adults[who(item) as usize].slot as usize].name.0);
    }

    fn name(&self, adult: &Adult) -> u64 {
        join(self.population.kin[adult.slot as usize].name.0, u64::from(adult.place))
    }

    /// The factor for the home that a household has.
    fn by_home(&self, factors: &SearchByHome, slot: u32) -> f64 {
        let home = &self.population.homes[slot as usize];
        let factor = match home.kind {
            HomeKind::Dwelling => match self.population.dwellings[home.dwelling as usize].tenure {
                Tenure::Owner => factors.owner,
                Tenure::Corporation => factors.corporation,
                Tenure::OtherRental => factors.other_rental,
            },
            HomeKind::Room => factors.room,
            kind if kind.is_hosted() => factors.hosted,
            _ => factors.other,
        };
        factor.get()
    }

    /// How much likelier an adult is to search than others of the same age.
    fn keenness(&self, adult: &Adult) -> f64 {
        if !adult.eligible {
            return 0.0;
        }
        let i = adult.slot as usize;
        let (means, start) = (&self.population.means[i], &self.start.register);
        let mut factor = self.by_home(&start.search_by_home.value, adult.slot);
        if means.is(Means::STUDENT) {
            factor *= self.rules.registration.student_search.at(self.today);
        }
        if means.is(Means::STATUS_HISTORY) {
            factor *= start.search_established.value.get();
        }
        if self.population.seekers[i].need != Need::None {
            let searches = Threshold::of(*self.rules.registration.search_on_need.at(self.today));
            let name = self.population.kin[i].name.0;
            factor *= if self.chance.trait_of(NEED_SEARCHES, name).strikes(searches) {
                start.search_in_need.value.get()
            } else {
                0.2
            };
        }
        factor
    }

    /// Gives each registration, oldest first, to somebody among the drawn who was of age by then, by a race in which the
    /// home weighs. Where nobody is old enough, the oldest left takes it from the eighteenth birthday.
    fn match_ages(&self, adults: &[Adult], holders: Vec<u32>, ages_days: Vec<f64>) -> Vec<(u32, f64)> {
        let mut waiting: Vec<(u16, u64, u32)> = Vec::with_capacity(holders.len());
        for block in holders.chunks(BLOCK_ITEMS) {
            self.read_ahead(adults, block, |&i| i);
            waiting.extend(block.iter().map(|&i| {
                let adult = &adults[i as usize];
                let weight = self.by_home(&self.start.register.seniority_by_home.value, adult.slot);
                // positive numbers are in the order of their bits
                let turn = self.chance.trait_of(SENIORITY, self.name(adult)).exponential(1.0 / weight).to_bits();
                (adult.of_age_months, turn, i)
            }));
        }
        waiting.sort_unstable_by_key(|&(months, turn, i)| (Reverse(months), turn, i));
        let mut old_enough = BinaryHeap::new();
        let mut next = 0;
        let mut matched = Vec::with_capacity(waiting.len());
        for days in ages_days {
            while next < waiting.len() && f64::from(waiting[next].0) * DAYS_A_MONTH >= days {
                old_enough.push(Reverse((waiting[next].1, waiting[next].2)));
                next += 1;
            }
            match old_enough.pop() {
                Some(Reverse((_, i))) => matched.push((i, days)),
                None => {
                    let (months, _, i) = waiting[next];
                    next += 1;
                    matched.push((i, f64::from(months) * DAYS_A_MONTH));
                }
            }
        }
        matched
    }

    /// A name whose zeal fits somebody who has searched for `spell` days and has not been let a dwelling: the keen have
    /// left. Drawn by rejection; success is proportional to zeal, fast above the cut-off and slow below it.
    fn still_searching(&self, adult: &Adult, days: f64, spell: f64, cut_off_months: f64) -> KinName {
        const TRIES: u32 = 32;
        let (holder, place) = (self.population.kin[adult.slot as usize].name, adult.place);
        let start = &self.start.register;
        let spell = spell.min(days);
        let above = (days - (cut_off_months * DAYS_A_MONTH).max(days - spell)).max(0.0);
        let exposure = self.by_home(&start.zeal_selection.value, adult.slot)
            * (start.let_above.value.get() * above + start.let_below.value.get() * (spell - above))
            / DAYS_A_YEAR;
        let stays = |name: &KinName| {
            let chance = libm::exp(-exposure * self.zeal.at(name.zeal()));
            self.chance.trait_of(STAYED, name.0).strikes(Threshold::of(chance))
        };
        (0..TRIES).map(|attempt| start_name(holder, place, attempt)).find(stays).unwrap_or(start_name(holder, place, 0))
    }

    fn row(
        &self,
        adult: &Adult,
        market: u8,
        state: RowState,
        days: f64,
        (spell_years, cut_off_months): (f64, f64),
    ) -> Registration {
        let holder = self.population.kin[adult.slot as usize].name;
        let days = (days as i32).max(1);
        let spell = self.chance.trait_of(SPELL, self.name(adult)).exponential(spell_years * DAYS_A_YEAR);
        let name = match state {
            RowState::Searching => self.still_searching(adult, f64::from(days), spell, cut_off_months),
            _ => start_name(holder, adult.place, 0),
        };
        let neighbours = &self.population.gazetteer.neighbours[usize::from(market)];
        let mut luck = self.chance.trait_of(NEIGHBOUR, name.0);
        let away = luck.unit() < self.start.register.neighbour_share.value.get() && !neighbours.is_empty();
        Registration {
            name,
            since: self.today.plus_days(-days),
            searching_since: self.today.plus_days(-days.min((spell as i32).max(1))),
            next_event: Due::redraw(doorstroom_kernel::Step(0)),
            market: if away { neighbours[luck.below(neighbours.len() as u64) as usize] } else { market },
            member: adult.place,
            state,
            ..Registration::default()
        }
    }
}

/// Name of a registration at the start; a word of its own, since names made in the run count member, market and step.
fn start_name(holder: KinName, place: u8, attempt: u32) -> KinName {
    KinName::offspring(holder, "registration at the start", u32::from(place) + 16 * attempt)
}
