//! One file a command, and what several of them share: how a run begins, figures of a benchmark.

mod begin;
pub mod bench;
pub mod bench_waiting_list;
pub mod biography;
pub mod check;
pub mod compare;
pub mod explain;
mod figures;
pub mod merge;
pub mod populate;
pub mod queue;
pub mod resume;
pub mod run;
pub mod schedule;
pub mod verify;

use clap::CommandFactory;
use clap_complete::Shell;
use doorstroom_experiment::Experiment;

use crate::answer::{Failure, say};
use crate::args::Arguments;

/// Prints a completion file.
pub fn completions(shell: Shell) -> Result<u8, Failure> {
    let mut text = Vec::new();
    clap_complete::generate(shell, &mut Arguments::command(), "doorstroom", &mut text);
    say(&String::from_utf8_lossy(&text));
    Ok(0)
}

/// Applies `key=value` settings in their order.
pub fn change(experiment: &mut Experiment, settings: &[String]) -> Result<(), Failure> {
    for setting in settings {
        let Some((key, value)) = setting.split_once('=') else {
            return Err(Failure::Setting(format!("`--set {setting}`: write KEY=VALUE, such as --set scale=0.1")));
        };
        experiment.with(key.trim(), value).map_err(|error| {
            let hint = error.hint().map(|hint| format!("; {hint}")).unwrap_or_default();
            Failure::Setting(format!("`--set {setting}`: {error}{hint}"))
        })?;
    }
    Ok(())
}
