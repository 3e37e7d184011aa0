//! Who owns, who rents from a corporation, who from another landlord; and who lives how large.

use doorstroom_kernel::{Chance, Luck, Purpose};
use doorstroom_state::{Slot, Tenure};

use super::draft::Draft;
use super::start::StartRules;
use super::stock::Stock;

const OWN: Purpose = Purpose::named("populate: owning");
const CORPORATION: Purpose = Purpose::named("populate: renting from a corporation");
const SIZE: Purpose = Purpose::named("populate: size of the home");
const HOME: Purpose = Purpose::named("populate: order of equal homes");

/// Splits `households` (indices of `drafts`) over the homes of the three tenures: those with the highest log odds
/// plus logistic noise first to owning, then of the rest to corporations.
///
/// # Panics
/// If there are not as many homes as households.
pub(super) fn by_tenure(
    mut households: Vec<u32>,
    drafts: &[Draft],
    stock: &Stock<'_>,
    start: &StartRules,
    chance: &Chance,
) -> [Vec<u32>; 3] {
    let rules = &start.tenure;
    let homes: usize = stock.homes.iter().map(Vec::len).sum();
    assert_eq!(homes, households.len(), "every household with an own home has one");
    let owners = highest(&mut households, stock.homes[0].len(), drafts, |draft| {
        rules.owner_by_income.value[usize::from(draft.income_class) - 1]
            + rules.owner_by_age.value.at(draft.age)
            + rules.owner_by_composition.value[draft.composition as usize]
            + logistic(&mut chance.trait_of(OWN, draft.name.0))
    });
    let tenants = highest(&mut households, stock.homes[1].len(), drafts, |draft| {
        rules.corporation_by_income.value[usize::from(draft.income_class) - 1]
            + rules.corporation_by_age.value.at(draft.age)
            + rules.corporation_by_composition.value[draft.composition as usize]
            + logistic(&mut chance.trait_of(CORPORATION, draft.name.0))
    });
    [owners, tenants, households]
}

/// A standard logistic draw.
fn logistic(luck: &mut Luck) -> f64 {
    let u = luck.unit_above_zero();
    libm::log(u) - libm::log1p(-u.min(1.0 - 1e-12))
}

/// Takes the `count` households with the highest score out of `households`.
fn highest(households: &mut Vec<u32>, count: usize, drafts: &[Draft], score: impl Fn(&Draft) -> f64) -> Vec<u32> {
    let mut scored: Vec<(f64, u32)> = households.iter().map(|&i| (score(&drafts[i as usize]), i)).collect();
    if count > 0 && count < scored.len() {
        scored.select_nth_unstable_by(count, |a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
    }
    *households = scored[count.min(scored.len())..].iter().map(|&(_, i)| i).collect();
    households.sort_unstable();
    scored[..count.min(scored.len())].iter().map(|&(_, i)| i).collect()
}

/// Pairs households with homes of one tenure. Both are ordered by size, households with noise, so that one number
/// says how closely rooms follow need.
pub(super) fn by_size(
    households: &[u32],
    tenure: Tenure,
    drafts: &[Draft],
    stock: &Stock<'_>,
    start: &StartRules,
    chance: &Chance,
) -> Vec<(u32, Slot)> {
    let needs = households.iter().map(|&i| f64::from(drafts[i as usize].need));
    let count = households.len().max(1) as f64;
    let mean = needs.clone().sum::<f64>() / count;
    let variance = needs.map(|need| (need - mean) * (need - mean)).sum::<f64>() / count;
    let correlation = start.tenure.size_correlation.value.get();
    let (slope, blur) = (correlation / variance.sqrt().max(1e-9), (1.0 - correlation * correlation).sqrt());
    let mut large: Vec<(f64, u32)> = households
        .iter()
        .map(|&i| {
            let draft = &drafts[i as usize];
            let noise = chance.trait_of(SIZE, draft.name.0).normal();
            (slope * (f64::from(draft.need) - mean) + blur * noise, i)
        })
        .collect();
    large.sort_unstable_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
    let mut rooms: Vec<(u8, u64, Slot)> = stock.homes[tenure as usize]
        .iter()
        .map(|&home| {
            let name = stock.dwellings[home as usize].name;
            (stock.dwellings[home as usize].rooms, chance.trait_of(HOME, name.0).bits(), home)
        })
        .collect();
    rooms.sort_unstable();
    large.iter().zip(&rooms).map(|(&(_, household), &(_, _, home))| (household, home)).collect()
}
