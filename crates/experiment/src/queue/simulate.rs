//! Runs the arms of a closed-form experiment and pools what was seen.

use std::collections::BTreeSet;

use bevy_ecs::prelude::World;
use doorstroom_kernel::Lane;
use doorstroom_kernel::chance::join;
use doorstroom_observe::queue::{
    Estimate, QueueKey, QueueMeasureRow, QueueObserver, QueueSeen, Tally, estimate_mean, estimate_sd, estimate_variance,
};
use doorstroom_policy::queue::QueueModel;
use doorstroom_process::queue::QueueStep;

use super::QueueExperiment;
use crate::pairs::t_quantile;

/// Measures whose values have a variance worth reporting.
const WITH_VARIANCE: [&str; 6] = ["list_length", "wait", "spell", "chain_length", "occupied", "members"];

/// One replicate of one world.
pub fn simulate(model: &QueueModel, steps: u32, seed: u64) -> QueueSeen {
    let mut world = World::new();
    let mut step = QueueStep::new(&mut world, model, seed);
    let mut observer = QueueObserver::new(&world, model);
    for _ in 0..steps {
        step.run(&mut world);
        observer.observe(&world);
        QueueStep::advance(&mut world);
    }
    observer.finish(&mut world)
}

/// What was seen of an arm, by replicate.
#[derive(Clone, Debug)]
pub struct ArmSeen {
    /// Name.
    pub arm: String,
    /// Its rules.
    pub model: QueueModel,
    /// One a replicate, in order.
    pub seen: Vec<QueueSeen>,
}

/// Runs all arms; replicate `r` has the same luck in each, whatever the number of threads.
pub fn run_queue(experiment: &QueueExperiment, seed: u64, threads: usize) -> Vec<ArmSeen> {
    let models: Vec<QueueModel> = experiment.arms.iter().map(|(_, world)| world.model()).collect();
    let jobs: Vec<(usize, u32)> =
        (0..models.len()).flat_map(|arm| (0..experiment.replicates).map(move |replicate| (arm, replicate))).collect();
    let mut seen = Lane::new(threads)
        .map(&jobs, |&(arm, replicate)| {
            let steps = experiment.arms[arm].1.file.steps(experiment.length);
            simulate(&models[arm], steps, join(seed, u64::from(replicate)))
        })
        .into_iter();
    let arms = experiment.arms.iter().zip(models);
    arms.map(|((arm, _), model)| ArmSeen {
        arm: arm.clone(),
        model,
        seen: seen.by_ref().take(experiment.replicates as usize).collect(),
    })
    .collect()
}

/// The tallies of one measure, one a replicate; empty where a replicate has none.
pub fn find(arm: &ArmSeen, measure: &'static str, group: &str, channel: &str) -> Vec<Tally> {
    let key = QueueKey { measure, group: group.to_owned(), channel: channel.to_owned() };
    arm.seen.iter().map(|seen| seen.tallies.get(&key).copied().unwrap_or_default()).collect()
}

/// All measures of all arms, in order of arm and name.
pub fn measures(arms: &[ArmSeen]) -> Vec<QueueMeasureRow> {
    let mut rows = Vec::new();
    for arm in arms {
        let keys: BTreeSet<&QueueKey> = arm.seen.iter().flat_map(|seen| seen.tallies.keys()).collect();
        for key in keys {
            let tallies = find(arm, key.measure, &key.group, &key.channel);
            if tallies.iter().all(|tally| tally.sum == 0.0) {
                continue;
            }
            rows.extend(estimate_mean(&tallies).map(|estimate| row(arm, key, "", estimate)));
            if WITH_VARIANCE.contains(&key.measure) && tallies.iter().any(|tally| tally.squares > 0.0) {
                rows.extend(estimate_variance(&tallies).map(|estimate| row(arm, key, "_variance", estimate)));
                rows.extend(estimate_sd(&tallies).map(|estimate| row(arm, key, "_sd", estimate)));
            }
        }
    }
    rows
}

fn row(arm: &ArmSeen, key: &QueueKey, ending: &str, estimate: Estimate) -> QueueMeasureRow {
    let half = if estimate.n > 1 { t_quantile(estimate.n) * estimate.se } else { f64::NAN };
    QueueMeasureRow {
        arm: arm.arm.clone().into(),
        measure: format!("{}{ending}", key.measure).into(),
        group: key.group.clone().into(),
        channel: key.channel.clone().into(),
        mean: estimate.value,
        se: estimate.se,
        ci_lo: estimate.value - half,
        ci_hi: estimate.value + half,
        n: estimate.n as u32,
    }
}
