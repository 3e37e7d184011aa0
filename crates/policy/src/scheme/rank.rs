//! Rangorde (rank): time, points or luck as one integer key, lowest first.

use std::collections::BTreeMap;

use serde::Deserialize;

/// Bits of a rank key.
pub const KEY_BITS: u32 = 48;
/// The last key.
const LAST: u64 = (1 << KEY_BITS) - 1;
/// Points are compared in units of 2^-20 of a point, around the middle of the range of keys.
const POINT_UNITS: f64 = 1_048_576.0;

/// Who comes first among candidates of one class.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub enum Rank {
    /// Aanbodmodel op inschrijfduur (advertised by registration time): who registered first.
    RegistrationTime,
    /// Most points; equal points by name.
    Points(Points),
    /// Loting (lottery): everybody has the same chance, drawn anew in every step.
    Lottery,
    /// Gewogen loting (weighted lottery): the first place goes to each in proportion to a weight.
    WeightedLottery {
        /// Weight by group, above 0; 1 for groups that are not named.
        weights: BTreeMap<String, f64>,
        /// Another weight for those who registered shortly ago.
        #[serde(default)]
        short_registration: Option<ShortRegistration>,
    },
    /// A share of the dwellings by lottery, the others by registration time; drawn for each dwelling.
    PartLottery(f64),
    /// Directe bemiddeling (direct mediation): proposed to the longest registered; no reactions are counted.
    Direct,
}

/// Factor on the weight of those who registered less than some months ago (West-Brabant, 2024: 32 months).
#[derive(Clone, Copy, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ShortRegistration {
    /// Months of registration below which it holds.
    pub below_months: f64,
    /// Factor, above 0.
    pub factor: f64,
}

/// Punten (points): what a group gets for what, as in the region of Amsterdam since January 2023.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Points {
    /// Wachtpunten (waiting points), by group: from registration on.
    #[serde(default)]
    pub waiting: BTreeMap<String, PointSource>,
    /// Zoekpunten (search points), by group: from registration, or from the last refusal where that costs points.
    #[serde(default)]
    pub search: BTreeMap<String, PointSource>,
    /// Situatiepunten (situation points), by group: from registration on, usually with a ceiling.
    #[serde(default)]
    pub situation: BTreeMap<String, PointSource>,
    /// Startpunten (start points), by group: once, at registration.
    #[serde(default)]
    pub start: BTreeMap<String, f64>,
}

/// Points that accumulate.
#[derive(Clone, Copy, Debug, Default, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PointSource {
    /// Points a month, at least 0.
    pub per_month: f64,
    /// Ceiling; none if left out.
    #[serde(default)]
    pub most: Option<f64>,
}

impl PointSource {
    /// Points after `months`.
    pub fn after(self, months: f64) -> f64 {
        let points = self.per_month * months;
        self.most.map_or(points, |most| points.min(most))
    }
}

/// Key of who registered in step `since`: earlier first.
pub fn registration_key(since: u16) -> u64 {
    u64::from(since)
}

/// Key of points: more points first. Points beyond ±100 million are all equal.
pub fn points_key(points: f64) -> u64 {
    let middle = (LAST / 2) as f64;
    (middle - points * POINT_UNITS).clamp(0.0, LAST as f64) as u64
}

/// Key of a lottery without weights: 64 uniform bits.
pub fn lottery_key(bits: u64) -> u64 {
    bits >> (64 - KEY_BITS)
}

/// Key of a weighted lottery for a uniform draw in (0, 1]: the smallest of `-ln(u) / weight` comes first, which is a
/// draw without replacement in proportion to weights (Efraimidis and Spirakis 2006).
pub fn latest_first(uniform: f64, weight: f64) -> u64 {
    let time = -libm::log(uniform) / weight;
    (time * (1u64 << 32) as f64).clamp(0.0, LAST as f64) as u64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn more_points_come_first_and_a_ceiling_holds() {
        assert!(points_key(3.0) < points_key(2.999));
        assert!(points_key(-1.0) > points_key(0.0));
        let source = PointSource { per_month: 1.0, most: Some(30.0) };
        assert_eq!((source.after(12.0), source.after(40.0)), (12.0, 30.0));
    }

    #[test]
    fn who_registered_first_comes_first() {
        assert!(registration_key(3) < registration_key(4));
    }

    #[test]
    fn a_weight_of_three_wins_three_times_in_four_against_one() {
        // 20,000 draws on a grid of two independent uniforms
        let n = 141;
        let u = |i: usize| (i as f64 + 0.5) / n as f64;
        let wins = (0..n * n).filter(|i| latest_first(u(i / n), 3.0) < latest_first(u(i % n), 1.0)).count();
        assert!((wins as f64 / (n * n) as f64 - 0.75).abs() < 0.01, "{wins}");
    }
}
