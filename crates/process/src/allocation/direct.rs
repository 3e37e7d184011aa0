//! Direct mediation (directe bemiddeling) outside the quota: channels whose dwellings are proposed, and flex homes.

use std::borrow::Cow;

use doorstroom_kernel::{Day, MonthOfYear, Purpose, Threshold};
use doorstroom_policy::crowding::rooms_needed_by;
use doorstroom_policy::fit::{self, IncomeFitRules};
use doorstroom_policy::priority::{StatusRegime, must_list_as_urgent};
use doorstroom_policy::scheme::{Names, Next, RegionChannel};
use doorstroom_state::KinName;
use doorstroom_state::books::Books;
use doorstroom_state::dwelling::{Dwelling, DwellingForm};
use doorstroom_state::group::SeekerGroup;
use doorstroom_state::household::{HomeKind, NO_MUNICIPALITY, UrgencyGround};
use doorstroom_state::ledger::{Channel, Ground};
use doorstroom_state::municipality::Municipality;
use doorstroom_state::registration::{Registration, RowState};
use doorstroom_state::slots::{NO_SLOT, Slot};

use super::candidate::{Contest, fits_scheme};
use super::offer::{Office, counts_as};
use super::penalty::end_statement;
use super::ring::Advert;
use super::{Table, Way, status, write_letting};
use crate::names::names_of;
use crate::rulebook::Setting;

const ACCEPT: Purpose = Purpose::named("acceptance of a direct offer");

/// Names whose holders stand on short lists of their own: they need not be registered.
const LISTED: Names = Names::MEDICAL.and(Names::RENEWAL).and(Names::CARE_LEAVER);

/// Who waits to be proposed a dwelling.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
struct Waiting {
    since: Day,
    name: u64,
    slot: Slot,
    known: Names,
    /// Municipality (slot) whose by-law gives the urgency; [`NO_MUNICIPALITY`] where it holds in the whole market.
    within: u16,
    fit: Fit,
}

impl Waiting {
    /// Whether it holds for a dwelling in this municipality.
    fn holds_in(&self, municipality: u16) -> bool {
        self.within == NO_MUNICIPALITY || self.within == municipality
    }
}

type Pool = Vec<Vec<Waiting>>;

/// Those who wait by market, longest waiting first.
pub struct Pools {
    /// Holders of a statement.
    urgent: Pool,
    /// Status holders whom a by-law must list as urgent (worlds/MODEL.md M23).
    obliged: Pool,
    /// Leavers of institutions.
    care: Pool,
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
    fn of(&self, market: usize, channel: &RegionChannel) -> Cow<'_, [Waiting]> {
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

/// What a household needs of a dwelling: rooms, and the rent classes that its income allows. Known once a step.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Fit {
    rooms_needed: u8,
    rent_class_lowest: u8,
    rent_class_highest: u8,
}

impl Fit {
    /// Of a household in `month`.
    pub fn of(books: &Books<'_>, household: Slot, month: MonthOfYear, limits: &IncomeFitRules) -> Self {
        let (members, means) = (&books.members[household as usize], &books.means[household as usize]);
        let income = fit::income_eur(means.income_class, means.position);
        let (rent_class_lowest, rent_class_highest) =
            fit::rent_classes(limits, members.count() as u8, income).into_inner();
        Fit { rooms_needed: rooms_needed_by(members, month), rent_class_lowest, rent_class_highest }
    }

    /// True if the household fits the dwelling by rooms and income.
    pub fn takes(&self, dwelling: &Dwelling) -> bool {
        fit::rooms_fit(self.rooms_needed, dwelling.rooms)
            && (self.rent_class_lowest..=self.rent_class_highest).contains(&dwelling.rent_class)
    }
}

