//! The register: adults register, search, sleep and leave it; statements and needs lapse (worlds/MODEL.md 3.1, 6.1).

mod rows;
mod statements;

use bevy_ecs::prelude::*;
use doorstroom_kernel::chance::Luck;
use doorstroom_kernel::lane::{BLOCK_ITEMS, in_blocks, joined};
use doorstroom_kernel::registrar::Registrar;
use doorstroom_kernel::{Day, Hazard, MonthOfYear, Purpose, Step, Threshold};
use doorstroom_policy::rules::RegistrationRules;
use doorstroom_policy::scheme::{self, StatementRules};
use doorstroom_state::KinName;
use doorstroom_state::books::{BookKeeping, Books, Moment};
use doorstroom_state::columns::Columns;
use doorstroom_state::due::{Due, due_rows};
use doorstroom_state::household::{Home, HomeKind, Household, Means, Need, UrgencyGround};
use doorstroom_state::members::{MEMBERS_MAX, Members, Role, next_ages};
use doorstroom_state::region::Region;
use doorstroom_state::registration::{Registration, RowState};
use doorstroom_state::slots::{NO_SLOT, Slot};

use crate::phase::Phase;
use crate::rulebook::Setting;

const DELAY: Purpose = Purpose::named("delay to the next registration of a household");
const ENTER: Purpose = Purpose::named("who of a household registers");
const START: Purpose = Purpose::named("search on leaving home or on a need");

/// Age at which one may register.
const ADULT_YEARS: u16 = 18;

/// Registers the phase.
pub fn register(registrar: &mut Registrar<'_, Phase>) {
    registrar
        .system(Phase::Registration, "end statements that the regime forbids", statements::end_forbidden)
        .then(Phase::Registration, "let households register; end needs and statements", households)
        .then(Phase::Registration, "let registrations wake, sleep, lapse and become urgent", rows::live);
}

/// Rates of one market, per step.
struct MarketRates {
    register: f64,
    search_at_once: Threshold,
    search_on_leaving: Threshold,
    wake: Hazard,
    sleep: Hazard,
    lapse: Hazard,
    give_up: Hazard,
    urgent: Hazard,
    /// Who gets a medical or social statement there, and for how long.
    statement: Option<StatementRules>,
}

/// Ages of adults that are told apart.
const AGES: usize = 121;

/// Rates by market (region slot), and the weights of persons as new registrants by age.
struct Rates {
    by_market: Vec<MarketRates>,
    register_age: [f64; AGES],
    /// The next age with another weight.
    next_age: [u16; AGES],
    income_class_highest: f64,
    /// Factor on the hazard that a search ends, by tenure of the present home.
    sleep_by_home: Vec<f64>,
}

impl Rates {
    /// Of the rules in force on a day.
    fn on(day: Day, setting: &Setting<'_>, regions: &[Region]) -> Self {
        let all = &setting.rulebook.rules;
        let (rules, dt, asked) = (&all.registration, setting.step_years(), *all.allocation.urgency_asked.at(day));
        let rates_of = |(region, code): (&Region, &String)| {
            let (class, scheme) = (region.class, all.schemes.at(day).of(code));
            let lapse = scheme.registration.map_or(rules.lapse.at(day).of(class), lapse_a_year);
            let granted = scheme.medical.map_or(0.0, |rules| rules.granted);
            MarketRates {
                register: -libm::log1p(-rules.register.at(day).of(class)),
                search_at_once: Threshold::of(rules.search_at_once.at(day).of(class)),
                search_on_leaving: Threshold::of(rules.search_on_leaving_home.at(day).of(class)),
                wake: Hazard::of_yearly_chance(rules.wake.at(day).of(class), dt),
                sleep: Hazard::of_yearly_chance(rules.sleep.at(day).of(class), dt),
                lapse: Hazard::of_yearly_chance(lapse, dt),
                give_up: Hazard::of_yearly_chance(rules.give_up.at(day).of(class), dt),
                urgent: Hazard::of_yearly_chance(asked * granted, dt),
                statement: scheme.medical,
            }
        };
        let weight = |age: u16| if age < ADULT_YEARS { 0.0 } else { rules.register_age.at(day).at(age) };
        let register_age = std::array::from_fn(|age| weight(age as u16));
        Rates {
            by_market: regions.iter().zip(&setting.gazetteer.region_codes).map(rates_of).collect(),
            register_age,
            next_age: next_ages(|age| register_age[age] != register_age[age - 1]),
            income_class_highest: *rules.income_class_highest.at(day),
            sleep_by_home: rules.sleep_by_home.at(day).to_vec(),
        }
    }

