//! A scheme with positions instead of names: what ranking asks, without text.

use std::collections::BTreeMap;

use super::rank::{PointSource, Points, Rank, ShortRegistration};
use super::{Channel, Label, Refusal, Scheme, Untaken};

/// A scheme whose groups, goods and channels are positions in the lists of a world.
#[derive(Clone, Debug, PartialEq)]
pub struct ResolvedScheme {
    /// Channels in their order.
    pub channels: Vec<ResolvedChannel>,
    /// Refusals after which a household leaves.
    pub offers_per_household: Option<u32>,
    /// Places in the buffer by good; `None` if the scheme knows no deferral.
    pub buffers: Option<Vec<u32>>,
    /// Months of validity and share that renews.
    pub validity: Option<(f64, f64)>,
}

/// A channel with positions instead of names.
#[derive(Clone, Debug, PartialEq)]
pub struct ResolvedChannel {
    /// Name.
    pub name: String,
    /// Share of vacancies.
    pub share: f64,
    /// Rank of candidates.
    pub rank: ResolvedRank,
    /// Priority class by group, 0 first; `None` for groups that may not react.
    pub classes: Vec<Option<u8>>,
    /// Share and, by group, who goes first.
    pub labels: Vec<(f64, Vec<bool>)>,
    /// The same for bindings.
    pub bindings: Vec<(f64, Vec<bool>)>,
    /// Reactions of a household in one step.
    pub most_reactions: Option<u32>,
    /// Offers of a dwelling in one step.
    pub most_offers: u32,
    /// What becomes of a dwelling that nobody took: `Some(Some(channel))`, advertised again, or lost.
    pub untaken: Next,
    /// What a refusal costs.
    pub refusal: Refusal,
}

/// What comes after a dwelling was not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Next {
    /// The next step.
    Step,
    /// A later channel.
    Channel(usize),
    /// Nothing.
    Lost,
}

/// Rank with values by position of the group.
#[derive(Clone, Debug, PartialEq)]
pub enum ResolvedRank {
    /// Who registered first.
    RegistrationTime,
    /// Most points.
    Points(Box<ResolvedPoints>),
    /// The same chance for all.
    Lottery,
    /// Chances in proportion to weights by group.
    WeightedLottery(Vec<f64>, Option<ShortRegistration>),
    /// This share of dwellings by lottery, the others by registration time.
    PartLottery(f64),
    /// Proposed to the longest registered.
    Direct,
}

/// Points by position of the group.
#[derive(Clone, Debug, PartialEq)]
pub struct ResolvedPoints {
    /// Waiting points.
    pub waiting: Vec<PointSource>,
    /// Search points.
    pub search: Vec<PointSource>,
    /// Situation points.
    pub situation: Vec<PointSource>,
    /// Start points.
    pub start: Vec<f64>,
}

impl ResolvedPoints {
    /// Points of a household of `group` after `registered` months of registration and `searched` months of search.
    pub fn of(&self, group: usize, registered: f64, searched: f64) -> f64 {
        let accrued = self.waiting[group].after(registered) + self.situation[group].after(registered);
        self.start[group] + accrued + self.search[group].after(searched)
    }

    fn resolve(points: &Points, groups: &[&str]) -> ResolvedPoints {
        ResolvedPoints {
            waiting: by_group(&points.waiting, groups, PointSource::default()),
            search: by_group(&points.search, groups, PointSource::default()),
            situation: by_group(&points.situation, groups, PointSource::default()),
            start: by_group(&points.start, groups, 0.0),
        }
    }
}

impl ResolvedScheme {
    pub(super) fn of(scheme: &Scheme, groups: &[&str], goods: &[&str]) -> ResolvedScheme {
        let buffers = (!scheme.deferral.is_empty())
            .then(|| goods.iter().map(|good| scheme.deferral.get(*good).copied().unwrap_or(0)).collect());
        ResolvedScheme {
            channels: scheme.channels.iter().map(|channel| resolve(channel, scheme, groups)).collect(),
            offers_per_household: scheme.offers_per_household,
            buffers,
            validity: scheme.registration.map(|rules| (rules.validity_months, rules.renewed)),
        }
    }

