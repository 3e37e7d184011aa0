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

use doorstroom_kernel::Chance;
use doorstroom_state::dwelling::Tenure;
use doorstroom_state::household::Seeker;
use doorstroom_state::quota::QuotaAccount;
use doorstroom_state::vacancy::Vacancies;
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

    let (drafts, scores): (Vec<_>, Vec<_>) = (0..rows.len())
        .into_par_iter()
        .map(|m| draft::drafts(&draw, tables, start, chance, (&rows[m], &shares[m], deviations[m])))
        .unzip();
    let counted = scores.iter().fold(income::Scores::new(tables), income::Scores::add);
    drop(scores);
    let ranking = counted.ranking(tables);
    let towns: Vec<Town> = drafts
        .into_par_iter()
        .enumerate()
        .map(|(m, mut drafts)| {
            draft::rank(&mut drafts, tables, &ranking, chance);
            let site = Site {
                start,
                chance,
                row: &rows[m],
                municipality: m as u16,
                share: &shares[m],
                corporations: &corporations,
                local: local[m].clone(),
            };
            settle::settle(&site, &drafts, tables)
        })
        .collect();
    let mut population = join(towns);
    population.scale = scale;
    population.municipalities = places::municipalities(tables, start, chance);
    population.accounts = vec![QuotaAccount::default(); rows.len()];
    population.gazetteer = places::gazetteer(tables);
    population.regions = places::regions(tables);
    population.corporations = corporations;
    short_stay::mark(&mut population, start, chance);
    population
}

/// One country of many towns: slots are shifted, columns are joined in order.
fn join(towns: Vec<Town>) -> Population {
    let households: usize = towns.iter().map(|town| town.kin.len()).sum();
    let dwellings: usize = towns.iter().map(|town| town.dwellings.len()).sum();
    let mut all = Population {
        kin: Vec::with_capacity(households),
        members: Vec::with_capacity(households),
        means: Vec::with_capacity(households),
        homes: Vec::with_capacity(households),
        seekers: vec![Seeker::default(); households],
        dwelling_names: Vec::with_capacity(dwellings),
        dwellings: Vec::with_capacity(dwellings),
        vacancies: Vacancies::default(),
        ..Population::default()
    };
    for mut town in towns {
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
    Tenure::ALL.into_iter().for_each(|tenure| all.vacancies.sort(tenure));
    all.vacancies.sort_rooms();
    all
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
