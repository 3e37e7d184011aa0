//! Dwellings open, close and change tenure (worlds/MODEL.md M11): built by municipality, sold and demolished out of
//! what stands vacant, renewal announced a year ahead.

use bevy_ecs::prelude::*;
use doorstroom_kernel::chance::round_by_luck;
use doorstroom_kernel::registrar::Registrar;
use doorstroom_kernel::{Day, Purpose, Step, Threshold};
use doorstroom_policy::delivery::delivered;
use doorstroom_policy::parameter::Parameter;
use doorstroom_policy::priority::may_hold_urgency;
use doorstroom_policy::rules::SupplyRules;
use doorstroom_state::books::{BookKeeping, Books};
use doorstroom_state::columns::Columns;
use doorstroom_state::corporation::Corporation;
use doorstroom_state::dwelling::{Dwelling, DwellingForm, DwellingUse, Tenure};
use doorstroom_state::household::{HomeKind, Means, Need, UrgencyGround};
use doorstroom_state::ledger::VacatedBy;
use doorstroom_state::municipality::Municipality;
use doorstroom_state::name::KinName;
use doorstroom_state::newcomer::{NewDwelling, NewDwellings};
use doorstroom_state::slots::{NO_SLOT, Slot};
use doorstroom_state::vacancy::{ChainCause, Vacancy};

use crate::names::names_of;
use crate::phase::Phase;
use crate::rulebook::Setting;
use crate::settle;

const BUILT: Purpose = Purpose::named("number of dwellings built");
const PLAN: Purpose = Purpose::named("plan of a dwelling built");
const NUMBER: Purpose = Purpose::named("number sold or demolished");
const SOLD: Purpose = Purpose::named("which vacant dwelling is sold");
const DEMOLISHED: Purpose = Purpose::named("which vacant dwelling is demolished");
const RENEWED: Purpose = Purpose::named("which tenant is told of a renewal");

const GRANTED: Purpose = Purpose::named("whether a renewal statement is granted");

/// Registers the phase.
pub fn register(registrar: &mut Registrar<'_, Phase>) {
    registrar
        .system(Phase::Supply, "sell, demolish and announce renewal", close)
        .then(Phase::Supply, "build and open flex homes", build)
        .then(Phase::Supply, "place dwellings in free slots", settle::place_dwellings);
}

/// One kind of construction.
struct Programme<'a> {
    word: &'static str,
    a_year: f64,
    tenure: Tenure,
    form: DwellingForm,
    rooms: &'a [f64],
}

/// Programmes that were announced, delivered in this step, as a number a year: flex homes, transformation, starter
/// units, shared homes.
fn announced<'a>(setting: &Setting<'_>, rules: &'a SupplyRules) -> [Programme<'a>; 4] {
    let of_step = |parameter: &Parameter<f64>, number: u64| {
        let shares = setting.rulebook.rules.alternatives.delivery.get().shares(setting.delivery_draws(number));
        let lead = rules.announced_lead_months.get();
        let by = |day| delivered(&parameter.steps, day, lead, shares);
        (by(setting.clock.tomorrow) - by(setting.clock.today)).max(0.0) / setting.step_years()
    };
    let of = |word, parameter, number, form, rooms| {
        let a_year = of_step(parameter, number);
        Programme { word, a_year, tenure: Tenure::Corporation, form, rooms }
    };
    [
        of("flex home announced", &rules.flex_announced, 11, DwellingForm::Flex, rules.flex_rooms.now()),
        of(
            "transformation",
            &rules.transformation_announced,
            12,
            DwellingForm::SelfContained,
            rules.transformation_rooms.now(),
        ),
        of("starter unit", &rules.starter_announced, 13, DwellingForm::Flex, &[1.0]),
        of("shared home", &rules.shared_announced, 14, DwellingForm::Shared, &[0.0, 0.0, 0.0, 0.0, 1.0]),
    ]
}

