//! How often a registration reacts in a step: Poisson, at a rate of its own (worlds/MODEL.md M8).

use doorstroom_kernel::gamma::GammaQuantiles;
use doorstroom_state::KinName;

/// Reactions above which nobody counts.
const REACTIONS_MOST: u32 = 200;

/// Reactions a step, by the gamma trait of a registration.
#[derive(Debug, Default)]
pub struct Zeal {
    quantiles: GammaQuantiles,
    mean_a_step: f64,
    /// Chance of no reaction, by place in the quantiles.
    none: Vec<f64>,
}

impl Zeal {
    /// Brings the tables in line with the rules; made anew only when these change.
    pub fn prepare(&mut self, shape: f64, mean_a_step: f64) {
        if self.quantiles.prepare(shape) || self.mean_a_step != mean_a_step {
            self.mean_a_step = mean_a_step;
            self.none = self.quantiles.values().iter().map(|zeal| libm::exp(-(zeal * mean_a_step))).collect();
        }
    }

    /// Reactions of a registration in one step for the uniform draw `unit`, by inversion.
    #[inline]
    pub fn reactions(&self, name: KinName, unit: f64) -> u32 {
        let place = GammaQuantiles::place(name.zeal());
        let mut cumulative = self.none[place];
        // most months of most registrations end here
        if unit < cumulative {
            return 0;
        }
        let mean = self.quantiles.values()[place] * self.mean_a_step;
        let (mut term, mut reactions) = (cumulative, 0);
        while unit >= cumulative && reactions < REACTIONS_MOST {
            reactions += 1;
            term *= mean / f64::from(reactions);
            cumulative += term;
        }
        reactions
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reactions_over_a_step_have_the_mean_of_the_rules_and_the_zeros_of_the_mixture() {
        let mut zeal = Zeal::default();
        zeal.prepare(0.45, 2.0);
        let count = 40_000u32;
        let draws: Vec<u32> = (0..count)
            .map(|i| {
                zeal.reactions(
                    KinName(u64::from(i)),
                    (f64::from(i.wrapping_mul(7_919) % count) + 0.5) / f64::from(count),
                )
            })
            .collect();
        let mean = f64::from(draws.iter().sum::<u32>()) / f64::from(count);
        let none = draws.iter().filter(|&&reactions| reactions == 0).count() as f64 / f64::from(count);
        // variance 2 + 4 / 0.45: four standard errors are 0.066; a negative binomial gives none with (1 + 2/0.45)^-0.45
        assert!((mean - 2.0).abs() < 0.066 + 0.02, "{mean}");
        assert!((none - libm::pow(1.0 + 2.0 / 0.45, -0.45)).abs() < 0.02, "{none}");
        zeal.prepare(0.45, 0.0);
        assert_eq!(zeal.reactions(KinName(5), 0.999), 0);
    }
}
