//! Figures of a benchmark, rounded and in lines.

use serde_json::Value;

/// Seconds to the millisecond.
pub(super) fn round(seconds: f64) -> f64 {
    (seconds * 1_000.0).round() / 1_000.0
}

/// A figure a line.
pub(super) fn lines(figures: &Value) -> String {
    let Some(map) = figures.as_object() else { return figures.to_string() };
    map.iter().map(|(key, value)| format!("{key}: {value}\n")).collect()
}
