//! Reactions: every searching registration reacts at its own rate, in its own market or a neighbouring one.

use doorstroom_kernel::gamma::GammaQuantiles;
use doorstroom_kernel::lane::{BLOCK_ITEMS, read_together};
use doorstroom_kernel::{Luck, MonthOfYear, Purpose, Threshold};
use doorstroom_policy::crowding::rooms_needed_by;
use doorstroom_policy::fit;
use doorstroom_state::books::Books;
use doorstroom_state::household::Means;
use doorstroom_state::registration::{Registration, RowState};
use doorstroom_state::slots::Slot;
use doorstroom_state::{KinName, SeekerGroup};

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
    /// Group of the household.
    pub group: SeekerGroup,
}

/// What one chunk of the register gives.
struct Gathered {
    reactions: Vec<Vec<Reaction>>,
    reacted: Vec<Slot>,
}

/// A registration that means to react, on its way through the questions.
struct Keen {
    row: Slot,
    holder: Slot,
    reactions: u32,
    luck: Luck,
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
        let mut keen = wish_to_react(&shared.register.rows, from, to, setting, &rates);
        let mut out = Gathered { reactions: vec![Vec::new(); adverts.markets.len()], reacted: Vec::new() };
        for block in keen.chunks_mut(BLOCK_ITEMS) {
            read_together(block, |keen| shared.read_ahead(keen.holder as usize));
            for keen in block {
                if is_keen(shared, keen, &rates) {
                    react(shared, keen, setting, adverts, &rates, &mut out);
                }
            }
        }
        out
    });
    let mut reactions: Vec<Vec<Reaction>> = vec![Vec::new(); adverts.markets.len()];
    for chunk in chunks {
        for row in chunk.reacted {
            let entry = &mut books.register.rows[row as usize];
            entry.reacted = setting.clock.step;
            books.ledger.search[usize::from(entry.market)][entry.group as usize].reacting += 1;
        }
        for (market, mut found) in chunk.reactions.into_iter().enumerate() {
            for reaction in &found {
                books.ledger.search[market][reaction.group as usize].reactions += 1;
            }
            books.ledger.adverts[market].reactions += found.len() as u32;
            reactions[market].append(&mut found);
        }
    }
    reactions
}

/// Registrations that search and for which the draw of this step gives any reaction.
fn wish_to_react(
    rows: &[Registration],
    from: usize,
    to: usize,
    setting: &Setting<'_>,
    rates: &ReactionRates<'_>,
) -> Vec<Keen> {
    let mut keen = Vec::with_capacity((to - from) / 4);
    for (row, slot) in rows[from..to].iter().zip(from..).filter(|(row, _)| row.state == RowState::Searching) {
        let mut luck = setting.chance.luck(REACT, row.name.0, setting.clock.step);
        let reactions = rates.poisson(row.name, luck.unit());
        if reactions > 0 {
            keen.push(Keen { row: slot as Slot, holder: row.holder, reactions, luck });
        }
    }
    keen
}

/// Students search less, and housing decides how keen a search is, never whether there is a wish.
fn is_keen(books: &Books<'_>, keen: &mut Keen, rates: &ReactionRates<'_>) -> bool {
    let holder = keen.holder as usize;
    if books.means[holder].is(Means::STUDENT) && !keen.luck.strikes(rates.student) {
        return false;
    }
    let tenure = books.homes[holder].tenure;
    keen.luck.strikes(tenure.map_or(rates.without_home, |tenure| rates.by_tenure[tenure as usize]))
}

fn react(
    books: &Books<'_>,
    keen: &mut Keen,
    setting: &Setting<'_>,
    adverts: &Adverts,
    rates: &ReactionRates<'_>,
    out: &mut Gathered,
) {
    let row = &books.register.rows[keen.row as usize];
    let holder = row.holder as usize;
    let (means, members) = (&books.means[holder], &books.members[holder]);
    let income = fit::income_eur(means.income_class, means.position);
    let class = adverts.class_of(rooms_needed_by(members, rates.month), members.count() as u8, income, &rates.limits);
    let neighbours = &setting.gazetteer.neighbours[usize::from(row.market)];
    let mut any = false;
    for _ in 0..keen.reactions {
        let away = keen.luck.strikes(rates.neighbour) && !neighbours.is_empty();
        let market = if away { neighbours[keen.luck.below(neighbours.len() as u64) as usize] } else { row.market };
        let Some(advert) = adverts.pick(market, class, keen.luck.bits()) else { continue };
        any = true;
        out.reactions[usize::from(market)].push(Reaction {
            row: keen.row,
            holder: row.holder,
            name: row.name,
            since: row.since,
            municipality: books.homes[holder].municipality,
            advert,
            group: row.group,
        });
    }
    if any {
        out.reacted.push(keen.row);
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
    month: MonthOfYear,
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
            month: setting.clock.month(),
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
