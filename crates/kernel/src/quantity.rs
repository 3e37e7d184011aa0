//! Quantities that cannot be wrong: shares, chances and the integer thresholds that decide.

use serde::{Deserialize, Deserializer, Serialize, de::Error as _};

/// A share of a whole, 0 to 1 inclusive.
#[derive(Clone, Copy, PartialEq, PartialOrd, Debug, Default, Serialize)]
#[serde(transparent)]
pub struct Share(f64);

impl Share {
    /// A share; `None` outside 0 to 1 or not a number.
    pub fn new(value: f64) -> Option<Self> {
        (0.0..=1.0).contains(&value).then_some(Share(value))
    }

    /// The number.
    pub fn get(self) -> f64 {
        self.0
    }

    /// The threshold that is struck with this chance.
    pub fn threshold(self) -> Threshold {
        Threshold::of(self.0)
    }
}

impl<'de> Deserialize<'de> for Share {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let value = f64::deserialize(deserializer)?;
        Share::new(value)
            .ok_or_else(|| D::Error::custom(format!("{value} is not a share; a share lies between 0 and 1")))
    }
}

/// How many or how much: a finite number that is not negative.
#[derive(Clone, Copy, PartialEq, PartialOrd, Debug, Default, Serialize)]
#[serde(transparent)]
pub struct Amount(f64);

impl Amount {
    /// An amount; `None` below 0, if infinite or not a number.
    pub fn new(value: f64) -> Option<Self> {
        (value.is_finite() && value >= 0.0).then_some(Amount(value))
    }

    /// The number.
    pub fn get(self) -> f64 {
        self.0
    }
}

impl<'de> Deserialize<'de> for Amount {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let value = f64::deserialize(deserializer)?;
        Amount::new(value)
            .ok_or_else(|| D::Error::custom(format!("{value} is no amount; an amount is a number of 0 or more")))
    }
}

/// The chance that something happens to one person or household in a year, 0 up to but not including 1.
#[derive(Clone, Copy, PartialEq, PartialOrd, Debug, Default, Serialize)]
#[serde(transparent)]
pub struct YearlyChance(f64);

impl YearlyChance {
    /// A yearly chance; `None` outside [0, 1) or not a number.
    pub fn new(value: f64) -> Option<Self> {
        (0.0..1.0).contains(&value).then_some(YearlyChance(value))
    }

    /// The number.
    pub fn get(self) -> f64 {
        self.0
    }

    /// The constant rate per year that gives this chance in one year: `-ln(1 - p)`.
    pub fn rate(self) -> f64 {
        -libm::log1p(-self.0)
    }
}

impl<'de> Deserialize<'de> for YearlyChance {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let value = f64::deserialize(deserializer)?;
        YearlyChance::new(value).ok_or_else(|| {
            D::Error::custom(format!("{value} is not a yearly chance; it lies from 0 up to, not including, 1"))
        })
    }
}

/// A chance as an integer out of 2^32, so that every platform decides alike.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Default)]
pub struct Threshold(pub u64);

impl Threshold {
    /// The threshold of chance `p`, clamped to [0, 1].
    pub fn of(p: f64) -> Self {
        Threshold((p.clamp(0.0, 1.0) * 4_294_967_296.0) as u64)
    }

    /// The chance per step of a constant rate per year: `1 - exp(-rate * dt)`.
    pub fn of_rate(rate_per_year: f64, step_years: f64) -> Self {
        Threshold::of(-libm::expm1(-rate_per_year.max(0.0) * step_years))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_outside_zero_and_one_are_refused() {
        for bad in [-0.1, 1.1, f64::NAN, f64::INFINITY] {
            assert_eq!(Share::new(bad), None);
        }
        assert_eq!(Share::new(1.0).map(Share::get), Some(1.0));
    }

    #[test]
    fn twelve_monthly_thresholds_make_the_yearly_chance() {
        let yearly = YearlyChance::new(0.2).unwrap();
        let monthly = Threshold::of_rate(yearly.rate(), 1.0 / 12.0).0 as f64 / 4_294_967_296.0;
        let back = 1.0 - (0..12).fold(1.0, |left, _| left * (1.0 - monthly));
        assert!((back - 0.2).abs() < 1e-8, "{back}");
    }
}
