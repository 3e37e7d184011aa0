//! A parameter of a rule: dated values, each with unit and source. A change in the law is a new row, never an `if`.

use std::fmt::Debug;

use doorstroom_kernel::Day;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

/// A value in force from a date.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Dated<T> {
    /// First day on which it holds.
    pub from: Day,
    /// The value.
    pub value: T,
    /// Where it comes from: a document with its date, or `assumption A7: why`.
    pub source: String,
}

/// Dated values of one parameter.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Parameter<T> {
    /// Unit in words: `persons per half-year`, `yearly chance`.
    pub unit: String,
    /// Low and high ends that are worth trying, for numbers that are assumed or contested.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub range: Option<(f64, f64)>,
    /// Values by ascending date.
    pub steps: Vec<Dated<T>>,
    /// Position of the value in force.
    #[serde(skip)]
    current: usize,
}

impl<T> Parameter<T> {
    /// One value for ever, for worlds that are made in code.
    pub fn constant(value: T, unit: &str, source: &str) -> Self {
        let step = Dated { from: Day(0), value, source: source.to_owned() };
        Parameter { unit: unit.to_owned(), range: None, steps: vec![step], current: 0 }
    }

    /// The value in force (see [`AnyParameter::bring_into_force`]).
    #[inline]
    pub fn now(&self) -> &T {
        &self.steps[self.current].value
    }

    /// Date from which the value in force holds.
    pub fn in_force_since(&self) -> Day {
        self.steps[self.current].from
    }

    /// The value on a day; the first one before its date.
    pub fn at(&self, day: Day) -> &T {
        let after = self.steps.partition_point(|step| step.from <= day);
        &self.steps[after.saturating_sub(1)].value
    }
}

impl<T: Copy> Parameter<T> {
    /// The value in force, by copy.
    #[inline]
    pub fn get(&self) -> T {
        *self.now()
    }
}

/// Numbers inside a value, for range checks.
pub trait Numbers {
    /// Every number in the value.
    fn numbers(&self) -> Vec<f64>;

    /// What is wrong with the numbers taken together, and what would be right: how many there are, their sum, their order.
    fn misfit(&self) -> Option<String> {
        None
    }
}

impl Numbers for f64 {
    fn numbers(&self) -> Vec<f64> {
        vec![*self]
    }
}

impl Numbers for bool {
    fn numbers(&self) -> Vec<f64> {
        Vec::new()
    }
}

/// A problem in one parameter: which dated value, and what is wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// Position among the steps; `None` for the parameter as a whole.
    pub step: Option<usize>,
    /// Field of the step: `value`, `source`, `from`.
    pub field: &'static str,
    /// What is wrong and what would be right.
    pub message: String,
}

/// What can be done with a parameter without knowing its type.
pub trait AnyParameter {
    /// Unit in words.
    fn unit(&self) -> &str;
    /// Low and high ends worth trying.
    fn range(&self) -> Option<(f64, f64)>;
    /// Date, value and source of every step, as text.
    fn steps(&self) -> Vec<(Day, String, String)>;
    /// Selects the value that holds on `day`; true if it changed.
    fn bring_into_force(&mut self, day: Day) -> bool;
    /// Reads a value in RON and lets it hold from `from` on, in place of all later ones.
    ///
    /// # Errors
    /// What RON found wrong, with the place inside `text`.
    fn set(&mut self, from: Day, text: &str, source: &str) -> Result<(), Box<ron::error::SpannedError>>;
    /// What is wrong with the values, given the range each number must lie in.
    fn faults(&self, lowest: f64, highest: f64) -> Vec<Fault>;
    /// First date on which the values differ from those of `other`; `None` if they never do.
    fn first_difference(&self, other: &dyn AnyParameter) -> Option<Day>;
}

impl<T: Clone + Debug + Serialize + DeserializeOwned + Numbers> AnyParameter for Parameter<T> {
    fn unit(&self) -> &str {
        &self.unit
    }

    fn range(&self) -> Option<(f64, f64)> {
        self.range
    }

    fn steps(&self) -> Vec<(Day, String, String)> {
        self.steps.iter().map(|step| (step.from, text_of(&step.value), step.source.clone())).collect()
    }

    fn bring_into_force(&mut self, day: Day) -> bool {
        let before = self.current;
        self.current = self.steps.partition_point(|step| step.from <= day).saturating_sub(1);
        before != self.current
    }

    fn set(&mut self, from: Day, text: &str, source: &str) -> Result<(), Box<ron::error::SpannedError>> {
        let value = ron::Options::default()
            .with_default_extension(ron::extensions::Extensions::IMPLICIT_SOME)
            .from_str(text)
            .map_err(Box::new)?;
        self.steps.retain(|step| step.from < from);
        self.steps.push(Dated { from, value, source: source.to_owned() });
        Ok(())
    }

