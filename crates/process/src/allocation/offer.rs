//! Offers: in rank order, until somebody accepts or the dwelling has been offered as often as its channel allows.

use std::collections::BTreeSet;

use doorstroom_kernel::{Purpose, Threshold};
use doorstroom_policy::rules::AllocationRules;
use doorstroom_policy::scheme::{CountsAs, Names, Next, RegionChannel};
use doorstroom_state::KinName;
use doorstroom_state::books::Books;
use doorstroom_state::household::UrgencyGround;
use doorstroom_state::ledger::{Channel, Ground};

use super::advert::{Candidates, Shortlist, in_order};
use super::candidate::Contest;
use super::penalty::{Penalties, STATEMENTS, end_statement};
use super::pools::Pools;
use super::reaction::Reaction;
use super::ring::{Advert, Adverts};
use super::{Table, Way, linked, write_letting};
use crate::rulebook::Setting;

const ACCEPT: Purpose = Purpose::named("acceptance of an advertised dwelling");

/// The offers of one dwelling so far.
#[derive(Default)]
struct Round {
    /// All offers, by which the accepting rank is counted.
    offers: u16,
    /// Offers in the channel that has the dwelling now.
    in_channel: u32,
    /// Registrations that were offered it, kept only once the dwelling changes its channel.
    refused: BTreeSet<KinName>,
}

/// Everything that offers need.
pub struct Office<'a, 'b, 's> {
    /// The books.
    pub books: &'a mut Books<'b>,
    /// The step.
    pub setting: &'a Setting<'s>,
    /// Vacancies.
    pub table: &'a mut Table,
    /// Rules of ranking.
    pub contest: &'a Contest<'a>,
    /// What refusals will cost.
    pub penalties: &'a mut Penalties,
}

