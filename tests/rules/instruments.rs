//! Rules of the instruments that letters announce: delivery, places, conditions, distribution, families, work.

use doorstroom_kernel::Day;
use doorstroom_policy::condition::{Condition, Measured};
use doorstroom_policy::cost_sharing::{self, Sharer};
use doorstroom_policy::delivery::{self, Delivery};
use doorstroom_policy::employment::{self, WorkChances};
use doorstroom_policy::family::{self, Conditions, Sponsor};
use doorstroom_policy::gate::{Gate, GateCondition, Standing};
use doorstroom_policy::parameter::Dated;
use doorstroom_policy::priority::StatusRegime;
use doorstroom_policy::quota::{self, MidTerm};
use doorstroom_policy::reception::{self, Capacity};
use doorstroom_policy::rules::InflowPath;
use doorstroom_policy::site::{self, SiteRules};
use doorstroom_state::household;
use doorstroom_state::reception::MunicipalSite;
use doorstroom_state::regime::{GateState, RegimeState};
use serde::Deserialize;

/// Numbers announced in total by date, and how they are delivered.
#[derive(Deserialize, Debug)]
#[serde(deny_unknown_fields)]
pub struct Announced {
    totals: Vec<(Day, f64)>,
    delivery: Delivery,
    lead_months: f64,
    today: Day,
}

/// What stands, to the nearest whole. Drawn shares take nine evenly spread draws: 0.2 and 0.4.
pub fn delivered(given: &Announced) -> i64 {
    let steps: Vec<Dated<f64>> =
        given.totals.iter().map(|&(from, value)| Dated { from, value, source: "case".to_owned() }).collect();
    let draws = std::array::from_fn(|i| (i + 1) as f64 / 10.0);
    delivery::delivered(&steps, given.today, given.lead_months, given.delivery.shares(draws)).round() as i64
}

/// Persons and places by kind, cheapest first; the last kind has no end.
#[derive(Deserialize, Debug)]
#[serde(deny_unknown_fields)]
pub struct Residents {
    persons: u32,
    places: Vec<u32>,
    norm: f64,
}

/// Persons in each kind.
pub fn merit_order(given: &Residents) -> Vec<u32> {
    let closed = given.places.iter().map(|&places| Capacity { places, open_ended: false });
    let kinds: Vec<Capacity> = closed.chain([Capacity { places: 0, open_ended: true }]).collect();
    reception::occupy(given.persons, &kinds, given.norm)
}

/// Places needed month by month, and months of notice.
#[derive(Deserialize, Debug)]
#[serde(deny_unknown_fields)]
pub struct Contracts {
    needs: Vec<u32>,
    notice: usize,
}

/// Places under contract.
pub fn notice(given: &Contracts) -> u32 {
    reception::contracted(&given.needs, given.notice)
}

/// Municipalities with their province and inhabitants, and a number to divide.
#[derive(Deserialize, Debug)]
#[serde(deny_unknown_fields)]
pub struct Dispersal {
    total: i64,
    municipalities: Vec<(u8, u32)>,
}

/// Places by municipality; empty if the number cannot be divided.
pub fn dispersal(given: &Dispersal) -> Vec<i64> {
    let (provinces, inhabitants): (Vec<u8>, Vec<u32>) = given.municipalities.iter().copied().unzip();
    reception::disperse(given.total, &provinces, &inhabitants, &inhabitants).unwrap_or_default()
}

/// A region, and the province in which it lies with whether that is in the Randstad.
#[allow(clippy::ptr_arg, reason = "a case is given as it was read, and what is read is owned")]
pub fn province(given: &String) -> (u8, bool) {
    let number = reception::province_of_region(given);
    (number, reception::is_randstad(number))
}

/// Free places, the share to turn into homes, months with room and the months asked for.
#[derive(Deserialize, Debug)]
#[serde(deny_unknown_fields)]
pub struct Conversion {
    free: u32,
    share: f64,
    slack: u32,
    months: u32,
}

/// Places turned into homes.
pub fn conversion(given: &Conversion) -> u32 {
    reception::converted(given.free, given.share, given.slack, given.months)
}

/// Ratios month by month, and the condition with its hysteresis.
#[derive(Deserialize, Debug)]
#[serde(deny_unknown_fields)]
pub struct Weighed {
    when: Condition,
    for_months: u32,
    until: f64,
    ratios: Vec<f64>,
}