    /// By market, whether the rates that `differ` compares were others a step before: what was drawn by them is drawn anew.
    fn came_into_force(
        &self,
        setting: &Setting<'_>,
        regions: &[Region],
        differ: impl Fn(&Rates, &Rates, usize) -> bool,
    ) -> Vec<bool> {
        match setting.a_step_before(|day| Rates::on(day, setting, regions)) {
            Some(before) => (0..regions.len()).map(|market| differ(&before, self, market)).collect(),
            None => vec![false; regions.len()],
        }
    }

    /// Whether households of a market register by other rates.
    fn differ_for_households(&self, other: &Rates, market: usize) -> bool {
        self.register_age != other.register_age
            || self.income_class_highest != other.income_class_highest
            || self.by_market[market].register != other.by_market[market].register
    }

    /// Whether registrations of a market end, sleep and wake by other rates.
    fn differ_for_rows(&self, other: &Rates, market: usize) -> bool {
        let of = |rates: &Rates| {
            let MarketRates { wake, sleep, lapse, give_up, urgent, .. } = rates.by_market[market];
            [wake, sleep, lapse, give_up, urgent]
        };
        self.sleep_by_home != other.sleep_by_home || of(self) != of(other)
    }

    fn of(&self, market: u8) -> &MarketRates {
        &self.by_market[usize::from(market)]
    }
}

/// Yearly chance that a dormant registration lapses where so many months of validity end in a renewal or not.
fn lapse_a_year(rules: scheme::RegistrationRules) -> f64 {
    (1.0 - libm::pow(rules.renewed, 12.0 / rules.validity_months)).min(0.999_999)
}

/// Weight of each adult of a household as a new registrant; adults with a row have none, nor have those who are in the
/// country for a short time (assumption A114). Reads no home.
fn weights(
    books: &Books<'_>,
    slot: Slot,
    market: u8,
    now: MonthOfYear,
    rates: &Rates,
) -> impl Iterator<Item = (usize, f64)> {
    let i = slot as usize;
    let seeker = &books.seekers[i];
    let Household { members, means, .. } = &books.households[i];
    let stays = !means.is(Means::SHORT_STAY);
    let eligible = stays && f64::from(means.income_class) <= rates.income_class_highest;
    // what the parents earn says nothing about an adult child
    let may = members.iter().filter(move |(_, person)| eligible || person.role == Role::Child);
    may.filter_map(move |(place, person)| {
        let age = usize::from(person.age(now)).min(AGES - 1);
        let has_row = || seeker.first_row != NO_SLOT && books.register.has(seeker, place as u8, market);
        (age >= usize::from(ADULT_YEARS) && !has_row()).then(|| (place, rates.register_age[age]))
    })
}

/// Looks at every household that is due. Most are only looked at again, which is done in parallel.
fn households(mut keeping: BookKeeping, setting: Setting, mut regions: Query<&mut Region>) {
    let (Some(mut books), Some(regions)) = (keeping.open(), regions.columns()) else { return };
    let rates = Rates::on(setting.clock.today, &setting, &regions);
    draw_anew(&mut books, &setting, &rates.came_into_force(&setting, &regions, Rates::differ_for_households));
    let month = setting.clock.month();
    let happens = look_at_due(&mut books, &setting, &rates, month);
    for block in happens.chunks(BLOCK_ITEMS) {
        books.read_block_ahead(block, |&slot| slot);
        for &slot in block {
            happen(&mut books, slot, &setting, &rates, month);
        }
    }
    let read = |&slot: &Slot| books.read_ahead(slot as usize) ^ u64::from(books.seekers[slot as usize].first_row);
    let looks = setting.lane.map_scattered(&happens, read, |&slot| {
        let is_private = books.homes[slot as usize].kind.is_private();
        if is_private { next(&books, slot, &setting, &rates, month, setting.clock.step.plus(1)) } else { Due::NEVER }
    });
    happens.iter().zip(looks).for_each(|(&slot, next)| books.registration[slot as usize] = next);
}

