//! Wachtrij (queue): the rules of a closed-form world, with positions instead of names and steps instead of months.
//!
//! A queue world has a law that can be written down; the formulas stand beside the laws in `experiment`. Here is only
//! what its processes ask: arrivals, lifetimes, goods, chains, stages and the scheme.

use doorstroom_kernel::{Calendar, Hazard, Threshold};

use crate::scheme::ResolvedScheme;

/// A process of a queue world; a world lists those that run, in the order in which they run.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, serde::Serialize, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub enum Process {
    /// Households give up and leave the list.
    Exits,
    /// Households come and register.
    Arrivals,
    /// Vacancies come as a stream.
    Vacancies,
    /// Tenancies of a stock end.
    TenancyEnds,
    /// Dwellings of a stock are built and closed by date.
    Building,
    /// Sitting tenants begin to look for another home.
    Transfers,
    /// Registrations that are not renewed are struck off.
    Renewals,
    /// Vacancies are let by the scheme.
    Allocation,
    /// Direct mediation beside the scheme: each household is housed with a chance.
    Mediation,
    /// Vacancies are filled by movers, who leave vacancies behind.
    Chains,
    /// Members of a population in stages survive, grow older and have children.
    Stages,
}

impl Process {
    /// Phases of the month in which the process may run, by position, in order.
    pub fn phases(self) -> &'static [usize] {
        // Policy, Demography, Reception, Supply, Registration, Quota, Allocation, Moving, Sharing, Observe
        match self {
            Process::Exits | Process::Renewals => &[1, 4, 7],
            Process::Arrivals | Process::Transfers => &[1, 4, 8],
            Process::Stages => &[1],
            Process::Vacancies | Process::Building => &[3],
            Process::TenancyEnds => &[3, 7],
            Process::Allocation | Process::Mediation => &[6],
            Process::Chains => &[7],
        }
    }

    /// The phase of every process, by position, given their order.
    ///
    /// # Errors
    /// The first process that cannot run after those before it.
    pub fn phases_of(processes: &[Process]) -> Result<Vec<usize>, Process> {
        let mut last = 0;
        let mut found = Vec::new();
        for &process in processes {
            last = process.phases().iter().copied().find(|&phase| phase >= last).ok_or(process)?;
            found.push(last);
        }
        Ok(found)
    }
}

/// How many come in a step.
#[derive(Clone, PartialEq, Debug)]
pub enum Stream {
    /// Poisson with this mean a step.
    Poisson(f64),
    /// Poisson with the mean of the last row that has begun: steps since the start, in order, the first 0; mean a step.
    PoissonFrom(Vec<(u32, f64)>),
    /// This many in every step.
    Every(u32),
}

impl Stream {
    /// Mean in the step that begins `steps` after the start.
    pub fn mean(&self, steps: u32) -> f64 {
        match self {
            Stream::Poisson(mean) => *mean,
            Stream::PoissonFrom(rows) => {
                rows.iter().take_while(|(from, _)| *from <= steps).last().map_or(0.0, |(_, mean)| *mean)
            }
            Stream::Every(count) => f64::from(*count),
        }
    }
}

/// How long something lasts.
#[derive(Clone, Copy, PartialEq, Debug)]
pub enum Lifetime {
    /// For ever.
    Endless,
    /// Exponential: a constant hazard, as a rate a step.
    Exponential(f64),
    /// Always this many steps.
    Fixed(f64),
    /// Not beyond the step in which it began.
    AtOnce,
}

impl Lifetime {
    /// Mean in steps; infinite if endless.
    pub fn mean(self) -> f64 {
        match self {
            Lifetime::Endless => f64::INFINITY,
            Lifetime::Exponential(rate) => 1.0 / rate,
            Lifetime::Fixed(steps) => steps,
            Lifetime::AtOnce => 0.0,
        }
    }

    /// The hazard of an exponential lifetime; none for the others.
    pub fn hazard(self) -> Hazard {
        match self {
            Lifetime::Exponential(rate) => Hazard::of_rate(rate, 1.0),
            _ => Hazard(0),
        }
    }
}

/// Woningdelen (house sharing): some households take a home together.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Sharing {
    /// Share of arrivals that wants to share.
    pub share: f64,
    /// Households to a home, 2 to 8.
    pub size: u8,
}

/// Seekers of one group.
#[derive(Clone, PartialEq, Debug)]
pub struct GroupRules {
    /// Name.
    pub name: String,
    /// Number of its stream of luck: its place among the groups that ever have anybody, so that an empty group moves
    /// nothing.
    pub stream: u64,
    /// On the list before the first step.
    pub at_start: u32,
    /// Arrivals in a step; `None` if nobody comes.
    pub arrivals: Option<Stream>,
    /// Time on the list before giving up.
    pub leaves: Lifetime,
    /// Chance to refuse an offer.
    pub refuses: Threshold,
    /// House sharing.
    pub sharing: Option<Sharing>,
    /// The good it prefers, by position.
    pub prefers: Option<u8>,
    /// The goods it seeks, by position; `None` for all.
    pub seeks: Option<Vec<u8>>,
    /// Chance a step of direct mediation beside the scheme.
    pub mediation: Threshold,
}

impl GroupRules {
    /// Whether it seeks this good.
    pub fn seeks(&self, good: u8) -> bool {
        self.seeks.as_ref().is_none_or(|goods| goods.contains(&good))
    }
}

/// When sitting tenants begin to look for another home.
#[derive(Clone, Copy, PartialEq, Debug)]
pub enum Looks {
    /// From the step after they moved in.
    AtOnce,
    /// With this hazard a step.
    With(Hazard),
}

