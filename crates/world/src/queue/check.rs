//! What a queue world may not say; what has no effect in it is refused as not applicable.

use std::collections::BTreeMap;

use doorstroom_kernel::StepLength;
use doorstroom_policy::queue::Process;
use doorstroom_policy::scheme::Scheme;

use super::units::{Lifetime, Rate, Span, Stream};
use super::{Good, Group, QueueFile, Stock};
use crate::notation::VERSION;
use crate::read::{Path, suggest};

/// Most households, dwellings or members that a world begins with, and most that come in a step.
const MOST: u32 = 1_000_000;
/// Most groups, goods or stages.
const MOST_KINDS: usize = 64;

/// Something a world may not say.
#[derive(Clone, Debug, PartialEq)]
pub struct Fault {
    /// Where.
    pub path: Path,
    /// What is wrong and what would be right.
    pub message: String,
    /// A remedy.
    pub hint: Option<String>,
}

/// Collects faults.
struct Finder(Vec<Fault>);

impl Finder {
    fn refuse(&mut self, path: Path, message: impl Into<String>) {
        self.0.push(Fault { path, message: message.into(), hint: None });
    }

    fn number(&mut self, path: Path, what: &str, value: f64, allowed: (f64, f64)) {
        if !(allowed.0..=allowed.1).contains(&value) {
            let message = format!("{what} is {value}; it must lie between {} and {}", allowed.0, allowed.1);
            self.refuse(path, message);
        }
    }

    fn count(&mut self, path: Path, what: &str, value: u32) {
        self.number(path, what, f64::from(value), (0.0, f64::from(MOST)));
    }

    fn name<'n>(&mut self, path: Path, what: &str, word: &str, known: impl Iterator<Item = &'n String> + Clone) {
        if known.clone().any(|name| name == word) {
            return;
        }
        let hint = suggest(word, known.map(String::as_str)).map(|meant| format!("did you mean \"{meant}\"?"));
        self.0.push(Fault { path, message: format!("there is no {what} \"{word}\""), hint });
    }

    fn rate(&mut self, path: Path, what: &str, rate: Rate, step: StepLength) {
        let number = rate.number();
        if !(number > 0.0 && number.is_finite()) {
            self.refuse(path, format!("{what} is {number}; a rate must be greater than 0"));
        } else if rate.per_step(step) > f64::from(MOST) {
            self.refuse(path, format!("{what} is more than {MOST} a step"));
        }
    }

    fn stream(&mut self, path: Path, what: &str, stream: &Stream, step: StepLength) {
        match stream {
            Stream::Poisson(rate) => self.rate(path, what, *rate, step),
            Stream::PoissonFrom(rows) => {
                if rows.first().is_none_or(|(from, _)| from.whole_steps(step) != 0) {
                    self.refuse(path.clone(), format!("the first rate of {what} begins at the start: `Steps(0)`"));
                }
                self.ascending(&path, what, rows.iter().map(|(from, _)| *from), step);
                for &(_, rate) in rows {
                    self.rate(path.clone(), what, rate, step);
                }
            }
            Stream::Every(count) => {
                self.number(path, what, f64::from(*count), (1.0, f64::from(MOST)));
            }
        }
    }

    /// Moments that come one after the other, at least a step apart.
    fn ascending(&mut self, path: &Path, what: &str, moments: impl Iterator<Item = Span>, step: StepLength) {
        let mut last = None;
        for moment in moments {
            let steps = moment.whole_steps(step);
            if !moment.is_sound() || last.is_some_and(|last| steps <= last) {
                self.refuse(path.clone(), format!("the moments of {what} must be in order, at least a step apart"));
                return;
            }
            last = Some(steps);
        }
    }

    fn lifetime(&mut self, path: Path, what: &str, lifetime: Lifetime, step: StepLength) {
        match lifetime {
            Lifetime::Exponential(rate) => self.rate(path, what, rate, step),
            Lifetime::Fixed(span) if !span.is_sound() || span.steps(step) <= 0.0 => {
                self.refuse(path, format!("{what} must take longer than 0"));
            }
            Lifetime::Fixed(_) | Lifetime::AtOnce => {}
        }
    }
}

