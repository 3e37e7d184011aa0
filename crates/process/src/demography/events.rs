//! What a life event does to a household.

use doorstroom_kernel::Threshold;
use doorstroom_kernel::chance::Luck;
use doorstroom_state::SeekerGroup;
use doorstroom_state::books::Books;
use doorstroom_state::due::{Due, NextLooks};
use doorstroom_state::household::{Home, HomeKind, Household, Means, Need, Wish, Work};
use doorstroom_state::ledger::VacatedBy;
use doorstroom_state::members::{Members, Person, Role};
use doorstroom_state::name::{Kin, KinName};
use doorstroom_state::newcomer::{Newcomer, Newcomers};
use doorstroom_state::registration::Registration;
use doorstroom_state::slots::Slot;
use doorstroom_state::vacancy::ChainCause;

use super::hazards::LifeEvent;
use super::income::{IncomeShares, split_classes};
use super::pairing::{Leaver, Wishes};
use crate::rulebook::Setting;

/// Everything an event may touch.
pub struct Life<'a, 'b, 'w> {
    /// The books.
    pub books: &'a mut Books<'b>,
    /// Clock, chance, rules.
    pub setting: &'a Setting<'w>,
    /// Income shares in force.
    pub shares: &'a IncomeShares,
    /// Households that come into being.
    pub newcomers: &'a mut Newcomers,
    /// Those who look for a partner or for their parents this step.
    pub wishes: &'a mut Wishes,
}

