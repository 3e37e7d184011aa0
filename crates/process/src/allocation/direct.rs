//! Direct mediation (directe bemiddeling) outside the quota: renewal, urgency, leavers of institutions, flex homes.

use doorstroom_kernel::Purpose;
use doorstroom_policy::fit::{self, IncomeFitRules};
use doorstroom_policy::rules::AllocationRules;
use doorstroom_state::books::Books;
use doorstroom_state::dwelling::DwellingForm;
use doorstroom_state::group::SeekerGroup;
use doorstroom_state::household::{Due, HomeKind, UrgencyGround};
use doorstroom_state::ledger::{Channel, Ground};
use doorstroom_state::region::{MarketClass, Region};
use doorstroom_state::slots::{NO_SLOT, Slot};

use super::{Table, Way, write_letting};
use crate::rulebook::Setting;

const CHANNEL: Purpose = Purpose::named("channel of a vacancy");
const ACCEPT: Purpose = Purpose::named("acceptance of a direct offer");

/// What is done with a vacancy.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Mode {
    /// Offered to households with a medical or social statement.
    Urgent,
    /// Offered to households whose dwelling is to be demolished.
    Renewal,
    /// Offered to leavers of institutions.
    Care,
    /// Exchange, groups, free mediation: among those who react, not by seniority.
    OtherDirect,
    /// Lottery among those who react.
    Lottery,
    /// Advertised, ranked by registration time.
    Advertised,
}

/// The mode of a vacancy, drawn per dwelling and step so that shares hold in expectation.
pub fn mode_of(rules: &AllocationRules, class: MarketClass, name: u64, setting: &Setting<'_>) -> Mode {
    let shares = [
        rules.direct_urgent.now().of(class),
        rules.direct_renewal.now().of(class),
        rules.direct_care.now().of(class),
        rules.direct_other.now().of(class),
        rules.lottery.now().of(class),
    ];
    let modes = [Mode::Urgent, Mode::Renewal, Mode::Care, Mode::OtherDirect, Mode::Lottery];
    let mut left = setting.chance.luck(CHANNEL, name, setting.clock.step).unit();
    for (share, mode) in shares.into_iter().zip(modes) {
        if left < share {
            return mode;
        }
        left -= share;
    }
    Mode::Advertised
}

/// True if the household fits the dwelling by rooms and income.
pub fn fits(
    books: &Books<'_>,
    household: Slot,
    dwelling: Slot,
    setting: &Setting<'_>,
    limits: &IncomeFitRules,
) -> bool {
    let (i, home) = (household as usize, &books.dwellings[dwelling as usize]);
    let members = &books.members[i];
    let needed = doorstroom_policy::crowding::rooms_needed_by(members, setting.clock.month());
    let income = fit::income_eur(books.means[i].income_class, books.means[i].position);
    fit::rooms_fit(needed, home.rooms)
        && fit::rent_classes(limits, members.count() as u8, income).contains(&home.rent_class)
}

/// Offers the vacancies drawn for direct mediation, in the order of names, to the candidate who waits longest.
pub fn mediate(books: &mut Books<'_>, setting: &Setting<'_>, table: &mut Table, regions: &[Region]) {
    let rules = &setting.rulebook.rules.allocation;
    let limits = IncomeFitRules::from(rules);
    let urgent = candidates(books, setting, table, regions.len(), SeekerGroup::Urgent);
    let care = candidates(books, setting, table, regions.len(), SeekerGroup::ShortNotice);
    for index in 0..table.vacancies.len() {
        if table.taken[index] {
            continue;
        }
        let vacancy = table.vacancies[index];
        let is_flex = books.dwellings[vacancy.dwelling as usize].form == DwellingForm::Flex;
        let market = usize::from(table.market[index]);
        let mode = mode_of(rules, regions[market].class, vacancy.name.0, setting);
        let (pool, ground) = match mode {
            _ if is_flex => (&care[market], None),
            Mode::Urgent => (&urgent[market], Some(UrgencyGround::Medical)),
            Mode::Renewal => (&urgent[market], Some(UrgencyGround::Renewal)),
            Mode::Care => (&care[market], None),
            _ => continue,
        };
        let chosen = pool.iter().map(|&(_, _, slot)| slot).find(|&slot| {
            let seeker = &books.seekers[slot as usize];
            // a statement that ended by a refusal gives no second offer in the same step
            let holds = |ground| seeker.ground == ground && seeker.urgent_until > setting.clock.step;
            // a flex home is no step up from a flex home: without this the same few would pass them round
            !(is_flex && lives_in_flex(books, slot))
                && !table.is_housed(slot)
                && ground.is_none_or(holds)
                && fits(books, slot, vacancy.dwelling, setting, &limits)
        });
        let Some(household) = chosen else { continue };
        let name = books.kin[household as usize].name;
        let accept = doorstroom_kernel::Threshold::of(rules.accept_direct.get());
        let accepts = setting.chance.luck_with(ACCEPT, name.0, vacancy.name.0, setting.clock.step).strikes(accept);
        let group = books.seekers[household as usize].group;
        let flows = &mut books.ledger.search[market][group as usize];
        flows.offers += 1;
        if accepts {
            let ground = match ground {
                Some(UrgencyGround::Renewal) => Ground::Renewal,
                Some(_) => Ground::Medical,
                None => Ground::CareLeaver,
            };
            let row = books.best_row(household, market as u8).unwrap_or(NO_SLOT);
            write_letting(books, setting, vacancy, household, Way { channel: Channel::Direct, ground, rank: 1, row });
            table.take(index, household);
        } else {
            flows.refusals += 1;
            if ground == Some(UrgencyGround::Medical) {
                // one offer: the statement ends
                let seeker = &mut books.seekers[household as usize];
                seeker.urgent_until = setting.clock.step;
                books.registration[household as usize].0 = Due::redraw(setting.clock.step.plus(1));
            }
        }
    }
}

/// True if the household lives in a flex home already.
fn lives_in_flex(books: &Books<'_>, household: Slot) -> bool {
    let home = &books.homes[household as usize];
    home.kind == HomeKind::Dwelling && books.dwellings[home.dwelling as usize].form == DwellingForm::Flex
}

type Pool = Vec<Vec<(doorstroom_kernel::Day, u64, Slot)>>;

/// Candidates by market, longest waiting first.
fn candidates(books: &mut Books<'_>, setting: &Setting<'_>, table: &Table, markets: usize, group: SeekerGroup) -> Pool {
    let mut pool: Pool = vec![Vec::new(); markets];
    let seekers = &*books.seekers;
    let list = match group {
        SeekerGroup::Urgent => &mut books.lists.urgent,
        _ => &mut books.lists.care_leavers,
    };
    for &(name, slot) in list.settle(books.kin, |slot| seekers[slot as usize].group == group) {
        if table.is_housed(slot) {
            continue;
        }
        let seeker = &books.seekers[slot as usize];
        let since = if group == SeekerGroup::Urgent { seeker.urgent_since } else { seeker.need_since };
        let municipality = books.homes[slot as usize].municipality;
        let Some(&market) = setting.gazetteer.region_of.get(usize::from(municipality)) else { continue };
        pool[usize::from(market)].push((since, name.0, slot));
    }
    for market in &mut pool {
        market.sort_unstable();
    }
    pool
}
