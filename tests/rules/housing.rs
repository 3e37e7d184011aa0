//! Rules about numbers of persons and homes: the quota, reserved shares, rents, rooms.

use doorstroom_kernel::{Day, Share};
use doorstroom_policy::apportion::apportion;
use doorstroom_policy::crowding::{is_crowded, is_under_occupied};
use doorstroom_policy::fit::{IncomeFitRules, fits_wider, rent_band, rent_classes, rooms_fit};
use doorstroom_policy::quota::{self, LadderStep};
use serde::Deserialize;

/// A total and weights.
#[derive(Deserialize, Debug)]
#[serde(deny_unknown_fields)]
pub struct Division {
    total: i64,
    weights: Vec<u32>,
}

/// How it is divided.
#[derive(Deserialize, Debug, PartialEq)]
pub enum Divided {
    /// Parts that sum to the total.
    Parts(Vec<i64>),
    /// It cannot be.
    Refused,
}

/// Largest remainder.
pub fn apportionment(given: &Division) -> Divided {
    apportion(given.total, &given.weights).map_or(Divided::Refused, Divided::Parts)
}

/// A first target, what is set anew every half-year, and what is done in each.
#[derive(Deserialize, Debug)]
#[serde(deny_unknown_fields)]
pub struct HalfYears {
    base: i64,
    target: i64,
    realised: Vec<i64>,
}

/// The targets that follow.
pub fn carry(given: &HalfYears) -> Vec<i64> {
    let mut target = given.target;
    let next = |&realised: &i64| {
        target = quota::next_target(given.base, target, realised);
        target
    };
    given.realised.iter().map(next).collect()
}

/// Half-years missed in a row, and the factors of the province.
#[derive(Deserialize, Debug)]
#[serde(deny_unknown_fields)]
pub struct Misses {
    missed: u8,
    factors: Vec<f64>,
}

/// Where the ladder stands.
#[derive(Deserialize, Debug, PartialEq)]
#[serde(deny_unknown_fields)]
pub struct Rung {
    step: String,
    effort: Effort,
}

/// As [`quota::Effort`], to be read.
#[derive(Deserialize, Debug, PartialEq)]
pub enum Effort {
    /// A factor.
    Times(f64),
    /// Without limit.
    Forced,
}

/// The supervision ladder.
pub fn ladder(given: &Misses) -> Rung {
    let step = LadderStep::after(given.missed);
    let effort = match step.effort(&given.factors) {
        quota::Effort::Times(factor) => Effort::Times(factor),
        quota::Effort::Forced => Effort::Forced,
    };
    Rung { step: format!("{step:?}"), effort }
}

/// A half-year.
#[derive(Deserialize, Debug, PartialEq)]
#[serde(deny_unknown_fields)]
pub struct HalfYear {
    label: String,
    from: Day,
    until: Day,
}

/// The half-year of a day.
pub fn half_year(day: &Day) -> HalfYear {
    HalfYear {
        label: quota::half_year_label(*day),
        from: quota::half_year_start(*day),
        until: quota::half_year_end(*day),
    }
}

/// A project and a share of it.
#[derive(Deserialize, Debug)]
#[serde(deny_unknown_fields)]
pub struct Project {
    units: u32,
    share: Share,
}

/// Units for the group.
#[derive(Deserialize, Debug, PartialEq)]
#[serde(deny_unknown_fields)]
pub struct Reserved {
    at_least: u32,
    at_most: u32,
}

/// Minimum and maximum quota.
pub fn reserved(given: &Project) -> Reserved {
    Reserved {
        at_least: quota::reserved_at_least(given.units, given.share),
        at_most: quota::reserved_at_most(given.units, given.share),
    }
}

/// A household that may or may not be let a dwelling.
#[derive(Deserialize, Debug)]
#[serde(deny_unknown_fields)]
pub struct Tenant {
    /// Passend toewijzen for one and for more persons, DAEB for one and for more.
    limits: (f64, f64, f64, f64),
    persons: u8,
    income: Income,
}

/// A yearly income.
#[derive(Deserialize, Debug)]
pub enum Income {
    /// In euro.
    Euro(f64),
    /// By class and position in it.
    Class(u8, u8),
}

/// The first and the last rent class.
pub fn rents(given: &Tenant) -> (u8, u8) {
    let (passend_limit_single, passend_limit_multi, daeb_limit_single, daeb_limit_multi) = given.limits;
    let limits = IncomeFitRules { passend_limit_single, passend_limit_multi, daeb_limit_single, daeb_limit_multi };
    let classes = match given.income {
        Income::Euro(income) => rent_classes(&limits, given.persons, income),
        Income::Class(class, position) => rent_band(&limits, given.persons, class, position),
    };
    classes.into_inner()
}

/// Rooms of dwellings that fit.
#[derive(Deserialize, Debug, PartialEq)]
#[serde(deny_unknown_fields)]
pub struct Fitting {
    fitting: Vec<u8>,
    wider: Vec<u8>,
}

/// Which dwellings of one to eight rooms fit.
pub fn rooms(needed: &u8) -> Fitting {
    Fitting {
        fitting: (1..=8).filter(|&rooms| rooms_fit(*needed, rooms)).collect(),
        wider: (1..=8).filter(|&rooms| fits_wider(*needed, rooms)).collect(),
    }
}

/// Rooms needed and rooms there.
#[derive(Deserialize, Debug)]
#[serde(deny_unknown_fields)]
pub struct Address {
    needed: u8,
    rooms: u8,
}

/// What that is called.
#[derive(Deserialize, Debug, PartialEq)]
pub enum Space {
    /// Too few.
    Crowded,
    /// Enough.
    Neither,
    /// Two or more to spare.
    UnderOccupied,
    /// A contradiction that no case expects.
    Both,
}

/// Crowded, under-occupied, or neither.
pub fn occupancy(given: &Address) -> Space {
    match (is_crowded(given.needed, given.rooms), is_under_occupied(given.needed, given.rooms)) {
        (true, true) => Space::Both,
        (true, false) => Space::Crowded,
        (false, true) => Space::UnderOccupied,
        (false, false) => Space::Neither,
    }
}
