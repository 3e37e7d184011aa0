//! A town of one page: a world that declares its places by hand and takes everything else from another world.
//!
//! The other world gives the rules, the numbers of the start state, and who lives how by age; the town gives counts of
//! persons, households and dwellings. National flows come by its share of the country's inhabitants.

use std::collections::BTreeSet;

use serde::Deserialize;

use crate::notation::{not_blank, version};
use crate::read::{Check, Path};

/// Highest count in the file: twice the largest Dutch municipality.
const MOST: u32 = 2_000_000;

/// A town as it is written.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Town {
    /// Version of the notation.
    pub version: u32,
    /// Name for people.
    pub title: String,
    /// Folder name of the world beside this one whose rules, start state and households by age hold here.
    pub rules_of: String,
    /// Seed of the synthetic population; apart from the seed of a run.
    pub population_seed: u64,
    /// Housing-market regions.
    pub regions: Vec<TownRegion>,
    /// Pairs of regions (codes) that share a border, each once.
    #[serde(default)]
    pub borders: Vec<(String, String)>,
    /// Municipalities.
    pub municipalities: Vec<TownMunicipality>,
}

/// A housing-market region of a town.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TownRegion {
    /// `CR` and two digits, as results name it.
    pub code: String,
    /// Name for people.
    pub name: String,
    /// Scarcity class.
    pub market: Market,
}

/// Scarcity class of a region, as it is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub enum Market {
    /// Waits of ten years and more.
    Tight,
    /// Five to seven.
    Middle,
    /// Under four.
    Relaxed,
}

/// A municipality of a town, in counts.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TownMunicipality {
    /// `GM` and four digits, as results name it.
    pub code: String,
    /// Name for people.
    pub name: String,
    /// Code of its region.
    pub region: String,
    /// Urbanity, 1 (very strong) to 5 (not).
    pub urbanity: u8,
    /// Inhabitants, persons: the key by which quota and national flows are divided.
    pub inhabitants: u32,
    /// Of these, persons aged 15 to 24; many mean students.
    pub aged_15_to_24: u32,
    /// Of these, persons aged 65 and over.
    pub aged_65_and_over: u32,
    /// Private households.
    pub households: TownHouseholds,
    /// Dwellings by tenure.
    pub dwellings: TownDwellings,
    /// Of these, dwellings in which nobody lives.
    pub unoccupied: u32,
}

/// Private households by composition.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TownHouseholds {
    /// One person.
    pub one_person: u32,
    /// Two adults without children.
    pub without_children: u32,
    /// One or two parents with children.
    pub with_children: u32,
}

/// Dwellings by tenure.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TownDwellings {
    /// Owner-occupied.
    pub owner: u32,
    /// Let by housing corporations.
    pub corporation: u32,
    /// Let by others.
    pub other_rental: u32,
}

impl Town {
    /// Refuses what no town may say, whatever the world behind it holds.
    pub(crate) fn validate(&self, check: &mut Check<'_>) {
        let root = Path::root();
        version(check, self.version);
        not_blank(check, &root, "title", &self.title);
        let sized = check.at(&root).not_empty("regions", self.regions.len());
        sized.not_empty("municipalities", self.municipalities.len());
        let (regions, places) = (root.field("regions"), root.field("municipalities"));
        codes(check, &regions, self.regions.iter().map(|region| &region.code), "CR");
        codes(check, &places, self.municipalities.iter().map(|place| &place.code), "GM");
        for (i, region) in self.regions.iter().enumerate() {
            let place = regions.index(i);
            not_blank(check, &place, "name", &region.name);
            if check.trusts(&places) && !self.municipalities.iter().any(|place| place.region == region.code) {
                let message = format!("no municipality lies in region \"{}\"", region.code);
                check.refuse(&place.field("code"), message, Some("leave the region out, or add one".to_owned()));
            }
        }
        let known: Vec<&str> = self.regions.iter().map(|region| region.code.as_str()).collect();
        let is_known = check.trusts(&regions);
        for (i, place) in self.municipalities.iter().enumerate() {
            let at = places.index(i);
            place.validate(&at, check);
            if is_known {
                check.at(&at).known("region", &place.region, "region", known.iter().copied());
            }
        }
        if is_known {
            self.mind_borders(&known, check);
        }
    }

