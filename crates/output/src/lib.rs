//! What is kept: the run folder, with its tables in Parquet or CSV, its manifest and its ledger of work.
//!
//! The only crate that knows arrow and parquet, for writing and for reading. It computes no result: rows come in,
//! files go out, and [`read`] gives them back.
//!
//! | path | holds |
//! |---|---|
//! | `manifest.json` | what ran, on what, how it ended, and the digest of its results |
//! | `experiment.ron`, `experiment.resolved.json` | the experiment as given, and with every default filled in |
//! | `tables.json` | every table's columns with kind, unit and meaning |
//! | `data/<table>/part-NNNN.parquet` | rows, some work items to a part |
//! | `summary/*.csv` | what a reader opens first |
//! | `units/replicate-NNNN.json` | what a finished replicate came to, for `resume` and `compare` |
//! | `work.jsonl`, `failures.jsonl`, `log.jsonl` | what was done, what failed, what was said |

mod batch;
pub mod cells;
pub mod digest;
mod durable;
mod error;
pub mod folder;
mod layout;
pub mod ledger;
pub mod manifest;
pub mod part;
pub mod read;
pub mod schema;
#[cfg(test)]
mod tests;
pub mod usage;
mod work;

pub use arrow_array::RecordBatch;
pub use arrow_schema::SchemaRef;
pub use digest::{ResultDigest, TableDigest};
pub use error::OutputError;
pub use folder::{RunFolder, Start, Target};
pub use ledger::{Failure, WorkEntry};
pub use manifest::{Asked, Format, InputFile, Manifest, SCHEMA_VERSION, Status, TOOL_VERSION};
pub use part::{Part, PartWriter};
pub use work::WorkItem;
