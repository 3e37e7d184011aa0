//! Tallies, and what replicates of them say: a mean, a variance, a standard deviation, each with its standard error.

/// How many, their sum and the sum of their squares.
#[derive(Clone, Copy, PartialEq, Debug, Default)]
pub struct Tally {
    /// How many (or months, for a flow).
    pub n: f64,
    /// Their sum.
    pub sum: f64,
    /// Sum of squares; 0 where only the mean makes sense.
    pub squares: f64,
}

impl Tally {
    /// Adds one value.
    pub fn add(&mut self, value: f64) {
        self.n += 1.0;
        self.sum += value;
        self.squares += value * value;
    }

    /// Adds `n` values of which only the sum is known.
    pub fn add_many(&mut self, n: f64, sum: f64) {
        self.n += n;
        self.sum += sum;
    }
}

/// A quantity estimated from replicates.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Estimate {
    /// The estimate.
    pub value: f64,
    /// Its standard error over replicates; NaN with fewer than two.
    pub se: f64,
    /// Replicates.
    pub n: usize,
}

/// Pooled mean: all sums over all counts, with the standard error of a ratio (linearised; R - 1 degrees of freedom).
pub fn estimate_mean(tallies: &[Tally]) -> Option<Estimate> {
    let (n, sum) = pooled(tallies)?;
    let mean = sum / n;
    Some(with_error(tallies, mean, n, |tally| tally.sum - mean * tally.n))
}

/// Pooled variance around the pooled mean.
pub fn estimate_variance(tallies: &[Tally]) -> Option<Estimate> {
    let (n, sum) = pooled(tallies)?;
    let mean = sum / n;
    let around = |tally: &Tally| tally.squares - 2.0 * mean * tally.sum + mean * mean * tally.n;
    let variance = tallies.iter().map(around).sum::<f64>() / n;
    Some(with_error(tallies, variance, n, |tally| around(tally) - variance * tally.n))
}

/// The square root of [`estimate_variance`].
pub fn estimate_sd(tallies: &[Tally]) -> Option<Estimate> {
    let Estimate { value, se, n } = estimate_variance(tallies)?;
    let sd = value.max(0.0).sqrt();
    Some(Estimate { value: sd, se: se / (2.0 * sd), n })
}

fn pooled(tallies: &[Tally]) -> Option<(f64, f64)> {
    let n: f64 = tallies.iter().map(|tally| tally.n).sum();
    (n > 0.0).then(|| (n, tallies.iter().map(|tally| tally.sum).sum()))
}

fn with_error(tallies: &[Tally], value: f64, n: f64, residual: impl Fn(&Tally) -> f64) -> Estimate {
    let replicates = tallies.len() as f64;
    let squares: f64 = tallies.iter().map(|tally| residual(tally).powi(2)).sum();
    let se = (squares * replicates / (replicates - 1.0)).sqrt() / n;
    Estimate { value, se: if tallies.len() < 2 { f64::NAN } else { se }, n: tallies.len() }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(values: &[f64]) -> Tally {
        let mut tally = Tally::default();
        values.iter().for_each(|&value| tally.add(value));
        tally
    }

    #[test]
    fn a_mean_pools_before_it_divides_and_equal_replicates_have_the_usual_error() {
        let tallies = [of(&[1.0, 3.0]), of(&[5.0, 7.0])];
        let mean = estimate_mean(&tallies).unwrap();
        // replicate means 2 and 6: sd 2.83, error 2
        assert_eq!((mean.value, mean.se, mean.n), (4.0, 2.0, 2));
        assert_eq!(estimate_mean(&[of(&[1.0]), of(&[4.0, 4.0, 4.0])]).unwrap().value, 3.25);
        assert!(estimate_mean(&[of(&[2.0])]).unwrap().se.is_nan());
        assert_eq!(estimate_mean(&[Tally::default()]), None);
    }

    #[test]
    fn a_variance_is_taken_around_the_pooled_mean() {
        let tallies = [of(&[1.0, 3.0]), of(&[5.0, 7.0])];
        assert_eq!(estimate_variance(&tallies).unwrap().value, 5.0);
        assert_eq!(estimate_sd(&tallies).unwrap().value, 5.0f64.sqrt());
    }
}
