//! Rules of reception (opvang): inflow, permits, families, displaced Ukrainians, places and cost.

use crate::rules;
use crate::rules::AgeTable;

rules! {
    /// Flows in persons a year for the whole country; a world of scale s takes s times as many.
    pub struct ReceptionRules {
        /// Asylum seekers who enter the procedure, first and repeated.
        asylum_inflow: f64, 0.0 to 10000000.0;
        /// Persons who get a permit by first decision.
        granted: f64, 0.0 to 10000000.0;
        /// Asylum seekers who leave the procedure without a permit.
        procedure_left: f64, 0.0 to 10000000.0;
        /// Shares of granted persons in: singles without family claim, singles awaiting family, couples, families.
        grant_shares: Vec<f64>, 0.0 to 1.0;
        /// Share of awaited families that ever arrive.
        family_arrives: f64, 0.0 to 1.0;
        /// Mean of the Poisson number of persons a family has besides the first.
        family_size_extra: f64, 0.0 to 20.0;
        /// Median months until the family of a new permit holder arrives.
        family_delay_months: f64, 1.0 to 240.0;
        /// Sigma of the logarithm of that delay.
        family_delay_sigma: f64, 0.0 to 3.0;
        /// Share of families of housed sponsors that find room in the home that is there.
        family_joins_home: f64, 0.0 to 1.0;
        /// Monthly chance that a status holder with a prospect of an offer leaves by the own network.
        own_network_linked: f64, 0.0 to 0.99;
        /// Monthly chance that a status holder without such a prospect leaves by the own network (low, base, high:
        /// 0.005, 0.02, 0.05). The result of a ban hangs on this number.
        own_network_hazard: f64, 0.0 to 0.99;
        /// Shares of own-network exits to: kin and friends, the room market, employers, other.
        own_network_shares: Vec<f64>, 0.0 to 1.0;
        /// Monthly chance that a status holder living with kin or friends returns to reception, in the first year.
        own_network_return: f64, 0.0 to 0.99;
        /// Regular national reception places.
        places_regular: f64, 0.0 to 10000000.0;
        /// Municipal places for displaced Ukrainians.
        places_ukrainian: f64, 0.0 to 10000000.0;
        /// Euro per person-year in a regular place.
        cost_regular: f64, 0.0 to 10000000.0;
        /// Euro per person-year in an emergency place.
        cost_emergency: f64, 0.0 to 10000000.0;
        /// Euro per person-year in an interim place between reception and home.
        cost_interim: f64, 0.0 to 10000000.0;
        /// Euro per person-year in a municipal place for displaced Ukrainians.
        cost_ukrainian: f64, 0.0 to 10000000.0;
        /// Displaced Ukrainians who arrive a year.
        ukrainian_inflow: f64, 0.0 to 10000000.0;
        /// Yearly chance that a displaced Ukrainian household leaves the country.
        ukrainian_exit: f64, 0.0 to 0.99;
        /// Yearly chance that a displaced Ukrainian household starts searching for a regular home.
        ukrainian_search: f64, 0.0 to 0.99;
        /// Share of arriving Ukrainians who find a home outside municipal reception.
        ukrainian_outside: f64, 0.0 to 1.0;
        /// Whether status holders without a stable home are left out of the model, with all who would follow them: the
        /// yardstick of an account, never a policy (worlds/MODEL.md 6.4).
        status_absent: bool, 0.0 to 1.0;
        /// Weight of ages of the heads of permit holders, by age.
        head_age: AgeTable, 0.0 to 1000.0;
    }
}
