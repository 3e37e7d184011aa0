//! `doorstroom bench` of a waiting-list world: the common workload, with the fields that every program in the comparison
//! prints.

use std::time::Instant;

use bevy_ecs::world::World as Ecs;
use doorstroom_kernel::registrar::{Phases, Stopwatch};
use doorstroom_kernel::{Chance, Lane};
use doorstroom_observe::look_with;
use doorstroom_observe::waiting_list::{WaitingListOutcome, waiting_list_outcome};
use doorstroom_output::usage;
use doorstroom_process::waiting_list::WaitingListRules;
use doorstroom_process::{Month, Phase};
use doorstroom_state::waiting_list::{HouseholdBundle, NextIncome, NextLeaving, NextRegistering, Tally, checkpoint};
use doorstroom_world::WaitingListWorld;
use serde_json::{Value, json};

use super::figures::{lines, round};
use crate::answer::{Failure, say};
use crate::args::BenchArguments;
use crate::probe;

/// Bytes of a line of cache, the least that memory gives or takes.
const CACHE_LINE_BYTES: f64 = 64.0;

/// Populates, runs and measures; then does it all again with a stopwatch, which must give the same result.
pub fn bench(world: &WaitingListWorld, arguments: &BenchArguments) -> Result<u8, Failure> {
    let households = match arguments.households {
        None => world.file.households,
        Some(wanted) => u32::try_from(wanted).ok().filter(|&wanted| wanted > 0).ok_or_else(|| {
            Failure::Setting(format!("`--households` is {wanted}; it lies between 1 and {}", u32::MAX))
        })?,
    };
    let rss_before = usage::peak_rss_bytes();
    let run = Run::new(world, arguments, households, None);
    let bytes = usage::peak_rss_bytes().saturating_sub(rss_before) as f64 / f64::from(households);
    let timed = Run::new(world, arguments, households, Some(usage::thread_cpu_seconds));
    if !timed.outcome.is_same_as(&run.outcome) {
        return Err(Failure::Other("the same seed gave another result the second time".to_owned()));
    }
    let figures = figures(world, arguments, households, &run, &timed, bytes);
    say(&if arguments.json { figures.to_string() } else { lines(&figures) });
    Ok(0)
}

/// One run and what it took.
struct Run {
    init_s: f64,
    cpu_s: f64,
    wall_s: f64,
    by_phase: Vec<f64>,
    outcome: WaitingListOutcome,
    tally: Tally,
}

impl Run {
    fn new(world: &WaitingListWorld, arguments: &BenchArguments, households: u32, read: Option<fn() -> f64>) -> Self {
        let began = Instant::now();
        let mut ecs = Ecs::new();
        checkpoint(&mut ecs);
        let population_seed = arguments.population_seed.unwrap_or(world.file.population_seed);
        let rules = WaitingListRules::new(&world.file.processes, &world.file.groups);
        let input = (world.file.groups.len(), rules.income_at_most);
        ecs.insert_resource(rules);
        ecs.insert_resource(Chance::new(arguments.seed));
        ecs.insert_resource(Lane::new(arguments.threads));
        let mut month = Month::of_waiting_list(&mut ecs, read);
        world.populate(&mut ecs, households, population_seed);
        let init_s = began.elapsed().as_secs_f64();
        let (cpu, wall) = (usage::thread_cpu_seconds(), Instant::now());
        for _ in 0..arguments.months {
            month.run(&mut ecs);
            Month::advance(&mut ecs);
        }
        let (cpu_s, wall_s) = (usage::thread_cpu_seconds() - cpu, wall.elapsed().as_secs_f64());
        let by_phase = ecs.get_resource::<Stopwatch>().map_or_else(Vec::new, |watch| watch.seconds.clone());
        let outcome = look_with(&mut ecs, input, waiting_list_outcome);
        Run { init_s, cpu_s, wall_s, by_phase, outcome, tally: *ecs.resource::<Tally>() }
    }
}

fn figures(
    world: &WaitingListWorld,
    arguments: &BenchArguments,
    households: u32,
    run: &Run,
    timed: &Run,
    bytes_per_household: f64,
) -> Value {
    let household_months = f64::from(households) * f64::from(arguments.months);
    let per_cpu_s = household_months / run.cpu_s.max(1e-9);
    let per_wall_s = household_months / run.wall_s.max(1e-9);
    let events = run.tally.events() as f64 / household_months;
    let moved = streamed_bytes() + events * 2.0 * CACHE_LINE_BYTES;
    let probe = probe::gigabytes_per_second();
    let bound = probe * 1e9 / moved;
    let by_phase: serde_json::Map<String, Value> = Phase::ALL
        .iter()
        .zip(&timed.by_phase)
        .filter(|(_, seconds)| **seconds > 0.0)
        .map(|(phase, &seconds)| (format!("{phase:?}"), json!(round(seconds))))
        .collect();
    let outcome = &run.outcome;
    let names: Vec<&str> = world.file.groups.iter().map(|group| group.name.as_str()).collect();
    json!({
        "impl": "doorstroom", "version": env!("CARGO_PKG_VERSION"), "world": world.name,
        "n": households, "households": households, "months": arguments.months, "threads": arguments.threads,
        "seed": arguments.seed, "household_months": household_months as u64,
        "household_months_per_cpu_s": per_cpu_s.round(), "household_months_per_wall_s": per_wall_s.round(),
        "am_per_s": if arguments.threads > 1 { per_wall_s.round() } else { per_cpu_s.round() },
        "init_s": round(run.init_s), "run_s": round(run.wall_s), "cpu_s": round(run.cpu_s),
        "wall_s": round(run.wall_s), "events_per_household_month": events,
        "bytes_per_household": bytes_per_household, "bytes_per_agent": bytes_per_household,
        "row_bytes_per_household": size_of::<HouseholdBundle>(),
        "cpu_s_by_phase": by_phase,
        "probe_gb_per_s": round(probe), "memory_bytes_per_household_month": moved,
        "bandwidth_bound_household_months_per_s": bound.round(), "share_of_bandwidth_bound": per_cpu_s / bound,
        "groups": names, "alloc": outcome.alloc, "wait": outcome.wait, "left": outcome.left,
        "seekers": outcome.seekers, "unhoused": outcome.unhoused, "inc": outcome.inc,
    })
}

/// Bytes that a month reads of every household: the three event columns.
fn streamed_bytes() -> f64 {
    (size_of::<NextIncome>() + size_of::<NextRegistering>() + size_of::<NextLeaving>()) as f64
}
