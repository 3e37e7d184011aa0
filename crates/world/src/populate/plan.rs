//! How many households and dwellings of which kind each municipality gets: margins first, persons later.

use doorstroom_kernel::chance::round_by_luck;
use doorstroom_kernel::{Chance, Luck, Purpose};

use super::fit::{Grid, Margin};
use super::rounding::{largest_remainder, systematic};
use super::start::StartRules;
use super::tables::{MunicipalityRow, Tables};

const CELLS: Purpose = Purpose::named("populate: rounding of household cells");
const STOCK: Purpose = Purpose::named("populate: rounding of dwelling cells");
const EXCESS: Purpose = Purpose::named("populate: rounding of excess households");

/// Rounds of fitting; the national columns are then met within 0.1 %.
pub(super) const ROUNDS: usize = 60;

/// Kinds of household in the fitted table, by age band.
pub(super) const KINDS: usize = 6;

/// Persons of a kind; 2 stands for a couple and, as the third kind, for a parent and a child. 5 is 5 and more.
pub(super) const PERSONS: [usize; KINDS] = [1, 2, 2, 3, 4, 5];

/// Tenures times rooms.
pub(super) const STOCK_CELLS: usize = 18;

/// What one municipality gets.
#[derive(Clone, Debug, Default)]
pub(super) struct Share {
    /// Households.
    pub(super) households: u32,
    /// Households by (age band, kind).
    pub(super) cells: Vec<u32>,
    /// Dwellings by (tenure, rooms - 1); shared homes stand in other rental here.
    pub(super) stock: Vec<u32>,
    /// Occupied dwellings by tenure, shared homes in other rental.
    pub(super) occupied: [u32; 3],
    /// Unoccupied dwellings that are to be let or sold, by tenure.
    pub(super) lettable: [u32; 3],
    /// Households in other accommodation.
    pub(super) other: u32,
    /// Hosted households.
    pub(super) hosted: u32,
    /// Households in rooms.
    pub(super) rooms: u32,
    /// Shared homes.
    pub(super) shared: u32,
    /// Those of corporations.
    pub(super) corporation_shared: u32,
}

/// The shares of all municipalities, in code order. Sums over the country are kept; those of a part are what its
/// municipalities have in the country.
pub(super) fn plan(tables: &Tables, start: &StartRules, scale: f64, chance: &Chance) -> Vec<Share> {
    let rows = &tables.municipalities;
    let apportion = |count: fn(&MunicipalityRow) -> u32| {
        let weights: Vec<f64> = rows.iter().map(|row| f64::from(count(row))).collect();
        let total: f64 = weights.iter().sum();
        largest_remainder(&weights, (total * scale).round() as u32)
    };
    let households = apportion(|row| row.households);
    let dwellings = apportion(|row| row.dwellings);
    let (country, places) = tables.fitted();
    let composition = household_cells(country, start);
    let stock = stock_cells(country, start);
    let mut shares: Vec<Share> = (0..rows.len())
        .map(|m| {
            let identity = u64::from(rows[m].number);
            let mut share = Share {
                households: households[m],
                cells: whole_cells(composition.row(places[m]), households[m], &mut chance.trait_of(CELLS, identity)),
                stock: systematic(stock.row(places[m]), dwellings[m], &mut chance.trait_of(STOCK, identity)),
                ..Share::default()
            };
            settle_excess(&mut share, &rows[m], start, chance);
            share
        })
        .collect();
    let homes: Vec<f64> = shares.iter().map(|share| f64::from(share.shared)).collect();
    let of_corporations = homes.iter().sum::<f64>().min(start.excess.corporation_shared.value * scale).round();
    for (share, count) in shares.iter_mut().zip(largest_remainder(&homes, of_corporations as u32)) {
        share.corporation_shared = count.min(share.shared);
    }
    shares
}

/// Whole households by (age band, kind) near `expected`, `total` in all. Rounded type by type, ages in order: every type
/// is then within one household of what is expected, and neighbouring ages share what rounding takes.
fn whole_cells(expected: &[f64], total: u32, luck: &mut Luck) -> Vec<u32> {
    let mut order: Vec<usize> = (0..expected.len()).collect();
    order.sort_by_key(|&cell| type_of(cell % KINDS));
    let by_type: Vec<f64> = order.iter().map(|&cell| expected[cell]).collect();
    let mut cells = vec![0; expected.len()];
    for (cell, count) in order.into_iter().zip(systematic(&by_type, total, luck)) {
        cells[cell] = count;
    }
    cells
}

