//! Sums that are right to the last digit: outcomes as whole numbers of a decimal quantum, fractions rounded together.

/// Digits that an outcome keeps.
const DIGITS: i32 = 12;
/// Most digits behind the decimal point.
const MOST_DECIMALS: u32 = 9;

/// A decimal unit in which outcomes of one measure are whole numbers.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Quantum {
    per_one: f64,
}

impl Quantum {
    /// The unit in which the largest of `values` has twelve digits, at most nine of them decimals.
    pub fn of(values: impl IntoIterator<Item = f64>) -> Quantum {
        let largest =
            values.into_iter().filter(|value| value.is_finite()).fold(0.0, |m: f64, value| m.max(value.abs()));
        let (mut before_point, mut rest) = (0, largest);
        while rest >= 1.0 {
            rest /= 10.0;
            before_point += 1;
        }
        let decimals = (DIGITS - before_point).clamp(0, MOST_DECIMALS as i32) as u32;
        Quantum { per_one: 10_i64.pow(decimals) as f64 }
    }

    /// `value` in quanta, rounded to the nearest.
    pub fn whole(self, value: f64) -> i128 {
        (value * self.per_one).round() as i128
    }

    /// So many quanta as the number whose shortest decimal form is exactly that.
    pub fn value(self, quanta: i128) -> f64 {
        // both are whole and below 2^53, so the quotient is the double next to the decimal
        quanta as f64 / self.per_one
    }
}

/// Rounds fractions with one denominator to whole numbers that add up to their sum, itself rounded to the nearest: the
/// largest remainders are rounded up, the first of equals first. Returns the sum and its parts.
pub fn round_together(numerators: &[i128], denominator: i128) -> (i128, Vec<i128>) {
    let exact: i128 = numerators.iter().sum();
    let sum = (2 * exact + denominator).div_euclid(2 * denominator);
    let mut parts: Vec<i128> = numerators.iter().map(|n| n.div_euclid(denominator)).collect();
    let mut by_remainder: Vec<usize> = (0..numerators.len()).collect();
    by_remainder.sort_by_key(|&i| std::cmp::Reverse(numerators[i].rem_euclid(denominator)));
    let missing = sum - parts.iter().sum::<i128>();
    for &i in by_remainder.iter().take(missing.max(0) as usize) {
        parts[i] += 1;
    }
    (sum, parts)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_add_up_to_the_rounded_sum_and_none_is_off_by_a_whole() {
        for shift in -50..50_i128 {
            let numerators = [shift * 7 + 1, -shift * 3 + 2, shift * 11 - 5, 4];
            let (sum, parts) = round_together(&numerators, 6);
            assert_eq!(parts.iter().sum::<i128>(), sum);
            for (part, numerator) in parts.iter().zip(numerators) {
                assert!((part * 6 - numerator).abs() < 6, "{part} of {numerator}");
            }
            assert!((sum * 6 - numerators.iter().sum::<i128>()).abs() <= 3);
        }
        assert_eq!(round_together(&[1, 1, 1], 3), (1, vec![1, 0, 0]));
    }

    #[test]
    fn a_value_is_written_in_twelve_digits_whatever_its_size() {
        for (largest, text) in [(3.2e9, "3200000000.12"), (0.4, "0.123456789"), (170_000.0, "170000.123456")] {
            let quantum = Quantum::of([largest, f64::NAN, -largest / 2.0]);
            let value: f64 = text.parse().unwrap();
            assert_eq!(quantum.value(quantum.whole(value)).to_string(), text);
        }
        assert_eq!(Quantum::of([]).value(3), 3e-9);
    }
}
