//! National tables: households by age and size, income by age, floor area, and rent points.

use super::apportion::apportion;
use super::error::DeriveError;
use super::sheet::{Row, Sheet};
use super::table::{Table, share};

/// Years kept of the table by age and size: the start state and five forecasts to test the cohorts against.
const HOUSEHOLD_YEARS: std::ops::RangeInclusive<u64> = 2025..=2030;
/// Five-year age bands from 15 on, times five sizes, times the years kept.
const HOUSEHOLD_CELLS: usize = 17 * 5 * 6;
/// Year of the income table.
const INCOME_YEAR: u64 = 2020;
/// Income classes per age band.
const INCOME_CLASSES: usize = 8;
/// Year of the stock by floor area.
const FLOOR_AREA_YEAR: u64 = 2021;
/// Edges of the floor-area bins in m2: assumption A5, the source names none. The last bin is open; 1000 closes it.
const FLOOR_AREA_EDGES_M2: [u64; 9] = [2, 15, 50, 75, 100, 150, 250, 500, 1000];

/// `household_size_by_age.csv`: counts as published, not yet scaled to the municipal total.
pub fn household_size_by_age(source: &Sheet) -> Result<Table, DeriveError> {
    let mut cells = Vec::with_capacity(HOUSEHOLD_CELLS);
    for row in source.rows() {
        let cell = counts(row, ["year", "age_min", "age_max", "size", "households"])?;
        if HOUSEHOLD_YEARS.contains(&cell[0]) {
            cells.push(cell);
        }
    }
    cells.sort_unstable();
    if cells.len() != HOUSEHOLD_CELLS {
        return Err(source.problem(format!("{} cells for 2025-2030, expected {HOUSEHOLD_CELLS}", cells.len())));
    }
    let rows = cells.into_iter().map(|cell| cell.map(|count| count.to_string()).to_vec()).collect();
    const COLUMNS: &[&str] = &["year", "age_from", "age_below", "size", "households"];
    Ok(Table { name: "household_size_by_age", columns: COLUMNS, rows })
}

fn counts<const N: usize>(row: Row<'_>, columns: [&str; N]) -> Result<[u64; N], DeriveError> {
    let mut cell = [0; N];
    for (value, column) in cell.iter_mut().zip(columns) {
        *value = row.count(column)?;
    }
    Ok(cell)
}

/// One cell of the income table.
struct Income {
    year: u64,
    ages: [u64; 2],
    class: u64,
    share: f64,
    mean_eur_thousand: f64,
}

/// `income_by_age.csv`: the shares of an age band sum to one; a suppressed mean is taken from the latest year with one.
pub fn income_by_age(source: &Sheet) -> Result<Table, DeriveError> {
    let mut cells = source.rows().map(income).collect::<Result<Vec<_>, _>>()?;
    cells.sort_by_key(|cell| (cell.ages, cell.class, cell.year));
    let current: Vec<&Income> = cells.iter().filter(|cell| cell.year == INCOME_YEAR).collect();
    let mut rows = Vec::with_capacity(current.len());
    for band in current.chunk_by(|one, other| one.ages == other.ages) {
        if band.len() != INCOME_CLASSES {
            let [from, below] = band[0].ages;
            return Err(source.problem(format!("{} income classes at age {from}-{below}, expected 8", band.len())));
        }
        let shares = apportion(&band.iter().map(|cell| cell.share).collect::<Vec<_>>(), 1_000_000);
        for (cell, part) in band.iter().zip(shares) {
            let mean = known_mean(&cells, cell).ok_or_else(|| source.problem("a class has no mean in any year"))?;
            let [from, below] = cell.ages;
            let class = cell.class.to_string();
            rows.push(vec![from.to_string(), below.to_string(), class, share(part), format!("{mean:.1}")]);
        }
    }
    const COLUMNS: &[&str] = &["age_from", "age_below", "income_class", "share", "mean_income_eur_thousand"];
    Ok(Table { name: "income_by_age", columns: COLUMNS, rows })
}

fn income(row: Row<'_>) -> Result<Income, DeriveError> {
    Ok(Income {
        year: row.count("year")?,
        ages: counts(row, ["age_min", "age_max"])?,
        class: row.count("income_class")?,
        share: row.number("share_of_age_band")?,
        mean_eur_thousand: row.number("mean_income_keur")?,
    })
}

/// The mean of a cell. Zero is possible in the lowest class only; elsewhere it marks a suppressed figure.
fn known_mean(cells: &[Income], wanted: &Income) -> Option<f64> {
    let same = cells.iter().filter(|cell| (cell.ages, cell.class) == (wanted.ages, wanted.class));
    let known = same.filter(|cell| cell.class == 1 || cell.mean_eur_thousand > 0.0);
    known.filter(|cell| cell.year <= wanted.year).max_by_key(|cell| cell.year).map(|cell| cell.mean_eur_thousand)
}

/// `floor_area.csv`: the stock per bin; its edges are assumption A5 and say so in their names.
pub fn floor_area(source: &Sheet) -> Result<Table, DeriveError> {
    let mut rows = Vec::new();
    for row in source.rows() {
        if row.count("year")? != FLOOR_AREA_YEAR {
            continue;
        }
        for (at, edges) in FLOOR_AREA_EDGES_M2.windows(2).enumerate() {
            let dwellings = row.count(&format!("bin_{}", at + 1))?;
            rows.push([at as u64 + 1, edges[0], edges[1], dwellings].map(|count| count.to_string()).to_vec());
        }
    }
    if rows.len() + 1 != FLOOR_AREA_EDGES_M2.len() {
        return Err(source.problem(format!("expected one row for {FLOOR_AREA_YEAR}")));
    }
    const COLUMNS: &[&str] = &["bin", "assumed_from_m2", "assumed_below_m2", "dwellings"];
    Ok(Table { name: "floor_area", columns: COLUMNS, rows })
}

/// `rent_points.csv` and `rent_points_rooms.csv`: points are consecutive and the maximum rent never falls.
pub fn rent_points(name: &'static str, source: &Sheet) -> Result<Table, DeriveError> {
    let mut steps =
        source.rows().map(|row| Ok((row.count("Punten")?, row.number("Bedrag")?))).collect::<Result<Vec<_>, _>>()?;
    steps.sort_by_key(|&(points, _)| points);
    if let Some(pair) = steps.windows(2).find(|pair| pair[1].0 != pair[0].0 + 1 || pair[1].1 < pair[0].1) {
        return Err(source.problem(format!("no rising step after {} points", pair[0].0)));
    }
    let rows = steps.into_iter().map(|(points, rent)| vec![points.to_string(), format!("{rent:.2}")]).collect();
    Ok(Table { name, columns: &["points", "max_rent_eur_per_month"], rows })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_suppressed_mean_comes_from_the_latest_year_that_has_one() {
        let cell = |year, mean_eur_thousand| Income { year, ages: [85, 100], class: 8, share: 0.1, mean_eur_thousand };
        let cells = [cell(2018, 470.8), cell(2019, 598.7), cell(2020, 0.0)];
        assert_eq!(known_mean(&cells, &cells[2]), Some(598.7));
    }

    #[test]
    fn a_gap_in_the_points_is_refused() {
        let steps = Sheet::parse("points.csv", b"Punten,Bedrag\n40,250.26\n42,262.75\n").unwrap();
        assert!(rent_points("rent_points", &steps).is_err());
        let falling = Sheet::parse("points.csv", b"Punten,Bedrag\n40,250.26\n41,249.00\n").unwrap();
        assert!(rent_points("rent_points", &falling).is_err());
    }
}
