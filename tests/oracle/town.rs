//! Random small towns, addressed by seed: the same seed with fewer households or dwellings is the same town without the
//! last of them, so a town that shows a difference can be made small.

use doorstroom_kernel::{Calendar, Chance, Day, Luck, MonthOfYear, Purpose, Step, StepLength};
use doorstroom_policy::Rules;
use doorstroom_state::dwelling::{Dwelling, DwellingForm, DwellingUse, Tenure};
use doorstroom_state::group::SeekerGroup;
use doorstroom_state::household::{Home, HomeKind, Means, NO_MUNICIPALITY, Need, Seeker, UrgencyGround};
use doorstroom_state::members::{Members, Person, Role};
use doorstroom_state::municipality::{Gazetteer, Municipality};
use doorstroom_state::name::{Kin, KinName};
use doorstroom_state::quota::QuotaAccount;
use doorstroom_state::region::{MarketClass, Region};
use doorstroom_state::registration::{Registration, RowState};
use doorstroom_state::slots::{NO_SLOT, Slot};
use doorstroom_state::vacancy::{ChainCause, Vacancy};
use doorstroom_world::population::Population;

use crate::rulings;

const SIZE: Purpose = Purpose::named("test town: size");
const PLACES: Purpose = Purpose::named("test town: places");
const RULES: Purpose = Purpose::named("test town: rules");
const HOUSEHOLD: Purpose = Purpose::named("test town: household");
const HOME: Purpose = Purpose::named("test town: home");
const ROWS: Purpose = Purpose::named("test town: registrations");
const VACANCY: Purpose = Purpose::named("test town: vacancy");

/// How large a town is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Size {
    /// Households: 5 to 60, more in a town of character.
    pub households: u64,
    /// Vacancies: 1 to 45, in a crowded town 1 to 5.
    pub vacancies: u64,
    /// What the town has much of.
    pub character: Character,
}

/// What a town has much of.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Character {
    /// Something of everything.
    Mixed,
    /// Many more react on a dwelling than are ranked at first: all dwellings are large and were on offer before,
    /// nearly everybody is registered and keen, and few accept.
    Crowded,
    /// Most are status holders, most of them alone.
    Reception,
}

impl Size {
    /// The size of the town of this seed.
    pub fn of(seed: u64) -> Self {
        let mut luck = Chance::new(seed).trait_of(SIZE, 0);
        let (households, vacancies) = (5 + luck.below(56), 1 + luck.below(30));
        match seed % 5 {
            0 => {
                Size { households: 100 + luck.below(101), vacancies: 1 + vacancies / 7, character: Character::Crowded }
            }
            1 => Size { households: households + 40, vacancies: vacancies + 15, character: Character::Reception },
            _ => Size { households, vacancies, character: Character::Mixed },
        }
    }
}

/// A town that stands before the Allocation phase of one step.
pub struct Town {
    /// Who and what is there.
    pub population: Population,
    /// Rules, with the values of today in force.
    pub rules: Rules,
    /// Luck of the run.
    pub chance: Chance,
    /// Start and length of steps.
    pub calendar: Calendar,
    /// The step that is played.
    pub step: Step,
    /// Its first day.
    pub today: Day,
}

/// One of `values`, all equally likely.
pub fn one_of<T: Copy>(luck: &mut Luck, values: &[T]) -> T {
    values[luck.below(values.len() as u64) as usize]
}

/// True `percent` times in a hundred.
fn percent(luck: &mut Luck, percent: u64) -> bool {
    luck.below(100) < percent
}

impl Town {
    /// The town of this seed with so many households and vacancies.
    pub fn random(seed: u64, size: Size, rules: &Rules) -> Self {
        let chance = Chance::new(seed);
        let calendar =
            Calendar { start: Day::parse("2025-01-01").expect("this is a date"), length: StepLength::Months(1) };
        let step = Step(4 + chance.trait_of(SIZE, 1).below(30) as u16);
        let today = calendar.day_of(step);
        let mut town = Town { population: Population::default(), rules: rules.clone(), chance, calendar, step, today };
        town.population.scale = 1.0;
        town.add_places();
        let regions = town.markets();
        let crowded = size.character == Character::Crowded;
        let most_offers = if crowded { &rulings::MANY_OFFERS[..] } else { &rulings::OFFERS[..] };
        rulings::randomise(&mut town.rules, &mut chance.trait_of(RULES, 0), today, regions, most_offers);
        if crowded {
            rulings::let_many_react(&mut town.rules, &mut chance.trait_of(RULES, 1));
        }
        for ordinal in 0..size.vacancies {
            town.add_vacancy(ordinal, size.character);
        }
        for ordinal in 0..size.households {
            town.add_household(ordinal, size.character);
        }
        town.note_lists();
        town
    }

