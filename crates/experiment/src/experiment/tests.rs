//! The shipped experiments, experiments with mistakes, and settings from outside.

use std::path::PathBuf;

use doorstroom_policy::priority::StatusRegime;
use doorstroom_world::read::Source;

use super::*;
use crate::arm::Arms;
use crate::overrides::OverrideError;

fn repository() -> PathBuf {
    FilePath::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

fn shipped() -> Vec<PathBuf> {
    let folder = std::fs::read_dir(repository().join("experiments")).unwrap();
    let mut files: Vec<PathBuf> = folder.map(|entry| entry.unwrap().path()).collect();
    files.retain(|file| file.extension().is_some_and(|extension| extension == "ron"));
    files.sort();
    files
}

fn main_question() -> Experiment {
    let path = repository().join("experiments/does_a_priority_ban_shorten_other_queues.ron");
    Experiment::read(&path, None).expect("the shipped experiment has no mistakes")
}

fn parse(text: &str) -> Result<Experiment, Problems> {
    let source = Source::new("q.ron", text);
    Experiment::parse("q", &source, |world| repository().join("worlds").join(world))
}

fn told(text: &str) -> String {
    parse(text).expect_err("the file holds a mistake").to_string()
}

const GOOD: &str = r#"// Who waits?
Experiment(
    version: 1,
    world: "one-region",
    months: 24,
    seed: 7,
    baseline: "base",
    arms: {
        "base": [],
        "ban": [
            From("2026-07-01", [
                Set("priority.status_holder", Banned(except: [SinglesInSharedHomes(for_days: 365)])),
            ]),
        ],
    },
)
"#;

fn spoiled(from: &str, to: &str) -> String {
    assert!(GOOD.contains(from), "{from} is in the sample");
    GOOD.replacen(from, to, 1)
}

#[test]
fn every_shipped_experiment_is_read_and_asks_a_question() {
    assert!(shipped().len() >= 3);
    for file in shipped() {
        let experiment = Experiment::read(&file, None).unwrap_or_else(|problems| panic!("{problems}"));
        assert!(experiment.question.contains('?'), "{}", experiment.question);
        assert_eq!(experiment.arm_names()[0], experiment.baseline);
        assert!(!experiment.primary.is_empty());
    }
}

#[test]
fn every_key_of_the_shipped_experiments_is_missed_when_it_is_misspelt() {
    for file in shipped() {
        let text = std::fs::read_to_string(&file).unwrap();
        let name = file.display().to_string();
        for (at, key) in keys(&text) {
            let mut misspelt = text.clone();
            misspelt.remove(at + key.len() / 2);
            let source = Source::new(name.clone(), misspelt);
            let problems = Experiment::parse("x", &source, |world| repository().join("worlds").join(world))
                .expect_err("a misspelt key is a mistake");
            let line = text[..at].matches('\n').count() + 1;
            let answer = problems.iter().find(|problem| problem.line == line);
            let hint = answer.and_then(|problem| problem.hint.clone()).unwrap_or_default();
            assert!(hint.contains(key), "{name}:{line} {key}: {problems}");
        }
    }
}

/// Byte and text of every field name, variant name and rule path outside comments.
fn keys(text: &str) -> Vec<(usize, &str)> {
    let mut keys = Vec::new();
    let mut start = 0;
    for line in text.split_inclusive('\n') {
        let code = line.split("//").next().unwrap_or_default();
        let mut at = 0;
        for word in code.split(|c: char| !(c.is_alphanumeric() || matches!(c, '_' | '.'))) {
            let after = &code[at + word.len()..];
            let field = after.starts_with(':') && !word.is_empty();
            let variant = word.starts_with(|c: char| c.is_ascii_uppercase()) && after.starts_with('(');
            let path = word.contains('.') && code[..at].ends_with("Set(\"");
            // the outermost name is the notation itself
            if (field || variant || path) && word != "Experiment" && word.len() > 1 {
                keys.push((start + at, word));
            }
            at += word.len() + after.chars().next().map_or(0, char::len_utf8);
        }
        start += line.len();
    }
    keys
}

#[test]
fn five_mistakes_come_in_one_answer() {
    let text = GOOD
        .replace("months: 24", "months: 0")
        .replace("baseline: \"base\"", "baseline: \"bse\"")
        .replace("seed: 7,", "seed: 7,\n    scale: 1.2,\n    replicats: 3,")
        .replace("priority.status_holder", "priority.status_holders");
    let told = told(&text);
    for wanted in [
        "q.ron:5:13: `months` is 0; it must lie between 1 and 600 months",
        "did you mean \"base\"?",
        "`scale` is 1.2; it is a part of the world, above 0 and at most 1",
        "did you mean `replicates`?",
        "there is no rule `priority.status_holders`",
        "did you mean \"priority.status_holder\"?",
        "5 problems; nothing was run",
    ] {
        assert!(told.contains(wanted), "{wanted} in\n{told}");
    }
}

#[test]
fn a_mistake_inside_the_value_of_a_rule_is_marked_there() {
    let told_variant = told(&spoiled("Banned", "Baned"));
    assert!(told_variant.contains("q.ron:12:47: `priority.status_holder` knows no `Baned`"), "{told_variant}");
    assert!(told_variant.contains("did you mean `Banned`?"), "{told_variant}");
    let told_field = told(&spoiled("for_days", "for_dys"));
    assert!(told_field.contains("q.ron:12:84: ") && told_field.contains("did you mean `for_days`?"), "{told_field}");
    let told_range = told(&spoiled("365", "36500"));
    assert!(told_range.contains("36500 is outside the allowed range 0 to 3650"), "{told_range}");
}

#[test]
fn a_primary_outcome_or_figure_that_does_not_exist_is_refused_with_the_one_that_was_meant() {
    let spoil = |line: &str| told(&spoiled("    seed: 7,\n", &format!("    seed: 7,\n    {line}\n")));
    let misspelt = spoil("primary: [\"flow.regular\", \"recepton.overdue\"],");
    assert!(misspelt.contains("q.ron:7:31: there is no measure \"recepton.overdue\""), "{misspelt}");
    assert!(misspelt.contains("did you mean \"reception.overdue\"?"), "{misspelt}");
    let whose = spoil("primary: [\"wait\"],");
    assert!(whose.contains("there is no measure \"wait\""), "{whose}");
    let figure = spoil("replicates: until(half_width: 0.1, of: \"D3.lst.regular\", max: 20),");
    assert!(figure.contains("did you mean \"D3.lost.regular\"?"), "{figure}");
}

#[test]
fn a_list_of_another_length_and_shares_that_miss_one_are_refused_where_they_stand() {
    let lists = "Set(\"demography.immigrant_shares\", [0.5]), Set(\"sharing.ended_to\", [0.5, 0.5, 0.5, 0.0]), \
                 Set(\"reception.head_age\", [(30, 1.0), (20, 2.0)]), Set(";
    let told = told(&GOOD.replacen("Set(", lists, 1));
    for wanted in [
        "`demography.immigrant_shares`: 1 numbers; give 3",
        "`sharing.ended_to`: the shares sum to 1.5; let them sum to 1",
        "`reception.head_age`: age 20 follows age 30; ages ascend",
        "3 problems; nothing was run",
    ] {
        assert!(told.contains(wanted), "{wanted} in\n{told}");
    }
}

#[test]
fn a_ban_narrowed_to_a_municipality_that_is_not_there_is_refused_where_it_is_named() {
    let narrowed =
        |codes: &str| spoiled("except: [SinglesInSharedHomes(for_days: 365)]", &format!("scope: Only([{codes}])"));
    let world = parse(GOOD).expect("the sample has no mistakes").world.clone();
    let codes: Vec<&str> = world.tables.municipalities.iter().map(|row| row.code.as_str()).collect();
    parse(&narrowed(&format!("{:?}", codes[0]))).expect("it lies in the region");
    let swapped = format!("{}8", &codes[0][..codes[0].len() - 1]);
    assert!(!codes.contains(&swapped.as_str()));
    let told = told(&narrowed(&format!("{:?}, \"{swapped}\"", codes[0])));
    assert!(
        told.contains(&format!("q.ron:12:78: `priority.status_holder`: there is no municipality \"{swapped}\"")),
        "{told}"
    );
    assert!(told.contains("did you mean \"GM"), "{told}");
    let conditional = "ConditionalBan(when: Overdue(at_most: 1), for_months: 1, until: 2, scope: Only([\"GM0000\"]))";
    let told_conditional = self::told(&spoiled("Banned(except: [SinglesInSharedHomes(for_days: 365)])", conditional));
    assert!(told_conditional.contains("there is no municipality \"GM0000\""), "{told_conditional}");
    let mut experiment = parse(GOOD).expect("the sample has no mistakes");
    let set = experiment.with("rules.priority.status_holder", "Banned(scope: Only([\"GM0000\"]))");
    assert!(set.is_err_and(|error| error.to_string().contains("GM0000")));
}

#[test]
fn dates_ascend_and_lie_inside_the_run() {
    let after = told(&spoiled("2026-07-01", "2027-01-01"));
    assert!(after.contains("2027-01-01 is after the end of the run (2027-01-01)"), "{after}");
    let twice =
        spoiled("            ]),\n        ],", "            ]),\n            From(\"2026-01-01\", []),\n        ],");
    assert!(told(&twice).contains("2026-01-01 does not come after 2026-07-01"));
    let start = told(&spoiled("months: 24", "months: 24, start: \"2024-01-01\""));
    assert!(start.contains("the population of \"one-region\" is that of 2025-01-01"), "{start}");
}

#[test]
fn a_length_that_cannot_be_read_is_told_once_and_blames_no_dates() {
    let told = told(&spoiled("months: 24", "months: \"24\""));
    assert!(told.contains("write 24 without quotes") && !told.contains("after the end"), "{told}");
}

#[test]
fn a_scale_at_which_nobody_is_drawn_is_refused_in_the_file_and_outside() {
    let of_file = told(&spoiled("seed: 7,", "seed: 7,\n    scale: 0.000000001,"));
    assert!(of_file.contains("households of \"one-region\" nobody is drawn"), "{of_file}");
    let outside = main_question().with("scale", "1e-9").unwrap_err().to_string();
    assert!(outside.contains("nobody is drawn: one household is 1.2e-7"), "{outside}");
}

#[test]
fn a_world_that_is_not_there_is_refused_with_the_one_that_was_meant() {
    let told = told(&spoiled("one-region", "one-regio"));
    assert!(told.contains("q.ron:4:12: there is no world \"one-regio\""), "{told}");
    assert!(told.contains("did you mean \"one-region\"?"), "{told}");
    assert!(self::told(&spoiled("one-region", "../worlds")).contains("a world is named by its folder"));
}

#[test]
fn arms_part_at_the_first_step_in_which_any_rule_differs() {
    let experiment = main_question();
    let arms = Arms::of(&experiment);
    assert_eq!(arms.fork, Step(18));
    let differs: Vec<_> = arms.all.iter().map(|arm| (arm.name.as_str(), arm.differs.is_some())).collect();
    assert_eq!(differs, [("rules_as_they_stand", false), ("no_op", false), ("priority_ban", true)]);
    let mid_month = parse(&spoiled("2026-07-01", "2026-06-02")).unwrap();
    assert_eq!(Arms::of(&mid_month).fork, Step(18));
    let at_start = parse(&spoiled("2026-07-01", "2020-01-01")).unwrap();
    assert_eq!(Arms::of(&at_start).fork, Step(0));
    let nothing = parse(&spoiled("Banned(except: [SinglesInSharedHomes(for_days: 365)])", "FreeChoice")).unwrap();
    assert_eq!((Arms::of(&nothing).fork, Arms::of(&nothing).all[1].differs), (Step(0), None));
}

#[test]
fn settings_from_outside_are_checked_and_rules_hold_for_all_arms() {
    let mut experiment = parse(GOOD).unwrap();
    for (key, value) in [("scale", "0.01"), ("months", "36"), ("replicates", "3"), ("population", "Redraw")] {
        experiment.with(key, value).unwrap();
    }
    experiment.with("rules.quota.term_days", "120").unwrap();
    let arms = Arms::of(&experiment);
    assert!(arms.all.iter().all(|arm| *arm.rules.quota.term_days.at(experiment.calendar().start) == 120.0));
    assert_eq!(arms.fork, Step(18), "a change of all arms parts none");
    for (key, value, wanted) in [
        ("scale", "0", "it must be above 0"),
        ("scale", "NaN", "it must be above 0"),
        ("months", "601", "a whole number from 1 to 600"),
        ("replicats", "3", "did you mean `replicates`?"),
        ("quota.term_days", "3", "did you mean `rules.quota.term_days`?"),
        ("rules.quota.term_dys", "3", "there is no rule `quota.term_dys`"),
        ("rules.quota.term_days", "-1", "outside the allowed range"),
        ("rules.quota.term_days", "x", "`quota.term_days` is x; expected a number"),
        ("rules.quota.term_days", "", "`quota.term_days` has no value; expected a number"),
        ("rules.quota.carry", "3", "`quota.carry` is 3; expected true or false"),
        ("rules.quota.ladder", "[1, x]", "in the value of `quota.ladder`: expected a number"),
        ("rules.quota.distribution", "Foo", "`quota.distribution` knows no `Foo`"),
    ] {
        let before = experiment.resolved();
        let error = experiment.with(key, value).expect_err(key);
        assert!(error.to_string().contains(wanted), "{error}");
        assert!(!matches!(error, OverrideError::Rule(ref rule) if rule.to_string().is_empty()));
        assert_eq!(experiment.resolved(), before);
    }
    assert_eq!((experiment.scale, experiment.months, experiment.replicates), (0.01, 36, 3));
}

#[test]
fn the_resolved_experiment_shows_every_default_and_keeps_its_order() {
    let resolved = parse(GOOD).unwrap().resolved();
    assert_eq!(resolved["question"], "Who waits?");
    assert_eq!((&resolved["scale"], &resolved["replicates"]), (&serde_json::json!(1.0), &serde_json::json!(1)));
    assert_eq!(resolved["population"], "Share");
    let arms: Vec<&String> = resolved["arms"].as_object().unwrap().keys().collect();
    assert_eq!(arms, ["base", "ban"]);
    assert_eq!(resolved["arms"]["ban"][0]["from"], "2026-07-01");
}

/// The sample with its ban behind a gate.
fn gated(gate: &str) -> String {
    spoiled("From(\"2026-07-01\", [", gate)
}

const GATE: &str = "Gate(from: \"2026-07-01\", evaluate_every_days: 91, when: OverdueAtMost(500), changes: [";

#[test]
fn a_gate_parts_the_arms_on_its_first_day_and_is_told_in_full() {
    let experiment = parse(&gated(GATE)).unwrap();
    let arms = Arms::of(&experiment);
    assert_eq!((arms.fork, arms.all[1].rules.gated.len()), (Step(18), 1));
    assert_eq!(*arms.all[1].rules.priority.status_holder.at(experiment.end()), StatusRegime::FreeChoice);
    let change = &experiment.resolved()["arms"]["ban"][0];
    assert_eq!((&change["from"], &change["evaluate_every_days"]), (&"2026-07-01".into(), &91.into()));
    assert_eq!(change["when"], serde_json::json!({ "OverdueAtMost": 500 }));
    let half_a_year = parse(&gated(&GATE.replace("evaluate_every_days: 91, ", ""))).unwrap();
    assert_eq!(half_a_year.arms["ban"][0].gate.map(|gate| gate.evaluate_every_days), Some(182));
    let notes = crate::Estimate::of(&experiment, 1).notes;
    assert!(
        notes.iter().any(|note| note.contains("91 days later") && note.contains("OverdueAtMost(500)")),
        "{notes:?}"
    );
}

#[test]
fn mistakes_in_gates_are_told_with_their_place() {
    for (from, to, wanted) in [
        ("Gate(", "Gte(", "did you mean `Gate`?"),
        ("OverdueAtMost", "OverdueAtMst", "did you mean `OverdueAtMost`?"),
        ("evaluate_every_days", "evaluate_every_day", "did you mean `evaluate_every_days`?"),
        ("days: 91", "days: 0", "q.ron:11:59: `evaluate_every_days` is 0; it must lie between 1 and 3660 days"),
        ("2026-07-01", "2027-07-01", "q.ron:11:24: 2027-07-01 is after the end of the run"),
    ] {
        let told = told(&gated(&GATE.replace(from, to)));
        assert!(told.contains(wanted), "{wanted} in\n{told}");
    }
    let none = told(&gated(&format!("{GATE}]), From(\"2026-08-01\", [")));
    assert!(none.contains("a gate behind which nothing changes"), "{none}");
    let path = gated(GATE).replace("priority.status_holder", "priority.status_holdr");
    assert!(told(&path).contains("did you mean \"priority.status_holder\"?"));
    let both = gated(GATE)
        .replace("Gate(from", "From(\"2026-01-01\", [Set(\"priority.status_holder\", FreeChoice)]), Gate(from");
    assert!(told(&both).contains("once by date and once behind a gate"), "{}", told(&both));
    let yardstick = spoiled("From(\"2026-07-01\", [", &format!("{GATE} Counterfactual(StatusQueue), "));
    assert!(told(&yardstick).contains("a yardstick does not wait for an evaluation"));
}
