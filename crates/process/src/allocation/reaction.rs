//! Reactions: every searching registration reacts at its own rate, in its own market or a neighbouring one.

use doorstroom_kernel::lane::{BLOCK_ITEMS, CHUNK_ROWS, read_together};
use doorstroom_kernel::{Luck, MonthOfYear, Purpose, Threshold};
use doorstroom_policy::crowding::rooms_needed_by;
use doorstroom_policy::fit;
use doorstroom_state::books::Books;
use doorstroom_state::columns::rows_where;
use doorstroom_state::dwelling::Tenure;
use doorstroom_state::household::{HomeKind, Household, Means};
use doorstroom_state::municipality::Municipality;
use doorstroom_state::region::Region;
use doorstroom_state::registration::{Registration, RowState};
use doorstroom_state::slots::Slot;
use doorstroom_state::{KinName, SeekerGroup};

use super::Table;
use super::candidate::Contest;
use super::ring::{Advert, Adverts};
use super::zeal::Zeal;
use crate::prospect::has_prospect;
use crate::rulebook::Setting;

const GROUPS: usize = SeekerGroup::ALL.len();

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
    /// Time, points or lot, lowest first.
    pub key: u64,
    /// Advert inside its market.
    pub advert: u32,
    /// Priority class, label and binding, lowest first.
    pub class: u16,
    /// Group of the household.
    pub group: SeekerGroup,
}

/// What one chunk of the register gives.
struct Gathered {
    /// Reactions by market, and how many of each group.
    reactions: Vec<(Vec<Reaction>, [u32; GROUPS])>,
    /// Rows that reacted, and how often.
    reacted: Vec<(Slot, u32)>,
}

/// A registration that means to react, on its way through the questions.
struct Keen {
    row: Slot,
    holder: Slot,
    market: u8,
    reactions: u32,
    luck: Luck,
}

/// What makes a registration keen, besides itself and its rules.
pub struct Keenness<'a> {
    /// Reactions a month by registration.
    pub zeal: &'a Zeal,
    /// Markets, by slot.
    pub regions: &'a [Region],
    /// Municipalities, by slot.
    pub municipalities: &'a [Municipality],
}

/// Draws the reactions of this step, by market, in one list a chunk. Rows that react remember the step.
pub fn gather(
    books: &mut Books<'_>,
    setting: &Setting<'_>,
    contest: &Contest<'_>,
    table: &Table,
    adverts: &Adverts,
    keenness: Keenness<'_>,
) -> Vec<Vec<Vec<Reaction>>> {
    let rates = ReactionRates::new(setting, keenness);
    let fair = Fair { setting, contest, table, adverts, rates: &rates };
    let shared = &*books;
    let chunks = setting.lane.map_chunks(shared.register.rows.len(), |from, to| {
        let mut keen = wish_to_react(&shared.register.rows, from, to, setting, &rates);
        let mut out = Gathered { reactions: vec![Default::default(); adverts.markets.len()], reacted: Vec::new() };
        let mut aims = Vec::new();
        for block in keen.chunks_mut(BLOCK_ITEMS) {
            read_together(block, |keen| shared.read_ahead(keen.holder as usize));
            aims.clear();
            for keen in block {
                if is_keen(shared, keen, setting, &rates) {
                    fair.aim(shared, keen, &mut aims);
                }
            }
            read_together(&aims, |aim| adverts.read_ahead(aim.market, aim.class, aim.bits));
            for aims in aims.chunk_by(|a, b| a.row == b.row) {
                fair.react(shared, aims, &mut out);
            }
        }
        out
    });
    let mut reactions: Vec<Vec<Vec<Reaction>>> = vec![Vec::new(); adverts.markets.len()];
    let mut reacted = Vec::with_capacity(chunks.len());
    for chunk in chunks {
        reacted.push(chunk.reacted);
        for (market, (found, by_group)) in chunk.reactions.into_iter().enumerate() {
            for (flows, count) in books.ledger.search[market].iter_mut().zip(by_group) {
                flows.reactions += count;
            }
            books.ledger.adverts[market].reactions += found.len() as u32;
            if !found.is_empty() {
                reactions[market].push(found);
            }
        }
    }
    note_reacted(books, setting, contest, reacted);
    reactions
}

