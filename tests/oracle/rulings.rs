//! Random values for the rules that Allocation reads: the usual ones, their ends, and everything that makes a branch.

use doorstroom_kernel::{Day, Luck};
use doorstroom_policy::parameter::Parameter;
use doorstroom_policy::rules::{ByMarket, List};
use doorstroom_policy::scheme::{Assignment, Scheme, SchemeBook, Schemes};
use doorstroom_policy::{Rules, fit};
use doorstroom_state::region::MarketClass;

use crate::town::one_of;

/// Offers that a channel may allow.
pub const OFFERS: [u32; 7] = [1, 2, 5, 15, 15, 60, 200];
/// The same where offers go far down the list.
pub const MANY_OFFERS: [u32; 4] = [15, 60, 60, 200];

/// Regimes for status holders.
const REGIMES: [&str; 12] = [
    "FreeChoice",
    "FreeChoice",
    "ObligatoryUrgency",
    "ObligatoryUrgency",
    "ObligatoryUrgency",
    "ObligatoryUrgency",
    "ObligatoryUrgency",
    "Banned(except: [])",
    "Banned(except: [SinglesInSharedHomes(for_days: 365)])",
    "Banned(except: [SinglesInSharedHomes(for_days: 365)], scope: OrdinanceOnly)",
    "Banned(except: [], dsl_exempt: false)",
    "NoUrgencyOnAnyGround",
];

fn constant<T>(value: T) -> Parameter<T> {
    Parameter::constant(value, "test", "test")
}

/// Gives every rule of Allocation a random value and brings the values of `today` into force. `regions` are the codes
/// and classes of the markets, `most_offers` the offers that a channel may allow.
pub fn randomise(
    rules: &mut Rules,
    luck: &mut Luck,
    today: Day,
    regions: Vec<(String, MarketClass)>,
    most_offers: &[u32],
) {
    rules.schemes = schemes(luck, regions, most_offers);
    let allocation = &mut rules.allocation;
    let mut chance = |values: &[f64]| constant(one_of(luck, values));
    allocation.reactions_mean = chance(&[0.5, 3.5, 12.0, 40.0]);
    allocation.reactions_shape = chance(&[0.2, 0.45, 0.45, 3.0]);
    allocation.react_from_owner = chance(&[0.0, 0.05, 0.5, 1.0]);
    let by_market = ByMarket {
        tight: one_of(luck, &[0.0, 0.33]),
        middle: one_of(luck, &[0.33, 1.0]),
        relaxed: one_of(luck, &[0.5, 1.0]),
    };
    allocation.react_from_corporation = constant(by_market);
    let mut chance = |values: &[f64]| constant(one_of(luck, values));
    allocation.react_with_prospect = chance(&[0.0, 0.3, 1.0]);
    allocation.react_from_other_rental = chance(&[0.0, 0.5, 1.0]);
    allocation.neighbour_share = chance(&[0.0, 0.1, 0.5, 1.0]);
    allocation.accept_advertised = chance(&[0.0, 0.03, 0.15, 0.15, 0.6, 1.0]);
    allocation.accept_lottery = chance(&[0.0, 0.35, 1.0]);
    allocation.accept_direct = chance(&[0.0, 0.3, 0.8, 1.0]);
    allocation.accept_status_holder = chance(&[0.0, 0.4, 0.97, 1.0]);
    allocation.refusal_justified = chance(&[0.0, 0.5, 1.0]);
    rules.registration.student_search = chance(&[0.0, 0.3, 1.0]);
    quota(rules, luck);
    incomes(rules, luck);
    let since = today.plus_days(-one_of(luck, &[-1, 0, 1, 364, 365, 500]));
    let set = rules.set("priority.status_holder", since, one_of(luck, &REGIMES), "test");
    assert!(matches!(set, Some(Ok(()))), "the regime can be read");
    rules.bring_into_force(today);
}

/// Values with which offers go far down the list.
pub fn let_many_react(rules: &mut Rules, luck: &mut Luck) {
    let mut chance = |values: &[f64]| constant(one_of(luck, values));
    let allocation = &mut rules.allocation;
    allocation.reactions_mean = chance(&[5.0, 40.0]);
    allocation.reactions_shape = constant(3.0);
    allocation.accept_advertised = chance(&[0.02, 0.02, 0.15]);
    allocation.accept_lottery = chance(&[0.02, 0.35]);
    allocation.accept_direct = chance(&[0.02, 0.8]);
}

/// A scheme for each class of markets, whose channels leave something or nothing for adverts.
fn schemes(luck: &mut Luck, regions: Vec<(String, MarketClass)>, most_offers: &[u32]) -> SchemeBook {
    let library = MarketClass::ALL.map(|class| (class.key().to_owned(), scheme(luck, most_offers)));
    let by_class = MarketClass::ALL.map(|class| class.key().to_owned());
    let assignment = Assignment { by_class, by_region: Default::default() };
    SchemeBook::new(Schemes::new(library.into(), assignment, regions))
}

