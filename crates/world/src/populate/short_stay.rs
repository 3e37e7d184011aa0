//! Who is in the country for a limited time: a fixed trait, more frequent where people live for a while.

use doorstroom_kernel::{Chance, Purpose, Share};
use doorstroom_state::Tenure;
use doorstroom_state::household::{HomeKind, Means};

use super::StartRules;
use crate::population::Population;

const SHORT_STAY: Purpose = Purpose::named("short stay of a resident");

/// Ages of heads among whom short stays are drawn.
const AGES: std::ops::Range<u16> = 18..45;

/// Sets [`Means::SHORT_STAY`] (assumption A103).
pub fn mark(population: &mut Population, start: &StartRules, chance: &Chance) {
    let [rental, room, other] = start.residence.short_stay.value.map(Share::threshold);
    let now = start.date.month_index();
    for i in 0..population.homes.len() {
        let home = &population.homes[i];
        let share = match home.kind {
            HomeKind::Dwelling if population.dwellings[home.dwelling as usize].tenure == Tenure::OtherRental => rental,
            HomeKind::Room => room,
            HomeKind::Sublet | HomeKind::Other => other,
            _ => continue,
        };
        let young = AGES.contains(&population.members[i].head_age(now));
        if young && chance.trait_of(SHORT_STAY, population.kin[i].name.0).strikes(share) {
            population.means[i].flags |= Means::SHORT_STAY;
        }
    }
}
