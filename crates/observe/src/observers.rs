//! The observers of one run: they look after every step and hand over everything they saw at the end.

use bevy_ecs::prelude::*;
use doorstroom_kernel::{Calendar, Clock, Lane, Step};
use doorstroom_policy::Rules;
use doorstroom_state::ledger::Letting;
use doorstroom_state::municipality::Gazetteer;
use doorstroom_state::regime::RegimeState;
use doorstroom_state::region::MarketClass;
use doorstroom_state::{HomeKind, Ledger, Tenure};

use crate::areas::Areas;
use crate::cohorts::Granted;
use crate::dwellings::{self, StockCell, sum};
use crate::history::Histories;
use crate::households::{self, Followed, GROUPS, HouseholdCount};
use crate::identities::{self, Books, Identities};
use crate::inequality::{self, Searched};
use crate::lettings::{LettingLog, denominators};
use crate::look::{look, look_with};
use crate::money;
use crate::outcome::{Outcome, Seen, outcome};
use crate::quota::{self, Closed};
use crate::reception;
use crate::rows::{
    DenominatorRow, FlowRow, IdentityRow, MoneyRow, QuotaRow, ReceptionRow, SeriesRow, StockRow, WaitRow,
};
use crate::search::answered;
use crate::series::{SeriesView, UsedRows, lettings_by_place, stock_row, stock_rows};
use crate::settings::{ObserveSettings, Prices, Resolution};
use crate::table::Text;
use crate::totals::{Totals, flow_rows};
use crate::waiting;

/// Everything that was seen of one arm in one replicate.
#[derive(Clone, Debug)]
pub struct Observed {
    /// Table `series`.
    pub series: Vec<SeriesRow>,
    /// Table `stock`.
    pub stock: Vec<StockRow>,
    /// Table `lettings`; [`LettingLog::rows`] makes its rows.
    pub lettings: LettingLog,
    /// Step of each letting of the log.
    pub letting_steps: Vec<u16>,
    /// Table `waits`.
    pub waits: Vec<WaitRow>,
    /// Table `quota`.
    pub quota: Vec<QuotaRow>,
    /// Table `reception`.
    pub reception: Vec<ReceptionRow>,
    /// Table `flows`.
    pub flows: Vec<FlowRow>,
    /// Table `money`.
    pub money: Vec<MoneyRow>,
    /// Table `denominators`.
    pub denominators: Vec<DenominatorRow>,
    /// Table `identities`.
    pub identities: Vec<IdentityRow>,
    /// History of every municipality as a number.
    pub histories: Histories,
    /// Measures after the fork.
    pub outcome: Outcome,
    /// National stocks and events of every step, from the first of the run.
    pub totals: Vec<Totals>,
    /// National stocks before the first step.
    pub start: Totals,
    /// Corporation dwellings before the first step, by scarcity class of their market.
    pub start_corporation: [u32; 3],
    /// Scarcity class of each market (region slot).
    pub classes: Vec<MarketClass>,
    /// Part of the country that the world drew.
    pub scale: f64,
    /// Length of a step in years.
    pub step_years: f64,
}

/// Observers of one run. They hold no part of the world, so a fork may go on in another one.
#[derive(Clone, Debug)]
pub struct Observers {
    settings: ObserveSettings,
    areas: Areas,
    calendar: Calendar,
    start: Totals,
    start_corporation: [u32; 3],
    totals: Vec<Totals>,
    lettings: Vec<Letting>,
    letting_steps: Vec<u16>,
    series: Vec<SeriesRow>,
    stock: Vec<StockRow>,
    waits: Vec<WaitRow>,
    quota: Vec<QuotaRow>,
    reception: Vec<ReceptionRow>,
    used: UsedRows,
    identities: Identities,
    histories: Histories,
    routed: [i64; 4],
    households: Followed,
    granted: Granted,
    last: Option<(Clock, HouseholdCount, Prices)>,
}

