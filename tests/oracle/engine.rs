//! Plays the real Allocation phase on a town: the systems that a run has, in a schedule of their own.

use bevy_ecs::world::World as Ecs;
use doorstroom_kernel::registrar::Registrar;
use doorstroom_kernel::{Clock, Lane};
use doorstroom_process::{Phase, Rulebook, Scale, allocation, rulebook};
use doorstroom_state::dwelling::{Dwelling, Tenure};
use doorstroom_state::household::{Home, Household, Seeker};
use doorstroom_state::ledger::{Decided, Ledger};
use doorstroom_state::municipality::Municipality;
use doorstroom_state::quota::QuotaAccount;
use doorstroom_state::registration::Register;
use doorstroom_state::slots::NO_SLOT;
use doorstroom_state::vacancy::Vacancies;
use doorstroom_state::{DwellingForm, model};

use crate::outcome::{After, Let, Outcome};
use crate::town::Town;

/// The outcome of the engine.
pub fn allocate(town: &Town) -> Outcome {
    let mut ecs = Ecs::new();
    model::checkpoint(&mut ecs);
    town.population.clone().into_world(&mut ecs, town.calendar);
    while ecs.resource::<Clock>().step < town.step {
        ecs.resource_mut::<Clock>().advance();
    }
    ecs.insert_resource(Lane::new(1));
    ecs.insert_resource(Scale(town.population.scale));
    ecs.insert_resource(town.chance);
    ecs.insert_resource(Rulebook { rules: town.rules.clone() });
    let mut registrar = Registrar::new(&mut ecs);
    registrar.system(Phase::Policy, "bring rules into force", rulebook::bring_into_force);
    allocation::register(&mut registrar);
    let (mut phases, _) = registrar.build();
    phases.run(&mut ecs);
    read(&mut ecs)
}

fn read(ecs: &mut Ecs) -> Outcome {
    let mut places = ecs.query::<(&Municipality, &QuotaAccount)>();
    let places: Vec<_> = places.iter(ecs).map(|(place, account)| (place.earmark_carry, *account)).collect();
    let mut households = ecs.query::<(&Household, &Home, &Seeker)>();
    let after =
        |(household, home, seeker): (&Household, &Home, &Seeker)| After::of(household.kin.name, home.kind, seeker);
    let households = households.iter(ecs).map(after).collect();
    let mut dwellings = ecs.query::<&Dwelling>();
    let dwellings = dwellings.iter(ecs).map(|d| (d.name, d.form, d.capacity)).collect();
    let (ledger, register) = (ecs.resource::<Ledger>(), ecs.resource::<Register>());
    let mut vacant: Vec<_> =
        ecs.resource::<Vacancies>().dwellings[Tenure::Corporation as usize].iter().map(|v| v.name).collect();
    vacant.sort_unstable();
    Outcome {
        lettings: ledger.lettings.iter().map(|letting| in_names(letting, register)).collect(),
        search: ledger.search.clone(),
        adverts: ledger.adverts.clone(),
        vacant,
        accounts: places.iter().map(|place| place.1).collect(),
        carried: places.iter().map(|place| place.0).collect(),
        households,
        rows: register.rows.iter().map(|row| (row.name, row.reacted)).collect(),
        dwellings,
        converted: ledger.tenures[Tenure::Corporation as usize].converted_out,
        kept: 0,
    }
}

fn in_names(letting: &Decided, register: &Register) -> Let {
    let row = (letting.row != NO_SLOT).then(|| &register.rows[letting.row as usize]);
    Let {
        household: letting.household_name,
        dwelling: letting.dwelling_name,
        channel: letting.channel,
        ground: letting.ground,
        rank: letting.rank,
        row: row.map(|row| (row.name, letting.registration_days)),
        form: match (letting.is_room, letting.is_flex) {
            (true, _) => DwellingForm::Shared,
            (_, true) => DwellingForm::Flex,
            _ => DwellingForm::SelfContained,
        },
    }
}
