//! Who fits what, said once more and slowly (worlds/MODEL.md 5 and 7.2; assumptions A8, A107, A108).

use doorstroom_kernel::MonthOfYear;
use doorstroom_policy::rules::AllocationRules;
use doorstroom_state::household::Means;
use doorstroom_state::members::{Members, Role};

/// Rooms needed, the common one included: one common room, one for a couple, one for every other adult, one for two
/// children under 12, one for two of the same sex from 12 to 17.
pub fn rooms_needed(members: &Members, now: MonthOfYear) -> u8 {
    let is_couple = members.iter().any(|(_, p)| p.role == Role::Partner);
    let (mut single_adults, mut girls, mut boys, mut small) = (0, 0, 0, 0);
    for (_, person) in members.iter() {
        let age = (i32::from(now.0) - i32::from(person.born.0)) / 12;
        if is_couple && person.role != Role::Child {
            continue;
        }
        match (age, person.female) {
            (18.., _) => single_adults += 1,
            (12..=17, true) => girls += 1,
            (12..=17, false) => boys += 1,
            _ => small += 1,
        }
    }
    let for_two = |persons: u8| persons / 2 + persons % 2;
    1 + u8::from(is_couple) + single_adults + for_two(girls) + for_two(boys) + for_two(small)
}

/// Yearly income in euro: evenly spread inside the eight classes (assumption A7).
pub fn income(means: &Means) -> f64 {
    let (from, to) = match means.income_class {
        1 => (0.0, 10_000.0),
        2 => (10_000.0, 20_000.0),
        3 => (20_000.0, 30_000.0),
        4 => (30_000.0, 40_000.0),
        5 => (40_000.0, 50_000.0),
        6 => (50_000.0, 100_000.0),
        7 => (100_000.0, 200_000.0),
        _ => (200_000.0, 400_000.0),
    };
    from + (to - from) * (f64::from(means.position) + 0.5) / 256.0
}

/// Passend toewijzen: whether persons with this income may be let a dwelling of this rent class.
pub fn rent_fits(rules: &AllocationRules, persons: usize, income: f64, rent_class: u8) -> bool {
    let alone = persons <= 1;
    let low = if alone { rules.fit_income_single.get() } else { rules.fit_income_multi.get() };
    let high = if alone { rules.limit_income_single.get() } else { rules.limit_income_multi.get() };
    if income > high {
        return rent_class == 4;
    }
    if income > low {
        return true;
    }
    if persons <= 2 { rent_class == 1 } else { rent_class == 1 || rent_class == 2 }
}

/// Large enough, and not more than two rooms larger than needed.
pub fn rooms_fit(needed: u8, rooms: u8) -> bool {
    rooms >= needed && rooms <= needed + 2
}
