//! The input tables of a world, read from its `tables` folder. A bad cell is named by file, line and column.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use doorstroom_state::region::MarketClass;
use thiserror::Error;

/// What can be wrong with an input table.
#[derive(Debug, Error)]
pub enum TableError {
    /// The file cannot be read, or is not CSV.
    #[error("{path}: {cause}", path = path.display())]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// What the CSV reader says.
        cause: csv::Error,
    },
    /// A column is missing from the header line.
    #[error("{path}:1: there is no column `{column}`", path = path.display())]
    NoColumn {
        /// The file.
        path: PathBuf,
        /// The column that is looked for.
        column: &'static str,
    },
    /// A cell does not hold what its column should.
    #[error("{path}:{line}:{column}: `{text}` is not {wanted}", path = path.display())]
    BadCell {
        /// The file.
        path: PathBuf,
        /// Line, the header being line 1.
        line: u64,
        /// Column.
        column: &'static str,
        /// What stands there.
        text: String,
        /// What should stand there.
        wanted: &'static str,
    },
    /// Rows do not ascend, or one stands twice.
    #[error("{path}:{line}:{column}: `{text}` is out of order; rows ascend by `{column}`, each once", path = path.display())]
    OutOfOrder {
        /// The file.
        path: PathBuf,
        /// Line, the header being line 1.
        line: u64,
        /// Column.
        column: &'static str,
        /// The code or number.
        text: String,
    },
    /// Shares of which each household or dwelling has one do not sum to 1.
    #[error("{path}:{line}: {shares} sum to {sum:.4}; they must sum to 1", path = path.display())]
    Sum {
        /// The file.
        path: PathBuf,
        /// Line, or the last line of a group of them.
        line: u64,
        /// Which shares.
        shares: &'static str,
        /// Their sum.
        sum: f64,
    },
    /// The file has a header and no rows.
    #[error("{path}: the table is empty", path = path.display())]
    Empty {
        /// The file.
        path: PathBuf,
    },
}

/// One municipality; the README of the tables says where each column comes from.
#[derive(Clone, Debug, PartialEq)]
pub struct MunicipalityRow {
    /// `GM0363`.
    pub code: String,
    /// CBS number: 363.
    pub number: u16,
    /// Name.
    pub name: String,
    /// Region (row of [`Tables::regions`]).
    pub region: u8,
    /// Urbanity, 1 to 5.
    pub urbanity: u8,
    /// Inhabitants.
    pub inhabitants: u32,
    /// Private households.
    pub households: u32,
    /// Dwellings.
    pub dwellings: u32,
    /// Unoccupied dwellings, share of dwellings, not clipped.
    pub unoccupied: f64,
    /// Owner, corporation and other rental, shares of dwellings.
    pub tenure: [f64; 3],
    /// One-person, more persons without children, with children: shares of households.
    pub composition: [f64; 3],
    /// Inhabitants of 15 to 24, share.
    pub young: f64,
    /// Inhabitants of 65 and over, share.
    pub old: f64,
    /// Mean income per inhabitant, thousand euro a year.
    pub income_eur_thousand: f64,
    /// Dwellings that are apartments, share.
    pub apartments: f64,
}

/// One region.
#[derive(Clone, Debug, PartialEq)]
pub struct RegionRow {
    /// `CR23`.
    pub code: String,
    /// COROP number: 23.
    pub number: u8,
    /// Name.
    pub name: String,
    /// Scarcity class.
    pub class: MarketClass,
    /// Households, for shares between regions.
    pub households: u32,
    /// Regions (rows) that share a border, ascending.
    pub neighbours: Vec<u8>,
}

/// Private households by age of the reference person and size, on the reference date.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct SizeByAge {
    /// First age of the band, years.
    pub age_from: u16,
    /// First age beyond the band, years.
    pub age_below: u16,
    /// Households of 1, 2, 3, 4, and 5 or more persons.
    pub households: [f64; 5],
}

