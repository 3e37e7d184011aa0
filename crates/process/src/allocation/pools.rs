//! Who waits for direct mediation: holders of statements, leavers of institutions, and registrations where a region asks.

use std::borrow::Cow;

use doorstroom_kernel::{Day, MonthOfYear};
use doorstroom_policy::crowding::rooms_needed_by;
use doorstroom_policy::fit::{self, IncomeFitRules};
use doorstroom_policy::priority::{StatusRegime, must_list_as_urgent};
use doorstroom_policy::scheme::{Names, RegionChannel};
use doorstroom_state::KinName;
use doorstroom_state::books::Books;
use doorstroom_state::dwelling::Dwelling;
use doorstroom_state::group::SeekerGroup;
use doorstroom_state::household::{NO_MUNICIPALITY, Need, UrgencyGround};
use doorstroom_state::municipality::Municipality;
use doorstroom_state::registration::{Registration, RowState};
use doorstroom_state::slots::Slot;

use super::candidate::{Contest, fits_scheme};
use super::{Table, linked};
use crate::rulebook::Setting;

/// Names whose holders stand on short lists of their own: they need not be registered.
pub const LISTED: Names = Names::MEDICAL.and(Names::RENEWAL).and(Names::CARE_LEAVER);

/// Who waits to be proposed a dwelling.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Waiting {
    since: Day,
    name: u64,
    /// The household.
    pub slot: Slot,
    /// Names that are known to hold for it.
    pub known: Names,
    /// Municipality (slot) whose by-law gives the urgency; [`NO_MUNICIPALITY`] where it holds in the whole market.
    within: u16,
    /// What it needs of a dwelling.
    pub fit: Fit,
}

impl Waiting {
    /// Whether it holds for a dwelling in this municipality.
    pub fn holds_in(&self, municipality: u16) -> bool {
        self.within == NO_MUNICIPALITY || self.within == municipality
    }
}

/// Those who wait by market (region slot), longest waiting first.
pub type Pool = Vec<Vec<Waiting>>;

/// Everybody who waits for a proposal in this step.
pub struct Pools {
    /// Holders of a statement.
    urgent: Pool,
    /// Status holders whom a by-law must list as urgent (worlds/MODEL.md M23).
    obliged: Pool,
    /// Leavers of institutions.
    pub care: Pool,
    /// Households with a searching registration, in markets whose scheme proposes to them.
    registered: Pool,
}

impl Pools {
    /// Everybody who waits now.
    pub fn new(
        books: &mut Books<'_>,
        setting: &Setting<'_>,
        table: &Table,
        contest: &Contest<'_>,
        municipalities: &[Municipality],
    ) -> Self {
        let markets = contest.schemes.len();
        let asks: Vec<bool> = contest
            .schemes
            .iter()
            .map(|scheme| scheme.channels.iter().any(|channel| channel.is_direct() && !channel.open_to.within(LISTED)))
            .collect();
        Pools {
            urgent: listed(books, setting, table, markets, SeekerGroup::Urgent),
            obliged: obliged(books, setting, table, markets, municipalities),
            care: listed(books, setting, table, markets, SeekerGroup::ShortNotice),
            registered: registered(books, setting, &asks),
        }
    }

    /// Those of a market to whom a channel may propose, longest waiting first.
    pub fn of(&self, market: usize, channel: &RegionChannel) -> Cow<'_, [Waiting]> {
        if !channel.open_to.within(LISTED) {
            return Cow::Borrowed(&self.registered[market]);
        }
        let statements = Names::MEDICAL.and(Names::RENEWAL);
        let mut pool = Vec::new();
        if channel.open_to.any(statements) {
            pool.extend(self.urgent[market].iter().filter(|waiting| waiting.known.any(channel.open_to)));
        }
        // the categories of the law are served by the same channel as medical and social statements
        let obliged = if channel.open_to.any(Names::MEDICAL) { self.obliged[market].as_slice() } else { &[] };
        pool.extend(obliged);
        if channel.open_to.any(Names::CARE_LEAVER) {
            pool.extend(&self.care[market]);
        }
        if !obliged.is_empty() || (channel.open_to.any(statements) && channel.open_to.any(Names::CARE_LEAVER)) {
            pool.sort_unstable();
        }
        Cow::Owned(pool)
    }
}

/// What a household needs of a dwelling: rooms, and the rent classes that its income allows; and what schemes ask beside
/// that. Known once a step.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Fit {
    persons: u8,
    /// Class and place in the class.
    income: (u8, u8),
    rooms_needed: u8,
    rent_class_lowest: u8,
    rent_class_highest: u8,
}

impl Fit {
    /// Of a household in `month`.
    pub fn of(books: &Books<'_>, household: Slot, month: MonthOfYear, limits: &IncomeFitRules) -> Self {
        let (members, means) =
            (&books.households[household as usize].members, &books.households[household as usize].means);
        let (persons, income) = (members.count() as u8, (means.income_class, means.position));
        let (rent_class_lowest, rent_class_highest) = fit::rent_band(limits, persons, income.0, income.1).into_inner();
        Fit { persons, income, rooms_needed: rooms_needed_by(members, month), rent_class_lowest, rent_class_highest }
    }

