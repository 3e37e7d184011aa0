//! Municipal reception sites under the dispersal law: which there are, and which close (worlds/MODEL.md 7.5).

use doorstroom_kernel::{Purpose, Step, Threshold};
use doorstroom_policy::apportion::apportion;
use doorstroom_policy::delivery::delivered;
use doorstroom_policy::reception::disperse;
use doorstroom_policy::site::{SiteRules, fill, month_on, next_cycle, offered};
use doorstroom_state::municipality::Municipality;
use doorstroom_state::reception::{MunicipalSite, ReceptionStock};

use crate::rulebook::Setting;

const RENEWED: Purpose = Purpose::named("whether the contract of a municipal reception site is renewed");

/// Places that municipalities offer under the dispersal law, as far as they were delivered and a site is run. Shares are
/// told in persons of the country, whatever the scale: a small site is small everywhere.
pub(super) fn dispersed(
    setting: &Setting<'_>,
    sites: &mut Vec<MunicipalSite>,
    municipalities: &[Municipality],
) -> Vec<u32> {
    let rules = &setting.rulebook.rules.reception;
    let third_year = rules.dispersal_delivered.get();
    let shares = Some((third_year / 2.0, third_year));
    let national = delivered(&rules.dispersal_target.steps, setting.clock.today, 0.0, shares);
    let provinces: Vec<u8> = municipalities.iter().map(|place| setting.province_of(place.region)).collect();
    let inhabitants: Vec<u32> = municipalities.iter().map(|place| place.inhabitants).collect();
    sites.resize(municipalities.len(), MunicipalSite::default());
    if begins_cycle(setting) {
        sites.iter_mut().for_each(|site| *site = next_cycle(*site));
    }
    // a world without inhabitants has nobody who could offer a place
    let nobody = vec![0; municipalities.len()];
    let asked = disperse(national.round() as i64, &provinces, &inhabitants, &inhabitants).unwrap_or(nobody);
    let of = site_rules(setting);
    let run: Vec<u32> = asked.iter().zip(&*sites).map(|(&share, site)| offered(share as u32, site, &of)).collect();
    let total = f64::from(run.iter().sum::<u32>()) * setting.scale.0;
    match apportion(total.round() as i64, &run) {
        Ok(places) => places.into_iter().map(|count| count as u32).collect(),
        Err(_) => vec![0; municipalities.len()],
    }
}

/// Fills the sites with the persons in them, and closes those at a loss or without a contract.
pub(super) fn close(setting: &Setting<'_>, stock: &mut ReceptionStock, municipalities: &[Municipality]) {
    let rules = site_rules(setting);
    let renewed = Threshold::of(setting.rulebook.rules.reception.site_renewed.get());
    let taken = fill(stock.in_dispersed, &stock.dispersed);
    for (m, site) in stock.sites.iter_mut().enumerate() {
        let mut luck = setting.chance.luck(RENEWED, u64::from(municipalities[m].code), setting.clock.step);
        *site = month_on(*site, stock.dispersed[m], taken[m], &rules, luck.strikes(renewed));
    }
}

/// Whether a new number is asked since the step before: a cycle of the law begins, with a new distribution.
fn begins_cycle(setting: &Setting<'_>) -> bool {
    let (clock, since) = (&setting.clock, setting.rulebook.rules.reception.dispersal_target.in_force_since());
    clock.step > Step(0) && since > clock.calendar.day_of(Step(clock.step.0 - 1)) && since <= clock.today
}

fn site_rules(setting: &Setting<'_>) -> SiteRules {
    let rules = &setting.rulebook.rules.reception;
    let steps = |months: f64| if months < 1.0 { 0 } else { setting.steps(months) };
    SiteRules {
        smallest: rules.site_smallest.get(),
        contract_months: steps(rules.site_contract_months.get()),
        break_even: rules.site_break_even.get(),
        loss_months: steps(rules.site_loss_months.get()),
    }
}
