//! Reception (opvang) on the first day: status holders who wait for a home, people in procedure, places.

use doorstroom_kernel::calendar::DAYS_A_MONTH;
use doorstroom_kernel::{Calendar, Chance, Day, Luck, Purpose, Step};
use doorstroom_policy::Rules;
use doorstroom_state::household::{NO_MUNICIPALITY, Work};
use doorstroom_state::quota::HalfYear;
use doorstroom_state::reception::{PlaceKind, ReceptionSite, ReceptionStock};
use doorstroom_state::registration::{Registration, RowState};
use doorstroom_state::{Due, HomeKind, Kin, KinName, Means, Seeker, SeekerGroup};

use super::accounts;
use super::newcomers::{self, Party};
use super::race::{self, Runner};
use super::seekers_start::{ReceptionStart, SeekerStart, weights};
use crate::population::Population;

const PERSONS: Purpose = Purpose::named("populate: persons of a status holder's household");
const OVERDUE: Purpose = Purpose::named("populate: which status holders are past the term");
const PERMIT: Purpose = Purpose::named("populate: date of a permit");
const FAMILY: Purpose = Purpose::named("populate: awaited family");

/// Most persons of an awaited family.
const FAMILY_MAX: u32 = 8;

/// A household in reception before it has a place.
#[derive(Clone, Copy)]
struct Waiting {
    name: KinName,
    persons: u8,
    awaiting: bool,
}

/// Households of status holders in reception, largest first: their numbers and sizes are exact at any scale.
fn waiting(start: &ReceptionStart, scale: f64) -> Vec<Waiting> {
    let larger = newcomers::sizes(start.larger.value.get() * scale, &[7, 8, 9, 10], &weights(&start.larger_sizes));
    let six = newcomers::sizes(start.six.value.get() * scale, &[6], &[1.0]);
    let families = newcomers::sizes(start.families.value.get() * scale, &[2, 3, 4, 5], &weights(&start.family_sizes));
    let awaiting = newcomers::sizes(start.awaiting.value.get() * scale, &[1], &[1.0]);
    let singles = newcomers::sizes(start.singles.value.get() * scale, &[1], &[1.0]);
    let lots = [(larger, false), (six, false), (families, false), (awaiting, true), (singles, false)];
    let all = lots.into_iter().flat_map(|(sizes, awaiting)| sizes.into_iter().map(move |persons| (persons, awaiting)));
    let named = |(ordinal, (persons, awaiting))| Waiting {
        name: newcomers::name("status holder", ordinal as u32),
        persons,
        awaiting,
    };
    all.enumerate().map(named).collect()
}

/// Fills reception with status holders, links them to municipalities and registers those who are past the delay.
pub(super) fn status_holders(
    population: &mut Population,
    rules: &Rules,
    start: &SeekerStart,
    calendar: Calendar,
    chance: &Chance,
) {
    let (today, numbers) = (calendar.start, &start.reception);
    let households = waiting(numbers, population.scale);
    let sizes: Vec<u8> = households.iter().map(|household| household.persons).collect();
    let persons = sizes.iter().map(|&persons| u32::from(persons)).sum();
    let places = newcomers::spread(&sizes, accounts::linked_persons(population, rules, today, persons));
    let term = *rules.quota.term_days.at(today);
    let overdue = overdue(&households, numbers, population.scale, chance);
    let (delay, region_of) = (*rules.registration.status_delay_days.at(today), population.gazetteer.region_of.clone());
    for (i, (&household, municipality)) in households.iter().zip(places).enumerate() {
        let region = region_of[usize::from(municipality)];
        let mut luck = chance.trait_of(PERMIT, household.name.0);
        let days = match overdue[i] {
            true => term + 1.0 + luck.exponential(numbers.overdue_days.value.get()),
            false => luck.unit() * term,
        };
        let permit = today.plus_days(-(days as i32));
        let slot = enter(population, rules, numbers, (household, municipality, region, permit), today, chance);
        if household.awaiting {
            await_family(population, slot, rules, start, calendar, chance);
        }
        if days >= delay {
            register(population, slot, region, permit.plus_days(delay as i32));
        }
        population.accounts[usize::from(municipality)].linked_persons += u32::from(household.persons);
        population.reception.status_holders += u32::from(household.persons);
        population.reception.overdue += if overdue[i] { u32::from(household.persons) } else { 0 };
    }
}

