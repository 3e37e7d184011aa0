//! How fast this machine moves memory, so that a throughput can be held against what is possible.

use std::hint::black_box;
use std::time::Instant;

/// Numbers in each of the three columns: 64 MB each, beyond any cache of the machines we know.
const NUMBERS: usize = 8 << 20;
/// Passes; the best counts, because whatever else runs only slows a pass down.
const PASSES: usize = 7;

/// Gigabytes (10^9 bytes) per second of one thread that computes `a = b + s c`, in the manner of the STREAM triad: 24
/// bytes a number, reads of the written column before it is written not counted.
pub fn gigabytes_per_second() -> f64 {
    let (b, c) = (vec![1.0f64; NUMBERS], vec![2.0f64; NUMBERS]);
    let mut a = vec![0.0f64; NUMBERS];
    let mut best = f64::INFINITY;
    for pass in 0..PASSES {
        let (scale, began) = (black_box(pass as f64), Instant::now());
        for ((a, b), c) in a.iter_mut().zip(&b).zip(&c) {
            *a = b + scale * c;
        }
        black_box(&mut a);
        best = best.min(began.elapsed().as_secs_f64());
    }
    (3 * NUMBERS * size_of::<f64>()) as f64 / best / 1e9
}

#[cfg(test)]
mod tests {
    #[test]
    fn memory_moves_at_a_speed_that_a_computer_can_have() {
        let found = super::gigabytes_per_second();
        assert!((0.1..10_000.0).contains(&found), "{found}");
    }
}
