//! Who is drawn, when weight is the chance to come first: a race of exponential times, each addressed by a name.

use doorstroom_kernel::{Chance, Luck, Purpose};
use rayon::prelude::*;

/// One who takes part.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Runner<T> {
    /// What is drawn.
    pub who: T,
    /// Name: the address of its luck, and the last tie-break.
    pub name: u64,
    /// Speed; those at zero never arrive.
    pub weight: f64,
}

/// The first `count` of a race, or all with any weight if there are fewer; in the order of arrival. The outcome
/// depends on nothing but names and weights.
pub(super) fn first<T: Copy>(
    runners: impl Iterator<Item = Runner<T>>,
    count: usize,
    purpose: Purpose,
    chance: &Chance,
) -> Vec<T> {
    let mut times = arrivals(runners, count, |name| chance.trait_of(purpose, name));
    times.sort_unstable_by_key(|time| (time.0, time.1));
    times.into_iter().map(|time| time.2).collect()
}

/// The same among the rows of a whole column, who are gathered in parallel.
pub(super) fn first_of_rows<T: Copy + Send>(
    rows: usize,
    runner: impl Fn(usize) -> Runner<T> + Sync + Send,
    count: usize,
    purpose: Purpose,
    chance: &Chance,
) -> Vec<T> {
    let runners: Vec<Runner<T>> = (0..rows).into_par_iter().map(runner).filter(|runner| runner.weight > 0.0).collect();
    first(runners.into_iter(), count, purpose, chance)
}

/// The same with luck of another address, and in any order: to order millions takes longer than to find them.
pub(super) fn first_in_any_order<T: Copy>(
    runners: impl Iterator<Item = Runner<T>>,
    count: usize,
    luck: impl Fn(u64) -> Luck,
) -> Vec<T> {
    arrivals(runners, count, luck).into_iter().map(|time| time.2).collect()
}

/// The first `count` with their times, and the names that decide between equal ones.
fn arrivals<T: Copy>(
    runners: impl Iterator<Item = Runner<T>>,
    count: usize,
    luck: impl Fn(u64) -> Luck,
) -> Vec<(u64, u64, T)> {
    let runners: Vec<Runner<T>> = runners.filter(|runner| runner.weight > 0.0).collect();
    let finish = |most: f64| -> Vec<(u64, u64, T)> {
        let arrives = |runner: &Runner<T>| {
            let drawn = luck(runner.name).exponential_at_most(most * runner.weight)?;
            // times are not negative, so their bits are ordered as they are
            Some(((drawn / runner.weight).to_bits(), runner.name, runner.who))
        };
        runners.iter().filter_map(arrives).collect()
    };
    let weights = runners.iter().map(|runner| runner.weight).sum();
    let mut times = finish(enough_time(count, runners.len(), weights));
    if times.len() < count.min(runners.len()) {
        times = finish(f64::INFINITY);
    }
    if count < times.len() {
        times.select_nth_unstable_by_key(count, |time| (time.0, time.1));
        times.truncate(count);
    }
    times
}

/// Time in which probably the first `count` of so many runners have arrived; unlimited where most of them count. Who
/// comes later need not be looked at, unless too few came.
fn enough_time(count: usize, runners: usize, weights: f64) -> f64 {
    if 2 * count > runners || weights <= 0.0 { f64::INFINITY } else { (1.5 * count as f64 + 20.0) / weights }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEST: Purpose = Purpose::named("test race");

    #[test]
    fn twice_the_weight_is_twice_the_chance_when_few_are_drawn() {
        let runner = |name: u64| Runner { who: name, name, weight: if name.is_multiple_of(2) { 2.0 } else { 1.0 } };
        let drawn = first((0..200_000).map(runner), 3_000, TEST, &Chance::new(3));
        let heavy = drawn.iter().filter(|name| name.is_multiple_of(2)).count() as f64;
        // share 2/3 of 3,000, standard error 0.0086; 4 of them
        assert!((heavy / 3_000.0 - 2.0 / 3.0).abs() < 0.035, "{heavy}");
    }

    #[test]
    fn few_are_the_same_first_of_all_whatever_the_time_that_was_thought_enough() {
        // one in a hundred is fast, so that the fast have arrived long before the time for all
        let runner = |name: u64| Runner { who: name, name, weight: if name.is_multiple_of(100) { 1e6 } else { 0.5 } };
        let all = first((0..5_000).map(runner), 5_000, TEST, &Chance::new(3));
        for count in [0, 1, 30, 51, 400, 2_500, 2_501] {
            assert_eq!(first((0..5_000).map(runner), count, TEST, &Chance::new(3)), all[..count]);
            let mut unordered =
                first_in_any_order((0..5_000).map(runner), count, |name| Chance::new(3).trait_of(TEST, name));
            unordered.sort_by_key(|name| all.iter().position(|first| first == name));
            assert_eq!(unordered, all[..count]);
            assert_eq!(first_of_rows(5_000, |row| runner(row as u64), count, TEST, &Chance::new(3)), all[..count]);
        }
    }

    #[test]
    fn order_does_not_matter_and_nobody_without_weight_is_drawn() {
        let runner = |name: u64| Runner { who: name, name, weight: f64::from(u8::from(name != 7)) };
        let forwards = first((0..50).map(runner), 60, TEST, &Chance::new(3));
        let backwards = first((0..50).rev().map(runner), 60, TEST, &Chance::new(3));
        assert_eq!(forwards, backwards);
        assert_eq!(forwards.len(), 49);
    }
}