    fn add_places(&mut self) {
        let luck = &mut self.chance.trait_of(PLACES, 0);
        let regions = 1 + luck.below(3) as u8;
        let population = &mut self.population;
        for code in 0..regions {
            population.regions.push(Region { code: code + 1, class: one_of(luck, &MarketClass::ALL) });
        }
        let mut gazetteer = Gazetteer {
            region_codes: (1..=regions).map(|code| format!("CR{code:02}")).collect(),
            region_names: (1..=regions).map(|code| format!("region {code}")).collect(),
            neighbours: vec![Vec::new(); usize::from(regions)],
            ..Gazetteer::default()
        };
        for a in 0..regions {
            for b in (0..regions).filter(|&b| b != a) {
                if chance_of_border(luck, a, b) {
                    gazetteer.neighbours[usize::from(a)].push(b);
                }
            }
        }
        for ordinal in 0..1 + luck.below(4) as u16 {
            let region = luck.below(u64::from(regions)) as u8;
            gazetteer.municipality_codes.push(format!("GM{:04}", ordinal + 1));
            gazetteer.municipality_names.push(format!("town {ordinal}"));
            gazetteer.region_of.push(region);
            population.municipalities.push(Municipality {
                code: ordinal + 1,
                region,
                urbanity: 3,
                inhabitants: 10_000,
                urgency_regulation: percent(luck, 50),
                earmark_effort: luck.unit() * 16.0,
                earmark_carry: luck.unit() * 2.0,
            });
            population.accounts.push(QuotaAccount {
                target_milli: one_of(luck, &[0, 2_000, 5_000, 10_000, 30_500]),
                carried_milli: one_of(luck, &[-5_000, 0, 0, 8_000]),
                realised_milli: one_of(luck, &[0, 0, 1_000, 4_500]),
                missed: luck.below(7) as u8,
                ..QuotaAccount::default()
            });
        }
        population.gazetteer = gazetteer;
    }

    /// Codes and classes of the markets.
    fn markets(&self) -> Vec<(String, MarketClass)> {
        let codes = self.population.gazetteer.region_codes.iter().cloned();
        codes.zip(self.population.regions.iter().map(|region| region.class)).collect()
    }

    fn municipality(&self, luck: &mut Luck) -> u16 {
        luck.below(self.population.municipalities.len() as u64) as u16
    }

    fn push_dwelling(&mut self, name: KinName, dwelling: Dwelling) -> Slot {
        self.population.dwellings.push(Dwelling { name, ..dwelling });
        self.population.dwellings.len() as Slot - 1
    }

    fn add_vacancy(&mut self, ordinal: u64, character: Character) {
        let luck = &mut self.chance.trait_of(VACANCY, ordinal);
        let tenure = if percent(luck, 88) { Tenure::Corporation } else { Tenure::OtherRental };
        let form = match luck.below(10) {
            0 | 1 => DwellingForm::Flex,
            2 => DwellingForm::Shared,
            _ => DwellingForm::SelfContained,
        };
        // freed in the step before it may be offered, or newly built and offered at once
        let from = Step(self.step.0 + 1 - luck.below(5) as u16);
        let vacant_since = if percent(luck, 80) { Step(from.0 - 1) } else { from };
        let dwelling = Dwelling {
            vacant_since: vacant_since.min(self.step),
            municipality: self.municipality(luck),
            tenure,
            form,
            state: DwellingUse::Lived,
            rooms: one_of(luck, &[1, 2, 2, 3, 3, 4, 4, 5, 6]),
            rent_class: if tenure == Tenure::Corporation { one_of(luck, &[1, 1, 1, 2, 3, 4]) } else { 0 },
            capacity: if form == DwellingForm::Shared { 3 } else { 1 },
            ..Dwelling::default()
        };
        let (name, chain, position) = (KinName(luck.bits()), luck.bits(), luck.below(5) as u16);
        let dwelling = match dwelling.form {
            DwellingForm::SelfContained if character == Character::Crowded => {
                Dwelling { rooms: 6, vacant_since: Step(self.step.0 - 3), ..dwelling }
            }
            _ => dwelling,
        };
        let slot = self.push_dwelling(name, dwelling);
        let vacancy = Vacancy { dwelling: slot, name, from, chain, position, cause: ChainCause::Start };
        match form {
            DwellingForm::Shared => self.population.vacancies.rooms.push(vacancy),
            _ => self.population.vacancies.dwellings[tenure as usize].push(vacancy),
        }
    }

