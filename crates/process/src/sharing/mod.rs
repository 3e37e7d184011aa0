//! What happens because of how a household lives: hosting and its end, rooms, shelter, interim homes, and wishes to
//! move (worlds/MODEL.md 4.4 and section 5).

mod eviction;
mod hosts;
mod wishes;

use doorstroom_kernel::hazard::which_strike;
use doorstroom_kernel::lane::{BLOCK_ITEMS, in_blocks, joined, read_together};
use doorstroom_kernel::registrar::Registrar;
use doorstroom_kernel::{Day, Hazard, Luck, MonthOfYear, Purpose, Step};
use doorstroom_policy::Rules;
use doorstroom_state::books::{BookKeeping, Books};
use doorstroom_state::due::{Due, due_rows};
use doorstroom_state::household::{Home, HomeKind, Household, Need, Wish};
use doorstroom_state::ledger::VacatedBy;
use doorstroom_state::members::{Person, next_ages};
use doorstroom_state::name::KinName;
use doorstroom_state::slots::{NO_SLOT, Slot};
use doorstroom_state::vacancy::{ChainCause, Vacancy};

use crate::phase::Phase;
use crate::rulebook::Setting;
use hosts::Hosts;
use wishes::{AGES, WishTables};

const DELAY: Purpose = Purpose::named("delay to the next change of a shared address");
const EVENT: Purpose = Purpose::named("what changes at a shared address");
const ROOM: Purpose = Purpose::named("order in which free rooms are taken");

/// Where one goes who has to leave, in the order of the shares of the rules.
const ENDED_TO: [HomeKind; 4] = [HomeKind::WithKin, HomeKind::Sublet, HomeKind::Other, HomeKind::Shelter];

/// Ages at which one-person households take rooms.
const ROOM_AGES: std::ops::Range<u16> = 18..45;

/// Below this age a room anywhere in the country will do.
const STUDENT_AGE: u16 = 25;

/// Registers the phase.
pub fn register(registrar: &mut Registrar<'_, Phase>) {
    registrar
        .system(Phase::Sharing, "let stays end, guests find hosts and wishes to move arise", stays)
        .depends_on_arm("the home: end of hosting, rooms, shelter, wishes to move")
        .then(Phase::Sharing, "fill free rooms", rooms);
}

/// Hazards at an address in one step, made once a step from the rules in force.
#[derive(PartialEq)]
struct StayTables {
    /// End of the stay, by kind of home.
    ends: [Hazard; 13],
    /// A young single takes a room.
    room: Hazard,
    wishes: WishTables,
    /// The next age of the head at which any of these is other.
    next_age: [u16; AGES],
}

impl StayTables {
    /// Of the rules in force on a day.
    fn on(day: Day, rules: &Rules, step_years: f64) -> Self {
        let (sharing, quota) = (&rules.sharing, &rules.quota);
        let monthly = |chance: f64| {
            if chance > 0.0 { Hazard::of_yearly_chance(chance, step_years * 12.0) } else { Hazard(0) }
        };
        let mut ends = [Hazard(0); 13];
        for (kind, chance) in [
            (HomeKind::WithKin, *sharing.kin_ends.at(day)),
            (HomeKind::Sublet, *sharing.sublet_ends.at(day)),
            (HomeKind::Shelter, *sharing.shelter_ends.at(day)),
            (HomeKind::Room, *sharing.room_ends.at(day)),
            (HomeKind::Interim, 1.0 / quota.interim_months.at(day)),
            (HomeKind::FlowThrough, 1.0 / rules.alternatives.flow_through_stay_months.at(day)),
        ] {
            ends[kind as usize] = monthly(chance);
        }
        let wishes = WishTables::on(day, rules, step_years);
        let takes_room = |age: usize| ROOM_AGES.contains(&(age as u16));
        let next_age = next_ages(|age| takes_room(age) != takes_room(age - 1) || wishes.are_other_at(age));
        StayTables { ends, room: monthly(*sharing.takes_room.at(day)), wishes, next_age }
    }

    /// By what may happen: the stay ends, a room is taken, a wish to buy, a wish to rent.
    fn of(&self, books: &Books<'_>, slot: Slot, now: MonthOfYear) -> [Hazard; 4] {
        let i = slot as usize;
        let Household { members, means, .. } = &books.households[i];
        let (kind, head_age) = (books.homes[i].kind, members.head_age(now));
        let seeks_room = matches!(
            kind,
            HomeKind::WithKin | HomeKind::Sublet | HomeKind::Other | HomeKind::Shelter | HomeKind::WithParents
        );
        let takes = seeks_room && ROOM_AGES.contains(&head_age) && members.is_single();
        let [buy, rent] = self.wishes.of(&books.homes[i], means, head_age);
        [self.ends[kind as usize], if takes { self.room } else { Hazard(0) }, buy, rent]
    }

