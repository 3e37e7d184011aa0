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

/// Candidates ranked at once per advert. Offers usually stop at fifteen; the others stand in for those housed elsewhere
/// meanwhile. If these do not suffice, everybody is ranked.
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

/// Points an advert has on the ring: more make the stretches, and so the reactions, more equal.
const POINTS: u64 = 6;

/// Classes of households: rooms needed by income band.
const CLASSES: usize = NEEDS * BANDS;

/// The ring of 64-bit numbers with the points of the adverts that a class fits; a point owns the stretch before it.
#[derive(Debug, Default)]
struct Ring {
    points: Vec<u64>,
    /// Advert of each point.
    owners: Vec<u32>,
    /// First point of each of equal stretches of the ring, a power of two of them: where to begin looking.
    starts: Vec<u32>,
    /// Bits by which a number is shifted to give its stretch.
    shift: u32,
}

impl Ring {
    /// A ring of `points` in ascending order.
    fn new(points: Vec<u64>, owners: Vec<u32>) -> Self {
        let bits = points.len().next_power_of_two().trailing_zeros().max(1);
        let shift = 64 - bits;
        let mut starts = Vec::with_capacity(1 << bits);
        let mut at = 0;
        for stretch in 0..1u64 << bits {
            while at < points.len() && points[at] < stretch << shift {
                at += 1;
            }
            starts.push(at as u32);
        }
        Ring { points, owners, starts, shift }
    }

    /// The advert that owns the number `bits`.
    fn owner(&self, bits: u64) -> Option<u32> {
        let mut at = *self.starts.get((bits >> self.shift) as usize)? as usize;
        while at < self.points.len() && self.points[at] < bits {
            at += 1;
        }
        self.owners.get(at).or(self.owners.first()).copied()
    }
}

/// Adverts of one market, and which of them each class of household fits.
#[derive(Debug, Default)]
pub struct Market {
    /// Adverts in the order of names.
    pub adverts: Vec<Advert>,
    rings: Vec<Ring>,
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
        self.markets[usize::from(market)].rings.get(class)?.owner(bits)
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
    let rings = setting.lane.map(&markets, |market| rings_of(market, books, table, setting));
    for (market, rings) in markets.iter_mut().zip(rings) {
        market.rings = rings;
    }
    Adverts { markets }
}

/// A bit for every class that fits the advert.
fn classes_that_fit(advert: &Advert, books: &Books<'_>, table: &Table, setting: &Setting<'_>) -> u32 {
    let dwelling = &books.dwellings[table.vacancies[advert.vacancy].dwelling as usize];
    let empty_for = setting.clock.step.0.saturating_sub(dwelling.vacant_since.0);
    let fits = |class: usize| {
        let (needed, band) = ((class / BANDS + 1) as u8, class % BANDS);
        if empty_for > WIDER_AFTER_STEPS {
            return fit::fits_wider(needed, dwelling.rooms);
        }
        fit::rooms_fit(needed, dwelling.rooms) && RENT_CLASSES[band].contains(&dwelling.rent_class)
    };
    (0..CLASSES).filter(|&class| fits(class)).fold(0, |classes, class| classes | 1 << class)
}

/// The rings of a market, one a class.
fn rings_of(market: &Market, books: &Books<'_>, table: &Table, setting: &Setting<'_>) -> Vec<Ring> {
    let fitting: Vec<u32> = market.adverts.iter().map(|a| classes_that_fit(a, books, table, setting)).collect();
    let mut all: Vec<(u64, u32)> = Vec::with_capacity(market.adverts.len() * POINTS as usize);
    for (i, advert) in market.adverts.iter().enumerate() {
        let name = table.vacancies[advert.vacancy].name.0;
        all.extend((0..POINTS).map(|point| (join(name, point), i as u32)));
    }
    all.sort_unstable();
    let ring = |class: usize| {
        let own = all.iter().filter(|&&(_, advert)| fitting[advert as usize] >> class & 1 == 1);
        let (points, owners) = own.copied().unzip();
        Ring::new(points, owners)
    };
    (0..CLASSES).map(ring).collect()
}

/// The first candidates of an advert in rank order.
#[derive(Debug)]
pub struct Shortlist {
    first: Vec<Reaction>,
    /// Nobody else reacted.
    is_all: bool,
}

/// Short lists of every advert: by market, by advert. Markets are ranked in parallel.
pub fn rank(
    setting: &Setting<'_>,
    adverts: &Adverts,
    table: &Table,
    reactions: &[Vec<Reaction>],
) -> Vec<Vec<Shortlist>> {
    let work: Vec<(&Market, &Vec<Reaction>)> = adverts.markets.iter().zip(reactions).collect();
    setting.lane.map(&work, |(market, reactions)| {
        let (by_advert, ends) = sorted_by_advert(reactions, market.adverts.len());
        let mut from = 0;
        let candidates = market.adverts.iter().zip(ends).map(|(advert, end)| {
            let shortlist = shortlist(setting, advert, table, &by_advert[from..end]);
            from = end;
            shortlist
        });
        candidates.collect()
    })
}

