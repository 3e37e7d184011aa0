//! The account of a municipality under the housing quota (taakstelling), in thousandths of a person.

use bevy_ecs::prelude::{Component, Resource};

/// By which route a person was housed and counts for the quota.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
#[repr(u8)]
pub enum HousingRoute {
    /// A family member joins a home that is there.
    Joining,
    /// A shared, flex or interim home.
    SharedOrTemporary,
    /// Private rental, purchase or own network.
    PrivateOrOwn,
    /// A self-contained corporation dwelling.
    Corporation,
}

impl HousingRoute {
    /// All routes, in the order of their codes.
    pub const ALL: [HousingRoute; 4] =
        [HousingRoute::Joining, HousingRoute::SharedOrTemporary, HousingRoute::PrivateOrOwn, HousingRoute::Corporation];
}

/// Ledger of one municipality; thousandths so that a scaled run keeps its balance (worlds/MODEL.md M6).
#[derive(Component, Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct QuotaAccount {
    /// Target of this half-year without what was carried.
    pub target_milli: i64,
    /// Carried from the half-year before: shortfall positive, lead negative.
    pub carried_milli: i64,
    /// Housed in this half-year.
    pub realised_milli: i64,
    /// Persons housed in this half-year by route, less those who came back: below zero if more came back than went.
    pub by_route: [i32; 4],
    /// Consecutive half-years missed: the step of the supervision ladder.
    pub missed: u8,
    /// Persons linked to the municipality and not housed yet.
    pub linked_persons: u32,
}

impl QuotaAccount {
    /// What is still to be housed: target plus carried minus realised.
    pub fn outstanding_milli(&self) -> i64 {
        self.target_milli + self.carried_milli - self.realised_milli
    }

    /// Books persons housed by a route.
    pub fn house(&mut self, persons: u32, route: HousingRoute) {
        self.realised_milli += i64::from(persons) * 1_000;
        self.by_route[route as usize] += persons as i32;
    }

    /// Takes back what was booked for persons who came back to reception, also if that was in an earlier half-year.
    pub fn take_back(&mut self, persons: u32, route: HousingRoute) {
        self.realised_milli -= i64::from(persons) * 1_000;
        self.by_route[route as usize] -= persons as i32;
    }
}

/// The current half-year.
#[derive(Resource, Clone, PartialEq, Debug, Default)]
pub struct HalfYear {
    /// `2025-I`.
    pub label: String,
    /// National target in thousandths of a scaled person.
    pub national_milli: i64,
    /// Persons who got a permit, or arrived as family, in the running twelve months: the expectation of the setting.
    pub inflow: Vec<u32>,
    /// Moved to the next national target by an evaluation at mid-term, in thousandths of a scaled person.
    pub rolled_milli: i64,
    /// Accounts closed in this step, for observers: (municipality slot, account as it stood, label).
    pub closed: Vec<(u16, QuotaAccount, String)>,
}
