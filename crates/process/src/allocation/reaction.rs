//! Reactions: every searching registration reacts at its own rate, in its own market or a neighbouring one.

use doorstroom_kernel::{Purpose, Threshold};
use doorstroom_policy::crowding::rooms_needed_by;
use doorstroom_policy::fit;
use doorstroom_state::KinName;
use doorstroom_state::books::Books;
use doorstroom_state::household::Means;
use doorstroom_state::registration::RowState;
use doorstroom_state::slots::Slot;

use super::advert::Adverts;
use crate::rulebook::Setting;

const RATE: Purpose = Purpose::named("how often a registration reacts");
const REACT: Purpose = Purpose::named("reactions of a registration");

/// One reaction on one advert.
#[derive(Clone, Copy, Debug)]
pub struct Reaction {
    /// Row.
    pub row: Slot,
    /// Household.
    pub holder: Slot,
    /// Name of the row: the last tie-break.
    pub name: KinName,
    /// Registered since.
    pub since: doorstroom_kernel::Day,
    /// Municipality (slot) where the household lives.
    pub municipality: u16,
    /// Advert inside its market.
    pub advert: u32,
}

/// What one chunk of the register gives.
struct Gathered {
    reactions: Vec<Vec<Reaction>>,
    reacted: Vec<Slot>,
}

/// Draws the reactions of this step, by market. Rows that react remember the step.
pub fn gather(books: &mut Books<'_>, setting: &Setting<'_>, adverts: &Adverts, quantiles: &Quantiles) -> Vec<Vec<Reaction>> {
    let rates = ReactionRates::new(setting, quantiles);
    let shared = &*books;
    let chunks = setting.lane.map_chunks(shared.register.rows.len(), |from, to| {
        let mut out = Gathered { reactions: vec![Vec::new(); adverts.markets.len()], reacted: Vec::new() };
        for slot in from..to {
            react(shared, slot as Slot, setting, adverts, &rates, &mut out);
        }
        out
    });
    let mut reactions: Vec<Vec<Reaction>> = vec![Vec::new(); adverts.markets.len()];
    for chunk in chunks {
        for row in chunk.reacted {
            let entry = &mut books.register.rows[row as usize];
            entry.reacted = setting.clock.step;
            let group = books.seekers[entry.holder as usize].group;
            books.ledger.search[usize::from(entry.market)][group as usize].reacting += 1;
        }
        for (market, mut found) in chunk.reactions.into_iter().enumerate() {
            for reaction in &found {
                let group = books.seekers[reaction.holder as usize].group;
                books.ledger.search[market][group as usize].reactions += 1;
            }
            books.ledger.adverts[market].reactions += found.len() as u32;
            reactions[market].append(&mut found);
        }
    }
    reactions
}

fn react(books: &Books<'_>, slot: Slot, setting: &Setting<'_>, adverts: &Adverts, rates: &ReactionRates<'_>, out: &mut Gathered) {
    let row = &books.register.rows[slot as usize];
    if row.state != RowState::Searching {
        return;
    }
    let mut luck = setting.chance.luck(REACT, row.name.0, setting.clock.step);
    let mut left = rates.poisson(row.name, setting, luck.unit());
    if left == 0 {
        return;
    }
    let holder = row.holder as usize;
    let means = &books.means[holder];
    if means.is(Means::STUDENT) && !luck.strikes(rates.student) {
        return;
    }
    let members = &books.members[holder];
    let income = fit::income_eur(means.income_class, means.position);
    let class = adverts.class_of(rooms_needed_by(members, setting.clock.month()), members.count() as u8, income, &rates.limits);
    let neighbours = &setting.gazetteer.neighbours[usize::from(row.market)];
    let mut any = false;
    while left > 0 {
        left -= 1;
        let away = luck.strikes(rates.neighbour) && !neighbours.is_empty();
        let market = if away { neighbours[luck.below(neighbours.len() as u64) as usize] } else { row.market };
        let Some(fitting) = adverts.fitting(market, class) else { continue };
        let advert = fitting[luck.below(fitting.len() as u64) as usize];
        any = true;
        out.reactions[usize::from(market)].push(Reaction {
            row: slot,
            holder: row.holder,
            name: row.name,
            since: row.since,
            municipality: books.homes[holder].municipality,
            advert,
        });
    }
    if any {
        out.reacted.push(slot);
    }
}

