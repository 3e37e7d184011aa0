//! `doorstroom bench`: throughput of the engine and schedule that everybody else uses, as numbers that can be tracked.

use std::time::Instant;

use bevy_ecs::world::World as Ecs;
use doorstroom_kernel::registrar::{Phases, Stopwatch};
use doorstroom_kernel::{Chance, Lane};
use doorstroom_observe::{ObserveSettings, Observers, Resolution};
use doorstroom_output::usage;
use doorstroom_process::{Month, Phase, Rulebook, Scale};
use doorstroom_state::ledger::Ledger;
use doorstroom_state::slots::Slots;
use doorstroom_state::{Home, model};
use doorstroom_world::{WaitingListWorld, World};
use serde_json::{Value, json};

use super::figures::{lines, round};
use crate::answer::{Failure, say};
use crate::args::BenchArguments;
use crate::probe;

/// Populates, runs and measures.
pub fn bench(arguments: &BenchArguments) -> Result<u8, Failure> {
    if let Some(world) = WaitingListWorld::load(&arguments.world)? {
        return super::bench_waiting_list::bench(&world, arguments);
    }
    let world = World::load(&arguments.world)?;
    let whole = world.households();
    let scale = arguments.households.map_or(1.0, |wanted| (wanted as f64 / whole as f64).clamp(0.0, 1.0));
    if scale <= 0.0 {
        return Err(Failure::Setting("`--households` is 0; at least one household is needed".to_owned()));
    }
    let before = usage::peak_rss_bytes();
    let figures = measure(&world, scale, arguments, before);
    say(&if arguments.json { figures.to_string() } else { lines(&figures) });
    Ok(0)
}

fn measure(world: &World, scale: f64, arguments: &BenchArguments, rss_before: u64) -> Value {
    let (populating, populating_wall) = (usage::cpu_seconds(), Instant::now());
    let mut ecs = Ecs::new();
    model::checkpoint(&mut ecs);
    ecs.insert_resource(Lane::new(arguments.threads));
    ecs.insert_resource(Scale(world.scale_of_country(scale)));
    ecs.insert_resource(Chance::new(arguments.seed));
    ecs.insert_resource(Rulebook { rules: world.rules.clone() });
    let mut month = Month::timed(&mut ecs, usage::thread_cpu_seconds);
    world
        .populate(scale, arguments.population_seed.unwrap_or(world.population_seed))
        .into_world(&mut ecs, world.calendar);
    let populate = (usage::cpu_seconds() - populating, populating_wall.elapsed().as_secs_f64());
    let mut observers = Observers::new(
        &mut ecs,
        ObserveSettings {
            arm: "bench".into(),
            replicate: 0,
            resolution: Resolution::Region,
            scale: world.scale_of_country(scale),
            check: false,
            fork_step: doorstroom_kernel::Step(0),
        },
    );
    let (cpu, wall) = (usage::cpu_seconds(), Instant::now());
    let (mut household_months, mut events, mut observing) = (0u64, 0u64, 0.0);
    for _ in 0..arguments.months {
        month.run(&mut ecs);
        let observed = usage::thread_cpu_seconds();
        let rules = ecs.resource::<Rulebook>().rules.clone();
        observers.observe(&mut ecs, &rules);
        observing += usage::thread_cpu_seconds() - observed;
        events += events_of(ecs.resource::<Ledger>());
        household_months += present(&ecs);
        Month::advance(&mut ecs);
    }
    let (cpu_s, wall_s) = (usage::cpu_seconds() - cpu, wall.elapsed().as_secs_f64());
    let households = present(&ecs);
    let by_phase: serde_json::Map<String, Value> = Phase::ALL
        .iter()
        .zip(&ecs.resource::<Stopwatch>().seconds)
        .map(|(phase, &seconds)| (format!("{phase:?}"), json!(round(seconds))))
        .chain([("observers".to_owned(), json!(round(observing)))])
        .collect();
    json!({
        "impl": "doorstroom", "version": env!("CARGO_PKG_VERSION"), "world": world.name, "households": households,
        "months": arguments.months, "threads": arguments.threads, "seed": arguments.seed,
        "household_months": household_months,
        "household_months_per_cpu_s": (household_months as f64 / cpu_s.max(1e-9)).round(),
        "household_months_per_wall_s": (household_months as f64 / wall_s.max(1e-9)).round(),
        "cpu_s": round(cpu_s), "wall_s": round(wall_s),
        "populate_cpu_s": round(populate.0), "populate_wall_s": round(populate.1),
        "events_per_household_month": events as f64 / household_months.max(1) as f64,
        "bytes_per_household": usage::peak_rss_bytes().saturating_sub(rss_before) as f64 / households.max(1) as f64,
        "cpu_s_by_phase": by_phase, "probe_gb_per_s": round(probe::gigabytes_per_second()),
    })
}

fn present(ecs: &Ecs) -> u64 {
    u64::from(ecs.resource::<Slots<Home>>().taken())
}

/// Life events, moves, lettings, reactions and offers of the step.
fn events_of(ledger: &Ledger) -> u64 {
    let life = &ledger.life;
    let lives = [
        life.births,
        life.deaths,
        life.left_home,
        life.broken_up,
        life.paired,
        life.institution,
        life.back_to_parents,
        life.immigrated,
        life.emigrated,
        life.needs,
    ];
    let moves: u32 = ledger.tenures.iter().map(|t| t.filled.iter().sum::<u32>() + t.built + t.demolished).sum();
    let search: u32 = ledger.search.iter().flatten().map(|s| s.reactions + s.offers).sum();
    u64::from(lives.iter().sum::<u32>() + moves + search)
}
