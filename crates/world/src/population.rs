//! A populated world as plain columns: what `populate` makes and a bevy world is filled from.

use bevy_ecs::prelude::World;
use doorstroom_kernel::{Calendar, Clock, Step};
use doorstroom_state::corporation::Corporation;
use doorstroom_state::due::{Due, NextDemography, NextEviction, NextRegistration, NextSharing};
use doorstroom_state::dwelling::Dwelling;
use doorstroom_state::household::{Home, HomeKind, Household, Means, Seeker};
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
use doorstroom_state::room;
use doorstroom_state::slots::Slots;
use doorstroom_state::vacancy::Vacancies;
use doorstroom_state::written::Written;
use rayon::prelude::*;

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
        let dwellings = &self.dwellings;
        self.homes.par_iter_mut().for_each(|home| {
            let holds = home.kind == HomeKind::Dwelling;
            home.tenure = holds.then(|| dwellings[home.dwelling as usize].tenure);
        });
        self.seekers.par_iter_mut().for_each(|seeker| seeker.searching_rows = 0);
        for row in self.register.rows.iter_mut().filter(|row| row.state != RowState::Free) {
            let seeker = &mut self.seekers[row.holder as usize];
            row.group = seeker.group;
            seeker.searching_rows += u8::from(row.state == RowState::Searching);
        }
    }

    /// Fills an empty bevy world, streaming into the final columns. The first step lets every process draw. Resources that
    /// the caller needs beside those of the population should be there before: afterwards each costs 4 bytes an entity.
    pub fn into_world(mut self, world: &mut World, calendar: Calendar) {
        self.rebuild_copies();
        let first_look = |home: &Home| if home.kind.is_present() { Due::redraw(Step(0)) } else { Due::NEVER };
        let looks: Vec<Due> = self.homes.iter().map(first_look).collect();
        let (households, dwellings) = (self.homes.len() as u32, self.dwellings.len() as u32);
        // a resource is an entity, and bevy keeps a word for every entity before it: resources come first
        world.insert_resource(Clock::new(calendar));
        world.insert_resource(self.gazetteer);
        world.insert_resource(Slots::<Home>::new(households));
        world.insert_resource(Slots::<Dwelling>::new(dwellings));
        world.insert_resource(NextDemography(looks.clone()));
        world.insert_resource(NextRegistration(looks.clone()));
        world.insert_resource(NextSharing(looks.clone()));
        world.insert_resource(NextEviction(looks));
        world.insert_resource(self.register);
        world.insert_resource(self.vacancies);
        world.insert_resource(self.reception);
        world.insert_resource(self.half_year);
        world.init_resource::<doorstroom_state::regime::RegimeState>();
        world.insert_resource(Newcomers::default());
        world.insert_resource(NewDwellings::default());
        world.insert_resource(self.lists);
        world.insert_resource(Ledger::default());
        world.insert_resource(Written::default());
        room::expect(world, households as usize + dwellings as usize);
        let (kin, members, means) = (&mut self.kin, &mut self.members, &mut self.means);
        let (seekers, homes) = (&mut self.seekers, &mut self.homes);
        let built = &mut self.dwellings;
        rayon::scope(|scope| {
            scope.spawn(|_| members.reverse());
            scope.spawn(|_| seekers.reverse());
            scope.spawn(|_| homes.reverse());
            scope.spawn(|_| built.reverse());
            scope.spawn(|_| means.reverse());
            scope.spawn(|_| kin.reverse());
        });
        let persons = from_the_end(self.kin).zip(from_the_end(self.members)).zip(from_the_end(self.means));
        let rows = persons.zip(from_the_end(self.seekers)).zip(from_the_end(self.homes));
        let household = |((kin, members), means)| Household { kin, members, means };
        let bundles = rows.map(|((persons, seeker), home)| (household(persons), seeker, home));
        room::spawn(world, bundles, households as usize);
        room::spawn(world, from_the_end(self.dwellings), dwellings as usize);
        world.spawn_batch(self.municipalities.into_iter().zip(self.accounts));
        world.spawn_batch(self.regions);
        world.spawn_batch(self.corporations);
        world.spawn_batch(self.sites);
    }
}

/// Parts in which a column is given back: each costs a call of the system, and without a system that gives back the end
/// of a block it costs a copy.
const PARTS: usize = 16;

/// Rows of a column from the last to the first. The column is given back as it is handed over, so that hardly any row is
/// held twice: the world grows as the columns that fill it shrink.
fn from_the_end<T>(mut column: Vec<T>) -> impl Iterator<Item = T> {
    let rows = column.len().div_ceil(PARTS).max(1);
    std::iter::from_fn(move || {
        if column.len().is_multiple_of(rows) {
            column.shrink_to_fit();
        }
        column.pop()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_column_is_handed_over_from_its_end_every_row_once() {
        for rows in [0, 1, PARTS - 1, PARTS, PARTS + 1, 5 * PARTS + 3] {
            assert!(from_the_end((0..rows).collect()).eq((0..rows).rev()));
        }
    }
}