    fn add_household(&mut self, ordinal: u64, character: Character) {
        let luck = &mut self.chance.trait_of(HOUSEHOLD, ordinal);
        let name = KinName(luck.bits());
        let in_reception = character == Character::Reception && percent(luck, 60);
        let mut members = persons(luck, self.today.month_index());
        if in_reception && percent(luck, 70) {
            members = Members::of(&members.get(0).into_iter().collect::<Vec<_>>()).0;
        }
        let mut means = Means {
            income_class: 1 + luck.below(8) as u8,
            position: luck.below(256) as u8,
            flags: if percent(luck, 15) { Means::STUDENT } else { 0 },
            ..Means::default()
        };
        let mut seeker = Seeker::default();
        let kind = self.need(luck, in_reception, &members, &mut means, &mut seeker);
        let home = Home { municipality: self.municipality(luck), kind, ..Home::default() };
        let slot =
            self.population.push_household(Kin { name, ..Kin::default() }, members, means, seeker, home) as usize;
        if kind == HomeKind::Dwelling {
            self.settle(slot, ordinal);
        }
        self.add_rows(slot, ordinal, if character == Character::Crowded { 95 } else { 60 });
        let seeker = &mut self.population.seekers[slot];
        if seeker.group == SeekerGroup::None && seeker.first_row != NO_SLOT {
            seeker.group = SeekerGroup::Regular;
        }
        seeker.entry_group = seeker.group;
    }

    /// Draws why a household seeks, and how it lives.
    fn need(
        &self,
        luck: &mut Luck,
        in_reception: bool,
        members: &Members,
        means: &mut Means,
        seeker: &mut Seeker,
    ) -> HomeKind {
        // few dates, so that equal ones are common and names have to decide
        let days_ago = |luck: &mut Luck| self.today.plus_days(-30 * luck.below(8) as i32);
        let late = Step(self.step.0 + 1 + luck.below(6) as u16);
        let private =
            [HomeKind::Dwelling, HomeKind::Dwelling, HomeKind::WithParents, HomeKind::WithKin, HomeKind::Other];
        match if in_reception { 99 } else { luck.below(100) } {
            0..=39 => one_of(luck, &private),
            40..=57 => {
                seeker.group = SeekerGroup::Urgent;
                seeker.ground = one_of(luck, &[UrgencyGround::Medical, UrgencyGround::Medical, UrgencyGround::Renewal]);
                (seeker.urgent_since, seeker.urgent_until) = (days_ago(luck), late);
                one_of(luck, &private)
            }
            58..=74 => {
                seeker.group = SeekerGroup::ShortNotice;
                seeker.need = one_of(luck, &[Need::Institution, Need::Institution, Need::BreakUp, Need::EndOfStay]);
                (seeker.need_since, seeker.need_until) = (days_ago(luck), late);
                if seeker.need == Need::Institution {
                    means.flags |= Means::CARE_LEAVER;
                }
                // in a dwelling: a flex home ends no need
                one_of(
                    luck,
                    &[HomeKind::WithKin, HomeKind::Sublet, HomeKind::Other, HomeKind::Shelter, HomeKind::Dwelling],
                )
            }
            _ => {
                seeker.group = SeekerGroup::StatusHolder;
                seeker.linked = if percent(luck, 92) { self.municipality(luck) } else { NO_MUNICIPALITY };
                seeker.duty = percent(luck, 92);
                seeker.refusals = luck.below(2) as u8;
                let alone = members.count() == 1;
                seeker.family_awaited = if alone && percent(luck, 40) { 1 + luck.below(5) as u8 } else { 0 };
                means.flags |= Means::STATUS_HISTORY | Means::PERMIT_ALIEN;
                means.permit_since = self.today.plus_days(-one_of(luck, &[0, 27, 28, 29, 60, 60, 98, 200]));
                if percent(luck, 90) { HomeKind::Reception } else { HomeKind::Interim }
            }
        }
    }

