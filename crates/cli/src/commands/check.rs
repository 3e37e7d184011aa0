//! `doorstroom check`: every mistake in one pass, and what a run would cost.

use doorstroom_experiment::{Estimate, Experiment};
use doorstroom_world::read::Problems;

use crate::answer::{Failure, say};
use crate::args::CheckArguments;
use crate::timing;

/// Checks all files before it complains about any.
pub fn check(arguments: &CheckArguments) -> Result<u8, Failure> {
    let threads = timing::threads(arguments.threads);
    let mut problems = Problems::new();
    let mut answers = Vec::new();
    for path in &arguments.experiments {
        if super::queue::is_one(path) {
            match super::queue::describe(path, arguments.worlds.as_deref(), arguments.json) {
                Ok(answer) => answers.push(answer),
                Err(found) => problems.extend(found),
            }
            continue;
        }
        match Experiment::read(path, arguments.worlds.as_deref()) {
            Ok(experiment) => answers.push(describe(&experiment, threads, arguments.json)),
            Err(found) => problems.extend(found),
        }
    }
    if !answers.is_empty() {
        say(&answers.join("\n"));
    }
    problems.into_result(0).map_err(Failure::from)
}

fn describe(experiment: &Experiment, threads: usize, json: bool) -> String {
    let estimate = Estimate::of(experiment, threads);
    if json {
        return serde_json::to_string(&estimate).unwrap_or_default();
    }
    let fork = estimate.fork.map_or("never".to_owned(), |day| day.to_string());
    let mut text = format!(
        "{}: sound\n  {}\n  {} households, {} arms, {} replicates: {} runs, arms differ from {fork}\n  about {:.0} M household-months, {:.1} GiB, {:.0} s on {threads} threads",
        experiment.name,
        experiment.question,
        estimate.households,
        estimate.arms,
        estimate.replicates,
        estimate.runs,
        estimate.household_months as f64 / 1e6,
        estimate.bytes as f64 / (1u64 << 30) as f64,
        estimate.seconds,
    );
    for note in &estimate.notes {
        text += &format!("\n  note: {note}");
    }
    text
}
