//! Distributions made from addressed chance: Poisson, normal, exponential, choices, rounding, delays of hazards.

use doorstroom_kernel::Step;
use doorstroom_kernel::chance::{Chance, Luck, Purpose, round_by_luck};
use doorstroom_kernel::hazard::{Hazard, which_strike};

use crate::verdict::{assert_chi_square, assert_mean, assert_normal, pearson};

const DRAWS: u64 = 1 << 17;

fn luck(label: &'static str, identity: u64) -> Luck {
    Chance::new(71).luck(Purpose::named(label), identity, Step(5))
}

fn draws(label: &'static str, draw: impl Fn(&mut Luck) -> f64) -> Vec<f64> {
    (0..DRAWS).map(|i| draw(&mut luck(label, i))).collect()
}

#[test]
fn a_higher_mean_only_adds_poisson_events_for_the_same_luck() {
    let means = [0.0, 1e-9, 0.2, 1.0, 1.0001, 7.5, 60.0, 499.9, 500.0, 500.1, 501.0, 999.0, 1_000.5, 2_300.0];
    for i in 0..4_096 {
        let counts = means.map(|mean| luck("poisson in order", i).poisson(mean));
        assert!(counts.is_sorted(), "{counts:?} for means {means:?}");
        assert_eq!(counts[0], 0);
    }
}

// 131,072 draws of mean 4 in cells 0, 1, ..., 10, 11 and more: chi-square, df 11, critical 0.20 and 59.8, rate 2e-8
#[test]
fn poisson_counts_have_their_distribution() {
    let mut counts = [0u32; 12];
    for i in 0..DRAWS {
        counts[luck("poisson cells", i).poisson(4.0).min(11) as usize] += 1;
    }
    let mut expected = [0.0; 12];
    let (mut term, mut left) = (libm::exp(-4.0), 1.0);
    for (k, cell) in expected.iter_mut().enumerate() {
        *cell = DRAWS as f64 * if k < 11 { term } else { left };
        left -= term;
        term *= 4.0 / (k + 1) as f64;
    }
    assert_chi_square("poisson of mean 4", pearson(&counts, &expected), 11);
}

// mean and variance of 131,072 draws; for large means both are nearly normal: z, critical 5.612, rate 2e-8 each
#[test]
fn large_poisson_means_keep_mean_and_variance_where_they_are_split() {
    for mean in [300.0, 500.0, 700.0, 1_200.0] {
        let counts = draws("poisson split", |luck| f64::from(luck.poisson(mean)));
        assert_mean(&format!("poisson of mean {mean}"), &counts, mean, f64::sqrt(mean));
        let squares: Vec<f64> = counts.iter().map(|count| (count - mean).powi(2)).collect();
        assert_mean(&format!("variance at mean {mean}"), &squares, mean, (mean + 2.0 * mean * mean).sqrt());
    }
}

// E x^k = 0, 1, 0, 3 with variances 1, 2, 15, 96 for k = 1 to 4; beyond two standard deviations lies 0.0455003;
// 131,072 draws: z, critical 5.612, rate 2e-8 for each of 5 (moment 4 is skewed: about 1e-7)
#[test]
fn normal_draws_have_the_moments_and_tails_of_the_normal_distribution() {
    let draws = draws("normal", Luck::normal);
    for (power, mean, variance) in [(1, 0.0, 1.0), (2, 1.0, 2.0), (3, 0.0, 15.0), (4, 3.0, 96.0f64)] {
        let powers: Vec<f64> = draws.iter().map(|x| x.powi(power)).collect();
        assert_mean(&format!("moment {power}"), &powers, mean, variance.sqrt());
    }
    let tails: Vec<f64> = draws.iter().map(|x| f64::from(u8::from(x.abs() > 2.0))).collect();
    assert_mean("tails", &tails, 0.045_500_3, f64::sqrt(0.045_500_3 * 0.954_499_7));
}

