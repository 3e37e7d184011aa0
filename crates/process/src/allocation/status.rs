//! Status holders under the quota: earmarks, shared homes, flex homes, interim places (worlds/MODEL.md M14, M16).

use doorstroom_kernel::chance::round_by_luck;
use doorstroom_kernel::{Day, Purpose, Threshold};
use doorstroom_policy::cost_sharing::{Sharer, willing_to_share};
use doorstroom_policy::fit::IncomeFitRules;
use doorstroom_policy::priority::{HomeOffered, StatusApplicant, may_earmark};
use doorstroom_state::KinName;
use doorstroom_state::books::{Books, Chain, Moment};
use doorstroom_state::dwelling::{DwellingForm, Tenure};
use doorstroom_state::group::SeekerGroup;
use doorstroom_state::household::{HomeKind, Household, Means, Seeker};
use doorstroom_state::ledger::{Channel, Ground, VacatedBy};
use doorstroom_state::members::Members;
use doorstroom_state::municipality::Municipality;
use doorstroom_state::quota::{HousingRoute, QuotaAccount};
use doorstroom_state::reception::ReceptionStock;
use doorstroom_state::slots::{NO_SLOT, Slot};
use doorstroom_state::vacancy::ChainCause;

use super::alternatives;
use super::pools::Fit;
use super::{Table, Way, flow_through, write_letting};
use crate::rulebook::Setting;

const ACCEPT: Purpose = Purpose::named("acceptance of a linked offer");
const REFUSAL: Purpose = Purpose::named("whether a refusal is justified");
const SHARES: Purpose = Purpose::named("whether a single is placed in a shared home");
const INTERIM: Purpose = Purpose::named("number placed in interim homes");
const FLEX: Purpose = Purpose::named("whether a flex home is kept for status holders");

/// Half-years missed in a row from which a municipality lags and gets help.
const LAGGING: u8 = 2;

/// A linked household that waits for an offer.
#[derive(Clone, Copy)]
pub(super) struct Linked {
    /// Date of the permit.
    pub permit: Day,
    /// Who it is.
    pub name: u64,
    /// Its slot.
    pub slot: Slot,
    /// Persons.
    pub persons: u32,
    /// Single or awaiting family: may be placed in a shared home.
    single: bool,
    awaiting: bool,
    /// The municipality means to place it in a shared home.
    shares: bool,
}

/// Houses linked status holders, municipality by municipality, longest permit first.
pub fn house(
    books: &mut Books<'_>,
    setting: &Setting<'_>,
    table: &mut Table,
    municipalities: &mut [Municipality],
    accounts: &mut [QuotaAccount],
    stock: &mut ReceptionStock,
) {
    let linked = linked_by_municipality(books, setting, municipalities.len());
    let limits = IncomeFitRules::from(&setting.rulebook.rules.allocation);
    let mut vacancies_of: Vec<Vec<usize>> = vec![Vec::new(); municipalities.len()];
    for (index, &municipality) in table.municipality.iter().enumerate() {
        vacancies_of[usize::from(municipality)].push(index);
    }
    for m in 0..municipalities.len() {
        let mut town = Town {
            books: &mut *books,
            setting,
            table: &mut *table,
            limits: &limits,
            municipality: &mut municipalities[m],
            account: &mut accounts[m],
            vacancies: &vacancies_of[m],
            shared_in: &mut stock.flows.shared_in,
        };
        town.house(&linked[m]);
    }
    let interim = HomeOffered { shared: false, flex: false, interim: true, new_corporation: false };
    let anybody = StatusApplicant { single: false, awaiting_family: false };
    let may = |m: usize| {
        let (regime, since) = setting.regime_in(&municipalities[m]);
        may_earmark(regime, since, setting.clock.today, &anybody, interim, true)
    };
    let waiting = longest_waiting(books, table, &linked, may);
    place_in_interim_homes(books, setting, table, accounts, stock, &waiting);
    flow_through::place(books, setting, table, accounts, stock, &waiting);
    alternatives::open(books, setting, table, accounts, stock, &linked);
}