impl Observers {
    /// Observers of a populated world that stands before its first step.
    ///
    /// # Panics
    /// If the world lacks the state of a Dutch world, a clock or a lane.
    pub fn new(world: &mut World, settings: ObserveSettings) -> Self {
        let areas = Areas::of(world);
        let mut households = Followed::counted(world);
        let count = households.see(world);
        let cells = look_with(world, &false, dwellings::count);
        let stock = sum(&cells);
        let mut start = Totals { reception: look(world, reception::count), ..Totals::default() };
        start.see_households(&count);
        start.see_stock(&stock, false);
        let municipalities = areas.municipalities.len();
        let regions = look(world, |gazetteer: Res<Gazetteer>| gazetteer.region_of.clone());
        Observers {
            settings,
            start_corporation: corporation_by_class(&cells, &regions, &areas.classes),
            areas,
            calendar: look(world, |clock: Res<Clock>| clock.calendar),
            start,
            totals: Vec::new(),
            lettings: Vec::new(),
            letting_steps: Vec::new(),
            series: Vec::new(),
            stock: Vec::new(),
            waits: Vec::new(),
            quota: Vec::new(),
            reception: Vec::new(),
            used: UsedRows::default(),
            identities: Identities::from_start(&stock),
            histories: Histories::new(municipalities),
            routed: [0; 4],
            households,
            granted: Granted::found(world),
            last: None,
        }
    }

    /// A copy for an arm that shares the past: every row seen so far belongs to both.
    pub fn fork(&self, arm: impl Into<Text>) -> Self {
        let mut other = self.clone();
        other.settings.arm = arm.into();
        other
    }

    /// Looks at the world after a step, before the clock moves on. `rules` are those in force.
    ///
    /// # Panics
    /// If the world lacks the state of a Dutch world, a clock or a lane.
    pub fn observe(&mut self, world: &mut World, rules: &Rules) {
        let lane = world.resource::<Lane>().clone();
        lane.enter(|| self.observe_at(world, Prices::of(rules)));
    }

    pub(crate) fn observe_at(&mut self, world: &mut World, prices: Prices) {
        let clock = look(world, |clock: Res<Clock>| *clock);
        let ledger = look(world, |ledger: Res<Ledger>| ledger.clone());
        let count = self.households.see(world);
        let books = look(world, identities::books);
        let place = lettings_by_place(&ledger, self.areas.municipalities.len());
        self.used.note(&place, self.calendar.steps_in_months(12) as usize);
        let month: Text = clock.today.month_text().into();
        let view = SeriesView {
            areas: &self.areas,
            households: &count,
            lettings: &place,
            used: &self.used,
            ledger: &ledger,
            month: month.clone(),
        };
        let series = view.rows();
        let active_year = series.get(GROUPS).map_or(0, |row| row.active_year);
        let year_ends = clock.tomorrow.ymd().0 != clock.today.ymd().0;
        self.series.extend(series);
        if year_ends || self.settings.resolution == Resolution::MunicipalityMonth {
            self.series.extend(view.municipality_rows(&look(world, households::registrations)));
        }
        let mut totals = self.totals_of(&clock, &ledger, &count, &books, active_year);
        totals.reception = look(world, reception::count);
        totals.cohorts = self.granted.see(world);
        (totals.condition, totals.gates) = look(world, |state: Option<Res<RegimeState>>| {
            state.map_or(((false, 0.0), [0; 2]), |state| ((state.on, state.measured), gates(&state)))
        });
        totals.reception_cost_eur = totals.reception.cost_eur(prices.reception_eur, self.calendar.step_years());
        let interim = totals.persons_apart[HomeKind::Interim as usize] as f64;
        totals.interim_cost_eur = interim * prices.interim_eur * self.calendar.step_years();
        totals.own_network_hazard = prices.own_network_hazard;
        self.reception.extend(totals.reception.rows(&month, totals.reception_cost_eur));
        self.identities.add(&totals, ledger.broken.len());
        self.identities.compare_books(&books, &totals);
        if self.settings.check {
            self.identities.follow(look(world, identities::registrations));
        }
        self.lettings.extend(ledger.lettings.iter().map(|decided| decided.letting));
        self.letting_steps.resize(self.lettings.len(), clock.step.0);
        self.histories.add(&ledger.lettings, &count);
        let closed = look(world, quota::closed);
        totals.housed = self.housed(&books, &closed);
        totals.money = money::amounts(&totals, &prices.tariffs, self.calendar.step_years());
        self.note_quota(closed, prices);
        let first = self.totals.is_empty();
        self.totals.push(totals);
        self.last = Some((clock, count, prices));
        self.look_at_stock(world, first || year_ends, &books);
        if year_ends {
            self.note_open_waits(world, &clock);
        }
    }