/// Months, counted from 1, in which the ban is in force.
pub fn condition(given: &Weighed) -> Vec<u32> {
    let mut state = RegimeState::default();
    let mut on = Vec::new();
    for (month, &ratio) in (1..).zip(&given.ratios) {
        // a ratio below nothing stands for a month in which nobody is expected
        let ratio = (ratio >= 0.0).then_some(ratio);
        let today = Day(40_000).plus_days(30 * month as i32);
        state = given.when.weigh(&state, ratio, given.for_months, given.until, today);
        if state.on {
            on.push(month);
        }
    }
    on
}

/// What is measured, and the condition.
#[derive(Deserialize, Debug)]
#[serde(deny_unknown_fields)]
pub struct Ratio {
    when: Condition,
    housed_a_year: f64,
    free: f64,
    overdue: f64,
    expected: f64,
}

/// The ratio in hundredths; -1 where there is none.
pub fn ratio(given: &Ratio) -> i64 {
    let Ratio { when, housed_a_year, free, overdue, expected } = *given;
    let measured = Measured { housed_a_year, free, overdue, expected };
    when.ratio(&measured).map_or(-1, |ratio| (ratio * 100.0).round() as i64)
}

/// A target, what three months let expect, and the variant.
#[derive(Deserialize, Debug)]
#[serde(deny_unknown_fields)]
pub struct Evaluation {
    variant: MidTerm,
    target: i64,
    expected: i64,
}

/// The target from then on, and what moves to the next one.
pub fn mid_term(given: &Evaluation) -> (i64, i64) {
    quota::mid_term(given.variant, given.target, given.expected)
}

/// What is outstanding at the end of a half-year, and what the rules say of it.
#[derive(Deserialize, Debug)]
#[serde(deny_unknown_fields)]
pub struct Outstanding {
    outstanding: i64,
    carries: bool,
    drops_backlog: bool,
}

/// What moves on.
pub fn carried_over(given: &Outstanding) -> i64 {
    quota::carried_over(given.outstanding, given.carries, given.drops_backlog)
}

/// A sponsor on a day, and the conditions.
#[derive(Deserialize, Debug)]
#[serde(deny_unknown_fields)]
pub struct Family {
    subsidiary: bool,
    permit: Day,
    today: Day,
    home: bool,
    works: bool,
    /// Years to wait, whether a home and whether income is asked for.
    conditions: (f64, bool, bool),
}

/// Whether the family may come.
pub fn family(given: &Family) -> bool {
    let (wait_years, home, income) = given.conditions;
    let sponsor =
        Sponsor { subsidiary: given.subsidiary, permit_since: given.permit, has_home: given.home, works: given.works };
    family::may_arrive(&Conditions { wait_years, home, income }, sponsor, given.today)
}

/// A regime, the trait of a municipality (0 to 1) and whether its by-law knows urgency.
#[derive(Deserialize, Debug)]
#[serde(deny_unknown_fields)]
pub struct Choice {
    regime: StatusRegime,
    unit: f64,
    by_law: bool,
}

/// The regime that holds there.
pub fn municipal_choice(given: &Choice) -> StatusRegime {
    given.regime.in_municipality(given.unit, given.by_law).clone()
}

/// A path, and three factors.
#[derive(Deserialize, Debug)]
#[serde(deny_unknown_fields)]
pub struct Inflow {
    path: InflowPath,
    factors: Vec<f64>,
    a_year: f64,
}

/// Persons a year, to the nearest whole.
pub fn inflow(given: &Inflow) -> i64 {
    (given.a_year * given.path.factor(&given.factors)).round() as i64
}

/// A municipality where status holders may go where they like.
#[derive(Deserialize, Debug)]
#[serde(deny_unknown_fields)]
pub struct Pull {
    inhabitants: u32,
    randstad: bool,
    pull: f64,
}

/// Its weight.
pub fn free_choice(given: &Pull) -> u32 {
    quota::free_choice_weight(given.inhabitants, given.randstad, given.pull)
}

/// As [`household::Work`], to be read.
#[derive(Deserialize, Debug, Clone, Copy, PartialEq)]
pub enum Work {
    /// No status holder.
    NotFollowed,
    /// On benefit.
    Benefit,
    /// In work that pays enough.
    Paid,
    /// In work beside a benefit.
    Supplemented,
}

