//! Persons live inside their household: birth month, sex and role, at most ten.

use doorstroom_kernel::MonthOfYear;

/// Persons a household can hold; larger arrivals are capped and counted (assumption A11).
pub const MEMBERS_MAX: usize = 10;

/// What a person is in the household.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
#[repr(u8)]
pub enum Role {
    /// Reference person.
    Head = 1,
    /// Partner of the head.
    Partner = 2,
    /// Child of the head or partner, of any age, living in.
    Child = 3,
}

/// One person, unpacked.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Person {
    /// Month of birth.
    pub born: MonthOfYear,
    /// Woman (births and room norms need it).
    pub female: bool,
    /// Role in the household.
    pub role: Role,
}

impl Person {
    /// Age in whole years at `now`.
    pub fn age(&self, now: MonthOfYear) -> u16 {
        self.born.years_until(now)
    }

    /// Months from `now` until the birthday of that `age` in years; `None` if it is past, or no age.
    #[inline]
    pub fn months_until(&self, age: u16, now: MonthOfYear) -> Option<u32> {
        let months = i32::from(self.born.0) + 12 * i32::from(age) - i32::from(now.0);
        u32::try_from(months).ok().filter(|&months| months > 0 && age != NO_AGE)
    }
}

/// No age in years.
const NO_AGE: u16 = u16::MAX;

/// By age in whole years, the next age at which something is other than a year before; an age that nobody reaches if
/// there is none.
pub fn next_ages<const AGES: usize>(is_other: impl Fn(usize) -> bool) -> [u16; AGES] {
    let mut next = [NO_AGE; AGES];
    for age in (1..AGES).rev() {
        next[age - 1] = if is_other(age) { age as u16 } else { next[age] };
    }
    next
}

/// The persons of a household, packed in 32 bytes. A place keeps its index while the person stays, so a
/// registration can point at it; freed places are reused by newborns only after the registration ended.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[repr(C)]
pub struct Members {
    born: [i16; MEMBERS_MAX],
    kind: [u8; MEMBERS_MAX],
    /// Events that ever brought forth another household: the ordinal of the next one's name.
    pub offspring: u8,
    /// One past the last place taken: most households have two persons, and nobody looks further.
    end: u8,
}

impl Default for Members {
    fn default() -> Self {
        Members { born: [0; MEMBERS_MAX], kind: [0; MEMBERS_MAX], offspring: 0, end: 0 }
    }
}

impl Members {
    /// A household of these persons; those beyond ten are left out and counted in the second value.
    pub fn of(persons: &[Person]) -> (Self, usize) {
        let mut members = Members::default();
        let left_out = persons.iter().filter(|&&person| members.add(person).is_none()).count();
        (members, left_out)
    }

    /// The person at `index`.
    pub fn get(&self, index: usize) -> Option<Person> {
        let kind = *self.kind.get(index)?;
        let role = match kind & 3 {
            1 => Role::Head,
            2 => Role::Partner,
            3 => Role::Child,
            _ => return None,
        };
        Some(Person { born: MonthOfYear(self.born[index]), female: kind & 4 != 0, role })
    }

