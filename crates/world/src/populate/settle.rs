//! One municipality, settled: every household has an address or is outside the stock, and the books agree.

use doorstroom_kernel::calendar::DAYS_A_YEAR;
use doorstroom_kernel::lane::{BLOCK_ITEMS, read_together};
use doorstroom_kernel::{Chance, Day, Luck, Purpose, Step};
use doorstroom_state::tenancy::Tenancies;
use doorstroom_state::vacancy::Vacancy;
use doorstroom_state::{Dwelling, Home, HomeKind, Kin, KinName, Means, Slot, Tenure};

use super::draft::{self, Draft};
use super::lodging::{Lodging, lodgings};
use super::race::{self, Runner};
use super::start::StartRules;
use super::stock::{Site, Stock, stock, vacancy};
use super::tables::Tables;
use super::tenure;

const HOST: Purpose = Purpose::named("populate: host");
const SINCE: Purpose = Purpose::named("populate: length of residence");
const STUDENT: Purpose = Purpose::named("populate: student");

/// Oldest student in a room, years.
const STUDENT_AGE_BELOW: u16 = 27;

/// The rows of one municipality in the columns of the country. While it is settled, slots count from its first rows.
pub(super) struct Town<'a> {
    pub(super) drafts: &'a mut [Draft],
    pub(super) kin: &'a mut [Kin],
    pub(super) means: &'a mut [Means],
    pub(super) homes: &'a mut [Home],
    pub(super) dwellings: &'a mut [Dwelling],
    /// First household and first dwelling.
    pub(super) first: [Slot; 2],
}

/// What stands vacant: dwellings by tenure, and shared homes with a room.
pub(super) struct Vacant {
    pub(super) dwellings: [Vec<Vacancy>; 3],
    pub(super) rooms: Vec<Vacancy>,
}

/// Settles the households of a municipality.
pub(super) fn settle(site: &Site, town: Town<'_>, tables: &Tables) -> Vacant {
    let Town { drafts, kin, means, homes, dwellings, first: [first_household, first_dwelling] } = town;
    let drafts = &*drafts;
    let lodgings = lodgings(drafts, site.share, site.start, site.chance, site.row.number);
    let mut town = Settling { site, drafts, homes, stock: stock(site, dwellings), holders: Vec::new() };
    let lodged = |wanted| (0..drafts.len() as u32).filter(|&i| lodgings[i as usize] == wanted).collect::<Vec<_>>();
    town.hold(lodged(Lodging::Own));
    let rooms = town.share(lodged(Lodging::Room));
    town.host(lodged(Lodging::Parents), HomeKind::WithParents);
    town.host(lodged(Lodging::Kin), HomeKind::WithKin);
    town.host(lodged(Lodging::Sublet), HomeKind::Sublet);
    for household in lodged(Lodging::Other) {
        town.outside(household);
    }
    let mut vacant = Vacant { dwellings: town.stock.vacant, rooms };
    let is_student = |i: usize| {
        lodgings[i] == Lodging::Room
            && drafts[i].age < STUDENT_AGE_BELOW
            && site.row.young >= site.start.excess.student_town.value.get()
            && site.chance.trait_of(STUDENT, drafts[i].name.0).unit() < site.start.excess.student_share.value.get()
    };
    for (i, draft) in drafts.iter().enumerate() {
        kin[i] = Kin { name: draft.name, retired: KinName::NOBODY };
        means[i] = draft::means(draft, tables, site.start, site.chance, site.row.region, is_student(i));
    }
    for home in homes {
        shift(&mut home.dwelling, first_dwelling);
        shift(&mut home.next_sharer, first_household);
    }
    for dwelling in dwellings {
        shift(&mut dwelling.occupant, first_household);
    }
    for vacancy in vacant.dwellings.iter_mut().flatten().chain(&mut vacant.rooms) {
        vacancy.dwelling += first_dwelling;
    }
    vacant
}

struct Settling<'a> {
    site: &'a Site<'a>,
    drafts: &'a [Draft],
    homes: &'a mut [Home],
    stock: Stock<'a>,
    /// Households with an own dwelling that host nobody yet, and its spare rooms.
    holders: Vec<(u32, i8)>,
}

