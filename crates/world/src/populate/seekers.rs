//! The second half of the start state: who seeks a home, by which right and since when.

use doorstroom_kernel::{Calendar, Chance};
use doorstroom_policy::Rules;
use doorstroom_state::household::{HomeKind, Need, UrgencyGround};
use doorstroom_state::{NO_SLOT, SeekerGroup};
use rayon::prelude::*;

pub use super::holders::MarketRegister;
use super::seekers_start::SeekerStart;
use super::{accounts, established, holders, needs, reception, ukrainians, wishes};
use crate::population::Population;

/// Adds registrations, short-notice seekers, urgency statements, wishes on other markets, status holders, displaced Ukrainians, reception and
/// the accounts of the quota to a population of households and dwellings. Rules are read as of the first day.
///
/// Returns the balance of the register by region, for [`crate::report::PopulationReport`]. `chance` is that of the
/// population seed.
pub fn seekers(
    population: &mut Population,
    rules: &Rules,
    start: &SeekerStart,
    calendar: Calendar,
    chance: &Chance,
) -> Vec<MarketRegister> {
    established::mark(population, rules, start, calendar, chance);
    needs::needs(population, rules, start, calendar, chance);
    let balances = holders::fill(population, rules, start, calendar.start, chance);
    needs::urgent(population, rules, start, calendar, chance);
    needs::renewal(population, rules, calendar, chance);
    accounts::open(population, rules, start, calendar.start, chance);
    reception::status_holders(population, rules, start, calendar, chance);
    reception::interim(population, rules, start, calendar, chance);
    reception::stocks(population, rules, start, calendar.start);
    ukrainians::enter(population, rules, start, calendar.start, chance);
    wishes::live(population, rules, start, calendar, chance);
    settle_groups(population);
    balances
}

/// Gives every household the group that its facts say, by the precedence of the books (worlds/MODEL.md 6.1). The
/// entry group stays open until the fork.
fn settle_groups(population: &mut Population) {
    population.seekers.par_iter_mut().zip(&population.homes).for_each(|(seeker, home)| {
        seeker.group = match seeker.group {
            SeekerGroup::StatusHolder | SeekerGroup::DisplacedUkrainian => seeker.group,
            _ if home.kind == HomeKind::Nowhere => SeekerGroup::None,
            _ if seeker.ground != UrgencyGround::None => SeekerGroup::Urgent,
            _ if seeker.need != Need::None => SeekerGroup::ShortNotice,
            _ if seeker.first_row != NO_SLOT => SeekerGroup::Regular,
            _ => SeekerGroup::None,
        };
    });
}
