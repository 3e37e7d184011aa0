//! Whole runs of a few steps, changed by hand in between.

use std::collections::BTreeSet;

use bevy_ecs::prelude::*;
use doorstroom_kernel::{Clock, Step};
use doorstroom_state::ledger::{Channel, Ground, VacatedBy};
use doorstroom_state::quota::{HalfYear, QuotaAccount};
use doorstroom_state::registration::{Register, RowState};
use doorstroom_state::vacancy::Vacancies;
use doorstroom_state::written::Written;
use doorstroom_state::{
    Dwelling, DwellingForm, Home, HomeKind, Household, Ledger, NO_SLOT, Seeker, SeekerGroup, Tenure,
};

use super::{PRICES, Town, day, decided, letting, settings};
use crate::areas::Areas;
use crate::identities::{LIST_MONTHS, PERSONS, STARTERS};
use crate::lettings::{denominators, first_lettings};
use crate::measures::MEASURES;
use crate::observers::{Observed, Observers};
use crate::waits::WaitHistogram;

/// A tenant in municipality 0, a regular seeker with kin in municipality 1 and a status holder in reception.
fn small_town(start: &str) -> World {
    let mut town = Town::new(start);
    let dwelling = town.dwelling(0, Tenure::Corporation, DwellingForm::SelfContained, 3);
    town.dwelling(0, Tenure::Corporation, DwellingForm::SelfContained, 2);
    let tenant = town.household(0, HomeKind::Nowhere, SeekerGroup::None, &[60, 20]);
    town.move_in(tenant, dwelling, HomeKind::Dwelling);
    let seeker = town.household(1, HomeKind::WithKin, SeekerGroup::Regular, &[30]);
    town.row(seeker, 0, RowState::Searching, "2020-01-01", Step::NEVER);
    town.household(2, HomeKind::Reception, SeekerGroup::StatusHolder, &[25, 3]);
    town.world(1)
}

/// Empties the ledger, lets `change` happen, looks, and moves the clock.
fn step(world: &mut World, observers: &mut Observers, change: impl FnOnce(&mut World)) {
    world.resource_mut::<Ledger>().begin(2);
    change(world);
    let households = world.query::<&Home>().iter(world).len();
    world.resource_mut::<Written>().homes.note_all(households);
    observers.observe_at(world, PRICES);
    world.resource_mut::<Clock>().advance();
}

fn holds(observed: &Observed, identity: &str) -> bool {
    observed.identities.iter().find(|row| row.identity.as_str() == identity).unwrap().holds
}

/// The tenant dies: one person out, the child stays; the dwelling of the child is untouched.
fn a_person_dies(world: &mut World) {
    world.query::<&mut Household>().iter_mut(world).next().unwrap().members.remove(0);
}

fn the_vacant_dwelling_is_let(world: &mut World) {
    let mut dwellings = world.query::<&mut Dwelling>();
    dwellings.iter_mut(world).nth(1).unwrap().occupant = 1;
    let mut homes = world.query::<&mut Home>();
    let mut home = homes.iter_mut(world).nth(1).unwrap();
    (home.dwelling, home.kind, home.municipality) = (1, HomeKind::Dwelling, 0);
    world.resource_mut::<Vacancies>().dwellings[Tenure::Corporation as usize].clear();
    let mut ledger = world.resource_mut::<Ledger>();
    ledger.tenures[Tenure::Corporation as usize].filled[3] += 1;
    ledger.lettings.push(decided(2, SeekerGroup::Regular, "2025-02-01"));
}

#[test]
fn persons_and_starters_are_conserved_in_a_sound_run_and_a_lost_person_shows() {
    for booked in [1, 0] {
        let mut world = small_town("2025-01-01");
        let mut observers = Observers::new(&mut world, settings(true));
        step(&mut world, &mut observers, |world| {
            a_person_dies(world);
            world.resource_mut::<Ledger>().life.persons_out = booked;
        });
        step(&mut world, &mut observers, the_vacant_dwelling_is_let);
        let observed = observers.finish(&mut world);
        assert_eq!(holds(&observed, PERSONS), booked == 1);
        assert!(holds(&observed, STARTERS) && holds(&observed, LIST_MONTHS));
        assert!(observed.identities.iter().filter(|row| row.identity.as_str() != PERSONS).all(|row| row.holds));
    }
}

