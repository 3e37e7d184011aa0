//! Who pays what (geldstromen): the state, the reception agency COA, municipalities and households.

use doorstroom_state::HomeKind;
use doorstroom_state::reception::PlaceKind;

use crate::rows::MoneyRow;
use crate::tariffs::{Amounts, ITEMS, Tariffs};
use crate::totals::Totals;

/// What one step of `step_years` cost whom. `totals` has the cost of places already.
pub fn amounts(totals: &Totals, tariffs: &Tariffs, step_years: f64) -> Amounts {
    let place = |kind: PlaceKind| totals.reception_cost_eur[kind as usize];
    let flow_through = &totals.reception.stock.flow_through;
    let all = f64::from(flow_through.all_places().max(flow_through.occupied).max(1));
    let funded = place(PlaceKind::FlowThrough) * f64::from(flow_through.funded) / all;
    // who came back to reception is taken off: below nothing it is a refund
    let housed = totals.housed.iter().sum::<i64>() as f64;
    let interim = totals.in_home(HomeKind::Interim) + totals.in_home(HomeKind::FlowThrough);
    let built = totals.tenures[doorstroom_state::Tenure::Corporation as usize].built.saturating_sub(totals.flex_opened);
    [
        place(PlaceKind::Regular),
        place(PlaceKind::Dispersed),
        place(PlaceKind::MultiYear),
        place(PlaceKind::Emergency),
        place(PlaceKind::Hotel),
        place(PlaceKind::UkrainianMunicipal),
        funded,
        place(PlaceKind::FlowThrough) - funded,
        housed * tariffs.payment_per_person,
        f64::from(totals.flex_opened) * tariffs.flex_subsidy,
        f64::from(built) * tariffs.realisation_incentive,
        housed * tariffs.first_year_cost,
        f64::from(interim) * tariffs.interim_rent * step_years * 12.0,
    ]
}

/// Rows of table `money`: the steps of each calendar year added up.
pub fn rows(totals: &[Totals]) -> Vec<MoneyRow> {
    let mut rows = Vec::new();
    for of_year in totals.chunk_by(|a, b| a.today.ymd().0 == b.today.ymd().0) {
        let year = of_year[0].today.ymd().0 as u32;
        for (i, (payer, item)) in ITEMS.into_iter().enumerate() {
            let amount_eur = of_year.iter().map(|totals| totals.money[i]).sum();
            rows.push(MoneyRow { year, payer: payer.into(), item: item.into(), amount_eur, ..MoneyRow::default() });
        }
    }
    rows
}

#[cfg(test)]
mod tests {
    use super::*;
    use doorstroom_state::reception::FlowThroughStock;

    fn of(name: &str, amounts: &Amounts) -> f64 {
        amounts[ITEMS.iter().position(|(_, item)| *item == name).unwrap()]
    }

    #[test]
    fn the_municipality_pays_for_empty_flow_through_places_and_for_stays_beyond_the_funded_year() {
        let mut totals = Totals::default();
        totals.reception.stock.flow_through = FlowThroughStock { places: vec![60, 40], occupied: 80, funded: 50 };
        totals.reception_cost_eur[PlaceKind::FlowThrough as usize] = 200_000.0;
        let amounts = amounts(&totals, &Tariffs::default(), 1.0 / 12.0);
        assert_eq!(of("flow_through.funded", &amounts), 100_000.0);
        assert_eq!(of("flow_through.unfunded_and_empty", &amounts), 100_000.0);
    }

    #[test]
    fn a_payment_per_person_counts_persons_housed_by_every_route() {
        let tariffs = Tariffs { payment_per_person: 30_000.0, ..Tariffs::default() };
        let totals = Totals { housed: [3, 2, -1, 4], ..Totals::default() };
        assert_eq!(of("payment_per_person_housed", &amounts(&totals, &tariffs, 1.0 / 12.0)), 240_000.0);
    }
}
