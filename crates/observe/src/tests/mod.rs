//! Tiny hand-made worlds, and naive recounts of them as oracle.

mod counts;
mod runs;
mod search;

use bevy_ecs::prelude::*;
use doorstroom_kernel::{Calendar, Clock, Day, Lane, MonthOfYear, Step, StepLength};
use doorstroom_state::dwelling::DwellingUse;
use doorstroom_state::ledger::{Channel, Decided, Ground, Letting};
use doorstroom_state::members::{Person, Role};
use doorstroom_state::municipality::{Gazetteer, Municipality};
use doorstroom_state::quota::{HalfYear, QuotaAccount};
use doorstroom_state::reception::ReceptionStock;
use doorstroom_state::region::{MarketClass, Region};
use doorstroom_state::registration::{Register, Registration, RowState};
use doorstroom_state::tenancy::Tenancies;
use doorstroom_state::vacancy::{ChainCause, Vacancies, Vacancy};
use doorstroom_state::written::Written;
use doorstroom_state::{
    Dwelling, DwellingForm, Home, HomeKind, Household, Kin, KinName, Ledger, Means, Members, NO_SLOT, Seeker,
    SeekerGroup, Slot, Tenure, model,
};

use crate::settings::{ObserveSettings, Prices, Resolution};

/// Two markets, three municipalities: 0 and 1 in the first market, 2 in the second.
struct Town {
    homes: Vec<Home>,
    seekers: Vec<Seeker>,
    members: Vec<Members>,
    dwellings: Vec<Dwelling>,
    register: Register,
    start: Day,
}

fn day(text: &str) -> Day {
    Day::parse(text).unwrap()
}

/// A household of these ages: the first is the head, who is a man; the others are children.
fn persons(ages: &[i16], now: MonthOfYear) -> Members {
    let role = |i| if i == 0 { Role::Head } else { Role::Child };
    let person =
        |(i, &age): (usize, &i16)| Person { born: MonthOfYear(now.0 - 12 * age), female: false, role: role(i) };
    Members::of(&ages.iter().enumerate().map(person).collect::<Vec<_>>()).0
}

impl Town {
    fn new(start: &str) -> Self {
        Town {
            homes: Vec::new(),
            seekers: Vec::new(),
            members: Vec::new(),
            dwellings: Vec::new(),
            register: Register::default(),
            start: day(start),
        }
    }

    /// A dwelling to be lived in.
    fn dwelling(&mut self, municipality: u16, tenure: Tenure, form: DwellingForm, rooms: u8) -> Slot {
        let capacity = if form == DwellingForm::Shared { rooms } else { 1 };
        let state = DwellingUse::Lived;
        self.dwellings.push(Dwelling { municipality, tenure, form, rooms, capacity, state, ..Dwelling::default() });
        self.dwellings.len() as Slot - 1
    }

    /// A household of these ages somewhere outside the stock.
    fn household(&mut self, municipality: u16, kind: HomeKind, group: SeekerGroup, ages: &[i16]) -> Slot {
        self.homes.push(Home { municipality, kind, ..Home::default() });
        self.seekers.push(Seeker { group, entry_group: group, entry_step: Step(0), ..Seeker::default() });
        self.members.push(persons(ages, self.start.month_index()));
        self.homes.len() as Slot - 1
    }

    fn move_in(&mut self, household: Slot, dwelling: Slot, kind: HomeKind) {
        Tenancies { homes: &mut self.homes, dwellings: &mut self.dwellings }
            .move_in(household, dwelling, kind, self.start);
    }

    fn row(&mut self, holder: Slot, market: u8, state: RowState, since: &str, reacted: Step) {
        let name = KinName(1_000 + self.register.rows.len() as u64);
        let since = day(since);
        let row =
            Registration { name, market, state, since, searching_since: since, reacted, ..Registration::default() };
        self.register.enter(holder, &mut self.seekers[holder as usize], row);
    }

