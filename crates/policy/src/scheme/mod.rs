//! Toewijzingsstelsel (allocation scheme): which vacancy goes through which channel, and who ranks before whom in it.
//!
//! A scheme is data that a Dutch region and a textbook queue write in the same words, and pure functions on it. It
//! knows groups and goods by the names that the world gives them; [`Scheme::resolve`] turns names into positions, so
//! that ranking needs no text. Rank order for one dwelling: hard filters (who may react at all), priority class, label
//! match, binding match, then the key of the channel (time, points or luck), then the name; never order of iteration.

mod book;
mod channel;
mod faults;
mod keys;
mod names;
mod rank;
mod region;
mod region_faults;
mod reserved;
mod resolved;

use std::collections::BTreeMap;

use serde::Deserialize;

pub use book::{Assignment, SchemeBook, SchemeError, Schemes};
pub use channel::{Channel, CountsAs, Label, Refusal, Untaken};
pub use faults::{Fault, Known, Place};
pub use names::{NAMES, Names};
pub use rank::{PointSource, Points, Rank, ShortRegistration, latest_first, lottery_key, points_key, registration_key};
pub use region::{Mark, RegionChannel, RegionScheme, RowFacts, StatementRules};
pub use reserved::{Reservation, Reserved};
pub use resolved::{Next, ResolvedChannel, ResolvedPoints, ResolvedRank, ResolvedScheme};

/// Version of the notation of schemes.
pub const VERSION: u32 = 1;

/// Toewijzingsstelsel (allocation scheme) as a file says it.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Scheme {
    /// Version of the notation: 1.
    pub version: u32,
    /// Name for people.
    pub title: String,
    /// Channels; the shares of vacancies sum to 1.
    pub channels: Vec<Channel>,
    /// Refusals after which a household leaves the list (at least 1); no bound if left out.
    #[serde(default)]
    pub offers_per_household: Option<u32>,
    /// Gereserveerde delen (reserved shares): of the dwellings advertised in a step, by which only these groups are
    /// served. None by default. Regions only: a queue reserves by a channel.
    #[serde(default)]
    pub reserved: Vec<Reserved>,
    /// Deferral (two goods): by good, places in the buffer of those who declined another good to wait for it.
    #[serde(default)]
    pub deferral: BTreeMap<String, u32>,
    /// Inschrijving (registration): validity, lapse, what becomes of the date.
    #[serde(default)]
    pub registration: Option<RegistrationRules>,
    /// Urgentiegronden (urgency grounds) by name.
    #[serde(default)]
    pub urgency: BTreeMap<String, UrgencyGround>,
    /// Where the numbers come from, by path: `channels.lottery.share`, or the part of a path that several share. In a
    /// region every number must have one.
    #[serde(default)]
    pub sources: BTreeMap<String, String>,
}

/// Inschrijvingsregels (registration rules).
#[derive(Clone, Copy, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RegistrationRules {
    /// Months that a registration is valid (at least 1).
    pub validity_months: f64,
    /// Share that renews when the validity ends; the rest is struck off.
    pub renewed: f64,
    /// Whether accepting a home ends the registration. Regions only: in a queue the housed always leave.
    #[serde(default)]
    pub lapses_on_acceptance: Option<bool>,
    /// Whether the date is kept after a move. Regions only.
    #[serde(default)]
    pub kept_on_move: Option<bool>,
    /// Whether a status holder is registered when the permit is granted. Regions only.
    #[serde(default)]
    pub from_grant: Option<bool>,
}

/// Urgentiegrond (urgency ground): some members of a group rank before all others for a while.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct UrgencyGround {
    /// Groups that may ask for it, when they register.
    pub groups: Vec<String>,
    /// Share of requests that is granted.
    pub granted: f64,
    /// Months until the statement expires.
    pub validity_months: f64,
    /// Whether refusing one offer ends it.
    pub one_offer: bool,
}

impl Scheme {
    /// What the scheme may not say, given the groups and goods of its world. Empty if it is sound.
    pub fn faults(&self, groups: &[&str], goods: &[&str]) -> Vec<Fault> {
        faults::of(self, groups, goods)
    }

    /// What the scheme may not say in a region of a world with households, registrations and dwellings; groups are
    /// [`NAMES`]. Empty if it is sound.
    pub fn faults_in_region(&self) -> Vec<Fault> {
        region_faults::of(self)
    }

    /// The scheme with positions in `groups` and `goods` instead of names; absent names rank last.
    ///
    /// # Panics
    /// If [`Scheme::faults`] is not empty.
    pub fn resolve(&self, groups: &[&str], goods: &[&str]) -> ResolvedScheme {
        ResolvedScheme::of(self, groups, goods)
    }
}