    fn faults(&self, lowest: f64, highest: f64) -> Vec<Fault> {
        let mut faults = Vec::new();
        if self.steps.is_empty() {
            let message = "no value at all; give at least one step (from, value, source)".to_owned();
            faults.push(Fault { step: None, field: "steps", message });
        }
        if let Some((low, high)) = self.range.filter(|&(low, high)| !(lowest <= low && low < high && high <= highest)) {
            let message = format!("worth trying is {low} to {high}; let it ascend between {lowest} and {highest}");
            faults.push(Fault { step: None, field: "range", message });
        }
        for (i, step) in self.steps.iter().enumerate() {
            if i > 0 && step.from <= self.steps[i - 1].from {
                let message = format!("{} is not after {}; dates ascend", step.from, self.steps[i - 1].from);
                faults.push(Fault { step: Some(i), field: "from", message });
            }
            if step.source.trim().is_empty() {
                let message = "has no source; name a document, or write \"assumption A7: why\"".to_owned();
                faults.push(Fault { step: Some(i), field: "source", message });
            }
            if let Some(bad) = step.value.numbers().into_iter().find(|x| !(lowest..=highest).contains(x)) {
                let message = format!("{bad} is outside the allowed range {lowest} to {highest} ({})", self.unit);
                faults.push(Fault { step: Some(i), field: "value", message });
            } else if let Some(message) = step.value.misfit() {
                faults.push(Fault { step: Some(i), field: "value", message });
            }
        }
        faults
    }

    fn first_difference(&self, other: &dyn AnyParameter) -> Option<Day> {
        let (mine, theirs) = (self.steps(), other.steps());
        if mine.iter().map(|s| (s.0, &s.1)).eq(theirs.iter().map(|s| (s.0, &s.1))) {
            return None;
        }
        let value_at = |steps: &[(Day, String, String)], day: Day| {
            steps[steps.partition_point(|s| s.0 <= day).saturating_sub(1)].1.clone()
        };
        let mut days: Vec<Day> = mine.iter().chain(&theirs).map(|s| s.0).collect();
        days.sort_unstable();
        days.into_iter().find(|&day| value_at(&mine, day) != value_at(&theirs, day))
    }
}

fn text_of<T: Serialize + Debug>(value: &T) -> String {
    // RON writes a variant that is called `None` as a raw word, which is not how anybody writes it
    ron::to_string(value).map_or_else(|_| format!("{value:?}"), |text| text.replace("r#None", "None"))
}

/// What is told of every rule: name, documentation, allowed range, parameter.
pub type SeeRule<'a> = dyn FnMut(&'static str, &'static str, (f64, f64), &dyn AnyParameter) + 'a;

/// A named group of parameters, as one policy file holds them.
pub trait RuleSet {
    /// Name, documentation, allowed range and parameter of every rule.
    fn each(&self, visit: &mut SeeRule<'_>);
    /// Every parameter by name, to be changed.
    fn each_mut(&mut self, visit: &mut dyn FnMut(&'static str, &mut dyn AnyParameter));
}

/// Declares a rule set: one documented field per parameter with the range its numbers must lie in.
#[macro_export]
macro_rules! rules {
    ($(#[doc = $about:literal])+ pub struct $set:ident {
        $($(#[doc = $doc:literal])+ $name:ident: $type:ty, $low:literal to $high:literal;)+
    }) => {
        $(#[doc = $about])+
        #[derive(Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize)]
        #[serde(deny_unknown_fields)]
        pub struct $set {
            $($(#[doc = $doc])+ pub $name: $crate::parameter::Parameter<$type>,)+
        }

        impl $crate::parameter::RuleSet for $set {
            fn each(&self, visit: &mut $crate::parameter::SeeRule<'_>) {
                $(visit(stringify!($name), concat!($($doc, "\n"),+), ($low as f64, $high as f64), &self.$name);)+
            }

            fn each_mut(&mut self, visit: &mut dyn FnMut(&'static str, &mut dyn $crate::parameter::AnyParameter)) {
                $(visit(stringify!($name), &mut self.$name);)+
            }
        }
    };
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> Day {
        Day::parse(text).unwrap()
    }

    fn targets() -> Parameter<f64> {
        ron::from_str(
            r#"(unit: "persons per half-year", steps: [
                (from: "2025-01-01", value: 15000, source: "minutes of 19 March 2025"),
                (from: "2025-07-01", value: 13000, source: "minutes of 19 March 2025"),
            ])"#,
        )
        .unwrap()
    }

    #[test]
    fn a_value_holds_from_its_date_until_the_next() {
        let mut target = targets();
        assert_eq!(*target.at(day("2025-06-30")), 15_000.0);
        assert!(target.bring_into_force(day("2025-07-01")));
        assert_eq!(target.get(), 13_000.0);
        assert_eq!(target.in_force_since(), day("2025-07-01"));
    }

    #[test]
    fn setting_a_value_replaces_everything_from_its_date_on() {
        let mut target = targets();
        target.set(day("2025-03-01"), "9000", "arm").unwrap();
        assert_eq!(target.steps.len(), 2);
        assert_eq!(*target.at(day("2026-01-01")), 9_000.0);
        assert_eq!(target.first_difference(&targets()), Some(day("2025-03-01")));
        assert_eq!(targets().first_difference(&targets()), None);
    }

    #[test]
    fn a_value_without_source_or_outside_its_range_is_a_fault() {
        let mut target = targets();
        target.steps[1].source = " ".to_owned();
        target.steps[0].value = f64::NAN;
        let fields: Vec<_> = target.faults(0.0, 1e6).into_iter().map(|f| f.field).collect();
        assert_eq!(fields, ["value", "source"]);
    }

    #[test]
    fn ends_worth_trying_ascend_and_are_allowed() {
        for (ends, faults) in [((10.0, 20.0), 0), ((20.0, 10.0), 1), ((10.0, 10.0), 1), ((-1.0, 10.0), 1)] {
            let target = Parameter { range: Some(ends), ..targets() };
            assert_eq!(target.faults(0.0, 1e6).len(), faults, "{ends:?}");
        }
    }
}
