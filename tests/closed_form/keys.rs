//! Every key is known, every misspelt one is told, and every one moves something or is refused.

use doorstroom_experiment::laws::library;
use doorstroom_experiment::queue::QueueExperiment;
use doorstroom_policy::scheme::Scheme;
use doorstroom_world::read::Source;

use super::{run, world};

/// Places of all keys `name:` outside strings and comments.
fn keys(text: &str) -> Vec<(usize, &str)> {
    let bytes = text.as_bytes();
    let (mut found, mut at) = (Vec::new(), 0);
    while at < bytes.len() {
        match bytes[at] {
            b'"' => at += 2 + text[at + 1..].find('"').unwrap_or(0),
            b'/' if bytes.get(at + 1) == Some(&b'/') => at += text[at..].find('\n').unwrap_or(text.len() - at),
            c if c.is_ascii_alphabetic() || c == b'_' => {
                let length = text[at..].find(|c: char| !(c.is_ascii_alphanumeric() || c == '_')).unwrap_or(0);
                if text[at + length..].starts_with(':') {
                    found.push((at, &text[at..at + length]));
                }
                at += length;
            }
            _ => at += 1,
        }
    }
    found
}

/// What is wrong with a file of the library, if anything.
fn problems(name: &str, text: &str) -> Option<String> {
    let source = Source::new(name, text);
    if text.contains("QueueExperiment(") {
        QueueExperiment::parse(name, &source, &library::world).err().map(|problems| problems.to_string())
    } else if text.contains("Queue(") {
        world(text).err().map(|problems| problems.to_string())
    } else {
        source.parse::<Scheme>().err().map(|problems| problems.to_string())
    }
}

#[test]
fn every_misspelt_key_of_every_file_is_told_in_its_line() {
    let mut tried = 0;
    for &(name, text) in library::WORLDS.iter().chain(library::EXPERIMENTS) {
        assert_eq!(problems(name, text), None, "{name}");
        for (at, key) in keys(text) {
            let mut letters: Vec<char> = key.chars().collect();
            let last = letters.len() - 1;
            letters.swap(last - 1, last);
            let mut misspelt: String = letters.into_iter().collect();
            if misspelt == key {
                misspelt.push('x');
            }
            let wrong = format!("{}{misspelt}{}", &text[..at], &text[at + key.len()..]);
            let told = problems(name, &wrong).unwrap_or_else(|| panic!("{name}: `{misspelt}` is accepted"));
            let line = text[..at].matches('\n').count() + 1;
            assert!(told.contains(&format!(":{line}:")), "{name}: `{misspelt}`\n{told}");
            assert!(told.contains(&format!("`{misspelt}`")) && told.contains(key), "{name}: `{misspelt}`\n{told}");
            tried += 1;
        }
    }
    assert!(tried > 500, "{tried}");
}

/// A world in which every key of a scheme can matter, with `scheme` and `channel` put in.
fn busy(scheme: &str, rank: &str, channel: &str) -> String {
    let renewals = if scheme.contains("registration") { "Renewals, " } else { "" };
    format!(
        r#"Queue(version: 1, title: "busy", step: Months(1),
    processes: [Exits, {renewals}Arrivals, Vacancies, Allocation],
    groups: {{
        "a": (arrivals: Poisson(PerMonth(8)), leaves: Exponential(PerMonth(0.05)), refuses: 0.4, prefers: "flat"),
        "b": (arrivals: Poisson(PerMonth(8)), leaves: Exponential(PerMonth(0.05)), refuses: 0.4, prefers: "house"),
    }},
    goods: {{"flat": (vacancies: Poisson(PerMonth(2))), "house": (vacancies: Poisson(PerMonth(2)))}},
    scheme: Inline(version: 1, title: "t", {scheme} channels: [
        (name: "one", share: 0.6, rank: {rank}, {channel}),
        (name: "two", share: 0.4, rank: RegistrationTime, refusal: LosesPlace),
    ]))"#
    )
}

