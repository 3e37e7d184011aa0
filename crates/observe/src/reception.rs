//! Reception (opvang) as it stands at the end of a step: places and residents by kind.

use bevy_ecs::prelude::*;
use doorstroom_state::reception::{PlaceKind, ReceptionSite, ReceptionStock};

use crate::rows::ReceptionRow;
use crate::table::Text;

/// Kinds of places, in the order of their codes.
const KINDS: [PlaceKind; 3] = [PlaceKind::Regular, PlaceKind::Emergency, PlaceKind::UkrainianMunicipal];

/// Places, residents and stocks.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct ReceptionCount {
    /// Places by kind.
    pub places: [u32; 3],
    /// Persons in them by kind.
    pub occupied: [u32; 3],
    /// People by what they wait for, and the flows of the step.
    pub stock: ReceptionStock,
}

impl ReceptionCount {
    /// Cost by kind in euros of a stretch of `years`, at `eur` per person-year by kind.
    pub fn cost_eur(&self, eur: [f64; 3], years: f64) -> [f64; 3] {
        [0, 1, 2].map(|kind| f64::from(self.occupied[kind]) * eur[kind] * years)
    }

    /// Persons in asylum reception: in procedure and with a permit.
    pub fn residents(&self) -> u32 {
        self.stock.in_procedure + self.stock.status_holders
    }

    /// Rows of one month: the three kinds, and asylum reception as a whole.
    pub fn rows(&self, month: &Text, cost_eur: [f64; 3]) -> Vec<ReceptionRow> {
        let row =
            |kind: &'static str| ReceptionRow { month: month.clone(), kind: kind.into(), ..ReceptionRow::default() };
        let of = |kind: PlaceKind| ReceptionRow {
            places: self.places[kind as usize],
            occupied: self.occupied[kind as usize],
            cost_eur: cost_eur[kind as usize],
            ..row(kind.key())
        };
        let asylum = ReceptionRow {
            places: self.places[0] + self.places[1],
            occupied: self.occupied[0] + self.occupied[1],
            in_procedure: self.stock.in_procedure,
            status_holders: self.stock.status_holders,
            overdue: self.stock.overdue,
            in_term: self.stock.status_holders.saturating_sub(self.stock.overdue),
            cost_eur: cost_eur[0] + cost_eur[1],
            ..row("asylum")
        };
        KINDS.map(of).into_iter().chain([asylum]).collect()
    }
}

/// Counts places and residents over all sites.
pub fn count(sites: Query<&ReceptionSite>, stock: Res<ReceptionStock>) -> ReceptionCount {
    let mut count = ReceptionCount { stock: stock.clone(), ..ReceptionCount::default() };
    for site in &sites {
        count.places[site.kind as usize] += site.places;
        count.occupied[site.kind as usize] += site.occupied;
    }
    count
}
