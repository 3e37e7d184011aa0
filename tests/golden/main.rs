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

// Every change of a result shows here, wanted or not; CHANGELOG.md says which it was.
#[test]
fn three_years_in_a_toy_town_change_only_on_purpose() {
    let experiment = experiment("toy_town.ron", &[("replicates", "1")]);
    let (units, _) = units(&experiment, &RunSettings::all(&experiment, 1));
    let mut text = String::new();
    for (arm, observed) in &units[0].arms {
        text += &format!("{arm}\n");
        for (key, value) in &observed.outcome.measures {
            let (measure, group, area, unit) = (&*key.measure, &*key.group, &*key.area, &*key.unit);
            text += &format!("  {measure} {group} {area} {value:.6} {unit}\n");
        }
    }
    golden("toy_town.txt", &text);
}
