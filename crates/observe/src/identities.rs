//! Identities that hold exactly in a sound run, checked from what was seen alone.

use std::collections::BTreeMap;

use bevy_ecs::prelude::*;
use doorstroom_kernel::{Clock, Day, Step};
use doorstroom_state::Tenure;
use doorstroom_state::ledger::VacatedBy;
use doorstroom_state::quota::{HalfYear, QuotaAccount};
use doorstroom_state::registration::{Register, RowState};
use doorstroom_state::vacancy::Vacancies;

use crate::dwellings::StockCell;
use crate::rows::IdentityRow;
use crate::totals::Totals;

/// Persons are conserved.
pub const PERSONS: &str = "persons now = persons at the start + persons in - persons out";
/// Starters are conserved: worlds/MODEL.md M25.
pub const STARTERS: &str =
    "starters housed in corporation dwellings = exits + opened - closed - change in vacant stock";
/// Lists and counts agree on what stands vacant.
pub const VACANCIES: &str = "corporation dwellings on the list of vacancies = vacant corporation dwellings";
/// Chains of registrations reach every registration.
pub const REGISTER: &str = "registrations found through households = registrations in use";
/// The sum of the list is the sum of its members.
pub const LIST_MONTHS: &str = "list-months = sum of individual waits since entering the list";
/// Apportionment loses nobody.
pub const QUOTA: &str = "sum of municipal quota targets = national target (thousandths of a person)";
/// What processes reported themselves.
pub const BROKEN: &str = "invariants reported broken = none";

/// Lengths of lists and sums of accounts that must agree with counts.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Books {
    /// Registrations in use.
    pub registered: usize,
    /// Vacancies listed, by tenure.
    pub vacancies: [u32; 3],
    /// Persons housed in the running half-year, by route.
    pub routed: [i64; 4],
    /// Sum of the municipal targets, thousandths of a person.
    pub targets_milli: i64,
    /// National target, thousandths of a person.
    pub national_milli: i64,
}

/// Reads the lengths and sums.
pub fn books(
    register: Res<Register>,
    vacancies: Res<Vacancies>,
    half_year: Res<HalfYear>,
    accounts: Query<&QuotaAccount>,
) -> Books {
    Books {
        registered: register.registered(),
        vacancies: [0, 1, 2].map(|tenure| vacancies.dwellings[tenure].len() as u32),
        routed: routed(accounts.iter()),
        targets_milli: accounts.iter().map(|account| account.target_milli).sum(),
        national_milli: half_year.national_milli,
    }
}

/// Persons housed by route, over all these accounts.
pub fn routed<'a>(accounts: impl Iterator<Item = &'a QuotaAccount>) -> [i64; 4] {
    let add = |sums: [i64; 4], account: &QuotaAccount| [0, 1, 2, 3].map(|r| sums[r] + i64::from(account.by_route[r]));
    accounts.fold([0; 4], add)
}

/// A registration and the first step at whose end it should be on the list, by its own date.
pub type Dated = (u64, u64);

/// All registrations by name, each dated by its own registration date; those from before the run by step 0.
pub fn registrations(register: Res<Register>, clock: Res<Clock>) -> Vec<Dated> {
    let days: Vec<Day> = (0..=clock.step.0).map(|step| clock.calendar.day_of(Step(step))).collect();
    let taken = register.rows.iter().filter(|row| row.state != RowState::Free);
    let dated = |since: Day| days.partition_point(|&day| day < since) as u64;
    let mut rows: Vec<Dated> = taken.map(|row| (row.name.0, dated(row.since))).collect();
    rows.sort_unstable();
    rows
}

/// Registrations followed one by one: slow, for checked runs only.
#[derive(Clone, Debug, Default)]
struct Followed {
    present: Vec<Dated>,
    ended_steps: i64,
    list_steps: i64,
    steps: u64,
}