fn programmes(rules: &SupplyRules) -> [Programme<'_>; 4] {
    let (owner, rental) = (rules.built_rooms_owner.now(), rules.built_rooms_rental.now());
    let of = |word, a_year, tenure, form, rooms| Programme { word, a_year, tenure, form, rooms };
    [
        of("built owner", rules.built_owner.get(), Tenure::Owner, DwellingForm::SelfContained, owner),
        of(
            "built corporation",
            rules.built_corporation.get(),
            Tenure::Corporation,
            DwellingForm::SelfContained,
            rental,
        ),
        of("built rental", rules.built_other_rental.get(), Tenure::OtherRental, DwellingForm::SelfContained, rental),
        of("flex home", rules.flex_opened.get(), Tenure::Corporation, DwellingForm::Flex, rules.flex_rooms.now()),
    ]
}

/// Builds in every municipality by its share of inhabitants, a Poisson number each step.
fn build(
    setting: Setting,
    mut municipalities: Query<&mut Municipality>,
    mut corporations: Query<&mut Corporation>,
    mut new: ResMut<NewDwellings>,
) {
    let (Some(municipalities), Some(corporations)) = (municipalities.columns(), corporations.columns()) else { return };
    let rules = &setting.rulebook.rules.supply;
    let inhabitants: f64 = municipalities.iter().map(|m| f64::from(m.inhabitants)).sum();
    let announced = announced(&setting, rules);
    let flex_ends = setting.clock.step.plus(setting.steps(rules.flex_term_years.get() * 12.0));
    for (slot, municipality) in municipalities.iter().enumerate() {
        for (kind, programme) in programmes(rules).iter().chain(&announced).enumerate() {
            if programme.a_year <= 0.0 {
                continue;
            }
            let mean = setting.per_step(programme.a_year) * f64::from(municipality.inhabitants) / inhabitants;
            let place = u64::from(municipality.code) << 8 | kind as u64;
            let count = setting.chance.luck(BUILT, place, setting.clock.step).poisson(mean);
            for ordinal in 0..count {
                let name =
                    KinName::arrival(programme.word, u32::from(municipality.code), setting.clock.step.0, ordinal);
                let mut luck = setting.chance.luck(PLAN, name.0, setting.clock.step);
                let rooms = luck.pick(programme.rooms).map_or(3, |i| i as u8 + 1);
                let social = programme.tenure == Tenure::Corporation;
                // flex homes are let below the first capping limit (assumption A118)
                let rent_class = match programme.form {
                    DwellingForm::Flex | DwellingForm::Shared => 1,
                    _ => luck.pick(rules.built_rent_classes.now()).map_or(1, |i| i as u8 + 1),
                };
                let dwelling = Dwelling {
                    name,
                    municipality: slot as u16,
                    corporation: if social { owner_of(&corporations, slot as u16, luck.unit()) } else { u16::MAX },
                    tenure: programme.tenure,
                    form: programme.form,
                    state: DwellingUse::Lived,
                    rooms,
                    rent_class: if social { rent_class } else { 0 },
                    capacity: if programme.form == DwellingForm::Shared { rooms - 1 } else { 1 },
                    ends: if programme.form == DwellingForm::Flex { flex_ends } else { Step::NEVER },
                    ..Dwelling::default()
                };
                new.0.push(NewDwelling { dwelling, cause: ChainCause::Built });
            }
        }
    }
}

/// The corporation of the municipality at the point `unit` of their cumulated shares.
fn owner_of(corporations: &[Corporation], municipality: u16, unit: f64) -> u16 {
    let first = corporations.partition_point(|c| c.municipality < municipality);
    let mut left = unit;
    let mut last = u16::MAX;
    for (i, corporation) in corporations.iter().enumerate().skip(first) {
        if corporation.municipality != municipality {
            break;
        }
        last = i as u16;
        left -= f64::from(corporation.share);
        if left < 0.0 {
            break;
        }
    }
    last
}

