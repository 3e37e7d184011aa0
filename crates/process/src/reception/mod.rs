//! Reception (opvang): who comes in, who gets a permit, whose family arrives, who leaves on their own.
//!
//! Inflow, decisions and family arrivals are exogenous and equal in every arm (worlds/MODEL.md M18); where a family
//! goes, and who leaves reception by the own network, hangs on housing and is marked so in the schedule.

mod absent;
mod alternatives;
mod enrolment;
mod families;
mod network;
mod permits;
mod persons;
mod places;
mod sites;
#[cfg(test)]
mod tests;
mod ukrainians;

use doorstroom_kernel::registrar::Registrar;

use crate::phase::Phase;

/// Registers the systems of reception; the count of places comes last in the month.
pub fn register(registrar: &mut Registrar<'_, Phase>) {
    registrar
        .then(Phase::Reception, "take in asylum seekers and grant permits", permits::take_in_and_grant)
        .then(Phase::Reception, "leave status holders out where a yardstick asks it", absent::remove)
        .depends_on_arm("who is left out")
        .then(Phase::Reception, "let awaited families arrive", families::arrive)
        .depends_on_arm("where the sponsor lives")
        .then(Phase::Reception, "let status holders come back and go by their own network", network::return_and_leave)
        .depends_on_arm("own-network exit and return")
        .then(Phase::Reception, "open alternative places as far as they are delivered", alternatives::open)
        .then(Phase::Reception, "register status holders", enrolment::enrol)
        .then(Phase::Reception, "take in and see off displaced Ukrainians", ukrainians::take_in_and_see_off)
        .then(Phase::Reception, "place newcomers in free slots", crate::settle::place_newcomers)
        .then(Phase::Observe, "count places, overdue and in term", places::count);
}
