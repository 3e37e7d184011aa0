//! Waiting times (wachttijden) in months as histograms that add up exactly across threads, shards and replicates.

use hdrhistogram::Histogram;
use hdrhistogram::serialization::{Deserializer, Serializer, V2Serializer};
use thiserror::Error;

use crate::rows::WaitRow;

/// Longest wait a histogram holds, in months (a century); longer ones are counted apart, never clipped.
pub const LONGEST_WAIT_MONTHS: u32 = 1200;

/// Significant digits: with three, every month below 2048 has a bucket of its own, so quantiles are exact.
const DIGITS: u8 = 3;

/// Waits in whole months: 0 to [`LONGEST_WAIT_MONTHS`] in buckets of one month, longer ones counted as `over`.
///
/// Histograms of equal bounds add without loss in any order. Counters are 32 bits wide (8 kB a histogram) and stop
/// at 4,294,967,295 waits of the same length.
#[derive(Clone, Debug, PartialEq)]
pub struct WaitHistogram {
    months: Histogram<u32>,
    over: u64,
}

/// Why stored bytes are not a histogram of waits.
#[derive(Debug, Error)]
pub enum WaitError {
    /// The bytes are not an HdrHistogram in V2 form.
    #[error("the bytes in column `hdr` are not an HdrHistogram in V2 form: {reason}")]
    Unreadable {
        /// What the decoder stopped at.
        reason: hdrhistogram::serialization::DeserializeError,
    },
    /// The histogram was made with other bounds, so it cannot be added to ours exactly.
    #[error("the histogram holds waits up to {high} months with {digits} digits; ours hold 1200 months with 3 digits")]
    OtherBounds {
        /// Its longest wait in months.
        high: u64,
        /// Its significant digits.
        digits: u8,
    },
}

impl Default for WaitHistogram {
    fn default() -> Self {
        Self::new()
    }
}

impl WaitHistogram {
    /// A histogram without waits.
    pub fn new() -> Self {
        let months = Histogram::new_with_bounds(1, u64::from(LONGEST_WAIT_MONTHS), DIGITS)
            .expect("1 to 1200 with three digits are bounds that the format allows");
        WaitHistogram { months, over: 0 }
    }

    /// Counts one wait of `months` whole months.
    pub fn record(&mut self, months: u32) {
        // The library itself would take waits up to its last bucket, 2047: the declared bound is ours to keep.
        if months > LONGEST_WAIT_MONTHS || self.months.record(u64::from(months)).is_err() {
            self.over += 1;
        }
    }

    /// Adds every wait of `other`, as if each had been recorded here.
    pub fn merge(&mut self, other: &WaitHistogram) {
        self.months.add(&other.months).expect("all wait histograms have the same bounds");
        self.over += other.over;
    }

    /// Number of waits within bounds.
    pub fn count(&self) -> u64 {
        self.months.len()
    }

    /// Number of waits longer than [`LONGEST_WAIT_MONTHS`].
    pub fn over(&self) -> u64 {
        self.over
    }

    /// Mean of the waits within bounds in months; NaN without waits.
    pub fn mean_months(&self) -> f64 {
        let total: u64 =
            self.months.iter_recorded().map(|step| step.value_iterated_to() * u64::from(step.count_at_value())).sum();
        total as f64 / self.count() as f64
    }

    /// The shortest wait that at least the share `quantile` (0 to 1) of the waits within bounds does not exceed.
    ///
    /// In months; 0 without waits.
    pub fn quantile_months(&self, quantile: f64) -> u32 {
        u32::try_from(self.months.value_at_quantile(quantile)).expect("recorded waits are at most 1200 months")
    }

    /// Longest wait within bounds in months; 0 without waits.
    pub fn max_months(&self) -> u32 {
        u32::try_from(self.months.max()).expect("recorded waits are at most 1200 months")
    }

