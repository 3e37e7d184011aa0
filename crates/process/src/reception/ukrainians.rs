//! Displaced Ukrainians (ontheemden): arrivals, departures, municipal places and the first search for a home.

use bevy_ecs::prelude::*;
use doorstroom_kernel::{Luck, Purpose, Threshold, YearlyChance};
use doorstroom_state::books::{BookKeeping, Books, Chain};
use doorstroom_state::columns::Columns;
use doorstroom_state::group::SeekerGroup;
use doorstroom_state::household::{Home, HomeKind, Means, Seeker};
use doorstroom_state::ledger::VacatedBy;
use doorstroom_state::lists::Entry;
use doorstroom_state::members::Members;
use doorstroom_state::municipality::Municipality;
use doorstroom_state::name::KinName;
use doorstroom_state::newcomer::Newcomers;
use doorstroom_state::reception::{Departure, ReceptionStock};
use doorstroom_state::slots::NO_SLOT;
use doorstroom_state::vacancy::ChainCause;

use super::persons::{self, HeadAges};
use super::places::ukrainian_places;
use crate::rulebook::Setting;

const ARRIVALS: Purpose = Purpose::named("displaced Ukrainian households that arrive");
const ARRIVAL: Purpose = Purpose::named("persons and means of a displaced Ukrainian household");
const PLACE: Purpose = Purpose::named("municipality of a Ukrainian household");
const LEAVES: Purpose = Purpose::named("a displaced Ukrainian household leaves the country");
const END: Purpose = Purpose::named("what becomes of a displaced Ukrainian household when protection ends");
const ADMITTED: Purpose = Purpose::named("whether a displaced Ukrainian household is admitted to municipal places");
const LEAVES_PLACE: Purpose = Purpose::named("order in which Ukrainian places that close are left");
const SEARCHES: Purpose = Purpose::named("a displaced Ukrainian household starts to search");
const TURN: Purpose = Purpose::named("turn of Ukrainian households for a freed place");

/// Departures first, then arrivals, then those elsewhere who come into the places that are free still.
pub fn take_in_and_see_off(
    setting: Setting,
    mut stock: ResMut<ReceptionStock>,
    mut municipalities: Query<&'static Municipality>,
    mut keeping: BookKeeping,
    mut newcomers: ResMut<Newcomers>,
) {
    let (Some(mut books), Some(municipalities)) = (keeping.open(), municipalities.columns()) else { return };
    see_off(&setting, &mut books, &mut stock);
    end_protection(&setting, &mut books, &mut stock);
    let residents = under_protection(&mut books);
    start_searches(&setting, &mut books, &residents);
    let inhabitants: Vec<u32> = municipalities.iter().map(|place| place.inhabitants).collect();
    let mut free = FreePlaces::count(&setting, &books, &stock, &residents, &inhabitants);
    if setting.rulebook.rules.reception.ukrainian_places_emptied.get() {
        free.empty(&setting, &mut books, &residents);
    }
    let arrived = take_in(&setting, &inhabitants, &mut free, &mut newcomers);
    stock.flows.ukrainians_in = arrived;
    books.ledger.life.persons_in += arrived;
    fill(&setting, &mut books, &residents, &mut free);
}

/// Households under temporary protection, wherever they live, in the order of names.
fn under_protection(books: &mut Books<'_>) -> Vec<Entry> {
    let households = &*books.households;
    let keep = |slot| households[slot as usize].means.is(Means::TEMPORARY_PROTECTION);
    books.lists.ukrainians.settle(households, keep).to_vec()
}

fn yearly(setting: &Setting<'_>, chance: f64) -> Threshold {
    let rate = YearlyChance::new(chance).map_or(0.0, YearlyChance::rate);
    Threshold::of_rate(rate, setting.step_years())
}

/// Lets households leave the country; the chance is the same wherever they live.
fn see_off(setting: &Setting<'_>, books: &mut Books<'_>, stock: &mut ReceptionStock) {
    let chance = yearly(setting, setting.rulebook.rules.reception.ukrainian_exit.get());
    let at = setting.moment();
    let mut left = 0;
    for (name, slot) in under_protection(books) {
        if setting.chance.luck(LEAVES, name.0, at.step).strikes(chance) {
            left += books.households[slot as usize].members.count() as u32;
            books.dissolve(slot, VacatedBy::Emigrated, ChainCause::Emigrated, at);
        }
    }
    books.ledger.life.persons_out += left;
    stock.departed[Departure::Abroad as usize] += left;
    stock.flows.ukrainians_out = left;
}

