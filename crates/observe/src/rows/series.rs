//! `series`: seekers by month, area and group.

use crate::rows;
use crate::table::Text;

rows! {
    /// Home seekers (woningzoekenden) by month, area and seeker group: stocks at month end, events during the month.
    /// Registrations, reactions and offers belong to the market in which they stand, lettings to the place of the
    /// dwelling, households to the place where they live; reactions and offers have no municipality.
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
        /// Registrations in the state searching at month end
        searching_registrations: u32 = "registrations",
        /// Registrations with a reaction in the past twelve months, those used by a letting since then included
        active_year: u32 = "registrations",
        /// Registrations that reacted to at least one advert this month
        reacting: u32 = "registrations",
        /// Reactions (reacties) to adverts this month
        reactions: u32 = "reactions",
        /// Dwellings advertised or drawn by lot this month: those that the group got; in `all` also those not taken
        adverts: u32 = "adverts",
        /// Dwellings offered to a household this month
        offers: u32 = "offers",
        /// Offers refused this month
        refusals: u32 = "offers",
        /// Lettings of self-contained corporation dwellings without end date by direct mediation (directe bemiddeling)
        let_direct: u32 = "lettings",
        /// The same by advert and ranking (aanbodmodel)
        let_advertised: u32 = "lettings",
        /// The same by lottery (loting)
        let_lottery: u32 = "lettings",
        /// Of these lettings, those that are the household's first of any form since the arms parted (the fork)
        first_lettings: u32 = "lettings",
        /// Households that live with another household (inwonend) at month end
        hosted: u32 = "households",
        /// Households in a room or other dwelling that is not self-contained at month end
        rooms: u32 = "households",
        /// Households in other accommodation at month end: holiday parks, boats, flow-through locations, hotels
        other_accommodation: u32 = "households",
        /// Households in asylum reception (opvang) at month end
        in_reception: u32 = "households",
        /// Households in municipal places for displaced Ukrainians at month end
        in_ukrainian_places: u32 = "households",
        /// Households in shelter (maatschappelijke opvang) or without a roof at month end
        shelter: u32 = "households",
        /// Persons in the searching households at month end
        persons: u32 = "persons",
    }
}
