//! What a run came to after the fork: the measures that become paired effects, and who was let to first.

use std::collections::BTreeMap;

use doorstroom_kernel::Step;
use doorstroom_kernel::calendar::{DAYS_A_MONTH, DAYS_A_YEAR};
use doorstroom_state::ledger::Letting;
use doorstroom_state::reception::PlaceKind;
use doorstroom_state::region::MarketClass;
use doorstroom_state::{HomeKind, SeekerGroup, Tenure};

use crate::areas::Areas;
use crate::households::GROUPS;
use crate::inequality::{self, LORENZ, Searched, gini, lorenz};
use crate::lettings::{RULES, first_lettings, has_registration_time, is_regular, rule};
use crate::measures::measure_of;
use crate::reception::asylum_cost;
use crate::search;
use crate::table::Text;
use crate::tariffs::ITEMS;
use crate::totals::Totals;

/// Which measure, of whom, where, in what.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct MeasureKey {
    /// What is measured.
    pub measure: Text,
    /// Entry group, or `all`.
    pub group: Text,
    /// `NL`, a region, or a class of markets (`tight`, `middle`, `relaxed`).
    pub area: Text,
    /// Unit of the value.
    pub unit: Text,
    /// What the value is a share, rate or mean of.
    pub denominator: Text,
}

/// Outcomes of one arm in one replicate.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Outcome {
    /// Every measure; NaN where it is not defined.
    pub measures: BTreeMap<MeasureKey, f64>,
    /// First regular letting of every household since the fork: name, step, entry group; sorted by name.
    pub first_lettings: Vec<(u64, u16, SeekerGroup)>,
    /// Regular lettings of every dwelling since the fork, sorted by dwelling and ordinal.
    pub dwelling_lettings: Vec<DwellingLetting>,
}

/// A regular letting as the dwelling sees it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DwellingLetting {
    /// Name of the dwelling.
    pub dwelling: u64,
    /// Lettings of it since the fork before this one.
    pub ordinal: u16,
    /// Name of the household.
    pub household: u64,
    /// Rooms, the living room included.
    pub rooms: u8,
    /// Entry group of the household.
    pub group: SeekerGroup,
}

impl DwellingLetting {
    /// What makes it the same letting in two arms.
    pub fn key(&self) -> (u64, u16) {
        (self.dwelling, self.ordinal)
    }
}

fn dwelling_lettings(lettings: &[Letting]) -> Vec<DwellingLetting> {
    let regular = lettings.iter().filter(|letting| is_regular(letting));
    let mut found: Vec<DwellingLetting> = regular
        .map(|letting| DwellingLetting {
            dwelling: letting.dwelling_name.0,
            ordinal: 0,
            household: letting.household_name.0,
            rooms: letting.rooms,
            group: letting.entry_group,
        })
        .collect();
    // the log is in the order of time, and a stable sort keeps it within a dwelling
    found.sort_by_key(|letting| letting.dwelling);
    for of_dwelling in found.chunk_by_mut(|a, b| a.dwelling == b.dwelling) {
        of_dwelling.iter_mut().zip(0..).for_each(|(letting, ordinal)| letting.ordinal = ordinal);
    }
    found
}

impl Outcome {
    /// Value of the measure of this name, group and area; `None` if there is none.
    pub fn value(&self, measure: &str, group: &str, area: &str) -> Option<f64> {
        let is = |key: &MeasureKey| {
            key.measure.as_str() == measure && key.group.as_str() == group && key.area.as_str() == area
        };
        self.measures.iter().find(|(key, _)| is(key)).map(|(_, &value)| value)
    }
}

/// What an outcome is made from.
pub(crate) struct Seen<'a> {
    pub totals: &'a [Totals],
    pub lettings: &'a [Letting],
    /// Step of each.
    pub letting_steps: &'a [u16],
    /// Search times of those who still search at the end.
    pub searching: &'a [Searched],
    pub areas: &'a Areas,
    /// Households by group just before the fork: the cohort that was there.
    pub at_fork: [u32; GROUPS],
    pub step_years: f64,
    pub fork: Step,
}

