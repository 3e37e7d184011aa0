//! A rate with a date acts from that date, also on what was drawn under the rate before.

use doorstroom_kernel::Clock;
use doorstroom_kernel::Day;
use doorstroom_process::Month;
use doorstroom_state::Ledger;
use doorstroom_tests::{town, world};

const FROM: &str = "2026-01-01";

/// Births, registrations woken and wishes of every step, before and from a date on which `paths` become zero.
fn counts(paths: &[&str], count: fn(&Ledger) -> u32) -> (u32, u32) {
    let region = world("one-region");
    let from = Day::parse(FROM).expect("a date");
    let mut rules = region.rules.clone();
    for path in paths {
        rules.set(path, from, "0.0", "test").expect("a rule of the world").expect("a number");
    }
    let (mut ecs, mut month) = town(&region, 0.1, 1, 1, rules);
    let (mut before, mut after) = (0, 0);
    for _ in 0..24 {
        month.run(&mut ecs);
        let seen = count(ecs.resource::<Ledger>());
        if ecs.resource::<Clock>().today < from {
            before += seen
        } else {
            after += seen
        }
        Month::advance(&mut ecs);
    }
    (before, after)
}

#[test]
fn births_end_on_the_day_on_which_their_chance_becomes_zero() {
    let (before, after) =
        counts(&["demography.birth_in_couple", "demography.birth_outside"], |ledger| ledger.life.births);
    assert!(before > 100, "{before} births in a year of two");
    assert_eq!(after, 0);
}

#[test]
fn nobody_leaves_for_an_owned_home_once_the_wish_to_buy_is_gone_and_old_wishes_have_lapsed() {
    let paths = ["market.buy_scale", "market.owner_move"];
    let (before, after) = counts(&paths, |ledger| ledger.tenures[0].filled.iter().sum());
    assert!(before > 100, "{before} moves into owned homes");
    // wishes that live at the date are served for six months at most
    assert!(after < before / 2, "{after} after, {before} before");
}
