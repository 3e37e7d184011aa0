//! Income: yearly steps between neighbouring classes that keep the age marginals exactly (worlds/MODEL.md 4.5).

use doorstroom_kernel::chance::Luck;
use doorstroom_kernel::{MonthOfYear, Threshold};
use doorstroom_policy::employment::{WorkChances, a_year_on};
use doorstroom_policy::fit::{income_class_of, income_eur};
use doorstroom_policy::rules::DemographyRules;
use doorstroom_state::household::{Means, Work};

/// Ages that are told apart; bands begin before.
const AGES: usize = 128;

/// Shares of income classes by age band, from the rules.
pub struct IncomeShares {
    /// Number of the band of every age in years, and whether the band begins there.
    bands: [(u8, bool); AGES],
    shares: Vec<[f64; 8]>,
    change: Threshold,
}

impl IncomeShares {
    /// Reads the shares in force.
    pub fn new(rules: &DemographyRules) -> Self {
        let shares: Vec<[f64; 8]> =
            rules.income_shares.now().chunks_exact(8).map(|band| std::array::from_fn(|i| band[i])).collect();
        let starts: Vec<u16> = rules.income_bands.now().iter().map(|&age| age as u16).collect();
        let band_of = |age: u16| starts.partition_point(|&from| from <= age).saturating_sub(1).min(shares.len() - 1);
        let bands = std::array::from_fn(|age| (band_of(age as u16) as u8, starts.contains(&(age as u16))));
        IncomeShares { bands, shares, change: Threshold::of(rules.income_change.get()) }
    }

    fn of_age(&self, age: u16) -> &[f64; 8] {
        &self.shares[usize::from(self.band(age).0)]
    }

    fn band(&self, age: u16) -> (u8, bool) {
        self.bands[usize::from(age).min(AGES - 1)]
    }

    /// A class drawn for somebody of this age.
    pub fn draw(&self, age: u16, luck: &mut Luck) -> u8 {
        luck.pick(self.of_age(age)).map_or(1, |i| i as u8 + 1)
    }

    /// The class after the income month: a neighbouring class is proposed and accepted with min(1, share new / old).
    /// At the start of a new age band the rank within the band is kept.
    pub fn step(&self, class: u8, position: u8, age: u16, luck: &mut Luck) -> u8 {
        let mut class = class.clamp(1, 8);
        if age > 0 && self.band(age).1 {
            class = self.keep_rank(class, position, age);
        }
        if !luck.strikes(self.change) {
            return class;
        }
        let up = luck.bits() & 1 == 1;
        let proposed = if up { class + 1 } else { class - 1 };
        if !(1..=8).contains(&proposed) {
            return class;
        }
        let shares = self.of_age(age);
        let (old, new) = (shares[class as usize - 1], shares[proposed as usize - 1]);
        if luck.unit() * old < new { proposed } else { class }
    }

    /// The class in the band of `age` that holds the same rank as `class` and `position` in the band before.
    fn keep_rank(&self, class: u8, position: u8, age: u16) -> u8 {
        let before = self.of_age(age - 1);
        let below: f64 = before[..class as usize - 1].iter().sum();
        let rank = below + before[class as usize - 1] * (f64::from(position) + 0.5) / 256.0;
        let mut cumulative = 0.0;
        for (i, share) in self.of_age(age).iter().enumerate() {
            cumulative += share;
            if rank < cumulative {
                return i as u8 + 1;
            }
        }
        8
    }
}

/// Class of two incomes taken together.
pub fn joined_class(a: &Means, b: &Means) -> u8 {
    income_class_of(income_eur(a.income_class, a.position) + income_eur(b.income_class, b.position))
}

/// Classes of the share of an income that stays in a home, and of the rest.
pub fn split_classes(means: &Means, stays: f64) -> (u8, u8) {
    let income = income_eur(means.income_class, means.position);
    (income_class_of(stays * income), income_class_of((1.0 - stays) * income))
}

/// Work, naturalisation and income of one household in its income month.
pub fn yearly(
    means: &mut Means,
    age: u16,
    now: MonthOfYear,
    shares: &IncomeShares,
    rules: &DemographyRules,
    in_reception: bool,
    luck: &mut Luck,
) {
    if means.work.on_benefit() {
        let factor = if in_reception { rules.employment_in_reception.get() } else { 1.0 };
        let chances = WorkChances {
            starts: rules.employment.now().at(means.permit_since.month_index().years_until(now)) * factor,
            supplemented: rules.employment_supplemented.get(),
            supplement_ends: rules.supplement_ends.get(),
        };
        means.work = a_year_on(means.work, &chances, [luck.unit(), luck.unit()]);
        means.income_class = match means.work {
            Work::Paid => 2 + luck.below(3) as u8,
            _ => means.income_class.clamp(1, 2),
        };
    } else {
        means.income_class = shares.step(means.income_class, means.position, age, luck);
    }
    // of others the permit's date is not known; who naturalises among them is made up for by who comes (assumption A27)
    if means.is(Means::PERMIT_ALIEN | Means::STATUS_HISTORY) {
        let years = means.permit_since.month_index().years_until(now);
        if luck.unit() < rules.naturalisation.now().at(years) {
            means.flags &= !Means::PERMIT_ALIEN;
        }
    }
}
