//! Search time, refusals and starters by area.

use doorstroom_state::SeekerGroup;
use doorstroom_state::ledger::{Channel, SearchFlows};

use super::letting;
use crate::areas::Areas;
use crate::search::{answered, measures};
use crate::totals::Totals;

fn areas() -> Areas {
    let mut town = super::Town::new("2025-01-01").world(1);
    Areas::of(&mut town)
}

#[test]
fn search_time_refusals_and_starters_are_given_by_area_and_class() {
    let mut long = letting(1, SeekerGroup::Regular, "2025-11-01");
    (long.search_days, long.vacates_social, long.registration_days) = (1461, true, 3000);
    let mut short = letting(2, SeekerGroup::Regular, "2025-11-01");
    (short.search_days, short.vacates_social, short.market, short.registration_days) = (731, false, 1, 800);
    let mut by_lot = short;
    by_lot.channel = Channel::Lottery;
    let totals = Totals { answers: vec![[12, 8], [3, 0]], ..Totals::default() };
    let lettings = [long, short, by_lot];
    let found = measures(&[totals.clone(), totals], &lettings, &areas());
    let value = |measure: &str, area: &str| {
        let (_, values) = found.iter().find(|(name, _)| **name == *measure).unwrap();
        values.iter().find(|(of, _)| of.as_str() == area).unwrap().1
    };
    assert_eq!(value("search_years", "CR01"), 4.0);
    assert!((value("search_years", "NL") - 1096.0 / 365.25).abs() < 1e-12, "those by lot do not count");
    assert_eq!((value("starters_share", "NL"), value("starters_share", "tight")), (2.0 / 3.0, 0.0));
    assert_eq!((value("refusals_per_letting", "CR01"), value("refusals_per_letting", "relaxed")), (2.0, 0.0));
    assert_eq!(value("refusals_per_letting", "NL"), 8.0 / 7.0);
    assert!(value("search_years", "middle").is_nan());
}

#[test]
fn offers_and_refusals_of_a_market_are_those_of_all_groups() {
    let flows = SearchFlows { offers: 4, refusals: 3, ..SearchFlows::default() };
    let mut market = [SearchFlows::default(); 6];
    (market[1], market[4]) = (flows, flows);
    assert_eq!(answered(&market), [8, 6]);
}
