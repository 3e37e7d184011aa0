//! Asylum seekers enter the procedure; some leave it, some get a permit and become status holders in reception.

use bevy_ecs::prelude::*;
use doorstroom_kernel::{Luck, Purpose};
use doorstroom_policy::rules::ReceptionRules;
use doorstroom_state::books::BookKeeping;
use doorstroom_state::columns::Columns;
use doorstroom_state::group::SeekerGroup;
use doorstroom_state::household::{Home, HomeKind, Means, Seeker, Work};
use doorstroom_state::members::{MEMBERS_MAX, Members};
use doorstroom_state::municipality::Municipality;
use doorstroom_state::name::KinName;
use doorstroom_state::newcomer::{Newcomer, Newcomers};
use doorstroom_state::reception::{Departure, ReceptionFlows, ReceptionStock};

use super::persons::{self, HeadAges};
use crate::rulebook::Setting;

const ASYLUM_INFLOW: Purpose = Purpose::named("asylum seekers who enter the procedure");
const PROCEDURE_LEFT: Purpose = Purpose::named("asylum seekers who leave the procedure");
const PERMITS: Purpose = Purpose::named("households that get a permit");
const SUBSIDIARY: Purpose = Purpose::named("whether a permit is one of subsidiary protection");
const PERMIT_HOUSEHOLD: Purpose = Purpose::named("persons and means of a permit household");

/// Persons for whom one sponsor can wait.
const AWAITED_MAX: u32 = 8;

/// Kind of household at grant, in the order of `grant_shares`.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum PermitKind {
    /// Alleenstaand: single, without a claim for family.
    Single,
    /// Alleengaand: single here, family awaited.
    AwaitingFamily,
    /// Two adults.
    Couple,
    /// Three persons or more.
    Family,
}

impl PermitKind {
    const ALL: [PermitKind; 4] =
        [PermitKind::Single, PermitKind::AwaitingFamily, PermitKind::Couple, PermitKind::Family];

    /// Stream of arrivals, part of the names of its households.
    fn stream(self) -> &'static str {
        match self {
            PermitKind::Single => "permit single",
            PermitKind::AwaitingFamily => "permit awaiting family",
            PermitKind::Couple => "permit couple",
            PermitKind::Family => "permit family",
        }
    }

    fn mean_size(self, rules: &ReceptionRules) -> f64 {
        match self {
            PermitKind::Single | PermitKind::AwaitingFamily => 1.0,
            PermitKind::Couple => 2.0,
            PermitKind::Family => 3.0 + rules.grant_family_extra.get(),
        }
    }
}

/// Takes in asylum seekers, grants permits to those in procedure and lets others leave it.
pub fn take_in_and_grant(
    setting: Setting,
    mut stock: ResMut<ReceptionStock>,
    mut municipalities: Query<&'static Municipality>,
    mut keeping: BookKeeping,
    mut newcomers: ResMut<Newcomers>,
) {
    let (Some(books), Some(places)) = (keeping.open(), municipalities.columns()) else { return };
    let rules = &setting.rulebook.rules.reception;
    let step = setting.clock.step;
    stock.flows = ReceptionFlows::default();
    let flow = |purpose, a_year: f64| setting.chance.luck(purpose, 0, step).poisson(setting.per_step(a_year));
    let path = rules.inflow_path.get().factor(rules.inflow_factors.now());
    let entered = flow(ASYLUM_INFLOW, rules.asylum_inflow.get() * path);
    stock.in_procedure += entered;
    // decisions follow those who came in as long ago as a procedure takes
    let came = setting.clock.today.plus_months(-(rules.inflow_decision_months.get() as i32));
    let path = rules.inflow_path.at(came).factor(rules.inflow_factors.now());
    let decided = decided(&setting, &mut stock, rules.granted.get() * path);
    let admitted = newcomers.0.len();
    let granted = grant(&setting, places, stock.in_procedure, decided, &mut newcomers);
    if rules.status_absent.get() {
        // decided upon like the others, and not admitted
        newcomers.0.truncate(admitted);
        stock.flows.removed += granted;
    } else {
        books.ledger.life.persons_in += granted;
    }
    stock.in_procedure -= granted;
    let left = flow(PROCEDURE_LEFT, rules.procedure_left.get() * path).min(stock.in_procedure);
    stock.in_procedure -= left;
    stock.departed[Departure::Procedure as usize] += left;
    stock.flows.asylum_in = entered;
    stock.flows.procedure_left = left;
    stock.flows.granted = granted;
}

