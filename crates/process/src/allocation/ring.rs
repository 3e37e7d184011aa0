//! What is advertised, and which advert a reaction falls on.

use std::ops::RangeInclusive;

use doorstroom_kernel::Purpose;
use doorstroom_kernel::chance::join;
use doorstroom_policy::fit::{self, IncomeFitRules};
use doorstroom_policy::scheme::{Names, RegionChannel, RegionScheme};
use doorstroom_state::KinName;
use doorstroom_state::books::Books;
use doorstroom_state::columns::set_bits;
use doorstroom_state::dwelling::DwellingForm;

use super::Table;
use crate::rulebook::Setting;

const LOCAL: Purpose = Purpose::named("local binding of an advert");
const LABEL: Purpose = Purpose::named("label of an advert");
const BY_LOT: Purpose = Purpose::named("whether an advert goes by lot");
const RESERVED: Purpose = Purpose::named("which adverts fall to a reserved share");

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
    /// Name of the dwelling.
    pub name: KinName,
    /// Municipality (slot) of the dwelling.
    pub municipality: u16,
    /// Channel of the region's scheme.
    pub channel: u8,
    /// Label that it carries.
    pub label: Option<u8>,
    /// Binding that it carries.
    pub binding: Option<u8>,
    /// Groups for which a by-law keeps it; everybody if for none.
    pub kept_for: Names,
    /// Given by equal lots.
    pub by_lot: bool,
    /// Stood empty long enough for conditions to widen.
    pub is_wide: bool,
}

impl Advert {
    /// The dwelling `vacancy` of the table in `channel`, whose marks are drawn anew in every step.
    pub fn of(
        books: &Books<'_>,
        setting: &Setting<'_>,
        table: &Table,
        vacancy: usize,
        place: u8,
        channel: &RegionChannel,
    ) -> Advert {
        let listed = table.vacancies[vacancy];
        let dwelling = &books.dwellings[listed.dwelling as usize];
        let step = setting.clock.step;
        let draw = |purpose| setting.chance.luck(purpose, listed.name.0, step).unit();
        let marked =
            |marks: &[_], purpose| if marks.is_empty() { None } else { RegionChannel::mark_of(marks, draw(purpose)) };
        Advert {
            vacancy,
            name: listed.name,
            municipality: dwelling.municipality,
            channel: place,
            label: marked(&channel.labels, LABEL),
            binding: marked(&channel.bindings, LOCAL),
            kept_for: Names::ALL,
            by_lot: channel.by_lot(draw(BY_LOT)),
            is_wide: step.0.saturating_sub(dwelling.vacant_since.0) > WIDER_AFTER_STEPS,
        }
    }
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

    /// First point at or after the number `bits`; the number of points beyond the last.
    fn place(&self, bits: u64) -> Option<usize> {
        let mut at = *self.starts.get((bits >> self.shift) as usize)? as usize;
        while at < self.points.len() && self.points[at] < bits {
            at += 1;
        }
        Some(at)
    }

    /// A point near the number `bits` and its advert.
    fn near(&self, bits: u64) -> Option<(u64, u32)> {
        let at = *self.starts.get((bits >> self.shift) as usize)? as usize;
        Some((*self.points.get(at)?, *self.owners.get(at)?))
    }

    /// The advert that owns the number `bits`.
    fn owner(&self, bits: u64) -> Option<u32> {
        self.owners.get(self.place(bits)?).or(self.owners.first()).copied()
    }

    /// The advert that would own the number `bits` if only those that `may` be picked were there.
    fn owner_among(&self, bits: u64, may: impl Fn(u32) -> bool) -> Option<u32> {
        let (before, after) = self.owners.split_at(self.place(bits)?.min(self.owners.len()));
        after.iter().chain(before).copied().find(|&advert| may(advert))
    }
}

/// Adverts of one market, and which of them each class of household fits.
#[derive(Debug, Default)]
pub struct Market {
    /// Adverts in the order of names.
    pub adverts: Vec<Advert>,
    /// Some who fit may not react.
    is_restricted: bool,
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

    /// Reads a little of what [`Adverts::pick`] will need.
    pub fn read_ahead(&self, market: u8, class: usize, bits: u64) -> u64 {
        let market = &self.markets[usize::from(market)];
        let near = market.rings.get(class).and_then(|ring| ring.near(bits));
        near.map_or(0, |(point, advert)| point ^ u64::from(market.adverts[advert as usize].municipality))
    }

