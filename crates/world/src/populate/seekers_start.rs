//! The numbers behind registrations, needs, status holders and displaced Ukrainians on the first day:
//! `start_seekers.ron` of a world, each with its source. Counts are for the whole country; a world of scale s takes
//! s times as many.

use doorstroom_kernel::{Amount, Share, YearlyChance};
use doorstroom_policy::ByMarket;
use serde::{Deserialize, Serialize};

use super::start::Given;

/// Everything the second half of the start state needs beside the rules in force.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SeekerStart {
    /// Registrations.
    pub register: RegisterStart,
    /// Short-notice seekers, statements of urgency, announced renewal.
    pub needs: NeedStart,
    /// Status holders in reception.
    pub reception: ReceptionStart,
    /// Status holders who have a home already.
    pub established: EstablishedStart,
    /// Displaced Ukrainians.
    pub ukrainians: UkrainianStart,
    /// Accounts of the housing quota.
    pub quota: QuotaStart,
    /// Wishes to buy and to rent privately.
    pub wishes: WishStart,
}

/// Wishes on the owner-occupied and private rental markets that are live on the first day. How often they arise is in
/// the rules; here stands how many of them were met.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WishStart {
    /// Chance per step that a live wish to buy was met.
    pub met_buy: Given<Share>,
    /// Chance per step that a live wish to rent privately was met.
    pub met_rent: Given<Share>,
    /// Households a year that come to live with parents, with kin and in other accommodation.
    pub newcomers_a_year: Given<[Amount; 3]>,
}

/// The register in steady state.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RegisterStart {
    /// Dwellings let a year per self-contained corporation dwelling.
    pub turnover: Given<ByMarket>,
    /// Share of lettings to status holders under the quota, which use no seniority.
    pub first_status_share: Given<Share>,
    /// Lettings a year per searching registration older than the cut-off.
    pub let_above: Given<Amount>,
    /// The same below the cut-off: lotteries, adverts that few fit.
    pub let_below: Given<Amount>,
    /// Rate a year at which a search comes to rest beyond what the rules say for those without a dwelling: because a
    /// home was found on another market, or because one lives well.
    pub rests: Given<Amount>,
    /// How strongly the keen have left the searching registrations, as a factor on their success, by the present home.
    pub zeal_selection: Given<SearchByHome>,
    /// Share of dormant registrations whose holders could search if they woke.
    pub wakes: Given<Share>,
    /// Longest registration, years.
    pub longest_years: Given<Amount>,
    /// Yearly chance that a registration ends because its holder leaves the country or dies.
    pub leaves: Given<YearlyChance>,
    /// Short-notice needs a year.
    pub needs_a_year: Given<Amount>,
    /// Factor on holding a dormant registration for adults whose income is too high to search by now.
    pub too_rich: Given<Amount>,
    /// Share of registrations in a neighbouring region.
    pub neighbour_share: Given<Share>,
    /// Relative chance to hold the older registrations by how a household lives.
    pub seniority_by_home: Given<SearchByHome>,
    /// Factor on searching by how a household lives.
    pub search_by_home: Given<SearchByHome>,
    /// Factor on searching of established status holders.
    pub search_established: Given<Amount>,
    /// Factor on searching of households in need, beyond the share that the rules let search.
    pub search_in_need: Given<Amount>,
}

/// Factors by the present home.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SearchByHome {
    /// Hosted by parents, kin or friends, or subletting.
    pub hosted: Amount,
    /// In a room.
    pub room: Amount,
    /// In other accommodation.
    pub other: Amount,
    /// Tenants of a corporation.
    pub corporation: Amount,
    /// Tenants of others.
    pub other_rental: Amount,
    /// Owner-occupiers.
    pub owner: Amount,
}

/// Needs that cannot wait.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NeedStart {
    /// Households in a short-notice need.
    pub households: Given<Amount>,
    /// Shares of needs: break-up, end of stay, institution, abroad and other, eviction.
    pub kinds: Given<[Share; 5]>,
    /// Relative chance of a need by home: with parents, with kin, subletting, other accommodation.
    pub by_home: Given<[Amount; 4]>,
    /// Households with a valid medical or social statement of urgency.
    pub urgent: Given<Amount>,
}

