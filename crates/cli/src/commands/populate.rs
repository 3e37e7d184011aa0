//! `doorstroom populate`: the synthetic population against its marginals.

use std::time::Instant;

use doorstroom_world::World;
use doorstroom_world::report::PopulationReport;

use crate::answer::{Failure, complain, say};
use crate::args::PopulateArguments;

/// Part of a world that is drawn if nothing is said: the whole country takes ten times longer and shows the same.
const USUAL_SCALE: f64 = 0.1;

/// Builds the population and prints the report; exit code 5 if a figure lies outside its tolerance.
pub fn populate(arguments: &PopulateArguments) -> Result<u8, Failure> {
    if let Some(scale) = arguments.scale.filter(|scale| !(*scale > 0.0 && *scale <= 1.0)) {
        return Err(Failure::Setting(format!("`--scale` is {scale}; it lies above 0 and at most at 1")));
    }
    let world = World::load(&arguments.world)?;
    let scale = arguments.scale.unwrap_or(if world.is_town { 1.0 } else { USUAL_SCALE });
    let began = Instant::now();
    let (population, markets) = world.populate_with_markets(scale, arguments.seed.unwrap_or(world.population_seed));
    complain(&format!("{} households in {:.1} s", population.households(), began.elapsed().as_secs_f64()));
    let report = PopulationReport::of(&world, &population, &markets, scale);
    if arguments.json {
        say(&json(&report));
    } else {
        say(&report.to_string());
    }
    Ok(if report.missed().next().is_some() { 5 } else { 0 })
}

fn json(report: &PopulationReport) -> String {
    let figures: Vec<serde_json::Value> = report
        .figures
        .iter()
        .map(|f| {
            serde_json::json!({
                "subject": f.subject, "measure": f.measure, "target": f.target, "got": f.got,
                "tolerance": f.tolerance, "met": f.is_met(), "source": f.source,
            })
        })
        .collect();
    serde_json::Value::Array(figures).to_string()
}