/// Households without own dwelling, in the order: other accommodation, hosted, rooms; and what stands empty.
fn settle_excess(share: &mut Share, row: &MunicipalityRow, start: &StartRules, chance: &Chance) {
    let rules = &start.excess;
    let mut luck = chance.trait_of(EXCESS, u64::from(row.number));
    let by_tenure: [u32; 3] = std::array::from_fn(|t| share.stock[t * 6..t * 6 + 6].iter().sum());
    let dwellings: u32 = by_tenure.iter().sum();
    let (lowest, highest) = (start.dwellings.unoccupied_min.value.get(), start.dwellings.unoccupied_max.value.get());
    let usual = round_by_luck(f64::from(dwellings) * row.unoccupied.clamp(lowest, highest), &mut luck);
    let places = (dwellings - usual.min(dwellings)).min(share.households);
    let unoccupied = dwellings - places;
    let mut excess = share.households - places;
    let mut take = |limit: u32| {
        let taken = excess.min(limit);
        excess -= taken;
        taken
    };
    let households = f64::from(share.households);
    share.other = take(round_by_luck(households * rules.other_share.value.get(), &mut luck));
    share.hosted = take(round_by_luck(households * rules.hosted_share.value.get(), &mut luck));

    let weights: [f64; 3] =
        std::array::from_fn(|t| f64::from(by_tenure[t]) * start.dwellings.unoccupied_by_tenure.value[t]);
    let mut empty = systematic(&weights, unoccupied, &mut luck);
    spill(&mut empty, &by_tenure);
    let extra = u32::from(rules.rooms_per_home.value).saturating_sub(1).max(1);
    let available = by_tenure[2] - empty[2];
    share.shared = excess.div_ceil(extra).min(available);
    let in_rooms = excess.min(share.shared * extra);
    share.rooms = share.shared + in_rooms;
    share.other += excess - in_rooms;
    for t in 0..3 {
        share.occupied[t] = by_tenure[t] - empty[t];
        let national: f64 = start.dwellings.lettable.value[t] / NATIONAL_STOCK[t];
        share.lettable[t] = round_by_luck(f64::from(by_tenure[t]) * national, &mut luck).min(empty[t]);
    }
}

/// Dwellings by tenure in the country, to which the lettable vacancies of `start.ron` refer: README of the tables.
const NATIONAL_STOCK: [f64; 3] = [4_685_222.0, 2_300_000.0, 1_218_778.0];

/// Moves empty dwellings to another tenure where one has fewer dwellings than it was given empty ones.
fn spill(empty: &mut [u32], by_tenure: &[u32; 3]) {
    let mut over = 0;
    for t in 0..3 {
        over += empty[t].saturating_sub(by_tenure[t]);
        empty[t] = empty[t].min(by_tenure[t]);
    }
    for t in 0..3 {
        let room = over.min(by_tenure[t] - empty[t]);
        empty[t] += room;
        over -= room;
    }
}

/// Expected households by municipality and (age band, kind), at full scale.
fn household_cells(tables: &Tables, start: &StartRules) -> Grid {
    let rows = &tables.municipalities;
    let bands = tables.sizes.len();
    let total: f64 = rows.iter().map(|row| f64::from(row.households)).sum();
    let seed = national_cells(tables, start, total);
    let mut types = Grid { columns: 3, cells: rows.iter().flat_map(|row| row.composition).collect() };
    let mut national = vec![0.0; 3];
    for (i, x) in seed.iter().enumerate() {
        national[type_of(i % KINDS)] += x;
    }
    let by_row = |row: usize, _: usize| row;
    let households: Vec<f64> = rows.iter().map(|row| f64::from(row.households)).collect();
    let columns = Margin { group: Box::new(|_, column| column), targets: national };
    types.fit(&[columns, Margin { group: Box::new(by_row), targets: households }], ROUNDS);

    let ages = age_targets(tables, rows, start, &seed);
    let group_of_band: Vec<usize> = (0..bands).map(|band| age_group(tables.sizes[band].age_from)).collect();
    let mut grid = Grid::of_rows(rows.len(), &seed);
    let margins = [
        Margin { group: Box::new(|row, column| row * 3 + group_of_band[column / KINDS]), targets: ages },
        Margin { group: Box::new(|_, column| column), targets: seed.clone() },
        Margin { group: Box::new(|row, column| row * 3 + type_of(column % KINDS)), targets: types.cells },
    ];
    grid.fit(&margins, ROUNDS);
    grid
}

/// One person, more persons without children, with children.
pub(super) fn type_of(kind: usize) -> usize {
    kind.min(2)
}

/// Below 25, 25 to 64, 65 and over.
pub(super) fn age_group(age_from: u16) -> usize {
    usize::from(age_from >= 25) + usize::from(age_from >= 65)
}

/// The national table by (band, kind), scaled to `total` households, size 2 split in couples and lone parents.
pub(super) fn national_cells(tables: &Tables, start: &StartRules, total: f64) -> Vec<f64> {
    let rules = &start.households;
    let published: f64 = tables.sizes.iter().flat_map(|band| band.households).sum();
    let weight = |age| rules.lone_parent_weight.value.at(age);
    let weighted: f64 = tables.sizes.iter().map(|band| band.households[1] * weight(band.age_from)).sum();
    let pairs = rules.lone_parent_share.value.get() * rules.lone_parents_by_size.value[0].get() * published;
    let mut cells = Vec::with_capacity(tables.sizes.len() * KINDS);
    for band in &tables.sizes {
        let [one, two, three, four, five] = band.households;
        let lone = (two * weight(band.age_from) * pairs / weighted.max(1.0)).min(two);
        cells.extend([one, two - lone, lone, three, four, five].map(|x| x * total / published));
    }
    cells
}