    /// True if the household fits the dwelling by rooms and income.
    pub fn takes(&self, dwelling: &Dwelling) -> bool {
        fit::rooms_fit(self.rooms_needed, dwelling.rooms)
            && (self.rent_class_lowest..=self.rent_class_highest).contains(&dwelling.rent_class)
    }

    /// Income fit and room fit as the channel has them.
    pub fn fits_scheme(&self, channel: &RegionChannel, dwelling: &Dwelling) -> bool {
        fits_scheme(channel, self.persons, self.income, dwelling)
    }
}

/// Those on a short list by market, longest waiting first.
fn listed(books: &mut Books<'_>, setting: &Setting<'_>, table: &Table, markets: usize, group: SeekerGroup) -> Pool {
    let mut pool: Pool = vec![Vec::new(); markets];
    let limits = IncomeFitRules::from(&setting.rulebook.rules.allocation);
    let seekers = &*books.seekers;
    let list = match group {
        SeekerGroup::Urgent => &mut books.lists.urgent,
        _ => &mut books.lists.care_leavers,
    };
    let belongs = |slot: Slot| {
        let seeker = &seekers[slot as usize];
        seeker.group == group && (group == SeekerGroup::Urgent || seeker.need == Need::Institution)
    };
    let entries = list.settle(&books.households, belongs).to_vec();
    let books = &*books;
    let of = |&(name, slot): &(KinName, Slot)| {
        let seeker = &books.seekers[slot as usize];
        let (since, known) = match (group, seeker.ground) {
            (SeekerGroup::Urgent, UrgencyGround::Medical) => (seeker.urgent_since, Names::MEDICAL),
            (SeekerGroup::Urgent, UrgencyGround::Renewal) => (seeker.urgent_since, Names::RENEWAL),
            (SeekerGroup::Urgent, UrgencyGround::None) => return None,
            _ => (seeker.need_since, Names::CARE_LEAVER),
        };
        let municipality = books.homes[slot as usize].municipality;
        let market = *setting.gazetteer.region_of.get(usize::from(municipality))?;
        let fit = Fit::of(books, slot, setting.clock.month(), &limits);
        let waiting = Waiting { since, name: name.0, slot, known, within: NO_MUNICIPALITY, fit };
        (!table.is_housed(slot)).then_some((market, waiting))
    };
    let read = |&(_, slot): &(KinName, Slot)| books.read_ahead(slot as usize);
    for (market, waiting) in setting.lane.map_scattered(&entries, read, of).into_iter().flatten() {
        pool[usize::from(market)].push(waiting);
    }
    for market in &mut pool {
        market.sort_unstable();
    }
    pool
}

/// Status holders in reception who hold urgency because the by-law of the municipality to which they are linked must list
/// them, by market, longest permit first. Elsewhere the means are free.
fn obliged(
    books: &mut Books<'_>,
    setting: &Setting<'_>,
    table: &Table,
    markets: usize,
    municipalities: &[Municipality],
) -> Pool {
    let mut pool: Pool = vec![Vec::new(); markets];
    let limits = IncomeFitRules::from(&setting.rulebook.rules.allocation);
    let (regime, since) = setting.regime();
    if *regime != StatusRegime::ObligatoryUrgency || setting.clock.today < since {
        return pool;
    }
    for (m, town) in linked::linked_by_municipality(books, setting, municipalities.len()).into_iter().enumerate() {
        let place = &municipalities[m];
        if !must_list_as_urgent(regime, place.urgency_regulation) {
            continue;
        }
        let waits = town.into_iter().filter(|linked| linked::waits(books, table, *linked));
        pool[usize::from(place.region)].extend(waits.map(|linked| Waiting {
            since: linked.permit,
            name: linked.name,
            slot: linked.slot,
            known: Names::STATUS_HOLDER,
            within: m as u16,
            fit: Fit::of(books, linked.slot, setting.clock.month(), &limits),
        }));
    }
    for market in &mut pool {
        market.sort_unstable();
    }
    pool
}

/// Households by their oldest searching registration, in the markets that ask for it.
fn registered(books: &Books<'_>, setting: &Setting<'_>, asks: &[bool]) -> Pool {
    let mut pool: Pool = vec![Vec::new(); asks.len()];
    if !asks.contains(&true) {
        return pool;
    }
    let limits = IncomeFitRules::from(&setting.rulebook.rules.allocation);
    let searches = |row: &Registration| row.state == RowState::Searching && asks[usize::from(row.market)];
    let searching: Vec<&Registration> = books.register.rows.iter().filter(|row| searches(row)).collect();
    let read = |row: &&Registration| books.read_ahead(row.holder as usize);
    let waiting = setting.lane.map_scattered(&searching, read, |row| Waiting {
        since: row.since,
        name: books.name(row.holder).0,
        slot: row.holder,
        known: Names::EVERYBODY,
        within: NO_MUNICIPALITY,
        fit: Fit::of(books, row.holder, setting.clock.month(), &limits),
    });
    for (row, waiting) in searching.into_iter().zip(waiting) {
        pool[usize::from(row.market)].push(waiting);
    }
    for market in &mut pool {
        market.sort_unstable();
        let mut seen = std::collections::BTreeSet::new();
        market.retain(|waiting| seen.insert(waiting.slot));
    }
    pool
}
