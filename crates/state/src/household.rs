//! Households (huishoudens): means, search and home.

use bevy_ecs::prelude::Component;
use doorstroom_kernel::{Day, Step};

use crate::dwelling::Tenure;
use crate::group::SeekerGroup;
use crate::members::Members;
use crate::name::Kin;
use crate::slots::{NO_SLOT, Slot};

/// No municipality (slot of the municipality table).
pub const NO_MUNICIPALITY: u16 = u16::MAX;

/// Work and benefit of status holders.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Default)]
#[repr(u8)]
pub enum Work {
    /// Not followed: no status holder.
    #[default]
    NotFollowed,
    /// On benefit (bijstand), no paid work.
    Benefit,
    /// In paid work that pays enough.
    Paid,
    /// In paid work that pays too little, with a supplementary benefit (aanvullende bijstand).
    Supplemented,
}

impl Work {
    /// In paid work.
    pub fn works(self) -> bool {
        matches!(self, Work::Paid | Work::Supplemented)
    }

    /// On benefit, a supplementary one included.
    pub fn on_benefit(self) -> bool {
        matches!(self, Work::Benefit | Work::Supplemented)
    }
}

/// A household: who it is, its persons and its means, in one line of cache: whatever happens to a household asks for all
/// three, of households that lie anywhere.
#[derive(Component, Clone, Copy, PartialEq, Eq, Debug, Default)]
#[repr(C, align(64))]
pub struct Household {
    /// Names.
    pub kin: Kin,
    /// Persons.
    pub members: Members,
    /// Income and traits.
    pub means: Means,
}

/// Income and fixed traits.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
#[repr(C)]
pub struct Means {
    /// Income class of the age band, 1 (lowest) to 8; 0 for nobody.
    pub income_class: u8,
    /// Position inside the class, 0 to 255: a fixed trait.
    pub position: u8,
    /// Month of the year (0 to 11) in which income and the deadlines of age are looked at.
    pub income_month: u8,
    /// Region (slot) of birth or first arrival: pairing looks here, never at the present address.
    pub origin_region: u8,
    /// Bits of [`Means::PERMIT_ALIEN`] and following.
    pub flags: u8,
    /// Work and benefit of status holders.
    pub work: Work,
    /// Date of the residence permit of a status holder, newly arrived or established; `Day(0)` without.
    pub permit_since: Day,
}

impl Means {
    /// Any residence permit of a non-EU national, before naturalisation (worlds/MODEL.md M22).
    pub const PERMIT_ALIEN: u8 = 1;
    /// Student.
    pub const STUDENT: u8 = 2;
    /// Came out of an institution (uitstroom instellingen): direct mediation to care leavers.
    pub const CARE_LEAVER: u8 = 4;
    /// Ever a status holder; kept after the first stable home (established).
    pub const STATUS_HISTORY: u8 = 8;

    /// Under temporary protection (displaced from Ukraine), wherever it lives.
    pub const TEMPORARY_PROTECTION: u8 = 16;

    /// In the country for a limited time (study, assignment, season): leaves it again sooner than others.
    pub const SHORT_STAY: u8 = 32;

    /// Subsidiary protection (subsidiair beschermd), not refugee status, under a two-status system.
    pub const SUBSIDIARY: u8 = 64;

    /// True if all of `flags` are set.
    pub fn is(&self, flags: u8) -> bool {
        self.flags & flags == flags
    }
}

/// A need event that made a short-notice seeker (spoedzoeker).
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Default)]
#[repr(u8)]
pub enum Need {
    /// No need event.
    #[default]
    None,
    /// Break-up without a dwelling.
    BreakUp,
    /// End of hosting, of a sublet or of a temporary contract.
    EndOfStay,
    /// Release from an institution.
    Institution,
    /// Return from abroad, or other.
    Abroad,
    /// Eviction or forced sale.
    Eviction,
}

/// A wish to move on the owner-occupied or private rental market; lives six months.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Default)]
#[repr(u8)]
pub enum Wish {
    /// None.
    #[default]
    None,
    /// To buy (or, for an owner, to move to another owner-occupied dwelling).
    Buy,
    /// To rent privately.
    Rent,
}

