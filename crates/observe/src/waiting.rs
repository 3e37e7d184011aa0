//! Waits: completed ones from lettings, open ones from those who still wait.

use bevy_ecs::prelude::*;
use doorstroom_kernel::lane::in_blocks;
use doorstroom_kernel::{Clock, Lane};
use doorstroom_state::ledger::Letting;
use doorstroom_state::municipality::Gazetteer;
use doorstroom_state::registration::{Register, Registration, RowState};
use doorstroom_state::{Home, HomeKind, Household, Means, Seeker, SeekerGroup};

use crate::areas::Areas;
use crate::households::GROUPS;
use crate::lettings::is_regular;
use crate::look::whole;
use crate::rows::WaitRow;
use crate::table::Text;
use crate::waits::WaitHistogram;

/// Average length of a month in days.
const MONTH_DAYS: f64 = 30.4375;

/// What is timed.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum WaitClock {
    /// Inschrijfduur: since registration.
    Registration,
    /// Zoekduur: since the search began.
    Search,
    /// Since the need event of a short-notice seeker.
    Need,
    /// Since the grant of an urgency statement.
    Urgency,
    /// Since the permit of a status holder.
    Permit,
}

impl WaitClock {
    /// All clocks, in the order of their codes.
    pub const ALL: [WaitClock; 5] =
        [WaitClock::Registration, WaitClock::Search, WaitClock::Need, WaitClock::Urgency, WaitClock::Permit];

    /// Key in tables.
    pub fn key(self) -> &'static str {
        match self {
            WaitClock::Registration => "registration",
            WaitClock::Search => "search",
            WaitClock::Need => "need",
            WaitClock::Urgency => "urgency",
            WaitClock::Permit => "permit",
        }
    }

    /// The clock of an entry group besides registration and search time (worlds/MODEL.md 6.3).
    pub fn of(group: SeekerGroup) -> Option<WaitClock> {
        match group {
            SeekerGroup::ShortNotice => Some(WaitClock::Need),
            SeekerGroup::Urgent => Some(WaitClock::Urgency),
            SeekerGroup::StatusHolder => Some(WaitClock::Permit),
            _ => None,
        }
    }
}

/// Histograms by area, group and clock.
#[derive(Clone, Debug, PartialEq)]
pub struct WaitTable {
    cells: Vec<Option<WaitHistogram>>,
}

impl WaitTable {
    /// Without waits, for so many areas.
    pub fn new(areas: usize) -> Self {
        WaitTable { cells: vec![None; areas * GROUPS * WaitClock::ALL.len()] }
    }

    /// Records a wait of `days` in `area` and, unless that is the country itself, in the country.
    pub fn record(&mut self, area: usize, group: SeekerGroup, clock: WaitClock, days: i32) {
        let months = (f64::from(days.max(0)) / MONTH_DAYS) as u32;
        self.cell(0, group, clock).record(months);
        if area > 0 {
            self.cell(area, group, clock).record(months);
        }
    }

    fn cell(&mut self, area: usize, group: SeekerGroup, clock: WaitClock) -> &mut WaitHistogram {
        let at = (area * GROUPS + group as usize) * WaitClock::ALL.len() + clock as usize;
        self.cells[at].get_or_insert_with(WaitHistogram::new)
    }

    /// Rows of the cells that hold waits.
    pub fn rows(&self, year: i32, areas: &[Text], kind: &'static str) -> Vec<WaitRow> {
        let mut rows = Vec::new();
        for (at, histogram) in self.cells.iter().enumerate() {
            let Some(histogram) = histogram else { continue };
            let (rest, clock) = (at / WaitClock::ALL.len(), at % WaitClock::ALL.len());
            rows.push(histogram.figures_in(WaitRow {
                year: year as u32,
                area: areas[rest / GROUPS].clone(),
                group: SeekerGroup::ALL[rest % GROUPS].key().into(),
                clock: WaitClock::ALL[clock].key().into(),
                kind: kind.into(),
                ..WaitRow::default()
            }));
        }
        rows
    }
}