    /// Persons with their places.
    pub fn iter(&self) -> impl Iterator<Item = (usize, Person)> + '_ {
        (0..usize::from(self.end)).filter_map(|i| self.get(i).map(|person| (i, person)))
    }

    /// Number of persons.
    pub fn count(&self) -> usize {
        // all places in one go: how many are taken cannot be foretold
        self.kind.iter().map(|&kind| usize::from(kind != 0)).sum()
    }

    /// Adds a person at the first free place; `None` if the household is full.
    pub fn add(&mut self, person: Person) -> Option<usize> {
        let place = self.kind.iter().position(|&kind| kind == 0)?;
        self.born[place] = person.born.0;
        self.kind[place] = person.role as u8 | u8::from(person.female) << 2;
        self.end = self.end.max(place as u8 + 1);
        Some(place)
    }

    /// Takes out and returns the person at `index`.
    pub fn remove(&mut self, index: usize) -> Option<Person> {
        let person = self.get(index)?;
        self.kind[index] = 0;
        while self.end > 0 && self.kind[usize::from(self.end) - 1] == 0 {
            self.end -= 1;
        }
        Some(person)
    }

    /// Changes the role of the person at `index`; nothing happens at an empty place.
    pub fn set_role(&mut self, index: usize, role: Role) {
        if self.get(index).is_some() {
            self.kind[index] = role as u8 | (self.kind[index] & 4);
        }
    }

    /// Place of the head.
    pub fn head(&self) -> Option<usize> {
        self.place_of(Role::Head)
    }

    /// The head.
    pub fn head_person(&self) -> Option<Person> {
        self.head().and_then(|place| self.get(place))
    }

    /// Place of the partner.
    pub fn partner(&self) -> Option<usize> {
        self.place_of(Role::Partner)
    }

    fn taken(&self) -> &[u8] {
        &self.kind[..usize::from(self.end)]
    }

    fn place_of(&self, role: Role) -> Option<usize> {
        self.taken().iter().position(|&kind| kind & 3 == role as u8)
    }

    /// Age of the head in years at `now`; 0 without a head.
    pub fn head_age(&self, now: MonthOfYear) -> u16 {
        self.head().and_then(|i| self.get(i)).map_or(0, |person| person.age(now))
    }

    /// Head and partner, and children of 18 and older.
    pub fn adults(&self, now: MonthOfYear) -> usize {
        self.iter().filter(|(_, p)| p.role != Role::Child || p.age(now) >= 18).count()
    }

    /// Children of school age, 4 to 17.
    pub fn of_school_age(&self, now: MonthOfYear) -> usize {
        self.iter().filter(|(_, person)| (4..18).contains(&person.age(now))).count()
    }

    /// Children below 18.
    pub fn minors(&self, now: MonthOfYear) -> usize {
        self.iter().filter(|(_, p)| p.role == Role::Child && p.age(now) < 18).count()
    }

    /// A head without partner or children.
    pub fn is_single(&self) -> bool {
        self.count() == 1
    }

    /// Head and partner, and nobody else.
    pub fn is_couple(&self) -> bool {
        self.count() == 2 && self.partner().is_some() && self.head().is_some()
    }

    /// True when nobody is left.
    pub fn is_empty(&self) -> bool {
        self.end == 0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_next_age_is_the_first_at_which_something_is_other_and_has_a_birthday_ahead() {
        let value = |age: usize| u8::from(age >= 3) + u8::from(age >= 6);
        let next: [u16; 10] = next_ages(|age| value(age) != value(age - 1));
        assert_eq!(next, [3, 3, 3, 6, 6, 6, NO_AGE, NO_AGE, NO_AGE, NO_AGE]);
        let (now, person) = (MonthOfYear(1_000), |months: i16| Person {
            born: MonthOfYear(1_000 - months),
            female: false,
            role: Role::Child,
        });
        assert_eq!(person(12 * 18 - 1).months_until(18, now), Some(1));
        assert_eq!(person(12 * 18).months_until(18, now), None, "the birthday is now");
        assert_eq!(person(0).months_until(NO_AGE, now), None);
    }

    #[test]
    fn a_place_keeps_its_index_when_another_person_leaves() {
        let person = |role| Person { born: MonthOfYear(1200), female: false, role };
        let (mut members, left_out) = Members::of(&[person(Role::Head), person(Role::Partner), person(Role::Child)]);
        assert_eq!(left_out, 0);
        members.remove(1);
        assert_eq!(members.get(2).map(|p| p.role), Some(Role::Child));
        assert_eq!(members.add(person(Role::Child)), Some(1));
        assert_eq!(members.count(), 3);
        for place in [2, 1, 0] {
            assert!(members.remove(place).is_some() && members.count() == place);
        }
        assert!(members.is_empty() && members.head().is_none());
        assert_eq!(std::mem::size_of::<Members>(), 32);
    }
}
