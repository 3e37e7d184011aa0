//! The persons of a household: ages, sexes, couples, parents and children.

use doorstroom_kernel::{Luck, MonthOfYear};
use doorstroom_state::members::MEMBERS_MAX;
use doorstroom_state::{Members, Person, Role};

use super::plan::PERSONS;
use super::start::StartRules;
use super::tables::{SizeByAge, Tables};

/// Who lives together.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
#[repr(u8)]
pub(super) enum Composition {
    #[default]
    Single,
    LoneParent,
    Couple,
    Family,
}

/// Oldest parent for whom ages of children are tabled.
const PARENT_AGES: usize = 111;
/// Oldest child that lives in.
const CHILD_AGES: usize = 75;

/// Draws the persons of households of a given age band and size.
pub(super) struct PersonDraw<'a> {
    start: &'a StartRules,
    bands: &'a [SizeByAge],
    now: MonthOfYear,
    lone_by_persons: [f64; 4],
    /// Cumulative chances of a child's age, by sex of the parent (man, woman) and age of the parent.
    child_ages: [Vec<[f32; CHILD_AGES]>; 2],
}

impl<'a> PersonDraw<'a> {
    pub(super) fn new(tables: &'a Tables, start: &'a StartRules) -> Self {
        let rules = &start.households;
        let total: f64 = tables.sizes.iter().flat_map(|band| band.households).sum();
        let lone = rules.lone_parent_share.value.get() * total;
        let lone_by_persons = std::array::from_fn(|i| {
            let of_size: f64 = tables.sizes.iter().map(|band| band.households[i + 1]).sum();
            (lone * rules.lone_parents_by_size.value[i].get() / of_size).min(1.0)
        });
        let mother = child_ages(start, start.children.mother_age_mean.value);
        let father = child_ages(start, start.children.father_age_mean.value);
        let now = start.date.month_index();
        PersonDraw { start, bands: &tables.sizes, now, lone_by_persons, child_ages: [father, mother] }
    }

    /// A household of the (age band, kind) of the plan.
    pub(super) fn household(&self, band: usize, kind: usize, luck: &mut Luck) -> (Members, Composition) {
        let rules = &self.start.households;
        let band = &self.bands[band];
        let from = band.age_from.max(rules.head_age_min.value.min(band.age_below - 1));
        let months = u64::from(band.age_below - from) * 12;
        let born = self.months_ago(u32::from(from) * 12 + luck.below(months) as u32);
        let age = born.years_until(self.now);
        let composition = self.composition(kind, luck);
        let has_partner = matches!(composition, Composition::Couple | Composition::Family);
        let women = match composition {
            Composition::Single => rules.single_women.value.at(age),
            Composition::LoneParent => rules.lone_parent_women.value.get(),
            // the reference person of a couple of man and woman is the man
            Composition::Couple | Composition::Family => rules.same_sex_couples.value.get() / 2.0,
        };
        let head = Person { born, female: luck.unit() < women, role: Role::Head };
        let mut members = Members::default();
        members.add(head);
        let mut younger = age;
        if has_partner {
            let partner = self.partner(&head, age, luck);
            younger = younger.min(partner.age(self.now));
            members.add(partner);
        }
        let children = self.persons(kind, luck) - members.count();
        for _ in 0..children {
            members.add(self.child(&head, age, younger, luck));
        }
        (members, composition)
    }

    fn composition(&self, kind: usize, luck: &mut Luck) -> Composition {
        match kind {
            0 => Composition::Single,
            1 => Composition::Couple,
            2 => Composition::LoneParent,
            _ if luck.unit() < self.lone_by_persons[kind - 2] => Composition::LoneParent,
            _ => Composition::Family,
        }
    }

    fn persons(&self, kind: usize, luck: &mut Luck) -> usize {
        let shares = &self.start.households.large_sizes.value;
        match PERSONS[kind] {
            5 => (5 + luck.pick(&shares.map(|share| share.get())).unwrap_or(0)).min(MEMBERS_MAX),
            persons => persons,
        }
    }

