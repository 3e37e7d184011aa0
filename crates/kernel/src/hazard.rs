//! Hazards as integers: rates that add, and the step in which the first event falls.
//!
//! A hazard is kept as a rate per step in units of ln 2 / 2^32, so that hazards of several events add exactly and
//! the delay to the first of them is one integer division. The logarithm comes from a table that is made once.

use std::sync::LazyLock;

use crate::chance::Luck;

/// A rate per step in fixed point: `rate x 2^32 / ln 2`. Adding hazards is adding integers.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Default)]
pub struct Hazard(pub u64);

impl Hazard {
    /// The hazard of a constant rate per year in steps of `step_years` years. Rates above 700 a step saturate.
    pub fn of_rate(rate_per_year: f64, step_years: f64) -> Self {
        let halvings = (rate_per_year.max(0.0) * step_years).min(700.0) / std::f64::consts::LN_2;
        Hazard((halvings * 4_294_967_296.0) as u64)
    }

    /// The hazard of a yearly chance `p` (below 1): `1-(1-p)^dt` a step.
    pub fn of_yearly_chance(p: f64, step_years: f64) -> Self {
        Hazard::of_rate(-libm::log1p(-p.clamp(0.0, 0.999_999)), step_years)
    }

    /// Chance that it strikes in one step, `1 - 2^-(hazard / 2^32)`. Small hazards by their series (error below 1e-9).
    pub fn chance(self) -> f64 {
        let x = self.0 as f64 / 4_294_967_296.0 * std::f64::consts::LN_2;
        if x < 0.01 {
            return x * (1.0 - x / 2.0 * (1.0 - x / 3.0 * (1.0 - x / 4.0)));
        }
        -libm::expm1(-x)
    }

    /// Scaled by a non-negative factor.
    pub fn times(self, factor: f64) -> Self {
        Hazard((self.0 as f64 * factor.max(0.0)) as u64)
    }

    /// Whole steps that pass before the step of the first event (0: this step), at most `u32::MAX`.
    #[inline]
    pub fn delay(self, luck: &mut Luck) -> u32 {
        if self.0 == 0 {
            return u32::MAX;
        }
        u32::try_from(LOGARITHM.minus_log2(luck.bits()) / self.0).unwrap_or(u32::MAX)
    }
}

impl std::ops::Add for Hazard {
    type Output = Hazard;
    fn add(self, other: Hazard) -> Hazard {
        Hazard(self.0 + other.0)
    }
}

impl std::iter::Sum for Hazard {
    fn sum<I: Iterator<Item = Hazard>>(iter: I) -> Hazard {
        Hazard(iter.map(|h| h.0).sum())
    }
}

/// Which of several independent hazards struck in one step, given that at least one did; drawn exactly, so two can
/// share a step. Returns a bit per hazard, in their order. At most 64 hazards.
pub fn which_strike(hazards: &[Hazard], luck: &mut Luck) -> u64 {
    let mut suffix: u64 = hazards.iter().map(|h| h.0).sum();
    let mut struck = 0u64;
    for (i, hazard) in hazards.iter().enumerate() {
        let chance = if struck == 0 {
            hazard.chance() / Hazard(suffix).chance().max(f64::MIN_POSITIVE)
        } else {
            hazard.chance()
        };
        if hazard.0 > 0 && luck.unit() < chance {
            struck |= 1 << i;
        }
        suffix -= hazard.0;
    }
    if struck == 0 {
        // rounding left nothing: the last possible hazard is the one
        if let Some(last) = hazards.iter().rposition(|h| h.0 > 0) {
            struck = 1 << last;
        }
    }
    struck
}

const TABLE_BITS: u32 = 12;

/// Integer `-log2` by table and linear interpolation; absolute error below 2e-8.
pub struct Logarithm {
    /// `log2(1 + i / 4096)` in 2^-40.
    table: Vec<u64>,
}

static LOGARITHM: LazyLock<Logarithm> = LazyLock::new(Logarithm::new);

impl Logarithm {
    fn new() -> Self {
        let size = 1usize << TABLE_BITS;
        let table = (0..=size)
            .map(|i| (libm::log2(1.0 + i as f64 / size as f64) * (1u64 << 40) as f64).round() as u64)
            .collect();
        Logarithm { table }
    }

    /// `-log2((bits + 1) / 2^64)` in 2^-32: 0 to 64 x 2^32.
    #[inline]
    pub fn minus_log2(&self, bits: u64) -> u64 {
        let x = bits | 1;
        let zeros = x.leading_zeros();
        let mantissa = x << zeros;
        let index = (mantissa >> (63 - TABLE_BITS)) as usize & ((1 << TABLE_BITS) - 1);
        let rest = (mantissa >> (63 - TABLE_BITS - 20)) & 0xf_ffff;
        let (low, high) = (self.table[index], self.table[index + 1]);
        let log_mantissa = low + (((high - low) * rest) >> 20);
        ((u64::from(zeros) + 1) << 32) - (log_mantissa >> 8)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::calendar::Step;
    use crate::chance::{Chance, Purpose};

    #[test]
    fn the_integer_logarithm_agrees_with_libm_to_two_in_a_hundred_million() {
        let log = Logarithm::new();
        for i in 1..200_000u64 {
            let bits = crate::chance::mix(i) | 1;
            let expected = 64.0 - libm::log2(bits as f64);
            let found = log.minus_log2(bits) as f64 / 4_294_967_296.0;
            assert!((expected - found).abs() < 2e-8, "{bits}: {expected} {found}");
        }
    }

    #[test]
    fn delays_are_geometric_with_the_hazards_chance() {
        // 200,000 draws at p = 0.0125: mean delay (1-p)/p = 79, sd of the mean 0.178; 4.06 sd = false alarm 5e-5
        let hazard = Hazard::of_rate(-libm::log1p(-0.0125) * 12.0, 1.0 / 12.0);
        let chance = Chance::new(1);
        let purpose = Purpose::named("test delay");
        let n = 200_000u64;
        let sum: u64 = (0..n).map(|i| u64::from(hazard.delay(&mut chance.luck(purpose, i, Step(0))))).sum();
        let mean = sum as f64 / n as f64;
        assert!((mean - 79.0).abs() < 4.06 * 0.178, "{mean}");
    }

    #[test]
    fn given_a_strike_each_hazard_strikes_as_often_as_it_should() {
        // p = .02 and .05: conditional chances .02/.069 and .05/.069; 4.06 standard errors of 100,000 draws
        let hazards = [0.02f64, 0.0, 0.05].map(|p| Hazard::of_rate(-libm::log1p(-p), 1.0));
        let chance = Chance::new(2);
        let purpose = Purpose::named("test strike");
        let n = 100_000;
        let mut counts = [0u32; 3];
        for i in 0..n {
            let struck = which_strike(&hazards, &mut chance.luck(purpose, i, Step(0)));
            assert_ne!(struck, 0);
            for (k, count) in counts.iter_mut().enumerate() {
                *count += (struck >> k & 1) as u32;
            }
        }
        let any = 1.0 - 0.98 * 0.95;
        for (k, p) in [(0, 0.02 / any), (2, 0.05 / any)] {
            let se = (p * (1.0 - p) / n as f64).sqrt();
            assert!((f64::from(counts[k]) / n as f64 - p).abs() < 4.06 * se, "{counts:?}");
        }
        assert_eq!(counts[1], 0);
    }
}
