//! Quantiles of the gamma distribution: how often an individual does something, when individuals differ.

/// Quantiles in the table, as bits.
const QUANTILE_BITS: u32 = 12;

/// Quantiles of the gamma distribution of mean one and a given shape, made anew only when the shape changes.
#[derive(Clone, Debug, Default)]
pub struct GammaQuantiles {
    shape: f64,
    values: Vec<f64>,
}

impl GammaQuantiles {
    /// The quantile at position `unit` of 2^32.
    #[inline]
    pub fn at(&self, unit: u32) -> f64 {
        self.values[Self::place(unit)]
    }

    /// Where the quantile at position `unit` of 2^32 stands in [`GammaQuantiles::values`].
    #[inline]
    pub fn place(unit: u32) -> usize {
        (unit >> (32 - QUANTILE_BITS)) as usize
    }

    /// All quantiles, ascending.
    pub fn values(&self) -> &[f64] {
        &self.values
    }

    /// Brings the table in line with `shape`; true if it was made anew. Integrates the density in `u = x^shape`, in which
    /// it is smooth at zero.
    pub fn prepare(&mut self, shape: f64) -> bool {
        if self.shape == shape && !self.values.is_empty() {
            return false;
        }
        const STEPS: usize = 20_000;
        let (count, longest) = (1usize << QUANTILE_BITS, libm::pow(40.0 / shape, shape));
        let density = |u: f64| libm::exp(-shape * libm::pow(u, 1.0 / shape));
        let width = longest / STEPS as f64;
        let mut cumulative = vec![0.0];
        for i in 0..STEPS {
            let area = 0.5 * (density(i as f64 * width) + density((i + 1) as f64 * width));
            cumulative.push(cumulative[i] + area);
        }
        let total = cumulative[STEPS];
        let mut at = 0;
        self.values = (0..count)
            .map(|i| {
                let wanted = (i as f64 + 0.5) / count as f64 * total;
                while at + 1 < STEPS && cumulative[at + 1] < wanted {
                    at += 1;
                }
                let inside = (wanted - cumulative[at]) / (cumulative[at + 1] - cumulative[at]).max(f64::MIN_POSITIVE);
                libm::pow((at as f64 + inside) * width, 1.0 / shape)
            })
            .collect();
        self.shape = shape;
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn gamma_quantiles_have_mean_one_and_give_the_tail_of_a_poisson_mixture() {
        let mut quantiles = GammaQuantiles::default();
        quantiles.prepare(0.45);
        let mean = quantiles.values.iter().sum::<f64>() / quantiles.values.len() as f64;
        assert!((mean - 1.0).abs() < 0.01, "{mean}");
        // Poisson over twelve steps: the negative binomial leaves (1 + 12/0.45)^-0.45 = 0.224 without any event
        let none = quantiles.values.iter().map(|m| libm::exp(-12.0 * m)).sum::<f64>() / quantiles.values.len() as f64;
        assert!((none - 0.224).abs() < 0.005, "{none}");
    }
}
