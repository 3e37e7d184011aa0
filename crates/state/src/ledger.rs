//! What happened: rows and counters that processes write and observers read. Emptied when a step begins.

use std::ops::Deref;

use bevy_ecs::prelude::Resource;
use doorstroom_kernel::Day;

use crate::dwelling::Tenure;
use crate::group::SeekerGroup;
use crate::household::HomeKind;
use crate::name::KinName;
use crate::slots::Slot;
use crate::vacancy::ChainCause;

/// Channel through which a corporation dwelling was let.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
#[repr(u8)]
pub enum Channel {
    /// Direct mediation (directe bemiddeling).
    Direct,
    /// Advertised, ranked by registration time (aanbodmodel).
    Advertised,
    /// Lottery (loting).
    Lottery,
}

impl Channel {
    /// All channels, in the order of their codes.
    pub const ALL: [Channel; 3] = [Channel::Direct, Channel::Advertised, Channel::Lottery];

    /// Key in tables.
    pub fn key(self) -> &'static str {
        match self {
            Channel::Direct => "direct",
            Channel::Advertised => "advertised",
            Channel::Lottery => "lottery",
        }
    }
}

/// On what ground a candidate went before others.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
#[repr(u8)]
pub enum Ground {
    /// None: registration time or lot decided.
    None,
    /// Status holder under the quota.
    StatusHolder,
    /// Medical or social urgency.
    Medical,
    /// Renewal urgency.
    Renewal,
    /// Leaver of an institution.
    CareLeaver,
    /// Other direct mediation: exchange, group living, free mediation.
    OtherDirect,
    /// Local binding of the dwelling.
    LocalBinding,
    /// Status holder whom a by-law must list as urgent.
    StatusUrgency,
}

impl Ground {
    /// All grounds, in the order of their codes.
    pub const ALL: [Ground; 8] = [
        Ground::None,
        Ground::StatusHolder,
        Ground::Medical,
        Ground::Renewal,
        Ground::CareLeaver,
        Ground::OtherDirect,
        Ground::LocalBinding,
        Ground::StatusUrgency,
    ];

    /// Key in tables.
    pub fn key(self) -> &'static str {
        match self {
            Ground::None => "none",
            Ground::StatusHolder => "status_holder",
            Ground::Medical => "medical",
            Ground::Renewal => "renewal",
            Ground::CareLeaver => "care_leaver",
            Ground::OtherDirect => "other_direct",
            Ground::LocalBinding => "local_binding",
            Ground::StatusUrgency => "status_urgency",
        }
    }
}

/// A letting (verhuring) with the slots by which this world carries it out in Moving. It reads as its letting.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Decided {
    /// Household.
    pub household: Slot,
    /// Dwelling.
    pub dwelling: Slot,
    /// Row used; `NO_SLOT` if none (direct mediation without registration).
    pub row: Slot,
    /// What is told of it.
    pub letting: Letting,
}

impl Deref for Decided {
    type Target = Letting;

    fn deref(&self) -> &Letting {
        &self.letting
    }
}

/// A letting of a corporation dwelling or room, decided in Allocation: names and facts, no slot, so it says the same in
/// every world.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Letting {
    /// Name of the household.
    pub household_name: KinName,
    /// Name of the dwelling.
    pub dwelling_name: KinName,
    /// Municipality (slot) of the dwelling.
    pub municipality: u16,
    /// Market (region slot) in which it was let.
    pub market: u8,
    /// A room in a shared dwelling.
    pub is_room: bool,
    /// A flex home: interim.
    pub is_flex: bool,
    /// Channel.
    pub channel: Channel,
    /// Ground.
    pub ground: Ground,
    /// Place of the accepting candidate in the ranking, from 1.
    pub rank: u16,
    /// Days since registration; -1 without a row.
    pub registration_days: i32,
    /// Days since searching began; -1 without a row.
    pub search_days: i32,
    /// Days since the clock of the entry group started (worlds/MODEL.md 6.3); -1 for who does not wait on it, or no
    /// longer.
    pub clock_days: i32,
    /// Group by which displacement is measured.
    pub entry_group: SeekerGroup,
    /// Group at letting: the register view.
    pub group_at_letting: SeekerGroup,
    /// Where the household came from.
    pub origin: HomeKind,
    /// First entry to the housing market (worlds/MODEL.md M26).
    pub first_entry: bool,
    /// Leaves a corporation dwelling free.
    pub vacates_social: bool,
    /// Leaves any self-contained dwelling free.
    pub vacates_dwelling: bool,
    /// First letting since the fork.
    pub first_letting: bool,
    /// Permit younger than one year.
    pub permit_under_a_year: bool,
    /// A household with status history (newly arrived or established).
    pub status_history: bool,
    /// Persons of the household.
    pub persons: u8,
    /// Rooms of the dwelling.
    pub rooms: u8,
    /// Rent class of the dwelling.
    pub rent_class: u8,
    /// Chain.
    pub chain: u64,
    /// Moves made in the chain before this one.
    pub chain_position: u16,
    /// Why the chain began.
    pub chain_cause: ChainCause,
    /// Date of the letting.
    pub on: Day,
}