/// Rows that reacted, by chunk of the register, remember the step and count their active months.
fn note_reacted(books: &mut Books<'_>, setting: &Setting<'_>, contest: &Contest<'_>, reacted: Vec<Vec<(Slot, u32)>>) {
    let markets = contest.schemes.len();
    let chunks = books.register.rows.chunks_mut(CHUNK_ROWS).zip(reacted).zip((0..).step_by(CHUNK_ROWS));
    let counts =
        setting.lane.map_each(chunks.collect(), |((rows, reacted), first): ((&mut [Registration], _), usize)| {
            let mut reacting = vec![[0; GROUPS]; markets];
            for (row, times) in reacted {
                let row = &mut rows[row as usize - first];
                row.reacted = setting.clock.step;
                let market = usize::from(row.market);
                if contest.schemes[market].search_reactions.is_some_and(|least| times >= least) {
                    row.active_months = row.active_months.saturating_add(1);
                }
                reacting[market][row.group as usize] += 1;
            }
            reacting
        });
    for reacting in counts {
        for (flows, by_group) in books.ledger.search.iter_mut().zip(reacting) {
            flows.iter_mut().zip(by_group).for_each(|(flows, count)| flows.reacting += count);
        }
    }
}

/// Registrations that search and for which the draw of this step gives any reaction.
fn wish_to_react(
    rows: &[Registration],
    from: usize,
    to: usize,
    setting: &Setting<'_>,
    rates: &ReactionRates<'_>,
) -> Vec<Keen> {
    let searching = rows_where(&rows[from..to], from, |row| row.state == RowState::Searching);
    let mut keen = Vec::with_capacity(searching.len() / 2);
    for slot in searching {
        let row = &rows[slot as usize];
        let mut luck = setting.chance.luck(REACT, row.name.0, setting.clock.step);
        let reactions = rates.zeal.reactions(row.name, luck.unit());
        if reactions > 0 {
            keen.push(Keen { row: slot, holder: row.holder, market: row.market, reactions, luck });
        }
    }
    keen
}

/// Students search less, and housing decides how keen a search is, never whether there is a wish.
fn is_keen(books: &Books<'_>, keen: &mut Keen, setting: &Setting<'_>, rates: &ReactionRates<'_>) -> bool {
    let holder = keen.holder as usize;
    if books.households[holder].means.is(Means::STUDENT) && !keen.luck.strikes(rates.student) {
        return false;
    }
    let home = &books.homes[holder];
    let share = match home.tenure {
        Some(Tenure::Corporation) => rates.from_corporation[usize::from(keen.market)],
        Some(Tenure::Owner) => rates.from_owner,
        Some(Tenure::OtherRental) => rates.from_other_rental,
        None if home.kind == HomeKind::Reception && rates.awaits_offer(books, setting, keen.holder) => {
            rates.with_prospect
        }
        None => rates.without_home,
    };
    keen.luck.strikes(share)
}

/// What a registration meets when it reacts.
struct Fair<'a, 'w> {
    setting: &'a Setting<'w>,
    contest: &'a Contest<'a>,
    table: &'a Table,
    adverts: &'a Adverts,
    rates: &'a ReactionRates<'a>,
}

/// One reaction that is meant: in which market, and where on the ring of the class it falls.
struct Aim {
    row: Slot,
    market: u8,
    class: usize,
    bits: u64,
}

impl Fair<'_, '_> {
    /// Draws where the reactions of a registration fall.
    fn aim(&self, books: &Books<'_>, keen: &mut Keen, aims: &mut Vec<Aim>) {
        let (row, rates) = (keen.row, self.rates);
        let Household { means, members, .. } = &books.households[keen.holder as usize];
        let income = fit::income_eur(means.income_class, means.position);
        let needed = rooms_needed_by(members, rates.month);
        let class = self.adverts.class_of(needed, members.count() as u8, income, &rates.limits);
        let neighbours = &self.setting.gazetteer.neighbours[usize::from(keen.market)];
        for _ in 0..keen.reactions {
            let away = keen.luck.strikes(rates.neighbour) && !neighbours.is_empty();
            let market = if away { neighbours[keen.luck.below(neighbours.len() as u64) as usize] } else { keen.market };
            aims.push(Aim { row, market, class, bits: keen.luck.bits() });
        }
    }

