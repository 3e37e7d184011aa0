//! Direct mediation (directe bemiddeling) outside the quota: channels whose dwellings are proposed, and flex homes.

use doorstroom_kernel::{Day, Purpose, Threshold};
use doorstroom_policy::fit::{self, IncomeFitRules};
use doorstroom_policy::priority::{StatusRegime, must_list_as_urgent};
use doorstroom_policy::scheme::{Names, Next, RegionChannel};
use doorstroom_state::books::Books;
use doorstroom_state::dwelling::DwellingForm;
use doorstroom_state::group::SeekerGroup;
use doorstroom_state::household::{HomeKind, NO_MUNICIPALITY, UrgencyGround};
use doorstroom_state::ledger::{Channel, Ground};
use doorstroom_state::municipality::Municipality;
use doorstroom_state::registration::RowState;
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
            registered: registered(books, &asks),
        }
    }

    /// Those of a market to whom a channel may propose, longest waiting first.
    fn of(&self, market: usize, channel: &RegionChannel) -> Vec<Waiting> {
        if !channel.open_to.within(LISTED) {
            return self.registered[market].clone();
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
        pool
    }
}

/// True if the household fits the dwelling by rooms and income.
pub fn fits(
    books: &Books<'_>,
    household: Slot,
    dwelling: Slot,
    setting: &Setting<'_>,
    limits: &IncomeFitRules,
) -> bool {
    let (i, home) = (household as usize, &books.dwellings[dwelling as usize]);
    let members = &books.members[i];
    let needed = doorstroom_policy::crowding::rooms_needed_by(members, setting.clock.month());
    let income = fit::income_eur(books.means[i].income_class, books.means[i].position);
    fit::rooms_fit(needed, home.rooms)
        && fit::rent_classes(limits, members.count() as u8, income).contains(&home.rent_class)
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
        let limits = IncomeFitRules::from(&self.setting.rulebook.rules.allocation);
        let slot = self.table.vacancies[advert.vacancy].dwelling;
        let dwelling = self.books.dwellings[slot as usize];
        let mut pool: Vec<(u16, Waiting)> = pools.of(market, channel).into_iter().map(|waiting| (0, waiting)).collect();
        if !channel.open_to.within(LISTED) && channel.open_to != Names::ALL {
            pool.retain(|(_, waiting)| {
                names_of(self.books, self.setting, waiting.slot, channel.open_to, advert.municipality)
                    .any(channel.open_to)
            });
        }
        // whoever waits longest goes first, unless the channel tells classes apart
        if self.contest.tells_apart(channel) {
            for (class, waiting) in &mut pool {
                let known = (waiting.slot, waiting.known);
                *class = self.contest.class_of(self.books, self.setting, channel, advert, known);
            }
            pool.sort_unstable();
        }
        let mut offers = 0;
        for (_, waiting) in pool {
            if offers >= channel.most_offers {
                break;
            }
            let may = waiting.holds_in(advert.municipality)
                && self.still_waits(waiting)
                && fits(self.books, waiting.slot, slot, self.setting, &limits)
                && fits_scheme(self.books, channel, waiting.slot, &dwelling);
            if !may {
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

    /// Not housed meanwhile, and the statement still holds: one that a refusal ended gives no second offer.
    fn still_waits(&self, waiting: Waiting) -> bool {
        let seeker = &self.books.seekers[waiting.slot as usize];
        let ended =
            waiting.known.any(Names::MEDICAL.and(Names::RENEWAL)) && seeker.urgent_until <= self.setting.clock.step;
        let released = waiting.known.any(Names::STATUS_HOLDER) && !seeker.duty;
        !self.table.is_housed(waiting.slot) && !ended && !released
    }

    fn propose_flex(&mut self, index: usize, pool: &[Waiting]) {
        let limits = IncomeFitRules::from(&self.setting.rulebook.rules.allocation);
        let dwelling = self.table.vacancies[index].dwelling;
        // a flex home is no step up from a flex home: without this the same few would pass them round
        let fitting = pool.iter().find(|waiting| {
            !lives_in_flex(self.books, waiting.slot)
                && self.still_waits(**waiting)
                && fits(self.books, waiting.slot, dwelling, self.setting, &limits)
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
    let seekers = &*books.seekers;
    let list = match group {
        SeekerGroup::Urgent => &mut books.lists.urgent,
        _ => &mut books.lists.care_leavers,
    };
    for &(name, slot) in list.settle(books.kin, |slot| seekers[slot as usize].group == group) {
        if table.is_housed(slot) {
            continue;
        }
        let seeker = &books.seekers[slot as usize];
        let (since, known) = match (group, seeker.ground) {
            (SeekerGroup::Urgent, UrgencyGround::Medical) => (seeker.urgent_since, Names::MEDICAL),
            (SeekerGroup::Urgent, UrgencyGround::Renewal) => (seeker.urgent_since, Names::RENEWAL),
            (SeekerGroup::Urgent, UrgencyGround::None) => continue,
            _ => (seeker.need_since, Names::CARE_LEAVER),
        };
        let municipality = books.homes[slot as usize].municipality;
        let Some(&market) = setting.gazetteer.region_of.get(usize::from(municipality)) else { continue };
        pool[usize::from(market)].push(Waiting { since, name: name.0, slot, known, within: NO_MUNICIPALITY });
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
        }));
    }
    for market in &mut pool {
        market.sort_unstable();
    }
    pool
}

/// Households by their oldest searching registration, in the markets that ask for it.
fn registered(books: &Books<'_>, asks: &[bool]) -> Pool {
    let mut pool: Pool = vec![Vec::new(); asks.len()];
    if !asks.contains(&true) {
        return pool;
    }
    for row in
        books.register.rows.iter().filter(|row| row.state == RowState::Searching && asks[usize::from(row.market)])
    {
        let name = books.kin[row.holder as usize].name.0;
        let waiting =
            Waiting { since: row.since, name, slot: row.holder, known: Names::EVERYBODY, within: NO_MUNICIPALITY };
        pool[usize::from(row.market)].push(waiting);
    }
    for market in &mut pool {
        market.sort_unstable();
        let mut seen = std::collections::BTreeSet::new();
        market.retain(|waiting| seen.insert(waiting.slot));
    }
    pool
}
