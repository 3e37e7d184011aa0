//! Hazards of life events by age, and the list of them to which one household is exposed.

use doorstroom_kernel::{Day, Hazard, MonthOfYear};
use doorstroom_policy::Rules;
use doorstroom_state::household::Means;
use doorstroom_state::members::{MEMBERS_MAX, Members, Role};

/// A life event; those of a person carry its place among the members.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum LifeEvent {
    /// The couple breaks up.
    BreakUp,
    /// A single head or lone parent wishes to pair.
    Pair,
    /// To an institution.
    Institution,
    /// Back to the parents.
    BackToParents,
    /// Leaves the country.
    Emigrate,
    /// A woman gives birth.
    Birth(u8),
    /// A person dies.
    Death(u8),
    /// A child leaves home.
    LeaveHome(u8),
}

const AGES: usize = 121;

/// Hazards per step by whole age, made once a step from the rules in force.
#[derive(PartialEq)]
pub struct HazardTables {
    leave_home: [Hazard; AGES],
    pairing: [Hazard; AGES],
    pairing_lone: [Hazard; AGES],
    break_up: [Hazard; AGES],
    birth_couple: [Hazard; AGES],
    birth_alone: [Hazard; AGES],
    death_single: [Hazard; AGES],
    death_couple: [Hazard; AGES],
    institution: [Hazard; AGES],
    institution_couple: [Hazard; AGES],
    back_to_parents: [Hazard; AGES],
    emigration: [[Hazard; AGES]; 3],
    short_stay_leaves: Hazard,
    /// Sum of the hazards of one person by [`sort_of`], so that a look costs one addition a person.
    person: [[Hazard; AGES]; 6],
}

/// Row of `HazardTables::person` for a person: child, man, woman; in a couple or alone in charge.
fn sort_of(role: Role, female: bool, alone: bool, one_person: bool) -> usize {
    match (role, female) {
        (Role::Child, _) => 0,
        (_, false) if one_person => 1,
        (_, true) if one_person => 2,
        (_, false) => 3,
        (_, true) if alone => 4,
        (_, true) => 5,
    }
}

/// Months after a permit in which a status household does not pair or break up (worlds/MODEL.md M1).
const SETTLING_MONTHS: i32 = 36;

impl HazardTables {
    /// Tables of the rules on a day for steps of `dt` years.
    pub fn on(day: Day, rules: &Rules, dt: f64) -> Self {
        let d = &rules.demography;
        let by_age = |chance: &dyn Fn(u16) -> f64| {
            std::array::from_fn(|age| Hazard::of_yearly_chance(chance(age as u16).min(0.99), dt))
        };
        let death = |age: u16| match age {
            0..30 => d.death_young.at(day).at(age),
            _ => (d.death_at_sixty.at(day) * libm::exp(d.death_slope.at(day) * (f64::from(age) + 0.5 - 60.0)))
                .min(*d.death_highest.at(day)),
        };
        let factors = d.emigration_factors.at(day);
        let mut tables = HazardTables {
            leave_home: by_age(&|age| d.leave_home.at(day).at(age)),
            pairing: by_age(&|age| d.pairing.at(day).at(age)),
            pairing_lone: by_age(&|age| d.pairing.at(day).at(age) * *d.pairing_lone_parent.at(day)),
            break_up: by_age(&|age| d.break_up.at(day).at(age)),
            birth_couple: by_age(&|age| d.birth.at(day).at(age) * *d.birth_in_couple.at(day)),
            birth_alone: by_age(&|age| d.birth.at(day).at(age) * *d.birth_outside.at(day)),
            death_single: by_age(&|age| death(age) * *d.death_one_person.at(day)),
            death_couple: by_age(&|age| death(age) * *d.death_couple.at(day)),
            institution: by_age(&|age| d.institution.at(day).at(age)),
            institution_couple: by_age(&|age| d.institution.at(day).at(age) * *d.institution_couple.at(day)),
            back_to_parents: by_age(&|age| d.back_to_parents.at(day).at(age)),
            emigration: [1.0, factors[0], factors[1]]
                .map(|factor| by_age(&|age| d.emigration.at(day).at(age) * factor)),
            short_stay_leaves: Hazard::of_yearly_chance(*d.short_stay_leaves.at(day), dt),
            person: [[Hazard(0); AGES]; 6],
        };
        tables.person = tables.of_persons();
        tables
    }

