//! Pairing: mutual best by an addressed key of the pair within (region of origin, age band), a few rounds.

use std::collections::BTreeMap;

use doorstroom_kernel::Purpose;
use doorstroom_kernel::chance::Meeting;
use doorstroom_kernel::lane::BLOCK_ITEMS;
use doorstroom_state::books::{Books, Chain};
use doorstroom_state::household::{HomeKind, Household, Means, Seeker};
use doorstroom_state::ledger::VacatedBy;
use doorstroom_state::members::{Person, Role};
use doorstroom_state::newcomer::{Newcomer, Newcomers};
use doorstroom_state::registration::{Registration, RowState};
use doorstroom_state::slots::Slot;
use doorstroom_state::vacancy::ChainCause;
use doorstroom_state::{KinName, SeekerGroup, Tenure};

use super::income::joined_class;
use crate::affinity::Choices;
use crate::rulebook::Setting;

const PAIR: Purpose = Purpose::named("affinity of two who wish to pair");
const NEST: Purpose = Purpose::named("affinity of one who returns and a home that was left");

/// Rounds of mutual best in one cell; what is left tries the region, then the country, without age.
const ROUNDS: usize = 3;

/// Highest income class of the lower half among those who pair.
const EARNS_MORE_ABOVE: u8 = 3;

/// A household formed by leaving home, before it has a slot.
pub struct Leaver {
    /// The household.
    pub newcomer: Newcomer,
    /// Leaves to live with a partner who also leaves home.
    pub with_partner: bool,
}

/// Wishes of one step that need another household.
#[derive(Default)]
pub struct Wishes {
    /// Single heads and lone parents who wish to pair.
    pub pairing: Vec<(KinName, Slot)>,
    /// Singles who return to the parents.
    pub returning: Vec<(KinName, Slot)>,
    /// Households from which a child has left this step.
    pub nests: Vec<(KinName, Slot)>,
    /// Children who left.
    pub leavers: Vec<Leaver>,
}

/// Meets all wishes that can be met this step.
pub fn join_all(books: &mut Books<'_>, setting: &Setting<'_>, newcomers: &mut Newcomers, wishes: Wishes) {
    pair_households(books, setting, &wishes.pairing);
    return_to_nests(books, setting, wishes.returning, wishes.nests);
    pair_leavers(setting, newcomers, books, wishes.leavers);
}

/// One who looks for another: who it is and in which cell.
#[derive(Clone, Copy)]
struct Candidate<T> {
    name: KinName,
    region: u8,
    band: u8,
    /// Income class above the middle: people pair with their like.
    earns_more: bool,
    what: T,
}

/// In which cell somebody looks.
type CellOf<T> = fn(&Candidate<T>) -> (u8, u8);

/// Age band in which partners look for each other.
fn age_band(head_age: u16) -> u8 {
    match head_age {
        0..25 => 0,
        25..30 => 1,
        30..35 => 2,
        35..45 => 3,
        45..55 => 4,
        55..65 => 5,
        _ => 6,
    }
}

/// Pairs of mutual best inside cells; unmatched ones go on to the next, wider cells.
fn mutual_best<T: Copy + Send + Sync>(mut candidates: Vec<Candidate<T>>, setting: &Setting<'_>) -> Vec<(T, T)> {
    let mut pairs = Vec::new();
    candidates.sort_unstable_by_key(|c| c.name);
    let cells: [CellOf<T>; 3] =
        [|c| (c.region, 2 * c.band + u8::from(c.earns_more)), |c| (c.region, c.band / 2), |c| (0, c.band)];
    for cell in cells {
        for _ in 0..ROUNDS {
            let mut groups: BTreeMap<(u8, u8), Vec<Candidate<T>>> = BTreeMap::new();
            for candidate in candidates {
                groups.entry(cell(&candidate)).or_default().push(candidate);
            }
            let groups: Vec<Vec<Candidate<T>>> = groups.into_values().collect();
            candidates = Vec::new();
            for round in setting.lane.map(&groups, |group| match_group(group, setting)) {
                pairs.extend(round.pairs);
                candidates.extend(round.left);
            }
        }
    }
    pairs
}