/// Heads by row and age group: the old follow inhabitants of 65 and over, the young what the share of 15 to 24 has
/// beyond children at home; both in the proportion that they have in all of `tables`, whose heads are `seed`.
pub(super) fn age_targets(tables: &Tables, rows: &[MunicipalityRow], start: &StartRules, seed: &[f64]) -> Vec<f64> {
    let at_home = start.households.young_at_home_share.value.get();
    let mut national = [0.0; 3];
    for (i, x) in seed.iter().enumerate() {
        national[age_group(tables.sizes[i / KINDS].age_from)] += x;
    }
    let young = |row: &MunicipalityRow| f64::from(row.inhabitants) * (row.young - at_home).max(YOUNG_FLOOR);
    let old = |row: &MunicipalityRow| f64::from(row.inhabitants) * row.old;
    let all_young: f64 = tables.municipalities.iter().map(young).sum();
    let all_old = tables.municipalities.iter().map(old).sum::<f64>().max(f64::MIN_POSITIVE);
    let mut targets = Vec::with_capacity(rows.len() * 3);
    for row in rows {
        let households = f64::from(row.households);
        let young = (national[0] * young(row) / all_young).min(0.3 * households);
        let old = (national[2] * old(row) / all_old).min(0.6 * households);
        targets.extend([young, households - young - old, old]);
    }
    targets
}

/// Lowest part of inhabitants that counts towards heads below 25: some live alone everywhere (assumption A23).
const YOUNG_FLOOR: f64 = 0.008;

/// Expected dwellings by municipality and (tenure, rooms), at full scale.
fn stock_cells(tables: &Tables, start: &StartRules) -> Grid {
    let rules = &start.dwellings;
    let rows = &tables.municipalities;
    let dwellings: Vec<f64> = rows.iter().map(|row| f64::from(row.dwellings)).collect();
    let total: f64 = dwellings.iter().sum();
    let mean_apartments: f64 = rows.iter().zip(&dwellings).map(|(row, d)| row.apartments * d).sum::<f64>() / total;
    let rooms = rooms_in_the_country(tables, start);
    let mut tenures = vec![0.0; rows.len() * 3];
    let mut cells = Vec::with_capacity(rows.len() * STOCK_CELLS);
    for (m, row) in rows.iter().enumerate() {
        let tilt = rules.apartments_tilt.value * (row.apartments - mean_apartments);
        for t in 0..3 {
            tenures[m * 3 + t] = row.tenure[t] * dwellings[m];
            for (r, (seed, rooms)) in rules.rooms_by_tenure.value[t].iter().zip(rooms).enumerate() {
                cells.push(seed * rooms * libm::exp(tilt * (r as f64 - 3.0)));
            }
        }
    }
    let mut national = vec![0.0; STOCK_CELLS];
    let mut mix = Grid { columns: 6, cells: rules.rooms_by_tenure.value.iter().flatten().copied().collect() };
    for (cell, share) in mix.cells.iter_mut().zip(rooms.iter().cycle()) {
        *cell *= share;
    }
    let by_tenure = (0..3).map(|t| (0..rows.len()).map(|m| tenures[m * 3 + t]).sum()).collect();
    let by_rooms = Margin { group: Box::new(|_, room| room), targets: rooms.iter().map(|x| x * total).collect() };
    mix.fit(&[by_rooms, Margin { group: Box::new(|tenure, _| tenure), targets: by_tenure }], ROUNDS);
    national.copy_from_slice(&mix.cells);
    let mut grid = Grid { columns: STOCK_CELLS, cells };
    let margins = [
        Margin { group: Box::new(|_, cell| cell), targets: national },
        Margin { group: Box::new(|row, cell| row * 3 + cell / 6), targets: tenures },
    ];
    grid.fit(&margins, ROUNDS);
    grid
}

/// Shares of dwellings with 1 to 6 rooms, from floor area (uniform inside a bin, but for the smallest dwellings).
fn rooms_in_the_country(tables: &Tables, start: &StartRules) -> [f64; 6] {
    let edges = start.dwellings.room_edges_m2.value;
    let mut rooms = [0.0; 6];
    let mut total = 0.0;
    for bin in &tables.floor_areas {
        total += bin.dwellings;
        let smallest =
            (bin.from_m2 < edges[0] && edges[0] < bin.below_m2).then_some(start.dwellings.smallest_share.value);
        let mut low = bin.from_m2;
        let mut left = 1.0;
        for (r, share) in rooms.iter_mut().enumerate() {
            let high = edges.get(r).map_or(bin.below_m2, |edge| edge.min(bin.below_m2));
            if high <= low {
                continue;
            }
            let part = match smallest {
                Some(smallest) if r == 0 => smallest.get(),
                _ if high >= bin.below_m2 => left,
                _ => left * (high - low) / (bin.below_m2 - low),
            };
            *share += part * bin.dwellings;
            left -= part;
            low = high;
        }
    }
    rooms.map(|x| x / total)
}
