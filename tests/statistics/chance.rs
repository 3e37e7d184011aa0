//! Addressed chance is uniform and independent along every part of its address: names, steps, purposes, others, seeds.

use doorstroom_kernel::chance::{Chance, Luck, Purpose};
use doorstroom_kernel::{Step, Threshold};
use doorstroom_state::name::KinName;

use crate::verdict::{assert_independent, assert_normal, assert_uniform, assert_uniform_units};

const A: Purpose = Purpose::named("test of chance, first");
const B: Purpose = Purpose::named("test of chance, second");
const AMSTERDAM: u32 = 363;

fn chance() -> Chance {
    Chance::new(20_250_101)
}

fn resident(ordinal: u32) -> u64 {
    KinName::resident("household", AMSTERDAM, ordinal).0
}

fn unit(purpose: Purpose, identity: u64, step: u16) -> f64 {
    chance().luck(purpose, identity, Step(step)).unit()
}

// 65,536 draws a check (4,096 over purposes), 256 cells: chi-square, df 255, critical 147.9 and 402.7, rate 2e-8
#[test]
fn units_are_uniform_along_every_part_of_the_address() {
    let n = 1u32 << 16;
    assert_uniform_units("names of residents", (0..n).map(|i| unit(A, resident(i), 7)));
    assert_uniform_units("bare numbers", (0..n).map(|i| unit(A, u64::from(i), 7)));
    assert_uniform_units("steps", (0..=u16::MAX).map(|step| unit(A, resident(1), step)));
    assert_uniform_units("seeds", (0..n).map(|i| Chance::new(u64::from(i)).luck(A, resident(1), Step(7)).unit()));
    let towards = |i: u32| chance().luck_with(A, resident(1), resident(i), Step(7)).unit();
    assert_uniform_units("other parties", (0..n).map(towards));
    assert_uniform_units("traits", (0..n).map(|i| chance().trait_of(A, resident(i)).unit()));
    let numbered = |i: u32| Purpose::named(Box::leak(format!("purpose {i}").into_boxed_str()));
    assert_uniform_units("purposes", (0..4_096).map(|i| unit(numbered(i), resident(1), 7)));
    let mut sequence = chance().luck(A, resident(1), Step(7));
    assert_uniform_units("draws of one luck", (0..n).map(|_| sequence.unit()));
}

// 65,536 draws; chi-square, df n - 1 (critical values in verdict.rs), rate 2e-8 each, two checks for each n
#[test]
fn whole_numbers_below_n_are_uniform_over_names_and_steps() {
    for n in [2u64, 3, 7, 10, 12, 20, 342, 1_000] {
        let mut over_names = vec![0u32; n as usize];
        let mut over_steps = over_names.clone();
        for i in 0..=u16::MAX {
            over_names[chance().luck(A, resident(u32::from(i)), Step(3)).below(n) as usize] += 1;
            over_steps[chance().luck(A, resident(5), Step(i)).below(n) as usize] += 1;
        }
        assert_uniform(&format!("below({n}) over names"), &over_names);
        assert_uniform(&format!("below({n}) over steps"), &over_steps);
    }
}

// binomial of 65,536 with chance 1/2 for each of 64 bits: z, critical 5.612, rate 2e-8 each
#[test]
fn every_bit_is_set_half_of_the_time() {
    let mut set = [0u32; 64];
    for i in 0..1 << 16 {
        let bits = chance().luck(A, resident(i), Step(1)).bits();
        set.iter_mut().enumerate().for_each(|(bit, count)| *count += (bits >> bit & 1) as u32);
    }
    for (bit, &count) in set.iter().enumerate() {
        assert_normal(&format!("bit {bit}"), (f64::from(count) - 32_768.0) / 128.0);
    }
}

// 65,536 pairs on 16 x 16 cells: chi-square, df 255, critical 147.9 and 402.7, rate 2e-8 for each of 5 lags
#[test]
fn successive_steps_are_independent() {
    for lag in [1, 2, 6, 12, 120] {
        let pairs = (0..1_024).flat_map(|i| {
            let name = resident(i);
            (0..64).map(move |step| (unit(A, name, step), unit(A, name, step + lag)))
        });
        assert_independent(&format!("steps {lag} apart"), pairs);
    }
}

