//! The door for people at a terminal: commands, progress, answers. Holds no model code.
//!
//! stdout is the answer, stderr the rest. A closed pipe ends a command quietly; Ctrl-C leaves a readable folder.

mod allocator;
mod answer;
mod args;
mod commands;
mod headline;
mod probe;
mod progress;
mod record;
mod timing;

use std::ffi::OsString;
use std::process::ExitCode;

use clap::Parser;

pub use allocator::give_back_what_is_freed;
use answer::Failure;
use args::{Arguments, Command};

/// Runs the program with these arguments, the first being its name.
pub fn main_with(arguments: impl IntoIterator<Item = OsString>) -> ExitCode {
    let arguments = match Arguments::try_parse_from(arguments) {
        Ok(arguments) => arguments,
        Err(error) => {
            let code = if error.use_stderr() { 2 } else { 0 };
            // nothing can be told if the terminal is gone
            let _ = error.print();
            return ExitCode::from(code);
        }
    };
    match dispatch(&arguments) {
        Ok(code) => ExitCode::from(code),
        Err(failure) => {
            answer::complain(&failure.to_string());
            ExitCode::from(failure.exit_code())
        }
    }
}

fn dispatch(arguments: &Arguments) -> Result<u8, Failure> {
    match &arguments.command {
        Command::Run(run) => commands::run::run(run),
        Command::Resume(resume) => commands::resume::resume(resume),
        Command::Merge(merge) => commands::merge::merge(merge),
        Command::Compare(compare) => commands::compare::compare(compare),
        Command::Biography(biography) => commands::biography::biography(biography),
        Command::Check(check) => commands::check::check(check),
        Command::Schedule => commands::schedule::schedule(),
        Command::Populate(populate) => commands::populate::populate(populate),
        Command::Explain(explain) => commands::explain::explain(explain),
        Command::Bench(bench) => commands::bench::bench(bench),
        Command::Verify(verify) => commands::verify::verify(verify),
        Command::Completions { shell } => commands::completions(*shell),
    }
}