#[test]
fn a_dwelling_let_without_being_booked_breaks_the_conservation_of_starters() {
    let mut world = small_town("2025-01-01");
    let mut observers = Observers::new(&mut world, settings(false));
    step(&mut world, &mut observers, |world| {
        the_vacant_dwelling_is_let(world);
        world.resource_mut::<Ledger>().tenures = Default::default();
    });
    let observed = observers.finish(&mut world);
    assert!(!holds(&observed, STARTERS) && holds(&observed, PERSONS));
}

#[test]
fn rows_before_the_fork_belong_to_both_arms_and_rows_after_it_to_their_own() {
    let mut world = small_town("2025-01-01");
    let mut observers = Observers::new(&mut world, settings(false));
    step(&mut world, &mut observers, |_| {});
    let mut other = observers.fork("ban");
    let mut other_world = small_town("2025-01-01");
    other_world.resource_mut::<Clock>().advance();
    step(&mut world, &mut observers, |_| {});
    step(&mut other_world, &mut other, the_vacant_dwelling_is_let);
    let (mine, others) = (observers.finish(&mut world), other.finish(&mut other_world));
    assert_eq!((mine.series.len(), others.series.len()), (42, 42), "two months, three areas, seven groups");
    assert!(mine.series.iter().all(|row| row.arm.as_str() == "baseline" && row.replicate == 3));
    assert!(others.series.iter().all(|row| row.arm.as_str() == "ban"));
    assert_eq!((mine.lettings.len(), others.lettings.len()), (0, 1));
    assert_eq!(others.lettings.rows().next().unwrap().arm.as_str(), "ban");
    assert_eq!(others.outcome.first_lettings, [(2, 1, SeekerGroup::Regular)]);
    assert_eq!(others.outcome.value("flow", "regular", "NL"), Some(12.0), "one letting in one month");
    assert_eq!(others.outcome.value("flow", "regular", "CR02"), Some(0.0));
    assert_eq!(mine.outcome.value("flow", "all", "NL"), Some(0.0));
}

#[test]
fn an_outcome_has_every_measure_that_is_described_for_its_groups_and_no_other() {
    let mut world = small_town("2025-01-01");
    let mut observers = Observers::new(&mut world, settings(false));
    step(&mut world, &mut observers, the_vacant_dwelling_is_let);
    step(&mut world, &mut observers, |_| {});
    let measures = observers.finish(&mut world).outcome.measures;
    let found: BTreeSet<(&str, &str)> = measures.keys().map(|key| (key.measure.as_str(), key.group.as_str())).collect();
    let described: BTreeSet<(&str, &str)> =
        MEASURES.iter().flat_map(|measure| measure.groups.keys().iter().map(|group| (measure.name, *group))).collect();
    let unlike: Vec<_> = found.symmetric_difference(&described).collect();
    assert!(unlike.is_empty(), "{unlike:?}");
}

#[test]
fn regions_add_up_to_the_country_and_groups_to_all() {
    let mut world = small_town("2025-12-01");
    let mut observers = Observers::new(&mut world, settings(false));
    step(&mut world, &mut observers, |world| {
        let mut ledger = world.resource_mut::<Ledger>();
        ledger.search[0][SeekerGroup::Regular as usize].reactions = 4;
        ledger.search[1][SeekerGroup::Urgent as usize].reactions = 2;
        ledger.adverts[0].adverts = 3;
        ledger.lettings.push(decided(2, SeekerGroup::Regular, "2025-12-01"));
    });
    let observed = observers.finish(&mut world);
    let row = |area: &str, group: &str| {
        observed.series.iter().find(|row| row.area.as_str() == area && row.group.as_str() == group).unwrap()
    };
    assert_eq!((row("NL", "all").reactions, row("CR01", "all").reactions, row("CR02", "urgent").reactions), (6, 4, 2));
    assert_eq!((row("NL", "all").adverts, row("NL", "regular").adverts, row("CR01", "all").adverts), (3, 1, 3));
    assert_eq!(
        (row("NL", "all").hosted, row("NL", "status_holder").in_reception, row("CR02", "all").in_reception),
        (1, 1, 1)
    );
    assert_eq!(
        (row("NL", "regular").searching, row("GM0002", "regular").searching),
        (1, 1),
        "December has municipalities"
    );
    assert_eq!(row("NL", "regular").active_year, 1, "the registration used by the letting counts as active");
    assert_eq!(row("NL", "regular").let_advertised, 1);
}

