//! What happens because of how a household lives: hosting and its end, rooms, shelter, interim homes, and wishes to
//! move (worlds/MODEL.md 4.4 and section 5).

mod wishes;

use doorstroom_kernel::hazard::which_strike;
use doorstroom_kernel::registrar::Registrar;
use doorstroom_kernel::{Hazard, MonthOfYear, Purpose};
use doorstroom_policy::Rules;
use doorstroom_policy::crowding::rooms_needed_by;
use doorstroom_state::KinName;
use doorstroom_state::books::{BookKeeping, Books};
use doorstroom_state::household::{Due, HomeKind, Need, Wish};
use doorstroom_state::ledger::VacatedBy;
use doorstroom_state::slots::{NO_SLOT, Slot};
use doorstroom_state::vacancy::ChainCause;

use crate::month::Phase;
use crate::rulebook::Setting;
use wishes::WishTables;

const DELAY: Purpose = Purpose::named("delay to the next change of a shared address");
const EVENT: Purpose = Purpose::named("what changes at a shared address");
const HOST: Purpose = Purpose::named("affinity of a guest and a host");
const ROOM: Purpose = Purpose::named("order in which free rooms are taken");

/// Ages at which one-person households take rooms.
const ROOM_AGES: std::ops::Range<u16> = 18..45;

/// Months between looks at a household that ages and earns otherwise in the meantime.
const LOOK_MONTHS: f64 = 24.0;

/// Below this age a room anywhere in the country will do.
const STUDENT_AGE: u16 = 25;

/// Registers the phase.
pub fn register(registrar: &mut Registrar<'_, Phase>) {
    registrar
        .system(Phase::Sharing, "let stays end, guests find hosts and wishes to move arise", stays)
        .depends_on_arm("the home: end of hosting, rooms, shelter, wishes to move")
        .then(Phase::Sharing, "fill free rooms", rooms);
}

/// Hazards at an address, by what may happen: the stay ends, a room is taken, a wish to buy, a wish to rent.
fn hazards(
    books: &Books<'_>,
    slot: Slot,
    rules: &Rules,
    now: MonthOfYear,
    step_months: f64,
    wishes: &WishTables,
) -> [Hazard; 4] {
    let (sharing, quota) = (&rules.sharing, &rules.quota);
    let i = slot as usize;
    let ends = match books.homes[i].kind {
        HomeKind::WithKin => sharing.kin_ends.get(),
        HomeKind::Sublet => sharing.sublet_ends.get(),
        HomeKind::Shelter => sharing.shelter_ends.get(),
        HomeKind::Room => sharing.room_ends.get(),
        HomeKind::Interim => 1.0 / quota.interim_months.get(),
        _ => 0.0,
    };
    let young_single = books.members[i].is_single() && ROOM_AGES.contains(&books.members[i].head_age(now));
    let seeks_room = matches!(
        books.homes[i].kind,
        HomeKind::WithKin | HomeKind::Sublet | HomeKind::Other | HomeKind::Shelter | HomeKind::WithParents
    );
    let room = if young_single && seeks_room { sharing.takes_room.get() } else { 0.0 };
    let shared = |chance: f64| if chance > 0.0 { Hazard::of_yearly_chance(chance, step_months) } else { Hazard(0) };
    let [buy, rent] = wishes.of(books, slot, now);
    [shared(ends), shared(room), buy, rent]
}

/// Looks at every household whose shared address is due.
fn stays(mut keeping: BookKeeping, setting: Setting) {
    let Some(mut books) = keeping.open() else { return };
    let now = setting.clock.step;
    let due = &*books.sharing;
    let kin = &*books.kin;
    let found = setting.lane.map_chunks(due.len(), |from, to| {
        (from..to).filter(|&i| due[i].0.is_due(now)).map(|i| (kin[i].name, i as Slot)).collect::<Vec<_>>()
    });
    let mut found: Vec<(KinName, Slot)> = found.into_iter().flatten().collect();
    found.sort_unstable();
    let mut hosts = Hosts::new(&mut books, &setting);
    let wishes = WishTables::new(&setting.rulebook.rules, setting.clock.today, setting.step_years());
    for (name, slot) in found {
        if books.kin[slot as usize].name != name {
            continue;
        }
        let step_months = setting.step_years() * 12.0;
        let rates = hazards(&books, slot, &setting.rulebook.rules, setting.clock.month(), step_months, &wishes);
        if books.sharing[slot as usize].0.strikes() {
            let mut luck = setting.chance.luck(EVENT, name.0, now);
            let struck = which_strike(&rates, &mut luck);
            if struck & 1 == 1 {
                end_stay(&mut books, slot, &setting, &mut hosts, &mut luck);
            } else if struck & 2 == 2 {
                books.lists.room_seekers.note(name, slot);
            }
            if struck >> 2 != 0 {
                let wish = if struck & 4 == 4 { Wish::Buy } else { Wish::Rent };
                let months = setting.rulebook.rules.market.wish_months.get();
                books.wish(slot, wish, now.plus(setting.steps(months)));
            }
        } else if books.homes[slot as usize].kind == HomeKind::WithKin && books.homes[slot as usize].dwelling == NO_SLOT
        {
            hosts.find(&mut books, slot, &setting);
        }
        let rates = hazards(&books, slot, &setting.rulebook.rules, setting.clock.month(), step_months, &wishes);
        let hazard: Hazard = rates.into_iter().sum();
        books.sharing[slot as usize].0 = match hazard.0 {
            0 => Due::NEVER,
            _ => {
                let delay = hazard.delay(&mut setting.chance.luck(DELAY, name.0, now.plus(1)));
                let look_again = crate::registration::next_look(now, setting.steps(LOOK_MONTHS), name);
                Due::first(now.plus(1), delay, look_again)
            }
        };
    }
    books.lists.hosts.0.clear();
}

