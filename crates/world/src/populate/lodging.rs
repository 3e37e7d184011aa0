//! Which households have no dwelling of their own, and how they live.

use doorstroom_kernel::{Chance, Purpose};

use super::draft::Draft;
use super::plan::Share;
use super::race::{self, Runner};
use super::rounding::systematic;
use super::start::StartRules;

const SPLIT: Purpose = Purpose::named("populate: rounding of hosted households");
const PARENTS: Purpose = Purpose::named("populate: hosted by parents");
const KIN: Purpose = Purpose::named("populate: hosted by kin");
const SUBLET: Purpose = Purpose::named("populate: subletting");
const ROOM: Purpose = Purpose::named("populate: in a room");
const OTHER: Purpose = Purpose::named("populate: other accommodation");

/// How a household lives.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Lodging {
    Own,
    Parents,
    Kin,
    Sublet,
    Room,
    Other,
}

/// Draws who lives otherwise than in an own dwelling: per kind, households of the lowest class of fit first, then in
/// the order of a race in which weight is speed.
pub(super) fn lodgings(
    drafts: &[Draft],
    share: &Share,
    start: &StartRules,
    chance: &Chance,
    municipality: u16,
) -> Vec<Lodging> {
    let rules = &start.excess;
    let split = rules.hosted_split.value.map(|part| part.get());
    let hosted = systematic(&split, share.hosted, &mut chance.trait_of(SPLIT, u64::from(municipality)));
    let mut draw = Draw { drafts, chance, lodgings: vec![Lodging::Own; drafts.len()] };
    let (single, by_income) = (rules.single_weight.value, rules.income_weight.value);
    let income = move |draft: &Draft| by_income[usize::from(draft.income_class.clamp(1, 8)) - 1];
    let weight = move |draft: &Draft| income(draft) * if draft.persons == 1 { single } else { 1.0 };

    draw.take(Lodging::Parents, PARENTS, hosted[0], |draft| match (draft.persons, draft.age) {
        (1, ..30) => (0, income(draft)),
        (1, 30..40) => (1, income(draft)),
        _ => (2 + draft.persons, income(draft)),
    });
    draw.take(Lodging::Room, ROOM, share.rooms, |draft| match (draft.persons, draft.age) {
        (1, ..18) => (2, income(draft)),
        (1, 18..30) => (0, income(draft)),
        (1, 30..40) => (1, income(draft)),
        (1, 40..60) => (3, income(draft)),
        _ => (4 + draft.persons, income(draft)),
    });
    let guest = |draft: &Draft| (u8::from(draft.persons > 3 || !(18..65).contains(&draft.age)), weight(draft));
    draw.take(Lodging::Kin, KIN, hosted[1], guest);
    draw.take(Lodging::Sublet, SUBLET, hosted[2], guest);
    draw.take(Lodging::Other, OTHER, share.other, |draft| {
        (u8::from(draft.persons > 3 || !(22..80).contains(&draft.age)), weight(draft))
    });
    draw.lodgings
}

struct Draw<'a> {
    drafts: &'a [Draft],
    chance: &'a Chance,
    lodgings: Vec<Lodging>,
}

impl Draw<'_> {
    /// Classes are served in their order, so only the class in which the number runs out is a race.
    fn take(&mut self, lodging: Lodging, purpose: Purpose, count: u32, fit: impl Fn(&Draft) -> (u8, f64)) {
        let free = || (0..self.drafts.len() as u32).filter(|&i| self.lodgings[i as usize] == Lodging::Own);
        let fits = |&who: &u32| fit(&self.drafts[who as usize]);
        let mut by_class = [0usize; 1 << u8::BITS];
        free().map(|who| fits(&who)).filter(|fit| fit.1 > 0.0).for_each(|(class, _)| by_class[usize::from(class)] += 1);
        let (mut left, mut all_drawn) = (count as usize, Vec::with_capacity(count as usize));
        for (class, households) in by_class.into_iter().enumerate().filter(|&(_, households)| households > 0) {
            if left == 0 {
                break;
            }
            let of_class = free().map(|who| (who, fits(&who))).filter(|&(_, fit)| usize::from(fit.0) == class);
            let name = |who: u32| self.drafts[who as usize].name.0;
            let runners = of_class.map(|(who, (_, weight))| Runner { who, name: name(who), weight });
            let luck = |name| self.chance.trait_of(purpose, name);
            all_drawn.extend(race::first_in_any_order(runners, left, luck));
            left -= left.min(households);
        }
        all_drawn.into_iter().for_each(|who| self.lodgings[who as usize] = lodging);
    }
}
