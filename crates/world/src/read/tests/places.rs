//! Places, meaning, files that are not there, and hostile input.

use super::super::{Check, Path, Source};
use super::{Action, Basis, Experiment, GOOD, Priority, answer, only, validate, with};

#[test]
fn a_raw_value_answers_with_lines_of_the_file() {
    let source = Source::new("q.ron", with("Banned(except: [Inhabitants])", "Banned(except: [Inhabitnts])"));
    let experiment: Experiment = source.parse().unwrap_or_else(|problems| panic!("{problems}"));
    let Action::From(_, actions) = &experiment.arms["ban"][0] else { panic!("the first action has a date") };
    let Action::Set(name, raw) = &actions[0] else { panic!("the inner action sets a rule") };
    assert_eq!((name.as_str(), raw.text()), ("priority.status_holder", "Banned(except: [Inhabitnts])"));
    let path = Path::root().field("arms").key("ban").index(0).index(1).index(0).index(1);
    let problems = raw.parse::<Priority>(&source, &path).expect_err("a letter is lost");
    let problem = problems.iter().next().expect("there is a problem");
    assert_eq!((problem.line, problem.column, problem.hint.as_deref()), (12, 63, Some("did you mean `Inhabitants`?")));

    let mut check = Check::new(&source);
    assert!(check.read::<Priority>(raw, &path).is_none());
    assert_eq!(check.into_problems(), problems);

    let good = Source::new("q.ron", GOOD);
    let read = raw.parse::<Priority>(&good, &path).unwrap_or_else(|problems| panic!("{problems}"));
    assert!(matches!(read, Priority::Banned { except } if except == [Basis::Inhabitants]));
}

#[test]
fn paths_lead_through_variants() {
    let source = Source::new("q.ron", GOOD);
    let root = Path::root();
    let when = root.field("arms").key("ban").index(1);
    assert_eq!(source.at(&when), (14, 13));
    assert_eq!(source.at(&when.field("condition").field("at_least")), (15, 45));
    assert_eq!(source.at(&root.field("channels").index(1).field("label")), (23, 37));
    assert_eq!(source.at(&root.field("bands").index(1).index(0)), (27, 26));
    assert_eq!(source.at(&root.field("points").field("situation").key("break_up")), (26, 54));
    assert!(!source.contains(&root.field("points").field("nothing")));
    assert_eq!(source.at(&root.field("points").field("nothing")), source.at(&root.field("points")));
}

#[test]
fn meaning_is_checked_beside_form_without_blaming_stand_ins() {
    let text = with("\"as_it_stands\",", "\"as_it_stand\",").replacen("(1.5, 3.0)", "(9.5, 3.0)", 1);
    let text = text.replacen("months: 120", "months: \"x\"", 1);
    let problems = Source::new("q.ron", text).parse_checked(validate).map(|_| ()).expect_err("three mistakes");
    let told: Vec<_> = problems.iter().map(|p| (p.line, p.hint.as_deref().unwrap_or(&p.message))).collect();
    let kind = "`months` is \"x\"; expected a whole number from 0 to 4294967295";
    assert_eq!(told, [(5, kind), (7, "did you mean \"as_it_stands\"?"), (27, "a band must grow")]);
}

#[test]
fn a_file_that_is_not_there_is_answered_with_its_neighbour() {
    let scratch = tempfile::tempdir().unwrap();
    let folder = scratch.path();
    std::fs::write(folder.join("question.ron"), GOOD).unwrap();
    std::fs::write(folder.join("latin.ron"), b"(\n\xff)").unwrap();
    let missing = Source::read(folder.join("qestion.ron")).expect_err("misspelt");
    assert!(missing.to_string().contains("question.ron`?"), "{missing}");
    assert!(Source::read(folder.join("latin.ron")).expect_err("not UTF-8").to_string().contains("line 2"));
    assert!(Source::read(folder).expect_err("a folder").to_string().contains("not a file"));
    assert_eq!(Source::read(folder.join("question.ron")).expect("it is there").text(), GOOD);
}

#[test]
fn no_damage_of_one_byte_or_a_cut_makes_the_reader_panic() {
    let mut refused = 0;
    for at in (0..GOOD.len()).filter(|at| GOOD.is_char_boundary(*at)) {
        for junk in ["", "(", ")", "[", "}", "\"", "'", ",", ":", "é", "/*", "r#", "\u{1b}", "b"] {
            if (at + junk.len()) % 3 != 0 {
                continue;
            }
            let mut text = GOOD.to_owned();
            text.replace_range(at..=at, junk);
            refused += usize::from(Source::new("q.ron", text).parse::<Experiment>().is_err());
        }
        refused += usize::from(Source::new("q.ron", &GOOD[..at]).parse::<Experiment>().is_err());
    }
    assert!(refused > GOOD.len(), "only {refused} refused");
}

#[test]
fn hostile_files_end_in_a_sentence() {
    let deep = "[".repeat(100_000);
    assert_eq!(only(&deep).1, "brackets are nested deeper than 64 levels");
    let deep = format!("{}{}", "Some(".repeat(100_000), ")".repeat(100_000));
    assert_eq!(only(&deep).1, "brackets are nested deeper than 64 levels");
    let many = format!("Experiment({})", (0..2000).map(|n| format!("zz{n}: 1,")).collect::<String>());
    assert_eq!(answer(&many).len(), 50);
    assert_eq!(answer(&format!("[{}]", ",".repeat(1 << 20))).len(), 51, "50 commas, and a list is no experiment");
}