fn scheme(luck: &mut Luck, most_offers: &[u32]) -> Scheme {
    let total = one_of(luck, &[0.3, 0.6, 0.9, 1.0]);
    let parts = [(); 5].map(|()| luck.unit() * one_of(luck, &[0.0, 1.0, 1.0]));
    let sum: f64 = parts.iter().sum();
    let shares = parts.map(|part| if sum > 0.0 { total * part / sum } else { 0.0 });
    let direct = |name: &str, open_to: &str, share: f64| {
        format!(
            "(name: \"{name}\", share: {share:?}, rank: Direct, open_to: [\"{open_to}\"], most_offers: 1,
              untaken: NextChannel(\"advertised\")),"
        )
    };
    let offers = [(); 3].map(|()| one_of(luck, most_offers));
    let text = format!(
        "(version: 1, title: \"random\", channels: [
            {urgent} {renewal} {care}
            (name: \"other_direct\", share: {:?}, rank: Lottery, counts_as: Direct, most_offers: {}),
            (name: \"lottery\", share: {:?}, rank: Lottery, most_offers: {}),
            (name: \"advertised\", share: {:?}, rank: RegistrationTime, most_offers: {},
             bindings: [(name: \"local\", share: {:?}, groups: [\"resident\"])]),
        ], reserved: [{}], urgency: {{\"medical\": (groups: [\"everybody\"], granted: 0.75, validity_months: 6, one_offer: true)}})",
        shares[3],
        offers[0],
        shares[4],
        offers[1],
        (1.0 - shares.iter().sum::<f64>()).max(0.0),
        offers[2],
        one_of(luck, &[0.0, 0.5, 0.5, 1.0]),
        reserved(luck),
        urgent = direct("urgent", "medical", shares[0]),
        renewal = direct("renewal", "renewal", shares[1]),
        care = direct("care_leavers", "care_leaver", shares[2]),
    );
    let options = ron::Options::default().with_default_extension(ron::extensions::Extensions::IMPLICIT_SOME);
    options.from_str(&text).expect("this is the notation of schemes")
}

/// Shares of adverts kept for groups, in half of the schemes; halves and quarters, which are exact in binary.
fn reserved(luck: &mut Luck) -> String {
    const GROUPS: [&str; 9] =
        ["resident", "regular", "young", "senior", "family", "large_family", "single", "starter", "doorstromer"];
    let one = |luck: &mut Luck| {
        let groups = [one_of(luck, &GROUPS), one_of(luck, &GROUPS)];
        let groups = if groups[0] == groups[1] || luck.below(2) == 0 { &groups[..1] } else { &groups[..] };
        let (bound, share) = (one_of(luck, &["AtLeast", "AtMost"]), one_of(luck, &[0.25, 0.5]));
        format!("(groups: {groups:?}, share: {bound}({share:?})),")
    };
    (0..one_of(luck, &[0, 0, 1, 2])).map(|_| one(luck)).collect()
}

fn quota(rules: &mut Rules, luck: &mut Luck) {
    let quota = &mut rules.quota;
    let ladder = if luck.below(2) == 0 { vec![1.0, 1.05, 1.15, 1.3, 1.6] } else { vec![1.0, 2.0, 2.0, 2.0, 2.0] };
    quota.ladder = constant(List(ladder));
    let mut chance = |values: &[f64]| constant(one_of(luck, values));
    quota.link_days = chance(&[0.0, 28.0, 28.0, 56.0]);
    quota.earmark_median = chance(&[0.0185, 0.038, 0.1]);
    quota.earmark_backlog_effort = chance(&[0.0, 0.3, 3.0]);
    quota.earmark_highest = chance(&[0.25, 0.5, 1.0]);
    quota.shared_share_of_singles = chance(&[0.0, 0.4, 0.4, 1.0]);
    quota.shared_home_persons = chance(&[2.0, 3.0, 3.0, 4.0]);
    // a world of scale 1: none, one, or several persons a month
    quota.interim_persons = chance(&[0.0, 6.0, 30.0, 75.0]);
    quota.flex_share = chance(&[0.0, 0.3, 1.0]);
    quota.support_of_lagging = chance(&[1.0, 1.0, 1.3]);
    quota.compliance = chance(&[1.0, 1.0, 0.9, 0.5]);
}

/// Limits as in 2025, or exactly at an income that a household can have.
fn incomes(rules: &mut Rules, luck: &mut Luck) {
    if luck.below(3) > 0 {
        return;
    }
    let mut limit = |class: u8| constant(fit::income_eur(class, luck.below(256) as u8));
    let allocation = &mut rules.allocation;
    allocation.fit_income_single = limit(2);
    allocation.fit_income_multi = limit(3);
    allocation.limit_income_single = limit(5);
    allocation.limit_income_multi = limit(6);
}
