//! What the process used so far: processor seconds and peak memory, as Linux keeps them; 0 where it does not.

use std::fs;

/// Clock ticks a second in `/proc`; Linux gives all programs 100, whatever the kernel itself counts in
/// (`USER_HZ`, man 5 proc).
const TICKS_PER_SECOND: f64 = 100.0;

/// Processor seconds of this process, user and system, all threads; 0 where `/proc` is not there.
pub fn cpu_seconds() -> f64 {
    fs::read_to_string("/proc/self/stat").ok().and_then(|stat| cpu_seconds_in(&stat)).unwrap_or(0.0)
}

/// Processor seconds of all live threads of this process to the nanosecond, for laps too short for the clock of
/// [`cpu_seconds`]; 0 where `/proc` is not there.
pub fn thread_cpu_seconds() -> f64 {
    let Ok(tasks) = fs::read_dir("/proc/self/task") else { return 0.0 };
    let nanoseconds: u64 = tasks
        .filter_map(|task| fs::read_to_string(task.ok()?.path().join("schedstat")).ok())
        .filter_map(|stat| stat.split_ascii_whitespace().next()?.parse::<u64>().ok())
        .sum();
    nanoseconds as f64 / 1e9
}

/// Largest resident memory of this process so far, in bytes; 0 where `/proc` is not there.
pub fn peak_rss_bytes() -> u64 {
    fs::read_to_string("/proc/self/status").ok().and_then(|status| peak_rss_in(&status)).unwrap_or(0)
}

fn cpu_seconds_in(stat: &str) -> Option<f64> {
    // The second field, the command, stands in parentheses and may hold blanks and parentheses itself.
    let (_, after_command) = stat.rsplit_once(')')?;
    let mut fields = after_command.split_ascii_whitespace().skip(11);
    let user: u64 = fields.next()?.parse().ok()?;
    let system: u64 = fields.next()?.parse().ok()?;
    Some((user + system) as f64 / TICKS_PER_SECOND)
}

fn peak_rss_in(status: &str) -> Option<u64> {
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    let kibibytes: u64 = line.trim().strip_suffix("kB")?.trim().parse().ok()?;
    Some(kibibytes * 1024)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn processor_time_is_read_past_a_command_with_blanks_and_parentheses() {
        let stat = "7 (a (b) c) R 1 2 3 4 5 6 7 8 9 10 1234 66 0 0 20 0 1 0 100 0 0";
        assert_eq!(cpu_seconds_in(stat), Some(13.0));
        assert_eq!(cpu_seconds_in("7 (short) R 1"), None);
    }

    #[test]
    fn peak_memory_is_read_in_bytes() {
        assert_eq!(peak_rss_in("Name:\tx\nVmHWM:\t    2048 kB\nVmRSS:\t 1 kB\n"), Some(2_097_152));
        assert_eq!(peak_rss_in("Name:\tx\n"), None);
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn this_process_has_used_memory() {
        assert!(peak_rss_bytes() > 0);
    }
}
