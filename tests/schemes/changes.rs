//! Another value for every key that a scheme writes, in the words of an experiment.

use std::collections::BTreeMap;

use doorstroom_policy::scheme::{Channel, Label, PointSource, Points, Rank, Refusal, Scheme, Untaken};

/// One key with another value.
#[derive(Clone, Debug, PartialEq)]
pub struct Change {
    /// Path inside the scheme.
    pub key: String,
    /// What of it changes.
    pub what: &'static str,
    /// The value in RON.
    pub value: String,
}

fn change(key: &str, what: &'static str, value: impl Into<String>) -> Change {
    Change { key: key.to_owned(), what, value: value.into() }
}

/// Every key that the scheme writes, with another value.
pub fn every_change(scheme: &Scheme) -> Vec<Change> {
    let mut changes = shares(scheme);
    for channel in &scheme.channels {
        let place = format!("channels.{}", channel.name);
        let key = |field: &str| format!("{place}.{field}");
        changes.extend(of_rank(&key("rank"), &channel.rank));
        changes.extend(of_marks(&key("labels"), &channel.labels));
        changes.extend(of_marks(&key("bindings"), &channel.bindings));
        changes.extend(of_channel(channel, key));
    }
    if let Some(rules) = &scheme.registration {
        let ends = rules.lapses_on_acceptance != Some(false);
        changes.push(change("registration.validity_months", "", "3"));
        changes.push(change("registration.renewed", "", "0.3"));
        changes.push(change("registration.lapses_on_acceptance", "", (!ends).to_string()));
        changes.push(change("registration.kept_on_move", "", "true"));
        changes.push(change("registration.from_grant", "", "true"));
    }
    // no shipped file writes these
    changes.push(change("offers_per_household", "", "1"));
    changes.push(change("reserved", "", "[(groups: [\"family\"], share: AtLeast(0.5))]"));
    for (ground, rules) in &scheme.urgency {
        let key = |field: &str| format!("urgency.{ground}.{field}");
        changes.push(change(&key("groups"), "", "[\"single\"]"));
        changes.push(change(&key("granted"), "", "0.2"));
        changes.push(change(&key("validity_months"), "", "24"));
        changes.push(change(&key("one_offer"), "", (!rules.one_offer).to_string()));
    }
    changes
}

/// Each share gives or takes a twentieth of all vacancies from the largest.
fn shares(scheme: &Scheme) -> Vec<Change> {
    let largest = scheme.channels.iter().max_by(|a, b| a.share.total_cmp(&b.share)).expect("there is a channel");
    let others = scheme.channels.iter().filter(|channel| channel.name != largest.name);
    let moved = |channel: &Channel| {
        let (gives, takes) = (largest.share - 0.05, channel.share + 0.05);
        change("shares", "", format!("{{\"{}\": {gives:?}, \"{}\": {takes:?}}}", largest.name, channel.name))
    };
    others.map(moved).collect()
}

fn of_channel(channel: &Channel, key: impl Fn(&str) -> String) -> Vec<Change> {
    let mut changes = Vec::new();
    let mut add = |is_written: bool, field: &str, value: &str| {
        if is_written {
            changes.push(change(&key(field), "", value));
        }
    };
    let groups = channel.open_to.as_ref().map_or("", |groups| groups[0].as_str());
    add(channel.open_to.is_some(), "open_to", if groups == "medical" { "[\"renewal\"]" } else { "[\"medical\"]" });
    add(!channel.priority.is_empty(), "priority", "[[\"senior\"]]");
    // every channel is asked: where the landlord proposes it is refused
    add(true, "most_reactions", "1");
    add(channel.most_offers.is_some(), "most_offers", if channel.most_offers == Some(1) { "15" } else { "1" });
    add(channel.untaken != Untaken::Readvertise, "untaken", "Readvertise");
    add(channel.refusal != Refusal::Free, "refusal", "EndsDuty");
    add(channel.income_fit.is_some(), "income_fit", "0.2");
    add(channel.room_fit.is_some(), "room_fit", "0");
    add(channel.counts_as.is_some(), "counts_as", "Advertised");
    changes
}