/// Status holders in reception.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ReceptionStart {
    /// Asylum seekers in procedure, persons.
    pub in_procedure: Given<Amount>,
    /// One-person households without a family claim.
    pub singles: Given<Amount>,
    /// One-person households that await family.
    pub awaiting: Given<Amount>,
    /// Couples and families of up to five persons, households.
    pub families: Given<Amount>,
    /// Their sizes: shares of 2, 3, 4 and 5 persons.
    pub family_sizes: Given<[Share; 4]>,
    /// Families of six persons, households.
    pub six: Given<Amount>,
    /// Families of more, households.
    pub larger: Given<Amount>,
    /// Their sizes: shares of 7, 8, 9 and 10 persons.
    pub larger_sizes: Given<[Share; 4]>,
    /// Persons in interim places, who have left reception and count as waiting nowhere.
    pub interim: Given<Amount>,
    /// Persons past the term within which they should be housed.
    pub overdue: Given<Amount>,
    /// Mean days past the term, for those past it.
    pub overdue_days: Given<Amount>,
    /// How much likelier families of six and more are to be past it.
    pub overdue_large: Given<Amount>,
    /// Days in reception before the permit.
    pub procedure_days: Given<Amount>,
    /// Persons a year who get a permit or arrive as family, in the twelve months before the start.
    pub permits_a_year: Given<Amount>,
    /// Men among one-person households, share.
    pub single_men: Given<Share>,
    /// Families with one parent, share of families of two to five persons.
    pub lone_parents: Given<Share>,
    /// Shares of income classes 1 to 4.
    pub income_classes: Given<[Share; 4]>,
}

/// Established status holders.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EstablishedStart {
    /// Households with a corporation dwelling who were status holders.
    pub households: Given<Amount>,
    /// Oldest permit, years.
    pub permit_years: Given<Amount>,
    /// Days in reception between permit and home, mean.
    pub permit_to_home_days: Given<Amount>,
    /// Relative chance by income class 1 to 8.
    pub by_income: Given<[Amount; 8]>,
    /// Share in work by whole years since the permit.
    pub in_work: Given<[Share; 10]>,
    /// Yearly chance of naturalisation from the fifth year.
    pub naturalisation: Given<YearlyChance>,
    /// Sponsors who have a home and await family, households.
    pub sponsors: Given<Amount>,
    /// Mean years since the permit of those who await family.
    pub sponsor_years: Given<Amount>,
    /// Months from the start over which awaited families arrive.
    pub family_months: Given<Amount>,
}

/// Displaced Ukrainians.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct UkrainianStart {
    /// Persons in municipal places.
    pub in_places: Given<Amount>,
    /// Persons elsewhere.
    pub elsewhere: Given<Amount>,
    /// Shares of households of 1, 2, 3 and 4 persons.
    pub sizes: Given<[Share; 4]>,
    /// Women among heads, share.
    pub women: Given<Share>,
    /// Couples among households of two and more, share.
    pub couples: Given<Share>,
    /// Relative number of heads by age in years.
    pub head_age: Given<doorstroom_policy::AgeTable>,
    /// Shares of income classes 1 to 4.
    pub income_classes: Given<[Share; 4]>,
}

/// Backlog of the quota.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct QuotaStart {
    /// Backlog carried into the first half-year, persons, leads subtracted.
    pub backlog: Given<Amount>,
    /// Sigma of the logarithm of backlog relative to inhabitants.
    pub sigma: Given<Amount>,
    /// Municipalities that are ahead, share.
    pub ahead: Given<Share>,
    /// Highest lead in half-year targets.
    pub lead_highest: Given<Amount>,
}

/// The numbers in shares that sum to one, for draws and apportionment.
pub(super) fn weights<const N: usize>(shares: &Given<[Share; N]>) -> [f64; N] {
    shares.value.map(Share::get)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::read::Source;

    const FILE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../worlds/netherlands/start_seekers.ron");

    #[test]
    fn every_number_has_a_source_and_assumptions_are_numbered_from_40() {
        let source = Source::read(FILE).unwrap();
        let (start, text): (SeekerStart, _) = (source.parse().unwrap(), source.text());
        let number = |part: &str| part.chars().take_while(char::is_ascii_digit).collect::<String>().parse::<u32>();
        let numbers: Vec<u32> = text.split("assumption A").skip(1).map(|part| number(part).unwrap()).collect();
        assert!(!numbers.is_empty() && numbers.iter().all(|number| *number >= 40), "{numbers:?}");
        for shares in [weights(&start.reception.family_sizes), weights(&start.ukrainians.sizes)] {
            assert!((shares.iter().sum::<f64>() - 1.0).abs() < 1e-9);
        }
        assert!((weights(&start.needs.kinds).iter().sum::<f64>() - 1.0).abs() < 1e-9);
    }

    #[test]
    fn a_number_that_cannot_be_is_refused_where_it_stands() {
        let source = Source::read(FILE).unwrap();
        let text = source.text();
        let amount = "is no amount; an amount is a number of 0 or more";
        let chance = "it lies from 0 up to, not including, 1";
        for (right, wrong, why) in [
            ("let_above: (value: 0.43", "let_above: (value: -0.43", amount),
            ("room: 0.6,", "room: -0.6,", amount),
            ("leaves: (value: 0.045", "leaves: (value: 1.0", chance),
        ] {
            let line = 1 + text.lines().position(|line| line.contains(right)).unwrap();
            let refused =
                Source::new("s.ron", text.replace(right, wrong)).parse::<SeekerStart>().unwrap_err().to_string();
            assert!(refused.starts_with(&format!("s.ron:{line}:")) && refused.contains(why), "{refused}");
        }
    }
}