/// Persons expected to get a permit in this step, of `a_year` in the country: less what a moratorium holds back, more
/// what is decided after one. Persons held back stay in procedure.
fn decided(setting: &Setting<'_>, stock: &mut ReceptionStock, a_year: f64) -> f64 {
    let rules = &setting.rulebook.rules.reception;
    let (usual, share) = (setting.per_step(a_year), rules.moratorium_share.get());
    if share > 0.0 {
        stock.held_back += usual * share;
        stock.release_a_step = 0.0;
        return usual * (1.0 - share);
    }
    if stock.release_a_step == 0.0 {
        // the first step after a moratorium: what it held back is decided in equal parts
        stock.release_a_step = stock.held_back / f64::from(setting.steps(rules.moratorium_release_months.get()).max(1));
    }
    let released = stock.release_a_step.min(stock.held_back);
    stock.held_back -= released;
    usual + released
}

/// Grants permits to `decided` persons on average, and at most `in_procedure`; returns how many got one.
fn grant(
    setting: &Setting<'_>,
    places: &[Municipality],
    in_procedure: u32,
    decided: f64,
    newcomers: &mut Newcomers,
) -> u32 {
    let rules = &setting.rulebook.rules.reception;
    let inhabitants: Vec<f64> = places.iter().map(|place| f64::from(place.inhabitants)).collect();
    let ages = HeadAges::of(rules.head_age.now());
    let step = setting.clock.step;
    let mut granted = 0;
    for (kind, share) in PermitKind::ALL.into_iter().zip(rules.grant_shares.now().iter()) {
        let mean = decided * share / kind.mean_size(rules);
        let households = setting.chance.luck(PERMITS, kind as u64, step).poisson(mean);
        for ordinal in 0..households {
            let name = KinName::arrival(kind.stream(), 0, step.0, ordinal);
            let mut luck = setting.chance.luck(PERMIT_HOUSEHOLD, name.0, step);
            let members = members(kind, setting, &ages, &mut luck);
            let persons = members.count() as u32;
            if granted + persons > in_procedure {
                return granted;
            }
            granted += persons;
            let arrival = luck.pick(&inhabitants).unwrap_or(0) as u16;
            let mut newcomer = status_household(name, members, arrival, setting, &mut luck);
            if kind == PermitKind::AwaitingFamily {
                await_family(&mut newcomer.seeker, setting, &mut luck);
            }
            newcomers.0.push(newcomer);
        }
    }
    granted
}

fn members(kind: PermitKind, setting: &Setting<'_>, ages: &HeadAges, luck: &mut Luck) -> Members {
    let (now, rules) = (setting.clock.month(), &setting.rulebook.rules.reception);
    let women = |place: usize| rules.grant_women.now()[place];
    match kind {
        PermitKind::Single => persons::household(ages.head(0, women(0), now, luck), false, 0, now, luck),
        // old enough for the family that is awaited
        PermitKind::AwaitingFamily => persons::household(ages.head(2, women(1), now, luck), false, 0, now, luck),
        PermitKind::Couple => persons::household(ages.head(0, women(2), now, luck), true, 0, now, luck),
        PermitKind::Family => {
            let size = (3 + luck.poisson(rules.grant_family_extra.get()) as usize).min(MEMBERS_MAX);
            let couple = luck.unit() < rules.grant_two_parents.get();
            let children = size - 1 - usize::from(couple);
            let women = women(if couple { 2 } else { 3 });
            persons::household(ages.head(children, women, now, luck), couple, children, now, luck)
        }
    }
}

/// A household with a fresh permit that goes to, or stays in, reception. It is linked to a municipality in the Quota
/// phase; `arrival` is where it counts as arrived, drawn alike in every arm because pairing reads its region.
pub fn status_household(
    name: KinName,
    members: Members,
    arrival: u16,
    setting: &Setting<'_>,
    luck: &mut Luck,
) -> Newcomer {
    let mut flags = Means::PERMIT_ALIEN | Means::STATUS_HISTORY;
    let rules = &setting.rulebook.rules.reception;
    if setting.chance.trait_of(SUBSIDIARY, name.0).unit() < rules.subsidiary_share.get() {
        flags |= Means::SUBSIDIARY;
    }
    let today = setting.clock.today;
    let drawn = persons::means(setting, rules.grant_income_highest.get(), arrival, flags, luck);
    let means = Means { work: Work::Benefit, permit_since: today, ..drawn };
    let seeker = Seeker { group: SeekerGroup::StatusHolder, duty: true, ..Seeker::default() };
    let home = Home { kind: HomeKind::Reception, municipality: arrival, since: today, ..Home::default() };
    persons::newcomer(setting, name, members, means, seeker, home)
}

/// Notes how many persons are awaited and in which step they arrive, if ever.
fn await_family(seeker: &mut Seeker, setting: &Setting<'_>, luck: &mut Luck) {
    let rules = &setting.rulebook.rules.reception;
    seeker.family_awaited = (1 + luck.poisson(rules.family_size_extra.get())).min(AWAITED_MAX) as u8;
    if luck.unit() < rules.family_arrives.get() {
        let spread = rules.family_delay_sigma.get() * luck.normal();
        let months = rules.family_delay_months.get() * libm::exp(spread);
        seeker.family_step = setting.clock.step.plus(setting.steps(months.round()));
    }
}
