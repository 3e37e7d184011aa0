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
    /// Places that municipalities offer under the dispersal law (Spreidingswet).
    Dispersed,
    /// Places under contracts of several years.
    MultiYear,
    /// Hotels and ships: the last to be filled and the first to be left.
    Hotel,
    /// Flow-through locations and temporary shelter: for status holders who are linked, no longer reception.
    FlowThrough,
}

impl PlaceKind {
    /// All kinds, in the order of their codes.
    pub const ALL: [PlaceKind; 7] = [
        PlaceKind::Regular,
        PlaceKind::Emergency,
        PlaceKind::UkrainianMunicipal,
        PlaceKind::Dispersed,
        PlaceKind::MultiYear,
        PlaceKind::Hotel,
        PlaceKind::FlowThrough,
    ];

    /// Kinds of asylum reception in the order in which they fill: the cheapest first.
    pub const MERIT_ORDER: [PlaceKind; 5] =
        [PlaceKind::Regular, PlaceKind::Dispersed, PlaceKind::MultiYear, PlaceKind::Emergency, PlaceKind::Hotel];

    /// Key in tables.
    pub fn key(self) -> &'static str {
        match self {
            PlaceKind::Regular => "regular",
            PlaceKind::Emergency => "emergency",
            PlaceKind::UkrainianMunicipal => "ukrainian_municipal",
            PlaceKind::Dispersed => "dispersed",
            PlaceKind::MultiYear => "multi_year",
            PlaceKind::Hotel => "hotel",
            PlaceKind::FlowThrough => "flow_through",
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
    /// Flow-through locations.
    pub flow_through: FlowThroughStock,
    /// Places under the dispersal law by municipality (slot).
    pub dispersed: Vec<u32>,
    /// Persons in them, of the whole country.
    pub in_dispersed: u32,
    /// Their sites, by municipality (slot).
    pub sites: Vec<MunicipalSite>,
    /// Places needed in past months, the last month last: under contracts of several years, emergency, hotels.
    pub needed: Vec<[u32; 3]>,
    /// Permits that a moratorium holds back, persons.
    pub held_back: f64,
    /// Of those, persons decided upon in a step after it; 0 before the first one.
    pub release_a_step: f64,
    /// Places turned into homes.
    pub converted: Converted,
    /// Whether temporary protection of displaced Ukrainians has ended, and what follows once was done.
    pub protection_ended: bool,
    /// Persons in reception who are linked to no municipality: nobody is responsible for their civic integration.
    pub unlinked: u32,
}

/// A municipal reception site under the dispersal law.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct MunicipalSite {
    /// Months for which it has been open.
    pub open_months: u32,
    /// Months in a row, the last one included, in which it lost money.
    pub loss_months: u32,
    /// Closed, until the law distributes places anew.
    pub closed: bool,
}

/// Reception places turned into homes for good (omklappen), in scaled persons.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Converted {
    /// Of regular reception.
    pub regular: u32,
    /// Of municipal places for displaced Ukrainians.
    pub ukrainian: u32,
    /// Months in a row in which occupancy left room: of regular reception, of Ukrainian places.
    pub slack_months: [u32; 2],
    /// Persons in Ukrainian places at the end of the last step.
    pub in_ukrainian: u32,
}

/// Flow-through locations (doorstroomlocaties) and temporary shelter beyond the interim flow, in scaled persons.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct FlowThroughStock {
    /// Places by municipality (slot).
    pub places: Vec<u32>,
    /// Persons in them at the end of the last step.
    pub occupied: u32,
    /// Of those, within the months that the state pays for.
    pub funded: u32,
}

impl FlowThroughStock {
    /// Places of the country.
    pub fn all_places(&self) -> u32 {
        self.places.iter().sum()
    }
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
    /// Let a flex home or a room in a shared home, kept for status holders.
    pub shared_in: u32,
    /// Placed in interim homes: by the yearly flow, or by a programme beside the stock.
    pub interim_in: u32,
    /// Placed in flow-through locations and temporary shelter.
    pub flow_through_in: u32,
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
