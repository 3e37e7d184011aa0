//! Municipalities (gemeenten): one row each, with every share closed to one, and their land borders.

use std::collections::BTreeMap;

use super::apportion::apportion;
use super::error::DeriveError;
use super::sheet::{Row, Sheet};
use super::table::{Table, parts_per_million, share};

/// Dwellings in the country on 1 January 2024: the level to which the 2022 stock is scaled.
const DWELLINGS_2024: u64 = 8_204_000;
/// Self-contained corporation dwellings in the country, to which the coded shares are scaled.
const CORPORATION_DWELLINGS: f64 = 2_300_000.0;
/// Corporation share of the rental stock where the published share is flagged as incomplete.
const IMPUTED_CORPORATION_SHARE_OF_RENTAL: f64 = 0.6;

const HOUSEHOLD_TYPES: [&str; 3] = ["hh_single_pct_2021", "hh_multi_no_children_pct_2021", "hh_with_children_pct_2021"];
const DWELLING_TYPES: [&str; 4] = [
    "stock_apartments_2023",
    "stock_terraced_houses_2023",
    "stock_semi_detached_houses_2023",
    "stock_detached_houses_2023",
];
const BUILDING_PERIODS: [&str; 5] = [
    "stock_built_before_1945_2023",
    "stock_built_1945_1964_2023",
    "stock_built_1965_1984_2023",
    "stock_built_1985_2004_2023",
    "stock_built_2005_present_2023",
];
const TENURE_COLUMNS: [&str; 2] = ["corporation_share", "other_rental_share"];
const INCOME_COLUMN: &str = "income_per_person_eur_thousand";
const STOCK_COLUMNS: [&str; 9] = [
    "apartments_share",
    "terraced_share",
    "semi_detached_share",
    "detached_share",
    "built_before_1945_share",
    "built_1945_1964_share",
    "built_1965_1984_share",
    "built_1985_2004_share",
    "built_from_2005_share",
];

/// One municipality; shares in parts per million.
pub struct Municipality {
    pub gm_code: String,
    name: String,
    province_code: String,
    /// COROP region, `CR01` to `CR40`.
    pub region_code: String,
    /// Name of that region.
    pub region_name: String,
    urbanity_class: u64,
    pub inhabitants: u64,
    pub households: u64,
    pub dwellings: u64,
    unoccupied: u64,
    /// Shares of dwellings: owner-occupied, corporation, other rental; they sum to a million.
    pub tenure: [u64; 3],
    household_types: Vec<u64>,
    age_15_24: u64,
    age_65_plus: u64,
    woz_eur_thousand: f64,
    income_eur_thousand: f64,
    low_income: u64,
    dwelling_types: Vec<u64>,
    building_periods: Vec<u64>,
    lon: f64,
    lat: f64,
    imputed: Vec<&'static str>,
}

/// What the source says of one municipality, before anything is scaled or imputed.
struct Published<'a> {
    row: Row<'a>,
    gm_code: &'a str,
    region: &'a str,
    inhabitants: f64,
    dwellings_2022: f64,
    owner: f64,
    corporation: f64,
    corporation_imputed: bool,
    income_eur_thousand: Option<f64>,
    dwelling_types: Option<Vec<f64>>,
    building_periods: Option<Vec<f64>>,
}

impl<'a> Published<'a> {
    fn read(row: Row<'a>) -> Result<Self, DeriveError> {
        let corporation_imputed = row.text("corp_share_suspect")? == "1";
        let corporation = if corporation_imputed {
            IMPUTED_CORPORATION_SHARE_OF_RENTAL * row.percent_as_share("rental_pct_2021")?
        } else {
            row.percent_as_share("corp_rental_pct_2021")?
        };
        Ok(Self {
            row,
            gm_code: row.text("gm_code")?,
            region: row.text("corop_code")?,
            inhabitants: row.number("inhabitants")?,
            dwellings_2022: row.number("dwellings_2022")?,
            owner: row.percent_as_share("owner_occ_pct_2021")?,
            corporation,
            corporation_imputed,
            income_eur_thousand: row.number_if_known("income_per_person_keur")?,
            dwelling_types: known_numbers(row, &DWELLING_TYPES)?,
            building_periods: known_numbers(row, &BUILDING_PERIODS)?,
        })
    }
}

/// All the numbers of `columns`, or nothing where one of them is unknown.
fn known_numbers(row: Row<'_>, columns: &[&str]) -> Result<Option<Vec<f64>>, DeriveError> {
    columns.iter().map(|column| row.number_if_known(column)).collect()
}

