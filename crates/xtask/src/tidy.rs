//! `tidy`: what the house looks like, as a test. Run as `cargo xtask tidy` and, because the same file is a test target of
//! `tests`, by `cargo test`.
//!
//! Every check is textual and works on files in memory, so the checks themselves are tested on planted offences. The
//! module paths are written out because this file is included from two crates.

use std::error::Error;

#[path = "tidy/assumptions.rs"]
mod assumptions;
#[path = "tidy/circles.rs"]
mod circles;
#[path = "tidy/code.rs"]
mod code;
#[path = "tidy/house.rs"]
mod house;
#[path = "tidy/prose.rs"]
mod prose;
#[path = "tidy/results.rs"]
pub mod results;
#[path = "tidy/worlds.rs"]
mod worlds;

pub use house::House;
use house::Offence;

/// One rule of the house: what holds, and what breaks it.
struct Check {
    rule: &'static str,
    offences: fn(&House) -> Vec<Offence>,
}

/// Every rule there is.
const CHECKS: [Check; 16] = [
    Check { rule: "a source file begins with a module doc (`//!`)", offences: code::without_module_doc },
    Check { rule: "a file has at most 600 lines before its tests", offences: code::long_files },
    Check { rule: "a function has at most 70 lines", offences: code::long_functions },
    Check { rule: "nothing is left to be done later", offences: code::left_undone },
    Check { rule: "no process imports another; they meet in state", offences: code::process_imports },
    Check { rule: "files of a crate import each other in no circle", offences: circles::circles },
    Check { rule: "no process changes what rows there are", offences: code::structural_changes },
    Check { rule: "every experiment stands in experiments/README.md", offences: prose::unlisted_experiments },
    Check { rule: "relative links lead somewhere", offences: prose::broken_links },
    Check { rule: ".ci/run runs the test command of README.md", offences: prose::other_test_command },
    Check { rule: "every value in a world has a source", offences: worlds::values_without_source },
    Check { rule: "every assumption is explained in worlds/README.md", offences: worlds::unexplained_assumptions },
    Check { rule: "worlds/README.md gives the values of the world", offences: assumptions::outdated_values },
    Check { rule: "an assumed number has a range", offences: assumptions::without_range },
    Check { rule: "every experiment was run since what it hangs on changed", offences: results::stale },
    Check { rule: "experiments/README.md tells what came out", offences: results::untold },
];

/// Looks at the whole repository; with `--write` first brings the values in `worlds/README.md` up to date.
///
/// # Errors
/// All offences, by rule, each with its file and line; or what could not be read or written.
pub fn run(arguments: &[String]) -> Result<String, Box<dyn Error>> {
    let mut house = House::read()?;
    match arguments {
        [] => {}
        [word] if word == "--write" => {
            if let Some(text) = assumptions::with_values(&house) {
                house.write(worlds::EXPLAINED, text)?;
            }
        }
        _ => return Err(format!("`{}` is not an argument", arguments.join(" ")).into()),
    }
    let broken = report(&house);
    if broken.is_empty() {
        Ok(format!("tidy: {} rules hold in {} files", CHECKS.len(), house.files()))
    } else {
        Err(broken.into())
    }
}

/// All offences as text, empty if the house is tidy.
fn report(house: &House) -> String {
    let mut text = String::new();
    for check in &CHECKS {
        let offences = (check.offences)(house);
        if offences.is_empty() {
            continue;
        }
        text += &format!("\n{} ({} broken):\n", check.rule, offences.len());
        for offence in offences {
            text += &format!("  {offence}\n");
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_report_names_the_rule_the_file_and_the_line() {
        let house = House::of(&[("crates/state/src/dwelling.rs", "pub struct Dwelling;\n")]);
        let told = report(&house);
        assert!(told.contains("begins with a module doc"), "{told}");
        assert!(told.contains("crates/state/src/dwelling.rs:1: "), "{told}");
    }

    #[test]
    fn an_empty_house_breaks_no_rule() {
        assert_eq!(report(&House::of(&[])), "");
    }
}
