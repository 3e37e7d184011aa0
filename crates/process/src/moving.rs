//! Lettings become moves, and the owner-occupied and private rental markets clear. A dwelling freed here is offered
//! from the next step on (worlds/MODEL.md M5), which sets the pace of vacancy chains.

use bevy_ecs::prelude::Query;
use doorstroom_kernel::lane::{BLOCK_ITEMS, read_together};
use doorstroom_kernel::registrar::Registrar;
use doorstroom_kernel::{Luck, Purpose, Step, Threshold};
use doorstroom_policy::crowding::rooms_needed_by;
use doorstroom_policy::fit;
use doorstroom_policy::scheme::RegionScheme;
use doorstroom_state::KinName;
use doorstroom_state::books::{BookKeeping, Books};
use doorstroom_state::columns::{Columns, plain};
use doorstroom_state::due::Due;
use doorstroom_state::dwelling::Tenure;
use doorstroom_state::household::{HomeKind, Household, UrgencyGround, Wish};
use doorstroom_state::ledger::{Decided, Ground, Letting};
use doorstroom_state::quota::{HousingRoute, QuotaAccount};
use doorstroom_state::registration::{Registration, RowState};
use doorstroom_state::slots::{NO_SLOT, Slot};
use doorstroom_state::vacancy::Vacancy;

use crate::phase::Phase;
use crate::rulebook::Setting;

const REST: Purpose = Purpose::named("whether a registration rests after a move");
const ORDER: Purpose = Purpose::named("order in which wishes on a market are served");
const PLACE: Purpose = Purpose::named("where else in the region a wish is served");

/// Registers the phase.
pub fn register(registrar: &mut Registrar<'_, Phase>) {
    registrar.system(Phase::Moving, "move into let dwellings", move_in).then(
        Phase::Moving,
        "serve wishes on the owner and private rental markets",
        serve_wishes,
    );
}

/// Carries out the lettings of this step in the order in which they were decided.
fn move_in(mut keeping: BookKeeping, setting: Setting, mut accounts: Query<&mut QuotaAccount>) {
    let (Some(mut books), Some(accounts)) = (keeping.open(), accounts.columns()) else { return };
    let accounts = plain(accounts);
    let lettings = std::mem::take(&mut books.ledger.lettings);
    let flow_through_counts = setting.rulebook.rules.alternatives.flow_through_counts.get();
    let schemes = setting.schemes();
    for block in lettings.chunks(BLOCK_ITEMS) {
        books.read_moves_ahead(block, |letting| (letting.household, letting.dwelling));
        for letting in block {
            credit(letting, accounts, flow_through_counts);
            carry_out(&mut books, letting, &setting, &schemes);
        }
    }
    books.ledger.lettings = lettings;
}

/// Whoever comes out of reception by another way than the earmark counts for the quota as well (worlds/MODEL.md M16), and
/// whoever comes out of a flow-through place that did not count.
fn credit(letting: &Letting, accounts: &mut [QuotaAccount], flow_through_counts: bool) {
    let earmarked = letting.ground == Ground::StatusHolder;
    let uncounted = letting.origin == HomeKind::FlowThrough && !flow_through_counts && letting.status_history;
    if (letting.origin == HomeKind::Reception && !earmarked) || uncounted {
        let shared = letting.is_room || letting.is_flex;
        let route = if shared { HousingRoute::SharedOrTemporary } else { HousingRoute::Corporation };
        accounts[usize::from(letting.municipality)].house(u32::from(letting.persons), route);
    }
}

