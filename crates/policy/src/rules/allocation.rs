//! Rules of allocation (woonruimteverdeling) that hold in every region: how seekers react and accept, and fit. What
//! regions arrange for themselves is their scheme ([`crate::scheme`]).

use crate::rules;
use crate::rules::ByMarket;

rules! {
    /// How a vacated corporation dwelling finds its tenant.
    pub struct AllocationRules {
        /// Mean reactions a month of a searching registration.
        reactions_mean: f64, 0.0 to 100.0;
        /// Shape of the gamma distribution of that rate over registrations.
        reactions_shape: f64, 0.05 to 100.0;
        /// How keenly an owner-occupier reacts, as a share of one without own dwelling.
        react_from_owner: f64, 0.0 to 1.0;
        /// The same for a corporation tenant, by market class of the registration.
        react_from_corporation: ByMarket, 0.0 to 1.0;
        /// The same for a private tenant.
        react_from_other_rental: f64, 0.0 to 1.0;
        /// The same for a status holder in reception whose municipality may keep a home for it and has still to.
        react_with_prospect: f64, 0.0 to 1.0;
        /// Chance that a reaction goes to a neighbouring region.
        neighbour_share: f64, 0.0 to 1.0;
        /// Chance that an advertised dwelling is accepted.
        accept_advertised: f64, 0.0 to 1.0;
        /// Chance that a dwelling won by lottery is accepted.
        accept_lottery: f64, 0.0 to 1.0;
        /// Chance that a direct offer is accepted.
        accept_direct: f64, 0.0 to 1.0;
        /// Chance that a status holder accepts a linked offer.
        accept_status_holder: f64, 0.0 to 1.0;
        /// Share of their refusals that is justified and gets one more offer.
        refusal_justified: f64, 0.0 to 1.0;
        /// Factor on the chance that an advertised dwelling is accepted where a refusal costs place or points.
        accept_penalty_factor: f64, 0.0 to 100.0;
        /// Yearly income (euro) up to which one person gets a dwelling under the first rent limit (passend toewijzen).
        fit_income_single: f64, 0.0 to 1000000.0;
        /// The same for more persons; three and more get one under the second rent limit.
        fit_income_multi: f64, 0.0 to 1000000.0;
        /// Yearly income (euro) up to which one person may rent a corporation dwelling (DAEB).
        limit_income_single: f64, 0.0 to 1000000.0;
        /// The same for more persons.
        limit_income_multi: f64, 0.0 to 1000000.0;
        /// Chance a year that a searching registration asks for a medical or social urgency statement.
        urgency_asked: f64, 0.0 to 0.99;
    }
}
