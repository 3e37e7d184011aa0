//! The housing quota (huisvestingstaakstelling): half-years close and open, status holders are linked (koppeling).

use bevy_ecs::prelude::*;
use doorstroom_kernel::registrar::Registrar;
use doorstroom_kernel::{Luck, Purpose, Step};
use doorstroom_policy::apportion::apportion;
use doorstroom_policy::quota::half_year_label;
use doorstroom_state::books::{BookKeeping, Books};
use doorstroom_state::columns::{Columns, plain};
use doorstroom_state::household::{HomeKind, NO_MUNICIPALITY};
use doorstroom_state::municipality::Municipality;
use doorstroom_state::quota::{HalfYear, QuotaAccount};
use doorstroom_state::reception::ReceptionStock;

use crate::month::Phase;
use crate::rulebook::Setting;

const FORECAST: Purpose = Purpose::named("error of the forecast behind a quota");
const LINK: Purpose = Purpose::named("region to which a status holder is linked");

/// Consecutive misses after which the supervision ladder has no further step.
const MISSED_MOST: u8 = 4;

/// Registers the systems of the quota.
pub fn register(registrar: &mut Registrar<'_, Phase>) {
    registrar.then(Phase::Quota, "close the half-year and set the quota", close_and_set).then(
        Phase::Quota,
        "link status holders to municipalities",
        link,
    );
}

/// On the first step of a half-year closes all accounts and divides the new national quota; every step it notes the
/// inflow from which later quotas are set.
///
/// In the first step of a run nothing is closed: what the municipalities carry is part of the start state.
pub fn close_and_set(
    setting: Setting,
    stock: Res<ReceptionStock>,
    mut half_year: ResMut<HalfYear>,
    mut municipalities: Query<(&'static Municipality, &'static mut QuotaAccount)>,
) {
    let Some((places, accounts)) = municipalities.columns() else { return };
    let accounts = plain(accounts);
    let half_year = &mut *half_year;
    half_year.closed.clear();
    let label = half_year_label(setting.clock.today);
    let first = setting.clock.step == Step(0);
    if first || label != half_year.label {
        if !first {
            let carry = setting.rulebook.rules.quota.carry.get();
            close(half_year, accounts, carry);
        }
        half_year.national_milli = national_milli(&setting, half_year, &label);
        half_year.label = label;
        set(half_year.national_milli, places, accounts);
    }
    half_year.inflow.push(stock.flows.granted + stock.flows.family_arrived);
    let year = setting.steps(12.0) as usize;
    let past = half_year.inflow.len().saturating_sub(year);
    half_year.inflow.drain(..past);
}

/// Closes the accounts: shortfall and lead move on if they are carried, and a miss is a step on the ladder.
fn close(half_year: &mut HalfYear, accounts: &mut [QuotaAccount], carry: bool) {
    for (slot, account) in accounts.iter_mut().enumerate() {
        half_year.closed.push((slot as u16, *account, half_year.label.clone()));
        let outstanding = account.outstanding_milli();
        account.carried_milli = if carry { outstanding } else { 0 };
        // the target of the half-year itself counts: an old backlog alone is no new miss
        let fell_short = outstanding > 0 && account.realised_milli < account.target_milli;
        account.missed = if fell_short { (account.missed + 1).min(MISSED_MOST) } else { 0 };
    }
}

/// Opens the accounts of a half-year: targets by inhabitants that sum to the national one.
fn set(national_milli: i64, places: &[Municipality], accounts: &mut [QuotaAccount]) {
    let inhabitants: Vec<u32> = places.iter().map(|place| place.inhabitants).collect();
    // without inhabitants there is nobody to divide over, and no target
    let targets = apportion(national_milli, &inhabitants).unwrap_or_else(|_| vec![0; accounts.len()]);
    for (account, target) in accounts.iter_mut().zip(targets) {
        account.target_milli = target;
        account.realised_milli = 0;
        account.by_route = [0; 4];
    }
}

/// The national target in thousandths of a scaled person: as decreed, or the inflow expected for the half-year with
/// the error of a forecast, which is the same in every arm (worlds/MODEL.md M19).
fn national_milli(setting: &Setting<'_>, half_year: &HalfYear, label: &str) -> i64 {
    let rules = &setting.rulebook.rules;
    if rules.reception.status_absent.get() {
        return 0;
    }
    let persons = match rules.quota.persons.get() {
        decreed if decreed > 0.0 => decreed * setting.scale.0,
        _ => {
            let steps = setting.steps(6.0) as usize;
            let known = &half_year.inflow[half_year.inflow.len().saturating_sub(steps)..];
            let a_step = match known.len() {
                0 => setting.per_step(rules.reception.granted.get()),
                count => f64::from(known.iter().sum::<u32>()) / count as f64,
            };
            let period = label.bytes().fold(0, |key, byte| key << 8 | u64::from(byte));
            let mut luck = setting.chance.trait_of(FORECAST, period);
            a_step * steps as f64 * forecast_error(rules.quota.forecast_sigma.get(), &mut luck)
        }
    };
    (persons * 1_000.0).round() as i64
}