fn in_interim_places(numbers: &ReceptionStart, scale: f64) -> Vec<Waiting> {
    let persons: f64 = waiting(numbers, 1.0).iter().map(|household| f64::from(household.persons)).sum();
    let places = waiting(numbers, scale * numbers.interim.value.get() / persons.max(1.0)).into_iter().enumerate();
    let name = |ordinal: usize| newcomers::name("in an interim place", ordinal as u32);
    places.map(|(ordinal, household)| Waiting { name: name(ordinal), ..household }).collect()
}

/// Households in interim places that await their family.
pub(super) fn interim_sponsors(numbers: &ReceptionStart, scale: f64) -> usize {
    in_interim_places(numbers, scale).iter().filter(|household| household.awaiting).count()
}

/// Status holders in interim places: of the same make-up as those in reception, past the term and then some time in
/// the place. They keep their group and their registration until they have a stable home.
pub(super) fn interim(
    population: &mut Population,
    rules: &Rules,
    start: &SeekerStart,
    calendar: Calendar,
    chance: &Chance,
) {
    let (today, numbers) = (calendar.start, &start.reception);
    let households = in_interim_places(numbers, population.scale);
    let sizes: Vec<u8> = households.iter().map(|household| household.persons).collect();
    let persons = sizes.iter().map(|&persons| u32::from(persons)).sum();
    let places = newcomers::spread(&sizes, accounts::linked_persons(population, rules, today, persons));
    let (term, stay) = (*rules.quota.term_days.at(today), *rules.quota.interim_months.at(today) * DAYS_A_MONTH);
    let delay = *rules.registration.status_delay_days.at(today);
    for (household, municipality) in households.into_iter().zip(places) {
        let region = population.gazetteer.region_of[usize::from(municipality)];
        let mut luck = chance.trait_of(PERMIT, household.name.0);
        let since = today.plus_days(-(luck.exponential(stay) as i32) - 1);
        let permit = since.plus_days(-((term + luck.exponential(numbers.overdue_days.value.get())) as i32));
        let slot = enter(population, rules, numbers, (household, municipality, region, permit), today, chance);
        population.homes[slot as usize] = newcomers::home(HomeKind::Interim, municipality, since);
        population.lists.after_reception.note(household.name, slot);
        if household.awaiting {
            await_family(population, slot, rules, start, calendar, chance);
        }
        register(population, slot, region, permit.plus_days(delay as i32));
    }
}

/// Households past the term: drawn, large ones more often, until the persons are reached.
fn overdue(households: &[Waiting], start: &ReceptionStart, scale: f64, chance: &Chance) -> Vec<bool> {
    let runner = |(i, household): (usize, &Waiting)| {
        let weight = if household.persons >= 6 { start.overdue_large.value.get() } else { 1.0 };
        Runner { who: i, name: household.name.0, weight }
    };
    let order = race::first(households.iter().enumerate().map(runner), households.len(), OVERDUE, chance);
    let mut left = (start.overdue.value.get() * scale).round() as i64;
    let mut overdue = vec![false; households.len()];
    for i in order {
        let persons = i64::from(households[i].persons);
        if persons <= left {
            overdue[i] = true;
            left -= persons;
        }
    }
    overdue
}

