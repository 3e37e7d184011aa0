//! From names and units to positions and steps.

use doorstroom_kernel::{Calendar, Day, Hazard, Threshold};
use doorstroom_policy::queue::{self, GoodRules, GroupRules, QueueModel, StageRules};

use super::units::step_months;
use super::{Good, Group, QueueFile, QueueWorld};

/// The model of a world that was checked.
pub(super) fn of(world: &QueueWorld) -> QueueModel {
    let file = &world.file;
    let groups: Vec<&str> = file.groups.keys().map(String::as_str).collect();
    let goods: Vec<&str> = file.goods.keys().map(String::as_str).collect();
    QueueModel {
        title: file.title.clone(),
        // steps are counted, never dated
        calendar: Calendar { start: Day(0), length: file.step },
        processes: file.processes.clone(),
        groups: group_rules_of(file),
        goods: file.goods.iter().map(|(name, good)| good_rules(file, name, good)).collect(),
        stages: file.stages.iter().map(|stage| stage_rules(file, stage)).collect(),
        scheme: world.scheme.as_ref().map(|scheme| scheme.resolve(&groups, &goods)),
        warm_up: file.warm_up.whole_steps(file.step),
        step_months: step_months(file.step),
    }
}

fn group_rules_of(file: &QueueFile) -> Vec<GroupRules> {
    let mut streams = 0..;
    let mut found = Vec::new();
    for (name, group) in &file.groups {
        let empty = group.arrivals.is_none() && group.at_start.unwrap_or(0) == 0;
        let stream = if empty { u64::MAX } else { streams.next().unwrap_or(0) };
        found.push(group_rules(file, name, group, stream));
    }
    found
}

fn group_rules(file: &QueueFile, name: &str, group: &Group, stream: u64) -> GroupRules {
    GroupRules {
        name: name.to_owned(),
        stream,
        at_start: group.at_start.unwrap_or(0),
        arrivals: group.arrivals.as_ref().map(|stream| stream.resolve(file.step)),
        leaves: group.leaves.map_or(queue::Lifetime::Endless, |leaves| leaves.resolve(file.step)),
        refuses: Threshold::of(group.refuses.unwrap_or(0.0)),
        sharing: group.sharing.map(|sharing| queue::Sharing { share: sharing.share, size: sharing.size }),
        prefers: group.prefers.as_ref().and_then(|good| position(file.goods.keys(), good)),
        seeks: group
            .seeks
            .as_ref()
            .map(|goods| goods.iter().filter_map(|good| position(file.goods.keys(), good)).collect()),
        mediation: Threshold::of(group.mediation_per_step.unwrap_or(0.0)),
    }
}

fn good_rules(file: &QueueFile, name: &str, good: &Good) -> GoodRules {
    let path = good.stock.as_ref().map_or(&[][..], |stock| &stock.path);
    let chain = good.chain.as_ref();
    GoodRules {
        name: name.to_owned(),
        vacancies: good.vacancies.as_ref().map(|stream| stream.resolve(file.step)),
        stock: good.stock.as_ref().map(|stock| stock_rules(file, stock)),
        path: path.iter().map(|&(at, dwellings)| (at.whole_steps(file.step), dwellings)).collect(),
        chain: chain.map(|row| file.goods.keys().map(|good| row.get(good).copied().unwrap_or(0.0)).collect()),
    }
}

fn stock_rules(file: &QueueFile, stock: &super::Stock) -> queue::Stock {
    let looks = |rate: super::Rate| queue::Looks::With(Hazard::of_rate(rate.per_step(file.step), 1.0));
    queue::Stock {
        dwellings: stock.dwellings,
        tenancy: stock.tenancy.map_or(queue::Lifetime::Endless, |tenancy| tenancy.resolve(file.step)),
        full_at_start: stock.full_at_start,
        transfers: stock.transfers.as_ref().and_then(|transfers| {
            let group = position(file.groups.keys(), &transfers.group)?;
            Some((group, transfers.rate.map_or(queue::Looks::AtOnce, looks)))
        }),
        returns: stock.returns.as_ref().and_then(|returns| {
            let group = position(file.groups.keys(), &returns.group)?;
            Some((group, Threshold::of(returns.share)))
        }),
    }
}

fn stage_rules(file: &QueueFile, stage: &super::Stage) -> StageRules {
    let next = stage.survives.as_ref().and_then(|survival| {
        let next = position(file.stages.iter().map(|stage| &stage.name), &survival.to)?;
        Some((next, Threshold::of(survival.share)))
    });
    StageRules { name: stage.name.clone(), at_start: stage.at_start, next, births: stage.births }
}

fn position<'n>(mut names: impl Iterator<Item = &'n String>, name: &str) -> Option<u8> {
    names.position(|other| other == name).map(|position| position as u8)
}
