//! Search (zoeken) in the outcome: how long those had searched who were let a dwelling, how many offers were refused for
//! each that was accepted, and which share of lettings went to starters. By area and class of markets.

use doorstroom_kernel::calendar::DAYS_A_YEAR;
use doorstroom_state::ledger::{Letting, SearchFlows};
use doorstroom_state::region::MarketClass;

use crate::areas::Areas;
use crate::lettings::{has_registration_time, is_regular};
use crate::table::Text;
use crate::totals::Totals;

/// Sum and count of one area.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
struct Mean {
    sum: f64,
    count: f64,
}

impl Mean {
    fn add(&mut self, sum: f64, count: f64) {
        self.sum += sum;
        self.count += count;
    }
}

/// Offers made and refused in a market, of all groups together.
pub(crate) fn answered(market: &[SearchFlows; 6]) -> [u32; 2] {
    market.iter().fold([0, 0], |[offers, refused], flows| [offers + flows.offers, refused + flows.refusals])
}

/// Every measure of search, by area: NaN where there is nothing to divide by.
pub(crate) fn measures(
    totals: &[Totals],
    lettings: &[Letting],
    areas: &Areas,
) -> [(&'static str, Vec<(Text, f64)>); 3] {
    let none = || vec![Mean::default(); areas.len()];
    let (mut searched, mut starters, mut refusals) = (none(), none(), none());
    for letting in lettings {
        for area in [0, 1 + usize::from(letting.market)] {
            if has_registration_time(letting) {
                searched[area].add(f64::from(letting.search_days) / DAYS_A_YEAR, 1.0);
            }
            if is_regular(letting) {
                starters[area].add(f64::from(u8::from(!letting.vacates_social)), 1.0);
            }
        }
    }
    for (market, [offers, refused]) in totals.iter().flat_map(|totals| totals.answers.iter().enumerate()) {
        for area in [0, 1 + market] {
            refusals[area].add(f64::from(*refused), f64::from(offers - refused));
        }
    }
    [("search_years", searched), ("starters_share", starters), ("refusals_per_letting", refusals)]
        .map(|(measure, means)| (measure, by_area(&means, areas)))
}

/// The country, every region and every class of markets.
fn by_area(means: &[Mean], areas: &Areas) -> Vec<(Text, f64)> {
    let value = |mean: &Mean| mean.sum / mean.count;
    let mut found: Vec<(Text, f64)> = areas.codes.iter().cloned().zip(means.iter().map(value)).collect();
    for class in MarketClass::ALL {
        let mut of_class = Mean::default();
        let markets = means[1..].iter().zip(&areas.classes).filter(|(_, of)| **of == class);
        markets.for_each(|(mean, _)| of_class.add(mean.sum, mean.count));
        found.push((class.key().into(), value(&of_class)));
    }
    found
}
