//! Critical values, and the checks that use them. False-alarm rate 1e-8 on each side, 2e-8 a check.

/// Standard normal quantile of 1 - 1e-8.
const NORMAL: f64 = 5.612;

/// Degrees of freedom with the chi-square quantiles of 1e-8 and 1 - 1e-8 (incomplete gamma function, 30 digits).
const CHI_SQUARE: [(usize, f64, f64); 13] = [
    (1, 1.570796e-16, 32.84125),
    (2, 2.0e-8, 36.84136),
    (6, 0.007837409, 48.36263),
    (9, 0.08098714, 55.44911),
    (11, 0.1996542, 59.82327),
    (15, 0.6361227, 68.02931),
    (19, 1.329343, 75.7319),
    (31, 4.633997, 97.02845),
    (63, 18.70126, 147.4626),
    (127, 56.79825, 237.6145),
    (255, 147.8518, 402.6846),
    (341, 214.1386, 508.4288),
    (999, 768.1211, 1270.507),
];

/// Asserts that `statistic` is an unremarkable value of a chi-square variable: neither too large nor too even.
pub fn assert_chi_square(what: &str, statistic: f64, df: usize) {
    let (_, lowest, highest) = CHI_SQUARE.iter().find(|row| row.0 == df).expect("the table lists every df in use");
    let verdict = format!("{what}: chi-square {statistic:.3}, df {df}, critical {lowest} and {highest}, rate 2e-8");
    assert!((lowest..=highest).contains(&&statistic), "{verdict}");
}

/// Asserts that `z` is an unremarkable value of a standard normal variable.
pub fn assert_normal(what: &str, z: f64) {
    assert!(z.abs() < NORMAL, "{what}: z {z:.3}, critical {NORMAL}, rate 2e-8");
}

/// Pearson's statistic of counts against expected counts of the same length.
pub fn pearson(counts: &[u32], expected: &[f64]) -> f64 {
    assert_eq!(counts.len(), expected.len());
    counts.iter().zip(expected).map(|(&count, &mean)| (f64::from(count) - mean).powi(2) / mean).sum()
}

/// Checks that counts are uniform over their cells.
pub fn assert_uniform(what: &str, counts: &[u32]) {
    let mean = f64::from(counts.iter().sum::<u32>()) / counts.len() as f64;
    assert_chi_square(what, pearson(counts, &vec![mean; counts.len()]), counts.len() - 1);
}

/// Checks that pairs of draws are uniform on a table of 16 x 16 cells (df 255): both marginals and independence.
pub fn assert_independent(what: &str, pairs: impl Iterator<Item = (f64, f64)>) {
    let mut counts = [0u32; 256];
    for (a, b) in pairs {
        counts[(a * 16.0) as usize * 16 + (b * 16.0) as usize] += 1;
    }
    assert_uniform(what, &counts);
}

/// Checks that draws in [0, 1) are uniform over 256 cells (df 255).
pub fn assert_uniform_units(what: &str, units: impl Iterator<Item = f64>) {
    let mut counts = [0u32; 256];
    units.for_each(|unit| counts[(unit * 256.0) as usize] += 1);
    assert_uniform(what, &counts);
}

/// Checks the mean of independent draws with known mean and standard deviation.
pub fn assert_mean(what: &str, draws: &[f64], mean: f64, sd: f64) {
    let found = draws.iter().sum::<f64>() / draws.len() as f64;
    assert_normal(what, (found - mean) / sd * (draws.len() as f64).sqrt());
}
