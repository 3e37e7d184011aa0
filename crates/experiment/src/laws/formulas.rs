//! The laws as pure formulas. Time in any one unit; rates in its inverse.

use libm::{exp, log};

/// Chance that all servers are busy on arrival when those who find them so are turned away (Erlang 1917): `offered`
/// load on `servers`.
pub fn erlang_b(servers: u32, offered: f64) -> f64 {
    (1..=servers).fold(1.0, |blocked, n| offered * blocked / (f64::from(n) + offered * blocked))
}

/// Chance to wait when those who find all servers busy wait (Erlang 1917).
pub fn erlang_c(servers: u32, offered: f64) -> f64 {
    let (blocked, load) = (erlang_b(servers, offered), offered / f64::from(servers));
    blocked / (1.0 - load * (1.0 - blocked))
}

/// Mean wait in M/M/c: `arrivals` at `servers` that each serve at `service`.
pub fn wait_mmc(servers: u32, service: f64, arrivals: f64) -> f64 {
    erlang_c(servers, arrivals / service) / (f64::from(servers) * service - arrivals)
}

/// Mean number waiting, and share that gives up, in M/M/c with abandonment at `exit` (Erlang-A): a birth-death chain.
pub fn erlang_a(servers: u32, service: f64, arrivals: f64, exit: f64) -> (f64, f64) {
    let (mut weight, mut total, mut waiting) = (1.0, 1.0, 0.0);
    for n in 1.. {
        let busy = f64::from(n.min(servers));
        let excess = f64::from(n) - busy;
        weight *= arrivals / (busy * service + excess * exit);
        total += weight;
        waiting += weight * excess;
        if n > servers && weight < 1e-14 * total {
            break;
        }
    }
    let length = waiting / total;
    (length, exit * length / arrivals)
}

/// Mean waits by class in a non-preemptive priority queue with one server (Cobham 1954): loads by class, highest
/// priority first, and `residual`, the mean work left in the service under way on arrival.
pub fn cobham(loads: &[f64], residual: f64) -> Vec<f64> {
    let mut before = 0.0;
    let wait = |&load: &f64| {
        let above = before;
        before += load;
        residual / ((1.0 - above) * (1.0 - before))
    };
    loads.iter().map(wait).collect()
}

/// Mean waits with accumulating priority (Kleinrock 1964): loads and points per unit of time, in order of rising points.
pub fn accumulating(loads: &[f64], points: &[f64], residual: f64) -> Vec<f64> {
    let total: f64 = loads.iter().sum();
    let mut waits: Vec<f64> = Vec::new();
    for p in 0..loads.len() {
        let slower: f64 = (0..p).map(|i| loads[i] * waits[i] * (1.0 - points[i] / points[p])).sum();
        let faster: f64 = (p + 1..loads.len()).map(|i| loads[i] * (1.0 - points[p] / points[i])).sum();
        waits.push((residual / (1.0 - total) - slower) / (1.0 - faster));
    }
    waits
}

/// By how much ranking everybody who comes in one step before anybody is served moves the mean waits of [`cobham`], for
/// a step of length `step`.
///
/// With Poisson numbers of arrivals in a step the mean over all classes is exact: of the work found, half a step of the
/// load is missing, and half a step of it comes with the others of the same step. Taking the classes up to one as a
/// single class gives each of them.
pub fn step_shift(loads: &[f64], step: f64) -> Vec<f64> {
    let total: f64 = loads.iter().sum();
    let (mut above, mut shifted) = (0.0, 0.0);
    let shift = |&load: &f64| {
        above += load;
        let all = -step * above * (total - above) / (2.0 * (1.0 - above));
        let own = (all - shifted) / load;
        shifted = all;
        own
    };
    loads.iter().map(shift).collect()
}

/// Wait of the housed on an overloaded first-come list: `arrivals` against `vacancies`, exit hazard `exit` (fluid).
pub fn fluid_wait(arrivals: f64, vacancies: f64, exit: f64) -> f64 {
    log(arrivals / vacancies) / exit
}

/// Mean of an exponential with `rate`, cut off at `end`.
pub fn truncated_mean(rate: f64, end: f64) -> f64 {
    1.0 / rate - end / (exp(rate * end) - 1.0)
}

