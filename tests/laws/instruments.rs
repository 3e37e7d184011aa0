//! What every instrument must and must not do, whatever its numbers (worlds/MODEL.md 7.3 to 7.6).

use doorstroom_experiment::{Experiment, RunSettings, Unit};
use doorstroom_observe::Observed;
use doorstroom_observe::rows::ReceptionRow;
use doorstroom_state::Tenure;
use doorstroom_state::ledger::Ground;
use doorstroom_state::vacancy::ChainCause;
use doorstroom_tests::{experiment, repository, units};
use doorstroom_world::read::Source;

/// One replicate of a shipped experiment, small and short.
fn run(file: &str, months: &str) -> Unit {
    run_at("0.01", file, months)
}

/// The same with another part of the country.
fn run_at(scale: &str, file: &str, months: &str) -> Unit {
    let settings = [("scale", scale), ("replicates", "1"), ("months", months)];
    let experiment = experiment(file, &settings);
    let (mut units, _) = units(&experiment, &RunSettings::all(&experiment, 1));
    units.remove(0)
}

fn arm<'a>(unit: &'a Unit, name: &str) -> &'a Observed {
    let found = unit.arms.iter().find(|(arm, _)| arm == name);
    &found.unwrap_or_else(|| panic!("there is an arm {name}")).1
}

fn national(observed: &Observed, measure: &str) -> f64 {
    let value = observed.outcome.value(measure, "all", "NL");
    value.unwrap_or_else(|| panic!("there is a measure {measure}"))
}

fn assert_identities_hold(unit: &Unit) {
    for (name, observed) in &unit.arms {
        let broken: Vec<_> = observed.identities.iter().filter(|row| !row.holds).collect();
        assert!(broken.is_empty(), "{name}: {broken:?}");
    }
}

#[test]
fn a_payment_without_homes_moves_nobody() {
    let unit = run("does_a_payment_house_anybody.ron", "30");
    let (base, paid) = (arm(&unit, "rules_as_they_stand"), arm(&unit, "payment"));
    let mut compared = 0;
    for (key, value) in base.outcome.measures.iter().filter(|(key, _)| !key.measure.starts_with("money.")) {
        let other = paid.outcome.measures[key];
        assert!(other.to_bits() == value.to_bits(), "{key:?}: {value} without, {other} with a payment");
        compared += 1;
    }
    assert!(compared > 100, "{compared} measures");
    assert_eq!(base.totals.last().map(|totals| totals.persons), paid.totals.last().map(|totals| totals.persons));
    assert!(national(paid, "money.state") > national(base, "money.state"));
    let with_places = arm(&unit, "payment_with_places");
    assert!(national(with_places, "flow_through.occupied") > 0.0, "places house somebody");
    assert_identities_hold(&unit);
}

#[test]
fn flow_through_places_fill_up_and_no_further() {
    // at 0.01 there are 26 places, of which one family that joins is a tenth
    let unit = run_at("0.03", "do_flow_through_locations_fill_up.ron", "48");
    let mut full = 0;
    for (name, observed) in &unit.arms {
        for totals in &observed.totals {
            let stock = &totals.reception.stock.flow_through;
            // a family that arrives joins its sponsor in the place where that lives
            let joined = totals.reception.stock.flows.family_joined + stock.occupied / 4;
            assert!(stock.occupied <= stock.all_places() + joined, "{name}: {stock:?}");
            assert!(stock.funded <= stock.occupied, "{name}: {stock:?}");
            full += u32::from(stock.all_places() > 0 && stock.occupied * 10 >= stock.all_places() * 8);
        }
    }
    assert!(full > 0, "in some month four places in five are taken");
    let overdue = |name: &str| national(arm(&unit, name), "reception.overdue");
    assert!(overdue("as_hoped") < overdue("rules_as_they_stand"));
    let places = |name: &str| national(arm(&unit, name), "flow_through.places");
    assert!(places("as_hoped") > places("as_delivered") && places("rules_as_they_stand") == 0.0);
    assert_identities_hold(&unit);
}

#[test]
fn reception_places_take_every_resident_whatever_the_kinds() {
    let unit = run("what_do_kinds_of_reception_cost.ron", "48");
    for (name, observed) in &unit.arms {
        for row in observed.reception.iter().filter(|row| row.kind.as_str() == "asylum") {
            assert_eq!(row.occupied, row.in_procedure + row.status_holders, "{name} {}", row.month.as_str());
        }
        let of = |kind: &str| observed.reception.iter().filter(|row| row.kind.as_str() == kind).count();
        assert!(of("regular") > 0, "{name}");
    }
    // kinds without places have no row in a month
    let last = |name: &str, kind: &str| {
        let rows = &arm(&unit, name).reception;
        let of_last_month = |row: &&ReceptionRow| rows.last().is_some_and(|last| last.month == row.month);
        rows.iter().filter(of_last_month).find(|row| row.kind.as_str() == kind).map_or(0, |row| row.occupied)
    };
    assert!(last("dispersal_law", "dispersed") > 0);
    assert_eq!(last("dispersal_law_withdrawn", "dispersed"), last("rules_as_they_stand", "dispersed"));
    assert!(last("hotels_and_ships", "hotel") > 0);
    let cost = |name: &str| national(arm(&unit, name), "reception.cost");
    assert!(cost("hotels_and_ships") > cost("rules_as_they_stand"));
    assert!(cost("dispersal_law") < cost("rules_as_they_stand"));
    assert_identities_hold(&unit);
}

