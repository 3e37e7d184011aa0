//! A part of a country gets what its municipalities get in the whole of it (worlds/README.md, "A part of the country").

use std::collections::BTreeSet;

use doorstroom_kernel::Step;
use doorstroom_process::Month;
use doorstroom_state::dwelling::{Dwelling, Tenure};
use doorstroom_state::household::Household;
use doorstroom_state::ledger::Ledger;
use doorstroom_state::name::KinName;
use doorstroom_tests::{town, world};

/// Numbers of a municipality: as many as no test draws in a month.
const MOST: u32 = 400;

/// Names of those who come from abroad, and of dwellings built, in the first month in the municipalities of `part`.
fn first_month(name: &str, part: &[u16], scale: f64) -> [BTreeSet<(u16, u32)>; 2] {
    let world = world(name);
    let (mut ecs, mut month) = town(&world, scale, 3, 5, world.rules.clone());
    month.run(&mut ecs);
    let people: BTreeSet<KinName> = ecs.query::<&Household>().iter(&ecs).map(|one| one.kin.name).collect();
    let dwellings: BTreeSet<KinName> = ecs.query::<&Dwelling>().iter(&ecs).map(|one| one.name).collect();
    let all = || part.iter().flat_map(|&code| (0..MOST).map(move |ordinal| (code, ordinal)));
    let of = |word: &str, names: &BTreeSet<KinName>| {
        let is_there = |&(code, ordinal): &(u16, u32)| {
            names.contains(&KinName::arrival(word, u32::from(code), Step(0).0, ordinal))
        };
        all().filter(is_there).collect()
    };
    [of("immigrant", &people), of("built owner", &dwellings)]
}

#[test]
fn as_many_come_from_abroad_and_as_many_homes_are_built_in_a_part_as_there_are_in_the_country() {
    for name in ["one-region", "amsterdam"] {
        let codes: Vec<u16> = world(name).tables.municipalities.iter().map(|row| row.number).collect();
        let (alone, within) = (first_month(name, &codes, 0.2), first_month("netherlands", &codes, 0.2));
        assert_eq!(alone, within, "{name}");
        assert!(alone.iter().all(|one| one.len() > 3), "{name}: {alone:?}");
    }
}

#[test]
fn as_many_corporation_dwellings_are_demolished_in_a_part_as_there_are_in_the_country() {
    // per corporation dwelling; of two years of 30 dwellings a month and more, so that luck of rounding is small beside
    // the fifth by which the Achterhoek has fewer corporation dwellings than inhabitants
    let rate = |name: &str, scale: f64| {
        let world = world(name);
        let mut rules = world.rules.clone();
        for (path, value) in
            [("supply.demolished_inhabited_share", "0.0"), ("supply.demolished_corporation", "40000.0")]
        {
            rules.set(path, doorstroom_kernel::Day(0), value, "test").expect("there is such a rule").expect("a value");
        }
        let (mut ecs, mut month) = town(&world, scale, 3, 5, rules);
        let corporation = |dwelling: &&Dwelling| dwelling.tenure == Tenure::Corporation;
        let stock = ecs.query::<&Dwelling>().iter(&ecs).filter(corporation).count() as f64;
        let mut gone = 0;
        for _ in 0..24 {
            month.run(&mut ecs);
            gone += ecs.resource::<Ledger>().tenures[Tenure::Corporation as usize].demolished;
            Month::advance(&mut ecs);
        }
        f64::from(gone) / stock / 2.0
    };
    let country = rate("netherlands", 0.02);
    for name in ["one-region", "amsterdam"] {
        let part = rate(name, 0.5);
        assert!((part / country - 1.0).abs() < 0.05, "{name}: {part} a year, {country} in the country");
    }
}
