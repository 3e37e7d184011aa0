//! What is drawn ahead falls as often as if every household drew in every month: wishes to move and registrations,
//! against rates said again from the rules and asked of everybody after every step (worlds/MODEL.md 3.1 and 4.4).

use bevy_ecs::world::World as Ecs;
use doorstroom_kernel::{Clock, Day, Step};
use doorstroom_policy::Rules;
use doorstroom_policy::wishes::{PresentHome, Wishes};
use doorstroom_process::Month;
use doorstroom_state::household::{Seeker, Wish};
use doorstroom_state::municipality::Gazetteer;
use doorstroom_state::region::Region;
use doorstroom_state::registration::Register;
use doorstroom_state::{Home, HomeKind, Household, Means, Role, Tenure};
use doorstroom_tests::{town, world};

/// Distance of a count from its expectation in standard deviations of a Poisson count, against a normal: 1e-8 on each
/// side.
const CRITICAL: f64 = 5.73;

/// What was expected and what was seen.
#[derive(Clone, Copy, Default, Debug)]
struct Count {
    expected: f64,
    seen: f64,
}

impl Count {
    /// Where nobody is exposed, nothing may be seen.
    fn is_met(self) -> bool {
        (self.seen - self.expected).abs() <= CRITICAL * self.expected.sqrt()
    }
}

/// The rules of the shipped region with other values (path, first day, value).
fn ruled(changes: &[(&str, &str, &str)]) -> Rules {
    let mut rules = world("one-region").rules;
    for (path, from, value) in changes {
        let day = Day::parse(from).expect("a date");
        rules.set(path, day, value, "test").expect("there is such a rule").expect("a value");
    }
    rules
}

/// Runs one region for `months` and shows it after every step, before the clock moves.
fn run(rules: Rules, months: u32, mut see: impl FnMut(&mut Ecs)) {
    let (mut ecs, mut month) = town(&world("one-region"), 1.0, 1, 1, rules);
    for _ in 0..months {
        month.run(&mut ecs);
        see(&mut ecs);
        Month::advance(&mut ecs);
    }
}

fn present(home: &Home) -> PresentHome {
    match home.tenure {
        Some(Tenure::Owner) => PresentHome::Owner,
        Some(Tenure::Corporation) => PresentHome::Corporation,
        Some(Tenure::OtherRental) => PresentHome::OtherRental,
        None if home.kind == HomeKind::Room => PresentHome::Room,
        None => PresentHome::NoDwelling,
    }
}

/// Wishes by present home: those of this month, and those that the rules of the day let expect of everybody who did not
/// move in it.
fn count_wishes(ecs: &mut Ecs, rules: &Rules, counts: &mut [Count; 5]) {
    let clock = *ecs.resource::<Clock>();
    let (today, month) = (clock.today, clock.month());
    let (wishes, until) =
        (Wishes::on(&rules.market, today), clock.step.plus(*rules.market.wish_months.at(today) as u32));
    for (home, Household { means, members, .. }, seeker) in ecs.query::<(&Home, &Household, &Seeker)>().iter(ecs) {
        if !home.kind.is_private() || home.since == today {
            continue;
        }
        let short_stay = means.is(Means::SHORT_STAY);
        let rates = wishes.rates(present(home), means.income_class, members.head_age(month), short_stay);
        let count = &mut counts[present(home) as usize];
        count.expected += -libm::expm1(-rates.iter().sum::<f64>() / 12.0);
        count.seen += f64::from(u8::from(seeker.wish != Wish::None && seeker.wish_until == until));
    }
}

