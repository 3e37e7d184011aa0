//! Municipalities, regions and corporations.

use std::ops::Range;

use doorstroom_kernel::{Chance, Purpose};
use doorstroom_state::KinName;
use doorstroom_state::corporation::Corporation;
use doorstroom_state::municipality::{CITY, Gazetteer, Municipality, PartOfCountry};
use doorstroom_state::region::Region;

use super::start::StartRules;
use super::tables::{MunicipalityRow, Tables};

const REGULATION: Purpose = Purpose::named("populate: urgency regulation");
const EARMARK: Purpose = Purpose::named("populate: earmarked share");
const CARRY: Purpose = Purpose::named("populate: part of an earmark that is carried");
const CORPORATION: Purpose = Purpose::named("populate: size of a corporation");

/// Codes and names.
pub(super) fn gazetteer(tables: &Tables) -> Gazetteer {
    Gazetteer {
        municipality_codes: tables.municipalities.iter().map(|row| row.code.clone()).collect(),
        municipality_names: tables.municipalities.iter().map(|row| row.name.clone()).collect(),
        region_codes: tables.regions.iter().map(|row| row.code.clone()).collect(),
        region_names: tables.regions.iter().map(|row| row.name.clone()).collect(),
        region_of: tables.municipalities.iter().map(|row| row.region).collect(),
        neighbours: tables.regions.iter().map(|row| row.neighbours.clone()).collect(),
        part_of: tables.country.as_deref().map(|country| part_of(tables, country)),
    }
}

fn part_of(part: &Tables, country: &Tables) -> PartOfCountry {
    let sum = |of: &Tables, count: &dyn Fn(&MunicipalityRow) -> f64| of.municipalities.iter().map(count).sum::<f64>();
    let inhabitants = |row: &MunicipalityRow| f64::from(row.inhabitants);
    let in_cities = |row: &MunicipalityRow| if row.urbanity <= CITY { inhabitants(row) } else { 0.0 };
    let share = sum(part, &inhabitants) / sum(country, &inhabitants);
    let dwellings = |tenure: usize| {
        let of = |row: &MunicipalityRow| f64::from(row.dwellings) * row.tenure[tenure];
        sum(part, &of) / sum(country, &of) / share
    };
    PartOfCountry {
        in_cities: sum(country, &in_cities) / sum(country, &inhabitants),
        dwellings: [0, 1, 2].map(dwellings),
    }
}

/// Regions by slot.
pub(super) fn regions(tables: &Tables) -> Vec<Region> {
    tables.regions.iter().map(|row| Region { code: row.number, class: row.class }).collect()
}

/// Municipalities by slot. Those with an urgency regulation are exactly the given share of the country's, in an addressed
/// order.
pub(super) fn municipalities(tables: &Tables, start: &StartRules, chance: &Chance) -> Vec<Municipality> {
    let rules = &start.municipalities;
    let rows = &tables.municipalities;
    let key = |row: &MunicipalityRow| (chance.trait_of(REGULATION, u64::from(row.number)).bits(), row.number);
    let of_country = &tables.fitted().0.municipalities;
    let mut keys: Vec<_> = of_country.iter().map(key).collect();
    keys.sort_unstable();
    let with = (of_country.len() as f64 * rules.urgency_regulation_share.value.get()).round() as usize;
    let limit = keys.get(with).copied();
    rows.iter()
        .map(|row| {
            let z = chance.trait_of(EARMARK, u64::from(row.number)).normal();
            Municipality {
                code: row.number,
                region: row.region,
                urbanity: row.urbanity,
                inhabitants: row.inhabitants,
                urgency_regulation: limit.is_none_or(|limit| key(row) < limit),
                earmark_effort: libm::exp(rules.earmark_sigma.value * z),
                // any part of a dwelling alike (assumption A85): from nothing, the smaller the country, the later the
                // first whole ones
                earmark_carry: chance.trait_of(CARRY, u64::from(row.number)).unit(),
            }
        })
        .collect()
}

/// Corporations by slot, and the slots of each municipality. Their number follows the full stock, not the scaled one,
/// so that a scaled run has the same landlords.
pub(super) fn corporations(
    tables: &Tables,
    start: &StartRules,
    chance: &Chance,
) -> (Vec<Corporation>, Vec<Range<usize>>) {
    let rules = &start.municipalities;
    let mut corporations = Vec::new();
    let mut slots = Vec::with_capacity(tables.municipalities.len());
    for (m, row) in tables.municipalities.iter().enumerate() {
        let dwellings = f64::from(row.dwellings) * row.tenure[1];
        let wanted = (dwellings / rules.dwellings_per_corporation.value).round() as u32;
        let weights: Vec<f64> = (0..wanted.clamp(1, rules.corporations_max.value.max(1)))
            .map(|ordinal| {
                let name = KinName::resident("corporation", u32::from(row.number), ordinal);
                libm::exp(rules.corporation_size_sigma.value * chance.trait_of(CORPORATION, name.0).normal())
            })
            .collect();
        let total: f64 = weights.iter().sum();
        let from = corporations.len();
        let share = |weight: &f64| Corporation { municipality: m as u16, share: (weight / total) as f32 };
        corporations.extend(weights.iter().map(share));
        slots.push(from..corporations.len());
    }
    (corporations, slots)
}
