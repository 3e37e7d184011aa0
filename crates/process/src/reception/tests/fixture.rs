//! A small country with rules, reception sites and dwellings, in which only reception and quota run.

use bevy_ecs::prelude::*;
use bevy_ecs::schedule::Schedule;
use doorstroom_kernel::registrar::Registrar;
use doorstroom_kernel::{Calendar, Chance, Clock, Day, Lane, MonthOfYear, Step, StepLength};
use doorstroom_policy::Rules;
use doorstroom_policy::scheme::SchemeBook;
use doorstroom_state::books::{BookKeeping, Books, Moment};
use doorstroom_state::due::{NextDemography, NextEviction, NextRegistration, NextSharing};
use doorstroom_state::dwelling::{Dwelling, DwellingUse};
use doorstroom_state::group::SeekerGroup;
use doorstroom_state::household::{Home, HomeKind, Means, NO_MUNICIPALITY, Seeker};
use doorstroom_state::ledger::Ledger;
use doorstroom_state::lists::Lists;
use doorstroom_state::members::{Members, Person, Role};
use doorstroom_state::model;
use doorstroom_state::municipality::{Gazetteer, Municipality};
use doorstroom_state::name::{Kin, KinName};
use doorstroom_state::newcomer::{NewDwellings, Newcomer, Newcomers};
use doorstroom_state::quota::{HalfYear, QuotaAccount};
use doorstroom_state::reception::{PlaceKind, ReceptionSite, ReceptionStock};
use doorstroom_state::registration::Register;
use doorstroom_state::slots::Slots;
use doorstroom_state::vacancy::Vacancies;
use doorstroom_state::written::Written;

use crate::phase::Phase;
use crate::rulebook::{self, Rulebook, Scale, bring_into_force};

/// One tenth of the country.
pub const SCALE: f64 = 0.1;
const INHABITANTS: [u32; 4] = [9_000_000, 5_000_000, 3_000_000, 942_000];
const REGION_OF: [u8; 4] = [0, 0, 1, 1];
/// Dwellings of the country, spread over the municipalities in turn.
pub const DWELLINGS: usize = 400;

macro_rules! subject {
    ($name:literal) => {
        ron::Options::default()
            .with_default_extension(ron::extensions::Extensions::IMPLICIT_SOME)
            .from_str(include_str!(concat!("../../../../../worlds/netherlands/policy/", $name, ".ron")))
            .expect("the policy files of the Dutch world can be read")
    };
}

/// The rules of the Dutch world.
fn rules() -> Rules {
    Rules {
        demography: subject!("demography"),
        market: subject!("market"),
        supply: subject!("supply"),
        registration: subject!("registration"),
        allocation: subject!("allocation"),
        quota: subject!("quota"),
        priority: subject!("priority"),
        reception: subject!("reception"),
        sharing: subject!("sharing"),
        alternatives: subject!("alternatives"),
        money: subject!("money"),
        schemes: SchemeBook::default(),
        gated: Vec::new(),
    }
}

/// The country before its first step, and its schedule.
pub struct Country {
    pub world: World,
    schedule: Schedule,
}

impl Country {
    /// A country on 1 January 2025 with `changes` of rules (path, value) from then on, and `residents`.
    pub fn with(changes: &[(&str, &str)], residents: Vec<Newcomer>) -> Self {
        let start = Day::from_ymd(2025, 1, 1).expect("the day exists");
        let mut rules = rules();
        for (path, value) in changes {
            rules.set(path, Day(0), value, "test").expect("the path exists").expect("the value is of its type");
        }
        let mut world = World::new();
        world.insert_resource(Clock::new(Calendar { start, length: StepLength::Months(1) }));
        world.insert_resource(Chance::new(7));
        world.insert_resource(Lane::new(1));
        world.insert_resource(Scale(SCALE));
        world.insert_resource(Rulebook { rules });
        world.insert_resource(Gazetteer {
            region_codes: vec!["CR01".to_owned(), "CR02".to_owned()],
            region_of: REGION_OF.to_vec(),
            ..Gazetteer::default()
        });
        world.insert_resource(Slots::<Home>::new(0));
        world.insert_resource(Slots::<Dwelling>::new(DWELLINGS as u32));
        world.insert_resource(ReceptionStock { in_procedure: 5_330, ..ReceptionStock::default() });
        world.insert_resource(Newcomers(residents));
        world.init_resource::<NewDwellings>();
        world.init_resource::<Register>();
        world.init_resource::<Vacancies>();
        world.init_resource::<HalfYear>();
        world.init_resource::<doorstroom_state::regime::RegimeState>();
        world.init_resource::<Lists>();
        world.init_resource::<Ledger>();
        world.init_resource::<NextDemography>();
        world.init_resource::<NextRegistration>();
        world.init_resource::<NextSharing>();
        world.init_resource::<NextEviction>();
        world.init_resource::<Written>();
        spawn_places(&mut world);
        model::grow_households(&mut world, 1);
        crate::settle::place_newcomers(&mut world);
        let schedule = schedule(&mut world);
        Country { world, schedule }
    }