    /// The advert of `market` on which a household of `class` reacts for the uniform draw `bits`, among those on which
    /// it `may` react; `None` if it fits none. An advert more or less changes only the reactions that fall in its own
    /// stretches of the ring, so two arms with almost the same adverts have almost the same reactions.
    pub fn pick(&self, market: u8, class: usize, bits: u64, may: impl Fn(&Advert) -> bool) -> Option<u32> {
        let market = &self.markets[usize::from(market)];
        let ring = market.rings.get(class)?;
        if market.is_restricted {
            return ring.owner_among(bits, |advert| may(&market.adverts[advert as usize]));
        }
        ring.owner(bits)
    }
}

/// Turns what is left on the table into adverts.
pub fn adverts(books: &Books<'_>, setting: &Setting<'_>, table: &Table, schemes: &[&RegionScheme]) -> Adverts {
    let mut markets: Vec<Market> = schemes.iter().map(|_| Market::default()).collect();
    for (index, vacancy) in table.vacancies.iter().enumerate() {
        let dwelling = &books.dwellings[vacancy.dwelling as usize];
        let Some(place) = table.channel[index] else { continue };
        if table.taken[index] || dwelling.form != DwellingForm::SelfContained {
            continue;
        }
        let market = usize::from(table.market[index]);
        let channel = &schemes[market].channels[usize::from(place)];
        markets[market].is_restricted |= channel.is_restricted();
        markets[market].adverts.push(Advert::of(books, setting, table, index, place, channel));
    }
    for (market, scheme) in markets.iter_mut().zip(schemes).filter(|(_, scheme)| !scheme.reserved.is_empty()) {
        reserve(market, scheme, setting);
    }
    let rings = setting.lane.map(&markets, |market| rings_of(market, books, table));
    for (market, rings) in markets.iter_mut().zip(rings) {
        market.rings = rings;
    }
    Adverts { markets }
}

/// Keeps shares of the adverts of a market for the groups of its by-law; which ones is drawn anew in every step. What
/// stood empty so long that conditions widen is kept for nobody.
fn reserve(market: &mut Market, scheme: &RegionScheme, setting: &Setting<'_>) {
    let draw = |advert: &Advert| setting.chance.luck(RESERVED, advert.name.0, setting.clock.step).bits();
    let open = market.adverts.iter_mut().filter(|advert| !advert.is_wide);
    let mut order: Vec<(u64, &mut Advert)> = open.map(|advert| (draw(advert), advert)).collect();
    order.sort_unstable_by_key(|(drawn, advert)| (*drawn, advert.name));
    let units = order.len() as u32;
    let mut left = order.into_iter();
    for &(groups, reservation) in &scheme.reserved {
        let kept = left.by_ref().take(reservation.of(units) as usize);
        for (_, advert) in kept {
            advert.kept_for = groups;
            market.is_restricted = true;
        }
    }
}

/// A bit for every class that fits the advert.
fn classes_that_fit(advert: &Advert, books: &Books<'_>, table: &Table) -> u32 {
    let dwelling = &books.dwellings[table.vacancies[advert.vacancy].dwelling as usize];
    let fits = |class: usize| {
        let (needed, band) = ((class / BANDS + 1) as u8, class % BANDS);
        if advert.is_wide {
            return fit::fits_wider(needed, dwelling.rooms);
        }
        fit::rooms_fit(needed, dwelling.rooms) && RENT_CLASSES[band].contains(&dwelling.rent_class)
    };
    (0..CLASSES).filter(|&class| fits(class)).fold(0, |classes, class| classes | 1 << class)
}

/// The rings of a market, one a class.
fn rings_of(market: &Market, books: &Books<'_>, table: &Table) -> Vec<Ring> {
    let fitting: Vec<u32> = market.adverts.iter().map(|a| classes_that_fit(a, books, table)).collect();
    let mut all: Vec<(u64, u32)> = Vec::with_capacity(market.adverts.len() * POINTS as usize);
    for (i, advert) in market.adverts.iter().enumerate() {
        all.extend((0..POINTS).map(|point| (join(advert.name.0, point), i as u32)));
    }
    all.sort_unstable();
    let room = |class: usize| fitting.iter().filter(|&&fits| fits >> class & 1 == 1).count() * POINTS as usize;
    let mut stretches: Vec<(Vec<u64>, Vec<u32>)> =
        (0..CLASSES).map(room).map(|points| (Vec::with_capacity(points), Vec::with_capacity(points))).collect();
    for (point, advert) in all {
        for class in set_bits(fitting[advert as usize].into()) {
            let (points, owners) = &mut stretches[class as usize];
            points.push(point);
            owners.push(advert);
        }
    }
    stretches.into_iter().map(|(points, owners)| Ring::new(points, owners)).collect()
}