// 65,536 pairs each; chi-square, df 255, critical 147.9 and 402.7, rate 2e-8 for each of 6
#[test]
fn neighbouring_names_are_independent() {
    let n = 1u32 << 16;
    let luck = |name: KinName| unit(A, name.0, 9);
    let at = |municipality, ordinal| KinName::resident("household", municipality, ordinal);
    assert_independent("ordinals", (0..n).map(|i| (luck(at(AMSTERDAM, i)), luck(at(AMSTERDAM, i + 1)))));
    assert_independent("municipalities", (0..n).map(|i| (luck(at(363, i)), luck(at(364, i)))));
    let dwelling = |i| KinName::resident("dwelling", AMSTERDAM, i);
    assert_independent("kinds", (0..n).map(|i| (luck(at(AMSTERDAM, i)), luck(dwelling(i)))));
    let child = |i, k| KinName::offspring(at(AMSTERDAM, i), "leave home", k);
    assert_independent("parent and child", (0..n).map(|i| (luck(at(AMSTERDAM, i)), luck(child(i, 0)))));
    assert_independent("siblings", (0..n).map(|i| (luck(child(i, 0)), luck(child(i, 1)))));
    let arrival = |step| move |i| KinName::arrival("asylum", 0, step, i);
    assert_independent("arrivals", (0..n).map(|i| (luck(arrival(4)(i)), luck(arrival(5)(i)))));
}

// 16,384 pairs each; chi-square, df 255, critical 147.9 and 402.7, rate 2e-8 for each of 64 + 16 + 64
#[test]
fn addresses_that_differ_in_one_bit_are_independent() {
    for bit in 0..64 {
        // numbers with this bit clear, so that no pair comes twice
        let clear =
            || (0..1u64 << 14).map(move |i| i & ((1 << bit) - 1) | (i >> bit).checked_shl(bit + 1).unwrap_or(0));
        assert_independent(&format!("identity, bit {bit}"), clear().map(|i| (unit(A, i, 2), unit(A, i | 1 << bit, 2))));
        let seeded = |seed| Chance::new(seed).luck(A, 1, Step(2)).unit();
        assert_independent(&format!("seed, bit {bit}"), clear().map(|i| (seeded(i), seeded(i | 1 << bit))));
    }
    for bit in 0..16 {
        let flipped = (0..1 << 14).map(|i| (unit(A, i, 2), unit(A, i, 2 ^ 1 << bit)));
        assert_independent(&format!("step, bit {bit}"), flipped);
    }
}

// 65,536 pairs each; chi-square, df 255, critical 147.9 and 402.7, rate 2e-8 for each of 6
#[test]
fn draws_of_one_luck_and_of_lucks_that_share_an_address_are_independent() {
    let lucks = || (0..1u32 << 16).map(|i| chance().luck(A, resident(i), Step(11)));
    let first_and = |skipped: usize| {
        move |mut luck: Luck| {
            let first = luck.unit();
            (0..skipped).for_each(|_| _ = luck.bits());
            (first, luck.unit())
        }
    };
    assert_independent("first and second draw", lucks().map(first_and(0)));
    assert_independent("first and third draw", lucks().map(first_and(1)));
    let ends = |mut luck: Luck| {
        let bits = luck.bits();
        ((bits >> 60) as f64 / 16.0, (bits & 15) as f64 / 16.0)
    };
    assert_independent("high and low bits of one draw", lucks().map(ends));
    let names = || (0..1u32 << 16).map(resident);
    let with = |name, other| chance().luck_with(A, name, other, Step(0)).unit();
    assert_independent("alone and towards another", names().map(|name| (unit(A, name, 0), with(name, 1))));
    assert_independent("two parties the other way round", (1..=1u64 << 16).map(|i| (with(i, 0), with(0, i))));
    let lasting = |name| chance().trait_of(A, name).unit();
    assert_independent("a trait and the first step", names().map(|name| (lasting(name), unit(A, name, 0))));
}

