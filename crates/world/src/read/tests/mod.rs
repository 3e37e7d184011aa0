//! What a researcher sees: the answers to whole files.

use std::collections::BTreeMap;

use doorstroom_kernel::calendar::Day;
use doorstroom_kernel::quantity::Share;
use serde::Deserialize;

use super::{Check, Path, Problems, Raw, Source};

mod places;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Experiment {
    world: String,
    start: Day,
    months: u32,
    replicates: u16,
    baseline: String,
    arms: BTreeMap<String, Vec<Action>>,
    channels: Vec<Channel>,
    #[serde(default)]
    points: Option<Points>,
    #[serde(default)]
    bands: Vec<(f64, f64)>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
enum Action {
    Set(String, Raw),
    From(Day, Vec<Action>),
    When { condition: Condition, for_months: u8, then: Vec<Action> },
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
enum Condition {
    Places { at_least: f64, of: Basis },
}

#[derive(Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
enum Basis {
    Inhabitants,
    Expected,
}

// no `deny_unknown_fields` here: the reader itself refuses what ron would ignore
#[derive(Debug, Deserialize)]
enum Channel {
    Direct { share: Share, of: Vec<Basis> },
    Lottery(Lottery),
    Advertised { share: Share },
}

#[derive(Debug, Deserialize)]
struct Lottery {
    share: Share,
    label: Option<Basis>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Points {
    waiting: f64,
    situation: BTreeMap<String, u32>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
enum Priority {
    Banned {
        except: Vec<Basis>,
    },
    #[serde(rename = "Free")]
    _Free,
}

const GOOD: &str = r#"// a comment with (unbalanced [ brackets
Experiment(
    world: "netherlands",
    start: "2025-01-01",
    months: 120,
    replicates: 20, /* nested /* comment */ */
    baseline: "as_it_stands",
    arms: {
        "as_it_stands": [],
        "ban": [
            From("2026-07-01", [
                Set("priority.status_holder", Banned(except: [Inhabitants])),
            ]),
            When(
                condition: Places(at_least: 1.0, of: Expected),
                for_months: 6,
                then: [Set("priority.regular", Free)],
            ),
        ],
    },
    channels: [
        Direct(share: 0.44, of: [Inhabitants]),
        Lottery(share: 0.08, label: Expected),
        Advertised(share: 0.48),
    ],
    points: (waiting: 0.083, situation: {"break_up": 12}),
    bands: [(0.0, 1.5), (1.5, 3.0)],
)
"#;

fn answer(text: &str) -> Problems {
    Source::new("q.ron", text).parse::<Experiment>().expect_err("the file holds a mistake")
}

/// The good file with one piece of text changed.
fn with(from: &str, to: &str) -> String {
    assert!(GOOD.contains(from), "{from} is in the sample");
    GOOD.replacen(from, to, 1)
}

fn told(text: &str) -> Vec<(usize, String, Option<String>)> {
    answer(text).into_iter().map(|p| (p.line, p.message, p.hint)).collect()
}

fn only(text: &str) -> (usize, String, Option<String>) {
    let mut all = told(text);
    assert_eq!(all.len(), 1, "{all:#?}");
    all.remove(0)
}

fn validate(experiment: &Experiment, check: &mut Check<'_>) {
    let root = Path::root();
    check.at(&root).range("months", experiment.months, 1..=1200, "months");
    if check.trusts(&root.field("arms")) {
        let arms = experiment.arms.keys().map(String::as_str);
        check.at(&root).known("baseline", &experiment.baseline, "arm", arms);
    }
    for (index, band) in experiment.bands.iter().enumerate() {
        if band.0 >= band.1 {
            check.refuse(&root.field("bands").index(index), "a band must grow", None);
        }
    }
}

#[test]
fn a_good_file_is_read() {
    let source = Source::new("q.ron", GOOD);
    let read = source.parse_checked(validate).unwrap_or_else(|problems: Problems| panic!("{problems}"));
    let Experiment { world, start, replicates, arms, channels, points, .. } = read;
    assert_eq!((start, replicates), (Day::parse("2025-01-01").unwrap(), 20));
    assert_eq!((world.as_str(), arms.len(), channels.len()), ("netherlands", 2, 3));
    assert_eq!(points.map(|p| (p.waiting, p.situation["break_up"])), Some((0.083, 12)));
    let [Action::From(from, _), Action::When { condition, for_months, then }] = &arms["ban"][..] else {
        panic!("{arms:?}")
    };
    let Condition::Places { at_least, of } = condition;
    assert_eq!((*from, *for_months, then.len()), (Day::parse("2026-07-01").unwrap(), 6, 1));
    assert_eq!((*at_least, of), (1.0, &Basis::Expected));
    let shares: f64 = channels
        .iter()
        .map(|channel| match channel {
            Channel::Direct { share, of } => share.get() * of.len() as f64,
            Channel::Lottery(Lottery { share, label }) => share.get() * f64::from(u8::from(label.is_some())),
            Channel::Advertised { share } => share.get(),
        })
        .sum();
    assert!((shares - 1.0).abs() < 1e-9);
}

#[test]
fn a_misspelt_field_is_answered_in_the_promised_form() {
    let problems = answer(&with("replicates", "replicats"));
    let expected = "\
q.ron:6:5: unknown field `replicats` in Experiment
    6 |     replicats: 20, /* nested /* comment */ */
      |     ^^^^^^^^^ did you mean `replicates`?
1 problem; nothing was run";
    assert_eq!(problems.to_string(), expected);
}

#[test]
fn five_different_mistakes_come_in_one_answer() {
    let text = with("replicates", "replicats")
        .replacen("of: Expected", "of: Bananas", 1)
        .replacen("waiting: 0.083", "waiting: \"often\"", 1)
        .replacen("    world: \"netherlands\",\n", "", 1)
        .replacen("months: 120", "months: 9999", 1);
    let problems = Source::new("q.ron", text).parse_checked(validate).map(|_| ()).expect_err("five mistakes");
    let told: Vec<_> = problems.iter().map(|p| (p.line, p.message.as_str())).collect();
    let expected = [
        (2, "field `world` is missing in Experiment"),
        (4, "`months` is 9999; it must lie between 1 and 1200 months"),
        (5, "unknown field `replicats` in Experiment"),
        (14, "unknown variant `Bananas`"),
        (25, "`waiting` is \"often\"; expected a number"),
    ];
    assert_eq!(told, expected, "{problems}");
}

/// Places and text of every key and variant of the sample.
fn names() -> Vec<(usize, &'static str)> {
    let code = GOOD.find("Experiment").expect("the sample begins with its name");
    let mut names = Vec::new();
    let (mut at, mut quoted) = (code, false);
    while at < GOOD.len() {
        let rest = &GOOD[at..];
        let len = rest.find(|c: char| !c.is_ascii_alphanumeric() && c != '_').unwrap_or(rest.len());
        if rest.starts_with("/*") {
            at += rest.find("*/ */").map_or(2, |end| end + 5);
        } else if rest.starts_with('"') {
            quoted = !quoted;
            at += 1;
        } else if len > 0 {
            if !quoted && rest.starts_with(|c: char| c.is_ascii_alphabetic()) {
                names.push((at, &rest[..len]));
            }
            at += len;
        } else {
            at += 1;
        }
    }
    names
}

#[test]
fn every_name_with_a_letter_lost_is_refused_at_its_line_with_the_right_suggestion() {
    let (mut cases, mut right) = (0, 0);
    let in_raw = ["Banned", "except", "Free"];
    // what stands inside the raw value is text until its neighbour is known
    let raw = GOOD.find("[Inhabitants]").map(|bracket| bracket + 1);
    for (at, name) in names().into_iter().filter(|(at, name)| !in_raw.contains(name) && Some(*at) != raw) {
        for letter in 0..name.len() {
            let mut text = GOOD.to_owned();
            text.remove(at + letter);
            let line = GOOD[..at].matches('\n').count() + 1;
            let problems = answer(&text);
            let first = problems.iter().next().expect("an answer holds a problem");
            cases += 1;
            let meant = format!("did you mean `{name}`?");
            let is_right = problems.len() == 1 && first.line == line && first.hint.as_deref() == Some(&meant);
            right += usize::from(is_right);
            assert!(first.line == line, "{name} without letter {letter}: {problems}");
        }
    }
    assert!(cases > 200, "only {cases} cases");
    assert!(right * 100 >= cases * 95, "{right} of {cases} suggestions are right");
}

#[test]
fn an_unknown_field_is_refused_where_ron_would_ignore_it() {
    let (line, message, hint) = only(&with("share: 0.44,", "share: 0.44, shard: 3,"));
    assert_eq!((line, message.as_str()), (22, "unknown field `shard` in Direct"));
    assert_eq!(hint, None);
    assert_eq!(only(&with("label: Expected", "lable: Expected")).2.as_deref(), Some("did you mean `label`?"));
}

#[test]
fn keys_given_twice_and_numbers_that_are_not_finite_are_refused() {
    assert_eq!(
        only(&with("\"ban\":", "\"as_it_stands\":")).1,
        "the key \"as_it_stands\" is given twice; first on line 9"
    );
    assert_eq!(only(&with("months: 120,", "months: 120, months: 12,")).1, "`months` is given twice");
    for number in ["NaN", "inf", "-inf", "1e400"] {
        let (line, message, _) = only(&with("0.083", number));
        assert_eq!((line, message), (26, format!("`waiting` is {number}; a number must be finite")));
    }
}

#[test]
fn a_quantity_refuses_in_its_own_words() {
    assert_eq!(only(&with("0.44", "1.2")), (22, "`share` is 1.2; a share lies between 0 and 1".to_owned(), None));
    assert_eq!(only(&with("0.08", "-0.5")).1, "`share` is -0.5; a share lies between 0 and 1");
    let (line, message, _) = only(&with("2026-07-01", "July"));
    assert_eq!(line, 11);
    assert!(message.starts_with("item 1 of `From` is \"July\"; write"), "{message}");
}

#[test]
fn wrong_kinds_name_field_value_and_what_would_be_right() {
    let cases = [
        ("months: 120", "months: \"120\"", "`months` is \"120\"; expected a whole number from 0 to 4294967295"),
        ("months: 120", "months: -3", "`months` is -3; expected a whole number from 0 to 4294967295"),
        ("replicates: 20", "replicates: 70000", "`replicates` is 70000; expected a whole number from 0 to 65535"),
        ("\"netherlands\"", "netherlands", "`world` is netherlands; expected text in double quotes"),
        ("[(0.0, 1.5)", "[(0.0, 1.5, 2)", "item 1 of `bands` has 3 values; expected 2 values"),
        ("{\"break_up\": 12}", "[12]", "`situation` is a list; expected a map `{...}`"),
        ("of: Expected", "of: 3", "`of` is 3; expected `Inhabitants` or `Expected`"),
        (
            "Advertised(share: 0.48)",
            "Advertised",
            "item 3 of `channels` is Advertised; expected `Advertised(...)` with `share`",
        ),
    ];
    for (from, to, message) in cases {
        assert_eq!(only(&with(from, to)).1, message);
    }
    assert_eq!(only(&with("months: 120", "months: \"120\"")).2.as_deref(), Some("write 120 without quotes"));
    assert_eq!(only(&with("of: Expected", "of: \"Expected\"")).2.as_deref(), Some("write Expected without quotes"));
    assert_eq!(only(&with("\"netherlands\"", "nl")).2.as_deref(), Some("write \"nl\""));
    assert_eq!(only(&with("\"netherlands\"", "'nl'")).2.as_deref(), Some("write \"nl\""));
    assert_eq!(only(&with("months: 120", "months: 120.0")).2.as_deref(), Some("write 120"));
    assert_eq!(only(&with("months: 120", "months: 10.5")).2, None);
    assert_eq!(only(&with("share: 0.48", "share: 48%")).2.as_deref(), Some("write 0.48"));
    let decimal = told(&with("share: 0.48", "share: 0,48")).pop().and_then(|(_, _, hint)| hint);
    assert_eq!(decimal.as_deref(), Some("write 0.48: decimals come after a point"));
}

#[test]
fn all_missing_fields_are_named() {
    let text = with("    world: \"netherlands\",\n", "").replacen("    months: 120,\n", "", 1);
    let messages: Vec<_> = told(&text).into_iter().map(|(line, message, _)| (line, message)).collect();
    let missing = |field: &str| (2, format!("field `{field}` is missing in Experiment"));
    assert_eq!(messages, [missing("world"), missing("months")]);
    assert_eq!(told("()").len(), 7, "{:#?}", told("()"));
}

#[test]
fn slips_of_notation_name_their_remedy() {
    let (line, message, hint) = only(&with("months: 120,", "months: 120"));
    assert_eq!((line, message.as_str(), hint.as_deref()), (5, "a comma is missing after this value", Some("add `,`")));
    assert_eq!(only(&with("months: 120", "months: ")).1, "`months` has no value");
    let (_, message, hint) = only(&with("months: 120", "months = 120"));
    assert_eq!((message.as_str(), hint.as_deref()), ("`=` after the name of a field", Some("write `months:`")));
    let (_, message, hint) = only(&with("\"netherlands\"", "\u{201c}netherlands\u{201d}"));
    assert_eq!(message, "`\u{201c}` cannot begin a value");
    assert_eq!(hint.as_deref(), Some("text stands in straight quotes: \"...\""));
    let (line, message, _) = only(&with("world: \"netherlands\"", "world: \"netherlands"));
    assert_eq!((line, message.as_str()), (3, "this `\"` is not closed"));
    let (line, message, hint) = only(&with("        ],\n    },\n    channels", "    },\n    channels"));
    assert_eq!((line, message.as_str()), (10, "this `[` is not closed"));
    assert_eq!(hint.as_deref(), Some("is a `]` missing between here and line 19?"));
    assert_eq!(only("").1, "the file holds no value");
    assert_eq!(only(&format!("{GOOD})")).2.as_deref(), Some("one closing bracket too many, here or above"));
}

#[test]
fn a_lost_closing_bracket_is_sought_by_indentation() {
    let text = "Experiment(\n    world: \"a\",\n    points: (\n        waiting: 1.0,\n    months: 3,\n)\n";
    let (line, message, _) = only(text);
    assert_eq!((line, message.as_str()), (3, "this `(` is not closed"));
}
