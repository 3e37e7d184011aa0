//! The binary: everything it does is in the library beside it.

use std::process::ExitCode;

fn main() -> ExitCode {
    doorstroom_cli::give_back_what_is_freed();
    doorstroom_cli::main_with(std::env::args_os())
}
