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
    /// Persons who moved in this step.
    pub flows: ReceptionFlows,
}

/// Persons who moved through reception in one step; emptied when the Reception phase begins.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct ReceptionFlows {
    /// Entered the asylum procedure.
    pub asylum_in: u32,
    /// Left the procedure without a permit.
    pub procedure_left: u32,
    /// Got a permit by first decision, and are status holders in reception from now.
    pub granted: u32,
    /// Arrived as awaited family (nareis), wherever they went.
    pub family_arrived: u32,
    /// Of those, joined a sponsor who lives outside reception.
    pub family_joined: u32,
    /// Left reception by their own network.
    pub own_network: u32,
    /// Of those, who were past the term at the end of the step before; not those whose place ended.
    pub own_network_overdue: u32,
    /// Came back to reception from kin and friends.
    pub returned: u32,
    /// Left out by the yardstick without status holders: taken out, or not admitted at grant.
    pub removed: u32,
    /// Displaced Ukrainians who arrived.
    pub ukrainians_in: u32,
    /// Displaced Ukrainians who left the country.
    pub ukrainians_out: u32,
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
