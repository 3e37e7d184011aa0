//! Established status holders: a home for years or months, some still without their family.

use doorstroom_kernel::calendar::DAYS_A_YEAR;
use doorstroom_kernel::{Calendar, Chance, Day, Purpose};
use doorstroom_policy::Rules;
use doorstroom_state::household::Work;
use doorstroom_state::{DwellingForm, HomeKind, Means, Tenure};

use super::race::{self, Runner};
use super::reception;
use super::seekers_start::SeekerStart;
use crate::population::Population;

const WHO: Purpose = Purpose::named("populate: who is an established status holder");
const PERMIT: Purpose = Purpose::named("populate: permit and work of an established status holder");
const SPONSOR: Purpose = Purpose::named("populate: which established status holder awaits family");

/// Ages of heads: refugees of the last ten years are young.
const AGES: std::ops::Range<u16> = 20..65;
/// Years of permit after which naturalisation is possible.
const NATURALISATION_FROM: f64 = 5.0;

/// Marks households in corporation dwellings as established status holders, and some of the recent ones who live
/// alone as sponsors.
pub(super) fn mark(
    population: &mut Population,
    rules: &Rules,
    start: &SeekerStart,
    calendar: Calendar,
    chance: &Chance,
) {
    let chosen = chosen(population, start, calendar.start, chance);
    for &slot in &chosen {
        mark_one(population, start, calendar.start, slot, chance);
    }
    let years = start.established.sponsor_years.value.get();
    let runner = |&slot: &u32| {
        let i = slot as usize;
        let since = f64::from(calendar.start.days_since(population.means[i].permit_since)) / DAYS_A_YEAR;
        let weight = if population.members[i].is_single() { libm::exp(-since / years) } else { 0.0 };
        Runner { who: slot, name: population.kin[i].name.0, weight }
    };
    let outside_reception = (start.established.sponsors.value.get() * population.scale).round() as usize;
    let count = outside_reception.saturating_sub(reception::interim_sponsors(&start.reception, population.scale));
    let sponsors = race::first(chosen.iter().map(runner), count, SPONSOR, chance);
    for slot in sponsors {
        reception::await_family(population, slot, rules, start, calendar, chance);
    }
}

fn chosen(population: &Population, start: &SeekerStart, today: Day, chance: &Chance) -> Vec<u32> {
    let (numbers, now) = (&start.established, today.month_index());
    let weight = |i: usize| {
        let (home, means) = (&population.homes[i], &population.means[i]);
        let dwelling = (home.kind == HomeKind::Dwelling).then(|| &population.dwellings[home.dwelling as usize]);
        let social = dwelling.is_some_and(|d| d.tenure == Tenure::Corporation && d.form == DwellingForm::SelfContained);
        let recent = f64::from(today.days_since(home.since)) < numbers.permit_years.value.get() * DAYS_A_YEAR;
        let of_age = AGES.contains(&population.members[i].head_age(now));
        let class = usize::from(means.income_class).clamp(1, 8) - 1;
        if social && recent && of_age { numbers.by_income.value[class].get() } else { 0.0 }
    };
    let runner = |i: usize| Runner { who: i as u32, name: population.kin[i].name.0, weight: weight(i) };
    let count = (numbers.households.value.get() * population.scale).round() as usize;
    race::first_of_rows(population.homes.len(), runner, count, WHO, chance)
}

fn mark_one(population: &mut Population, start: &SeekerStart, today: Day, slot: u32, chance: &Chance) {
    let (i, numbers) = (slot as usize, &start.established);
    let mut luck = chance.trait_of(PERMIT, population.kin[i].name.0);
    let waited = luck.exponential(numbers.permit_to_home_days.value.get()) as i32;
    let oldest = today.plus_days(-(numbers.permit_years.value.get() * DAYS_A_YEAR) as i32);
    let home = population.homes[i].since;
    let permit = home.plus_days(-waited).max(oldest).min(home);
    let years = f64::from(today.days_since(permit)) / DAYS_A_YEAR;
    let in_work = numbers.in_work.value[(years as usize).min(9)].get();
    let naturalised =
        libm::exp(libm::log1p(-numbers.naturalisation.value.get()) * (years - NATURALISATION_FROM).max(0.0));
    let means = &mut population.means[i];
    means.permit_since = permit;
    means.work = if luck.unit() < in_work { Work::Paid } else { Work::Benefit };
    means.flags |= Means::STATUS_HISTORY | Means::PERMIT_ALIEN;
    if luck.unit() >= naturalised {
        means.flags &= !Means::PERMIT_ALIEN;
    }
}
