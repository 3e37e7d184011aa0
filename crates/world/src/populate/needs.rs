//! Who cannot wait: short-notice seekers (spoedzoekers), statements of urgency, tenants whose dwelling will be
//! demolished.

use doorstroom_kernel::calendar::DAYS_A_MONTH;
use doorstroom_kernel::{Amount, Calendar, Chance, Purpose, Step};
use doorstroom_policy::Rules;
use doorstroom_state::dwelling::DwellingUse;
use doorstroom_state::household::{Need, UrgencyGround};
use doorstroom_state::registration::RowState;
use doorstroom_state::{DwellingForm, HomeKind, Means, NO_SLOT, Tenure};

use super::race::{self, Runner};
use super::seekers_start::{SeekerStart, weights};
use crate::population::Population;

const IN_NEED: Purpose = Purpose::named("populate: who is in a short-notice need");
const NEED: Purpose = Purpose::named("populate: kind and date of a need");
const URGENT: Purpose = Purpose::named("populate: who holds a statement of urgency");
const STATEMENT: Purpose = Purpose::named("populate: date of a statement of urgency");
const RENEWAL: Purpose = Purpose::named("populate: which dwelling will be demolished");

const KINDS: [Need; 5] = [Need::BreakUp, Need::EndOfStay, Need::Institution, Need::Abroad, Need::Eviction];

/// Draws households in need among those without a stable home: a stable home ends a need.
pub(super) fn needs(
    population: &mut Population,
    rules: &Rules,
    start: &SeekerStart,
    calendar: Calendar,
    chance: &Chance,
) {
    let today = calendar.start;
    let [parents, kin, sublet, other] = start.needs.by_home.value.map(Amount::get);
    let weight = |kind: HomeKind| match kind {
        HomeKind::WithParents => parents,
        HomeKind::WithKin => kin,
        HomeKind::Sublet => sublet,
        HomeKind::Other | HomeKind::Shelter => other,
        _ => 0.0,
    };
    let count = (start.needs.households.value.get() * population.scale).round() as usize;
    let runner =
        |i: usize| Runner { who: i as u32, name: population.kin[i].name.0, weight: weight(population.homes[i].kind) };
    let chosen = race::first_of_rows(population.homes.len(), runner, count, IN_NEED, chance);
    let months = *rules.registration.need_months.at(today);
    for slot in chosen {
        let name = population.kin[slot as usize].name;
        let mut luck = chance.trait_of(NEED, name.0);
        let kind = luck.pick(&weights(&start.needs.kinds)).map_or(Need::Abroad, |i| KINDS[i]);
        let days_ago = 1 + luck.below((months * DAYS_A_MONTH) as u64) as i32;
        let seeker = &mut population.seekers[slot as usize];
        seeker.need = kind;
        seeker.need_since = today.plus_days(-days_ago);
        seeker.need_until =
            calendar.step_from(seeker.need_since.plus_days((months * DAYS_A_MONTH) as i32)).max(Step(1));
        if kind == Need::Institution {
            population.means[slot as usize].flags |= Means::CARE_LEAVER;
            population.lists.care_leavers.note(name, slot);
        }
    }
}

/// Months for which statements held where the scheme says nothing about them (assumption A82).
const MONTHS_OF_OLD_STATEMENTS: f64 = 6.0;

/// Draws holders of a medical or social statement among households that search.
pub(super) fn urgent(
    population: &mut Population,
    rules: &Rules,
    start: &SeekerStart,
    calendar: Calendar,
    chance: &Chance,
) {
    let mut searches = vec![false; population.homes.len()];
    for row in population.register.rows.iter().filter(|row| row.state == RowState::Searching) {
        searches[row.holder as usize] = population.homes[row.holder as usize].kind.is_private();
    }
    let runner =
        |i: usize| Runner { who: i as u32, name: population.kin[i].name.0, weight: f64::from(u8::from(searches[i])) };
    let count = (start.needs.urgent.value.get() * population.scale).round() as usize;
    let chosen = race::first_of_rows(searches.len(), runner, count, URGENT, chance);
    let schemes = rules.schemes.at(calendar.start);
    for slot in chosen {
        let municipality = usize::from(population.homes[slot as usize].municipality);
        let market = usize::from(population.gazetteer.region_of[municipality]);
        let scheme = schemes.of(&population.gazetteer.region_codes[market]);
        // a region that grants none from now on has those of before
        let days = scheme.medical.map_or(MONTHS_OF_OLD_STATEMENTS, |rules| rules.months) * DAYS_A_MONTH;
        let name = population.kin[slot as usize].name;
        let days_ago = 1 + chance.trait_of(STATEMENT, name.0).below(days as u64) as i32;
        let seeker = &mut population.seekers[slot as usize];
        seeker.ground = UrgencyGround::Medical;
        seeker.urgent_since = calendar.start.plus_days(-days_ago);
        seeker.urgent_until = calendar.step_from(seeker.urgent_since.plus_days(days as i32)).max(Step(1));
        population.lists.urgent.note(name, slot);
    }
}

/// Announces the demolitions of the next year to the tenants of let corporation dwellings, who are urgent from then on.
pub(super) fn renewal(population: &mut Population, rules: &Rules, calendar: Calendar, chance: &Chance) {
    let supply = &rules.supply;
    let today = calendar.start;
    let a_year = supply.demolished_corporation.at(today) * supply.demolished_inhabited_share.at(today);
    let notice = *supply.renewal_notice_months.at(today);
    let count = (a_year * notice / 12.0 * population.scale).round() as usize;
    let is_let = |dwelling: &doorstroom_state::Dwelling| {
        dwelling.tenure == Tenure::Corporation
            && dwelling.form == DwellingForm::SelfContained
            && dwelling.state == DwellingUse::Lived
            && dwelling.occupant != NO_SLOT
    };
    let runner = |i: usize| Runner {
        who: i as u32,
        name: population.dwellings[i].name.0,
        weight: f64::from(u8::from(is_let(&population.dwellings[i]))),
    };
    let chosen = race::first_of_rows(population.dwellings.len(), runner, count, RENEWAL, chance);
    let drawn = chosen.len().max(1) as f64;
    for (rank, slot) in chosen.into_iter().enumerate() {
        // announced evenly over the past period of notice, in the order of the draw
        let months_ago = 1 + (rank as f64 / drawn * notice) as i32;
        let left = calendar.steps_in_months((notice as i32 - months_ago).max(1) as u32);
        let dwelling = &mut population.dwellings[slot as usize];
        dwelling.ends = Step(0).plus(left);
        let tenant = dwelling.occupant;
        let seeker = &mut population.seekers[tenant as usize];
        seeker.ground = UrgencyGround::Renewal;
        seeker.urgent_since = today.plus_months(-months_ago);
        // as in the run, the statement holds for twice the notice: until the household has moved
        seeker.urgent_until = dwelling.ends.plus(calendar.steps_in_months(notice as u32));
        population.lists.urgent.note(population.kin[tenant as usize].name, tenant);
    }
}
