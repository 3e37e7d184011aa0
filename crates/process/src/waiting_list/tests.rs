//! Small towns: lettings against a naive full sort, and lines as the cache that they are.

use bevy_ecs::prelude::World as Ecs;
use bevy_ecs::system::RunSystemOnce;
use doorstroom_kernel::registrar::Phases;
use doorstroom_kernel::{Calendar, Clock, Day, Lane, Step, StepLength};
use doorstroom_policy::waiting_list::{Departure, IncomeChange, Letting, Registering};
use doorstroom_policy::waiting_list::{Group, Processes};
use doorstroom_state::due::Due;
use doorstroom_state::waiting_list::{
    Household, Market, NextIncome, NextLeaving, NextRegistering, Standing, Tally, Vacant, checkpoint, rebuild_lines,
};

use super::*;

const TOWNS: u16 = 7;
const CHANCE: Purpose = Purpose::named("test town of a waiting list");

/// Busy enough that lines fill, empty, go stale and come back within a few years.
fn rules() -> WaitingListRules {
    let processes = Processes {
        income: IncomeChange { chance_per_step: 0.08, falls: 0.5, fall_factor: 0.7, rise_factor: 1.0 / 0.7 },
        registration: Registering {
            unhoused_per_step: 0.2,
            younger_per_step: 0.05,
            older_per_step: 0.02,
            older_from_months: 480,
        },
        departure: Departure { chance_per_step: 0.02 },
        allocation: Letting { income_at_most: 30_000.0 },
    };
    let groups = [2, 1, 0, 2].map(|class| Group { name: format!("class {class}"), share: 0.25, class });
    WaitingListRules::new(&processes, &groups)
}

fn town(households: u32, seed: u64, threads: usize) -> Ecs {
    let (mut ecs, chance, anew) = (Ecs::new(), Chance::new(seed), Due::redraw(Step(0)));
    checkpoint(&mut ecs);
    ecs.spawn_batch((0..households).map(|ordinal| {
        let mut luck = chance.trait_of(CHANCE, u64::from(ordinal));
        let household = Household {
            ordinal,
            income: 10_000.0 + luck.below(40_000) as f32,
            municipality: luck.below(u64::from(TOWNS)) as u16,
            since: -1 - luck.below(12) as i16,
            born: -200 - luck.below(400) as i16,
            group: luck.below(4) as u8,
            standing: Standing::new(luck.below(2) == 0, luck.below(3) > 0),
        };
        (household, NextIncome(anew), NextRegistering(anew), NextLeaving(anew))
    }));
    ecs.spawn_batch((0..TOWNS).map(|_| (Vacant::default(), Market::default())));
    let start = Day::parse("2025-01-01").unwrap();
    ecs.insert_resource(Clock::new(Calendar { start, length: StepLength::Months(1) }));
    ecs.insert_resource(Tally::default());
    ecs.insert_resource(chance);
    ecs.insert_resource(Lane::new(threads));
    let rules = rules();
    rebuild_lines(&mut ecs, &rules.class_of, rules.income_at_most);
    ecs.insert_resource(rules);
    ecs
}

fn households(ecs: &mut Ecs) -> Vec<Household> {
    ecs.query::<&Household>().iter(ecs).copied().collect()
}

fn vacant(ecs: &mut Ecs) -> Vec<u32> {
    ecs.query::<&Vacant>().iter(ecs).map(|vacant| vacant.0).collect()
}

/// Lets all vacant homes by sorting all seekers of every municipality.
fn let_naively(rules: &WaitingListRules, households: &mut [Household], vacant: &mut [u32]) {
    for (municipality, vacant) in vacant.iter_mut().enumerate() {
        let mut seekers: Vec<&mut Household> = households
            .iter_mut()
            .filter(|h| usize::from(h.municipality) == municipality && h.is_seeker(rules.income_at_most))
            .collect();
        seekers.sort_by_key(|h| (rules.class_of[usize::from(h.group)], h.since, h.ordinal));
        for household in seekers.into_iter().take(*vacant as usize) {
            household.standing = Standing::new(false, true);
            *vacant -= 1;
        }
    }
}

