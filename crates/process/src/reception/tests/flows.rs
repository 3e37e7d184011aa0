//! Persons are conserved, arms share their arrivals, and every exit does what the rules say.

use doorstroom_kernel::{Day, Step};
use doorstroom_state::books::Chain;
use doorstroom_state::group::SeekerGroup;
use doorstroom_state::household::HomeKind;
use doorstroom_state::ledger::{Ledger, VacatedBy};
use doorstroom_state::quota::HousingRoute;
use doorstroom_state::slots::NO_SLOT;
use doorstroom_state::vacancy::{ChainCause, Vacancy};

use super::fixture::{Country, SCALE, resident, sponsors};
use crate::rulebook::Rulebook;

/// Grants, families, own-network exits, returns and Ukrainians, all of them frequent.
const LIVELY: &[(&str, &str)] = &[
    ("reception.family_delay_months", "2"),
    ("reception.own_network_linked", "0.1"),
    ("reception.own_network_return", "0.3"),
];
const QUIET: &[(&str, &str)] = &[
    ("reception.granted", "0"),
    ("reception.asylum_inflow", "0"),
    ("reception.procedure_left", "0"),
    ("reception.ukrainian_inflow", "0"),
    ("reception.own_network_linked", "0"),
    ("reception.own_network_return", "0"),
];

fn with(
    base: &[(&'static str, &'static str)],
    more: &[(&'static str, &'static str)],
) -> Vec<(&'static str, &'static str)> {
    base.iter().chain(more).copied().collect()
}

#[test]
fn persons_are_conserved_in_a_year_of_grants_families_exits_and_returns() {
    let mut country = Country::with(LIVELY, sponsors(200, 3));
    let mut total = country.persons();
    for _ in 0..12 {
        let (before, in_reception) = (country.stock().clone(), country.persons_in(HomeKind::Reception));
        country.step();
        let (flows, after) = (country.stock().flows, country.stock().clone());
        assert_eq!(
            before.in_procedure + flows.asylum_in,
            after.in_procedure + flows.granted + flows.procedure_left,
            "procedure"
        );
        assert_eq!(
            in_reception + flows.granted + flows.family_arrived + flows.returned,
            country.persons_in(HomeKind::Reception) + flows.own_network + flows.family_joined,
            "status holders in reception"
        );
        let life = country.world.resource::<Ledger>().life;
        total += i64::from(life.persons_in) - i64::from(life.persons_out);
        assert_eq!(country.persons(), total, "persons in households");
    }
    assert!(country.persons_in(HomeKind::WithKin) > 0 && country.persons_in(HomeKind::Other) > 0);
}

#[test]
fn permits_keep_to_the_yearly_number_and_to_the_shares_of_persons() {
    // 12 months at 1250 persons a year; 4.06 standard deviations of a sum with mean square size 2.0: 203
    let mut country = Country::with(&with(QUIET, &[("reception.granted", "12500")]), Vec::new());
    let mut granted = 0;
    for _ in 0..12 {
        country.step();
        granted += country.stock().flows.granted;
    }
    assert!((f64::from(granted) - 12_500.0 * SCALE).abs() < 203.0, "{granted}");
    let (alone, awaiting) = country.look(|books| {
        let single = |i: &usize| books.households[*i].members.is_single();
        let alone: Vec<usize> = (0..books.households.len()).filter(single).collect();
        (alone.len(), alone.iter().filter(|&&i| books.seekers[i].family_awaited > 0).count())
    });
    let share = alone as f64 / f64::from(granted);
    assert!((share - 0.70).abs() < 0.08, "singles among persons: {share}");
    assert!((awaiting as f64 / alone as f64 - 3.0 / 7.0).abs() < 0.08);
}