    /// The histogram in HdrHistogram's binary V2 form, about 1 to 2 kB; `over` is not in it.
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut bytes = Vec::new();
        V2Serializer::new()
            .serialize(&self.months, &mut bytes)
            .expect("a Vec takes every write and 32-bit counts fit the format");
        bytes
    }

    /// `row` with its figures (`n` to `hdr`) taken from this histogram.
    pub fn figures_in(&self, row: WaitRow) -> WaitRow {
        WaitRow {
            n: self.count(),
            mean: self.mean_months(),
            p10: self.quantile_months(0.10),
            p50: self.quantile_months(0.50),
            p90: self.quantile_months(0.90),
            max: self.max_months(),
            over: self.over,
            hdr: self.to_bytes(),
            ..row
        }
    }

    /// The histogram stored in `row`.
    ///
    /// # Errors
    /// [`WaitError`] if `row.hdr` is not a V2 histogram or has other bounds.
    pub fn from_row(row: &WaitRow) -> Result<Self, WaitError> {
        let months: Histogram<u32> = Deserializer::new()
            .deserialize(&mut row.hdr.as_slice())
            .map_err(|reason| WaitError::Unreadable { reason })?;
        if months.high() != u64::from(LONGEST_WAIT_MONTHS) || months.low() != 1 || months.sigfig() != DIGITS {
            return Err(WaitError::OtherBounds { high: months.high(), digits: months.sigfig() });
        }
        Ok(WaitHistogram { months, over: row.over })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn histogram_of(waits: impl IntoIterator<Item = u32>) -> WaitHistogram {
        let mut histogram = WaitHistogram::new();
        waits.into_iter().for_each(|months| histogram.record(months));
        histogram
    }

    #[test]
    fn waits_over_range_are_counted_and_never_clipped() {
        let histogram = histogram_of([0, 1200, 1201, 1500, 2048, u32::MAX]);
        assert_eq!((histogram.count(), histogram.over(), histogram.max_months()), (2, 4, 1200));
    }

    #[test]
    fn merged_histograms_equal_the_histogram_of_all_waits() {
        let waits: Vec<u32> = (0..5000u32).map(|i| i.wrapping_mul(2_654_435_761) >> 21).collect();
        let (some, others) = waits.split_at(1234);
        let mut merged = histogram_of(others.iter().copied());
        merged.merge(&histogram_of(some.iter().copied()));
        let all = histogram_of(waits);
        assert_eq!(merged, all);
        assert_eq!(merged.to_bytes(), all.to_bytes());
        assert!(all.over() > 0 && all.count() > 0);
    }

    #[test]
    fn quantiles_and_mean_are_exact() {
        let histogram = histogram_of(1..=1000);
        let quantiles = [0.10, 0.50, 0.90].map(|quantile| histogram.quantile_months(quantile));
        assert_eq!(quantiles, [100, 500, 900]);
        assert_eq!(histogram.mean_months(), 500.5);
    }

    #[test]
    fn a_histogram_comes_back_from_its_row() {
        let histogram = histogram_of([3, 3, 99, 5000]);
        let row = histogram.figures_in(WaitRow { year: 2025, kind: "open".into(), ..WaitRow::default() });
        assert_eq!((row.year, row.n, row.p50, row.over), (2025, 3, 3, 1));
        assert_eq!(WaitHistogram::from_row(&row).expect("made a line ago"), histogram);
    }

    #[test]
    fn foreign_bytes_and_bounds_are_refused() {
        let torn = WaitRow { hdr: vec![1, 2, 3], ..WaitRow::default() };
        assert!(matches!(WaitHistogram::from_row(&torn), Err(WaitError::Unreadable { .. })));
        let mut hdr = Vec::new();
        let days = Histogram::<u32>::new_with_bounds(1, 36_500, 2).expect("bounds that the format allows");
        V2Serializer::new().serialize(&days, &mut hdr).expect("a Vec takes every write");
        let days = WaitRow { hdr, ..WaitRow::default() };
        assert!(matches!(WaitHistogram::from_row(&days), Err(WaitError::OtherBounds { high: 36_500, digits: 2 })));
    }
}
