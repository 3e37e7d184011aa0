//! Rules of the owner-occupied and private rental markets: one rule, no prices (worlds/MODEL.md 4.4).

use crate::rules;
use crate::rules::{AgeTable, List};

rules! {
    /// Wishes on the two markets, yearly chances.
    pub struct MarketRules {
        /// Wish to buy, by income class 1 to 8.
        buy_wish: List<8>, 0.0 to 0.99;
        /// Factor on the wish to buy, by age of the head.
        buy_age: AgeTable, 0.0 to 100.0;
        /// Wish of an owner to move to another owner-occupied dwelling.
        owner_move: f64, 0.0 to 0.99;
        /// Wish to rent privately, by age of the head; it only counts for those outside the self-contained stock and
        /// for private tenants.
        rent_wish: AgeTable, 0.0 to 0.99;
        /// Scale on the wishes to buy, fitted to the tenure flows.
        buy_scale: f64, 0.0 to 100.0;
        /// Scale on the wishes to rent, fitted to the tenure flows.
        rent_scale: f64, 0.0 to 100.0;
        /// Chance that a household formed by leaving home, break-up or arrival wishes to rent privately at once.
        rent_at_start: f64, 0.0 to 1.0;
        /// Chance that a corporation tenant uses a wish to buy.
        buy_from_corporation: f64, 0.0 to 1.0;
        /// Chance that a corporation tenant uses a wish to rent privately.
        rent_from_corporation: f64, 0.0 to 1.0;
        /// Chance that a private tenant uses a wish to buy.
        buy_from_other_rental: f64, 0.0 to 1.0;
        /// Chance that a room tenant uses a wish to rent.
        rent_from_room: f64, 0.0 to 1.0;
        /// Months that a wish lives.
        wish_months: f64, 1.0 to 120.0;
        /// Lowest income class that may buy.
        buy_class_lowest: f64, 1.0 to 8.0;
        /// Factor on the chance that a household in a private rental dwelling uses its wish to rent.
        rent_move_factor: f64, 0.0 to 1.0;
    }
}
