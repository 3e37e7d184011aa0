//! Tests of experiments on closed-form worlds.

use super::*;
use doorstroom_world::read::{Problems, Source};

const WORLD: &str = r#"Queue(version: 1, title: "A list", step: Months(1),
    processes: [Exits, Arrivals, Vacancies, Allocation],
    groups: {"a": (arrivals: Poisson(PerMonth(6)), leaves: Exponential(PerMonth(0.05))),
             "b": (arrivals: Poisson(PerMonth(6)), leaves: Exponential(PerMonth(0.05)))},
    goods: {"home": (vacancies: Poisson(PerMonth(3)))},
    scheme: File("s.ron"), warm_up: Steps(10))"#;
const SCHEME: &str = r#"Scheme(version: 1, title: "t", channels: [(name: "list", share: 1, rank: Lottery)])"#;
const EXPERIMENT: &str = r#"QueueExperiment(version: 1, question: "q", world: "x/w", length: Steps(200), replicates: 4,
    seed: 1, baseline: "one", arms: {"one": (), "weekly": (step: Days(7))})"#;

fn library(file: &str) -> Result<Source, Problems> {
    match file {
        "x/w.ron" => Ok(Source::new(file, WORLD)),
        "x/s.ron" => Ok(Source::new(file, SCHEME)),
        _ => Err(read::no_such_file(file, &["x/w.ron", "x/s.ron"])),
    }
}

fn experiment(text: &str) -> Result<QueueExperiment, Problems> {
    QueueExperiment::parse("e", &Source::new("e.ron", text), &library)
}

#[test]
fn the_same_seed_gives_the_same_bytes_for_any_number_of_threads() {
    let experiment = experiment(EXPERIMENT).unwrap();
    let one = format!("{:?}", measures(&run_queue(&experiment, 7, 1)));
    assert_eq!(one, format!("{:?}", measures(&run_queue(&experiment, 7, 3))));
    assert_ne!(one, format!("{:?}", measures(&run_queue(&experiment, 8, 1))));
}

#[test]
fn list_steps_equal_the_sum_of_what_households_waited() {
    for arm in run_queue(&experiment(EXPERIMENT).unwrap(), 3, 1) {
        for seen in arm.seen {
            assert!(seen.totals.list_steps > 1000);
            assert_eq!(seen.totals.list_steps, seen.totals.individual_steps);
        }
    }
}

#[test]
fn an_arm_that_cannot_be_is_refused() {
    let told = |from: &str, to: &str| experiment(&EXPERIMENT.replace(from, to)).unwrap_err().to_string();
    assert!(told("x/w", "x/v").contains("no such file"));
    assert!(told("baseline: \"one\"", "baseline: \"two\"").contains("no arm of that name"));
    assert!(told("Steps(200)", "Steps(70000)").contains("at most 65533"));
    assert!(told("Steps(200)", "Steps(10)").contains("nothing is measured"));
    assert!(told("step: Days(7)", "processes: [Arrivals, Vacancies, Allocation]").contains("`Exits` does not run"));
}

#[test]
fn only_a_queue_experiment_is_one() {
    assert!(is_queue_experiment("// why\n\nQueueExperiment(version: 1)"));
    assert!(!is_queue_experiment("Experiment(version: 1)"));
}
