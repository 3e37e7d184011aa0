//! Where a candidate stands for one dwelling: the names that hold for it, whether it may react, its class and its key.

use doorstroom_kernel::calendar::DAYS_A_MONTH;
use doorstroom_kernel::{Day, Purpose, Threshold};
use doorstroom_policy::fit;
use doorstroom_policy::priority::{StatusRegime, must_list_as_urgent};
use doorstroom_policy::scheme::{Names, RegionChannel, RegionScheme, RowFacts, registration_key};
use doorstroom_state::books::Books;
use doorstroom_state::dwelling::Dwelling;
use doorstroom_state::group::SeekerGroup;
use doorstroom_state::household::{HomeKind, Household};
use doorstroom_state::municipality::Municipality;
use doorstroom_state::registration::Registration;
use doorstroom_state::slots::Slot;

use super::ring::Advert;
use crate::names::{is_family, names_of};
use crate::rulebook::Setting;

const LOT: Purpose = Purpose::named("lot of a candidate");
const ADOPTED: Purpose = Purpose::named("whether a municipality puts families first");

/// Class and key of a candidate, lowest first; the name decides between equals.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Standing {
    /// Priority class, family priority, label, binding.
    pub class: u16,
    /// Time, points or lot.
    pub key: u64,
}

/// What ranking asks of a step: schemes by market, and where families go first.
pub struct Contest<'a> {
    /// Scheme of every market (region slot).
    pub schemes: Vec<&'a RegionScheme>,
    /// Municipalities (slots) that have adopted family priority; empty if none did.
    families_first: Vec<bool>,
    /// Municipalities (slots) whose by-law must list status holders as urgent; empty if none must.
    must_list: Vec<bool>,
}

impl<'a> Contest<'a> {
    /// The rules in force.
    pub fn new(setting: &'a Setting<'_>, municipalities: &[Municipality]) -> Self {
        let rules = &setting.rulebook.rules;
        let adopted = Threshold::of(rules.priority.family_priority.get());
        let families_first = if rules.priority.family_priority.get() > 0.0 {
            let adopts = |m: &Municipality| setting.chance.trait_of(ADOPTED, u64::from(m.code)).strikes(adopted);
            municipalities.iter().map(adopts).collect()
        } else {
            Vec::new()
        };
        let (regime, since) = setting.regime();
        let must_list = match regime {
            StatusRegime::ObligatoryUrgency if setting.clock.today >= since => {
                municipalities.iter().map(|m| must_list_as_urgent(regime, m.urgency_regulation)).collect()
            }
            _ => Vec::new(),
        };
        Contest { schemes: setting.schemes(), families_first, must_list }
    }

    /// True if the by-law of this municipality lists the household as urgent because of its status: it is linked there and
    /// waits in reception for what it is due (worlds/MODEL.md M23).
    pub fn is_listed(&self, books: &Books<'_>, household: Slot, municipality: u16) -> bool {
        if self.must_list.get(usize::from(municipality)) != Some(&true) {
            return false;
        }
        let seeker = &books.seekers[household as usize];
        let in_reception = books.homes[household as usize].kind == HomeKind::Reception;
        in_reception && seeker.group == SeekerGroup::StatusHolder && seeker.duty && seeker.linked == municipality
    }

    /// Names that hold for a household towards a dwelling in `municipality`. Categories that the law lists have what medical
    /// and social statements have.
    fn names(
        &self,
        books: &Books<'_>,
        setting: &Setting<'_>,
        household: Slot,
        wanted: Names,
        municipality: u16,
    ) -> Names {
        let listed = self.is_listed(books, household, municipality);
        names_of(books, setting, household, wanted, municipality).with(Names::MEDICAL, listed)
    }

    /// Whether candidates of a channel may differ in class.
    pub fn tells_apart(&self, channel: &RegionChannel) -> bool {
        let marked = !channel.labels.is_empty() || !channel.bindings.is_empty();
        marked || !channel.priority.is_empty() || self.families_first.contains(&true)
    }

