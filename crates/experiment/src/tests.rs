//! Whole small runs: the same bytes whatever the lanes, threads and slots; a no-op that does nothing.

use std::path::Path;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};

use crate::*;

const QUESTION: &str = r#"
Experiment(
    version: 1,
    world: "one-region",
    scale: 0.02,
    months: 15,
    replicates: 3,
    seed: 11,
    baseline: "base",
    arms: {
        "base": [],
        "no_op": [],
        "ban": [From("2025-07-01", [Set("priority.status_holder", Banned(except: []))])],
    },
)
"#;

/// An experiment on the shipped worlds; what is wrong with it, as text.
pub(crate) fn parse(text: &str) -> Result<Experiment, String> {
    let source = doorstroom_world::read::Source::new("q.ron", text);
    let worlds = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../worlds");
    Experiment::parse("q", &source, |world| worlds.join(world)).map_err(|problems| problems.to_string())
}

fn experiment(text: &str) -> Experiment {
    parse(text).unwrap()
}

/// Keeps nothing.
pub(crate) struct Nowhere;

impl Sink for Nowhere {
    fn unit(&self, _: Unit) -> Result<(), Box<dyn std::error::Error + Send + Sync>> {
        Ok(())
    }
}

/// Keeps every unit as text, by replicate.
#[derive(Default)]
struct Shelf(Mutex<Vec<(u32, String)>>);

impl Sink for Shelf {
    fn unit(&self, unit: Unit) -> Result<(), Box<dyn std::error::Error + Send + Sync>> {
        let mut text = String::new();
        for (arm, observed) in &unit.arms {
            text += &format!("{arm} {:?} {:?} {:?}", observed.series, observed.stock, observed.outcome);
            text += &format!("{:?} {:?} {:?}", observed.flows, observed.reception, observed.quota);
            let names = observed.lettings.lettings.iter().map(|l| (l.household_name, l.dwelling_name, l.rank));
            text += &format!("{:?}", names.collect::<Vec<_>>());
        }
        self.0.lock().unwrap().push((unit.replicate, text));
        Ok(())
    }
}

fn run_with(experiment: &Experiment, change: impl FnOnce(&mut RunSettings)) -> (Run, Vec<(u32, String)>) {
    let mut settings = RunSettings::all(experiment, 1);
    change(&mut settings);
    let shelf = Shelf::default();
    let run = run(experiment, &settings, &shelf, &Silent, &AtomicBool::new(false)).unwrap();
    let mut units = shelf.0.into_inner().unwrap();
    units.sort();
    (run, units)
}

/// Equal in every bit of every measure, NaN too, however its words are kept.
fn same(left: &[UnitSummary], right: &[UnitSummary]) -> bool {
    let json = |units: &[UnitSummary]| serde_json::to_string(units).unwrap();
    json(left) == json(right)
}

#[test]
fn lanes_threads_shards_and_slots_change_no_byte() {
    let experiment = experiment(QUESTION);
    let (one, units) = run_with(&experiment, |_| {});
    assert_eq!((one.units.len(), one.lanes, one.cancelled), (3, 1, false));
    assert_eq!(one.failures, []);
    let (lanes, in_lanes) = run_with(&experiment, |settings| settings.threads = 2);
    assert_eq!(lanes.lanes, 2);
    let (_, in_threads) = run_with(&experiment, |settings| {
        settings.threads = 2;
        settings.memory_bytes = Some(1);
    });
    let (_, permuted) = run_with(&experiment, |settings| settings.permute_slots = Some(5));
    for (words, other) in [("lanes", &in_lanes), ("threads", &in_threads), ("slots", &permuted)] {
        for (left, right) in units.iter().zip(other) {
            assert!(left == right, "{words}: replicate {} differs", left.0);
        }
    }
    let (last, alone) = run_with(&experiment, |settings| settings.replicates = vec![2]);
    assert!(alone[0] == units[2], "a replicate run alone differs");
    assert!(same(&last.units, &one.units[2..]), "its summary differs");
    let json = serde_json::to_string(&one.units).unwrap();
    let back: Vec<UnitSummary> = serde_json::from_str(&json).unwrap();
    assert!(back.len() == 3 && same(&back, &one.units), "summaries come back from JSON bit by bit");
}

