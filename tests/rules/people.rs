//! Rules about who lives together and who goes first: the norm of rooms, cost sharing, the regimes.

use doorstroom_kernel::{Day, MonthOfYear};
use doorstroom_policy::cost_sharing::{self, Sharer, share_of_couple_norm};
use doorstroom_policy::crowding::{rooms_needed, rooms_needed_by, rooms_needed_by_all, rooms_needed_in_shared_home};
use doorstroom_policy::priority::{
    HomeOffered, StatusApplicant, StatusRegime, may_earmark, may_hold_urgency, must_list_as_urgent,
};
use doorstroom_state::household::UrgencyGround;
use doorstroom_state::members::{self, Members};
use serde::Deserialize;

const NOW: MonthOfYear = MonthOfYear(1_500);

/// Age, sex and role.
#[derive(Deserialize, Debug, Clone, Copy)]
pub struct Person(i16, Sex, Role);

/// Sex, as far as the norm looks.
#[derive(Deserialize, Debug, Clone, Copy, PartialEq)]
pub enum Sex {
    /// Man or boy.
    Man,
    /// Woman or girl.
    Woman,
}

/// As [`members::Role`], to be read.
#[derive(Deserialize, Debug, Clone, Copy, PartialEq)]
pub enum Role {
    /// Head.
    Head,
    /// Partner.
    Partner,
    /// Child.
    Child,
}

/// Who lives at an address.
#[derive(Deserialize, Debug)]
pub enum Dwellers {
    /// One household.
    Household(Vec<Person>),
    /// A host and guests.
    Hosted(Vec<Vec<Person>>),
    /// Tenants of rooms.
    SharedHome(Vec<Vec<Person>>),
}

fn household(persons: &[Person]) -> Members {
    let person = |&Person(age, sex, role): &Person| members::Person {
        born: MonthOfYear(NOW.0 - 12 * age),
        female: sex == Sex::Woman,
        role: match role {
            Role::Head => members::Role::Head,
            Role::Partner => members::Role::Partner,
            Role::Child => members::Role::Child,
        },
    };
    let (members, left_out) = Members::of(&persons.iter().map(person).collect::<Vec<_>>());
    assert_eq!(left_out, 0, "a household holds ten persons");
    members
}

/// Rooms needed; of one household by both functions that say so.
pub fn crowding(given: &Dwellers) -> u8 {
    let all = |households: &[Vec<Person>]| households.iter().map(|persons| household(persons)).collect::<Vec<_>>();
    match given {
        Dwellers::Household(persons) => {
            let is_couple = persons.iter().any(|person| person.2 == Role::Partner);
            let by_person = persons
                .iter()
                .map(|person| (person.0 as u16, person.1 == Sex::Woman, is_couple && person.2 != Role::Child));
            let needed = rooms_needed_by(&household(persons), NOW);
            assert_eq!(rooms_needed(by_person), needed, "both functions agree");
            needed
        }
        Dwellers::Hosted(households) => rooms_needed_by_all(all(households).iter(), NOW),
        Dwellers::SharedHome(households) => rooms_needed_in_shared_home(all(households).iter(), NOW),
    }
}

/// An adult, by age in years.
#[derive(Deserialize, Debug)]
pub enum Adult {
    /// Shares by friends' contract.
    Friend(u16),
    /// Studies.
    Student(u16),
    /// Rents a room commercially.
    RoomTenant(u16),
}

/// Adults at one address.
#[derive(Deserialize, Debug)]
#[serde(deny_unknown_fields)]
pub struct Adults {
    counts_from: u16,
    adults: Vec<Adult>,
}

/// Who counts, and what each gets.
#[derive(Deserialize, Debug, PartialEq)]
#[serde(deny_unknown_fields)]
pub struct Norms {
    counted: u32,
    norms: Vec<f64>,
}

/// The cost-sharer norm to four decimals.
pub fn cost_sharing(given: &Adults) -> Norms {
    let adults: Vec<Sharer> = given.adults.iter().map(sharer).collect();
    let counted = cost_sharing::cost_sharers(&adults, given.counts_from);
    let norm = |i: usize| cost_sharing::norm_of(&adults, i, given.counts_from).expect("there is such an adult");
    assert_eq!(
        cost_sharing::norm_of(&adults, adults.len(), given.counts_from),
        None,
        "there is nobody beyond the last"
    );
    let norms: Vec<f64> = (0..adults.len()).map(norm).collect();
    let others = |i: usize| counted - u32::from(adults[i].counts(given.counts_from));
    let is_exempt = |i: usize| adults[i].student || adults[i].commercial_contract;
    let expected = |i: usize| if is_exempt(i) { 1 } else { others(i) + 1 };
    assert!((0..adults.len()).all(|i| norms[i] == share_of_couple_norm(expected(i))), "each by the others who count");
    Norms { counted, norms: norms.iter().map(|norm| (norm * 1e4).round() / 1e4).collect() }
}