#[test]
fn every_month_homes_go_to_those_whom_a_full_sort_puts_first() {
    for seed in 1..=4 {
        let mut ecs = town(3_000, seed, 2);
        let rules = rules();
        let mut before_letting = Month::scheduled(&mut ecs, None, |registrar| {
            registrar.system(Phase::Registration, "all but letting", sweep::live);
        });
        let (mut let_in_all, mut scarce, mut ample) = (0, 0, 0);
        for _ in 0..80 {
            before_letting.run(&mut ecs);
            let (mut expected, mut left) = (households(&mut ecs), vacant(&mut ecs));
            let there = left.iter().sum::<u32>();
            let_naively(&rules, &mut expected, &mut left);
            ecs.run_system_once(allocation::let_homes).unwrap();
            assert_eq!(vacant(&mut ecs), left);
            assert!(households(&mut ecs) == expected, "lettings differ in {:?}", ecs.resource::<Clock>().step);
            let_in_all += there - left.iter().sum::<u32>();
            let waiting = expected.iter().filter(|h| h.is_seeker(rules.income_at_most)).count();
            scarce += u32::from(waiting > 100);
            ample += left.iter().filter(|&&left| left > 0).count();
            Month::advance(&mut ecs);
        }
        assert_eq!(u64::from(let_in_all), ecs.resource::<Tally>().lettings.iter().sum::<u64>());
        assert!(let_in_all > 2_000 && scarce > 5 && ample > 5, "{let_in_all} {scarce} {ample}");
    }
}

#[test]
fn lines_are_a_cache_whose_layout_does_not_show() {
    let (mut kept, mut rebuilt) = (town(2_000, 9, 1), town(2_000, 9, 1));
    let rules = rules();
    let (mut one, mut other) = (Month::of_waiting_list(&mut kept, None), Month::of_waiting_list(&mut rebuilt, None));
    for _ in 0..60 {
        one.run(&mut kept);
        other.run(&mut rebuilt);
        Month::advance(&mut kept);
        Month::advance(&mut rebuilt);
        rebuild_lines(&mut rebuilt, &rules.class_of, rules.income_at_most);
    }
    let stale = |ecs: &mut Ecs| ecs.query::<&Market>().iter(ecs).map(|m| m.entries().count()).sum::<usize>();
    assert!(stale(&mut kept) > stale(&mut rebuilt), "stale entries were there");
    assert!(households(&mut kept) == households(&mut rebuilt));
    assert_eq!(kept.resource::<Tally>(), rebuilt.resource::<Tally>());
}

#[test]
fn a_snapshot_with_rebuilt_lines_goes_on_as_if_nothing_had_happened() {
    let mut ecs = town(1_500, 5, 1);
    let (parts, rules) = (checkpoint(&mut ecs), rules());
    let mut month = Month::of_waiting_list(&mut ecs, None);
    let mut months = |ecs: &mut Ecs| {
        for _ in 0..30 {
            month.run(ecs);
            Month::advance(ecs);
        }
    };
    months(&mut ecs);
    let snapshot = parts.save(&mut ecs);
    months(&mut ecs);
    let (once, tally) = (households(&mut ecs), *ecs.resource::<Tally>());
    parts.restore(&mut ecs, &snapshot);
    rebuild_lines(&mut ecs, &rules.class_of, rules.income_at_most);
    assert!(households(&mut ecs) != once);
    months(&mut ecs);
    assert!(households(&mut ecs) == once);
    assert_eq!(*ecs.resource::<Tally>(), tally);
}

#[test]
fn homes_are_neither_made_nor_lost() {
    let mut ecs = town(4_000, 3, 1);
    let housed = |ecs: &mut Ecs| households(ecs).iter().filter(|h| h.standing.is_housed()).count() as u64;
    let homes = housed(&mut ecs);
    let mut month = Month::of_waiting_list(&mut ecs, None);
    for _ in 0..50 {
        month.run(&mut ecs);
        Month::advance(&mut ecs);
        let free: u32 = vacant(&mut ecs).iter().sum();
        assert_eq!(housed(&mut ecs) + u64::from(free), homes);
        let tally = *ecs.resource::<Tally>();
        assert_eq!(tally.departures - tally.lettings.iter().sum::<u64>(), u64::from(free));
    }
}

#[test]
fn the_order_of_all_systems_is_declared_and_says_what_each_touches() {
    let mut ecs = town(10, 1, 1);
    let month = Month::of_waiting_list(&mut ecs, None);
    let order: Vec<String> = Phase::ALL.iter().map(|phase| format!("{phase:?}")).collect();
    let places: Vec<usize> =
        month.entries().iter().map(|entry| order.iter().position(|phase| *phase == entry.phase).unwrap()).collect();
    assert!(places.len() == 2 && places.is_sorted());
    let last = &month.entries()[1];
    assert_eq!(last.writes, ["household", "lines", "next departure", "next registration", "tally", "vacancies"]);
    assert_eq!(last.reads, ["chance", "clock", "rules"]);
}
