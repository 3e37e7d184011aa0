//! How those who reacted on an advert rank.

use doorstroom_state::KinName;

use super::candidate::Standing;
use super::reaction::Reaction;
use super::ring::{Adverts, Market};
use crate::rulebook::Setting;

/// Candidates ranked at once per advert. Offers usually stop at fifteen; the others stand in for those housed elsewhere
/// meanwhile. If these do not suffice, everybody is ranked.
const SHORTLIST: usize = 48;

/// The first candidates of an advert in rank order.
#[derive(Debug)]
pub struct Shortlist {
    /// The candidates.
    pub first: Vec<Reaction>,
    /// Nobody else reacted.
    pub is_all: bool,
}

/// The candidates of every advert of one market.
#[derive(Debug)]
pub struct Candidates {
    /// Reactions in the order of adverts.
    by_advert: Vec<Reaction>,
    /// Where those of each advert end.
    ends: Vec<usize>,
    /// Short list of every advert.
    pub shortlists: Vec<Shortlist>,
}

impl Candidates {
    /// Everybody who reacted on an advert, in rank order.
    pub fn in_order(&self, advert: usize) -> Vec<Reaction> {
        in_order(stretch(&self.by_advert, &self.ends, advert))
    }
}

/// The stretch of one advert.
fn stretch<'a>(by_advert: &'a [Reaction], ends: &[usize], advert: usize) -> &'a [Reaction] {
    let from = advert.checked_sub(1).map_or(0, |before| ends[before]);
    &by_advert[from..ends[advert]]
}

/// Candidates by market, from the reactions of each market in the lists in which they were gathered. Markets are ranked
/// in parallel.
pub fn rank(setting: &Setting<'_>, adverts: &Adverts, reactions: Vec<Vec<Vec<Reaction>>>) -> Vec<Candidates> {
    let work: Vec<(&Market, Vec<Vec<Reaction>>)> = adverts.markets.iter().zip(reactions).collect();
    setting.lane.map_each(work, |(market, reactions)| {
        let (by_advert, ends) = sorted_by_advert(&reactions, market.adverts.len());
        let shortlists = (0..ends.len()).map(|advert| shortlist(stretch(&by_advert, &ends, advert))).collect();
        Candidates { by_advert, ends, shortlists }
    })
}

/// Reactions in the order of adverts, and where those of each advert end.
fn sorted_by_advert(lists: &[Vec<Reaction>], adverts: usize) -> (Vec<Reaction>, Vec<usize>) {
    let mut ends = vec![0usize; adverts];
    for reaction in lists.iter().flatten() {
        ends[reaction.advert as usize] += 1;
    }
    let mut sum = 0;
    for end in &mut ends {
        // first where the next one of this advert goes, in the end where they end
        let count = std::mem::replace(end, sum);
        sum += count;
    }
    let Some(&any) = lists.iter().flatten().next() else { return (Vec::new(), ends) };
    let mut sorted = vec![any; sum];
    for reaction in lists.iter().flatten() {
        let place = &mut ends[reaction.advert as usize];
        sorted[*place] = *reaction;
        *place += 1;
    }
    (sorted, ends)
}

/// Class, key, then name. Lowest goes first.
type Rank = (Standing, KinName);

/// Ranks with the positions of the candidates.
fn ranks(candidates: &[Reaction]) -> Vec<(Rank, u32)> {
    candidates.iter().zip(0..).map(|(c, i)| ((Standing { class: c.class, key: c.key }, c.name), i)).collect()
}

/// The candidates in rank order; a registration that reacted more than once on the same advert counts once.
pub fn in_order(candidates: &[Reaction]) -> Vec<Reaction> {
    sorted(ranks(candidates), candidates)
}

fn sorted(mut ranks: Vec<(Rank, u32)>, candidates: &[Reaction]) -> Vec<Reaction> {
    ranks.sort_unstable_by_key(|r| r.0);
    ranks.dedup_by_key(|r| r.0.1);
    ranks.iter().map(|&(_, i)| candidates[i as usize]).collect()
}

fn shortlist(candidates: &[Reaction]) -> Shortlist {
    let mut ranks = ranks(candidates);
    let mut is_all = true;
    if ranks.len() > SHORTLIST * 2 {
        ranks.select_nth_unstable_by_key(SHORTLIST * 2, |r| r.0);
        ranks.truncate(SHORTLIST * 2);
        is_all = false;
    }
    let mut first = sorted(ranks, candidates);
    is_all &= first.len() <= SHORTLIST;
    first.truncate(SHORTLIST);
    Shortlist { first, is_all }
}
