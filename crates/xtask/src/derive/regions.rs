//! Regions (COROP): sums over their municipalities, the class of their market, and the borders between them.

use std::collections::BTreeMap;

use super::apportion::apportion;
use super::error::DeriveError;
use super::market::{Market, classify};
use super::municipalities::{Municipality, land_borders, position};
use super::sheet::Sheet;
use super::table::Table;

/// The year of the WOZ values per m2: that of the municipal totals.
const WOZ_COLUMN: &str = "woz_per_m2_2024";

/// One region.
pub struct Region {
    region_code: String,
    name: String,
    market_class: &'static str,
    woz_per_m2_eur: f64,
    inhabitants: u64,
    households: u64,
    dwellings: u64,
    corporation_dwellings: u64,
}

/// Sums over the municipalities of one region.
#[derive(Default)]
struct Sums {
    name: String,
    inhabitants: u64,
    households: u64,
    dwellings: u64,
    owner_dwellings: f64,
    corporation_dwellings: f64,
}

/// The regions in order of code.
pub fn read(municipalities: &[Municipality], woz: &Sheet) -> Result<Vec<Region>, DeriveError> {
    let mut sums: BTreeMap<&str, Sums> = BTreeMap::new();
    for one in municipalities {
        let region = sums.entry(&one.region_code).or_default();
        region.name.clone_from(&one.region_name);
        region.inhabitants += one.inhabitants;
        region.households += one.households;
        region.dwellings += one.dwellings;
        region.owner_dwellings += one.dwellings as f64 * one.tenure[0] as f64 / 1e6;
        region.corporation_dwellings += one.dwellings as f64 * one.tenure[1] as f64 / 1e6;
    }
    let values = woz_per_m2(woz)?;
    let mut markets = Vec::with_capacity(sums.len());
    for (code, region) in &sums {
        let &woz_per_m2_eur = values.get(*code).ok_or_else(|| woz.problem(format!("no value for {code}")))?;
        let households_not_owning = region.households as f64 - region.owner_dwellings;
        markets.push(Market {
            woz_per_m2_eur,
            households_not_owning,
            corporation_dwellings: region.corporation_dwellings,
        });
    }
    let stocks: Vec<f64> = markets.iter().map(|market| market.corporation_dwellings).collect();
    let corporation_dwellings = apportion(&stocks, stocks.iter().sum::<f64>().round() as u64);
    let classes = classify(&markets);
    let regions = sums.into_iter().enumerate().map(|(at, (code, region))| Region {
        region_code: code.into(),
        name: region.name,
        market_class: classes[at],
        woz_per_m2_eur: markets[at].woz_per_m2_eur,
        inhabitants: region.inhabitants,
        households: region.households,
        dwellings: region.dwellings,
        corporation_dwellings: corporation_dwellings[at],
    });
    Ok(regions.collect())
}

/// WOZ value in euro per m2 by region code.
fn woz_per_m2(woz: &Sheet) -> Result<BTreeMap<String, f64>, DeriveError> {
    woz.rows().map(|row| Ok((format!("CR{}", row.text("corop_code")?), row.number(WOZ_COLUMN)?))).collect()
}

/// `regions.csv`.
pub fn table(regions: &[Region]) -> Table {
    const COLUMNS: &[&str] = &[
        "region_code",
        "name",
        "market_class",
        "woz_per_m2_eur",
        "inhabitants",
        "households",
        "dwellings",
        "corporation_dwellings",
    ];
    let row = |one: &Region| {
        let mut row = vec![one.region_code.clone(), one.name.clone(), one.market_class.into()];
        row.push(format!("{:.0}", one.woz_per_m2_eur));
        let counts = [one.inhabitants, one.households, one.dwellings, one.corporation_dwellings];
        row.extend(counts.map(|count| count.to_string()));
        row
    };
    Table { name: "regions", columns: COLUMNS, rows: regions.iter().map(row).collect() }
}

/// `region_borders.csv`: the municipal land borders that are also borders between regions, summed.
pub fn borders(municipalities: &[Municipality], neighbours: &Sheet) -> Result<Table, DeriveError> {
    let region = |gm_code: &str| {
        let at = position(municipalities, gm_code).expect("land borders are between known municipalities");
        municipalities[at].region_code.as_str()
    };
    let mut lengths: BTreeMap<(&str, &str), f64> = BTreeMap::new();
    for (a, b, km) in land_borders(municipalities, neighbours)? {
        let (one, other) = (region(a), region(b));
        if one != other {
            *lengths.entry((one.min(other), one.max(other))).or_default() += km;
        }
    }
    let rows = lengths.into_iter().map(|((a, b), km)| vec![a.into(), b.into(), format!("{km:.2}")]).collect();
    Ok(Table { name: "region_borders", columns: &["region_code_a", "region_code_b", "border_km"], rows })
}