/// A stay ends: back to kin, a sublet, other accommodation or shelter, with a short-notice need.
fn end_stay(
    books: &mut Books<'_>,
    slot: Slot,
    setting: &Setting<'_>,
    hosts: &mut Hosts,
    luck: &mut doorstroom_kernel::Luck,
) {
    let at = setting.moment();
    let rules = &setting.rulebook.rules;
    let was = books.homes[slot as usize].kind;
    let kinds = [HomeKind::WithKin, HomeKind::Sublet, HomeKind::Other, HomeKind::Shelter];
    let to = match was {
        HomeKind::Shelter | HomeKind::Interim => HomeKind::Other,
        _ => luck.pick(rules.sharing.ended_to.now()).map_or(HomeKind::Other, |i| kinds[i]),
    };
    books.move_out(slot, to, VacatedBy::Other, ChainCause::MovedOut, at);
    if matches!(was, HomeKind::WithKin | HomeKind::Sublet) && books.seekers[slot as usize].need == Need::None {
        let months = setting.steps(rules.registration.need_months.get());
        books.open_need(slot, Need::EndOfStay, months, at);
    }
    if to.is_hosted() {
        hosts.find(books, slot, setting);
    }
}

/// Households that could host this step, by municipality.
struct Hosts {
    by_municipality: Vec<Vec<(KinName, Slot)>>,
}

impl Hosts {
    fn new(books: &mut Books<'_>, setting: &Setting<'_>) -> Self {
        let mut by_municipality = vec![Vec::new(); setting.gazetteer.region_of.len()];
        let spare = setting.rulebook.rules.sharing.host_spare_rooms.get() as u8;
        let month = setting.clock.month();
        let (homes, dwellings, members) = (&*books.homes, &*books.dwellings, &*books.members);
        for &(name, slot) in books.lists.hosts.settle(books.kin, |slot| homes[slot as usize].kind == HomeKind::Dwelling)
        {
            let home = &homes[slot as usize];
            let alone = home.next_sharer == NO_SLOT;
            if alone
                && dwellings[home.dwelling as usize].rooms >= rooms_needed_by(&members[slot as usize], month) + spare
            {
                by_municipality[usize::from(home.municipality)].push((name, slot));
            }
        }
        Hosts { by_municipality }
    }

    /// Puts the guest with the host for whom its addressed affinity is best, at most one guest a host.
    fn find(&mut self, books: &mut Books<'_>, guest: Slot, setting: &Setting<'_>) {
        let home = books.homes[guest as usize];
        let hosts = &mut self.by_municipality[usize::from(home.municipality)];
        let name = books.kin[guest as usize].name;
        let affinity =
            |host: &(KinName, Slot)| setting.chance.luck_with(HOST, name.0, host.0.0, setting.clock.step).bits();
        let Some(best) = (0..hosts.len()).filter(|&h| hosts[h].1 != guest).min_by_key(|&h| affinity(&hosts[h])) else {
            return;
        };
        let (_, host) = hosts.swap_remove(best);
        let dwelling = books.homes[host as usize].dwelling;
        books.host(guest, dwelling, home.kind, setting.moment());
    }
}

/// Fills free rooms with those who look for one, own municipality first, then the region, in keyed order.
fn rooms(mut keeping: BookKeeping, setting: Setting) {
    let Some(mut books) = keeping.open() else { return };
    let now = setting.clock.step;
    books.vacancies.sort();
    let mut free: Vec<Vec<doorstroom_state::vacancy::Vacancy>> = vec![Vec::new(); setting.gazetteer.region_of.len()];
    let mut later = Vec::new();
    for vacancy in std::mem::take(&mut books.vacancies.rooms) {
        let municipality = books.dwellings[vacancy.dwelling as usize].municipality;
        if vacancy.from <= now { free[usize::from(municipality)].push(vacancy) } else { later.push(vacancy) }
    }
    let homes = &*books.homes;
    let seeks = |slot: Slot| {
        let kind = homes[slot as usize].kind;
        kind.is_hosted() || matches!(kind, HomeKind::Other | HomeKind::Shelter)
    };
    let mut order: Vec<(u64, Slot)> = books
        .lists
        .room_seekers
        .settle(books.kin, seeks)
        .iter()
        .map(|&(name, slot)| (setting.chance.luck(ROOM, name.0, now).bits(), slot))
        .collect();
    order.sort_unstable();
    for (_, slot) in order {
        let own = usize::from(books.homes[slot as usize].municipality);
        let region = setting.gazetteer.region_of[own];
        let young = books.members[slot as usize].head_age(setting.clock.month()) < STUDENT_AGE;
        let vacancy = free[own].pop().or_else(|| {
            let other = (0..free.len()).find(|&m| setting.gazetteer.region_of[m] == region && !free[m].is_empty());
            // students go where the rooms are
            let far = if young { (0..free.len()).max_by_key(|&m| (free[m].len(), m)) } else { None };
            free[other.or(far)?].pop()
        });
        if let Some(vacancy) = vacancy {
            books.move_to(slot, vacancy, HomeKind::Room, setting.moment());
        }
    }
    books.lists.room_seekers.0.clear();
    books.vacancies.rooms = free.into_iter().flatten().chain(later).collect();
}