/// A lognormal factor of mean one.
fn forecast_error(sigma: f64, luck: &mut Luck) -> f64 {
    libm::exp(sigma * luck.normal() - sigma * sigma / 2.0)
}

/// Recounts who is linked where and links those in reception who are not: first a region, by what is outstanding in
/// it, then its municipality with the largest balance (worlds/MODEL.md M6).
pub fn link(
    setting: Setting,
    mut municipalities: Query<(&'static Municipality, &'static mut QuotaAccount)>,
    mut keeping: BookKeeping,
) {
    let (Some(mut books), Some((places, accounts))) = (keeping.open(), municipalities.columns()) else { return };
    let accounts = plain(accounts);
    let unlinked = recount(&mut books, accounts);
    let map = LinkMap::new(places);
    for slot in unlinked {
        let i = slot as usize;
        let mut luck = setting.chance.trait_of(LINK, books.kin[i].name.0);
        let Some(municipality) = map.choose(books.homes[i].municipality, accounts, &mut luck) else { return };
        books.seekers[i].linked = municipality;
        books.homes[i].municipality = municipality;
        accounts[usize::from(municipality)].linked_persons += books.members[i].count() as u32;
    }
}

/// Counts the persons in reception linked to each municipality; returns households without a link by name.
fn recount(books: &mut Books<'_>, accounts: &mut [QuotaAccount]) -> Vec<u32> {
    for account in accounts.iter_mut() {
        account.linked_persons = 0;
    }
    let mut unlinked = Vec::new();
    let homes = &*books.homes;
    for &(_, slot) in books.lists.reception.settle(books.kin, |slot| homes[slot as usize].kind == HomeKind::Reception) {
        let linked = books.seekers[slot as usize].linked;
        match accounts.get_mut(usize::from(linked)) {
            Some(account) => account.linked_persons += books.members[slot as usize].count() as u32,
            None if linked == NO_MUNICIPALITY => unlinked.push(slot),
            None => {}
        }
    }
    unlinked
}

/// Municipalities by region, for linking.
struct LinkMap<'a> {
    places: &'a [Municipality],
    /// Inhabitants by region.
    inhabitants: Vec<f64>,
}

impl<'a> LinkMap<'a> {
    fn new(places: &'a [Municipality]) -> Self {
        let regions = places.iter().map(|place| usize::from(place.region) + 1).max().unwrap_or(0);
        let mut inhabitants = vec![0.0; regions];
        for place in places {
            inhabitants[usize::from(place.region)] += f64::from(place.inhabitants);
        }
        LinkMap { places, inhabitants }
    }

    /// The municipality to which a household that arrived in `arrival` is linked; `None` in a world without any.
    ///
    /// Its place among all inhabitants, region by region, becomes its place among all that is outstanding, so the link
    /// leads to the region of arrival as far as the balances allow. If nothing is outstanding it stays in `arrival`.
    fn choose(&self, arrival: u16, accounts: &[QuotaAccount], luck: &mut Luck) -> Option<u16> {
        let arrived = self.places.get(usize::from(arrival)).map(|place| usize::from(place.region));
        let unit = luck.unit();
        let total: f64 = self.inhabitants.iter().sum();
        let position = match arrived {
            Some(region) if total > 0.0 => {
                (self.inhabitants[..region].iter().sum::<f64>() + unit * self.inhabitants[region]) / total
            }
            _ => unit,
        };
        let balances: Vec<i64> = accounts.iter().map(balance_milli).collect();
        let mut outstanding = vec![0.0; self.inhabitants.len()];
        for (place, &balance) in self.places.iter().zip(&balances) {
            outstanding[usize::from(place.region)] += balance.max(0) as f64;
        }
        let Some(region) = at_position(&outstanding, position) else {
            return match arrived {
                Some(_) => Some(arrival),
                None => {
                    let weights: Vec<f64> = self.places.iter().map(|place| f64::from(place.inhabitants)).collect();
                    luck.pick(&weights).map(|m| m as u16)
                }
            };
        };
        (0..self.places.len())
            .filter(|&m| usize::from(self.places[m].region) == region)
            .max_by_key(|&m| (balances[m], std::cmp::Reverse(m)))
            .map(|m| m as u16)
    }
}

/// What a municipality still has to house beyond those who are linked to it, in thousandths of a person.
fn balance_milli(account: &QuotaAccount) -> i64 {
    account.outstanding_milli() - i64::from(account.linked_persons) * 1_000
}

/// The index in which `position` (0 to 1) of the sum of `weights` falls; `None` if all are zero.
fn at_position(weights: &[f64], position: f64) -> Option<usize> {
    let mut left = position * weights.iter().sum::<f64>();
    let mut last = None;
    for (i, &weight) in weights.iter().enumerate().filter(|&(_, &weight)| weight > 0.0) {
        last = Some(i);
        if left < weight {
            break;
        }
        left -= weight;
    }
    last
}