fn carry_out(books: &mut Books<'_>, letting: &Decided, setting: &Setting<'_>, schemes: &[&RegionScheme]) {
    let at = setting.moment();
    let i = letting.household as usize;
    if letting.row != NO_SLOT {
        use_up(books, letting, setting, schemes);
    }
    let seeker = &mut books.seekers[i];
    if seeker.first_letting == Step::NEVER {
        seeker.first_letting = at.step;
    }
    seeker.ground = UrgencyGround::None;
    let vacancy = Vacancy {
        dwelling: letting.dwelling,
        name: letting.dwelling_name,
        from: at.step,
        chain: letting.chain,
        position: letting.chain_position,
        cause: letting.chain_cause,
    };
    let kind = if letting.is_room { HomeKind::Room } else { HomeKind::Dwelling };
    books.move_to(letting.household, vacancy, kind, at);
    // the holder of a registration that was used up may register anew
    books.registration[i] = Due::redraw(at.step.plus(1));
    let needed = rooms_needed_by(&books.households[i].members, setting.clock.month());
    let fits = letting.is_room || letting.is_flex || fit::large_enough(needed, letting.rooms);
    debug_assert!(fits, "no letting breaks a hard filter");
    rest(books, letting.household, setting);
}

/// Who has moved into a dwelling of its own mostly stops searching: the rows that searched lie dormant, and keep their
/// date (assumption A112).
fn rest(books: &mut Books<'_>, household: Slot, setting: &Setting<'_>) {
    let Some(tenure) = books.tenure(household) else { return };
    let chance = setting.rulebook.rules.registration.rest_after_move.now()[tenure as usize];
    let next = Due::redraw(setting.clock.step.plus(1));
    let rows: Vec<Slot> = books.register.rows_of(&books.seekers[household as usize]).collect();
    for row in rows {
        let Registration { name, state, .. } = books.register.rows[row as usize];
        if state != RowState::Searching {
            continue;
        }
        if setting.chance.luck(REST, name.0, setting.clock.step).strikes(Threshold::of(chance)) {
            books.register.sleep(&mut books.seekers[household as usize], row);
        }
        books.register.rows[row as usize].next_event = next;
    }
}

/// One letting ends only the row used (worlds/MODEL.md M2), or puts it to sleep where the region's scheme says that a
/// registration does not lapse; its date is that of the move unless the scheme keeps it. Points are used up either way.
fn use_up(books: &mut Books<'_>, letting: &Decided, setting: &Setting<'_>, schemes: &[&RegionScheme]) {
    let seeker = &mut books.seekers[letting.household as usize];
    let market = books.register.rows[letting.row as usize].market;
    let rules = schemes[usize::from(market)].registration;
    let Some(rules) = rules.filter(|rules| rules.lapses_on_acceptance == Some(false)) else {
        return books.register.end(seeker, letting.row);
    };
    books.register.sleep(seeker, letting.row);
    let row = &mut books.register.rows[letting.row as usize];
    if rules.kept_on_move != Some(true) {
        row.since = letting.on;
    }
    (row.points_from, row.active_months, row.refusals) = (letting.on, 0, 0);
    row.next_event = Due::redraw(setting.clock.step.plus(1));
}

/// Most rooms that a dwelling has.
const ROOMS: usize = 6;

/// One market: vacant dwellings of a tenure by municipality.
struct Market {
    vacancies: Vec<Vacancy>,
    taken: Vec<bool>,
    by_municipality: Vec<Shelf>,
    /// Vacancies left by municipality, and by region.
    left: Vec<u32>,
    left_in_region: Vec<u32>,
    /// True for regions of which it is known that nothing is left in them and around them.
    none_near: Vec<bool>,
    region_of: Vec<u8>,
    /// Municipalities (slots) of every region.
    by_region: Vec<Vec<usize>>,
}

/// Vacancies of one municipality by rooms, 1 first; each list from the last name to the first.
#[derive(Clone, Default)]
struct Shelf {
    by_rooms: [Vec<usize>; ROOMS],
}

impl Shelf {
    /// Takes the vacancy whose rooms come nearest to one more than needed, too small ones last; the first name of those.
    fn take(&mut self, needed: u8) -> Option<usize> {
        let distance = |rooms: u8| (rooms < needed, rooms.abs_diff(needed + 1));
        let best = (0..ROOMS)
            .filter(|&place| !self.by_rooms[place].is_empty())
            .min_by_key(|&place| (distance(place as u8 + 1), self.by_rooms[place].last().copied()))?;
        self.by_rooms[best].pop()
    }
}

