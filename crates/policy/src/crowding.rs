//! Overbewoning (crowding): how many rooms a household needs, and whether an address has too few or too many.
//!
//! The norm of Eurostat (EU-SILC, "overcrowding rate"): one common room, one room per couple, one per other person of
//! 18 and older, one per pair of the same sex of 12 to 17, one per other person of 12 to 17, one per pair under 12.
//! Rooms of a dwelling are counted with the living room included.

use doorstroom_kernel::MonthOfYear;
use doorstroom_state::Members;
use doorstroom_state::members::Role;

/// Age in years from which a person needs a bedroom of the own.
const ADULT_FROM_YEARS: u16 = 18;
/// Age in years from which only persons of the same sex share a bedroom.
const SAME_SEX_FROM_YEARS: u16 = 12;

/// Persons sorted by what the norm asks for them.
#[derive(Clone, Copy, Default)]
struct Sleepers {
    in_couples: u16,
    adults: u16,
    girls: u16,
    boys: u16,
    children: u16,
}

impl Sleepers {
    fn add(&mut self, age: u16, female: bool, in_couple: bool) {
        match age {
            _ if in_couple => self.in_couples += 1,
            ADULT_FROM_YEARS.. => self.adults += 1,
            SAME_SEX_FROM_YEARS.. if female => self.girls += 1,
            SAME_SEX_FROM_YEARS.. => self.boys += 1,
            _ => self.children += 1,
        }
    }

    /// Half a couple (the partner lives elsewhere) sleeps alone; nobody needs no room, not even a common one.
    fn rooms(&self) -> u8 {
        let pairs = [self.in_couples, self.girls, self.boys, self.children];
        let bedrooms = self.adults + pairs.iter().map(|persons| persons.div_ceil(2)).sum::<u16>();
        if bedrooms == 0 { 0 } else { u8::try_from(bedrooms + 1).unwrap_or(u8::MAX) }
    }
}

/// Kamerbehoefte: rooms, the common room included, that `persons` need together; 0 for nobody.
///
/// Each person is (age in years, woman, lives with the partner). Source: Eurostat, overcrowding rate (EU-SILC).
pub fn rooms_needed(persons: impl Iterator<Item = (u16, bool, bool)>) -> u8 {
    let mut sleepers = Sleepers::default();
    persons.for_each(|(age, female, in_couple)| sleepers.add(age, female, in_couple));
    sleepers.rooms()
}

/// Kamerbehoefte of one household in month `now`; 0 for an empty one.
#[inline]
pub fn rooms_needed_by(members: &Members, now: MonthOfYear) -> u8 {
    rooms_needed_by_all(std::iter::once(members), now)
}

/// Kamerbehoefte of an address where one household hosts another (inwoning): both together, one common room.
pub fn rooms_needed_by_all<'a>(households: impl Iterator<Item = &'a Members>, now: MonthOfYear) -> u8 {
    let mut sleepers = Sleepers::default();
    for members in households {
        let paired = members.partner().is_some();
        for (_, person) in members.iter() {
            sleepers.add(person.age(now), person.female, paired && person.role != Role::Child);
        }
    }
    sleepers.rooms()
}

/// Kamerbehoefte of a shared home (woningdelen, kamerbewoning): a bedroom for each adult, partners too, and one common
/// room; children by the norm. A student house with a bedroom per tenant is therefore not crowded.
///
/// Assumption A109: Eurostat treats a shared home as one household, and partners would share a bedroom.
pub fn rooms_needed_in_shared_home<'a>(households: impl Iterator<Item = &'a Members>, now: MonthOfYear) -> u8 {
    let mut sleepers = Sleepers::default();
    for (_, person) in households.flat_map(Members::iter) {
        sleepers.add(person.age(now), person.female, false);
    }
    sleepers.rooms()
}

/// Overbewoond: fewer rooms than needed.
#[inline]
pub fn is_crowded(rooms_needed: u8, rooms: u8) -> bool {
    rooms < rooms_needed
}

/// Ruim bewoond (Eurostat, "under-occupied dwelling"): at least two rooms more than needed. One room more is the
/// ordinary case with the rooms of this model, which are read off floor area (assumption A104: 57 % of persons at the
/// start, Eurostat 51 % in 2016; with one room more it would be 83 %).
#[inline]
pub fn is_under_occupied(rooms_needed: u8, rooms: u8) -> bool {
    rooms >= rooms_needed + 2
}

#[cfg(test)]
mod tests {
    use super::*;
    use doorstroom_state::members::Person;

    const NOW: MonthOfYear = MonthOfYear(1_500);
    const MAN: bool = false;
    const WOMAN: bool = true;

