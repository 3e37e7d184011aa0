//! The common workload word by word: every household, every month, one draw for each thing that may happen; then all
//! seekers of a municipality sorted.

use doorstroom_kernel::{Chance, Purpose, Step};
use doorstroom_observe::waiting_list::WaitingListOutcome;
use doorstroom_state::waiting_list::{Household, Standing, Tally};
use doorstroom_world::waiting_list::file::WaitingListFile;

const DRAWS: Purpose = Purpose::named("one draw per household and month");

/// Runs the definition on a population.
pub fn run(
    file: &WaitingListFile,
    mut households: Vec<Household>,
    seed: u64,
    months: u32,
) -> (WaitingListOutcome, Tally, Vec<Household>) {
    let chance = Chance::new(seed ^ 0x5eed);
    let limit = file.processes.allocation.income_at_most as f32;
    let mut vacancies = vec![0u64; usize::from(file.municipalities.count)];
    let mut tally = Tally::default();
    for month in 0..months as i16 {
        for household in &mut households {
            let mut luck = chance.luck(DRAWS, u64::from(household.ordinal), Step(month as u16));
            let mut happens = |p: f64| luck.unit() < p;
            let processes = &file.processes;
            if happens(processes.income.chance_per_step) {
                let falls = happens(processes.income.falls);
                household.income *= if falls { 0.8 } else { 1.25 };
                tally.income_changes += 1;
            }
            let (registered, housed) = (household.standing.is_registered(), household.standing.is_housed());
            let p = match (housed, month - household.born < 480) {
                (false, _) => 0.10,
                (true, true) => 0.004,
                (true, false) => 0.001,
            };
            let registers = !registered && happens(p);
            if registers {
                household.since = month;
                tally.registrations += 1;
            }
            let leaves = housed && happens(0.004);
            if leaves {
                vacancies[usize::from(household.municipality)] += 1;
                tally.departures += 1;
            }
            household.standing = Standing::new(registered || registers, housed && !leaves);
        }
        let_homes(file, &mut households, &mut vacancies, limit, month, &mut tally);
    }
    let count = |test: &dyn Fn(&Household) -> bool| households.iter().filter(|h| test(h)).count() as u64;
    let alloc = &tally.lettings[..4];
    let outcome = WaitingListOutcome {
        alloc: alloc.to_vec(),
        wait: alloc.iter().zip(&tally.waited).map(|(&n, &months)| months as f64 / n as f64).collect(),
        left: vacancies.iter().sum(),
        seekers: count(&|h| h.is_seeker(limit)),
        unhoused: count(&|h| !h.standing.is_housed()),
        inc: households.iter().map(|h| f64::from(h.income)).sum::<f64>() / households.len() as f64,
    };
    (outcome, tally, households)
}

fn let_homes(
    file: &WaitingListFile,
    households: &mut [Household],
    vacancies: &mut [u64],
    limit: f32,
    month: i16,
    tally: &mut Tally,
) {
    let mut seekers: Vec<Vec<usize>> = vec![Vec::new(); vacancies.len()];
    for (i, household) in households.iter().enumerate().filter(|(_, h)| h.is_seeker(limit)) {
        seekers[usize::from(household.municipality)].push(i);
    }
    for (line, vacancies) in seekers.iter_mut().zip(vacancies) {
        line.sort_by_key(|&i| {
            let h = &households[i];
            (file.groups[usize::from(h.group)].class, h.since, h.ordinal)
        });
        for &i in line.iter().take(*vacancies as usize) {
            let household = &mut households[i];
            household.standing = Standing::new(false, true);
            tally.lettings[usize::from(household.group)] += 1;
            tally.waited[usize::from(household.group)] += (month - household.since) as u64;
            *vacancies -= 1;
        }
    }
}

/// All figures that the two must share in distribution.
pub fn figures(outcome: &WaitingListOutcome, tally: &Tally, households: &[Household]) -> Vec<(&'static str, f64)> {
    let registered = households.iter().filter(|h| h.standing.is_registered()).count() as f64;
    vec![
        ("lettings, group 0", outcome.alloc[0] as f64),
        ("lettings, group 1", outcome.alloc[1] as f64),
        ("lettings, group 2", outcome.alloc[2] as f64),
        ("lettings, group 3", outcome.alloc[3] as f64),
        ("wait, group 0", outcome.wait[0]),
        ("wait, group 1", outcome.wait[1]),
        ("wait, group 2", outcome.wait[2]),
        ("wait, group 3", outcome.wait[3]),
        ("vacant homes and lettings", (outcome.left + outcome.alloc.iter().sum::<u64>()) as f64),
        ("seekers", outcome.seekers as f64),
        ("mean income", outcome.inc),
        ("changes of income", tally.income_changes as f64),
        ("registrations", tally.registrations as f64),
        ("departures", tally.departures as f64),
        ("registered at the end", registered),
    ]
}
