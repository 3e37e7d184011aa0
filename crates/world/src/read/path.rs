//! Paths to values inside a file: `arms."priority_ban"[0][1][0]`.

use std::fmt;

/// One step of a [`Path`].
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Segment {
    /// A field of a struct or of an enum variant with named fields.
    Field(String),
    /// An element of a list or tuple, or an argument of an enum variant, counted from 0.
    Index(usize),
    /// The value under a key of a map, as text without quotes.
    Key(String),
}

/// Where a value stands in a file, from the root downwards.
///
/// Enum variants need no step of their own: in `When(.., [Set("a", 1)])` the list is `[1]` and its first `Set`
/// `[1][0]`. A variant around one list, map or struct is stepped through: in `Ground([Renewal, Medical])` the
/// word `Medical` is `[1]`.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Path(Vec<Segment>);

impl Path {
    /// The whole file.
    pub fn root() -> Path {
        Path::default()
    }

    /// The field `name` of the value here.
    pub fn field(&self, name: &str) -> Path {
        self.then(Segment::Field(name.to_owned()))
    }

    /// The element or argument `index` (from 0) of the value here.
    pub fn index(&self, index: usize) -> Path {
        self.then(Segment::Index(index))
    }

    /// The value under the map key `key` of the value here.
    pub fn key(&self, key: &str) -> Path {
        self.then(Segment::Key(key.to_owned()))
    }

    /// The steps from the root downwards.
    pub fn segments(&self) -> &[Segment] {
        &self.0
    }

    fn then(&self, segment: Segment) -> Path {
        let mut longer = self.clone();
        longer.0.push(segment);
        longer
    }
}

impl fmt::Display for Path {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (position, segment) in self.0.iter().enumerate() {
            let dot = if position == 0 { "" } else { "." };
            match segment {
                Segment::Field(name) => write!(f, "{dot}{name}")?,
                Segment::Index(index) => write!(f, "[{index}]")?,
                Segment::Key(key) => write!(f, "{dot}{key:?}")?,
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::Path;

    #[test]
    fn a_path_reads_like_the_file() {
        let path = Path::root().field("arms").key("priority_ban").index(0).index(1).field("share");
        assert_eq!(path.to_string(), "arms.\"priority_ban\"[0][1].share");
    }
}