    /// When to look again at a household whose home is as it is now, or what changes there, in the step `from` at the
    /// earliest: this one at a deadline, which no draw before it covers, the next one after what happened in this one.
    fn next(&self, books: &Books<'_>, slot: Slot, setting: &Setting<'_>, month: MonthOfYear, from: Step) -> Due {
        let (i, hazard) = (slot as usize, self.of(books, slot, month).into_iter().sum::<Hazard>());
        if hazard == Hazard(0) && !books.homes[i].kind.is_private() {
            return Due::NEVER;
        }
        let next_age =
            |head: Person| head.months_until(self.next_age[usize::from(head.age(month)).min(AGES - 1)], month);
        let Household { kin, members, .. } = &books.households[i];
        let months = members.head_person().and_then(next_age);
        let delay = hazard.delay(&mut setting.chance.luck(DELAY, kin.name.0, from));
        Due::first(from, delay, setting.step_in(months).max(from))
    }
}

/// Looks at every household whose shared address is due. Most are only looked at again, which touches nobody else and
/// is done in parallel.
fn stays(mut keeping: BookKeeping, setting: Setting) {
    let Some(mut books) = keeping.open() else { return };
    let month = setting.clock.month();
    let made = |day| StayTables::on(day, &setting.rulebook.rules, setting.step_years());
    let tables = made(setting.clock.today);
    if setting.a_step_before(made).is_some_and(|before| before != tables) {
        // other hazards have come into force: what was drawn by those before is drawn anew
        books.sharing.fill(Due::redraw(setting.clock.step));
    }
    let mut happens = look_at_due(&mut books, &setting, &tables, month);
    setting.lane.sort_by_key(&mut happens, |&happening| happening);
    let mut hosts = Hosts::new(&mut books, &setting);
    eviction::evict(&mut books, &setting, &mut hosts);
    let mut turns = setting.lane.map_scattered(
        &happens,
        |&(_, _, slot)| books.read_ahead(slot as usize),
        |&(_, _, slot)| Turn::of(&books, slot, &setting, &tables, month),
    );
    let guests = happens.iter().zip(&turns).filter(|(_, turn)| turn.finds_host).map(|(&guest, _)| guest);
    hosts.choose_ahead(guests.collect(), &setting);
    for (block, turns) in happens.chunks(BLOCK_ITEMS).zip(turns.chunks_mut(BLOCK_ITEMS)) {
        read_together(block, |&(_, _, slot)| {
            let slot = slot as usize;
            books.households[slot].kin.name.0
                ^ books.seekers[slot].wish as u64
                ^ u64::from(books.sharing[slot].strikes())
        });
        for (&(_, _, slot), turn) in block.iter().zip(turns) {
            if books.sharing[slot as usize] != turn.due {
                // it lost its host to what happened to others
                *turn = Turn::of(&books, slot, &setting, &tables, month);
            }
            carry_out(&mut books, slot, &setting, turn, &mut hosts);
            // whose home became another is looked at below
            books.sharing[slot as usize] = turn.next.unwrap_or(Due::NEVER);
        }
    }
    let moved = happens.iter().zip(&turns).filter(|(_, turn)| turn.next.is_none()).map(|(&(_, _, slot), _)| slot);
    look_again(&mut books, &setting, &tables, month, moved);
    books.lists.hosts.0.clear();
}

/// Draws the next look at those whose home became another, in parallel. Who lost it to others since has one already.
fn look_again(
    books: &mut Books<'_>,
    setting: &Setting<'_>,
    tables: &StayTables,
    month: MonthOfYear,
    moved: impl Iterator<Item = Slot>,
) {
    let moved: Vec<Slot> = moved.filter(|&slot| books.sharing[slot as usize] == Due::NEVER).collect();
    let read = |&slot: &Slot| books.read_ahead(slot as usize);
    let from = setting.clock.step.plus(1);
    let next = setting.lane.map_scattered(&moved, read, |&slot| tables.next(books, slot, setting, month, from));
    moved.into_iter().zip(next).for_each(|(slot, next)| books.sharing[slot as usize] = next);
}

