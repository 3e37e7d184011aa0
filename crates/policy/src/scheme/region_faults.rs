//! What a scheme may not say in a region: what has no effect there is refused as not applicable, and numbers need
//! sources.

use super::faults::{Fault, Known, Place};
use super::rank::Rank;
use super::{Channel, NAMES, Refusal, Scheme, Untaken};

/// Grounds of urgency that the world knows.
const GROUNDS: [&str; 2] = ["medical", "renewal"];

pub(super) fn of(scheme: &Scheme) -> Vec<Fault> {
    let mut faults = scheme.faults(&NAMES, &[]);
    faults.retain(|fault| fault.place.first() != Some(&Place::Field("deferral")));
    let mut refuse = |place: Vec<Place>, why: &str| {
        faults.push(Fault { place, message: format!("not applicable: {why}"), known: None });
    };
    if !scheme.deferral.is_empty() {
        refuse(vec![Place::Field("deferral")], "a region has dwellings of many sizes, not goods to wait for");
    }
    for (i, channel) in scheme.channels.iter().enumerate() {
        for (field, why) in idle_fields(scheme, channel, i) {
            refuse(vec![Place::Field("channels"), Place::Index(i), Place::Field(field)], why);
        }
    }
    if let Some(rules) = &scheme.registration
        && rules.kept_on_move.is_some()
        && rules.lapses_on_acceptance != Some(false)
    {
        let why = "the registration ends when a home is accepted; say `lapses_on_acceptance: false` to keep it";
        refuse(vec![Place::Field("registration"), Place::Field("kept_on_move")], why);
    }
    for ground in scheme.urgency.keys().filter(|ground| !GROUNDS.contains(&ground.as_str())) {
        let known = Known { word: ground.clone(), names: GROUNDS.map(str::to_owned).to_vec() };
        let place = vec![Place::Field("urgency"), Place::Key(ground.clone())];
        faults.push(Fault { place, message: format!("there is no ground \"{ground}\""), known: Some(known) });
    }
    sources(scheme, &mut faults);
    faults
}

/// Fields of a channel that move nothing, and why.
fn idle_fields(scheme: &Scheme, channel: &Channel, position: usize) -> Vec<(&'static str, &'static str)> {
    let any = |test: fn(&Rank) -> bool| scheme.channels.iter().any(|other| test(&other.rank));
    let searches = any(|rank| matches!(rank, Rank::Points(points) if !points.search.is_empty()));
    let earlier = &scheme.channels[..position];
    let reached = earlier.iter().any(|other| other.untaken == Untaken::NextChannel(channel.name.clone()));
    let mut idle = Vec::new();
    if channel.untaken == Untaken::Lost {
        idle.push(("untaken", "a dwelling of a corporation stays on offer; name a channel, or advertise it again"));
    }
    if channel.most_reactions.is_some() && channel.rank == Rank::Direct {
        idle.push(("most_reactions", "nobody reacts where the landlord proposes"));
    }
    if channel.refusal == Refusal::LosesPlace && !any(|rank| !matches!(rank, Rank::Lottery)) {
        idle.push(("refusal", "no channel of this scheme looks at the time of registration"));
    }
    if channel.refusal == Refusal::LosesPoints && !searches {
        idle.push(("refusal", "no channel of this scheme gives search points"));
    }
    if let Rank::Points(points) = &channel.rank {
        if points.search_reactions.is_some() && points.search.is_empty() {
            idle.push(("rank", "`search_reactions` without `search` points"));
        }
        if points.lost_per_refusal.is_some() && channel.refusal != Refusal::LosesPoints {
            idle.push(("rank", "`lost_per_refusal` where a refusal costs no points; say `refusal: LosesPoints`"));
        }
    }
    if channel.share == 0.0 && !reached {
        idle.push(("share", "no vacancy ever comes here: it has no share, and no channel passes on to it"));
    }
    idle
}

/// Numbers without source, and sources of nothing.
fn sources(scheme: &Scheme, faults: &mut Vec<Fault>) {
    let numbers = numbers(scheme);
    let covers =
        |key: &str, path: &str| path == key || path.strip_prefix(key).is_some_and(|rest| rest.starts_with('.'));
    for (path, place) in &numbers {
        if !scheme.sources.keys().any(|key| covers(key, path)) {
            let message = format!("`{path}` has no source; give one in `sources`, or \"assumption A7: why\"");
            faults.push(Fault { place: place.clone(), message, known: None });
        }
    }
    for (key, source) in &scheme.sources {
        let place = vec![Place::Field("sources"), Place::Key(key.clone())];
        if source.trim().is_empty() {
            faults.push(Fault {
                place: place.clone(),
                message: format!("the source of `{key}` is empty"),
                known: None,
            });
        }
        if !numbers.iter().any(|(path, _)| covers(key, path)) {
            let names = numbers.iter().map(|(path, _)| path.clone()).collect();
            let known = Some(Known { word: key.clone(), names });
            faults.push(Fault { place, message: format!("the scheme has no number `{key}`"), known });
        }
    }
}

/// Path and place of every number.
fn numbers(scheme: &Scheme) -> Vec<(String, Vec<Place>)> {
    let mut found = Vec::new();
    for (i, channel) in scheme.channels.iter().enumerate() {
        let mut add = |there: bool, field: &'static str| {
            if there {
                let place = vec![Place::Field("channels"), Place::Index(i), Place::Field(field)];
                found.push((format!("channels.{}.{field}", channel.name), place));
            }
        };
        add(true, "share");
        add(matches!(channel.rank, Rank::Points(_) | Rank::WeightedLottery { .. } | Rank::PartLottery(_)), "rank");
        add(!channel.labels.is_empty(), "labels");
        add(!channel.bindings.is_empty(), "bindings");
        add(channel.most_reactions.is_some(), "most_reactions");
        add(channel.most_offers.is_some(), "most_offers");
        add(channel.income_fit.is_some(), "income_fit");
        add(channel.room_fit.is_some(), "room_fit");
    }
    if scheme.offers_per_household.is_some() {
        found.push(("offers_per_household".to_owned(), vec![Place::Field("offers_per_household")]));
    }
    if !scheme.reserved.is_empty() {
        found.push(("reserved".to_owned(), vec![Place::Field("reserved")]));
    }
    if scheme.registration.is_some() {
        found.push(("registration".to_owned(), vec![Place::Field("registration")]));
    }
    for ground in scheme.urgency.keys() {
        found.push((format!("urgency.{ground}"), vec![Place::Field("urgency"), Place::Key(ground.clone())]));
    }
    found
}
