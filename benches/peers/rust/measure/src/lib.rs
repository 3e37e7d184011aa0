//! What every Rust peer prints: one line of JSON. Not counted among a peer's lines of code.

use std::fs;
use std::time::Instant;

/// Result of a run: by group, then vacant homes, seekers and mean income at the end.
pub struct Outcome {
    pub alloc: [u64; 4],
    pub waited: [u64; 4],
    pub left: u64,
    pub seekers: u64,
    pub income: f64,
}

/// A field of `/proc/self/status` in bytes: `VmRSS:`, resident now, or `VmHWM:`, the most so far.
fn memory_bytes(field: &str) -> f64 {
    let status = fs::read_to_string("/proc/self/status").expect("Linux keeps it");
    let line = status.lines().find_map(|line| line.strip_prefix(field)).expect("Linux keeps the field");
    line.trim().trim_end_matches("kB").trim().parse::<f64>().expect("a number of kB") * 1024.0
}

/// Processor seconds of the main thread, which does all the work.
fn cpu_seconds() -> f64 {
    let stat = fs::read_to_string("/proc/self/schedstat").expect("Linux keeps it");
    let nanoseconds = stat.split_whitespace().next().and_then(|text| text.parse::<f64>().ok());
    nanoseconds.expect("its first field counts nanoseconds") / 1e9
}

/// Builds and runs a model with the arguments `households months seed`.
pub fn report<M>(name: &str, build: impl FnOnce(u32, u64) -> M, run: impl FnOnce(M, u32) -> Outcome) {
    let mut arguments = std::env::args().skip(1).map(|text| text.parse::<u64>().expect("a whole number"));
    let mut argument = || arguments.next().expect("households months seed");
    let (n, months, seed) = (argument() as u32, argument() as u32, argument());
    let (before, began) = (memory_bytes("VmRSS:"), Instant::now());
    let model = build(n, seed);
    let (init_s, wall, cpu) = (began.elapsed().as_secs_f64(), Instant::now(), cpu_seconds());
    let outcome = run(model, months);
    let (cpu_s, run_s) = (cpu_seconds() - cpu, wall.elapsed().as_secs_f64());
    let bytes = (memory_bytes("VmHWM:") - before) / f64::from(n);
    let wait: Vec<f64> = (0..4).map(|g| outcome.waited[g] as f64 / outcome.alloc[g].max(1) as f64).collect();
    println!(
        "{{\"impl\":\"{name}\",\"n\":{n},\"months\":{months},\"threads\":1,\"seed\":{seed},\"init_s\":{init_s:.3},\
         \"run_s\":{run_s:.3},\"cpu_s\":{cpu_s:.4},\"am_per_s\":{:.0},\"bytes_per_agent\":{bytes:.1},\"alloc\":{:?},\
         \"wait\":{wait:?},\"left\":{},\"seekers\":{},\"inc\":{:.3}}}",
        f64::from(n) * f64::from(months) / cpu_s,
        outcome.alloc,
        outcome.left,
        outcome.seekers,
        outcome.income,
    );
}