    /// The channel in which a vacancy begins, for a uniform draw in [0, 1).
    pub fn channel_of(&self, uniform: f64) -> usize {
        let shares = self.channels.iter().map(|channel| channel.share);
        pick(shares, uniform).unwrap_or_else(|| self.channels.iter().rposition(|c| c.share > 0.0).unwrap_or(0))
    }

    /// Whether search points, which refusals can cost, are ranked anywhere.
    pub fn has_search_points(&self) -> bool {
        self.channels.iter().any(|channel| match &channel.rank {
            ResolvedRank::Points(points) => points.search.iter().any(|source| source.per_month > 0.0),
            _ => false,
        })
    }
}

impl ResolvedChannel {
    /// The label of a dwelling, for a uniform draw in [0, 1); `None` for a dwelling without.
    pub fn label_of(&self, uniform: f64) -> Option<usize> {
        pick(self.labels.iter().map(|(share, _)| *share), uniform)
    }

    /// The binding of a dwelling, for a uniform draw in [0, 1).
    pub fn binding_of(&self, uniform: f64) -> Option<usize> {
        pick(self.bindings.iter().map(|(share, _)| *share), uniform)
    }

    /// Whether a dwelling is given by lottery, for a uniform draw in [0, 1).
    pub fn by_lottery(&self, uniform: f64) -> bool {
        match self.rank {
            ResolvedRank::Lottery => true,
            ResolvedRank::PartLottery(share) => uniform < share,
            _ => false,
        }
    }

    /// Class of `group` for a dwelling with this label and binding, lowest first: priority class, label match, binding
    /// match. `None` if the group may not react.
    pub fn class_of(&self, group: usize, label: Option<usize>, binding: Option<usize>) -> Option<u16> {
        let class = self.classes[group]?;
        let misses = |marks: &[(f64, Vec<bool>)], mark: Option<usize>| match mark {
            Some(mark) => u16::from(!marks[mark].1[group]),
            None => 1,
        };
        Some(u16::from(class) << 2 | misses(&self.labels, label) << 1 | misses(&self.bindings, binding))
    }
}

/// Index of the share in which `uniform` falls, counted from 0; `None` beyond their sum.
fn pick(shares: impl Iterator<Item = f64>, uniform: f64) -> Option<usize> {
    let mut left = uniform;
    for (i, share) in shares.enumerate() {
        if left < share {
            return Some(i);
        }
        left -= share;
    }
    None
}

fn resolve(channel: &Channel, scheme: &Scheme, groups: &[&str]) -> ResolvedChannel {
    let last = channel.priority.len();
    let class = |group: &&str| {
        let open = channel.open_to.as_ref().is_none_or(|open| open.iter().any(|name| name == group));
        let class = channel.priority.iter().position(|class| class.iter().any(|name| name == group));
        open.then(|| class.unwrap_or(last) as u8)
    };
    let rank = match &channel.rank {
        Rank::RegistrationTime => ResolvedRank::RegistrationTime,
        Rank::Points(points) => ResolvedRank::Points(Box::new(ResolvedPoints::resolve(points, groups))),
        Rank::Lottery => ResolvedRank::Lottery,
        Rank::WeightedLottery { weights, short_registration } => {
            ResolvedRank::WeightedLottery(by_group(weights, groups, 1.0), *short_registration)
        }
        Rank::PartLottery(share) => ResolvedRank::PartLottery(*share),
        Rank::Direct => ResolvedRank::Direct,
    };
    let untaken = match &channel.untaken {
        Untaken::Readvertise => Next::Step,
        Untaken::Lost => Next::Lost,
        Untaken::NextChannel(name) => Next::Channel(
            scheme.channels.iter().position(|other| other.name == *name).expect("names were checked with the scheme"),
        ),
    };
    ResolvedChannel {
        name: channel.name.clone(),
        share: channel.share,
        rank,
        classes: groups.iter().map(class).collect(),
        labels: marks(&channel.labels, groups),
        bindings: marks(&channel.bindings, groups),
        most_reactions: channel.most_reactions.filter(|_| channel.rank != Rank::Direct),
        most_offers: channel.most_offers.unwrap_or(u32::MAX),
        untaken,
        refusal: channel.refusal,
    }
}