#[test]
fn more_permits_add_households_and_rename_nobody() {
    let names = |granted| {
        let mut country = Country::with(&with(QUIET, &[("reception.granted", granted)]), Vec::new());
        country.step();
        country.step();
        country.look(|books| {
            let mut rows: Vec<_> = (0..books.households.len())
                .filter(|&i| books.homes[i].kind == HomeKind::Reception)
                .map(|i| {
                    (
                        books.households[i].kin.name,
                        books.households[i].members,
                        books.households[i].means,
                        books.seekers[i].family_step,
                    )
                })
                .collect();
            rows.sort_by_key(|row| row.0);
            rows
        })
    };
    let (few, many) = (names("8000"), names("12500"));
    assert!(few.len() < many.len());
    assert!(few.iter().all(|household| many.contains(household)));
}

#[test]
fn the_family_of_a_sponsor_in_reception_joins_the_household() {
    let mut country = Country::with(QUIET, sponsors(10, 4));
    country.step();
    assert_eq!(country.stock().flows.family_arrived, 0, "their step has not come");
    country.step();
    assert_eq!(country.stock().flows.family_arrived, 40);
    assert_eq!((country.stock().flows.family_joined, country.persons_in(HomeKind::Reception)), (0, 50));
    let whole = country.look(|books| {
        books
            .households
            .iter()
            .map(|household| household.members)
            .filter(|members| members.count() == 5 && members.partner().is_some())
            .count()
    });
    assert_eq!(whole, 10);
}

/// Ten sponsors who hold a dwelling in municipality 2 when their family of four arrives.
fn housed_sponsors(joins: &'static str) -> Country {
    let mut country = Country::with(&with(QUIET, &[("reception.family_joins_home", joins)]), sponsors(10, 4));
    country.step();
    let at = country.moment();
    country.look(|books| {
        let present: Vec<u32> =
            (0..books.homes.len() as u32).filter(|&i| books.homes[i as usize].kind == HomeKind::Reception).collect();
        for (n, household) in present.into_iter().enumerate() {
            let dwelling = 2 + 4 * n as u32;
            let name = books.dwellings[dwelling as usize].name;
            let vacancy = Vacancy { dwelling, name, from: Step(0), chain: 1, position: 0, cause: ChainCause::Start };
            books.move_to(household, vacancy, HomeKind::Dwelling, at);
        }
    });
    country.step();
    country
}

#[test]
fn a_family_that_finds_room_in_the_sponsors_home_is_housed_there_by_joining() {
    let mut country = housed_sponsors("1");
    assert_eq!(country.persons_in(HomeKind::Dwelling), 50);
    assert_eq!((country.stock().flows.family_joined, country.persons_in(HomeKind::Reception)), (40, 0));
    let account = country.accounts()[2];
    assert_eq!((account.by_route[HousingRoute::Joining as usize], account.realised_milli), (40, 40_000));
}

#[test]
fn a_family_that_finds_no_room_is_a_status_household_in_reception_linked_to_the_sponsors_municipality() {
    let mut country = housed_sponsors("0");
    assert_eq!((country.persons_in(HomeKind::Dwelling), country.persons_in(HomeKind::Reception)), (10, 40));
    let families = country.look(|books| {
        (0..books.homes.len())
            .filter(|&i| books.homes[i].kind == HomeKind::Reception)
            .map(|i| {
                (books.households[i].members.head().is_some(), books.seekers[i].linked, books.seekers[i].entry_group)
            })
            .collect::<Vec<_>>()
    });
    assert_eq!(families, vec![(true, 2, SeekerGroup::StatusHolder); 10]);
    assert_eq!(country.accounts()[2].linked_persons, 40);
}

