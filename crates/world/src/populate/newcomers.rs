//! Households that came from abroad and have no home of their own: their names, persons and means.

use doorstroom_kernel::{Day, Luck, MonthOfYear};
use doorstroom_policy::AgeTable;
use doorstroom_state::household::Work;
use doorstroom_state::{Home, HomeKind, KinName, Means, Members, Person, Role};

/// Who comes.
#[derive(Clone, Copy, Debug)]
pub(super) struct Party<'a> {
    /// Persons, 1 to 10.
    pub persons: usize,
    /// The head is a woman.
    pub female: bool,
    /// The second person is a partner.
    pub couple: bool,
    /// Youngest age of the head, years.
    pub youngest: u16,
    /// Relative number of heads by age.
    pub head_age: &'a AgeTable,
}

/// The step in names of arrivals before the run: no step of a run has it.
pub(super) const BEFORE: u16 = u16::MAX;

/// Name of the `ordinal`-th of a group that is there at the start.
pub(super) fn name(stream: &str, ordinal: u32) -> KinName {
    KinName::arrival(stream, 0, BEFORE, ordinal)
}

/// Ages, sexes and roles. Children are under 18 and were born when the head was 18 or older, so a head with children
/// has the age that allows them (assumption A186).
pub(super) fn members(party: Party<'_>, now: MonthOfYear, luck: &mut Luck) -> Members {
    let ages: Vec<f64> = (18..85).map(|age| party.head_age.at(age)).collect();
    let children = party.persons.saturating_sub(1 + usize::from(party.couple && party.persons > 1));
    let youngest_head = party.youngest.max(if children == 0 { 18 } else { 20 + 2 * children as u16 });
    let drawn = luck.pick(&ages).map_or(30, |i| i as u16 + 18);
    let age = drawn.max(youngest_head).min(if children == 0 { 84 } else { 55 });
    let born = |age: u16, luck: &mut Luck| MonthOfYear(now.0 - (age * 12) as i16 - luck.below(12) as i16);
    let mut persons = vec![Person { born: born(age, luck), female: party.female, role: Role::Head }];
    if party.couple && party.persons > 1 {
        let partner = (age + luck.below(7) as u16).saturating_sub(3).max(18);
        persons.push(Person { born: born(partner, luck), female: !party.female, role: Role::Partner });
    }
    let oldest_child = u64::from((age - 18).clamp(1, 17));
    for _ in 0..children {
        let age = luck.below(oldest_child) as u16;
        persons.push(Person { born: born(age, luck), female: luck.unit() < 0.49, role: Role::Child });
    }
    Members::of(&persons).0
}

/// Income and traits of a newcomer with `flags`.
pub(super) fn means(classes: &[f64; 4], region: u8, flags: u8, luck: &mut Luck) -> Means {
    Means {
        income_class: luck.pick(classes).map_or(1, |i| i as u8 + 1),
        position: luck.below(256) as u8,
        income_month: luck.below(12) as u8,
        origin_region: region,
        flags,
        work: Work::NotFollowed,
        permit_since: Day(0),
    }
}

/// A place outside the dwelling stock.
pub(super) fn home(kind: HomeKind, municipality: u16, since: Day) -> Home {
    Home { since, municipality, kind, ..Home::default() }
}

/// Sizes of `households` in these shares of `sizes`, largest first; whole numbers by largest remainder.
pub(super) fn sizes(households: f64, sizes: &[u8], shares: &[f64]) -> Vec<u8> {
    let counts = super::rounding::largest_remainder(shares, households.round() as u32);
    let mut all: Vec<u8> = sizes.iter().zip(counts).flat_map(|(&size, count)| vec![size; count as usize]).collect();
    all.sort_unstable_by_key(|&size| std::cmp::Reverse(size));
    all
}

/// Places households, largest first, each where most of `room` is left; returns the place of each. Room may run out:
/// then the place with the least overshoot is taken.
pub(super) fn spread(persons: &[u8], mut room: Vec<i64>) -> Vec<u16> {
    persons
        .iter()
        .map(|&persons| {
            let most = (0..room.len()).max_by_key(|&place| (room[place], std::cmp::Reverse(place))).unwrap_or(0);
            if let Some(left) = room.get_mut(most) {
                *left -= i64::from(persons);
            }
            most as u16
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use doorstroom_kernel::{Chance, Purpose};

    #[test]
    fn families_have_the_persons_asked_for_and_no_child_is_older_than_its_parent_allows() {
        let table = AgeTable(vec![(18, 3.0), (30, 1.0), (60, 0.0)]);
        let now = MonthOfYear(1_500);
        for identity in 0..2_000 {
            let mut luck = Chance::new(1).trait_of(Purpose::named("test newcomers"), identity);
            let persons = 1 + identity as usize % 10;
            let party = Party { persons, female: false, couple: true, youngest: 18, head_age: &table };
            let members = members(party, now, &mut luck);
            assert_eq!(members.count(), party.persons);
            let head = members.head_age(now);
            assert!(members.iter().all(|(_, p)| p.role != Role::Child || (p.age(now) < 18 && p.age(now) + 17 <= head)));
        }
    }

    #[test]
    fn households_go_where_most_room_is_left() {
        assert_eq!(spread(&[4, 2, 1, 1], vec![3, 5]), [1, 0, 0, 1]);
    }
}
