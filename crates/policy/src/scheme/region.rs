//! A scheme as a region uses it: sets of names instead of words, and the rank of one registration for one dwelling.

use super::rank::{lottery_key, points_key, registration_key};
use super::resolved::{Next, ResolvedPoints, ResolvedRank};
use super::{CountsAs, Label, NAMES, Names, Refusal, RegistrationRules, Reservation, Scheme, latest_first};

/// A scheme of a region.
#[derive(Clone, Debug, PartialEq)]
pub struct RegionScheme {
    /// Channels in their order.
    pub channels: Vec<RegionChannel>,
    /// Refusals after which a registration ends.
    pub offers_per_household: Option<u32>,
    /// Reserved shares: for whom, and how many of the dwellings.
    pub reserved: Vec<(Names, Reservation)>,
    /// What becomes of registrations.
    pub registration: Option<RegistrationRules>,
    /// Medical or social statements; `None` if the region grants none.
    pub medical: Option<StatementRules>,
    /// Statements because of demolition; `None` if the region leaves them to the rules of the world.
    pub renewal: Option<StatementRules>,
    /// Whether a month with reactions is remembered, and how many reactions that takes.
    pub search_reactions: Option<u32>,
}

/// Statements on one ground.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct StatementRules {
    /// Who may ask for one.
    pub who: Names,
    /// Share of requests that is granted.
    pub granted: f64,
    /// Months until it expires.
    pub months: f64,
    /// Whether refusing one offer ends it.
    pub one_offer: bool,
}

/// A mark (label or binding) and who goes first for it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Mark {
    /// Share of the dwellings of the channel.
    pub share: f64,
    /// Who goes first.
    pub names: Names,
}

/// A channel of a region.
#[derive(Clone, Debug, PartialEq)]
pub struct RegionChannel {
    /// Name.
    pub name: String,
    /// Share of vacancies.
    pub share: f64,
    /// Rank of candidates.
    pub rank: ResolvedRank,
    /// Who may react.
    pub open_to: Names,
    /// Priority classes, first class first.
    pub priority: Vec<Names>,
    /// Labels.
    pub labels: Vec<Mark>,
    /// Bindings.
    pub bindings: Vec<Mark>,
    /// Dwellings to which a registration may react in one step.
    pub most_reactions: Option<u32>,
    /// Offers of a dwelling in one step.
    pub most_offers: u32,
    /// What becomes of a dwelling that nobody took.
    pub untaken: Next,
    /// What a refusal costs.
    pub refusal: Refusal,
    /// Largest share of income that rent may take.
    pub income_fit: Option<f64>,
    /// Most rooms above the number of persons.
    pub room_fit: Option<u32>,
    /// As what lettings count.
    pub counts_as: CountsAs,
    /// Search points that a refusal costs, and reactions that a month needs to give them.
    points: (Option<f64>, Option<u32>),
    /// Names at which rank and filters look.
    pub looks_at: Names,
}

/// What a rank by time or points knows of a registration.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct RowFacts {
    /// Day of registration, counted from any fixed day.
    pub since: u16,
    /// Months of registration.
    pub registered: f64,
    /// Months of search that count for search points.
    pub searched: f64,
    /// Months in which it reacted often enough.
    pub active_months: f64,
    /// Offers refused.
    pub refusals: f64,
}

impl RegionScheme {
    pub(super) fn of(scheme: &Scheme) -> RegionScheme {
        let resolved = scheme.resolve(&NAMES, &[]);
        let channels: Vec<RegionChannel> = scheme
            .channels
            .iter()
            .zip(resolved.channels)
            .map(|(written, resolved)| channel(written, resolved))
            .collect();
        let statement = |ground: &str| {
            scheme.urgency.get(ground).map(|rules| StatementRules {
                who: Names::of(&rules.groups),
                granted: rules.granted,
                months: rules.validity_months,
                one_offer: rules.one_offer,
            })
        };
        RegionScheme {
            search_reactions: channels.iter().filter_map(|channel| channel.points.1).min(),
            channels,
            offers_per_household: scheme.offers_per_household,
            reserved: scheme.reserved.iter().map(|one| (Names::of(&one.groups), one.share)).collect(),
            registration: scheme.registration,
            medical: statement("medical"),
            renewal: statement("renewal"),
        }
    }

    /// Share of vacancies that is proposed to persons, without adverts.
    pub fn proposed_share(&self) -> f64 {
        self.channels.iter().filter(|channel| channel.is_direct()).map(|channel| channel.share).sum()
    }

    /// The channel in which a vacancy begins, for a uniform draw in [0, 1).
    pub fn channel_of(&self, uniform: f64) -> usize {
        let mut left = uniform;
        for (i, channel) in self.channels.iter().enumerate() {
            if left < channel.share {
                return i;
            }
            left -= channel.share;
        }
        self.channels.iter().rposition(|channel| channel.share > 0.0).unwrap_or(0)
    }
}

