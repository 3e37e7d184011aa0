//! Builders shared by the benches.
