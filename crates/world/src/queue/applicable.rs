//! Keys of a scheme that can move nothing in a queue world: refused as not applicable, never silently ignored.

use doorstroom_policy::scheme::{Place, Rank, Refusal, Scheme, Untaken};

use super::QueueFile;

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
    if !scheme.reserved.is_empty() {
        let why = "a queue reserves by a channel with a share that is open to some groups";
        refuse(vec![Place::Field("reserved")], why);
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
