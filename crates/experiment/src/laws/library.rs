//! The worlds, schemes and experiments of the suite, inside the program: `doorstroom verify` works in any folder, and
//! always with the files that belong to this version.

use doorstroom_world::read::{Problems, Source};

use crate::queue::{QueueExperiment, no_such_file};

/// Path below `worlds/` and text of every closed-form world and scheme.
pub const WORLDS: &[(&str, &str)] = &[
    ("closed-form/chains.ron", include_str!("../../../../worlds/closed-form/chains.ron")),
    ("closed-form/chains_over_strata.ron", include_str!("../../../../worlds/closed-form/chains_over_strata.ron")),
    ("closed-form/clean_chains.ron", include_str!("../../../../worlds/closed-form/clean_chains.ron")),
    ("closed-form/competing.ron", include_str!("../../../../worlds/closed-form/competing.ron")),
    ("closed-form/fixed_list.ron", include_str!("../../../../worlds/closed-form/fixed_list.ron")),
    ("closed-form/flow_through.ron", include_str!("../../../../worlds/closed-form/flow_through.ron")),
    ("closed-form/flow_through_fixed.ron", include_str!("../../../../worlds/closed-form/flow_through_fixed.ron")),
    ("closed-form/house_sharing.ron", include_str!("../../../../worlds/closed-form/house_sharing.ron")),
    ("closed-form/hundred_dwellings.ron", include_str!("../../../../worlds/closed-form/hundred_dwellings.ron")),
    (
        "closed-form/hundred_dwellings_classes.ron",
        include_str!("../../../../worlds/closed-form/hundred_dwellings_classes.ron"),
    ),
    ("closed-form/impatient_list.ron", include_str!("../../../../worlds/closed-form/impatient_list.ron")),
    ("closed-form/in_transit.ron", include_str!("../../../../worlds/closed-form/in_transit.ron")),
    ("closed-form/more_urgent.ron", include_str!("../../../../worlds/closed-form/more_urgent.ron")),
    ("closed-form/nobody_leaves.ron", include_str!("../../../../worlds/closed-form/nobody_leaves.ron")),
    ("closed-form/one_dwelling.ron", include_str!("../../../../worlds/closed-form/one_dwelling.ron")),
    ("closed-form/one_dwelling_fixed.ron", include_str!("../../../../worlds/closed-form/one_dwelling_fixed.ron")),
    ("closed-form/one_dwelling_points.ron", include_str!("../../../../worlds/closed-form/one_dwelling_points.ron")),
    ("closed-form/one_dwelling_three.ron", include_str!("../../../../worlds/closed-form/one_dwelling_three.ron")),
    ("closed-form/overloaded_list.ron", include_str!("../../../../worlds/closed-form/overloaded_list.ron")),
    ("closed-form/refusals.ron", include_str!("../../../../worlds/closed-form/refusals.ron")),
    ("closed-form/reserved_quota.ron", include_str!("../../../../worlds/closed-form/reserved_quota.ron")),
    ("closed-form/shelter_and_housing.ron", include_str!("../../../../worlds/closed-form/shelter_and_housing.ron")),
    ("closed-form/shelter_and_returns.ron", include_str!("../../../../worlds/closed-form/shelter_and_returns.ron")),
    ("closed-form/stages.ron", include_str!("../../../../worlds/closed-form/stages.ron")),
    ("closed-form/stock_and_exits.ron", include_str!("../../../../worlds/closed-form/stock_and_exits.ron")),
    (
        "closed-form/three_dwellings_classes.ron",
        include_str!("../../../../worlds/closed-form/three_dwellings_classes.ron"),
    ),
    ("closed-form/twelve_dwellings.ron", include_str!("../../../../worlds/closed-form/twelve_dwellings.ron")),
    ("closed-form/two_goods.ron", include_str!("../../../../worlds/closed-form/two_goods.ron")),
    ("closed-form/two_goods_uneven.ron", include_str!("../../../../worlds/closed-form/two_goods_uneven.ron")),
    ("closed-form/urgent_and_regular.ron", include_str!("../../../../worlds/closed-form/urgent_and_regular.ron")),
    ("closed-form/schemes/classes.ron", include_str!("../../../../worlds/closed-form/schemes/classes.ron")),
    ("closed-form/schemes/deferral.ron", include_str!("../../../../worlds/closed-form/schemes/deferral.ron")),
    ("closed-form/schemes/deferral_five.ron", include_str!("../../../../worlds/closed-form/schemes/deferral_five.ron")),
    ("closed-form/schemes/first_come.ron", include_str!("../../../../worlds/closed-form/schemes/first_come.ron")),
    ("closed-form/schemes/first_first.ron", include_str!("../../../../worlds/closed-form/schemes/first_first.ron")),
    ("closed-form/schemes/kept.ron", include_str!("../../../../worlds/closed-form/schemes/kept.ron")),
    ("closed-form/schemes/lottery.ron", include_str!("../../../../worlds/closed-form/schemes/lottery.ron")),
    ("closed-form/schemes/no_deferral.ron", include_str!("../../../../worlds/closed-form/schemes/no_deferral.ron")),
    ("closed-form/schemes/part_lottery.ron", include_str!("../../../../worlds/closed-form/schemes/part_lottery.ron")),
    ("closed-form/schemes/points.ron", include_str!("../../../../worlds/closed-form/schemes/points.ron")),
    ("closed-form/schemes/reserved.ron", include_str!("../../../../worlds/closed-form/schemes/reserved.ron")),
    ("closed-form/schemes/second_first.ron", include_str!("../../../../worlds/closed-form/schemes/second_first.ron")),
    (
        "closed-form/schemes/starters_first.ron",
        include_str!("../../../../worlds/closed-form/schemes/starters_first.ron"),
    ),
    ("closed-form/schemes/three_offers.ron", include_str!("../../../../worlds/closed-form/schemes/three_offers.ron")),
    ("closed-form/schemes/urgent_first.ron", include_str!("../../../../worlds/closed-form/schemes/urgent_first.ron")),
];
/// Name and text of every closed-form experiment.
pub const EXPERIMENTS: &[(&str, &str)] = &[
    ("are_starters_conserved", include_str!("../../../../experiments/closed-form/are_starters_conserved.ron")),
    (
        "does_a_lottery_shorten_the_wait",
        include_str!("../../../../experiments/closed-form/does_a_lottery_shorten_the_wait.ron"),
    ),
    ("does_deferral_match_better", include_str!("../../../../experiments/closed-form/does_deferral_match_better.ron")),
    (
        "does_halving_the_step_halve_the_error",
        include_str!("../../../../experiments/closed-form/does_halving_the_step_halve_the_error.ron"),
    ),
    (
        "does_the_kind_of_stay_matter",
        include_str!("../../../../experiments/closed-form/does_the_kind_of_stay_matter.ron"),
    ),
    (
        "does_the_order_of_a_step_matter",
        include_str!("../../../../experiments/closed-form/does_the_order_of_a_step_matter.ron"),
    ),
    (
        "how_fast_does_a_population_grow",
        include_str!("../../../../experiments/closed-form/how_fast_does_a_population_grow.ron"),
    ),
    ("how_long_is_a_chain", include_str!("../../../../experiments/closed-form/how_long_is_a_chain.ron")),
    (
        "how_long_is_an_overloaded_list",
        include_str!("../../../../experiments/closed-form/how_long_is_an_overloaded_list.ron"),
    ),
    (
        "how_long_is_the_wait_for_a_hundred_dwellings",
        include_str!("../../../../experiments/closed-form/how_long_is_the_wait_for_a_hundred_dwellings.ron"),
    ),
    (
        "how_long_is_the_wait_for_twelve_dwellings",
        include_str!("../../../../experiments/closed-form/how_long_is_the_wait_for_twelve_dwellings.ron"),
    ),
    ("how_many_are_in_transit", include_str!("../../../../experiments/closed-form/how_many_are_in_transit.ron")),
    (
        "how_many_are_without_shelter",
        include_str!("../../../../experiments/closed-form/how_many_are_without_shelter.ron"),
    ),
    ("how_many_give_up", include_str!("../../../../experiments/closed-form/how_many_give_up.ron")),
    (
        "how_many_homes_does_sharing_free",
        include_str!("../../../../experiments/closed-form/how_many_homes_does_sharing_free.ron"),
    ),
    ("is_waiting_conserved", include_str!("../../../../experiments/closed-form/is_waiting_conserved.ron")),
    (
        "what_do_classes_do_in_a_hundred_dwellings",
        include_str!("../../../../experiments/closed-form/what_do_classes_do_in_a_hundred_dwellings.ron"),
    ),
    (
        "what_do_classes_do_in_three_dwellings",
        include_str!("../../../../experiments/closed-form/what_do_classes_do_in_three_dwellings.ron"),
    ),
    ("what_do_faster_points_do", include_str!("../../../../experiments/closed-form/what_do_faster_points_do.ron")),
    ("what_do_three_offers_do", include_str!("../../../../experiments/closed-form/what_do_three_offers_do.ron")),
    (
        "what_does_a_reserved_quota_do",
        include_str!("../../../../experiments/closed-form/what_does_a_reserved_quota_do.ron"),
    ),
    (
        "what_does_priority_cost_others",
        include_str!("../../../../experiments/closed-form/what_does_priority_cost_others.ron"),
    ),
    ("when_is_who_housed", include_str!("../../../../experiments/closed-form/when_is_who_housed.ron")),
    ("where_do_chains_pass", include_str!("../../../../experiments/closed-form/where_do_chains_pass.ron")),
    ("which_way_out_wins", include_str!("../../../../experiments/closed-form/which_way_out_wins.ron")),
    (
        "who_is_left_after_twelve_steps",
        include_str!("../../../../experiments/closed-form/who_is_left_after_twelve_steps.ron"),
    ),
    ("who_waits_in_three_classes", include_str!("../../../../experiments/closed-form/who_waits_in_three_classes.ron")),
    (
        "whom_do_the_urgent_displace",
        include_str!("../../../../experiments/closed-form/whom_do_the_urgent_displace.ron"),
    ),
];

/// The world or scheme at a path below `worlds/`.
///
/// # Errors
/// If there is none.
pub fn world(path: &str) -> Result<Source, Problems> {
    let found = WORLDS.iter().find(|(name, _)| *name == path);
    let names: Vec<&str> = WORLDS.iter().map(|(name, _)| *name).collect();
    found.map(|(name, text)| Source::new(format!("worlds/{name}"), *text)).ok_or_else(|| no_such_file(path, &names))
}

/// The experiment of this name.
///
/// # Errors
/// What is wrong with it, or that there is none.
pub fn experiment(name: &str) -> Result<QueueExperiment, Problems> {
    let found = EXPERIMENTS.iter().find(|(other, _)| *other == name);
    let names: Vec<&str> = EXPERIMENTS.iter().map(|(name, _)| *name).collect();
    let (name, text) = found.ok_or_else(|| no_such_file(name, &names))?;
    let source = Source::new(format!("experiments/closed-form/{name}.ron"), *text);
    QueueExperiment::parse(name, &source, &world)
}