/// Measures of everything after the fork.
pub(crate) fn outcome(seen: &Seen<'_>) -> Outcome {
    let totals = &seen.totals[seen.totals.partition_point(|totals| totals.step < seen.fork.0)..];
    let after = seen.letting_steps.partition_point(|&step| step < seen.fork.0);
    let (steps, lettings) = (&seen.letting_steps[after..], &seen.lettings[after..]);
    let mut book = MeasureBook { measures: BTreeMap::new(), years: totals.len() as f64 * seen.step_years };
    let firsts = first_lettings(steps, lettings);
    flows(&mut book, lettings, &firsts, seen.areas);
    waits(&mut book, totals, seen);
    registration_years(&mut book, lettings, seen.areas);
    inequality_of_search(&mut book, lettings, seen.searching);
    deciding_rules(&mut book, lettings);
    for (measure, values) in search::measures(totals, lettings, seen.areas) {
        values.iter().for_each(|(area, value)| book.put(measure, "all", area, *value));
    }
    lists_and_homes(&mut book, totals);
    reception(&mut book, totals, seen.step_years);
    money(&mut book, totals);
    needs(&mut book, totals);
    integration(&mut book, totals);
    condition(&mut book, totals);
    Outcome { measures: book.measures, first_lettings: firsts, dwelling_lettings: dwelling_lettings(lettings) }
}

/// Gini coefficient of search time by entry group, and the Lorenz curve of all.
fn inequality_of_search(book: &mut MeasureBook, lettings: &[Letting], searching: &[Searched]) {
    let mut searched: Vec<Searched> = inequality::completed(lettings).chain(searching.iter().copied()).collect();
    searched.sort_unstable_by_key(|&(_, days)| days);
    for group in SeekerGroup::ALL.into_iter().skip(1) {
        let own: Vec<u32> = searched.iter().filter(|(of, _)| *of == group).map(|&(_, days)| days).collect();
        book.put("search_gini", group.key(), &"NL".into(), gini(&own));
    }
    let all: Vec<u32> = searched.into_iter().map(|(_, days)| days).collect();
    book.national("search_gini", gini(&all));
    for (share, measure) in LORENZ {
        book.national(measure, lorenz(&all, share));
    }
}

/// Lettings a year by the rule that decided them and by entry group: who gets a home by which rule.
fn deciding_rules(book: &mut MeasureBook, lettings: &[Letting]) {
    let mut counts = [[0_u32; GROUPS]; RULES.len()];
    for letting in lettings.iter().filter(|letting| is_regular(letting)) {
        if let Some(place) = RULES.iter().position(|(key, _)| *key == rule(letting)) {
            counts[place][letting.entry_group as usize] += 1;
        }
    }
    let years = book.years;
    for ((_, measure), counts) in RULES.iter().zip(counts) {
        put_groups(book, measure, &"NL".into(), counts.map(|count| f64::from(count) / years));
    }
}

struct MeasureBook {
    measures: BTreeMap<MeasureKey, f64>,
    years: f64,
}

impl MeasureBook {
    fn put(&mut self, measure: &'static str, group: &'static str, area: &Text, value: f64) {
        let described = measure_of(measure).expect("every measure is described in `measures`");
        let key = MeasureKey {
            measure: measure.into(),
            group: group.into(),
            area: area.clone(),
            unit: described.unit.into(),
            denominator: described.denominator.into(),
        };
        self.measures.insert(key, value);
    }

    fn national(&mut self, measure: &'static str, value: f64) {
        self.put(measure, "all", &"NL".into(), value);
    }
}

fn mean_of(totals: &[Totals], value: impl Fn(&Totals) -> f64) -> f64 {
    totals.iter().map(value).sum::<f64>() / totals.len() as f64
}

