//! The housing quota (huisvestingstaakstelling): half-years close and open, status holders are linked (koppeling).

mod link;

use bevy_ecs::prelude::*;
use doorstroom_kernel::registrar::Registrar;
use doorstroom_kernel::{Luck, Purpose, Step};
use doorstroom_policy::apportion::apportion;
use doorstroom_policy::quota::{
    Distribution, MidTerm, carried_over, free_choice_weight, half_year_label, half_year_start, mid_term,
};
use doorstroom_policy::reception::{disperse, is_randstad};
use doorstroom_state::columns::{Columns, plain};
use doorstroom_state::municipality::Municipality;
use doorstroom_state::quota::{HalfYear, QuotaAccount};
use doorstroom_state::reception::ReceptionStock;

use crate::phase::Phase;
use crate::rulebook::Setting;

const FORECAST: Purpose = Purpose::named("error of the forecast behind a quota");

/// Consecutive misses after which the supervision ladder has no further step.
const MISSED_MOST: u8 = 4;

/// Registers the systems of the quota.
pub fn register(registrar: &mut Registrar<'_, Phase>) {
    registrar.then(Phase::Quota, "close the half-year and set the quota", close_and_set).then(
        Phase::Quota,
        "link status holders to municipalities",
        link::link,
    );
}

/// On the first step of a half-year closes all accounts and divides the new national quota; every step it notes the
/// inflow from which later quotas are set.
///
/// In the first step of a run nothing is closed: what the municipalities carry is part of the start state.
pub fn close_and_set(
    setting: Setting,
    stock: Res<ReceptionStock>,
    mut half_year: ResMut<HalfYear>,
    mut municipalities: Query<(&'static Municipality, &'static mut QuotaAccount)>,
) {
    let Some((places, accounts)) = municipalities.columns() else { return };
    let accounts = plain(accounts);
    let half_year = &mut *half_year;
    half_year.closed.clear();
    let label = half_year_label(setting.clock.today);
    let first = setting.clock.step == Step(0);
    if first || label != half_year.label {
        if !first {
            let rules = &setting.rulebook.rules.quota;
            let abolished = rules.distribution.get() == Distribution::FreeChoice;
            close(half_year, accounts, rules.carry.get() && !abolished, rules.drops_backlog.get());
        }
        half_year.national_milli = national_milli(&setting, half_year, &label);
        half_year.label = label;
        open(accounts);
        set_targets(divide(&setting, half_year.national_milli, places), accounts);
    } else if is_mid_term(&setting) {
        evaluate(&setting, half_year, places, accounts);
    }
    half_year.inflow.push(stock.flows.granted + stock.flows.family_arrived);
    let year = setting.steps(12.0) as usize;
    let past = half_year.inflow.len().saturating_sub(year);
    half_year.inflow.drain(..past);
}

/// Closes the accounts: shortfall and lead move on as the rules say, and a miss is a step on the ladder.
fn close(half_year: &mut HalfYear, accounts: &mut [QuotaAccount], carry: bool, drops_backlog: bool) {
    for (slot, account) in accounts.iter_mut().enumerate() {
        half_year.closed.push((slot as u16, *account, half_year.label.clone()));
        let outstanding = account.outstanding_milli();
        account.carried_milli = carried_over(outstanding, carry, drops_backlog);
        // the target of the half-year itself counts: an old backlog alone is no new miss
        let fell_short = outstanding > 0 && account.realised_milli < account.target_milli;
        account.missed = if fell_short { (account.missed + 1).min(MISSED_MOST) } else { 0 };
    }
}

/// Opens the accounts of a half-year.
fn open(accounts: &mut [QuotaAccount]) {
    for account in accounts {
        account.realised_milli = 0;
        account.by_route = [0; 4];
    }
}

/// Sets targets that sum to the national one.
fn set_targets(targets: Vec<i64>, accounts: &mut [QuotaAccount]) {
    for (account, target) in accounts.iter_mut().zip(targets) {
        account.target_milli = target;
    }
}

/// Targets by municipality of a national number: by inhabitants, or what comes in the place of the quota.
fn divide(setting: &Setting<'_>, national_milli: i64, places: &[Municipality]) -> Vec<i64> {
    let inhabitants: Vec<u32> = places.iter().map(|place| place.inhabitants).collect();
    let divided = match setting.rulebook.rules.quota.distribution.get() {
        Distribution::ByInhabitants => apportion(national_milli, &inhabitants),
        Distribution::FreeChoice => apportion(national_milli, &chosen_freely(setting, places)),
        Distribution::Provincial => {
            let usual: Vec<u32> = places
                .iter()
                .map(|place| (f64::from(place.inhabitants) * place.earmark_effort).round() as u32)
                .collect();
            disperse(national_milli, &provinces(setting, places), &inhabitants, &usual)
        }
    };
    // without inhabitants there is nobody to divide over, and no target
    divided.unwrap_or_else(|_| vec![0; places.len()])
}

fn provinces(setting: &Setting<'_>, places: &[Municipality]) -> Vec<u8> {
    places.iter().map(|place| setting.province_of(place.region)).collect()
}

/// Weights of municipalities where status holders choose the place themselves.
fn chosen_freely(setting: &Setting<'_>, places: &[Municipality]) -> Vec<u32> {
    let pull = setting.rulebook.rules.quota.randstad_pull.get();
    let weight = |place: &Municipality| {
        free_choice_weight(place.inhabitants, is_randstad(setting.province_of(place.region)), pull)
    };
    places.iter().map(weight).collect()
}

/// Three months into a half-year.
fn is_mid_term(setting: &Setting<'_>) -> bool {
    let middle = half_year_start(setting.clock.today).plus_months(3);
    (setting.clock.today..setting.clock.tomorrow).contains(&middle)
}

