//! Rules of the register: entering, searching, sleeping, leaving (worlds/MODEL.md 3.1).

use crate::rules;
use crate::rules::{AgeTable, ByMarket, List};

rules! {
    /// Yearly chances of a registration, by scarcity of the market.
    pub struct RegistrationRules {
        /// New registrations a year per adult who may register and has no row, before the weights of age.
        register: ByMarket, 0.0 to 0.99;
        /// Weight of registering by age of the adult.
        register_age: AgeTable, 0.0 to 100.0;
        /// Share of new registrations that search at once; the rest registers as insurance.
        search_at_once: ByMarket, 0.0 to 1.0;
        /// A dormant row starts searching.
        wake: ByMarket, 0.0 to 0.99;
        /// A searching row goes dormant.
        sleep: ByMarket, 0.0 to 0.99;
        /// Factor on a searching row going dormant, by tenure of the dwelling that the household has: owner-occupied,
        /// corporation, other rental; one without.
        sleep_by_home: List<3>, 0.0 to 100.0;
        /// A dormant row lapses, unpaid or moved away.
        lapse: ByMarket, 0.0 to 0.99;
        /// A searching row ends without a letting.
        give_up: ByMarket, 0.0 to 0.99;
        /// Chance that a dormant row wakes, or a new one is made, when an adult child leaves
        /// home, or a partner leaves at a break-up.
        search_on_leaving_home: ByMarket, 0.0 to 1.0;
        /// Chance that a short-notice need makes a household register and search.
        search_on_need: f64, 0.0 to 1.0;
        /// Highest income class that may search for a corporation dwelling.
        income_class_highest: f64, 1.0 to 8.0;
        /// Days from the permit until a status holder is registered in the linked region.
        status_delay_days: f64, 0.0 to 3650.0;
        /// Months that a short-notice need lasts.
        need_months: f64, 1.0 to 240.0;
        /// Releases from institutions a year (care leavers and others), short-notice seekers.
        needs_institution: f64, 0.0 to 1000000.0;
        /// Needs a year after a return from abroad and for other reasons.
        needs_abroad: f64, 0.0 to 1000000.0;
        /// Chance that a searching row of a household goes dormant when it moves into a dwelling of its own, by tenure of
        /// that dwelling: owner-occupied, corporation, other rental.
        rest_after_move: List<3>, 0.0 to 1.0;
        /// Factor on searching of students in rooms.
        student_search: f64, 0.0 to 1.0;
    }
}

impl RegistrationRules {
    /// Whether the income of a household of this class (1 to 8) lets it search and register (assumption A73).
    pub fn may_search(&self, income_class: u8) -> bool {
        f64::from(income_class) <= self.income_class_highest.get()
    }
}