    fn mind_borders(&self, known: &[&str], check: &mut Check<'_>) {
        let mut seen = BTreeSet::new();
        for (i, (one, other)) in self.borders.iter().enumerate() {
            let at = Path::root().field("borders").index(i);
            for (side, code) in [one, other].into_iter().enumerate() {
                if !known.contains(&code.as_str()) {
                    let meant = crate::read::suggest(code, known.iter().copied());
                    let hint = meant.map(|meant| format!("did you mean \"{meant}\"?"));
                    check.refuse(&at.index(side), format!("there is no region \"{code}\""), hint);
                }
            }
            if one == other {
                check.refuse(&at, format!("region \"{one}\" borders on itself"), None);
            } else if !seen.insert((one.min(other), one.max(other))) {
                let hint = Some("keep one".to_owned());
                check.refuse(&at, format!("the border of \"{one}\" and \"{other}\" is given twice"), hint);
            }
        }
    }
}

impl TownMunicipality {
    fn validate(&self, at: &Path, check: &mut Check<'_>) {
        not_blank(check, at, "name", &self.name);
        let fields = check.at(at).range("urbanity", self.urbanity, 1..=5, "");
        fields.range("inhabitants", self.inhabitants, 1..=MOST, "persons");
        let (homes, dwellings) = (at.field("households"), at.field("dwellings"));
        let households = &self.households;
        for (field, count) in [
            ("one_person", households.one_person),
            ("without_children", households.without_children),
            ("with_children", households.with_children),
        ] {
            check.at(&homes).range(field, count, 0..=MOST, "households");
        }
        for (field, count) in [
            ("owner", self.dwellings.owner),
            ("corporation", self.dwellings.corporation),
            ("other_rental", self.dwellings.other_rental),
        ] {
            check.at(&dwellings).range(field, count, 0..=MOST, "dwellings");
        }
        if !check.trusts(at) {
            return;
        }
        let persons = households
            .one_person
            .saturating_add(households.without_children.saturating_add(households.with_children).saturating_mul(2));
        if households.count() == 0 {
            check.refuse(&homes, "there is no household; a municipality has at least one", None);
        } else if persons > self.inhabitants {
            let message =
                format!("these households are at least {persons} persons, of {} inhabitants", self.inhabitants);
            check.refuse(&homes, message, Some("more inhabitants, or fewer households".to_owned()));
        }
        if self.aged_15_to_24.saturating_add(self.aged_65_and_over) > self.inhabitants {
            let message =
                format!("more persons aged 15 to 24 and 65 and over than the {} inhabitants", self.inhabitants);
            check.refuse(&at.field("aged_65_and_over"), message, None);
        }
        if self.dwellings.count() == 0 {
            check.refuse(&dwellings, "there is no dwelling; a municipality has at least one", None);
        } else if self.unoccupied > self.dwellings.count() {
            let message = format!("`unoccupied` is {}, of {} dwellings", self.unoccupied, self.dwellings.count());
            check.refuse(&at.field("unoccupied"), message, None);
        } else if self.dwellings.count() - self.unoccupied > households.count() {
            let (lived_in, households) = (self.dwellings.count() - self.unoccupied, households.count());
            let message = format!("{lived_in} dwellings are occupied, and there are only {households} households");
            check.refuse(&at.field("unoccupied"), message, Some("more of them stand empty".to_owned()));
        }
    }
}

impl TownHouseholds {
    pub(crate) fn count(&self) -> u32 {
        self.one_person.saturating_add(self.without_children).saturating_add(self.with_children)
    }
}

impl TownDwellings {
    pub(crate) fn count(&self) -> u32 {
        self.owner.saturating_add(self.corporation).saturating_add(self.other_rental)
    }
}

/// Refuses codes of another form than `prefix` and as many digits as CBS gives it, code 0, and codes given twice.
fn codes<'a>(check: &mut Check<'_>, list: &Path, all: impl Iterator<Item = &'a String>, prefix: &str) {
    let (length, example) = if prefix == "GM" { (4, "GM0001") } else { (2, "CR01") };
    let mut seen = BTreeSet::new();
    for (i, code) in all.enumerate() {
        let at = list.index(i).field("code");
        let number = code.strip_prefix(prefix).filter(|rest| rest.len() == length);
        if !number.is_some_and(|rest| rest.bytes().all(|b| b.is_ascii_digit()) && rest.bytes().any(|b| b != b'0')) {
            let message = format!("`code` is \"{code}\"; it is {prefix} and {length} digits, not all zero");
            check.refuse(&at, message, Some(format!("such as \"{example}\"")));
        } else if !seen.insert(code) {
            check.refuse(&at, format!("\"{code}\" is given twice"), Some("number them one by one".to_owned()));
        }
    }
}
