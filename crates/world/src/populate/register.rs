//! The register in steady state: who is registered how long, when inflow and outflow balance (worlds/MODEL.md 3.1).
//!
//! A registration of an adult child lies dormant until the child leaves home; that of anybody else searches or lies
//! dormant. Searching registrations are let a dwelling fast once they are older than a cut-off, slowly before. The
//! cut-off is where lettings are exactly used up.

use doorstroom_kernel::calendar::DAYS_A_MONTH;

/// Months in a year.
const YEAR: f64 = 12.0;

/// Yearly rates and flows of one market.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Flows {
    /// New registrations a year of adult children who live in.
    pub new_children: f64,
    /// New registrations a year of heads and partners.
    pub new_adults: f64,
    /// Registrations a year that search from their first day: on leaving home, on a need.
    pub new_searching: f64,
    /// Share of new registrations of heads and partners that search at once.
    pub search_at_once: f64,
    /// Rate of leaving home of registered children.
    pub leave_home: f64,
    /// Share of them that search from then on.
    pub search_on_leaving: f64,
    /// Rate dormant to searching.
    pub wake: f64,
    /// Rate searching to dormant.
    pub sleep: f64,
    /// Rate at which dormant ones end.
    pub lapse: f64,
    /// Rate at which searching ones end without a letting.
    pub give_up: f64,
    /// Rate at which any ends because the holder is gone.
    pub leaves: f64,
    /// Lettings a year that use a registration.
    pub lettings: f64,
    /// Rate of letting above the cut-off.
    pub let_above: f64,
    /// Rate of letting below it.
    pub let_below: f64,
}

/// Registrations by seniority in months, per state.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Seniority {
    /// Of adult children, dormant.
    pub children: Vec<f64>,
    /// Of others, dormant.
    pub dormant: Vec<f64>,
    /// Searching.
    pub searching: Vec<f64>,
}

/// A register in balance.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Balance {
    /// Who is there.
    pub seniority: Seniority,
    /// Seniority (months) from which a dwelling is let fast.
    pub cut_off: f64,
    /// Lettings a year.
    pub lettings: f64,
    /// Mean seniority of the let, years.
    pub mean_let: f64,
    /// New registrations a year, of all kinds.
    pub inflow: f64,
}

impl Balance {
    /// Registrations.
    pub fn registered(&self) -> f64 {
        let Seniority { children, dormant, searching } = &self.seniority;
        [children, dormant, searching].into_iter().flatten().sum()
    }

    /// Mean years on the register.
    pub fn mean_stay(&self) -> f64 {
        self.registered() / self.inflow.max(f64::MIN_POSITIVE)
    }
}

/// The balance for `flows`, with seniority up to `months`. Where even the lowest rates let more than there is to let,
/// or the highest less, the cut-off lies at the end of the range.
pub(super) fn balance(flows: &Flows, months: usize) -> Balance {
    let (mut low, mut high) = (0.0, months as f64);
    // lettings fall with the cut-off: forty halvings of 540 months leave no month in doubt
    for _ in 0..40 {
        let middle = 0.5 * (low + high);
        if follow(flows, middle, months, |_| ()).lettings > flows.lettings {
            low = middle;
        } else {
            high = middle;
        }
    }
    through(flows, 0.5 * (low + high), months)
}

/// The balance with this cut-off.
fn through(flows: &Flows, cut_off: f64, months: usize) -> Balance {
    let mut seniority = Seniority::default();
    let balance = follow(flows, cut_off, months, |cohort| {
        seniority.children.push(cohort.child);
        seniority.dormant.push(cohort.dormant);
        seniority.searching.push(cohort.searching);
    });
    Balance { seniority, ..balance }
}

/// Registrations of one month, by state.
struct Cohort {
    child: f64,
    dormant: f64,
    searching: f64,
}

/// One cohort a month, followed through all ages of registration; `see` is shown it at each.
fn follow(flows: &Flows, cut_off: f64, months: usize, mut see: impl FnMut(&Cohort)) -> Balance {
    let mut all = Balance { cut_off, ..Balance::default() };
    let searching_at_once = flows.search_at_once * flows.new_adults + flows.new_searching;
    all.inflow = flows.new_children + flows.new_adults + flows.new_searching;
    let mut cohort = Cohort {
        child: flows.new_children / YEAR,
        dormant: (1.0 - flows.search_at_once) * flows.new_adults / YEAR,
        searching: searching_at_once / YEAR,
    };
    let chance = |rate: f64| -libm::expm1(-rate / YEAR);
    let (leave_home, wake, sleep) = (chance(flows.leave_home), chance(flows.wake), chance(flows.sleep));
    let stays_dormant = 1.0 - chance(flows.lapse + flows.leaves);
    let stays_searching = 1.0 - chance(flows.give_up + flows.leaves);
    let (slow, fast) = (chance(flows.let_below), chance(flows.let_above));
    let mut weighted = 0.0;
    for month in 0..months {
        see(&cohort);
        let Cohort { child, dormant, searching } = cohort;
        let above = (month as f64 + 1.0 - cut_off).clamp(0.0, 1.0);
        let lets = searching * (slow + above * (fast - slow));
        all.lettings += lets * YEAR;
        weighted += lets * YEAR * (month as f64 + 0.5) / YEAR;
        let left = child * leave_home * stays_dormant;
        let (woken, slept) = (dormant * stays_dormant * wake, (searching - lets) * stays_searching * sleep);
        cohort = Cohort {
            child: child * stays_dormant - left,
            dormant: dormant * stays_dormant - woken + slept + left * (1.0 - flows.search_on_leaving),
            searching: (searching - lets) * stays_searching - slept + woken + left * flows.search_on_leaving,
        };
    }
    all.mean_let = weighted / all.lettings.max(f64::MIN_POSITIVE);
    all
}