    fn totals_of(
        &self,
        clock: &Clock,
        ledger: &Ledger,
        count: &HouseholdCount,
        books: &Books,
        active_year: u32,
    ) -> Totals {
        let mut totals = Totals {
            step: clock.step.0,
            today: clock.today,
            entered: ledger.entered,
            reactions: ledger.adverts.iter().map(|flows| flows.reactions).sum(),
            adverts: ledger.adverts.iter().map(|flows| flows.adverts).sum(),
            answers: ledger.search.iter().map(answered).collect(),
            tenures: ledger.tenures,
            life: ledger.life,
            vacant: books.vacancies,
            flex_opened: ledger.flex_opened,
            statements_ended: ledger.statements_ended,
            school_moves: [ledger.school_moves, ledger.school_moves_away],
            left_reception: [ledger.left_reception, ledger.left_reception_days],
            active_year,
            ..Totals::default()
        };
        totals.see_households(count);
        totals.carry_from(self.totals.last().unwrap_or(&self.start));
        totals
    }

    /// Counts dwellings and persons where due; elsewhere the stocks carried over the flows stand in the row.
    fn look_at_stock(&mut self, world: &mut World, measure: bool, books: &Books) {
        let cells = (measure || self.settings.check).then(|| look_with(world, &measure, dwellings::count));
        let (Some(totals), Some((clock, count, _))) = (self.totals.last_mut(), &self.last) else { return };
        let month: Text = clock.today.month_text().into();
        if let Some(cells) = &cells {
            let stock: StockCell = sum(cells);
            self.identities.compare_stock(&stock, books);
            totals.see_stock(&stock, measure);
        }
        self.stock.push(stock_row(totals, &month));
        if let Some(cells) = cells.filter(|_| measure) {
            self.stock.extend(stock_rows(&cells, count, &self.areas, &month));
        }
    }

    fn note_open_waits(&mut self, world: &mut World, clock: &Clock) {
        let table = look_with(world, clock, waiting::open);
        self.waits.extend(table.rows(clock.today.ymd().0, &self.areas.codes, "open"));
    }

    /// Persons housed in this step by route: what the accounts gained, those closed on the way included.
    fn housed(&mut self, books: &Books, closed: &Closed) -> [i64; 4] {
        let before = std::mem::replace(&mut self.routed, books.routed);
        let full = identities::routed(closed.iter().map(|(_, account, _)| account));
        let gained = |r: usize| books.routed[r] - before[r] + full[r];
        [0, 1, 2, 3].map(gained)
    }

    /// Accounts closed in this step; a half-year is noted once.
    fn note_quota(&mut self, closed: Closed, prices: Prices) {
        let known = self.quota.last().map(|row| row.half_year.clone()).unwrap_or_default();
        let mut label = Text::default();
        for (slot, account, half_year) in closed {
            if half_year == known.as_str() {
                continue;
            }
            if half_year != label.as_str() {
                label = half_year.into();
            }
            let (codes, scaled) = (&self.areas.municipalities, self.settings.scale < 1.0);
            self.quota.push(quota::row(slot, &account, &label, codes, scaled, prices.quota_carries));
        }
    }

