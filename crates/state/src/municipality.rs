//! Municipalities (gemeenten), a row each, in the order of their codes.

use bevy_ecs::prelude::{Component, Resource};

/// Fixed facts of a municipality.
#[derive(Component, Clone, Copy, PartialEq, Debug, Default)]
pub struct Municipality {
    /// CBS number: 363 for GM0363.
    pub code: u16,
    /// Region (slot), its housing market.
    pub region: u8,
    /// Urbanity, 1 (very strong) to 5 (not).
    pub urbanity: u8,
    /// Inhabitants on the reference date, not scaled: the key of apportionment.
    pub inhabitants: u32,
    /// True if it has an urgency regulation (urgentieregeling).
    pub urgency_regulation: bool,
    /// What it does for the quota beside the median municipality: a factor on the share of vacancies that is earmarked
    /// (worlds/MODEL.md M14), above 0.
    pub earmark_effort: f64,
    /// Earmark not used yet, carried to the next month, in dwellings.
    pub earmark_carry: f64,
}

/// Urbanity of a city: CBS classes 1 (very strongly urban) and 2 (strongly).
pub const CITY: u8 = 2;

/// What is other in a part than in the whole of its country. What a country gets as a whole comes to a part by its share of
/// inhabitants; this corrects what goes by cities, or by the dwellings that are there.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct PartOfCountry {
    /// Share of the inhabitants of the country who live in cities, 0 to 1.
    pub in_cities: f64,
    /// Part of the dwellings of the country that stand here, by tenure, over the part of its inhabitants who live here.
    pub dwellings: [f64; 3],
}

/// Codes and names of places, for printing; row i belongs to slot i.
#[derive(Resource, Clone, Debug, Default)]
pub struct Gazetteer {
    /// `GM0363`.
    pub municipality_codes: Vec<String>,
    /// `Amsterdam`.
    pub municipality_names: Vec<String>,
    /// `CR23`.
    pub region_codes: Vec<String>,
    /// `Groot-Amsterdam`.
    pub region_names: Vec<String>,
    /// Region (slot) of each municipality.
    pub region_of: Vec<u8>,
    /// Regions sharing a border with each region, ascending.
    pub neighbours: Vec<Vec<u8>>,
    /// How a part of a country stands to the whole of it; `None` of a world of its own.
    pub part_of: Option<PartOfCountry>,
}
