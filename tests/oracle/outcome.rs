//! What an Allocation phase leaves behind, in names, and the first thing in which two outcomes differ.

use std::fmt::Debug;

use doorstroom_kernel::Step;
use doorstroom_state::dwelling::DwellingForm;
use doorstroom_state::group::SeekerGroup;
use doorstroom_state::household::{HomeKind, Seeker};
use doorstroom_state::ledger::{AdvertFlows, Channel, Ground, SearchFlows};
use doorstroom_state::name::KinName;
use doorstroom_state::quota::QuotaAccount;

/// One letting.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Let {
    /// Who gets it.
    pub household: KinName,
    /// What.
    pub dwelling: KinName,
    /// Channel.
    pub channel: Channel,
    /// Ground.
    pub ground: Ground,
    /// How many offers it took.
    pub rank: u16,
    /// Registration used, and its age in days; `None` without one.
    pub row: Option<(KinName, i32)>,
    /// A room, a flex home.
    pub form: DwellingForm,
}

/// A household after the phase.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct After {
    /// Who.
    pub name: KinName,
    /// How it lives now.
    pub home: HomeKind,
    /// Linked offers refused.
    pub refusals: u8,
    /// Whether there is a duty to house it.
    pub duty: bool,
    /// End of the urgency statement.
    pub urgent_until: Step,
}

impl After {
    /// A household with these search facts.
    pub fn of(name: KinName, home: HomeKind, seeker: &Seeker) -> Self {
        After { name, home, refusals: seeker.refusals, duty: seeker.duty, urgent_until: seeker.urgent_until }
    }
}

/// Everything the phase decides.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Outcome {
    /// Lettings in the order in which they were decided.
    pub lettings: Vec<Let>,
    /// Reacting rows, reactions, offers and refusals by market and group.
    pub search: Vec<[SearchFlows; 6]>,
    /// Adverts, reactions on them and unfilled ones by market.
    pub adverts: Vec<AdvertFlows>,
    /// Corporation dwellings still vacant, offered or not, by name.
    pub vacant: Vec<KinName>,
    /// Quota accounts by municipality.
    pub accounts: Vec<QuotaAccount>,
    /// Earmarks carried to the next step by municipality.
    pub carried: Vec<f64>,
    /// Households by slot.
    pub households: Vec<After>,
    /// Rows by slot with the step of the last reaction.
    pub rows: Vec<(KinName, Step)>,
    /// Dwellings by slot with form and capacity.
    pub dwellings: Vec<(KinName, DwellingForm, u8)>,
    /// Dwellings turned into shared homes.
    pub converted: u32,
    /// Lettings of dwellings kept for a group; the oracle counts them, and they are not compared.
    pub kept: u32,
}

impl Outcome {
    /// Search flows with market and group.
    fn flows(&self) -> Vec<(usize, SeekerGroup, SearchFlows)> {
        let markets = self.search.iter().enumerate();
        markets.flat_map(|(m, flows)| SeekerGroup::ALL.map(|group| (m, group, flows[group as usize]))).collect()
    }

    /// The first difference in words; `None` if there is none.
    pub fn difference(&self, oracle: &Outcome) -> Option<String> {
        first("letting", &self.lettings, &oracle.lettings)
            .or_else(|| first("search flows of market and group", &self.flows(), &oracle.flows()))
            .or_else(|| first("adverts of market", &self.adverts, &oracle.adverts))
            .or_else(|| first("vacant dwelling", &self.vacant, &oracle.vacant))
            .or_else(|| first("account of municipality", &self.accounts, &oracle.accounts))
            .or_else(|| first("earmark carried by municipality", &self.carried, &oracle.carried))
            .or_else(|| first("household", &self.households, &oracle.households))
            .or_else(|| first("row", &self.rows, &oracle.rows))
            .or_else(|| first("dwelling", &self.dwellings, &oracle.dwellings))
            .or_else(|| first("number converted", &[self.converted], &[oracle.converted]))
    }
}

fn first<T: PartialEq + Debug>(what: &str, engine: &[T], oracle: &[T]) -> Option<String> {
    let longer = engine.len().max(oracle.len());
    let at = (0..longer).find(|&i| engine.get(i) != oracle.get(i))?;
    Some(format!("{what} {at}:\n  engine {:?}\n  oracle {:?}", engine.get(at), oracle.get(at)))
}
