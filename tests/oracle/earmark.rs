//! What municipalities do for linked status holders, as the rules say it (worlds/MODEL.md M9, M14, M16, 7.3): longest
//! permit first; flex homes, then earmarked dwellings, then interim places.

use doorstroom_kernel::{Purpose, Threshold};
use doorstroom_policy::priority::{BanScope, Exception, StatusRegime};
use doorstroom_state::dwelling::DwellingForm;
use doorstroom_state::group::SeekerGroup;
use doorstroom_state::household::HomeKind;
use doorstroom_state::ledger::{Channel, Ground};
use doorstroom_state::quota::HousingRoute;
use doorstroom_state::vacancy::Vacancy;

use crate::naive::Naive;

const ACCEPT: Purpose = Purpose::named("acceptance of a linked offer");
const REFUSAL: Purpose = Purpose::named("whether a refusal is justified");
const SHARES: Purpose = Purpose::named("whether a single is placed in a shared home");
const INTERIM: Purpose = Purpose::named("number placed in interim homes");
const FLEX: Purpose = Purpose::named("whether a flex home is kept for status holders");

/// Municipality by municipality, in the order of their codes.
pub fn house_status_holders(naive: &mut Naive<'_>) {
    for municipality in 0..naive.now.municipalities.len() {
        offer_flex_homes(naive, municipality);
        offer_earmarked(naive, municipality);
    }
}

/// Households linked to a municipality whose composition is known, longest permit first.
fn linked_to(naive: &Naive<'_>, municipality: usize) -> Vec<usize> {
    let (now, town) = (&naive.now, naive.town);
    let link_days = town.rules.quota.link_days.get() as i32;
    let mut linked: Vec<usize> = (0..now.kin.len()).collect();
    linked.retain(|&h| now.homes[h].kind == HomeKind::Reception && now.seekers[h].group == SeekerGroup::StatusHolder);
    linked.retain(|&h| usize::from(now.seekers[h].linked) == municipality);
    linked.retain(|&h| town.today.days_since(now.means[h].permit_since) >= link_days);
    linked.sort_by_key(|&h| (now.means[h].permit_since, now.kin[h].name));
    linked
}

/// Not housed in this step, and there is still a duty to.
fn waits(naive: &Naive<'_>, household: usize) -> bool {
    naive.now.seekers[household].duty && !naive.housed.contains(&naive.now.kin[household].name)
}

fn persons(naive: &Naive<'_>, household: usize) -> u32 {
    naive.now.members[household].count() as u32
}

/// Vacancies of the municipality that nobody has yet, of this form, by name.
fn free(naive: &Naive<'_>, municipality: usize, form: DwellingForm) -> Vec<Vacancy> {
    let mut free = naive.on_offer.clone();
    free.retain(|v| !naive.gone.contains(&v.name));
    free.retain(|v| {
        let dwelling = &naive.now.dwellings[v.dwelling as usize];
        usize::from(dwelling.municipality) == municipality && dwelling.form == form
    });
    free
}

/// Whether a ban that exempts no places that are not meant to last is in force.
fn is_banned_from_interim(naive: &Naive<'_>) -> bool {
    let regime = &naive.town.rules.priority.status_holder;
    let is_banned = matches!(regime.now(), StatusRegime::Banned { dsl_exempt: false, .. });
    is_banned && regime.in_force_since() <= naive.town.today
}

/// Flex homes kept by the subsidy go to one or two persons, whatever the quota and the earmarks.
fn offer_flex_homes(naive: &mut Naive<'_>, municipality: usize) {
    if is_banned_from_interim(naive) {
        return;
    }
    let kept = Threshold::of(naive.town.rules.quota.flex_share.get());
    for vacancy in free(naive, municipality, DwellingForm::Flex) {
        if !naive.town.chance.trait_of(FLEX, vacancy.name.0).strikes(kept) {
            continue;
        }
        let linked = linked_to(naive, municipality);
        if let Some(&household) = linked.iter().find(|&&h| waits(naive, h) && persons(naive, h) <= 2) {
            offer(naive, municipality, household, &vacancy, HousingRoute::SharedOrTemporary);
        }
    }
}

/// One linked offer, carried out if it is accepted; true if it was.
fn offer(naive: &mut Naive<'_>, municipality: usize, household: usize, vacancy: &Vacancy, route: HousingRoute) -> bool {
    let is_let = accepts(naive, municipality, household, vacancy);
    if is_let {
        place(naive, municipality, household, vacancy, route);
    }
    is_let
}

/// The answer to one linked offer. A refusal that is not justified ends the duty, and so does the second.
fn accepts(naive: &mut Naive<'_>, municipality: usize, household: usize, vacancy: &Vacancy) -> bool {
    let (town, name) = (naive.town, naive.now.kin[household].name);
    let market = naive.market_of(municipality as u16);
    naive.flows(market, household).offers += 1;
    if naive.accepts(ACCEPT, name, vacancy.name, town.rules.allocation.accept_status_holder.get()) {
        return true;
    }
    naive.flows(market, household).refusals += 1;
    refuse(naive, household);
    false
}

