//! The common workload: 120 months of the engine beside a bare loop on plain vectors, in processor time.

mod bare;

use std::path::Path;
use std::time::Duration;

use bevy_ecs::world::World as Ecs;
use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use doorstroom_kernel::{Chance, Lane, Step};
use doorstroom_output::usage::thread_cpu_seconds;
use doorstroom_process::Month;
use doorstroom_process::waiting_list::WaitingListRules;
use doorstroom_state::waiting_list::{Household, Tally, checkpoint};
use doorstroom_world::WaitingListWorld;

use bare::BareTown;

const MONTHS: u16 = 120;
const SEED: u64 = 1;

fn world() -> WaitingListWorld {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../worlds/waiting-list-core");
    let world = WaitingListWorld::load(&folder).unwrap_or_else(|problems| panic!("{problems}"));
    world.expect("the shipped world is a waiting list")
}

fn populated(world: &WaitingListWorld, households: u32) -> Ecs {
    let mut ecs = Ecs::new();
    checkpoint(&mut ecs);
    world.populate(&mut ecs, households, SEED);
    ecs
}

/// Processor seconds and what happened.
fn engine(world: &WaitingListWorld, households: u32) -> (f64, Tally) {
    let mut ecs = populated(world, households);
    ecs.insert_resource(WaitingListRules::new(&world.file.processes, &world.file.groups));
    ecs.insert_resource(Chance::new(SEED));
    ecs.insert_resource(Lane::new(1));
    let mut month = Month::of_waiting_list(&mut ecs, None);
    let began = thread_cpu_seconds();
    for _ in 0..MONTHS {
        month.run(&mut ecs);
        Month::advance(&mut ecs);
    }
    (thread_cpu_seconds() - began, *ecs.resource::<Tally>())
}

fn bare(world: &WaitingListWorld, households: u32) -> (f64, Tally) {
    let mut ecs = populated(world, households);
    let mut town = BareTown::new(world, ecs.query::<&Household>().iter(&ecs).copied().collect(), SEED);
    drop(ecs);
    let began = thread_cpu_seconds();
    for step in 0..MONTHS {
        town.month(Step(step));
    }
    (thread_cpu_seconds() - began, *town.tally())
}

fn common_workload(criterion: &mut Criterion) {
    let world = world();
    let mut group = criterion.benchmark_group("common workload, 120 months");
    for households in [100_000, 1_000_000] {
        assert_eq!(engine(&world, households).1, bare(&world, households).1, "the same draws, the same result");
        group.throughput(Throughput::Elements(u64::from(households) * u64::from(MONTHS)));
        for (name, run) in [("engine", engine as fn(&WaitingListWorld, u32) -> (f64, Tally)), ("bare loop", bare)] {
            group.bench_function(BenchmarkId::new(name, households), |bencher| {
                bencher
                    .iter_custom(|times| Duration::from_secs_f64((0..times).map(|_| run(&world, households).0).sum()));
            });
        }
    }
    group.finish();
}

criterion_group! {
    name = benches;
    config = Criterion::default().sample_size(10).warm_up_time(Duration::from_millis(500));
    targets = common_workload
}
criterion_main!(benches);