pub(super) fn linked_by_municipality(
    books: &mut Books<'_>,
    setting: &Setting<'_>,
    municipalities: usize,
) -> Vec<Vec<Linked>> {
    let rules = &setting.rulebook.rules.quota;
    let today = setting.clock.today;
    let mut linked: Vec<Vec<Linked>> = vec![Vec::new(); municipalities];
    let (homes, seekers) = (&*books.homes, &*books.seekers);
    let waits = |slot: Slot| {
        homes[slot as usize].kind == HomeKind::Reception && seekers[slot as usize].group == SeekerGroup::StatusHolder
    };
    for &(name, slot) in books.lists.reception.settle(&books.households, waits) {
        let (seeker, household): (&Seeker, &Household) =
            (&books.seekers[slot as usize], &books.households[slot as usize]);
        let Household { members, means, .. } = household;
        let ready = means.permit_since.plus_days(rules.link_days.get() as i32) <= today;
        if !seeker.duty || !ready || usize::from(seeker.linked) >= municipalities {
            continue;
        }
        let persons = members.count() as u32;
        let single = persons == 1;
        linked[usize::from(seeker.linked)].push(Linked {
            permit: means.permit_since,
            name: name.0,
            slot,
            persons,
            single,
            awaiting: seeker.family_awaited > 0,
            shares: single && setting.chance.trait_of(SHARES, name.0).strikes(sharing_chance(members, means, setting)),
        });
    }
    for town in &mut linked {
        town.sort_unstable_by_key(|l| (l.permit, l.name));
    }
    linked
}

/// Chance that a linked single is placed in a shared home: what municipalities mean to do, less those whom the cost-sharer
/// norm keeps from sharing.
fn sharing_chance(members: &Members, means: &Means, setting: &Setting<'_>) -> Threshold {
    let (quota, sharing) = (&setting.rulebook.rules.quota, &setting.rulebook.rules.sharing);
    let adult = Sharer {
        age_years: members.head_age(setting.clock.month()),
        student: means.is(Means::STUDENT),
        // a room in a home that the municipality shares out is let without a commercial contract
        commercial_contract: false,
    };
    let others = (quota.shared_home_persons.get() as u32).saturating_sub(1);
    let (from, response) = (sharing.cost_sharer_age.get() as u16, sharing.cost_sharer_response.get());
    let willing = willing_to_share(adult, others, means.work.on_benefit(), from, response);
    Threshold::of(quota.shared_share_of_singles.get() * willing)
}

/// A refusal without good ground, or a second one, ends the duty to house (worlds/MODEL.md M9).
pub(super) fn note_refusal(books: &mut Books<'_>, setting: &Setting<'_>, household: Slot) {
    let justified = Threshold::of(setting.rulebook.rules.allocation.refusal_justified.get());
    let name = books.name(household).0;
    let seeker = &mut books.seekers[household as usize];
    seeker.refusals = seeker.refusals.saturating_add(1);
    if seeker.refusals >= 2 || !setting.chance.luck(REFUSAL, name, setting.clock.step).strikes(justified) {
        seeker.duty = false;
    }
}

/// Not housed in this step, and the duty still stands: a refusal may have ended it a moment ago (worlds/MODEL.md M9).
pub(super) fn waits(books: &Books<'_>, table: &Table, household: Linked) -> bool {
    books.seekers[household.slot as usize].duty && !table.is_housed(household.slot)
}

/// One municipality and what it can offer this step.
struct Town<'a, 'b, 'w> {
    books: &'a mut Books<'b>,
    setting: &'a Setting<'w>,
    table: &'a mut Table,
    limits: &'a IncomeFitRules,
    municipality: &'a mut Municipality,
    account: &'a mut QuotaAccount,
    vacancies: &'a [usize],
    /// Persons let a flex home or a room in this step.
    shared_in: &'a mut u32,
}

