//! The books: every transition that must keep several facts equal is one method here. Processes decide, this keeps
//! homes, dwellings, vacancies, the register, slots and lists in agreement.

use bevy_ecs::prelude::*;
use bevy_ecs::query::QueryData;
use bevy_ecs::system::SystemParam;
use doorstroom_kernel::chance::join;
use doorstroom_kernel::lane::read_together;
use doorstroom_kernel::{Day, Step};

use crate::columns::{Columns, plain};
use crate::due::{Due, NextDemography, NextEviction, NextRegistration, NextSharing};
use crate::dwelling::{Dwelling, DwellingForm, DwellingUse, Tenure};
use crate::group::SeekerGroup;
use crate::household::{Home, HomeKind, Household, Means, Need, Seeker, UrgencyGround, Wish};
use crate::ledger::{FilledFrom, Ledger, VacatedBy};
use crate::lists::Lists;
use crate::name::KinName;
use crate::registration::{Register, Registration, RowState};
use crate::slots::{NO_SLOT, Slot, Slots};
use crate::tenancy::{Homes, Tenancies};
use crate::vacancy::{ChainCause, Vacancies, Vacancy};
use crate::written::{Noted, Written};

/// All columns of households.
#[derive(QueryData)]
#[query_data(mutable, contiguous(mutable))]
pub struct HouseholdRow {
    household: &'static mut Household,
    seeker: &'static mut Seeker,
    home: &'static mut Home,
}

/// What a system asks for to keep the books; [`BookKeeping::open`] gives the columns.
#[derive(SystemParam)]
pub struct BookKeeping<'w, 's> {
    households: Query<'w, 's, HouseholdRow>,
    dwellings: Query<'w, 's, &'static mut Dwelling>,
    demography: ResMut<'w, NextDemography>,
    registration: ResMut<'w, NextRegistration>,
    sharing: ResMut<'w, NextSharing>,
    eviction: ResMut<'w, NextEviction>,
    register: ResMut<'w, Register>,
    vacancies: ResMut<'w, Vacancies>,
    slots: ResMut<'w, Slots<Home>>,
    lists: ResMut<'w, Lists>,
    ledger: ResMut<'w, Ledger>,
    written: ResMut<'w, Written>,
}

impl BookKeeping<'_, '_> {
    /// The open books; `None` in a world without households or without dwellings.
    pub fn open(&mut self) -> Option<Books<'_>> {
        let households = self.households.columns()?;
        let dwellings = self.dwellings.columns()?;
        let Written { homes, seekers, households: written } = &mut *self.written;
        let households_column = plain(households.household);
        let rows = households_column.len();
        Some(Books {
            households: Noted::new(households_column, written),
            seekers: Noted::new(plain(households.seeker), seekers),
            homes: Noted::new(plain(households.home), homes),
            demography: grown(&mut self.demography.0, rows),
            registration: grown(&mut self.registration.0, rows),
            sharing: grown(&mut self.sharing.0, rows),
            eviction: grown(&mut self.eviction.0, rows),
            dwellings: plain(dwellings),
            register: &mut self.register,
            vacancies: &mut self.vacancies,
            slots: &mut self.slots,
            lists: &mut self.lists,
            ledger: &mut self.ledger,
        })
    }
}

/// An event column as long as the table of households.
fn grown(column: &mut Vec<Due>, rows: usize) -> &mut [Due] {
    column.resize(rows, Due::NEVER);
    column
}

/// Columns of households and dwellings by slot, and the books that hang on them.
pub struct Books<'a> {
    /// Who they are, their persons and means.
    pub households: Noted<'a, Household>,
    /// Search facts.
    pub seekers: Noted<'a, Seeker>,
    /// Homes.
    pub homes: Noted<'a, Home>,
    /// Next look of Demography.
    pub demography: &'a mut [Due],
    /// Next look of Registration.
    pub registration: &'a mut [Due],
    /// Next look of Sharing.
    pub sharing: &'a mut [Due],
    /// Next look whether the dwelling is lost.
    pub eviction: &'a mut [Due],
    /// Dwellings.
    pub dwellings: &'a mut [Dwelling],
    /// The register.
    pub register: &'a mut Register,
    /// Vacancies.
    pub vacancies: &'a mut Vacancies,
    /// Household slots.
    pub slots: &'a mut Slots<Home>,
    /// Short lists.
    pub lists: &'a mut Lists,
    /// What happened.
    pub ledger: &'a mut Ledger,
}