/// Why a tenancy or ownership ended, in the words of worlds/MODEL.md 4.3.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
#[repr(u8)]
pub enum VacatedBy {
    /// Moved to an owner-occupied dwelling.
    ToOwner,
    /// Moved to a corporation dwelling.
    ToCorporation,
    /// Moved to another rental dwelling.
    ToOtherRental,
    /// Died out or went to an institution.
    Dissolved,
    /// Left the country.
    Emigrated,
    /// Moved in with a partner.
    Paired,
    /// Moved to a room, parents or other accommodation.
    Other,
}

/// Where the household that filled a dwelling came from.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
#[repr(u8)]
pub enum FilledFrom {
    /// An owner-occupied dwelling it vacated.
    Owner,
    /// A corporation dwelling it vacated.
    Corporation,
    /// Another rental dwelling it vacated.
    OtherRental,
    /// No self-contained dwelling left behind.
    NoDwelling,
}

/// Flows of dwellings by tenure, counted in one step.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct TenureFlows {
    /// Vacated, by [`VacatedBy`].
    pub vacated: [u32; 7],
    /// Filled, by [`FilledFrom`].
    pub filled: [u32; 4],
    /// Newly built or opened.
    pub built: u32,
    /// Demolished or expired.
    pub demolished: u32,
    /// Came in from another tenure by sale or conversion.
    pub converted_in: u32,
    /// Went to another tenure.
    pub converted_out: u32,
}

/// Life events counted in one step; households unless said otherwise.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct LifeFlows {
    /// Persons born.
    pub births: u32,
    /// Persons died.
    pub deaths: u32,
    /// Households formed by leaving home.
    pub left_home: u32,
    /// Households formed by break-up.
    pub broken_up: u32,
    /// Households merged by pairing.
    pub paired: u32,
    /// Households dissolved by death.
    pub dissolved_death: u32,
    /// Households gone to an institution.
    pub institution: u32,
    /// Households returned to the parents.
    pub back_to_parents: u32,
    /// Households immigrated (without asylum and Ukraine).
    pub immigrated: u32,
    /// Households emigrated.
    pub emigrated: u32,
    /// Persons who did not fit in ten places (assumption A11).
    pub left_out: u32,
    /// Persons who came into households: births, arrivals, permits.
    pub persons_in: u32,
    /// Persons who went out of households: deaths, departures, institutions.
    pub persons_out: u32,
    /// Short-notice needs opened.
    pub needs: u32,
    /// Households that lost their dwelling by eviction or forced sale, by tenure.
    pub evicted: [u32; 3],
}

/// Search behaviour in one market and group, counted in one step.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct SearchFlows {
    /// Rows that reacted at least once.
    pub reacting: u32,
    /// Reactions.
    pub reactions: u32,
    /// Offers.
    pub offers: u32,
    /// Refusals.
    pub refusals: u32,
}

/// Movements of one market's adverts in one step.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct AdvertFlows {
    /// Dwellings advertised or drawn by lot.
    pub adverts: u32,
    /// Reactions on them.
    pub reactions: u32,
    /// Adverts that found nobody and come back.
    pub unfilled: u32,
}

/// Everything that happened in the current step.
#[derive(Resource, Clone, Debug, Default)]
pub struct Ledger {
    /// Lettings, in the order in which they were decided.
    pub lettings: Vec<Decided>,
    /// Dwelling flows by tenure.
    pub tenures: [TenureFlows; 3],
    /// Life events.
    pub life: LifeFlows,
    /// Flex homes opened.
    pub flex_opened: u32,
    /// Running statements of urgency that a regime ended.
    pub statements_ended: u32,
    /// Moves of children of school age (4 to 17) to another home.
    pub school_moves: u32,
    /// Of those, into another municipality.
    pub school_moves_away: u32,
    /// Status households that left reception.
    pub left_reception: u32,
    /// Days from the permit until then, summed over them.
    pub left_reception_days: u32,
    /// Search behaviour by market and group: `[market][group]`.
    pub search: Vec<[SearchFlows; 6]>,
    /// Adverts by market.
    pub adverts: Vec<AdvertFlows>,
    /// Households that became of a group for the first time since the fork, by group.
    pub entered: [u32; 6],
    /// Names of those households.
    pub entrants: Vec<KinName>,
    /// Invariants that failed, in words; empty in a sound run. Filled only with `--check`.
    pub broken: Vec<String>,
}

impl Ledger {
    /// Empties the ledger for a world of `markets` markets; keeps the memory.
    pub fn begin(&mut self, markets: usize) {
        self.lettings.clear();
        self.tenures = Default::default();
        self.life = Default::default();
        (self.flex_opened, self.statements_ended) = (0, 0);
        (self.school_moves, self.school_moves_away) = (0, 0);
        (self.left_reception, self.left_reception_days) = (0, 0);
        self.search.clear();
        self.search.resize(markets, Default::default());
        self.adverts.clear();
        self.adverts.resize(markets, Default::default());
        self.entered = Default::default();
        self.entrants.clear();
        self.broken.clear();
    }

    /// Books a dwelling vacated.
    pub fn vacated(&mut self, tenure: Tenure, by: VacatedBy) {
        self.tenures[tenure as usize].vacated[by as usize] += 1;
    }

    /// Books a dwelling filled.
    pub fn filled(&mut self, tenure: Tenure, from: FilledFrom) {
        self.tenures[tenure as usize].filled[from as usize] += 1;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_letting_kept_for_the_whole_run_takes_no_more_than_64_bytes() {
        assert_eq!(size_of::<Letting>(), 64);
    }
}