const WORK: [(Work, household::Work); 4] = [
    (Work::NotFollowed, household::Work::NotFollowed),
    (Work::Benefit, household::Work::Benefit),
    (Work::Paid, household::Work::Paid),
    (Work::Supplemented, household::Work::Supplemented),
];

/// Work now, chances (of work, of a supplement, of its end) and two draws.
#[derive(Deserialize, Debug)]
#[serde(deny_unknown_fields)]
pub struct Employment {
    work: Work,
    chances: (f64, f64, f64),
    draws: (f64, f64),
}

/// Work a year on.
pub fn work(given: &Employment) -> Work {
    let (starts, supplemented, supplement_ends) = given.chances;
    let now = WORK.iter().find(|(word, _)| *word == given.work).map_or(household::Work::NotFollowed, |pair| pair.1);
    let chances = WorkChances { starts, supplemented, supplement_ends };
    let then = employment::a_year_on(now, &chances, [given.draws.0, given.draws.1]);
    WORK.iter().find(|(_, work)| *work == then).map_or(Work::NotFollowed, |pair| pair.0)
}

/// A regime with its first day, today, whether the holder has a residence permit, and days of transition.
#[derive(Deserialize, Debug)]
#[serde(deny_unknown_fields)]
pub struct Running {
    regime: StatusRegime,
    since: Day,
    today: Day,
    permit: bool,
    days: f64,
}

/// Whether a medical statement that runs still holds.
pub fn statement_stands(given: &Running) -> bool {
    let Running { regime, since, today, permit, days } = given;
    let medical = household::UrgencyGround::Medical;
    doorstroom_policy::priority::statement_stands(regime, *since, *today, *permit, medical, *days)
}

/// A municipal site beside another of so many places.
#[derive(Deserialize, Debug)]
#[serde(deny_unknown_fields)]
pub struct Site {
    share: u32,
    open: u32,
    loss: u32,
    renewed: bool,
    other: u32,
    persons: u32,
    /// Smallest size, months of a contract, break-even, months of loss.
    rules: (f64, u32, f64, u32),
    /// Whether it had closed before.
    #[serde(default)]
    closed: bool,
    /// Whether the law distributes places anew at the beginning of the month.
    #[serde(default)]
    next_cycle: bool,
}

/// Its places, the persons in it, and whether it closes.
pub fn site(given: &Site) -> (u32, u32, bool) {
    let (smallest, contract_months, break_even, loss_months) = given.rules;
    let rules = SiteRules { smallest, contract_months, break_even, loss_months };
    let before = MunicipalSite { open_months: given.open, loss_months: given.loss, closed: given.closed };
    let before = if given.next_cycle { site::next_cycle(before) } else { before };
    let places = site::offered(given.share, &before, &rules);
    let taken = site::fill(given.persons, &[places, given.other])[0];
    (places, taken, site::month_on(before, places, taken, &rules, given.renewed).closed)
}

/// A gate, and what its condition measures on some days.
#[derive(Deserialize, Debug)]
#[serde(deny_unknown_fields)]
pub struct Phase {
    from: Day,
    every: u16,
    when: GateCondition,
    days: Vec<(Day, u32)>,
}

/// The day on which it opens.
pub fn gate(given: &Phase) -> Option<Day> {
    let gate = Gate { from: given.from, evaluate_every_days: given.every, when: given.when };
    let state = given.days.iter().fold(GateState::default(), |state, &(today, persons)| {
        let persons = f64::from(persons);
        gate.evaluate(&state, &Standing { overdue: persons, residents: persons, alternatives: persons }, today)
    });
    state.opened
}

/// An adult who is asked to share, others who count, and the response.
#[derive(Deserialize, Debug)]
#[serde(deny_unknown_fields)]
pub struct Asked {
    age: u16,
    benefit: bool,
    contract: bool,
    others: u32,
    response: f64,
}

/// The part that would share, in thousandths.
pub fn willingness(given: &Asked) -> u32 {
    let adult = Sharer { age_years: given.age, student: false, commercial_contract: given.contract };
    let part = cost_sharing::willing_to_share(adult, given.others, given.benefit, given.response);
    (part * 1000.0).round() as u32
}