/// Above this size a cell is split by an addressed key, so that the work stays linear in the candidates.
const CELL_AT_MOST: usize = 64;

/// What one round gives: those who found each other, and those left.
struct Round<T> {
    pairs: Vec<(T, T)>,
    left: Vec<Candidate<T>>,
}

fn match_group<T: Copy>(group: &[Candidate<T>], setting: &Setting<'_>) -> Round<T> {
    let parts = group.len().div_ceil(CELL_AT_MOST).next_power_of_two();
    let mut split: Vec<Vec<Candidate<T>>> = vec![Vec::new(); parts];
    for &candidate in group {
        let part = setting.chance.luck(PAIR, candidate.name.0, setting.clock.step).below(parts as u64);
        split[part as usize].push(candidate);
    }
    let mut round = Round { pairs: Vec::new(), left: Vec::new() };
    for part in split {
        match_part(&part, setting, &mut round);
    }
    round
}

fn match_part<T: Copy>(group: &[Candidate<T>], setting: &Setting<'_>, round: &mut Round<T>) {
    let meeting = |c: &Candidate<T>| setting.chance.meeting(PAIR, c.name.0, setting.clock.step);
    let meetings: Vec<Meeting> = group.iter().map(meeting).collect();
    let affinity = |i: usize, j: usize| {
        let (low, high) = if group[i].name < group[j].name { (i, j) } else { (j, i) };
        meetings[low].luck(group[high].name.0).bits()
    };
    // a pair has one affinity, seen from both sides; on a tie the earlier name
    let mut best: Vec<(u64, usize)> = (0..group.len()).map(|i| (u64::MAX, i)).collect();
    for i in 0..group.len() {
        for j in i + 1..group.len() {
            let bits = affinity(i, j);
            if bits < best[i].0 {
                best[i] = (bits, j);
            }
            if bits < best[j].0 {
                best[j] = (bits, i);
            }
        }
    }
    for (i, &(_, j)) in best.iter().enumerate() {
        let is_mutual = best[j].1 == i;
        if is_mutual && i < j {
            round.pairs.push((group[i].what, group[j].what));
        } else if !is_mutual || i == j {
            round.left.push(group[i]);
        }
    }
}

fn pair_households(books: &mut Books<'_>, setting: &Setting<'_>, wishes: &[(KinName, Slot)]) {
    let month = setting.clock.month();
    let candidate = |&(name, slot): &(KinName, Slot)| {
        let Household { kin, members, means } = &books.households[slot as usize];
        (kin.name == name && members.partner().is_none()).then(|| Candidate {
            name,
            region: means.origin_region,
            band: age_band(members.head_age(month)),
            earns_more: means.income_class > EARNS_MORE_ABOVE,
            what: slot,
        })
    };
    let candidates = setting.lane.map_scattered(wishes, |&(_, slot)| books.read_ahead(slot as usize), candidate);
    let pairs = mutual_best(candidates.into_iter().flatten().collect(), setting);
    for block in pairs.chunks(BLOCK_ITEMS) {
        books.read_block_ahead(block, |&(a, _)| a);
        books.read_block_ahead(block, |&(_, b)| b);
        for &(a, b) in block {
            let (survivor, other) = if books.name(a) < books.name(b) { (a, b) } else { (b, a) };
            merge(books, setting, survivor, other);
        }
    }
}