/// Reactions in the order of adverts, and where those of each advert end.
fn sorted_by_advert(reactions: &[Reaction], adverts: usize) -> (Vec<Reaction>, Vec<usize>) {
    let mut ends = vec![0usize; adverts];
    for reaction in reactions {
        ends[reaction.advert as usize] += 1;
    }
    let mut sum = 0;
    for end in &mut ends {
        // first where the next one of this advert goes, in the end where they end
        let count = std::mem::replace(end, sum);
        sum += count;
    }
    let mut sorted = reactions.to_vec();
    for reaction in reactions {
        let place = &mut ends[reaction.advert as usize];
        sorted[*place] = *reaction;
        *place += 1;
    }
    (sorted, ends)
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

/// Ranks with the positions of the candidates.
fn ranks(setting: &Setting<'_>, advert: &Advert, table: &Table, candidates: &[Reaction]) -> Vec<(Rank, u32)> {
    candidates.iter().zip(0..).map(|(c, i)| (rank_of(setting, advert, table, c), i)).collect()
}

/// The candidates in rank order; a registration that reacted more than once on the same advert counts once.
fn in_order(mut ranks: Vec<(Rank, u32)>, candidates: &[Reaction]) -> Vec<Reaction> {
    ranks.sort_unstable_by_key(|r| r.0);
    ranks.dedup_by_key(|r| r.0.2);
    ranks.iter().map(|&(_, i)| candidates[i as usize]).collect()
}

fn shortlist(setting: &Setting<'_>, advert: &Advert, table: &Table, candidates: &[Reaction]) -> Shortlist {
    let mut ranks = ranks(setting, advert, table, candidates);
    let mut is_all = true;
    if ranks.len() > SHORTLIST * 2 {
        ranks.select_nth_unstable_by_key(SHORTLIST * 2, |r| r.0);
        ranks.truncate(SHORTLIST * 2);
        is_all = false;
    }
    let mut first = in_order(ranks, candidates);
    is_all &= first.len() <= SHORTLIST;
    first.truncate(SHORTLIST);
    Shortlist { first, is_all }
}

/// Offers every advert in rank order until somebody accepts or the offers are used up; market by market, advert by
/// advert in the order of names, so a candidate housed meanwhile is passed over.
pub fn offer(
    books: &mut Books<'_>,
    setting: &Setting<'_>,
    table: &mut Table,
    adverts: &Adverts,
    reactions: &[Vec<Reaction>],
    shortlists: &[Vec<Shortlist>],
) {
    for (market, (adverts, shortlists)) in adverts.markets.iter().zip(shortlists).enumerate() {
        books.ledger.adverts[market].adverts += adverts.adverts.len() as u32;
        for (index, (advert, shortlist)) in adverts.adverts.iter().zip(shortlists).enumerate() {
            let mut offers = 0;
            let mut is_let = offer_to(books, setting, table, advert, &shortlist.first, &mut offers);
            if !is_let && !shortlist.is_all && offers < offers_at_most(setting) {
                let reacted = |r: &&Reaction| r.advert as usize == index;
                let everybody: Vec<Reaction> = reactions[market].iter().filter(reacted).copied().collect();
                let others = in_order(ranks(setting, advert, table, &everybody), &everybody);
                is_let = offer_to(books, setting, table, advert, &others[shortlist.first.len()..], &mut offers);
            }
            books.ledger.adverts[market].unfilled += u32::from(!is_let);
        }
    }
}

fn offers_at_most(setting: &Setting<'_>) -> u16 {
    setting.rulebook.rules.allocation.offers_at_most.get() as u16
}

/// Offers to `candidates` in their order; true if one accepts. `offers` counts those made for this advert.
fn offer_to(
    books: &mut Books<'_>,
    setting: &Setting<'_>,
    table: &mut Table,
    advert: &Advert,
    candidates: &[Reaction],
    offers: &mut u16,
) -> bool {
    let rules = &setting.rulebook.rules.allocation;
    let (vacancy, market) = (table.vacancies[advert.vacancy], usize::from(table.market[advert.vacancy]));
    let (accept, channel, ground) = match advert.mode {
        Mode::Lottery => (rules.accept_lottery.get(), Channel::Lottery, Ground::None),
        Mode::OtherDirect => (rules.accept_direct.get(), Channel::Direct, Ground::OtherDirect),
        _ if advert.local => (rules.accept_advertised.get(), Channel::Advertised, Ground::LocalBinding),
        _ => (rules.accept_advertised.get(), Channel::Advertised, Ground::None),
    };
    let accept = Threshold::of(accept);
    for candidate in candidates {
        if *offers >= offers_at_most(setting) {
            break;
        }
        if table.is_housed(candidate.holder) {
            continue;
        }
        *offers += 1;
        let group = candidate.group;
        books.ledger.search[market][group as usize].offers += 1;
        if setting.chance.luck_with(ACCEPT, candidate.name.0, vacancy.name.0, setting.clock.step).strikes(accept) {
            let ground = match ground {
                Ground::LocalBinding if candidate.municipality != table.municipality[advert.vacancy] => Ground::None,
                ground => ground,
            };
            let way = Way { channel, ground, rank: *offers, row: candidate.row };
            write_letting(books, setting, vacancy, candidate.holder, way);
            table.take(advert.vacancy, candidate.holder);
            return true;
        }
        books.ledger.search[market][group as usize].refusals += 1;
    }
    false
}
