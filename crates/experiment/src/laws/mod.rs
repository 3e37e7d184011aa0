//! `doorstroom verify`: laws that can be written down, and what the engine makes of them.
//!
//! A law is an experiment on a closed-form world plus a formula; no law has code of its own in the engine. The tolerance
//! rule is one for all: |measured - expected| is at most 4.06 standard errors plus the stated allowance, errors come from
//! at least 20 independent replicates, and a check whose error is too large to decide (four of them above 3 % of what is
//! expected) is an error, never a pass. Identities have no tolerance at all.

pub mod evidence;
mod exact;
pub mod finding;
mod flows;
pub mod formulas;
pub mod library;
mod lists;
pub mod outside;
mod queues;

use std::collections::BTreeSet;

use doorstroom_world::read::Problems;

pub use evidence::{Arm, Evidence};
pub use finding::{CRITICAL_Z, Finding, NOISE_SHARE, Verdict};

/// A law: what it says, the experiments that show it, and how they are read.
#[derive(Clone, Copy)]
pub struct Law {
    /// Number, such as `A5`; a letter behind it for what goes with it.
    pub id: &'static str,
    /// What it says.
    pub title: &'static str,
    /// Where it comes from.
    pub source: &'static str,
    /// Experiments in `experiments/closed-form`.
    pub experiments: &'static [&'static str],
    /// What was found.
    pub check: fn(&Evidence) -> Vec<Finding>,
}

/// What a law found.
#[derive(Clone, Debug)]
pub struct Outcome {
    /// Number of the law.
    pub id: &'static str,
    /// What it says.
    pub title: &'static str,
    /// Where it comes from.
    pub source: &'static str,
    /// Its findings.
    pub findings: Vec<Finding>,
}

/// All laws, in the order in which they are printed.
pub fn suite() -> Vec<Law> {
    let mut laws: Vec<Law> = [lists::LAWS, queues::LAWS, flows::LAWS, exact::LAWS, outside::LAWS].concat();
    let number = |law: &Law| law.id[1..].trim_end_matches(char::is_alphabetic).parse::<u32>().unwrap_or(u32::MAX);
    laws.sort_by_key(|law| (&law.id[..1], number(law), law.id));
    laws
}

/// Runs the experiments that these laws need, each once, and reads them. `tell` hears the name of each when it begins.
///
/// # Errors
/// What is wrong with a world, a scheme or an experiment.
pub fn verify(laws: &[Law], seed: u64, threads: usize, tell: &dyn Fn(&str)) -> Result<Vec<Outcome>, Problems> {
    let needed: BTreeSet<&'static str> = laws.iter().flat_map(|law| law.experiments).copied().collect();
    let evidence = Evidence::gather(&needed, seed, threads, tell)?;
    let outcome =
        |law: &Law| Outcome { id: law.id, title: law.title, source: law.source, findings: (law.check)(&evidence) };
    Ok(laws.iter().map(outcome).collect())
}

#[cfg(test)]
mod tests;
