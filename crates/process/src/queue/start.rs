//! The start state of a queue world, and the opening of every step.

use std::collections::BTreeSet;

use bevy_ecs::prelude::*;
use doorstroom_kernel::{Chance, Clock, Step};
use doorstroom_policy::queue::{Lifetime, Process, QueueModel};
use doorstroom_state::queue::{Coming, Declared, NEVER, NONE, Opening, Place, QueueLedger, Roll, build, grow};

use super::columns::Households;
use super::{QueueRules, arrivals, name_of, stages, supply};

/// Slots that a world begins with.
const FIRST_SLOTS: u32 = 16;
/// Streams of names: arrivals by group, dwellings by good, members by stage.
const DWELLINGS: u64 = 1 << 32;

/// Puts the resources, the dwellings and the first households in `world`.
pub(super) fn begin(world: &mut World, model: &QueueModel, seed: u64) {
    world.insert_resource(QueueRules(model.clone()));
    world.insert_resource(Clock::new(model.calendar));
    world.insert_resource(Chance::new(seed));
    world.insert_resource(declared(model));
    world.insert_resource(Roll::new(model.groups.len(), model.goods.len()));
    world.insert_resource(Opening::default());
    let coming = Coming { arrivals: vec![0; model.groups.len()], births: Vec::new() };
    world.insert_resource(coming);
    world.insert_resource(QueueLedger::new(model.groups.len(), model.goods.len(), model.stages.len()));
    let settled = if model.follows_tenants() { supply::full_stock(model) } else { 0 };
    let listed: u32 = model.groups.iter().map(|group| group.at_start).sum();
    let members: u32 = model.stages.iter().map(|stage| stage.at_start).sum();
    grow(world, FIRST_SLOTS + settled + listed + members);
    build_stock(world, model, seed);
    for (group, rules) in model.groups.iter().enumerate() {
        world.resource_mut::<Coming>().arrivals[group] = rules.at_start;
    }
    run_once(
        world,
        |rules: Res<QueueRules>, chance: Res<Chance>, coming: Res<Coming>, mut households: Households<'_, '_>| {
            arrivals::enter_all(&rules.0, &chance, &coming.arrivals, households.rows(), 0);
        },
    );
    if model.follows_tenants() {
        run_once(world, supply::settle_first_tenants);
    }
    if model.runs(Process::Stages) {
        run_once(world, stages::first_members);
    }
}

/// The columns that households of this world need.
fn declared(model: &QueueModel) -> Declared {
    let scheme = model.scheme.as_ref();
    Declared {
        leaves: model.follows_tenants() || model.groups.iter().any(|group| group.leaves != Lifetime::Endless),
        renewal: model.runs(Process::Renewals),
        offers: model.groups.iter().any(|group| group.refuses.0 > 0),
        searching: scheme.is_some_and(|scheme| scheme.has_search_points()),
        buffer: scheme.is_some_and(|scheme| scheme.buffers.is_some()),
        abode: model.follows_tenants(),
        mates: model.groups.iter().any(|group| group.sharing.is_some()),
        stage: model.runs(Process::Stages),
    }
}

fn build_stock(world: &mut World, model: &QueueModel, seed: u64) {
    let chance = Chance::new(seed);
    let mut places = Vec::new();
    let mut roll = world.resource_mut::<Roll>();
    for (good, rules) in model.goods.iter().enumerate() {
        let Some(stock) = rules.stock else { continue };
        (roll.standing[good], roll.wanted[good]) = (stock.dwellings, stock.dwellings);
        for ordinal in 0..rules.most_dwellings() {
            let name = name_of(DWELLINGS + good as u64, 0, ordinal);
            let mut place = Place { name, ends: NEVER, tenant: NONE, good: good as u8 };
            if ordinal >= stock.dwellings {
                roll.closed[good].push((name, places.len() as u32));
            } else if stock.full_at_start {
                let mut luck = chance.luck(supply::TENANCY, name, Step(0));
                // a tenancy that would end before the first step ends in it
                place.ends = supply::whole_steps(stock.tenancy, &mut luck).max(1);
                place.tenant = 0;
            }
            places.push(place);
        }
    }
    roll.occupied = places.iter().filter(|place| place.tenant != NONE).count() as u32;
    let closed: BTreeSet<u32> = roll.closed.iter().flatten().map(|&(_, slot)| slot).collect();
    let vacant = |slot: usize, place: &Place| place.tenant == NONE && !closed.contains(&(slot as u32));
    let mut opening = world.resource_mut::<Opening>();
    for (slot, place) in places.iter().enumerate().filter(|(slot, place)| vacant(*slot, place)) {
        let scheme = model.scheme.as_ref().expect("a stock is let by a scheme: checked with the world");
        opening.now.push(supply::vacancy(scheme, &chance, place.name, slot as u32, place.good, 1, Step(0)));
    }
    build(world, places);
}

/// Clears the ledger and draws who comes.
pub(super) fn open_step(
    rules: Res<QueueRules>,
    chance: Res<Chance>,
    clock: Res<Clock>,
    mut coming: ResMut<Coming>,
    mut ledger: ResMut<QueueLedger>,
) {
    ledger.clear();
    arrivals::draw(&rules.0, &chance, &clock, &mut coming.arrivals);
}

/// Makes slots for those who come: the only moment at which rows are added.
pub(super) fn make_room(world: &mut World) {
    let coming = world.resource::<Coming>();
    let births: u32 = coming.births.iter().map(|&(_, count)| count).sum();
    let needed = coming.arrivals.iter().sum::<u32>() + births;
    let free = world.resource::<Roll>().free() as u32;
    if needed > free {
        // as many again, so that a growing list is not made slot by slot
        grow(world, needed - free + FIRST_SLOTS);
    }
}

/// Runs a system on a world that has no schedule yet.
fn run_once<M>(world: &mut World, system: impl IntoSystem<(), (), M>) {
    let mut system = IntoSystem::into_system(system);
    system.initialize(world);
    system.run((), world).expect("the state of the world is there");
}