/// Income classes of one age band.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct IncomeBand {
    /// First age of the band, years.
    pub age_from: u16,
    /// Shares of classes 1 to 8, closed to 1.
    pub shares: [f64; 8],
}

/// Dwellings by floor area.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct FloorArea {
    /// Lower edge, square metres.
    pub from_m2: f64,
    /// Upper edge, square metres.
    pub below_m2: f64,
    /// Dwellings.
    pub dwellings: f64,
}

/// Everything the start state is made from.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Tables {
    /// Municipalities by ascending code.
    pub municipalities: Vec<MunicipalityRow>,
    /// Regions by ascending code.
    pub regions: Vec<RegionRow>,
    /// Households by age band, ascending.
    pub sizes: Vec<SizeByAge>,
    /// Income by age band, ascending.
    pub incomes: Vec<IncomeBand>,
    /// Floor area bins, ascending.
    pub floor_areas: Vec<FloorArea>,
    /// The country of which these are some regions; `None` of tables that stand alone. What only the country adds up to,
    /// households by size, rooms and incomes, is fitted there.
    pub country: Option<Arc<Tables>>,
}

/// First year of `household_size_by_age.csv`: the start state.
const START_YEAR: u32 = 2025;

impl Tables {
    /// Reads the tables of a world from `folder` (`worlds/netherlands/tables`).
    ///
    /// # Errors
    /// The first thing that is wrong, with file, line and column.
    pub fn read(folder: &Path) -> Result<Tables, TableError> {
        let mut regions = regions(&Sheet::read(folder, "regions.csv")?)?;
        borders(&Sheet::read(folder, "region_borders.csv")?, &mut regions)?;
        Ok(Tables {
            municipalities: municipalities(&Sheet::read(folder, "municipalities.csv")?, &regions)?,
            regions,
            sizes: sizes(&Sheet::read(folder, "household_size_by_age.csv")?)?,
            incomes: incomes(&Sheet::read(folder, "income_by_age.csv")?)?,
            floor_areas: floor_areas(&Sheet::read(folder, "floor_area.csv")?)?,
            country: None,
        })
    }

    /// The tables whose sums are those of the published figures, and the place of each municipality in them.
    pub(super) fn fitted(&self) -> (&Tables, Vec<usize>) {
        let whole = self.country.as_deref().unwrap_or(self);
        let place = |row: &MunicipalityRow| whole.municipalities.binary_search_by(|of| of.code.cmp(&row.code));
        // a part keeps rows of its country and no others
        (whole, self.municipalities.iter().filter_map(|row| place(row).ok()).collect())
    }
}

fn municipalities(sheet: &Sheet, regions: &[RegionRow]) -> Result<Vec<MunicipalityRow>, TableError> {
    sheet.rows_by_code("gm_code", |row| {
        let share = |column| row.number(column, "a share between 0 and 1", |&x: &f64| (0.0..=1.0).contains(&x));
        let count = |column| row.number(column, "a whole number above 0", |&x: &u32| x > 0);
        let code = row.text("region_code")?;
        let region = regions.binary_search_by(|region| region.code.as_str().cmp(code));
        let read = MunicipalityRow {
            code: row.text("gm_code")?.to_owned(),
            number: row.coded("gm_code", "GM")?,
            name: row.text("name")?.to_owned(),
            region: region.map_err(|_| row.bad("region_code", "a region of regions.csv"))? as u8,
            urbanity: row.number("urbanity_class", "a class from 1 to 5", |class| (1..=5).contains(class))?,
            inhabitants: count("inhabitants")?,
            households: count("households")?,
            dwellings: count("dwellings")?,
            unoccupied: share("unoccupied_share")?,
            tenure: [share("owner_share")?, share("corporation_share")?, share("other_rental_share")?],
            composition: [
                share("share_single")?,
                share("share_multi_without_children")?,
                share("share_with_children")?,
            ],
            young: share("share_age_15_24")?,
            old: share("share_65plus")?,
            income_eur_thousand: row
                .number("income_per_person_eur_thousand", "an amount", |&x: &f64| x > 0.0 && x.is_finite())?,
            apartments: share("apartments_share")?,
        };
        row.sums_to_one("the shares of tenures", &read.tenure)?;
        row.sums_to_one("the shares of compositions of households", &read.composition)?;
        Ok(read)
    })
}