/// Rates of reaction: Poisson a step, with a gamma trait per registration (model.md M8).
struct ReactionRates<'a> {
    mean_a_step: f64,
    quantiles: &'a Quantiles,
    neighbour: Threshold,
    student: Threshold,
    limits: fit::IncomeFitRules,
}

impl<'a> ReactionRates<'a> {
    fn new(setting: &Setting<'_>, quantiles: &'a Quantiles) -> Self {
        let rules = &setting.rulebook.rules.allocation;
        ReactionRates {
            mean_a_step: rules.reactions_mean.get() * 12.0 * setting.step_years(),
            quantiles,
            neighbour: Threshold::of(rules.neighbour_share.get()),
            student: Threshold::of(setting.rulebook.rules.registration.student_search.get()),
            limits: fit::IncomeFitRules::from(rules),
        }
    }

    /// Reactions of a registration in one step for the uniform draw `unit`.
    fn poisson(&self, name: KinName, setting: &Setting<'_>, unit: f64) -> u32 {
        // most months of most rows end here: exp(-mean) >= 1 - mean
        let quantile = setting.chance.trait_of(RATE, name.0).bits() >> (64 - QUANTILE_BITS);
        let mean = self.quantiles.values[quantile as usize] * self.mean_a_step;
        if unit < 1.0 - mean {
            return 0;
        }
        let mut term = libm::exp(-mean);
        let mut cumulative = term;
        let mut k = 0;
        while unit >= cumulative && k < 200 {
            k += 1;
            term *= mean / f64::from(k);
            cumulative += term;
        }
        k
    }
}

const QUANTILE_BITS: u32 = 12;

/// Quantiles of the gamma distribution of mean one and a given shape, made anew only when the shape changes.
#[derive(Default)]
pub struct Quantiles {
    shape: f64,
    values: Vec<f64>,
}

impl Quantiles {
    /// Brings the table in line with `shape`. Integrates the density in `u = x^shape`, in which it is smooth at zero.
    pub fn prepare(&mut self, shape: f64) {
        if self.shape == shape && !self.values.is_empty() {
            return;
        }
        const STEPS: usize = 20_000;
        let (count, longest) = (1usize << QUANTILE_BITS, libm::pow(40.0 / shape, shape));
        let density = |u: f64| libm::exp(-shape * libm::pow(u, 1.0 / shape));
        let width = longest / STEPS as f64;
        let mut cumulative = vec![0.0];
        for i in 0..STEPS {
            let area = 0.5 * (density(i as f64 * width) + density((i + 1) as f64 * width));
            cumulative.push(cumulative[i] + area);
        }
        let total = cumulative[STEPS];
        let mut at = 0;
        self.values = (0..count)
            .map(|i| {
                let wanted = (i as f64 + 0.5) / count as f64 * total;
                while at + 1 < STEPS && cumulative[at + 1] < wanted {
                    at += 1;
                }
                let inside = (wanted - cumulative[at]) / (cumulative[at + 1] - cumulative[at]).max(f64::MIN_POSITIVE);
                libm::pow((at as f64 + inside) * width, 1.0 / shape)
            })
            .collect();
        self.shape = shape;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn gamma_quantiles_have_mean_one_and_give_the_observed_tail_of_reactions() {
        let mut quantiles = Quantiles::default();
        quantiles.prepare(0.45);
        let mean = quantiles.values.iter().sum::<f64>() / quantiles.values.len() as f64;
        assert!((mean - 1.0).abs() < 0.01, "{mean}");
        // Poisson over a year: model.md M8 states about 0.22 of searchers without any reaction
        let none = quantiles.values.iter().map(|m| libm::exp(-12.0 * m)).sum::<f64>() / quantiles.values.len() as f64;
        assert!((none - 0.22).abs() < 0.01, "{none}");
    }
}
