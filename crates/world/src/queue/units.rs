//! Rates, spans, streams and lifetimes as files write them: every number with its unit.

use doorstroom_kernel::StepLength;
use doorstroom_kernel::calendar::DAYS_A_MONTH;
use doorstroom_policy::queue;
use serde::Deserialize;

/// Months in a step.
pub fn step_months(step: StepLength) -> f64 {
    match step {
        StepLength::Months(n) => f64::from(n),
        StepLength::Days(n) => f64::from(n) / DAYS_A_MONTH,
    }
}

/// A rate, with the time it is counted over.
#[derive(Clone, Copy, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub enum Rate {
    /// A step of this world, whatever its length.
    PerStep(f64),
    /// A month.
    PerMonth(f64),
    /// A year.
    PerYear(f64),
}

impl Rate {
    /// The number as written.
    pub fn number(self) -> f64 {
        match self {
            Rate::PerStep(x) | Rate::PerMonth(x) | Rate::PerYear(x) => x,
        }
    }

    /// The rate in a month.
    pub fn per_month(self, step: StepLength) -> f64 {
        match self {
            Rate::PerStep(x) => x / step_months(step),
            Rate::PerMonth(x) => x,
            Rate::PerYear(x) => x / 12.0,
        }
    }

    /// The rate in a step.
    pub fn per_step(self, step: StepLength) -> f64 {
        match self {
            Rate::PerStep(x) => x,
            _ => self.per_month(step) * step_months(step),
        }
    }
}

/// A stretch of time.
#[derive(Clone, Copy, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub enum Span {
    /// Steps of this world.
    Steps(u32),
    /// Days.
    Days(f64),
    /// Months.
    Months(f64),
    /// Years.
    Years(f64),
}

impl Span {
    /// Months.
    pub fn months(self, step: StepLength) -> f64 {
        match self {
            Span::Steps(n) => f64::from(n) * step_months(step),
            Span::Days(x) => x / DAYS_A_MONTH,
            Span::Months(x) => x,
            Span::Years(x) => 12.0 * x,
        }
    }

    /// Steps, not rounded.
    pub fn steps(self, step: StepLength) -> f64 {
        match self {
            Span::Steps(n) => f64::from(n),
            _ => self.months(step) / step_months(step),
        }
    }

    /// Steps, rounded.
    pub fn whole_steps(self, step: StepLength) -> u32 {
        self.steps(step).round() as u32
    }

    /// Whether it is a number of at least 0.
    pub fn is_sound(self) -> bool {
        match self {
            Span::Steps(_) => true,
            Span::Days(x) | Span::Months(x) | Span::Years(x) => x.is_finite() && x >= 0.0,
        }
    }
}

/// How many come.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub enum Stream {
    /// A Poisson stream.
    Poisson(Rate),
    /// A Poisson stream whose rate changes: each rate with the time since the start at which it begins.
    PoissonFrom(Vec<(Span, Rate)>),
    /// This many in every step.
    Every(u32),
}

impl Stream {
    /// In steps.
    pub fn resolve(&self, step: StepLength) -> queue::Stream {
        match self {
            Stream::Poisson(rate) => queue::Stream::Poisson(rate.per_step(step)),
            Stream::PoissonFrom(rows) => {
                let row = |&(from, rate): &(Span, Rate)| (from.whole_steps(step), rate.per_step(step));
                queue::Stream::PoissonFrom(rows.iter().map(row).collect())
            }
            Stream::Every(count) => queue::Stream::Every(*count),
        }
    }
}

/// How long something lasts.
#[derive(Clone, Copy, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub enum Lifetime {
    /// It ends at a constant rate.
    Exponential(Rate),
    /// Always this long.
    Fixed(Span),
    /// Not beyond the step in which it began.
    AtOnce,
}

impl Lifetime {
    /// In steps.
    pub fn resolve(self, step: StepLength) -> queue::Lifetime {
        match self {
            Lifetime::Exponential(rate) => queue::Lifetime::Exponential(rate.per_step(step)),
            Lifetime::Fixed(span) => queue::Lifetime::Fixed(span.steps(step)),
            Lifetime::AtOnce => queue::Lifetime::AtOnce,
        }
    }
}