/// The chain that a freed dwelling continues or begins.
#[derive(Clone, Copy, Debug)]
pub enum Chain {
    /// A new chain.
    Begins(ChainCause),
    /// The next link of the chain of this vacancy.
    Continues(Vacancy),
}

/// The moment of a transition.
#[derive(Clone, Copy, Debug)]
pub struct Moment {
    /// The step.
    pub step: Step,
    /// Its date.
    pub day: Day,
    /// The step in which a short-notice need that opens now ends.
    pub needs_end: Step,
}

impl Books<'_> {
    /// Reads a little of the rows of a household that a look at it needs: name, persons, means, home.
    #[inline]
    pub fn read_ahead(&self, i: usize) -> u64 {
        self.households[i].kin.name.0 ^ self.homes[i].kind as u64
    }

    /// Reads a little of what a household leaves behind when it goes: its first registration, its next look, its dwelling and
    /// who is first there. Some other's is read if it has none, which spares a guess.
    #[inline]
    fn read_holdings_ahead(&self, i: usize) -> u64 {
        let row = nearest(&self.register.rows, self.seekers[i].first_row).map_or(0, |row| row.next_row);
        let dwelling = self.homes[i].dwelling;
        let first = nearest(self.dwellings, dwelling).map_or(0, |dwelling| dwelling.occupant);
        let sharer = nearest(&self.homes, first).map_or(0, |home| home.next_sharer);
        u64::from(row ^ sharer) ^ u64::from(self.sharing[i].strikes())
    }

    /// Reads ahead what will be touched when something happens to a block of households: their own rows, then what they
    /// hold.
    pub fn read_block_ahead<T>(&self, block: &[T], household: impl Fn(&T) -> Slot) {
        read_together(block, |item| self.read_ahead(household(item) as usize));
        read_together(block, |item| self.read_holdings_ahead(household(item) as usize));
    }

    /// The same for households that move, each into a dwelling.
    pub fn read_moves_ahead<T>(&self, block: &[T], move_of: impl Fn(&T) -> (Slot, Slot)) {
        read_together(block, |item| {
            let occupant = self.dwellings[move_of(item).1 as usize].occupant;
            nearest(&self.homes, occupant).map_or(0, |home| u64::from(home.next_sharer))
        });
        self.read_block_ahead(block, |item| move_of(item).0);
    }

    /// Tenure of the self-contained dwelling that the household holds.
    pub fn tenure(&self, household: Slot) -> Option<Tenure> {
        self.homes[household as usize].tenure
    }

    /// True if the household holds a self-contained dwelling without an end date (a stable home).
    pub fn has_stable_home(&self, household: Slot) -> bool {
        let home = &self.homes[household as usize];
        match home.kind {
            HomeKind::Dwelling => self.dwellings[home.dwelling as usize].form != DwellingForm::Flex,
            HomeKind::Room => true,
            _ => false,
        }
    }

    /// Where a household that fills a dwelling comes from.
    pub fn filled_from(&self, household: Slot) -> FilledFrom {
        match self.tenure(household) {
            Some(Tenure::Owner) => FilledFrom::Owner,
            Some(Tenure::Corporation) => FilledFrom::Corporation,
            Some(Tenure::OtherRental) => FilledFrom::OtherRental,
            None => FilledFrom::NoDwelling,
        }
    }

    /// Moves a household out of its address to somewhere outside the stock. Guests left without host get a need.
    pub fn move_out(&mut self, household: Slot, kind: HomeKind, by: VacatedBy, cause: ChainCause, at: Moment) {
        let municipality = self.homes[household as usize].municipality;
        self.move_out_to(household, kind, municipality, by, Chain::Begins(cause), at);
    }

    /// The same, into another municipality or chain.
    pub fn move_out_to(
        &mut self,
        household: Slot,
        kind: HomeKind,
        municipality: u16,
        by: VacatedBy,
        chain: Chain,
        at: Moment,
    ) {
        if kind != HomeKind::Nowhere {
            self.note_move(household, kind, municipality, at);
        }
        self.register_anew(household, kind, municipality, at);
        self.end_statement_of_mover(household, kind);
        let left = self.tenancies().leave(household, kind, municipality, at.day);
        for guest in left.stranded {
            // a need that runs is ended by no move but the one to a stable home
            if self.seekers[guest as usize].need == Need::None {
                self.open_need(guest, Need::EndOfStay, at);
            }
            self.look_again(guest, at);
        }
        if let Some(dwelling) = left.freed {
            self.open_vacancy(dwelling, chain, by, at);
        }
        self.look_again(household, at);
    }

    /// Moves a household, with its guests, into `dwelling` as holder or room tenant, and opens what it leaves behind.
    pub fn move_to(&mut self, household: Slot, vacancy: Vacancy, kind: HomeKind, at: Moment) {
        let dwelling = vacancy.dwelling;
        let (tenure, form) = (self.dwellings[dwelling as usize].tenure, self.dwellings[dwelling as usize].form);
        if kind == HomeKind::Dwelling {
            let from = self.filled_from(household);
            if form == DwellingForm::SelfContained {
                self.ledger.filled(tenure, from);
            }
        }
        let municipality = self.dwellings[dwelling as usize].municipality;
        self.note_move(household, kind, municipality, at);
        self.register_anew(household, kind, municipality, at);
        self.end_statement_of_mover(household, kind);
        let by = match (kind, tenure) {
            (HomeKind::Dwelling, Tenure::Owner) => VacatedBy::ToOwner,
            (HomeKind::Dwelling, Tenure::Corporation) => VacatedBy::ToCorporation,
            (HomeKind::Dwelling, Tenure::OtherRental) => VacatedBy::ToOtherRental,
            _ => VacatedBy::Other,
        };
        let freed = self.tenancies().relocate(household, dwelling, kind, at.day);
        if let Some(freed) = freed {
            self.open_vacancy(freed, Chain::Continues(vacancy), by, at);
        }
        self.settle_group(household, at);
        self.look_again(household, at);
    }

    /// Books what a move of a household that came as status holders means: its children of school age change their
    /// surroundings, and the first move out of reception is where civic integration can begin.
    fn note_move(&mut self, household: Slot, to: HomeKind, municipality: u16, at: Moment) {
        let i = household as usize;
        if !self.households[i].means.is(Means::STATUS_HISTORY) {
            return;
        }
        let children = self.households[i].members.of_school_age(at.day.month_index()) as u32;
        let from = self.homes[i];
        self.ledger.school_moves += children;
        self.ledger.school_moves_away += if from.municipality == municipality { 0 } else { children };
        if from.kind == HomeKind::Reception && to != HomeKind::Reception {
            self.ledger.left_reception += 1;
            self.ledger.left_reception_days += at.day.days_since(self.households[i].means.permit_since).max(0) as u32;
        }
    }

    /// A statement is used up by the first dwelling that its holder finds in any way; one for renewal is about the dwelling
    /// that is left. Whoever calls brings the group in line.
    fn end_statement_of_mover(&mut self, household: Slot, to: HomeKind) {
        let seeker = &mut self.seekers[household as usize];
        if seeker.ground == UrgencyGround::Renewal || (seeker.ground != UrgencyGround::None && to == HomeKind::Dwelling)
        {
            seeker.ground = UrgencyGround::None;
        }
    }

    /// Puts a household without address at the address of a host.
    pub fn host(&mut self, guest: Slot, dwelling: Slot, kind: HomeKind, at: Moment) {
        self.register_anew(guest, kind, self.dwellings[dwelling as usize].municipality, at);
        self.tenancies().move_in(guest, dwelling, kind, at.day);
        self.look_again(guest, at);
    }

    /// Lets `heir` take the place of `household` at its address: same dwelling, same guests, no vacancy.
    ///
    /// # Panics
    /// If `heir` still has an address.
    pub fn succeed(&mut self, household: Slot, heir: Slot, at: Moment) {
        assert!(self.homes[heir as usize].dwelling == NO_SLOT, "a household has at most one home");
        let home = self.homes[household as usize];
        if home.dwelling != NO_SLOT {
            let first = self.dwellings[home.dwelling as usize].occupant;
            if first == household {
                self.dwellings[home.dwelling as usize].occupant = heir;
            } else {
                let mut before = first;
                while self.homes[before as usize].next_sharer != household {
                    before = self.homes[before as usize].next_sharer;
                }
                self.homes[before as usize].next_sharer = heir;
            }
        }
        self.homes[heir as usize] = home;
        self.homes[household as usize] =
            Home { municipality: home.municipality, kind: HomeKind::Other, ..Home::default() };
        self.look_again(heir, at);
    }

    /// Ends a household: its rows, its home, its slot. Its persons must have been booked elsewhere.
    pub fn dissolve(&mut self, household: Slot, by: VacatedBy, cause: ChainCause, at: Moment) {
        let municipality = self.homes[household as usize].municipality;
        self.move_out_to(household, HomeKind::Nowhere, municipality, by, Chain::Begins(cause), at);
        let i = household as usize;
        self.register.end_all(&mut self.seekers[i], None);
        self.households[i] = Household::default();
        self.seekers[i] = Seeker::default();
        self.homes[i] = Home::default();
        [self.demography[i], self.registration[i], self.sharing[i], self.eviction[i]] = [Due::NEVER; 4];
        self.slots.give_back(household);
    }

    /// Lists a dwelling that became free: to be offered from the next step on. One that is to be demolished closes.
    pub fn open_vacancy(&mut self, slot: Slot, chain: Chain, by: VacatedBy, at: Moment) {
        let dwelling = &mut self.dwellings[slot as usize];
        if dwelling.form == DwellingForm::SelfContained {
            self.ledger.vacated(dwelling.tenure, by);
        }
        if dwelling.ends != Step::NEVER && dwelling.form == DwellingForm::SelfContained {
            self.ledger.tenures[dwelling.tenure as usize].demolished += 1;
            *dwelling = dwelling.gone();
            return;
        }
        self.list_vacancy(slot, chain, at, at.step.plus(1));
    }

    /// Lists a dwelling that was just built or opened: to be offered in this step already.
    pub fn open_new(&mut self, slot: Slot, cause: ChainCause, at: Moment) {
        self.list_vacancy(slot, Chain::Begins(cause), at, at.step);
    }

    fn list_vacancy(&mut self, slot: Slot, chain: Chain, at: Moment, from: Step) {
        let dwelling = &mut self.dwellings[slot as usize];
        let name = dwelling.name;
        if dwelling.state != DwellingUse::Lived {
            return;
        }
        dwelling.vacant_since = at.step;
        let vacancy = match chain {
            Chain::Begins(cause) => {
                let chain = join(name.0, u64::from(at.step.0) << 8 | cause as u64);
                Vacancy { dwelling: slot, name, from, chain, position: 0, cause }
            }
            Chain::Continues(link) => Vacancy { dwelling: slot, name, from, position: link.position + 1, ..link },
        };
        if dwelling.form == DwellingForm::Shared {
            self.vacancies.rooms.push(vacancy);
        } else {
            self.vacancies.dwellings[dwelling.tenure as usize].push(vacancy);
        }
    }

    /// Opens a short-notice need (spoedzoeker) for `months`, unless the household is of a group that goes before it.
    pub fn open_need(&mut self, household: Slot, need: Need, at: Moment) {
        let seeker = &mut self.seekers[household as usize];
        if seeker.need == Need::None {
            self.ledger.life.needs += 1;
        }
        seeker.come_into_need(need, at.day, at.needs_end);
        self.settle_group(household, at);
        self.registration[household as usize] = Due::redraw(at.step);
    }

    /// Gives an urgency statement.
    pub fn grant_urgency(&mut self, household: Slot, ground: UrgencyGround, months: u32, at: Moment) {
        let seeker = &mut self.seekers[household as usize];
        seeker.ground = ground;
        seeker.urgent_since = at.day;
        seeker.urgent_until = at.step.plus(months);
        let name = self.households[household as usize].kin.name;
        self.lists.urgent.note(name, household);
        self.settle_group(household, at);
        self.registration[household as usize] = Due::redraw(at.step);
    }

    /// Notes a wish on the other markets.
    pub fn wish(&mut self, household: Slot, wish: Wish, until: Step) {
        let seeker = &mut self.seekers[household as usize];
        seeker.wish = wish;
        seeker.wish_until = until;
        self.lists.wishing.note(self.households[household as usize].kin.name, household);
    }

    /// Brings the group in line with the facts (precedence: worlds/MODEL.md 6.1) and books a first entry.
    pub fn settle_group(&mut self, household: Slot, at: Moment) {
        let stable = self.has_stable_home(household);
        let i = household as usize;
        let (home, seeker) = (self.homes[i].kind, &mut self.seekers[i]);
        let before = seeker.group;
        if stable {
            if seeker.group == SeekerGroup::StatusHolder || seeker.group == SeekerGroup::DisplacedUkrainian {
                seeker.duty = false;
                seeker.group = SeekerGroup::None;
            }
            seeker.need = Need::None;
        }
        let has_row = seeker.first_row != NO_SLOT;
        seeker.group = match seeker.group {
            SeekerGroup::DisplacedUkrainian | SeekerGroup::StatusHolder => seeker.group,
            _ if home == HomeKind::Nowhere => SeekerGroup::None,
            _ if seeker.ground != UrgencyGround::None => SeekerGroup::Urgent,
            _ if seeker.need != Need::None => SeekerGroup::ShortNotice,
            _ if has_row => SeekerGroup::Regular,
            _ => SeekerGroup::None,
        };
        if seeker.group != before {
            self.register.regroup(seeker);
        }
        // on a register without searching is no entry; a row that searches may also have come along from elsewhere
        let counts = match seeker.group {
            SeekerGroup::None => false,
            SeekerGroup::Regular => seeker.searching_rows > 0,
            _ => true,
        };
        if counts {
            self.enter(household, at);
        }
    }

    /// Books the first entry since the fork: becomes searching, permit, need event.
    fn enter(&mut self, household: Slot, at: Moment) {
        let seeker = &mut self.seekers[household as usize];
        if seeker.entry_group == SeekerGroup::None && seeker.group != SeekerGroup::None {
            seeker.entry_group = seeker.group;
            seeker.entry_step = at.step;
            self.ledger.entered[seeker.group as usize] += 1;
            self.ledger.entrants.push(self.households[household as usize].kin.name);
        }
    }

    /// Puts the head of a household without a row on the register of `market`, searching and counting from `since`.
    pub fn register_head(&mut self, household: Slot, market: u8, since: Day, at: Moment) {
        let i = household as usize;
        let row = Registration {
            name: KinName::offspring(self.households[i].kin.name, "registration", 0),
            since,
            searching_since: since,
            next_event: Due::redraw(at.step),
            market,
            member: self.households[i].members.head().unwrap_or(0) as u8,
            state: RowState::Searching,
            ..Registration::default()
        };
        self.register.enter(household, &mut self.seekers[i], row);
        self.settle_group(household, at);
    }

    /// Lets the adult's row search from now; what ends a search may do so from the next step on.
    pub fn start_search(&mut self, row: Slot, at: Moment) {
        let holder = self.register.rows[row as usize].holder;
        self.register.search(&mut self.seekers[holder as usize], row, at.day, Due::redraw(at.step.plus(1)));
        self.settle_group(holder, at);
    }

    /// The row with which the household competes in `market`: the oldest searching one of its adults.
    pub fn best_row(&self, household: Slot, market: u8) -> Option<Slot> {
        self.register
            .rows_of(&self.seekers[household as usize])
            .filter(|&row| {
                let row = &self.register.rows[row as usize];
                row.market == market && row.state == RowState::Searching
            })
            .min_by_key(|&row| (self.register.rows[row as usize].since, self.register.rows[row as usize].name))
    }

    /// Sharing must look at the household again: it lives otherwise now.
    pub fn look_again(&mut self, household: Slot, at: Moment) {
        self.sharing[household as usize] = Due::redraw(at.step.plus(1));
    }

    /// Registration must look at the household again if it moves where one registers more often or less. Of others the
    /// draw stands, so that arms in which they move at other times share it.
    fn register_anew(&mut self, household: Slot, to: HomeKind, municipality: u16, at: Moment) {
        let from = self.homes[household as usize];
        if from.municipality != municipality || from.kind.is_private() != to.is_private() {
            self.registration[household as usize] = Due::redraw(at.step);
        }
    }

    /// Homes and occupants, to be changed together.
    pub fn tenancies(&mut self) -> Tenancies<'_, impl Homes> {
        Tenancies { homes: &mut self.homes, dwellings: self.dwellings }
    }

    /// Name of a household.
    pub fn name(&self, household: Slot) -> KinName {
        self.households[household as usize].kin.name
    }
}

/// The row of a column, or the last one if there is no such row.
#[inline]
fn nearest<T>(column: &[T], slot: Slot) -> Option<&T> {
    column.get((slot as usize).min(column.len().saturating_sub(1)))
}
