//! Relations that need no expected number: what must not matter does not, and what must hold does in any world.

use doorstroom_kernel::chance::{Chance, Luck, Purpose};
use doorstroom_observe::queue::{QueueSeen, QueueTotals};

use super::run;

/// Random parameters of tests.
const PARAMETERS: Purpose = Purpose::named("parameters of random queue worlds");

/// Parameters of a small list with two groups.
struct Parameters {
    arrivals: [f64; 2],
    exit: f64,
    vacancies: f64,
    order: &'static str,
    rank: String,
}

impl Parameters {
    fn draw(number: u64) -> Parameters {
        let mut luck: Luck = Chance::new(77).trait_of(PARAMETERS, number);
        let mut between = |low: f64, high: f64| low + (high - low) * luck.unit();
        let arrivals = [between(1.0, 8.0), between(1.0, 8.0)];
        let (exit, vacancies, pick) = (between(0.01, 0.3), between(0.5, 12.0), between(0.0, 1.0));
        let ranks = ["RegistrationTime", "Lottery", "PartLottery(0.4)", "Direct"];
        Parameters {
            arrivals,
            exit,
            vacancies,
            order: ["[Exits, Arrivals, Vacancies, Allocation]", "[Arrivals, Vacancies, Allocation, Exits]"]
                [usize::from(pick > 0.5)],
            rank: ranks[(pick * 7.99) as usize % 4].to_owned(),
        }
    }

    fn text(&self, names: [&str; 2], more_groups: &str, channel: &str) -> String {
        let group = |i: usize| {
            format!(
                "\"{}\": (arrivals: Poisson(PerMonth({})), leaves: Exponential(PerMonth({})))",
                names[i], self.arrivals[i], self.exit
            )
        };
        format!(
            r#"Queue(version: 1, title: "random", step: Months(1), processes: {}, groups: {{{}, {}, {more_groups}}},
    goods: {{"home": (vacancies: Poisson(PerMonth({})))}},
    scheme: Inline(version: 1, title: "t", channels: [(name: "c", share: 1, rank: {}, untaken: Lost, {channel})]))"#,
            self.order,
            group(0),
            group(1),
            self.vacancies,
            self.rank
        )
    }
}

fn without_names(seen: &QueueSeen) -> &QueueTotals {
    &seen.totals
}

/// Number of random worlds.
const WORLDS: u64 = 60;

#[test]
fn list_steps_equal_what_households_waited_in_any_world() {
    for number in 0..WORLDS {
        let totals = run(&Parameters::draw(number).text(["a", "b"], "", ""), 150, number).totals;
        assert_eq!(totals.list_steps, totals.individual_steps, "{number}");
        let came: i64 = totals.arrivals.iter().sum();
        let gone: i64 = totals.housed.iter().chain(&totals.ended).chain(&totals.waiting).sum();
        assert_eq!(came, gone, "{number}");
        assert_eq!(totals.opened, totals.lettings + totals.lost, "{number}");
    }
}

#[test]
fn a_group_in_which_nobody_ever_is_moves_nothing_whatever_its_name() {
    for number in 0..WORLDS {
        let parameters = Parameters::draw(number);
        let before = run(&parameters.text(["m", "n"], "", ""), 120, 9).totals;
        for empty in ["a", "mm", "z"] {
            let text = parameters.text(["m", "n"], &format!("\"{empty}\": (at_start: 0)"), "");
            let after = run(&text, 120, 9).totals;
            assert_eq!(before.fingerprint, after.fingerprint, "{number} {empty}");
            assert_eq!(before.list_steps, after.list_steps, "{number} {empty}");
        }
    }
}

#[test]
fn other_names_give_the_same_results_under_other_names() {
    for number in 0..WORLDS {
        let parameters = Parameters::draw(number);
        let (one, other) = (
            run(&parameters.text(["a", "b"], "", ""), 120, 4),
            run(&parameters.text(["left", "right"], "", ""), 120, 4),
        );
        assert_eq!(without_names(&one), without_names(&other), "{number}");
    }
}

#[test]
fn identical_groups_change_places_with_their_names() {
    for number in 0..WORLDS {
        let mut parameters = Parameters::draw(number);
        parameters.arrivals[1] = parameters.arrivals[0];
        let (one, other) =
            (run(&parameters.text(["a", "b"], "", ""), 120, 4), run(&parameters.text(["b", "a"], "", ""), 120, 4));
        assert_eq!(one.totals.fingerprints, other.totals.fingerprints, "{number}");
    }
}

