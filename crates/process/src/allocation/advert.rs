//! Adverts: what is offered to those who react, how they rank, and who gets it.

use std::ops::RangeInclusive;

use doorstroom_kernel::chance::join;
use doorstroom_kernel::{Purpose, Threshold};
use doorstroom_policy::fit::{self, IncomeFitRules};
use doorstroom_state::KinName;
use doorstroom_state::books::Books;
use doorstroom_state::dwelling::DwellingForm;
use doorstroom_state::ledger::{Channel, Ground};
use doorstroom_state::region::Region;

use super::direct::{Mode, mode_of};
use super::reaction::Reaction;
use super::{Table, Way, write_letting};
use crate::rulebook::Setting;

const LOCAL: Purpose = Purpose::named("local binding of an advert");
const LOT: Purpose = Purpose::named("lot of a candidate");
const ACCEPT: Purpose = Purpose::named("acceptance of an advertised dwelling");

/// Candidates kept per advert. Offers stop at fifteen; the rest stands in for those housed elsewhere meanwhile.
const SHORTLIST: usize = 48;

/// Rooms a household may need: 1 to 8 and more.
const NEEDS: usize = 8;
/// Income bands that make a difference for the rent: see [`IncomeFitRules`].
const BANDS: usize = RENT_CLASSES.len();
/// Rent classes that each band may be let.
const RENT_CLASSES: [RangeInclusive<u8>; 4] = [1..=1, 1..=2, 1..=4, 4..=4];
/// Steps of standing empty after which conditions widen.
const WIDER_AFTER_STEPS: u16 = 1;

fn band_of(limits: &IncomeFitRules, persons: u8, income_eur: f64) -> usize {
    let classes = fit::rent_classes(limits, persons, income_eur);
    RENT_CLASSES.iter().position(|band| *band == classes).unwrap_or(BANDS - 1)
}

/// One dwelling offered to those who react.
#[derive(Clone, Copy, Debug)]
pub struct Advert {
    /// Position in the table of vacancies.
    pub vacancy: usize,
    /// Ranking.
    pub mode: Mode,
    /// Residents of the municipality go first.
    pub local: bool,
}

/// A point on the ring of 64-bit numbers, and the advert that owns the stretch before it.
type Point = (u64, u32);

/// Points an advert has on the ring: more make the stretches, and so the reactions, more equal.
const POINTS: u64 = 6;

/// Adverts of one market, and which of them each class of household fits.
#[derive(Debug, Default)]
pub struct Market {
    /// Adverts in the order of names.
    pub adverts: Vec<Advert>,
    fitting: Vec<Vec<Point>>,
}

/// All adverts of the step.
#[derive(Debug)]
pub struct Adverts {
    /// By market (region slot).
    pub markets: Vec<Market>,
}

impl Adverts {
    /// Class of a household: rooms needed by income band.
    pub fn class_of(&self, needed: u8, persons: u8, income_eur: f64, limits: &IncomeFitRules) -> usize {
        let need = usize::from(needed).clamp(1, NEEDS) - 1;
        need * BANDS + band_of(limits, persons, income_eur)
    }

    /// The advert of `market` on which a household of `class` reacts for the uniform draw `bits`; `None` if it fits
    /// none. An advert more or less changes only the reactions that fall in its own stretches of the ring, so two arms
    /// with almost the same adverts have almost the same reactions.
    pub fn pick(&self, market: u8, class: usize, bits: u64) -> Option<u32> {
        let ring = self.markets[usize::from(market)].fitting.get(class)?;
        let after = ring.partition_point(|point| point.0 < bits);
        ring.get(after).or(ring.first()).map(|point| point.1)
    }
}

/// Turns what is left on the table into adverts.
pub fn adverts(books: &Books<'_>, setting: &Setting<'_>, table: &Table, regions: &[Region]) -> Adverts {
    let rules = &setting.rulebook.rules.allocation;
    let local = Threshold::of(rules.local_binding.get());
    let mut markets: Vec<Market> = regions.iter().map(|_| Market::default()).collect();
    for (index, vacancy) in table.vacancies.iter().enumerate() {
        let dwelling = &books.dwellings[vacancy.dwelling as usize];
        if table.taken[index] || dwelling.form != DwellingForm::SelfContained {
            continue;
        }
        let market = usize::from(table.market[index]);
        let mode = match mode_of(rules, regions[market].class, vacancy.name.0, setting) {
            mode @ (Mode::OtherDirect | Mode::Lottery) => mode,
            // an unfilled direct dwelling is advertised in the same step (worlds/MODEL.md M10)
            _ => Mode::Advertised,
        };
        let local =
            mode == Mode::Advertised && setting.chance.luck(LOCAL, vacancy.name.0, setting.clock.step).strikes(local);
        markets[market].adverts.push(Advert { vacancy: index, mode, local });
    }
    for market in &mut markets {
        market.fitting = (0..NEEDS * BANDS).map(|class| fitting_of(market, class, books, table, setting)).collect();
    }
    Adverts { markets }
}

