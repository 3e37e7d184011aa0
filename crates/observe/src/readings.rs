//! The readings by which a world is calibrated: how its own figures compare with published ones.

use doorstroom_kernel::calendar::DAYS_A_YEAR;
use doorstroom_state::region::MarketClass;
use doorstroom_state::{HomeKind, Tenure};

use crate::cohorts::READ;
use crate::lettings::{has_registration_time, is_regular};
use crate::observers::Observed;
use crate::totals::{HOUSED, Totals, flows};

/// Months over which a world that stands still may not drift.
const STANDSTILL_MONTHS: f64 = 24.0;

/// One reading: name, value at the scale of the country, unit.
pub type Reading = (String, f64, &'static str);

/// All readings of a run (model notes 3.4). Flows and shares are of the first twelve months, drifts of months 1 to 24
/// or as many as there are; counts are divided by the scale of the world. NaN where the run is too short.
pub fn readings(observed: &Observed) -> Vec<Reading> {
    let mut book = Readings { observed, list: Vec::new() };
    book.lettings();
    book.registration_years();
    book.reception();
    book.lists();
    book.tenures();
    book.cohorts();
    book.drifts();
    book.list
}

struct Readings<'a> {
    observed: &'a Observed,
    list: Vec<Reading>,
}

impl Readings<'_> {
    fn put(&mut self, name: &str, value: f64, unit: &'static str) {
        self.list.push((name.to_owned(), value, unit));
    }

    /// The steps of the first `years`.
    fn first(&self, years: f64) -> &[Totals] {
        let steps = (years / self.observed.step_years).round() as usize;
        &self.observed.totals[..steps.min(self.observed.totals.len())]
    }

    fn years(&self, totals: &[Totals]) -> f64 {
        totals.len() as f64 * self.observed.step_years
    }

    fn lettings(&mut self) {
        let year = self.first(1.0);
        let (years, last) = (self.years(year), year.last().map_or(0, |totals| totals.step));
        let log = self.observed.lettings.lettings.iter().zip(&self.observed.letting_steps);
        let first: Vec<_> = log.filter(|&(_, &step)| step <= last).map(|(letting, _)| letting).collect();
        let regular: Vec<_> = first.iter().filter(|letting| is_regular(letting)).collect();
        let count = regular.len() as f64;
        let stock = self.observed.start.stock[Tenure::Corporation as usize] as f64;
        let scale = self.observed.scale;
        let share = |is: &dyn Fn(&doorstroom_state::ledger::Letting) -> bool| {
            regular.iter().filter(|letting| is(letting)).count() as f64 / count
        };
        let shares = [
            ("lettings.status_history", share(&|l| l.status_history)),
            ("lettings.permit_under_a_year", share(&|l| l.permit_under_a_year)),
            ("lettings.direct", share(&|l| l.channel == doorstroom_state::ledger::Channel::Direct)),
            ("lettings.starters", share(&|l| !l.vacates_social)),
            ("lettings.no_dwelling_left", share(&|l| !l.vacates_dwelling)),
        ];
        self.put("lettings", count / years / scale, "lettings per year");
        self.put("lettings_per_stock", count / years / stock, "per corporation dwelling per year");
        for class in MarketClass::ALL {
            let is_here = |market: u8| self.observed.classes.get(usize::from(market)) == Some(&class);
            let count = regular.iter().filter(|letting| is_here(letting.market)).count() as f64;
            let value = count / years / f64::from(self.observed.start_corporation[class as usize]);
            self.put(&format!("lettings_per_stock.{}", class.key()), value, "per corporation dwelling per year");
        }
        shares.into_iter().for_each(|(name, value)| self.put(name, value, "share of lettings"));
    }

    fn registration_years(&mut self) {
        let last = self.first(1.0).last().map_or(0, |totals| totals.step);
        let log = self.observed.lettings.lettings.iter().zip(&self.observed.letting_steps);
        let timed: Vec<(usize, f64)> = log
            .filter(|&(letting, &step)| step <= last && has_registration_time(letting))
            .map(|(letting, _)| (usize::from(letting.market), f64::from(letting.registration_days) / DAYS_A_YEAR))
            .collect();
        let mean = |is: &dyn Fn(usize) -> bool| {
            let of = || timed.iter().filter(|(market, _)| is(*market)).map(|(_, years)| years);
            of().sum::<f64>() / of().count() as f64
        };
        let classes = &self.observed.classes;
        let by_class = MarketClass::ALL.map(|class| (class.key(), mean(&|market| classes.get(market) == Some(&class))));
        let all = mean(&|_| true);
        self.put("registration_years", all, "years");
        for (class, value) in by_class {
            self.put(&format!("registration_years.{class}"), value, "years");
        }
    }

    fn reception(&mut self) {
        let (year, two, scale) = (self.first(1.0), self.first(2.0), self.observed.scale);
        let years = self.years(year);
        let housed = [0, 1, 2, 3].map(|route| year.iter().map(|t| t.housed[route] as f64).sum::<f64>() / years / scale);
        let share = |totals: &[Totals]| {
            let status: f64 = totals.iter().map(|t| f64::from(t.reception.stock.status_holders)).sum();
            status / totals.iter().map(|t| f64::from(t.reception.residents())).sum::<f64>()
        };
        let status_share = share(two);
        let end = year.last();
        let overdue = end.map_or(f64::NAN, |t| f64::from(t.reception.stock.overdue) / scale);
        let start_outside = self.observed.start.ukrainians_outside();
        let end_outside = end.map_or(f64::NAN, Totals::ukrainians_outside);
        for (route, persons) in HOUSED.into_iter().zip(housed) {
            self.put(&format!("housed_persons.{route}"), persons, "persons per year");
        }
        self.put("housed_persons", housed.iter().sum(), "persons per year");
        self.put("reception.status_share", status_share, "share of residents");
        self.put("reception.overdue", overdue, "persons after a year");
        self.put("ukrainians_outside.start", start_outside, "share of persons");
        self.put("ukrainians_outside", end_outside, "share of persons after a year");
    }

    fn lists(&mut self) {
        let scale = self.observed.scale;
        let Some(end) = self.first(1.0).last().cloned() else { return };
        let searching = f64::from(end.searching_registrations);
        self.put("registered", f64::from(end.registered) / scale, "registrations");
        self.put("searching", searching / scale, "registrations");
        self.put("searching_per_registered", searching / f64::from(end.registered), "share of registrations");
        self.put("reactions_per_advert", f64::from(end.reactions) / f64::from(end.adverts), "reactions");
        let first = self.first(1.0);
        let last = first.last().map_or(0, |totals| totals.step);
        let log = self.observed.lettings.lettings.iter().zip(&self.observed.letting_steps);
        let open = log.filter(|&(l, &step)| step <= last && crate::lettings::is_from_advert(l)).count() as f64;
        let success = open / self.years(first) / f64::from(end.active_year);
        self.put("success", success, "open lettings per year per active registration");
        self.put("hosted", f64::from(end.hosted()) / scale, "households");
        self.put("rooms", f64::from(end.in_home(HomeKind::Room)) / scale, "households");
        for year in [2026, 2030] {
            let before = self.observed.totals.iter().rfind(|totals| totals.today.ymd().0 < year);
            let complete = before.is_some_and(|totals| totals.today.plus_months(1).ymd().0 == year);
            let households = before.filter(|_| complete).map_or(f64::NAN, |t| f64::from(t.households_cbs) / scale);
            self.put(&format!("households.{year}"), households, "households on 1 January");
        }
        let measured = self.observed.totals.iter().find_map(|totals| totals.crowding);
        let share = |which: usize| measured.map_or(f64::NAN, |p| f64::from(p[which]) / f64::from(p[0]));
        self.put("crowded", share(1), "share of persons in dwellings");
        self.put("under_occupied", share(2), "share of persons in dwellings");
    }

    /// Flows of dwellings by tenure and cause, thousand a year over the first year.
    fn tenures(&mut self) {
        let year = self.first(1.0);
        let Some((first, rest)) = year.split_first() else { return };
        let mut sums = flows(first);
        for totals in rest {
            sums.iter_mut().zip(flows(totals)).for_each(|(sum, (_, count))| sum.1 += count);
        }
        let per_year = 1.0 / (self.years(year) * self.observed.scale * 1_000.0);
        let mut whole = Vec::new();
        for (t, tenure) in Tenure::ALL.iter().enumerate() {
            let of = |pick: &dyn Fn(&Totals) -> u32| year.iter().map(|totals| f64::from(pick(totals))).sum::<f64>();
            let vacated = of(&|totals| totals.tenures[t].vacated.iter().sum());
            let filled = of(&|totals| totals.tenures[t].filled.iter().sum());
            whole.push((format!("vacated.{}", tenure.key()), vacated * per_year));
            whole.push((format!("filled.{}", tenure.key()), filled * per_year));
        }
        let named =
            |name: &str| !name.starts_with("life.") && !name.starts_with("reception.") && !name.starts_with("housed");
        let by_cause =
            sums.into_iter().filter(|(name, _)| named(name)).map(|(name, count)| (name, count as f64 * per_year));
        for (name, value) in whole.into_iter().chain(by_cause) {
            self.put(&name, value, "thousand per year");
        }
    }

    /// Work and benefit of those whose permit was granted in the run, over the whole run.
    fn cohorts(&mut self) {
        for (i, (name, _)) in READ.into_iter().enumerate() {
            let sum = |which: usize| self.observed.totals.iter().map(|t| f64::from(t.cohorts[i][which])).sum::<f64>();
            self.put(name, sum(1) / sum(0), "share of status households");
        }
    }

    fn drifts(&mut self) {
        let totals = self.first(STANDSTILL_MONTHS / 12.0);
        let mut lettings = vec![(0.0, 0u32); totals.len()];
        let first = totals.first().map_or(0, |totals| totals.step);
        for (letting, &step) in self.observed.lettings.lettings.iter().zip(&self.observed.letting_steps) {
            if let Some(sum) = lettings.get_mut(usize::from(step - first)).filter(|_| has_registration_time(letting)) {
                sum.0 += f64::from(letting.registration_days);
                sum.1 += 1;
            }
        }
        let registration: Vec<f64> = lettings.iter().map(|&(days, count)| days / f64::from(count)).collect();
        let series = |value: &dyn Fn(&Totals) -> u32| totals.iter().map(|t| f64::from(value(t))).collect::<Vec<f64>>();
        let step_years = self.observed.step_years;
        let drifts = [
            ("registered", series(&|t| t.registered)),
            ("searching", series(&|t| t.searching_registrations)),
            ("registration_years", registration),
            ("hosted", series(&Totals::hosted)),
            ("overdue", series(&|t| t.reception.stock.overdue)),
            ("vacant.owner", series(&|t| t.vacant[0])),
            ("vacant.corporation", series(&|t| t.vacant[1])),
            ("vacant.other_rental", series(&|t| t.vacant[2])),
        ]
        .map(|(name, values)| (name, drift_per_year(&values, step_years)));
        for (name, value) in drifts {
            self.put(&format!("drift.{name}"), value * 100.0, "% per year");
        }
    }
}

