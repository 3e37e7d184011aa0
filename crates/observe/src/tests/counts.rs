//! One pass against a naive recount.

use bevy_ecs::prelude::*;
use doorstroom_kernel::{Clock, Step};
use doorstroom_state::household::{NO_MUNICIPALITY, Need};
use doorstroom_state::quota::QuotaAccount;
use doorstroom_state::reception::{PlaceKind, ReceptionSite, ReceptionStock};
use doorstroom_state::registration::{Register, RowState};
use doorstroom_state::{DwellingForm, Home, HomeKind, Household, Seeker, SeekerGroup, Tenure};

use super::{PRICES, Town};
use crate::households::{self, ByGroup, Followed, HouseholdCount, RegisterCell};
use crate::look::{look, look_with};
use crate::{dwellings, quota, reception};

/// A few thousand households, every trait from one multiplicative sequence.
fn mixed_town() -> Town {
    let mut town = Town::new("2025-01-01");
    let mut state = 12_345u64;
    let mut next = |below: u64| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) % below
    };
    let kinds = [
        HomeKind::Dwelling,
        HomeKind::Room,
        HomeKind::WithParents,
        HomeKind::WithKin,
        HomeKind::Sublet,
        HomeKind::Other,
        HomeKind::Reception,
        HomeKind::UkrainianPlace,
        HomeKind::UkrainianElsewhere,
        HomeKind::Shelter,
        HomeKind::Interim,
        HomeKind::FlowThrough,
        HomeKind::Nowhere,
    ];
    for _ in 0..3_000 {
        let municipality = if next(20) == 0 { NO_MUNICIPALITY } else { next(3) as u16 };
        let (kind, group) = (kinds[next(13) as usize], SeekerGroup::ALL[next(6) as usize]);
        let slot = town.household(municipality, kind, group, &[40, 10][..1 + next(2) as usize]);
        let seeker = &mut town.seekers[slot as usize];
        seeker.entry_group = SeekerGroup::ALL[next(6) as usize];
        seeker.need = if next(2) == 0 { Need::None } else { Need::BreakUp };
        seeker.first_letting = if next(2) == 0 { Step::NEVER } else { Step(0) };
        for _ in 0..if kind == HomeKind::Nowhere { 0 } else { next(3) } {
            let state = if next(3) == 0 { RowState::Searching } else { RowState::Dormant };
            let reacted = [Step::NEVER, Step(0), Step(2), Step(3), Step(14)][next(5) as usize];
            town.row(slot, next(2) as u8, state, "2020-01-01", reacted);
        }
    }
    town
}

type Registrations = Vec<ByGroup<RegisterCell>>;

fn naive(homes: Query<(&Home, &Seeker, &Household)>, register: Res<Register>) -> (HouseholdCount, Registrations) {
    let mut count = HouseholdCount {
        municipalities: vec![Default::default(); 4],
        markets: vec![Default::default(); 2],
        ..Default::default()
    };
    let mut by_municipality = Registrations::from([Default::default(); 4]);
    for (home, seeker, Household { members, .. }) in homes.iter().filter(|(home, ..)| home.kind != HomeKind::Nowhere) {
        let group = seeker.group as usize;
        let cell = &mut count.municipalities[usize::from(home.municipality).min(3)][group];
        cell.homes[home.kind as usize] += 1;
        let rows: Vec<_> = register.rows_of(seeker).map(|slot| register.rows[slot as usize]).collect();
        let searching = rows.iter().filter(|row| row.state == RowState::Searching).count();
        cell.registered += u32::from(!rows.is_empty());
        cell.searching += u32::from(searching > 0);
        cell.persons += if searching > 0 { members.count() as u32 } else { 0 };
        for row in &rows {
            // the month is step 14: reactions of steps 3 to 14 lie in the past twelve months
            let active = (3..=14).contains(&row.reacted.0);
            let one = RegisterCell {
                registered: 1,
                searching: u32::from(row.state == RowState::Searching),
                active: u32::from(active),
            };
            by_municipality[usize::from(home.municipality).min(3)][group] += &one;
            count.markets[usize::from(row.market)][group] += &one;
        }
        if !home.kind.is_private() {
            count.persons_apart[home.kind as usize] += members.count() as u32;
        }
        count.waiting[seeker.entry_group as usize] += u32::from(seeker.waits(home.kind, searching > 0));
    }
    (count, by_municipality)
}

#[test]
fn the_count_of_households_equals_a_naive_recount_for_any_number_of_threads() {
    for threads in [1, 3] {
        let mut world = mixed_town().world(threads);
        (0..14).for_each(|_| world.resource_mut::<Clock>().advance());
        let count = Followed::counted(&mut world).see(&mut world);
        assert_eq!((count.clone(), look(&mut world, households::registrations)), look(&mut world, naive));
        let country = count.country();
        assert!(country.iter().all(|cell| cell.registered > 0 && cell.hosted() > 0 && cell.private() < cell.present()));
        assert!(count.waiting[1..].iter().all(|&waiting| waiting > 0) && count.waiting[0] == 0);
        let active: u32 = count.markets.iter().flatten().map(|cell| cell.active).sum();
        let registered: u32 = count.markets.iter().flatten().map(|cell| cell.registered).sum();
        assert!(active > 0 && active < registered);
    }
}

