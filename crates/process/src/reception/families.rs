//! Awaited families (nareizigers) arrive: into reception, into the sponsor's home, or as a household of their own.

use bevy_ecs::prelude::*;
use doorstroom_kernel::{Luck, Purpose, Step};
use doorstroom_policy::family::{Conditions, Sponsor, may_arrive};
use doorstroom_state::books::{BookKeeping, Books};
use doorstroom_state::columns::{Columns, plain};
use doorstroom_state::due::Due;
use doorstroom_state::household::{HomeKind, Household, Means, NO_MUNICIPALITY, Work};
use doorstroom_state::members::{Members, Person, Role};
use doorstroom_state::name::KinName;
use doorstroom_state::newcomer::Newcomers;
use doorstroom_state::quota::{HousingRoute, QuotaAccount};
use doorstroom_state::reception::ReceptionStock;
use doorstroom_state::slots::Slot;

use super::{permits, persons};
use crate::rulebook::Setting;

const FAMILY: Purpose = Purpose::named("persons of an awaited family");
const JOINS_HOME: Purpose = Purpose::named("an awaited family finds room in the sponsor's home");

/// Lets the families arrive whose step has come.
///
/// A family that joins a home leaves reception within three weeks (worlds/MODEL.md M21), so at month end it is housed.
pub fn arrive(
    setting: Setting,
    mut stock: ResMut<ReceptionStock>,
    mut accounts: Query<&'static mut QuotaAccount>,
    mut keeping: BookKeeping,
    mut newcomers: ResMut<Newcomers>,
) {
    let (Some(mut books), Some(accounts)) = (keeping.open(), accounts.columns()) else { return };
    let accounts = plain(accounts);
    for sponsor in due_sponsors(&mut books, &setting) {
        let home = books.homes[sponsor as usize];
        let family = family_of(&books, sponsor, &setting);
        let arrived = match joins(&books, sponsor, &setting) {
            true => {
                let joined = join(&mut books, sponsor, &family, &setting);
                let route = match home.kind {
                    HomeKind::Dwelling => Some(HousingRoute::Joining),
                    HomeKind::FlowThrough if !setting.rulebook.rules.alternatives.flow_through_counts.get() => None,
                    kind if kind.is_interim() => Some(HousingRoute::SharedOrTemporary),
                    _ => None,
                };
                if home.kind != HomeKind::Reception {
                    stock.flows.family_joined += joined;
                }
                if let Some(route) = route {
                    accounts[usize::from(home.municipality)].house(joined, route);
                }
                joined
            }
            // a family that would live in reception is one more status household, and not admitted where those are absent
            false if setting.rulebook.rules.reception.status_absent.get() => 0,
            false => {
                let (household, persons) = own_household(&books, sponsor, family, &setting);
                newcomers.0.push(household);
                persons
            }
        };
        stock.flows.family_arrived += arrived;
        books.ledger.life.persons_in += arrived;
        let seeker = &mut books.seekers[sponsor as usize];
        seeker.family_awaited = 0;
        seeker.family_step = Step::NEVER;
    }
}

/// Sponsors whose family arrives now, in the order of names; those without anybody to wait for leave the list. A family
/// for which the conditions of the two-status system do not hold yet waits from step to step.
fn due_sponsors(books: &mut Books<'_>, setting: &Setting<'_>) -> Vec<Slot> {
    let now = setting.clock.step;
    let rules = &setting.rulebook.rules.reception;
    let conditions = Conditions {
        wait_years: rules.subsidiary_wait_years.get(),
        home: rules.subsidiary_needs_home.get(),
        income: rules.subsidiary_needs_income.get(),
    };
    let seekers = &*books.seekers;
    let waits = |slot: Slot| {
        let seeker = &seekers[slot as usize];
        seeker.family_awaited > 0 && seeker.family_step != Step::NEVER
    };
    let sponsors = books.lists.sponsors.settle(&books.households, waits);
    let due: Vec<Slot> =
        sponsors.iter().map(|&(_, slot)| slot).filter(|&slot| seekers[slot as usize].family_step <= now).collect();
    let may = |slot: &Slot| {
        let means = &books.households[*slot as usize].means;
        let sponsor = Sponsor {
            subsidiary: means.is(Means::SUBSIDIARY),
            permit_since: means.permit_since,
            has_home: books.has_stable_home(*slot),
            works: means.work == Work::Paid,
        };
        may_arrive(&conditions, sponsor, setting.clock.today)
    };
    due.into_iter().filter(may).collect()
}

/// The awaited persons: a partner and children. Drawn by the sponsor's name alone.
fn family_of(books: &Books<'_>, sponsor: Slot, setting: &Setting<'_>) -> Vec<Person> {
    let (i, now) = (sponsor as usize, setting.clock.month());
    let Household { kin, members, means } = &books.households[i];
    let mut luck = setting.chance.trait_of(FAMILY, kin.name.0);
    let head = members.head_person().unwrap_or(Person {
        born: means.permit_since.month_index(),
        female: false,
        role: Role::Head,
    });
    let partner = persons::partner_of(&head, now, &mut luck);
    let parent_age = head.age(now).min(partner.age(now));
    let children = usize::from(books.seekers[i].family_awaited) - 1;
    let mut family = vec![partner];
    family.extend(persons::children_of(parent_age, children, now, &mut luck));
    family
}

/// Whether the family goes to live with the sponsor: always in reception and interim places, by chance in a home that
/// the sponsor holds, never with hosts, in a room or where the sponsor has another partner.
fn joins(books: &Books<'_>, sponsor: Slot, setting: &Setting<'_>) -> bool {
    let i = sponsor as usize;
    if books.households[i].members.partner().is_some() {
        return false;
    }
    match books.homes[i].kind {
        HomeKind::Reception | HomeKind::Interim | HomeKind::FlowThrough => true,
        HomeKind::Dwelling => {
            let share = setting.rulebook.rules.reception.family_joins_home.get();
            setting.chance.trait_of(JOINS_HOME, books.households[i].kin.name.0).unit() < share
        }
        _ => false,
    }
}

/// Adds the family to the sponsor's household; returns how many fitted in.
fn join(books: &mut Books<'_>, sponsor: Slot, family: &[Person], setting: &Setting<'_>) -> u32 {
    let i = sponsor as usize;
    let joined = family.iter().filter(|&&person| books.households[i].members.add(person).is_some()).count();
    books.ledger.life.left_out += (family.len() - joined) as u32;
    let at = setting.moment();
    books.demography[i] = Due::redraw(at.step.plus(1));
    books.registration[i] = Due::redraw(at.step);
    books.look_again(sponsor, at);
    joined as u32
}

/// A status household of its own in reception, linked to where the sponsor lives.
fn own_household(
    books: &Books<'_>,
    sponsor: Slot,
    mut family: Vec<Person>,
    setting: &Setting<'_>,
) -> (doorstroom_state::newcomer::Newcomer, u32) {
    let i = sponsor as usize;
    let name = KinName::offspring(books.households[i].kin.name, "family", 0);
    if let Some(first) = family.first_mut() {
        first.role = Role::Head;
    }
    let (members, _) = Members::of(&family);
    let municipality = match books.homes[i].municipality {
        NO_MUNICIPALITY => books.seekers[i].linked,
        municipality => municipality,
    };
    let mut luck: Luck = setting.chance.luck(FAMILY, name.0, setting.clock.step);
    let mut household = permits::status_household(name, members, municipality, setting, &mut luck);
    household.means.origin_region = books.households[i].means.origin_region;
    household.seeker.linked = municipality;
    (household, members.count() as u32)
}