fn marks(labels: &[Label], groups: &[&str]) -> Vec<(f64, Vec<bool>)> {
    let first = |label: &Label| groups.iter().map(|group| label.groups.iter().any(|name| name == group)).collect();
    labels.iter().map(|label| (label.share, first(label))).collect()
}

fn by_group<T: Copy>(map: &BTreeMap<String, T>, groups: &[&str], absent: T) -> Vec<T> {
    groups.iter().map(|group| map.get(*group).copied().unwrap_or(absent)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn scheme(text: &str) -> Scheme {
        ron::Options::default()
            .with_default_extension(ron::extensions::Extensions::IMPLICIT_SOME)
            .from_str(text)
            .unwrap()
    }

    const TWO: &str = r#"(version: 1, title: "t", channels: [
        (name: "reserved", share: 0.3, rank: Direct, open_to: ["b"], untaken: NextChannel("open")),
        (name: "open", share: 0.7, rank: RegistrationTime, priority: [["b"], ["a"]],
         labels: [(name: "youth", share: 0.25, groups: ["c"])],
         bindings: [(name: "local", share: 0.5, groups: ["a"])]),
    ])"#;

    #[test]
    fn shares_decide_the_channel_and_classes_come_before_labels_and_bindings() {
        let scheme = scheme(TWO);
        let groups = ["a", "b", "c"];
        assert_eq!(scheme.faults(&groups, &[]), []);
        let resolved = scheme.resolve(&groups, &[]);
        assert_eq!([0.0, 0.29, 0.31, 0.999].map(|u| resolved.channel_of(u)), [0, 0, 1, 1]);
        let (reserved, open) = (&resolved.channels[0], &resolved.channels[1]);
        assert_eq!((reserved.class_of(0, None, None), reserved.untaken), (None, Next::Channel(1)));
        let class = |group, label, binding| open.class_of(group, label, binding).unwrap();
        assert!(class(1, None, None) < class(0, Some(0), Some(0)));
        assert!(class(2, Some(0), None) < class(2, None, None));
        assert!(class(0, None, Some(0)) < class(0, None, None));
        assert_eq!([0.2, 0.3].map(|u| open.label_of(u)), [Some(0), None]);
    }

    #[test]
    fn what_a_scheme_may_not_say_is_told_with_its_place() {
        let mut wrong = scheme(TWO);
        wrong.channels[0].share = 0.4;
        wrong.channels[1].priority[0][0] = "bb".to_owned();
        wrong.channels[1].most_offers = Some(0);
        let faults = wrong.faults(&["a", "b", "c"], &[]);
        let messages: Vec<&str> = faults.iter().map(|fault| fault.message.as_str()).collect();
        assert_eq!(faults.len(), 3, "{messages:?}");
        assert!(messages[0].contains("sum to 1.1"));
        assert_eq!(faults[1].known.as_ref().unwrap().word, "bb");
    }

    #[test]
    fn points_add_what_waiting_searching_and_starting_gave() {
        let points = Points {
            waiting: [("a".to_owned(), PointSource { per_month: 0.5, most: None })].into(),
            search: [("a".to_owned(), PointSource { per_month: 1.0, most: Some(30.0) })].into(),
            situation: BTreeMap::new(),
            start: [("b".to_owned(), 10.0)].into(),
        };
        let resolved = ResolvedPoints::resolve(&points, &["a", "b"]);
        assert_eq!(resolved.of(0, 100.0, 40.0), 80.0);
        assert_eq!(resolved.of(1, 100.0, 40.0), 10.0);
    }
}
