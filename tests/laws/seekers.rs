//! Who comes into need, leaves a household or is to lose its dwelling, month by month (worlds/MODEL.md 2 and 6.1).

use bevy_ecs::world::World as Ecs;
use doorstroom_kernel::{Clock, Day};
use doorstroom_policy::Rules;
use doorstroom_process::Month;
use doorstroom_state::household::{Home, HomeKind, Household, Means, Need, Seeker, UrgencyGround};
use doorstroom_state::members::Role;
use doorstroom_state::name::KinName;
use doorstroom_tests::{town, world};

use crate::invariants;

/// A column of all households.
fn column<C: bevy_ecs::component::Component + Copy>(ecs: &mut Ecs) -> Vec<C> {
    ecs.query::<&C>().iter(ecs).copied().collect()
}

/// Runs so many months of a world under changed rules and looks at it after each, all books checked.
fn months(name: &str, scale: f64, count: u32, changes: &[(&str, &str)], mut look: impl FnMut(&mut Ecs, &Rules)) {
    let world = world(name);
    let mut rules = world.rules.clone();
    for (path, value) in changes {
        rules.set(path, Day(0), value, "test").expect("there is such a rule").expect("a value");
    }
    let (mut ecs, mut month) = town(&world, scale, 3, 5, rules.clone());
    let mut before = invariants::persons(&mut ecs);
    for _ in 0..count {
        month.run(&mut ecs);
        before = invariants::check(&mut ecs, before, 0);
        look(&mut ecs, &rules);
        Month::advance(&mut ecs);
    }
}

#[test]
fn a_need_of_any_kind_starts_a_search_in_the_next_registration_and_not_only_one_from_demography() {
    let always = [("registration.search_on_need", "1.0"), ("registration.student_search", "1.0")];
    let (mut kinds, mut last) = (std::collections::BTreeMap::new(), Day(0));
    months("one-region", 0.6, 12, &always, |ecs, rules| {
        let today = ecs.resource::<Clock>().today;
        let (homes, households) = (column::<Home>(ecs), column::<Household>(ecs));
        for (seeker, (home, household)) in column::<Seeker>(ecs).iter().zip(homes.iter().zip(&households)) {
            // the end of a stay and an eviction are known a month later; a search may end after its first step
            let known = match seeker.need {
                Need::EndOfStay | Need::Eviction => last,
                _ => today,
            };
            let found = home.since == today && matches!(home.kind, HomeKind::Dwelling | HomeKind::Room);
            let in_need = seeker.need != Need::None && seeker.need_since == known && !found;
            let means = &household.means;
            let may = rules.registration.may_search(means.income_class) && !means.is(Means::SHORT_STAY);
            let head_is_adult = household.members.head_person().is_some_and(|head| head.role != Role::Child);
            if in_need && may && head_is_adult && home.kind.is_private() {
                assert!(seeker.searching_rows > 0, "{seeker:?} {home:?}");
                *kinds.entry(seeker.need).or_insert(0) += 1;
            }
        }
        last = today;
    });
    let seen = |need| kinds.get(&need).copied().unwrap_or(0);
    assert!(seen(Need::EndOfStay) > 5 && seen(Need::BreakUp) > 10, "{kinds:?}");
}

#[test]
fn renewal_falls_on_tenants_whether_they_could_host_or_not_and_its_statement_goes_with_the_move() {
    let many = [("supply.demolished_corporation", "100000"), ("supply.demolished_inhabited_share", "1.0")];
    let (mut told, mut possible_hosts, mut moved) = (0, 0, 0);
    let mut held: Vec<KinName> = Vec::new();
    months("one-region", 0.2, 12, &many, |ecs, rules| {
        let one_in = rules.sharing.host_one_in.get() as u64;
        let households = column::<Household>(ecs);
        let holders: Vec<KinName> = (column::<Seeker>(ecs).iter().zip(&households))
            .filter(|(seeker, _)| seeker.ground == UrgencyGround::Renewal)
            .map(|(_, household)| household.kin.name)
            .collect();
        let new = holders.iter().filter(|name| !held.contains(name));
        for name in new {
            told += 1;
            possible_hosts += u32::from(name.0.is_multiple_of(one_in));
        }
        moved += held.iter().filter(|name| !holders.contains(name)).count();
        held = holders;
    });
    assert!(told > 50 && moved > 5, "{told} told, {moved} moved");
    assert!(possible_hosts < told / 2, "{possible_hosts} of {told} could host");
}

#[test]
fn who_leaves_a_household_in_reception_or_a_ukrainian_place_keeps_its_standing() {
    let leaving = "[(18, 0.99), (60, 0.99)]";
    let mut left = [0, 0];
    months("netherlands", 0.02, 6, &[("demography.leave_home", leaving)], |ecs, _| {
        let today = ecs.resource::<Clock>().today;
        let (homes, households) = (column::<Home>(ecs), column::<Household>(ecs));
        for (seeker, (home, household)) in column::<Seeker>(ecs).iter().zip(homes.iter().zip(&households)) {
            let is_new = home.since == today && household.members.is_single();
            match home.kind {
                // a permit of today is another way in
                HomeKind::Reception if is_new && household.means.permit_since < today => {
                    assert!(seeker.duty && household.means.work.on_benefit(), "{seeker:?}");
                    left[0] += 1;
                }
                HomeKind::UkrainianPlace if is_new => left[1] += 1,
                _ => {}
            }
        }
    });
    assert!(left[0] > 0 && left[1] > 0, "{left:?}");
}
