//! The parameters of the shipped rules: every one of them, changed within its range, moves some output.
//!
//! The list is that of the rules themselves. A parameter that belongs to an instrument is tried under an arm of a shipped
//! experiment that switches the instrument on.

mod contexts;
mod runs;
mod values;
mod variants;

use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use contexts::{STAGES, Stage};
use doorstroom_tests::{experiment, world};
use runs::Context;
use values::{Subject, subjects};

/// Threads on which contexts are run.
const THREADS: usize = 2;

/// A parameter that nothing has moved yet, and where it was tried.
struct Left {
    subject: Subject,
    tried: Vec<String>,
}

/// Those of `left` that move nothing under any arm of the stage.
fn unmoved(stage: Stage, mut left: Vec<Left>) -> Vec<Left> {
    let (next, moved) = (AtomicUsize::new(0), Mutex::new(Vec::new()));
    let (at_once, each) = if stage.len() == 1 { (1, THREADS) } else { (THREADS, 1) };
    let work = || {
        while let Some(arm) = stage.get(next.fetch_add(1, Ordering::Relaxed)) {
            let tried: Vec<Subject> =
                left.iter().map(|one| one.subject.clone()).filter(|one| arm.is_for(&one.path)).collect();
            if tried.is_empty() {
                continue;
            }
            let settings = [("scale", arm.scale), ("months", arm.months), ("replicates", "1")];
            let context = Context::new(experiment(arm.file, &settings), arm.name);
            moved.lock().expect("no thread failed with it").extend(context.moved(&tried, each));
        }
    };
    std::thread::scope(|scope| (0..at_once).for_each(|_| _ = scope.spawn(work)));
    let moved = moved.into_inner().expect("no thread failed with it");
    left.retain(|one| !moved.contains(&one.subject.path));
    for one in &mut left {
        one.tried.extend(stage.iter().filter(|arm| arm.is_for(&one.subject.path)).map(|arm| arm.to_string()));
    }
    left
}

#[test]
fn every_parameter_of_the_shipped_rules_moves_some_outcome() {
    let rules = world("netherlands").rules;
    let all = subjects(&rules);
    assert_eq!(all.len() + rules.schemes.paths().len(), rules.paths().len(), "schemes have a test of their own");
    let mut left: Vec<Left> = all.into_iter().map(|subject| Left { subject, tried: Vec::new() }).collect();
    for stage in STAGES {
        left = unmoved(stage, left);
    }
    let told: Vec<String> = left
        .iter()
        .map(|one| {
            let (now, others) = (one.subject.told(&rules), one.subject.others(&rules).join(" or "));
            let path = &one.subject.path;
            format!("parameter {path}: changed from {now} to {others} in {}, and nothing moved", one.tried.join("; "))
        })
        .collect();
    assert!(told.is_empty(), "{} parameters are inert:\n{}", told.len(), told.join("\n"));
}

#[test]
fn no_parameter_at_an_end_of_what_is_allowed_makes_a_run_fail() {
    let settings = [("months", "13"), ("replicates", "1")];
    let context = Context::new(experiment("toy_town.ron", &settings), "rules_as_they_stand");
    let rules = world("toy-town").rules;
    let all = subjects(&rules);
    let ends: Vec<(&str, String)> =
        all.iter().flat_map(|one| one.at_the_ends(&rules).into_iter().map(|end| (one.path.as_str(), end))).collect();
    assert!(ends.len() > all.len(), "most parameters have two ends");
    let values: Vec<(&str, &str)> = ends.iter().map(|(path, end)| (*path, end.as_str())).collect();
    let put_out = context.ends(&values, THREADS);
    let failed: Vec<&(&str, String)> =
        ends.iter().zip(put_out).filter(|(_, end)| end.is_none()).map(|(one, _)| one).collect();
    assert!(failed.is_empty(), "{failed:?}");
}
