//! Which region uses which scheme, from which day on.

use std::collections::BTreeMap;
use std::sync::Arc;

use doorstroom_kernel::Day;
use doorstroom_state::region::MarketClass;
use ron::error::SpannedError;

use super::faults::{Fault, Place};
use super::region::RegionScheme;
use super::{Channel, Rank, Refusal, Scheme, Untaken, VERSION};

/// Schemes by scarcity of the market, and regions with one of their own.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Assignment {
    /// Name of the scheme of tight, middle and relaxed markets.
    pub by_class: [String; 3],
    /// Name of the scheme by code of the region.
    pub by_region: BTreeMap<String, String>,
}

/// Schemes by name, and who uses them.
#[derive(Clone, Debug, PartialEq)]
pub struct Schemes {
    library: BTreeMap<String, (Scheme, RegionScheme)>,
    assignment: Assignment,
    /// Codes of the regions of the world and the classes of their markets.
    regions: Vec<(String, MarketClass)>,
}

impl Schemes {
    /// Schemes that were checked ([`Scheme::faults_in_region`]), and who of these regions uses which.
    ///
    /// # Panics
    /// If a scheme has faults.
    pub fn new(
        library: BTreeMap<String, Scheme>,
        assignment: Assignment,
        regions: Vec<(String, MarketClass)>,
    ) -> Schemes {
        let compiled = |scheme: Scheme| {
            let region = RegionScheme::of(&scheme);
            (scheme, region)
        };
        let library = library.into_iter().map(|(name, scheme)| (name, compiled(scheme))).collect();
        Schemes { library, assignment, regions }
    }

    /// Name of the scheme of a region; a region that the world does not know counts as a middle market.
    pub fn name_of(&self, region: &str) -> &str {
        let class =
            || self.regions.iter().find(|(code, _)| code == region).map_or(MarketClass::default(), |found| found.1);
        self.assignment.by_region.get(region).unwrap_or_else(|| &self.assignment.by_class[class() as usize])
    }

    /// The scheme of a region.
    ///
    /// # Panics
    /// If the assignment names a scheme that is not there; it was checked when it was read.
    pub fn of(&self, region: &str) -> &RegionScheme {
        let name = self.name_of(region);
        &self.library.get(name).expect("names of schemes were checked when they were assigned").1
    }

    /// Names of all schemes.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.library.keys().map(String::as_str)
    }

    /// A scheme as it is written.
    pub fn written(&self, name: &str) -> Option<&Scheme> {
        self.library.get(name).map(|(scheme, _)| scheme)
    }
}

/// Schemes by date.
#[derive(Clone, Debug, PartialEq)]
pub struct SchemeBook {
    steps: Vec<(Day, Arc<Schemes>)>,
    current: usize,
}

/// Why schemes cannot be changed so.
#[derive(Debug, thiserror::Error)]
pub enum SchemeError {
    /// No region, class of market or key of a scheme.
    #[error("there is no region or key of a scheme `{path}`")]
    UnknownPath {
        /// The path as given.
        path: String,
        /// Paths that there are.
        known: Vec<String>,
    },
    /// No scheme of this name.
    #[error("there is no scheme \"{name}\"")]
    UnknownScheme {
        /// The name as given.
        name: String,
        /// Names that there are.
        known: Vec<String>,
    },
    /// The value is not of the kind.
    #[error("{0}")]
    Unreadable(Box<SpannedError>),
    /// The scheme may not say so.
    #[error("{0}")]
    Fault(String),
}