/// Slope of the least-squares line through `values`, one a step, as a share of their mean per year; steps without a
/// value (NaN) are left out. NaN below two values.
fn drift_per_year(values: &[f64], step_years: f64) -> f64 {
    let points: Vec<(f64, f64)> =
        values.iter().enumerate().filter(|(_, v)| !v.is_nan()).map(|(i, &v)| (i as f64 * step_years, v)).collect();
    let n = points.len() as f64;
    let (mean_x, mean_y) = (points.iter().map(|p| p.0).sum::<f64>() / n, points.iter().map(|p| p.1).sum::<f64>() / n);
    let covariance: f64 = points.iter().map(|p| (p.0 - mean_x) * (p.1 - mean_y)).sum();
    let variance: f64 = points.iter().map(|p| (p.0 - mean_x) * (p.0 - mean_x)).sum();
    covariance / variance / mean_y
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn drift_is_the_slope_over_the_mean_and_skips_steps_without_a_value() {
        // 100 rising by 1 a month: mean 105.5 over twelve months, slope 12 a year
        let values: Vec<f64> = (0..12).map(|i| 100.0 + f64::from(i)).collect();
        assert!((drift_per_year(&values, 1.0 / 12.0) - 12.0 / 105.5).abs() < 1e-12);
        let gaps = [100.0, f64::NAN, 102.0];
        assert!((drift_per_year(&gaps, 1.0 / 12.0) - 12.0 / 101.0).abs() < 1e-12);
        assert!(drift_per_year(&[5.0], 1.0).is_nan());
    }
}
