//! The quota over two years of permits: sums, half-years and links.

use doorstroom_state::household::{HomeKind, NO_MUNICIPALITY};
use doorstroom_state::quota::HalfYear;

use super::fixture::{Country, SCALE};

#[test]
fn municipal_targets_sum_to_the_national_target_and_half_years_close_in_january_and_july() {
    let mut country = Country::with(&[], Vec::new());
    let mut closings = Vec::new();
    for month in 0..25 {
        country.step();
        let half_year = country.world.resource::<HalfYear>().clone();
        let targets: i64 = country.accounts().iter().map(|account| account.target_milli).sum();
        assert_eq!(targets, half_year.national_milli, "month {month}");
        if let Some((_, _, label)) = half_year.closed.first() {
            assert_eq!(half_year.closed.len(), 4);
            closings.push((month, label.clone(), half_year.national_milli));
        }
    }
    let when: Vec<(i32, &str)> = closings.iter().map(|(month, label, _)| (*month, label.as_str())).collect();
    assert_eq!(when, [(6, "2025-I"), (12, "2025-II"), (18, "2026-I"), (24, "2026-II")]);
    assert_eq!(closings[0].2, (13_000.0 * SCALE * 1_000.0) as i64, "as decreed for 2025-II");
}

#[test]
fn without_error_a_quota_that_is_not_decreed_is_the_inflow_of_the_last_half_year() {
    let mut country = Country::with(&[("quota.persons", "0"), ("quota.forecast_sigma", "0")], Vec::new());
    let mut inflow = 0;
    for _ in 0..6 {
        country.step();
        inflow += country.stock().flows.granted + country.stock().flows.family_arrived;
    }
    country.step();
    assert!(inflow > 0);
    assert_eq!(country.world.resource::<HalfYear>().national_milli, i64::from(inflow) * 1_000);
}

#[test]
fn everybody_in_reception_is_linked_at_the_end_of_the_step_and_counted_there() {
    let mut country = Country::with(&[], Vec::new());
    for _ in 0..3 {
        country.step();
        let linked: u32 = country.accounts().iter().map(|account| account.linked_persons).sum();
        assert_eq!(linked, country.persons_in(HomeKind::Reception));
        let none = country.look(|books| {
            (0..books.homes.len())
                .filter(|&i| books.homes[i].kind == HomeKind::Reception && books.seekers[i].linked == NO_MUNICIPALITY)
                .count()
        });
        assert_eq!(none, 0);
    }
}

#[test]
fn shortfall_moves_on_and_the_quota_of_a_half_year_without_housing_is_a_step_on_the_ladder() {
    let mut country = Country::with(&[("reception.own_network_linked", "0")], Vec::new());
    for _ in 0..7 {
        country.step();
    }
    let accounts = country.accounts();
    let carried: i64 = accounts.iter().map(|account| account.carried_milli).sum();
    assert_eq!(carried, (15_000.0 * SCALE * 1_000.0) as i64);
    assert!(accounts.iter().all(|account| account.missed == 1));
}

#[test]
fn an_evaluation_at_mid_term_divides_the_same_part_of_the_inflow_as_the_setting_of_the_target() {
    let mid_term = ("quota.mid_term", "Both");
    let chosen = [("quota.distribution", "FreeChoice"), ("quota.voluntary_share", "0.5"), mid_term];
    let mut country = Country::with(&chosen, Vec::new());
    let mut inflow = 0;
    for _ in 0..3 {
        country.step();
        inflow += country.stock().flows.granted + country.stock().flows.family_arrived;
    }
    country.step();
    assert!(inflow > 0);
    assert_eq!(
        country.world.resource::<HalfYear>().national_milli,
        i64::from(inflow) * 1_000,
        "twice three months, halved"
    );

    let absent = ("reception.status_absent", "true");
    let mut country = Country::with(&[mid_term, absent], Vec::new());
    (0..4).for_each(|_| country.step());
    assert_eq!(
        country.world.resource::<HalfYear>().national_milli,
        0,
        "nobody is to be housed where nobody is admitted"
    );
}
