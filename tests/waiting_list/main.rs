//! The common workload: the same bytes for any number of threads, and the distribution that its definition gives.
//!
//! `naive` is that definition, one draw per household and month. The statistical tests compare means over 24 seeds;
//! each says its statistic, degrees of freedom, critical value and rate of false alarms.

mod naive;
mod verdict;

use bevy_ecs::world::World as Ecs;
use doorstroom_kernel::{Chance, Lane};
use doorstroom_observe::look_with;
use doorstroom_observe::waiting_list::{WaitingListOutcome, waiting_list_outcome};
use doorstroom_process::Month;
use doorstroom_process::waiting_list::{PURPOSES, WaitingListRules};
use doorstroom_state::waiting_list::{Household, Tally, checkpoint};
use doorstroom_world::WaitingListWorld;

use verdict::{Sample, assert_alike};

const MONTHS: u32 = 120;

fn world() -> WaitingListWorld {
    let folder = doorstroom_tests::repository().join("worlds/waiting-list-core");
    let world = WaitingListWorld::load(&folder).unwrap_or_else(|problems| panic!("{problems}"));
    world.expect("the shipped world is a waiting list")
}

fn populated(world: &WaitingListWorld, households: u32, seed: u64) -> Ecs {
    let mut ecs = Ecs::new();
    checkpoint(&mut ecs);
    world.populate(&mut ecs, households, seed);
    ecs
}

fn run(world: &WaitingListWorld, ecs: &mut Ecs, seed: u64, threads: usize, months: u32) -> WaitingListOutcome {
    let rules = WaitingListRules::new(&world.file.processes, &world.file.groups);
    let input = (world.file.groups.len(), rules.income_at_most);
    ecs.insert_resource(rules);
    ecs.insert_resource(Chance::new(seed));
    ecs.insert_resource(Lane::new(threads));
    let mut month = Month::of_waiting_list(ecs, None);
    for _ in 0..months {
        month.run(ecs);
        Month::advance(ecs);
    }
    look_with(ecs, input, waiting_list_outcome)
}

fn rows(ecs: &mut Ecs) -> Vec<Household> {
    ecs.query::<&Household>().iter(ecs).copied().collect()
}

#[test]
fn results_are_the_same_for_one_two_and_eight_threads() {
    // four chunks of rows, the last one short
    let world = world();
    let results = [1, 2, 8].map(|threads| {
        let mut ecs = populated(&world, 210_000, 1);
        let outcome = run(&world, &mut ecs, 5, threads, 40);
        (rows(&mut ecs), *ecs.resource::<Tally>(), outcome)
    });
    assert!(results[0].1.events() > 100_000, "there is something to compare");
    assert!(results[0] == results[1], "2 threads");
    assert!(results[0] == results[2], "8 threads");
}

#[test]
fn results_do_not_depend_on_the_rows_in_which_households_stand() {
    use doorstroom_state::due::Due;
    use doorstroom_state::waiting_list::{NextIncome, NextLeaving, NextRegistering, rebuild_lines};
    let world = world();
    let mut plain = populated(&world, 70_000, 1);
    let mut turned = populated(&world, 70_000, 1);
    let mut back = rows(&mut turned);
    back.reverse();
    let anew = Due::redraw(doorstroom_kernel::Step(0));
    let mut query = turned.query::<(&mut Household, &NextIncome, &NextRegistering, &NextLeaving)>();
    for ((mut row, income, registering, leaving), household) in query.iter_mut(&mut turned).zip(back) {
        assert!([income.0, registering.0, leaving.0] == [anew; 3], "nobody has drawn yet");
        *row = household;
    }
    let rules = WaitingListRules::new(&world.file.processes, &world.file.groups);
    rebuild_lines(&mut turned, &rules.class_of, rules.income_at_most);
    run(&world, &mut plain, 3, 1, 36);
    run(&world, &mut turned, 3, 1, 36);
    let mut turned_rows = rows(&mut turned);
    turned_rows.sort_by_key(|household| household.ordinal);
    assert_eq!(plain.resource::<Tally>(), turned.resource::<Tally>());
    assert!(rows(&mut plain) == turned_rows);
}