/// A refusal that is not justified ends the duty, and so does the second.
pub fn refuse(naive: &mut Naive<'_>, household: usize) {
    let (town, name) = (naive.town, naive.now.kin[household].name);
    let justified = Threshold::of(town.rules.allocation.refusal_justified.get());
    let is_justified = town.chance.luck(REFUSAL, name.0, town.step).strikes(justified);
    let seeker = &mut naive.now.seekers[household];
    seeker.refusals += 1;
    if !is_justified || seeker.refusals >= 2 {
        seeker.duty = false;
    }
}

/// Whether a by-law must list the household as urgent in this municipality (M23): only under obligatory urgency, only where
/// the by-law knows urgency, and from the day on which it is linked and known.
pub fn is_listed(naive: &Naive<'_>, municipality: usize, household: usize) -> bool {
    let regime = &naive.town.rules.priority.status_holder;
    let obliges = *regime.now() == StatusRegime::ObligatoryUrgency && regime.in_force_since() <= naive.town.today;
    obliges
        && naive.now.municipalities[municipality].urgency_regulation
        && waits(naive, household)
        && linked_to(naive, municipality).contains(&household)
}

fn place(naive: &mut Naive<'_>, municipality: usize, household: usize, vacancy: &Vacancy, route: HousingRoute) {
    let row = naive.oldest_row(household, naive.market_of(municipality as u16));
    naive.let_to(household, vacancy, Channel::Direct, Ground::StatusHolder, 1, row);
    book(naive, municipality, household, route);
}

/// Counts the persons as housed under the quota.
fn book(naive: &mut Naive<'_>, municipality: usize, household: usize, route: HousingRoute) {
    let persons = persons(naive, household);
    let account = &mut naive.now.accounts[municipality];
    account.realised_milli += 1_000 * i64::from(persons);
    account.by_route[route as usize] += persons as i32;
}

/// Whether the regime in force lets a corporation dwelling be kept for this household (M16).
fn may_be_kept(naive: &Naive<'_>, municipality: usize, household: usize, shared: bool) -> bool {
    let regime = &naive.town.rules.priority.status_holder;
    let days = naive.town.today.days_since(regime.in_force_since());
    match regime.now() {
        _ if days < 0 => true,
        StatusRegime::FreeChoice | StatusRegime::ObligatoryUrgency => true,
        StatusRegime::NoUrgencyOnAnyGround => false,
        StatusRegime::ConditionalBan { .. } | StatusRegime::MunicipalChoice { .. } => {
            unreachable!("the towns of the oracle draw no such regime")
        }
        StatusRegime::Banned { except, scope, .. } => {
            let touched = *scope == BanScope::All || naive.now.municipalities[municipality].urgency_regulation;
            let alone = persons(naive, household) == 1 || naive.now.seekers[household].family_awaited > 0;
            let excepted =
                except.iter().any(|Exception::SinglesInSharedHomes { for_days }| days < i32::from(*for_days));
            !touched || (excepted && shared && alone)
        }
    }
}

/// Whether a household in reception may still expect an offer of the municipality to which it is linked (M17).
pub fn waits_for_an_offer(naive: &Naive<'_>, household: usize) -> bool {
    let seeker = &naive.now.seekers[household];
    let place = usize::from(seeker.linked);
    let is_due = seeker.group == SeekerGroup::StatusHolder && seeker.duty && place < naive.now.municipalities.len();
    let alone = persons(naive, household) == 1;
    is_due && (may_be_kept(naive, place, household, false) || alone && may_be_kept(naive, place, household, true))
}

/// Target, carried and realised, in thousandths of a person: is anything outstanding?
fn is_outstanding(naive: &Naive<'_>, municipality: usize) -> bool {
    let account = &naive.now.accounts[municipality];
    account.target_milli + account.carried_milli > account.realised_milli
}

/// Dwellings that the municipality may use in this step, in whole and fractions.
fn earmarked(naive: &Naive<'_>, municipality: usize) -> f64 {
    let (rules, account) = (&naive.town.rules.quota, &naive.now.accounts[municipality]);
    let mut effort = 1.0;
    if account.target_milli > 0 {
        let backlog = account.carried_milli.max(0) as f64 / account.target_milli as f64;
        effort += rules.earmark_backlog_effort.get() * backlog;
    }
    let ladder = rules.ladder.now();
    let pressed = ladder[usize::from(account.missed).min(ladder.len() - 1)];
    let helped = if account.missed >= 2 { rules.support_of_lagging.get() } else { 1.0 };
    let pressed = pressed * helped * rules.compliance.get();
    let usual = naive.now.municipalities[municipality].earmark_effort * rules.earmark_median.get();
    let kappa = (usual * effort * pressed).min(rules.earmark_highest.get());
    let vacancies = free(naive, municipality, DwellingForm::SelfContained).len();
    kappa * vacancies as f64 + naive.now.municipalities[municipality].earmark_carry
}

