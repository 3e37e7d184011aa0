//! The rules say what their sources say: every file of cases in this folder against `crates/policy`. A case that is
//! added to a file is tested; a file that is added needs a line in [`rules_of_cases`] below.

mod cases;
mod housing;
mod instruments;
mod people;

use cases::{Case, folder, parse};
use housing::*;
use instruments::*;
use people::*;

/// Declares one test a file, and the list of files.
macro_rules! rules_of_cases {
    ($($sentence:ident: $file:literal => $rule:expr;)+) => {
        const FILES: &[&str] = &[$($file),+];

        $(#[test]
        fn $sentence() {
            cases::check($file, $rule);
        })+
    };
}

rules_of_cases! {
    a_number_is_divided_by_inhabitants_with_the_largest_remainder: "apportionment.ron" => apportionment;
    shortfall_and_lead_carry_over: "carry.ron" => carry;
    every_half_year_missed_is_a_step_on_the_ladder: "ladder.ron" => ladder;
    half_years_begin_in_january_and_july: "half_years.ron" => half_year;
    a_minimum_is_rounded_up_and_a_maximum_down: "reserved.ron" => reserved;
    rent_classes_follow_income_and_size: "rents.ron" => rents;
    a_dwelling_fits_from_the_need_to_two_rooms_more: "rooms.ron" => rooms;
    rooms_needed_follow_the_norm_of_eurostat: "crowding.ron" => crowding;
    too_few_rooms_are_crowded_and_two_to_spare_under_occupied: "occupancy.ron" => occupancy;
    adults_who_share_get_less_each: "cost_sharing.ron" => cost_sharing;
    regimes_say_what_may_be_kept_for_status_holders: "earmarks.ron" => earmarks;
    regimes_say_who_may_hold_urgency: "urgency.ron" => urgency;
    what_is_announced_is_delivered_late_and_in_part: "delivery.ron" => delivered;
    the_cheapest_places_fill_first: "merit_order.ron" => merit_order;
    contracts_run_on_for_their_notice: "notice.ron" => notice;
    provinces_come_before_municipalities: "dispersal.ron" => dispersal;
    regions_lie_in_provinces: "provinces.ron" => province;
    free_places_become_homes_after_months_with_room: "conversion.ron" => conversion;
    a_condition_switches_a_ban_with_hysteresis: "conditions.ron" => condition;
    a_condition_looks_at_a_ratio: "ratios.ron" => ratio;
    an_evaluation_may_change_the_target: "mid_term.ron" => mid_term;
    a_backlog_moves_on_or_is_dropped: "carried_over.ron" => carried_over;
    families_of_subsidiary_protection_wait: "families.ron" => family;
    municipalities_may_choose: "municipal_choice.ron" => municipal_choice;
    inflow_follows_a_named_path: "inflow.ron" => inflow;
    the_randstad_pulls: "free_choice.ron" => free_choice;
    running_statements_end_with_the_regime_that_forbids_them: "statements.ron" => statement_stands;
    municipal_sites_have_a_smallest_size_and_close: "sites.ron" => site;
    a_phase_waits_for_its_evaluation: "gates.ron" => gate;
    the_cost_sharer_norm_keeps_some_from_sharing: "willingness.ron" => willingness;
    work_and_benefit_may_go_together: "work.ron" => work;
}

#[test]
fn every_file_of_cases_is_run() {
    let entries = std::fs::read_dir(folder()).expect("this folder can be listed");
    let names = entries.map(|entry| entry.expect("its entries can be read").file_name().to_string_lossy().into_owned());
    let mut found: Vec<String> = names.filter(|name| name.ends_with(".ron")).collect();
    found.sort();
    let mut run = FILES.to_vec();
    run.sort();
    assert_eq!(found, run);
}

#[test]
fn a_malformed_file_of_cases_is_refused() {
    let case = |given: &str| format!("(name: \"a\", source: \"b\", given: {given}, expect: 1)");
    let refused = |text: &str| parse::<u8, u8>(text).expect_err(text);
    assert!(
        parse::<u8, u8>(&format!("[{}]", case("1"))).is_ok_and(|cases| matches!(cases[..], [Case { given: 1, .. }]))
    );
    assert!(refused("[").starts_with("1:1"), "a place is named: {}", refused("["));
    assert!(refused("[]").contains("no case"));
    assert!(refused("[(name: \"a\", given: 1, expect: 1)]").contains("source"));
    assert!(refused("[(name: \"a\", source: \" \", given: 1, expect: 1)]").contains("no source"));
    assert!(refused("[(name: \"a\", source: \"b\", given: 1, expected: 1)]").contains("expected"));
    assert!(refused(&format!("[{}]", case("-1"))).contains("1:"));
    assert!(refused(&format!("[{0}, {0}]", case("1"))).contains("two cases"));
    assert!(refused(&format!("[{}] [", case("1"))).contains("1:"));
}

#[test]
fn the_rules_are_told_in_at_least_150_cases() {
    let told = |file: &&str| {
        let text = std::fs::read_to_string(folder().join(file)).expect("a file of cases can be read");
        text.matches("(name: ").count()
    };
    let cases: usize = FILES.iter().map(told).sum();
    assert!(cases >= 150, "{cases} cases");
}