#[test]
fn own_responsibility_under_a_ban_multiplies_exits_and_whoever_left_before_leaves_then_too() {
    let left = |regime| {
        let rules = with(QUIET, &[("reception.own_network_linked", "0.01"), ("priority.status_holder", regime)]);
        let residents = (0..4_000)
            .map(|i| resident(i, 1, SeekerGroup::StatusHolder, HomeKind::Reception, (i % 4) as u16))
            .collect();
        let mut country = Country::with(&rules, residents);
        country.step();
        country.step();
        country.look(|books| {
            (0..books.homes.len())
                .filter(|&i| matches!(books.homes[i].kind, HomeKind::WithKin | HomeKind::Other))
                .map(|i| books.households[i].kin.name)
                .collect::<Vec<_>>()
        })
    };
    // nobody is linked in the first Reception phase: one month at .01 and .02 of 4,000; 4.06 sd are 26 and 36
    let (free, banned) = (left("FreeChoice"), left("Banned(except: [])"));
    assert!(free.len().abs_diff(40) < 26 && banned.len().abs_diff(80) < 36, "{} {}", free.len(), banned.len());
    assert!(free.iter().all(|name| banned.contains(name)));
    let excepted = left("Banned(except: [SinglesInSharedHomes(for_days: 60000)])");
    assert_eq!(excepted, free, "singles keep their prospect of a shared home");
}

#[test]
fn one_whose_duty_ended_by_refusal_leaves_and_one_who_left_can_come_back_within_a_year() {
    let rules = with(QUIET, &[("reception.own_network_shares", "[1, 0, 0, 0]")]);
    let mut country = Country::with(&rules, vec![resident(0, 2, SeekerGroup::StatusHolder, HomeKind::Reception, 0)]);
    country.step();
    country.look(|books| {
        books.seekers[0].duty = false;
        books.seekers[0].refusals = 2;
    });
    country.step();
    assert_eq!((country.persons_in(HomeKind::WithKin), country.stock().flows.own_network), (2, 2));
    assert_eq!(country.accounts().iter().map(|account| account.realised_milli).sum::<i64>(), 2_000);
    let rulebook = &mut country.world.resource_mut::<crate::rulebook::Rulebook>().rules;
    let from = doorstroom_kernel::Day(0);
    rulebook.set("reception.own_network_return", from, "0.98", "test").unwrap().unwrap();
    for _ in 0..4 {
        country.step();
    }
    assert_eq!((country.persons_in(HomeKind::WithKin), country.persons_in(HomeKind::Reception)), (0, 2));
    assert_eq!(country.accounts().iter().map(|account| account.realised_milli).sum::<i64>(), 0);
    assert!(country.look(|books| books.seekers[0].duty));
}

#[test]
fn a_status_holder_is_registered_thirty_days_after_the_permit_in_the_linked_region() {
    let mut country = Country::with(QUIET, vec![resident(0, 1, SeekerGroup::StatusHolder, HomeKind::Reception, 3)]);
    country.step();
    assert_eq!(country.look(|books| books.seekers[0].first_row), NO_SLOT, "not linked yet in the first step");
    country.step();
    country.look(|books| {
        let row = books.register.rows[books.seekers[0].first_row as usize];
        assert_eq!(row.since.to_string(), "2024-12-31");
        assert_eq!(row.searching_since, row.since);
        assert_eq!(row.market, [0, 0, 1, 1][usize::from(books.seekers[0].linked)]);
    });
    country.step();
    assert_eq!(country.look(|books| books.register.registered()), 1, "once");
}

#[test]
fn ukrainian_places_stay_full_and_a_quarter_and_more_live_outside() {
    let start = [(HomeKind::UkrainianPlace, 4_635), (HomeKind::UkrainianElsewhere, 1_565)];
    let residents = start.iter().flat_map(|&(kind, households)| {
        (0..households).map(move |i| {
            let ordinal = i + 10_000 * kind as u32;
            resident(ordinal, 2, SeekerGroup::DisplacedUkrainian, kind, [0, 0, 1, 2][i as usize % 4])
        })
    });
    let mut country = Country::with(&[], residents.collect());
    let mut before = 12_400;
    for month in 0..12 {
        country.step();
        let (inside, outside) =
            (country.persons_in(HomeKind::UkrainianPlace), country.persons_in(HomeKind::UkrainianElsewhere));
        let flows = country.stock().flows;
        assert_eq!(before + flows.ukrainians_in, inside + outside + flows.ukrainians_out);
        before = inside + outside;
        let places: u32 = if month < 10 { 9_320 } else { 9_680 };
        assert!(inside <= places && inside + 4 >= places, "month {month}: {inside} of {places}");
        let sites = country.sites();
        assert_eq!(sites[2..].iter().map(|site| site.places).sum::<u32>(), places);
        assert_eq!(sites[2..].iter().map(|site| site.occupied).sum::<u32>(), inside);
    }
    let outside = f64::from(country.persons_in(HomeKind::UkrainianElsewhere)) / f64::from(before);
    assert!((outside - 0.28).abs() < 0.04, "share outside municipal reception: {outside}");
}

