//! Who is in the country for a limited time: a fixed trait, more frequent where people live for a while.

use doorstroom_kernel::{Chance, Purpose, Share};
use doorstroom_state::Tenure;
use doorstroom_state::household::{HomeKind, Means};
use rayon::prelude::*;

use super::StartRules;
use crate::population::Population;

const SHORT_STAY: Purpose = Purpose::named("short stay of a resident");

/// Ages of heads among whom short stays are drawn.
const AGES: std::ops::Range<u16> = 18..45;

/// Sets [`Means::SHORT_STAY`] (assumption A103).
pub fn mark(population: &mut Population, start: &StartRules, chance: &Chance) {
    let [rental, room, other] = start.residence.short_stay.value.map(Share::threshold);
    let now = start.date.month_index();
    let Population { homes, means, members, kin, dwellings, .. } = population;
    let households = homes.par_iter().zip(members).zip(kin).zip(means);
    households.for_each(|(((home, members), kin), means)| {
        let share = match home.kind {
            HomeKind::Dwelling if dwellings[home.dwelling as usize].tenure == Tenure::OtherRental => rental,
            HomeKind::Room => room,
            HomeKind::Sublet | HomeKind::Other => other,
            _ => return,
        };
        let young = AGES.contains(&members.head_age(now));
        if young && chance.trait_of(SHORT_STAY, kin.name.0).strikes(share) {
            means.flags |= Means::SHORT_STAY;
        }
    });
}
