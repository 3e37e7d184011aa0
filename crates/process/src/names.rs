//! Which names of schemes hold for a household: groups, grounds and attributes, read off its columns.

use doorstroom_policy::scheme::Names;
use doorstroom_state::books::Books;
use doorstroom_state::dwelling::Tenure;
use doorstroom_state::group::SeekerGroup;
use doorstroom_state::household::{HomeKind, Need, UrgencyGround};
use doorstroom_state::members::Role;
use doorstroom_state::slots::Slot;

use crate::rulebook::Setting;

/// Head below this age (years) is young: contracts for the young end at 28 (Wet doorstroming huurmarkt 2015).
const YOUNG_BELOW: u16 = 28;
/// Head from this age (years) on is a senior; labels of the kind begin at 55 to 70, 65 is assumption A132.
const SENIOR_FROM: u16 = 65;
/// Persons of a large family (grote gezinnen: letter of 11 July 2025).
const LARGE_FROM: usize = 6;

/// Gezin (family): a child below 18 lives in the household.
pub fn is_family(books: &Books<'_>, household: Slot, setting: &Setting<'_>) -> bool {
    let month = setting.clock.month();
    let members = &books.households[household as usize].members;
    members.iter().any(|(_, person)| person.role == Role::Child && person.age(month) < 18)
}

/// Those of the `wanted` names that hold for a household towards a dwelling in `municipality`, and perhaps others.
pub fn names_of(books: &Books<'_>, setting: &Setting<'_>, household: Slot, wanted: Names, municipality: u16) -> Names {
    let i = household as usize;
    let home = &books.homes[i];
    let region_of = |m: u16| setting.gazetteer.region_of.get(usize::from(m));
    let names = Names::EVERYBODY
        .with(Names::RESIDENT, home.municipality == municipality)
        .with(Names::REGIONAL, wanted.any(Names::REGIONAL) && region_of(home.municipality) == region_of(municipality));
    if wanted.within(Names::OF_PLACE) {
        return names;
    }
    let (members, seeker) = (&books.households[i].members, &books.seekers[i]);
    let persons = members.count();
    let age = members.head_person().map(|head| head.age(setting.clock.month()));
    let tenure = books.tenure(household);
    let holds = |ground| {
        seeker.group == SeekerGroup::Urgent && seeker.ground == ground && seeker.urgent_until > setting.clock.step
    };
    let family = is_family(books, household, setting);
    names
        .and(group_name(seeker.group))
        .with(Names::MEDICAL, holds(UrgencyGround::Medical))
        .with(Names::RENEWAL, holds(UrgencyGround::Renewal))
        .with(Names::CARE_LEAVER, seeker.group == SeekerGroup::ShortNotice && seeker.need == Need::Institution)
        .with(Names::YOUNG, age.is_some_and(|age| age < YOUNG_BELOW))
        .with(Names::SENIOR, age.is_some_and(|age| age >= SENIOR_FROM))
        .with(Names::FAMILY, family)
        .with(Names::LARGE_FAMILY, persons >= LARGE_FROM)
        .with(Names::SINGLE, persons == 1)
        .with(Names::STARTER, tenure.is_none())
        .with(Names::DOORSTROMER, tenure == Some(Tenure::Corporation))
        .with(Names::LIVES_IN, family && (home.kind.is_hosted() || home.kind == HomeKind::Room))
}

fn group_name(group: SeekerGroup) -> Names {
    match group {
        SeekerGroup::None => Names::NONE,
        SeekerGroup::Regular => Names::REGULAR,
        SeekerGroup::ShortNotice => Names::SHORT_NOTICE,
        SeekerGroup::Urgent => Names::URGENT,
        SeekerGroup::StatusHolder => Names::STATUS_HOLDER,
        SeekerGroup::DisplacedUkrainian => Names::DISPLACED_UKRAINIAN,
    }
}