    /// Runs one step and moves the clock.
    pub fn step(&mut self) {
        self.schedule.run(&mut self.world);
        self.world.resource_mut::<Clock>().advance();
    }

    /// The moment of the step to come.
    pub fn moment(&self) -> Moment {
        rulebook::moment(self.world.resource::<Clock>(), &self.world.resource::<Rulebook>().rules)
    }

    /// Looks into the books.
    pub fn look<T>(&mut self, look: impl FnOnce(&mut Books<'_>) -> T) -> T {
        let mut state = bevy_ecs::system::SystemState::<BookKeeping>::new(&mut self.world);
        let mut keeping = state.get_mut(&mut self.world).expect("the resources are there");
        look(&mut keeping.open().expect("there are households and dwellings"))
    }

    /// Persons in homes of a kind.
    pub fn persons_in(&mut self, kind: HomeKind) -> u32 {
        self.look(|books| {
            let rows = books.homes.iter().zip(books.households.iter());
            rows.filter(|(home, _)| home.kind == kind).map(|(_, household)| household.members.count() as u32).sum()
        })
    }

    /// Persons in all households.
    pub fn persons(&mut self) -> i64 {
        self.look(|books| books.households.iter().map(|household| household.members.count() as i64).sum())
    }

    /// Accounts of the municipalities.
    pub fn accounts(&mut self) -> Vec<QuotaAccount> {
        self.world.query::<&QuotaAccount>().iter(&self.world).copied().collect()
    }

    /// Sites of reception.
    pub fn sites(&mut self) -> Vec<ReceptionSite> {
        self.world.query::<&ReceptionSite>().iter(&self.world).copied().collect()
    }

    pub fn stock(&self) -> &ReceptionStock {
        self.world.resource()
    }
}

fn spawn_places(world: &mut World) {
    for (inhabitants, region) in INHABITANTS.into_iter().zip(REGION_OF) {
        world.spawn((Municipality { inhabitants, region, ..Municipality::default() }, QuotaAccount::default()));
    }
    for kind in [PlaceKind::Regular, PlaceKind::Emergency] {
        world.spawn(ReceptionSite { kind, municipality: NO_MUNICIPALITY, ..ReceptionSite::default() });
    }
    for municipality in 0..INHABITANTS.len() as u16 {
        world.spawn(ReceptionSite { kind: PlaceKind::UkrainianMunicipal, municipality, ..ReceptionSite::default() });
    }
    model::grow_dwellings(world, DWELLINGS);
    let mut dwellings = world.query::<&mut Dwelling>();
    for (i, mut dwelling) in dwellings.iter_mut(world).enumerate() {
        dwelling.municipality = (i % INHABITANTS.len()) as u16;
        dwelling.state = DwellingUse::Lived;
        dwelling.capacity = 1;
    }
}

fn schedule(world: &mut World) -> Schedule {
    let mut registrar = Registrar::new(world);
    registrar.system(Phase::Policy, "bring rules into force", bring_into_force);
    crate::reception::register(&mut registrar);
    crate::quota::register(&mut registrar);
    registrar.build().0
}

/// A household of `persons` present at the start: a head born in 1990 and children born in 2020.
pub fn resident(ordinal: u32, persons: usize, group: SeekerGroup, kind: HomeKind, municipality: u16) -> Newcomer {
    let person = |i: usize| match i {
        0 => Person { born: MonthOfYear(90 * 12), female: false, role: Role::Head },
        _ => Person { born: MonthOfYear(120 * 12), female: true, role: Role::Child },
    };
    let persons: Vec<Person> = (0..persons).map(person).collect();
    Newcomer {
        kin: Kin { name: KinName::resident("test", u32::from(municipality), ordinal), ..Kin::default() },
        members: Members::of(&persons).0,
        means: Means {
            income_class: 1,
            permit_since: Day::from_ymd(2024, 12, 1).expect("the day exists"),
            ..Means::default()
        },
        seeker: Seeker { group, duty: group == SeekerGroup::StatusHolder, ..Seeker::default() },
        home: Home { kind, municipality, ..Home::default() },
        ..Newcomer::default()
    }
}

/// Sponsors who live alone in reception and await `family` persons in step 1.
pub fn sponsors(count: u32, family: u8) -> Vec<Newcomer> {
    (0..count)
        .map(|i| {
            let mut sponsor = resident(i, 1, SeekerGroup::StatusHolder, HomeKind::Reception, (i % 4) as u16);
            sponsor.seeker.family_awaited = family;
            sponsor.seeker.family_step = Step(1);
            sponsor
        })
        .collect()
}
