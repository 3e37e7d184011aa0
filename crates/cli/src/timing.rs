//! The clock on the wall, for folder names and manifests; no model code sees it.

use std::time::{SystemTime, UNIX_EPOCH};

use doorstroom_kernel::Day;

/// Days from 1 January 1900 to 1 January 1970.
const DAYS_TO_1970: u64 = 25_567;

/// Now in UTC: `20250131T120000Z` and `2025-01-31T12:00:00Z`.
pub fn now() -> (String, String) {
    let seconds = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs());
    let day = Day((seconds / 86_400 + DAYS_TO_1970).min(u64::from(u16::MAX)) as u16).to_string();
    let (hour, minute, second) = (seconds / 3_600 % 24, seconds / 60 % 60, seconds % 60);
    let stamp = format!("{}T{hour:02}{minute:02}{second:02}Z", day.replace('-', ""));
    (stamp, format!("{day}T{hour:02}:{minute:02}:{second:02}Z"))
}

/// Threads that the machine gives, at least one.
pub fn threads(asked: Option<usize>) -> usize {
    asked.unwrap_or_else(|| std::thread::available_parallelism().map_or(1, std::num::NonZero::get)).max(1)
}