/// Sells and demolishes vacant dwellings, announces renewal to tenants, and closes flex homes whose term is over.
fn close(setting: Setting, mut keeping: BookKeeping) {
    let Some(mut books) = keeping.open() else { return };
    let rules = &setting.rulebook.rules.supply;
    sell(&mut books, &setting, Tenure::Corporation, rules.sold_corporation.get());
    sell(&mut books, &setting, Tenure::OtherRental, rules.sold_other_rental.get());
    let inhabited = rules.demolished_inhabited_share.get();
    demolish(&mut books, &setting, Tenure::Owner, rules.demolished_owner.get());
    demolish(&mut books, &setting, Tenure::OtherRental, rules.demolished_other_rental.get());
    demolish(&mut books, &setting, Tenure::Corporation, rules.demolished_corporation.get() * (1.0 - inhabited));
    announce_renewal(&mut books, &setting, rules.demolished_corporation.get() * inhabited);
    close_flex(&mut books, &setting);
    end_contracts(&mut books, &setting);
}

/// Takes as many self-contained dwellings as fall to this step off the list of vacancies of `tenure`, lowest addressed
/// key first.
fn draw(books: &mut Books<'_>, setting: &Setting<'_>, tenure: Tenure, a_year: f64, which: Purpose) -> Vec<Vacancy> {
    let step = setting.clock.step;
    let key = join_keys(which, tenure);
    let mean = setting.per_step_of(tenure, a_year);
    let count = round_by_luck(mean, &mut setting.chance.luck(NUMBER, key, step)) as usize;
    if count == 0 {
        return Vec::new();
    }
    books.vacancies.sort(tenure);
    let list = &mut books.vacancies.dwellings[tenure as usize];
    let form = |vacancy: &Vacancy| books.dwellings[vacancy.dwelling as usize].form;
    let keys = setting.lane.map_scattered(
        list,
        |vacancy| form(vacancy) as u64,
        |vacancy| {
            let is_self_contained = form(vacancy) == DwellingForm::SelfContained;
            is_self_contained.then(|| setting.chance.luck(which, vacancy.name.0, step).bits())
        },
    );
    let mut keyed: Vec<(u64, usize)> = keys.into_iter().zip(0..).filter_map(|(key, i)| Some((key?, i))).collect();
    if count < keyed.len() {
        keyed.select_nth_unstable(count);
        keyed.truncate(count);
    }
    let mut positions: Vec<usize> = keyed.into_iter().map(|(_, i)| i).collect();
    positions.sort_unstable();
    let drawn = positions.iter().map(|&position| list[position]).collect();
    let (mut position, mut next) = (0, positions.into_iter().peekable());
    list.retain(|_| {
        let stays = next.next_if_eq(&position).is_none();
        position += 1;
        stays
    });
    drawn
}

fn join_keys(which: Purpose, tenure: Tenure) -> u64 {
    which.label.len() as u64 * 16 + tenure as u64
}

fn sell(books: &mut Books<'_>, setting: &Setting<'_>, tenure: Tenure, a_year: f64) {
    for vacancy in draw(books, setting, tenure, a_year, SOLD) {
        let dwelling = &mut books.dwellings[vacancy.dwelling as usize];
        dwelling.tenure = Tenure::Owner;
        dwelling.corporation = u16::MAX;
        dwelling.rent_class = 0;
        books.ledger.tenures[tenure as usize].converted_out += 1;
        books.ledger.tenures[Tenure::Owner as usize].converted_in += 1;
        books.vacancies.dwellings[Tenure::Owner as usize].push(vacancy);
    }
}

fn demolish(books: &mut Books<'_>, setting: &Setting<'_>, tenure: Tenure, a_year: f64) {
    for vacancy in draw(books, setting, tenure, a_year, DEMOLISHED) {
        close_dwelling(books, vacancy.dwelling);
    }
}

fn close_dwelling(books: &mut Books<'_>, slot: Slot) {
    let dwelling = &mut books.dwellings[slot as usize];
    books.ledger.tenures[dwelling.tenure as usize].demolished += 1;
    *dwelling = dwelling.gone();
}

