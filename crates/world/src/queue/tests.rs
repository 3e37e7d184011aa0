//! Tests of the format of queue worlds.

use super::*;

const WORLD: &str = r#"Queue(
    version: 1,
    title: "A list",
    step: Months(1),
    processes: [Exits, Arrivals, Vacancies, Allocation],
    groups: {"seekers": (arrivals: Poisson(PerMonth(120)), leaves: Exponential(PerMonth(0.02)))},
    goods: {"home": (vacancies: Poisson(PerMonth(30)))},
    scheme: Inline(version: 1, title: "First come", channels: [(name: "list", share: 1, rank: RegistrationTime)]),
    warm_up: Years(50),
)"#;

fn read(text: &str) -> Result<QueueWorld, Problems> {
    let no_file = |name: &str| Err(Problem::of_file(name, "there is no such file", None).into());
    QueueWorld::parse(&Source::new("w.ron", text), &no_file)
}

fn told(text: &str) -> String {
    read(text).unwrap_err().to_string()
}

#[test]
fn a_world_is_read_and_rates_become_steps() {
    let model = read(WORLD).unwrap().model();
    assert_eq!((model.warm_up, model.step_months), (600, 1.0));
    let weekly = read(&WORLD.replace("Months(1)", "Days(7)")).unwrap().model();
    let mean = weekly.groups[0].arrivals.as_ref().unwrap().mean(0);
    assert!((mean - 120.0 * 7.0 / 30.4375).abs() < 1e-12, "{mean}");
}

#[test]
fn all_mistakes_come_in_one_answer_with_their_places() {
    let text = WORLD.replace("Exits, ", "").replace("share: 1", "share: 0.9").replace("PerMonth(30)", "PerMonth(-30)");
    let told = told(&text);
    assert!(told.contains("w.ron:5:") && told.contains("`Exits` does not run"), "{told}");
    assert!(told.contains("the shares of the channels sum to 0.9"), "{told}");
    assert!(told.contains("`vacancies` is -30; a rate must be greater than 0"), "{told}");
}

#[test]
fn what_has_no_effect_is_refused_as_not_applicable() {
    for (key, why) in [
        ("refusal: EndsDuty", "no group of this world ever refuses"),
        ("most_offers: 3", "no group of this world ever refuses"),
        ("income_fit: 0.3", "neither incomes nor rents"),
        ("room_fit: 1", "neither rooms nor persons"),
    ] {
        let told = told(&WORLD.replace("rank: RegistrationTime", &format!("rank: RegistrationTime, {key}")));
        assert!(told.contains("not applicable") && told.contains(why), "{told}");
    }
}

#[test]
fn an_unknown_group_in_a_scheme_is_told_with_the_one_that_was_meant() {
    let text = WORLD.replace("rank: RegistrationTime", "rank: RegistrationTime, open_to: [\"seeker\"]");
    assert!(told(&text).contains("did you mean \"seekers\"?"));
}

#[test]
fn an_order_that_no_month_has_is_refused() {
    let text = WORLD.replace("[Exits, Arrivals, Vacancies, Allocation]", "[Exits, Arrivals, Allocation, Vacancies]");
    assert!(told(&text).contains("`Vacancies` cannot run so late"));
}

#[test]
fn a_scheme_outside_the_folder_is_refused() {
    let start = WORLD.find("Inline").unwrap();
    let end = WORLD.find("warm_up").unwrap();
    let text = format!("{}File(\"../x.ron\"),\n{}", &WORLD[..start], &WORLD[end..]);
    assert!(told(&text).contains("must lie inside the folder"), "{}", told(&text));
}