/// What was drawn for a household, decided before anything of it is carried out.
struct Turn {
    due: Due,
    /// A bit for each event of [`StayTables::of`] that strikes.
    struck: u64,
    /// Where it goes, if its stay ends.
    ends_to: Option<HomeKind>,
    /// It is to live with others and needs a host.
    finds_host: bool,
    /// When to look again, if its home stays as it is.
    next: Option<Due>,
}

impl Turn {
    fn of(books: &Books<'_>, slot: Slot, setting: &Setting<'_>, tables: &StayTables, month: MonthOfYear) -> Turn {
        let i = slot as usize;
        let (due, mut luck) = (books.sharing[i], setting.chance.luck(EVENT, books.name(slot).0, setting.clock.step));
        let struck = if due.strikes() { which_strike(&tables.of(books, slot, month), &mut luck) } else { 0 };
        let ends_to = (struck & 1 == 1).then(|| ends_to(books.homes[i].kind, &setting.rulebook.rules, &mut luck));
        let finds_host = match ends_to {
            Some(to) => to.is_hosted(),
            None => !due.strikes() && seeks_host(&books.homes[i]),
        };
        let stays = due.strikes() && ends_to.is_none();
        let next = stays.then(|| tables.next(books, slot, setting, month, setting.clock.step.plus(1)));
        Turn { due, struck, ends_to, finds_host, next }
    }
}

/// The parallel part: a look writes when to look again at its own household. Gives those to whom something happens.
fn look_at_due(
    books: &mut Books<'_>,
    setting: &Setting<'_>,
    tables: &StayTables,
    month: MonthOfYear,
) -> Vec<(u16, KinName, Slot)> {
    let (now, column) = (setting.clock.step, std::mem::take(&mut books.sharing));
    let happens = setting.lane.map_chunks_mut(column, |first, column| {
        let slots = due_rows(column, first, |&next| next, now);
        let mut happens = Vec::new();
        in_blocks(
            &slots,
            |&slot| books.read_ahead(slot as usize),
            |&slot| {
                let due = &mut column[slot as usize - first];
                let home = &books.homes[slot as usize];
                let seeks = seeks_host(home);
                if !due.strikes() && !seeks {
                    *due = tables.next(books, slot, setting, month, now);
                }
                if due.strikes_by(now) || seeks {
                    happens.push((home.municipality, books.name(slot), slot));
                }
            },
        );
        happens
    });
    books.sharing = column;
    joined(happens)
}

/// With kin who are not known yet.
fn seeks_host(home: &Home) -> bool {
    home.kind == HomeKind::WithKin && home.dwelling == NO_SLOT
}

/// What was drawn happens: a stay ends, a room is looked for, a wish arises. Who is with kin finds a host.
fn carry_out(books: &mut Books<'_>, slot: Slot, setting: &Setting<'_>, turn: &Turn, hosts: &mut Hosts) {
    let (now, name, struck) = (setting.clock.step, books.name(slot), turn.struck);
    if let Some(to) = turn.ends_to {
        end_stay(books, slot, setting, to);
    } else if struck & 2 == 2 {
        books.lists.room_seekers.note(name, slot);
    }
    if turn.finds_host {
        hosts.find(books, slot, setting);
    }
    if struck >> 2 != 0 {
        let wish = if struck & 4 == 4 { Wish::Buy } else { Wish::Rent };
        let months = setting.rulebook.rules.market.wish_months.get();
        books.wish(slot, wish, now.plus(setting.steps(months)));
    }
}

/// Where one goes from a home of this kind when the stay ends: to kin, a sublet, other accommodation or shelter.
fn ends_to(was: HomeKind, rules: &Rules, luck: &mut Luck) -> HomeKind {
    match was {
        HomeKind::Shelter | HomeKind::Interim | HomeKind::FlowThrough => HomeKind::Other,
        _ => luck.pick(rules.sharing.ended_to.now()).map_or(HomeKind::Other, |i| ENDED_TO[i]),
    }
}

/// A stay ends, with a short-notice need.
fn end_stay(books: &mut Books<'_>, slot: Slot, setting: &Setting<'_>, to: HomeKind) {
    let at = setting.moment();
    let was = books.homes[slot as usize].kind;
    books.move_out(slot, to, VacatedBy::Other, ChainCause::MovedOut, at);
    if matches!(was, HomeKind::WithKin | HomeKind::Sublet) && books.seekers[slot as usize].need == Need::None {
        books.open_need(slot, Need::EndOfStay, at);
    }
}