impl Town<'_, '_, '_> {
    fn house(&mut self, linked: &[Linked]) {
        self.offer_flex(linked);
        let mut left = self.dwellings_earmarked();
        let mut asked_to_share: Vec<u64> = Vec::new();
        for (turn, &household) in linked.iter().enumerate() {
            if left == 0 || self.account.outstanding_milli() <= 0 {
                break;
            }
            if !waits(self.books, self.table, household) || asked_to_share.contains(&household.name) {
                continue;
            }
            let is_used = match self.may_share(household) {
                true => self.house_together(&linked[turn..], &mut asked_to_share),
                false => self.house_alone(household),
            };
            left -= u32::from(is_used);
        }
        self.municipality.earmark_carry = (self.municipality.earmark_carry + f64::from(left)).min(2.0);
    }

    /// Offers a dwelling of its own, if one may be kept for the household; true if one was used.
    fn house_alone(&mut self, household: Linked) -> bool {
        self.may(household, self.regular()) && self.offer(household)
    }

    fn may_share(&self, household: Linked) -> bool {
        household.shares && self.may(household, HomeOffered { shared: true, ..self.regular() })
    }

    /// Offers a shared home to the first of `waiting` and to the next who are meant to share, whose turn has not come yet.
    /// Who is alone, or for whom no home can be opened, is offered one of its own; true if a dwelling was used.
    fn house_together(&mut self, waiting: &[Linked], asked: &mut Vec<u64>) -> bool {
        let most = self.setting.rulebook.rules.quota.shared_home_persons.get() as usize;
        let may_join = |&l: &Linked| self.may_share(l) && !asked.contains(&l.name) && waits(self.books, self.table, l);
        let mut sharers: Vec<Linked> = waiting.iter().copied().filter(may_join).take(most).collect();
        let home = if sharers.len() >= 2 { self.home_to_share(sharers.len() as u8) } else { None };
        let Some(index) = home else { return self.house_alone(waiting[0]) };
        asked.extend(sharers.iter().map(|sharer| sharer.name));
        sharers.retain(|&sharer| self.accepts(sharer, index));
        match sharers.as_slice() {
            [] => false,
            &[alone] => self.house_alone(alone),
            _ => {
                self.open_shared_home(index, &sharers);
                true
            }
        }
    }

    fn regular(&self) -> HomeOffered {
        HomeOffered { shared: false, flex: false, interim: false, new_corporation: false }
    }

    fn may(&self, household: Linked, home: HomeOffered) -> bool {
        let (regime, since) = self.setting.regime_in(self.municipality);
        let applicant = StatusApplicant { single: household.single, awaiting_family: household.awaiting };
        let regulated = self.municipality.urgency_regulation;
        may_earmark(regime, since, self.setting.clock.today, &applicant, home, regulated)
    }

    /// `min(floor(kappa V + carry), ...)` of worlds/MODEL.md M14; whole dwellings, the fraction is carried.
    fn dwellings_earmarked(&mut self) -> u32 {
        let rules = &self.setting.rulebook.rules.quota;
        let effort = match self.account.target_milli {
            0 => 1.0,
            target => {
                let backlog = self.account.carried_milli.max(0) as f64 / target as f64;
                1.0 + rules.earmark_backlog_effort.get() * backlog
            }
        };
        let ladder = rules.ladder.now();
        let pressed = ladder.get(usize::from(self.account.missed)).or(ladder.last()).copied().unwrap_or(1.0);
        let helped = if self.account.missed >= LAGGING { rules.support_of_lagging.get() } else { 1.0 };
        let pressed = pressed * helped * rules.compliance.get();
        let usual = rules.earmark_median.get() * self.municipality.earmark_effort;
        let kappa = (usual * effort * pressed).min(rules.earmark_highest.get());
        let regular = |&&i: &&usize| {
            self.books.dwellings[self.table.vacancies[i].dwelling as usize].form == DwellingForm::SelfContained
        };
        let vacancies = self.vacancies.iter().filter(regular).count();
        let exact = kappa * vacancies as f64 + self.municipality.earmark_carry;
        self.municipality.earmark_carry = exact - exact.floor();
        exact.floor() as u32
    }

    /// Offers the smallest dwelling that fits; true if a dwelling was used.
    fn offer(&mut self, household: Linked) -> bool {
        let fit = Fit::of(self.books, household.slot, self.setting.clock.month(), self.limits);
        let best = self
            .vacancies
            .iter()
            .copied()
            .filter(|&i| !self.table.taken[i] && self.is_regular(i))
            .filter(|&i| fit.takes(&self.books.dwellings[self.table.vacancies[i].dwelling as usize]))
            .min_by_key(|&i| {
                (self.books.dwellings[self.table.vacancies[i].dwelling as usize].rooms, self.table.vacancies[i].name)
            });
        match best {
            Some(index) => self.make_offer(household, index, HousingRoute::Corporation),
            None => false,
        }
    }

    fn is_regular(&self, index: usize) -> bool {
        self.books.dwellings[self.table.vacancies[index].dwelling as usize].form == DwellingForm::SelfContained
    }

    /// Makes the offer; a refusal without good ground, or a second one, ends the duty (worlds/MODEL.md M9).
    fn make_offer(&mut self, household: Linked, index: usize, route: HousingRoute) -> bool {
        let is_let = self.accepts(household, index);
        if is_let {
            self.let_to(household, index, route);
        }
        is_let
    }

    /// Whether the household accepts; books the offer, and what a refusal does to the duty.
    fn accepts(&mut self, household: Linked, index: usize) -> bool {
        let accept = Threshold::of(self.setting.rulebook.rules.allocation.accept_status_holder.get());
        let (vacancy, step) = (self.table.vacancies[index].name.0, self.setting.clock.step);
        let accepts = self.setting.chance.luck_with(ACCEPT, household.name, vacancy, step).strikes(accept);
        let market = usize::from(self.municipality.region);
        let flows = &mut self.books.ledger.search[market][SeekerGroup::StatusHolder as usize];
        flows.offers += 1;
        flows.refusals += u32::from(!accepts);
        if !accepts {
            note_refusal(self.books, self.setting, household.slot);
        }
        accepts
    }

    /// Lets a dwelling, or a room in it, and books it under the quota.
    fn let_to(&mut self, household: Linked, index: usize, route: HousingRoute) {
        let row = self.books.best_row(household.slot, self.municipality.region).unwrap_or(NO_SLOT);
        let way = Way { channel: Channel::Direct, ground: Ground::StatusHolder, rank: 1, row };
        write_letting(self.books, self.setting, self.table.vacancies[index], household.slot, way);
        self.table.take(index, household.slot);
        self.account.house(household.persons, route);
        if route == HousingRoute::SharedOrTemporary {
            *self.shared_in += household.persons;
        }
    }

    /// The smallest free dwelling with a bedroom for each of so many persons and a room in common, at a low rent.
    fn home_to_share(&self, persons: u8) -> Option<usize> {
        self.vacancies
            .iter()
            .copied()
            .filter(|&i| !self.table.taken[i] && self.is_regular(i))
            .filter(|&i| {
                let dwelling = &self.books.dwellings[self.table.vacancies[i].dwelling as usize];
                dwelling.rooms > persons && dwelling.rent_class <= 2
            })
            .min_by_key(|&i| {
                (self.books.dwellings[self.table.vacancies[i].dwelling as usize].rooms, self.table.vacancies[i].name)
            })
    }

    /// Turns a dwelling into a shared home for these singles.
    fn open_shared_home(&mut self, index: usize, sharers: &[Linked]) {
        let dwelling = &mut self.books.dwellings[self.table.vacancies[index].dwelling as usize];
        dwelling.form = DwellingForm::Shared;
        dwelling.capacity = sharers.len() as u8;
        self.books.ledger.tenures[Tenure::Corporation as usize].converted_out += 1;
        for &sharer in sharers {
            self.let_to(sharer, index, HousingRoute::SharedOrTemporary);
        }
    }

    /// Flex homes kept for status holders by the subsidy's share; a ban leaves this reservation alone.
    fn offer_flex(&mut self, linked: &[Linked]) {
        let share = Threshold::of(self.setting.rulebook.rules.quota.flex_share.get());
        for &index in self.vacancies {
            let vacancy = self.table.vacancies[index];
            let is_flex = self.books.dwellings[vacancy.dwelling as usize].form == DwellingForm::Flex;
            if !is_flex || self.table.taken[index] || !self.setting.chance.trait_of(FLEX, vacancy.name.0).strikes(share)
            {
                continue;
            }
            let candidate = linked.iter().find(|&&l| l.persons <= 2 && waits(self.books, self.table, l));
            if let Some(&household) = candidate {
                self.make_offer(household, index, HousingRoute::SharedOrTemporary);
            }
        }
    }
}