/// A stock of dwellings.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Stock {
    /// Dwellings before the first step.
    pub dwellings: u32,
    /// Length of a tenancy.
    pub tenancy: Lifetime,
    /// Whether all are let before the first step.
    pub full_at_start: bool,
    /// Group in which sitting tenants look for another home, and when they begin.
    pub transfers: Option<(u8, Looks)>,
    /// Group in which tenants whose tenancy ended register anew, and the chance that they do.
    pub returns: Option<(u8, Threshold)>,
}

/// A kind of dwelling.
#[derive(Clone, PartialEq, Debug)]
pub struct GoodRules {
    /// Name.
    pub name: String,
    /// Vacancies that come as a stream; each is let once.
    pub vacancies: Option<Stream>,
    /// Dwellings that are let again and again.
    pub stock: Option<Stock>,
    /// Dwellings of the stock at later moments: steps since the start, in order, and how many; empty if it never changes.
    pub path: Vec<(u32, f64)>,
    /// Chance by good that the home a mover leaves behind is of that good; the rest of 1 ends the chain.
    pub chain: Option<Vec<f64>>,
}

impl GoodRules {
    /// Dwellings of its stock `steps` after the start: on a straight line between the points of its path, rounded; the
    /// last for ever.
    pub fn dwellings(&self, steps: u32) -> u32 {
        let mut last = (0, self.stock.map_or(0.0, |stock| f64::from(stock.dwellings)));
        for &(at, dwellings) in &self.path {
            if steps < at {
                let share = f64::from(steps - last.0) / f64::from(at - last.0);
                return (last.1 + share * (dwellings - last.1)).round() as u32;
            }
            last = (at, dwellings);
        }
        last.1.round() as u32
    }

    /// Most dwellings that its stock ever has.
    pub fn most_dwellings(&self) -> u32 {
        let begins = self.stock.map_or(0, |stock| stock.dwellings);
        self.path.iter().map(|&(_, dwellings)| dwellings.round() as u32).fold(begins, u32::max)
    }
}

/// A stage of a population.
#[derive(Clone, PartialEq, Debug)]
pub struct StageRules {
    /// Name.
    pub name: String,
    /// Members before the first step.
    pub at_start: u32,
    /// The next stage and the chance a step to be in it; the rest dies.
    pub next: Option<(u8, Threshold)>,
    /// Mean number of children in a step; they begin in the first stage.
    pub births: f64,
}

/// A queue world, ready to be run.
#[derive(Clone, PartialEq, Debug)]
pub struct QueueModel {
    /// Name for people.
    pub title: String,
    /// Start date and step length.
    pub calendar: Calendar,
    /// Processes in their order.
    pub processes: Vec<Process>,
    /// Groups in order of name.
    pub groups: Vec<GroupRules>,
    /// Goods in order of name.
    pub goods: Vec<GoodRules>,
    /// Stages in their order.
    pub stages: Vec<StageRules>,
    /// The scheme, if there is anything to allocate.
    pub scheme: Option<ResolvedScheme>,
    /// Steps before measures are taken.
    pub warm_up: u32,
    /// Months in a step: of 30.4375 days where a step is counted in days.
    pub step_months: f64,
}

impl QueueModel {
    /// Whether this process runs.
    pub fn runs(&self, process: Process) -> bool {
        self.processes.contains(&process)
    }

    /// Whether `first` runs before `second` in a step.
    pub fn before(&self, first: Process, second: Process) -> bool {
        let place = |process| self.processes.iter().position(|&other| other == process);
        matches!((place(first), place(second)), (Some(first), Some(second)) if first < second)
    }

    /// Whether a household remains a household when it is housed: somebody must know who lives where.
    pub fn follows_tenants(&self) -> bool {
        let follows = |stock: Stock| stock.transfers.is_some() || stock.returns.is_some();
        self.goods.iter().any(|good| good.stock.is_some_and(follows))
    }

    /// Position of a group by name.
    pub fn group(&self, name: &str) -> Option<usize> {
        self.groups.iter().position(|group| group.name == name)
    }

    /// Position of a good by name.
    pub fn good(&self, name: &str) -> Option<usize> {
        self.goods.iter().position(|good| good.name == name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stream_that_changes_has_the_rate_of_the_last_row_that_began() {
        let stream = Stream::PoissonFrom(vec![(0, 10.0), (3, 6.0), (5, 1.0)]);
        let means: Vec<f64> = (0..7).map(|steps| stream.mean(steps)).collect();
        assert_eq!(means, [10.0, 10.0, 10.0, 6.0, 6.0, 1.0, 1.0]);
    }

    #[test]
    fn a_stock_stands_on_a_straight_line_between_its_points_and_stays_at_the_last() {
        let stock =
            Stock { dwellings: 10, tenancy: Lifetime::Endless, full_at_start: false, transfers: None, returns: None };
        let path = vec![(4, 20.0), (6, 3.4)];
        let good = GoodRules { name: "home".into(), vacancies: None, stock: Some(stock), path, chain: None };
        // 10, 12.5 ... 20, 11.7, 3.4
        let stands: Vec<u32> = (0..9).map(|steps| good.dwellings(steps)).collect();
        assert_eq!(stands, [10, 13, 15, 18, 20, 12, 3, 3, 3]);
        assert_eq!(good.most_dwellings(), 20);
        assert_eq!(GoodRules { path: Vec::new(), ..good }.dwellings(7), 10);
    }
}
