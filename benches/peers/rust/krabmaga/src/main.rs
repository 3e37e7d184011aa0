//! The common workload in krABMaga: a scheduled agent a household; the state keeps the lines and lets the homes.
//!
//! Agents live inside the schedule, where the state cannot reach them: who was let a home reads so at its next step.

use std::any::Any;

use krabmaga::engine::agent::Agent;
use krabmaga::engine::schedule::Schedule;
use krabmaga::engine::state::State;
use measure::Outcome;
use rand::{Rng, SeedableRng};
use rand_distr::StandardNormal;
use rand_pcg::Pcg64Mcg;

const MUNICIPALITIES: usize = 342;
const LIMIT: f64 = 50_000.0;
const CLASS: [u8; 4] = [2, 1, 0, 2];

#[derive(Clone, Copy)]
struct Household {
    id: u32,
    municipality: u16,
    group: u8,
    age: u16,
    income: f64,
    housed: bool,
    registered: bool,
    wait: u16,
}

struct Seeker {
    class: u8,
    wait: u16,
    id: u32,
    group: u8,
}

struct Town {
    rng: Pcg64Mcg,
    n: u32,
    vacancies: Vec<usize>,
    lines: Vec<Vec<Seeker>>,
    let_a_home: Vec<bool>,
    incomes: f64,
    alloc: [u64; 4],
    waited: [u64; 4],
    left_in_line: u64,
}

impl Agent for Household {
    fn step(&mut self, state: &mut dyn State) {
        let town = state.as_any_mut().downcast_mut::<Town>().expect("the only state there is");
        if std::mem::take(&mut town.let_a_home[self.id as usize]) {
            self.housed = true;
            self.registered = false;
        }
        self.age += 1;
        if self.registered {
            self.wait += 1;
        }
        if town.rng.random_bool(0.01) {
            self.income *= if town.rng.random_bool(0.5) { 0.8 } else { 1.25 };
        }
        let chance = if !self.housed {
            0.10
        } else if self.age < 480 {
            0.004
        } else {
            0.001
        };
        if !self.registered && town.rng.random_bool(chance) {
            self.registered = true;
            self.wait = 0;
        }
        if self.housed && town.rng.random_bool(0.004) {
            self.housed = false;
            town.vacancies[self.municipality as usize] += 1;
        }
        if self.registered && !self.housed && self.income <= LIMIT {
            let seeker = Seeker { class: CLASS[self.group as usize], wait: self.wait, id: self.id, group: self.group };
            town.lines[self.municipality as usize].push(seeker);
        }
        town.incomes += self.income;
    }
}

impl State for Town {
    fn init(&mut self, schedule: &mut Schedule) {
        for id in 0..self.n {
            let rng = &mut self.rng;
            let (place, z): (f64, f64) = (rng.random(), rng.sample(StandardNormal));
            let group = match rng.random::<f64>() {
                u if u < 0.80 => 0,
                u if u < 0.92 => 1,
                u if u < 0.95 => 2,
                _ => 3,
            };
            let housed = rng.random_bool(0.80);
            let registered = rng.random_bool(if housed { 0.30 } else { 0.90 });
            let household = Household {
                id,
                municipality: (MUNICIPALITIES as f64 * place * place) as u16,
                group,
                age: rng.random_range(216..1080),
                income: (10.3 + 0.5 * z).exp(),
                housed,
                registered,
                wait: if registered { rng.random_range(0..120) } else { 0 },
            };
            schedule.schedule_repeating(Box::new(household), 0.0, 0);
        }
    }

    fn before_step(&mut self, _schedule: &mut Schedule) {
        self.incomes = 0.0;
    }

    fn after_step(&mut self, _schedule: &mut Schedule) {
        self.left_in_line = 0;
        for (line, vacancies) in self.lines.iter_mut().zip(&mut self.vacancies) {
            line.sort_unstable_by_key(|seeker| (seeker.class, std::cmp::Reverse(seeker.wait), seeker.id));
            let lettings = line.len().min(*vacancies);
            for winner in &line[..lettings] {
                self.let_a_home[winner.id as usize] = true;
                self.alloc[winner.group as usize] += 1;
                self.waited[winner.group as usize] += u64::from(winner.wait);
            }
            *vacancies -= lettings;
            self.left_in_line += (line.len() - lettings) as u64;
            line.clear();
        }
    }

    fn as_any(&self) -> &dyn Any {
        self
    }
    fn as_any_mut(&mut self) -> &mut dyn Any {
        self
    }
    fn as_state(&self) -> &dyn State {
        self
    }
    fn as_state_mut(&mut self) -> &mut dyn State {
        self
    }
    fn reset(&mut self) {}
    fn update(&mut self, _step: u64) {}
}

fn build(n: u32, seed: u64) -> (Town, Schedule) {
    let mut town = Town {
        rng: Pcg64Mcg::seed_from_u64(seed),
        n,
        vacancies: vec![0; MUNICIPALITIES],
        lines: (0..MUNICIPALITIES).map(|_| Vec::new()).collect(),
        let_a_home: vec![false; n as usize],
        incomes: 0.0,
        alloc: [0; 4],
        waited: [0; 4],
        left_in_line: 0,
    };
    let mut schedule = Schedule::new();
    town.init(&mut schedule);
    (town, schedule)
}

fn run((mut town, mut schedule): (Town, Schedule), months: u32) -> Outcome {
    for _ in 0..months {
        schedule.step(&mut town);
    }
    Outcome {
        alloc: town.alloc,
        waited: town.waited,
        left: town.vacancies.iter().sum::<usize>() as u64,
        seekers: town.left_in_line,
        income: town.incomes / f64::from(town.n),
    }
}

fn main() {
    measure::report("krabmaga", build, run);
}