/// Mean length of an overloaded list, at the end of a step of length `step`, by order of the step: exits first (`X`),
/// after the arrivals (`Y`), last (`Z`).
pub fn list_length(order: char, arrivals: f64, vacancies: f64, exit: f64, step: f64) -> f64 {
    let strikes = -libm::expm1(-exit * step);
    let excess = (arrivals - vacancies) * step;
    match order {
        'X' => excess / strikes,
        'Y' => excess / strikes - arrivals * step,
        _ => excess * (1.0 - strikes) / strikes,
    }
}

/// Variance of that length in order `X`: survivors are binomial, arrivals and vacancies Poisson. With short steps λ/θ.
pub fn list_variance(arrivals: f64, vacancies: f64, exit: f64, step: f64) -> f64 {
    let stays = exp(-exit * step);
    let length = list_length('X', arrivals, vacancies, exit, step);
    (stays * (1.0 - stays) * length + (arrivals + vacancies) * step) / (1.0 - stays * stays)
}

/// Mean and standard deviation of the wait of those housed by lottery, in order `X`: geometric, because exits and the
/// lottery strike with constant chances. With short steps (1-m/λ)/θ.
pub fn lottery_wait(arrivals: f64, vacancies: f64, exit: f64, step: f64) -> (f64, f64) {
    let length = list_length('X', arrivals, vacancies, exit, step);
    let housed = vacancies * step / (length + vacancies * step);
    let stays = exp(-exit * step) * (1.0 - housed);
    (step * stays / (1.0 - stays), step * stays.sqrt() / (1.0 - stays))
}

/// Mean of whole steps 0, 1, 2... up to `end` with weights that fall at `rate`; the last step counts in part.
pub fn truncated_steps(rate: f64, end: f64, step: f64) -> f64 {
    let (steps, mut total, mut sum) = (end / step, 0.0, 0.0);
    let mut k = 0.0;
    while k < steps {
        let weight = exp(-rate * step * k) * (steps - k).min(1.0);
        total += weight;
        sum += weight * k * step;
        k += 1.0;
    }
    sum / total
}

/// The share housed, the mean spell in steps and the share left after `steps`, when a household leaves with chance
/// `exit` and is housed with chance `housed` in a step; `exit_first` says which is drawn first.
pub fn competing(housed: f64, exit: f64, exit_first: bool, steps: u32) -> (f64, f64, f64) {
    let out = exit + (1.0 - exit) * housed;
    let share = if exit_first { (1.0 - exit) * housed / out } else { housed / out };
    (share, 1.0 / out, (0..steps).fold(1.0, |left, _| left * (1.0 - out)))
}

/// Solves `matrix x = right` by elimination with pivots.
///
/// # Panics
/// If the matrix is singular.
pub fn solve(mut matrix: Vec<Vec<f64>>, mut right: Vec<f64>) -> Vec<f64> {
    let n = right.len();
    for column in 0..n {
        let size = |row: &usize| matrix[*row][column].abs();
        let pivot = (column..n).max_by(|a, b| size(a).total_cmp(&size(b))).expect("there is a row left");
        matrix.swap(column, pivot);
        right.swap(column, pivot);
        assert!(matrix[column][column] != 0.0, "a singular system has no solution");
        let (top, of_top) = (matrix[column].clone(), right[column]);
        for row in (0..n).filter(|&row| row != column) {
            let factor = matrix[row][column] / top[column];
            matrix[row].iter_mut().zip(&top).skip(column).for_each(|(cell, above)| *cell -= factor * above);
            right[row] -= factor * of_top;
        }
    }
    (0..n).map(|i| right[i] / matrix[i][i]).collect()
}

/// A vacancy chain over strata (White 1970): where it begins, and the chances that a mover leaves a home of each stratum.
/// Gives mean length, variance and visits by stratum.
pub fn chain(begins: &[f64], moves: &[Vec<f64>]) -> (f64, f64, Vec<f64>) {
    let n = begins.len();
    let less = |transposed: bool| -> Vec<Vec<f64>> {
        let entry =
            |i: usize, j: usize| f64::from(u8::from(i == j)) - if transposed { moves[j][i] } else { moves[i][j] };
        (0..n).map(|i| (0..n).map(|j| entry(i, j)).collect()).collect()
    };
    let lengths = solve(less(false), vec![1.0; n]);
    let again = solve(less(false), lengths.clone());
    let dot = |x: &[f64]| begins.iter().zip(x).map(|(a, b)| a * b).sum::<f64>();
    let mean = dot(&lengths);
    let second: f64 = 2.0 * dot(&again) - mean;
    (mean, second - mean * mean, solve(less(true), begins.to_vec()))
}

