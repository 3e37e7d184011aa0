//! What happened in the towns, so that a comparison of nothing with nothing is noticed.

use std::collections::BTreeMap;

use doorstroom_kernel::Step;
use doorstroom_state::dwelling::DwellingForm;
use doorstroom_state::group::SeekerGroup;
use doorstroom_state::household::HomeKind;
use doorstroom_state::ledger::{Channel, Ground};

use crate::outcome::Outcome;
use crate::town::Town;

/// What must have happened, each at least [`LEAST`] times in all towns together.
const HAPPENS: [&str; 22] = [
    "self-contained home for a status holder",
    "shared home for a status holder",
    "flex home for a status holder",
    "interim place",
    "duty ended by a refusal",
    "status holder listed by a by-law",
    "medical",
    "renewal",
    "care leaver in a self-contained home",
    "care leaver in a flex home",
    "other direct",
    "lottery",
    "advertised, local binding",
    "advertised, no binding",
    "statement ended by a refusal",
    "accepted at rank 16 to 48",
    "accepted at rank 49 or later",
    "advert unfilled",
    "earmark carried up to the limit",
    "row that reacted",
    "dwelling let that was kept for a group",
    "lagging municipality helped",
];

/// The least number of times.
const LEAST: usize = 10;

/// How often what happened.
#[derive(Default)]
pub struct Seen(BTreeMap<&'static str, usize>);

impl Seen {
    fn add(&mut self, what: &'static str, times: usize) {
        *self.0.entry(what).or_default() += times;
    }

    /// Counts what happened in one town.
    pub fn count(&mut self, town: &Town, outcome: &Outcome) {
        for letting in &outcome.lettings {
            self.add(
                match (letting.channel, letting.ground, letting.form) {
                    (_, Ground::StatusHolder, DwellingForm::SelfContained) => "self-contained home for a status holder",
                    (_, Ground::StatusHolder, DwellingForm::Shared) => "shared home for a status holder",
                    (_, Ground::StatusHolder, DwellingForm::Flex) => "flex home for a status holder",
                    (_, Ground::StatusUrgency, _) => "status holder listed by a by-law",
                    (_, Ground::Medical, _) => "medical",
                    (_, Ground::Renewal, _) => "renewal",
                    (_, Ground::CareLeaver, DwellingForm::Flex) => "care leaver in a flex home",
                    (_, Ground::CareLeaver, _) => "care leaver in a self-contained home",
                    (_, Ground::OtherDirect, _) => "other direct",
                    (_, Ground::LocalBinding, _) => "advertised, local binding",
                    (Channel::Lottery, _, _) => "lottery",
                    (_, Ground::None, _) => "advertised, no binding",
                },
                1,
            );
            self.add("accepted at rank 16 to 48", usize::from((16..=48).contains(&letting.rank)));
            self.add("accepted at rank 49 or later", usize::from(letting.rank > 48));
        }
        for (before, after) in town.population.seekers.iter().zip(&outcome.households) {
            let is_urgent = before.group == SeekerGroup::Urgent;
            self.add("duty ended by a refusal", usize::from(before.duty && !after.duty));
            self.add("statement ended by a refusal", usize::from(is_urgent && after.urgent_until == town.step));
        }
        for (before, after) in town.population.homes.iter().zip(&outcome.households) {
            self.add("interim place", usize::from(before.kind != after.home && after.home == HomeKind::Interim));
        }
        self.add("dwelling let that was kept for a group", outcome.kept as usize);
        let helped = town.rules.quota.support_of_lagging.get() > 1.0;
        let lagging = town.population.accounts.iter().filter(|account| helped && account.missed >= 2).count();
        self.add("lagging municipality helped", lagging);
        let reacted = |row: &&(_, Step)| row.1 == town.step;
        self.add("row that reacted", outcome.rows.iter().filter(reacted).count());
        self.add("advert unfilled", outcome.adverts.iter().map(|flows| flows.unfilled as usize).sum());
        self.add("earmark carried up to the limit", outcome.carried.iter().filter(|&&carried| carried == 2.0).count());
    }

    /// Says what was too rare for the comparison to mean something.
    pub fn assert_everything_happened(&self) {
        for what in HAPPENS {
            let times = self.0.get(what).copied().unwrap_or(0);
            assert!(times >= LEAST, "`{what}` happened only {times} times: {:?}", self.0);
        }
    }
}
