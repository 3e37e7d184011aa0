//! What an observer is told before it looks.

use doorstroom_kernel::Step;
use doorstroom_policy::Rules;

use crate::reception::PLACE_KINDS;
use crate::table::Text;
use crate::tariffs::Tariffs;

/// Smallest area that gets monthly rows of its own.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum Resolution {
    /// Country and regions monthly, municipalities every December.
    #[default]
    Region,
    /// Municipalities monthly too.
    MunicipalityMonth,
}

/// Whose run this is and how closely to look.
#[derive(Clone, Debug)]
pub struct ObserveSettings {
    /// Arm of the experiment.
    pub arm: Text,
    /// Replicate within the arm.
    pub replicate: u32,
    /// Smallest monthly area.
    pub resolution: Resolution,
    /// Part of the country that the world draws, above 0 up to 1.
    pub scale: f64,
    /// Whether every identity is checked at every step.
    pub check: bool,
    /// First step in which the arms of the experiment may differ; outcomes are taken from here on.
    pub fork_step: Step,
}

/// The few numbers of the rules that turn what is seen into rows.
#[derive(Clone, Copy, PartialEq, Debug, Default)]
pub(crate) struct Prices {
    /// Euro per person-year by kind of reception place.
    pub reception_eur: [f64; PLACE_KINDS],
    /// Amounts that are not the price of a place.
    pub tariffs: Tariffs,
    /// Euro per person-year in an interim place.
    pub interim_eur: f64,
    /// Whether the quota carries shortfall and lead.
    pub quota_carries: bool,
    /// Chance a month that a status holder without a prospect of an offer leaves reception by the own network.
    pub own_network_hazard: f64,
}

impl Prices {
    /// Taken from the rules in force.
    pub fn of(rules: &Rules) -> Self {
        let reception = &rules.reception;
        Prices {
            reception_eur: [
                reception.cost_regular.get(),
                reception.cost_emergency.get(),
                reception.cost_ukrainian.get(),
                reception.cost_dispersed.get(),
                reception.cost_multi_year.get(),
                reception.cost_hotel.get(),
                rules.alternatives.flow_through_cost.get(),
            ],
            tariffs: Tariffs::of(rules),
            interim_eur: reception.cost_interim.get(),
            quota_carries: rules.quota.carry.get(),
            own_network_hazard: reception.own_network_hazard.get(),
        }
    }
}
