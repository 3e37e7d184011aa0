//! Opvang (reception): which places fill first, which contracts run on, what the dispersal law asks of whom.

use crate::apportion::{ApportionError, apportion};

/// Places of one kind, in the order in which they fill.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Capacity {
    /// Places there are.
    pub places: u32,
    /// True if the kind takes whoever is left, with as many places as that needs.
    pub open_ended: bool,
}

/// Bezetting naar voorkeursvolgorde (merit order): persons in each kind of place, the cheapest kind first.
///
/// A kind fills up to the share `norm` of its places (COA plans with 0.91 to 0.96); the first open-ended kind takes the
/// rest. Persons whom nothing takes are not in the answer: give the last kind no end.
pub fn occupy(residents: u32, kinds: &[Capacity], norm: f64) -> Vec<u32> {
    let mut left = residents;
    kinds
        .iter()
        .map(|kind| {
            let usable = (f64::from(kind.places) * norm + 1e-9).floor() as u32;
            let taken = if kind.open_ended { left } else { left.min(usable) };
            left -= taken;
            taken
        })
        .collect()
}

/// Opzegtermijn (notice): places under contract after these needs, one a month and the present one last.
///
/// Contracts are made when places are needed and run on for `notice_months` after the last month that needed them.
pub fn contracted(needs: &[u32], notice_months: usize) -> u32 {
    needs.iter().rev().take(notice_months + 1).copied().max().unwrap_or(0)
}

/// Spreidingswet: a number by municipality, first over provinces by inhabitants, then over the municipalities of each by
/// `within` (again inhabitants, under the dispersal law).
///
/// Every list has one entry a municipality. The sum is `total` exactly.
///
/// # Errors
/// As [`apportion`]: less than nothing, or nobody to divide over.
pub fn disperse(
    total: i64,
    province_of: &[u8],
    inhabitants: &[u32],
    within: &[u32],
) -> Result<Vec<i64>, ApportionError> {
    let provinces = province_of.iter().map(|&province| usize::from(province) + 1).max().unwrap_or(0);
    let mut people = vec![0u32; provinces];
    for (&province, &count) in province_of.iter().zip(inhabitants) {
        people[usize::from(province)] += count;
    }
    let of_province = apportion(total, &people)?;
    let mut places = vec![0; inhabitants.len()];
    for (province, &share) in of_province.iter().enumerate() {
        let of = |&m: &usize| usize::from(province_of[m]) == province;
        let members: Vec<usize> = (0..inhabitants.len()).filter(of).collect();
        let weights: Vec<u32> = members.iter().map(|&m| within[m]).collect();
        for (&m, count) in members.iter().zip(apportion(share, &weights)?) {
            places[m] = count;
        }
    }
    Ok(places)
}

/// Provincie: number of the province (20 Groningen to 31 Limburg, as in CBS codes PV20 to PV31) in which a COROP region
/// (`CR01` to `CR40`) lies; 0 for a code that is none. COROP regions never cross a border of a province.
pub fn province_of_region(code: &str) -> u8 {
    let number: u8 = code.strip_prefix("CR").and_then(|digits| digits.parse().ok()).unwrap_or(0);
    match number {
        1..=3 => 20,
        4..=6 => 21,
        7..=9 => 22,
        10..=12 => 23,
        40 => 24,
        13..=16 => 25,
        17 => 26,
        18..=24 => 27,
        25..=30 => 28,
        31..=32 => 29,
        33..=36 => 30,
        37..=39 => 31,
        _ => 0,
    }
}

/// Randstad: Utrecht, Noord-Holland and Zuid-Holland, as far as a province tells, with Flevoland.
pub fn is_randstad(province: u8) -> bool {
    matches!(province, 24 | 26 | 27 | 28)
}

/// Omklappen (conversion): reception places that become homes for good.
///
/// Only if occupancy was below the threshold for `months` months in a row; then the share `share` of what stands free
/// below the threshold. `free` are places not taken now.
pub fn converted(free: u32, share: f64, slack_months: u32, months: u32) -> u32 {
    if slack_months < months { 0 } else { (f64::from(free) * share + 1e-9).floor() as u32 }
}
