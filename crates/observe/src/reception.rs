//! Reception (opvang) as it stands at the end of a step: places and residents by kind.

use std::collections::BTreeMap;

use bevy_ecs::prelude::*;
use doorstroom_policy::reception::province_of_region;
use doorstroom_state::municipality::Gazetteer;
use doorstroom_state::reception::{PlaceKind, ReceptionSite, ReceptionStock};

use crate::rows::ReceptionRow;
use crate::table::Text;

/// Kinds of places.
pub const PLACE_KINDS: usize = PlaceKind::ALL.len();
/// Kinds that have rows in every month; the others only where there are such places.
const ALWAYS: usize = 3;

/// Places, residents and stocks.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct ReceptionCount {
    /// Places by kind.
    pub places: [u32; PLACE_KINDS],
    /// Persons in them by kind.
    pub occupied: [u32; PLACE_KINDS],
    /// Places under the dispersal law, by number of the province (`PV20`); empty without any.
    pub by_province: BTreeMap<u8, u32>,
    /// People by what they wait for, and the flows of the step.
    pub stock: ReceptionStock,
}

impl ReceptionCount {
    /// Cost by kind in euros of a stretch of `years`, at `eur` per person-year by kind: of persons in regular and
    /// Ukrainian places, of places where these stand under contract.
    pub fn cost_eur(&self, eur: [f64; PLACE_KINDS], years: f64) -> [f64; PLACE_KINDS] {
        let mut cost = [0.0; PLACE_KINDS];
        for kind in PlaceKind::ALL {
            let by_person = matches!(kind, PlaceKind::Regular | PlaceKind::UkrainianMunicipal);
            let paid = if by_person { self.occupied[kind as usize] } else { self.places[kind as usize] };
            cost[kind as usize] = f64::from(paid) * eur[kind as usize] * years;
        }
        cost
    }

    /// Persons in asylum reception: in procedure and with a permit.
    pub fn residents(&self) -> u32 {
        self.stock.in_procedure + self.stock.status_holders
    }

    /// Rows of one month: the kinds, asylum reception as a whole, and places by province where there are any.
    pub fn rows(&self, month: &Text, cost_eur: [f64; PLACE_KINDS]) -> Vec<ReceptionRow> {
        let row = |kind: Text| ReceptionRow { month: month.clone(), kind, ..ReceptionRow::default() };
        let of = |kind: PlaceKind| ReceptionRow {
            places: self.places[kind as usize],
            occupied: self.occupied[kind as usize],
            cost_eur: cost_eur[kind as usize],
            ..row(kind.key().into())
        };
        let sum = |values: &[u32; PLACE_KINDS]| PlaceKind::MERIT_ORDER.iter().map(|&k| values[k as usize]).sum();
        let asylum = ReceptionRow {
            places: sum(&self.places),
            occupied: sum(&self.occupied),
            in_procedure: self.stock.in_procedure,
            status_holders: self.stock.status_holders,
            overdue: self.stock.overdue,
            in_term: self.stock.status_holders.saturating_sub(self.stock.overdue),
            cost_eur: asylum_cost(&cost_eur),
            ..row("asylum".into())
        };
        let there = |kind: &PlaceKind| {
            let k = *kind as usize;
            k < ALWAYS || self.places[k] + self.occupied[k] > 0
        };
        let kinds = PlaceKind::ALL.into_iter().filter(there).map(of);
        let provinces = self
            .by_province
            .iter()
            .map(|(province, &places)| ReceptionRow { places, ..row(format!("dispersed.PV{province}").into()) });
        kinds.chain([asylum]).chain(provinces).collect()
    }
}

/// Cost of all kinds of asylum reception.
pub fn asylum_cost(cost_eur: &[f64; PLACE_KINDS]) -> f64 {
    PlaceKind::MERIT_ORDER.iter().map(|&kind| cost_eur[kind as usize]).sum()
}

/// Counts places and residents over all sites.
pub fn count(sites: Query<&ReceptionSite>, stock: Res<ReceptionStock>, gazetteer: Res<Gazetteer>) -> ReceptionCount {
    let mut count = ReceptionCount { stock: stock.clone(), ..ReceptionCount::default() };
    for site in &sites {
        count.places[site.kind as usize] += site.places;
        count.occupied[site.kind as usize] += site.occupied;
    }
    for (&places, &region) in stock.dispersed.iter().zip(&gazetteer.region_of).filter(|(places, _)| **places > 0) {
        let code = gazetteer.region_codes.get(usize::from(region)).map_or("", String::as_str);
        *count.by_province.entry(province_of_region(code)).or_default() += places;
    }
    count
}
