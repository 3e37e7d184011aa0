//! What a scheme may not say.

use std::collections::BTreeMap;

use super::rank::{PointSource, Points, Rank};
use super::{Channel, Label, Scheme, Untaken, VERSION};

/// One step to a place in a scheme.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Place {
    /// A field.
    Field(&'static str),
    /// An element of a list, or an argument of a variant.
    Index(usize),
    /// The value under a key.
    Key(String),
}

/// A word that should be one of a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Known {
    /// The word as written.
    pub word: String,
    /// What might have been meant.
    pub names: Vec<String>,
}

/// Something a scheme may not say.
#[derive(Clone, Debug, PartialEq)]
pub struct Fault {
    /// Where, from the root of the scheme.
    pub place: Vec<Place>,
    /// What is wrong and what would be right.
    pub message: String,
    /// A misspelt name, to suggest the one that was meant.
    pub known: Option<Known>,
}

/// Collects faults below one place.
struct Finder<'a> {
    groups: &'a [&'a str],
    goods: &'a [&'a str],
    faults: Vec<Fault>,
}

impl Finder<'_> {
    fn refuse(&mut self, place: &[Place], message: String) {
        self.faults.push(Fault { place: place.to_vec(), message, known: None });
    }

    fn unknown(&mut self, place: &[Place], what: &str, word: &str, names: &[&str]) {
        let known = Known { word: word.to_owned(), names: names.iter().map(|name| (*name).to_owned()).collect() };
        let message = format!("there is no {what} \"{word}\"");
        self.faults.push(Fault { place: place.to_vec(), message, known: Some(known) });
    }

    fn group(&mut self, place: &[Place], word: &str) {
        if !self.groups.contains(&word) {
            let groups: Vec<&str> = self.groups.to_vec();
            self.unknown(place, "group", word, &groups);
        }
    }

    fn groups(&mut self, place: &[Place], words: &[String]) {
        for (i, word) in words.iter().enumerate() {
            self.group(&then(place, Place::Index(i)), word);
        }
    }

    fn number(&mut self, place: &[Place], value: f64, allowed: (f64, f64), what: &str) {
        if !(allowed.0..=allowed.1).contains(&value) {
            self.refuse(place, format!("{value} is not allowed; {what}"));
        }
    }

    fn share(&mut self, place: &[Place], value: f64) {
        self.number(place, value, (0.0, 1.0), "a share lies between 0 and 1");
    }

    fn count(&mut self, place: &[Place], value: Option<u32>) {
        if value == Some(0) {
            self.refuse(place, "0 is not allowed; it must be at least 1, or left out".to_owned());
        }
    }
}

/// A path one step longer.
fn then(place: &[Place], step: Place) -> Vec<Place> {
    let mut longer = place.to_vec();
    longer.push(step);
    longer
}

/// The field `name` below `place`.
fn field(place: &[Place], name: &'static str) -> Vec<Place> {
    then(place, Place::Field(name))
}

/// All faults of `scheme`.
pub(super) fn of(scheme: &Scheme, groups: &[&str], goods: &[&str]) -> Vec<Fault> {
    let mut finder = Finder { groups, goods, faults: Vec::new() };
    if scheme.version != VERSION {
        let message = format!("`version` is {}; this program reads version {VERSION} of schemes", scheme.version);
        finder.refuse(&[Place::Field("version")], message);
    }
    if scheme.title.trim().is_empty() {
        finder.refuse(&[Place::Field("title")], "`title` is empty".to_owned());
    }
    let channels = [Place::Field("channels")];
    if scheme.channels.is_empty() {
        finder.refuse(&channels, "`channels` is empty; name at least one".to_owned());
    }
    let total: f64 = scheme.channels.iter().map(|channel| channel.share).sum();
    if !scheme.channels.is_empty() && (total - 1.0).abs() > 1e-9 {
        finder.refuse(&channels, format!("the shares of the channels sum to {total}; they must sum to 1"));
    }
    for (i, channel) in scheme.channels.iter().enumerate() {
        of_channel(&mut finder, scheme, channel, i);
    }
    finder.count(&[Place::Field("offers_per_household")], scheme.offers_per_household);
    for (i, one) in scheme.reserved.iter().enumerate() {
        let place = [Place::Field("reserved"), Place::Index(i)];
        finder.groups(&field(&place, "groups"), &one.groups);
        if one.groups.is_empty() {
            finder.refuse(
                &field(&place, "groups"),
                "`groups` is empty; dwellings reserved for nobody stay empty".to_owned(),
            );
        }
        finder.share(&field(&place, "share"), one.share.share());
    }
    let reserved: f64 = scheme.reserved.iter().map(|one| one.share.share()).sum();
    if reserved > 1.0 {
        finder
            .refuse(&[Place::Field("reserved")], format!("the reserved shares sum to {reserved}; at most 1 is there"));
    }
    for (good, &places) in &scheme.deferral {
        let place = [Place::Field("deferral"), Place::Key(good.clone())];
        if !finder.goods.contains(&good.as_str()) {
            let goods: Vec<&str> = finder.goods.to_vec();
            finder.unknown(&place, "good", good, &goods);
        }
        finder.number(&place, f64::from(places), (0.0, 10_000.0), "a buffer holds 0 to 10000");
    }
    if let Some(rules) = &scheme.registration {
        let place = [Place::Field("registration")];
        let months = field(&place, "validity_months");
        finder.number(&months, rules.validity_months, (1.0, 1200.0), "a validity lies between 1 and 1200 months");
        finder.share(&field(&place, "renewed"), rules.renewed);
    }
    for (name, ground) in &scheme.urgency {
        let place = [Place::Field("urgency"), Place::Key(name.clone())];
        finder.groups(&field(&place, "groups"), &ground.groups);
        finder.share(&field(&place, "granted"), ground.granted);
        let months = field(&place, "validity_months");
        finder.number(&months, ground.validity_months, (1.0, 1200.0), "a validity lies between 1 and 1200 months");
    }
    finder.faults
}

