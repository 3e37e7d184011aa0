//! The shipped town, towns with mistakes, and the smallest towns there can be.

use std::fs;
use std::path::PathBuf;

use super::*;
use crate::read::Problems;
use crate::report::PopulationReport;

fn worlds() -> PathBuf {
    FilePath::new(env!("CARGO_MANIFEST_DIR")).join("../../worlds")
}

/// What the loader says of a town beside the Netherlands.
fn load(text: &str) -> Result<World, Problems> {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path();
    fs::create_dir_all(root.join("town")).unwrap();
    std::os::unix::fs::symlink(worlds().join("netherlands").canonicalize().unwrap(), root.join("netherlands")).unwrap();
    std::os::unix::fs::symlink(worlds().join("one-region").canonicalize().unwrap(), root.join("one-region")).unwrap();
    fs::write(root.join("town/world.ron"), text).unwrap();
    World::load(&root.join("town"))
}

fn told(text: &str) -> String {
    load(text).expect_err("the town was spoiled").to_string()
}

fn shipped() -> String {
    fs::read_to_string(worlds().join("toy-town/world.ron")).unwrap()
}

/// The shipped town with each of these texts, which it holds, replaced once.
fn spoiled(changes: &[(&str, &str)]) -> String {
    changes.iter().fold(shipped(), |text, (from, to)| {
        assert!(text.contains(from), "{from} is in the town");
        text.replacen(from, to, 1)
    })
}

