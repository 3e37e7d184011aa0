//! From expected to whole numbers, without bias and with sums kept.

use doorstroom_kernel::Luck;

/// Whole numbers near `expected` that sum to `total`; every one is its expectation on average (systematic sampling
/// with one random start). `expected` is scaled to `total` first; all zero if it sums to zero.
pub(super) fn systematic(expected: &[f64], total: u32, luck: &mut Luck) -> Vec<u32> {
    let sum: f64 = expected.iter().sum();
    let start = luck.unit();
    if sum <= 0.0 {
        return vec![0; expected.len()];
    }
    let last = expected.iter().rposition(|&x| x > 0.0).unwrap_or(0);
    let (mut cumulative, mut before) = (0.0, 0_u32);
    let mut counts = Vec::with_capacity(expected.len());
    for (i, x) in expected.iter().enumerate() {
        cumulative += x * f64::from(total) / sum;
        let until = if i >= last { total } else { ((cumulative + start).floor() as u32).clamp(before, total) };
        counts.push(until - before);
        before = until;
    }
    counts
}

/// Whole numbers in proportion to `weights` that sum to `total`; the largest remainders are rounded up, the earlier
/// of equals first.
pub(super) fn largest_remainder(weights: &[f64], total: u32) -> Vec<u32> {
    let sum: f64 = weights.iter().sum();
    if sum <= 0.0 {
        return vec![0; weights.len()];
    }
    let exact: Vec<f64> = weights.iter().map(|w| w * f64::from(total) / sum).collect();
    let mut counts: Vec<u32> = exact.iter().map(|x| x.floor() as u32).collect();
    let mut order: Vec<usize> = (0..weights.len()).collect();
    order.sort_by(|&a, &b| (exact[b] - exact[b].floor()).total_cmp(&(exact[a] - exact[a].floor())).then(a.cmp(&b)));
    let left = total.saturating_sub(counts.iter().sum());
    for &i in order.iter().cycle().take(left as usize) {
        counts[i] += 1;
    }
    counts
}

#[cfg(test)]
mod tests {
    use super::*;
    use doorstroom_kernel::{Chance, Purpose};

    const TEST: Purpose = Purpose::named("test rounding");

    #[test]
    fn systematic_rounding_keeps_the_total_and_is_right_on_average() {
        let expected = [0.3, 2.0, 0.0, 1.45, 0.25];
        let mut sums = [0_u32; 5];
        for identity in 0..4_000 {
            let counts = systematic(&expected, 4, &mut Chance::new(1).trait_of(TEST, identity));
            assert_eq!(counts.iter().sum::<u32>(), 4);
            for (sum, count) in sums.iter_mut().zip(counts) {
                *sum += count;
            }
        }
        for (sum, x) in sums.iter().zip(expected) {
            // standard error at most 0.5 / sqrt(4000) = 0.008; 4 of them
            assert!((f64::from(*sum) / 4_000.0 - x).abs() < 0.032, "{sums:?}");
        }
    }

    #[test]
    fn the_largest_remainders_are_rounded_up() {
        assert_eq!(largest_remainder(&[1.0, 1.0, 2.0], 7), [2, 2, 3]);
        assert_eq!(largest_remainder(&[0.6, 0.3, 0.1], 1), [1, 0, 0]);
        assert_eq!(largest_remainder(&[0.0, 0.0], 3), [0, 0]);
    }
}
