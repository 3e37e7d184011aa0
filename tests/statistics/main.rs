//! Statistical tests: distributions against their theory, each with statistic, degrees of freedom, critical value and
//! false-alarm rate.
//!
//! Seeds are fixed, so a test passes always or never; the rates say how likely a sound generator was to fail when the
//! test was written. Every check leaves 1e-8 on each side. The largest family, the pairs of purposes, has a few
//! thousand checks and all others together under a thousand: with Bonferroni's bound a sound generator fails anywhere
//! in this binary with a chance below 2e-4.

mod ahead;
mod chance;
mod distributions;
mod purposes;
mod verdict;
