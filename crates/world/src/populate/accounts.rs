//! Accounts of the housing quota on the first day: who is behind, who is ahead.

use doorstroom_kernel::{Chance, Purpose};
use doorstroom_policy::Rules;
use doorstroom_policy::apportion::apportion;
use doorstroom_state::quota::QuotaAccount;

use super::rounding::largest_remainder;
use super::seekers_start::SeekerStart;
use crate::population::Population;

const BACKLOG: Purpose = Purpose::named("populate: backlog of the quota");
const AHEAD: Purpose = Purpose::named("populate: which municipality is ahead of the quota");

/// Opens an account for every municipality: backlog by inhabitants and an addressed lognormal, a share of
/// municipalities in lead, scaled so that backlogs less leads are the national figure (worlds/MODEL.md M15).
pub(super) fn open(
    population: &mut Population,
    rules: &Rules,
    start: &SeekerStart,
    today: doorstroom_kernel::Day,
    chance: &Chance,
) {
    let quota = &start.quota;
    let inhabitants: f64 = population.municipalities.iter().map(|m| f64::from(m.inhabitants)).sum();
    let share = |m: &doorstroom_state::municipality::Municipality| f64::from(m.inhabitants) / inhabitants.max(1.0);
    let mut order: Vec<(u64, usize)> = population
        .municipalities
        .iter()
        .enumerate()
        .map(|(slot, m)| (chance.trait_of(AHEAD, u64::from(m.code)).bits(), slot))
        .collect();
    order.sort_unstable();
    let ahead = (order.len() as f64 * quota.ahead.value.get()).round() as usize;
    let half_year_milli = rules.quota.persons.at(today) * population.scale * 1_000.0;
    let mut carried = vec![0_i64; order.len()];
    let mut weights = vec![0.0; order.len()];
    for (rank, &(_, slot)) in order.iter().enumerate() {
        let municipality = &population.municipalities[slot];
        let mut luck = chance.trait_of(BACKLOG, u64::from(municipality.code));
        if rank < ahead {
            let periods = luck.unit() * quota.lead_highest.value.get();
            carried[slot] = -(half_year_milli * share(municipality) * periods).round() as i64;
        } else {
            weights[slot] = share(municipality) * libm::exp(quota.sigma.value.get() * luck.normal());
        }
    }
    let net = (quota.backlog.value.get() * population.scale * 1_000.0).round() as i64;
    let behind = net - carried.iter().sum::<i64>();
    for (carried, part) in
        carried.iter_mut().zip(largest_remainder(&weights, u32::try_from(behind).unwrap_or(u32::MAX)))
    {
        *carried += i64::from(part);
    }
    population.accounts =
        carried.into_iter().map(|carried_milli| QuotaAccount { carried_milli, ..QuotaAccount::default() }).collect();
}

/// Persons of status holders in reception that each municipality has linked, `total` in all: in proportion to what it
/// has to house in the first half-year, its backlog included (worlds/MODEL.md M6).
pub(super) fn linked_persons(
    population: &Population,
    rules: &Rules,
    today: doorstroom_kernel::Day,
    total: u32,
) -> Vec<i64> {
    let inhabitants: Vec<u32> = population.municipalities.iter().map(|m| m.inhabitants).collect();
    let target = (rules.quota.persons.at(today) * population.scale * 1_000.0).round() as i64;
    let Ok(targets) = apportion(target, &inhabitants) else { return vec![0; inhabitants.len()] };
    let outstanding: Vec<f64> = targets
        .iter()
        .zip(&population.accounts)
        .map(|(target, account)| (target + account.carried_milli).max(0) as f64)
        .collect();
    largest_remainder(&outstanding, total).into_iter().map(i64::from).collect()
}
