//! Rooms that a household needs.

use doorstroom_kernel::MonthOfYear;
use doorstroom_state::{Members, Role};

/// Rooms needed by the European norm, the common room included: one room for all, one for each couple, one for each
/// other person of 18 and over, one for two of the same sex of 12 to 17, one for any other of that age, one for two
/// below 12 (Eurostat, overcrowding rate).
pub(super) fn rooms_needed(members: &Members, now: MonthOfYear) -> u8 {
    let (mut couple, mut adults, mut young, mut teens) = (0_u8, 0_u8, 0_u8, [0_u8; 2]);
    let has_partner = members.partner().is_some();
    for (_, person) in members.iter() {
        match (person.role, person.age(now)) {
            (Role::Head, _) if has_partner => couple = 1,
            (Role::Partner, _) => {}
            (Role::Head, _) | (Role::Child, 18..) => adults += 1,
            (Role::Child, 12..=17) => teens[usize::from(person.female)] += 1,
            (Role::Child, _) => young += 1,
        }
    }
    1 + couple + adults + young.div_ceil(2) + teens[0].div_ceil(2) + teens[1].div_ceil(2)
}

#[cfg(test)]
mod tests {
    use super::*;
    use doorstroom_state::Person;

    #[test]
    fn rooms_are_shared_by_couples_the_young_and_teenagers_of_one_sex() {
        let now = MonthOfYear(1_500);
        let person = |role, age: i16, female| Person { born: MonthOfYear(1_500 - age * 12), female, role };
        let needed = |persons: &[Person]| rooms_needed(&Members::of(persons).0, now);
        let (head, partner) = (person(Role::Head, 45, false), person(Role::Partner, 44, true));
        let child = |age, female| person(Role::Child, age, female);
        assert_eq!(needed(&[head]), 2);
        assert_eq!(needed(&[head, partner]), 2);
        assert_eq!(needed(&[head, partner, child(3, true), child(11, false)]), 3);
        assert_eq!(needed(&[head, partner, child(13, true), child(16, true)]), 3);
        assert_eq!(needed(&[head, partner, child(13, true), child(16, false)]), 4);
        assert_eq!(needed(&[head, child(20, true)]), 3);
    }
}
