//! Worlds that nobody tried before, written from the documentation alone.

use doorstroom_experiment::laws::formulas::{cobham, fluid_wait, lottery_wait, step_shift, wait_mmc};
use doorstroom_experiment::queue::{QueueExperiment, find, run_queue};
use doorstroom_observe::queue::{Estimate, estimate_mean};
use doorstroom_world::read::{Problem, Problems, Source};

/// The documentation of the format.
const README: &str = include_str!("../../worlds/closed-form/README.md");

/// The examples of the documentation: a world, an experiment on it, and a second world.
fn examples() -> Vec<&'static str> {
    README.split("```ron\n").skip(1).filter_map(|rest| rest.split("```").next()).collect()
}

/// Runs `world` and gives the pooled mean of a measure.
fn measured(world: &str, length: &str, replicates: u32, asked: (&'static str, &str, &str)) -> Estimate {
    all_measured(world, length, replicates, &[asked])[0]
}

/// The same for several measures of one run.
fn all_measured(world: &str, length: &str, replicates: u32, asked: &[(&'static str, &str, &str)]) -> Vec<Estimate> {
    let experiment = format!(
        "QueueExperiment(version: 1, question: \"q\", world: \"w\", length: {length}, replicates: {replicates}, seed: 5, \
         baseline: \"base\", arms: {{\"base\": ()}})"
    );
    let library = |file: &str| -> Result<Source, Problems> {
        match file {
            "w.ron" => Ok(Source::new(file, world)),
            _ => Err(Problem::of_file(file, "there is no such file", None).into()),
        }
    };
    let experiment = QueueExperiment::parse("e", &Source::new("e.ron", experiment), &library);
    let experiment = experiment.unwrap_or_else(|problems| panic!("{problems}"));
    let seen = run_queue(&experiment, experiment.seed, 2);
    asked.iter().map(|asked| estimate_mean(&find(&seen[0], asked.0, asked.1, asked.2)).expect("it was seen")).collect()
}

fn near(found: Estimate, expected: f64, allowance: f64) {
    let Estimate { value, se, .. } = found;
    assert!(4.0 * se < 0.03 * expected, "too noisy: {value} ± {se}");
    assert!((value - expected).abs() <= 4.06 * se + allowance, "{value} ± {se} instead of {expected}");
}

#[test]
fn the_examples_of_the_documentation_are_sound() {
    let blocks = examples();
    assert_eq!(blocks.len(), 3);
    let library = |file: &str| match file {
        "mine/list.ron" => Ok(Source::new(file, blocks[0])),
        "mine/two_kinds.ron" => Ok(Source::new(file, blocks[2])),
        _ => Err(Problems::from(Problem::of_file(file, "there is no such file", None))),
    };
    for world in ["mine/list", "mine/two_kinds"] {
        let text = blocks[1].replace("mine/list", world);
        let experiment = QueueExperiment::parse("mine", &Source::new("mine.ron", text), &library);
        assert_eq!(experiment.unwrap_or_else(|problems| panic!("{problems}")).arms.len(), 1);
    }
}

#[test]
fn every_measure_and_every_process_is_documented() {
    for (measure, ..) in doorstroom_observe::queue::MEASURES {
        assert!(README.contains(&format!("`{measure}`")), "{measure}");
    }
}

#[test]
fn the_second_example_meets_the_formulas_of_erlang_and_of_cobham() {
    let asked = [("wait", "flat seeker", "all"), ("wait", "urgent", "all"), ("wait", "regular", "all")];
    let found = all_measured(examples()[2], "Years(700)", 660, &asked);
    near(found[0], 12.0 * wait_mmc(7, 3.7, 17.3), 0.0);
    // of the house: two classes, in mean tenancies of 12/3.2 months; a step is four days
    let (stay, loads) = (12.0 / 3.2, [0.6 / 3.2, 1.0 / 3.2]);
    let shifts = step_shift(&loads, 4.0 / 30.4375 / stay);
    for (k, wait) in cobham(&loads, loads[0] + loads[1]).into_iter().enumerate() {
        near(found[k + 1], stay * (wait + shifts[k]), 0.0);
    }
}

#[test]
fn room_for_everybody_while_fewer_come_meets_its_sum() {
    let world = r#"Queue(version: 1, title: "fewer", step: Months(1), processes: [Exits, Arrivals],
        groups: {"x": (arrivals: PoissonFrom([(Steps(0), PerMonth(31)), (Years(2), PerMonth(7))]),
                       leaves: Exponential(PerMonth(0.11)), at_start: 55)},
        warm_up: Months(12))"#;
    // exits first: who comes in a step is there at its end, who was there is left with exp(-0.11)
    let (mut there, mut sum) = (55.0, 0.0);
    for month in 0..48 {
        there = there * libm::exp(-0.11) + if month < 24 { 31.0 } else { 7.0 };
        sum += if month < 12 { 0.0 } else { there };
    }
    near(measured(world, "Months(48)", 400, ("list_length", "x", "all")), sum / 36.0, 0.0);
}

#[test]
fn a_reserved_quota_and_a_lottery_together_meet_both_formulas() {
    // one group has a quota and draws lots for it, the other waits its turn
    let world = r#"Queue(version: 1, title: "two laws", step: Months(1),
        processes: [Exits, Arrivals, Vacancies, Allocation],
        groups: {"old": (arrivals: Poisson(PerMonth(70)), leaves: Exponential(PerMonth(0.03))),
                 "young": (arrivals: Poisson(PerMonth(50)), leaves: Exponential(PerMonth(0.04)))},
        goods: {"home": (vacancies: Poisson(PerMonth(40)))},
        scheme: Inline(version: 1, title: "t", channels: [
            (name: "lots", share: 0.4, rank: Lottery, open_to: ["young"], untaken: Lost),
            (name: "turns", share: 0.6, rank: RegistrationTime, open_to: ["old"], untaken: Lost)]),
        warm_up: Months(300))"#;
    let young = measured(world, "Months(1300)", 20, ("wait", "young", "lots"));
    near(young, lottery_wait(50.0, 16.0, 0.04, 1.0).0, 1.0 / 16.0);
    let old = measured(world, "Months(1300)", 20, ("wait", "old", "turns"));
    near(old, fluid_wait(70.0, 24.0, 0.03), 1.0 / 24.0);
}

#[test]
fn sharing_and_priority_for_another_group_size_meet_the_fluid_law() {
    let world = r#"Queue(version: 1, title: "pairs", step: Days(15),
        processes: [Exits, Arrivals, Vacancies, Allocation],
        groups: {"first": (arrivals: Poisson(PerMonth(10)), sharing: (share: 0.5, size: 2)),
                 "rest": (arrivals: Poisson(PerMonth(90)), leaves: Exponential(PerMonth(0.04)))},
        goods: {"home": (vacancies: Poisson(PerMonth(40)))},
        scheme: Inline(version: 1, title: "t", channels: [
            (name: "c", share: 1, rank: RegistrationTime, priority: [["first"]], untaken: Lost)]),
        warm_up: Months(300))"#;
    // 10 households take 10 (0.5 + 0.5/2) = 7.5 dwellings
    near(measured(world, "Months(1300)", 20, ("wait", "rest", "all")), fluid_wait(90.0, 32.5, 0.04), 1.0 / 32.5);
}