impl Office<'_, '_, '_> {
    /// Offers every advert; market by market, advert by advert in the order of names, so a candidate housed meanwhile is
    /// passed over.
    pub fn offer_all(&mut self, adverts: &Adverts, candidates: &[Candidates], pools: &Pools) {
        for (market, (adverts, candidates)) in adverts.markets.iter().zip(candidates).enumerate() {
            self.books.ledger.adverts[market].adverts += adverts.adverts.len() as u32;
            for (index, (advert, shortlist)) in adverts.adverts.iter().zip(&candidates.shortlists).enumerate() {
                let is_let = self.offer(market, advert, shortlist, &|| candidates.in_order(index), pools);
                self.books.ledger.adverts[market].unfilled += u32::from(!is_let);
            }
        }
    }

    /// Offers one advert, in its channel and in those to which it passes on; true if it is let.
    fn offer(
        &mut self,
        market: usize,
        advert: &Advert,
        shortlist: &Shortlist,
        everybody: &dyn Fn() -> Vec<Reaction>,
        pools: &Pools,
    ) -> bool {
        let mut round = Round::default();
        let channel = self.contest.channel(market, advert);
        let mut is_let = self.offer_to(channel, advert, &shortlist.first, &mut round);
        if !is_let && !shortlist.is_all && round.in_channel < channel.most_offers {
            let others = everybody();
            is_let = self.offer_to(channel, advert, &others[shortlist.first.len()..], &mut round);
        }
        let mut next = channel.untaken;
        while let (false, Next::Channel(place)) = (is_let, next) {
            let scheme = self.contest.schemes[market];
            let channel = &scheme.channels[place];
            let passed = Advert {
                kept_for: advert.kept_for,
                ..Advert::of(self.books, self.setting, self.table, advert.vacancy, place as u8, channel)
            };
            if channel.is_direct() {
                is_let = self.mediate(&passed, channel, pools);
            } else {
                let candidates = self.again(channel, &passed, everybody(), &mut round);
                is_let = self.offer_to(channel, &passed, &candidates, &mut round);
            }
            next = channel.untaken;
        }
        is_let
    }

    /// Those who reacted, in the order of another channel; who refused the dwelling already is left out.
    fn again(
        &mut self,
        channel: &RegionChannel,
        advert: &Advert,
        mut candidates: Vec<Reaction>,
        round: &mut Round,
    ) -> Vec<Reaction> {
        let dwelling = self.books.dwellings[self.table.vacancies[advert.vacancy].dwelling as usize];
        candidates.retain(|candidate| {
            !round.refused.contains(&candidate.name)
                && self.contest.may_react(self.books, self.setting, channel, advert, (candidate.holder, &dwelling))
        });
        for candidate in &mut candidates {
            let row = &self.books.register.rows[candidate.row as usize];
            let standing = self.contest.standing(self.books, self.setting, channel, advert, row);
            (candidate.class, candidate.key) = (standing.class, standing.key);
        }
        round.in_channel = 0;
        in_order(&candidates)
    }

    /// Offers to `candidates` in their order; true if one accepts.
    fn offer_to(
        &mut self,
        channel: &RegionChannel,
        advert: &Advert,
        candidates: &[Reaction],
        round: &mut Round,
    ) -> bool {
        let vacancy = self.table.vacancies[advert.vacancy];
        let market = usize::from(self.table.market[advert.vacancy]);
        let scheme = self.contest.schemes[market];
        let rules = &self.setting.rulebook.rules.allocation;
        let usual = Threshold::of(chance_to_accept(rules, channel));
        let of_listed = Threshold::of(rules.accept_status_holder.get());
        let passes_on = matches!(channel.untaken, Next::Channel(_));
        for candidate in candidates {
            if round.in_channel >= channel.most_offers {
                break;
            }
            if self.table.is_housed(candidate.holder) {
                continue;
            }
            round.offers = round.offers.saturating_add(1);
            round.in_channel += 1;
            self.books.ledger.search[market][candidate.group as usize].offers += 1;
            let mut luck =
                self.setting.chance.luck_with(ACCEPT, candidate.name.0, vacancy.name.0, self.setting.clock.step);
            let used_statement = used_statement(channel, candidate.class);
            let is_listed = used_statement && self.contest.is_listed(self.books, candidate.holder, advert.municipality);
            if luck.strikes(if is_listed { of_listed } else { usual }) {
                let ground = self.ground(channel, advert, candidate);
                let way = Way { channel: counts_as(channel), ground, rank: round.offers, row: candidate.row };
                write_letting(self.books, self.setting, vacancy, candidate.holder, way);
                self.table.take(advert.vacancy, candidate.holder);
                return true;
            }
            self.books.ledger.search[market][candidate.group as usize].refusals += 1;
            if passes_on {
                round.refused.insert(candidate.name);
            }
            self.penalties.note(self.books, scheme, channel, candidate.row);
            if is_listed {
                linked::note_refusal(self.books, self.setting, candidate.holder);
            }
            if used_statement {
                end_statement(self.books, self.setting, scheme, candidate.holder);
            }
        }
        false
    }

    /// What put a candidate first.
    fn ground(&self, channel: &RegionChannel, advert: &Advert, candidate: &Reaction) -> Ground {
        if counts_as(channel) == Channel::Direct {
            return Ground::OtherDirect;
        }
        if used_statement(channel, candidate.class) {
            let listed = self.contest.is_listed(self.books, candidate.holder, advert.municipality);
            return match self.books.seekers[candidate.holder as usize].ground {
                UrgencyGround::Renewal => Ground::Renewal,
                UrgencyGround::None if listed => Ground::StatusUrgency,
                _ => Ground::Medical,
            };
        }
        match advert.binding {
            Some(_) if RegionChannel::is_bound(candidate.class) => Ground::LocalBinding,
            _ => Ground::None,
        }
    }
}

/// Whether a candidate of `class` went first because of a statement of urgency.
fn used_statement(channel: &RegionChannel, class: u16) -> bool {
    channel.priority.get(usize::from(class >> 3)).is_some_and(|names: &Names| names.any(STATEMENTS))
}

/// Channel of the ledger.
pub fn counts_as(channel: &RegionChannel) -> Channel {
    match channel.counts_as {
        CountsAs::Direct => Channel::Direct,
        CountsAs::Advertised => Channel::Advertised,
        CountsAs::Lottery => Channel::Lottery,
    }
}

/// Chance that an offer in `channel` is accepted: candidates weigh what refusing costs before they react.
fn chance_to_accept(rules: &AllocationRules, channel: &RegionChannel) -> f64 {
    match channel.counts_as {
        CountsAs::Direct => rules.accept_direct.get(),
        CountsAs::Lottery => rules.accept_lottery.get(),
        CountsAs::Advertised if channel.has_penalty() => {
            (rules.accept_advertised.get() * rules.accept_penalty_factor.get()).min(1.0)
        }
        CountsAs::Advertised => rules.accept_advertised.get(),
    }
}