#[test]
fn every_key_of_a_scheme_moves_some_output() {
    let points = |inside: &str| format!("Points(waiting: {{\"a\": (per_month: 1)}}, {inside})");
    let time = "RegistrationTime".to_owned();
    let base = (String::new(), time.clone(), String::new());
    let with = |channel: &str| (String::new(), time.clone(), channel.to_owned());
    let ranked = |rank: String| (String::new(), rank, String::new());
    let whole = |scheme: &str| (scheme.to_owned(), time.clone(), String::new());
    let refusing = |rank: &str, refusal: &str| (String::new(), rank.to_owned(), format!("refusal: {refusal}"));
    let searching = points("search: {\"b\": (per_month: 2)}");
    let pairs = [
        (base.clone(), with("open_to: [\"a\"]")),
        (base.clone(), with("priority: [[\"b\"]]")),
        (base.clone(), with("labels: [(name: \"l\", share: 0.5, groups: [\"a\"])]")),
        (
            with("labels: [(name: \"l\", share: 0.5, groups: [\"a\"])]"),
            with("labels: [(name: \"l\", share: 0.2, groups: [\"a\"])]"),
        ),
        (base.clone(), with("bindings: [(name: \"l\", share: 0.5, groups: [\"a\"])]")),
        (
            with("labels: [(name: \"l\", share: 0.5, groups: [\"a\"])]"),
            with("bindings: [(name: \"l\", share: 0.5, groups: [\"a\"])]"),
        ),
        (base.clone(), with("most_reactions: 1")),
        (base.clone(), with("most_offers: 1")),
        (with("most_offers: 1"), with("most_offers: 1, untaken: Lost")),
        (with("most_offers: 1"), with("most_offers: 1, untaken: NextChannel(\"two\")")),
        (base.clone(), refusing("RegistrationTime", "LosesPlace")),
        (base.clone(), refusing("RegistrationTime", "EndsDuty")),
        (refusing(&searching, "Free"), refusing(&searching, "LosesPoints")),
        (base.clone(), ranked("Lottery".to_owned())),
        (base.clone(), ranked("PartLottery(0.5)".to_owned())),
        (ranked("PartLottery(0.5)".to_owned()), ranked("PartLottery(0.2)".to_owned())),
        (
            with("most_reactions: 1"),
            (String::new(), "WeightedLottery(weights: {})".to_owned(), "most_reactions: 1".to_owned()),
        ),
        (ranked("Lottery".to_owned()), ranked("WeightedLottery(weights: {})".to_owned())),
        (ranked("WeightedLottery(weights: {})".to_owned()), ranked("WeightedLottery(weights: {\"a\": 5})".to_owned())),
        (
            ranked("WeightedLottery(weights: {})".to_owned()),
            ranked("WeightedLottery(weights: {}, short_registration: (below_months: 6, factor: 4))".to_owned()),
        ),
        (base.clone(), ranked(points(""))),
        (ranked(points("")), ranked("Points(waiting: {\"a\": (per_month: 1, most: 3)})".to_owned())),
        (ranked(points("")), ranked(searching.clone())),
        (ranked(points("")), ranked(points("situation: {\"b\": (per_month: 1, most: 6)}"))),
        (ranked(points("")), ranked(points("start: {\"b\": 10}"))),
        (base.clone(), whole("offers_per_household: 2,")),
        (base.clone(), whole("deferral: {\"flat\": 3, \"house\": 3},")),
        (whole("deferral: {\"flat\": 3, \"house\": 3},"), whole("deferral: {\"flat\": 3, \"house\": 1},")),
        (base.clone(), whole("registration: (validity_months: 12, renewed: 0.7),")),
        (
            whole("registration: (validity_months: 12, renewed: 0.7),"),
            whole("registration: (validity_months: 12, renewed: 0.9),"),
        ),
        (
            whole("registration: (validity_months: 12, renewed: 0.7),"),
            whole("registration: (validity_months: 6, renewed: 0.7),"),
        ),
    ];
    let seen = |(scheme, rank, channel): &(String, String, String)| {
        format!("{:?}", run(&busy(scheme, rank, channel), 200, 5).tallies)
    };
    for (without, with) in &pairs {
        assert_ne!(seen(without), seen(with), "{with:?} moves nothing");
    }
}

