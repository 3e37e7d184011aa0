//! Dwellings (woningen): what they are and who holds them.

use bevy_ecs::prelude::Component;
use doorstroom_kernel::Step;

use crate::name::KinName;
use crate::slots::{NO_SLOT, Slot};

/// Who owns a dwelling and on what terms it is lived in.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default)]
#[repr(u8)]
pub enum Tenure {
    /// Owner-occupied (koop).
    #[default]
    Owner,
    /// Let by a housing corporation (sociale huur).
    Corporation,
    /// Let by anybody else (particuliere huur).
    OtherRental,
}

impl Tenure {
    /// All tenures, in the order of their codes.
    pub const ALL: [Tenure; 3] = [Tenure::Owner, Tenure::Corporation, Tenure::OtherRental];

    /// Key in tables.
    pub fn key(self) -> &'static str {
        match self {
            Tenure::Owner => "owner",
            Tenure::Corporation => "corporation",
            Tenure::OtherRental => "other_rental",
        }
    }
}

/// Legal kind of the unit, not the act of sharing.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default)]
#[repr(u8)]
pub enum DwellingForm {
    /// Zelfstandig: one household.
    #[default]
    SelfContained,
    /// Onzelfstandig: rooms of several households behind one door.
    Shared,
    /// Flexwoning: self-contained, with an end date.
    Flex,
}

/// State of the address.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default)]
#[repr(u8)]
pub enum DwellingUse {
    /// Not there: a free slot (not built yet, demolished, expired).
    #[default]
    Gone,
    /// Lived in, or free to be lived in.
    Lived,
    /// Unoccupied for other reasons (second home, renovation): never let.
    Idle,
}

/// One dwelling.
#[derive(Component, Clone, Copy, PartialEq, Eq, Debug)]
#[repr(C)]
pub struct Dwelling {
    /// Who it is.
    pub name: KinName,
    /// First occupant (household slot); `NO_SLOT` when vacant. A tenant or owner comes before guests.
    pub occupant: Slot,
    /// Step in which it closes (demolition announced, flex term); `NEVER` if open-ended.
    pub ends: Step,
    /// Step since which it stands empty, while it does.
    pub vacant_since: Step,
    /// Municipality (slot).
    pub municipality: u16,
    /// Corporation (slot); `u16::MAX` if none owns it.
    pub corporation: u16,
    /// Tenure.
    pub tenure: Tenure,
    /// Form.
    pub form: DwellingForm,
    /// State.
    pub state: DwellingUse,
    /// Rooms, the living room included: 1 to 6.
    pub rooms: u8,
    /// Rent class of a corporation dwelling, 1 to 4: below the first limit, the second, up to and above the rent
    /// limit; 0 otherwise.
    pub rent_class: u8,
    /// Households it may hold: 1, or the number of rooms let apart.
    pub capacity: u8,
}

impl Default for Dwelling {
    fn default() -> Self {
        Dwelling {
            name: KinName::NOBODY,
            occupant: NO_SLOT,
            ends: Step::NEVER,
            vacant_since: Step(0),
            municipality: 0,
            corporation: u16::MAX,
            tenure: Tenure::Owner,
            form: DwellingForm::SelfContained,
            state: DwellingUse::Gone,
            rooms: 0,
            rent_class: 0,
            capacity: 0,
        }
    }
}

impl Dwelling {
    /// What is left of it once it is demolished or has expired: a free slot.
    #[must_use]
    pub fn gone(self) -> Self {
        Dwelling { name: self.name, municipality: self.municipality, tenure: self.tenure, ..Dwelling::default() }
    }
}