fn sharer(adult: &Adult) -> Sharer {
    let (age_years, student, commercial_contract) = match *adult {
        Adult::Friend(age) => (age, false, false),
        Adult::Student(age) => (age, true, false),
        Adult::RoomTenant(age) => (age, false, true),
    };
    Sharer { age_years, student, commercial_contract }
}

/// A regime on a day, and for whom it is asked.
#[derive(Deserialize, Debug)]
#[serde(deny_unknown_fields)]
pub struct Question {
    regime: StatusRegime,
    since: Day,
    today: Day,
    by_law: bool,
    households: Vec<StatusHousehold>,
    homes: Vec<Kept>,
}

/// A household of status holders.
#[derive(Deserialize, Debug, Clone, Copy, PartialEq)]
pub enum StatusHousehold {
    /// One person, nobody to follow.
    Single,
    /// One person whose family is awaited.
    AwaitingFamily,
    /// More.
    Family,
}

/// A home that is to be kept.
#[derive(Deserialize, Debug, Clone, Copy, PartialEq)]
pub enum Kept {
    /// An existing corporation dwelling.
    Regular,
    /// A new one.
    New,
    /// A room in a shared one.
    Shared,
    /// A flex home.
    Flex,
    /// An interim home.
    Interim,
}

/// The answer to all combinations.
#[derive(Deserialize, Debug, PartialEq)]
pub enum Allowed {
    /// Each home for each household.
    All,
    /// None for any.
    Nothing,
    /// Some; no case expects it.
    Some(usize),
}

/// What may be kept for whom.
pub fn earmarks(given: &Question) -> Allowed {
    let pairs = given.households.iter().flat_map(|&who| given.homes.iter().map(move |&home| (who, home)));
    let asked = given.households.len() * given.homes.len();
    assert!(asked > 0, "a case asks something: {given:?}");
    let allowed = pairs.filter(|&(who, home)| may(given, who, home)).count();
    match allowed {
        0 => Allowed::Nothing,
        all if all == asked => Allowed::All,
        some => Allowed::Some(some),
    }
}

fn may(given: &Question, who: StatusHousehold, home: Kept) -> bool {
    let applicant = StatusApplicant {
        single: who == StatusHousehold::Single,
        awaiting_family: who == StatusHousehold::AwaitingFamily,
    };
    let home = HomeOffered {
        shared: home == Kept::Shared,
        flex: home == Kept::Flex,
        interim: home == Kept::Interim,
        new_corporation: home == Kept::New,
    };
    may_earmark(&given.regime, given.since, given.today, &applicant, home, given.by_law)
}

/// A regime, a household with or without a residence permit, and a municipality with or without urgency in its by-law.
#[derive(Deserialize, Debug)]
#[serde(deny_unknown_fields)]
pub struct Statement {
    regime: StatusRegime,
    permit: bool,
    by_law: bool,
}

/// As [`UrgencyGround`], to be read.
#[derive(Deserialize, Debug, PartialEq)]
pub enum Ground {
    /// The status itself.
    None,
    /// Medical or social.
    Medical,
    /// Renewal.
    Renewal,
}

/// Grounds that hold, and a duty.
#[derive(Deserialize, Debug, PartialEq)]
#[serde(deny_unknown_fields)]
pub struct Urgency {
    grounds: Vec<Ground>,
    must_list: bool,
}

/// Who may hold urgency on which ground, and whether the status must be one.
pub fn urgency(given: &Statement) -> Urgency {
    let grounds = [
        (UrgencyGround::None, Ground::None),
        (UrgencyGround::Medical, Ground::Medical),
        (UrgencyGround::Renewal, Ground::Renewal),
    ];
    let held = grounds.into_iter().filter(|(ground, _)| may_hold_urgency(&given.regime, given.permit, *ground));
    Urgency {
        grounds: held.map(|(_, ground)| ground).collect(),
        must_list: must_list_as_urgent(&given.regime, given.by_law),
    }
}