impl QueueFile {
    /// What is wrong whatever the scheme says.
    pub fn faults(&self) -> Vec<Fault> {
        let root = Path::root();
        let mut finder = Finder(Vec::new());
        if self.version != VERSION {
            let message = format!("`version` is {}; this program reads version {VERSION}", self.version);
            finder.refuse(root.field("version"), message);
        }
        if self.title.trim().is_empty() {
            finder.refuse(root.field("title"), "`title` is empty");
        }
        if matches!(self.step, StepLength::Months(0) | StepLength::Days(0)) {
            finder.refuse(root.field("step"), "a step takes at least one month or day");
            return finder.0;
        }
        if !self.warm_up.is_sound() {
            finder.refuse(root.field("warm_up"), "`warm_up` must be at least 0");
        }
        let kinds = [("groups", self.groups.len()), ("goods", self.goods.len()), ("stages", self.stages.len())];
        for (field, _) in kinds.into_iter().filter(|(_, count)| *count > MOST_KINDS) {
            finder.refuse(root.field(field), format!("more than {MOST_KINDS} `{field}`"));
        }
        for (name, group) in &self.groups {
            self.group(&mut finder, &root.field("groups").key(name), name, group);
        }
        for (name, good) in &self.goods {
            self.good(&mut finder, &root.field("goods").key(name), name, good);
        }
        for (i, stage) in self.stages.iter().enumerate() {
            let at = root.field("stages").index(i);
            finder.count(at.field("at_start"), "`at_start`", stage.at_start);
            finder.number(at.field("births"), "`births`", stage.births, (0.0, 100.0));
            if self.stages[..i].iter().any(|other| other.name == stage.name) {
                finder.refuse(at.field("name"), format!("the stage \"{}\" is named twice", stage.name));
            }
            if let Some(survival) = &stage.survives {
                let at = at.field("survives");
                finder.number(at.field("share"), "`share`", survival.share, (0.0, 1.0));
                finder.name(at.field("to"), "stage", &survival.to, self.stages.iter().map(|stage| &stage.name));
            }
        }
        self.processes(&mut finder, &root.field("processes"));
        finder.0
    }

    fn group(&self, finder: &mut Finder, at: &Path, name: &str, group: &Group) {
        if name.trim().is_empty() || name == "all" {
            finder.refuse(at.clone(), format!("a group cannot be called \"{name}\""));
        }
        if let Some(arrivals) = &group.arrivals {
            finder.stream(at.field("arrivals"), "`arrivals`", arrivals, self.step);
        }
        if let Some(count) = group.at_start {
            finder.count(at.field("at_start"), "`at_start`", count);
        }
        if let Some(leaves) = group.leaves {
            finder.lifetime(at.field("leaves"), "`leaves`", leaves, self.step);
            let after =
                self.after(Process::Allocation, Process::Exits) || self.after(Process::Mediation, Process::Exits);
            if leaves == Lifetime::AtOnce && !after {
                let message = "who leaves at once is never offered anything; let `Exits` run after `Allocation`";
                finder.refuse(at.field("leaves"), message);
            }
        }
        if let Some(refuses) = group.refuses {
            finder.number(at.field("refuses"), "`refuses`", refuses, (0.0, 0.999_999));
            if self.scheme.is_none() {
                finder.refuse(at.field("refuses"), "nothing is offered in a world without a scheme");
            }
        }
        if let Some(sharing) = group.sharing {
            finder.number(at.field("sharing").field("share"), "`share`", sharing.share, (0.0, 1.0));
            finder.number(at.field("sharing").field("size"), "`size`", f64::from(sharing.size), (2.0, 8.0));
        }
        if let Some(prefers) = &group.prefers {
            finder.name(at.field("prefers"), "good", prefers, self.goods.keys());
        }
        if let Some(goods) = &group.seeks {
            self.seeks(finder, &at.field("seeks"), goods);
            if let Some(prefers) = group.prefers.as_ref().filter(|good| !goods.contains(good)) {
                finder.refuse(at.field("prefers"), format!("the group prefers \"{prefers}\", but does not seek it"));
            }
        }
        if let Some(chance) = group.mediation_per_step {
            finder.number(at.field("mediation_per_step"), "`mediation_per_step`", chance, (0.0, 1.0));
        }
        let looks = self.transfers().any(|transfers| transfers.group == name);
        let own = group.arrivals.is_some() || group.at_start.is_some() || group.sharing.is_some();
        if looks && own {
            let message = "sitting tenants look in this group; it has no arrivals, start or sharing of its own";
            finder.refuse(at.clone(), message);
        }
        let returns = self.stocks().filter_map(|stock| stock.returns.as_ref()).any(|returns| returns.group == name);
        if looks && returns {
            finder.refuse(at.clone(), "whose tenancy ended is no sitting tenant; let them return to another group");
        }
        if !looks && !returns && group.arrivals.is_none() && group.at_start.is_none() {
            finder.refuse(
                at.clone(),
                format!("nobody is ever in the group \"{name}\": give it `arrivals` or `at_start`"),
            );
        }
    }

