//! Paired differences between two arms of equal luck: mean, interval and spread over replicates.

use statrs::distribution::{ContinuousCDF, StudentsT};

/// Level of every interval: 95 % in the middle.
const UPPER: f64 = 0.975;

/// What is known of the mean of some paired differences.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Paired {
    /// Pairs.
    pub n: u32,
    /// Mean of the differences; NaN without any.
    pub mean: f64,
    /// Their standard deviation; NaN below two pairs.
    pub sd: f64,
    /// Lower bound of the 95 % interval of the mean (Student's t, n - 1 degrees of freedom); NaN below two pairs.
    pub ci_lo: f64,
    /// Upper bound.
    pub ci_hi: f64,
    /// Pairs whose difference has the sign of the mean.
    pub agreeing: u32,
}

impl Paired {
    /// The figures of these differences, one per replicate.
    pub fn of(differences: &[f64]) -> Paired {
        let n = differences.len();
        let mean = differences.iter().sum::<f64>() / n as f64;
        let (sd, half) = if n < 2 { (f64::NAN, f64::NAN) } else { spread(differences, mean) };
        let sign = |x: f64| x.partial_cmp(&0.0);
        let agreeing = differences.iter().filter(|&&x| sign(x) == sign(mean)).count();
        Paired { n: n as u32, mean, sd, ci_lo: mean - half, ci_hi: mean + half, agreeing: agreeing as u32 }
    }

    /// Whether the interval excludes 0; false where there is none.
    pub fn excludes_zero(&self) -> bool {
        self.ci_lo > 0.0 || self.ci_hi < 0.0
    }
}

/// Standard deviation, and half the width of the interval.
fn spread(differences: &[f64], mean: f64) -> (f64, f64) {
    let n = differences.len() as f64;
    // equal differences have no spread, whatever the rounding of their mean says
    if differences.iter().all(|x| *x == differences[0]) {
        return (0.0, 0.0);
    }
    let squares: f64 = differences.iter().map(|x| (x - mean) * (x - mean)).sum();
    let sd = (squares / (n - 1.0)).sqrt();
    (sd, t_quantile(differences.len()) * sd / n.sqrt())
}

/// The 97.5 % quantile of Student's t for `n` pairs (at least two).
pub(crate) fn t_quantile(n: usize) -> f64 {
    let t = StudentsT::new(0.0, 1.0, n as f64 - 1.0).expect("two pairs and more have positive degrees of freedom");
    t.inverse_cdf(UPPER)
}

/// Difference of the means of two independent samples, first less second, with Welch's 95 % interval; `n` is the
/// smaller sample, `sd` the standard error times its root, `agreeing` 0 because there are no pairs.
pub fn independent(first: &[f64], second: &[f64]) -> Paired {
    let (x, y) = (Paired::of(first), Paired::of(second));
    let (vx, vy) = (x.sd * x.sd / f64::from(x.n), y.sd * y.sd / f64::from(y.n));
    let (mean, error) = (x.mean - y.mean, (vx + vy).sqrt());
    let freedom =
        (vx + vy) * (vx + vy) / (vx * vx / f64::from(x.n - x.n.min(1)) + vy * vy / f64::from(y.n - y.n.min(1)));
    let half = match StudentsT::new(0.0, 1.0, freedom) {
        Ok(t) => t.inverse_cdf(UPPER) * error,
        // equal values on both sides: no spread, no interval beyond the difference itself
        Err(_) => error,
    };
    let n = x.n.min(y.n);
    Paired { n, mean, sd: error * f64::from(n).sqrt(), ci_lo: mean - half, ci_hi: mean + half, agreeing: 0 }
}

