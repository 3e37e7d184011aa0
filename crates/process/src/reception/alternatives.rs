//! Alternative places (alternatieve huisvesting) open as far as they are delivered: who gets them is decided in
//! Allocation, which reads the places from the stock.

use bevy_ecs::prelude::*;
use doorstroom_kernel::Purpose;
use doorstroom_policy::apportion::apportion;
use doorstroom_policy::delivery::delivered;
use doorstroom_policy::parameter::Parameter;
use doorstroom_policy::reception::converted;
use doorstroom_state::columns::Columns;
use doorstroom_state::municipality::Municipality;
use doorstroom_state::reception::ReceptionStock;

use super::places::{regular_places, scaled};
use super::sites;
use crate::rulebook::Setting;

const LOCATION: Purpose = Purpose::named("whether a municipality has a flow-through location");

/// Municipalities of the country, of which so many have a location.
const MUNICIPALITIES: f64 = 342.0;

/// Programmes of places, each with its own delivery; the number addresses the draw.
const FLOW_THROUGH: u64 = 1;
const SHELTER: u64 = 2;

/// Brings the places of flow-through locations in line with what is delivered today.
pub fn open(setting: Setting, mut stock: ResMut<ReceptionStock>, mut municipalities: Query<&'static Municipality>) {
    let Some(municipalities) = municipalities.columns() else { return };
    let rules = &setting.rulebook.rules.alternatives;
    let lead = rules.flow_through_lead_months.get();
    convert(&setting, &mut stock);
    stock.dispersed = sites::dispersed(&setting, &mut stock.sites, municipalities);
    let national = standing(&setting, &rules.flow_through_announced, lead, FLOW_THROUGH)
        + standing(&setting, &rules.shelter_announced, lead, SHELTER);
    let turned = i64::from(stock.converted.regular + stock.converted.ukrainian);
    let places = (national * setting.scale.0).round() as i64 + turned;
    let weights = location_weights(&setting, municipalities);
    stock.flow_through.places = match apportion(places, &weights) {
        Ok(by_municipality) => by_municipality.into_iter().map(|count| count as u32).collect(),
        // a world without inhabitants has no location
        Err(_) => vec![0; weights.len()],
    };
}

/// Places or dwellings of a programme that stand today, in the whole country.
fn standing(setting: &Setting<'_>, announced: &Parameter<f64>, lead_months: f64, programme: u64) -> f64 {
    let shares = setting.rulebook.rules.alternatives.delivery.get().shares(setting.delivery_draws(programme));
    delivered(&announced.steps, setting.clock.today, lead_months, shares)
}

/// Inhabitants of the municipalities that have a location, 0 for the others: those first in an addressed order.
fn location_weights(setting: &Setting<'_>, municipalities: &[Municipality]) -> Vec<u32> {
    let share = setting.rulebook.rules.alternatives.flow_through_municipalities.get() / MUNICIPALITIES;
    let count = ((share * municipalities.len() as f64).round() as usize).clamp(1, municipalities.len().max(1));
    let mut order: Vec<(u64, usize)> = municipalities
        .iter()
        .enumerate()
        .map(|(slot, place)| (setting.chance.trait_of(LOCATION, u64::from(place.code)).bits(), slot))
        .collect();
    order.sort_unstable();
    let mut weights = vec![0; municipalities.len()];
    for (_, slot) in order.into_iter().take(count) {
        weights[slot] = municipalities[slot].inhabitants;
    }
    weights
}

/// Turns free reception places into homes where occupancy has left room for long enough (worlds/MODEL.md 7.5).
fn convert(setting: &Setting<'_>, stock: &mut ReceptionStock) {
    let rules = &setting.rulebook.rules.alternatives;
    let shares = [rules.convert_reception.get(), rules.convert_ukrainian.get()];
    if shares == [0.0; 2] {
        return;
    }
    let ukrainian = scaled(setting, setting.rulebook.rules.reception.places_ukrainian.get());
    // what is not emergency reception: only when that is not needed any more is anything free
    let lasting = regular_places(setting, stock)
        + stock.dispersed.iter().sum::<u32>()
        + scaled(setting, setting.rulebook.rules.reception.places_multi_year.get());
    let places = [lasting, ukrainian.saturating_sub(stock.converted.ukrainian)];
    let residents = stock.in_procedure + stock.status_holders;
    let taken = [residents.min(places[0]), stock.converted.in_ukrainian];
    let months = setting.steps(rules.convert_months.get());
    for which in 0..2 {
        let usable = (f64::from(places[which]) * rules.convert_below.get()).floor() as u32;
        let slack = &mut stock.converted.slack_months[which];
        *slack = if taken[which] < usable { *slack + 1 } else { 0 };
        let homes = converted(usable.saturating_sub(taken[which]), shares[which], *slack, months);
        if homes > 0 {
            *slack = 0;
            let sum = if which == 0 { &mut stock.converted.regular } else { &mut stock.converted.ukrainian };
            *sum += homes;
        }
    }
}