/// Ground of an urgency statement (urgentiegrond).
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Default)]
#[repr(u8)]
pub enum UrgencyGround {
    /// None.
    #[default]
    None,
    /// Medical or social.
    Medical,
    /// The dwelling is to be demolished (stadsvernieuwing).
    Renewal,
}

/// Where the household stands as a seeker.
#[derive(Component, Clone, Copy, PartialEq, Eq, Debug)]
#[repr(C)]
pub struct Seeker {
    /// First row of its adults in the register.
    pub first_row: Slot,
    /// Date of the need event, for short-notice seekers.
    pub need_since: Day,
    /// First step in which the need has lapsed.
    pub need_until: Step,
    /// Municipality (slot) to which a status holder is linked (koppeling); [`NO_MUNICIPALITY`] if none.
    pub linked: u16,
    /// First step in which the market wish has lapsed.
    pub wish_until: Step,
    /// First step in which the urgency statement has lapsed.
    pub urgent_until: Step,
    /// Date on which the urgency statement was granted.
    pub urgent_since: Day,
    /// Step in which the awaited family arrives.
    pub family_step: Step,
    /// Step of the first letting since the fork; `NEVER` if none.
    pub first_letting: Step,
    /// Step in which this household entered its `entry_group`.
    pub entry_step: Step,
    /// Group now.
    pub group: SeekerGroup,
    /// Group by which displacement is measured: the same in every arm.
    pub entry_group: SeekerGroup,
    /// Kind of the need event.
    pub need: Need,
    /// Wish on the other markets.
    pub wish: Wish,
    /// Ground of the statement.
    pub ground: UrgencyGround,
    /// Persons of the family awaited from abroad.
    pub family_awaited: u8,
    /// Offers refused without good ground; the duty ends at the second (worlds/MODEL.md M9).
    pub refusals: u8,
    /// True while the duty to house stands (status holders).
    pub duty: bool,
    /// True until Registration has asked whether the need starts a search.
    pub need_is_new: bool,
    /// Rows of its adults that search; kept by [`crate::registration::Register`].
    pub searching_rows: u8,
}

impl Seeker {
    /// Opens a short-notice need on a day, until a step.
    pub fn come_into_need(&mut self, need: Need, on: Day, until: Step) {
        (self.need, self.need_since, self.need_until) = (need, on, until);
        self.need_is_new = true;
    }

    /// What somebody who leaves the household takes along of its standing: no stable home was found for either of them yet,
    /// so a status holder stays one, with the duty towards it, and a displaced Ukrainian too.
    pub fn of_who_leaves(&self) -> Self {
        match self.group {
            SeekerGroup::StatusHolder | SeekerGroup::DisplacedUkrainian => {
                Seeker { group: self.group, duty: self.duty, linked: self.linked, ..Seeker::default() }
            }
            _ => Seeker::default(),
        }
    }

    /// True while the household, which lives in `home`, waits on the clock of its entry group (worlds/MODEL.md 6.3): a
    /// status holder until its first stable home; a displaced Ukrainian until then while it is on a register; a
    /// short-notice seeker until a stable home; an urgent one until a letting or until it is on no list; a regular one
    /// while it searches before its first letting.
    pub fn waits(&self, home: HomeKind, searches: bool) -> bool {
        let unlet = self.first_letting == Step::NEVER;
        match self.entry_group {
            SeekerGroup::None => false,
            SeekerGroup::StatusHolder => self.group == self.entry_group,
            SeekerGroup::DisplacedUkrainian => self.group == self.entry_group && self.first_row != NO_SLOT,
            // a stable home ends the need; who lives in a dwelling with a need has a flex home
            SeekerGroup::ShortNotice => self.need != Need::None || !matches!(home, HomeKind::Dwelling | HomeKind::Room),
            SeekerGroup::Urgent => unlet && self.group != SeekerGroup::None,
            SeekerGroup::Regular => unlet && searches,
        }
    }
}