impl Market {
    fn new(books: &mut Books<'_>, tenure: Tenure, setting: &Setting<'_>) -> Self {
        let (now, region_of) = (setting.clock.step, setting.gazetteer.region_of.as_slice());
        books.vacancies.sort(tenure);
        let list = &mut books.vacancies.dwellings[tenure as usize];
        let vacancies: Vec<Vacancy> = list.iter().filter(|v| v.from <= now).copied().collect();
        list.retain(|v| v.from > now);
        let dwelling = |vacancy: &Vacancy| &books.dwellings[vacancy.dwelling as usize];
        let places = setting.lane.map_scattered(
            &vacancies,
            |vacancy| u64::from(dwelling(vacancy).rooms),
            |vacancy| (usize::from(dwelling(vacancy).municipality), usize::from(dwelling(vacancy).rooms)),
        );
        let mut by_municipality = vec![Shelf::default(); region_of.len()];
        let mut left = vec![0; region_of.len()];
        for (index, (municipality, rooms)) in places.into_iter().enumerate().rev() {
            by_municipality[municipality].by_rooms[rooms.clamp(1, ROOMS) - 1].push(index);
            left[municipality] += 1;
        }
        let mut by_region = vec![Vec::new(); region_of.iter().max().map_or(0, |&region| usize::from(region) + 1)];
        for (municipality, &region) in region_of.iter().enumerate() {
            by_region[usize::from(region)].push(municipality);
        }
        let in_region = |towns: &Vec<usize>| towns.iter().map(|&town| left[town]).sum();
        Market {
            taken: vec![false; vacancies.len()],
            left_in_region: by_region.iter().map(in_region).collect(),
            none_near: vec![false; by_region.len()],
            region_of: region_of.to_vec(),
            vacancies,
            by_municipality,
            left,
            by_region,
        }
    }

    fn take_in(&mut self, municipality: usize, needed: u8) -> Option<Vacancy> {
        let index = self.by_municipality[municipality].take(needed)?;
        self.taken[index] = true;
        self.left[municipality] -= 1;
        self.left_in_region[usize::from(self.region_of[municipality])] -= 1;
        Some(self.vacancies[index])
    }

    /// True if a vacancy is left in any of these regions.
    fn has_any(&self, regions: &[u8]) -> bool {
        regions.iter().any(|&region| self.left_in_region.get(usize::from(region)).is_some_and(|&left| left > 0))
    }

    /// False once nothing is left in this region and the neighbouring ones, as was found when somebody asked.
    fn may_have_any_near(&self, municipality: u16) -> bool {
        !self.none_near[usize::from(self.region_of[usize::from(municipality)])]
    }

    /// Takes a vacancy in a municipality of these regions that has any, drawn with equal chance.
    fn take_elsewhere(&mut self, regions: &[u8], needed: u8, luck: &mut Luck) -> Option<Vacancy> {
        if !self.has_any(regions) {
            return None;
        }
        let towns = || regions.iter().filter_map(|&region| self.by_region.get(usize::from(region))).flatten();
        let has_any = |&&m: &&usize| self.left[m] > 0;
        let others = towns().filter(has_any).count();
        let municipality = *towns().filter(has_any).nth(luck.below(others as u64) as usize)?;
        self.take_in(municipality, needed)
    }

    /// Puts what nobody took back on the list.
    fn close(self, books: &mut Books<'_>, tenure: Tenure) {
        let left = self.vacancies.into_iter().zip(self.taken).filter(|(_, taken)| !taken).map(|(v, _)| v);
        books.vacancies.dwellings[tenure as usize].extend(left);
    }
}