/// Share of homes that go to somebody who prefers the other good, in a queue with deferral: `first` is the share of
/// homes of the first good, `prefers` the share of households that prefer it, `buffers` the places for both.
///
/// State: how many wait for the first good (positive) or for the second (negative); never both. A home goes to who waits
/// for it; else down the list until somebody takes it, who prefers it or finds the buffer of the other good full.
pub fn deferral_mismatch(first: f64, prefers: f64, buffers: (usize, usize)) -> f64 {
    let (a, b) = (buffers.0 as i64, buffers.1 as i64);
    let n = (a + b + 1) as usize;
    let at = |state: i64| (state + b) as usize;
    let mut to = vec![vec![0.0; n]; n];
    let mut wrong = vec![0.0; n];
    for state in -b..=a {
        // a home of one good: who waits for it is `waiting`, the other buffer has `room`, `up` is the way it fills
        let mut home = |share: f64, waiting: i64, room: i64, up: i64, likes: f64| {
            if waiting > 0 {
                to[at(state)][at(state + up)] += share;
                return;
            }
            let mut left = share;
            for joined in 0..=room {
                to[at(state)][at(state + up * joined)] += left * likes;
                left *= 1.0 - likes;
            }
            to[at(state)][at(state + up * room)] += left;
            wrong[at(state)] += left;
        };
        home(first, state.max(0), b + state.min(0), -1, prefers);
        home(1.0 - first, (-state).max(0), a - state.max(0), 1, 1.0 - prefers);
    }
    // stationary distribution: the last equation gives way to the sum
    let mut balance: Vec<Vec<f64>> =
        (0..n).map(|i| (0..n).map(|j| to[j][i] - f64::from(u8::from(i == j))).collect()).collect();
    balance[n - 1] = vec![1.0; n];
    let mut right = vec![0.0; n];
    right[n - 1] = 1.0;
    solve(balance, right).iter().zip(&wrong).map(|(share, wrong)| share * wrong).sum()
}

