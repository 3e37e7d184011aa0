//! Direct mediation (directe bemiddeling) outside the quota: channels whose dwellings are proposed, and flex homes.

use std::borrow::Cow;

use doorstroom_kernel::{Purpose, Threshold};
use doorstroom_policy::scheme::{Names, Next, RegionChannel};
use doorstroom_state::books::Books;
use doorstroom_state::dwelling::{Dwelling, DwellingForm};
use doorstroom_state::household::HomeKind;
use doorstroom_state::ledger::{Channel, Ground};
use doorstroom_state::slots::{NO_SLOT, Slot};

use super::offer::{Office, counts_as};
use super::penalty::end_statement;
use super::pools::{LISTED, Pools, Waiting};
use super::ring::Advert;
use super::{Way, linked, write_letting};
use crate::names::names_of;

const ACCEPT: Purpose = Purpose::named("acceptance of a direct offer");

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
        let pool = pools.of(market, channel);
        let tells_apart = self.contest.tells_apart(channel);
        let turns = if tells_apart { Cow::Owned(self.by_class(advert, channel, &pool, &dwelling)) } else { pool };
        let mut offers = 0;
        for waiting in turns.iter() {
            if offers >= channel.most_offers {
                break;
            }
            let suited = tells_apart || self.suits(advert, channel, waiting, &dwelling);
            if !suited || !self.still_waits(waiting) {
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
                linked::note_refusal(self.books, self.setting, waiting.slot);
            }
        }
        false
    }

    /// Those whom the dwelling suits where the channel tells classes apart: the first class first, in it whoever waits
    /// longest.
    fn by_class(
        &self,
        advert: &Advert,
        channel: &RegionChannel,
        pool: &[Waiting],
        dwelling: &Dwelling,
    ) -> Vec<Waiting> {
        let class_of = |waiting: &Waiting| {
            let known = (waiting.slot, waiting.known);
            self.contest.class_of(self.books, self.setting, channel, advert, known)
        };
        let suits = |waiting: &&Waiting| self.suits(advert, channel, waiting, dwelling);
        let mut suited: Vec<Waiting> = pool.iter().filter(suits).copied().collect();
        suited.sort_by_cached_key(|waiting| (class_of(waiting), *waiting));
        suited
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
            && waiting.fit.fits_scheme(channel, dwelling)
            && is_open()
            && self.is_kept_for(advert, household)
    }

    /// A dwelling that was kept for some groups when it was advertised stays so when it passes on.
    fn is_kept_for(&self, advert: &Advert, household: Slot) -> bool {
        let groups = advert.kept_for;
        groups == Names::ALL || names_of(self.books, self.setting, household, groups, advert.municipality).any(groups)
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
        let name = self.books.name(household);
        let rules = &self.setting.rulebook.rules.allocation;
        let accept = Threshold::of(match way.ground {
            Ground::StatusUrgency => rules.accept_status_holder.get(),
            _ => rules.accept_direct.get(),
        });
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
