//! Answers on stdout, complaints on stderr, and what a failure means for the exit code.

use std::io::{ErrorKind, Write};

use doorstroom_output::OutputError;
use doorstroom_world::read::Problems;

/// Finished, but some replicates failed.
pub const SOME_FAILED: u8 = 4;
/// Figures of `verify` outside tolerance, or too noisy to tell; a run in which an identity between arms does not hold.
pub const OUTSIDE: u8 = 5;
/// Interrupted; what is finished can be read.
pub const INTERRUPTED: u8 = 130;

/// Why a command did not do what was asked.
#[derive(Debug, thiserror::Error)]
pub enum Failure {
    /// A file says something that is not allowed.
    #[error("{0}")]
    Input(#[from] Problems),
    /// A setting on the command line is not allowed.
    #[error("{0}")]
    Setting(String),
    /// The run folder.
    #[error("{0}")]
    Output(#[from] OutputError),
    /// Anything else.
    #[error("{0}")]
    Other(String),
}

impl Failure {
    /// 3: input; 6: folder of another run; 1: anything else.
    pub fn exit_code(&self) -> u8 {
        match self {
            Failure::Input(_) | Failure::Setting(_) => 3,
            Failure::Output(OutputError::OtherConfig { .. } | OutputError::InUse { .. }) => 6,
            Failure::Output(_) | Failure::Other(_) => 1,
        }
    }
}

/// Writes the answer. A reader that has gone away is no failure; a full disk is.
pub fn say(text: &str) {
    let mut out = std::io::stdout().lock();
    let written = out.write_all(text.as_bytes()).and_then(|()| {
        if text.ends_with('\n') { out.flush() } else { out.write_all(b"\n").and_then(|()| out.flush()) }
    });
    if let Err(error) = written {
        if error.kind() == ErrorKind::BrokenPipe {
            std::process::exit(0);
        }
        complain(&format!("the answer could not be written: {error}"));
        std::process::exit(1);
    }
}

/// Writes to stderr what is not the answer; nothing can be done if nobody listens.
pub fn complain(text: &str) {
    let _ = writeln!(std::io::stderr().lock(), "{}", text.trim_end());
}
