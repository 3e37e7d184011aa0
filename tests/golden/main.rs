//! Golden texts: they change only on purpose. `BLESS=1 cargo test` rewrites them and fails that run.

use std::path::Path;

use bevy_ecs::world::World;
use doorstroom_experiment::RunSettings;
use doorstroom_process::Month;
use doorstroom_tests::{experiment, units};

/// Compares with the committed text, or rewrites it and fails.
fn golden(name: &str, found: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("golden").join(name);
    if std::env::var_os("BLESS").is_some() {
        std::fs::write(&path, found).expect("the golden file can be written");
        panic!("{} was rewritten; look at the difference and run again", path.display());
    }
    let wanted = std::fs::read_to_string(&path).expect("the golden file is there");
    assert_eq!(found, wanted, "{} differs; if that is meant: BLESS=1 cargo test", path.display());
}

#[test]
fn the_schedule_changes_only_on_purpose() {
    let mut world = World::new();
    doorstroom_state::model::checkpoint(&mut world);
    golden("schedule.txt", &doorstroom_kernel::registrar::print(Month::new(&mut world).entries()));
}

// Every change of a result shows in one of these three, wanted or not; CHANGELOG.md says which it was. A world is made in
// three ways, and each has its own.

#[test]
fn three_years_in_a_toy_town_change_only_on_purpose() {
    golden("toy_town.txt", &told("toy_town.ron", &[("replicates", "1")]));
}

#[test]
fn twenty_months_in_a_part_of_the_country_change_only_on_purpose() {
    golden("one_region.txt", &told("quickstart.ron", &[("replicates", "1"), ("scale", "0.05"), ("months", "20")]));
}

#[test]
fn twenty_months_in_the_country_change_only_on_purpose() {
    let settings = [("replicates", "1"), ("scale", "0.002"), ("months", "20")];
    golden("netherlands.txt", &told("does_a_priority_ban_shorten_other_queues.ron", &settings));
}

/// Every measure of every arm, of all regions together.
fn told(file: &str, settings: &[(&str, &str)]) -> String {
    let experiment = experiment(file, settings);
    let (units, _) = units(&experiment, &RunSettings::all(&experiment, 1));
    let mut text = String::new();
    for (arm, observed) in &units[0].arms {
        text += &format!("{arm}\n");
        for (key, value) in observed.outcome.measures.iter().filter(|(key, _)| &*key.area == "NL") {
            text += &format!("  {} {} {value:.6} {}\n", &*key.measure, &*key.group, &*key.unit);
        }
    }
    text
}
