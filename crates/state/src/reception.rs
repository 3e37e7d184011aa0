//! Reception (opvang): places of each kind, people in procedure, families awaited.

use bevy_ecs::prelude::{Component, Resource};

/// Kind of reception place.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default)]
#[repr(u8)]
pub enum PlaceKind {
    /// Regular national reception.
    #[default]
    Regular,
    /// Emergency reception (noodopvang): takes what regular places cannot.
    Emergency,
    /// Municipal places for displaced Ukrainians.
    UkrainianMunicipal,
}

impl PlaceKind {
    /// Key in tables.
    pub fn key(self) -> &'static str {
        match self {
            PlaceKind::Regular => "regular",
            PlaceKind::Emergency => "emergency",
            PlaceKind::UkrainianMunicipal => "ukrainian_municipal",
        }
    }
}

/// A reception site: national ones stand for many centres.
#[derive(Component, Clone, Copy, PartialEq, Debug, Default)]
pub struct ReceptionSite {
    /// Kind of place.
    pub kind: PlaceKind,
    /// Municipality (slot); `NO_MUNICIPALITY` for national sites.
    pub municipality: u16,
    /// Places, in (scaled) persons. Emergency places follow need and are reported as occupied.
    pub places: u32,
    /// Persons in them at step end.
    pub occupied: u32,
}

/// Stocks of persons who are not yet, or not at all, seekers of a home.
#[derive(Resource, Clone, PartialEq, Debug, Default)]
pub struct ReceptionStock {
    /// Asylum seekers in procedure, scaled persons.
    pub in_procedure: u32,
    /// Status holders in reception, persons, at the end of the last step.
    pub status_holders: u32,
    /// Of those past the term of 14 weeks.
    pub overdue: u32,
    /// Persons who left the Netherlands or all registers, by the order of [`Departure`].
    pub departed: [u32; 4],
    /// Persons without right of residence: a sink with a count, no housing claim.
    pub without_residence: u32,
}

/// Where persons went who left the model.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[repr(u8)]
pub enum Departure {
    /// Abroad.
    Abroad,
    /// Died.
    Died,
    /// To an institution.
    Institution,
    /// Asylum seekers who left without a permit.
    Procedure,
}