/// A town of one municipality and region.
fn hamlet(inhabitants: [u32; 3], households: [u32; 3], dwellings: [u32; 3], unoccupied: u32) -> String {
    let [all, young, old] = inhabitants;
    let [one, without, with] = households;
    let [owner, corporation, other] = dwellings;
    format!(
        "Town(version: 1, title: \"t\", rules_of: \"netherlands\", population_seed: 1,
    regions: [(code: \"CR07\", name: \"r\", market: Middle)],
    municipalities: [(code: \"GM0009\", name: \"h\", region: \"CR07\", urbanity: 3,
        inhabitants: {all}, aged_15_to_24: {young}, aged_65_and_over: {old},
        households: (one_person: {one}, without_children: {without}, with_children: {with}),
        dwellings: (owner: {owner}, corporation: {corporation}, other_rental: {other}), unoccupied: {unoccupied})])"
    )
}

#[test]
fn the_shipped_town_is_what_its_page_says_with_the_rules_of_the_netherlands() {
    let town = World::load(&worlds().join("toy-town")).unwrap_or_else(|problems| panic!("{problems}"));
    let country = World::load(&worlds().join("netherlands")).unwrap_or_else(|problems| panic!("{problems}"));
    assert!(shipped().lines().count() <= 80, "one page");
    assert_eq!((town.is_town, town.tables.municipalities.len(), town.tables.regions.len()), (true, 3, 2));
    assert_eq!(town.tables.regions[0].neighbours, [1]);
    assert_eq!(town.tables.regions[1].neighbours, [0]);
    let schemes = ["CR01", "CR02"].map(|code| town.rules.schemes.now().name_of(code).to_owned());
    let by_class = [MarketClass::Tight, MarketClass::Relaxed]
        .map(|class| country.tables.regions.iter().find(|region| region.class == class).map(|region| &region.code))
        .map(|code| country.rules.schemes.now().name_of(code.map_or("", String::as_str)).to_owned());
    assert_eq!(schemes, by_class, "the town says how tight its markets are");
    let mut elsewhere = country.rules.clone();
    elsewhere.schemes = town.rules.schemes.clone();
    assert_eq!((town.rules == elsewhere, town.seekers == country.seekers), (true, true));
    assert!((town.share - 6_600.0 / 17_942_942.0).abs() < 1e-12, "{}", town.share);
    assert!(town.inputs.iter().any(|file| file.ends_with("toy-town/world.ron")) && town.inputs.len() > 15);
    let (population, markets) = town.populate_with_markets(1.0, town.population_seed);
    let report = PopulationReport::of(&town, &population, &markets, 1.0);
    assert_eq!(report.missed().count(), 0, "{report}");
}

#[test]
fn what_is_written_by_hand_is_what_lives_there_however_far_from_the_country() {
    // no children, one in three of 65 and over; only families, all young; no vacancy at all
    for (name, text) in [
        ("old", hamlet([1_500, 150, 500], [500, 500, 0], [500, 300, 200], 25)),
        ("families", hamlet([4_000, 500, 20], [0, 0, 1_000], [300, 500, 200], 20)),
        ("full", hamlet([1_500, 150, 100], [400, 200, 200], [400, 200, 160], 0)),
    ] {
        let town = load(&text).unwrap_or_else(|problems| panic!("{problems}"));
        let report = PopulationReport::of_town(&town.populate(1.0, 3), &town, 1.0);
        let off: Vec<_> = report.missed().filter(|figure| figure.subject != "persons").collect();
        assert!(off.is_empty(), "{name}: {off:?}");
    }
}

#[test]
fn the_smallest_towns_are_populated() {
    for (name, text) in [
        ("fifty", hamlet([110, 12, 20], [20, 15, 15], [30, 15, 5], 2)),
        ("no-corporation", hamlet([110, 12, 20], [20, 15, 15], [45, 0, 5], 2)),
        ("only-corporation", hamlet([110, 12, 20], [20, 15, 15], [0, 50, 0], 2)),
        ("no-age", hamlet([110, 0, 0], [20, 15, 15], [30, 15, 5], 0)),
        ("all-old", hamlet([100, 0, 100], [50, 0, 0], [30, 15, 5], 0)),
        ("one", hamlet([1, 0, 0], [1, 0, 0], [0, 0, 1], 0)),
        ("empty-homes", hamlet([4, 0, 1], [1, 0, 1], [10, 20, 10], 38)),
    ] {
        let town = load(&text).unwrap_or_else(|problems| panic!("{name}: {problems}"));
        for seed in 0..20 {
            let population = town.populate(1.0, seed);
            let lived_in = population.homes.iter().filter(|home| home.kind.is_private()).count();
            assert_eq!(lived_in as u64, town.households(), "{name}");
            assert_eq!(population.dwellings.len() as u64, town.dwellings(), "{name}");
        }
    }
}

#[test]
fn mistakes_of_meaning_come_in_one_answer_at_their_lines() {
    let text = spoiled(&[
        ("title: \"Toy town\"", "title: \" \""),
        ("code: \"CR02\"", "code: \"CR2\""),
        ("(\"CR01\", \"CR02\")", "(\"CR01\", \"CR03\"), (\"CR01\", \"CR01\")"),
        ("urbanity: 2", "urbanity: 6"),
        ("inhabitants: 3400", "inhabitants: 2500"),
        ("code: \"GM0002\"", "code: \"GM0001\""),
        ("region: \"CR01\",\n            urbanity: 3", "region: \"CR10\",\n            urbanity: 3"),
        ("owner: 560", "owner: 60"),
        ("unoccupied: 20,", "unoccupied: 2000,"),
        ("aged_65_and_over: 320", "aged_65_and_over: 1200"),
    ]);
    let told = told(&text);
    for (wanted, mark) in [
        ("`title` is empty", "title: \" \""),
        ("`code` is \"CR2\"; it is CR and 2 digits", "\"CR2\""),
        ("no municipality lies in region \"CR2\"", "\"CR2\""),
        ("there is no region \"CR03\"", "\"CR03\""),
        ("region \"CR01\" borders on itself", "\"CR03\""),
        ("`urbanity` is 6; it must lie between 1 and 5", "urbanity: 6"),
        ("these households are at least 2600 persons, of 2500 inhabitants", "one_person: 760"),
        ("\"GM0001\" is given twice", "name: \"Millbank\""),
        ("`region` is \"CR10\"; there is no region of that name", "\"CR10\""),
        ("`unoccupied` is 2000, of 310 dwellings", "unoccupied: 2000"),
        ("820 households; at most", "one_person: 240"),
        ("more persons aged 15 to 24 and 65 and over than the 1300", "1200"),
    ] {
        // codes stand on the line above the name
        let line = text.lines().position(|line| line.contains(mark)).unwrap() + usize::from(!mark.starts_with("name"));
        let here = |said: &str| said.contains(&format!("world.ron:{line}:")) && said.contains(wanted);
        assert!(told.lines().any(here), "{line}: {wanted} in\n{told}");
    }
}

#[test]
fn a_town_takes_its_rules_from_a_whole_world_that_is_larger() {
    for (rules_of, wanted) in [
        ("netherlnds", "did you mean \"netherlands\"?"),
        ("town", "name the folder of another world"),
        ("../netherlands", "name the folder of another world"),
        ("one-region", "takes its rules from another world; name that one"),
    ] {
        let told = told(&spoiled(&[("rules_of: \"netherlands\"", &format!("rules_of: \"{rules_of}\""))]));
        assert!(told.contains("world.ron:") && told.contains(wanted), "{told}");
    }
    let many: Vec<String> = (10..30).map(|i| format!("GM{i:04}")).collect();
    let place = |code: &String| {
        format!(
            "(code: \"{code}\", name: \"n\", region: \"CR01\", urbanity: 1, inhabitants: 1000000, aged_15_to_24: 1,
            aged_65_and_over: 1, households: (one_person: 10, without_children: 0, with_children: 0),
            dwellings: (owner: 10, corporation: 0, other_rental: 0), unoccupied: 0),"
        )
    };
    let places: String = many.iter().map(place).collect();
    let told = told(&spoiled(&[("    municipalities: [", &format!("    municipalities: [{places}"))]));
    assert!(told.contains("inhabitants; \"netherlands\", whose flows they share, has 17942942"), "{told}");
}