fn channel(written: &super::Channel, resolved: super::ResolvedChannel) -> RegionChannel {
    let marks = |labels: &[Label]| -> Vec<Mark> {
        labels.iter().map(|label| Mark { share: label.share, names: Names::of(&label.groups) }).collect()
    };
    let (labels, bindings) = (marks(&written.labels), marks(&written.bindings));
    let open_to = written.open_to.as_ref().map_or(Names::ALL, Names::of);
    let priority: Vec<Names> = written.priority.iter().map(Names::of).collect();
    let points = match &written.rank {
        super::Rank::Points(points) => (points.lost_per_refusal, points.search_reactions),
        _ => (None, None),
    };
    let mut looks_at = ranked_names(&resolved.rank);
    for names in priority.iter().copied().chain(labels.iter().chain(&bindings).map(|mark| mark.names)) {
        looks_at = looks_at.and(names);
    }
    if open_to != Names::ALL {
        looks_at = looks_at.and(open_to);
    }
    let by_rank = if resolved.rank == ResolvedRank::Lottery { CountsAs::Lottery } else { CountsAs::Advertised };
    let by_rank = if resolved.rank == ResolvedRank::Direct { CountsAs::Direct } else { by_rank };
    RegionChannel {
        name: resolved.name,
        share: resolved.share,
        rank: resolved.rank,
        open_to,
        priority,
        labels,
        bindings,
        most_reactions: resolved.most_reactions,
        most_offers: resolved.most_offers,
        untaken: resolved.untaken,
        refusal: resolved.refusal,
        income_fit: written.income_fit,
        room_fit: written.room_fit,
        counts_as: written.counts_as.unwrap_or(by_rank),
        points,
        looks_at,
    }
}

/// Names on which the key of a rank depends.
fn ranked_names(rank: &ResolvedRank) -> Names {
    let named = |used: &dyn Fn(usize) -> bool| {
        let words: Vec<String> =
            NAMES.iter().enumerate().filter(|(i, _)| used(*i)).map(|(_, name)| (*name).to_owned()).collect();
        Names::of(&words)
    };
    match rank {
        ResolvedRank::Points(points) => named(&|i| {
            let rates = [points.waiting[i], points.search[i], points.situation[i]];
            points.start[i] != 0.0 || rates.iter().any(|source| source.per_month != 0.0)
        }),
        ResolvedRank::WeightedLottery(weights, _) => named(&|i| weights[i] != 1.0),
        _ => Names::NONE,
    }
}

impl RegionChannel {
    /// True for direct mediation: proposed, without reactions.
    pub fn is_direct(&self) -> bool {
        self.rank == ResolvedRank::Direct
    }

    /// True if who registered first goes first, and nothing else counts within a class.
    pub fn is_by_date(&self) -> bool {
        matches!(self.rank, ResolvedRank::RegistrationTime)
    }

    /// True if some registrations that fit by rooms and the law of income fit may not react.
    pub fn is_restricted(&self) -> bool {
        self.open_to != Names::ALL || self.income_fit.is_some() || self.room_fit.is_some()
    }

    /// The mark among `marks` for a uniform draw in [0, 1); `None` for a dwelling without.
    pub fn mark_of(marks: &[Mark], uniform: f64) -> Option<u8> {
        let mut left = uniform;
        for (i, mark) in marks.iter().enumerate() {
            if left < mark.share {
                return Some(i as u8);
            }
            left -= mark.share;
        }
        None
    }

    /// Whether a dwelling goes by equal lots, for a uniform draw in [0, 1).
    pub fn by_lot(&self, uniform: f64) -> bool {
        match self.rank {
            ResolvedRank::Lottery => true,
            ResolvedRank::PartLottery(share) => uniform < share,
            _ => false,
        }
    }

    /// Class of a household for a dwelling with this label and binding, lowest first: priority class, then family
    /// priority where the municipality has adopted it, then label, then binding (domain: reference ranking).
    pub fn class_of(&self, names: Names, family_first: bool, label: Option<u8>, binding: Option<u8>) -> u16 {
        let class = self.priority.iter().position(|class| names.any(*class)).unwrap_or(self.priority.len());
        let misses = |marks: &[Mark], mark: Option<u8>| match mark {
            Some(mark) => u16::from(!names.any(marks[usize::from(mark)].names)),
            None => 1,
        };
        let label = misses(&self.labels, label);
        (class as u16) << 3 | u16::from(!family_first) << 2 | label << 1 | misses(&self.bindings, binding)
    }

    /// True if a class that [`RegionChannel::class_of`] gave owes its place to the binding of the dwelling.
    pub fn is_bound(class: u16) -> bool {
        class & 1 == 0
    }