fn regions(sheet: &Sheet) -> Result<Vec<RegionRow>, TableError> {
    sheet.rows_by_code("region_code", |row| {
        let class = row.text("market_class")?;
        let class = MarketClass::ALL.into_iter().find(|known| known.key() == class);
        Ok(RegionRow {
            code: row.text("region_code")?.to_owned(),
            number: row.coded("region_code", "CR")?,
            name: row.text("name")?.to_owned(),
            class: class.ok_or_else(|| row.bad("market_class", "tight, middle or relaxed"))?,
            households: row.number("households", "a whole number above 0", |&x: &u32| x > 0)?,
            neighbours: Vec::new(),
        })
    })
}

fn borders(sheet: &Sheet, regions: &mut [RegionRow]) -> Result<(), TableError> {
    for row in sheet.rows() {
        let mut pair = [0_usize; 2];
        for (slot, column) in pair.iter_mut().zip(["region_code_a", "region_code_b"]) {
            let code = row.text(column)?;
            let found = regions.binary_search_by(|region| region.code.as_str().cmp(code));
            *slot = found.map_err(|_| row.bad(column, "a region of regions.csv"))?;
        }
        regions[pair[0]].neighbours.push(pair[1] as u8);
        regions[pair[1]].neighbours.push(pair[0] as u8);
    }
    for region in regions {
        region.neighbours.sort_unstable();
        region.neighbours.dedup();
    }
    Ok(())
}

fn sizes(sheet: &Sheet) -> Result<Vec<SizeByAge>, TableError> {
    let mut bands: Vec<SizeByAge> = Vec::new();
    for row in sheet.rows() {
        if row.number::<u32>("year", "a year", |_| true)? != START_YEAR {
            continue;
        }
        let age_from = row.number("age_from", "an age in years", |&age: &u16| age < 150)?;
        let size: usize = row.number("size", "a size from 1 to 5", |size| (1..=5).contains(size))?;
        if bands.last().is_none_or(|band| band.age_from != age_from) {
            let age_below = row.number("age_below", "an age above age_from", |&age: &u16| age > age_from)?;
            row.ascends("age_from", bands.last().is_none_or(|band| band.age_below <= age_from))?;
            bands.push(SizeByAge { age_from, age_below, households: [0.0; 5] });
        }
        let band = bands.last_mut().expect("a band was pushed above");
        band.households[size - 1] = row.number("households", "a count", |&x: &f64| x >= 0.0 && x.is_finite())?;
    }
    if bands.is_empty() { Err(TableError::Empty { path: sheet.path.clone() }) } else { Ok(bands) }
}

fn incomes(sheet: &Sheet) -> Result<Vec<IncomeBand>, TableError> {
    let mut bands: Vec<IncomeBand> = Vec::new();
    let mut last_line = BTreeMap::new();
    for row in sheet.rows() {
        let age_from = row.number("age_from", "an age in years", |&age: &u16| age < 150)?;
        let class: usize = row.number("income_class", "a class from 1 to 8", |class| (1..=8).contains(class))?;
        if bands.last().is_none_or(|band| band.age_from != age_from) {
            row.ascends("age_from", bands.last().is_none_or(|band| band.age_from < age_from))?;
            bands.push(IncomeBand { age_from, shares: [0.0; 8] });
        }
        let band = bands.last_mut().expect("a band was pushed above");
        band.shares[class - 1] = row.number("share", "a share between 0 and 1", |x| (0.0..=1.0).contains(x))?;
        last_line.insert(age_from, row);
    }
    for band in &bands {
        last_line[&band.age_from].sums_to_one("the shares of classes of an age band", &band.shares)?;
    }
    if bands.is_empty() { Err(TableError::Empty { path: sheet.path.clone() }) } else { Ok(bands) }
}

