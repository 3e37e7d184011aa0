//! Reactions: every searching registration reacts at its own rate, in its own market or a neighbouring one.

use doorstroom_kernel::gamma::GammaQuantiles;
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
pub fn gather(
    books: &mut Books<'_>,
    setting: &Setting<'_>,
    adverts: &Adverts,
    quantiles: &GammaQuantiles,
) -> Vec<Vec<Reaction>> {
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

fn react(
    books: &Books<'_>,
    slot: Slot,
    setting: &Setting<'_>,
    adverts: &Adverts,
    rates: &ReactionRates<'_>,
    out: &mut Gathered,
) {
    let row = &books.register.rows[slot as usize];
    if row.state != RowState::Searching {
        return;
    }
    let mut luck = setting.chance.luck(REACT, row.name.0, setting.clock.step);
    let mut left = rates.poisson(row.name, luck.unit());
    if left == 0 {
        return;
    }
    let holder = row.holder as usize;
    let means = &books.means[holder];
    if means.is(Means::STUDENT) && !luck.strikes(rates.student) {
        return;
    }
    // housing decides how keen a search is, never whether there is a wish
    let keen = books.tenure(row.holder).map_or(rates.without_home, |tenure| rates.by_tenure[tenure as usize]);
    if !luck.strikes(keen) {
        return;
    }
    let members = &books.members[holder];
    let income = fit::income_eur(means.income_class, means.position);
    let class =
        adverts.class_of(rooms_needed_by(members, setting.clock.month()), members.count() as u8, income, &rates.limits);
    let neighbours = &setting.gazetteer.neighbours[usize::from(row.market)];
    let mut any = false;
    while left > 0 {
        left -= 1;
        let away = luck.strikes(rates.neighbour) && !neighbours.is_empty();
        let market = if away { neighbours[luck.below(neighbours.len() as u64) as usize] } else { row.market };
        let Some(advert) = adverts.pick(market, class, luck.bits()) else { continue };
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

/// Rates of reaction: Poisson a step, with a gamma trait per registration (worlds/MODEL.md M8).
struct ReactionRates<'a> {
    mean_a_step: f64,
    quantiles: &'a GammaQuantiles,
    neighbour: Threshold,
    student: Threshold,
    by_tenure: [Threshold; 3],
    without_home: Threshold,
    limits: fit::IncomeFitRules,
}

impl<'a> ReactionRates<'a> {
    fn new(setting: &Setting<'_>, quantiles: &'a GammaQuantiles) -> Self {
        let rules = &setting.rulebook.rules.allocation;
        ReactionRates {
            mean_a_step: rules.reactions_mean.get() * 12.0 * setting.step_years(),
            quantiles,
            neighbour: Threshold::of(rules.neighbour_share.get()),
            student: Threshold::of(setting.rulebook.rules.registration.student_search.get()),
            by_tenure: [&rules.react_from_owner, &rules.react_from_corporation, &rules.react_from_other_rental]
                .map(|share| Threshold::of(share.get())),
            without_home: Threshold::of(1.0),
            limits: fit::IncomeFitRules::from(rules),
        }
    }

    /// Reactions of a registration in one step for the uniform draw `unit`.
    fn poisson(&self, name: KinName, unit: f64) -> u32 {
        // most months of most rows end here: exp(-mean) >= 1 - mean
        let mean = self.quantiles.at(name.zeal()) * self.mean_a_step;
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