impl Followed {
    /// Sees the list at the end of the next step. Who is no longer on it waited from its own date until now. A date
    /// from before a registration entered the list (status holders count from their permit) counts from its entry.
    fn see(&mut self, mut list: Vec<Dated>) {
        let mut before = std::mem::take(&mut self.present).into_iter().peekable();
        for row in &mut list {
            while let Some(gone) = before.next_if(|known| known.0 < row.0) {
                self.ended_steps += self.waited(&gone);
            }
            row.1 = match before.next_if(|known| known.0 == row.0) {
                Some(known) => known.1,
                None => row.1.max(self.steps),
            };
        }
        self.ended_steps += before.map(|gone| self.waited(&gone)).sum::<i64>();
        self.list_steps += list.len() as i64;
        self.present = list;
        self.steps += 1;
    }

    fn waited(&self, row: &Dated) -> i64 {
        self.steps as i64 - row.1 as i64
    }

    fn individual_steps(&self) -> i64 {
        self.ended_steps + self.present.iter().map(|row| self.waited(row)).sum::<i64>()
    }
}

/// Sums since the start, and every identity as it stood when last looked at, or when it first failed.
#[derive(Clone, Debug, Default)]
pub struct Identities {
    persons_start: i64,
    vacant_start: i64,
    flex_start: i64,
    persons_in: i64,
    persons_out: i64,
    filled: i64,
    vacated: i64,
    within: i64,
    opened: i64,
    closed: i64,
    broken: i64,
    followed: Followed,
    seen: BTreeMap<&'static str, (i64, i64)>,
}

impl Identities {
    /// From a start with this stock.
    pub fn from_start(stock: &StockCell) -> Self {
        Identities {
            persons_start: i64::from(stock.persons),
            vacant_start: i64::from(vacant_self_contained(stock)),
            flex_start: i64::from(stock.flex),
            ..Identities::default()
        }
    }

    /// Adds the flows of a step.
    pub fn add(&mut self, totals: &Totals, broken: usize) {
        self.persons_in += i64::from(totals.life.persons_in);
        self.persons_out += i64::from(totals.life.persons_out);
        let flows = &totals.tenures[Tenure::Corporation as usize];
        self.filled += flows.filled.iter().map(|&n| i64::from(n)).sum::<i64>();
        self.vacated += flows.vacated.iter().map(|&n| i64::from(n)).sum::<i64>();
        self.within += i64::from(flows.vacated[VacatedBy::ToCorporation as usize]);
        self.opened += i64::from(flows.built) + i64::from(flows.converted_in);
        self.closed += i64::from(flows.demolished) + i64::from(flows.converted_out);
        self.broken += broken as i64;
        self.note(BROKEN, self.broken, 0);
    }

    /// Follows every registration by name.
    pub fn follow(&mut self, list: Vec<Dated>) {
        self.followed.see(list);
        self.note(LIST_MONTHS, self.followed.list_steps, self.followed.individual_steps());
    }

    /// Compares lists and accounts with what was counted of households.
    pub fn compare_books(&mut self, books: &Books, totals: &Totals) {
        self.note(REGISTER, i64::from(totals.registered), books.registered as i64);
        self.note(QUOTA, books.targets_milli, books.national_milli);
    }

    /// Compares a full count of dwellings and persons with the flows since the start. Flex homes open and close by
    /// their own term: their net change is taken out of what was opened and closed.
    pub fn compare_stock(&mut self, stock: &StockCell, books: &Books) {
        self.note(PERSONS, i64::from(stock.persons), self.persons_start + self.persons_in - self.persons_out);
        let vacant_change = i64::from(vacant_self_contained(stock)) - self.vacant_start;
        let flex_change = i64::from(stock.flex) - self.flex_start;
        let exits = self.vacated - self.within;
        let right = exits + self.opened - self.closed - flex_change - vacant_change;
        self.note(STARTERS, self.filled - self.within, right);
        let corporation = Tenure::Corporation as usize;
        self.note(VACANCIES, i64::from(books.vacancies[corporation]), i64::from(stock.vacant[corporation]));
    }

