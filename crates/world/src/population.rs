//! A populated world as plain columns: what `populate` makes and a bevy world is filled from.

use bevy_ecs::prelude::World;
use doorstroom_kernel::{Calendar, Clock};
use doorstroom_state::corporation::Corporation;
use doorstroom_state::dwelling::{Dwelling, DwellingName};
use doorstroom_state::household::{Home, HomeKind, Means, NextDemography, NextRegistration, NextSharing, Seeker};
use doorstroom_state::ledger::Ledger;
use doorstroom_state::lists::Lists;
use doorstroom_state::members::Members;
use doorstroom_state::municipality::{Gazetteer, Municipality};
use doorstroom_state::name::Kin;
use doorstroom_state::newcomer::{NewDwellings, Newcomers};
use doorstroom_state::quota::{HalfYear, QuotaAccount};
use doorstroom_state::reception::{ReceptionSite, ReceptionStock};
use doorstroom_state::region::Region;
use doorstroom_state::registration::{Register, RowState};
use doorstroom_state::slots::Slots;
use doorstroom_state::vacancy::Vacancies;

/// Everything that exists on the first day. Row i of a column is slot i.
#[derive(Clone, Debug, Default)]
pub struct Population {
    /// Part of the country that is drawn: 1 is every household.
    pub scale: f64,
    /// Municipalities by ascending code.
    pub municipalities: Vec<Municipality>,
    /// Their quota accounts.
    pub accounts: Vec<QuotaAccount>,
    /// Names of places.
    pub gazetteer: Gazetteer,
    /// Regions by ascending code.
    pub regions: Vec<Region>,
    /// Corporations, by municipality.
    pub corporations: Vec<Corporation>,
    /// Reception sites.
    pub sites: Vec<ReceptionSite>,
    /// Names of dwellings.
    pub dwelling_names: Vec<DwellingName>,
    /// Dwellings.
    pub dwellings: Vec<Dwelling>,
    /// Names of households.
    pub kin: Vec<Kin>,
    /// Persons of households.
    pub members: Vec<Members>,
    /// Income and traits of households.
    pub means: Vec<Means>,
    /// Search facts of households.
    pub seekers: Vec<Seeker>,
    /// Homes of households.
    pub homes: Vec<Home>,
    /// Registrations.
    pub register: Register,
    /// Vacant dwellings and free rooms.
    pub vacancies: Vacancies,
    /// Short lists of households that processes must find; filled with the groups.
    pub lists: Lists,
    /// Persons in procedure and other stocks outside households.
    pub reception: ReceptionStock,
    /// The half-year before the first, closed.
    pub half_year: HalfYear,
}

impl Population {
    /// Adds a household and returns its slot; it has no address yet unless `home` says so.
    pub fn push_household(&mut self, kin: Kin, members: Members, means: Means, seeker: Seeker, home: Home) -> u32 {
        self.kin.push(kin);
        self.members.push(members);
        self.means.push(means);
        self.seekers.push(seeker);
        self.homes.push(home);
        self.homes.len() as u32 - 1
    }

    /// Households present.
    pub fn households(&self) -> usize {
        self.homes.iter().filter(|home| home.kind.is_present()).count()
    }

    /// Brings copies in line with what they are copies of: tenure of a home, group and number of searching rows.
    fn rebuild_copies(&mut self) {
        for home in &mut self.homes {
            let holds = home.kind == HomeKind::Dwelling;
            home.tenure = holds.then(|| self.dwellings[home.dwelling as usize].tenure);
        }
        for seeker in &mut self.seekers {
            seeker.searching_rows = 0;
        }
        for row in self.register.rows.iter_mut().filter(|row| row.state != RowState::Free) {
            let seeker = &mut self.seekers[row.holder as usize];
            row.group = seeker.group;
            seeker.searching_rows += u8::from(row.state == RowState::Searching);
        }
    }

    /// Fills an empty bevy world, streaming into the final columns. The first step lets every process draw.
    pub fn into_world(mut self, world: &mut World, calendar: Calendar) {
        self.rebuild_copies();
        let now = doorstroom_state::Due::redraw(doorstroom_kernel::Step(0));
        let free = doorstroom_state::Due::NEVER;
        let (households, dwellings) = (self.homes.len() as u32, self.dwellings.len() as u32);
        let columns = self.kin.into_iter().zip(self.members).zip(self.means).zip(self.seekers).zip(self.homes);
        world.spawn_batch(columns.map(|((((kin, members), means), seeker), home)| {
            let due = if home.kind.is_present() { now } else { free };
            (kin, members, means, seeker, home, NextDemography(due), NextRegistration(due), NextSharing(due))
        }));
        world.spawn_batch(self.dwelling_names.into_iter().zip(self.dwellings));
        world.spawn_batch(self.municipalities.into_iter().zip(self.accounts));
        world.spawn_batch(self.regions);
        world.spawn_batch(self.corporations);
        world.spawn_batch(self.sites);
        world.insert_resource(Clock::new(calendar));
        world.insert_resource(self.gazetteer);
        world.insert_resource(Slots::<Home>::new(households));
        world.insert_resource(Slots::<Dwelling>::new(dwellings));
        world.insert_resource(self.register);
        world.insert_resource(self.vacancies);
        world.insert_resource(self.reception);
        world.insert_resource(self.half_year);
        world.init_resource::<doorstroom_state::regime::RegimeState>();
        world.insert_resource(Newcomers::default());
        world.insert_resource(NewDwellings::default());
        world.insert_resource(self.lists);
        world.insert_resource(Ledger::default());
    }
}