#[test]
fn direct_mediation_counts_no_reactions() {
    let told = world(&busy("", "Direct", "most_reactions: 1")).unwrap_err().to_string();
    assert!(told.contains("not applicable"), "{told}");
}

#[test]
fn keys_of_regions_are_refused_in_a_queue() {
    let channel = ["income_fit: 0.3", "room_fit: 1"].map(|key| busy("", "Lottery", key));
    let scheme = [
        "urgency: {\"x\": (groups: [\"a\"], granted: 0.5, validity_months: 6, one_offer: true)},",
        "registration: (validity_months: 12, renewed: 0.7, lapses_on_acceptance: true),",
        "registration: (validity_months: 12, renewed: 0.7, kept_on_move: true),",
        "registration: (validity_months: 12, renewed: 0.7, from_grant: true),",
    ]
    .map(|key| busy(key, "Lottery", ""));
    for text in channel.iter().chain(&scheme) {
        let told = world(text).expect_err("a key of regions is accepted").to_string();
        assert!(told.contains("not applicable"), "{told}");
    }
}

#[test]
fn every_key_of_a_world_moves_some_output() {
    let base = busy("", "RegistrationTime", "");
    let changes = [
        ("step: Months(1)", "step: Days(15)"),
        ("[Exits, Arrivals, Vacancies, Allocation]", "[Arrivals, Exits, Vacancies, Allocation]"),
        ("\"a\": (arrivals: Poisson(PerMonth(8))", "\"a\": (arrivals: Poisson(PerMonth(9))"),
        ("\"a\": (arrivals: Poisson(PerMonth(8))", "\"a\": (arrivals: Every(8)"),
        ("\"a\": (", "\"a\": (at_start: 50, "),
        ("\"a\": (", "\"a\": (sharing: (share: 0.5, size: 2), "),
        (
            "leaves: Exponential(PerMonth(0.05)), refuses: 0.4, prefers: \"house\"",
            "leaves: Fixed(Months(20)), refuses: 0.4, prefers: \"house\"",
        ),
        ("refuses: 0.4, prefers: \"flat\"", "refuses: 0.3, prefers: \"flat\""),
        (", prefers: \"flat\"", ""),
        ("\"flat\": (vacancies: Poisson(PerMonth(2)))", "\"flat\": (vacancies: Poisson(PerMonth(3)))"),
        ("title: \"busy\",", "title: \"busy\", warm_up: Steps(50),"),
    ];
    let seen = |text: &str| format!("{:?}", run(text, 200, 5).tallies);
    let before = seen(&base);
    for (from, to) in changes {
        assert!(base.contains(from), "{from}");
        assert_ne!(before, seen(&base.replace(from, to)), "{to} moves nothing");
    }
    let mediated = base.replace("Vacancies, Allocation]", "Vacancies, Allocation, Mediation]");
    assert_ne!(before, seen(&mediated.replace("\"a\": (", "\"a\": (mediation_per_step: 0.01, ")));
}

/// Beds that are held until housing frees, both by date; some come back.
const BEDS: &str = r#"Queue(version: 1, title: "beds", step: Months(1),
    processes: [Arrivals, TenancyEnds, Building, Allocation],
    groups: {"out": (arrivals: PoissonFrom([(Steps(0), PerMonth(3)), (Months(30), PerMonth(2))]), at_start: 40,
        seeks: ["bed"]), "in": (seeks: ["home"])},
    goods: {"bed": (stock: (dwellings: 8, full_at_start: true, path: [(Months(50), 12)], transfers: (group: "in"))),
        "home": (stock: (dwellings: 20, tenancy: Exponential(PerMonth(0.05)), returns: (group: "out", share: 0.2)))},
    scheme: File("schemes/kept.ron"))"#;

