//! One comparison of a law with what was measured.

use doorstroom_observe::queue::Estimate;

/// Standard errors that a sound engine exceeds in one of twenty checks with a chance of 0.1 % (Bonferroni).
pub const CRITICAL_Z: f64 = 4.06;
/// Four standard errors must be below this share of what is expected, or the check decides nothing.
pub const NOISE_SHARE: f64 = 0.03;
/// Fewest replicates from which an error is taken.
pub const FEWEST_REPLICATES: usize = 20;

/// What a comparison says.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Verdict {
    /// Inside tolerance.
    Pass,
    /// Outside tolerance.
    Fail,
    /// The run is too noisy to decide.
    TooNoisy,
}

/// Expected against measured.
#[derive(Clone, Debug, PartialEq)]
pub struct Finding {
    /// What is compared.
    pub what: String,
    /// By the formula.
    pub expected: f64,
    /// By the engine.
    pub measured: f64,
    /// Standard error of the measured value; `None` for an identity, which has no tolerance.
    pub se: Option<f64>,
    /// Replicates.
    pub replicates: usize,
    /// Allowance for steps and finite size, in the unit of the values.
    pub allowance: f64,
    /// Why there is one.
    pub why: &'static str,
}

impl Finding {
    /// A measured value against a formula.
    pub fn near(what: impl Into<String>, expected: f64, measured: Estimate) -> Finding {
        Finding {
            what: what.into(),
            expected,
            measured: measured.value,
            se: Some(measured.se),
            replicates: measured.n,
            allowance: 0.0,
            why: "",
        }
    }

    /// Two whole numbers that must be equal.
    pub fn exact(what: impl Into<String>, expected: i64, measured: i64) -> Finding {
        Finding {
            what: what.into(),
            expected: expected as f64,
            measured: measured as f64,
            se: None,
            replicates: 0,
            allowance: 0.0,
            why: "",
        }
    }

    /// The same with an allowance, and why.
    pub fn within(self, allowance: f64, why: &'static str) -> Finding {
        Finding { allowance: allowance.abs(), why, ..self }
    }

    /// Distance beyond the allowance in standard errors, with the sign of the difference; 0 for an identity that holds.
    pub fn z(&self) -> f64 {
        let difference = self.measured - self.expected;
        let beyond = (difference.abs() - self.allowance).max(0.0);
        match self.se {
            _ if beyond == 0.0 => 0.0,
            None => f64::INFINITY,
            Some(se) => beyond / se * difference.signum(),
        }
    }

    /// What it says.
    pub fn verdict(&self) -> Verdict {
        let Some(se) = self.se else {
            return if self.measured == self.expected { Verdict::Pass } else { Verdict::Fail };
        };
        // not-a-number is noise too
        let decides = 4.0 * se <= NOISE_SHARE * self.expected.abs() && self.replicates >= FEWEST_REPLICATES;
        match decides {
            false => Verdict::TooNoisy,
            true if self.z().abs() <= CRITICAL_Z => Verdict::Pass,
            true => Verdict::Fail,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn estimate(value: f64, se: f64) -> Estimate {
        Estimate { value, se, n: 20 }
    }

    #[test]
    fn a_run_too_noisy_to_decide_is_no_pass() {
        assert_eq!(Finding::near("x", 100.0, estimate(100.0, 0.7)).verdict(), Verdict::Pass);
        assert_eq!(Finding::near("x", 100.0, estimate(100.0, 0.8)).verdict(), Verdict::TooNoisy);
        assert_eq!(Finding::near("x", 100.0, estimate(100.0, f64::NAN)).verdict(), Verdict::TooNoisy);
        assert_eq!(Finding::near("x", 100.0, Estimate { n: 19, ..estimate(100.0, 0.1) }).verdict(), Verdict::TooNoisy);
    }

    #[test]
    fn what_lies_beyond_error_and_allowance_fails() {
        let found = Finding::near("x", 100.0, estimate(103.0, 0.5));
        assert_eq!((found.z(), found.verdict()), (6.0, Verdict::Fail));
        let allowed = found.within(1.0, "step");
        assert_eq!((allowed.z(), allowed.verdict()), (4.0, Verdict::Pass));
        assert_eq!(Finding::near("x", 100.0, estimate(97.0, 0.5)).z(), -6.0);
    }

    #[test]
    fn an_identity_has_no_tolerance() {
        assert_eq!(Finding::exact("x", 7, 7).verdict(), Verdict::Pass);
        assert_eq!(Finding::exact("x", 7, 8).verdict(), Verdict::Fail);
    }
}