#[test]
fn stock_is_carried_over_the_flows_between_two_counts() {
    let mut world = small_town("2025-01-01");
    let mut observers = Observers::new(&mut world, settings(false));
    step(&mut world, &mut observers, |_| {});
    step(&mut world, &mut observers, |world| {
        a_person_dies(world);
        world.resource_mut::<Ledger>().life.persons_out = 1;
        the_vacant_dwelling_is_let(world);
    });
    step(&mut world, &mut observers, |_| {});
    let observed = observers.finish(&mut world);
    let country: Vec<_> = observed.stock.iter().filter(|row| row.area.as_str() == "NL").collect();
    assert_eq!(country.iter().map(|row| row.measured).collect::<Vec<_>>(), [true, false, true]);
    assert_eq!(country.iter().map(|row| row.persons).collect::<Vec<_>>(), [5, 4, 4]);
    assert_eq!(country.iter().map(|row| row.vacant_corporation).collect::<Vec<_>>(), [1, 0, 0]);
    assert_eq!(country.iter().map(|row| row.occupied_corporation).collect::<Vec<_>>(), [1, 2, 2]);
    let of_municipality = observed.stock.iter().filter(|row| row.area.as_str() == "GM0001").count();
    assert_eq!(of_municipality, 2, "the first and the last month");
}

#[test]
fn waiting_months_are_those_of_every_household_of_the_cohort_until_it_is_housed() {
    let mut world = small_town("2025-01-01");
    let mut observers = Observers::new(&mut world, settings(false));
    for month in 0..4 {
        step(&mut world, &mut observers, |world| {
            let mut seekers = world.query::<&mut Seeker>();
            if month == 2 {
                // the status holder is housed in the second month after the fork; another one enters
                seekers.iter_mut(world).nth(2).unwrap().group = SeekerGroup::None;
                world.resource_mut::<Ledger>().entered[SeekerGroup::StatusHolder as usize] = 1;
            }
            if month == 3 {
                seekers.iter_mut(world).nth(1).unwrap().first_letting = Step(3);
            }
        });
    }
    let outcome = observers.finish(&mut world).outcome;
    assert_eq!(outcome.value("wait", "status_holder", "NL"), Some(0.5), "one month of one, none of the other");
    assert_eq!(outcome.value("waiting_months", "regular", "NL"), Some(2.0), "months 1 and 2 of three after the fork");
    assert_eq!(outcome.value("wait", "regular", "NL"), Some(2.0));
}

#[test]
fn open_waits_are_told_at_the_horizon_and_completed_ones_by_year() {
    let mut world = small_town("2025-01-01");
    let mut observers = Observers::new(&mut world, settings(false));
    step(&mut world, &mut observers, the_vacant_dwelling_is_let);
    let observed = observers.finish(&mut world);
    let wait = |clock: &str, kind: &str, group: &str, area: &str| {
        let is = |row: &&crate::rows::WaitRow| {
            (row.clock.as_str(), row.kind.as_str(), row.group.as_str(), row.area.as_str()) == (clock, kind, group, area)
        };
        WaitHistogram::from_row(observed.waits.iter().find(is).unwrap()).unwrap()
    };
    // 2020-01-01 to 2025-02-01 is 61 months; ten years of registration at letting are 119 whole average months
    assert_eq!(wait("registration", "open", "regular", "CR01").max_months(), 61);
    assert_eq!(wait("registration", "completed", "regular", "NL").max_months(), 119);
    assert_eq!(wait("search", "completed", "regular", "CR01").count(), 1);
    assert_eq!(wait("permit", "open", "status_holder", "CR02").max_months(), 1);
}