/// New registrations of heads, partners and adult children in private homes, and those that the rules of the day let
/// expect of them; who has registered this month counted as without a registration before.
fn count_registrations(ecs: &mut Ecs, rules: &Rules, count: &mut Count) {
    let clock = *ecs.resource::<Clock>();
    let (today, month, rules) = (clock.today, clock.month(), &rules.registration);
    let classes: Vec<_> = ecs.query::<&Region>().iter(ecs).map(|region| region.class).collect();
    let mut households = ecs.query::<(&Home, &Household, &Seeker)>();
    let (register, gazetteer) = (ecs.resource::<Register>(), ecs.resource::<Gazetteer>());
    for (home, Household { means, members, .. }, seeker) in households.iter(ecs) {
        if !home.kind.is_private() || means.is(Means::SHORT_STAY) {
            continue;
        }
        let market = gazetteer.region_of[usize::from(home.municipality)];
        let held: Vec<_> = register.rows_of(seeker).map(|row| &register.rows[row as usize]).collect();
        let held = || held.iter().filter(|row| row.market == market);
        count.seen += held().filter(|row| row.since == today).count() as f64;
        let may_search = f64::from(means.income_class) <= *rules.income_class_highest.at(today);
        let may = members.iter().filter(|(place, person)| {
            let has_one = held().any(|row| usize::from(row.member) == *place && row.since != today);
            person.age(month) >= 18 && !has_one && (may_search || person.role == Role::Child)
        });
        let weight: f64 = may.map(|(_, person)| rules.register_age.at(today).at(person.age(month))).sum();
        let rate = -libm::log1p(-rules.register.at(today).of(classes[usize::from(market)]));
        count.expected += -libm::expm1(-rate * weight / 12.0);
    }
}

#[test]
fn wishes_to_move_arise_as_often_as_if_every_household_drew_in_every_month() {
    // households that come into being bring no wish along, so that every wish was drawn
    let rules = ruled(&[("market.rent_at_start", "2000-01-01", "0")]);
    let mut counts = [Count::default(); 5];
    run(rules.clone(), 60, |ecs| count_wishes(ecs, &rules, &mut counts));
    for home in PresentHome::ALL {
        assert!(counts[home as usize].is_met(), "{home:?}: {:?}", counts[home as usize]);
    }
    assert!(counts.iter().map(|count| count.seen).sum::<f64>() > 60_000.0, "{counts:?}");
}

#[test]
fn adults_register_as_often_as_if_every_household_drew_in_every_month() {
    // nobody registers because of an event, so that every registration was drawn
    let rules = ruled(&[
        ("registration.search_on_leaving_home", "2000-01-01", "(tight: 0, middle: 0, relaxed: 0)"),
        ("registration.search_on_need", "2000-01-01", "0"),
        ("allocation.urgency_asked", "2000-01-01", "0"),
    ]);
    let mut count = Count::default();
    run(rules.clone(), 60, |ecs| count_registrations(ecs, &rules, &mut count));
    assert!(count.is_met() && count.seen > 10_000.0, "{count:?}");
}

#[test]
fn a_rate_that_changes_by_date_holds_in_full_from_its_first_month() {
    let changes = [
        ("market.rent_at_start", "2000-01-01", "0"),
        ("market.owner_move", "2025-07-01", "0.11"),
        ("registration.register", "2025-07-01", "(tight: 0.3, middle: 0.3, relaxed: 0.3)"),
        ("registration.search_on_leaving_home", "2000-01-01", "(tight: 0, middle: 0, relaxed: 0)"),
        ("registration.search_on_need", "2000-01-01", "0"),
        ("allocation.urgency_asked", "2000-01-01", "0"),
    ];
    let rules = ruled(&changes);
    let (mut wishes, mut registrations) = ([Count::default(); 5], Count::default());
    run(rules.clone(), 8, |ecs| {
        // July and August
        if ecs.resource::<Clock>().step >= Step(6) {
            count_wishes(ecs, &rules, &mut wishes);
            count_registrations(ecs, &rules, &mut registrations);
        }
    });
    let seen: f64 = wishes.iter().map(|count| count.seen).sum();
    assert!(wishes.iter().all(|count| count.is_met()) && seen > 2_000.0, "{wishes:?}");
    assert!(registrations.is_met() && registrations.seen > 1_000.0, "{registrations:?}");
}
