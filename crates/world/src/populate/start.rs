//! The numbers behind the start state that are in no table: `start.ron` of a world, each with its source.

use doorstroom_kernel::{Day, Share};
use doorstroom_policy::AgeTable;
use serde::{Deserialize, Serialize};

/// Where a number comes from: a document, or `assumption A20: why`. Never empty.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Source(String);

impl Source {
    /// The text.
    pub fn text(&self) -> &str {
        &self.0
    }
}

impl TryFrom<String> for Source {
    type Error = &'static str;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        if text.trim().is_empty() {
            return Err("a source is not empty: name the document, or write \"assumption A20: why\"");
        }
        Ok(Source(text))
    }
}

impl From<Source> for String {
    fn from(source: Source) -> String {
        source.0
    }
}

/// Low and high ends that are worth trying; they ascend.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "(f64, f64)", into = "(f64, f64)")]
pub struct WorthTrying(f64, f64);

impl TryFrom<(f64, f64)> for WorthTrying {
    type Error = &'static str;

    fn try_from((low, high): (f64, f64)) -> Result<Self, Self::Error> {
        if low < high { Ok(WorthTrying(low, high)) } else { Err("a range ascends: give the low end first") }
    }
}

impl From<WorthTrying> for (f64, f64) {
    fn from(ends: WorthTrying) -> (f64, f64) {
        (ends.0, ends.1)
    }
}

/// A value and where it comes from.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Given<T> {
    /// The value.
    pub value: T,
    /// What else it could be, for an assumed number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub range: Option<WorthTrying>,
    /// Its source.
    pub source: Source,
}

/// Everything the start state needs beside the tables.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StartRules {
    /// First day of the run and date of the start state.
    pub date: Day,
    /// Municipalities.
    pub municipalities: MunicipalityStart,
    /// Who lives together.
    pub households: HouseholdStart,
    /// Parents and children.
    pub children: ChildrenStart,
    /// Who earns what.
    pub income: IncomeStart,
    /// What stands where.
    pub dwellings: DwellingStart,
    /// Who owns and who rents.
    pub tenure: TenureStart,
    /// Who has no dwelling of their own.
    pub excess: ExcessStart,
    /// For how long they have lived where they live.
    pub residence: ResidenceStart,
}

/// Facts of municipalities and corporations that no table gives.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MunicipalityStart {
    /// Municipalities with an urgency regulation, share; which ones is drawn.
    pub urgency_regulation_share: Given<Share>,
    /// Standard deviation of the logarithm of what a municipality does for the quota, beside the median one.
    pub earmark_sigma: Given<f64>,
    /// Corporation dwellings per corporation, before the limits of one and `corporations_max`.
    pub dwellings_per_corporation: Given<f64>,
    /// Most corporations in one municipality.
    pub corporations_max: Given<u32>,
    /// Standard deviation of the logarithm of a corporation's size.
    pub corporation_size_sigma: Given<f64>,
}

/// Composition of households.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct HouseholdStart {
    /// Youngest age of a head, years.
    pub head_age_min: Given<u16>,
    /// Part of inhabitants of 15 to 24 that is no sign of students: heads below 25 follow the rest of the share.
    pub young_at_home_share: Given<Share>,
    /// Lone-parent households, share of all households.
    pub lone_parent_share: Given<Share>,
    /// Lone parents by size of household: 2, 3, 4, 5 and more; shares of lone parents.
    pub lone_parents_by_size: Given<[Share; 4]>,
    /// Relative chance that two persons are a parent and a child, by age of the head in years.
    pub lone_parent_weight: Given<AgeTable>,
    /// Persons in a household of five and more: shares of 5, 6, 7, 8, 9 and 10.
    pub large_sizes: Given<[Share; 6]>,
    /// Women among one-person households, share by age in years.
    pub single_women: Given<AgeTable>,
    /// Women among lone parents, share.
    pub lone_parent_women: Given<Share>,
    /// Couples of two men or two women, share of couples.
    pub same_sex_couples: Given<Share>,
    /// Years by which a partner is younger than the head, mean.
    pub partner_gap_mean: Given<f64>,
    /// Standard deviation of that, years.
    pub partner_gap_sd: Given<f64>,
    /// Households with a residence permit of a non-EU national, share.
    pub permit_alien_share: Given<Share>,
    /// Households that grew up in another region, share; which one follows the households of regions.
    pub origin_elsewhere_share: Given<Share>,
}

/// Ages of children who live in.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ChildrenStart {
    /// Age of a mother at birth, mean in years.
    pub mother_age_mean: Given<f64>,
    /// Age of a father at birth, mean in years.
    pub father_age_mean: Given<f64>,
    /// Standard deviation of both, years.
    pub parent_age_sd: Given<f64>,
    /// Youngest age at which anybody has a child, years.
    pub parent_age_min: Given<u16>,
    /// Yearly chance of leaving the parental home by age in years; 0 below the first row.
    pub leaving: Given<AgeTable>,
    /// Power to which the part still at home is raised: below 1 keeps more adults at home.
    pub staying_power: Given<f64>,
}

/// Effects on the rank in income within the age band, in standard deviations.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct IncomeStart {
    /// Single, lone parent, couple, couple with children.
    pub composition: Given<[f64; 4]>,
    /// Effect of one standard deviation of municipal income per inhabitant.
    pub municipality: Given<f64>,
}

