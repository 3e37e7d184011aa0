//! Means of a few seeds against zero.

/// Figures of several seeds.
#[derive(Clone, Debug, Default)]
pub struct Sample(Vec<f64>);

impl Sample {
    /// Adds the figure of a seed.
    pub fn push(&mut self, figure: f64) {
        self.0.push(figure);
    }

    /// Mean.
    pub fn mean(&self) -> f64 {
        self.0.iter().sum::<f64>() / self.0.len() as f64
    }

    /// Standard deviation of one seed.
    pub fn sd(&self) -> f64 {
        let (mean, n) = (self.mean(), self.0.len() as f64);
        (self.0.iter().map(|figure| (figure - mean).powi(2)).sum::<f64>() / (n - 1.0)).sqrt()
    }

    /// Student's t of the mean against zero.
    pub fn t(&self) -> f64 {
        self.mean() / self.sd() * (self.0.len() as f64).sqrt()
    }
}

/// Asserts that paired differences have a mean of zero as far as their scatter lets see.
pub fn assert_alike(name: &str, differences: &Sample, critical: f64) {
    let t = differences.t();
    assert!(t.abs() < critical, "{name}: mean difference {}, t {t}, critical {critical}", differences.mean());
}
