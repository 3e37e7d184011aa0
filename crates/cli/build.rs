//! Tells the program from which commit it is built, for the manifests of its runs. Sources without a repository have none.

use std::path::Path;
use std::process::Command;

/// Grows with every commit and checkout.
const LOG: &str = "../../.git/logs/HEAD";

fn main() {
    println!("cargo:rerun-if-changed=build.rs");
    if !Path::new(LOG).exists() {
        return;
    }
    println!("cargo:rerun-if-changed={LOG}");
    // without tags, so that it is the hash; `-dirty` where files differ from it
    let asked = Command::new("git").args(["describe", "--always", "--dirty", "--abbrev=40", "--exclude=*"]).output();
    if let Some(commit) = asked.ok().filter(|asked| asked.status.success()) {
        println!("cargo:rustc-env=DOORSTROOM_COMMIT={}", String::from_utf8_lossy(&commit.stdout).trim());
    }
}
