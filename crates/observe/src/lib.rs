//! What we see: read-only observers, the rows they return and what each column of a row means.
//!
//! A row type is declared once, with the meaning and unit of every column beside it; files, `tables.json` and
//! `doorstroom explain` all read that one declaration.

//!
//! [`Observers`] look after every step through read-only systems ([`look()`]) and hand over all tables and the
//! outcome of a run as [`Observed`].

pub mod areas;
pub mod cohorts;
pub mod dwellings;
pub mod history;
pub mod households;
pub mod identities;
pub mod inequality;
pub mod lettings;
pub mod look;
pub mod measures;
pub mod money;
pub mod observers;
pub mod outcome;
pub mod queue;
pub mod quota;
pub mod readings;
pub mod reception;
pub mod rows;
pub mod search;
pub mod series;
pub mod settings;
pub mod table;
pub mod tariffs;
pub mod totals;
pub mod trace;
pub mod waiting;
pub mod waiting_list;
pub mod waits;

#[cfg(test)]
mod tests;

pub use look::{look, look_with};
pub use observers::{Observed, Observers};
pub use outcome::{MeasureKey, Outcome};
pub use readings::readings;
pub use settings::{ObserveSettings, Resolution};