fn floor_areas(sheet: &Sheet) -> Result<Vec<FloorArea>, TableError> {
    let mut bins: Vec<FloorArea> = Vec::new();
    for row in sheet.rows() {
        let from_m2 = row.number("assumed_from_m2", "square metres", |&x: &f64| x >= 0.0)?;
        row.ascends("assumed_from_m2", bins.last().is_none_or(|bin| bin.below_m2 <= from_m2))?;
        bins.push(FloorArea {
            from_m2,
            below_m2: row
                .number("assumed_below_m2", "square metres above `assumed_from_m2`", |&x: &f64| x > from_m2)?,
            dwellings: row.number("dwellings", "a count", |&x: &f64| x >= 0.0 && x.is_finite())?,
        });
    }
    Ok(bins)
}

/// One file, as text.
struct Sheet {
    path: PathBuf,
    header: csv::StringRecord,
    records: Vec<csv::StringRecord>,
}

/// One line of it.
struct Row<'a> {
    sheet: &'a Sheet,
    record: &'a csv::StringRecord,
}

impl Sheet {
    fn read(folder: &Path, file: &str) -> Result<Sheet, TableError> {
        let path = folder.join(file);
        let unreadable = |cause| TableError::Unreadable { path: path.clone(), cause };
        let mut reader = csv::Reader::from_path(&path).map_err(unreadable)?;
        let header = reader.headers().map_err(unreadable)?.clone();
        let records: Vec<_> = reader.records().collect::<Result<_, _>>().map_err(unreadable)?;
        if records.is_empty() {
            return Err(TableError::Empty { path });
        }
        Ok(Sheet { path, header, records })
    }

    fn rows(&self) -> impl Iterator<Item = Row<'_>> {
        self.records.iter().map(|record| Row { sheet: self, record })
    }

    fn rows_by_code<T>(
        &self,
        code: &'static str,
        parse: impl Fn(&Row) -> Result<T, TableError>,
    ) -> Result<Vec<T>, TableError> {
        let mut before = "";
        let mut parsed = Vec::with_capacity(self.records.len());
        for record in &self.records {
            let row = Row { sheet: self, record };
            let text = row.text(code)?;
            row.ascends(code, text > before)?;
            parsed.push(parse(&row)?);
            before = self.cell(record, code)?;
        }
        Ok(parsed)
    }

    fn cell<'a>(&self, record: &'a csv::StringRecord, column: &'static str) -> Result<&'a str, TableError> {
        let place = self.header.iter().position(|name| name == column);
        let place = place.ok_or_else(|| TableError::NoColumn { path: self.path.clone(), column })?;
        Ok(record.get(place).unwrap_or_default())
    }
}

