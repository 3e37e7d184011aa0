//! The looks of a step: income in its month, and when the next event falls. Each writes to its own household only.

use doorstroom_kernel::lane::{BLOCK_ITEMS, CHUNK_ROWS, read_together};
use doorstroom_kernel::{Purpose, Step};
use doorstroom_policy::rules::SharingRules;
use doorstroom_state::KinName;
use doorstroom_state::books::Books;
use doorstroom_state::due::{Due, due_rows};
use doorstroom_state::dwelling::Tenure;
use doorstroom_state::household::{Home, HomeKind, Household};
use doorstroom_state::slots::Slot;

use super::hazards::{self, HazardTables};
use super::income::{self, IncomeShares};
use super::{DELAY, Struck};
use crate::rulebook::Setting;

const INCOME: Purpose = Purpose::named("income month");

/// Of so many tenants one may be chosen for renewal in its income month: twelve times as many as rules of some years need,
/// and few enough that the homes of the others need not be read.
const RENEWABLE_ONE_IN: u64 = 8;

/// What one chunk of households showed.
#[derive(Default)]
pub(super) struct Seen {
    /// Households that could host others this step.
    pub(super) hosts: Vec<(KinName, Slot)>,
    /// Tenants of corporations whose dwelling could be chosen for renewal this step.
    pub(super) renewable: Vec<(KinName, Slot)>,
    /// Those whose event strikes.
    pub(super) struck: Vec<Struck>,
}

/// Looks at every household that is due, in parallel: a look writes income and next look of its own household.
pub(super) fn look_at_due(
    books: &mut Books<'_>,
    setting: &Setting<'_>,
    tables: &HazardTables,
    shares: &IncomeShares,
) -> Vec<Seen> {
    let look = Look { homes: &books.homes, setting, tables, shares };
    let next = books.demography.chunks_mut(CHUNK_ROWS).zip(books.registration.chunks_mut(CHUNK_ROWS));
    let next = next.zip(books.sharing.chunks_mut(CHUNK_ROWS));
    // observers follow persons, and a look writes none
    let columns = books.households.unnoted().chunks_mut(CHUNK_ROWS).zip(next);
    let chunks =
        (0..).step_by(CHUNK_ROWS).zip(columns).map(|(first, (households, ((demography, registration), sharing)))| {
            Rows { first, households, demography, registration, sharing }
        });
    setting.lane.map_each(chunks.collect(), |rows| look.at_due(rows))
}

/// The rows of one chunk to which looks write; the first is that of slot `first`.
struct Rows<'a> {
    first: usize,
    households: &'a mut [Household],
    demography: &'a mut [Due],
    registration: &'a mut [Due],
    sharing: &'a mut [Due],
}

/// What a look reads.
struct Look<'a, 'w> {
    homes: &'a [Home],
    setting: &'a Setting<'w>,
    tables: &'a HazardTables,
    shares: &'a IncomeShares,
}

impl Look<'_, '_> {
    /// Looks at the due rows of one chunk.
    fn at_due(&self, mut rows: Rows<'_>) -> Seen {
        let first = rows.first;
        let slots = due_rows(rows.demography, first, |&next| next, self.setting.clock.step);
        let mut seen = Seen::default();
        for block in slots.chunks(BLOCK_ITEMS) {
            read_together(block, |&slot| rows.households[slot as usize - first].kin.name.0);
            for &slot in block {
                self.at(slot, &mut rows, &mut seen);
            }
        }
        seen
    }

    /// One due household: income in its month, then the next event; a strike that was drawn before stays.
    fn at(&self, slot: Slot, rows: &mut Rows<'_>, seen: &mut Seen) {
        let (i, setting) = (slot as usize, self.setting);
        let row = i - rows.first;
        let (Household { kin, members, means }, due) = (&mut rows.households[row], &mut rows.demography[row]);
        let (now, month, name) = (setting.clock.step, setting.clock.month(), kin.name);
        if !due.strikes() {
            let age = members.head_age(month);
            if (month.0 as i32).rem_euclid(12) == i32::from(means.income_month) {
                let mut luck = setting.chance.luck(INCOME, name.0, now);
                let demography = &setting.rulebook.rules.demography;
                // a home lies in memory of its own: it is read of the few for whom it matters
                let in_reception = means.work.on_benefit() && self.homes[i].kind == HomeKind::Reception;
                let before = means.income_class;
                income::yearly(means, age, month, self.shares, demography, in_reception, &mut luck);
                if means.income_class != before {
                    rows.sharing[row] = Due::redraw(now);
                }
                let registration = &setting.rulebook.rules.registration;
                if registration.may_search(means.income_class) != registration.may_search(before) {
                    rows.registration[row] = Due::redraw(now);
                }
                if luck.below(RENEWABLE_ONE_IN) == 0 && self.homes[i].tenure == Some(Tenure::Corporation) {
                    seen.renewable.push((name, slot));
                }
                if could_host(name, age, &setting.rulebook.rules.sharing) && self.homes[i].kind == HomeKind::Dwelling {
                    seen.hosts.push((name, slot));
                }
            }
            let hazard = hazards::total(members, means, month, self.tables);
            let delay = hazard.delay(&mut setting.chance.luck(DELAY, name.0, now));
            *due = Due::first(now, delay, next_look(means.income_month, setting));
        }
        if due.strikes_by(now) {
            seen.struck.push((self.homes[i].municipality, name, slot));
        }
    }
}

/// Whether a household could be asked to host, which is so for life from an age on: one in so many, by its name.
fn could_host(name: KinName, head_age: u16, rules: &SharingRules) -> bool {
    name.0.is_multiple_of(rules.host_one_in.get() as u64) && f64::from(head_age) >= rules.host_age.get()
}

/// The step of the next income month, a year ahead if it is this one.
pub(super) fn next_look(income_month: u8, setting: &Setting<'_>) -> Step {
    let ahead = (i32::from(income_month) - (setting.clock.month().0 as i32).rem_euclid(12)).rem_euclid(12);
    let months = if ahead == 0 { 12 } else { ahead };
    setting.clock.step.plus(setting.clock.calendar.steps_in_months(months as u32))
}
