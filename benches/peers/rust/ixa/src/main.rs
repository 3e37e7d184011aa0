//! The common workload in ixa: an entity a household, a property a fact, a plan a month.

use ixa::prelude::*;
use measure::Outcome;
use rand_distr::StandardNormal;
use serde::{Deserialize, Serialize};

const MUNICIPALITIES: usize = 342;
const LIMIT: f64 = 50_000.0;
const CLASS: [u8; 4] = [2, 1, 0, 2];

define_entity!(Household);
define_property!(struct Municipality(u16), Household);
define_property!(struct Group(u8), Household);
define_property!(struct Age(u16), Household);
define_property!(struct Housed(bool), Household);
define_property!(struct Registered(bool), Household);
define_property!(struct Wait(u16), Household);

/// Euro a year; by hand, because a float has no `Eq`.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
struct Income(f64);
impl_property!(Income, Household);

define_rng!(PopulationRng);
define_rng!(EventRng);

#[derive(Default)]
struct Books {
    vacancies: Vec<usize>,
    alloc: [u64; 4],
    waited: [u64; 4],
}

define_data_plugin!(BooksPlugin, Books, Books { vacancies: vec![0; MUNICIPALITIES], ..Books::default() });

fn build(n: u32, seed: u64) -> Context {
    let mut context = Context::new();
    context.init_random(seed);
    for _ in 0..n {
        let unit = |context: &Context| context.sample_range(PopulationRng, 0.0..1.0);
        let place: f64 = unit(&context);
        let z: f64 = context.sample_distr(PopulationRng, StandardNormal);
        let housed = context.sample_bool(PopulationRng, 0.80);
        let registered = context.sample_bool(PopulationRng, if housed { 0.30 } else { 0.90 });
        let wait = if registered { context.sample_range(PopulationRng, 0..120) } else { 0 };
        let household = with!(
            Household,
            Municipality((MUNICIPALITIES as f64 * place * place) as u16),
            Group(context.sample_weighted(PopulationRng, &[0.80, 0.12, 0.03, 0.05]) as u8),
            Age(context.sample_range(PopulationRng, 216..1080)),
            Income((10.3 + 0.5 * z).exp()),
            Housed(housed),
            Registered(registered),
            Wait(wait)
        );
        context.add_entity(household).expect("every property is given");
    }
    context
}

fn is_seeker(context: &Context, id: EntityId<Household>) -> bool {
    let (Registered(registered), Housed(housed)) = (context.get_property(id), context.get_property(id));
    registered && !housed && context.get_property::<_, Income>(id).0 <= LIMIT
}

fn month(context: &mut Context) {
    let mut lines = vec![Vec::new(); MUNICIPALITIES];
    for id in context.get_entity_iterator::<Household>() {
        let Municipality(municipality) = context.get_property(id);
        let (Registered(mut registered), Housed(housed)) = (context.get_property(id), context.get_property(id));
        let age = context.get_property::<_, Age>(id).0 + 1;
        context.set_property(id, Age(age));
        if registered {
            let Wait(wait) = context.get_property(id);
            context.set_property(id, Wait(wait + 1));
        }
        if context.sample_bool(EventRng, 0.01) {
            let Income(income) = context.get_property(id);
            let factor = if context.sample_bool(EventRng, 0.5) { 0.8 } else { 1.25 };
            context.set_property(id, Income(income * factor));
        }
        let chance = if !housed {
            0.10
        } else if age < 480 {
            0.004
        } else {
            0.001
        };
        if !registered && context.sample_bool(EventRng, chance) {
            registered = true;
            context.set_property(id, Registered(true));
            context.set_property(id, Wait(0));
        }
        if housed && context.sample_bool(EventRng, 0.004) {
            context.set_property(id, Housed(false));
            context.get_data_mut(BooksPlugin).vacancies[municipality as usize] += 1;
        }
        if registered && is_seeker(context, id) {
            lines[municipality as usize].push(id);
        }
    }
    for (municipality, line) in lines.iter_mut().enumerate() {
        // ids ascend already, and the sort is stable
        line.sort_by_cached_key(|&id| {
            let (Group(group), Wait(wait)) = (context.get_property(id), context.get_property(id));
            (CLASS[group as usize], std::cmp::Reverse(wait))
        });
        let vacancies = context.get_data(BooksPlugin).vacancies[municipality];
        for &id in line.iter().take(vacancies) {
            let (Group(group), Wait(wait)) = (context.get_property(id), context.get_property(id));
            context.set_property(id, Housed(true));
            context.set_property(id, Registered(false));
            let books = context.get_data_mut(BooksPlugin);
            books.vacancies[municipality] -= 1;
            books.alloc[group as usize] += 1;
            books.waited[group as usize] += u64::from(wait);
        }
    }
}

fn run(mut context: Context, months: u32) -> Outcome {
    for i in 0..months {
        context.add_plan(f64::from(i), month);
    }
    context.execute();
    let ids: Vec<_> = context.get_entity_iterator::<Household>().collect();
    let income: f64 = ids.iter().map(|&id| context.get_property::<_, Income>(id).0).sum();
    let books = context.get_data(BooksPlugin);
    Outcome {
        alloc: books.alloc,
        waited: books.waited,
        left: books.vacancies.iter().sum::<usize>() as u64,
        seekers: ids.iter().filter(|&&id| is_seeker(&context, id)).count() as u64,
        income: income / ids.len() as f64,
    }
}

fn main() {
    measure::report("ixa", build, run);
}