/// The ratio of two means over the same pairs, with Fieller's 95 % interval; `None` if the denominator's interval
/// contains 0, in which case the ratio says nothing (worlds/MODEL.md 6.4).
pub fn ratio_of_means(numerators: &[f64], denominators: &[f64]) -> Option<(f64, f64, f64)> {
    let n = numerators.len();
    let (x, y) = (Paired::of(numerators), Paired::of(denominators));
    if n != denominators.len() || !y.excludes_zero() {
        return None;
    }
    let ratio = x.mean / y.mean;
    let covariance: f64 =
        numerators.iter().zip(denominators).map(|(a, b)| (a - x.mean) * (b - y.mean)).sum::<f64>() / (n as f64 - 1.0);
    let t2 = t_quantile(n) * t_quantile(n) / n as f64;
    // (x - r y)^2 = t^2 / n (s_xx - 2 r s_xy + r^2 s_yy), a parabola in r that opens upwards because y excludes 0
    let a = y.mean * y.mean - t2 * y.sd * y.sd;
    let b = x.mean * y.mean - t2 * covariance;
    let c = x.mean * x.mean - t2 * x.sd * x.sd;
    let root = (b * b - a * c).max(0.0).sqrt();
    Some((ratio, (b - root) / a, (b + root) / a))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_interval_is_the_textbook_one() {
        // t(0.975, 4) = 2.776445; sd of 1 to 5 is sqrt(2.5); half width 2.776445 * sqrt(2.5 / 5)
        let paired = Paired::of(&[1.0, 2.0, 3.0, 4.0, 5.0]);
        assert_eq!((paired.n, paired.mean, paired.agreeing), (5, 3.0, 5));
        assert!((paired.sd - 1.581_138_83).abs() < 1e-8);
        assert!((paired.ci_lo - (3.0 - 1.963_243_2)).abs() < 1e-6, "{paired:?}");
        assert!((paired.ci_hi - (3.0 + 1.963_243_2)).abs() < 1e-6, "{paired:?}");
        // t(0.975, 1) = 12.706205, t(0.975, 19) = 2.093024
        assert!((t_quantile(2) - 12.706_205).abs() < 1e-5 && (t_quantile(20) - 2.093_024).abs() < 1e-5);
    }

    #[test]
    fn one_pair_has_no_interval_and_equal_pairs_have_an_empty_one() {
        let one = Paired::of(&[4.0]);
        assert!(one.mean == 4.0 && one.sd.is_nan() && one.ci_lo.is_nan() && one.ci_hi.is_nan());
        let none = Paired::of(&[0.0; 3]);
        assert_eq!((none.mean, none.sd, none.ci_lo, none.ci_hi, none.agreeing), (0.0, 0.0, 0.0, 0.0, 3));
        assert_eq!(Paired::of(&[0.1; 7]).sd, 0.0);
    }

    #[test]
    fn independent_samples_have_the_interval_of_welch() {
        // 1 to 5 against 2, 4, 6: means 3 and 4, variances of the means 0.5 and 4/3, 2.98 degrees of freedom
        let found = independent(&[1.0, 2.0, 3.0, 4.0, 5.0], &[2.0, 4.0, 6.0]);
        let freedom: f64 = (0.5 + 4.0 / 3.0) * (0.5 + 4.0 / 3.0) / (0.25 / 4.0 + 16.0 / 9.0 / 2.0);
        let half = StudentsT::new(0.0, 1.0, freedom).unwrap().inverse_cdf(UPPER) * (0.5f64 + 4.0 / 3.0).sqrt();
        assert!((found.mean + 1.0).abs() < 1e-12 && (found.ci_hi - (half - 1.0)).abs() < 1e-9, "{found:?}");
        assert!(independent(&[1.0], &[2.0, 3.0]).ci_lo.is_nan());
        assert_eq!(independent(&[1.0, 1.0], &[3.0, 3.0]).ci_hi, -2.0);
    }

    #[test]
    fn pairs_of_the_other_sign_do_not_agree() {
        assert_eq!(Paired::of(&[5.0, 4.0, -1.0, 0.0]).agreeing, 2);
    }

    #[test]
    fn a_constant_denominator_gives_the_interval_of_the_numerator() {
        let x = [1.0, 2.0, 3.0, 4.0, 5.0];
        let (ratio, lo, hi) = ratio_of_means(&x, &[2.0; 5]).unwrap();
        let plain = Paired::of(&x);
        assert!((ratio - 1.5).abs() < 1e-12);
        assert!((lo - plain.ci_lo / 2.0).abs() < 1e-12 && (hi - plain.ci_hi / 2.0).abs() < 1e-12);
    }

    #[test]
    fn a_denominator_that_may_be_zero_gives_no_ratio() {
        assert_eq!(ratio_of_means(&[1.0, 2.0, 3.0], &[1.0, -1.0, 0.5]), None);
        assert_eq!(ratio_of_means(&[1.0], &[1.0]), None);
        assert_eq!(ratio_of_means(&[0.0, 0.0], &[0.0, 0.0]), None);
    }
}