impl<'a> Row<'a> {
    fn text(&self, column: &'static str) -> Result<&'a str, TableError> {
        self.sheet.cell(self.record, column)
    }

    fn number<T: std::str::FromStr>(
        &self,
        column: &'static str,
        wanted: &'static str,
        allowed: impl Fn(&T) -> bool,
    ) -> Result<T, TableError> {
        let number = self.text(column)?.parse().ok().filter(|number| allowed(number));
        number.ok_or_else(|| self.bad(column, wanted))
    }

    fn coded<T: std::str::FromStr>(&self, column: &'static str, prefix: &str) -> Result<T, TableError> {
        let number = self.text(column)?.strip_prefix(prefix).and_then(|digits| digits.parse().ok());
        number.ok_or_else(|| self.bad(column, "a code of CBS such as GM0363 or CR23"))
    }

    /// Refuses the row unless it `ascends`, which `column` tells.
    fn ascends(&self, column: &'static str, ascends: bool) -> Result<(), TableError> {
        let (path, line, text) = (self.sheet.path.clone(), self.line(), self.text(column)?.to_owned());
        if ascends { Ok(()) } else { Err(TableError::OutOfOrder { path, line, column, text }) }
    }

    /// Refuses `values` that do not sum to 1, of which rounding may take a thousandth.
    fn sums_to_one(&self, shares: &'static str, values: &[f64]) -> Result<(), TableError> {
        let sum: f64 = values.iter().sum();
        let (path, line) = (self.sheet.path.clone(), self.line());
        if (sum - 1.0).abs() <= 0.001 { Ok(()) } else { Err(TableError::Sum { path, line, shares, sum }) }
    }

    fn line(&self) -> u64 {
        self.record.position().map_or(0, csv::Position::line)
    }

    fn bad(&self, column: &'static str, wanted: &'static str) -> TableError {
        let text = self.text(column).unwrap_or_default().to_owned();
        TableError::BadCell { path: self.sheet.path.clone(), line: self.line(), column, text, wanted }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The committed tables with one line of one file spoiled.
    fn spoiled(file: &str, from: &str, to: &str) -> String {
        let committed = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../worlds/netherlands/tables");
        let folder = tempfile::tempdir().unwrap();
        for entry in std::fs::read_dir(committed).unwrap() {
            let path = entry.unwrap().path();
            std::fs::copy(&path, folder.path().join(path.file_name().unwrap())).unwrap();
        }
        let text = std::fs::read_to_string(folder.path().join(file)).unwrap();
        assert!(text.contains(from), "{file} has no {from}");
        std::fs::write(folder.path().join(file), text.replacen(from, to, 1)).unwrap();
        Tables::read(folder.path()).unwrap_err().to_string()
    }

    #[test]
    fn shares_sum_to_one_and_bands_ascend_or_the_table_is_refused() {
        let tenures = spoiled("municipalities.csv", "0.400000,0.319908", "0.500000,0.319908");
        assert!(
            tenures.ends_with("municipalities.csv:2: the shares of tenures sum to 1.1000; they must sum to 1"),
            "{tenures}"
        );
        let households = spoiled("municipalities.csv", "0.584158,0.227723", "0.484158,0.227723");
        assert!(households.contains("municipalities.csv:2: the shares of compositions"), "{households}");
        let incomes = spoiled("income_by_age.csv", "15,25,1,0.431169", "15,25,1,0.331169");
        assert!(incomes.contains("income_by_age.csv:9: the shares of classes"), "{incomes}");
        let bands = spoiled("income_by_age.csv", "\n25,35,1,", "\n10,35,1,");
        assert!(bands.contains("income_by_age.csv:10:age_from: `10` is out of order"), "{bands}");
        let bins = spoiled("floor_area.csv", "\n3,50,75,", "\n3,40,75,");
        assert!(bins.contains("floor_area.csv:4:assumed_from_m2: `40` is out of order"), "{bins}");
        let empty = spoiled("floor_area.csv", "\n3,50,75,", "\n3,50,50,");
        assert!(empty.contains("`50` is not square metres above"), "{empty}");
    }

    /// A folder with one file, which goes with the test.
    fn folder(file: &str, text: &str) -> tempfile::TempDir {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join(file), text).unwrap();
        folder
    }

    #[test]
    fn a_bad_cell_is_named_by_file_line_and_column() {
        let text = "region_code,name,market_class,households\nCR01,A,tight,10\nCR02,B,slack,10\n";
        let error = Tables::read(folder("regions.csv", text).path()).unwrap_err().to_string();
        assert!(error.ends_with("regions.csv:3:market_class: `slack` is not tight, middle or relaxed"), "{error}");
    }

    #[test]
    fn a_missing_column_and_a_wrong_order_are_named() {
        let text = "region_code,name,households\nCR01,A,10\n";
        let error = Tables::read(folder("regions.csv", text).path()).unwrap_err().to_string();
        assert!(error.ends_with("regions.csv:1: there is no column `market_class`"), "{error}");
        let text = "region_code,name,market_class,households\nCR02,A,tight,10\nCR01,B,tight,10\n";
        let error = Tables::read(folder("regions.csv", text).path()).unwrap_err().to_string();
        assert!(error.contains("regions.csv:3:region_code: `CR01` is out of order"), "{error}");
    }
}