    /// Key by time or points, lowest first; `None` where luck decides.
    pub fn key_of(&self, names: Names, row: RowFacts) -> Option<u64> {
        match &self.rank {
            ResolvedRank::Points(points) => Some(points_key(self.points_of(points, names, row))),
            ResolvedRank::RegistrationTime | ResolvedRank::PartLottery(_) | ResolvedRank::Direct => {
                Some(registration_key(row.since))
            }
            ResolvedRank::Lottery | ResolvedRank::WeightedLottery(..) => None,
        }
    }

    /// Points: the sum over all names that hold. Search points never fall below none.
    fn points_of(&self, points: &ResolvedPoints, names: Names, row: RowFacts) -> f64 {
        let (lost_per_refusal, search_reactions) = self.points;
        let searched = if search_reactions.is_some() { row.active_months } else { row.searched };
        let lost = match (self.refusal, lost_per_refusal) {
            (Refusal::LosesPoints, Some(points)) => points * row.refusals,
            _ => 0.0,
        };
        let (mut sum, mut search) = (0.0, 0.0);
        for name in names.positions() {
            sum += points.start[name];
            sum += points.waiting[name].after(row.registered);
            sum += points.situation[name].after(row.registered);
            search += points.search[name].after(searched);
        }
        sum + (search - lost).max(0.0)
    }

    /// Key of the lot of a candidate for 64 uniform bits; weights of all names that hold are multiplied.
    pub fn lot_of(&self, bits: u64, names: Names, registered: f64) -> u64 {
        let ResolvedRank::WeightedLottery(weights, short) = &self.rank else { return lottery_key(bits) };
        let mut weight: f64 = names.positions().map(|name| weights[name]).product();
        if let Some(short) = short
            && registered < short.below_months
        {
            weight *= short.factor;
        }
        latest_first(((bits >> 11) + 1) as f64 * (1.0 / (1u64 << 53) as f64), weight)
    }

    /// True if a refusal makes all search points begin anew, instead of costing some of them.
    pub fn loses_all_points(&self) -> bool {
        self.refusal == Refusal::LosesPoints && self.points.0.is_none()
    }

    /// True if refusals cost something that makes candidates more careful to react (domain: refusals).
    pub fn has_penalty(&self) -> bool {
        matches!(self.refusal, Refusal::LosesPlace | Refusal::LosesPoints)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn scheme(text: &str) -> RegionScheme {
        let scheme: Scheme = ron::Options::default()
            .with_default_extension(ron::extensions::Extensions::IMPLICIT_SOME)
            .from_str(text)
            .unwrap();
        RegionScheme::of(&scheme)
    }

    const POINTS: &str = r#"(version: 1, title: "t", channels: [
        (name: "advertised", share: 1, priority: [["medical"]], refusal: LosesPoints,
         rank: Points((waiting: {"everybody": (per_month: 0.5)}, search: {"everybody": (per_month: 1, most: 30)},
                       situation: {"lives_in": (per_month: 1, most: 12)}, start: {"young": 10},
                       search_reactions: 4, lost_per_refusal: 2)),
         labels: [(name: "youth", share: 0.5, groups: ["young"])],
         bindings: [(name: "local", share: 0.5, groups: ["resident"])]),
    ])"#;

    #[test]
    fn points_of_all_names_add_up_and_refusals_cost_search_points_only() {
        let channel = &scheme(POINTS).channels[0];
        let row = RowFacts { since: 0, registered: 40.0, searched: 40.0, active_months: 5.0, refusals: 1.0 };
        let key = |names: Names, row| channel.key_of(names, row).unwrap();
        assert_eq!(key(Names::EVERYBODY, row), points_key(20.0 + 5.0 - 2.0));
        let refused = RowFacts { refusals: 9.0, ..row };
        assert_eq!(key(Names::EVERYBODY, refused), points_key(20.0));
        let names = Names::EVERYBODY.and(Names::LIVES_IN).and(Names::YOUNG);
        assert_eq!(key(names, row), points_key(20.0 + 12.0 + 10.0 + 3.0));
    }

    #[test]
    fn class_comes_before_family_before_label_before_binding() {
        let channel = &scheme(POINTS).channels[0];
        let class = |names, family| channel.class_of(names, family, Some(0), Some(0));
        let order = [
            class(Names::MEDICAL, false),
            class(Names::FAMILY, true),
            class(Names::YOUNG, false),
            class(Names::RESIDENT, false),
            class(Names::REGULAR, false),
        ];
        assert!(order.windows(2).all(|pair| pair[0] < pair[1]), "{order:?}");
        assert!(RegionChannel::is_bound(order[3]) && !RegionChannel::is_bound(order[4]));
    }
}
