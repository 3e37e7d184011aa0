//! Evenredige verdeling (apportionment): whole numbers in proportion to weights that sum to the total exactly.

use thiserror::Error;

/// Why a total cannot be divided.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Error)]
pub enum ApportionError {
    /// The total is below zero: a lead is carried by a municipality, never divided.
    #[error("a total of {total} cannot be divided; totals are 0 or more")]
    NegativeTotal {
        /// The total asked for.
        total: i64,
    },
    /// Something is to be divided and nobody has a weight.
    #[error("{total} cannot be divided over {parts} parts without any weight; give at least one a weight above 0")]
    NoWeight {
        /// The total asked for.
        total: i64,
        /// Number of weights, all zero.
        parts: usize,
    },
}

/// Grootste resten (largest remainder, Hamilton): divides `total` (persons, or thousandths of a person) over `weights`
/// (inhabitants); equal remainders go to the lower index.
///
/// The parts sum to `total` exactly, and each lies less than one unit from its quota `total x weight / sum`. The
/// Housing Act divides the national quota by inhabitants (Huisvestingswet 2014); how the Ministry rounds is not
/// documented: the rule of rounding is assumption A9.
///
/// # Errors
/// [`ApportionError::NegativeTotal`] below zero; [`ApportionError::NoWeight`] if `total` is positive and every weight
/// is zero (or there is none).
pub fn apportion(total: i64, weights: &[u32]) -> Result<Vec<i64>, ApportionError> {
    let whole = u128::try_from(total).map_err(|_| ApportionError::NegativeTotal { total })?;
    let sum: u128 = weights.iter().map(|&weight| u128::from(weight)).sum();
    if whole == 0 {
        return Ok(vec![0; weights.len()]);
    }
    if sum == 0 {
        return Err(ApportionError::NoWeight { total, parts: weights.len() });
    }
    let quota_times_sum = |i: usize| whole * u128::from(weights[i]);
    let mut parts: Vec<i64> = (0..weights.len())
        .map(|i| i64::try_from(quota_times_sum(i) / sum).expect("a part is at most the total, which is an i64"))
        .collect();
    let left = total - parts.iter().sum::<i64>();
    let mut by_remainder: Vec<usize> = (0..weights.len()).collect();
    by_remainder.sort_by_key(|&i| std::cmp::Reverse(quota_times_sum(i) % sum));
    for &i in by_remainder.iter().take(usize::try_from(left).expect("floors never exceed the total")) {
        parts[i] += 1;
    }
    Ok(parts)
}

#[cfg(test)]
mod tests {
    use super::*;
    use doorstroom_kernel::{Chance, Purpose, chance::Luck, chance::mix};

    const INHABITANTS: [u32; 4] = [5_000, 3_000, 1_500, 500];

    #[test]
    fn a_negative_total_and_a_total_without_weights_are_refused() {
        assert_eq!(apportion(-1, &INHABITANTS), Err(ApportionError::NegativeTotal { total: -1 }));
        assert_eq!(apportion(5, &[0, 0]), Err(ApportionError::NoWeight { total: 5, parts: 2 }));
        assert_eq!(apportion(5, &[]), Err(ApportionError::NoWeight { total: 5, parts: 0 }));
        assert_eq!(apportion(0, &[0, 0]), Ok(vec![0, 0]));
    }

    #[test]
    fn the_largest_total_there_is_does_not_overflow() {
        let parts = apportion(i64::MAX, &[u32::MAX, u32::MAX, 1]).unwrap();
        assert_eq!(parts.iter().map(|&part| i128::from(part)).sum::<i128>(), i128::from(i64::MAX));
    }

    fn random_case(luck: &mut Luck) -> (i64, Vec<u32>) {
        let weights: Vec<u32> = (0..1 + luck.below(342)).map(|_| luck.below(900_000) as u32).collect();
        (luck.below(30_000_000) as i64, weights)
    }

    #[test]
    fn parts_sum_to_the_total_and_lie_within_one_unit_of_their_quota() {
        let chance = Chance::new(mix(17));
        for case in 0..500 {
            let mut luck = chance.trait_of(Purpose::named("test apportionment"), case);
            let (total, mut weights) = random_case(&mut luck);
            weights[0] += 1;
            let parts = apportion(total, &weights).unwrap();
            assert_eq!(parts.iter().sum::<i64>(), total);
            let sum: i128 = weights.iter().map(|&weight| i128::from(weight)).sum();
            for (&part, &weight) in parts.iter().zip(&weights) {
                let distance = i128::from(part) * sum - i128::from(total) * i128::from(weight);
                assert!(distance.abs() < sum, "case {case}: {part} of {total} for weight {weight} of {sum}");
            }
        }
    }
}
