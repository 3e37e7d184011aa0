//! The synthetic population: who exists on the first day, and where they live.
//!
//! Margins come from the tables of the world ([`Tables`]), everything else from its `start.ron` ([`StartRules`]).
//! Every draw is addressed by the name of a household, dwelling or municipality, so the outcome does not depend on
//! order or threads; municipalities are settled side by side and joined in the order of their codes.

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
pub mod report;
mod rounding;
pub mod seekers;
pub mod seekers_start;
mod settle;
mod short_stay;
pub mod start;
mod stock;
pub mod tables;
mod tenure;
mod town_report;
mod ukrainians;
mod wishes;

use doorstroom_kernel::Chance;
use doorstroom_state::dwelling::Tenure;
use doorstroom_state::household::Seeker;
use doorstroom_state::quota::QuotaAccount;
use rayon::prelude::*;

pub use marginals::{Marginal, marginals};
pub use report::PopulationReport;
pub use seekers::{MarketRegister, seekers};
pub use seekers_start::SeekerStart;
pub use start::{StartError, StartRules};
pub use tables::{TableError, Tables};

use crate::population::Population;
use settle::{Town, shift};
use stock::Site;

/// Places, dwellings, and the households that live in them or beside them; `scale` (0 to 1) is the part of the
/// country that is drawn. Registrations, reception and quota accounts are added by others: accounts are empty here.
///
/// `chance` is that of the population seed, which is apart from the seed of a run.
pub fn households_and_dwellings(tables: &Tables, start: &StartRules, scale: f64, chance: &Chance) -> Population {
    let shares = plan::plan(tables, start, scale, chance);
    let (corporations, local) = places::corporations(tables, start, chance);
    let deviations = income::municipal_deviations(tables);
    let draw = persons::PersonDraw::new(tables, start);
    let rows = &tables.municipalities;

    // one column of drafts for the whole country, given back as soon as everybody is settled
    let mut drafts = vec![draft::Draft::default(); shares.iter().map(draft::count).sum()];
    let scores: Vec<income::Scores> = by_town(&mut drafts, &shares)
        .into_par_iter()
        .enumerate()
        .map(|(m, drafts)| draft::fill(drafts, &draw, tables, start, chance, (&rows[m], &shares[m], deviations[m])))
        .collect();
    let counted = scores.iter().fold(income::Scores::new(tables), income::Scores::add);
    drop(scores);
    let ranking = counted.ranking(tables);
    let mut population = Population::default();
    let dwellings = shares.iter().map(|share| share.stock.iter().sum::<u32>() as usize).sum();
    reserve(&mut population, drafts.len(), dwellings);
    let mut towns: Vec<(usize, &mut [draft::Draft])> = by_town(&mut drafts, &shares).into_iter().enumerate().collect();
    for towns in towns.chunks_mut(TOWNS_AT_ONCE) {
        let settle = |(m, drafts): &mut (usize, &mut [draft::Draft])| {
            draft::rank(drafts, tables, &ranking, chance);
            let site = Site {
                start,
                chance,
                row: &rows[*m],
                municipality: *m as u16,
                share: &shares[*m],
                corporations: &corporations,
                local: local[*m].clone(),
            };
            settle::settle(&site, drafts, tables)
        };
        let settled: Vec<Town> = towns.par_iter_mut().map(settle).collect();
        settled.into_iter().for_each(|town| append(&mut population, town));
    }
    drop(drafts);
    population.seekers.resize(population.homes.len(), Seeker::default());
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

/// Municipalities that are settled side by side before they are joined: enough for the threads there may be, few enough
/// that no second country is held in memory.
const TOWNS_AT_ONCE: usize = 16;

/// The column of drafts cut by municipality.
fn by_town<'a>(mut drafts: &'a mut [draft::Draft], shares: &[plan::Share]) -> Vec<&'a mut [draft::Draft]> {
    let mut towns = Vec::with_capacity(shares.len());
    for share in shares {
        let (town, rest) = std::mem::take(&mut drafts).split_at_mut(draft::count(share));
        towns.push(town);
        drafts = rest;
    }
    towns
}

/// Room for all households and dwellings, so that no column moves while it grows.
fn reserve(population: &mut Population, households: usize, dwellings: usize) {
    population.kin.reserve_exact(households);
    population.members.reserve_exact(households);
    population.means.reserve_exact(households);
    population.homes.reserve_exact(households);
    population.dwelling_names.reserve_exact(dwellings);
    population.dwellings.reserve_exact(dwellings);
}

/// Joins a town to the country: slots are shifted, columns are joined in order.
fn append(all: &mut Population, mut town: Town) {
    let (household, dwelling) = (all.homes.len() as u32, all.dwellings.len() as u32);
    for home in &mut town.homes {
        shift(&mut home.dwelling, dwelling);
        shift(&mut home.next_sharer, household);
    }
    for home in &mut town.dwellings {
        shift(&mut home.occupant, household);
    }
    for vacancy in town.vacant.iter_mut().flatten().chain(&mut town.rooms) {
        vacancy.dwelling += dwelling;
    }
    all.kin.append(&mut town.kin);
    all.members.append(&mut town.members);
    all.means.append(&mut town.means);
    all.homes.append(&mut town.homes);
    all.dwelling_names.append(&mut town.dwelling_names);
    all.dwellings.append(&mut town.dwellings);
    for (all, of_town) in all.vacancies.dwellings.iter_mut().zip(&mut town.vacant) {
        all.append(of_town);
    }
    all.vacancies.rooms.append(&mut town.rooms);
}

#[cfg(test)]
pub(crate) fn test_world() -> (Tables, StartRules) {
    let world = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../worlds/netherlands");
    let tables = Tables::read(&world.join("tables")).expect("the committed tables are readable");
    let start = StartRules::read(&world.join("start.ron")).expect("the committed start state is readable");
    (tables, start)
}

#[cfg(test)]
mod seekers_tests;
#[cfg(test)]
mod tests;