/// Serves live wishes in keyed random order, own municipality first, then the region, then a neighbouring one, until
/// the vacant dwellings run out (worlds/MODEL.md 4.4; the neighbours are assumption A106).
fn serve_wishes(mut keeping: BookKeeping, setting: Setting) {
    let Some(mut books) = keeping.open() else { return };
    let (now, today) = (setting.clock.step, setting.clock.today);
    let (seekers, homes) = (&*books.seekers, &*books.homes);
    let live = |slot: Slot| {
        let seeker = &seekers[slot as usize];
        seeker.wish != Wish::None && seeker.wish_until > now && homes[slot as usize].kind.is_private()
    };
    let wishing = books.lists.wishing.by_slot(&setting.lane, &books.households, live);
    let in_turn = |&(name, slot): &(KinName, Slot)| {
        let home = &homes[slot as usize];
        // who was let a dwelling in this step does not move on in it
        let just_moved = home.kind == HomeKind::Dwelling && home.since == today;
        (!just_moved).then(|| Wisher {
            turn: setting.chance.luck(ORDER, name.0, now).bits(),
            name: name.0,
            slot,
            municipality: home.municipality,
            wish: seekers[slot as usize].wish,
        })
    };
    let mut order: Vec<Wisher> = setting.lane.map(wishing, in_turn).into_iter().flatten().collect();
    setting.lane.sort_by_key(&mut order, |wisher| (wisher.turn, wisher.name));
    let mut owner = Market::new(&mut books, Tenure::Owner, &setting);
    let mut rental = Market::new(&mut books, Tenure::OtherRental, &setting);
    let served = serve(&order, &books.households, &mut owner, &mut rental, &setting);
    for block in served.chunks(BLOCK_ITEMS) {
        books.read_moves_ahead(block, |&(slot, vacancy)| (slot, vacancy.dwelling));
        for &(slot, vacancy) in block {
            books.seekers[slot as usize].wish = Wish::None;
            books.move_to(slot, vacancy, HomeKind::Dwelling, setting.moment());
            rest(&mut books, slot, &setting);
        }
    }
    owner.close(&mut books, Tenure::Owner);
    rental.close(&mut books, Tenure::OtherRental);
}

/// A household with a live wish, where it lives when its turn is drawn.
struct Wisher {
    /// Lowest goes first.
    turn: u64,
    name: u64,
    slot: Slot,
    municipality: u16,
    wish: Wish,
}

/// Who gets which vacancy, in the order of turns. For most nothing is left; only of the others persons are looked at.
fn serve(
    order: &[Wisher],
    households: &[Household],
    owner: &mut Market,
    rental: &mut Market,
    setting: &Setting<'_>,
) -> Vec<(Slot, Vacancy)> {
    let month = setting.clock.month();
    let mut served = Vec::new();
    for block in order.chunks(BLOCK_ITEMS) {
        read_together(block, |wisher| {
            let market = if wisher.wish == Wish::Buy { &*owner } else { &*rental };
            if market.may_have_any_near(wisher.municipality) {
                households[wisher.slot as usize].members.count() as u64
            } else {
                0
            }
        });
        for wisher in block {
            let market = if wisher.wish == Wish::Buy { &mut *owner } else { &mut *rental };
            let needed = || rooms_needed_by(&households[wisher.slot as usize].members, month);
            served.extend(find(market, setting, wisher, needed).map(|vacancy| (wisher.slot, vacancy)));
        }
    }
    served
}

/// The vacancy that falls to a household when its turn comes.
fn find(market: &mut Market, setting: &Setting<'_>, wisher: &Wisher, needed: impl Fn() -> u8) -> Option<Vacancy> {
    if !market.may_have_any_near(wisher.municipality) {
        return None;
    }
    let own = usize::from(wisher.municipality);
    let region = setting.gazetteer.region_of[own];
    let neighbours = &setting.gazetteer.neighbours[usize::from(region)];
    if !market.has_any(&[region]) && !market.has_any(neighbours) {
        market.none_near[usize::from(region)] = true;
        return None;
    }
    let needed = needed();
    let mut luck = setting.chance.luck(PLACE, wisher.name, setting.clock.step);
    market
        .take_in(own, needed)
        .or_else(|| market.take_elsewhere(&[region], needed, &mut luck))
        .or_else(|| market.take_elsewhere(neighbours, needed, &mut luck))
}