    /// Looks at what is still open and hands over everything. The world must stand as it was last observed; its clock
    /// may have moved on.
    ///
    /// # Panics
    /// If the world lacks the state of a Dutch world, a clock or a lane.
    pub fn finish(mut self, world: &mut World) -> Observed {
        if let Some((clock, _, prices)) = self.last.clone() {
            let (year, month, _) = clock.tomorrow.ymd();
            if self.totals.last().is_some_and(|totals| totals.crowding.is_none()) {
                self.stock.pop();
                let books = look(world, identities::books);
                self.look_at_stock(world, true, &books);
            }
            if year == clock.today.ymd().0 {
                self.note_open_waits(world, &clock);
            }
            if month == 1 || month == 7 {
                self.note_quota(look(world, quota::running), prices);
            }
        }
        self.histories.close(world);
        let searching = match &self.last {
            Some((clock, ..)) => look_with(world, *clock, inequality::open),
            None => Vec::new(),
        };
        self.hand_over(searching)
    }

    fn hand_over(mut self, searching: Vec<Searched>) -> Observed {
        let (step_years, scale) = (self.calendar.step_years(), self.settings.scale);
        let end = self.last.as_ref().map_or(self.calendar.start, |(clock, ..)| clock.tomorrow);
        let outcome = outcome(&Seen {
            totals: &self.totals,
            lettings: &self.lettings,
            letting_steps: &self.letting_steps,
            searching: &searching,
            areas: &self.areas,
            at_fork: self.groups_before(self.settings.fork_step),
            step_years,
            fork: self.settings.fork_step,
        });
        let (letting_steps, lettings) = (self.letting_steps, self.lettings);
        self.waits.extend(waiting::completed(&lettings, &self.areas));
        let mut observed = Observed {
            denominators: denominators(&lettings, &self.areas, end),
            lettings: LettingLog {
                lettings,
                arm: self.settings.arm.clone(),
                replicate: self.settings.replicate,
                markets: self.areas.codes[1..].to_vec(),
                municipalities: self.areas.municipalities,
            },
            letting_steps,
            series: self.series,
            stock: self.stock,
            waits: self.waits,
            quota: self.quota,
            reception: self.reception,
            flows: flow_rows(&self.totals),
            money: money::rows(&self.totals),
            identities: self.identities.rows(),
            histories: self.histories,
            outcome,
            totals: self.totals,
            start: self.start,
            start_corporation: self.start_corporation,
            classes: self.areas.classes,
            scale,
            step_years,
        };
        observed.sign(&self.settings.arm, self.settings.replicate);
        observed
    }

    /// Households by group as they stood just before `fork`.
    fn groups_before(&self, fork: Step) -> [u32; GROUPS] {
        let before = self.totals.partition_point(|totals| totals.step < fork.0);
        before.checked_sub(1).map_or(self.start.groups, |last| self.totals[last].groups)
    }
}

/// Corporation dwellings by scarcity class of their market; `cells` by municipality (slot), which `regions` places.
fn corporation_by_class(cells: &[StockCell], regions: &[u8], classes: &[MarketClass]) -> [u32; 3] {
    let mut dwellings = [0; 3];
    for (cell, &region) in cells.iter().zip(regions) {
        if let Some(&class) = classes.get(usize::from(region)) {
            let tenure = Tenure::Corporation as usize;
            dwellings[class as usize] += cell.occupied[tenure] + cell.vacant[tenure];
        }
    }
    dwellings
}

impl Observed {
    /// Writes arm and replicate into every row: only now it is known to which arm the shared past belongs.
    fn sign(&mut self, arm: &Text, replicate: u32) {
        macro_rules! sign {
            ($($rows:expr),+) => {$(for row in $rows.iter_mut() {
                row.arm = arm.clone();
                row.replicate = replicate;
            })+};
        }
        sign!(
            self.series,
            self.stock,
            self.waits,
            self.quota,
            self.reception,
            self.flows,
            self.money,
            self.denominators,
            self.identities
        );
    }
}

/// Gates that are shut, and gates that are open, of those evaluated at least once.
fn gates(state: &RegimeState) -> [u32; 2] {
    let count = |open: bool| state.gates.values().filter(|gate| gate.opened.is_some() == open).count() as u32;
    [count(false), count(true)]
}
