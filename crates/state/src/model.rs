//! What a world consists of, in one list: tables, columns and resources that a snapshot has to carry.

use bevy_ecs::prelude::*;
use doorstroom_kernel::Clock;

use crate::checkpoint::Checkpoint;
use crate::corporation::Corporation;
use crate::due::{NextDemography, NextEviction, NextRegistration, NextSharing};
use crate::dwelling::Dwelling;
use crate::household::{Home, Household, Seeker};
use crate::ledger::Ledger;
use crate::lists::Lists;
use crate::municipality::{Gazetteer, Municipality};
use crate::newcomer::{NewDwellings, Newcomers};
use crate::quota::{HalfYear, QuotaAccount};
use crate::reception::{ReceptionSite, ReceptionStock};
use crate::regime::RegimeState;
use crate::region::Region;
use crate::registration::Register;
use crate::room;
use crate::slots::Slots;
use crate::vacancy::Vacancies;
use crate::written::Written;

/// All components of a household, in one table for ever.
pub type HouseholdBundle = (Household, Seeker, Home);

/// All components of a municipality.
pub type MunicipalityBundle = (Municipality, QuotaAccount);

/// Adds `rows` free household slots.
pub fn grow_households(world: &mut World, rows: usize) {
    room::spawn(world, (0..rows).map(|_| HouseholdBundle::default()), rows);
}

/// Adds `rows` free dwelling slots.
pub fn grow_dwellings(world: &mut World, rows: usize) {
    room::spawn(world, (0..rows).map(|_| Dwelling::default()), rows);
}

/// The parts of a Dutch world. A component or resource that is missing here is lost at a fork (tested).
pub fn checkpoint(world: &mut World) -> Checkpoint {
    let mut parts = Checkpoint::default();
    parts
        .table::<Home>(grow_households)
        .column::<Household>(world, "household")
        .column::<Seeker>(world, "household.seeker")
        .column::<Home>(world, "household.home");
    parts.table::<Dwelling>(grow_dwellings).column::<Dwelling>(world, "dwelling");
    parts
        .table::<Municipality>(|world, rows| {
            world.spawn_batch((0..rows).map(|_| MunicipalityBundle::default()));
        })
        .column::<Municipality>(world, "municipality")
        .column::<QuotaAccount>(world, "municipality.quota");
    parts
        .table::<Region>(|world, rows| {
            world.spawn_batch((0..rows).map(|_| Region::default()));
        })
        .column::<Region>(world, "region");
    parts
        .table::<Corporation>(|world, rows| {
            world.spawn_batch((0..rows).map(|_| Corporation::default()));
        })
        .column::<Corporation>(world, "corporation");
    parts
        .table::<ReceptionSite>(|world, rows| {
            world.spawn_batch((0..rows).map(|_| ReceptionSite::default()));
        })
        .column::<ReceptionSite>(world, "reception site");
    parts
        .resource::<Clock>(world, "clock")
        .resource::<Gazetteer>(world, "gazetteer")
        .resource::<Slots<Home>>(world, "slots.households")
        .resource::<Slots<Dwelling>>(world, "slots.dwellings")
        .resource::<NextDemography>(world, "household.next_demography")
        .resource::<NextRegistration>(world, "household.next_registration")
        .resource::<NextSharing>(world, "household.next_sharing")
        .resource::<NextEviction>(world, "household.next_eviction")
        .resource::<Register>(world, "register")
        .resource::<Vacancies>(world, "vacancies")
        .resource::<ReceptionStock>(world, "reception stock")
        .resource::<HalfYear>(world, "half-year")
        .resource::<RegimeState>(world, "state of the regime")
        .resource::<Newcomers>(world, "newcomers")
        .resource::<NewDwellings>(world, "new dwellings")
        .resource::<Lists>(world, "lists")
        .resource::<Ledger>(world, "ledger")
        .resource::<Written>(world, "written rows");
    parts
}
