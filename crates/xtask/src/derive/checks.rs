//! What must hold of the derived tables, whoever made them: counts, national sums, shares that close.

use super::error::DeriveError;
use super::market::CLASSES;
use super::sheet::{Row, Sheet};

/// Groups of columns of `municipalities` that divide a whole.
const CLOSED_SHARES: [&[&str]; 4] = [
    &["owner_share", "corporation_share", "other_rental_share"],
    &["share_single", "share_multi_without_children", "share_with_children"],
    &["apartments_share", "terraced_share", "semi_detached_share", "detached_share"],
    &[
        "built_before_1945_share",
        "built_1945_1964_share",
        "built_1965_1984_share",
        "built_1985_2004_share",
        "built_from_2005_share",
    ],
];

/// The checks made so far: one line each, and those that failed.
#[derive(Default)]
struct Report {
    made: Vec<String>,
    failed: Vec<String>,
}

impl Report {
    /// Notes that `found` should be within `tolerance` of `expected`.
    fn near(&mut self, what: &str, found: f64, expected: f64, tolerance: f64) {
        let line = format!("{what}: {found} (expected {expected}, within {tolerance})");
        if (found - expected).abs() > tolerance {
            self.failed.push(line.clone());
        }
        self.made.push(line);
    }
}

/// Checks the tables; returns one line a check, or all that failed.
///
/// The sums: 342 municipalities with 17,942,942 inhabitants and 8,374,404 households (CBS, 1 January 2024), 8,204,000
/// dwellings, of which 2,300,000 of corporations and 4,685,000 owner-occupied (rounded); 8,363,837 households in the
/// 2025 forecast.
pub fn verify(tables: &[Sheet]) -> Result<String, DeriveError> {
    let mut report = Report::default();
    municipal_sums(&mut report, named(tables, "municipalities.csv")?)?;
    regional_sums(&mut report, named(tables, "regions.csv")?)?;
    let (pairs, region_pairs) = (named(tables, "neighbours.csv")?, named(tables, "region_borders.csv")?);
    report.near("pairs of bordering municipalities", pairs.len() as f64, 869.0, 0.0);
    report.near("pairs of bordering regions", region_pairs.len() as f64, 86.0, 0.0);
    let sizes = named(tables, "household_size_by_age.csv")?;
    let in_2025 = sizes.rows().filter(|row| row.text("year").is_ok_and(|year| year == "2025"));
    report.near("households in the table of 2025", total(in_2025, "households")?, 8_363_837.0, 0.0);
    report.near("age bands with an income distribution", sum(named(tables, "income_by_age.csv")?, "share")?, 8.0, 1e-9);
    report.near(
        "dwellings by floor area in 2021",
        sum(named(tables, "floor_area.csv")?, "dwellings")?,
        7_964_276.0,
        0.0,
    );
    if report.failed.is_empty() {
        Ok(report.made.join("\n"))
    } else {
        Err(DeriveError::Checks { failed: report.failed })
    }
}

/// The table with this file name.
fn named<'a>(tables: &'a [Sheet], file_name: &str) -> Result<&'a Sheet, DeriveError> {
    tables
        .iter()
        .find(|table| table.file_name() == file_name)
        .ok_or_else(|| DeriveError::Checks { failed: vec![format!("there is no {file_name}")] })
}

fn municipal_sums(report: &mut Report, municipalities: &Sheet) -> Result<(), DeriveError> {
    report.near("municipalities", municipalities.len() as f64, 342.0, 0.0);
    report.near("inhabitants", sum(municipalities, "inhabitants")?, 17_942_942.0, 0.0);
    report.near("households", sum(municipalities, "households")?, 8_374_404.0, 0.0);
    report.near("dwellings", sum(municipalities, "dwellings")?, 8_204_000.0, 0.0);
    let stock = |column: &str| -> Result<f64, DeriveError> {
        municipalities.rows().map(|row| Ok(row.number("dwellings")? * row.number(column)?)).sum()
    };
    report.near("owner-occupied dwellings", stock("owner_share")?.round(), 4_685_000.0, 1_000.0);
    report.near("corporation dwellings", stock("corporation_share")?.round(), 2_300_000.0, 10.0);
    report.near("other rental dwellings", stock("other_rental_share")?.round(), 1_219_000.0, 1_000.0);
    report.near("unoccupied dwellings", stock("unoccupied_share")?.round(), 363_000.0, 1_000.0);
    for columns in CLOSED_SHARES {
        let mut worst: f64 = 0.0;
        for row in municipalities.rows() {
            let mut whole = 0.0;
            for column in columns {
                whole += row.number(column)?;
            }
            worst = worst.max((whole - 1.0).abs());
        }
        let what = format!("largest gap in {}", columns.join(" + "));
        report.near(&what, (worst * 1e6).round() / 1e6, 0.0, 0.0);
    }
    Ok(())
}

fn regional_sums(report: &mut Report, regions: &Sheet) -> Result<(), DeriveError> {
    report.near("regions", regions.len() as f64, 40.0, 0.0);
    report.near("inhabitants by region", sum(regions, "inhabitants")?, 17_942_942.0, 0.0);
    report.near("households by region", sum(regions, "households")?, 8_374_404.0, 0.0);
    report.near("dwellings by region", sum(regions, "dwellings")?, 8_204_000.0, 0.0);
    report.near("corporation dwellings by region", sum(regions, "corporation_dwellings")?, 2_300_000.0, 10.0);
    let mut lettings = [0.0; CLASSES.len()];
    for row in regions.rows() {
        let market_class = row.text("market_class")?;
        let Some(at) = CLASSES.iter().position(|class| class.name == market_class) else {
            return Err(regions.problem(format!("`{market_class}` is not a market class")));
        };
        lettings[at] += row.number("corporation_dwellings")? * CLASSES[at].turnover_per_year;
    }
    let all: f64 = lettings.iter().sum();
    for (class, part) in CLASSES.iter().zip(lettings) {
        let what = format!("share of re-lettings in {} markets", class.name);
        report.near(&what, (part / all * 1e4).round() / 1e4, class.share_of_lettings, 0.02);
    }
    Ok(())
}

/// Sum of a column.
fn sum(sheet: &Sheet, column: &str) -> Result<f64, DeriveError> {
    total(sheet.rows(), column)
}

fn total<'a>(mut rows: impl Iterator<Item = Row<'a>>, column: &str) -> Result<f64, DeriveError> {
    rows.try_fold(0.0, |sum, row| Ok(sum + row.number(column)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sum_that_is_off_by_one_fails() {
        let mut report = Report::default();
        report.near("households", 8_374_403.0, 8_374_404.0, 0.0);
        assert_eq!(report.failed.len(), 1);
    }
}
