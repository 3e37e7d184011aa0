//! Vacancies meet candidates: direct mediation first, then reactions, ranking and offers, market by market.

mod advert;
mod alternatives;
mod candidate;
mod direct;
mod flow_through;
mod interim;
mod linked;
mod offer;
mod penalty;
mod pools;
mod reaction;
mod ring;
mod status;
mod zeal;

use bevy_ecs::prelude::*;
use doorstroom_kernel::Purpose;
use doorstroom_kernel::registrar::Registrar;
use doorstroom_state::books::{BookKeeping, Books};
use doorstroom_state::columns::{Columns, plain};
use doorstroom_state::dwelling::{DwellingForm, Tenure};
use doorstroom_state::group::SeekerGroup;
use doorstroom_state::household::{HomeKind, Means};
use doorstroom_state::ledger::{Channel, Decided, Ground, Letting};
use doorstroom_state::municipality::Municipality;
use doorstroom_state::quota::QuotaAccount;
use doorstroom_state::reception::ReceptionStock;
use doorstroom_state::region::Region;
use doorstroom_state::slots::{NO_SLOT, Slot};
use doorstroom_state::vacancy::Vacancy;

use self::candidate::Contest;
use self::offer::Office;
use self::penalty::Penalties;
use self::pools::Pools;
use self::reaction::Keenness;
use self::zeal::Zeal;
use crate::phase::Phase;
use crate::rulebook::Setting;

/// Registers the phase.
pub fn register(registrar: &mut Registrar<'_, Phase>) {
    registrar.system(Phase::Allocation, "let corporation dwellings", allocate);
}

/// The vacancies of this step, in the order of names, and who has been housed already.
pub struct Table {
    /// Vacancies that can be offered now.
    pub vacancies: Vec<Vacancy>,
    /// True for vacancies that have been let.
    pub taken: Vec<bool>,
    /// Municipality (slot) of each vacancy.
    pub municipality: Vec<u16>,
    /// Market (region slot) of each vacancy.
    pub market: Vec<u8>,
    /// Channel of the region's scheme that has each vacancy; `None` until the next step.
    pub channel: Vec<Option<u8>>,
    housed: Vec<u64>,
}

const CHANNEL: Purpose = Purpose::named("channel of a vacancy");

impl Table {
    fn new(books: &Books<'_>, setting: &Setting<'_>, contest: &Contest<'_>) -> Self {
        let now = setting.clock.step;
        let listed = &books.vacancies.dwellings[Tenure::Corporation as usize];
        let vacancies: Vec<Vacancy> = listed.iter().filter(|v| v.from <= now).copied().collect();
        let place = |vacancy: &Vacancy| books.dwellings[vacancy.dwelling as usize].municipality;
        let municipality = setting.lane.map_scattered(&vacancies, |vacancy| u64::from(place(vacancy)), place);
        let market: Vec<u8> = municipality.iter().map(|&m| setting.gazetteer.region_of[usize::from(m)]).collect();
        // drawn for every dwelling and step, so that shares hold in expectation
        let channel = |(vacancy, &market): (&Vacancy, &u8)| {
            let draw = setting.chance.luck(CHANNEL, vacancy.name.0, now).unit();
            Some(contest.schemes[usize::from(market)].channel_of(draw) as u8)
        };
        Table {
            taken: vec![false; vacancies.len()],
            channel: vacancies.iter().zip(&market).map(channel).collect(),
            vacancies,
            municipality,
            market,
            housed: vec![0; books.homes.len() / 64 + 1],
        }
    }

    /// True if the household has been let a dwelling in this step.
    pub fn is_housed(&self, household: Slot) -> bool {
        self.housed[household as usize / 64] >> (household % 64) & 1 == 1
    }

    /// Lets vacancy `index` to `household`.
    pub fn take(&mut self, index: usize, household: Slot) {
        self.taken[index] = true;
        self.house(household);
    }

    /// Marks a household as housed in this step.
    pub fn house(&mut self, household: Slot) {
        self.housed[household as usize / 64] |= 1 << (household % 64);
    }
}

/// How a letting came about.
#[derive(Clone, Copy)]
pub struct Way {
    /// Channel.
    pub channel: Channel,
    /// Ground.
    pub ground: Ground,
    /// Rank of the accepting candidate, from 1.
    pub rank: u16,
    /// Row used.
    pub row: Slot,
}