#[test]
fn an_arm_that_changes_nothing_differs_in_nothing_and_pairs_balance() {
    let experiment = experiment(QUESTION);
    let (run, _) = run_with(&experiment, |_| {});
    let arms = experiment.arm_names();
    let effects = effects(&run.units, &arms);
    assert!(effects.len() > 100);
    for row in effects.iter().filter(|row| row.arm.as_str() == "no_op") {
        let defined = row.n == 3;
        assert!(!defined || (row.mean, row.ci_lo, row.ci_hi, row.sd) == (0.0, 0.0, 0.0, 0.0), "{row:?}");
    }
    assert!(effects.iter().any(|row| row.arm.as_str() == "ban" && row.mean != 0.0));
    let displacement = displacement(&run.units, &arms, 1.0);
    let figures = displacement::figures();
    for row in &displacement {
        let known = figures.iter().any(|(definition, measure, group)| {
            row.definition.as_str() == *definition && row.measure.as_str() == measure && row.group.as_str() == *group
        });
        assert!(known, "{row:?}");
    }
    for row in displacement.iter().filter(|row| row.arm.as_str() == "no_op") {
        let counts = row.measure.as_str().starts_with("housed_");
        assert!(counts || row.mean == 0.0 || row.mean.is_nan(), "{row:?}");
    }
    for row in identities(&run.units, &arms) {
        assert!(row.holds, "{row:?}");
    }
}

#[test]
fn a_cancelled_run_stops_at_the_next_step_and_keeps_what_was_finished() {
    struct CancelAfter<'a>(&'a AtomicBool, AtomicU32);
    impl Progress for CancelAfter<'_> {
        fn step(&self, replicate: u32, _: &str, _: u16) {
            if replicate == 1 && self.1.fetch_add(1, Ordering::Relaxed) == 2 {
                self.0.store(true, Ordering::Relaxed);
            }
        }
    }
    let experiment = experiment(QUESTION);
    let cancel = AtomicBool::new(false);
    let progress = CancelAfter(&cancel, AtomicU32::new(0));
    let run = run(&experiment, &RunSettings::all(&experiment, 1), &Shelf::default(), &progress, &cancel).unwrap();
    assert!(run.cancelled);
    assert_eq!((run.units.len(), progress.1.into_inner()), (1, 3));
}

#[test]
fn a_replicate_that_panics_leaves_the_others_alone() {
    struct Panics;
    impl Progress for Panics {
        fn step(&self, replicate: u32, arm: &str, step: u16) {
            assert!(!(replicate == 1 && arm == "ban" && step == 9), "broken on purpose");
        }
    }
    let experiment = experiment(QUESTION);
    let settings = RunSettings::all(&experiment, 1);
    let broken = run(&experiment, &settings, &Shelf::default(), &Panics, &AtomicBool::new(false)).unwrap();
    assert_eq!(broken.failures, [UnitFailure { replicate: 1, message: "broken on purpose".to_owned() }]);
    let (whole, _) = run_with(&experiment, |_| {});
    assert!(same(&broken.units[1..], &whole.units[2..]));
}

#[test]
fn a_population_of_its_own_differs_by_replicate_and_a_shared_one_does_not() {
    let mut experiment = experiment(QUESTION);
    experiment.with("months", "1").unwrap();
    experiment.with("population", "Redraw").unwrap();
    let (run, _) = run_with(&experiment, |settings| settings.replicates = vec![0, 1]);
    assert_eq!(run.failures, []);
    assert_ne!(run.units[0].arms, run.units[1].arms);
}

#[test]
fn lanes_are_as_many_as_threads_replicates_and_memory_allow() {
    let mut experiment = experiment(QUESTION);
    experiment.with("replicates", "3").unwrap();
    let of = |threads, memory| {
        lanes(&experiment, &RunSettings { memory_bytes: memory, ..RunSettings::all(&experiment, threads) })
    };
    assert_eq!(of(1, None), [1]);
    assert_eq!(of(8, None), [3, 3, 2]);
    assert_eq!(of(8, Some(1)), [8]);
}

#[test]
fn shards_cover_every_replicate_once() {
    let mut experiment = experiment(QUESTION);
    experiment.with("replicates", "7").unwrap();
    let mut all: Vec<u32> = (0..3).flat_map(|index| RunSettings::shard(&experiment, 1, index, 3).replicates).collect();
    all.sort_unstable();
    assert_eq!(all, [0, 1, 2, 3, 4, 5, 6]);
}

#[test]
fn the_estimate_counts_what_is_shared_before_the_fork_once() {
    let experiment = experiment(QUESTION);
    let estimate = Estimate::of(&experiment, 2);
    assert_eq!(estimate.household_months, 3 * estimate.households * (6 + 3 * 9));
    assert_eq!(estimate.fork.unwrap().to_string(), "2025-07-01");
    assert!(estimate.notes.iter().any(|note| note.contains("share one population")), "{:?}", estimate.notes);
}
