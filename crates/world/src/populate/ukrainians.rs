//! Displaced Ukrainians (Oekraïense ontheemden): in municipal places, and elsewhere.

use doorstroom_kernel::{Chance, Day, Purpose};
use doorstroom_policy::Rules;
use doorstroom_policy::apportion::apportion;
use doorstroom_state::reception::{PlaceKind, ReceptionSite};
use doorstroom_state::{HomeKind, Kin, KinName, Means, Seeker, SeekerGroup};

use super::newcomers::{self, Party};
use super::seekers_start::{SeekerStart, UkrainianStart, weights};
use crate::population::Population;

const PERSONS: Purpose = Purpose::named("populate: persons of a displaced Ukrainian household");

/// Days since the first arrivals, March 2022: about the longest stay on 1 January 2025.
const LONGEST_STAY_DAYS: u64 = 1_030;

/// Opens the municipal places and fills them; others live elsewhere. Both go by inhabitants.
pub(super) fn enter(population: &mut Population, rules: &Rules, start: &SeekerStart, today: Day, chance: &Chance) {
    let (scale, numbers) = (population.scale, &start.ukrainians);
    let inhabitants: Vec<u32> = population.municipalities.iter().map(|m| m.inhabitants).collect();
    let by_inhabitants = |persons: f64| {
        apportion((persons * scale).round() as i64, &inhabitants).unwrap_or_else(|_| vec![0; inhabitants.len()])
    };
    let places = by_inhabitants(*rules.reception.places_ukrainian.at(today));
    let sites = population.sites.len();
    population.sites.extend(places.iter().enumerate().map(|(m, &places)| ReceptionSite {
        kind: PlaceKind::UkrainianMunicipal,
        municipality: m as u16,
        places: places as u32,
        occupied: 0,
    }));
    let mut ordinal = 0;
    let lots = [
        (numbers.in_places.value.get(), HomeKind::UkrainianPlace, places),
        (numbers.elsewhere.value.get(), HomeKind::UkrainianElsewhere, by_inhabitants(numbers.elsewhere.value.get())),
    ];
    for (persons, kind, room) in lots {
        let sizes = sizes((persons * scale).round(), numbers);
        let towns = newcomers::spread(&sizes, room);
        for (&size, municipality) in sizes.iter().zip(towns) {
            household(population, numbers, (ordinal, size, kind, municipality), today, chance);
            ordinal += 1;
            if kind == HomeKind::UkrainianPlace {
                population.sites[sites + usize::from(municipality)].occupied += u32::from(size);
            }
        }
    }
}

/// Sizes of households that hold exactly `persons`.
fn sizes(persons: f64, start: &UkrainianStart) -> Vec<u8> {
    let shares = weights(&start.sizes);
    let mean: f64 = shares.iter().zip(1..).map(|(share, size)| share * f64::from(size)).sum();
    let mut sizes = newcomers::sizes(persons / mean, &[1, 2, 3, 4], &shares);
    let mut left = persons as i64 - sizes.iter().map(|&size| i64::from(size)).sum::<i64>();
    while left > 0 {
        sizes.push(1);
        left -= 1;
    }
    while left < 0 {
        // sizes are sorted from large to small: the last is the smallest
        left += sizes.pop().map_or(-left, i64::from);
    }
    sizes.extend(std::iter::repeat_n(1, left.max(0) as usize));
    sizes
}

fn household(
    population: &mut Population,
    start: &UkrainianStart,
    (ordinal, size, kind, municipality): (u32, u8, HomeKind, u16),
    today: Day,
    chance: &Chance,
) {
    let name = newcomers::name("displaced Ukrainian", ordinal);
    let mut luck = chance.trait_of(PERSONS, name.0);
    let couple = size > 1 && luck.unit() < start.couples.value.get();
    let female = luck.unit() < start.women.value.get();
    let party = Party { persons: usize::from(size), female, couple, youngest: 18, head_age: &start.head_age.value };
    let members = newcomers::members(party, today.month_index(), &mut luck);
    let region = population.gazetteer.region_of[usize::from(municipality)];
    let means = newcomers::means(&weights(&start.income_classes), region, Means::TEMPORARY_PROTECTION, &mut luck);
    let since = today.plus_days(-1 - luck.below(LONGEST_STAY_DAYS) as i32);
    let seeker = Seeker { group: SeekerGroup::DisplacedUkrainian, ..Seeker::default() };
    let kin = Kin { name, retired: KinName::NOBODY };
    let slot = population.push_household(kin, members, means, seeker, newcomers::home(kind, municipality, since));
    population.lists.ukrainians.note(name, slot);
}
