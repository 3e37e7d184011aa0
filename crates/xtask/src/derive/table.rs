//! A derived table and how its numbers are written.

/// A table ready to be written: `rows` hold one text per column of `columns`.
pub struct Table {
    /// Name of the file without its extension.
    pub name: &'static str,
    /// Names of the columns, in order.
    pub columns: &'static [&'static str],
    /// The rows, already sorted.
    pub rows: Vec<Vec<String>>,
}

impl Table {
    /// Name of the file.
    pub fn file_name(&self) -> String {
        format!("{}.csv", self.name)
    }

    /// The file: header, rows, one line feed after each.
    pub fn bytes(&self) -> Vec<u8> {
        let mut writer = csv::Writer::from_writer(Vec::new());
        writer.write_record(self.columns).expect("writing to memory cannot fail");
        for row in &self.rows {
            writer.write_record(row).expect("each row is built with one text per column");
        }
        writer.into_inner().expect("writing to memory cannot fail")
    }
}

/// Parts per million as a share with six decimals.
pub fn share(parts_per_million: u64) -> String {
    format!("{}.{:06}", parts_per_million / 1_000_000, parts_per_million % 1_000_000)
}

/// A share between zero and one in parts per million, rounded to nearest.
pub fn parts_per_million(share: f64) -> u64 {
    (share * 1e6).round() as u64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_are_written_with_six_decimals() {
        assert_eq!(share(parts_per_million(0.07)), "0.070000");
        assert_eq!(share(parts_per_million(1.0)), "1.000000");
        assert_eq!(share(1), "0.000001");
    }

    #[test]
    fn a_name_with_a_comma_is_quoted() {
        let row = vec!["GM0820".to_string(), "Nuenen, Gerwen en Nederwetten".to_string()];
        let table = Table { name: "names", columns: &["code", "name"], rows: vec![row] };
        assert_eq!(table.bytes(), b"code,name\nGM0820,\"Nuenen, Gerwen en Nederwetten\"\n");
    }
}
