//! Who is drawn, when weight is the chance to come first: a race of exponential times, each addressed by a name.

use doorstroom_kernel::{Chance, Purpose};

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
    let mut times: Vec<(u64, u64, T)> = runners
        .filter(|runner| runner.weight > 0.0)
        .map(|runner| {
            let time = chance.trait_of(purpose, runner.name).exponential(1.0) / runner.weight;
            // times are not negative, so their bits are ordered as they are
            (time.to_bits(), runner.name, runner.who)
        })
        .collect();
    if count < times.len() {
        times.select_nth_unstable_by_key(count, |time| (time.0, time.1));
        times.truncate(count);
    }
    times.sort_unstable_by_key(|time| (time.0, time.1));
    times.into_iter().map(|time| time.2).collect()
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
    fn order_does_not_matter_and_nobody_without_weight_is_drawn() {
        let runner = |name: u64| Runner { who: name, name, weight: f64::from(u8::from(name != 7)) };
        let forwards = first((0..50).map(runner), 60, TEST, &Chance::new(3));
        let backwards = first((0..50).rev().map(runner), 60, TEST, &Chance::new(3));
        assert_eq!(forwards, backwards);
        assert_eq!(forwards.len(), 49);
    }
}