/// The rank itself, and every number inside it.
fn of_rank(key: &str, rank: &Rank) -> Vec<Change> {
    let other = if *rank == Rank::Lottery { "RegistrationTime" } else { "Lottery" };
    let mut changes = vec![change(key, "rank", other)];
    match rank {
        Rank::PartLottery(share) => changes.push(change(key, "share", format!("PartLottery({:?})", 1.0 - share))),
        Rank::WeightedLottery { weights, short_registration } => {
            let short = short_registration.expect("the shipped one has it");
            let text = |weight: f64, below: f64, factor: f64| {
                let weights: String =
                    weights.iter().map(|(name, of)| format!("\"{name}\": {:?},", of * weight)).collect();
                format!(
                    "WeightedLottery(weights: {{{weights}}}, short_registration: (below_months: {below:?}, factor: {factor:?}))"
                )
            };
            changes.push(change(key, "weights", text(20.0, short.below_months, short.factor)));
            changes.push(change(key, "below_months", text(1.0, 200.0, short.factor)));
            changes.push(change(key, "factor", text(1.0, short.below_months, 20.0)));
        }
        Rank::Points(points) => {
            for (what, points) in other_points(points) {
                changes.push(change(key, what, in_words(&points)));
            }
        }
        Rank::RegistrationTime | Rank::Lottery | Rank::Direct => {}
    }
    changes
}

type Sources = BTreeMap<String, PointSource>;

fn scaled(sources: &Sources, rate: f64, most: f64) -> Sources {
    let scale =
        |source: &PointSource| PointSource { per_month: source.per_month * rate, most: source.most.map(|m| m * most) };
    sources.iter().map(|(name, source)| (name.clone(), scale(source))).collect()
}

/// Points with one thing changed at a time.
fn other_points(points: &Points) -> Vec<(&'static str, Points)> {
    let base = || points.clone();
    vec![
        ("waiting", Points { waiting: scaled(&points.waiting, 20.0, 1.0), ..base() }),
        ("search", Points { search: scaled(&points.search, 0.1, 1.0), ..base() }),
        ("search: most", Points { search: scaled(&points.search, 1.0, 0.02), ..base() }),
        ("situation", Points { situation: scaled(&points.situation, 0.01, 1.0), ..base() }),
        ("situation: most", Points { situation: scaled(&points.situation, 1.0, 0.01), ..base() }),
        ("start", Points { start: points.start.keys().map(|name| (name.clone(), 30.0)).collect(), ..base() }),
        ("search_reactions", Points { search_reactions: Some(9), ..base() }),
        ("lost_per_refusal", Points { lost_per_refusal: Some(5.0), ..base() }),
    ]
}

/// Points as an experiment writes them.
fn in_words(points: &Points) -> String {
    let sources = |sources: &Sources| -> String {
        let of = |(name, source): (&String, &PointSource)| {
            let most = source.most.map_or(String::new(), |most| format!(", most: {most:?}"));
            format!("\"{name}\": (per_month: {:?}{most}), ", source.per_month)
        };
        sources.iter().map(of).collect()
    };
    let start: String = points.start.iter().map(|(name, start)| format!("\"{name}\": {start:?}, ")).collect();
    let reactions = points.search_reactions.map_or(String::new(), |least| format!("search_reactions: {least}, "));
    let lost = points.lost_per_refusal.map_or(String::new(), |lost| format!("lost_per_refusal: {lost:?}, "));
    format!(
        "Points(waiting: {{{}}}, search: {{{}}}, situation: {{{}}}, start: {{{start}}}, {reactions}{lost})",
        sources(&points.waiting),
        sources(&points.search),
        sources(&points.situation),
    )
}

/// Each mark with another share, and with another group.
fn of_marks(key: &str, marks: &[Label]) -> Vec<Change> {
    let text = |changed: usize, share: Option<f64>, group: Option<&str>| {
        let of = |(i, mark): (usize, &Label)| {
            let share = share.filter(|_| i == changed).unwrap_or(mark.share);
            let group = group.filter(|_| i == changed).unwrap_or(&mark.groups[0]);
            format!("(name: \"{}\", share: {share:?}, groups: [\"{group}\"]), ", mark.name)
        };
        format!("[{}]", marks.iter().enumerate().map(of).collect::<String>())
    };
    let of = |i: usize| {
        [change(key, "share", text(i, Some(0.0), None)), change(key, "groups", text(i, None, Some("single")))]
    };
    (0..marks.len()).flat_map(of).collect()
}
