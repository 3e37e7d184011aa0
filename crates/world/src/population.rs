//! A populated world as plain columns: what `populate` makes and a bevy world is filled from.

use bevy_ecs::prelude::World;
use doorstroom_kernel::{Calendar, Clock, Step};
use doorstroom_state::corporation::Corporation;
use doorstroom_state::due::{Due, NextDemography, NextRegistration, NextSharing};
use doorstroom_state::dwelling::{Dwelling, DwellingName};
use doorstroom_state::household::{Home, HomeKind, Means, Seeker};
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
        world.insert_resource(NextSharing(looks));
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
        let columns = blocks(self.kin).zip(blocks(self.members)).zip(blocks(self.means));
        let blocks_of_all = columns.zip(blocks(self.seekers).zip(blocks(self.homes)));
        let rows = blocks_of_all.flat_map(|(((kin, members), means), (seekers, homes))| {
            kin.into_iter().zip(members).zip(means).zip(seekers).zip(homes)
        });
        let bundles = rows.map(|((((kin, members), means), seeker), home)| (kin, members, means, seeker, home));
        room::spawn(world, bundles, households as usize);
        let rows = blocks(self.dwelling_names).zip(blocks(self.dwellings));
        room::spawn(world, rows.flat_map(|(names, dwellings)| names.into_iter().zip(dwellings)), dwellings as usize);
        world.spawn_batch(self.municipalities.into_iter().zip(self.accounts));
        world.spawn_batch(self.regions);
        world.spawn_batch(self.corporations);
        world.spawn_batch(self.sites);
    }
}

/// Blocks in which a column is handed over: few, since the allocator gives only large ones back to the system.
const BLOCKS: usize = 4;
/// Fewest rows of a block.
const BLOCK_ROWS: usize = 65_536;

/// A column in blocks, first rows first. The column is taken apart from its end and given back as it shrinks, so that no
/// row is held twice: the world grows as the column that fills it shrinks.
fn blocks<T>(mut column: Vec<T>) -> impl Iterator<Item = Vec<T>> {
    let rows = column.len().div_ceil(BLOCKS).max(BLOCK_ROWS);
    let mut blocks = Vec::with_capacity(BLOCKS);
    while !column.is_empty() {
        blocks.push(column.split_off((column.len() - 1) / rows * rows));
        column.shrink_to_fit();
    }
    blocks.into_iter().rev()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blocks_hold_every_row_once_in_order() {
        for rows in [0, 1, BLOCK_ROWS, BLOCK_ROWS + 1, 5 * BLOCK_ROWS - 3] {
            let column: Vec<usize> = (0..rows).collect();
            assert_eq!(blocks(column.clone()).flatten().collect::<Vec<_>>(), column);
        }
    }
}