impl Office<'_, '_, '_> {
    /// Proposes the vacancies that begin in channels of direct mediation, in the order of names; those that nobody
    /// takes stay on the table in the channel to which they pass on. Flex homes go to leavers of institutions.
    pub fn mediate_all(&mut self, pools: &Pools) {
        for index in 0..self.table.vacancies.len() {
            if self.table.taken[index] {
                continue;
            }
            let vacancy = self.table.vacancies[index];
            let market = usize::from(self.table.market[index]);
            if self.books.dwellings[vacancy.dwelling as usize].form == DwellingForm::Flex {
                self.propose_flex(index, &pools.care[market]);
                continue;
            }
            let scheme = self.contest.schemes[market];
            while let Some(place) = self.table.channel[index] {
                let channel = &scheme.channels[usize::from(place)];
                if !channel.is_direct() || self.table.taken[index] {
                    break;
                }
                let advert = Advert::of(self.books, self.setting, self.table, index, place, channel);
                if self.mediate(&advert, channel, pools) {
                    break;
                }
                self.table.channel[index] = match channel.untaken {
                    Next::Channel(next) => Some(next as u8),
                    Next::Step | Next::Lost => None,
                };
            }
        }
    }

    /// Proposes a dwelling to who waits longest of the first class, then to the next; true if somebody accepts.
    pub fn mediate(&mut self, advert: &Advert, channel: &RegionChannel, pools: &Pools) -> bool {
        let market = usize::from(self.table.market[advert.vacancy]);
        let dwelling = self.books.dwellings[self.table.vacancies[advert.vacancy].dwelling as usize];
        let mut offers = 0;
        for waiting in self.in_turn(advert, channel, pools.of(market, channel), &dwelling).iter() {
            if offers >= channel.most_offers {
                break;
            }
            if !self.still_waits(waiting) || !self.suits(advert, channel, waiting, &dwelling) {
                continue;
            }
            offers += 1;
            let ground = ground_of(waiting.known);
            let way = Way { channel: counts_as(channel), ground, rank: offers.min(9_999) as u16, row: NO_SLOT };
            if self.propose(advert.vacancy, waiting.slot, way) {
                return true;
            }
            let row = self.books.best_row(waiting.slot, market as u8).unwrap_or(NO_SLOT);
            self.penalties.note(self.books, self.contest.schemes[market], channel, row);
            if waiting.known.any(Names::MEDICAL.and(Names::RENEWAL)) {
                end_statement(self.books, self.setting, self.contest.schemes[market], waiting.slot);
            }
            if waiting.known.any(Names::STATUS_HOLDER) {
                status::note_refusal(self.books, self.setting, waiting.slot);
            }
        }
        false
    }

    /// Whoever waits longest goes first, unless the channel tells classes apart: then those whom the dwelling suits, by
    /// class.
    fn in_turn<'p>(
        &self,
        advert: &Advert,
        channel: &RegionChannel,
        pool: Cow<'p, [Waiting]>,
        dwelling: &Dwelling,
    ) -> Cow<'p, [Waiting]> {
        if !self.contest.tells_apart(channel) {
            return pool;
        }
        let class_of = |waiting: &Waiting| {
            let known = (waiting.slot, waiting.known);
            self.contest.class_of(self.books, self.setting, channel, advert, known)
        };
        let suited = pool.iter().filter(|waiting| self.suits(advert, channel, waiting, dwelling));
        let mut ranked: Vec<(u16, Waiting)> = suited.map(|waiting| (class_of(waiting), *waiting)).collect();
        ranked.sort_unstable();
        ranked.into_iter().map(|(_, waiting)| waiting).collect()
    }

    /// True if the channel may propose the dwelling to the household: by place, fit and the names to which it is open.
    fn suits(&self, advert: &Advert, channel: &RegionChannel, waiting: &Waiting, dwelling: &Dwelling) -> bool {
        let (open_to, household) = (channel.open_to, waiting.slot);
        let is_open = || {
            open_to.within(LISTED)
                || open_to == Names::ALL
                || names_of(self.books, self.setting, household, open_to, advert.municipality).any(open_to)
        };
        waiting.holds_in(advert.municipality)
            && waiting.fit.takes(dwelling)
            && fits_scheme(self.books, channel, household, dwelling)
            && is_open()
    }

    /// Not housed meanwhile, and the statement still holds: one that a refusal ended gives no second offer.
    fn still_waits(&self, waiting: &Waiting) -> bool {
        let seeker = &self.books.seekers[waiting.slot as usize];
        let ended =
            waiting.known.any(Names::MEDICAL.and(Names::RENEWAL)) && seeker.urgent_until <= self.setting.clock.step;
        let released = waiting.known.any(Names::STATUS_HOLDER) && !seeker.duty;
        !self.table.is_housed(waiting.slot) && !ended && !released
    }

    fn propose_flex(&mut self, index: usize, pool: &[Waiting]) {
        let dwelling = self.books.dwellings[self.table.vacancies[index].dwelling as usize];
        // a flex home is no step up from a flex home: without this the same few would pass them round
        let fitting = pool.iter().find(|waiting| {
            waiting.fit.takes(&dwelling) && !lives_in_flex(self.books, waiting.slot) && self.still_waits(waiting)
        });
        if let Some(&waiting) = fitting {
            let way = Way { channel: Channel::Direct, ground: Ground::CareLeaver, rank: 1, row: NO_SLOT };
            self.propose(index, waiting.slot, way);
        }
    }

    /// One proposal; true if it is accepted. A letting uses the oldest searching row of the household in the market.
    fn propose(&mut self, index: usize, household: Slot, way: Way) -> bool {
        let vacancy = self.table.vacancies[index];
        let market = usize::from(self.table.market[index]);
        let name = self.books.kin[household as usize].name;
        let accept = Threshold::of(self.setting.rulebook.rules.allocation.accept_direct.get());
        let mut luck = self.setting.chance.luck_with(ACCEPT, name.0, vacancy.name.0, self.setting.clock.step);
        let group = self.books.seekers[household as usize].group;
        let flows = &mut self.books.ledger.search[market][group as usize];
        flows.offers += 1;
        if !luck.strikes(accept) {
            flows.refusals += 1;
            return false;
        }
        let row = self.books.best_row(household, market as u8).unwrap_or(NO_SLOT);
        write_letting(self.books, self.setting, vacancy, household, Way { row, ..way });
        self.table.take(index, household);
        true
    }
}

fn ground_of(known: Names) -> Ground {
    match known {
        Names::MEDICAL => Ground::Medical,
        Names::RENEWAL => Ground::Renewal,
        Names::CARE_LEAVER => Ground::CareLeaver,
        Names::STATUS_HOLDER => Ground::StatusUrgency,
        _ => Ground::OtherDirect,
    }
}

/// True if the household lives in a flex home already.
fn lives_in_flex(books: &Books<'_>, household: Slot) -> bool {
    let home = &books.homes[household as usize];
    home.kind == HomeKind::Dwelling && books.dwellings[home.dwelling as usize].form == DwellingForm::Flex
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
    let entries = list.settle(books.kin, |slot| seekers[slot as usize].group == group).to_vec();
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
    for (m, town) in status::linked_by_municipality(books, setting, municipalities.len()).into_iter().enumerate() {
        let place = &municipalities[m];
        if !must_list_as_urgent(regime, place.urgency_regulation) {
            continue;
        }
        let waits = town.into_iter().filter(|linked| status::waits(books, table, *linked));
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
        name: books.kin[row.holder as usize].name.0,
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
