//! Same seed, same bytes: threads, lanes, slots and company must not show.

use doorstroom_experiment::{Experiment, RunSettings, Unit, displacement, effects};
use doorstroom_tests::{experiment, units};

fn small() -> Experiment {
    experiment("quickstart.ron", &[("scale", "0.04"), ("months", "26"), ("replicates", "2")])
}

/// Everything observed, as text: names, counts and figures of all arms.
fn bytes(units: &[Unit]) -> Vec<String> {
    let mut all = Vec::new();
    for unit in units {
        for (arm, observed) in &unit.arms {
            let lettings: Vec<_> = observed.lettings.rows().collect();
            all.push(format!("{arm} {:?} {:?} {:?} {lettings:?}", observed.series, observed.stock, observed.outcome));
        }
    }
    all
}

#[test]
fn results_are_the_same_for_one_two_and_eight_threads() {
    let experiment = small();
    let one = bytes(&units(&experiment, &RunSettings::all(&experiment, 1)).0);
    assert!(one.iter().all(|text| text.len() > 10_000), "there is something to compare");
    for threads in [2, 8] {
        assert!(one == bytes(&units(&experiment, &RunSettings::all(&experiment, threads)).0), "{threads} threads");
    }
}

#[test]
fn results_do_not_depend_on_the_numbering_of_slots() {
    let experiment = small();
    let plain = bytes(&units(&experiment, &RunSettings::all(&experiment, 2)).0);
    for seed in [1, 77] {
        let mut settings = RunSettings::all(&experiment, 2);
        settings.permute_slots = Some(seed);
        assert!(plain == bytes(&units(&experiment, &settings).0), "slots permuted by {seed}");
    }
}

#[test]
fn a_replicate_is_the_same_alone_and_in_company() {
    let experiment = small();
    let together = bytes(&units(&experiment, &RunSettings::all(&experiment, 1)).0);
    let mut settings = RunSettings::all(&experiment, 1);
    settings.replicates = vec![1];
    let alone = bytes(&units(&experiment, &settings).0);
    assert!(together[together.len() / 2..] == alone);
}

#[test]
fn another_seed_gives_another_result() {
    let first = small();
    let second =
        experiment("quickstart.ron", &[("scale", "0.04"), ("months", "26"), ("replicates", "2"), ("seed", "5")]);
    let run = |experiment: &Experiment| bytes(&units(experiment, &RunSettings::all(experiment, 2)).0);
    assert!(run(&first) != run(&second));
}

#[test]
fn an_arm_without_changes_is_zero_in_every_cell_and_the_ban_is_not() {
    let experiment = small();
    let (_, done) = units(&experiment, &RunSettings::all(&experiment, 2));
    let arms = experiment.arm_names();
    let effects = effects(&done.units, &arms);
    let displacement = displacement(&done.units, &arms, 1.0);
    let is_zero = |x: f64| x == 0.0 || x.is_nan();
    assert!(effects.iter().filter(|row| &*row.arm == "no_op").all(|row| is_zero(row.mean) && is_zero(row.sd)));
    for row in displacement.iter().filter(|row| &*row.arm == "no_op") {
        assert!(is_zero(row.mean), "{row:?}");
    }
    assert!(effects.iter().any(|row| &*row.arm == "priority_ban" && row.mean != 0.0));
}

#[test]
fn a_shorter_run_is_the_beginning_of_a_longer_one() {
    let long = small();
    let short = experiment("quickstart.ron", &[("scale", "0.04"), ("months", "20"), ("replicates", "1")]);
    let mut settings = RunSettings::all(&long, 1);
    settings.replicates = vec![0];
    let (long, _) = units(&long, &settings);
    let (short, _) = units(&short, &RunSettings::all(&short, 1));
    for ((arm, long), (other, short)) in long[0].arms.iter().zip(&short[0].arms) {
        assert_eq!(arm, other);
        let months: Vec<_> = short.lettings.rows().collect();
        let beginning: Vec<_> = long.lettings.rows().take(months.len()).collect();
        assert!(!months.is_empty() && months == beginning, "{arm}");
    }
}

#[test]
fn gates_open_at_the_same_evaluation_for_any_threads_lanes_and_slots() {
    let settings = [("scale", "0.01"), ("months", "72"), ("replicates", "2")];
    let experiment = experiment("what_do_gates_between_phases_do.ron", &settings);
    let plain = units(&experiment, &RunSettings::all(&experiment, 1)).0;
    let open =
        |unit: &Unit| unit.arms.iter().map(|(_, seen)| seen.totals.last().map_or(0, |t| t.gates[1])).sum::<u32>();
    assert!(plain.iter().map(open).sum::<u32>() > 0, "some gate opens");
    let mut permuted = RunSettings::all(&experiment, 2);
    permuted.permute_slots = Some(3);
    assert!(bytes(&plain) == bytes(&units(&experiment, &permuted).0), "two threads, slots permuted");
}
