//! Status holders under the quota: earmarks, shared homes, flex homes, interim places (worlds/MODEL.md M14, M16).

use doorstroom_kernel::{Purpose, Threshold};
use doorstroom_policy::fit::IncomeFitRules;
use doorstroom_policy::priority::{HomeOffered, StatusApplicant, may_earmark};
use doorstroom_state::books::Books;
use doorstroom_state::dwelling::{Dwelling, DwellingForm, Tenure};
use doorstroom_state::group::SeekerGroup;
use doorstroom_state::ledger::{Channel, Ground};
use doorstroom_state::municipality::Municipality;
use doorstroom_state::quota::{HousingRoute, QuotaAccount};
use doorstroom_state::reception::ReceptionStock;
use doorstroom_state::slots::NO_SLOT;

use super::interim::{longest_waiting, place_in_interim_homes};
use super::linked::{Linked, linked_by_municipality, note_refusal, waits};
use super::pools::Fit;
use super::{Table, Way, alternatives, flow_through, write_letting};
use crate::rulebook::Setting;

const ACCEPT: Purpose = Purpose::named("acceptance of a linked offer");
const FLEX: Purpose = Purpose::named("whether a flex home is kept for status holders");

const FLEX_HOME: HomeOffered = HomeOffered { flex: true, ..HomeOffered::REGULAR };
const INTERIM_PLACE: HomeOffered = HomeOffered { interim: true, ..HomeOffered::REGULAR };
const ANYBODY: StatusApplicant = StatusApplicant { single: false, awaiting_family: false };

/// Half-years missed in a row from which a municipality lags and gets help.
const LAGGING: u8 = 2;

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
    let may = |m: usize| {
        let (regime, since) = setting.regime_in(&municipalities[m]);
        may_earmark(regime, since, setting.clock.today, &ANYBODY, INTERIM_PLACE, true)
    };
    let waiting = longest_waiting(books, table, &linked, may);
    place_in_interim_homes(books, setting, table, accounts, stock, &waiting);
    flow_through::place(books, setting, table, accounts, stock, &waiting);
    alternatives::open(books, setting, table, accounts, stock, &linked);
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
        self.may(household, HomeOffered::REGULAR) && self.offer(household)
    }

    fn may_share(&self, household: Linked) -> bool {
        household.shares && self.may(household, HomeOffered::SHARED)
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
        let best = self.smallest(|dwelling| fit.takes(dwelling));
        match best {
            Some(index) => self.make_offer(household, index, HousingRoute::Corporation),
            None => false,
        }
    }

    /// The smallest free self-contained dwelling of which `may` holds.
    fn smallest(&self, may: impl Fn(&Dwelling) -> bool) -> Option<usize> {
        let dwelling = |i: usize| &self.books.dwellings[self.table.vacancies[i].dwelling as usize];
        let free = self.vacancies.iter().copied().filter(|&i| !self.table.taken[i]);
        free.filter(|&i| dwelling(i).form == DwellingForm::SelfContained && may(dwelling(i)))
            .min_by_key(|&i| (dwelling(i).rooms, self.table.vacancies[i].name))
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
        self.smallest(|dwelling| dwelling.rooms > persons && dwelling.rent_class <= 2)
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

    /// Flex homes kept for status holders by the subsidy's share; the bill of July 2025 leaves this reservation alone.
    fn offer_flex(&mut self, linked: &[Linked]) {
        let (regime, since) = self.setting.regime_in(self.municipality);
        let by_law = self.municipality.urgency_regulation;
        if !may_earmark(regime, since, self.setting.clock.today, &ANYBODY, FLEX_HOME, by_law) {
            return;
        }
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
