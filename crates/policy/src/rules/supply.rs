//! Rules of supply: dwellings that open, close and change tenure (worlds/MODEL.md M11, 3.2, 4.3).

use crate::rules;
use crate::rules::Shares;

rules! {
    /// Dwellings a year for the whole country; a world of scale s takes s times as many.
    pub struct SupplyRules {
        /// Owner-occupied dwellings built.
        built_owner: f64, 0.0 to 1000000.0;
        /// Self-contained corporation dwellings built.
        built_corporation: f64, 0.0 to 1000000.0;
        /// Other rental dwellings built.
        built_other_rental: f64, 0.0 to 1000000.0;
        /// Owner-occupied dwellings demolished.
        demolished_owner: f64, 0.0 to 1000000.0;
        /// Corporation dwellings demolished.
        demolished_corporation: f64, 0.0 to 1000000.0;
        /// Other rental dwellings demolished.
        demolished_other_rental: f64, 0.0 to 1000000.0;
        /// Share of demolished corporation dwellings that are still let when the renewal is announced.
        demolished_inhabited_share: f64, 0.0 to 1.0;
        /// Months between the announcement of a renewal, with its urgency, and demolition.
        renewal_notice_months: f64, 1.0 to 120.0;
        /// Corporation dwellings sold to owner-occupiers when vacated.
        sold_corporation: f64, 0.0 to 1000000.0;
        /// Other rental dwellings sold to owner-occupiers when vacated.
        sold_other_rental: f64, 0.0 to 1000000.0;
        /// Shares of 1, 2, ... 6 rooms among owner-occupied dwellings built.
        built_rooms_owner: Shares<6>, 0.0 to 1.0;
        /// Shares of 1, 2, ... 6 rooms among rented dwellings built.
        built_rooms_rental: Shares<6>, 0.0 to 1.0;
        /// Shares of rent classes 1 to 4 among corporation dwellings built.
        built_rent_classes: Shares<4>, 0.0 to 1.0;
        /// Flex homes opened.
        flex_opened: f64, 0.0 to 1000000.0;
        /// Shares of 1, 2, ... 6 rooms among flex homes.
        flex_rooms: Shares<6>, 0.0 to 1.0;
        /// Years that a flex home stands.
        flex_term_years: f64, 1.0 to 100.0;
        /// Months after which a tenancy in a flex home ends; 0: when the home closes.
        flex_contract_months: f64, 0.0 to 600.0;
        /// Flex homes announced on top of those opened a year, in total by date; delivered as `alternatives.delivery` says.
        flex_announced: f64, 0.0 to 1000000.0;
        /// Small corporation dwellings announced in buildings of other use (transformation), in total by date.
        transformation_announced: f64, 0.0 to 1000000.0;
        /// Shares of 1, 2, ... 6 rooms among them.
        transformation_rooms: Shares<6>, 0.0 to 1.0;
        /// Starter units (opstartwoningen) announced, in total by date: one room, let for a limited time as flex homes are.
        starter_announced: f64, 0.0 to 1000000.0;
        /// Shared homes with four rooms to let announced, in total by date.
        shared_announced: f64, 0.0 to 1000000.0;
        /// Months from the announcement of such homes until the first of them open.
        announced_lead_months: f64, 0.0 to 120.0;
    }
}
