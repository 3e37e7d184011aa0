//! The row types that observers and experiments return, one file per table or family of tables.

pub mod denominators;
pub mod effects;
pub mod flows;
pub mod lettings;
pub mod money;
pub mod quota;
pub mod reception;
pub mod series;
pub mod stock;
pub mod waits;

pub use denominators::DenominatorRow;
pub use effects::{
    AttributionRow, DisplacementRow, EffectRow, IdentityRow, InteractionRow, LevelRow, ReadingRow, SynchronyRow,
    VarianceRow, WinnerRow,
};
pub use flows::FlowRow;
pub use lettings::LettingRow;
pub use money::MoneyRow;
pub use quota::QuotaRow;
pub use reception::ReceptionRow;
pub use series::SeriesRow;
pub use stock::StockRow;
pub use waits::WaitRow;

use crate::table::Table;

/// Every table of a run folder, in the order of `tables.json`.
pub fn all() -> [Table; 19] {
    [
        Table::of::<SeriesRow>(),
        Table::of::<StockRow>(),
        Table::of::<LettingRow>(),
        Table::of::<WaitRow>(),
        Table::of::<QuotaRow>(),
        Table::of::<ReceptionRow>(),
        Table::of::<FlowRow>(),
        Table::of::<MoneyRow>(),
        Table::of::<DenominatorRow>(),
        Table::of::<EffectRow>(),
        Table::of::<LevelRow>(),
        Table::of::<ReadingRow>(),
        Table::of::<DisplacementRow>(),
        Table::of::<IdentityRow>(),
        Table::of::<AttributionRow>(),
        Table::of::<InteractionRow>(),
        Table::of::<SynchronyRow>(),
        Table::of::<WinnerRow>(),
        Table::of::<VarianceRow>(),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn table_names_and_column_names_are_unique() {
        let tables = all();
        let names: BTreeSet<_> = tables.iter().map(|table| table.name).collect();
        assert_eq!(names.len(), tables.len());
        for table in tables {
            let columns: BTreeSet<_> = table.columns.iter().map(|column| column.name).collect();
            assert_eq!(columns.len(), table.columns.len(), "{}", table.name);
        }
    }

    #[test]
    fn every_column_has_a_unit_and_a_meaning() {
        for table in all() {
            assert!(!table.meaning.is_empty(), "{}", table.name);
            for column in table.columns {
                assert!(!column.unit.is_empty() && !column.meaning.is_empty(), "{}.{}", table.name, column.name);
            }
        }
    }

    #[test]
    fn every_key_is_a_column_and_starts_with_the_arm() {
        for table in all() {
            assert_eq!(table.key[0], "arm", "{}", table.name);
            for key in table.key {
                assert!(table.columns.iter().any(|column| column.name == *key), "{}.{key}", table.name);
            }
        }
    }

    #[test]
    fn tables_made_inside_a_replicate_carry_it() {
        for table in all() {
            let over_replicates =
                ["effects", "levels", "readings", "displacement", "attribution", "interactions", "winners", "variance"];
            let has_replicate = table.columns.iter().any(|column| column.name == "replicate");
            assert_ne!(over_replicates.contains(&table.name), has_replicate, "{}", table.name);
        }
    }
}
