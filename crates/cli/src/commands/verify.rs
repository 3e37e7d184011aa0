//! `doorstroom verify`: laws, what they expect, what the engine gives.

use std::collections::BTreeSet;
use std::time::Instant;

use doorstroom_experiment::laws::{self, CRITICAL_Z, Finding, Law, NOISE_SHARE, Outcome, Verdict};
use doorstroom_world::read::suggest;
use serde_json::{Value, json};

use crate::answer::{Failure, OUTSIDE, complain, say};
use crate::args::VerifyArguments;
use crate::timing;

/// Runs the laws and prints the table.
pub fn verify(arguments: &VerifyArguments) -> Result<u8, Failure> {
    let laws = chosen(&arguments.law)?;
    if arguments.list {
        let told = |law: &Law| json!({ "law": law.id, "title": law.title, "source": law.source });
        say(&if arguments.json {
            Value::from(laws.iter().map(told).collect::<Vec<_>>()).to_string()
        } else {
            laws.iter().map(|law| format!("{:4} {} ({})\n", law.id, law.title, law.source)).collect()
        });
        return Ok(0);
    }
    let began = Instant::now();
    let tell = |name: &str| complain(&format!("{:5.0} s  {}", began.elapsed().as_secs_f64(), name.replace('_', " ")));
    let outcomes = laws::verify(&laws, arguments.seed, timing::threads(arguments.threads), &tell)?;
    let seconds = began.elapsed().as_secs_f64();
    say(&if arguments.json {
        as_json(&outcomes, arguments.seed, seconds).to_string()
    } else {
        as_table(&outcomes, arguments.seed, seconds)
    });
    let passed = findings(&outcomes).all(|finding| finding.verdict() == Verdict::Pass);
    Ok(if passed { 0 } else { OUTSIDE })
}

/// The laws that were asked for, all if none was.
fn chosen(asked: &[String]) -> Result<Vec<Law>, Failure> {
    let all = laws::suite();
    for id in asked {
        if !all.iter().any(|law| law.id.eq_ignore_ascii_case(id)) {
            let meant = suggest(id, all.iter().map(|law| law.id));
            let hint = meant.map(|meant| format!("; did you mean {meant}?")).unwrap_or_default();
            return Err(Failure::Setting(format!("`--law {id}`: there is no such law{hint} See `verify --list`.")));
        }
    }
    let asked_for: BTreeSet<String> = asked.iter().map(|id| id.to_uppercase()).collect();
    Ok(all.into_iter().filter(|law| asked_for.is_empty() || asked_for.contains(law.id)).collect())
}

fn findings(outcomes: &[Outcome]) -> impl Iterator<Item = &Finding> {
    outcomes.iter().flat_map(|outcome| &outcome.findings)
}

fn largest_z(outcomes: &[Outcome]) -> f64 {
    findings(outcomes).map(|finding| finding.z().abs()).fold(0.0, f64::max)
}

fn word(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Pass => "pass",
        Verdict::Fail => "FAIL",
        Verdict::TooNoisy => "NOISY",
    }
}

/// A number with six digits.
fn digits(value: f64) -> String {
    if value == 0.0 || (value.fract() == 0.0 && value.abs() < 1e12) {
        return format!("{value:.0}");
    }
    let places = (5 - value.abs().log10().floor() as i32).clamp(0, 8) as usize;
    format!("{value:.places$}")
}

fn as_table(outcomes: &[Outcome], seed: u64, seconds: f64) -> String {
    let mut text = String::new();
    let width = findings(outcomes).map(|finding| finding.what.chars().count()).max().unwrap_or(0);
    text += &format!(
        "{:5}{:width$}  {:>12} {:>12} {:>10} {:>10} {:>6}  verdict\n",
        "law", "", "expected", "measured", "se", "allowance", "z"
    );
    for outcome in outcomes {
        text += &format!("{:5}{}\n", outcome.id, outcome.title);
        for finding in &outcome.findings {
            let se = finding.se.map_or("exact".to_owned(), digits);
            let allowance = if finding.allowance > 0.0 { digits(finding.allowance) } else { "-".to_owned() };
            let z = if finding.se.is_none() { "-".to_owned() } else { format!("{:.2}", finding.z()) };
            text += &format!(
                "     {:width$}  {:>12} {:>12} {:>10} {:>10} {:>6}  {}\n",
                finding.what,
                digits(finding.expected),
                digits(finding.measured),
                se,
                allowance,
                z,
                word(finding.verdict())
            );
        }
    }
    text += &allowances(outcomes);
    text + &closing(outcomes, seed, seconds)
}

/// Every reason for an allowance, once.
fn allowances(outcomes: &[Outcome]) -> String {
    let with = findings(outcomes).filter(|finding| finding.allowance > 0.0);
    let reasons: BTreeSet<&str> = with.map(|finding| finding.why).collect();
    let mut text = String::from("\nAllowances are in the unit of the values and stand for:\n");
    for reason in &reasons {
        let of: Vec<&str> = outcomes
            .iter()
            .filter(|outcome| outcome.findings.iter().any(|f| f.allowance > 0.0 && f.why == *reason))
            .map(|outcome| outcome.id)
            .collect();
        text += &format!("  {}: {reason}\n", of.join(", "));
    }
    if reasons.is_empty() { String::new() } else { text }
}

fn closing(outcomes: &[Outcome], seed: u64, seconds: f64) -> String {
    let count = |verdict| findings(outcomes).filter(|finding| finding.verdict() == verdict).count();
    let whole = |outcome: &&Outcome| outcome.findings.iter().all(|finding| finding.verdict() == Verdict::Pass);
    format!(
        "\n{} of {} laws inside tolerance, {} checks: {} pass, {} outside, {} too noisy; largest |z| {:.2} (bound \
         {CRITICAL_Z})\nseed {seed}, {seconds:.0} s. Tolerance: |measured - expected| <= {CRITICAL_Z} se + allowance; a \
         check with 4 se above {:.0} % of what is expected decides nothing.\n",
        outcomes.iter().filter(whole).count(),
        outcomes.len(),
        findings(outcomes).count(),
        count(Verdict::Pass),
        count(Verdict::Fail),
        count(Verdict::TooNoisy),
        largest_z(outcomes),
        100.0 * NOISE_SHARE,
    )
}

fn as_json(outcomes: &[Outcome], seed: u64, seconds: f64) -> Value {
    let finding = |finding: &Finding| {
        json!({
            "what": finding.what,
            "expected": finding.expected,
            "measured": finding.measured,
            "se": finding.se,
            "replicates": finding.replicates,
            "allowance": finding.allowance,
            "why": finding.why,
            "z": finding.z(),
            "verdict": word(finding.verdict()).to_lowercase(),
        })
    };
    let outcome = |outcome: &Outcome| {
        json!({
            "law": outcome.id,
            "title": outcome.title,
            "source": outcome.source,
            "checks": outcome.findings.iter().map(finding).collect::<Vec<_>>(),
        })
    };
    json!({
        "seed": seed,
        "seconds": seconds,
        "critical_z": CRITICAL_Z,
        "largest_z": largest_z(outcomes),
        "laws": outcomes.iter().map(outcome).collect::<Vec<_>>(),
    })
}