// correlation of 65,536 pairs times 256 is standard normal: z, critical 5.612, rate 2e-8 for each of 27
#[test]
fn two_purposes_are_not_correlated_at_any_lag_of_steps() {
    let centred = |purpose, step| (unit(purpose, resident(8), step) - 0.5) * 12f64.sqrt();
    let n = 1u16 << 15;
    let (a, b): (Vec<f64>, Vec<f64>) = (0..n).map(|step| (centred(A, step), centred(B, step))).unzip();
    for lag in -13i32..=13 {
        let terms = (0..i32::from(n)).filter_map(|i| Some(a[i as usize] * b.get(usize::try_from(i + lag).ok()?)?));
        let (count, sum) = terms.fold((0u32, 0.0), |(count, sum), term| (count + 1, sum + term));
        assert_normal(&format!("lag {lag}"), sum / f64::from(count).sqrt());
    }
}

/// First words of a grid of addresses: 16 purposes x 256 neighbouring names x 256 steps.
fn grid_of_words() -> Vec<u64> {
    let mut words = Vec::with_capacity(1 << 20);
    for i in 0..16 {
        let purpose = Purpose::named(Box::leak(format!("grid {i}").into_boxed_str()));
        for name in 0..256 {
            words.extend((0..256).map(|step| chance().luck(purpose, resident(name), Step(step)).bits()));
        }
    }
    words
}

// 2^20 words, 2^32 cells: collisions are Poisson with mean 2^40 / 2^33 = 128, critical 70 and 196, rate 2e-8;
// equal words of 64 bits: expected 3e-8, none allowed
#[test]
fn addresses_collide_no_more_and_no_less_than_they_should() {
    let mut words = grid_of_words();
    words.sort_unstable();
    assert!(words.windows(2).all(|pair| pair[0] != pair[1]), "two addresses give the same luck");
    for (half, shift) in [("high", 32), ("low", 0)] {
        let mut cells: Vec<u32> = words.iter().map(|word| (word >> shift) as u32).collect();
        cells.sort_unstable();
        let collisions = cells.windows(2).filter(|pair| pair[0] == pair[1]).count();
        assert!((70..=196).contains(&collisions), "{half} half: {collisions} collisions, critical 70 and 196");
    }
}

// Marsaglia's birthday spacings: 4,096 birthdays in a year of 2^32 days; equal spacings are Poisson with mean
// 4,096^3 / 2^34 = 4, over 256 years 1,024, critical 850 and 1,209, rate 2e-8
#[test]
fn spacings_between_birthdays_repeat_as_often_as_they_should() {
    let words = grid_of_words();
    let repeated = words.chunks_exact(4_096).map(|year| {
        let mut days: Vec<u32> = year.iter().map(|word| (word >> 32) as u32).collect();
        days.sort_unstable();
        let mut spacings: Vec<u32> = days.windows(2).map(|pair| pair[1] - pair[0]).collect();
        spacings.sort_unstable();
        spacings.windows(2).filter(|pair| pair[0] == pair[1]).count()
    });
    let total: usize = repeated.sum();
    assert!((850..=1_209).contains(&total), "{total} repeated spacings, critical 850 and 1,209");
}

#[test]
fn a_threshold_strikes_exactly_when_the_high_word_lies_below_it() {
    for i in 0..1 << 14 {
        let luck = chance().luck(A, resident(i), Step(0));
        let high = luck.clone().bits() >> 32;
        assert!(!luck.clone().strikes(Threshold(high)), "at the threshold nothing strikes");
        assert!(luck.clone().strikes(Threshold(high + 1)), "one above it does");
        assert!(luck.clone().strikes(Threshold::of(1.0)) && !luck.clone().strikes(Threshold::of(0.0)));
    }
}

// binomial of 2^18 draws: z, critical 5.612, rate 2e-8 for each of 5
#[test]
fn thresholds_strike_with_their_chance() {
    let n = 1u32 << 18;
    for p in [0.001, 0.0125, 0.3, 0.5, 0.97] {
        let threshold = Threshold::of(p);
        let struck = (0..n).filter(|&i| chance().luck(B, resident(i), Step(2)).strikes(threshold)).count();
        let sd = (f64::from(n) * p * (1.0 - p)).sqrt();
        assert_normal(&format!("chance {p}"), (struck as f64 - f64::from(n) * p) / sd);
    }
}