impl Settling<'_> {
    fn books(&mut self) -> Tenancies<'_, [Home]> {
        Tenancies { homes: self.homes, dwellings: self.stock.dwellings }
    }

    /// Own dwellings.
    fn hold(&mut self, households: Vec<u32>) {
        let (start, chance) = (self.site.start, self.site.chance);
        let by_tenure = tenure::by_tenure(households, self.drafts, &self.stock, start, chance);
        for (t, households) in by_tenure.iter().enumerate() {
            let mean_years = start.residence.by_tenure.value[t];
            let pairs = tenure::by_size(households, Tenure::ALL[t], self.drafts, &self.stock, start, chance);
            for block in pairs.chunks(BLOCK_ITEMS) {
                // who and what are matched by size lie far apart
                read_together(block, |&(household, home)| {
                    let (draft, rooms) = (&self.drafts[household as usize], self.stock.dwellings[home as usize].rooms);
                    u64::from(draft.age) ^ u64::from(rooms) ^ u64::from(self.homes[household as usize].dwelling)
                });
                for &(household, home) in block {
                    let draft = &self.drafts[household as usize];
                    let since = since(start, chance, draft, mean_years);
                    let spare = self.stock.dwellings[home as usize].rooms as i8 - draft.need as i8;
                    self.holders.push((household, spare));
                    self.books().move_in(household, home, HomeKind::Dwelling, since);
                }
            }
        }
    }

    /// Rooms of shared homes, filled one home after the other; returns the homes with a room free.
    fn share(&mut self, mut tenants: Vec<u32>) -> Vec<Vacancy> {
        let (start, chance) = (self.site.start, self.site.chance);
        let capacity = usize::from(start.excess.rooms_per_home.value.max(1));
        // sorted by name, so that a home is no cohort of one age
        tenants.sort_unstable_by_key(|&household| self.drafts[household as usize].name);
        let mut free = Vec::new();
        let mut groups = tenants.chunks(capacity);
        for home in std::mem::take(&mut self.stock.shared) {
            let group = groups.next().unwrap_or_default();
            for &household in group {
                let since = since(start, chance, &self.drafts[household as usize], start.residence.rooms.value);
                self.books().move_in(household, home, HomeKind::Room, since);
            }
            if group.len() < capacity {
                free.push(vacancy(home, self.stock.dwellings[home as usize].name));
            }
        }
        free
    }

    /// Guests. Hosts are drawn by spare rooms, those of a fitting age first, one guest each; parents and children are
    /// paired in the order of age. A guest for whom there is no host left lives in other accommodation.
    fn host(&mut self, mut guests: Vec<u32>, kind: HomeKind) {
        let (start, chance) = (self.site.start, self.site.chance);
        let fitting = if kind == HomeKind::WithParents { 45..73 } else { 22..80 };
        // classes are asked in their order, so only the one in which the guests run out is a race
        let mut places: Vec<u32> = Vec::new();
        for class in [(true, true), (false, true), (true, false), (false, false)] {
            let wanted = guests.len() - places.len();
            if wanted == 0 {
                break;
            }
            let runner = |(place, &(household, spare)): (usize, &(u32, i8))| {
                let draft = &self.drafts[household as usize];
                let is_of_class = (fitting.contains(&draft.age), spare >= 1) == class;
                let runner = Runner { who: place as u32, name: draft.name.0, weight: f64::from(spare.max(1)) };
                is_of_class.then_some(runner)
            };
            let luck = |name| chance.luck_with(HOST, name, kind as u64, Step(0));
            places.extend(race::first_in_any_order(self.holders.iter().enumerate().filter_map(runner), wanted, luck));
        }
        places.sort_unstable();
        let mut hosts: Vec<u32> = places.iter().map(|&place| self.holders[place as usize].0).collect();
        for &place in places.iter().rev() {
            self.holders.swap_remove(place as usize);
        }
        let drafts = self.drafts;
        let order = |&household: &u32| {
            let draft = &drafts[household as usize];
            (if kind == HomeKind::WithParents { draft.age } else { 0 }, draft.name)
        };
        guests.sort_unstable_by_key(order);
        hosts.sort_unstable_by_key(order);
        for (i, &guest) in guests.iter().enumerate() {
            let Some(&host) = hosts.get(i) else {
                self.outside(guest);
                continue;
            };
            let since = since(start, chance, &drafts[guest as usize], start.residence.hosted.value);
            let home = self.homes[host as usize].dwelling;
            self.books().move_in(guest, home, kind, since);
        }
    }

    /// Other accommodation.
    fn outside(&mut self, household: u32) {
        let (start, chance) = (self.site.start, self.site.chance);
        let since = since(start, chance, &self.drafts[household as usize], start.residence.other.value);
        let municipality = self.site.municipality;
        self.homes[household as usize] = Home { municipality, since, kind: HomeKind::Other, ..Home::default() };
    }
}

/// Date of moving in: exponential, cut off at the day on which the head came of age.
fn since(start: &StartRules, chance: &Chance, draft: &Draft, mean_years: f64) -> Day {
    let mut luck: Luck = chance.trait_of(SINCE, draft.name.0);
    let most = f64::from(draft.age.saturating_sub(17).max(1));
    let within = -libm::expm1(-most / mean_years);
    let years = -mean_years * libm::log1p(-within * luck.unit());
    start.date.plus_days(-((years * DAYS_A_YEAR) as i32))
}

/// Shifts slots that count from the first row of a municipality.
fn shift(slot: &mut Slot, by: Slot) {
    if *slot != doorstroom_state::NO_SLOT {
        *slot += by;
    }
}
