//! Namen (names) by which a scheme of a region speaks of households, and sets of them.
//!
//! Groups, grounds and attributes are functional; none is nationality or ethnicity. Several names hold for a household
//! at once: a young tenant who moves on is `everybody`, `regular`, `young` and `doorstromer`.

/// Names that hold for a household, as bits in the order of [`NAMES`].
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Default)]
pub struct Names(u32);

/// Every name that a scheme of a region may use.
///
/// | name | holds for |
/// |---|---|
/// | `everybody` | everybody |
/// | `regular`, `short_notice`, `urgent`, `status_holder`, `displaced_ukrainian` | the group of that key |
/// | `medical`, `renewal` | a valid statement of urgency on that ground |
/// | `care_leaver` | short-notice seekers who came out of an institution |
/// | `young` | head below 28 years (youth contract, Wet doorstroming huurmarkt 2015) |
/// | `senior` | head of 65 and older |
/// | `family` | a child below 18 years |
/// | `large_family` | six persons and more |
/// | `single` | one person |
/// | `starter` | holds no self-contained dwelling |
/// | `doorstromer` | tenant of a corporation, who leaves a dwelling for others |
/// | `lives_in` | family that lives in with others or in a room: no own home, a child below 18 |
/// | `resident` | lives in the municipality of the dwelling |
/// | `regional` | lives in the region of the dwelling |
pub const NAMES: [&str; 19] = [
    "everybody",
    "regular",
    "short_notice",
    "urgent",
    "status_holder",
    "displaced_ukrainian",
    "medical",
    "renewal",
    "care_leaver",
    "young",
    "senior",
    "family",
    "large_family",
    "single",
    "starter",
    "doorstromer",
    "lives_in",
    "resident",
    "regional",
];

impl Names {
    /// None.
    pub const NONE: Names = Names(0);
    /// Everybody.
    pub const EVERYBODY: Names = Names(1);
    /// Group `regular`.
    pub const REGULAR: Names = Names(1 << 1);
    /// Group `short_notice`.
    pub const SHORT_NOTICE: Names = Names(1 << 2);
    /// Group `urgent`.
    pub const URGENT: Names = Names(1 << 3);
    /// Group `status_holder`.
    pub const STATUS_HOLDER: Names = Names(1 << 4);
    /// Group `displaced_ukrainian`.
    pub const DISPLACED_UKRAINIAN: Names = Names(1 << 5);
    /// A valid medical or social statement.
    pub const MEDICAL: Names = Names(1 << 6);
    /// A valid statement because of demolition.
    pub const RENEWAL: Names = Names(1 << 7);
    /// Out of an institution.
    pub const CARE_LEAVER: Names = Names(1 << 8);
    /// Head below 28.
    pub const YOUNG: Names = Names(1 << 9);
    /// Head of 65 and older.
    pub const SENIOR: Names = Names(1 << 10);
    /// A child below 18.
    pub const FAMILY: Names = Names(1 << 11);
    /// Six persons and more.
    pub const LARGE_FAMILY: Names = Names(1 << 12);
    /// One person.
    pub const SINGLE: Names = Names(1 << 13);
    /// Holds no self-contained dwelling.
    pub const STARTER: Names = Names(1 << 14);
    /// Tenant of a corporation.
    pub const DOORSTROMER: Names = Names(1 << 15);
    /// Family without a home of its own.
    pub const LIVES_IN: Names = Names(1 << 16);
    /// Lives in the municipality of the dwelling.
    pub const RESIDENT: Names = Names(1 << 17);
    /// Lives in the region of the dwelling.
    pub const REGIONAL: Names = Names(1 << 18);

    /// Every name.
    pub const ALL: Names = Names((1 << NAMES.len()) - 1);

    /// Those that need nothing but the places where household and dwelling are.
    pub const OF_PLACE: Names = Names(Names::EVERYBODY.0 | Names::RESIDENT.0 | Names::REGIONAL.0);

    /// The set of these words; words that are no names are left out (see [`super::Scheme::faults_in_region`]).
    pub fn of<'a>(words: impl IntoIterator<Item = &'a String>) -> Names {
        let bit = |word: &String| NAMES.iter().position(|name| name == word).map_or(0, |place| 1 << place);
        Names(words.into_iter().fold(0, |set, word| set | bit(word)))
    }

    /// Both sets.
    #[must_use]
    pub const fn and(self, other: Names) -> Names {
        Names(self.0 | other.0)
    }

    /// `names` if `holds`, else none, with this set.
    #[must_use]
    pub fn with(self, names: Names, holds: bool) -> Names {
        if holds { self.and(names) } else { self }
    }

    /// True if any of `others` is in the set.
    #[inline]
    pub fn any(self, others: Names) -> bool {
        self.0 & others.0 != 0
    }

    /// True if everything in this set is in `others` too.
    pub fn within(self, others: Names) -> bool {
        self.0 & !others.0 == 0
    }

    /// Positions in [`NAMES`].
    pub fn positions(self) -> impl Iterator<Item = usize> {
        (0..NAMES.len()).filter(move |place| self.0 >> place & 1 == 1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_constant_stands_for_the_name_at_its_place() {
        let constants = [
            (Names::EVERYBODY, "everybody"),
            (Names::STATUS_HOLDER, "status_holder"),
            (Names::CARE_LEAVER, "care_leaver"),
            (Names::LIVES_IN, "lives_in"),
            (Names::REGIONAL, "regional"),
        ];
        for (constant, word) in constants {
            assert_eq!(constant, Names::of([&word.to_owned()]), "{word}");
        }
        assert_eq!(Names::ALL.positions().count(), NAMES.len());
    }
}