/// Everything advertised by registration time: the scheme of a world that is made in code.
impl Default for SchemeBook {
    fn default() -> Self {
        let channel = Channel {
            name: "advertised".to_owned(),
            share: 1.0,
            rank: Rank::RegistrationTime,
            open_to: None,
            priority: Vec::new(),
            labels: Vec::new(),
            bindings: Vec::new(),
            most_reactions: None,
            most_offers: None,
            untaken: Untaken::Readvertise,
            refusal: Refusal::Free,
            income_fit: None,
            room_fit: None,
            counts_as: None,
        };
        let scheme = Scheme {
            version: VERSION,
            title: "Everything by registration time".to_owned(),
            channels: vec![channel],
            offers_per_household: None,
            reserved: Vec::new(),
            deferral: BTreeMap::new(),
            registration: None,
            urgency: BTreeMap::new(),
            sources: BTreeMap::new(),
        };
        let name = "registration_time".to_owned();
        let by_class = [name.clone(), name.clone(), name.clone()];
        let assignment = Assignment { by_class, by_region: BTreeMap::new() };
        SchemeBook::new(Schemes::new([(name, scheme)].into(), assignment, Vec::new()))
    }
}

impl SchemeBook {
    /// One set of schemes for ever.
    pub fn new(schemes: Schemes) -> SchemeBook {
        SchemeBook { steps: vec![(Day(0), Arc::new(schemes))], current: 0 }
    }

    /// The schemes in force.
    pub fn now(&self) -> &Schemes {
        &self.steps[self.current].1
    }

    /// The schemes on a day.
    pub fn at(&self, day: Day) -> &Schemes {
        &self.steps[self.place(day)].1
    }

    fn place(&self, day: Day) -> usize {
        self.steps.partition_point(|step| step.0 <= day).saturating_sub(1)
    }

    /// Selects the schemes that hold on `day`; true if they changed.
    pub fn bring_into_force(&mut self, day: Day) -> bool {
        let before = self.current;
        self.current = self.place(day);
        before != self.current
    }

    /// The same schemes for some of the regions: exceptions of others are dropped.
    pub fn keep_regions(&mut self, codes: &[String]) {
        for (_, schemes) in &mut self.steps {
            let schemes = Arc::make_mut(schemes);
            schemes.regions.retain(|(code, _)| codes.contains(code));
            schemes.assignment.by_region.retain(|code, _| codes.contains(code));
        }
    }

    /// The same schemes for other regions, which have none of their own: each uses that of its market.
    pub fn for_regions(&mut self, regions: &[(String, MarketClass)]) {
        for (_, schemes) in &mut self.steps {
            let schemes = Arc::make_mut(schemes);
            schemes.regions = regions.to_vec();
            schemes.assignment.by_region.clear();
        }
    }

    /// First day on which schemes differ; `None` if they never do. A scheme that no region uses makes no difference.
    pub fn first_difference(&self, other: &SchemeBook) -> Option<Day> {
        let differ = |day: Day| {
            let (mine, theirs) = (self.at(day), other.at(day));
            mine.of("") != theirs.of("") || mine.regions.iter().any(|(code, _)| mine.of(code) != theirs.of(code))
        };
        let mut days: Vec<Day> = self.steps.iter().chain(&other.steps).map(|step| step.0).collect();
        days.sort_unstable();
        days.into_iter().find(|&day| differ(day))
    }

    /// Whether a region ever allocates by another scheme than in `other`.
    pub fn differs_in(&self, other: &SchemeBook, region: &str) -> bool {
        let mut days = self.steps.iter().chain(&other.steps).map(|step| step.0);
        days.any(|day| self.at(day).of(region) != other.at(day).of(region))
    }

    /// Everything that can be changed: classes of markets, regions, and the keys of every scheme.
    pub fn paths(&self) -> Vec<String> {
        let schemes = &self.steps[0].1;
        let classes = MarketClass::ALL.iter().map(|class| class.key().to_owned());
        let mut paths: Vec<String> = classes.chain(schemes.regions.iter().map(|(code, _)| code.clone())).collect();
        for (name, (scheme, _)) in &schemes.library {
            paths.extend(scheme.keys().into_iter().map(|key| format!("{name}.{key}")));
        }
        paths
    }