fn flows(book: &mut MeasureBook, lettings: &[Letting], firsts: &[(u64, u16, SeekerGroup)], areas: &Areas) {
    let mut regular = vec![[0u32; GROUPS]; areas.len()];
    let (mut every, mut first) = ([0u32; GROUPS], [0u32; GROUPS]);
    let (mut starters, mut moves) = ([0u32; GROUPS], [0u32; GROUPS]);
    let mut chains: BTreeMap<u64, u32> = BTreeMap::new();
    for letting in lettings {
        let group = letting.entry_group as usize;
        every[group] += 1;
        if is_regular(letting) {
            regular[0][group] += 1;
            regular[1 + usize::from(letting.market)][group] += 1;
            let of = if letting.vacates_social { &mut moves } else { &mut starters };
            of[group] += 1;
            *chains.entry(letting.chain).or_default() += 1;
        }
    }
    firsts.iter().for_each(|&(_, _, group)| first[group as usize] += 1);
    let years = book.years;
    for (counts, area) in regular.iter().zip(&areas.codes) {
        put_groups(book, "flow", area, counts.map(|count| f64::from(count) / years));
    }
    let country = Text::from("NL");
    put_groups(book, "flow_all_routes", &country, every.map(|count| f64::from(count) / years));
    put_groups(book, "starters", &country, starters.map(|count| f64::from(count) / years));
    put_groups(book, "moves", &country, moves.map(|count| f64::from(count) / years));
    let length = chains.values().sum::<u32>() as f64 / chains.len() as f64;
    book.national("chain_length", length);
    put_groups(book, "first_flow", &country, first.map(|count| f64::from(count) / years));
}

/// Every group, and their sum as `all`.
fn put_groups(book: &mut MeasureBook, measure: &'static str, area: &Text, values: [f64; GROUPS]) {
    for (group, value) in SeekerGroup::ALL.iter().zip(values) {
        book.put(measure, group.key(), area, value);
    }
    book.put(measure, "all", area, values.iter().sum());
}

/// Restricted mean waits: months on the clock of the entry group between fork and horizon, over all households of the
/// group, those who left the model or gave up included until they did.
fn waits(book: &mut MeasureBook, totals: &[Totals], seen: &Seen<'_>) {
    let months_a_step = seen.step_years * 12.0;
    let country = Text::from("NL");
    for group in SeekerGroup::ALL.into_iter().skip(1) {
        let g = group as usize;
        let months = totals.iter().map(|totals| totals.waiting[g]).sum::<u64>() as f64 * months_a_step;
        let entered: u32 = totals.iter().map(|totals| totals.entered[g]).sum();
        let cohort = f64::from(seen.at_fork[g]) + f64::from(entered);
        let mut put = |measure, value| book.put(measure, group.key(), &country, value);
        put("wait", months / cohort);
        put("waiting_months", months);
        put("cohort", cohort);
        put("waiting_end", totals.last().map_or(f64::NAN, |totals| totals.waiting[g] as f64));
    }
}

/// Mean registration time of regular advertised lettings, not direct and not by lot.
fn registration_years(book: &mut MeasureBook, lettings: &[Letting], areas: &Areas) {
    let mut days = vec![(0.0, 0u32); areas.len()];
    for letting in lettings.iter().filter(|letting| has_registration_time(letting)) {
        for area in [0, 1 + usize::from(letting.market)] {
            days[area].0 += f64::from(letting.registration_days);
            days[area].1 += 1;
        }
    }
    let years = |(days, count): (f64, u32)| days / DAYS_A_YEAR / f64::from(count);
    for (&sum, area) in days.iter().zip(&areas.codes) {
        book.put("registration_years", "all", area, years(sum));
    }
    for class in MarketClass::ALL {
        let of_class = days[1..].iter().zip(&areas.classes).filter(|(_, of)| **of == class);
        let sum = of_class.fold((0.0, 0), |sum, (&one, _)| (sum.0 + one.0, sum.1 + one.1));
        book.put("registration_years", "all", &class.key().into(), years(sum));
    }
}