/// In the first step without temporary protection: some households leave, most get the transition document and stay as
/// they are, the rest goes out of sight without right of residence (worlds/MODEL.md 7.5).
fn end_protection(setting: &Setting<'_>, books: &mut Books<'_>, stock: &mut ReceptionStock) {
    let rules = &setting.rulebook.rules.reception;
    if rules.ukrainian_protection.get() {
        stock.protection_ended = false;
        return;
    }
    if std::mem::replace(&mut stock.protection_ended, true) {
        return;
    }
    let (leave, document) = (rules.ukrainian_leave_at_end.get(), rules.ukrainian_document.get());
    let at = setting.moment();
    let (mut left, mut without) = (0, 0);
    for (name, slot) in under_protection(books) {
        let mut luck = setting.chance.trait_of(END, name.0);
        let persons = books.households[slot as usize].members.count() as u32;
        let (goes, has_document) = (luck.unit() < leave, luck.unit() < document);
        if goes {
            left += persons;
        } else if !has_document {
            without += persons;
        } else {
            continue;
        }
        books.dissolve(slot, VacatedBy::Emigrated, ChainCause::Emigrated, at);
    }
    books.ledger.life.persons_out += left + without;
    stock.departed[Departure::Abroad as usize] += left;
    stock.flows.ukrainians_out += left;
    stock.without_residence += without;
}

/// Lets households without a row begin to search in the region where they live.
fn start_searches(setting: &Setting<'_>, books: &mut Books<'_>, residents: &[Entry]) {
    let chance = yearly(setting, setting.rulebook.rules.reception.ukrainian_search.get());
    let at = setting.moment();
    for &(name, slot) in residents {
        let i = slot as usize;
        let searches = books.seekers[i].group == SeekerGroup::DisplacedUkrainian
            && books.seekers[i].first_row == NO_SLOT
            && setting.chance.luck(SEARCHES, name.0, at.step).strikes(chance);
        let Some(&market) = setting.gazetteer.region_of.get(usize::from(books.homes[i].municipality)) else { continue };
        if searches {
            books.register_head(slot, market, at.day, at);
        }
    }
}

/// Places of municipalities that are not taken; below zero where more people live than there are places.
struct FreePlaces {
    by_municipality: Vec<i64>,
    national: i64,
}

impl FreePlaces {
    fn count(
        setting: &Setting<'_>,
        books: &Books<'_>,
        stock: &ReceptionStock,
        residents: &[Entry],
        inhabitants: &[u32],
    ) -> Self {
        let mut by_municipality = ukrainian_places(setting, stock, inhabitants);
        for &(_, slot) in residents {
            let home = &books.homes[slot as usize];
            if home.kind == HomeKind::UkrainianPlace
                && let Some(free) = by_municipality.get_mut(usize::from(home.municipality))
            {
                *free -= books.households[slot as usize].members.count() as i64;
            }
        }
        let national = by_municipality.iter().sum();
        FreePlaces { by_municipality, national }
    }

    /// Households leave the places of municipalities that closed some, in a keyed order, until the rest fits.
    fn empty(&mut self, setting: &Setting<'_>, books: &mut Books<'_>, residents: &[Entry]) {
        let at = setting.moment();
        let mut order: Vec<(u64, Entry)> = residents
            .iter()
            .map(|&entry| (setting.chance.luck(LEAVES_PLACE, entry.0.0, at.step).bits(), entry))
            .collect();
        order.sort_unstable();
        for (_, (_, slot)) in order {
            let home = books.homes[slot as usize];
            let Some(free) = self.by_municipality.get_mut(usize::from(home.municipality)) else { continue };
            if home.kind != HomeKind::UkrainianPlace || *free >= 0 {
                continue;
            }
            let persons = books.households[slot as usize].members.count() as i64;
            *free += persons;
            self.national += persons;
            let chain = Chain::Begins(ChainCause::MovedOut);
            let elsewhere = HomeKind::UkrainianElsewhere;
            books.move_out_to(slot, elsewhere, home.municipality, VacatedBy::Other, chain, at);
        }
    }

    /// A municipality for `persons`, by free places; one with room for all if there is any. `None` when full.
    fn take(&mut self, persons: i64, luck: &mut Luck) -> Option<u16> {
        if self.national < persons {
            return None;
        }
        let weights = |least: i64| -> Vec<f64> {
            self.by_municipality.iter().map(|&free| if free >= least { free as f64 } else { 0.0 }).collect()
        };
        let municipality = luck.pick(&weights(persons)).or_else(|| luck.pick(&weights(1)))?;
        self.by_municipality[municipality] -= persons;
        self.national -= persons;
        Some(municipality as u16)
    }
}

