//! Tasks of the builders.
fn main() {}