/// The municipalities in order of code, from the municipal figures and a table of points.
pub fn read(figures: &Sheet, points: &Sheet) -> Result<Vec<Municipality>, DeriveError> {
    let mut published = figures.rows().map(Published::read).collect::<Result<Vec<_>, _>>()?;
    published.sort_by_key(|one| one.gm_code);
    if let Some(pair) = published.windows(2).find(|pair| pair[0].gm_code == pair[1].gm_code) {
        return Err(figures.problem(format!("{} occurs twice", pair[0].gm_code)));
    }
    let places = places(points)?;
    let stock_2022: Vec<f64> = published.iter().map(|one| one.dwellings_2022).collect();
    let dwellings = apportion(&stock_2022, DWELLINGS_2024);
    let coded: f64 = published.iter().zip(&dwellings).map(|(one, &stock)| one.corporation * stock as f64).sum();
    let to_national_level = CORPORATION_DWELLINGS / coded;
    let complete = |(one, &dwellings): (&Published<'_>, &u64)| {
        let &(lon, lat) =
            places.get(one.gm_code).ok_or_else(|| points.problem(format!("no point for {}", one.gm_code)))?;
        let same_region: Vec<&Published<'_>> = published.iter().filter(|other| other.region == one.region).collect();
        Municipality::complete(one, dwellings, to_national_level, &same_region, (lon, lat))
    };
    published.iter().zip(&dwellings).map(complete).collect()
}

/// Longitude and latitude by municipality.
fn places(points: &Sheet) -> Result<BTreeMap<&str, (f64, f64)>, DeriveError> {
    points.rows().map(|row| Ok((row.text("gm_code")?, (row.number("lon")?, row.number("lat")?)))).collect()
}