fn enter(
    population: &mut Population,
    rules: &Rules,
    start: &ReceptionStart,
    (household, municipality, region, permit): (Waiting, u16, u8, Day),
    today: Day,
    chance: &Chance,
) -> u32 {
    let mut luck = chance.trait_of(PERSONS, household.name.0);
    let single = household.persons == 1;
    let couple = !single && (household.persons >= 6 || luck.unit() >= start.lone_parents.value.get());
    let female = if single { luck.unit() >= start.single_men.value.get() } else { !couple };
    let head_age = rules.reception.head_age.at(today);
    // of age when the permit was given
    let youngest = 19 + (today.days_since(permit) / 365) as u16;
    let party = Party { persons: usize::from(household.persons), female, couple, youngest, head_age };
    let members = newcomers::members(party, today.month_index(), &mut luck);
    let flags = Means::PERMIT_ALIEN | Means::STATUS_HISTORY;
    let mut means = newcomers::means(&weights(&start.income_classes), region, flags, &mut luck);
    (means.work, means.permit_since) = (Work::Benefit, permit);
    let seeker = Seeker { linked: municipality, group: SeekerGroup::StatusHolder, duty: true, ..Seeker::default() };
    let since = permit.plus_days(-(start.procedure_days.value.get() as i32));
    let kin = Kin { name: household.name, retired: KinName::NOBODY };
    let home = newcomers::home(HomeKind::Reception, municipality, since);
    let slot = population.push_household(kin, members, means, seeker, home);
    population.lists.reception.note(household.name, slot);
    slot
}

fn register(population: &mut Population, slot: u32, market: u8, since: Day) {
    let i = slot as usize;
    let row = Registration {
        name: KinName::offspring(population.kin[i].name, "registration at the start", 0),
        since,
        searching_since: since,
        next_event: Due::redraw(Step(0)),
        market,
        state: RowState::Searching,
        ..Registration::default()
    };
    population.register.enter(slot, &mut population.seekers[i], row);
}

/// Lets a household await its family: a party of one and a Poisson number, that comes at some step or never.
pub(super) fn await_family(
    population: &mut Population,
    slot: u32,
    rules: &Rules,
    start: &SeekerStart,
    calendar: Calendar,
    chance: &Chance,
) {
    let (i, rules) = (slot as usize, &rules.reception);
    let name = population.kin[i].name;
    let mut luck: Luck = chance.trait_of(FAMILY, name.0);
    let extra = luck.poisson(*rules.family_size_extra.at(calendar.start));
    let comes = luck.unit() < *rules.family_arrives.at(calendar.start);
    let steps = calendar.steps_in_months(start.established.family_months.value.get() as u32);
    let step = Step(0).plus(luck.below(u64::from(steps)) as u32);
    let seeker = &mut population.seekers[i];
    seeker.family_awaited = (1 + extra).min(FAMILY_MAX) as u8;
    seeker.family_step = if comes { step } else { Step::NEVER };
    population.lists.sponsors.note(name, slot);
}

/// People in procedure, the national sites, and the twelve months of permits that the first quota looks back on.
pub(super) fn stocks(population: &mut Population, rules: &Rules, start: &SeekerStart, today: Day) {
    let (scale, numbers) = (population.scale, &start.reception);
    let status = population.reception.clone();
    population.reception =
        ReceptionStock { in_procedure: (numbers.in_procedure.value.get() * scale).round() as u32, ..status };
    let residents = population.reception.in_procedure + population.reception.status_holders;
    let regular = (rules.reception.places_regular.at(today) * scale).round() as u32;
    let national = |kind, places, occupied| ReceptionSite { kind, municipality: NO_MUNICIPALITY, places, occupied };
    let overflow = residents.saturating_sub(regular);
    population.sites.push(national(PlaceKind::Regular, regular, residents.min(regular)));
    population.sites.push(national(PlaceKind::Emergency, overflow, overflow));
    for kind in [PlaceKind::Dispersed, PlaceKind::MultiYear, PlaceKind::Hotel, PlaceKind::FlowThrough] {
        population.sites.push(national(kind, 0, 0));
    }
    let a_month = (numbers.permits_a_year.value.get() * scale / 12.0).round() as u32;
    let (year, month, _) = today.ymd();
    let label = if month <= 6 { format!("{}-II", year - 1) } else { format!("{year}-I") };
    population.half_year = HalfYear { label, inflow: vec![a_month; 12], ..HalfYear::default() };
}
