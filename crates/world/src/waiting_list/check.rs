//! What the file of a waiting-list world may not say.

use doorstroom_kernel::StepLength;
use doorstroom_state::waiting_list::MAX_GROUPS;

use super::file::WaitingListFile;
use crate::notation::version;
use crate::read::{Check, Path};

/// Most households: their ordinals and rows are 32-bit numbers with room for what never happens.
const MOST_HOUSEHOLDS: u32 = 1_000_000_000;
/// Most municipalities: a household keeps the number of its own in two bytes.
const MOST_MUNICIPALITIES: u16 = 10_000;
/// Longest time back that a household can keep, in months (two bytes, and a century of steps to come).
const LONGEST_MONTHS: u16 = 30_000;
/// How far the shares of the groups may miss 1, by the decimals they are written in.
const SHARES_MISS: f64 = 1e-9;

impl WaitingListFile {
    /// Refuses what no waiting-list world may say.
    pub(crate) fn validate(&self, check: &mut Check<'_>) {
        let root = Path::root();
        version(check, self.version);
        if self.title.trim().is_empty() {
            check.refuse(&root.field("title"), "`title` is empty", None);
        }
        if self.step != StepLength::Months(1) {
            let message = "ages and waiting times of a waiting-list world are counted in steps of one month";
            check.refuse(&root.field("step"), message, Some("write `Months(1)`".to_owned()));
        }
        check.at(&root).range("households", self.households, 1..=MOST_HOUSEHOLDS, "");
        let municipalities = root.field("municipalities");
        check.at(&municipalities).range("count", self.municipalities.count, 1..=MOST_MUNICIPALITIES, "").range(
            "skew",
            self.municipalities.skew,
            0.01..=100.0,
            "",
        );
        self.groups(check);
        self.start(check);
        self.processes(check);
    }

    fn groups(&self, check: &mut Check<'_>) {
        let at = Path::root().field("groups");
        check.at(&Path::root()).not_empty("groups", self.groups.len());
        if self.groups.len() > MAX_GROUPS {
            check.refuse(&at, format!("{} groups; at most {MAX_GROUPS}", self.groups.len()), None);
        }
        for (i, group) in self.groups.iter().enumerate() {
            let here = at.index(i);
            let last = MAX_GROUPS as u8 - 1;
            let checks = check.at(&here).share("share", group.share).range("class", group.class, 0..=last, "");
            if group.name.trim().is_empty() {
                checks.refuse_field("name", "`name` is empty", None);
            } else if self.groups[..i].iter().any(|other| other.name == group.name) {
                checks.refuse_field("name", format!("the group \"{}\" is named twice", group.name), None);
            }
        }
        let total: f64 = self.groups.iter().map(|group| group.share).sum();
        if !self.groups.is_empty() && (total - 1.0).abs() > SHARES_MISS {
            check.refuse(&at, format!("the shares of the groups sum to {total}; they must sum to 1"), None);
        }
    }

    fn start(&self, check: &mut Check<'_>) {
        let (start, at) = (&self.start_state, Path::root().field("start_state"));
        check
            .at(&at)
            .share("housed", start.housed)
            .share("registered_if_housed", start.registered_if_housed)
            .share("registered_if_unhoused", start.registered_if_unhoused)
            .range("waited_below_months", start.waited_below_months, 1..=LONGEST_MONTHS, "months");
        let half = LONGEST_MONTHS / 2;
        check.at(&at.field("age")).range("youngest_months", start.age.youngest_months, 0..=half, "months").range(
            "spread_months",
            start.age.spread_months,
            1..=half,
            "months",
        );
        check.at(&at.field("income")).range("log_mean", start.income.log_mean, -20.0..=40.0, "").range(
            "log_sd",
            start.income.log_sd,
            0.0..=10.0,
            "",
        );
    }

    fn processes(&self, check: &mut Check<'_>) {
        let (processes, at) = (&self.processes, Path::root().field("processes"));
        let income = &processes.income;
        check
            .at(&at.field("income"))
            .share("chance_per_step", income.chance_per_step)
            .share("falls", income.falls)
            .range("fall_factor", income.fall_factor, 0.001..=1000.0, "")
            .range("rise_factor", income.rise_factor, 0.001..=1000.0, "");
        let registration = &processes.registration;
        check
            .at(&at.field("registration"))
            .share("unhoused_per_step", registration.unhoused_per_step)
            .share("younger_per_step", registration.younger_per_step)
            .share("older_per_step", registration.older_per_step)
            .range("older_from_months", registration.older_from_months, 0..=LONGEST_MONTHS, "months");
        check.at(&at.field("departure")).share("chance_per_step", processes.departure.chance_per_step);
        check.at(&at.field("allocation")).positive("income_at_most", processes.allocation.income_at_most);
    }
}