fn lists_and_homes(book: &mut MeasureBook, totals: &[Totals]) {
    let country = Text::from("NL");
    let searching: [f64; GROUPS] = std::array::from_fn(|g| mean_of(totals, |t| f64::from(t.searching[g])));
    put_groups(book, "searching", &country, searching);
    let mut mean = |measure, value: &dyn Fn(&Totals) -> u32| {
        book.national(measure, mean_of(totals, |totals| f64::from(value(totals))));
    };
    mean("searching_registrations", &|t| t.searching_registrations);
    mean("registered", &|t| t.registered);
    mean("active_year", &|t| t.active_year);
    mean("hosted", &Totals::hosted);
    mean("rooms", &|t| t.in_home(HomeKind::Room));
    mean("other_accommodation", &|t| {
        t.in_home(HomeKind::Other) + t.in_home(HomeKind::Interim) + t.in_home(HomeKind::FlowThrough)
    });
    mean("shelter", &|t| t.in_home(HomeKind::Shelter));
    mean("with_kin", &|t| t.in_home(HomeKind::WithKin));
    // ETHOS 8, staying with kin or friends for want of a home, beside those in shelter
    mean("homeless", &|t| t.in_home(HomeKind::Shelter) + t.in_home(HomeKind::WithKin));
    mean("vacant_corporation", &|t| t.vacant[Tenure::Corporation as usize]);
    mean("households", &|t| t.households);
    let measured: Vec<[u32; 3]> = totals.iter().filter_map(|totals| totals.crowding).collect();
    let share = |which: usize| {
        let shares = measured.iter().map(|persons| f64::from(persons[which]) / f64::from(persons[0]));
        shares.sum::<f64>() / measured.len() as f64
    };
    book.national("crowded", share(1));
    book.national("under_occupied", share(2));
}

/// Persons past the term at the end, by the formula of worlds/MODEL.md M17: whom nothing but the own network takes from
/// reception once they are past it (what the stock gained, and what left it by the own network), thinned by that chance
/// from the month of entry on.
fn overdue_by_formula(totals: &[Totals], step_years: f64) -> f64 {
    let overdue = |totals: &Totals| f64::from(totals.reception.stock.overdue);
    let Some(first) = totals.first() else { return f64::NAN };
    totals.windows(2).fold(overdue(first), |left, pair| {
        let [before, now] = pair else { return left };
        let inflow = overdue(now) - overdue(before) + f64::from(now.reception.stock.flows.own_network_overdue);
        left * libm::pow(1.0 - now.own_network_hazard, step_years * 12.0) + inflow
    })
}

/// When a conditional ban was in force, how often it came into force, and which gates before phases opened.
fn condition(book: &mut MeasureBook, totals: &[Totals]) {
    book.national("regime.in_force", mean_of(totals, |t| f64::from(u8::from(t.condition.0))));
    let begins = totals.windows(2).filter(|pair| !pair[0].condition.0 && pair[1].condition.0).count();
    book.national("regime.begins", begins as f64);
    let open = totals.last().map_or(f64::NAN, |t| f64::from(t.gates[1]));
    book.national("gates.open", open);
    let shut = mean_of(totals, |t| f64::from(t.gates[0]));
    book.national("gates.shut", shut);
    book.national("regime.ratio", mean_of(totals, |t| t.condition.1));
}

/// Households that lost their dwelling by eviction or forced sale, and short-notice needs of every cause.
fn needs(book: &mut MeasureBook, totals: &[Totals]) {
    let years = book.years;
    let sum = |value: &dyn Fn(&Totals) -> u32| totals.iter().map(|t| f64::from(value(t))).sum::<f64>() / years;
    let evicted = sum(&|t| t.life.evicted[Tenure::Corporation as usize]);
    book.national("evictions", evicted);
    let sold = sum(&|t| t.life.evicted[Tenure::Owner as usize]);
    book.national("forced_sales", sold);
    let ended = totals.iter().map(|t| f64::from(t.statements_ended)).sum();
    book.national("urgency.statements_ended", ended);
    let all = sum(&|t| t.life.needs);
    book.national("needs", all);
}

