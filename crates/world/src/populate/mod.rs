//! The synthetic population: who exists on the first day, and where they live.
//!
//! Margins come from the tables of the world ([`Tables`]), everything else from its `start.ron` ([`StartRules`]).
//! Every draw is addressed by the name of a household, dwelling or municipality, so the outcome does not depend on
//! order or threads; municipalities are settled side by side, each in its own rows of the columns of the country.

mod accounts;
mod draft;
mod established;
mod fit;
mod holders;
mod income;
pub(crate) mod local;
mod lodging;
pub mod marginals;
mod needs;
mod newcomers;
mod persons;
mod places;
mod plan;
mod race;
mod reception;
mod register;
mod rounding;
pub mod seekers;
pub mod seekers_start;
mod settle;
mod short_stay;
pub mod start;
mod stock;
pub mod tables;
mod tenure;
mod ukrainians;
mod wishes;

use doorstroom_kernel::Chance;
use doorstroom_state::dwelling::Tenure;
use doorstroom_state::quota::QuotaAccount;
use doorstroom_state::{Members, Slot};
use rayon::prelude::*;

pub use marginals::{Marginal, marginals};
pub use seekers::{MarketRegister, seekers};
pub use seekers_start::SeekerStart;
pub use start::StartRules;
pub use tables::{TableError, Tables};

use crate::population::Population;
use settle::{Town, Vacant};
use stock::Site;

/// Places, dwellings, and the households that live in them or beside them; `scale` (0 to 1) is the part of the
/// country that is drawn. Registrations, reception and quota accounts are added by others: accounts are empty here.
///
/// `chance` is that of the population seed, which is apart from the seed of a run.
pub fn households_and_dwellings(tables: &Tables, start: &StartRules, scale: f64, chance: &Chance) -> Population {
    let shares = plan::plan(tables, start, scale, chance);
    let (corporations, local) = places::corporations(tables, start, chance);
    let rows = &tables.municipalities;

    let (households, dwellings) = (counts(&shares, draft::count), counts(&shares, stock::count));
    let mut population = with_rows(households.iter().sum(), dwellings.iter().sum());
    // one column of drafts for the whole country, given back as soon as everybody is settled
    let mut drafts = column(households.iter().sum());
    let counted = fill(&mut drafts, &mut population.members, (tables, &shares), start, chance);
    let ranking = match &tables.country {
        None => counted.ranking(tables),
        Some(country) => sampled_scores(country, start, chance).ranking(tables),
    };
    let settle = |(m, town): (usize, Town<'_>)| {
        draft::rank(town.drafts, tables, &ranking, chance);
        let site = Site {
            start,
            chance,
            row: &rows[m],
            municipality: m as u16,
            share: &shares[m],
            corporations: &corporations,
            local: local[m].clone(),
        };
        settle::settle(&site, town, tables)
    };
    let towns = towns(&mut population, &mut drafts, &households, &dwellings);
    let vacant: Vec<Vacant> = towns.into_par_iter().enumerate().map(settle).collect();
    for mut town in vacant {
        for (all, of_town) in population.vacancies.dwellings.iter_mut().zip(&mut town.dwellings) {
            all.append(of_town);
        }
        population.vacancies.rooms.append(&mut town.rooms);
    }
    drop(drafts);
    Tenure::ALL.into_iter().for_each(|tenure| population.vacancies.sort(tenure));
    population.vacancies.sort_rooms();
    population.scale = scale;
    population.municipalities = places::municipalities(tables, start, chance);
    population.accounts = vec![QuotaAccount::default(); rows.len()];
    population.gazetteer = places::gazetteer(tables);
    population.regions = places::regions(tables);
    population.corporations = corporations;
    short_stay::mark(&mut population, start, chance);
    population
}

/// Part of a country that is drawn to know what the incomes of a part of it are ranked against: some 84,000 households.
const SAMPLE: f64 = 0.01;

/// Income scores of a sample of the country.
fn sampled_scores(country: &Tables, start: &StartRules, chance: &Chance) -> income::Scores {
    let shares = plan::plan(country, start, SAMPLE, chance);
    let households = counts(&shares, draft::count).iter().sum();
    fill(&mut column(households), &mut column(households), (country, &shares), start, chance)
}

/// Draws the persons of all households of these shares, and counts their income scores.
fn fill(
    drafts: &mut [draft::Draft],
    members: &mut [Members],
    (tables, shares): (&Tables, &[plan::Share]),
    start: &StartRules,
    chance: &Chance,
) -> income::Scores {
    let households = counts(shares, draft::count);
    let deviations = income::municipal_deviations(tables);
    let draw = persons::PersonDraw::new(tables, start);
    let rows = &tables.municipalities;
    let places = cut(drafts, &households).zip(cut(members, &households)).collect::<Vec<_>>();
    let scores: Vec<income::Scores> = places
        .into_par_iter()
        .enumerate()
        .map(|(m, places)| draft::fill(places, &draw, tables, start, chance, (&rows[m], &shares[m], deviations[m])))
        .collect();
    scores.iter().fold(income::Scores::new(tables), income::Scores::add)
}

/// Rows of every municipality.
fn counts(shares: &[plan::Share], count: impl Fn(&plan::Share) -> usize) -> Vec<usize> {
    shares.iter().map(count).collect()
}

/// A population with room for so many households and dwellings in every column that municipalities fill.
fn with_rows(households: usize, dwellings: usize) -> Population {
    Population {
        kin: column(households),
        members: column(households),
        means: column(households),
        seekers: column(households),
        homes: column(households),
        dwellings: column(dwellings),
        ..Population::default()
    }
}

/// A column of so many rows, which all threads ask of the system: handing out memory takes it longer than filling it.
fn column<T: Default + Send>(rows: usize) -> Vec<T> {
    (0..rows).into_par_iter().map(|_| T::default()).collect()
}

/// A column cut into stretches of so many rows.
fn cut<'a, T>(mut column: &'a mut [T], rows: &[usize]) -> impl Iterator<Item = &'a mut [T]> {
    rows.iter().map(move |&rows| column.split_off_mut(..rows).expect("the rows of all municipalities are the column"))
}

/// The rows of every municipality in the columns of the country: each is written in place, and none is held twice.
fn towns<'a>(
    population: &'a mut Population,
    drafts: &'a mut [draft::Draft],
    households: &[usize],
    dwellings: &[usize],
) -> Vec<Town<'a>> {
    let (mut kin, mut means) = (cut(&mut population.kin, households), cut(&mut population.means, households));
    let (mut homes, mut drafts) = (cut(&mut population.homes, households), cut(drafts, households));
    let mut built = cut(&mut population.dwellings, dwellings);
    let mut first = [0, 0];
    let town = |(&households, &dwellings): (&usize, &usize)| {
        let town = Town {
            drafts: drafts.next()?,
            kin: kin.next()?,
            means: means.next()?,
            homes: homes.next()?,
            dwellings: built.next()?,
            first,
        };
        first = [first[0] + households as Slot, first[1] + dwellings as Slot];
        Some(town)
    };
    households.iter().zip(dwellings).map_while(town).collect()
}

#[cfg(test)]
pub(crate) fn test_world() -> (Tables, StartRules) {
    let world = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../worlds/netherlands");
    let tables = Tables::read(&world.join("tables")).expect("the committed tables are readable");
    let start = crate::read::Source::read(world.join("start.ron")).and_then(|source| source.parse());
    let start = start.expect("the committed start state is readable");
    (tables, start)
}

#[cfg(test)]
mod seekers_tests;
#[cfg(test)]
mod tests;
