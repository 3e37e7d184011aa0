//! `lettings`: one row a letting, from which every count and share of lettings can be made again.

use crate::rows;
use crate::table::Text;

rows! {
    /// Lettings (verhuringen), one row each: who got which dwelling, by which rule, and what the move freed.
    pub struct LettingRow: "lettings", per replicate, key [month, dwelling, household] {
        /// Month of the letting
        month: Text = "year-month",
        /// Household that moves in, by the name it has in every arm
        household: u64 = "64-bit name",
        /// Dwelling let, by the name it has in every arm
        dwelling: u64 = "64-bit name",
        /// Municipality of the dwelling
        municipality: Text = "GM0000",
        /// Housing-market region that let the dwelling
        market: Text = "region CR01..CR40",
        /// Channel: advertised, lottery, direct mediation and the like
        channel: Text = "channel name",
        /// Rule that put the household in front
        rule: Text = "rule name",
        /// Ground of the priority, empty without one
        ground: Text = "ground name",
        /// Place on the list of candidates of this dwelling
        rank: u32 = "ordinal from 1",
        /// Registration time (inschrijfduur) at letting; 0 without a registration
        registration_days: u32 = "days",
        /// Search time (zoekduur) at letting; 0 without a registration
        search_days: u32 = "days",
        /// Group at entry: the same in every arm, the group by which displacement is measured
        entry_group: Text = "group name",
        /// Group at letting: the register's view
        group_at_letting: Text = "group name",
        /// Whether the household comes from the parents' home (once per person), from reception or from abroad
        first_entry: bool = "yes or no",
        /// Whether the move leaves a self-contained dwelling empty
        vacates_dwelling: bool = "yes or no",
        /// Whether the dwelling left empty belongs to a corporation
        vacates_social: bool = "yes or no",
        /// Whether this is the household's first letting of any form since the arms parted (the fork), rooms and flex homes
        /// included; D1 and D3 count first lettings of self-contained dwellings
        first_letting: bool = "yes or no",
        /// Where the household lived before
        origin: Text = "kind of place",
        /// Form of what was let: a dwelling of its own, a room in a shared one, or a flex home
        form: Text = "self_contained, shared or flex",
        /// Persons of the household
        persons: u32 = "persons",
        /// Whether the household came as a status holder, newly arrived or established
        status_history: bool = "yes or no",
        /// Whether its residence permit is younger than a year
        permit_under_a_year: bool = "yes or no",
        /// Rooms of the dwelling
        rooms: u32 = "rooms",
        /// Rent class of the dwelling, cheapest first
        rent_class: u32 = "ordinal from 0",
        /// Vacancy chain (verhuisketen) that the letting belongs to
        chain: u64 = "64-bit name",
        /// Place in the chain; 0 is the dwelling that set it off
        chain_position: u32 = "ordinal from 0",
        /// What set the chain off
        chain_cause: Text = "cause name",
    }
}
