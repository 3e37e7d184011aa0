//! A replay gives the life that the run had, in both arms, and the fate that D3 counts.

use std::sync::Mutex;

use super::*;
use crate::tests::parse;
use crate::{Silent, Sink, Unit, run};

const REGION: &str = r#"
Experiment(
    version: 1,
    world: "one-region",
    scale: 0.1,
    months: 24,
    replicates: 2,
    seed: 4,
    baseline: "base",
    arms: {
        "base": [],
        "later": [From("2026-01-01", [Set("priority.status_holder", Banned())])],
        "ban": [From("2025-04-01", [Set("priority.status_holder", Banned())])],
    },
)
"#;

fn experiment() -> Experiment {
    parse(REGION).unwrap()
}

/// First lettings of every replicate, by arm, as the run saw them.
#[derive(Default)]
struct Firsts(Mutex<Vec<(u32, String, Vec<FirstLetting>)>>);

impl Sink for Firsts {
    fn unit(&self, unit: Unit) -> Result<(), Box<dyn std::error::Error + Send + Sync>> {
        for (arm, observed) in unit.arms {
            self.0.lock().unwrap().push((unit.replicate, arm, observed.outcome.first_lettings));
        }
        Ok(())
    }
}

#[test]
fn a_replay_houses_whom_the_run_housed_and_tells_the_life_of_whoever_was_delayed() {
    let experiment = experiment();
    let seen = Firsts::default();
    run(&experiment, &RunSettings::all(&experiment, 2), &seen, &Silent, &AtomicBool::new(false)).unwrap();
    let seen = seen.0.into_inner().unwrap();
    let of = |arm: &str| &seen.iter().find(|(replicate, name, _)| *replicate == 1 && name == arm).unwrap().2;
    let replay = Replay { experiment: &experiment, arm: "later", replicate: 1, threads: 2 };
    let firsts = first_lettings(&replay, &Silent).unwrap();
    assert!(&firsts.baseline == of("base") && &firsts.arm == of("later"));
    let total = firsts.strata().total();
    let counts = [total.lost, total.gained, total.delayed, total.advanced];
    for (fate, count) in Fate::ALL.into_iter().zip(counts) {
        assert_eq!(firsts.of(fate, None).len() as u64, count, "{fate:?}");
    }
    let fate = Fate::ALL.into_iter().find(|&fate| !firsts.of(fate, None).is_empty()).expect("a ban moves somebody");
    let chosen: Vec<u64> = firsts.of(fate, None).into_iter().take(2).collect();
    let lives = biographies(&replay, &chosen, &Silent).unwrap();
    for life in &lives {
        assert_eq!((life.months.len(), life.months[0].as_str()), (21, "2025-04"));
        assert_eq!((life.baseline.pages.len(), life.arm.pages.len()), (21, 21));
        // the arm differs from 2026 on: the first nine months are one life
        assert_eq!(life.baseline.pages[..9], life.arm.pages[..9]);
        assert_ne!(life.baseline.pages, life.arm.pages);
        for (side, firsts) in [(&life.baseline, &firsts.baseline), (&life.arm, &firsts.arm)] {
            let first = firsts.iter().find(|first| first.0 == life.household);
            let won = side.won.iter().find(|won| won.letting.form.as_str() == "self_contained");
            assert_eq!(
                won.map(|won| won.letting.month.as_str()),
                first.map(|first| &*life.months[first.1 as usize - 3])
            );
            let Some(first) = first else { continue };
            let Page::There(stand) = &side.pages[first.1 as usize - 3] else { panic!("it has just moved in") };
            assert_eq!(Some(stand.dwelling), won.map(|won| won.letting.dwelling));
        }
    }
}

#[test]
fn a_replay_of_an_arm_that_is_not_there_is_refused() {
    let experiment = experiment();
    let replay = Replay { experiment: &experiment, arm: "bann", replicate: 0, threads: 1 };
    assert!(first_lettings(&replay, &Silent).unwrap_err().to_string().contains("no arm \"bann\""));
}