#[test]
fn a_shorter_run_is_the_beginning_of_a_longer_one() {
    for number in 0..WORLDS {
        let text = Parameters::draw(number).text(["a", "b"], "", "");
        let (short, long) = (run(&text, 80, 3).totals, run(&text, 160, 3).totals);
        // the same world, measured from step 80 on: together they are the whole
        let late = run(&text.replace("title: \"random\",", "title: \"random\", warm_up: Steps(80),"), 160, 3).totals;
        assert_eq!(short.list_steps + late.list_steps, long.list_steps, "{number}");
        assert_eq!(short.fingerprint.wrapping_add(late.fingerprint), long.fingerprint, "{number}");
    }
}

#[test]
fn priority_never_lowers_what_its_group_gets_and_takes_it_from_the_other() {
    for number in 0..WORLDS {
        let mut parameters = Parameters::draw(number);
        parameters.rank = "RegistrationTime".to_owned();
        let before = run(&parameters.text(["a", "b"], "", ""), 200, number).totals;
        let after = run(&parameters.text(["a", "b"], "", "priority: [[\"b\"]]"), 200, number).totals;
        assert!(after.housed[1] >= before.housed[1], "{number}: {} {}", before.housed[1], after.housed[1]);
    }
}

#[test]
fn twice_as_many_of_everything_wait_as_long() {
    let parameters =
        |k: f64| Parameters { arrivals: [20.0 * k, 40.0 * k], exit: 0.05, vacancies: 20.0 * k, ..Parameters::draw(0) };
    let seen = |k: f64| {
        let mut parameters = parameters(k);
        (parameters.rank, parameters.order) =
            ("RegistrationTime".to_owned(), "[Exits, Arrivals, Vacancies, Allocation]");
        let totals = run(&parameters.text(["a", "b"], "", ""), 6_000, 2).totals;
        let housed: i64 = totals.housed.iter().sum();
        (totals.waited.0 as f64 / housed as f64, housed as f64)
    };
    let ((wait, housed), (wait_of_twice, housed_of_twice)) = (seen(1.0), seen(2.0));
    // ln(3)/0.05 = 21.97 months; one vacancy's time is 0.05, and half of it with twice as many
    assert!((wait - 21.97).abs() < 0.3 && (wait_of_twice - wait).abs() < 0.3, "{wait} {wait_of_twice}");
    assert!((housed_of_twice / housed - 2.0).abs() < 0.02, "{housed} {housed_of_twice}");
}

#[test]
fn nobody_is_housed_twice_and_no_vacancy_let_twice() {
    use doorstroom_process::queue::QueueStep;
    use doorstroom_state::queue::QueueLedger;
    for number in 0..20 {
        let model = super::world(&Parameters::draw(number).text(["a", "b"], "", "")).unwrap().model();
        let mut ecs = bevy_ecs::prelude::World::new();
        let mut step = QueueStep::new(&mut ecs, &model, number);
        let (mut names, mut vacancies) = (Vec::new(), Vec::new());
        for _ in 0..120 {
            step.run(&mut ecs);
            let ledger = ecs.resource::<QueueLedger>();
            names.extend(ledger.housed.iter().map(|housed| housed.name));
            vacancies.extend(ledger.lettings.iter().map(|letting| letting.vacancy));
            QueueStep::advance(&mut ecs);
        }
        for list in [&mut names, &mut vacancies] {
            let all = list.len();
            list.sort_unstable();
            list.dedup();
            assert!(all == list.len() && all > 10, "{number}");
        }
    }
}

#[test]
fn the_roll_equals_a_recount_of_the_columns() {
    use doorstroom_process::queue::QueueStep;
    use doorstroom_state::queue::{Listed, Roll, Standing};
    let text =
        Parameters::draw(3).text(["a", "b"], "", "").replace("\"a\": (", "\"a\": (sharing: (share: 0.5, size: 3), ");
    let model = super::world(&text).unwrap().model();
    let mut ecs = bevy_ecs::prelude::World::new();
    let mut step = QueueStep::new(&mut ecs, &model, 1);
    for _ in 0..150 {
        step.run(&mut ecs);
        QueueStep::advance(&mut ecs);
        let (mut waiting, mut entered) = ([0u32; 2], [0u64; 2]);
        for row in ecs.query::<&Listed>().iter(&ecs) {
            if matches!(row.standing, Standing::Waiting | Standing::Pooling | Standing::Mate) {
                waiting[usize::from(row.group)] += 1;
                entered[usize::from(row.group)] += u64::from(row.entered);
            }
        }
        let roll = ecs.resource::<Roll>();
        assert_eq!((roll.waiting.as_slice(), roll.entered.as_slice()), (&waiting[..], &entered[..]));
    }
}
