//! The rules of a world, one file a subject; `Rules` is all of them at once.

mod allocation;
mod alternatives;
mod demography;
mod market;
mod money;
mod priority;
mod quota;
mod reception;
mod registration;
mod sharing;
mod supply;
mod value;

pub use allocation::AllocationRules;
pub use alternatives::AlternativesRules;
pub use demography::DemographyRules;
pub use market::MarketRules;
pub use money::MoneyRules;
pub use priority::PriorityRules;
pub use quota::QuotaRules;
pub use reception::{InflowPath, ReceptionRules};
pub use registration::RegistrationRules;
pub use sharing::SharingRules;
pub use supply::SupplyRules;
pub use value::{AgeTable, ByMarket, List, Shares};

use doorstroom_kernel::Day;

use crate::gate::Gated;
use crate::parameter::{AnyParameter, RuleSet};
use crate::scheme::SchemeBook;

macro_rules! all_rules {
    ($($(#[doc = $doc:literal])+ $name:ident: $set:ty,)+) => {
        /// Everything the rules say, by subject. Paths of an experiment read `subject.parameter`.
        #[derive(Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize)]
        #[serde(deny_unknown_fields)]
        pub struct Rules {
            $($(#[doc = $doc])+ pub $name: $set,)+
            /// Schemes of allocation by region; their files stand beside those of the subjects.
            #[serde(skip)]
            pub schemes: SchemeBook,
            /// Changes that wait for an evaluation; an experiment makes them.
            #[serde(skip)]
            pub gated: Vec<Gated>,
        }

        impl Rules {
            /// Names of the subjects, each a file of the world's policy folder.
            pub const SUBJECTS: &'static [&'static str] = &[$(stringify!($name)),+];

            /// Visits every parameter with its path, documentation and allowed range.
            pub fn each(&self, visit: &mut dyn FnMut(&str, &'static str, (f64, f64), &dyn AnyParameter)) {
                $(self.$name.each(&mut |name, doc, range, parameter| {
                    visit(&format!("{}.{name}", stringify!($name)), doc, range, parameter);
                });)+
            }

            /// Visits every parameter with its path, to change it.
            pub fn each_mut(&mut self, visit: &mut dyn FnMut(&str, &mut dyn AnyParameter)) {
                $(self.$name.each_mut(&mut |name, parameter| {
                    visit(&format!("{}.{name}", stringify!($name)), parameter);
                });)+
            }
        }
    };
}

all_rules! {
    /// Births, deaths, pairing, break-up, leaving home, migration, income.
    demography: DemographyRules,
    /// Wishes on the owner-occupied and private rental markets.
    market: MarketRules,
    /// Construction, demolition, sale, flex homes.
    supply: SupplyRules,
    /// Who registers, searches, sleeps and leaves the register.
    registration: RegistrationRules,
    /// Channels, reactions, offers, fit.
    allocation: AllocationRules,
    /// The housing quota.
    quota: QuotaRules,
    /// Who goes before others.
    priority: PriorityRules,
    /// Asylum, family reunification, displaced Ukrainians, places and their cost.
    reception: ReceptionRules,
    /// Hosting, rooms, shared homes.
    sharing: SharingRules,
    /// Flow-through locations and other alternative homes.
    alternatives: AlternativesRules,
    /// Payments and subsidies.
    money: MoneyRules,
}

impl Rules {
    /// Selects for every parameter the value that holds on `day`; true if any changed.
    pub fn bring_into_force(&mut self, day: Day) -> bool {
        let mut changed = self.schemes.bring_into_force(day);
        self.each_mut(&mut |_, parameter| changed |= parameter.bring_into_force(day));
        changed
    }

    /// Paths of all parameters, and of what can be changed about schemes as `schemes.CR23`.
    pub fn paths(&self) -> Vec<String> {
        let mut paths = Vec::new();
        self.each(&mut |path, _, _, _| paths.push(path.to_owned()));
        paths.extend(self.schemes.paths().into_iter().map(|path| format!("schemes.{path}")));
        paths
    }

    /// Lets the parameter at `path` have the value written in `text` from a date on. `None` if there is no such path.
    ///
    /// # Errors
    /// What RON found wrong with the value.
    pub fn set(
        &mut self,
        path: &str,
        from: Day,
        text: &str,
        source: &str,
    ) -> Option<Result<(), Box<ron::error::SpannedError>>> {
        let mut result = None;
        self.each_mut(&mut |name, parameter| {
            if name == path {
                result = Some(parameter.set(from, text, source));
            }
        });
        result
    }

    /// First day of a gate with a change that only one of two rule books has.
    fn first_gate_of_one(&self, other: &Rules) -> Option<Day> {
        let same = |a: &Gated, b: &Gated| (a.gate, &a.path, &a.value) == (b.gate, &b.path, &b.value);
        let only = |here: &[Gated], there: &[Gated]| {
            here.iter().filter(|one| !there.iter().any(|other| same(one, other))).map(|one| one.gate.from).min()
        };
        only(&self.gated, &other.gated).into_iter().chain(only(&other.gated, &self.gated)).min()
    }

    /// Lets a change that waited behind a gate hold from `day` on.
    ///
    /// # Errors
    /// There is no such rule, or its value is not one of its kind; an experiment that was read has neither.
    pub fn open(&mut self, change: &Gated, day: Day) -> Result<(), String> {
        let unknown = || format!("no rule `{}`", change.path);
        match change.path.strip_prefix("schemes.") {
            Some(path) => self.schemes.set(path, day, &change.value).map_err(|_| unknown()),
            None => {
                let set = self.set(&change.path, day, &change.value, &change.source).ok_or_else(unknown)?;
                set.map_err(|error| error.to_string())
            }
        }
    }

    /// First date on which any parameter differs between two rule books; `None` if they never differ.
    pub fn first_difference(&self, other: &Rules) -> Option<Day> {
        let mut mine = Vec::new();
        self.each(&mut |_, _, _, parameter| mine.push(parameter.steps()));
        let gates = self.first_gate_of_one(other);
        let mut first: Option<Day> = self.schemes.first_difference(&other.schemes).into_iter().chain(gates).min();
        let mut i = 0;
        other.each(&mut |_, _, _, parameter| {
            let steps = parameter.steps();
            let value_at = |steps: &[(Day, String, String)], day: Day| {
                steps[steps.partition_point(|s| s.0 <= day).saturating_sub(1)].1.clone()
            };
            for day in steps.iter().chain(&mine[i]).map(|s| s.0) {
                if value_at(&steps, day) != value_at(&mine[i], day) && first.is_none_or(|f| day < f) {
                    first = Some(day);
                }
            }
            i += 1;
        });
        first
    }
}