/// Earmarks, until they or what is outstanding are used up; what is left is carried, two dwellings at most. A single who
/// is meant to share does so with the next ones who are; who has nobody to share with, or no home for it, is as others.
fn offer_earmarked(naive: &mut Naive<'_>, municipality: usize) {
    let exact = earmarked(naive, municipality);
    let mut left = exact.floor();
    let mut had_a_room_offered: Vec<usize> = Vec::new();
    let linked = linked_to(naive, municipality);
    for (turn, &household) in linked.iter().enumerate() {
        if left < 1.0 || !is_outstanding(naive, municipality) {
            break;
        }
        if !waits(naive, household) || had_a_room_offered.contains(&household) {
            continue;
        }
        let mut alone = Some(household);
        if is_to_share(naive, municipality, household) {
            // those whose turn is over are not asked again
            let mut sharers = linked[turn..].to_vec();
            sharers.retain(|&h| waits(naive, h) && is_to_share(naive, municipality, h));
            sharers.retain(|h| !had_a_room_offered.contains(h));
            sharers.truncate(naive.town.rules.quota.shared_home_persons.get() as usize);
            if let (true, Some(home)) = (sharers.len() > 1, home_for(naive, municipality, sharers.len())) {
                had_a_room_offered.extend(&sharers);
                sharers.retain(|&h| accepts(naive, municipality, h, &home));
                alone = sharers.first().copied().filter(|_| sharers.len() == 1);
                if sharers.len() > 1 {
                    share_a_dwelling(naive, municipality, &home, &sharers);
                    left -= 1.0;
                }
            }
        }
        if let Some(household) = alone.filter(|&h| may_be_kept(naive, municipality, h, false)) {
            let mut fitting = free(naive, municipality, DwellingForm::SelfContained);
            fitting.retain(|vacancy| naive.fits(household, vacancy));
            fitting.sort_by_key(|v| (naive.now.dwellings[v.dwelling as usize].rooms, v.name));
            if let Some(&smallest) = fitting.first() {
                let used = offer(naive, municipality, household, &smallest, HousingRoute::Corporation);
                left -= f64::from(u8::from(used));
            }
        }
    }
    naive.now.municipalities[municipality].earmark_carry = (exact - exact.floor() + left).min(2.0);
}

/// A single whom the municipality means to place in a shared home, and may.
fn is_to_share(naive: &Naive<'_>, municipality: usize, household: usize) -> bool {
    let share = Threshold::of(naive.town.rules.quota.shared_share_of_singles.get());
    let name = naive.now.kin[household].name;
    let meant_to = persons(naive, household) == 1 && naive.town.chance.trait_of(SHARES, name.0).strikes(share);
    meant_to && may_be_kept(naive, municipality, household, true)
}

/// The smallest free dwelling with more rooms than sharers and a rent up to the second limit.
fn home_for(naive: &Naive<'_>, municipality: usize, sharers: usize) -> Option<Vacancy> {
    let mut fitting = free(naive, municipality, DwellingForm::SelfContained);
    fitting.retain(|vacancy| {
        let dwelling = &naive.now.dwellings[vacancy.dwelling as usize];
        usize::from(dwelling.rooms) > sharers && dwelling.rent_class <= 2
    });
    fitting.sort_by_key(|v| (naive.now.dwellings[v.dwelling as usize].rooms, v.name));
    fitting.first().copied()
}

/// The dwelling becomes a shared home with a room for each.
fn share_a_dwelling(naive: &mut Naive<'_>, municipality: usize, home: &Vacancy, sharers: &[usize]) {
    let dwelling = &mut naive.now.dwellings[home.dwelling as usize];
    dwelling.form = DwellingForm::Shared;
    dwelling.capacity = sharers.len() as u8;
    naive.out.converted += 1;
    for &sharer in sharers {
        place(naive, municipality, sharer, home, HousingRoute::SharedOrTemporary);
    }
}

/// Interim places: as many persons as fall to this step in the country, longest permit first, whoever still fits in.
pub fn fill_interim_places(naive: &mut Naive<'_>) {
    let town = naive.town;
    if is_banned_from_interim(naive) {
        return;
    }
    let expected = town.rules.quota.interim_persons.get() / 12.0 * town.population.scale;
    let one_more = town.chance.luck(INTERIM, 0, town.step).unit() < expected - expected.floor();
    let mut left = expected.floor() as u32 + u32::from(one_more);
    let municipalities = 0..naive.now.municipalities.len();
    let mut waiting: Vec<usize> = municipalities.flat_map(|municipality| linked_to(naive, municipality)).collect();
    waiting.retain(|&h| waits(naive, h));
    waiting.sort_by_key(|&h| (naive.now.means[h].permit_since, naive.now.kin[h].name));
    for household in waiting {
        if persons(naive, household) > left {
            continue;
        }
        left -= persons(naive, household);
        naive.now.homes[household].kind = HomeKind::Interim;
        naive.housed.insert(naive.now.kin[household].name);
        book(naive, usize::from(naive.now.seekers[household].linked), household, HousingRoute::SharedOrTemporary);
    }
}
