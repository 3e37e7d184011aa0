//! Reads RON files for a researcher who edits them at night.
//!
//! serde stops at the first mistake and forgets where values stood. This layer keeps both promises that serde
//! cannot: *all* problems come in one pass, and each names file, line, column, field and remedy.
//!
//! How: ron decides alone whether a file is accepted and what it means. Beside it a tolerant scanner (`scan`)
//! keeps the span of every value, and a second deserialiser over these spans (`view`) looks for mistakes; where a
//! value cannot be read it notes the problem, puts a stand-in of the right type in its place and goes on. What ron
//! accepts silently and a researcher would regret is refused as well: unknown fields, keys given twice, NaN and
//! infinities.
//!
//! Entry points: [`Source::read`], then [`Source::parse`] or [`Source::parse_checked`] with a [`Check`]; values whose
//! type depends on a neighbour are kept as [`Raw`].

mod check;
mod diagnose;
mod dialect;
mod fault;
mod parse;
mod path;
mod problem;
mod raw;
mod scan;
mod session;
mod source;
mod stand_in;
mod suggest;
mod syntax;
mod view;

#[cfg(test)]
mod tests;

pub use check::{Check, CheckAt};
pub use path::{Path, Segment};
pub use problem::{Problem, Problems, Snippet};
pub use raw::Raw;
pub use source::{MAX_BYTES, Source};
pub use suggest::suggest;
