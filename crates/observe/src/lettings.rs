//! Lettings (verhuringen) as they were written in the ledger, and every share of them from this one log.

use doorstroom_kernel::Day;
use doorstroom_state::SeekerGroup;
use doorstroom_state::ledger::{Channel, Ground, Letting};

use crate::areas::Areas;
use crate::rows::{DenominatorRow, LettingRow};
use crate::table::Text;

/// A share of lettings that went to status holders: households with a status in their past, newly arrived or established.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct ShareOfLettings {
    /// Name.
    pub name: &'static str,
    /// What is counted of them.
    pub numerator: &'static str,
    /// Over what.
    pub denominator: &'static str,
}

/// The shares, in the order of [`Shares`]; all are of self-contained corporation dwellings.
pub const SHARES: [ShareOfLettings; 7] = [
    ShareOfLettings {
        name: "share_all",
        numerator: "lettings to households with a status in their past, newly arrived or established",
        denominator: "all lettings",
    },
    ShareOfLettings {
        name: "share_new",
        numerator: "lettings to households whose permit is younger than a year",
        denominator: "all lettings",
    },
    ShareOfLettings {
        name: "share_starters",
        numerator: "of those in the denominator, to households with a status in their past",
        denominator: "lettings to a first entry to the housing market: out of the parents' home, reception or an interim place",
    },
    ShareOfLettings {
        name: "share_no_vacancy_left",
        numerator: "of those in the denominator, to households with a status in their past",
        denominator: "lettings to households that leave no self-contained dwelling of any tenure behind",
    },
    ShareOfLettings {
        name: "share_excl_direct",
        numerator: "lettings to households with a status in their past, direct mediation included",
        denominator: "these and all lettings to others that were not by direct mediation",
    },
    ShareOfLettings {
        name: "share_persons",
        numerator: "persons in households with a status in their past who are let to",
        denominator: "persons in all households that are let to",
    },
    ShareOfLettings {
        name: "share_dwelling_days",
        numerator: "days from lettings to households with a status in their past to the end of the year",
        denominator: "days from all lettings to the end of the year",
    },
];

/// The share of this name.
pub fn share_of(name: &str) -> Option<&'static ShareOfLettings> {
    SHARES.iter().find(|share| share.name == name)
}

/// All lettings of a run; a row is made only when asked for, because it is four times the size of its letting.
#[derive(Clone, Debug, Default)]
pub struct LettingLog {
    /// Lettings in the order in which they were decided.
    pub lettings: Vec<Letting>,
    pub(crate) arm: Text,
    pub(crate) replicate: u32,
    pub(crate) markets: Vec<Text>,
    pub(crate) municipalities: Vec<Text>,
}

impl LettingLog {
    /// Number of lettings.
    pub fn len(&self) -> usize {
        self.lettings.len()
    }

    /// True without lettings.
    pub fn is_empty(&self) -> bool {
        self.lettings.is_empty()
    }

    /// The rows of table `lettings`, in the order of the log.
    pub fn rows(&self) -> impl Iterator<Item = LettingRow> + '_ {
        let mut month = (Day(0), Text::default());
        self.lettings.iter().map(move |letting| {
            if month.0 != letting.on {
                month = (letting.on, letting.on.month_text().into());
            }
            self.row(letting, month.1.clone())
        })
    }

    fn row(&self, letting: &Letting, month: Text) -> LettingRow {
        let code = |codes: &[Text], slot: usize| codes.get(slot).cloned().unwrap_or_default();
        LettingRow {
            arm: self.arm.clone(),
            replicate: self.replicate,
            month,
            household: letting.household_name.0,
            dwelling: letting.dwelling_name.0,
            municipality: code(&self.municipalities, usize::from(letting.municipality)),
            market: code(&self.markets, usize::from(letting.market)),
            channel: letting.channel.key().into(),
            rule: rule(letting).into(),
            ground: if letting.ground == Ground::None { "" } else { letting.ground.key() }.into(),
            rank: u32::from(letting.rank),
            registration_days: letting.registration_days.max(0) as u32,
            search_days: letting.search_days.max(0) as u32,
            entry_group: letting.entry_group.key().into(),
            group_at_letting: letting.group_at_letting.key().into(),
            first_entry: letting.first_entry,
            vacates_dwelling: letting.vacates_dwelling,
            vacates_social: letting.vacates_social,
            first_letting: letting.first_letting,
            origin: letting.origin.key().into(),
            form: form(letting).into(),
            persons: u32::from(letting.persons),
            status_history: letting.status_history,
            permit_under_a_year: letting.permit_under_a_year,
            rooms: u32::from(letting.rooms),
            rent_class: u32::from(letting.rent_class),
            chain: letting.chain,
            chain_position: u32::from(letting.chain_position),
            chain_cause: letting.chain_cause.key().into(),
        }
    }
}

/// True for lettings of self-contained corporation dwellings without end date, the universe of published lettings.
pub fn is_regular(letting: &Letting) -> bool {
    !letting.is_room && !letting.is_flex
}

