//! The country in one record a step: what outcomes, readings, yearly flows and identities are made from.

use doorstroom_kernel::Day;
use doorstroom_state::ledger::{FilledFrom, LifeFlows, TenureFlows, VacatedBy};
use doorstroom_state::reception::ReceptionFlows;
use doorstroom_state::{HomeKind, SeekerGroup, Tenure};

use crate::cohorts::Cohorts;
use crate::dwellings::StockCell;
use crate::households::{GROUPS, HouseholdCount, KINDS};
use crate::reception::{PLACE_KINDS, ReceptionCount};
use crate::rows::FlowRow;
use crate::tariffs::Amounts;

/// National stocks at the end of one step and national events during it, in scaled households, dwellings and persons.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Totals {
    /// The step.
    pub step: u16,
    /// First day of the step.
    pub today: Day,
    /// Households by group.
    pub groups: [u32; GROUPS],
    /// Households by kind of home.
    pub homes: [u32; KINDS],
    /// Persons outside private households, by kind of home.
    pub persons_apart: [u64; KINDS],
    /// Private households.
    pub households: u32,
    /// Private households not hosted by their own parents.
    pub households_cbs: u32,
    /// Persons in all households.
    pub persons: i64,
    /// Registrations in use.
    pub registered: u32,
    /// Registrations that search.
    pub searching_registrations: u32,
    /// Registrations with a reaction in twelve months, those used by a letting included.
    pub active_year: u32,
    /// Households that search, by group.
    pub searching: [u32; GROUPS],
    /// Households that wait on the clock of their entry group.
    pub waiting: [u64; GROUPS],
    /// Households that got an entry group in this step.
    pub entered: [u32; GROUPS],
    /// Reactions on adverts.
    pub reactions: u32,
    /// Adverts.
    pub adverts: u32,
    /// Offers made and offers refused, by market.
    pub answers: Vec<[u32; 2]>,
    /// Self-contained dwellings (flex homes too) to be lived in, by tenure.
    pub stock: [i64; 3],
    /// Dwellings that exist.
    pub dwellings: i64,
    /// Of the stock, vacant.
    pub vacant: [u32; 3],
    /// Persons in dwellings, crowded and under-occupied; `None` where not measured.
    pub crowding: Option<[u32; 3]>,
    /// Reception.
    pub reception: ReceptionCount,
    /// Cost of reception in this step by kind of place, euros.
    pub reception_cost_eur: [f64; PLACE_KINDS],
    /// Cost of interim places in this step, euros.
    pub interim_cost_eur: f64,
    /// Chance a month in force that a status holder without a prospect of an offer leaves by the own network.
    pub own_network_hazard: f64,
    /// Persons housed under the quota in this step, by route, less those who came back to reception.
    pub housed: [i64; 4],
    /// What the step cost whom, in the order of [`crate::tariffs::ITEMS`].
    pub money: Amounts,
    /// Moves of status holders' children of school age; of those, to another municipality.
    pub school_moves: [u32; 2],
    /// Status households that left reception, and days from permit until then, summed.
    pub left_reception: [u32; 2],
    /// Whether a conditional ban is in force, and the ratio that its condition looks at.
    pub condition: (bool, f64),
    /// Gates before phases that have been evaluated and are shut, and those that are open.
    pub gates: [u32; 2],
    /// Status holders so many months after the permit, and those in work or on benefit.
    pub cohorts: Cohorts,
    /// Running statements of urgency that a regime ended.
    pub statements_ended: u32,
    /// Flex homes opened.
    pub flex_opened: u32,
    /// Flows of dwellings by tenure.
    pub tenures: [TenureFlows; 3],
    /// Life events.
    pub life: LifeFlows,
}

impl Totals {
    /// Takes over what was counted of households.
    pub fn see_households(&mut self, count: &HouseholdCount) {
        let country = count.country();
        self.homes = [0; KINDS];
        (self.households, self.households_cbs) = (0, 0);
        for (group, cell) in country.iter().enumerate() {
            self.groups[group] = cell.present();
            self.searching[group] = cell.searching;
            self.households += cell.private();
            self.households_cbs += cell.private() - cell.in_home(HomeKind::WithParents);
            self.homes.iter_mut().zip(&cell.homes).for_each(|(to, from)| *to += from);
        }
        let markets = count.markets.iter().flatten();
        (self.registered, self.searching_registrations) = (0, 0);
        for cell in markets {
            self.registered += cell.registered;
            self.searching_registrations += cell.searching;
        }
        self.waiting = count.waiting.map(u64::from);
        self.persons_apart = count.persons_apart.map(u64::from);
    }

    /// Takes over a full count of dwellings and persons.
    pub fn see_stock(&mut self, stock: &StockCell, measured: bool) {
        self.persons = i64::from(stock.persons);
        self.dwellings = i64::from(stock.dwellings);
        self.vacant = stock.vacant;
        self.stock = [0, 1, 2].map(|tenure| i64::from(stock.occupied[tenure] + stock.vacant[tenure]));
        self.crowding =
            measured.then_some([stock.persons_in_dwellings, stock.crowded_persons, stock.under_occupied_persons]);
    }

    /// Carries the stocks of dwellings and persons from `before` over the flows of this step.
    pub fn carry_from(&mut self, before: &Totals) {
        self.persons = before.persons + i64::from(self.life.persons_in) - i64::from(self.life.persons_out);
        self.dwellings = before.dwellings;
        for (tenure, flows) in self.tenures.iter().enumerate() {
            let net = i64::from(flows.built) - i64::from(flows.demolished);
            self.dwellings += net;
            self.stock[tenure] =
                before.stock[tenure] + net + i64::from(flows.converted_in) - i64::from(flows.converted_out);
        }
    }