/// `other` moves in with `survivor`, or the survivor with it if only that home is better; its name is retired.
fn merge(books: &mut Books<'_>, setting: &Setting<'_>, survivor: Slot, other: Slot) {
    let at = setting.moment();
    if home_rank(books, other) > home_rank(books, survivor) {
        let municipality = books.homes[other as usize].municipality;
        let chain = Chain::Begins(ChainCause::Paired);
        books.move_out_to(survivor, HomeKind::Other, municipality, VacatedBy::Paired, chain, at);
        books.succeed(other, survivor, at);
    }
    let (s, o) = (survivor as usize, other as usize);
    let persons: Vec<(usize, Person)> = books.households[o].members.iter().collect();
    for (place, person) in persons {
        let role = if person.role == Role::Head { Role::Partner } else { Role::Child };
        let rows = books.register.detach(&mut books.seekers[o], place as u8);
        match books.households[s].members.add(Person { role, ..person }) {
            Some(new_place) => {
                for row in rows {
                    let state = if role == Role::Child { RowState::Dormant } else { row.state };
                    let row = Registration { member: new_place as u8, state, ..row };
                    books.register.enter(survivor, &mut books.seekers[s], row);
                }
            }
            None => {
                books.ledger.life.left_out += 1;
                books.ledger.life.persons_out += 1;
            }
        }
    }
    take_over_awaited(books, survivor, other);
    books.households[s].kin.retired = books.households[o].kin.name;
    books.households[s].means.income_class = joined_class(&books.households[s].means, &books.households[o].means);
    books.households[s].means.flags &= !Means::STUDENT;
    books.ledger.life.paired += 1;
    books.dissolve(other, VacatedBy::Paired, ChainCause::Paired, at);
    books.settle_group(survivor, at);
    if books.seekers[s].group == SeekerGroup::StatusHolder && books.homes[s].kind != HomeKind::Reception {
        books.lists.after_reception.note(books.name(survivor), survivor);
    }
}

/// A family that the retired household awaits is awaited by the survivor, unless that one awaits a family already.
fn take_over_awaited(books: &mut Books<'_>, survivor: Slot, other: Slot) {
    let Seeker { family_awaited, family_step, .. } = books.seekers[other as usize];
    if family_awaited == 0 || books.seekers[survivor as usize].family_awaited > 0 {
        return;
    }
    let seeker = &mut books.seekers[survivor as usize];
    (seeker.family_awaited, seeker.family_step) = (family_awaited, family_step);
    books.lists.sponsors.note(books.name(survivor), survivor);
}

/// Which home is kept when two become one: owned before corporation before other rental, larger before smaller,
/// an own dwelling before a room, a room before a stay with others, and reception last.
fn home_rank(books: &Books<'_>, slot: Slot) -> u8 {
    let home = &books.homes[slot as usize];
    match (home.kind, books.tenure(slot)) {
        (HomeKind::Dwelling, Some(tenure)) => {
            let secure = match tenure {
                Tenure::Owner => 30,
                Tenure::Corporation => 20,
                Tenure::OtherRental => 10,
            };
            secure + books.dwellings[home.dwelling as usize].rooms
        }
        (HomeKind::Room, _) => 3,
        (kind, _) if kind.is_private() => 2,
        _ => 1,
    }
}

/// Singles go back into a household from which a child left this step, as long as there are any in their region.
fn return_to_nests(
    books: &mut Books<'_>,
    setting: &Setting<'_>,
    mut returning: Vec<(KinName, Slot)>,
    nests: Vec<(KinName, Slot)>,
) {
    let at = setting.moment();
    // who lives where must not decide who goes home: the order of names is the same in every arm
    returning.sort_unstable();
    let mut open = open_nests(books, setting, &returning, nests);
    for one in returning {
        let (i, slot) = (one.1 as usize, one.1);
        if !returns(books, &one) {
            continue;
        }
        let Some(nests) = open.get_mut(&books.households[i].means.origin_region) else { continue };
        let Some(nest) = nests.take_for(slot, nest_meeting(books, slot, setting)) else { continue };
        let Some((place, person)) = books.households[i].members.iter().next() else { continue };
        let rows = books.register.detach(&mut books.seekers[i], place as u8);
        let Some(new_place) = books.households[nest as usize].members.add(Person { role: Role::Child, ..person })
        else {
            continue;
        };
        for row in rows {
            let row = Registration { member: new_place as u8, state: RowState::Dormant, ..row };
            books.register.enter(nest, &mut books.seekers[nest as usize], row);
        }
        books.settle_group(nest, at);
        books.ledger.life.back_to_parents += 1;
        books.dissolve(slot, VacatedBy::Other, ChainCause::MovedOut, at);
    }
}

