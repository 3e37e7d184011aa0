//! The house is tidy: the rules of `cargo xtask tidy`, as a test. The checks are those of xtask, by file, because xtask
//! is a program and no library.

#[path = "../crates/xtask/src/tidy.rs"]
mod tidy;

#[test]
fn the_house_is_tidy() {
    if let Err(offences) = tidy::run(&[]) {
        panic!("{offences}");
    }
}
