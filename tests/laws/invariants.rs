//! The recount: slow, obvious, and from nothing but the columns and the ledger.

use std::collections::{BTreeMap, BTreeSet};

use bevy_ecs::world::World;
use doorstroom_kernel::{Clock, Day, Step};
use doorstroom_state::dwelling::{Dwelling, DwellingForm, DwellingUse, Tenure};
use doorstroom_state::group::SeekerGroup;
use doorstroom_state::household::{Home, HomeKind, Household, Need, Seeker, UrgencyGround};
use doorstroom_state::ledger::{Ground, Ledger};
use doorstroom_state::municipality::Municipality;
use doorstroom_state::quota::{HalfYear, QuotaAccount};
use doorstroom_state::registration::{Register, RowState};
use doorstroom_state::slots::{NO_SLOT, Slot};
use doorstroom_state::vacancy::Vacancies;

/// Persons in households.
pub fn persons(ecs: &mut World) -> u64 {
    ecs.query::<&Household>().iter(ecs).map(|household| household.members.count() as u64).sum()
}

/// Checks everything; returns the persons there are now.
pub fn check(ecs: &mut World, persons_before: u64, regime: usize) -> u64 {
    let homes: Vec<Home> = ecs.query::<&Home>().iter(ecs).copied().collect();
    let dwellings: Vec<Dwelling> = ecs.query::<&Dwelling>().iter(ecs).copied().collect();
    let seekers: Vec<Seeker> = ecs.query::<&Seeker>().iter(ecs).copied().collect();
    let occupants = homes_and_dwellings_agree(&homes, &dwellings);
    vacancies_are_what_stands_empty(ecs.resource::<Vacancies>(), &dwellings, &occupants);
    register_and_holders_agree(ecs.resource::<Register>(), &seekers, &homes);
    groups_follow_from_facts(&seekers, &homes, &dwellings);
    lettings_are_lawful(ecs.resource::<Ledger>(), *ecs.resource::<Clock>(), regime, &dwellings);
    targets_sum_to_the_national_one(ecs);
    let now = persons(ecs);
    let life = ecs.resource::<Ledger>().life;
    assert_eq!(now + u64::from(life.persons_out), persons_before + u64::from(life.persons_in), "persons conserved");
    now
}

/// Occupants by dwelling, from the homes; the dwellings' own lists must say the same.
fn homes_and_dwellings_agree(homes: &[Home], dwellings: &[Dwelling]) -> BTreeMap<Slot, BTreeSet<Slot>> {
    let mut by_home: BTreeMap<Slot, BTreeSet<Slot>> = BTreeMap::new();
    for (slot, home) in homes.iter().enumerate().filter(|(_, home)| home.dwelling != NO_SLOT) {
        by_home.entry(home.dwelling).or_default().insert(slot as Slot);
    }
    for (slot, dwelling) in dwellings.iter().enumerate() {
        let mut listed = BTreeSet::new();
        let mut next = dwelling.occupant;
        while next != NO_SLOT {
            assert!(listed.insert(next), "household {next} stands twice in dwelling {slot}");
            next = homes[next as usize].next_sharer;
        }
        let lived: BTreeSet<Slot> = by_home.get(&(slot as Slot)).cloned().unwrap_or_default();
        assert_eq!(listed, lived, "occupants of dwelling {slot}");
        let kinds = |kind: HomeKind| listed.iter().filter(|&&h| homes[h as usize].kind == kind).count();
        assert!(kinds(HomeKind::Dwelling) <= 1, "dwelling {slot} has one tenant or owner at most");
        assert!(kinds(HomeKind::Room) <= usize::from(dwelling.capacity), "dwelling {slot} holds its capacity at most");
        if !listed.is_empty() {
            assert!(dwelling.state != DwellingUse::Gone, "nobody lives in dwelling {slot}, which is gone");
        }
    }
    by_home
}

fn vacancies_are_what_stands_empty(
    vacancies: &Vacancies,
    dwellings: &[Dwelling],
    occupants: &BTreeMap<Slot, BTreeSet<Slot>>,
) {
    let mut listed = BTreeSet::new();
    for (tenure, list) in Tenure::ALL.iter().zip(&vacancies.dwellings) {
        for vacancy in list {
            assert!(listed.insert(vacancy.dwelling), "dwelling {} is listed twice", vacancy.dwelling);
            assert_eq!(dwellings[vacancy.dwelling as usize].tenure, *tenure);
        }
    }
    for (slot, dwelling) in dwellings.iter().enumerate() {
        let empty = !occupants.contains_key(&(slot as Slot));
        let lettable = dwelling.state == DwellingUse::Lived && dwelling.form != DwellingForm::Shared;
        assert_eq!(listed.contains(&(slot as Slot)), empty && lettable, "dwelling {slot}: {dwelling:?}");
    }
    let mut free: BTreeMap<Slot, usize> = BTreeMap::new();
    for vacancy in &vacancies.rooms {
        *free.entry(vacancy.dwelling).or_default() += 1;
    }
    for (slot, rooms) in free {
        let lived = occupants.get(&slot).map_or(0, BTreeSet::len);
        assert!(lived + rooms <= usize::from(dwellings[slot as usize].capacity), "rooms of dwelling {slot}");
    }
}