#[test]
fn a_status_holder_waits_until_it_leaves_its_group_and_a_short_notice_seeker_until_a_stable_home() {
    let home = |kind| Home { kind, ..Home::default() };
    let mut seeker =
        Seeker { group: SeekerGroup::StatusHolder, entry_group: SeekerGroup::StatusHolder, ..Seeker::default() };
    assert!(seeker.waits(home(HomeKind::Interim).kind, false));
    seeker.group = SeekerGroup::Regular;
    assert!(!seeker.waits(home(HomeKind::WithKin).kind, true));
    let needs = |need| Seeker { need, entry_group: SeekerGroup::ShortNotice, ..Seeker::default() };
    assert!(needs(Need::BreakUp).waits(home(HomeKind::Dwelling).kind, false), "a flex home is not stable");
    assert!(needs(Need::None).waits(home(HomeKind::WithKin).kind, false), "the need lapsed without a home");
    assert!(!needs(Need::None).waits(home(HomeKind::Room).kind, false));
}

#[test]
fn guests_are_crowded_with_their_host_and_students_in_a_shared_home_are_not() {
    let mut town = Town::new("2025-01-01");
    let corporation = town.dwelling(0, Tenure::Corporation, DwellingForm::SelfContained, 3);
    let large = town.dwelling(1, Tenure::Owner, DwellingForm::SelfContained, 5);
    let shared = town.dwelling(2, Tenure::OtherRental, DwellingForm::Shared, 4);
    town.dwelling(2, Tenure::Corporation, DwellingForm::SelfContained, 2);
    town.dwelling(2, Tenure::Corporation, DwellingForm::Flex, 2);
    let host = town.household(0, HomeKind::Nowhere, SeekerGroup::None, &[40, 8]);
    town.move_in(host, corporation, HomeKind::Dwelling);
    let guest = town.household(0, HomeKind::Nowhere, SeekerGroup::None, &[30]);
    town.move_in(guest, corporation, HomeKind::WithKin);
    let owner = town.household(1, HomeKind::Nowhere, SeekerGroup::None, &[60]);
    town.move_in(owner, large, HomeKind::Dwelling);
    for _ in 0..3 {
        let student = town.household(2, HomeKind::Nowhere, SeekerGroup::None, &[20]);
        town.move_in(student, shared, HomeKind::Room);
    }
    let mut world = town.world(2);
    let cells = look_with(&mut world, &true, dwellings::count);
    // a parent and a child need three rooms, with a guest of thirty four
    assert_eq!((cells[0].crowded_persons, cells[0].persons_in_dwellings, cells[0].occupied), (3, 3, [0, 1, 0]));
    assert_eq!((cells[1].crowded_persons, cells[1].under_occupied_persons, cells[1].occupied), (0, 1, [1, 0, 0]));
    assert_eq!((cells[2].crowded_persons, cells[2].under_occupied_persons, cells[2].persons), (0, 0, 3));
    assert_eq!((cells[2].vacant, cells[2].flex, cells[2].flex_vacant, cells[2].dwellings), ([0, 2, 0], 1, 1, 3));
    let unmeasured = look_with(&mut world, &false, dwellings::count);
    assert_eq!((unmeasured[0].crowded_persons, unmeasured[0].occupied), (0, cells[0].occupied));
}

#[test]
fn reception_costs_its_residents_and_the_row_of_asylum_reception_says_who_waits_for_what() {
    let mut world = Town::new("2025-01-01").world(1);
    world.insert_resource(ReceptionStock {
        in_procedure: 70,
        status_holders: 50,
        overdue: 20,
        ..ReceptionStock::default()
    });
    for (kind, places, occupied) in
        [(PlaceKind::Regular, 90, 80), (PlaceKind::Emergency, 40, 40), (PlaceKind::UkrainianMunicipal, 10, 9)]
    {
        world.spawn(ReceptionSite { kind, places, occupied, ..ReceptionSite::default() });
    }
    world.spawn(ReceptionSite {
        kind: PlaceKind::UkrainianMunicipal,
        places: 5,
        occupied: 3,
        ..ReceptionSite::default()
    });
    let count = look(&mut world, reception::count);
    let rows = count.rows(&"2025-01".into(), count.cost_eur(PRICES.reception_eur, 1.0 / 12.0));
    let cost = |kind: &str| rows.iter().find(|row| row.kind.as_str() == kind).unwrap().cost_eur;
    assert_eq!((cost("regular"), cost("emergency"), cost("asylum")), (200_000.0, 200_000.0, 400_000.0));
    assert_eq!(cost("ukrainian_municipal"), 20_000.0);
    let asylum = rows.iter().find(|row| row.kind.as_str() == "asylum").unwrap();
    assert_eq!((asylum.occupied, asylum.in_procedure, asylum.overdue, asylum.in_term), (120, 70, 20, 30));
}

#[test]
fn a_scaled_world_counts_the_quota_in_thousandths_of_a_person() {
    let account = QuotaAccount {
        target_milli: 12_500,
        carried_milli: 2_000,
        realised_milli: 9_000,
        by_route: [1, 2, 3, 3],
        missed: 2,
        linked_persons: 0,
    };
    let codes = ["GM0001".into()];
    let row = quota::row(0, &account, &"2025-I".into(), &codes, true, true);
    assert_eq!((row.target, row.shortfall, row.backlog, row.via_shared), (12_500, 5_500, 5_500, 2_000));
    let whole = quota::row(0, &account, &"2025-I".into(), &codes, false, false);
    assert_eq!((whole.realised, whole.shortfall, whole.backlog, whole.via_corporation), (9, 5, 0, 3));
}