    /// Households in this kind of home.
    pub fn in_home(&self, kind: HomeKind) -> u32 {
        self.homes[kind as usize]
    }

    /// Households that another household hosts.
    pub fn hosted(&self) -> u32 {
        [HomeKind::WithParents, HomeKind::WithKin, HomeKind::Sublet].map(|kind| self.in_home(kind)).iter().sum()
    }

    /// Share of displaced Ukrainians outside municipal reception among all without a home of their own; NaN without.
    pub fn ukrainians_outside(&self) -> f64 {
        let outside = self.persons_apart[HomeKind::UkrainianElsewhere as usize] as f64;
        outside / (outside + self.persons_apart[HomeKind::UkrainianPlace as usize] as f64)
    }
}

/// Word for a cause of leaving a dwelling, in the order of [`VacatedBy`].
const VACATED: [(VacatedBy, &str); 7] = [
    (VacatedBy::ToOwner, "to_owner"),
    (VacatedBy::ToCorporation, "to_corporation"),
    (VacatedBy::ToOtherRental, "to_other_rental"),
    (VacatedBy::Dissolved, "dissolved"),
    (VacatedBy::Emigrated, "emigrated"),
    (VacatedBy::Paired, "paired"),
    (VacatedBy::Other, "other"),
];

/// Word for where the household that fills a dwelling comes from, in the order of [`FilledFrom`].
const FILLED: [(FilledFrom, &str); 4] = [
    (FilledFrom::Owner, "from_owner"),
    (FilledFrom::Corporation, "from_corporation"),
    (FilledFrom::OtherRental, "from_other_rental"),
    (FilledFrom::NoDwelling, "from_no_dwelling"),
];

/// Word for a route by which persons are housed under the quota, in the order of its codes.
pub const HOUSED: [&str; 4] = ["joining", "shared_or_temporary", "private_or_own", "corporation"];

/// Names and counts of everything that flowed in one step.
pub fn flows(totals: &Totals) -> Vec<(String, i64)> {
    let mut flows: Vec<(String, u32)> = Vec::new();
    for (tenure, moved) in Tenure::ALL.iter().zip(&totals.tenures) {
        let tenure = tenure.key();
        flows.extend(VACATED.map(|(by, word)| (format!("vacated.{tenure}.{word}"), moved.vacated[by as usize])));
        flows.extend(FILLED.map(|(from, word)| (format!("filled.{tenure}.{word}"), moved.filled[from as usize])));
        flows.push((format!("built.{tenure}"), moved.built));
        flows.push((format!("demolished.{tenure}"), moved.demolished));
        flows.push((format!("converted_in.{tenure}"), moved.converted_in));
        flows.push((format!("converted_out.{tenure}"), moved.converted_out));
    }
    let named = life(&totals.life).into_iter().chain(reception(&totals.reception.stock.flows));
    flows.extend(named.map(|(name, count)| (name.to_owned(), count)));
    flows.extend(SeekerGroup::ALL.map(|group| (format!("entered.{}", group.key()), totals.entered[group as usize])));
    let housed = HOUSED.iter().zip(totals.housed).map(|(name, persons)| (format!("housed_persons.{name}"), persons));
    flows.into_iter().map(|(name, count)| (name, i64::from(count))).chain(housed).collect()
}

fn life(life: &LifeFlows) -> [(&'static str, u32); 15] {
    [
        ("life.births", life.births),
        ("life.deaths", life.deaths),
        ("life.left_home", life.left_home),
        ("life.broken_up", life.broken_up),
        ("life.paired", life.paired),
        ("life.dissolved_by_death", life.dissolved_death),
        ("life.to_institution", life.institution),
        ("life.back_to_parents", life.back_to_parents),
        ("life.immigrated", life.immigrated),
        ("life.emigrated", life.emigrated),
        ("life.persons_left_out", life.left_out),
        ("life.persons_in", life.persons_in),
        ("life.persons_out", life.persons_out),
        ("life.short_notice_needs", life.needs),
        ("life.evicted", life.evicted.iter().sum()),
    ]
}

fn reception(flows: &ReceptionFlows) -> [(&'static str, u32); 14] {
    [
        ("reception.asylum_in", flows.asylum_in),
        ("reception.procedure_left", flows.procedure_left),
        ("reception.granted", flows.granted),
        ("reception.family_arrived", flows.family_arrived),
        ("reception.family_joined", flows.family_joined),
        ("reception.own_network", flows.own_network),
        ("reception.own_network_overdue", flows.own_network_overdue),
        ("reception.returned", flows.returned),
        ("reception.removed", flows.removed),
        ("reception.ukrainians_in", flows.ukrainians_in),
        ("reception.ukrainians_out", flows.ukrainians_out),
        ("reception.shared_in", flows.shared_in),
        ("reception.interim_in", flows.interim_in),
        ("reception.flow_through_in", flows.flow_through_in),
    ]
}

/// Rows of table `flows`: the steps of each calendar year added up, for the country.
pub fn flow_rows(totals: &[Totals]) -> Vec<FlowRow> {
    let mut rows = Vec::new();
    for of_year in totals.chunk_by(|a, b| a.today.ymd().0 == b.today.ymd().0) {
        let year = of_year[0].today.ymd().0 as u32;
        let mut sums = flows(&of_year[0]);
        for totals in &of_year[1..] {
            sums.iter_mut().zip(flows(totals)).for_each(|(sum, (_, count))| sum.1 += count);
        }
        rows.extend(sums.into_iter().map(|(flow, count)| FlowRow {
            year,
            area: "NL".into(),
            flow: flow.into(),
            count,
            ..FlowRow::default()
        }));
    }
    rows
}