    fn good(&self, finder: &mut Finder, at: &Path, name: &str, good: &Good) {
        if good.vacancies.is_some() && good.stock.is_some() {
            finder.refuse(at.clone(), "`vacancies` from outside and a `stock` are two goods; name them apart");
        }
        if let Some(vacancies) = &good.vacancies {
            finder.stream(at.field("vacancies"), "`vacancies`", vacancies, self.step);
        }
        if let Some(stock) = &good.stock {
            self.stock(finder, &at.field("stock"), stock);
        }
        if let Some(chain) = &good.chain {
            let at = at.field("chain");
            for (other, &share) in chain {
                finder.name(at.key(other), "good", other, self.goods.keys());
                finder.number(at.key(other), "the share", share, (0.0, 1.0));
            }
            let total: f64 = chain.values().sum();
            if total >= 1.0 {
                finder.refuse(at, format!("the shares sum to {total}; below 1, or no chain from \"{name}\" ends"));
            }
        }
        let supplied = good.vacancies.is_some() || good.stock.is_some();
        let reached = self.goods.values().any(|other| chains_to(other.chain.as_ref(), name));
        let passed_on = good.chain.is_some() && reached;
        if !supplied && !passed_on {
            finder.refuse(at.clone(), format!("there is never a \"{name}\": give it `vacancies` or a `stock`"));
        }
    }

    fn seeks(&self, finder: &mut Finder, at: &Path, goods: &[String]) {
        for (i, good) in goods.iter().enumerate() {
            finder.name(at.index(i), "good", good, self.goods.keys());
            if goods[..i].contains(good) {
                finder.refuse(at.index(i), format!("\"{good}\" is named twice"));
            }
        }
        if goods.is_empty() {
            finder.refuse(at.clone(), "who seeks nothing is never housed; name a good");
        } else if goods.len() >= self.goods.len() {
            finder.refuse(at.clone(), "not applicable: all goods are named, as without `seeks`");
        }
    }

    fn stock(&self, finder: &mut Finder, at: &Path, stock: &Stock) {
        finder.number(at.field("dwellings"), "`dwellings`", f64::from(stock.dwellings), (0.0, f64::from(MOST)));
        let path = at.field("path");
        finder.ascending(
            &path,
            "`path`",
            [Span::Steps(0)].into_iter().chain(stock.path.iter().map(|p| p.0)),
            self.step,
        );
        for &(_, dwellings) in &stock.path {
            finder.number(path.clone(), "a point of `path`", dwellings, (0.0, f64::from(MOST)));
        }
        if stock.path.iter().all(|&(_, dwellings)| dwellings == f64::from(stock.dwellings)) {
            if stock.dwellings == 0 {
                finder.refuse(at.field("dwellings"), "there is never a dwelling; a stock has at least one");
            } else if !stock.path.is_empty() {
                finder.refuse(path, "not applicable: the stock never changes");
            }
        }
        if let Some(tenancy) = stock.tenancy {
            finder.lifetime(at.field("tenancy"), "`tenancy`", tenancy, self.step);
        }
        if stock.full_at_start && stock.dwellings == 0 {
            finder.refuse(at.field("full_at_start"), "not applicable: no dwelling stands at the start");
        }
        if let Some(transfers) = &stock.transfers {
            let at = at.field("transfers");
            finder.name(at.field("group"), "group", &transfers.group, self.groups.keys());
            if let Some(rate) = transfers.rate {
                finder.rate(at.field("rate"), "`rate`", rate, self.step);
            }
        }
        if let Some(returns) = &stock.returns {
            let at = at.field("returns");
            finder.name(at.field("group"), "group", &returns.group, self.groups.keys());
            if !(returns.share > 0.0 && returns.share <= 1.0) {
                finder.refuse(at.field("share"), format!("`share` is {}; above 0 and at most 1", returns.share));
            }
            if stock.tenancy.is_none() {
                finder.refuse(at, "not applicable: no tenancy of this stock ever ends by itself");
            }
        }
    }

