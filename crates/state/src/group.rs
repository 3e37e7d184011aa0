//! Seeker groups (doelgroepen): one primary state at a time, functional attributes only.

/// The group to which a household counts now. Precedence from high to low: displaced Ukrainian, status holder,
/// urgent, short-notice seeker, regular.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default)]
#[repr(u8)]
pub enum SeekerGroup {
    /// On no list and in no need: nobody's group.
    #[default]
    None,
    /// Everybody else on a register (regulier woningzoekende).
    Regular,
    /// Spoedzoeker: a need that cannot wait, without an urgency statement.
    ShortNotice,
    /// Holder of a valid urgency statement (urgentieverklaring).
    Urgent,
    /// Status holder (statushouder) until the first stable home.
    StatusHolder,
    /// Person displaced from Ukraine (Oekraïense ontheemde) without an own regular home.
    DisplacedUkrainian,
}

impl SeekerGroup {
    /// All groups, in the order of their codes.
    pub const ALL: [SeekerGroup; 6] = [
        SeekerGroup::None,
        SeekerGroup::Regular,
        SeekerGroup::ShortNotice,
        SeekerGroup::Urgent,
        SeekerGroup::StatusHolder,
        SeekerGroup::DisplacedUkrainian,
    ];

    /// Key in files and tables.
    pub fn key(self) -> &'static str {
        match self {
            SeekerGroup::None => "nobody",
            SeekerGroup::Regular => "regular",
            SeekerGroup::ShortNotice => "short_notice",
            SeekerGroup::Urgent => "urgent",
            SeekerGroup::StatusHolder => "status_holder",
            SeekerGroup::DisplacedUkrainian => "displaced_ukrainian",
        }
    }
}