/// True if the letting came out of reactions to an advert (advertised, drawn by lot, or offered freely).
pub fn is_from_advert(letting: &Letting) -> bool {
    letting.channel != Channel::Direct || letting.ground == Ground::OtherDirect
}

fn form(letting: &Letting) -> &'static str {
    match (letting.is_room, letting.is_flex) {
        (true, _) => "shared",
        (_, true) => "flex",
        _ => "self_contained",
    }
}

/// Rules that decide a letting, and the measure of each in the outcome.
pub(crate) const RULES: [(&str, &str); 8] = [
    ("registration_time", "let_by.registration_time"),
    ("local_binding", "let_by.local_binding"),
    ("lot", "let_by.lot"),
    ("urgency", "let_by.urgency"),
    ("quota", "let_by.quota"),
    ("care_leaver", "let_by.care_leaver"),
    ("free_mediation", "let_by.free_mediation"),
    ("direct", "let_by.direct"),
];

/// Word for the rule that decided a letting.
pub(crate) fn rule(letting: &Letting) -> &'static str {
    match (letting.channel, letting.ground) {
        (Channel::Lottery, _) => "lot",
        (_, Ground::StatusHolder) => "quota",
        (_, Ground::Medical | Ground::Renewal | Ground::StatusUrgency) => "urgency",
        (_, Ground::CareLeaver) => "care_leaver",
        (_, Ground::OtherDirect) => "free_mediation",
        (_, Ground::LocalBinding) => "local_binding",
        (Channel::Direct, Ground::None) => "direct",
        (Channel::Advertised, Ground::None) => "registration_time",
    }
}

/// Numerators and denominators of [`SHARES`], in their order.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Shares(pub [(u64, u64); 7]);

impl Shares {
    /// Counts one regular letting; `days` lie between it and the end of the period.
    pub fn count(&mut self, letting: &Letting, days: u64) {
        let status = letting.status_history;
        let counted: [(bool, bool, u64); 7] = [
            (status, true, 1),
            (status && letting.permit_under_a_year, true, 1),
            (status, letting.first_entry, 1),
            (status, !letting.vacates_dwelling, 1),
            (status, status || letting.channel != Channel::Direct, 1),
            (status, true, u64::from(letting.persons)),
            (status, true, days),
        ];
        for (share, (numerator, denominator, weight)) in self.0.iter_mut().zip(counted) {
            if denominator {
                share.0 += if numerator { weight } else { 0 };
                share.1 += weight;
            }
        }
    }

    fn rows(&self, year: i32, area: &Text) -> impl Iterator<Item = DenominatorRow> + '_ {
        let area = area.clone();
        SHARES.iter().zip(self.0).map(move |(of, (numerator, denominator))| DenominatorRow {
            year: year as u32,
            area: area.clone(),
            denominator: of.name.into(),
            numerator,
            denominator_count: denominator,
            share: numerator as f64 / denominator as f64,
            ..DenominatorRow::default()
        })
    }
}

/// Rows of table `denominators`: every share by year, nationally and by region. `end` is the first day after the run.
pub fn denominators(lettings: &[Letting], areas: &Areas, end: Day) -> Vec<DenominatorRow> {
    let mut rows = Vec::new();
    for of_year in lettings.chunk_by(|a, b| a.on.ymd().0 == b.on.ymd().0) {
        let year = of_year[0].on.ymd().0;
        let year_end = Day::from_ymd(year + 1, 1, 1).unwrap_or(Day(u16::MAX)).min(end);
        let mut shares = vec![Shares::default(); areas.len()];
        for letting in of_year.iter().filter(|letting| is_regular(letting)) {
            let days = year_end.days_since(letting.on).max(0) as u64;
            shares[0].count(letting, days);
            shares[1 + usize::from(letting.market)].count(letting, days);
        }
        rows.extend(shares.iter().zip(&areas.codes).flat_map(|(shares, area)| shares.rows(year, area)));
    }
    rows
}

/// First regular letting of every household since `fork`: (name, step, entry group), sorted by name. A household that
/// merged and got its name back counts once.
pub fn first_lettings(steps: &[u16], lettings: &[Letting]) -> Vec<(u64, u16, SeekerGroup)> {
    let mut firsts: Vec<(u64, u16, SeekerGroup)> = steps
        .iter()
        .zip(lettings)
        .filter(|(_, letting)| is_regular(letting))
        .map(|(step, letting)| (letting.household_name.0, *step, letting.entry_group))
        .collect();
    // a household is let to once a step, so name and step decide
    firsts.sort_unstable();
    firsts.dedup_by_key(|first| first.0);
    firsts
}

/// True for lettings whose registration time counts in the published mean.
pub(crate) fn has_registration_time(letting: &Letting) -> bool {
    is_regular(letting) && letting.channel == Channel::Advertised && letting.registration_days >= 0
}