    fn person(age: i16, female: bool, role: Role) -> Person {
        Person { born: MonthOfYear(NOW.0 - 12 * age), female, role }
    }

    fn household(persons: &[(i16, bool, Role)]) -> Members {
        let persons: Vec<_> = persons.iter().map(|&(age, female, role)| person(age, female, role)).collect();
        Members::of(&persons).0
    }

    fn couple_with(children: &[(i16, bool)]) -> Members {
        let parents = [(40, MAN, Role::Head), (38, WOMAN, Role::Partner)];
        let children = children.iter().map(|&(age, female)| (age, female, Role::Child));
        household(&parents.into_iter().chain(children).collect::<Vec<_>>())
    }

    #[test]
    fn a_couple_with_two_small_children_needs_three_rooms() {
        assert_eq!(rooms_needed_by(&couple_with(&[(5, MAN), (7, WOMAN)]), NOW), 3);
        let persons = [(40, MAN, true), (38, WOMAN, true), (5, MAN, false), (7, WOMAN, false)];
        assert_eq!(rooms_needed(persons.into_iter()), 3);
    }

    #[test]
    fn a_couple_with_a_boy_of_14_a_girl_of_13_and_a_child_of_8_needs_five_rooms() {
        assert_eq!(rooms_needed_by(&couple_with(&[(14, MAN), (13, WOMAN), (8, WOMAN)]), NOW), 5);
    }

    #[test]
    fn a_single_parent_with_two_boys_of_13_and_16_needs_three_rooms() {
        let family = [(40, WOMAN, Role::Head), (13, MAN, Role::Child), (16, MAN, Role::Child)];
        assert_eq!(rooms_needed_by(&household(&family), NOW), 3);
    }

    #[test]
    fn four_unrelated_adults_as_one_household_need_five_rooms() {
        assert_eq!(
            rooms_needed([(20, MAN, false), (21, WOMAN, false), (22, MAN, false), (30, MAN, false)].into_iter()),
            5
        );
    }

    #[test]
    fn a_child_of_18_gets_a_room_of_its_own_and_one_of_12_no_longer_shares_with_the_other_sex() {
        assert_eq!(rooms_needed_by(&couple_with(&[(11, MAN), (11, WOMAN)]), NOW), 3);
        assert_eq!(rooms_needed_by(&couple_with(&[(12, MAN), (12, WOMAN)]), NOW), 4);
        assert_eq!(rooms_needed_by(&couple_with(&[(17, MAN), (17, MAN)]), NOW), 3);
        assert_eq!(rooms_needed_by(&couple_with(&[(18, MAN), (17, MAN)]), NOW), 4);
    }

    #[test]
    fn nobody_needs_no_room_and_a_single_needs_two() {
        assert_eq!(rooms_needed_by(&Members::default(), NOW), 0);
        assert_eq!(rooms_needed_by(&household(&[(30, MAN, Role::Head)]), NOW), 2);
    }

    #[test]
    fn a_host_and_its_guest_are_measured_together_against_the_rooms_of_the_dwelling() {
        let host = couple_with(&[(8, MAN)]);
        let guest = household(&[(30, WOMAN, Role::Head), (6, WOMAN, Role::Child)]);
        let needed = rooms_needed_by_all([&host, &guest].into_iter(), NOW);
        assert_eq!(needed, 4, "common room, couple, guest, and the two children of 6 and 8 together");
        assert!(!is_crowded(rooms_needed_by(&host, NOW), 3) && is_crowded(needed, 3));
    }

    #[test]
    fn a_student_house_with_a_bedroom_for_each_is_not_crowded() {
        let student = household(&[(20, MAN, Role::Head)]);
        let needed = rooms_needed_in_shared_home([&student; 4].into_iter(), NOW);
        assert!(!is_crowded(needed, 5) && !is_under_occupied(needed, 5) && is_crowded(needed, 4));
    }

    #[test]
    fn partners_in_a_shared_home_count_as_two_adults() {
        let (pair, single) = (couple_with(&[]), household(&[(30, MAN, Role::Head)]));
        assert_eq!(rooms_needed_in_shared_home([&pair, &single].into_iter(), NOW), 4);
        assert_eq!(rooms_needed_by_all([&pair, &single].into_iter(), NOW), 3);
    }

    #[test]
    fn a_dwelling_with_exactly_the_rooms_needed_is_neither_crowded_nor_under_occupied() {
        assert!(!is_crowded(3, 3) && !is_under_occupied(3, 3));
        assert!(is_crowded(3, 2) && is_under_occupied(3, 5) && !is_under_occupied(3, 4));
    }
}