#[test]
fn targets_add_up_under_every_variant_of_the_quota_and_without_one_less_is_housed() {
    let unit = run_at("0.02", "what_if_the_quota_is_abolished.ron", "60");
    assert_identities_hold(&unit);
    let housed = |name: &str| {
        let value = arm(&unit, name).outcome.value("housed.corporation", "status_holder", "NL");
        value.unwrap_or_else(|| panic!("{name}"))
    };
    assert!(housed("abolished_high_pull") < housed("rules_as_they_stand"));
    assert!(housed("backlog_dropped") <= housed("rules_as_they_stand"));
}

#[test]
fn a_conditional_ban_is_in_force_longer_the_lower_its_threshold() {
    let unit = run("when_is_a_conditional_ban_in_force.ron", "60");
    let in_force = |name: &str| national(arm(&unit, name), "regime.in_force");
    assert!(in_force("ban_at_0_5_with_places") > 0.0, "with places enough the condition is met");
    assert!(in_force("ban_at_1_5") <= in_force("ban_at_1_0") && in_force("ban_at_1_0") <= in_force("ban_at_0_5"));
    assert_eq!(in_force("rules_as_they_stand"), 0.0);
    for (name, observed) in &unit.arms {
        let conditional = name != "rules_as_they_stand";
        let seen = observed.totals.iter().any(|totals| totals.condition.1 > 0.0);
        assert_eq!(seen, conditional, "{name} weighs a ratio");
    }
    assert_identities_hold(&unit);
}

#[test]
fn conditions_delay_families_and_the_end_of_protection_conserves_persons() {
    let unit = run("do_conditions_for_families_empty_reception.ron", "60");
    let arrived = |name: &str| -> u32 {
        arm(&unit, name).totals.iter().map(|totals| totals.reception.stock.flows.family_arrived).sum()
    };
    assert!(arrived("two_status_system_wide") < arrived("rules_as_they_stand"));
    assert!(arrived("two_status_system") <= arrived("a_wait_alone"));
    assert_identities_hold(&unit);
    let unit = run("where_do_ukrainians_go_after_march_2027.ron", "48");
    assert_identities_hold(&unit);
    assert!(national(arm(&unit, "documents_for_most"), "without_residence") > 0.0);
    assert_eq!(national(arm(&unit, "rules_as_they_stand"), "without_residence"), 0.0);
    let left = |name: &str| -> u32 {
        arm(&unit, name).totals.iter().map(|totals| totals.reception.stock.flows.ukrainians_out).sum()
    };
    assert!(left("peace") > left("rules_as_they_stand"));
}

#[test]
fn homes_of_every_form_that_were_announced_open_and_the_books_stay_whole() {
    let unit = run("what_do_100000_homes_a_year_do.ron", "48");
    assert_identities_hold(&unit);
    let opened = |name: &str| -> u32 {
        arm(&unit, name).totals.iter().map(|totals| totals.tenures[Tenure::Corporation as usize].built).sum()
    };
    for more in ["corporations_30000", "flex_announced", "transformation_as_hoped", "starter_and_shared_units"] {
        assert!(opened(more) > opened("rules_as_they_stand"), "{more}: no more corporation dwellings opened");
    }
}

/// Arms of one region; `arms` is what stands between the braces of the file.
fn region(arms: &str, months: u32) -> Unit {
    let text = format!(
        "// ?\nExperiment(version: 1, world: \"one-region\", scale: 0.2, months: {months}, seed: 5, baseline: \"base\", \
         arms: {{ \"base\": [], {arms} }}, primary: [])"
    );
    let source = Source::new("gates.ron", text);
    let parsed = Experiment::parse("gates", &source, |world| repository().join("worlds").join(world));
    let experiment = parsed.unwrap_or_else(|problems| panic!("{problems}"));
    let (mut units, _) = units(&experiment, &RunSettings::all(&experiment, 1));
    units.remove(0)
}