    /// Gives a household the dwelling it lives in.
    fn settle(&mut self, slot: usize, ordinal: u64) {
        let luck = &mut self.chance.trait_of(HOME, ordinal);
        let dwelling = Dwelling {
            occupant: slot as Slot,
            municipality: self.population.homes[slot].municipality,
            tenure: one_of(luck, &Tenure::ALL),
            form: if percent(luck, 10) { DwellingForm::Flex } else { DwellingForm::SelfContained },
            state: DwellingUse::Lived,
            rooms: 1 + luck.below(6) as u8,
            capacity: 1,
            ..Dwelling::default()
        };
        let name = KinName(luck.bits());
        self.population.homes[slot].dwelling = self.push_dwelling(name, dwelling);
    }

    /// Registers adults in some markets; some rows were ended and are free.
    fn add_rows(&mut self, slot: usize, ordinal: u64, registered: u64) {
        let luck = &mut self.chance.trait_of(ROWS, ordinal);
        let members = self.population.members[slot];
        let adults: Vec<usize> =
            members.iter().filter(|(_, p)| p.role != Role::Child).map(|(place, _)| place).collect();
        let (register, seeker) = (&mut self.population.register, &mut self.population.seekers[slot]);
        let ended = percent(luck, 20)
            .then(|| register.enter(slot as Slot, seeker, Registration { state: RowState::Searching, ..row(luck) }));
        for member in adults {
            for market in 0..self.population.regions.len() as u8 {
                if !percent(luck, registered) {
                    continue;
                }
                let since = self.today.plus_days(-120 * luck.below(15) as i32);
                let searching_since = since.max(self.today.plus_days(-90 * luck.below(6) as i32));
                let state = if percent(luck, 80) { RowState::Searching } else { RowState::Dormant };
                let reacted = if percent(luck, 50) { Step::NEVER } else { Step(self.step.0 - 1) };
                let entry =
                    Registration { since, searching_since, reacted, market, member: member as u8, state, ..row(luck) };
                register.enter(slot as Slot, seeker, entry);
            }
        }
        if let Some(ended) = ended {
            register.end(seeker, ended);
        }
    }

    /// Fills the short lists as the processes do: complete, in no order, with double and outdated entries.
    fn note_lists(&mut self) {
        let population = &mut self.population;
        for slot in (0..population.homes.len()).rev() {
            let (name, seeker) = (population.kin[slot].name, &population.seekers[slot]);
            let outdated = name.0 % 7 == 0;
            let lists = &mut population.lists;
            let states = [
                (population.homes[slot].kind == HomeKind::Reception, &mut lists.reception),
                (seeker.ground != UrgencyGround::None, &mut lists.urgent),
                (seeker.need == Need::Institution, &mut lists.care_leavers),
            ];
            for (holds, list) in states {
                if holds {
                    list.note(name, slot as Slot);
                }
                if holds && outdated {
                    list.note(name, slot as Slot);
                }
                if outdated {
                    list.note(KinName(name.0 ^ 1), slot as Slot);
                }
            }
            if seeker.group == SeekerGroup::Regular {
                lists.urgent.note(name, slot as Slot);
                lists.care_leavers.note(name, slot as Slot);
            }
        }
    }
}

fn row(luck: &mut Luck) -> Registration {
    Registration { name: KinName(luck.bits()), ..Registration::default() }
}

/// Two regions share a border or do not; drawn for both at once.
fn chance_of_border(luck: &Luck, a: u8, b: u8) -> bool {
    let mut pair = luck.clone();
    for _ in 0..u32::from(a.min(b)) * 3 + u32::from(a.max(b)) {
        pair.bits();
    }
    percent(&mut pair, 75)
}

/// A household of one to ten persons; ages crowd around the ages at which the norm of rooms changes.
fn persons(luck: &mut Luck, now: MonthOfYear) -> Members {
    let person = |role: Role, age: u64, luck: &mut Luck| Person {
        born: MonthOfYear(now.0 - 12 * age as i16 - luck.below(12) as i16),
        female: luck.below(2) == 0,
        role,
    };
    let age = 18 + luck.below(60);
    let mut all = vec![person(Role::Head, age, luck)];
    if percent(luck, 40) {
        let age = 18 + luck.below(60);
        all.push(person(Role::Partner, age, luck));
    }
    let children = if percent(luck, 55) { 0 } else { 1 + luck.below(8) };
    for _ in 0..children {
        let age = one_of(luck, &[0, 5, 11, 12, 14, 17, 18, 21]);
        all.push(person(Role::Child, age, luck));
    }
    Members::of(&all).0
}