#[test]
fn every_key_of_beds_and_homes_moves_some_output() {
    let seen = |text: &str| format!("{:?}", run(text, 200, 5).tallies);
    let before = seen(BEDS);
    for (from, to) in [
        ("(Months(30), PerMonth(2))", "(Months(30), PerMonth(1))"),
        ("(Months(30), PerMonth(2))", "(Months(40), PerMonth(2))"),
        ("seeks: [\"home\"]", "seeks: [\"bed\"]"),
        ("seeks: [\"bed\"]), ", "), "),
        ("path: [(Months(50), 12)]", "path: [(Months(50), 4)]"),
        ("path: [(Months(50), 12)]", "path: [(Months(80), 12)]"),
        ("path: [(Months(50), 12)]", "tenancy: Fixed(Months(3)), path: [(Months(50), 12)]"),
        ("transfers: (group: \"in\")", "returns: (group: \"in\", share: 0.5), tenancy: Fixed(Months(3))"),
        ("share: 0.2", "share: 0.3"),
        ("returns: (group: \"out\", share: 0.2)", ""),
    ] {
        assert!(BEDS.contains(from), "{from}");
        assert_ne!(before, seen(&BEDS.replacen(from, to, 1)), "{to} moves nothing");
    }
}

#[test]
fn a_key_of_beds_and_homes_that_can_move_nothing_is_refused() {
    for (from, to, why) in [
        ("seeks: [\"home\"]", "seeks: [\"home\", \"bed\"]", "not applicable: all goods are named"),
        ("seeks: [\"home\"]", "seeks: []", "who seeks nothing is never housed"),
        ("seeks: [\"home\"]", "seeks: [\"hone\"]", "did you mean \"home\"?"),
        ("[(Months(50), 12)]", "[(Months(50), 8)]", "not applicable: the stock never changes"),
        ("[(Months(50), 12)]", "[(Months(0), 12)]", "must be in order, at least a step apart"),
        ("(Steps(0), PerMonth(3))", "(Steps(1), PerMonth(3))", "begins at the start"),
        ("Building, ", "", "`Building` does not run"),
        ("path: [(Months(50), 12)], ", "", "`Building` has nothing to do"),
        ("share: 0.2", "share: 0", "above 0 and at most 1"),
        ("tenancy: Exponential(PerMonth(0.05)), ", "", "no tenancy of this stock ever ends by itself"),
        ("returns: (group: \"out\"", "returns: (group: \"in\"", "is no sitting tenant"),
        ("Arrivals, TenancyEnds", "Arrivals, Transfers, TenancyEnds", "`Transfers` has nothing to do"),
    ] {
        assert!(BEDS.contains(from), "{from}");
        let told = world(&BEDS.replacen(from, to, 1)).expect_err(to).to_string();
        assert!(told.contains(why), "{to}: {told}");
    }
}

/// Dwellings that are let again and again, with movers.
const STOCK: &str = r#"Queue(version: 1, title: "stock", step: Months(1),
    processes: [TenancyEnds, Arrivals, Transfers, Allocation],
    groups: {"mover": (), "starter": (arrivals: Poisson(PerMonth(1)))},
    goods: {"home": (stock: (dwellings: 50, tenancy: Exponential(PerMonth(0.02)), full_at_start: true,
        transfers: (group: "mover", rate: PerMonth(0.01))))},
    scheme: File("schemes/kept.ron"))"#;

#[test]
fn every_key_of_a_stock_and_of_stages_moves_some_output() {
    let seen = |text: &str| format!("{:?}", run(text, 200, 5).tallies);
    let before = seen(STOCK);
    for (from, to) in [
        ("dwellings: 50", "dwellings: 51"),
        ("tenancy: Exponential(PerMonth(0.02))", "tenancy: Fixed(Months(50))"),
        ("full_at_start: true,", ""),
        ("rate: PerMonth(0.01)", "rate: PerMonth(0.02)"),
    ] {
        assert!(STOCK.contains(from), "{from}");
        assert_ne!(before, seen(&STOCK.replace(from, to)), "{to} moves nothing");
    }
    let stages = library::world("closed-form/stages.ron").unwrap().text().to_owned();
    let before = seen(&stages);
    for (from, to) in
        [("births: 1.2", "births: 1.1"), ("share: 0.6", "share: 0.5"), ("at_start: 3000", "at_start: 2000")]
    {
        assert_ne!(before, seen(&stages.replacen(from, to, 1)), "{to} moves nothing");
    }
    let chains = library::world("closed-form/chains.ron").unwrap().text().to_owned();
    assert_ne!(seen(&chains), seen(&chains.replace("0.45", "0.4")));
}
