//! Rules of reception (opvang): inflow, permits, families, displaced Ukrainians, places and cost.

use serde::{Deserialize, Serialize};

use crate::parameter::Numbers;
use crate::rules;
use crate::rules::{AgeTable, List, Shares};

/// Instroompad (path of inflow): three named paths, exogenous; no measure of the model changes them by itself.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub enum InflowPath {
    /// Fewer come.
    Low,
    /// As in 2025.
    Base,
    /// More come.
    High,
}

impl InflowPath {
    /// The factor of this path, of three in the order low, base, high; 1 where there is none.
    pub fn factor(self, factors: &[f64]) -> f64 {
        factors.get(self as usize).copied().unwrap_or(1.0)
    }
}

impl Numbers for InflowPath {
    fn numbers(&self) -> Vec<f64> {
        Vec::new()
    }
}

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
        grant_shares: Shares<4>, 0.0 to 1.0;
        /// Mean of the Poisson number of persons of a family at the grant beyond the first three.
        grant_family_extra: f64, 0.0 to 20.0;
        /// Share of families at the grant with two parents; the others are lone parents.
        grant_two_parents: f64, 0.0 to 1.0;
        /// Shares of women among the heads of: singles without family claim, singles awaiting family, couples with or
        /// without children, lone parents.
        grant_women: List<4>, 0.0 to 1.0;
        /// Highest income class of a household at the grant; it has any up to that one with equal chance.
        grant_income_highest: f64, 1.0 to 8.0;
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
        /// Share of new permit holders with subsidiary protection, to whom the conditions of the two-status system apply.
        subsidiary_share: f64, 0.0 to 1.0;
        /// Years after the permit in which no family of somebody with subsidiary protection comes.
        subsidiary_wait_years: f64, 0.0 to 20.0;
        /// Whether the sponsor needs a stable home before such a family comes.
        subsidiary_needs_home: bool, 0.0 to 1.0;
        /// Whether the sponsor needs income from work before such a family comes.
        subsidiary_needs_income: bool, 0.0 to 1.0;
        /// Monthly chance that a status holder with a prospect of an offer leaves by the own network.
        own_network_linked: f64, 0.0 to 0.99;
        /// Monthly chance that a status holder without such a prospect leaves by the own network (low, base, high:
        /// 0.005, 0.02, 0.05). The result of a ban hangs on this number.
        own_network_hazard: f64, 0.0 to 0.99;
        /// Shares of own-network exits to: kin and friends, the room market, employers, other.
        own_network_shares: Shares<4>, 0.0 to 1.0;
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
        /// Whether temporary protection holds; in the first step without it the next two shares apply, once.
        ukrainian_protection: bool, 0.0 to 1.0;
        /// Share of displaced Ukrainian households that leave the country when protection ends.
        ukrainian_leave_at_end: f64, 0.0 to 1.0;
        /// Share of those who stay that get the transition document; the rest is without right of residence.
        ukrainian_document: f64, 0.0 to 1.0;
        /// Share of arriving households that are admitted to municipal places (all, or the vulnerable only).
        ukrainian_admitted: f64, 0.0 to 1.0;
        /// Whether households must leave municipal places that are closed; otherwise they stay until they go.
        ukrainian_places_emptied: bool, 0.0 to 1.0;
        /// Share of arriving Ukrainians who find a home outside municipal reception.
        ukrainian_outside: f64, 0.0 to 1.0;
        /// Shares of 1, 2, ... persons among arriving Ukrainian households.
        ukrainian_sizes: Shares<4>, 0.0 to 1.0;
        /// Share of couples among those of two persons and more; the others are lone parents.
        ukrainian_couples: f64, 0.0 to 1.0;
        /// Share of women among their heads.
        ukrainian_women: f64, 0.0 to 1.0;
        /// Highest income class of such a household; it has any up to that one with equal chance.
        ukrainian_income_highest: f64, 1.0 to 8.0;
        /// Whether status holders without a stable home are left out of the model, with all who would follow them: the
        /// yardstick of an account, never a policy (worlds/MODEL.md 6.4).
        status_absent: bool, 0.0 to 1.0;
        /// Share of the places of a kind that can be used at a time (occupancy norm).
        occupancy_norm: f64, 0.5 to 1.0;
        /// Places that the dispersal law (Spreidingswet) asks of all provinces and municipalities together; 0 without it.
        dispersal_target: f64, 0.0 to 1000000.0;
        /// Share of that target which is delivered three years after a cycle began, half of it in the first year.
        dispersal_delivered: f64, 0.0 to 1.0;
        /// Fewest places of a municipal reception site that can be run; a smaller share of the target gives none.
        site_smallest: f64, 0.0 to 10000.0;
        /// Months of the contract of a municipal reception site; 0 if it does not end.
        site_contract_months: f64, 0.0 to 600.0;
        /// Share of such contracts that are renewed when they end.
        site_renewed: f64, 0.0 to 1.0;
        /// Share of its places that must be taken for a municipal site not to lose money.
        site_break_even: f64, 0.0 to 1.0;
        /// Months of loss in a row after which a municipality closes its site.
        site_loss_months: f64, 0.0 to 240.0;
        /// Places of municipalities and others under contracts of several years.
        places_multi_year: f64, 0.0 to 1000000.0;
        /// Whether such contracts can be ended when places are not needed, after the notice.
        multi_year_terminable: bool, 0.0 to 1.0;
        /// Places in emergency reception (noodopvang); beyond them hotels and ships take the rest.
        places_emergency: f64, 0.0 to 10000000.0;
        /// Months for which contracts of emergency reception, hotels, ships and terminable places run on unneeded.
        notice_months: f64, 0.0 to 60.0;
        /// Euro per person-year in a place under the dispersal law.
        cost_dispersed: f64, 0.0 to 10000000.0;
        /// Euro per person-year in a place under a contract of several years.
        cost_multi_year: f64, 0.0 to 10000000.0;
        /// Euro per person-year in a hotel or on a ship.
        cost_hotel: f64, 0.0 to 10000000.0;
        /// Path of the asylum inflow: `Low`, `Base`, `High`.
        inflow_path: InflowPath, 0.0 to 1.0;
        /// Factors on inflow, permits and departures in the paths low, base and high.
        inflow_factors: List<3>, 0.0 to 10.0;
        /// Months after which permits and departures follow a change of the path.
        inflow_decision_months: f64, 0.0 to 120.0;
        /// Share of permits by first decision held back by a moratorium on decisions.
        moratorium_share: f64, 0.0 to 1.0;
        /// Months over which decisions that were held back are made once the moratorium is over.
        moratorium_release_months: f64, 1.0 to 120.0;
        /// Weight of ages of the heads of permit holders, by age.
        head_age: AgeTable, 0.0 to 1000.0;
    }
}