/// True if all measures but those of gates are the same in every bit.
fn same(ours: &Observed, theirs: &Observed) -> bool {
    let measures = |observed: &Observed| -> Vec<(String, u64)> {
        let own = observed.outcome.measures.iter().filter(|(key, _)| !key.measure.starts_with("gates."));
        own.map(|(key, value)| (format!("{key:?}"), value.to_bits())).collect()
    };
    measures(ours) == measures(theirs)
}

#[test]
fn an_open_gate_is_a_date_and_a_shut_one_changes_nothing() {
    let ban = "Set(\"priority.status_holder\", Banned(except: []))";
    let late = "Set(\"priority.status_holder\", NoUrgencyOnAnyGround)";
    let unit = region(
        &format!(
            "\"dated\": [From(\"2026-01-01\", [{ban}])], \
             \"open\": [Gate(from: \"2026-01-01\", when: OverdueAtMost(4000000000), changes: [{ban}])], \
             \"shut\": [Gate(from: \"2026-01-01\", when: AlternativesAtLeast(4000000000), changes: [{ban}])], \
             \"in_turn\": [Gate(from: \"2025-07-01\", when: ResidentsAtMost(4000000000), changes: [{late}]), \
                Gate(from: \"2026-01-01\", when: AlternativesAtLeast(4000000000), changes: [{ban}])]"
        ),
        30,
    );
    let of = |name: &str| arm(&unit, name);
    assert!(same(of("open"), of("dated")), "a gate that opens at once is a date");
    assert!(same(of("shut"), of("base")), "a gate that never opens is none");
    assert!(!same(of("dated"), of("base")), "what stands behind them makes a difference");
    let gates = |name: &str| (national(of(name), "gates.open"), of(name).totals.last().map(|totals| totals.gates));
    assert_eq!(gates("open"), (1.0, Some([0, 1])));
    assert_eq!(gates("shut"), (0.0, Some([1, 0])));
    assert_eq!(gates("in_turn"), (1.0, Some([1, 1])));
    assert_eq!(gates("base"), (0.0, Some([0, 0])));
    assert_identities_hold(&unit);
}

#[test]
fn phases_wait_for_their_evaluations_and_what_is_open_stays_open() {
    let unit = run("what_do_gates_between_phases_do.ron", "60");
    for (name, observed) in &unit.arms {
        let open: Vec<u32> = observed.totals.iter().map(|totals| totals.gates[1]).collect();
        assert!(open.is_sorted(), "{name}: {open:?}");
        let gated = name.starts_with("gates_");
        let evaluated = observed.totals.iter().any(|totals| totals.gates != [0; 2]);
        assert_eq!(evaluated, gated, "{name}");
    }
    assert_identities_hold(&unit);
}

#[test]
fn regimes_of_urgency_act_on_statements_and_evictions_begin_chains() {
    let unit = run("which_ban_does_what.ron", "42");
    assert_identities_hold(&unit);
    let by_law = |name: &str| {
        let lettings = &arm(&unit, name).lettings.lettings;
        lettings.iter().filter(|letting| letting.ground == Ground::StatusUrgency).count()
    };
    assert!(by_law("obligatory_urgency") > 0, "by-laws list status holders");
    assert_eq!(by_law("rules_as_they_stand") + by_law("bill") + by_law("amendment"), 0);
    let ended = |name: &str| national(arm(&unit, name), "urgency.statements_ended");
    assert!(ended("amendment") > ended("amendment_with_transition"), "a transition lets statements run");
    assert_eq!(ended("bill") + ended("rules_as_they_stand") + ended("obligatory_urgency"), 0.0);
    for (name, observed) in &unit.arms {
        assert!(national(observed, "evictions") > 0.0, "{name}");
        let evicted = observed.lettings.lettings.iter().any(|letting| letting.chain_cause == ChainCause::Evicted);
        assert!(evicted, "{name}: the dwelling is let again");
    }
}

#[test]
fn municipal_sites_that_are_too_small_or_close_leave_people_to_dearer_places() {
    let unit = run("what_do_kinds_of_reception_cost.ron", "84");
    assert_identities_hold(&unit);
    let sites = |name: &str| national(arm(&unit, name), "reception.sites");
    let closed = |name: &str| national(arm(&unit, name), "reception.sites_closed");
    let cost = |name: &str| national(arm(&unit, name), "reception.cost");
    assert!(sites("dispersal_law_without_small_sites") < sites("dispersal_law"));
    for closing in ["dispersal_law_contracts_end", "dispersal_law_sites_at_a_loss"] {
        assert!(closed(closing) > 0.0, "{closing}");
    }
    assert_eq!(closed("dispersal_law") + closed("dispersal_law_without_small_sites"), 0.0);
    assert!(cost("dispersal_law_without_small_sites") > cost("dispersal_law"));
    assert!(cost("dispersal_law_contracts_end") > cost("dispersal_law"));
}