#[test]
fn a_closed_half_year_is_noted_once_and_the_last_one_at_the_end_of_its_term() {
    let mut world = small_town("2025-06-01");
    let mut observers = Observers::new(&mut world, settings(false));
    let account =
        QuotaAccount { target_milli: 9_000, realised_milli: 4_000, by_route: [0, 0, 0, 4], ..Default::default() };
    step(&mut world, &mut observers, |world| {
        world.query::<&mut QuotaAccount>().iter_mut(world).next().unwrap().by_route = [0, 0, 0, 1];
    });
    step(&mut world, &mut observers, |world| {
        *world.query::<&mut QuotaAccount>().iter_mut(world).next().unwrap() =
            QuotaAccount { by_route: [2, 0, 0, 0], ..Default::default() };
        let mut half_year = world.resource_mut::<HalfYear>();
        half_year.closed = (0..3).map(|slot| (slot, account, "2025-I".to_owned())).collect();
        half_year.label = "2025-II".into();
    });
    for _ in 0..5 {
        step(&mut world, &mut observers, |world| world.resource_mut::<HalfYear>().closed.clear());
    }
    let observed = observers.finish(&mut world);
    let labels: Vec<&str> = observed.quota.iter().map(|row| row.half_year.as_str()).collect();
    assert_eq!(labels, ["2025-I", "2025-I", "2025-I", "2025-II", "2025-II", "2025-II"]);
    assert_eq!((observed.quota[0].shortfall, observed.quota[1].via_corporation), (5, 4));
    // one before July; in July three accounts of four close (one of those persons was known), then two more
    assert_eq!(observed.totals[0].housed, [0, 0, 0, 1]);
    assert_eq!(observed.totals[1].housed, [2, 0, 0, 11]);
    assert_eq!(observed.totals[2].housed, [0; 4]);
}

#[test]
fn every_share_of_lettings_names_its_own_denominator() {
    let mut world = small_town("2025-01-01");
    let areas = Areas::of(&mut world);
    let mut established = letting(1, SeekerGroup::Regular, "2025-11-01");
    established.status_history = true;
    let mut new = letting(2, SeekerGroup::StatusHolder, "2025-12-01");
    (new.channel, new.ground, new.persons) = (Channel::Direct, Ground::StatusHolder, 4);
    (new.permit_under_a_year, new.first_entry, new.vacates_dwelling) = (true, true, false);
    let mut urgent = letting(3, SeekerGroup::Urgent, "2025-12-01");
    (urgent.channel, urgent.ground, urgent.market) = (Channel::Direct, Ground::Medical, 1);
    let mut starter = letting(4, SeekerGroup::Regular, "2025-12-01");
    (starter.first_entry, starter.vacates_dwelling) = (true, false);
    let mut room = letting(5, SeekerGroup::StatusHolder, "2025-12-01");
    room.is_room = true;
    let rows = denominators(&[established, new, urgent, starter, room], &areas, day("2026-06-01"));
    let share = |area: &str, name: &str| {
        let row = rows.iter().find(|row| row.area.as_str() == area && row.denominator.as_str() == name).unwrap();
        (row.numerator, row.denominator_count)
    };
    assert_eq!(share("NL", "share_all"), (2, 4));
    assert_eq!(share("NL", "share_new"), (1, 4));
    assert_eq!(share("NL", "share_starters"), (1, 2));
    assert_eq!(share("NL", "share_no_vacancy_left"), (1, 2));
    assert_eq!(share("NL", "share_excl_direct"), (2, 3));
    assert_eq!(share("NL", "share_persons"), (6, 10));
    assert_eq!(share("NL", "share_dwelling_days"), (61 + 31, 61 + 31 * 3));
    assert_eq!(share("CR02", "share_all"), (0, 1));
}

