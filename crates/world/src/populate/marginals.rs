//! What the start state should add up to, beside what it does.

use doorstroom_kernel::MonthOfYear;
use doorstroom_policy::crowding::{is_crowded, rooms_needed_by_all};
use doorstroom_state::dwelling::DwellingUse;
use doorstroom_state::tenancy::Occupants;
use doorstroom_state::{DwellingForm, HomeKind, Members, Role, Tenure};

use super::start::StartRules;
use crate::population::Population;

/// A sum or share of the start state.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Marginal {
    /// What is counted.
    pub label: &'static str,
    /// What it should be: a count at the population's scale, or a share.
    pub wanted: f64,
    /// What it is.
    pub got: f64,
}

impl Marginal {
    /// Deviation as a share of what is wanted; 0 when nothing is wanted and there is nothing.
    pub fn deviation(&self) -> f64 {
        if self.wanted == self.got { 0.0 } else { (self.got - self.wanted).abs() / self.wanted.abs() }
    }
}

/// Persons in homes with fewer, and with more rooms than needed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Room {
    persons: u64,
    crowded: u64,
    spacious: u64,
}

/// National figures of the start state: levels from the tables and their README, households without an own
/// dwelling as in `start.ron`, crowding and under-occupation from Eurostat (4.8 %, 2022; 51 %, 2016).
///
/// Under-occupied here means at least two rooms more than needed: with rooms counted from floor area, the living room
/// of a single or couple and one spare room are the rule.
pub fn marginals(population: &Population, start: &StartRules) -> Vec<Marginal> {
    let now = start.date.month_index();
    let mut all = dwellings(population, start.dwellings.lettable.value);
    all.extend(households(population, now));
    let room = room(population, now);
    let share = |part: u64| part as f64 / room.persons.max(1) as f64;
    all.push(Marginal { label: "persons in crowded homes, share", wanted: 0.048, got: share(room.crowded) });
    all.push(Marginal { label: "persons in under-occupied homes, share", wanted: 0.51, got: share(room.spacious) });
    all
}

/// `lettable` are the vacant dwellings of the first day, by tenure.
fn dwellings(population: &Population, lettable: [f64; 3]) -> Vec<Marginal> {
    let scale = population.scale;
    let there = |tenure, form| {
        let is = |d: &&doorstroom_state::Dwelling| d.tenure == tenure && d.form == form && d.state != DwellingUse::Gone;
        population.dwellings.iter().filter(is).count() as f64
    };
    let count = |label, wanted: f64, got: f64| Marginal { label, wanted: wanted * scale, got };
    let shared = Tenure::ALL.map(|tenure| there(tenure, DwellingForm::Shared));
    let own = Tenure::ALL.map(|tenure| there(tenure, DwellingForm::SelfContained));
    let vacant = |tenure: Tenure| population.vacancies.dwellings[tenure as usize].len() as f64;
    let empty = population.dwellings.iter().filter(|d| d.occupant == doorstroom_state::NO_SLOT).count() as f64;
    let of_corporations = |d: &&doorstroom_state::Dwelling| d.tenure == Tenure::Corporation && d.rent_class > 0;
    let small = population.dwellings.iter().filter(of_corporations).filter(|d| d.rooms <= 2).count() as f64;
    vec![
        count("dwellings", 8_204_000.0, population.dwellings.len() as f64),
        count("dwellings, owner-occupied", 4_685_222.0, own[0]),
        count("dwellings, corporation, self-contained", 2_300_000.0, own[1]),
        count("dwellings, other rental, shared homes included", 1_218_778.0, own[2] + shared[1] + shared[2]),
        count("shared homes", 89_000.0, shared[1] + shared[2]),
        count("shared homes of corporations", 22_000.0, shared[1]),
        count("dwellings without occupants", 363_074.0, empty),
        count("vacant to be sold", lettable[0], vacant(Tenure::Owner)),
        count("vacant to be let by corporations", lettable[1], vacant(Tenure::Corporation)),
        count("vacant to be let by others", lettable[2], vacant(Tenure::OtherRental)),
        Marginal {
            label: "corporation dwellings of one or two rooms, share",
            wanted: 0.09,
            got: small / (own[1] + shared[1]).max(1.0),
        },
    ]
}

fn households(population: &Population, now: MonthOfYear) -> Vec<Marginal> {
    let scale = population.scale;
    let count = |label, wanted: f64, got: usize| Marginal { label, wanted: wanted * scale, got: got as f64 };
    let living = |kinds: &[HomeKind]| population.homes.iter().filter(|home| kinds.contains(&home.kind)).count();
    // reception and places for Ukrainians are stocks of their own
    let private = || {
        let there = population.members.iter().zip(&population.homes);
        there.filter(|(_, home)| home.kind.is_private()).map(|(members, _)| members)
    };
    let of_size = |from, to| private().filter(|m| (from..=to).contains(&m.count())).count();
    let lone = |m: &&Members| m.count() > 1 && m.partner().is_none();
    let persons: usize = private().map(Members::count).sum();
    let at_home = |m: &Members| m.iter().filter(|(_, p)| p.role == Role::Child && p.age(now) >= 18).count();
    vec![
        count("households", 8_374_404.0, private().count()),
        count("households of one", 3_295_527.0, of_size(1, 1)),
        count("households of two", 2_752_945.0, of_size(2, 2)),
        count("households of three and more", 2_325_932.0, of_size(3, 10)),
        count("lone parents", 628_080.0, private().filter(lone).count()),
        count("persons in households", 17_650_000.0, persons),
        count("adults living with parents", 1_400_000.0, private().map(at_home).sum()),
        count("hosted", 178_000.0, living(&[HomeKind::WithParents, HomeKind::WithKin, HomeKind::Sublet])),
        // a share of 0.34: assumption A38
        count("hosted by parents", 60_520.0, living(&[HomeKind::WithParents])),
        count("in rooms", 356_000.0, living(&[HomeKind::Room])),
        count("other accommodation", 91_000.0, living(&[HomeKind::Other])),
    ]
}

/// A guest and the host are measured together against the dwelling; nobody in a shared home is crowded.
fn room(population: &Population, now: MonthOfYear) -> Room {
    let mut all = Room::default();
    for dwelling in &population.dwellings {
        let occupants = || Occupants::of(&population.homes, dwelling).map(|slot| &population.members[slot as usize]);
        let persons: u64 = occupants().map(|members| members.count() as u64).sum();
        all.persons += persons;
        if dwelling.form != DwellingForm::Shared {
            let need = rooms_needed_by_all(occupants(), now);
            all.crowded += persons * u64::from(is_crowded(need, dwelling.rooms));
            all.spacious += persons * u64::from(dwelling.rooms >= need + 2);
        }
    }
    all
}
