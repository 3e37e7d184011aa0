//! What things cost and who pays: the items of table `money`, and the amounts of the rules.

use doorstroom_policy::Rules;

/// Payer and item of every amount, in the order of [`crate::money::amounts`].
pub const ITEMS: [(&str, &str); 13] = [
    ("coa", "reception.regular"),
    ("coa", "reception.dispersed"),
    ("coa", "reception.multi_year"),
    ("coa", "reception.emergency"),
    ("coa", "reception.hotel"),
    ("state", "ukrainian_places"),
    ("state", "flow_through.funded"),
    ("municipality", "flow_through.unfunded_and_empty"),
    ("state", "payment_per_person_housed"),
    ("state", "flex_subsidy"),
    ("state", "realisation_incentive"),
    ("municipality", "first_year_of_status_holders"),
    ("household", "rent_of_interim_places"),
];

/// Euro of one step, by [`ITEMS`].
pub type Amounts = [f64; ITEMS.len()];

/// The amounts of the rules that are not the price of a place.
#[derive(Clone, Copy, PartialEq, Debug, Default)]
pub struct Tariffs {
    /// Euro per person housed under the quota, paid by the state.
    pub(crate) payment_per_person: f64,
    /// Euro per flex home opened.
    pub(crate) flex_subsidy: f64,
    /// Euro per corporation dwelling built.
    pub(crate) realisation_incentive: f64,
    /// Euro per status holder housed, in the first year.
    pub(crate) first_year_cost: f64,
    /// Euro per household and month in an interim place.
    pub(crate) interim_rent: f64,
}

impl Tariffs {
    /// Nothing costs anything beside the places.
    #[cfg(test)]
    pub(crate) const NONE: Tariffs = Tariffs {
        payment_per_person: 0.0,
        flex_subsidy: 0.0,
        realisation_incentive: 0.0,
        first_year_cost: 0.0,
        interim_rent: 0.0,
    };

    /// Taken from the rules in force.
    pub fn of(rules: &Rules) -> Self {
        let money = &rules.money;
        Tariffs {
            payment_per_person: money.payment_per_person.get(),
            flex_subsidy: money.flex_subsidy.get(),
            realisation_incentive: money.realisation_incentive.get(),
            first_year_cost: money.first_year_cost.get(),
            interim_rent: money.interim_rent.get(),
        }
    }
}