    fn stocks(&self) -> impl Iterator<Item = &Stock> {
        self.goods.values().filter_map(|good| good.stock.as_ref())
    }

    fn transfers(&self) -> impl Iterator<Item = &super::Transfers> {
        self.stocks().filter_map(|stock| stock.transfers.as_ref())
    }

    /// Whether `second` runs after `first`.
    fn after(&self, first: Process, second: Process) -> bool {
        let place = |process| self.processes.iter().position(|&other| other == process);
        matches!((place(first), place(second)), (Some(first), Some(second)) if first < second)
    }

    fn processes(&self, finder: &mut Finder, at: &Path) {
        for (i, process) in self.processes.iter().enumerate() {
            if self.processes[..i].contains(process) {
                finder.refuse(at.index(i), format!("`{process:?}` is named twice"));
            }
        }
        if let Err(process) = Process::phases_of(&self.processes) {
            let i = self.processes.iter().rposition(|&other| other == process).unwrap_or(0);
            let message = format!("`{process:?}` cannot run so late; it comes before what stands above it");
            finder.refuse(at.index(i), message);
        }
        let groups = || self.groups.values();
        let goods = || self.goods.values();
        let needed = [
            (Process::Exits, groups().any(|group| group.leaves.is_some()), "a group that `leaves`"),
            (Process::Arrivals, groups().any(|group| group.arrivals.is_some()), "a group with `arrivals`"),
            (Process::Vacancies, goods().any(|good| good.vacancies.is_some()), "a good with `vacancies`"),
            (Process::TenancyEnds, self.stocks().any(|stock| stock.tenancy.is_some()), "a stock with a `tenancy`"),
            (Process::Building, self.stocks().any(|stock| !stock.path.is_empty()), "a stock with a `path`"),
            (
                Process::Transfers,
                self.transfers().any(|transfers| transfers.rate.is_some()),
                "`transfers` with a `rate`",
            ),
            (Process::Allocation, self.scheme.is_some(), "a `scheme`"),
            (
                Process::Mediation,
                groups().any(|group| group.mediation_per_step.is_some()),
                "a group with `mediation_per_step`",
            ),
            (Process::Chains, goods().any(|good| good.chain.is_some()), "a good with a `chain`"),
            (Process::Stages, !self.stages.is_empty(), "`stages`"),
        ];
        for (process, there, what) in needed {
            let runs = self.processes.contains(&process);
            if there && !runs {
                finder.refuse(at.clone(), format!("the world has {what}, but `{process:?}` does not run"));
            } else if runs && !there {
                finder.refuse(at.clone(), format!("`{process:?}` has nothing to do without {what}"));
            }
        }
        let chains = goods().any(|good| good.chain.is_some());
        if chains && (self.scheme.is_some() || goods().any(|good| good.chain.is_none())) {
            let message = "goods with a `chain` are filled by movers nobody counts; they stand in a world of their own, \
                           without a scheme";
            finder.refuse(Path::root().field("goods"), message);
        }
        if !chains && !self.goods.is_empty() && self.scheme.is_none() {
            finder.refuse(Path::root(), "vacancies are let by a `scheme`; the world has none");
        }
    }

    /// What is wrong with the world given its scheme.
    pub fn faults_with(&self, scheme: Option<&Scheme>) -> Vec<Fault> {
        let mut finder = Finder(Vec::new());
        let Some(scheme) = scheme else { return finder.0 };
        let renews = self.processes.contains(&Process::Renewals);
        if renews != scheme.registration.is_some() {
            let message = if renews {
                "`Renewals` has nothing to do: the scheme has no `registration`"
            } else {
                "the scheme has a `registration` that must be renewed, but `Renewals` does not run"
            };
            finder.refuse(Path::root().field("processes"), message);
        }
        let (prefers, defers) =
            (self.groups.values().any(|group| group.prefers.is_some()), !scheme.deferral.is_empty());
        if defers && !prefers {
            finder.refuse(Path::root().field("groups"), "the scheme has a `deferral`, but no group `prefers` a good");
        }
        finder.0
    }

    /// Length of a run in steps.
    pub fn steps(&self, length: Span) -> u32 {
        length.whole_steps(self.step)
    }
}

fn chains_to(chain: Option<&BTreeMap<String, f64>>, name: &str) -> bool {
    chain.is_some_and(|chain| chain.get(name).is_some_and(|&share| share > 0.0))
}
