//! Waiting-list worlds: read, checked and populated. All their numbers stand in one file.

mod check;
pub mod file;
mod load;
mod populate;

#[cfg(test)]
mod tests;

pub use load::WaitingListWorld;
