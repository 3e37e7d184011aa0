//! Linking (koppeling): status holders in reception and the municipality that has to house them.

use bevy_ecs::prelude::*;
use doorstroom_kernel::{Luck, Purpose};
use doorstroom_policy::crowding::rooms_needed_by;
use doorstroom_policy::quota::Distribution;
use doorstroom_policy::rules::QuotaRules;
use doorstroom_state::books::{BookKeeping, Books};
use doorstroom_state::columns::{Columns, plain};
use doorstroom_state::dwelling::Tenure;
use doorstroom_state::household::{HomeKind, NO_MUNICIPALITY};
use doorstroom_state::municipality::Municipality;
use doorstroom_state::quota::QuotaAccount;

use super::{balance_milli, chosen_freely};
use crate::rulebook::Setting;

const LINK: Purpose = Purpose::named("region to which a status holder is linked");
const SPECIAL: Purpose = Purpose::named("whether a household is linked for a special reason");

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
    let rules = &setting.rulebook.rules.quota;
    let free = rules.distribution.get() == Distribution::FreeChoice;
    let map = LinkMap::new(places);
    let shelves = Shelves::of(&books, places.len(), rules);
    let weights: Option<Vec<f64>> = free.then(|| chosen_freely(&setting, places).into_iter().map(f64::from).collect());
    for slot in unlinked {
        let i = slot as usize;
        let (name, arrival) = (books.households[i].kin.name, books.homes[i].municipality);
        let mut luck = setting.chance.trait_of(LINK, name.0);
        let chosen = match &weights {
            Some(weights) => luck.pick(weights).map(|m| m as u16),
            None => map.choose(arrival, accounts, &mut luck),
        };
        let Some(mut municipality) = chosen else { return };
        let persons = books.households[i].members.count() as u32;
        let special = setting.chance.trait_of(SPECIAL, name.0).unit() < rules.special_reasons.get();
        if special && let Some(near) = map.largest_balance(arrival, accounts) {
            municipality = near;
        } else if let Some(shelves) = &shelves {
            let needed = rooms_needed_by(&books.households[i].members, setting.clock.month());
            municipality = shelves.better(municipality, persons, needed, &map, accounts);
        }
        books.seekers[i].linked = municipality;
        books.homes[i].municipality = municipality;
        accounts[usize::from(municipality)].linked_persons += persons;
    }
}

/// Rooms of the largest dwellings told apart.
const ROOMS_MOST: usize = 6;

/// Vacant corporation dwellings by municipality and rooms, for linking that looks at composition.
struct Shelves {
    /// Vacancies with at least so many rooms, by municipality.
    with_rooms: Vec<[u32; ROOMS_MOST + 1]>,
    by_composition: bool,
    large_from: u32,
}

impl Shelves {
    /// The shelves; `None` where no rule of linking looks at them.
    fn of(books: &Books<'_>, municipalities: usize, rules: &QuotaRules) -> Option<Shelves> {
        let (by_composition, large_from) = (rules.link_by_composition.get(), rules.large_family_from.get() as u32);
        if !by_composition && large_from == 0 {
            return None;
        }
        let mut with_rooms = vec![[0; ROOMS_MOST + 1]; municipalities];
        for vacancy in &books.vacancies.dwellings[Tenure::Corporation as usize] {
            let dwelling = &books.dwellings[vacancy.dwelling as usize];
            for count in &mut with_rooms[usize::from(dwelling.municipality)][..=usize::from(dwelling.rooms)] {
                *count += 1;
            }
        }
        Some(Shelves { with_rooms, by_composition, large_from })
    }

    /// The municipality with most vacancies of enough rooms among those that have something outstanding: in the region
    /// of `chosen`, or anywhere for a large family. `chosen` if no other has more of them.
    fn better(&self, chosen: u16, persons: u32, needed: u8, map: &LinkMap<'_>, accounts: &[QuotaAccount]) -> u16 {
        let anywhere = self.large_from > 0 && persons >= self.large_from;
        if !anywhere && !self.by_composition {
            return chosen;
        }
        let region = map.places[usize::from(chosen)].region;
        let rooms = usize::from(needed).min(ROOMS_MOST);
        let others = (0..map.places.len()).filter(|&m| anywhere || map.places[m].region == region);
        let open = others.filter(|&m| m == usize::from(chosen) || balance_milli(&accounts[m]) > 0);
        // linked already, as a measure of how many compete for what stands there
        let fits = |m: usize| i64::from(self.with_rooms[m][rooms]) - i64::from(accounts[m].linked_persons / 4);
        let best = open.max_by_key(|&m| (fits(m), m == usize::from(chosen), std::cmp::Reverse(m)));
        best.map_or(chosen, |m| m as u16)
    }
}

/// Counts the persons in reception linked to each municipality; returns households without a link by name.
fn recount(books: &mut Books<'_>, accounts: &mut [QuotaAccount]) -> Vec<u32> {
    for account in accounts.iter_mut() {
        account.linked_persons = 0;
    }
    let mut unlinked = Vec::new();
    let homes = &*books.homes;
    for &(_, slot) in
        books.lists.reception.settle(&books.households, |slot| homes[slot as usize].kind == HomeKind::Reception)
    {
        let linked = books.seekers[slot as usize].linked;
        match accounts.get_mut(usize::from(linked)) {
            Some(account) => account.linked_persons += books.households[slot as usize].members.count() as u32,
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

    /// The municipality with the largest balance in the region of `arrival`.
    fn largest_balance(&self, arrival: u16, accounts: &[QuotaAccount]) -> Option<u16> {
        let region = self.places.get(usize::from(arrival))?.region;
        let there = (0..self.places.len()).filter(|&m| self.places[m].region == region);
        there.max_by_key(|&m| (balance_milli(&accounts[m]), std::cmp::Reverse(m))).map(|m| m as u16)
    }
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
}