    /// The reactions of one registration.
    fn react(&self, books: &Books<'_>, aims: &[Aim], out: &mut Gathered) {
        let (setting, contest) = (self.setting, self.contest);
        let Some(row_slot) = aims.first().map(|aim| aim.row) else { return };
        let row = &books.register.rows[row_slot as usize];
        let mut limit = Limit::default();
        let mut times = 0;
        for &Aim { market, class, bits, .. } in aims {
            let channel_of = |advert: &Advert| contest.channel(usize::from(market), advert);
            let may = |advert: &Advert| {
                let dwelling = &books.dwellings[self.table.vacancies[advert.vacancy].dwelling as usize];
                contest.may_react(books, setting, channel_of(advert), advert, (row.holder, dwelling))
            };
            let Some(picked) = self.adverts.pick(market, class, bits, may) else { continue };
            let advert = &self.adverts.markets[usize::from(market)].adverts[picked as usize];
            let channel = channel_of(advert);
            if !limit.allows(market, advert.channel, channel.most_reactions) {
                continue;
            }
            times += 1;
            let standing = contest.standing(books, setting, channel, advert, row);
            let (reactions, by_group) = &mut out.reactions[usize::from(market)];
            by_group[row.group as usize] += 1;
            reactions.push(Reaction {
                row: row_slot,
                holder: row.holder,
                name: row.name,
                key: standing.key,
                class: standing.class,
                advert: picked,
                group: row.group,
            });
        }
        if times > 0 {
            out.reacted.push((row_slot, times));
        }
    }
}

/// Reactions of one registration by channel, where a channel allows only so many.
#[derive(Default)]
struct Limit(Vec<((u8, u8), u32)>);

impl Limit {
    fn allows(&mut self, market: u8, channel: u8, most: Option<u32>) -> bool {
        let Some(most) = most else { return true };
        let place = (market, channel);
        match self.0.iter_mut().find(|(of, _)| *of == place) {
            Some((_, times)) if *times >= most => false,
            Some((_, times)) => {
                *times += 1;
                true
            }
            None => {
                self.0.push((place, 1));
                most > 0
            }
        }
    }
}

/// Who reacts how often and where.
struct ReactionRates<'a> {
    zeal: &'a Zeal,
    municipalities: &'a [Municipality],
    neighbour: Threshold,
    student: Threshold,
    from_owner: Threshold,
    from_other_rental: Threshold,
    /// By market (region slot) of the registration.
    from_corporation: Vec<Threshold>,
    with_prospect: Threshold,
    without_home: Threshold,
    limits: fit::IncomeFitRules,
    month: MonthOfYear,
}

impl<'a> ReactionRates<'a> {
    fn new(setting: &Setting<'_>, keenness: Keenness<'a>) -> Self {
        let rules = &setting.rulebook.rules.allocation;
        let from_corporation = rules.react_from_corporation.now();
        ReactionRates {
            zeal: keenness.zeal,
            municipalities: keenness.municipalities,
            neighbour: Threshold::of(rules.neighbour_share.get()),
            student: Threshold::of(setting.rulebook.rules.registration.student_search.get()),
            from_owner: Threshold::of(rules.react_from_owner.get()),
            from_other_rental: Threshold::of(rules.react_from_other_rental.get()),
            from_corporation: keenness
                .regions
                .iter()
                .map(|region| Threshold::of(from_corporation.of(region.class)))
                .collect(),
            with_prospect: Threshold::of(rules.react_with_prospect.get()),
            without_home: Threshold::of(1.0),
            limits: fit::IncomeFitRules::from(rules),
            month: setting.clock.month(),
        }
    }

    /// Whether a household in reception waits for what the linked municipality has to offer and may.
    fn awaits_offer(&self, books: &Books<'_>, setting: &Setting<'_>, household: Slot) -> bool {
        let seeker = &books.seekers[household as usize];
        let is_due = seeker.group == SeekerGroup::StatusHolder && seeker.duty;
        let place = self.municipalities.get(usize::from(seeker.linked)).filter(|_| is_due);
        place.is_some_and(|place| has_prospect(setting, books, household, place))
    }
}
