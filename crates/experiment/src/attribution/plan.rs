//! Which subsets of a package are run, and how the value of an instrument is read from them.
//!
//! Every figure is a contrast: a sum of outcomes of subsets with whole coefficients, over one whole denominator. So
//! figures can be computed without rounding (see [`crate::attribution::exact`]).

use std::collections::BTreeSet;

use doorstroom_kernel::{Chance, Purpose};

/// Most instruments of a package of which every subset is run, unless the file asks for permutations.
pub const MOST_WHOLE: usize = 8;
/// Permutations of a larger package, unless the file names a number.
pub const PERMUTATIONS: u32 = 32;

/// Places an instrument in a permutation.
const ORDER: Purpose = Purpose::named("attribution: place of an instrument in a permutation");

/// A set of instruments: bit `i` is the instrument at place `i` by name.
pub type Subset = u32;

/// How the subsets of a package are taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Plan {
    instruments: usize,
    /// Orders in which instruments join, each a list of all of them; empty if every subset is run.
    permutations: Vec<Vec<usize>>,
    /// The subsets that are run, ascending, the empty one and the whole package among them.
    subsets: Vec<Subset>,
}

/// Outcomes of subsets with coefficients, divided by a denominator.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Contrast {
    /// Place of a subset in the plan, and its coefficient.
    pub terms: Vec<(usize, i64)>,
    /// What the sum is divided by; 0 if there is nothing to read it from.
    pub denominator: i64,
    /// The single samples of which the sum is made; empty if every subset is run.
    pub samples: Vec<Vec<(usize, i64)>>,
}

impl Plan {
    /// Every subset of so many instruments.
    pub fn whole(instruments: usize) -> Plan {
        Plan { instruments, permutations: Vec::new(), subsets: (0..1 << instruments).collect() }
    }

    /// Random permutations: the subsets that arise when instruments join in each order, with every two neighbours also
    /// in the other order, each instrument alone, and the package without it.
    pub fn sampled(instruments: usize, permutations: u32, seed: u64) -> Plan {
        let chance = Chance::new(seed);
        let order = |ordinal: u32| {
            let key = |i: &usize| chance.trait_of(ORDER, u64::from(ordinal) << 8 | *i as u64).bits();
            let mut order: Vec<usize> = (0..instruments).collect();
            order.sort_by_cached_key(key);
            order
        };
        let permutations: Vec<Vec<usize>> = (0..permutations).map(order).collect();
        let all: Subset = (1 << instruments) - 1;
        let mut subsets: BTreeSet<Subset> = (0..instruments).flat_map(|i| [1 << i, all & !(1 << i)]).collect();
        subsets.extend([0, all]);
        for order in &permutations {
            for (before, pair) in prefixes(order).zip(order.windows(2)) {
                subsets.extend([before, before | 1 << pair[0], before | 1 << pair[1]]);
            }
        }
        Plan { instruments, permutations, subsets: subsets.into_iter().collect() }
    }

    /// Instruments of the package.
    pub fn instruments(&self) -> usize {
        self.instruments
    }

    /// The subsets that are run, ascending; the first is the empty one, the last the whole package.
    pub fn subsets(&self) -> &[Subset] {
        &self.subsets
    }

    /// Permutations, or 0 if every subset is run.
    pub fn permutations(&self) -> usize {
        self.permutations.len()
    }

    fn place(&self, subset: Subset) -> usize {
        self.subsets.binary_search(&subset).expect("a plan holds every subset that its contrasts ask for")
    }

    fn difference(&self, with: Subset, without: Subset) -> Vec<(usize, i64)> {
        vec![(self.place(with), 1), (self.place(without), -1)]
    }

    /// What the whole package does.
    pub fn total(&self) -> Contrast {
        self.plain((1 << self.instruments) - 1, 0)
    }

    /// What instrument `i` does on its own.
    pub fn alone(&self, i: usize) -> Contrast {
        self.plain(1 << i, 0)
    }

    /// What instrument `i` adds when all others are there.
    pub fn last(&self, i: usize) -> Contrast {
        let all = (1 << self.instruments) - 1;
        self.plain(all, all & !(1 << i))
    }

    fn plain(&self, with: Subset, without: Subset) -> Contrast {
        Contrast { terms: self.difference(with, without), denominator: 1, samples: Vec::new() }
    }

    /// The Shapley value of instrument `i`: what it adds, averaged over all orders in which instruments may join
    /// (Shapley 1953), or over the permutations of the plan.
    pub fn shapley(&self, i: usize) -> Contrast {
        if !self.permutations.is_empty() {
            let joins = |order: &Vec<usize>| {
                let before = prefixes(order).zip(order).find(|(_, joins)| **joins == i).map_or(0, |(before, _)| before);
                self.difference(before | 1 << i, before)
            };
            return of_samples(self.permutations.iter().map(joins).collect());
        }
        let k = self.instruments;
        let weight = |others: usize| factorial(others) * factorial(k - others - 1);
        let term = |(place, &subset): (usize, &Subset)| {
            let size = subset.count_ones() as usize;
            if subset >> i & 1 == 1 { (place, weight(size - 1)) } else { (place, -weight(size)) }
        };
        let terms = self.subsets.iter().enumerate().map(term).collect();
        Contrast { terms, denominator: factorial(k), samples: Vec::new() }
    }