    fn partner(&self, head: &Person, age: u16, luck: &mut Luck) -> Person {
        let rules = &self.start.households;
        let gap = rules.partner_gap_mean.value + rules.partner_gap_sd.value * luck.normal();
        // a woman who heads a couple of two women is as old as her partner on average
        let gap = if head.female { gap - rules.partner_gap_mean.value } else { gap };
        let youngest = f64::from(rules.head_age_min.value);
        let years = (f64::from(age) - gap).clamp(youngest, f64::from(PARENT_AGES as u32 - 1));
        let born = self.months_ago((years * 12.0) as u32 + luck.below(12) as u32);
        let same = luck.unit() < rules.same_sex_couples.value.get() / 2.0;
        Person { born, female: head.female || !same, role: Role::Partner }
    }

    fn child(&self, head: &Person, age: u16, younger: u16, luck: &mut Luck) -> Person {
        let cumulative = &self.child_ages[usize::from(head.female)][usize::from(age).min(PARENT_AGES - 1)];
        let oldest = younger.saturating_sub(self.start.children.parent_age_min.value);
        let u = luck.unit() as f32;
        let drawn = cumulative.partition_point(|&below| below <= u).min(CHILD_AGES - 1) as u16;
        let months = u32::from(drawn.min(oldest)) * 12 + luck.below(12) as u32;
        Person { born: self.months_ago(months), female: luck.below(2) == 0, role: Role::Child }
    }

    fn months_ago(&self, months: u32) -> MonthOfYear {
        MonthOfYear((i32::from(self.now.0) - months as i32) as i16)
    }
}

/// Cumulative chances of the age of a child who lives in, by age of the parent: births around the mean age of the
/// parent, times the part that has not left home yet.
fn child_ages(start: &StartRules, parent_age_mean: f64) -> Vec<[f32; CHILD_AGES]> {
    let rules = &start.children;
    let mut home = [1.0; CHILD_AGES];
    for age in 1..CHILD_AGES {
        home[age] = home[age - 1] * (1.0 - rules.leaving.value.at(age as u16 - 1));
    }
    let at_home = home.map(|part| libm::pow(part, rules.staying_power.value));
    (0..PARENT_AGES)
        .map(|parent| {
            let weight = |child: usize| {
                let then = parent as f64 - child as f64;
                let deviation = (then - parent_age_mean) / rules.parent_age_sd.value;
                let possible = then >= f64::from(rules.parent_age_min.value);
                if possible { at_home[child] * libm::exp(-0.5 * deviation * deviation) } else { 0.0 }
            };
            let total: f64 = (0..CHILD_AGES).map(weight).sum();
            let mut below = 0.0;
            // nobody so young has children; a row without mass gives newborns
            std::array::from_fn(|child| {
                below += if total > 0.0 { weight(child) / total } else { 1.0 };
                below as f32
            })
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::super::test_world;
    use super::*;
    use doorstroom_kernel::{Chance, Purpose};

    const TEST: Purpose = Purpose::named("test persons");

    #[test]
    fn households_have_the_size_of_their_kind_and_parents_are_older_than_children() {
        let (tables, start) = test_world();
        let draw = PersonDraw::new(&tables, &start);
        let now = start.date.month_index();
        for (identity, (band, kind)) in (0..4_000).zip((0..17).flat_map(|b| (0..6).map(move |k| (b, k))).cycle()) {
            let (members, _) = draw.household(band, kind, &mut Chance::new(3).trait_of(TEST, identity));
            assert!(members.count() >= PERSONS[kind] && (kind == 5 || members.count() == PERSONS[kind]));
            let age = members.head_age(now);
            let wanted = &tables.sizes[band];
            assert!((wanted.age_from.max(17)..wanted.age_below).contains(&age), "{age}");
            for (_, person) in members.iter().filter(|(_, person)| person.role == Role::Child) {
                assert!(person.age(now) + 16 <= age.max(17), "a child of {} with {age}", person.age(now));
            }
        }
    }
}
