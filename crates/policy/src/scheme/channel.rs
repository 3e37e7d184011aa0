//! Kanalen (channels): part of the vacancies, who may react, who comes first, what offers and refusals do.

use serde::Deserialize;

use super::rank::Rank;

/// Kanaal (channel).
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Channel {
    /// Name, by which results and `NextChannel` call it.
    pub name: String,
    /// Share of vacancies that begins here, 0 to 1. A channel with share 0 gets what others pass on.
    pub share: f64,
    /// Volgorde (rank) of candidates of one class.
    pub rank: Rank,
    /// Groups that may react; all if left out. A reserved quota is a channel with a share for some groups.
    #[serde(default)]
    pub open_to: Option<Vec<String>>,
    /// Voorrangsklassen (priority classes), first class first; groups in none come last.
    #[serde(default)]
    pub priority: Vec<Vec<String>>,
    /// Labels, at most one a dwelling: youth, senior, family, large household, doorstromer.
    #[serde(default)]
    pub labels: Vec<Label>,
    /// Bindingseisen (binding quotas), at most one a dwelling and drawn apart from the label: regional, local.
    #[serde(default)]
    pub bindings: Vec<Label>,
    /// Dwellings to which a household may react in one step (at least 1); no bound if left out.
    #[serde(default)]
    pub most_reactions: Option<u32>,
    /// Offers of one dwelling in one step before it counts as not taken (at least 1); no bound if left out.
    #[serde(default)]
    pub most_offers: Option<u32>,
    /// What becomes of a dwelling that nobody took.
    #[serde(default)]
    pub untaken: Untaken,
    /// What a refusal costs.
    #[serde(default)]
    pub refusal: Refusal,
    /// Passend toewijzen (income fit): largest share of income that rent may take. Regions only.
    #[serde(default)]
    pub income_fit: Option<f64>,
    /// Bezettingsnorm (room fit): most rooms above the number of persons. Regions only.
    #[serde(default)]
    pub room_fit: Option<u32>,
}

/// A mark on a share of dwellings that lets some groups go before the others of their class.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Label {
    /// Name.
    pub name: String,
    /// Share of the dwellings of the channel that carry it, drawn for each dwelling.
    pub share: f64,
    /// Groups that go first.
    pub groups: Vec<String>,
}

/// What becomes of a dwelling that nobody took in a step, or that was offered as often as allowed.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub enum Untaken {
    /// It is advertised again in the next step.
    #[default]
    Readvertise,
    /// It goes to another channel, in the same step.
    NextChannel(String),
    /// It is lost to the list.
    Lost,
}

/// What a refusal costs who refuses.
#[derive(Clone, Copy, Debug, Default, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub enum Refusal {
    /// Nothing.
    #[default]
    Free,
    /// The registration time: it begins anew.
    LosesPlace,
    /// The search points collected so far.
    LosesPoints,
    /// The place on the list (one offer only, such as a status holder's).
    EndsDuty,
}