/// Brings in arrivals: part of them straight to a home outside municipal reception, the rest while there are places.
fn take_in(setting: &Setting<'_>, inhabitants: &[u32], free: &mut FreePlaces, newcomers: &mut Newcomers) -> u32 {
    let rules = &setting.rulebook.rules.reception;
    let step = setting.clock.step;
    let mean = setting.per_step(rules.ukrainian_inflow.get()) / mean_size(rules.ukrainian_sizes.now());
    let weights: Vec<f64> = inhabitants.iter().map(|&count| f64::from(count)).collect();
    let ages = HeadAges::of(rules.head_age.now());
    let mut arrived = 0;
    for ordinal in 0..setting.chance.luck(ARRIVALS, 0, step).poisson(mean) {
        let name = KinName::arrival("displaced from Ukraine", 0, step.0, ordinal);
        let mut luck = setting.chance.luck(ARRIVAL, name.0, step);
        let members = members(setting, &ages, &mut luck);
        let persons = members.count() as u32;
        let arrival = luck.pick(&weights).unwrap_or(0) as u16;
        let outside = luck.unit() < rules.ukrainian_outside.get();
        let mut place = setting.chance.luck(PLACE, name.0, step);
        let admitted = setting.chance.trait_of(ADMITTED, name.0).unit() < rules.ukrainian_admitted.get();
        let place = if outside || !admitted { None } else { free.take(i64::from(persons), &mut place) };
        let (kind, municipality) = match place {
            Some(municipality) => (HomeKind::UkrainianPlace, municipality),
            None => (HomeKind::UkrainianElsewhere, arrival),
        };
        let home = Home { kind, municipality, since: setting.clock.today, ..Home::default() };
        let means = persons::means(
            setting,
            rules.ukrainian_income_highest.get(),
            arrival,
            Means::TEMPORARY_PROTECTION,
            &mut luck,
        );
        let seeker = Seeker { group: SeekerGroup::DisplacedUkrainian, ..Seeker::default() };
        newcomers.0.push(persons::newcomer(setting, name, members, means, seeker, home));
        arrived += persons;
    }
    arrived
}

fn members(setting: &Setting<'_>, ages: &HeadAges, luck: &mut Luck) -> Members {
    let (now, rules) = (setting.clock.month(), &setting.rulebook.rules.reception);
    let size = 1 + luck.pick(rules.ukrainian_sizes.now()).unwrap_or(0);
    let couple = size > 1 && luck.unit() < rules.ukrainian_couples.get();
    let children = size - 1 - usize::from(couple);
    let head = ages.head(children, rules.ukrainian_women.get(), now, luck);
    persons::household(head, couple, children, now, luck)
}

/// Mean number of persons by the shares of households of 1, 2, ... persons; 1 where all shares are 0.
fn mean_size(shares: &[f64]) -> f64 {
    let persons: f64 = (1..).zip(shares).map(|(size, share)| f64::from(size) * share).sum();
    let households: f64 = shares.iter().sum();
    if households > 0.0 { persons / households } else { 1.0 }
}

/// Moves households from elsewhere into the places that are free, in a keyed order.
fn fill(setting: &Setting<'_>, books: &mut Books<'_>, residents: &[Entry], free: &mut FreePlaces) {
    if free.national <= 0 {
        return;
    }
    let at = setting.moment();
    let admitted = setting.rulebook.rules.reception.ukrainian_admitted.get();
    let mut turns: Vec<(u64, Entry)> = residents
        .iter()
        .filter(|&&(_, slot)| books.homes[slot as usize].kind == HomeKind::UkrainianElsewhere)
        .filter(|&&(name, _)| setting.chance.trait_of(ADMITTED, name.0).unit() < admitted)
        .map(|&entry| (setting.chance.luck(TURN, entry.0.0, at.step).bits(), entry))
        .collect();
    turns.sort_unstable();
    for (_, (name, slot)) in turns {
        if free.national <= 0 {
            break;
        }
        let persons = books.households[slot as usize].members.count() as i64;
        let mut luck = setting.chance.luck(PLACE, name.0, at.step);
        if let Some(municipality) = free.take(persons, &mut luck) {
            let chain = Chain::Begins(ChainCause::MovedOut);
            books.move_out_to(slot, HomeKind::UkrainianPlace, municipality, VacatedBy::Other, chain, at);
        }
    }
}