/// Rows of the waits that ended, by year: registration and search time of regular lettings, and the clock of the entry
/// group where a letting gave a stable home (flex homes do not).
pub fn completed(lettings: &[Letting], areas: &Areas) -> Vec<WaitRow> {
    let mut rows = Vec::new();
    for of_year in lettings.chunk_by(|a, b| a.on.ymd().0 == b.on.ymd().0) {
        let mut table = WaitTable::new(areas.len());
        for letting in of_year {
            let (area, group) = (1 + usize::from(letting.market), letting.entry_group);
            if is_regular(letting) && letting.registration_days >= 0 {
                table.record(area, group, WaitClock::Registration, letting.registration_days);
                table.record(area, group, WaitClock::Search, letting.search_days);
            }
            if let Some(clock) = WaitClock::of(group).filter(|_| !letting.is_flex && letting.clock_days >= 0) {
                table.record(area, group, clock, letting.clock_days);
            }
        }
        rows.extend(table.rows(of_year[0].on.ymd().0, &areas.codes, "completed"));
    }
    rows
}

/// A wait that is still open.
struct OpenWait {
    area: u16,
    group: SeekerGroup,
    clock: WaitClock,
    days: i32,
}

/// Waits still open at the end of `clock`'s step: registrations that search, by market; and households on the clock of
/// their entry group, by the region where they live. Without an entry group the present group counts.
pub fn open(
    InRef(clock): InRef<Clock>,
    households: Query<(&Home, &Seeker, &Household)>,
    register: Res<Register>,
    gazetteer: Res<Gazetteer>,
    lane: Res<Lane>,
) -> WaitTable {
    let mut table = WaitTable::new(1 + gazetteer.region_codes.len());
    let Some((homes, seekers, households)) = whole(households) else { return table };
    let waits = lane.map_chunks(register.rows.len(), |from, to| of_rows(&register.rows[from..to], seekers, clock));
    let on_clocks = lane.map_chunks(homes.len(), |from, to| {
        let wait = |slot: usize| on_clock((&homes[slot], &seekers[slot], &households[slot].means), &gazetteer, clock);
        (from..to).filter_map(wait).collect::<Vec<OpenWait>>()
    });
    for wait in waits.into_iter().chain(on_clocks).flatten() {
        table.record(usize::from(wait.area), wait.group, wait.clock, wait.days);
    }
    table
}

/// Registration and search time of the rows that search.
fn of_rows(rows: &[Registration], seekers: &[Seeker], clock: &Clock) -> Vec<OpenWait> {
    let searching: Vec<&Registration> = rows.iter().filter(|row| row.state == RowState::Searching).collect();
    let mut waits = Vec::with_capacity(2 * searching.len());
    let read = |row: &&Registration| seekers[row.holder as usize].group as u64;
    in_blocks(&searching, read, |row| {
        let seeker = &seekers[row.holder as usize];
        let group = if seeker.entry_group == SeekerGroup::None { seeker.group } else { seeker.entry_group };
        let area = 1 + u16::from(row.market);
        let wait = |clock_of, since| OpenWait { area, group, clock: clock_of, days: clock.tomorrow.days_since(since) };
        waits.push(wait(WaitClock::Registration, row.since));
        waits.push(wait(WaitClock::Search, row.searching_since));
    });
    waits
}

/// The wait of a household on the clock of its entry group.
fn on_clock((home, seeker, means): (&Home, &Seeker, &Means), gazetteer: &Gazetteer, clock: &Clock) -> Option<OpenWait> {
    let own = WaitClock::of(seeker.entry_group)?;
    if home.kind == HomeKind::Nowhere || !seeker.waits(home.kind, false) {
        return None;
    }
    let since = match own {
        WaitClock::Need => seeker.need_since,
        WaitClock::Urgency => seeker.urgent_since,
        _ => means.permit_since,
    };
    let region = gazetteer.region_of.get(usize::from(home.municipality));
    let area = region.map_or(0, |&region| 1 + u16::from(region));
    Some(OpenWait { area, group: seeker.entry_group, clock: own, days: clock.tomorrow.days_since(since) })
}