fn register_and_holders_agree(register: &Register, seekers: &[Seeker], homes: &[Home]) {
    let mut found = BTreeSet::new();
    for (slot, seeker) in seekers.iter().enumerate() {
        let mut places = BTreeSet::new();
        for row in register.rows_of(seeker) {
            let entry = &register.rows[row as usize];
            assert!(found.insert(row), "row {row} is held twice");
            assert_eq!(entry.holder as usize, slot);
            assert!(entry.state != RowState::Free && homes[slot].kind.is_present());
            assert!(places.insert((entry.member, entry.market)), "one row an adult and market");
        }
    }
    assert_eq!(found.len(), register.registered());
}

/// The group by its precedence (worlds/MODEL.md 6.1), and what goes with it: whoever lives in a place for status holders or
/// displaced Ukrainians is one, and a statement for renewal is about the dwelling in which its holder lives.
fn groups_follow_from_facts(seekers: &[Seeker], homes: &[Home], dwellings: &[Dwelling]) {
    for (slot, (seeker, home)) in seekers.iter().zip(homes).enumerate() {
        let stable = home.kind == HomeKind::Room
            || home.kind == HomeKind::Dwelling && dwellings[home.dwelling as usize].form != DwellingForm::Flex;
        let expected = match seeker.group {
            SeekerGroup::StatusHolder | SeekerGroup::DisplacedUkrainian if !stable => seeker.group,
            _ if !home.kind.is_present() => SeekerGroup::None,
            _ if seeker.ground != UrgencyGround::None => SeekerGroup::Urgent,
            _ if seeker.need != Need::None => SeekerGroup::ShortNotice,
            _ if seeker.first_row != NO_SLOT => SeekerGroup::Regular,
            _ => SeekerGroup::None,
        };
        assert_eq!(seeker.group, expected, "household {slot}: {seeker:?} {home:?}");
        match home.kind {
            HomeKind::Reception => assert_eq!(seeker.group, SeekerGroup::StatusHolder, "household {slot}"),
            HomeKind::UkrainianPlace | HomeKind::UkrainianElsewhere => {
                assert_eq!(seeker.group, SeekerGroup::DisplacedUkrainian, "household {slot}");
            }
            _ => {}
        }
        if seeker.ground == UrgencyGround::Renewal {
            assert!(home.kind == HomeKind::Dwelling, "household {slot} has moved, and its statement with it");
            assert!(dwellings[home.dwelling as usize].ends != Step::NEVER, "household {slot} is to leave its home");
        }
    }
}

fn lettings_are_lawful(ledger: &Ledger, clock: Clock, regime: usize, dwellings: &[Dwelling]) {
    let mut let_dwellings: BTreeMap<Slot, usize> = BTreeMap::new();
    let mut housed = BTreeSet::new();
    let ban = Day::parse("2025-04-01").expect("a date");
    for letting in &ledger.lettings {
        assert!(housed.insert(letting.household), "a household is let one home a step");
        let times = let_dwellings.entry(letting.dwelling).or_default();
        *times += 1;
        let most = if letting.is_room { usize::from(dwellings[letting.dwelling as usize].capacity) } else { 1 };
        assert!(*times <= most, "dwelling {} is let more than it holds", letting.dwelling);
        if regime == 0 || clock.today < ban || letting.ground != Ground::StatusHolder {
            continue;
        }
        let exempt = regime == 1 && letting.is_room && clock.today.days_since(ban) < 365;
        assert!(letting.is_flex || exempt, "priority for status only on {}: {letting:?}", clock.today);
    }
}

fn targets_sum_to_the_national_one(ecs: &mut World) {
    let sum: i64 =
        ecs.query::<(&Municipality, &QuotaAccount)>().iter(ecs).map(|(_, account)| account.target_milli).sum();
    assert_eq!(sum, ecs.resource::<HalfYear>().national_milli);
}