    /// From `from` on, in place of all later changes: a class of markets (`tight`) or a region (`CR23`) uses the scheme
    /// whose name is written in `text`, or a key of a scheme (`amsterdam_points.channels.advertised.most_offers`) has
    /// the value written there.
    ///
    /// # Errors
    /// There is no such path or scheme, the value is not of its kind, or the scheme may not say so.
    pub fn set(&mut self, path: &str, from: Day, text: &str) -> Result<(), SchemeError> {
        let mut schemes = self.at(from).clone();
        let class = MarketClass::ALL.iter().position(|class| class.key() == path);
        if class.is_some() || schemes.regions.iter().any(|(code, _)| code == path) {
            let name: String = ron::from_str(text).map_err(|error| SchemeError::Unreadable(Box::new(error)))?;
            if !schemes.library.contains_key(&name) {
                let known = schemes.names().map(str::to_owned).collect();
                return Err(SchemeError::UnknownScheme { name, known });
            }
            match class {
                Some(class) => schemes.assignment.by_class[class] = name,
                None => {
                    schemes.assignment.by_region.insert(path.to_owned(), name);
                }
            }
        } else {
            self.set_key(&mut schemes, path, text)?;
        }
        self.steps.retain(|step| step.0 < from || (step.0 == Day(0) && from > Day(0)));
        self.steps.push((from, Arc::new(schemes)));
        self.current = self.current.min(self.steps.len() - 1);
        Ok(())
    }

    fn set_key(&self, schemes: &mut Schemes, path: &str, text: &str) -> Result<(), SchemeError> {
        let unknown = || SchemeError::UnknownPath { path: path.to_owned(), known: self.paths() };
        let (name, key) = path.split_once('.').ok_or_else(unknown)?;
        let (scheme, compiled) = schemes.library.get_mut(name).ok_or_else(unknown)?;
        scheme.set(key, text).ok_or_else(unknown)?.map_err(SchemeError::Unreadable)?;
        // who changes a number in an experiment is its source, and takes away numbers that had one
        let weighs = |fault: &Fault| {
            fault.place.first() != Some(&Place::Field("sources")) && !fault.message.contains("has no source")
        };
        if let Some(fault) = scheme.faults_in_region().into_iter().find(weighs) {
            return Err(SchemeError::Fault(fault.message));
        }
        *compiled = RegionScheme::of(scheme);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn book() -> SchemeBook {
        let mut book = SchemeBook::default();
        Arc::make_mut(&mut book.steps[0].1).regions.push(("CR23".to_owned(), MarketClass::Tight));
        book
    }

    #[test]
    fn a_change_holds_from_its_day_and_only_a_scheme_in_use_makes_a_difference() {
        let base = book();
        let mut changed = base.clone();
        let day = Day::parse("2026-01-01").unwrap();
        changed.set("registration_time.channels.advertised.most_offers", day, "3").unwrap();
        assert_eq!(base.first_difference(&changed), Some(day));
        assert_eq!(changed.now().of("CR23").channels[0].most_offers, u32::MAX);
        assert!(changed.bring_into_force(day));
        assert_eq!(changed.now().of("CR23").channels[0].most_offers, 3);
        let mut same = base.clone();
        same.set("CR23", day, "\"registration_time\"").unwrap();
        assert_eq!(base.first_difference(&same), None);
    }

    #[test]
    fn what_is_not_there_is_told_with_what_there_is() {
        let mut book = book();
        let mut error = |path: &str, text: &str| book.set(path, Day(0), text).unwrap_err();
        let known = match error("CR24", "\"x\"") {
            SchemeError::UnknownPath { known, .. } => known,
            other => panic!("{other}"),
        };
        assert!(known.contains(&"CR23".to_owned()), "{known:?}");
        let known = match error("CR23", "\"points\"") {
            SchemeError::UnknownScheme { known, .. } => known,
            other => panic!("{other}"),
        };
        assert_eq!(known, ["registration_time"]);
        assert!(matches!(error("registration_time.channels.advertised.refusal", "Lost"), SchemeError::Unreadable(_)));
        assert!(matches!(error("registration_time.channels.advertised.most_offers", "0"), SchemeError::Fault(_)));
        assert!(matches!(error("registration_time.shares", "{\"advertised\": 0.9}"), SchemeError::Fault(_)));
        assert!(matches!(error("registration_time.shares", "{\"lotery\": 0.9}"), SchemeError::Unreadable(_)));
    }
}