#[cfg(test)]
mod tests {
    use super::*;
    use doorstroom_kernel::Chance;
    use doorstroom_policy::quota::next_target;
    use doorstroom_state::quota::HousingRoute;

    const TEST_LINK: Purpose = Purpose::named("test of linking");

    fn account(target: i64, carried: i64, realised: u32) -> QuotaAccount {
        let mut account =
            QuotaAccount { target_milli: target * 1_000, carried_milli: carried * 1_000, ..QuotaAccount::default() };
        account.house(realised, HousingRoute::Corporation);
        account
    }

    fn place(region: u8, inhabitants: u32) -> Municipality {
        Municipality { region, inhabitants, ..Municipality::default() }
    }

    #[test]
    fn a_shortfall_makes_the_next_target_higher_and_a_lead_makes_it_lower() {
        let mut accounts = [account(10, 0, 7), account(10, 0, 12), account(10, 4, 7)];
        let expected = [(10, 7), (10, 12), (14, 7)].map(|(target, realised)| next_target(10, target, realised) * 1_000);
        let mut half_year = HalfYear { label: "2025-I".to_owned(), ..HalfYear::default() };
        close(&mut half_year, &mut accounts, true);
        set(30_000, &[place(0, 1), place(0, 1), place(0, 1)], &mut accounts);
        assert_eq!(accounts.map(|account| account.outstanding_milli()), [13_000, 8_000, 17_000]);
        assert_eq!(accounts.map(|account| account.outstanding_milli()), expected);
        assert_eq!(accounts.map(|account| account.missed), [1, 0, 1]);
        assert_eq!(half_year.closed[1].1.realised_milli, 12_000, "observers see the account as it stood");
    }

    #[test]
    fn without_carrying_a_miss_is_still_a_step_on_the_ladder_and_the_ladder_ends_at_four() {
        let mut accounts = [account(10, 0, 0)];
        let mut half_year = HalfYear::default();
        for expected in [1, 2, 3, 4, 4] {
            close(&mut half_year, &mut accounts, false);
            set(5_000, &[place(0, 9)], &mut accounts);
            assert_eq!((accounts[0].missed, accounts[0].outstanding_milli()), (expected, 5_000));
        }
    }

    #[test]
    fn a_household_goes_to_the_largest_balance_of_a_region_where_something_is_outstanding() {
        let places = [place(0, 100), place(1, 300), place(1, 600)];
        let mut accounts = [account(5, 0, 5), account(40, 0, 0), account(40, 0, 0)];
        let map = LinkMap::new(&places);
        let mut luck = Chance::new(1).trait_of(TEST_LINK, 1);
        assert_eq!(map.choose(0, &accounts, &mut luck), Some(1), "a tie goes to the lower slot");
        accounts[1].linked_persons = 1;
        assert_eq!(map.choose(0, &accounts, &mut luck), Some(2));
    }

    #[test]
    fn if_nothing_is_outstanding_a_household_is_linked_where_it_arrived() {
        let places = [place(0, 100), place(1, 300)];
        let accounts = [account(5, 0, 9), account(5, 0, 5)];
        let mut luck = Chance::new(1).trait_of(TEST_LINK, 1);
        assert_eq!(LinkMap::new(&places).choose(0, &accounts, &mut luck), Some(0));
        assert_eq!(LinkMap::new(&[]).choose(0, &[], &mut luck), None);
    }

    #[test]
    fn regions_are_linked_in_proportion_to_what_is_outstanding_in_them() {
        // arrivals by inhabitants 1:3, outstanding 3:1; 4.06 standard errors of 20,000 draws at 0.75 are 0.0124
        let places = [place(0, 100), place(1, 300)];
        let accounts = [account(300_000, 0, 0), account(100_000, 0, 0)];
        let (map, chance) = (LinkMap::new(&places), Chance::new(3));
        let n = 20_000;
        let first = (0..n)
            .filter(|&i| {
                let mut luck = chance.trait_of(Purpose::named("test proportion"), i);
                let arrival = u16::from(luck.unit() >= 0.25);
                map.choose(arrival, &accounts, &mut luck) == Some(0)
            })
            .count();
        let share = first as f64 / n as f64;
        assert!((share - 0.75).abs() < 0.0124, "{share}");
    }

    #[test]
    fn the_error_of_a_forecast_has_mean_one() {
        // sd of exp(0.25 z - 0.03125) is 0.2540; 4.06 standard errors of 40,000 draws
        let chance = Chance::new(5);
        let n = 40_000;
        let sum: f64 =
            (0..n).map(|i| forecast_error(0.25, &mut chance.trait_of(Purpose::named("test forecast"), i))).sum();
        assert!((sum / n as f64 - 1.0).abs() < 4.06 * 0.254 / (n as f64).sqrt());
    }
}
