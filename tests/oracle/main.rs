//! The Allocation phase of the engine against a naive oracle, in many random small towns. The oracle is the written
//! rules once more ([`naive`], [`earmark`], [`fit`]) with full sorts and loops over everything, and knows nothing of
//! rings, short lists, caches and chunks. Both must agree on everything that the phase decides ([`outcome`]).

mod earmark;
mod engine;
mod fit;
mod naive;
mod outcome;
mod rulings;
mod seen;
mod town;

use doorstroom_policy::Rules;
use doorstroom_tests::world;
use outcome::Outcome;
use seen::Seen;
use town::{Size, Town};

/// Towns that are compared.
const TOWNS: u64 = 1_000;

/// The outcome of the oracle and the first difference, in a town of this seed.
fn compare(seed: u64, size: Size, rules: &Rules) -> (Town, Outcome, Option<String>) {
    let town = Town::random(seed, size, rules);
    let oracle = naive::allocate(&town);
    let difference = engine::allocate(&town).difference(&oracle);
    (town, oracle, difference)
}

/// The smallest town of this seed that still shows a difference: first fewer households, then fewer vacancies.
fn smallest(seed: u64, size: Size, rules: &Rules) -> (Size, String) {
    let towns = (1..=size.households).map(|households| Size { households, ..size });
    let differs = |size: Size| compare(seed, size, rules).2.map(|difference| (size, difference));
    let (size, _) = towns.into_iter().find_map(differs).expect("the whole town differs");
    let towns = (1..=size.vacancies).map(|vacancies| Size { vacancies, ..size });
    towns.into_iter().find_map(differs).expect("the town before differed")
}

#[test]
fn the_engine_equals_a_naive_allocation_in_a_thousand_random_towns() {
    let rules = world("one-region").rules;
    let mut seen = Seen::default();
    for seed in 0..TOWNS {
        let size = Size::of(seed);
        let (town, oracle, difference) = compare(seed, size, &rules);
        if let Some(difference) = difference {
            let (small, shown) = smallest(seed, size, &rules);
            panic!("town {seed} {size:?}: {difference}\nsmaller, town {seed} {small:?}: {shown}");
        }
        seen.count(&town, &oracle);
    }
    seen.assert_everything_happened();
}
