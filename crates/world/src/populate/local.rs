//! Households by age and size of a place, from those of the country.
//!
//! The national table says who lives how at which age; a place says how many of its households are of which
//! composition, and how many of its inhabitants are young and old.

use doorstroom_kernel::Share;

use super::fit::{Grid, Margin};
use super::plan::{KINDS, ROUNDS, age_group, age_targets, national_cells, type_of};
use super::start::StartRules;
use super::tables::{MunicipalityRow, SizeByAge, Tables};

/// The table of `country` for the places of `rows` together: heads below 25 and of 65 and over in the proportion to
/// young and old inhabitants that they have in the country, households by composition as `rows` say.
///
/// Sets the share of lone parents in `start` to what follows.
pub(crate) fn sizes(country: &Tables, rows: &[MunicipalityRow], start: &mut StartRules) -> Vec<SizeByAge> {
    let households = |rows: &[MunicipalityRow]| rows.iter().map(|row| f64::from(row.households)).sum::<f64>();
    let all = households(&country.municipalities);
    let cells = national_cells(country, start, all);
    let ages = age_targets(country, rows, start, &cells);
    let mut grid = Grid::of_rows(rows.len(), &cells);
    let group_of = |column: usize| age_group(country.sizes[column / KINDS].age_from);
    let compositions = rows.iter().flat_map(|row| row.composition.map(|share| share * f64::from(row.households)));
    let margins = [
        Margin { group: Box::new(|row, column| row * 3 + group_of(column)), targets: ages },
        Margin { group: Box::new(|row, column| row * 3 + type_of(column % KINDS)), targets: compositions.collect() },
    ];
    grid.fit(&margins, ROUNDS);

    let sum = |column: usize| (0..rows.len()).map(|row| grid.row(row)[column]).sum::<f64>();
    let lone: f64 = (0..country.sizes.len()).map(|band| sum(band * KINDS + 2)).sum();
    let rules = &mut start.households;
    let of_pairs = rules.lone_parents_by_size.value[0].get();
    let share = lone / (of_pairs * households(rows)).max(f64::MIN_POSITIVE);
    rules.lone_parent_share.value = Share::new(share.min(1.0)).unwrap_or_default();
    let band = |(band, national): (usize, &SizeByAge)| {
        let [one, couples, lone, three, four, five] = std::array::from_fn(|kind| sum(band * KINDS + kind));
        SizeByAge { households: [one, couples + lone, three, four, five], ..*national }
    };
    country.sizes.iter().enumerate().map(band).collect()
}