#[test]
fn another_seed_gives_another_run_of_the_same_population() {
    let world = world();
    let outcome = |seed| run(&world, &mut populated(&world, 5_000, 1), seed, 1, 24);
    assert!(outcome(1) != outcome(2));
    assert!(outcome(1) == outcome(1));
}

#[test]
fn no_two_purposes_of_the_waiting_list_share_a_label() {
    let mut labels = PURPOSES.map(|purpose| purpose.label);
    labels.sort_unstable();
    assert!(labels.windows(2).all(|pair| pair[0] != pair[1]), "{labels:?}");
}

// 24 seeds of population and run at 100,000 households against the means of 24 seeds of the plain-Rust reference program
// that defined the workload. Both means have sampling error: difference over sd sqrt(2/24), sd of our seeds, after half a
// unit of the last published digit. Student t, df 23, critical 6.593, rate 1e-6 each of 8 (8e-6 in all).
#[test]
fn lettings_and_waits_are_those_of_the_reference() {
    let world = world();
    let mut figures: [Sample; 8] = Default::default();
    for seed in 101..125 {
        let outcome = run(&world, &mut populated(&world, 100_000, seed), seed, 1, MONTHS);
        for group in 0..4 {
            figures[group].push(outcome.alloc[group] as f64 / 1_000.0);
            figures[4 + group].push(outcome.wait[group]);
        }
    }
    // lettings per 100 households, then mean waits in months; each with half of its last digit
    let published = [
        (28.47, 0.005),
        (6.47, 0.005),
        (1.643, 0.0005),
        (1.788, 0.0005),
        (92.0, 0.05),
        (39.2, 0.05),
        (37.6, 0.05),
        (91.9, 0.05),
    ];
    for (i, (sample, (mean, rounding))) in figures.iter().zip(published).enumerate() {
        let missed = ((sample.mean() - mean).abs() - rounding).max(0.0);
        let t = missed / (sample.sd() * f64::sqrt(2.0 / 24.0));
        assert!(t < 6.593, "figure {i}: {} against {mean}, t {t}, critical 6.593", sample.mean());
    }
}

// 24 seeds, each a pair of the engine and the naive definition on the same population of 20,000 households: paired
// differences of 15 figures. Student t, df 23, critical 6.593, rate 1e-6 each (1.5e-5 in all).
#[test]
fn skipping_to_the_next_event_gives_the_distribution_of_one_draw_per_household_and_month() {
    let world = world();
    let (mut differences, mut names) = (Vec::<Sample>::new(), Vec::new());
    for seed in 1..=24 {
        let mut ecs = populated(&world, 20_000, seed);
        let population = rows(&mut ecs);
        let outcome = run(&world, &mut ecs, seed, 1, MONTHS);
        let rows = rows(&mut ecs);
        let engine = naive::figures(&outcome, ecs.resource::<Tally>(), &rows);
        let (outcome, tally, households) = naive::run(&world.file, population, seed, MONTHS);
        let naive = naive::figures(&outcome, &tally, &households);
        differences.resize_with(engine.len(), Sample::default);
        for (difference, (ours, theirs)) in differences.iter_mut().zip(engine.iter().zip(&naive)) {
            difference.push(ours.1 - theirs.1);
        }
        names = engine.iter().map(|figure| figure.0).collect();
    }
    assert_eq!(names.len(), 15);
    for (name, difference) in names.iter().zip(&differences) {
        assert_alike(name, difference, 6.593);
    }
}

#[test]
fn the_verdict_on_means_can_be_bad() {
    let shifted = |by: f64| {
        let mut sample = Sample::default();
        (0..24).for_each(|i| sample.push(by + f64::from(i % 5) - 2.0));
        sample
    };
    assert!(shifted(0.1).t().abs() < 6.593);
    assert!(shifted(3.0).t().abs() > 6.593);
}
