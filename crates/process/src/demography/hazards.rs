//! Hazards of life events by age, and the list of them to which one household is exposed.

use doorstroom_kernel::{Hazard, MonthOfYear};
use doorstroom_policy::Rules;
use doorstroom_state::household::Means;
use doorstroom_state::members::{Members, Role};

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
    /// Wishes to buy.
    Buy,
    /// As owner, wishes to move.
    Move,
    /// Wishes to rent privately.
    Rent,
    /// A woman gives birth.
    Birth(u8),
    /// A person dies.
    Death(u8),
    /// A child leaves home.
    LeaveHome(u8),
}

const AGES: usize = 121;
/// Events of the household and three of each of ten persons.
const EVENTS_MAX: usize = 8 + 30;

/// Hazards per step by whole age, made once a step from the rules in force.
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
    buy: [[Hazard; AGES]; 9],
    owner_move: Hazard,
    rent: [Hazard; AGES],
}

/// Months after a permit in which a status household does not pair or break up (model.md M1).
const SETTLING_MONTHS: i32 = 36;

impl HazardTables {
    /// Tables for steps of `dt` years.
    pub fn new(rules: &Rules, dt: f64) -> Self {
        let d = &rules.demography;
        let by_age = |chance: &dyn Fn(u16) -> f64| {
            std::array::from_fn(|age| Hazard::of_yearly_chance(chance(age as u16).min(0.99), dt))
        };
        let death = |age: u16| match age {
            0..30 => d.death_young.now().at(age),
            _ => (d.death_at_sixty.get() * libm::exp(d.death_slope.get() * (f64::from(age) + 0.5 - 60.0)))
                .min(d.death_highest.get()),
        };
        let factors = d.emigration_factors.now();
        let m = &rules.market;
        HazardTables {
            leave_home: by_age(&|age| d.leave_home.now().at(age)),
            pairing: by_age(&|age| d.pairing.now().at(age)),
            pairing_lone: by_age(&|age| d.pairing.now().at(age) * d.pairing_lone_parent.get()),
            break_up: by_age(&|age| d.break_up.now().at(age)),
            birth_couple: by_age(&|age| d.birth.now().at(age) * d.birth_in_couple.get()),
            birth_alone: by_age(&|age| d.birth.now().at(age) * d.birth_outside.get()),
            death_single: by_age(&|age| death(age) * d.death_one_person.get()),
            death_couple: by_age(&|age| death(age) * d.death_couple.get()),
            institution: by_age(&|age| d.institution.now().at(age)),
            institution_couple: by_age(&|age| d.institution.now().at(age) * d.institution_couple.get()),
            back_to_parents: by_age(&|age| d.back_to_parents.now().at(age)),
            emigration: [1.0, factors[0], factors[1]]
                .map(|factor| by_age(&|age| d.emigration.now().at(age) * factor)),
            short_stay_leaves: Hazard::of_yearly_chance(d.short_stay_leaves.get(), dt),
            buy: std::array::from_fn(|class| {
                by_age(&|age| {
                    let wish = if class < m.buy_class_lowest.get() as usize { 0.0 } else { m.buy_wish.now()[class - 1] };
                    wish * m.buy_age.now().at(age) * m.buy_scale.get()
                })
            }),
            owner_move: Hazard::of_yearly_chance(m.owner_move.get(), dt),
            rent: by_age(&|age| m.rent_wish.now().at(age) * m.rent_scale.get()),
        }
    }
}

/// The events to which one household is exposed in one step.
pub struct Exposure {
    hazards: [Hazard; EVENTS_MAX],
    events: [LifeEvent; EVENTS_MAX],
    len: usize,
}

impl Exposure {
    /// Exposure of a household; reads persons and fixed traits only, never a home (model.md M1).
    pub fn of(members: &Members, means: &Means, now: MonthOfYear, tables: &HazardTables) -> Self {
        let mut exposure = Exposure { hazards: [Hazard(0); EVENTS_MAX], events: [LifeEvent::Move; EVENTS_MAX], len: 0 };
        let age_of = |place: usize| members.get(place).map_or(0, |p| usize::from(p.age(now)).min(AGES - 1));
        let (head, partner) = (members.head().map_or(0, age_of), members.partner().map(age_of));
        let has_children = members.iter().any(|(_, p)| p.role == Role::Child);
        let settled = (now.0 as i32 - means.permit_since.month_index().0 as i32) >= SETTLING_MONTHS
            && !means.is(Means::TEMPORARY_PROTECTION);
        match partner {
            Some(partner) => {
                let older = head.max(partner);
                if settled {
                    exposure.add(LifeEvent::BreakUp, tables.break_up[older]);
                }
                exposure.add(LifeEvent::Institution, tables.institution_couple[older]);
            }
            None => {
                if settled {
                    let table = if has_children { &tables.pairing_lone } else { &tables.pairing };
                    exposure.add(LifeEvent::Pair, table[head]);
                }
                if !has_children {
                    exposure.add(LifeEvent::Institution, tables.institution[head]);
                    exposure.add(LifeEvent::BackToParents, tables.back_to_parents[head]);
                }
            }
        }
        if !means.is(Means::TEMPORARY_PROTECTION) {
            let kind = if partner.is_some() { 1 } else if has_children { 2 } else { 0 };
            let stay = if means.is(Means::SHORT_STAY) { tables.short_stay_leaves } else { tables.emigration[kind][head] };
            exposure.add(LifeEvent::Emigrate, stay);
        }
        if !means.is(Means::SHORT_STAY) {
            exposure.add(LifeEvent::Buy, tables.buy[usize::from(means.income_class).min(8)][head]);
        }
        exposure.add(LifeEvent::Move, tables.owner_move);
        exposure.add(LifeEvent::Rent, tables.rent[head]);
        exposure.add_persons(members, now, tables, partner.is_some());
        exposure
    }

    fn add_persons(&mut self, members: &Members, now: MonthOfYear, tables: &HazardTables, couple: bool) {
        let alone = members.is_single();
        for (place, person) in members.iter() {
            let age = usize::from(person.age(now)).min(AGES - 1);
            let place = place as u8;
            let death = if alone { tables.death_single[age] } else { tables.death_couple[age] };
            self.add(LifeEvent::Death(place), death);
            if person.female && person.role != Role::Child {
                let birth = if couple { tables.birth_couple[age] } else { tables.birth_alone[age] };
                self.add(LifeEvent::Birth(place), birth);
            }
            if person.role == Role::Child {
                self.add(LifeEvent::LeaveHome(place), tables.leave_home[age]);
            }
        }
    }

    fn add(&mut self, event: LifeEvent, hazard: Hazard) {
        if hazard.0 > 0 {
            self.hazards[self.len] = hazard;
            self.events[self.len] = event;
            self.len += 1;
        }
    }

    /// Sum of all hazards.
    pub fn total(&self) -> Hazard {
        self.hazards[..self.len].iter().copied().sum()
    }

    /// Hazards in the order of [`Exposure::events`].
    pub fn hazards(&self) -> &[Hazard] {
        &self.hazards[..self.len]
    }

    /// Events in the order of their hazards.
    pub fn events(&self) -> &[LifeEvent] {
        &self.events[..self.len]
    }
}