/// Moves of children, and what integration waits for.
fn integration(book: &mut MeasureBook, totals: &[Totals]) {
    let years = book.years;
    let sum = |value: &dyn Fn(&Totals) -> u32| totals.iter().map(|t| f64::from(value(t))).sum::<f64>();
    book.national("school_moves", sum(&|t| t.school_moves[0]) / years);
    book.national("school_moves_away", sum(&|t| t.school_moves[1]) / years);
    let months = sum(&|t| t.left_reception[1]) / sum(&|t| t.left_reception[0]) / DAYS_A_MONTH;
    book.national("integration.months_to_home", months);
    let without = |totals: &Totals| f64::from(totals.reception.stock.unlinked);
    book.national("integration.no_municipality", mean_of(totals, without));
    let sink = |totals: &Totals| f64::from(totals.reception.stock.without_residence);
    book.national("without_residence", totals.last().map_or(f64::NAN, sink));
}

/// What each payer paid a year.
fn money(book: &mut MeasureBook, totals: &[Totals]) {
    let measures = [
        ("state", "money.state"),
        ("coa", "money.coa"),
        ("municipality", "money.municipality"),
        ("household", "money.household"),
    ];
    let years = book.years;
    for (payer, measure) in measures {
        let of_payer = |totals: &Totals| -> f64 {
            ITEMS.iter().zip(totals.money).filter(|((by, _), _)| *by == payer).map(|(_, amount)| amount).sum()
        };
        let sum: f64 = totals.iter().map(of_payer).sum();
        book.national(measure, sum / years);
    }
}

fn reception(book: &mut MeasureBook, totals: &[Totals], step_years: f64) {
    let overdue = |totals: &Totals| f64::from(totals.reception.stock.overdue);
    book.national("reception.overdue", mean_of(totals, overdue));
    book.national("reception.overdue_end", totals.last().map_or(f64::NAN, overdue));
    book.national("reception.overdue_by_formula", overdue_by_formula(totals, step_years));
    let residents = |totals: &Totals| f64::from(totals.reception.residents());
    book.national("reception.residents", mean_of(totals, residents));
    book.national("reception.residents_end", totals.last().map_or(f64::NAN, residents));
    let share = |totals: &Totals| f64::from(totals.reception.stock.status_holders) / residents(totals);
    book.national("reception.status_share", mean_of(totals, share));
    let cost = |totals: &Totals| asylum_cost(&totals.reception_cost_eur) / step_years;
    book.national("reception.cost", mean_of(totals, cost));
    let places = |totals: &Totals| f64::from(totals.reception.places[PlaceKind::FlowThrough as usize]);
    book.national("flow_through.places", mean_of(totals, places));
    let taken = |totals: &Totals| f64::from(totals.reception.occupied[PlaceKind::FlowThrough as usize]);
    book.national("flow_through.occupied", mean_of(totals, taken));
    let ukrainian = |totals: &Totals| totals.reception_cost_eur[2] / step_years;
    book.national("reception.cost_ukrainian", mean_of(totals, ukrainian));
    let interim = |totals: &Totals| totals.persons_apart[HomeKind::Interim as usize] as f64;
    book.national("interim.persons", mean_of(totals, interim));
    let cost = |totals: &Totals| totals.interim_cost_eur / step_years;
    book.national("interim.cost", mean_of(totals, cost));
    let sites = |totals: &Totals| totals.reception.stock.dispersed.iter().filter(|&&places| places > 0).count() as f64;
    book.national("reception.sites", mean_of(totals, sites));
    let closed = |totals: &Totals| totals.reception.stock.sites.iter().filter(|site| site.closed).count() as f64;
    book.national("reception.sites_closed", totals.last().map_or(f64::NAN, closed));
    let removed = totals.iter().map(|totals| f64::from(totals.reception.stock.flows.removed)).sum();
    book.national("reception.removed", removed);
    book.national("ukrainians_outside", mean_of(totals, Totals::ukrainians_outside));
    let (first, last) = (totals.first(), totals.last());
    let housed = |route: usize| totals.iter().map(|t| t.housed[route] as f64).sum::<f64>();
    let routes = ["housed.joining", "housed.shared_or_temporary", "housed.private_or_own", "housed.corporation"];
    if let (Some(first), Some(last)) = (first, last) {
        let years = f64::from(last.step - first.step + 1) * step_years;
        for (route, name) in routes.into_iter().enumerate() {
            book.put(name, "status_holder", &"NL".into(), housed(route) / years);
        }
    }
}
