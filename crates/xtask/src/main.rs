//! Tasks of the builders, run as `cargo xtask <task>`; one module a task, one line in `TASKS` a task.

#![allow(clippy::print_stdout, clippy::print_stderr, reason = "a command-line door: its output is for a person")]

use std::error::Error;
use std::process::ExitCode;

mod derive;
mod results;
mod tidy;

/// What a task ends with: what to tell, or why it failed.
type Outcome = Result<String, Box<dyn Error>>;

/// One task: its name, its arguments as shown to people, and the function that runs it.
struct Task {
    name: &'static str,
    usage: &'static str,
    run: fn(&[String]) -> Outcome,
}

/// Every task there is.
const TASKS: [Task; 3] = [
    Task { name: "derive", usage: derive::USAGE, run: derive::run },
    Task { name: "results", usage: results::USAGE, run: results::run },
    Task {
        name: "tidy",
        usage: "[--write]   --write: first bring the values in worlds/README.md up to date",
        run: tidy::run,
    },
];

fn main() -> ExitCode {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let task = words.first().and_then(|name| TASKS.iter().find(|task| task.name == name));
    let Some(task) = task else {
        eprintln!("which task?");
        for task in &TASKS {
            eprintln!("  cargo xtask {} {}", task.name, task.usage);
        }
        return ExitCode::from(2);
    };
    match (task.run)(&words[1..]) {
        Ok(told) => {
            println!("{told}");
            ExitCode::SUCCESS
        }
        Err(error) => {
            eprintln!("cargo xtask {}: {error}", task.name);
            ExitCode::FAILURE
        }
    }
}