    /// The world before its first step, counted by `threads` threads.
    fn world(self, threads: usize) -> World {
        let mut world = World::new();
        model::checkpoint(&mut world);
        let mut vacancies = Vacancies::default();
        for (slot, dwelling) in self.dwellings.iter().enumerate() {
            if dwelling.occupant == NO_SLOT && dwelling.form != DwellingForm::Shared {
                vacancies.dwellings[dwelling.tenure as usize].push(vacancy(slot as Slot));
            }
        }
        for (i, ((home, seeker), members)) in self.homes.into_iter().zip(self.seekers).zip(self.members).enumerate() {
            let kin = Kin { name: KinName(i as u64 + 1), ..Kin::default() };
            let permit_since = if seeker.group == SeekerGroup::StatusHolder { self.start } else { Day(0) };
            world.spawn((Household { kin, members, means: Means { permit_since, ..Means::default() } }, seeker, home));
        }
        for dwelling in self.dwellings {
            world.spawn(dwelling);
        }
        for region in [0, 0, 1] {
            world.spawn((Municipality { region, ..Municipality::default() }, QuotaAccount::default()));
        }
        world.spawn(Region { code: 1, class: MarketClass::Tight });
        world.spawn(Region { code: 2, class: MarketClass::Relaxed });
        let words = |words: &[&str]| words.iter().map(|&word| word.to_owned()).collect::<Vec<_>>();
        world.insert_resource(Gazetteer {
            municipality_codes: words(&["GM0001", "GM0002", "GM0003"]),
            municipality_names: words(&["A", "B", "C"]),
            region_codes: words(&["CR01", "CR02"]),
            region_names: words(&["North", "South"]),
            region_of: vec![0, 0, 1],
            neighbours: vec![vec![1], vec![0]],
            part_of: None,
        });
        let mut ledger = Ledger::default();
        ledger.begin(2);
        world.insert_resource(ledger);
        world.insert_resource(self.register);
        world.insert_resource(vacancies);
        world.insert_resource(ReceptionStock::default());
        world.insert_resource(Written::default());
        world.insert_resource(HalfYear { label: "2025-I".into(), ..HalfYear::default() });
        world.insert_resource(Clock::new(Calendar { start: self.start, length: StepLength::Months(1) }));
        world.insert_resource(Lane::new(threads));
        world
    }
}

fn vacancy(dwelling: Slot) -> Vacancy {
    let name = KinName(u64::from(dwelling) + 1);
    Vacancy { dwelling, name, from: Step(0), chain: 1, position: 0, cause: ChainCause::Start }
}

fn settings(check: bool) -> ObserveSettings {
    ObserveSettings {
        arm: "baseline".into(),
        replicate: 3,
        resolution: Resolution::Region,
        scale: 1.0,
        check,
        fork_step: Step(1),
    }
}

const PRICES: Prices = Prices {
    reception_eur: [30_000.0, 60_000.0, 20_000.0, 30_000.0, 30_000.0, 80_000.0, 20_000.0],
    tariffs: crate::tariffs::Tariffs::NONE,
    interim_eur: 10_000.0,
    quota_carries: true,
    own_network_hazard: 0.02,
};

/// The same in the ledger, with a registration used.
fn decided(household: u64, group: SeekerGroup, on: &str) -> Decided {
    Decided { household: 0, dwelling: 0, row: 0, letting: letting(household, group, on) }
}

/// A regular advertised letting in municipality 0 to a household of two, ten years registered and one searching.
fn letting(household: u64, group: SeekerGroup, on: &str) -> Letting {
    Letting {
        household_name: KinName(household),
        dwelling_name: KinName(77),
        municipality: 0,
        market: 0,
        is_room: false,
        is_flex: false,
        channel: Channel::Advertised,
        ground: Ground::None,
        rank: 2,
        registration_days: 3_652,
        search_days: 365,
        clock_days: 365,
        entry_group: group,
        group_at_letting: group,
        origin: HomeKind::Dwelling,
        first_entry: false,
        vacates_social: true,
        vacates_dwelling: true,
        first_letting: true,
        permit_under_a_year: false,
        status_history: group == SeekerGroup::StatusHolder,
        persons: 2,
        rooms: 3,
        rent_class: 1,
        chain: 5,
        chain_position: 0,
        chain_cause: ChainCause::Built,
        on: day(on),
    }
}