/// The dwelling stock.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DwellingStart {
    /// Upper edges in square metres of 1, 2, 3, 4 and 5 rooms, the living room included.
    pub room_edges_m2: Given<[f64; 5]>,
    /// Part of the floor area bin of 15 to 50 square metres that lies below the first edge.
    pub smallest_share: Given<Share>,
    /// Relative frequency of 1 to 6 rooms by owner, corporation, other rental, before the margins are met.
    pub rooms_by_tenure: Given<[[f64; 6]; 3]>,
    /// How strongly apartments are small: effect on log frequency per room and unit of share.
    pub apartments_tilt: Given<f64>,
    /// Shares of corporation dwellings in rent classes 1 to 4.
    pub rent_class_shares: Given<[Share; 4]>,
    /// Rank correlation of rent and rooms among corporation dwellings.
    pub rent_size_correlation: Given<Share>,
    /// Lowest unoccupied share of a municipality.
    pub unoccupied_min: Given<Share>,
    /// Highest unoccupied share of a municipality.
    pub unoccupied_max: Given<Share>,
    /// Relative chance to be unoccupied by owner, corporation, other rental.
    pub unoccupied_by_tenure: Given<[f64; 3]>,
    /// Vacant and to be let or sold on the first day, dwellings in the whole country by tenure.
    pub lettable: Given<[f64; 3]>,
}

/// Log odds behind tenure and the match of size to rooms.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TenureStart {
    /// Owning, by income class 1 to 8.
    pub owner_by_income: Given<[f64; 8]>,
    /// Owning, by age of the head.
    pub owner_by_age: Given<AgeTable>,
    /// Owning: single, lone parent, couple, couple with children.
    pub owner_by_composition: Given<[f64; 4]>,
    /// A corporation rather than another landlord, by income class 1 to 8.
    pub corporation_by_income: Given<[f64; 8]>,
    /// The same by age of the head.
    pub corporation_by_age: Given<AgeTable>,
    /// The same: single, lone parent, couple, couple with children.
    pub corporation_by_composition: Given<[f64; 4]>,
    /// Correlation of rooms needed with the order in which rooms are given out, within municipality and tenure.
    pub size_correlation: Given<Share>,
}

/// Households without a dwelling of their own.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ExcessStart {
    /// Other accommodation, at most this share of households.
    pub other_share: Given<Share>,
    /// Hosted, at most this share of households.
    pub hosted_share: Given<Share>,
    /// Hosted by parents, by kin or friends, subletting.
    pub hosted_split: Given<[Share; 3]>,
    /// Households in a shared home.
    pub rooms_per_home: Given<u8>,
    /// Shared homes of corporations in the whole country, at most.
    pub corporation_shared: Given<f64>,
    /// Share of 15- to 24-year-olds from which a municipality is a student town.
    pub student_town: Given<Share>,
    /// Students among those below 27 in rooms of a student town, share.
    pub student_share: Given<Share>,
    /// How much likelier a one-person household is to live with kin, sublet or in other accommodation.
    pub single_weight: Given<f64>,
    /// How likely a household of each income class is to live so, relative to the others: who can buy soon does not
    /// stay.
    pub income_weight: Given<[f64; 8]>,
}

/// Mean years of residence; drawn exponentially and not before the head was of age.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ResidenceStart {
    /// Owner, corporation, other rental.
    pub by_tenure: Given<[f64; 3]>,
    /// Rooms.
    pub rooms: Given<f64>,
    /// Hosted.
    pub hosted: Given<f64>,
    /// Other accommodation.
    pub other: Given<f64>,
    /// Share of households with a head of 18 to 44 who are in the country for a limited time: in other rental
    /// dwellings, in rooms, in other accommodation or as subtenants.
    pub short_stay: Given<[Share; 3]>,
}

#[cfg(test)]
mod tests {
    use super::*;

    use crate::read::Source as File;

    fn text() -> String {
        std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/../../worlds/netherlands/start.ron")).unwrap()
    }

    #[test]
    fn every_number_of_the_dutch_start_has_a_source_and_assumptions_are_numbered_from_20_on() {
        File::new("start.ron", text()).parse::<StartRules>().unwrap();
        let mut numbers: Vec<u32> = Vec::new();
        for place in text().split("assumption A").skip(1) {
            numbers.push(place.chars().take_while(char::is_ascii_digit).collect::<String>().parse().unwrap());
        }
        numbers.sort_unstable();
        numbers.dedup();
        assert!(numbers.len() > 15 && numbers[0] == 20, "{numbers:?}");
    }

    #[test]
    fn an_empty_source_an_unknown_field_a_share_above_one_and_falling_ends_are_refused() {
        for (right, wrong, why) in [
            ("source: \"assumption A26\"", "source: \" \"", "a source is not empty"),
            ("earmark_sigma", "earmark_spread", "earmark_spread"),
            ("regulation_share: (value: 0.5", "regulation_share: (value: 1.5", "a share lies between 0 and 1"),
            ("range: (0.3, 0.8)", "range: (0.8, 0.3)", "a range ascends"),
        ] {
            let told = File::new("start.ron", text().replacen(right, wrong, 1)).parse::<StartRules>().unwrap_err();
            assert!(told.to_string().contains(why), "{why} in\n{told}");
        }
    }
}