    fn of_persons(&self) -> [[Hazard; AGES]; 6] {
        let sum = |a: &[Hazard; AGES], b: &[Hazard; AGES]| std::array::from_fn(|age| a[age] + b[age]);
        [
            sum(&self.death_couple, &self.leave_home),
            self.death_single,
            sum(&self.death_single, &self.birth_alone),
            self.death_couple,
            sum(&self.death_couple, &self.birth_alone),
            sum(&self.death_couple, &self.birth_couple),
        ]
    }
}

/// Sum of all hazards of a household: what `expose` tells, added up.
pub fn total(members: &Members, means: &Means, now: MonthOfYear, tables: &HazardTables) -> Hazard {
    let (mut sum, mut children, mut head, mut partner) = (Hazard(0), 0, None, None);
    for (_, person) in members.iter() {
        let age = usize::from(person.age(now)).min(AGES - 1);
        match person.role {
            Role::Head => head = Some((age, person.female)),
            Role::Partner => partner = Some((age, person.female)),
            Role::Child => {
                children += 1;
                sum = sum + tables.person[sort_of(Role::Child, person.female, false, false)][age];
            }
        }
    }
    let alone = partner.is_none();
    for (role, adult) in [(Role::Head, head), (Role::Partner, partner)] {
        let Some((age, female)) = adult else { continue };
        sum = sum + tables.person[sort_of(role, female, alone, alone && children == 0)][age];
    }
    let (head, partner) = (head.map_or(0, |(age, _)| age), partner.map(|(age, _)| age));
    of_household(means, now, tables, head, partner, children, &mut |_, hazard| sum = sum + hazard);
    sum
}

/// Most events to which one household is exposed: four as a whole, two a person.
const EVENTS_MAX: usize = 4 + 2 * MEMBERS_MAX;

/// The events to which a household is exposed, in a fixed order, with their hazards.
pub struct Exposure {
    events: [LifeEvent; EVENTS_MAX],
    hazards: [Hazard; EVENTS_MAX],
    count: usize,
}

impl Exposure {
    /// Of a household in the month `now`.
    pub fn of(members: &Members, means: &Means, now: MonthOfYear, tables: &HazardTables) -> Self {
        let mut exposure =
            Exposure { events: [LifeEvent::BreakUp; EVENTS_MAX], hazards: [Hazard(0); EVENTS_MAX], count: 0 };
        expose(members, means, now, tables, &mut |event, hazard| {
            exposure.events[exposure.count] = event;
            exposure.hazards[exposure.count] = hazard;
            exposure.count += 1;
        });
        exposure
    }

    /// The events.
    pub fn events(&self) -> &[LifeEvent] {
        &self.events[..self.count]
    }

    /// The hazard of each event.
    pub fn hazards(&self) -> &[Hazard] {
        &self.hazards[..self.count]
    }
}

/// Tells every event with its hazard. Reads persons and fixed traits only, never a home (worlds/MODEL.md M1).
fn expose(
    members: &Members,
    means: &Means,
    now: MonthOfYear,
    tables: &HazardTables,
    tell: &mut impl FnMut(LifeEvent, Hazard),
) {
    let mut ages = [0usize; MEMBERS_MAX];
    let (mut head, mut partner, mut children, mut persons) = (0, None, 0, 0);
    for (place, person) in members.iter() {
        ages[place] = usize::from(person.age(now)).min(AGES - 1);
        persons += 1;
        match person.role {
            Role::Head => head = ages[place],
            Role::Partner => partner = Some(ages[place]),
            Role::Child => children += 1,
        }
    }
    of_household(means, now, tables, head, partner, children, tell);
    for (place, person) in members.iter() {
        let (age, at) = (ages[place], place as u8);
        tell(LifeEvent::Death(at), if persons == 1 { tables.death_single[age] } else { tables.death_couple[age] });
        if person.role == Role::Child {
            tell(LifeEvent::LeaveHome(at), tables.leave_home[age]);
        } else if person.female {
            let birth = if partner.is_some() { tables.birth_couple[age] } else { tables.birth_alone[age] };
            tell(LifeEvent::Birth(at), birth);
        }
    }
}