impl Municipality {
    /// Scales, closes and where needed imputes one municipality.
    fn complete(
        one: &Published<'_>,
        dwellings: u64,
        to_national_level: f64,
        same_region: &[&Published<'_>],
        (lon, lat): (f64, f64),
    ) -> Result<Self, DeriveError> {
        let row = one.row;
        let mut imputed = Vec::new();
        if one.corporation_imputed {
            imputed.extend(TENURE_COLUMNS);
        }
        if one.income_eur_thousand.is_none() {
            imputed.push(INCOME_COLUMN);
        }
        if one.dwelling_types.is_none() || one.building_periods.is_none() {
            imputed.extend(STOCK_COLUMNS);
        }
        let household_types =
            HOUSEHOLD_TYPES.iter().map(|column| row.percent_as_share(column)).collect::<Result<Vec<_>, _>>()?;
        let (owner, corporation) =
            (parts_per_million(one.owner), parts_per_million(one.corporation * to_national_level));
        Ok(Self {
            gm_code: one.gm_code.into(),
            name: row.text("name")?.into(),
            province_code: row.text("province_code")?.into(),
            region_code: format!("CR{}", one.region),
            region_name: row.text("corop")?.into(),
            urbanity_class: row.count("urbanity_class")?,
            inhabitants: row.count("inhabitants")?,
            households: row.count("households")?,
            dwellings,
            unoccupied: parts_per_million(row.percent_as_share("unoccupied_pct_2021")?),
            // what is neither owned nor let by a corporation is other rental, dwellings of unknown owner included
            tenure: [owner, corporation, 1_000_000 - owner - corporation],
            household_types: apportion(&household_types, 1_000_000),
            age_15_24: parts_per_million(row.percent_as_share("age_15_24_pct_2021")?),
            age_65_plus: parts_per_million(row.number("inhabitants_65plus")? / one.inhabitants),
            woz_eur_thousand: row.number("woz_keur")?,
            income_eur_thousand: one.income_eur_thousand.unwrap_or_else(|| mean_income(same_region)),
            low_income: parts_per_million(row.percent_as_share("hh_low_income_pct_2021")?),
            dwelling_types: stock_shares(&one.dwelling_types, same_region, |other| &other.dwelling_types),
            building_periods: stock_shares(&one.building_periods, same_region, |other| &other.building_periods),
            lon,
            lat,
            imputed,
        })
    }
}

/// Mean income per person over the municipalities of a region that have one, weighted with inhabitants.
fn mean_income(region: &[&Published<'_>]) -> f64 {
    let known = region.iter().filter_map(|one| Some((one.income_eur_thousand?, one.inhabitants)));
    let (income, inhabitants) =
        known.fold((0.0, 0.0), |(sum, persons), (mean, weight)| (sum + mean * weight, persons + weight));
    income / inhabitants
}

/// Shares of a municipality's stock; where it is unknown, those of the rest of its region together.
fn stock_shares<'a>(
    own: &Option<Vec<f64>>,
    region: &[&'a Published<'a>],
    stock: fn(&'a Published<'a>) -> &'a Option<Vec<f64>>,
) -> Vec<u64> {
    let counts = own.clone().unwrap_or_else(|| {
        region.iter().filter_map(|one| stock(one).as_ref()).fold(Vec::new(), |sum: Vec<f64>, counts| {
            counts.iter().enumerate().map(|(at, count)| count + sum.get(at).unwrap_or(&0.0)).collect()
        })
    });
    apportion(&counts, 1_000_000)
}

/// `municipalities.csv`.
pub fn table(municipalities: &[Municipality]) -> Table {
    const COLUMNS: &[&str] = &[
        "gm_code",
        "name",
        "province_code",
        "region_code",
        "urbanity_class",
        "inhabitants",
        "households",
        "dwellings",
        "unoccupied_share",
        "owner_share",
        TENURE_COLUMNS[0],
        TENURE_COLUMNS[1],
        "share_single",
        "share_multi_without_children",
        "share_with_children",
        "share_age_15_24",
        "share_65plus",
        "woz_eur_thousand",
        INCOME_COLUMN,
        "low_income_share",
        STOCK_COLUMNS[0],
        STOCK_COLUMNS[1],
        STOCK_COLUMNS[2],
        STOCK_COLUMNS[3],
        STOCK_COLUMNS[4],
        STOCK_COLUMNS[5],
        STOCK_COLUMNS[6],
        STOCK_COLUMNS[7],
        STOCK_COLUMNS[8],
        "lon",
        "lat",
        "imputed",
    ];
    Table { name: "municipalities", columns: COLUMNS, rows: municipalities.iter().map(row).collect() }
}

fn row(one: &Municipality) -> Vec<String> {
    let mut row = vec![one.gm_code.clone(), one.name.clone(), one.province_code.clone(), one.region_code.clone()];
    row.extend([one.urbanity_class, one.inhabitants, one.households, one.dwellings].map(|count| count.to_string()));
    row.push(share(one.unoccupied));
    row.extend(one.tenure.map(share));
    row.extend(one.household_types.iter().copied().map(share));
    row.extend([one.age_15_24, one.age_65_plus].map(share));
    row.push(format!("{:.0}", one.woz_eur_thousand));
    row.push(format!("{:.1}", one.income_eur_thousand));
    row.push(share(one.low_income));
    row.extend(one.dwelling_types.iter().chain(&one.building_periods).copied().map(share));
    row.extend([format!("{:.5}", one.lon), format!("{:.5}", one.lat), one.imputed.join(";")]);
    row
}

/// Land borders between municipalities: both codes (lower first) and kilometres, in order of codes.
pub fn land_borders<'a>(
    municipalities: &[Municipality],
    neighbours: &'a Sheet,
) -> Result<Vec<(&'a str, &'a str, f64)>, DeriveError> {
    let mut borders = Vec::with_capacity(neighbours.len());
    for row in neighbours.rows() {
        let (a, b, km) = (row.text("gm_a")?, row.text("gm_b")?, row.number("shared_boundary_km_approx")?);
        if a >= b || km <= 0.0 {
            return Err(neighbours.problem(format!("{a} - {b}: codes must ascend and the border must be positive")));
        }
        for code in [a, b] {
            position(municipalities, code)
                .ok_or_else(|| neighbours.problem(format!("{code} is not a municipality")))?;
        }
        borders.push((a, b, km));
    }
    borders.sort_by_key(|&(a, b, _)| (a, b));
    Ok(borders)
}

/// Where a municipality stands in the sorted list.
pub fn position(municipalities: &[Municipality], gm_code: &str) -> Option<usize> {
    municipalities.binary_search_by(|one| one.gm_code.as_str().cmp(gm_code)).ok()
}

/// `neighbours.csv`.
pub fn neighbours(municipalities: &[Municipality], neighbours: &Sheet) -> Result<Table, DeriveError> {
    let borders = land_borders(municipalities, neighbours)?;
    let rows = borders.into_iter().map(|(a, b, km)| vec![a.into(), b.into(), format!("{km:.2}")]).collect();
    Ok(Table { name: "neighbours", columns: &["gm_code_a", "gm_code_b", "border_km"], rows })
}
