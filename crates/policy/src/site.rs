//! Opvanglocaties van gemeenten (municipal reception sites): which are large enough to run, how they fill, when they close.

use doorstroom_state::reception::MunicipalSite;

/// What the rules say of municipal sites.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct SiteRules {
    /// Fewest places of a site that can be run.
    pub smallest: f64,
    /// Months of a contract; 0 if it does not end.
    pub contract_months: u32,
    /// Share of its places that must be taken for a site not to lose money.
    pub break_even: f64,
    /// Months in a row of loss after which the municipality closes it; 0 if it never does.
    pub loss_months: u32,
}

/// Kleinschalige opvang (small-scale reception): places that a municipality offers of its `share`. Below the smallest size
/// nobody runs a site, so nothing: municipalities could not run reception themselves yet in 2025.
pub fn offered(share: u32, site: &MunicipalSite, rules: &SiteRules) -> u32 {
    if site.closed || f64::from(share) < rules.smallest { 0 } else { share }
}

/// Volgende cyclus (next cycle): the law distributes anew, and a municipality whose site had closed is asked again.
/// Source: Spreidingswet (in force since 1 February 2024), a distribution decision every cycle.
pub fn next_cycle(site: MunicipalSite) -> MunicipalSite {
    if site.closed { MunicipalSite::default() } else { site }
}

/// Persons in each site: the largest site fills first, the first of equals before the next.
pub fn fill(persons: u32, places: &[u32]) -> Vec<u32> {
    let mut order: Vec<usize> = (0..places.len()).collect();
    order.sort_by_key(|&site| std::cmp::Reverse(places[site]));
    let (mut left, mut taken) = (persons, vec![0; places.len()]);
    for site in order {
        taken[site] = left.min(places[site]);
        left -= taken[site];
    }
    taken
}

/// A site after one more month in which `taken` of its `places` were in use. It closes when its contract ends and is not
/// `renewed`, or after months of loss in a row. What is closed stays closed until the [`next_cycle`]; without places there is
/// no site.
pub fn month_on(site: MunicipalSite, places: u32, taken: u32, rules: &SiteRules, renewed: bool) -> MunicipalSite {
    if places == 0 {
        return MunicipalSite { closed: site.closed, ..MunicipalSite::default() };
    }
    let at_loss = f64::from(taken) < rules.break_even * f64::from(places);
    let loss_months = if at_loss { site.loss_months + 1 } else { 0 };
    let open_months = site.open_months + 1;
    let ends = rules.contract_months > 0 && open_months.is_multiple_of(rules.contract_months);
    let given_up = rules.loss_months > 0 && loss_months >= rules.loss_months;
    MunicipalSite { open_months, loss_months, closed: given_up || (ends && !renewed) }
}
