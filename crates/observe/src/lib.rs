//! What we see: read-only observers, the rows they return and what each column of a row means.
//!
//! A row type is declared once, with the meaning and unit of every column beside it; files, `tables.json` and
//! `doorstroom explain` all read that one declaration.

pub mod rows;
pub mod table;
pub mod waits;