impl Life<'_, '_, '_> {
    /// Carries out the struck events of one household, in their order, as long as it exists.
    pub fn carry_out(&mut self, slot: Slot, events: impl Iterator<Item = LifeEvent>, luck: &mut Luck) {
        let name = self.books.name(slot);
        for event in events {
            if self.books.name(slot) == name {
                self.happen(slot, event, luck);
            }
        }
    }

    fn happen(&mut self, slot: Slot, event: LifeEvent, luck: &mut Luck) {
        let at = self.setting.moment();
        match event {
            LifeEvent::BreakUp => self.break_up(slot, luck),
            LifeEvent::Pair => self.wishes.pairing.push((self.books.name(slot), slot)),
            LifeEvent::Institution => {
                self.books.ledger.life.institution += 1;
                self.books.ledger.life.persons_out += self.books.households[slot as usize].members.count() as u32;
                self.books.dissolve(slot, VacatedBy::Dissolved, ChainCause::Dissolved, at);
            }
            LifeEvent::BackToParents => self.wishes.returning.push((self.books.name(slot), slot)),
            LifeEvent::Emigrate => {
                self.books.ledger.life.emigrated += 1;
                self.books.ledger.life.persons_out += self.books.households[slot as usize].members.count() as u32;
                self.books.dissolve(slot, VacatedBy::Emigrated, ChainCause::Emigrated, at);
            }
            LifeEvent::Birth(_) => self.birth(slot, luck),
            LifeEvent::Death(place) => self.death(slot, place),
            LifeEvent::LeaveHome(place) => self.leave_home(slot, place, luck),
        }
    }

    fn birth(&mut self, slot: Slot, luck: &mut Luck) {
        let born = self.setting.clock.month();
        let child = Person { born, female: luck.bits() & 1 == 1, role: Role::Child };
        match self.books.households[slot as usize].members.add(child) {
            Some(_) => {
                self.books.ledger.life.births += 1;
                self.books.ledger.life.persons_in += 1;
            }
            None => self.books.ledger.life.left_out += 1,
        }
    }

    fn death(&mut self, slot: Slot, place: u8) {
        let i = slot as usize;
        let Some(person) = self.books.households[i].members.remove(usize::from(place)) else { return };
        self.books.ledger.life.deaths += 1;
        self.books.ledger.life.persons_out += 1;
        self.books.register.end_all(&mut self.books.seekers[i], Some(place));
        if person.role != Role::Child {
            self.books.households[i].kin.retired = KinName::NOBODY;
        }
        let at = self.setting.moment();
        if self.elect_head(slot) {
            return self.books.settle_group(slot, at);
        }
        let orphans = self.books.households[i].members.count() as u32;
        self.books.ledger.life.persons_out += orphans;
        self.books.ledger.life.dissolved_death += 1;
        self.books.dissolve(slot, VacatedBy::Dissolved, ChainCause::Dissolved, at);
    }

    /// Makes the partner, else the oldest adult child, head; false if no adult is left.
    fn elect_head(&mut self, slot: Slot) -> bool {
        let month = self.setting.clock.month();
        let members = &mut self.books.households[slot as usize].members;
        if members.head().is_some() {
            return true;
        }
        let heir = members.partner().or_else(|| {
            let adults = members.iter().filter(|(_, p)| p.age(month) >= 18);
            adults.min_by_key(|&(place, p)| (p.born, place)).map(|(place, _)| place)
        });
        if let Some(place) = heir {
            members.set_role(place, Role::Head);
        }
        heir.is_some()
    }

    /// One partner leaves, by lot; the children go along or stay. Whoever leaves looks for a home.
    fn break_up(&mut self, slot: Slot, luck: &mut Luck) {
        let i = slot as usize;
        let at = self.setting.moment();
        let (Some(head), Some(partner)) =
            (self.books.households[i].members.head(), self.books.households[i].members.partner())
        else {
            return;
        };
        let leaver = if luck.bits() & 1 == 1 { head } else { partner };
        let rules = &self.setting.rulebook.rules.demography;
        let takes_children = !luck.strikes(Threshold::of(rules.break_up_children_stay.get()));
        let in_need = luck.strikes(rules.break_up_need.get().into_threshold());
        let wants_rent = luck.strikes(self.setting.rulebook.rules.market.rent_at_start.get().into_threshold());
        let name = self.next_name(slot, "break-up", true);
        let mut newcomer = self.blank(slot, name, HomeKind::WithKin);
        let mut going = vec![leaver];
        if takes_children {
            going.extend(
                self.books.households[i].members.iter().filter(|(_, p)| p.role == Role::Child).map(|(place, _)| place),
            );
        }
        for place in going {
            self.take_along(slot, place, &mut newcomer, place == leaver);
        }
        self.elect_head(slot);
        self.books.settle_group(slot, at);
        let (stays, goes) = split_classes(&self.books.households[i].means, rules.break_up_income_stays.get());
        self.books.households[i].means.income_class = stays;
        newcomer.means.income_class = goes;
        if in_need {
            newcomer.seeker.come_into_need(Need::BreakUp, at.day, at.needs_end);
            self.books.ledger.life.needs += 1;
        }
        if wants_rent {
            self.wish_at_start(&mut newcomer);
        }
        self.books.ledger.life.broken_up += 1;
        self.newcomers.0.push(newcomer);
    }

    /// A child forms a household of its own on that day, hosted by the parents.
    fn leave_home(&mut self, slot: Slot, place: u8, luck: &mut Luck) {
        if self.books.households[slot as usize].members.get(usize::from(place)).is_none_or(|p| p.role != Role::Child) {
            return;
        }
        let rules = &self.setting.rulebook.rules;
        let age = self.books.households[slot as usize]
            .members
            .get(usize::from(place))
            .map_or(0, |p| p.age(self.setting.clock.month()));
        let with_partner = luck.strikes(rules.demography.leave_home_with_partner.get().into_threshold());
        let wants_rent = luck.strikes(rules.market.rent_at_start.get().into_threshold());
        let name = self.next_name(slot, "leave home", false);
        let mut newcomer = self.blank(slot, name, HomeKind::WithParents);
        if self.books.homes[slot as usize].kind == HomeKind::Dwelling {
            newcomer.home.dwelling = self.books.homes[slot as usize].dwelling;
        }
        self.take_along(slot, usize::from(place), &mut newcomer, true);
        self.books.settle_group(slot, self.setting.moment());
        newcomer.means.income_class = self.shares.draw(age, luck);
        newcomer.means.position = luck.below(256) as u8;
        newcomer.means.flags &= !Means::STUDENT;
        if wants_rent {
            self.wish_at_start(&mut newcomer);
        }
        self.wishes.nests.push((self.books.name(slot), slot));
        self.wishes.leavers.push(Leaver { newcomer, with_partner });
    }

    /// Name of a household that comes out of this one: the retired party's own, if there is one.
    fn next_name(&mut self, slot: Slot, kind: &str, reuse: bool) -> KinName {
        let Household { kin, members, .. } = &mut self.books.households[slot as usize];
        if reuse && kin.retired != KinName::NOBODY {
            return std::mem::take(&mut kin.retired);
        }
        members.offspring = members.offspring.wrapping_add(1);
        KinName::offspring(kin.name, kind, u32::from(members.offspring))
    }

    fn blank(&self, slot: Slot, name: KinName, kind: HomeKind) -> Newcomer {
        let i = slot as usize;
        let at = self.setting.moment();
        let (origin, means) = (self.books.homes[i].kind, self.books.households[i].means);
        let waits_as_status_holder = self.books.seekers[i].group == SeekerGroup::StatusHolder;
        let look = Due::redraw(at.step.plus(1));
        Newcomer {
            kin: Kin { name, retired: KinName::NOBODY },
            members: Members::default(),
            means: Means {
                income_month: (name.0 % 12) as u8,
                work: if waits_as_status_holder { means.work } else { Work::NotFollowed },
                // who came out of an institution is one person, and stays
                flags: means.flags & !Means::CARE_LEAVER,
                ..means
            },
            seeker: self.books.seekers[i].of_who_leaves(),
            home: Home {
                since: at.day,
                municipality: self.books.homes[i].municipality,
                kind: if origin.is_private() { kind } else { origin },
                ..Home::default()
            },
            rows: Vec::new(),
            next: NextLooks { demography: look, registration: Due::redraw(at.step), sharing: look },
        }
    }

    /// Moves a person and its registrations from a household to a newcomer.
    fn take_along(&mut self, slot: Slot, place: usize, newcomer: &mut Newcomer, as_head: bool) {
        let i = slot as usize;
        let Some(person) = self.books.households[i].members.remove(place) else { return };
        let role = if as_head { Role::Head } else { Role::Child };
        let rows = self.books.register.detach(&mut self.books.seekers[i], place as u8);
        if let Some(new_place) = newcomer.members.add(Person { role, ..person }) {
            newcomer.rows.extend(rows.into_iter().map(|row| Registration { member: new_place as u8, ..row }));
        }
    }

    fn wish_at_start(&self, newcomer: &mut Newcomer) {
        let months = self.setting.rulebook.rules.market.wish_months.get();
        newcomer.seeker.wish = Wish::Rent;
        newcomer.seeker.wish_until = self.setting.clock.step.plus(self.setting.steps(months));
    }
}

/// Shares in rule files, as thresholds.
pub trait IntoThreshold {
    /// The threshold struck with this chance.
    fn into_threshold(self) -> Threshold;
}

impl IntoThreshold for f64 {
    fn into_threshold(self) -> Threshold {
        Threshold::of(self)
    }
}
