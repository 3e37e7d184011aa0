//! What a ban leaves in reception follows from who is not housed and from the own network (worlds/MODEL.md M17).

use doorstroom_experiment::{RunSettings, effects};
use doorstroom_tests::{experiment, units};

// Persons whom nothing but their own network takes from reception once they are past the term come in month by month,
// and a chance h a month thins them: with a steady inflow N that is N/h (1 - exp(-h months)).
#[test]
fn those_past_the_term_under_a_ban_follow_from_the_unhoused_inflow_and_the_own_network() {
    let settings = [("scale", "0.05"), ("replicates", "2")];
    let experiment = experiment("how_much_hangs_on_the_own_network.ron", &settings);
    let (_, done) = units(&experiment, &RunSettings::all(&experiment, 2));
    let rows = effects(&done.units, &experiment.arm_names());
    let mut extras = Vec::new();
    for arm in ["low", "base", "high"] {
        let arm = format!("ban_own_network_{arm}");
        let row = |measure: &str| {
            let row = rows.iter().find(|row| *row.arm == arm && *row.measure == *measure);
            row.unwrap_or_else(|| panic!("{arm} {measure}"))
        };
        let (overdue, formula) = (row("reception.overdue_end"), row("reception.overdue_by_formula"));
        let (found, expected) = (overdue.baseline_mean + overdue.mean, formula.baseline_mean + formula.mean);
        assert!((found / expected - 1.0).abs() < 0.15, "{arm}: {found:.0} persons past the term, not {expected:.0}");
        extras.push(overdue.mean);
    }
    assert!(extras.is_sorted_by(|a, b| a > b), "the own network is what a ban hangs on: {extras:?}");
}
