//! Whole numbers that add up: largest remainder.

/// Divides `total` in proportion to `weights` into whole numbers that sum to it exactly.
///
/// Largest remainder; equal remainders go to the lower index. Weights must be finite, not negative, and not all zero.
pub fn apportion(weights: &[f64], total: u64) -> Vec<u64> {
    let sum: f64 = weights.iter().sum();
    let exact: Vec<f64> = weights.iter().map(|weight| weight / sum * total as f64).collect();
    let mut parts: Vec<u64> = exact.iter().map(|value| value.floor() as u64).collect();
    let left = total.saturating_sub(parts.iter().sum()) as usize;
    let mut by_remainder: Vec<usize> = (0..weights.len()).collect();
    by_remainder.sort_by(|&a, &b| exact[b].fract().total_cmp(&exact[a].fract()).then(a.cmp(&b)));
    for &index in by_remainder.iter().take(left) {
        parts[index] += 1;
    }
    parts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_largest_remainders_are_served_first() {
        let inhabitants = [5000.0, 3000.0, 1500.0, 500.0];
        assert_eq!(apportion(&inhabitants, 100), [50, 30, 15, 5]);
        assert_eq!(apportion(&inhabitants, 3), [2, 1, 0, 0]);
    }

    #[test]
    fn equal_remainders_go_to_the_lower_index() {
        assert_eq!(apportion(&[1.0, 1.0, 1.0], 2), [1, 1, 0]);
    }
}