#[test]
fn a_ukrainian_household_leaves_in_the_same_step_wherever_it_lives() {
    let left = |kind| {
        let residents = (0..500).map(|i| resident(i, 2, SeekerGroup::DisplacedUkrainian, kind, 0)).collect();
        let mut country = Country::with(&with(QUIET, &[("reception.places_ukrainian", "0")]), residents);
        (0..12)
            .map(|_| {
                country.step();
                country.stock().flows.ukrainians_out
            })
            .collect::<Vec<u32>>()
    };
    let in_places = left(HomeKind::UkrainianPlace);
    assert_eq!(in_places, left(HomeKind::UkrainianElsewhere));
    // 1,000 persons at .15 a year; 4.06 sd of 500 households of two are 65
    assert!(in_places.iter().sum::<u32>().abs_diff(150) < 65, "{in_places:?}");
}

#[test]
fn emergency_reception_takes_what_regular_places_cannot_and_overdue_begins_after_ninety_eight_days() {
    let residents = (0..100).map(|i| resident(i, 1, SeekerGroup::StatusHolder, HomeKind::Reception, 0)).collect();
    let mut country = Country::with(QUIET, residents);
    let mut overdue = Vec::new();
    for _ in 0..4 {
        country.step();
        overdue.push(country.stock().overdue);
    }
    // permit of 1 December 2024: 98 days end on 9 March 2025
    assert_eq!(overdue, [0, 0, 100, 100]);
    let sites = country.sites();
    assert_eq!((sites[0].places, sites[0].occupied, sites[1].occupied), (4_200, 4_200, 5_330 + 100 - 4_200));
}

#[test]
fn an_interim_place_ends_reception_but_keeps_a_status_holder_findable() {
    let mut country = Country::with(QUIET, vec![resident(0, 1, SeekerGroup::StatusHolder, HomeKind::Reception, 0)]);
    country.step();
    assert_eq!(country.stock().status_holders, 1);
    let at = country.moment();
    country.look(|books| {
        let chain = Chain::Begins(ChainCause::MovedOut);
        books.move_out_to(0, HomeKind::Interim, 1, VacatedBy::Other, chain, at);
        books.lists.after_reception.note(books.households[0].kin.name, 0);
    });
    country.step();
    assert_eq!(country.stock().status_holders, 0);
    assert_eq!(country.accounts().iter().map(|account| account.linked_persons).sum::<u32>(), 0);
    assert_eq!(country.look(|books| books.lists.after_reception.0.len()), 1);
    assert_ne!(country.look(|books| books.seekers[0].first_row), NO_SLOT, "registered from the interim place");
}

#[test]
fn what_a_moratorium_held_back_is_decided_in_equal_parts_and_all_of_it() {
    let mut country = Country::with(&[("reception.moratorium_share", "0.4")], Vec::new());
    let end = Day::from_ymd(2025, 5, 1).expect("the day exists");
    let rules = &mut country.world.resource_mut::<Rulebook>().rules;
    rules.set("reception.moratorium_share", end, "0.0", "test").expect("the path exists").expect("a share");
    (0..4).for_each(|_| country.step());
    let held = country.stock().held_back;
    assert!(held > 0.0);
    for month in 1..=12 {
        country.step();
        let expected = held * (1.0 - f64::from(month) / 12.0);
        assert!((country.stock().held_back - expected).abs() < 1e-6 * held, "month {month}");
    }
}
