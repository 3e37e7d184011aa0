//! The dwellings of one municipality: tenure, rooms, rent, landlord, and what stands empty.

use std::ops::Range;

use doorstroom_kernel::chance::join;
use doorstroom_kernel::{Chance, Purpose, Step};
use doorstroom_state::corporation::Corporation;
use doorstroom_state::dwelling::DwellingUse;
use doorstroom_state::vacancy::{ChainCause, Vacancy};
use doorstroom_state::{Dwelling, DwellingForm, KinName, NO_SLOT, Slot, Tenure};

use super::plan::Share;
use super::rounding::systematic;
use super::start::StartRules;
use super::tables::MunicipalityRow;

const EMPTY: Purpose = Purpose::named("populate: which dwellings stand empty");
const LANDLORD: Purpose = Purpose::named("populate: landlord");
const RENT: Purpose = Purpose::named("populate: rent class");
const RENT_COUNTS: Purpose = Purpose::named("populate: rounding of rent classes");

/// Dwellings of one municipality; slots count from its first dwelling.
#[derive(Debug)]
pub(super) struct Stock<'a> {
    pub(super) dwellings: &'a mut [Dwelling],
    /// Self-contained dwellings to be lived in, by tenure.
    pub(super) homes: [Vec<Slot>; 3],
    /// Shared homes.
    pub(super) shared: Vec<Slot>,
    /// Dwellings to be let or sold, by tenure.
    pub(super) vacant: [Vec<Vacancy>; 3],
}

/// What a builder of stock needs to know of its municipality.
pub(super) struct Site<'a> {
    pub(super) start: &'a StartRules,
    pub(super) chance: &'a Chance,
    pub(super) row: &'a MunicipalityRow,
    /// Municipality (slot).
    pub(super) municipality: u16,
    pub(super) share: &'a Share,
    /// All corporations, and the slots of those in this municipality.
    pub(super) corporations: &'a [Corporation],
    pub(super) local: Range<usize>,
}

/// A vacancy that stands open on the first day.
pub(super) fn vacancy(dwelling: Slot, name: KinName) -> Vacancy {
    Vacancy { dwelling, name, from: Step(0), chain: join(name.0, 0), position: 0, cause: ChainCause::Start }
}

/// Number of dwellings of a municipality.
pub(super) fn count(share: &Share) -> usize {
    share.stock.iter().map(|&count| count as usize).sum()
}

/// Builds the stock into its columns.
pub(super) fn stock<'a>(site: &Site, dwellings: &'a mut [Dwelling]) -> Stock<'a> {
    let (homes, shared, vacant) = Default::default();
    let mut stock = Stock { dwellings, homes, shared, vacant };
    let mut built = 0;
    for tenure in Tenure::ALL {
        let t = tenure as usize;
        let first = built as Slot;
        for room in 0..6 {
            for _ in 0..site.share.stock[t * 6 + room] {
                let name = KinName::resident("dwelling", u32::from(site.row.number), built as u32);
                stock.dwellings[built] = Dwelling {
                    name,
                    occupant: NO_SLOT,
                    municipality: site.municipality,
                    tenure,
                    state: DwellingUse::Lived,
                    rooms: room as u8 + 1,
                    capacity: 1,
                    ..Dwelling::default()
                };
                built += 1;
            }
        }
        let dwellings = &*stock.dwellings;
        let key = |slot: Slot| {
            let name = dwellings[slot as usize].name;
            (site.chance.trait_of(EMPTY, name.0).bits(), name, slot)
        };
        let mut drawn: Vec<(u64, KinName, Slot)> = (first..built as Slot).map(key).collect();
        let occupied = site.share.occupied[t] as usize;
        if occupied < drawn.len() {
            drawn.select_nth_unstable(occupied);
        }
        // the order of homes does not matter, that of empty dwellings says which are to be let
        let mut empty = drawn.split_off(occupied);
        empty.sort_unstable();
        stock.homes[t] = drawn.into_iter().map(|(_, _, slot)| slot).collect();
        for (i, (_, _, slot)) in empty.into_iter().enumerate() {
            if i < site.share.lettable[t] as usize {
                stock.vacant[t].push(vacancy(slot, stock.dwellings[slot as usize].name));
            } else {
                stock.dwellings[slot as usize].state = DwellingUse::Idle;
            }
        }
    }
    share_homes(site, &mut stock);
    let_by_corporations(site, &mut stock);
    stock
}

/// The largest homes of other landlords are let by the room; some of them belong to corporations. A home has at least
/// one bedroom a household and one common room, so it is not crowded by construction.
fn share_homes(site: &Site, stock: &mut Stock<'_>) {
    let Stock { dwellings, homes, shared, .. } = stock;
    let rooms = site.start.excess.rooms_per_home.value;
    let key = |&slot: &Slot| (std::cmp::Reverse(dwellings[slot as usize].rooms), dwellings[slot as usize].name);
    homes[2].sort_unstable_by_key(key);
    let rest = homes[2].split_off(site.share.shared as usize);
    *shared = std::mem::replace(&mut homes[2], rest);
    shared.sort_unstable_by_key(|&slot| dwellings[slot as usize].name);
    for (i, &slot) in shared.iter().enumerate() {
        let dwelling = &mut dwellings[slot as usize];
        dwelling.form = DwellingForm::Shared;
        dwelling.capacity = rooms;
        dwelling.rooms = dwelling.rooms.max(rooms + 1);
        if i < site.share.corporation_shared as usize {
            dwelling.tenure = Tenure::Corporation;
        }
    }
}

/// Gives every corporation dwelling a landlord and a rent class. Classes have the same shares in every municipality;
/// large dwellings tend to be dear.
fn let_by_corporations(site: &Site, stock: &mut Stock<'_>) {
    let rules = &site.start.dwellings;
    let weights: Vec<f64> = site.corporations[site.local.clone()].iter().map(|c| f64::from(c.share)).collect();
    let correlation = rules.rent_size_correlation.value.get();
    let blur = (1.0 - correlation * correlation).sqrt();
    let mut by_rent = Vec::new();
    for (slot, dwelling) in stock.dwellings.iter_mut().enumerate() {
        if dwelling.tenure != Tenure::Corporation {
            continue;
        }
        let name = dwelling.name;
        let landlord = site.chance.trait_of(LANDLORD, name.0).pick(&weights).unwrap_or(0);
        dwelling.corporation = (site.local.start + landlord) as u16;
        if dwelling.form == DwellingForm::Shared {
            dwelling.rent_class = 1;
            continue;
        }
        // rooms of corporation dwellings have a mean near 3.5 and a deviation near 1.1
        let size = (f64::from(dwelling.rooms) - 3.5) / 1.1;
        by_rent.push((correlation * size + blur * site.chance.trait_of(RENT, name.0).normal(), name, slot));
    }
    by_rent.sort_unstable_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
    let shares = rules.rent_class_shares.value.map(|share| share.get());
    let mut luck = site.chance.trait_of(RENT_COUNTS, u64::from(site.row.number));
    let mut sorted = by_rent.into_iter();
    for (class, count) in systematic(&shares, sorted.len() as u32, &mut luck).into_iter().enumerate() {
        for (_, _, slot) in sorted.by_ref().take(count as usize) {
            stock.dwellings[slot].rent_class = class as u8 + 1;
        }
    }
}
