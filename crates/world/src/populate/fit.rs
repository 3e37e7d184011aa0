//! Iterative proportional fitting: a table of municipalities by cells that meets several margins at once.

/// A table of `rows` by `columns`, row-major.
#[derive(Clone, Debug)]
pub(super) struct Grid {
    pub(super) columns: usize,
    pub(super) cells: Vec<f64>,
}

/// Sums that groups of cells should have.
pub(super) struct Margin<'a> {
    /// Group of the cell at (row, column); cells beyond the targets belong to no group.
    pub(super) group: Box<dyn Fn(usize, usize) -> usize + 'a>,
    /// Wanted sum of each group.
    pub(super) targets: Vec<f64>,
}

impl Grid {
    /// Every row starts as the same seed.
    pub(super) fn of_rows(rows: usize, seed: &[f64]) -> Grid {
        Grid { columns: seed.len(), cells: seed.repeat(rows) }
    }

    /// The cells of one row.
    pub(super) fn row(&self, row: usize) -> &[f64] {
        &self.cells[row * self.columns..(row + 1) * self.columns]
    }

    /// Scales towards the margins in turn; after the last round the last margin is met exactly.
    pub(super) fn fit(&mut self, margins: &[Margin], rounds: usize) {
        let grouped: Vec<(&Margin, Vec<usize>)> = margins.iter().map(|margin| (margin, self.groups(margin))).collect();
        for (margin, groups) in std::iter::repeat_n(&grouped, rounds).flatten() {
            let mut sums = vec![0.0; margin.targets.len() + 1];
            for (&group, cell) in groups.iter().zip(&self.cells) {
                sums[group] += cell;
            }
            for (&group, cell) in groups.iter().zip(&mut self.cells) {
                if let Some(target) = margin.targets.get(group)
                    && sums[group] > 0.0
                {
                    *cell *= target / sums[group];
                }
            }
        }
    }

    /// Group of every cell; the number of targets for those that belong to none.
    fn groups(&self, margin: &Margin) -> Vec<usize> {
        let group = |i| (margin.group)(i / self.columns, i % self.columns).min(margin.targets.len());
        (0..self.cells.len()).map(group).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fitted_table_meets_rows_and_columns_and_keeps_the_odds_of_its_seed() {
        let mut grid = Grid { columns: 2, cells: vec![1.0, 2.0, 3.0, 4.0] };
        let rows = Margin { group: Box::new(|row, _| row), targets: vec![30.0, 70.0] };
        let columns = Margin { group: Box::new(|_, column| column), targets: vec![60.0, 40.0] };
        grid.fit(&[rows, columns], 50);
        let [a, b, c, d] = grid.cells[..] else { panic!("four cells") };
        assert!((a + b - 30.0).abs() < 1e-6 && (a + c - 60.0).abs() < 1e-9, "{grid:?}");
        assert!((a * d / (b * c) - 4.0 / 6.0).abs() < 1e-9);
    }
}