/// A linked household that still waits in reception after the dwellings of the step.
pub struct Waiting {
    /// Date of the permit.
    pub permit: Day,
    /// Name.
    pub name: KinName,
    /// Persons.
    pub persons: u32,
    /// Slot.
    pub slot: Slot,
    /// Municipality (slot) to which it is linked.
    pub linked: usize,
}

/// All of them in the municipalities (slots) that may, longest permit first.
pub(super) fn longest_waiting(
    books: &Books<'_>,
    table: &Table,
    linked: &[Vec<Linked>],
    may: impl Fn(usize) -> bool,
) -> Vec<Waiting> {
    let towns =
        linked.iter().enumerate().filter(|&(m, _)| may(m)).flat_map(|(m, town)| town.iter().map(move |&l| (l, m)));
    let mut waiting: Vec<Waiting> = towns
        .filter(|&(l, _)| waits(books, table, l))
        .map(|(l, m)| Waiting { permit: l.permit, name: KinName(l.name), persons: l.persons, slot: l.slot, linked: m })
        .collect();
    waiting.sort_unstable_by_key(|one| (one.permit, one.name));
    waiting
}

/// Places the longest waiting in interim homes, as many persons as fall to this step.
fn place_in_interim_homes(
    books: &mut Books<'_>,
    setting: &Setting<'_>,
    table: &mut Table,
    accounts: &mut [QuotaAccount],
    stock: &mut ReceptionStock,
    waiting: &[Waiting],
) {
    let a_year = setting.rulebook.rules.quota.interim_persons.get();
    let mut left = round_by_luck(setting.per_step(a_year), &mut setting.chance.luck(INTERIM, 0, setting.clock.step));
    let at = setting.moment();
    for one in waiting {
        if left == 0 {
            break;
        }
        if one.persons > left {
            continue;
        }
        left -= one.persons;
        let place = books.homes[one.slot as usize].municipality;
        move_to_interim(books, table, one, (HomeKind::Interim, place), at);
        stock.flows.interim_in += one.persons;
        accounts[one.linked].house(one.persons, HousingRoute::SharedOrTemporary);
    }
}

/// Takes a household from reception to a home between reception and an own one: its kind and municipality.
pub(super) fn move_to_interim(
    books: &mut Books<'_>,
    table: &mut Table,
    one: &Waiting,
    (kind, municipality): (HomeKind, u16),
    at: Moment,
) {
    let chain = Chain::Begins(ChainCause::MovedOut);
    books.move_out_to(one.slot, kind, municipality, VacatedBy::Other, chain, at);
    table.house(one.slot);
    books.lists.after_reception.note(one.name, one.slot);
}