    /// The channel of an advert.
    pub fn channel(&self, market: usize, advert: &Advert) -> &'a RegionChannel {
        &self.schemes[market].channels[usize::from(advert.channel)]
    }

    /// True if the municipality puts families without a home of their own first, and this is one. Status-blind.
    fn family_first(&self, books: &Books<'_>, household: Slot, municipality: u16, setting: &Setting<'_>) -> bool {
        self.families_first.get(usize::from(municipality)) == Some(&true)
            && books.tenure(household).is_none()
            && is_family(books, household, setting)
    }

    /// Where a registration stands for a dwelling.
    pub fn standing(
        &self,
        books: &Books<'_>,
        setting: &Setting<'_>,
        channel: &RegionChannel,
        advert: &Advert,
        row: &Registration,
    ) -> Standing {
        let names = self.names(books, setting, row.holder, channel.looks_at, advert.municipality);
        let family = self.family_first(books, row.holder, advert.municipality, setting);
        let key = match advert.by_lot {
            true => None,
            // most adverts of most regions: no months are counted
            false if channel.is_by_date() => Some(registration_key(row.since.0)),
            false => channel.key_of(names, facts(row, setting.clock.today)),
        };
        let key = key.unwrap_or_else(|| {
            let mut luck = setting.chance.luck_with(LOT, row.name.0, advert.name.0, setting.clock.step);
            channel.lot_of(luck.bits(), names, months_between(row.since, setting.clock.today))
        });
        Standing { class: channel.class_of(names, family, advert.label, advert.binding), key }
    }

    /// Class of a household that is proposed without reacting, of which these names are known already.
    pub fn class_of(
        &self,
        books: &Books<'_>,
        setting: &Setting<'_>,
        channel: &RegionChannel,
        advert: &Advert,
        (household, known): (Slot, Names),
    ) -> u16 {
        let names = self.names(books, setting, household, channel.looks_at, advert.municipality).and(known);
        let family = self.family_first(books, household, advert.municipality, setting);
        channel.class_of(names, family, advert.label, advert.binding)
    }

    /// Whether the channel is open to a household for this dwelling, beyond what rooms and the law of income fit ask. What
    /// nobody took before is let whatever its rent and size (assumption A107).
    pub fn may_react(
        &self,
        books: &Books<'_>,
        setting: &Setting<'_>,
        channel: &RegionChannel,
        advert: &Advert,
        (household, dwelling): (Slot, &Dwelling),
    ) -> bool {
        for groups in [channel.open_to, advert.kept_for] {
            if groups != Names::ALL && !self.names(books, setting, household, groups, advert.municipality).any(groups) {
                return false;
            }
        }
        let Household { members, means, .. } = &books.households[household as usize];
        let income = (means.income_class, means.position);
        advert.is_wide || fits_scheme(channel, members.count() as u8, income, dwelling)
    }
}

/// Income fit and room fit as the channel has them, for a household of so many persons with an income of this class and
/// place in the class.
pub fn fits_scheme(channel: &RegionChannel, persons: u8, income: (u8, u8), dwelling: &Dwelling) -> bool {
    let affordable = channel
        .income_fit
        .is_none_or(|share| fit::yearly_rent_eur(dwelling.rent_class) <= share * fit::income_eur(income.0, income.1));
    affordable && channel.room_fit.is_none_or(|spare| u32::from(dwelling.rooms) <= u32::from(persons) + spare)
}

fn months_between(since: Day, today: Day) -> f64 {
    f64::from(today.days_since(since).max(0)) / DAYS_A_MONTH
}

fn facts(row: &Registration, today: Day) -> RowFacts {
    RowFacts {
        since: row.since.0,
        registered: months_between(row.since, today),
        searched: months_between(row.searching_since.max(row.points_from), today),
        active_months: f64::from(row.active_months),
        refusals: f64::from(row.refusals),
    }
}