impl Default for Seeker {
    fn default() -> Self {
        Seeker {
            first_row: NO_SLOT,
            need_since: Day(0),
            need_until: Step(0),
            linked: NO_MUNICIPALITY,
            wish_until: Step(0),
            urgent_until: Step(0),
            urgent_since: Day(0),
            family_step: Step::NEVER,
            first_letting: Step::NEVER,
            entry_step: Step::NEVER,
            group: SeekerGroup::None,
            entry_group: SeekerGroup::None,
            need: Need::None,
            wish: Wish::None,
            ground: UrgencyGround::None,
            family_awaited: 0,
            refusals: 0,
            duty: false,
            need_is_new: false,
            searching_rows: 0,
        }
    }
}

/// How a household lives.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Default)]
#[repr(u8)]
pub enum HomeKind {
    /// Not there: a free slot.
    #[default]
    Nowhere,
    /// Tenant or owner of a self-contained dwelling (flex homes too).
    Dwelling,
    /// A room in a shared dwelling.
    Room,
    /// Hosted by the own parents.
    WithParents,
    /// Hosted by kin or friends.
    WithKin,
    /// Subletting part of another household's home.
    Sublet,
    /// Outside the dwelling stock: holiday park, boat, work premises.
    Other,
    /// Reception for asylum seekers (COA).
    Reception,
    /// Municipal place for displaced Ukrainians.
    UkrainianPlace,
    /// Displaced Ukrainian outside municipal reception.
    UkrainianElsewhere,
    /// Shelter for the homeless.
    Shelter,
    /// Interim place between reception and home (flow-through location, hotel).
    Interim,
    /// Place in a flow-through location announced on top of those (doorstroomlocatie), or in temporary shelter.
    FlowThrough,
}

impl HomeKind {
    /// Present in the model.
    pub fn is_present(self) -> bool {
        self != HomeKind::Nowhere
    }

    /// Lives at the address of another household (doubled up).
    pub fn is_hosted(self) -> bool {
        matches!(self, HomeKind::WithParents | HomeKind::WithKin | HomeKind::Sublet)
    }

    /// Interim place of any kind: not a stable home, and no reception any more.
    pub fn is_interim(self) -> bool {
        matches!(self, HomeKind::Interim | HomeKind::FlowThrough)
    }

    /// Counts among private households; reception and Ukrainian places have stocks of their own.
    pub fn is_private(self) -> bool {
        !matches!(
            self,
            HomeKind::Nowhere
                | HomeKind::Reception
                | HomeKind::UkrainianPlace
                | HomeKind::UkrainianElsewhere
                | HomeKind::Interim
                | HomeKind::FlowThrough
        )
    }

    /// Key in tables.
    pub fn key(self) -> &'static str {
        match self {
            HomeKind::Nowhere => "nowhere",
            HomeKind::Dwelling => "dwelling",
            HomeKind::Room => "room",
            HomeKind::WithParents => "parents",
            HomeKind::WithKin => "kin",
            HomeKind::Sublet => "sublet",
            HomeKind::Other => "other",
            HomeKind::Reception => "reception",
            HomeKind::UkrainianPlace => "ukrainian_place",
            HomeKind::UkrainianElsewhere => "ukrainian_elsewhere",
            HomeKind::Shelter => "shelter",
            HomeKind::Interim => "interim",
            HomeKind::FlowThrough => "flow_through",
        }
    }
}

/// Where a household lives. Kept equal to [`crate::Dwelling`]'s occupants by [`crate::tenancy::Tenancies`] only.
#[derive(Component, Clone, Copy, PartialEq, Eq, Debug)]
#[repr(C)]
pub struct Home {
    /// Dwelling (slot) for homes inside the stock; `NO_SLOT` otherwise.
    pub dwelling: Slot,
    /// Next household at the same address; `NO_SLOT` at the end.
    pub next_sharer: Slot,
    /// Date of moving in.
    pub since: Day,
    /// Municipality (slot) where it lives, or is registered.
    pub municipality: u16,
    /// How it lives.
    pub kind: HomeKind,
    /// Tenure of the self-contained dwelling that it holds: a copy, kept by [`crate::tenancy::Tenancies`].
    pub tenure: Option<Tenure>,
}

impl Default for Home {
    fn default() -> Self {
        Home {
            dwelling: NO_SLOT,
            next_sharer: NO_SLOT,
            since: Day(0),
            municipality: NO_MUNICIPALITY,
            kind: HomeKind::Nowhere,
            tenure: None,
        }
    }
}
