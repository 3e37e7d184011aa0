//! Households before they have an address.

use doorstroom_kernel::{Chance, Day, Purpose};
use doorstroom_policy::crowding::rooms_needed_by;
use doorstroom_state::household::Work;
use doorstroom_state::{KinName, Means, Members};

use super::income::{self, Ranking, Scores};
use super::persons::{Composition, PersonDraw};
use super::plan::{KINDS, Share};
use super::start::StartRules;
use super::tables::{MunicipalityRow, Tables};

const PERSONS: Purpose = Purpose::named("populate: persons of a household");
const TRAITS: Purpose = Purpose::named("populate: income month, origin and permit");

/// One household with what decides where it lives.
#[derive(Clone, Debug, Default)]
pub(super) struct Draft {
    pub(super) name: KinName,
    pub(super) composition: Composition,
    /// Age of the head, years.
    pub(super) age: u16,
    pub(super) persons: u8,
    /// Rooms needed, the common room included.
    pub(super) need: u8,
    /// Rank in income, as a bin; the class follows when the whole country is counted.
    score: u16,
    pub(super) income_class: u8,
    pub(super) position: u8,
}

/// Draws the persons of all households of a municipality, one place in `drafts` and `persons` each, and counts their
/// income scores.
pub(super) fn fill(
    (drafts, persons): (&mut [Draft], &mut [Members]),
    draw: &PersonDraw,
    tables: &Tables,
    start: &StartRules,
    chance: &Chance,
    (row, share, deviation): (&MunicipalityRow, &Share, f64),
) -> Scores {
    let now = start.date.month_index();
    let mut places = drafts.iter_mut().zip(persons).zip(0..);
    let mut scores = Scores::new(tables);
    for (cell, &count) in share.cells.iter().enumerate() {
        for ((draft, members), ordinal) in places.by_ref().take(count as usize) {
            let name = KinName::resident("household", u32::from(row.number), ordinal);
            let mut luck = chance.trait_of(PERSONS, name.0);
            let composition;
            (*members, composition) = draw.household(cell / KINDS, cell % KINDS, &mut luck);
            let age = members.head_age(now);
            let score = income::score(start, chance, name, composition, deviation);
            scores.count(income::band(tables, age), score);
            let persons = members.count() as u8;
            let need = rooms_needed_by(members, now);
            *draft = Draft { name, composition, age, persons, need, score, income_class: 0, position: 0 };
        }
    }
    scores
}

/// Number of households of a municipality.
pub(super) fn count(share: &Share) -> usize {
    share.cells.iter().map(|&count| count as usize).sum()
}

/// Gives every household its income class and place in the class.
pub(super) fn rank(drafts: &mut [Draft], tables: &Tables, ranking: &Ranking, chance: &Chance) {
    for draft in drafts {
        let band = income::band(tables, draft.age);
        (draft.income_class, draft.position) = ranking.class(chance, draft.name, band, draft.score);
    }
}

/// Income and fixed traits; `student` is decided by how it lives.
pub(super) fn means(
    draft: &Draft,
    tables: &Tables,
    start: &StartRules,
    chance: &Chance,
    region: u8,
    student: bool,
) -> Means {
    let rules = &start.households;
    let mut luck = chance.trait_of(TRAITS, draft.name.0);
    let income_month = luck.below(12) as u8;
    let mut origin_region = region;
    if luck.unit() < rules.origin_elsewhere_share.value.get() {
        let weights: Vec<f64> = tables.regions.iter().map(|region| f64::from(region.households)).collect();
        origin_region = luck.pick(&weights).map_or(region, |picked| picked as u8);
    }
    let mut flags = 0;
    if luck.unit() < rules.permit_alien_share.value.get() {
        flags |= Means::PERMIT_ALIEN;
    }
    if student {
        flags |= Means::STUDENT;
    }
    let (income_class, position) = (draft.income_class, draft.position);
    Means { income_class, position, income_month, origin_region, flags, work: Work::NotFollowed, permit_since: Day(0) }
}
