//! What must hold in any world, recounted naively from the columns after every step.

mod instruments;
mod invariants;
mod own_network;
mod parts;
mod seekers;
mod shares;

use doorstroom_observe::cohorts::Granted;
use doorstroom_observe::households::Followed;
use doorstroom_policy::Rules;
use doorstroom_process::Month;
use doorstroom_tests::{town, world};
use proptest::prelude::*;

/// Regimes for status holders that a random world may come under.
const REGIMES: [&str; 4] = [
    "FreeChoice",
    "Banned(except: [SinglesInSharedHomes(for_days: 365)])",
    "Banned(except: [], dsl_exempt: false)",
    "NoUrgencyOnAnyGround",
];

fn ruled(rules: &Rules, regime: &str, from: &str) -> Rules {
    let mut rules = rules.clone();
    let day = doorstroom_kernel::Day::parse(from).expect("a date");
    rules.set("priority.status_holder", day, regime, "test").expect("there is such a rule").expect("a regime");
    rules
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 10, max_shrink_iters: 4, ..ProptestConfig::default() })]

    #[test]
    fn the_books_agree_after_every_step_of_any_small_world(
        scale in 0.01f64..0.05,
        population_seed in 0u64..1_000,
        seed in 0u64..1_000,
        regime in 0usize..REGIMES.len(),
        months in 6u32..20,
        fork in 0u32..10,
    ) {
        let world = world("one-region");
        let rules = ruled(&world.rules, REGIMES[regime], "2025-04-01");
        let (mut ecs, mut month) = town(&world, scale, population_seed, seed, rules);
        let mut before = invariants::persons(&mut ecs);
        let (mut households, mut granted) = (Followed::counted(&mut ecs), Granted::found(&mut ecs));
        for step in 0..months {
            if step == fork {
                doorstroom_process::fork::mark(&mut ecs);
            }
            month.run(&mut ecs);
            before = invariants::check(&mut ecs, before, regime);
            let recounted = Followed::counted(&mut ecs).see(&mut ecs);
            prop_assert_eq!(households.see(&mut ecs), recounted, "a count that follows what was written");
            let mut found = Granted::found(&mut ecs);
            prop_assert_eq!(granted.see(&mut ecs), found.see(&mut ecs), "cohorts that follow what was written");
            prop_assert_eq!(&granted, &found, "permits granted in the run");
            Month::advance(&mut ecs);
        }
    }
}