/// The ring of the adverts that a class fits.
fn fitting_of(market: &Market, class: usize, books: &Books<'_>, table: &Table, setting: &Setting<'_>) -> Vec<Point> {
    let (needed, band) = (class / BANDS + 1, class % BANDS);
    let fits = |advert: &Advert| {
        let dwelling = &books.dwellings[table.vacancies[advert.vacancy].dwelling as usize];
        let empty_for = setting.clock.step.0.saturating_sub(dwelling.vacant_since.0);
        if empty_for > WIDER_AFTER_STEPS {
            return fit::fits_wider(needed as u8, dwelling.rooms);
        }
        fit::rooms_fit(needed as u8, dwelling.rooms) && RENT_CLASSES[band].contains(&dwelling.rent_class)
    };
    let mut ring: Vec<Point> = (0..market.adverts.len())
        .filter(|&i| fits(&market.adverts[i]))
        .flat_map(|i| {
            let name = table.vacancies[market.adverts[i].vacancy].name.0;
            (0..POINTS).map(move |point| (join(name, point), i as u32))
        })
        .collect();
    ring.sort_unstable();
    ring
}

/// Ranked candidates of every advert: by market, by advert. Markets are ranked in parallel.
pub fn rank(
    setting: &Setting<'_>,
    adverts: &Adverts,
    table: &Table,
    reactions: Vec<Vec<Reaction>>,
) -> Vec<Vec<Vec<Reaction>>> {
    let work: Vec<(usize, Vec<Reaction>)> = reactions.into_iter().enumerate().collect();
    setting.lane.map(&work, |(market, reactions)| {
        let market = &adverts.markets[*market];
        let mut by_advert: Vec<Vec<Reaction>> = vec![Vec::new(); market.adverts.len()];
        for reaction in reactions {
            by_advert[reaction.advert as usize].push(*reaction);
        }
        for (advert, candidates) in market.adverts.iter().zip(&mut by_advert) {
            shortlist(setting, advert, table, candidates);
        }
        by_advert
    })
}

/// Key by which a candidate ranks: priority class, then registration date or lot, then name. Lowest goes first.
type Rank = (bool, u64, KinName);

fn rank_of(setting: &Setting<'_>, advert: &Advert, table: &Table, reaction: &Reaction) -> Rank {
    let dwelling = table.vacancies[advert.vacancy].name.0;
    match advert.mode {
        Mode::Lottery | Mode::OtherDirect => {
            let lot = setting.chance.luck_with(LOT, reaction.name.0, dwelling, setting.clock.step).bits();
            (false, lot, reaction.name)
        }
        _ => {
            let resident = reaction.municipality == table.municipality[advert.vacancy];
            (advert.local && !resident, u64::from(reaction.since.0), reaction.name)
        }
    }
}

fn shortlist(setting: &Setting<'_>, advert: &Advert, table: &Table, candidates: &mut Vec<Reaction>) {
    let mut ranked: Vec<(Rank, Reaction)> =
        candidates.iter().map(|c| (rank_of(setting, advert, table, c), *c)).collect();
    // one registration may have reacted twice on the same advert: it counts once
    if ranked.len() > SHORTLIST * 2 {
        ranked.select_nth_unstable_by_key(SHORTLIST * 2, |r| r.0);
        ranked.truncate(SHORTLIST * 2);
    }
    ranked.sort_unstable_by_key(|r| r.0);
    ranked.dedup_by_key(|r| r.0.2);
    ranked.truncate(SHORTLIST);
    *candidates = ranked.into_iter().map(|r| r.1).collect();
}

/// Offers every advert in rank order until somebody accepts or the offers are used up; market by market, advert by
/// advert in the order of names, so a candidate housed meanwhile is passed over.
pub fn offer(
    books: &mut Books<'_>,
    setting: &Setting<'_>,
    table: &mut Table,
    adverts: &Adverts,
    shortlists: Vec<Vec<Vec<Reaction>>>,
) {
    for (market, (adverts, shortlists)) in adverts.markets.iter().zip(shortlists).enumerate() {
        books.ledger.adverts[market].adverts += adverts.adverts.len() as u32;
        for (advert, candidates) in adverts.adverts.iter().zip(shortlists) {
            if !offer_one(books, setting, table, market, advert, &candidates) {
                books.ledger.adverts[market].unfilled += 1;
            }
        }
    }
}

fn offer_one(
    books: &mut Books<'_>,
    setting: &Setting<'_>,
    table: &mut Table,
    market: usize,
    advert: &Advert,
    candidates: &[Reaction],
) -> bool {
    let rules = &setting.rulebook.rules.allocation;
    let vacancy = table.vacancies[advert.vacancy];
    let (accept, channel, ground) = match advert.mode {
        Mode::Lottery => (rules.accept_lottery.get(), Channel::Lottery, Ground::None),
        Mode::OtherDirect => (rules.accept_direct.get(), Channel::Direct, Ground::OtherDirect),
        _ if advert.local => (rules.accept_advertised.get(), Channel::Advertised, Ground::LocalBinding),
        _ => (rules.accept_advertised.get(), Channel::Advertised, Ground::None),
    };
    let accept = Threshold::of(accept);
    let mut offers = 0;
    for candidate in candidates {
        if offers >= rules.offers_at_most.get() as u16 {
            break;
        }
        if table.is_housed(candidate.holder) {
            continue;
        }
        offers += 1;
        let group = books.seekers[candidate.holder as usize].group;
        books.ledger.search[market][group as usize].offers += 1;
        if setting.chance.luck_with(ACCEPT, candidate.name.0, vacancy.name.0, setting.clock.step).strikes(accept) {
            let ground = match ground {
                Ground::LocalBinding if candidate.municipality != table.municipality[advert.vacancy] => Ground::None,
                ground => ground,
            };
            let way = Way { channel, ground, rank: offers, row: candidate.row };
            write_letting(books, setting, vacancy, candidate.holder, way);
            table.take(advert.vacancy, candidate.holder);
            return true;
        }
        books.ledger.search[market][group as usize].refusals += 1;
    }
    false
}