/// Single still, no part of another household, and not come for protection: whose parents are abroad.
fn returns(books: &Books<'_>, &(name, slot): &(KinName, Slot)) -> bool {
    let Household { kin, members, means } = &books.households[slot as usize];
    let came_for_protection = means.flags & (Means::STATUS_HISTORY | Means::TEMPORARY_PROTECTION) != 0;
    kin.name == name && members.is_single() && !came_for_protection
}

fn nest_meeting(books: &Books<'_>, slot: Slot, setting: &Setting<'_>) -> Meeting {
    setting.chance.meeting(NEST, books.name(slot).0, setting.clock.step)
}

/// The nests of every region of origin, chosen ahead for those who will probably return.
fn open_nests(
    books: &Books<'_>,
    setting: &Setting<'_>,
    returning: &[(KinName, Slot)],
    nests: Vec<(KinName, Slot)>,
) -> BTreeMap<u8, Choices> {
    let mut open: BTreeMap<u8, (Choices, Vec<Slot>)> = BTreeMap::new();
    let region = |slot: Slot| books.households[slot as usize].means.origin_region;
    for (name, slot) in nests {
        if books.name(slot) == name {
            open.entry(region(slot)).or_default().0.left.push((name, slot));
        }
    }
    for &(_, slot) in returning.iter().filter(|&one| returns(books, one)) {
        if let Some((_, expected)) = open.get_mut(&region(slot)) {
            expected.push(slot);
        }
    }
    let choose = |(region, (mut nests, expected)): (u8, (Choices, Vec<Slot>))| {
        nests.expect(nests.chosen(expected.iter().map(|&slot| (slot, nest_meeting(books, slot, setting)))));
        (region, nests)
    };
    setting.lane.map_each(open.into_iter().collect(), choose).into_iter().collect()
}

/// Children who leave home for each other become one household; the others go alone.
fn pair_leavers(setting: &Setting<'_>, newcomers: &mut Newcomers, books: &mut Books<'_>, leavers: Vec<Leaver>) {
    let month = setting.clock.month();
    let mut waiting: Vec<Option<Newcomer>> = Vec::new();
    let mut candidates = Vec::new();
    for leaver in leavers {
        if leaver.with_partner {
            candidates.push(Candidate {
                name: leaver.newcomer.kin.name,
                region: leaver.newcomer.means.origin_region,
                band: age_band(leaver.newcomer.members.head_age(month)),
                earns_more: leaver.newcomer.means.income_class > EARNS_MORE_ABOVE,
                what: waiting.len(),
            });
        }
        waiting.push(Some(leaver.newcomer));
    }
    for (a, b) in mutual_best(candidates, setting) {
        let (Some(a), Some(b)) = (waiting[a].take(), waiting[b].take()) else { continue };
        let (mut first, second) = if a.kin.name < b.kin.name { (a, b) } else { (b, a) };
        if let Some((_, person)) = second.members.iter().next()
            && let Some(place) = first.members.add(Person { role: Role::Partner, ..person })
        {
            first.rows.extend(second.rows.into_iter().map(|row| Registration { member: place as u8, ..row }));
        }
        first.kin.retired = second.kin.name;
        first.means.income_class = joined_class(&first.means, &second.means);
        books.ledger.life.left_home += 1;
        newcomers.0.push(first);
    }
    for newcomer in waiting.into_iter().flatten() {
        books.ledger.life.left_home += 1;
        newcomers.0.push(newcomer);
    }
}