    /// The Shapley interaction index of instruments `i` and `j`: what both do together beyond what each does, averaged
    /// over what is there already (Grabisch and Roubens 1999); from permutations in which they are neighbours if not
    /// every subset is run.
    pub fn interaction(&self, i: usize, j: usize) -> Contrast {
        let both = 1 << i | 1 << j;
        let second_difference = |before: Subset| {
            let terms = [(before | both, 1), (before | 1 << i, -1), (before | 1 << j, -1), (before, 1)];
            terms.map(|(subset, sign)| (self.place(subset), sign)).to_vec()
        };
        if !self.permutations.is_empty() {
            let neighbours = |order: &Vec<usize>| {
                let mut pairs = prefixes(order).zip(order.windows(2));
                pairs.find(|(_, pair)| 1 << pair[0] | 1 << pair[1] == both).map(|(before, _)| second_difference(before))
            };
            return of_samples(self.permutations.iter().filter_map(neighbours).collect());
        }
        let k = self.instruments;
        let mut terms = Vec::new();
        for &before in self.subsets.iter().filter(|&&subset| subset & both == 0) {
            let size = before.count_ones() as usize;
            let weight = factorial(size) * factorial(k - size - 2);
            terms.extend(second_difference(before).into_iter().map(|(place, sign)| (place, sign * weight)));
        }
        Contrast { terms, denominator: factorial(k - 1), samples: Vec::new() }
    }
}

/// What is there before each instrument of `order` joins.
fn prefixes(order: &[usize]) -> impl Iterator<Item = Subset> {
    order.iter().scan(0, |there, &i| {
        let before = *there;
        *there |= 1 << i;
        Some(before)
    })
}

fn of_samples(samples: Vec<Vec<(usize, i64)>>) -> Contrast {
    Contrast { terms: samples.concat(), denominator: samples.len() as i64, samples }
}

fn factorial(n: usize) -> i64 {
    (1..=n as i64).product()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn value(contrast: &Contrast, plan: &Plan, v: impl Fn(Subset) -> i64) -> f64 {
        let sum: i64 = contrast.terms.iter().map(|&(place, c)| c * v(plan.subsets()[place])).sum();
        sum as f64 / contrast.denominator as f64
    }

    /// Three instruments: 1 and 2 are worth 10 and 20, together 6 more; 3 is worth nothing without 1.
    fn glove(subset: Subset) -> i64 {
        let has = |i: u32| i64::from(subset >> i & 1 == 1);
        10 * has(0) + 20 * has(1) + 6 * has(0) * has(1) + 12 * has(0) * has(2)
    }

    #[test]
    fn values_of_three_instruments_are_those_by_hand() {
        let plan = Plan::whole(3);
        let shapley = [0, 1, 2].map(|i| value(&plan.shapley(i), &plan, glove));
        assert_eq!(shapley, [19.0, 23.0, 6.0], "half of every pair's interaction goes to either");
        let pairs = [(0, 1), (0, 2), (1, 2)].map(|(i, j)| value(&plan.interaction(i, j), &plan, glove));
        assert_eq!(pairs, [6.0, 12.0, 0.0]);
        assert_eq!((value(&plan.alone(0), &plan, glove), value(&plan.last(0), &plan, glove)), (10.0, 28.0));
        assert_eq!(value(&plan.total(), &plan, glove), 48.0);
    }

    #[test]
    fn a_package_of_one_has_its_own_effect() {
        let plan = Plan::whole(1);
        let effect = |contrast: &Contrast| value(contrast, &plan, |subset| 7 * i64::from(subset));
        assert_eq!((effect(&plan.shapley(0)), effect(&plan.total()), plan.subsets().len()), (7.0, 7.0, 2));
    }

    #[test]
    fn every_instrument_joins_once_in_every_permutation_so_samples_add_up_to_the_package() {
        let plan = Plan::sampled(10, 12, 5);
        let square = |subset: Subset| i64::from(subset.count_ones().pow(2));
        let each: Vec<f64> = (0..10).map(|i| value(&plan.shapley(i), &plan, square)).collect();
        assert!((each.iter().sum::<f64>() - 100.0).abs() < 1e-9, "{each:?}");
        assert!(plan.shapley(3).samples.len() == 12 && plan.subsets().len() <= 2 + 12 * 2 * 9 + 20);
        for pair in (0..10).flat_map(|i| (0..i).map(move |j| (i, j))) {
            let contrast = plan.interaction(pair.0, pair.1);
            // (s + 2)^2 - 2 (s + 1)^2 + s^2 = 2, wherever the two are neighbours
            assert!(contrast.samples.is_empty() || value(&contrast, &plan, square) == 2.0);
        }
        assert_ne!(Plan::sampled(10, 12, 6), plan);
    }

    #[test]
    fn many_permutations_come_near_the_value_over_all_subsets() {
        let (whole, sampled) = (Plan::whole(6), Plan::sampled(6, 400, 1));
        let game = |subset: Subset| i64::from(subset * subset % 97) + 50 * i64::from(subset.count_ones());
        for i in 0..6 {
            let exact = value(&whole.shapley(i), &whole, game);
            let found = value(&sampled.shapley(i), &sampled, game);
            // marginal contributions spread by some 40; 400 permutations have an error of 2
            assert!((found - exact).abs() < 8.0, "{i}: {found} against {exact}");
        }
    }
}