fn of_channel(finder: &mut Finder<'_>, scheme: &Scheme, channel: &Channel, position: usize) {
    let place = [Place::Field("channels"), Place::Index(position)];
    if scheme.channels[..position].iter().any(|other| other.name == channel.name) {
        finder.refuse(&field(&place, "name"), format!("the channel \"{}\" is named twice", channel.name));
    }
    if channel.name.trim().is_empty() || matches!(channel.name.as_str(), "all" | "mediation") {
        let message = format!("a channel cannot be called \"{}\"", channel.name);
        finder.refuse(&field(&place, "name"), message);
    }
    finder.share(&field(&place, "share"), channel.share);
    if let Some(groups) = &channel.open_to {
        let place = field(&place, "open_to");
        if groups.is_empty() {
            finder.refuse(&place, "nobody may react; name at least one group, or leave the field out".to_owned());
        }
        finder.groups(&place, groups);
    }
    for (i, class) in channel.priority.iter().enumerate() {
        finder.groups(&then(&field(&place, "priority"), Place::Index(i)), class);
    }
    of_labels(finder, &field(&place, "labels"), &channel.labels);
    of_labels(finder, &field(&place, "bindings"), &channel.bindings);
    finder.count(&field(&place, "most_reactions"), channel.most_reactions);
    finder.count(&field(&place, "most_offers"), channel.most_offers);
    if let Some(share) = channel.income_fit {
        finder.share(&field(&place, "income_fit"), share);
    }
    if let Untaken::NextChannel(next) = &channel.untaken {
        let names: Vec<&str> = scheme.channels.iter().map(|other| other.name.as_str()).collect();
        let target = names.iter().position(|name| name == next);
        let place = field(&place, "untaken");
        match target {
            None => finder.unknown(&place, "channel", next, &names),
            Some(target) if target <= position => {
                finder.refuse(&place, format!("\"{next}\" does not come after this channel; a dwelling goes forward"));
            }
            Some(_) => {}
        }
    }
    of_rank(finder, &field(&place, "rank"), &channel.rank);
}

fn of_labels(finder: &mut Finder<'_>, place: &[Place], labels: &[Label]) {
    let total: f64 = labels.iter().map(|label| label.share).sum();
    if total > 1.0 + 1e-9 {
        finder.refuse(place, format!("the shares sum to {total}; a dwelling carries one of them, so at most 1"));
    }
    for (i, label) in labels.iter().enumerate() {
        let place = then(place, Place::Index(i));
        finder.share(&field(&place, "share"), label.share);
        finder.groups(&field(&place, "groups"), &label.groups);
    }
}

fn of_rank(finder: &mut Finder<'_>, place: &[Place], rank: &Rank) {
    match rank {
        Rank::RegistrationTime | Rank::Lottery | Rank::Direct => {}
        Rank::PartLottery(share) => finder.share(&then(place, Place::Index(0)), *share),
        Rank::WeightedLottery { weights, short_registration } => {
            for (group, &weight) in weights {
                let place = then(&field(place, "weights"), Place::Key(group.clone()));
                finder.group(&place, group);
                finder.number(&place, weight, (1e-6, 1e6), "a weight lies between 0.000001 and 1000000");
            }
            if let Some(short) = short_registration {
                let place = field(place, "short_registration");
                finder.number(&field(&place, "below_months"), short.below_months, (0.0, 1200.0), "0 to 1200 months");
                let factor = field(&place, "factor");
                finder.number(&factor, short.factor, (1e-6, 1e6), "a factor lies between 0.000001 and 1000000");
            }
        }
        Rank::Points(points) => of_points(finder, place, points),
    }
}

fn of_points(finder: &mut Finder<'_>, place: &[Place], points: &Points) {
    let sources: [(&'static str, &BTreeMap<String, PointSource>); 3] =
        [("waiting", &points.waiting), ("search", &points.search), ("situation", &points.situation)];
    for (name, sources) in sources {
        for (group, source) in sources {
            let place = then(&field(place, name), Place::Key(group.clone()));
            finder.group(&place, group);
            let rate = field(&place, "per_month");
            finder.number(&rate, source.per_month, (0.0, 1e4), "points a month lie between 0 and 10000");
            if let Some(most) = source.most {
                finder.number(&field(&place, "most"), most, (0.0, 1e6), "a ceiling lies between 0 and 1000000");
            }
        }
    }
    for (group, &start) in &points.start {
        let place = then(&field(place, "start"), Place::Key(group.clone()));
        finder.group(&place, group);
        finder.number(&place, start, (-1e6, 1e6), "start points lie between -1000000 and 1000000");
    }
}