// 131,072 draws in 20 cells of equal chance: chi-square, df 19, critical 1.33 and 75.7, rate 2e-8 each
#[test]
fn normal_and_exponential_draws_fill_cells_of_equal_chance_equally() {
    let cells = |labels: &'static str, rank: &dyn Fn(&mut Luck) -> f64| {
        let mut counts = [0u32; 20];
        (0..DRAWS).for_each(|i| counts[((rank(&mut luck(labels, i)) * 20.0) as usize).min(19)] += 1);
        assert_chi_square(labels, pearson(&counts, &[DRAWS as f64 / 20.0; 20]), 19);
    };
    cells("normal by rank", &|luck| 0.5 * libm::erfc(-luck.normal() / std::f64::consts::SQRT_2));
    cells("exponential by rank", &|luck| -libm::expm1(-luck.exponential(7.0) / 7.0));
}

// 131,072 draws from weights 1, 0, 3, 6 (three positive): chi-square, df 2, critical 2e-8 and 36.8, rate 2e-8
#[test]
fn choices_follow_their_weights_and_never_fall_on_a_weight_of_zero() {
    let mut counts = [0u32; 4];
    for i in 0..DRAWS {
        counts[luck("choice", i).pick(&[1.0, 0.0, 3.0, 6.0]).unwrap()] += 1;
    }
    assert_eq!(counts[1], 0);
    let expected = [0.1, 0.3, 0.6].map(|share| share * DRAWS as f64);
    assert_chi_square("choice", pearson(&[counts[0], counts[2], counts[3]], &expected), 2);
}

// 131,072 roundings of 2.3: Bernoulli with chance 0.3: z, critical 5.612, rate 2e-8
#[test]
fn rounding_by_luck_keeps_the_mean() {
    let rounded = draws("rounding", |luck| f64::from(round_by_luck(2.3, luck)));
    assert!(rounded.iter().all(|x| [2.0, 3.0].contains(x)));
    assert_mean("rounding", &rounded, 2.3, f64::sqrt(0.21));
}

// 131,072 delays at chance 0.2 a step in cells 0, 1, ..., 30, 31 and more: chi-square, df 31, critical 4.63 and 97.0,
// rate 2e-8
#[test]
fn delays_of_a_hazard_are_geometric() {
    let hazard = Hazard::of_yearly_chance(0.2, 1.0);
    let mut counts = [0u32; 32];
    for i in 0..DRAWS {
        counts[hazard.delay(&mut luck("delay", i)).min(31) as usize] += 1;
    }
    let expected: [f64; 32] = std::array::from_fn(|k| {
        let survived = 0.8f64.powi(k as i32);
        DRAWS as f64 * if k < 31 { 0.2 * survived } else { survived }
    });
    assert_chi_square("delay", pearson(&counts, &expected), 31);
}

#[test]
fn a_higher_hazard_never_strikes_later_for_the_same_luck() {
    let hazards = [0.0, 0.001, 0.01, 0.2, 0.2001, 0.9, 5.0].map(|rate| Hazard::of_rate(rate, 1.0 / 12.0));
    for i in 0..4_096 {
        let delays = hazards.map(|hazard| hazard.delay(&mut luck("delays in order", i)));
        assert!(delays.is_sorted_by(|earlier, later| earlier >= later), "{delays:?}");
    }
}

// the first of two events with chances 0.1 and 0.25: strikes only first, only second or both with chances
// .075, .225, .025 over .325; 131,072 draws: chi-square, df 2, critical 2e-8 and 36.8, rate 2e-8; and the two bits
// against their own chances: z, critical 5.612, rate 2e-8 each
#[test]
fn given_a_strike_two_hazards_strike_alone_or_together_as_if_independent() {
    let hazards = [0.1, 0.25].map(|chance| Hazard::of_yearly_chance(chance, 1.0));
    let mut counts = [0u32; 4];
    (0..DRAWS).for_each(|i| counts[which_strike(&hazards, &mut luck("strikes", i)) as usize] += 1);
    assert_eq!(counts[0], 0, "at least one strikes");
    let chances = [0.075 / 0.325, 0.225 / 0.325, 0.025 / 0.325];
    let expected = chances.map(|chance| chance * DRAWS as f64);
    assert_chi_square("strikes", pearson(&counts[1..], &expected), 2);
    for (bit, chance) in [(0, 0.1 / 0.325), (1, 0.25 / 0.325)] {
        let struck = counts[1 << bit] + counts[3];
        let sd = (DRAWS as f64 * chance * (1.0 - chance)).sqrt();
        assert_normal(&format!("hazard {bit}"), (f64::from(struck) - chance * DRAWS as f64) / sd);
    }
}
