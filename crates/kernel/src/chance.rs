//! Chance is addressed, not consumed.
//!
//! A draw is a function of (seed, purpose, identity, step, other party), hashed into a `rand_pcg` generator. Adding
//! a draw elsewhere, another thread or another order moves nothing, so two arms of an experiment share their luck.
//! Several draws for one event come from one [`Luck`] in sequence; bits of one hash are never sliced.

use bevy_ecs::prelude::Resource;
use rand::Rng;
use rand_pcg::Pcg64Mcg;

use crate::calendar::Step;
use crate::quantity::Threshold;

/// What a draw decides: the label is part of its address. Two purposes must not share a label (tested).
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Purpose {
    key: u64,
    /// The label in words.
    pub label: &'static str,
}

impl Purpose {
    /// A purpose named by a short phrase, hashed at compile time (FNV-1a, then mixed).
    pub const fn named(label: &'static str) -> Self {
        let bytes = label.as_bytes();
        let mut hash: u64 = 0xcbf2_9ce4_8422_2325;
        let mut i = 0;
        while i < bytes.len() {
            hash = (hash ^ bytes[i] as u64).wrapping_mul(0x0000_0100_0000_01b3);
            i += 1;
        }
        Purpose { key: mix(hash), label }
    }
}

/// The finaliser of MurmurHash3: every input bit changes every output bit with chance one half.
#[inline]
pub const fn mix(mut x: u64) -> u64 {
    x ^= x >> 33;
    x = x.wrapping_mul(0xff51_afd7_ed55_8ccd);
    x ^= x >> 33;
    x = x.wrapping_mul(0xc4ce_b9fe_1a85_ec53);
    x ^ (x >> 33)
}

/// Joins two words into one address; not commutative.
#[inline]
pub const fn join(a: u64, b: u64) -> u64 {
    mix(a.wrapping_mul(0x9e37_79b9_7f4a_7c15).wrapping_add(mix(b ^ 0x2545_f491_4f6c_dd1d)))
}

/// The source of all chance in a run: a seed, and nothing that moves.
#[derive(Resource, Clone, Copy, PartialEq, Eq, Debug)]
pub struct Chance {
    seed: u64,
}

impl Chance {
    /// Chance for one replicate.
    pub const fn new(seed: u64) -> Self {
        Chance { seed: mix(seed ^ 0x6a09_e667_f3bc_c909) }
    }

    /// Luck of `identity` at `step` for `purpose`.
    #[inline]
    pub fn luck(&self, purpose: Purpose, identity: u64, step: Step) -> Luck {
        Luck::from_address(join(join(self.seed ^ purpose.key, identity), step.0 as u64))
    }

    /// Luck of `identity` towards `other` (a dwelling, a second household) at `step`.
    #[inline]
    pub fn luck_with(&self, purpose: Purpose, identity: u64, other: u64, step: Step) -> Luck {
        self.meeting(purpose, identity, step).luck(other)
    }

    /// [`Chance::luck_with`] for who meets many others: the first part of the address, made once.
    #[inline]
    pub fn meeting(&self, purpose: Purpose, identity: u64, step: Step) -> Meeting {
        Meeting(join(join(self.seed ^ purpose.key, identity), step.0 as u64))
    }

    /// A trait of `identity` that stays the same for the whole run.
    #[inline]
    pub fn trait_of(&self, purpose: Purpose, identity: u64) -> Luck {
        Luck::from_address(join(self.seed ^ purpose.key, identity))
    }
}

/// The address of one party at a step, to which the other is still missing.
#[derive(Clone, Copy, Debug)]
pub struct Meeting(u64);

impl Meeting {
    /// Luck towards `other`.
    #[inline]
    pub fn luck(self, other: u64) -> Luck {
        Luck::from_address(join(self.0, other))
    }
}

/// One addressed generator; successive draws belong to one event.
#[derive(Clone, Debug)]
pub struct Luck(Pcg64Mcg);

impl Luck {
    #[inline]
    fn from_address(address: u64) -> Self {
        Luck(Pcg64Mcg::new(u128::from(address) << 64 | u128::from(mix(address ^ 0xa076_1d64_78bd_642f))))
    }

    /// 64 uniform bits.
    #[inline]
    pub fn bits(&mut self) -> u64 {
        self.0.next_u64()
    }