/// Looks at the half-year at mid-term: three months of inflow against the target.
fn evaluate(setting: &Setting<'_>, half_year: &mut HalfYear, places: &[Municipality], accounts: &mut [QuotaAccount]) {
    let variant = setting.rulebook.rules.quota.mid_term.get();
    let steps = setting.steps(3.0) as usize;
    let known = &half_year.inflow[half_year.inflow.len().saturating_sub(steps)..];
    if variant == MidTerm::None || known.is_empty() || setting.rulebook.rules.reception.status_absent.get() {
        return;
    }
    let persons: u32 = known.iter().sum();
    let expected = (f64::from(persons) * share_divided(setting) * 2_000.0).round() as i64;
    let (target, rolled) = mid_term(variant, half_year.national_milli, expected);
    (half_year.national_milli, half_year.rolled_milli) = (target, rolled);
    set_targets(divide(setting, target, places), accounts);
}

/// The national target in thousandths of a scaled person: as decreed, or the inflow expected for the half-year with
/// the error of a forecast, which is the same in every arm (worlds/MODEL.md M19).
fn national_milli(setting: &Setting<'_>, half_year: &mut HalfYear, label: &str) -> i64 {
    let rules = &setting.rulebook.rules;
    if rules.reception.status_absent.get() {
        return 0;
    }
    let persons = match rules.quota.persons.get() {
        decreed if decreed > 0.0 => decreed * setting.scale.0,
        _ => {
            let steps = setting.steps(6.0) as usize;
            let known = &half_year.inflow[half_year.inflow.len().saturating_sub(steps)..];
            let a_step = match known.len() {
                0 => setting.per_step(rules.reception.granted.get()),
                count => f64::from(known.iter().sum::<u32>()) / count as f64,
            };
            let period = label.bytes().fold(0, |key, byte| key << 8 | u64::from(byte));
            let mut luck = setting.chance.trait_of(FORECAST, period);
            a_step * steps as f64 * forecast_error(rules.quota.forecast_sigma.get(), &mut luck)
        }
    };
    let share = share_divided(setting);
    let rolled = std::mem::take(&mut half_year.rolled_milli);
    ((persons * share * 1_000.0).round() as i64 + rolled).max(0)
}

/// The part of those to be housed that is divided over municipalities: where status holders choose the place themselves,
/// what municipalities take on of their own accord.
fn share_divided(setting: &Setting<'_>) -> f64 {
    let rules = &setting.rulebook.rules.quota;
    match rules.distribution.get() {
        Distribution::FreeChoice => rules.voluntary_share.get(),
        _ => 1.0,
    }
}

/// A lognormal factor of mean one.
fn forecast_error(sigma: f64, luck: &mut Luck) -> f64 {
    libm::exp(sigma * luck.normal() - sigma * sigma / 2.0)
}

/// What a municipality still has to house beyond those who are linked to it, in thousandths of a person.
fn balance_milli(account: &QuotaAccount) -> i64 {
    account.outstanding_milli() - i64::from(account.linked_persons) * 1_000
}

#[cfg(test)]
mod tests {
    use super::*;
    use doorstroom_kernel::Chance;
    use doorstroom_policy::quota::next_target;
    use doorstroom_state::quota::HousingRoute;

    fn account(target: i64, carried: i64, realised: u32) -> QuotaAccount {
        let mut account =
            QuotaAccount { target_milli: target * 1_000, carried_milli: carried * 1_000, ..QuotaAccount::default() };
        account.house(realised, HousingRoute::Corporation);
        account
    }

    #[test]
    fn a_shortfall_makes_the_next_target_higher_and_a_lead_makes_it_lower() {
        let mut accounts = [account(10, 0, 7), account(10, 0, 12), account(10, 4, 7)];
        let expected = [(10, 7), (10, 12), (14, 7)].map(|(target, realised)| next_target(10, target, realised) * 1_000);
        let mut half_year = HalfYear { label: "2025-I".to_owned(), ..HalfYear::default() };
        close(&mut half_year, &mut accounts, true, false);
        open(&mut accounts);
        set_targets(vec![10_000; 3], &mut accounts);
        assert_eq!(accounts.map(|account| account.outstanding_milli()), [13_000, 8_000, 17_000]);
        assert_eq!(accounts.map(|account| account.outstanding_milli()), expected);
        assert_eq!(accounts.map(|account| account.missed), [1, 0, 1]);
        assert_eq!(half_year.closed[1].1.realised_milli, 12_000, "observers see the account as it stood");
    }

    #[test]
    fn without_carrying_a_miss_is_still_a_step_on_the_ladder_and_the_ladder_ends_at_four() {
        let mut accounts = [account(10, 0, 0)];
        let mut half_year = HalfYear::default();
        for expected in [1, 2, 3, 4, 4] {
            close(&mut half_year, &mut accounts, false, false);
            open(&mut accounts);
            set_targets(vec![5_000], &mut accounts);
            assert_eq!((accounts[0].missed, accounts[0].outstanding_milli()), (expected, 5_000));
        }
    }

    #[test]
    fn the_error_of_a_forecast_has_mean_one() {
        // sd of exp(0.25 z - 0.03125) is 0.2540; 4.06 standard errors of 40,000 draws
        let chance = Chance::new(5);
        let n = 40_000;
        let sum: f64 =
            (0..n).map(|i| forecast_error(0.25, &mut chance.trait_of(Purpose::named("test forecast"), i))).sum();
        assert!((sum / n as f64 - 1.0).abs() < 4.06 * 0.254 / (n as f64).sqrt());
    }
}