/// The one system of the phase: decides lettings; Moving carries them out.
fn allocate(
    mut keeping: BookKeeping,
    setting: Setting,
    mut municipalities: Query<(&mut Municipality, &mut QuotaAccount)>,
    mut regions: Query<&'static Region>,
    mut stock: ResMut<ReceptionStock>,
    mut zeal: Local<Zeal>,
) {
    let rules = &setting.rulebook.rules.allocation;
    zeal.prepare(rules.reactions_shape.get(), rules.reactions_mean.get() * 12.0 * setting.step_years());
    let Some(mut books) = keeping.open() else { return };
    let (Some((municipalities, accounts)), Some(regions)) = (municipalities.columns(), regions.columns()) else {
        return;
    };
    let (municipalities, accounts) = (plain(municipalities), plain(accounts));
    books.vacancies.sort(Tenure::Corporation);
    let contest = Contest::new(&setting, municipalities);
    let mut table = Table::new(&books, &setting, &contest);
    status::house(&mut books, &setting, &mut table, municipalities, accounts, &mut stock);
    let pools = Pools::new(&mut books, &setting, &table, &contest, municipalities);
    let mut penalties = Penalties::default();
    let mut office = Office {
        books: &mut books,
        setting: &setting,
        table: &mut table,
        contest: &contest,
        penalties: &mut penalties,
    };
    office.mediate_all(&pools);
    let adverts = ring::adverts(office.books, &setting, office.table, &contest.schemes);
    let keenness = Keenness { zeal: &zeal, regions, municipalities };
    let reactions = reaction::gather(office.books, &setting, &contest, office.table, &adverts, keenness);
    let candidates = advert::rank(&setting, &adverts, reactions);
    office.offer_all(&adverts, &candidates, &pools);
    penalties.enforce(&mut books, &setting);
    let mut gone: Vec<Slot> =
        (0..table.vacancies.len()).filter(|&i| table.taken[i]).map(|i| table.vacancies[i].dwelling).collect();
    gone.sort_unstable();
    books.vacancies.dwellings[Tenure::Corporation as usize].retain(|v| gone.binary_search(&v.dwelling).is_err());
}

/// Writes a letting into the ledger with everything that is known at the moment of the decision.
pub fn write_letting(books: &mut Books<'_>, setting: &Setting<'_>, vacancy: Vacancy, household: Slot, way: Way) {
    let i = household as usize;
    let (seeker, means, home) = (books.seekers[i], books.households[i].means, books.homes[i]);
    let dwelling = books.dwellings[vacancy.dwelling as usize];
    let today = setting.clock.today;
    let (registration_days, search_days) = match way.row {
        NO_SLOT => (-1, -1),
        row => {
            let row = books.register.rows[row as usize];
            (today.days_since(row.since), today.days_since(row.searching_since))
        }
    };
    let tenure = books.tenure(household);
    let is_flex_home =
        home.kind == HomeKind::Dwelling && books.dwellings[home.dwelling as usize].form == DwellingForm::Flex;
    let letting = Letting {
        household_name: books.households[i].kin.name,
        dwelling_name: vacancy.name,
        municipality: dwelling.municipality,
        market: setting.gazetteer.region_of[usize::from(dwelling.municipality)],
        is_room: dwelling.form == DwellingForm::Shared,
        is_flex: dwelling.form == DwellingForm::Flex,
        channel: way.channel,
        ground: way.ground,
        rank: way.rank,
        registration_days,
        search_days,
        clock_days: clock_days(books, household, setting),
        entry_group: seeker.entry_group,
        group_at_letting: seeker.group,
        origin: home.kind,
        first_entry: matches!(home.kind, HomeKind::WithParents | HomeKind::Reception) || home.kind.is_interim(),
        vacates_social: tenure == Some(Tenure::Corporation) && !is_flex_home,
        vacates_dwelling: tenure.is_some() && !is_flex_home,
        first_letting: seeker.first_letting == doorstroom_kernel::Step::NEVER,
        permit_under_a_year: means.is(Means::STATUS_HISTORY) && today.days_since(means.permit_since) < 365,
        status_history: means.is(Means::STATUS_HISTORY),
        persons: books.households[i].members.count() as u8,
        rooms: dwelling.rooms,
        rent_class: dwelling.rent_class,
        chain: vacancy.chain,
        chain_position: vacancy.position,
        chain_cause: vacancy.cause,
        on: today,
    };
    books.ledger.lettings.push(Decided { household, dwelling: vacancy.dwelling, row: way.row, letting });
}

/// Days on the clock of the entry group (worlds/MODEL.md 6.3); -1 for who does not wait on it, or no longer.
fn clock_days(books: &Books<'_>, household: Slot, setting: &Setting<'_>) -> i32 {
    let i = household as usize;
    let (seeker, today) = (&books.seekers[i], setting.clock.today);
    if !seeker.waits(books.homes[i].kind, seeker.searching_rows > 0) {
        return -1;
    }
    match seeker.entry_group {
        SeekerGroup::ShortNotice => today.days_since(seeker.need_since),
        SeekerGroup::Urgent => today.days_since(seeker.urgent_since),
        SeekerGroup::StatusHolder => today.days_since(books.households[i].means.permit_since),
        _ => books
            .register
            .rows_of(seeker)
            .map(|row| today.days_since(books.register.rows[row as usize].searching_since))
            .max()
            .unwrap_or(-1),
    }
}