    /// A failure stays, whatever comes after it.
    fn note(&mut self, identity: &'static str, left: i64, right: i64) {
        let seen = self.seen.entry(identity).or_insert((left, right));
        if seen.0 == seen.1 {
            *seen = (left, right);
        }
    }

    /// The rows, by name of the identity.
    pub fn rows(&self) -> Vec<IdentityRow> {
        let row = |(&identity, &(left, right)): (&&'static str, &(i64, i64))| IdentityRow {
            identity: identity.into(),
            left,
            right,
            holds: left == right,
            ..IdentityRow::default()
        };
        self.seen.iter().map(row).collect()
    }
}

/// Vacant corporation dwellings with a tenancy without end date; flex homes are let but never counted as vacated.
fn vacant_self_contained(stock: &StockCell) -> u32 {
    stock.vacant[Tenure::Corporation as usize] - stock.flex_vacant
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn list_months_are_the_sum_of_the_time_each_registration_was_there() {
        let mut identities = Identities::default();
        let lists: [&[Dated]; 5] =
            [&[(1, 0), (5, 0), (9, 0)], &[(1, 0), (9, 0)], &[(1, 0), (2, 2), (9, 0)], &[(2, 2)], &[(2, 2), (6, 4)]];
        lists.into_iter().for_each(|list| identities.follow(list.to_vec()));
        // 1 and 9 wait three steps each, 5 and 6 one, 2 three
        assert_eq!(identities.rows()[0].left, 11);
        assert!(identities.rows()[0].holds);
    }

    #[test]
    fn a_registration_dated_before_it_entered_the_list_counts_from_its_entry() {
        let mut identities = Identities::default();
        identities.follow(vec![(1, 0)]);
        identities.follow(vec![]);
        identities.follow(vec![(1, 0), (2, 1)]);
        let row = &identities.rows()[0];
        assert_eq!((row.left, row.right, row.holds), (3, 3, true));
    }

    #[test]
    fn a_registration_on_the_list_before_its_own_date_breaks_the_identity() {
        let mut identities = Identities::default();
        identities.follow(vec![(1, 0), (2, 1)]);
        identities.follow(vec![(1, 0), (2, 1)]);
        let row = &identities.rows()[0];
        assert!(!row.holds && row.left > row.right);
    }

    #[test]
    fn an_identity_that_failed_once_stays_failed() {
        let mut identities = Identities::default();
        identities.note(QUOTA, 10, 10);
        identities.note(QUOTA, 9, 10);
        identities.note(QUOTA, 12, 12);
        let rows = identities.rows();
        assert_eq!((rows[0].left, rows[0].right, rows[0].holds), (9, 10, false));
    }

    #[test]
    fn starters_are_exits_and_new_dwellings_less_what_stays_vacant() {
        let stock = |vacant, flex| StockCell { vacant: [0, vacant, 0], flex, persons: 50, ..StockCell::default() };
        let mut identities = Identities::from_start(&stock(3, 1));
        let mut totals = Totals::default();
        let flows = &mut totals.tenures[Tenure::Corporation as usize];
        // 6 vacated (2 of them within the sector), 4 built of which one flex home, 1 demolished: 5 + 2 fills
        flows.vacated[VacatedBy::Dissolved as usize] = 4;
        flows.vacated[VacatedBy::ToCorporation as usize] = 2;
        flows.built = 4;
        flows.demolished = 1;
        flows.filled = [0, 2, 0, 5];
        identities.add(&totals, 0);
        identities.compare_stock(&stock(4, 2), &Books { vacancies: [0, 4, 0], ..Books::default() });
        let row = identities.rows().into_iter().find(|row| row.identity.as_str() == STARTERS).unwrap();
        assert_eq!((row.left, row.right), (5, 5));
    }
}