/// Ages of `count` registrations in days, oldest first, at evenly spaced quantiles of the months in `density`.
pub(super) fn quantiles_days(density: &[f64], count: usize) -> Vec<f64> {
    let total: f64 = density.iter().sum();
    let mut ages = Vec::with_capacity(count);
    let (mut month, mut before) = (0, 0.0);
    for k in 0..count {
        let wanted = (k as f64 + 0.5) / count as f64 * total;
        while month + 1 < density.len() && before + density[month] < wanted {
            before += density[month];
            month += 1;
        }
        let inside = ((wanted - before) / density[month].max(f64::MIN_POSITIVE)).clamp(0.0, 1.0);
        ages.push((month as f64 + inside) * DAYS_A_MONTH);
    }
    ages.reverse();
    ages
}

/// Chance to hold a registration by age in years, for somebody who may register at `rate_at(age)` a year from 18 on
/// and stays registered for `stay` years: `p' = rate (1 - p) - p / stay`, in steps of a tenth of a year.
pub(super) fn holding_by_age(rate_at: impl Fn(u16) -> f64, stay: f64, ages: usize) -> Vec<f64> {
    let mut held = vec![0.0; ages];
    let mut p = 0.0;
    for (age, held) in held.iter_mut().enumerate().skip(18) {
        let mut sum = 0.0;
        for _ in 0..10 {
            p += 0.1 * (rate_at(age as u16) * (1.0 - p) - p / stay.max(0.1));
            sum += 0.1 * p;
        }
        *held = sum;
    }
    held
}

#[cfg(test)]
mod tests {
    use super::*;

    fn flows(search_at_once: f64, lettings: f64) -> Flows {
        Flows {
            new_children: 0.0,
            new_adults: 1_000.0,
            new_searching: 0.0,
            search_at_once,
            leave_home: 0.13,
            search_on_leaving: 0.8,
            wake: 0.067,
            sleep: 0.2,
            lapse: 0.1,
            give_up: 0.15,
            leaves: 0.0,
            lettings,
            let_above: 0.8,
            let_below: 0.03,
        }
    }

    fn sum(cells: &[f64]) -> f64 {
        cells.iter().sum()
    }

    #[test]
    fn the_balance_closes_and_uses_up_all_lettings() {
        let flows = Flows { new_children: 500.0, leaves: 0.02, ..flows(0.6, 250.0) };
        let balance = balance(&flows, 540);
        assert!((balance.lettings - 250.0).abs() < 0.1, "{}", balance.lettings);
        let Seniority { children, dormant, searching } = &balance.seniority;
        // chances a month instead of rates: competing exits within a month differ by less than 2 %
        let lapsed = 0.12 * (sum(children) + sum(dormant));
        let out = lapsed + 0.17 * sum(searching) + balance.lettings;
        assert!((out / balance.inflow - 1.0).abs() < 0.02, "{out} of {}", balance.inflow);
    }

    #[test]
    fn scarcer_markets_have_later_cut_offs_and_longer_registrations_of_the_let() {
        // worlds/MODEL.md 3.1: lettings 8 % of searching give a cut-off of 10 to 11 years and a mean of 11 to 12
        let tight = balance(&flows(0.5, 160.0), 540);
        let success = tight.lettings / sum(&tight.seniority.searching);
        assert!((0.07..0.09).contains(&success), "{success}");
        assert!((9.5 * 12.0..11.5 * 12.0).contains(&tight.cut_off), "{}", tight.cut_off);
        assert!((10.5..12.2).contains(&tight.mean_let), "{}", tight.mean_let);
        let relaxed = balance(&flows(0.95, 560.0), 540);
        assert!(relaxed.mean_let < 4.6 && relaxed.cut_off < 36.0, "{} {}", relaxed.mean_let, relaxed.cut_off);
    }

    #[test]
    fn quantiles_have_the_mean_of_the_density_and_come_oldest_first() {
        let density: Vec<f64> = (0..120).map(|month| f64::from(120 - month)).collect();
        let ages = quantiles_days(&density, 1_000);
        assert!(ages.is_sorted_by(|a, b| a >= b));
        let mean = ages.iter().sum::<f64>() / 1_000.0 / DAYS_A_MONTH;
        assert!((mean - 40.0).abs() < 0.6, "a falling triangle of 120 months has its mean at a third: {mean}");
    }

    #[test]
    fn nobody_holds_a_registration_at_eighteen_and_the_chance_settles_between_in_and_outflow() {
        let held = holding_by_age(|_| 0.1, 5.0, 100);
        assert!(held[17] == 0.0 && held[18] < 0.06);
        assert!((held[90] - 0.1 / (0.1 + 0.2)).abs() < 1e-3, "{}", held[90]);
    }
}
