//! WHAT EXISTS: entities, state variables and scales (ODD section 2), one file per noun.
//!
//! Households, dwellings, corporations, municipalities, regions and reception sites are entities, a row each of one
//! table; a registration is a row of the register. Two handles are never mixed: a *slot* (dense, fast, reused,
//! different in every arm) links rows inside one world; a *name* ([`KinName`]) is who it is. This crate contains no
//! system, reads no file and draws no chance; it keeps the books when two facts must stay equal.

pub mod books;
pub mod checkpoint;
pub mod columns;
pub mod corporation;
pub mod due;
pub mod dwelling;
pub mod group;
pub mod household;
pub mod ledger;
pub mod lists;
pub mod members;
pub mod model;
pub mod municipality;
pub mod name;
pub mod newcomer;
pub mod queue;
pub mod quota;
pub mod reception;
pub mod regime;
pub mod region;
pub mod registration;
pub mod room;
pub mod slots;
pub mod tenancy;
pub mod vacancy;
pub mod waiting_list;
pub mod written;

pub use columns::Columns;
pub use due::{Due, NextDemography, NextEviction, NextLooks, NextRegistration, NextSharing};
pub use dwelling::{Dwelling, DwellingForm, Tenure};
pub use group::SeekerGroup;
pub use household::{Home, HomeKind, Household, Means, Seeker};
pub use ledger::Ledger;
pub use members::{Members, Person, Role};
pub use name::{Kin, KinName};
pub use slots::{NO_SLOT, Slot};
pub use written::{Noted, Written};
