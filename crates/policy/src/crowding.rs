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
    // one bedroom at any age: most households, and no month of birth has to be looked at
    if members.is_single() || members.is_couple() { 2 } else { rooms_needed_by_all(std::iter::once(members), now) }
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
    use doorstroom_state::members::Person;

    use super::*;

    #[test]
    fn singles_and_couples_need_what_the_norm_asks_of_any_household() {
        let now = MonthOfYear(2_400);
        let persons = [Role::Head, Role::Partner, Role::Child].into_iter().flat_map(|role| {
            [5, 14, 40].map(|years| Person { born: MonthOfYear(now.0 - 12 * years), female: years == 14, role })
        });
        let persons: Vec<Person> = persons.collect();
        let mut households = vec![vec![]];
        for others in 0..3 {
            let larger = households.iter().filter(|household: &&Vec<Person>| household.len() == others);
            let larger =
                larger.flat_map(|household| persons.iter().map(|&person| [household.as_slice(), &[person]].concat()));
            households.extend(larger.collect::<Vec<_>>());
        }
        for household in households {
            let (members, _) = Members::of(&household);
            assert_eq!(
                rooms_needed_by(&members, now),
                rooms_needed_by_all(std::iter::once(&members), now),
                "{household:?}"
            );
            assert_eq!(members.count(), household.len());
        }
    }
}