/// Growth factor and stable shares of a population whose stage `j` gives `matrix[i][j]` members to stage `i`.
pub fn stable_growth(matrix: &[Vec<f64>]) -> (f64, Vec<f64>) {
    let mut shares = vec![1.0 / matrix.len() as f64; matrix.len()];
    let mut growth = 1.0;
    for _ in 0..10_000 {
        let next: Vec<f64> = matrix.iter().map(|row| row.iter().zip(&shares).map(|(a, b)| a * b).sum()).collect();
        growth = next.iter().sum();
        shares = next.iter().map(|share| share / growth).collect();
    }
    (growth, shares)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn near(found: f64, expected: f64) {
        let digits = 10f64.powi(6) * (found - expected).abs();
        assert!(digits < 1.0 + expected.abs(), "{found} instead of {expected}");
    }

    #[test]
    fn queues_of_erlang_have_their_published_values() {
        near(erlang_c(100, 95.0), 0.506_457);
        near(wait_mmc(100, 0.1, 9.5), 1.012_914);
        near(9.5 * wait_mmc(100, 0.1, 9.5), 9.622_68);
        near(erlang_c(12, 10.8), 0.640_043);
        near(wait_mmc(12, 1.0, 10.8), 0.533_369);
        near(erlang_b(110, 100.0), 0.027_463_4);
        let (length, gone) = erlang_a(50, 0.2, 14.0, 0.1);
        assert!((length - 40.000_9).abs() < 1e-4);
        near(gone, 0.285_721);
    }

    #[test]
    fn priority_queues_have_their_published_values() {
        let waits = cobham(&[0.2, 0.6], 0.8);
        near(waits[0], 1.0);
        near(waits[1], 5.0);
        let three = cobham(&[0.15, 0.25, 0.45], 0.85);
        near(three[1], 1.666_667);
        near(three[2], 9.444_444);
        let points = accumulating(&[0.6, 0.2], &[1.0, 3.0], 0.8);
        near(points[0], 4.615_385);
        near(points[1], 2.153_846);
        let many: Vec<f64> = cobham(&[0.15, 0.8], erlang_c(100, 95.0) / 10.0);
        near(many[0], 0.059_583);
        near(many[1], 1.191_663);
    }

    #[test]
    fn the_shift_of_a_step_keeps_the_mean_over_all_classes() {
        let loads = [0.15, 0.25, 0.45];
        let shift = step_shift(&loads, 0.1);
        let mean: f64 = loads.iter().zip(&shift).map(|(load, shift)| load * shift).sum();
        assert!(mean.abs() < 1e-12 && shift[0] < 0.0 && shift[2] > 0.0, "{shift:?}");
        near(step_shift(&[0.2, 0.6], 1.0)[0], -0.375);
    }

    #[test]
    fn overloaded_lists_have_their_published_values() {
        near(fluid_wait(120.0, 30.0, 0.02), 69.314_718);
        near(fluid_wait(114.0, 24.0, 0.02), 77.907_23);
        near(fluid_wait(114.0, 21.0, 0.02), 84.583_80);
        for (order, expected) in [('X', 4545.2), ('Y', 4425.2), ('Z', 4455.2)] {
            assert!((list_length(order, 120.0, 30.0, 0.02, 1.0) - expected).abs() < 0.1);
        }
        for (order, expected) in [('X', 4511.0), ('Y', 4481.0), ('Z', 4489.0)] {
            assert!((list_length(order, 120.0, 30.0, 0.02, 0.25) - expected).abs() < 1.0);
        }
        near(truncated_mean(0.02, fluid_wait(120.0, 30.0, 0.02)), 26.895_094);
        let (share, spell, left) = competing(0.03, 0.02, true, 12);
        near(share, 0.595_142);
        assert!((spell - 20.242_9).abs() < 1e-4);
        near(left, 0.544_470);
        near(competing(0.03, 0.02, false, 12).0, 0.607_287);
    }

    #[test]
    fn lists_in_short_steps_are_those_of_continuous_time() {
        let (mean, sd) = lottery_wait(120.0, 30.0, 0.02, 1e-5);
        assert!((mean - 37.5).abs() < 1e-3 && (sd - 37.5).abs() < 1e-3, "{mean} {sd}");
        assert!((list_variance(120.0, 30.0, 0.02, 1e-5) - 6000.0).abs() < 0.1);
        assert!((truncated_steps(0.02, 69.314_718, 1e-3) - 26.895_1).abs() < 1e-3);
    }

    #[test]
    fn chains_buffers_and_populations_have_their_published_values() {
        let moves = vec![vec![0.35, 0.25, 0.05], vec![0.10, 0.30, 0.20], vec![0.02, 0.13, 0.25]];
        let (mean, variance, visits) = chain(&[0.5, 0.3, 0.2], &moves);
        assert!((mean - 2.336_19).abs() < 1e-5 && (variance - 2.902_66).abs() < 1e-5, "{mean} {variance}");
        assert!((visits[0] - 0.918_71).abs() < 1e-5 && (visits[2] - 0.557_30).abs() < 1e-5);
        near(chain(&[1.0], &[vec![0.45]]).1, 1.487_603);
        near(deferral_mismatch(0.5, 0.5, (4, 4)), 0.1);
        near(deferral_mismatch(0.5, 0.5, (10, 10)), 1.0 / 22.0);
        near(deferral_mismatch(0.5, 0.5, (0, 0)), 0.5);
        near(deferral_mismatch(0.4, 0.5, (5, 5)), 0.119_248);
        let leslie = [vec![0.0, 1.2, 0.8], vec![0.6, 0.0, 0.0], vec![0.0, 0.7, 0.0]];
        let (growth, shares) = stable_growth(&leslie);
        near(growth, 1.023_810);
        assert!((shares[0] - 0.503_34).abs() < 1e-5 && (shares[2] - 0.201_68).abs() < 1e-5);
    }
}
