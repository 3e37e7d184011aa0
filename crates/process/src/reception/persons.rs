//! Who the persons of an arriving household are: ages, sexes and children that could be theirs.

use doorstroom_kernel::{Luck, MonthOfYear};
use doorstroom_policy::AgeTable;
use doorstroom_state::due::{Due, NextLooks};
use doorstroom_state::household::{Home, Means, Seeker};
use doorstroom_state::members::{Members, Person, Role};
use doorstroom_state::name::{Kin, KinName};
use doorstroom_state::newcomer::Newcomer;

use crate::rulebook::Setting;

/// Means of an arriving household: an income class up to the highest one, drawn alike in every arm.
pub fn means(setting: &Setting<'_>, class_highest: f64, arrival: u16, flags: u8, luck: &mut Luck) -> Means {
    Means {
        income_class: 1 + luck.below(class_highest as u64) as u8,
        position: luck.below(256) as u8,
        income_month: luck.below(12) as u8,
        origin_region: setting.gazetteer.region_of.get(usize::from(arrival)).copied().unwrap_or(0),
        flags,
        ..Means::default()
    }
}

/// An arriving household, of which every process takes note from the next step on.
pub fn newcomer(
    setting: &Setting<'_>,
    name: KinName,
    members: Members,
    means: Means,
    seeker: Seeker,
    home: Home,
) -> Newcomer {
    let again = Due::redraw(setting.clock.step.plus(1));
    Newcomer {
        kin: Kin { name, retired: KinName::NOBODY },
        members,
        means,
        seeker,
        home,
        rows: Vec::new(),
        next: NextLooks { demography: again, registration: again, sharing: again },
    }
}

/// Youngest age of an arriving head, and of a parent at a birth.
const ADULT: u16 = 18;
const OLDEST: u16 = 90;

/// Weights of the whole ages of heads, from 18 to 90.
pub struct HeadAges(Vec<f64>);

impl HeadAges {
    /// Weights by age as the rules give them.
    pub fn of(table: &AgeTable) -> Self {
        HeadAges((ADULT..=OLDEST).map(|age| table.at(age)).collect())
    }

    /// An age of at least `youngest`; that age itself where no older one has a weight.
    fn draw(&self, youngest: u16, luck: &mut Luck) -> u16 {
        let from = usize::from(youngest.clamp(ADULT, OLDEST) - ADULT);
        luck.pick(&self.0[from..]).map_or(youngest, |i| ADULT + (from + i) as u16)
    }

    /// The head of a household with `children`, old enough to have them about two years apart.
    pub fn head(&self, children: usize, female_share: f64, now: MonthOfYear, luck: &mut Luck) -> Person {
        let youngest = if children == 0 { ADULT } else { ADULT + 2 * children as u16 };
        let age = self.draw(youngest, luck);
        Person { born: born(age, now, luck), female: luck.unit() < female_share, role: Role::Head }
    }
}

/// A partner of the other sex, from five years younger to five years older and not a minor (assumption A186).
pub fn partner_of(head: &Person, now: MonthOfYear, luck: &mut Luck) -> Person {
    let age = (i32::from(head.age(now)) - 5 + luck.below(11) as i32).max(i32::from(ADULT));
    Person { born: born(age as u16, now, luck), female: !head.female, role: Role::Partner }
}

/// Minor children of parents of whom the younger one is `parent_age`.
pub fn children_of(parent_age: u16, count: usize, now: MonthOfYear, luck: &mut Luck) -> Vec<Person> {
    let oldest = parent_age.saturating_sub(ADULT).min(17);
    (0..count)
        .map(|_| {
            let age = luck.below(u64::from(oldest) + 1) as u16;
            Person { born: born(age, now, luck), female: luck.below(2) == 0, role: Role::Child }
        })
        .collect()
}

/// A household of a head, a partner if `couple`, and children.
pub fn household(head: Person, couple: bool, children: usize, now: MonthOfYear, luck: &mut Luck) -> Members {
    let mut persons = vec![head];
    let mut parent_age = head.age(now);
    if couple {
        let partner = partner_of(&head, now, luck);
        parent_age = parent_age.min(partner.age(now));
        persons.push(partner);
    }
    persons.extend(children_of(parent_age, children, now, luck));
    Members::of(&persons).0
}

fn born(age: u16, now: MonthOfYear, luck: &mut Luck) -> MonthOfYear {
    MonthOfYear(now.0 - (age * 12) as i16 - luck.below(12) as i16)
}
