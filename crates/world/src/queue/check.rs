//! What a queue world may not say; what has no effect in it is refused as not applicable.

use std::collections::BTreeMap;

use doorstroom_kernel::StepLength;
use doorstroom_policy::queue::Process;
use doorstroom_policy::scheme::{Place, Rank, Refusal, Scheme, Untaken};

use super::units::{Lifetime, Rate, Span, Stream};
use super::{Good, Group, QueueFile};
use crate::definition::VERSION;
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

    fn stream(&mut self, path: Path, what: &str, stream: Stream, step: StepLength) {
        match stream {
            Stream::Poisson(rate) => self.rate(path, what, rate, step),
            Stream::Every(count) => {
                self.number(path, what, f64::from(count), (1.0, f64::from(MOST)));
            }
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
        if let Some(arrivals) = group.arrivals {
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
        if let Some(chance) = group.mediation_per_step {
            finder.number(at.field("mediation_per_step"), "`mediation_per_step`", chance, (0.0, 1.0));
        }
        let looks = self.transfers().any(|transfers| transfers.group == name);
        let own = group.arrivals.is_some() || group.at_start.is_some() || group.sharing.is_some();
        if looks && own {
            let message = "sitting tenants look in this group; it has no arrivals, start or sharing of its own";
            finder.refuse(at.clone(), message);
        }
        if !looks && group.arrivals.is_none() && group.at_start.is_none() {
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
        if let Some(vacancies) = good.vacancies {
            finder.stream(at.field("vacancies"), "`vacancies`", vacancies, self.step);
        }
        if let Some(stock) = &good.stock {
            let at = at.field("stock");
            finder.number(at.field("dwellings"), "`dwellings`", f64::from(stock.dwellings), (1.0, f64::from(MOST)));
            finder.lifetime(at.field("tenancy"), "`tenancy`", stock.tenancy, self.step);
            if let Some(transfers) = &stock.transfers {
                let at = at.field("transfers");
                finder.name(at.field("group"), "group", &transfers.group, self.groups.keys());
                finder.rate(at.field("rate"), "`rate`", transfers.rate, self.step);
            }
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
        if !supplied && !(good.chain.is_some() && reached) {
            finder.refuse(at.clone(), format!("there is never a \"{name}\": give it `vacancies` or a `stock`"));
        }
    }

    fn transfers(&self) -> impl Iterator<Item = &super::Transfers> {
        self.goods.values().filter_map(|good| good.stock.as_ref()?.transfers.as_ref())
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
            (Process::TenancyEnds, goods().any(|good| good.stock.is_some()), "a good with a `stock`"),
            (Process::Transfers, self.transfers().next().is_some(), "a stock with `transfers`"),
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
        length.steps(self.step).round() as u32
    }
}

fn chains_to(chain: Option<&BTreeMap<String, f64>>, name: &str) -> bool {
    chain.is_some_and(|chain| chain.get(name).is_some_and(|&share| share > 0.0))
}

/// Keys of a scheme that can move nothing in this world.
pub(super) fn not_applicable(file: &QueueFile, scheme: &Scheme) -> Vec<(Vec<Place>, String)> {
    let mut found = Vec::new();
    let mut refuse = |place: Vec<Place>, why: &str| found.push((place, format!("not applicable: {why}")));
    let refuses = file.groups.values().any(|group| group.refuses.is_some_and(|chance| chance > 0.0));
    let declines = refuses || !scheme.deferral.is_empty();
    for (i, channel) in scheme.channels.iter().enumerate() {
        let at = |name: &'static str| vec![Place::Field("channels"), Place::Index(i), Place::Field(name)];
        if channel.income_fit.is_some() {
            refuse(at("income_fit"), "a queue world has neither incomes nor rents");
        }
        if channel.room_fit.is_some() {
            refuse(at("room_fit"), "a queue world has neither rooms nor persons");
        }
        if channel.most_offers.is_some() && !declines {
            refuse(at("most_offers"), "no group of this world ever refuses");
        }
        if channel.most_reactions.is_some() && channel.rank == Rank::Direct {
            refuse(at("most_reactions"), "nobody reacts where the landlord proposes");
        }
        if channel.refusal != Refusal::Free && !refuses {
            refuse(at("refusal"), "no group of this world ever refuses");
        }
        let ranks = |test: fn(&Rank) -> bool| scheme.channels.iter().any(|channel| test(&channel.rank));
        let by_time = ranks(|rank| !matches!(rank, Rank::Lottery));
        if channel.refusal == Refusal::LosesPlace && !by_time {
            refuse(at("refusal"), "no channel of this scheme looks at the time of registration");
        }
        let searches = ranks(|rank| matches!(rank, Rank::Points(points) if !points.search.is_empty()));
        if channel.refusal == Refusal::LosesPoints && !searches {
            refuse(at("refusal"), "no channel of this scheme gives search points");
        }
        let reached =
            scheme.channels[..i].iter().any(|other| other.untaken == Untaken::NextChannel(channel.name.clone()));
        if channel.share == 0.0 && !reached {
            refuse(at("share"), "no vacancy ever comes here: it has no share, and no channel passes on to it");
        }
    }
    if scheme.offers_per_household.is_some() && !refuses {
        refuse(vec![Place::Field("offers_per_household")], "no group of this world ever refuses");
    }
    if !scheme.urgency.is_empty() {
        let why = "a queue world has no urgency statements; give the group a class in `priority`";
        refuse(vec![Place::Field("urgency")], why);
    }
    if let Some(rules) = &scheme.registration {
        let regions = [
            ("lapses_on_acceptance", rules.lapses_on_acceptance),
            ("kept_on_move", rules.kept_on_move),
            ("from_grant", rules.from_grant),
        ];
        for (name, _) in regions.into_iter().filter(|(_, value)| value.is_some()) {
            refuse(vec![Place::Field("registration"), Place::Field(name)], "it is a rule of regions with a register");
        }
    }
    found
}
