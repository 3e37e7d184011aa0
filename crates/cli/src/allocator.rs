//! What the allocator of the system does with memory that was freed.

/// What glibc reads before `main`.
#[cfg(all(target_os = "linux", target_env = "gnu"))]
const TUNABLES: &str = "GLIBC_TUNABLES";

/// From 4 MiB on memory is asked of the system by the block, and goes back to it; so does the end of the heap from 16 MiB
/// on. Smaller is what a month asks for anew, and to have that back from the system each time costs more than it saves.
#[cfg(all(target_os = "linux", target_env = "gnu"))]
const GIVES_BACK: &str = "glibc.malloc.mmap_threshold=4194304:glibc.malloc.trim_threshold=16777216";

/// Starts this program once more, in the same process, with an allocator that gives back what is freed. By default
/// glibc raises the size from which it does so to 32 MiB as a program goes on, and a world that has been populated keeps
/// some 50 bytes a household that nobody uses. The choice has to be made before the first block is asked for; who made
/// another one is left alone, and so is a system on which this cannot be done.
#[cfg(all(target_os = "linux", target_env = "gnu"))]
pub fn give_back_what_is_freed() {
    use std::os::unix::process::CommandExt;

    let (Ok(program), None) = (std::env::current_exe(), std::env::var_os(TUNABLES)) else { return };
    let mut arguments = std::env::args_os();
    let mut again = std::process::Command::new(program);
    if let Some(name) = arguments.next() {
        again.arg0(name);
    }
    // this comes back only if it failed, and then memory is all that it costs
    let _ = again.args(arguments).env(TUNABLES, GIVES_BACK).exec();
}

/// Other systems decide for themselves.
#[cfg(not(all(target_os = "linux", target_env = "gnu")))]
pub fn give_back_what_is_freed() {}
