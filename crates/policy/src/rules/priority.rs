//! Rules of priority (voorrang): who goes before others, on which ground.

use crate::condition::Condition;
use crate::parameter::Numbers;
use crate::priority::{Exception, StatusRegime};
use crate::rules;

impl Numbers for StatusRegime {
    /// Days of exceptions; ratios and shares have bounds of their own ([`Numbers::misfit`]).
    fn numbers(&self) -> Vec<f64> {
        match self {
            StatusRegime::Banned { except, .. } | StatusRegime::ConditionalBan { except, .. } => {
                except.iter().map(|Exception::SinglesInSharedHomes { for_days }| f64::from(*for_days)).collect()
            }
            _ => Vec::new(),
        }
    }

    fn misfit(&self) -> Option<String> {
        match self {
            StatusRegime::MunicipalChoice { stopping } if !(0.0..=1.0).contains(stopping) => {
                Some(format!("`stopping` is {stopping}; it is a share of municipalities, 0 to 1"))
            }
            regime if regime.only().is_some_and(<[_]>::is_empty) => {
                Some("`scope` is Only of no municipality; name some, or leave `scope` out for all".to_owned())
            }
            StatusRegime::ConditionalBan { when, until, .. } => misfit_condition(*when, *until),
            _ => None,
        }
    }
}

/// A ratio that is none, or a ban that would go out of force at the ratio at which it comes into force.
fn misfit_condition(when: Condition, until: f64) -> Option<String> {
    let (field, bound, is_past, right) = match when {
        Condition::AlternativePlaces { at_least } => ("at_least", at_least, until > at_least, "at most"),
        Condition::Overdue { at_most } => ("at_most", at_most, until < at_most, "at least"),
    };
    match [(field, bound), ("until", until)].into_iter().find(|(_, ratio)| !is_ratio(*ratio)) {
        Some((field, ratio)) => Some(format!("`{field}` is {ratio}; it is a ratio to the persons expected, 0 or more")),
        None if is_past => Some(format!(
            "`until` is {until}; with `{field}` {bound} the ban would end as soon as it begins: `until` is {right} that"
        )),
        None => None,
    }
}

fn is_ratio(number: f64) -> bool {
    number >= 0.0 && number.is_finite()
}

rules! {
    /// Priority of groups.
    pub struct PriorityRules {
        /// What a municipality may or must do for status holders as such: `FreeChoice`, `ObligatoryUrgency`,
        /// `Banned(except: [SinglesInSharedHomes(for_days: 365)])`, `NoUrgencyOnAnyGround`,
        /// `ConditionalBan(when: AlternativePlaces(at_least: 1.0), for_months: 6, until: 0.8)`,
        /// `MunicipalChoice(stopping: 0.04)`.
        status_holder: StatusRegime, 0.0 to 3650.0;
        /// Share of municipalities that put families with minor children and no home of their own before others,
        /// whatever their status (generic family priority). Letter of 11 July 2025.
        family_priority: f64, 0.0 to 1.0;
        /// Days after the first day of a regime for which statements that it forbids, but which run already, still hold.
        statement_days: f64, 0.0 to 36500.0;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn misfit(regime: &str) -> Option<String> {
        ron::from_str::<StatusRegime>(regime).expect("a regime").misfit()
    }

    #[test]
    fn a_number_inside_a_regime_is_refused_by_its_own_name_and_bounds() {
        for (regime, told) in [
            ("MunicipalChoice(stopping: 4)", "`stopping` is 4; it is a share of municipalities, 0 to 1"),
            (
                "ConditionalBan(when: AlternativePlaces(at_least: -1), for_months: 6, until: 0.8)",
                "`at_least` is -1; it is a ratio to the persons expected, 0 or more",
            ),
            (
                "ConditionalBan(when: Overdue(at_most: 0.2), for_months: 6, until: -0.3)",
                "`until` is -0.3; it is a ratio to the persons expected, 0 or more",
            ),
            (
                "ConditionalBan(when: AlternativePlaces(at_least: 0.5), for_months: 6, until: 0.6)",
                "`until` is 0.6; with `at_least` 0.5 the ban would end as soon as it begins: `until` is at most that",
            ),
            (
                "ConditionalBan(when: Overdue(at_most: 0.2), for_months: 6, until: 0.1)",
                "`until` is 0.1; with `at_most` 0.2 the ban would end as soon as it begins: `until` is at least that",
            ),
            (
                "Banned(except: [], scope: Only([]))",
                "`scope` is Only of no municipality; name some, or leave `scope` out for all",
            ),
        ] {
            assert_eq!(misfit(regime).as_deref(), Some(told));
        }
        for regime in ["FreeChoice", "MunicipalChoice(stopping: 1)", "Banned(except: [], scope: Only([\"GM0363\"]))"] {
            assert_eq!(misfit(regime), None, "{regime}");
        }
        let ban = "ConditionalBan(when: Overdue(at_most: 0.2), for_months: 6, until: 0.3)";
        assert_eq!(misfit(ban), None);
    }
}