#[test]
fn a_household_that_got_its_name_back_has_one_first_letting() {
    let regular = |step, name| (step, letting(name, SeekerGroup::Regular, "2025-02-01"));
    let mut flex = regular(1, 9);
    flex.1.is_flex = true;
    let log = [regular(2, 7), flex, regular(5, 7), regular(4, 9), regular(3, 1)];
    let firsts = first_lettings(&log.map(|(step, _)| step), &log.map(|(_, letting)| letting));
    let expected = [(1, 3), (7, 2), (9, 4)].map(|(name, step)| (name, step, SeekerGroup::Regular));
    assert_eq!(firsts, expected);
}

#[test]
fn yearly_flows_are_the_sum_of_the_steps_of_the_year() {
    let mut world = small_town("2025-11-01");
    let mut observers = Observers::new(&mut world, settings(false));
    for births in [3, 4, 5] {
        step(&mut world, &mut observers, |world| {
            let mut ledger = world.resource_mut::<Ledger>();
            ledger.life.births = births;
            ledger.vacated(Tenure::Owner, VacatedBy::Paired);
        });
    }
    let flows = observers.finish(&mut world).flows;
    let count =
        |year, name: &str| flows.iter().find(|row| row.year == year && row.flow.as_str() == name).unwrap().count;
    assert_eq!((count(2025, "life.births"), count(2026, "life.births")), (7, 5));
    assert_eq!((count(2025, "vacated.owner.paired"), count(2026, "vacated.owner.paired")), (2, 1));
    assert_eq!(count(2025, "vacated.owner.to_owner"), 0);
}

#[test]
fn readings_are_given_at_the_scale_of_the_country() {
    let mut world = small_town("2025-01-01");
    let mut half = settings(false);
    half.scale = 0.5;
    let mut observers = Observers::new(&mut world, half);
    for month in 0..12 {
        step(&mut world, &mut observers, |world| {
            if month == 1 {
                the_vacant_dwelling_is_let(world);
            }
        });
    }
    let readings = crate::readings(&observers.finish(&mut world));
    let value = |name: &str| readings.iter().find(|(of, ..)| of == name).unwrap().1;
    assert_eq!(value("lettings"), 2.0, "one letting in a world of one half");
    assert_eq!(value("lettings_per_stock"), 0.5, "one letting over two dwellings");
    assert_eq!(value("lettings_per_stock.tight"), 0.5, "both stand in the tight market");
    assert!(value("lettings_per_stock.relaxed").is_nan(), "where no dwelling stands");
    assert_eq!(value("registered"), 2.0);
    assert!((value("registration_years.tight") - 9.9986).abs() < 1e-3);
    assert!(value("registration_years.relaxed").is_nan());
    assert_eq!(value("filled.corporation"), 0.002, "thousands a year");
    assert_eq!(value("households.2026"), 4.0);
    assert_eq!(value("drift.registered"), 0.0);
}

#[test]
fn a_registration_used_by_a_letting_is_active_for_twelve_months() {
    let mut world = small_town("2025-01-01");
    let mut observers = Observers::new(&mut world, settings(false));
    for month in 0..13 {
        step(&mut world, &mut observers, |world| {
            if month == 0 {
                world.resource_mut::<Ledger>().lettings.push(decided(2, SeekerGroup::Regular, "2025-01-01"));
                let mut seekers = world.query::<&mut Seeker>();
                let mut seeker = *seekers.iter(world).nth(1).unwrap();
                world.resource_mut::<Register>().end_all(&mut seeker, None);
                assert_eq!(seeker.first_row, NO_SLOT);
                *seekers.iter_mut(world).nth(1).unwrap() = seeker;
            }
        });
    }
    let totals = observers.finish(&mut world).totals;
    let active: Vec<u32> = totals.iter().map(|totals| totals.active_year).collect();
    assert_eq!(active, [1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 0]);
}
