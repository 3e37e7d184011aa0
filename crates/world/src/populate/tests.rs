//! The start state at one household in a hundred.

use doorstroom_kernel::Chance;
use doorstroom_state::dwelling::DwellingUse;
use doorstroom_state::tenancy::Occupants;
use doorstroom_state::{DwellingForm, HomeKind, KinName, Means, NO_SLOT};

use super::*;

fn population(seed: u64) -> (Population, StartRules, Tables) {
    let (tables, start) = test_world();
    (households_and_dwellings(&tables, &start, 0.01, &Chance::new(seed)), start, tables)
}

#[test]
fn the_start_state_meets_its_margins() {
    let (population, start, _) = population(1);
    for marginal in marginals(&population, &start) {
        // tolerances at 1:100: sums that are kept exactly, sums of rounded or drawn counts, and small or indirect ones
        let tolerance = match marginal.label {
            "households" | "dwellings" => 0.0001,
            "persons in under-occupied homes, share" | "corporation dwellings of one or two rooms, share" => 0.35,
            label if label.starts_with("vacant") || label.contains("shared homes of") => 0.25,
            label if label.contains("hosted") || label.contains("rooms") || label.contains("other acc") => 0.15,
            label if label.contains("shared homes") && !label.contains("included") => 0.20,
            label if label.contains("crowded") => 0.15,
            label if label.contains("lone") || label.contains("adults") || label.contains("without occ") => 0.06,
            _ => 0.02,
        };
        assert!(marginal.deviation() <= tolerance, "{marginal:?}");
    }
}

#[test]
fn homes_and_occupants_agree_and_no_dwelling_holds_more_than_it_may() {
    let (population, ..) = population(1);
    let mut lodged = vec![0_u8; population.homes.len()];
    for (slot, dwelling) in population.dwellings.iter().enumerate() {
        let mut kinds = Vec::new();
        for household in Occupants::of(&population.homes, dwelling) {
            let home = &population.homes[household as usize];
            assert_eq!((home.dwelling as usize, home.municipality), (slot, dwelling.municipality));
            lodged[household as usize] += 1;
            kinds.push(home.kind);
        }
        let hosted = kinds.iter().filter(|kind| kind.is_hosted()).count();
        match dwelling.form {
            DwellingForm::Shared => assert!(kinds.iter().all(|&kind| kind == HomeKind::Room)),
            _ => assert!(kinds.is_empty() || kinds[0] == HomeKind::Dwelling),
        }
        assert!(hosted <= 1 && kinds.len() - hosted <= usize::from(dwelling.capacity), "{kinds:?}");
        assert!(dwelling.state == DwellingUse::Lived || kinds.is_empty());
    }
    for (home, times) in population.homes.iter().zip(lodged) {
        assert_eq!(times, u8::from(home.kind != HomeKind::Other), "{home:?}");
        assert!(home.since.0 > 0);
    }
}

#[test]
fn every_empty_dwelling_that_may_be_lived_in_is_listed_once() {
    let (population, ..) = population(1);
    let open = |d: &&doorstroom_state::Dwelling| d.state == DwellingUse::Lived && d.occupant == NO_SLOT;
    let mut listed: Vec<u32> = population.vacancies.dwellings.iter().flatten().map(|v| v.dwelling).collect();
    for vacancy in &population.vacancies.rooms {
        let dwelling = &population.dwellings[vacancy.dwelling as usize];
        assert!(Occupants::of(&population.homes, dwelling).count() < usize::from(dwelling.capacity));
    }
    listed.sort_unstable();
    listed.dedup();
    let empty_shared = |d: &&doorstroom_state::Dwelling| d.form == DwellingForm::Shared;
    let empty = population.dwellings.iter().filter(open);
    assert_eq!(listed.len(), empty.clone().count() - empty.filter(empty_shared).count());
    for vacancy in population.vacancies.dwellings.iter().flatten() {
        assert_eq!(population.dwellings[vacancy.dwelling as usize].name, vacancy.name);
    }
}

#[test]
fn income_classes_have_the_published_shares_of_every_age_band() {
    let (population, start, tables) = population(1);
    let now = start.date.month_index();
    let mut counts = vec![[0_u32; 8]; tables.incomes.len()];
    for (members, means) in population.members.iter().zip(&population.means) {
        let band = income::band(&tables, members.head_age(now));
        counts[band][usize::from(means.income_class) - 1] += 1;
    }
    for (band, counts) in tables.incomes.iter().zip(&counts) {
        let total = f64::from(counts.iter().sum::<u32>());
        for (&count, share) in counts.iter().zip(band.shares) {
            // ranks are exact up to the order inside one bin of scores
            assert!((f64::from(count) / total - share).abs() < 0.006, "{band:?}: {counts:?}");
        }
    }
}

#[test]
fn the_same_seed_gives_the_same_country_on_one_and_two_threads_and_another_seed_another() {
    let pool = |threads| rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
    let (one, ..) = pool(1).install(|| population(7));
    let (two, ..) = pool(2).install(|| population(7));
    assert!(one.homes == two.homes && one.members == two.members && one.means == two.means);
    assert!(one.dwellings == two.dwellings);
    let (other, ..) = population(8);
    assert!(one.members != other.members);
}

#[test]
fn names_are_those_of_residents_and_students_live_in_rooms() {
    let (population, ..) = population(1);
    assert_eq!(population.kin[0].name, KinName::resident("household", u32::from(population.municipalities[0].code), 0));
    let mut names: Vec<_> = population.kin.iter().map(|kin| kin.name).collect();
    names.sort_unstable();
    names.dedup();
    assert_eq!(names.len(), population.kin.len());
    let students = population.means.iter().zip(&population.homes).filter(|(means, _)| means.is(Means::STUDENT));
    assert!(students.clone().count() > 500);
    assert!(students.clone().all(|(_, home)| home.kind == HomeKind::Room));
}

#[test]
fn any_part_of_an_earmarked_dwelling_is_carried_into_the_first_month() {
    let (population, ..) = population(1);
    let carried: Vec<f64> = population.municipalities.iter().map(|m| m.earmark_carry).collect();
    assert!(carried.iter().all(|carry| (0.0..1.0).contains(carry)));
    // an even draw: four standard errors of its mean, false alarm 6e-5
    let (mean, error) =
        (carried.iter().sum::<f64>() / carried.len() as f64, (12.0 * carried.len() as f64).sqrt().recip());
    assert!((mean - 0.5).abs() < 4.0 * error, "{mean}");
}

#[test]
fn half_of_municipalities_have_a_regulation_and_corporations_share_their_municipality() {
    let (population, ..) = population(1);
    let with = population.municipalities.iter().filter(|m| m.urgency_regulation).count();
    assert_eq!(with, population.municipalities.len() / 2);
    assert!(population.municipalities.iter().all(|m| m.earmark_effort > 0.0));
    let shares: f64 = population.corporations.iter().map(|c| f64::from(c.share)).sum();
    assert!((shares - population.municipalities.len() as f64).abs() < 1e-3);
    for dwelling in &population.dwellings {
        let owned = dwelling.tenure == doorstroom_state::Tenure::Corporation;
        assert_eq!(owned, dwelling.corporation != u16::MAX);
        assert_eq!(owned, dwelling.rent_class > 0);
        if owned {
            let corporation = &population.corporations[usize::from(dwelling.corporation)];
            assert_eq!(corporation.municipality, dwelling.municipality);
        }
    }
}