/// Fills free rooms with those who look for one, own municipality first, then the region, in keyed order.
fn rooms(mut keeping: BookKeeping, setting: Setting) {
    let Some(mut books) = keeping.open() else { return };
    let now = setting.clock.step;
    let mut free = FreeRooms::new(&mut books, &setting);
    let homes = &*books.homes;
    let seeks = |slot: Slot| {
        let kind = homes[slot as usize].kind;
        kind.is_hosted() || matches!(kind, HomeKind::Other | HomeKind::Shelter)
    };
    let month = setting.clock.month();
    let households = &*books.households;
    let listed = books.lists.room_seekers.by_slot(&setting.lane, households, seeks);
    let mut order = setting.lane.map(listed, |&(name, slot)| RoomSeeker {
        turn: setting.chance.luck(ROOM, name.0, now).bits(),
        name,
        slot,
        municipality: homes[slot as usize].municipality,
        is_young: households[slot as usize].members.head_age(month) < STUDENT_AGE,
    });
    order.sort_unstable_by_key(|seeker| (seeker.turn, seeker.name));
    let mut served = Vec::new();
    for seeker in order {
        let room = free.take(seeker.municipality, seeker.is_young, &setting.gazetteer.region_of);
        served.extend(room.map(|room| (seeker.slot, room)));
    }
    for block in served.chunks(BLOCK_ITEMS) {
        books.read_moves_ahead(block, |&(slot, room)| (slot, room.dwelling));
        for &(slot, room) in block {
            books.move_to(slot, room, HomeKind::Room, setting.moment());
        }
    }
    books.lists.room_seekers.0.clear();
    books.vacancies.rooms = free.left();
}

/// Who looks for a room, where it lives when its turn is drawn.
struct RoomSeeker {
    /// Lowest goes first.
    turn: u64,
    name: KinName,
    slot: Slot,
    municipality: u16,
    is_young: bool,
}

/// Rooms that stand free now, by municipality.
struct FreeRooms {
    by_municipality: Vec<Vec<Vacancy>>,
    /// Municipalities (slots) of every region.
    by_region: Vec<Vec<usize>>,
    count: usize,
    later: Vec<Vacancy>,
}

impl FreeRooms {
    fn new(books: &mut Books<'_>, setting: &Setting<'_>) -> Self {
        books.vacancies.sort_rooms();
        let region_of = &setting.gazetteer.region_of;
        let (rooms, later): (Vec<Vacancy>, Vec<Vacancy>) =
            std::mem::take(&mut books.vacancies.rooms).into_iter().partition(|room| room.from <= setting.clock.step);
        let mut by_municipality = vec![Vec::new(); region_of.len()];
        let count = rooms.len();
        let municipality = |room: &Vacancy| books.dwellings[room.dwelling as usize].municipality;
        let places = setting.lane.map_scattered(&rooms, |room| u64::from(municipality(room)), municipality);
        for (room, place) in rooms.into_iter().zip(places) {
            by_municipality[usize::from(place)].push(room);
        }
        let mut by_region = vec![Vec::new(); region_of.iter().max().map_or(0, |&region| usize::from(region) + 1)];
        for (municipality, &region) in region_of.iter().enumerate() {
            by_region[usize::from(region)].push(municipality);
        }
        FreeRooms { by_municipality, by_region, count, later }
    }

    /// A room in the own municipality, else in the region; the young go anywhere, to where most rooms are.
    fn take(&mut self, own: u16, young: bool, region_of: &[u8]) -> Option<Vacancy> {
        if self.count == 0 {
            return None;
        }
        let own = usize::from(own);
        let in_own = (!self.by_municipality[own].is_empty()).then_some(own);
        let place = in_own
            .or_else(|| {
                let region = &self.by_region[usize::from(region_of[own])];
                region.iter().copied().find(|&m| !self.by_municipality[m].is_empty())
            })
            .or_else(|| {
                let most = (0..self.by_municipality.len()).max_by_key(|&m| (self.by_municipality[m].len(), m));
                most.filter(|_| young)
            })?;
        let room = self.by_municipality[place].pop()?;
        self.count -= 1;
        Some(room)
    }

    /// What nobody took, and what comes free next step.
    fn left(self) -> Vec<Vacancy> {
        self.by_municipality.into_iter().flatten().chain(self.later).collect()
    }
}
