//! `series`: seekers by month, area and group.

use crate::rows;
use crate::table::Text;

rows! {
    /// Home seekers (woningzoekenden) by month, area and seeker group: stocks at month end, events during the month.
    pub struct SeriesRow: "series", per replicate, key [month, area, group] {
        /// Month observed
        month: Text = "year-month",
        /// Country, housing-market region or municipality
        area: Text = "NL, region CR01..CR40 or municipality GM0000",
        /// Seeker group (doelgroep) in this month
        group: Text = "group name",
        /// Valid registrations (inschrijvingen) at month end; an adult may hold several
        registered: u32 = "registrations",
        /// Households with at least one valid registration at month end
        registered_households: u32 = "households",
        /// Households looking for a home at month end
        searching: u32 = "households",
        /// Households that reacted at least once in the past twelve months
        active_year: u32 = "households",
        /// Households that reacted to at least one advert this month
        reacting: u32 = "households",
        /// Reactions (reacties) to adverts this month
        reactions: u32 = "reactions",
        /// Dwellings advertised this month, counted for the group that got them
        adverts: u32 = "adverts",
        /// Dwellings offered to a household this month
        offers: u32 = "offers",
        /// Offers refused this month
        refusals: u32 = "offers",
        /// Lettings by direct mediation (directe bemiddeling)
        let_direct: u32 = "lettings",
        /// Lettings by advert and ranking (aanbodmodel)
        let_advertised: u32 = "lettings",
        /// Lettings by lottery (loting)
        let_lottery: u32 = "lettings",
        /// Lettings that are the household's first since the arms parted (the fork)
        first_lettings: u32 = "lettings",
        /// Households that live with another household (inwonend) at month end
        hosted: u32 = "households",
        /// Households in a room or other dwelling that is not self-contained at month end
        rooms: u32 = "households",
        /// Households in other accommodation: flow-through, flex, hotel or host family, at month end
        other_accommodation: u32 = "households",
        /// Households in asylum reception (opvang) at month end
        in_reception: u32 = "households",
        /// Households in municipal places for displaced Ukrainians at month end
        in_ukrainian_places: u32 = "households",
        /// Households in shelter (maatschappelijke opvang) or without a roof at month end
        shelter: u32 = "households",
        /// Households that stopped seeking without a letting this month: bought, left, died or gave up
        left: u32 = "households",
        /// Persons in the searching households at month end
        persons: u32 = "persons",
    }
}