/// Whoever lives where other rates have come into force is looked at in this step.
fn draw_anew(books: &mut Books<'_>, setting: &Setting<'_>, came_into_force: &[bool]) {
    if !came_into_force.contains(&true) {
        return;
    }
    let region_of = &setting.gazetteer.region_of;
    let changed = |home: &Home| {
        let region = region_of.get(usize::from(home.municipality)).copied();
        region.is_some_and(|region| came_into_force[usize::from(region)])
    };
    for (due, _) in books.registration.iter_mut().zip(&*books.homes).filter(|(_, home)| changed(home)) {
        *due = Due::redraw(setting.clock.step);
    }
}

/// The parallel part: a look writes when to look again at its own household. Gives those to whom something happens.
fn look_at_due(books: &mut Books<'_>, setting: &Setting<'_>, rates: &Rates, month: MonthOfYear) -> Vec<Slot> {
    let at = setting.moment();
    let column = std::mem::take(&mut books.registration);
    let read = |&slot: &Slot| books.read_ahead(slot as usize) ^ u64::from(books.seekers[slot as usize].first_row);
    let happens = setting.lane.map_chunks_mut(column, |first, column| {
        let slots = due_rows(column, first, |&next| next, at.step);
        let mut happens = Vec::new();
        in_blocks(&slots, read, |&slot| {
            let due = &mut column[slot as usize - first];
            let lapses = lapses(books, slot, at);
            let is_private = books.homes[slot as usize].kind.is_private();
            if !is_private && !lapses {
                *due = Due::NEVER;
                return;
            }
            if is_private && !due.strikes() {
                *due = next(books, slot, setting, rates, month, at.step);
            }
            if due.strikes_by(at.step) || lapses || Trigger::of(books, slot, at).any() {
                happens.push(slot);
            }
        });
        happens
    });
    books.registration = column;
    joined(happens)
}

/// One household: what lapsed, what it starts, whether an adult registers. Touches nobody else.
fn happen(books: &mut Books<'_>, slot: Slot, setting: &Setting<'_>, rates: &Rates, month: MonthOfYear) {
    let i = slot as usize;
    let at = setting.moment();
    let rules = &setting.rulebook.rules.registration;
    let strikes = books.registration[i].strikes_by(at.step);
    end_what_lapsed(books, slot, at);
    let home = books.homes[i];
    if !home.kind.is_private() {
        return;
    }
    let market = setting.gazetteer.region_of[usize::from(home.municipality)];
    let (rate, name) = (rates.of(market), books.households[i].kin.name);
    if strikes {
        let mut luck = setting.chance.luck(ENTER, name.0, at.step);
        let mut by_place = [0.0; MEMBERS_MAX];
        weights(books, slot, market, month, rates).for_each(|(place, weight)| by_place[place] = weight);
        if let Some(place) = luck.pick(&by_place) {
            let search = luck.strikes(rate.search_at_once) && can_search(&books.households[i], place, rules, &mut luck);
            enter(books, slot, place as u8, market, search, at);
        }
    }
    start_search(books, slot, market, setting, rate);
}

/// When to look again at a household that lives where it does now, or an adult registers, in the step `from` at the
/// earliest: this one at a deadline, which no draw before it covers, the next one after what happened in this one.
fn next(books: &Books<'_>, slot: Slot, setting: &Setting<'_>, rates: &Rates, month: MonthOfYear, from: Step) -> Due {
    let i = slot as usize;
    let (at, name) = (setting.moment(), books.households[i].kin.name);
    let market = setting.gazetteer.region_of[usize::from(books.homes[i].municipality)];
    let total: f64 = weights(books, slot, market, month, rates).map(|(_, weight)| weight).sum();
    let hazard = Hazard::of_rate(rates.of(market).register * total, setting.step_years());
    let delay = hazard.delay(&mut setting.chance.luck(DELAY, name.0, from));
    let of_age = setting.step_in(months_until_of_age(&books.households[i].members, month, rates));
    let seeker = &books.seekers[i];
    let need_ends = if seeker.need == Need::None { Step::NEVER } else { seeker.need_until };
    let statement_ends = if seeker.ground == UrgencyGround::None { Step::NEVER } else { seeker.urgent_until };
    let deadline = of_age.min(need_ends).min(statement_ends).max(at.step.plus(1));
    Due::first(from, delay, deadline)
}

/// True if a need or a statement of the household ends now.
fn lapses(books: &Books<'_>, slot: Slot, at: Moment) -> bool {
    let seeker = &books.seekers[slot as usize];
    (seeker.need != Need::None && seeker.need_until <= at.step)
        || (seeker.ground != UrgencyGround::None && seeker.urgent_until <= at.step)
}

