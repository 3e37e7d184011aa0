//! What a region keeps for some groups in its adverts: reserved shares of a by-law, and the urgency that a law obliges it
//! to give status holders.

use doorstroom_experiment::{Experiment, RunSettings, Unit};
use doorstroom_observe::Observed;
use doorstroom_state::ledger::{Channel, Ground, Letting};
use doorstroom_tests::{repository, units};
use doorstroom_world::read::{Problems, Source};

fn experiment(world: &str, arms: &str) -> Result<Experiment, Problems> {
    let text = format!(
        "// ?\nExperiment(version: 1, {world}, months: 24, seed: 5, baseline: \"base\",\n \
         arms: {{ {arms} }}, primary: [])"
    );
    Experiment::parse("shares", &Source::new("shares.ron", text), |world| repository().join("worlds").join(world))
}

/// Arms of one region, each what it sets from the first day on.
fn run(world: &str, arms: &[(&str, String)]) -> Unit {
    let arms: String = arms.iter().map(|(name, set)| format!("\"{name}\": [From(\"2025-01-01\", [{set}])],")).collect();
    let experiment = experiment(world, &arms).unwrap_or_else(|problems| panic!("{problems}"));
    let settings = RunSettings { check: true, ..RunSettings::all(&experiment, 2) };
    let (mut units, _) = units(&experiment, &settings);
    units.remove(0)
}

fn arm<'a>(unit: &'a Unit, name: &str) -> &'a Observed {
    let (_, observed) =
        unit.arms.iter().find(|(arm, _)| arm == name).unwrap_or_else(|| panic!("there is an arm {name}"));
    let broken: Vec<_> = observed.identities.iter().filter(|row| !row.holds).collect();
    assert!(broken.is_empty(), "{name}: {broken:?}");
    observed
}

fn count(observed: &Observed, test: impl Fn(&Letting) -> bool) -> usize {
    observed.lettings.lettings.iter().filter(|letting| test(letting)).count()
}

/// A relaxed region, and a tight city, where most dwellings are let before conditions widen.
const REGION: &str = "world: \"one-region\", scale: 0.2";
const CITY: &str = "world: \"utrecht\", scale: 0.1";
const KEY: &str = "schemes.registration_time.reserved";

#[test]
fn a_reserved_share_moves_lettings_to_its_group_and_none_moves_nothing() {
    let reserved = |of: &str| format!("Set(\"{KEY}\", [{of}])");
    let unit = run(
        CITY,
        &[
            ("base", String::new()),
            ("none", reserved("")),
            ("nothing", reserved("(groups: [\"family\"], share: AtMost(0.0))")),
            ("third", reserved("(groups: [\"family\"], share: AtLeast(0.33))")),
            ("all", reserved("(groups: [\"family\"], share: AtLeast(1.0))")),
            (
                "two",
                reserved("(groups: [\"family\"], share: AtLeast(0.4)), (groups: [\"single\"], share: AtMost(0.6))"),
            ),
        ],
    );
    let advertised = |letting: &Letting| letting.channel != Channel::Direct;
    let larger = |name: &str| count(arm(&unit, name), |letting| advertised(letting) && letting.persons > 2);
    let alone = |name: &str| count(arm(&unit, name), |letting| advertised(letting) && letting.persons == 1);
    for same in ["none", "nothing"] {
        // as text: a measure that is not defined is not equal to itself
        let told = |name: &str| format!("{:?} {:?}", arm(&unit, name).outcome, arm(&unit, name).lettings.lettings);
        assert!(told(same) == told("base"), "{same}: nothing is reserved");
    }
    assert!(larger("third") > larger("base") && larger("all") > larger("third"), "families gain");
    assert!(alone("all") < alone("third") && alone("third") < alone("base"), "who lives alone gives way");
    // a couple is neither a family nor alone: it is let only what nobody of these took
    let couples = |name: &str| count(arm(&unit, name), |letting| advertised(letting) && letting.persons == 2);
    assert!(couples("two") < couples("base"));
}

#[test]
fn a_reserved_share_for_nobody_known_or_of_more_than_all_is_refused() {
    let told = |of: &str| {
        let set = format!("\"base\": [From(\"2025-01-01\", [Set(\"{KEY}\", [{of}])])]");
        experiment(REGION, &set).expect_err(of).to_string()
    };
    assert!(told("(groups: [\"familie\"], share: AtLeast(0.3))").contains("there is no group \"familie\""));
    assert!(told("(groups: [\"family\"], share: AtLeast(1.3))").contains("a share lies between 0 and 1"));
    let twice = "(groups: [\"family\"], share: AtLeast(0.6)), (groups: [\"single\"], share: AtMost(0.6))";
    assert!(told(twice).contains("sum to 1.2"), "{}", told(twice));
}

#[test]
fn whom_the_law_obliges_to_list_ranks_as_urgent_in_adverts_too() {
    // a scheme that serves statements first among those who react, and one that only proposes to them
    let scheme = |name: &str| format!("Schemes({{\"CR14\": \"{name}\"}})");
    let obliged = "Set(\"priority.status_holder\", ObligatoryUrgency), Set(\"quota.earmark_median\", 0.0)";
    let unit = run(
        REGION,
        &[
            ("base", scheme("mid_size")),
            ("obliged", format!("{}, {obliged}", scheme("mid_size"))),
            ("obliged_by_date", format!("{}, {obliged}", scheme("registration_time"))),
        ],
    );
    let listed = |name: &str, direct: bool| {
        let found = |letting: &Letting| {
            letting.ground == Ground::StatusUrgency && (letting.channel == Channel::Direct) == direct
        };
        count(arm(&unit, name), found)
    };
    assert!(listed("obliged", false) > 0, "in adverts");
    assert!(listed("obliged", true) > 0 && listed("obliged_by_date", true) > 0, "by proposal");
    assert_eq!(listed("obliged_by_date", false), 0, "who registered first goes first");
    assert_eq!(listed("base", false) + listed("base", true), 0);
    // the law lists them where they are linked, and nowhere else
    let housed = |name: &str| count(arm(&unit, name), |letting| letting.ground == Ground::StatusUrgency);
    assert!(housed("obliged") > 0);
}