/// Tells tenants that their dwelling will be demolished and gives them urgency; it closes when they leave.
fn announce_renewal(books: &mut Books<'_>, setting: &Setting<'_>, a_year: f64) {
    let step = setting.clock.step;
    let mean = setting.per_step_of(Tenure::Corporation, a_year);
    let count = round_by_luck(mean, &mut setting.chance.luck(NUMBER, 999, step)) as usize;
    let (homes, dwellings) = (&*books.homes, &*books.dwellings);
    let is_tenant = |slot: Slot| {
        let home = &homes[slot as usize];
        home.kind == HomeKind::Dwelling
            && dwellings[home.dwelling as usize].tenure == Tenure::Corporation
            && dwellings[home.dwelling as usize].form == DwellingForm::SelfContained
            && dwellings[home.dwelling as usize].ends == Step::NEVER
    };
    let mut tenants: Vec<(u64, Slot)> = books
        .lists
        .renewable
        .by_slot(&setting.lane, &books.households, |_| true)
        .iter()
        .filter(|&&(_, slot)| is_tenant(slot))
        .map(|&(name, slot)| (setting.chance.luck(RENEWED, name.0, step).bits(), slot))
        .collect();
    tenants.sort_unstable();
    books.lists.renewable.0.clear();
    let months = setting.rulebook.rules.supply.renewal_notice_months.get();
    for (_, tenant) in tenants.into_iter().take(count) {
        let dwelling = books.homes[tenant as usize].dwelling;
        books.dwellings[dwelling as usize].ends = step.plus(setting.steps(months));
        let regime = setting.rulebook.rules.priority.status_holder.now();
        let alien = books.households[tenant as usize].means.is(Means::PERMIT_ALIEN);
        if !may_hold_urgency(regime, alien, UrgencyGround::Renewal) {
            continue;
        }
        // the statement holds until the household has moved, twice the notice, unless the region says otherwise
        let lives_in = books.homes[tenant as usize].municipality;
        let market = setting.gazetteer.region_of[usize::from(lives_in)];
        let holds = match setting.scheme(market).renewal {
            None => 2 * setting.steps(months),
            Some(rules) => {
                let name = books.name(tenant).0;
                let asks = names_of(books, setting, tenant, rules.who, lives_in).any(rules.who);
                let granted = setting.chance.luck(GRANTED, name, step).strikes(Threshold::of(rules.granted));
                if !(asks && granted) {
                    continue;
                }
                setting.steps(rules.months)
            }
        };
        books.grant_urgency(tenant, UrgencyGround::Renewal, holds, setting.moment());
    }
}

/// Flex homes close at their term; who lives there has to look for something.
fn close_flex(books: &mut Books<'_>, setting: &Setting<'_>) {
    let at = setting.moment();
    let due: Vec<Slot> = books
        .lists
        .flex
        .0
        .iter()
        .map(|&(_, slot)| slot)
        .filter(|&slot| books.dwellings[slot as usize].ends <= at.step)
        .collect();
    for slot in due {
        if books.dwellings[slot as usize].form != DwellingForm::Flex {
            continue;
        }
        let occupant = books.dwellings[slot as usize].occupant;
        if occupant != NO_SLOT {
            books.dwellings[slot as usize].state = DwellingUse::Idle;
            books.move_out(occupant, HomeKind::Other, VacatedBy::Other, ChainCause::MovedOut, at);
            books.open_need(occupant, Need::EndOfStay, at);
        }
        books.vacancies.dwellings[Tenure::Corporation as usize].retain(|v| v.dwelling != slot);
        close_dwelling(books, slot);
    }
    books.lists.flex.0.retain(|&(_, slot)| books.dwellings[slot as usize].form == DwellingForm::Flex);
}

/// Tenancies in flex homes end after the months of their contract; the home is let again, the tenant has to look.
fn end_contracts(books: &mut Books<'_>, setting: &Setting<'_>) {
    let months = setting.rulebook.rules.supply.flex_contract_months.get();
    if months == 0.0 {
        return;
    }
    let at = setting.moment();
    let mut flex: Vec<(KinName, Slot)> = books.lists.flex.0.clone();
    flex.sort_unstable();
    for (_, slot) in flex {
        let tenant = books.dwellings[slot as usize].occupant;
        let over = |since: Day| since.plus_months(months as i32) <= at.day;
        if tenant != NO_SLOT && over(books.homes[tenant as usize].since) {
            books.move_out(tenant, HomeKind::Other, VacatedBy::Other, ChainCause::MovedOut, at);
            books.open_need(tenant, Need::EndOfStay, at);
        }
    }
}