/// What may make a household search today.
struct Trigger {
    left_home: bool,
    in_need: bool,
    urgent: bool,
}

impl Trigger {
    fn of(books: &Books<'_>, slot: Slot, at: Moment) -> Self {
        let (home, seeker) = (&books.homes[slot as usize], &books.seekers[slot as usize]);
        Trigger {
            // the one who leaves at a break-up goes to kin
            left_home: matches!(home.kind, HomeKind::WithParents | HomeKind::WithKin) && home.since == at.day,
            in_need: seeker.need != Need::None && seeker.need_is_new,
            urgent: seeker.ground != UrgencyGround::None && seeker.urgent_since == at.day,
        }
    }

    fn any(&self) -> bool {
        self.left_home || self.in_need || self.urgent
    }
}

/// Months until the next of these persons is of an age at which one registers more often or less, or may register.
fn months_until_of_age(members: &Members, now: MonthOfYear, rates: &Rates) -> Option<u32> {
    let next = |age: u16| rates.next_age[usize::from(age).min(AGES - 1)];
    members.iter().filter_map(|(_, person)| person.months_until(next(person.age(now)), now)).min()
}

fn end_what_lapsed(books: &mut Books<'_>, slot: Slot, at: Moment) {
    if !lapses(books, slot, at) {
        return;
    }
    let seeker = &mut books.seekers[slot as usize];
    if seeker.need_until <= at.step {
        seeker.need = Need::None;
    }
    if seeker.urgent_until <= at.step {
        seeker.ground = UrgencyGround::None;
    }
    books.settle_group(slot, at);
}

/// Adult children search only after they have left home (worlds/MODEL.md M1); students search less.
fn can_search(household: &Household, place: usize, rules: &RegistrationRules, luck: &mut Luck) -> bool {
    let Household { members, means, .. } = household;
    let is_child = members.get(place).is_none_or(|p| p.role == Role::Child);
    let eligible = !means.is(Means::SHORT_STAY) && rules.may_search(means.income_class);
    let keen = !means.is(Means::STUDENT) || luck.strikes(Threshold::of(rules.student_search.get()));
    !is_child && eligible && keen
}

/// Who has just left home, or has come into need, wakes its row or makes one.
fn start_search(books: &mut Books<'_>, slot: Slot, market: u8, setting: &Setting<'_>, rate: &MarketRates) {
    let i = slot as usize;
    let at = setting.moment();
    let rules = &setting.rulebook.rules.registration;
    let today = Trigger::of(books, slot, at);
    if !today.any() {
        return;
    }
    books.seekers[i].need_is_new = false;
    let mut luck = setting.chance.luck(START, books.households[i].kin.name.0, at.step);
    let wants = today.urgent
        || (today.left_home && luck.strikes(rate.search_on_leaving))
        || (today.in_need && luck.strikes(Threshold::of(rules.search_on_need.get())));
    let Some(head) = books.households[i].members.head() else { return };
    if !wants || !can_search(&books.households[i], head, rules, &mut luck) {
        return;
    }
    let oldest = books
        .register
        .rows_of(&books.seekers[i])
        .filter(|&row| books.register.rows[row as usize].market == market)
        .filter(|&row| {
            books.households[i]
                .members
                .get(usize::from(books.register.rows[row as usize].member))
                .is_some_and(|p| p.role != Role::Child)
        })
        .min_by_key(|&row| (books.register.rows[row as usize].since, books.register.rows[row as usize].name));
    match oldest {
        Some(row) if books.register.rows[row as usize].state == RowState::Searching => {}
        Some(row) => books.start_search(row, at),
        None => enter(books, slot, head as u8, market, true, at),
    }
}

fn enter(books: &mut Books<'_>, slot: Slot, member: u8, market: u8, search: bool, at: Moment) {
    let i = slot as usize;
    let name = KinName::offspring(
        books.households[i].kin.name,
        "registration",
        u32::from(member) << 24 | u32::from(market) << 16 | u32::from(at.step.0),
    );
    let row = Registration {
        name,
        since: at.day,
        searching_since: at.day,
        market,
        member,
        state: RowState::Dormant,
        next_event: Due::redraw(at.step.plus(1)),
        ..Registration::default()
    };
    let row = books.register.enter(slot, &mut books.seekers[i], row);
    if search {
        books.start_search(row, at);
    } else {
        books.settle_group(slot, at);
    }
}