/// The events of the household as a whole.
fn of_household(
    means: &Means,
    now: MonthOfYear,
    tables: &HazardTables,
    head: usize,
    partner: Option<usize>,
    children: usize,
    tell: &mut impl FnMut(LifeEvent, Hazard),
) {
    let temporary = means.is(Means::TEMPORARY_PROTECTION);
    let settled = !temporary
        && (means.permit_since.0 == 0
            || i32::from(now.0) - i32::from(means.permit_since.month_index().0) >= SETTLING_MONTHS);
    match partner {
        Some(partner) => {
            let older = head.max(partner);
            if settled {
                tell(LifeEvent::BreakUp, tables.break_up[older]);
            }
            tell(LifeEvent::Institution, tables.institution_couple[older]);
        }
        None => {
            if settled {
                tell(LifeEvent::Pair, if children > 0 { tables.pairing_lone[head] } else { tables.pairing[head] });
            }
            if children == 0 {
                tell(LifeEvent::Institution, tables.institution[head]);
                tell(LifeEvent::BackToParents, tables.back_to_parents[head]);
            }
        }
    }
    if !temporary {
        let kind = if partner.is_some() { 1 } else { usize::from(children > 0) * 2 };
        let stays = if means.is(Means::SHORT_STAY) { tables.short_stay_leaves } else { tables.emigration[kind][head] };
        tell(LifeEvent::Emigrate, stays);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use doorstroom_state::members::Person;

    /// Tables in which every entry is another number.
    fn tables() -> HazardTables {
        let mut next = 1;
        let mut table = || -> [Hazard; AGES] {
            std::array::from_fn(|_| {
                next += 7;
                Hazard(next)
            })
        };
        let mut tables = HazardTables {
            leave_home: table(),
            pairing: table(),
            pairing_lone: table(),
            break_up: table(),
            birth_couple: table(),
            birth_alone: table(),
            death_single: table(),
            death_couple: table(),
            institution: table(),
            institution_couple: table(),
            back_to_parents: table(),
            emigration: [table(), table(), table()],
            short_stay_leaves: Hazard(3),
            person: [[Hazard(0); AGES]; 6],
        };
        tables.person = tables.of_persons();
        tables
    }

    #[test]
    fn the_total_is_the_sum_of_all_events_for_every_kind_of_household() {
        let tables = tables();
        let now = MonthOfYear(1_500);
        let person = |role, age: i16, female| Person { born: MonthOfYear(1_500 - 12 * age), female, role };
        for mask in 0..64u32 {
            let bit = |i: u32| mask >> i & 1 == 1;
            let mut persons = vec![person(Role::Head, 41, bit(0))];
            persons.extend(bit(1).then(|| person(Role::Partner, 44, bit(2))));
            persons.extend(bit(3).then(|| person(Role::Child, 19, bit(0))));
            persons.extend(bit(4).then(|| person(Role::Child, 3, true)));
            let (members, _) = Members::of(&persons);
            let flags = if bit(5) { Means::SHORT_STAY } else { 0 };
            let means = Means { flags, ..Means::default() };
            let exposure = Exposure::of(&members, &means, now, &tables);
            assert_eq!(exposure.events().len(), exposure.hazards().len());
            assert_eq!(total(&members, &means, now, &tables), exposure.hazards().iter().copied().sum(), "{persons:?}");
        }
    }
}