    /// True with the chance that `threshold` stands for.
    #[inline]
    pub fn strikes(&mut self, threshold: Threshold) -> bool {
        (self.bits() >> 32) < threshold.0
    }

    /// Uniform in `0..n`; 0 when `n` is 0. Bias below n / 2^64.
    #[inline]
    pub fn below(&mut self, n: u64) -> u64 {
        ((u128::from(self.bits()) * u128::from(n)) >> 64) as u64
    }

    /// Uniform in [0, 1) with 53 bits.
    #[inline]
    pub fn unit(&mut self) -> f64 {
        (self.bits() >> 11) as f64 * (1.0 / (1u64 << 53) as f64)
    }

    /// Uniform in (0, 1], safe for logarithms.
    #[inline]
    pub fn unit_above_zero(&mut self) -> f64 {
        ((self.bits() >> 11) + 1) as f64 * (1.0 / (1u64 << 53) as f64)
    }

    /// A standard normal draw (Marsaglia's polar method; exact square root, pure-Rust logarithm).
    pub fn normal(&mut self) -> f64 {
        loop {
            let (x, y) = (2.0 * self.unit() - 1.0, 2.0 * self.unit() - 1.0);
            let s = x * x + y * y;
            if s > 0.0 && s < 1.0 {
                return x * (-2.0 * libm::log(s) / s).sqrt();
            }
        }
    }

    /// Exponential with the given mean.
    pub fn exponential(&mut self, mean: f64) -> f64 {
        -libm::log(self.unit_above_zero()) * mean
    }

    /// What `exponential(1.0)` would draw, if it is at most `most`. Of those above, the logarithm is mostly spared:
    /// `-log(u)` is at least `1 - u`.
    pub fn exponential_at_most(&mut self, most: f64) -> Option<f64> {
        let u = self.unit_above_zero();
        if 1.0 - u > most {
            return None;
        }
        let drawn = -libm::log(u);
        (drawn <= most).then_some(drawn)
    }

    /// Poisson with the given mean, by inversion: with equal luck a higher mean only adds events.
    /// Means above 500 are split in parts so that the first term does not underflow.
    pub fn poisson(&mut self, mean: f64) -> u32 {
        let mut left = mean.max(0.0);
        let mut total = 0;
        while left > 500.0 {
            total += self.poisson_once(500.0);
            left -= 500.0;
        }
        total + self.poisson_once(left)
    }

    fn poisson_once(&mut self, mean: f64) -> u32 {
        let u = self.unit();
        let mut term = libm::exp(-mean);
        let mut cumulative = term;
        let mut k = 0;
        while u >= cumulative && k < 2_000 {
            k += 1;
            term *= mean / f64::from(k);
            cumulative += term;
        }
        k
    }

    /// The index drawn from non-negative `weights`; the last positive one on rounding, `None` if all are zero.
    pub fn pick(&mut self, weights: &[f64]) -> Option<usize> {
        let total: f64 = weights.iter().sum();
        let mut left = self.unit() * total;
        let mut last = None;
        for (i, &w) in weights.iter().enumerate() {
            if w > 0.0 {
                last = Some(i);
                if left < w {
                    return last;
                }
                left -= w;
            }
        }
        last
    }
}

/// A whole number near `x` that equals `x` on average: the fraction is decided by luck.
pub fn round_by_luck(x: f64, luck: &mut Luck) -> u32 {
    let floor = x.max(0.0).floor();
    floor as u32 + u32::from(luck.unit() < x.max(0.0) - floor)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_exponential_up_to_a_bound_is_the_same_draw_and_none_above_it() {
        let purpose = Purpose::named("test: bounded exponential");
        let chance = Chance::new(9);
        let mut within = 0;
        for name in 0..2_000 {
            let drawn = chance.trait_of(purpose, name).exponential(1.0);
            let bounded = chance.trait_of(purpose, name).exponential_at_most(0.7);
            assert_eq!(bounded, (drawn <= 0.7).then_some(drawn));
            assert_eq!(chance.trait_of(purpose, name).exponential_at_most(f64::INFINITY), Some(drawn));
            within += usize::from(bounded.is_some());
        }
        assert!((900..1_100).contains(&within), "{within}");
    }
}
