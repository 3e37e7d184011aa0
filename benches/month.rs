//! One month of a Dutch region, and the population it starts from.

use std::path::Path;

use bevy_ecs::world::World as Ecs;
use criterion::{BatchSize, Criterion, criterion_group, criterion_main};
use doorstroom_kernel::{Chance, Lane};
use doorstroom_process::{Month, Rulebook, Scale};
use doorstroom_state::model;
use doorstroom_world::World;

/// Part of the region that is drawn: about 18,000 households.
const SCALE: f64 = 0.1;

fn region() -> World {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../worlds/one-region");
    World::load(&folder).unwrap_or_else(|problems| panic!("{problems}"))
}

fn months(criterion: &mut Criterion) {
    let world = region();
    let mut ecs = Ecs::new();
    let parts = model::checkpoint(&mut ecs);
    ecs.insert_resource(Lane::new(1));
    ecs.insert_resource(Scale(world.scale_of_country(SCALE)));
    ecs.insert_resource(Chance::new(1));
    ecs.insert_resource(Rulebook { rules: world.rules.clone() });
    world.populate(SCALE, 1).into_world(&mut ecs, world.calendar);
    let mut month = Month::new(&mut ecs);
    for _ in 0..6 {
        month.run(&mut ecs);
        Month::advance(&mut ecs);
    }
    let start = parts.save(&mut ecs);
    criterion.bench_function("one month of one region", |bencher| {
        bencher.iter(|| {
            parts.restore(&mut ecs, &start);
            month.run(&mut ecs);
        });
    });
    criterion.bench_function("restore one region", |bencher| bencher.iter(|| parts.restore(&mut ecs, &start)));
}

fn populate(criterion: &mut Criterion) {
    let world = region();
    criterion.bench_function("populate one region", |bencher| {
        bencher.iter_batched(|| (), |()| world.populate(SCALE, 1), BatchSize::PerIteration);
    });
}

criterion_group! {
    name = benches;
    config = Criterion::default().sample_size(20);
    targets = months, populate
}
criterion_main!(benches);
