//! A town of one page: a world that declares its places by hand and takes everything else from another world.
//!
//! The other world gives the rules, the numbers of the start state, and who lives how by age; the town gives counts of
//! persons, households and dwellings. National flows come by its share of the country's inhabitants.

use std::collections::BTreeSet;
use std::path::Path as FilePath;

use doorstroom_kernel::Share;
use doorstroom_state::region::MarketClass;
use serde::Deserialize;

use crate::definition::{is_name, not_blank, version};
use crate::load::{World, no_such_world};
use crate::populate::local;
use crate::populate::start::StartRules;
use crate::populate::tables::{MunicipalityRow, RegionRow, Tables};
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

    /// The world behind a town in `folder`, called `name`; whatever is wrong with it, or does not go with the town,
    /// is refused. None after a mistake.
    pub(crate) fn behind(&self, folder: &FilePath, name: &str, check: &mut Check<'_>) -> Option<World> {
        let field = Path::root().field("rules_of");
        if !check.trusts(&field) {
            return None;
        }
        if !is_name(&self.rules_of) || self.rules_of == name {
            let message = format!("`rules_of` is \"{}\"; name the folder of another world beside this", self.rules_of);
            check.refuse(&field, message, None);
            return None;
        }
        let behind = folder.parent().unwrap_or(FilePath::new("")).join(&self.rules_of);
        if !behind.join(crate::load::WORLD_FILE).is_file() {
            let hint = no_such_world(&behind, &self.rules_of).hint;
            check.refuse(&field, format!("there is no world \"{}\"", self.rules_of), hint);
            return None;
        }
        let world = match World::load_whole(&behind) {
            Ok(world) => world,
            Err(problems) => {
                check.absorb(&field, problems);
                return None;
            }
        };
        let Some(world) = world else {
            let message = format!("\"{}\" takes its rules from another world; name that one", self.rules_of);
            check.refuse(&field, message, None);
            return None;
        };
        let places = Path::root().field("municipalities");
        let (inhabitants, country) = (self.inhabitants(), inhabitants(&world.tables.municipalities));
        if inhabitants > country {
            let message =
                format!("{inhabitants:.0} inhabitants; \"{}\", whose flows they share, has {country:.0}", world.name);
            check.refuse(&places, message, None);
        }
        for (i, place) in self.municipalities.iter().enumerate() {
            place.mind_room(&world.start, &places.index(i), check);
        }
        Some(world)
    }

    fn inhabitants(&self) -> f64 {
        self.municipalities.iter().map(|place| f64::from(place.inhabitants)).sum()
    }

    /// The town, with all that it takes from the world `behind` it.
    pub(crate) fn with(self, name: String, mut behind: World) -> World {
        let share = self.inhabitants() / inhabitants(&behind.tables.municipalities);
        let regions = self.region_rows();
        let municipalities = self.municipality_rows(&regions, &behind.tables);
        // a code may be that of a region behind the town, which is another place
        let markets: Vec<(String, MarketClass)> = regions.iter().map(|row| (row.code.clone(), row.class)).collect();
        behind.rules.schemes.for_regions(&markets);
        let mut start = behind.start;
        let sizes = local::sizes(&behind.tables, &municipalities, &mut start);
        // counts of dwellings of the whole country
        start.excess.corporation_shared.value *= share;
        // the bounds are for published percentages; what is written here is meant
        (start.dwellings.unoccupied_min.value, start.dwellings.unoccupied_max.value) = (Share::default(), whole());
        let tables = Tables { municipalities, regions, sizes, ..behind.tables };
        let (title, population_seed) = (self.title, self.population_seed);
        World { name, title, tables, start, share, population_seed, is_town: true, ..behind }
    }

    fn region_rows(&self) -> Vec<RegionRow> {
        let mut rows: Vec<RegionRow> = self
            .regions
            .iter()
            .map(|region| RegionRow {
                code: region.code.clone(),
                number: digits(&region.code),
                name: region.name.clone(),
                class: region.market.class(),
                households: self
                    .municipalities
                    .iter()
                    .filter(|place| place.region == region.code)
                    .map(|place| place.households.count())
                    .sum(),
                neighbours: Vec::new(),
            })
            .collect();
        rows.sort_by(|a, b| a.code.cmp(&b.code));
        for (one, other) in &self.borders {
            if let (Some(one), Some(other)) = (slot(&rows, one), slot(&rows, other)) {
                rows[usize::from(one)].neighbours.push(other);
                rows[usize::from(other)].neighbours.push(one);
            }
        }
        rows.iter_mut().for_each(|row| row.neighbours.sort_unstable());
        rows
    }

    fn municipality_rows(&self, regions: &[RegionRow], behind: &Tables) -> Vec<MunicipalityRow> {
        let dwellings = |row: &&MunicipalityRow| f64::from(row.dwellings);
        let mean = |of: fn(&MunicipalityRow) -> f64| {
            let all: f64 = behind.municipalities.iter().map(|row| dwellings(&row)).sum();
            behind.municipalities.iter().map(|row| of(row) * dwellings(&row)).sum::<f64>() / all
        };
        let (income, apartments) = (mean(|row| row.income_eur_thousand), mean(|row| row.apartments));
        let mut rows: Vec<MunicipalityRow> = self
            .municipalities
            .iter()
            .filter_map(|place| Some(place.row(slot(regions, &place.region)?, income, apartments)))
            .collect();
        rows.sort_by(|a, b| a.code.cmp(&b.code));
        rows
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

    /// Refuses more households than find a home: in dwellings, in rooms of other rental dwellings, as guests, and in
    /// other accommodation, as far as the start state knows these.
    fn mind_room(&self, start: &StartRules, at: &Path, check: &mut Check<'_>) {
        let rules = &start.excess;
        let households = self.households.count();
        let homes = f64::from(self.dwellings.count().saturating_sub(self.unoccupied));
        let rooms = f64::from(self.dwellings.other_rental) * f64::from(rules.rooms_per_home.value.saturating_sub(1));
        let beside = rules.other_share.value.get() + rules.hosted_share.value.get();
        let most = homes + rooms + f64::from(households) * beside;
        if f64::from(households) > most.ceil() && check.trusts(at) {
            let message = format!(
                "{households} households; at most {:.0} find a home in {homes:.0} occupied dwellings, {:.0} of which can be shared",
                most.ceil(),
                self.dwellings.other_rental,
            );
            let hint = Some("more dwellings, or fewer households".to_owned());
            check.refuse(&at.field("households"), message, hint);
        }
    }

    /// As a row of the tables; incomes and dwelling types are those of the country.
    fn row(&self, region: u8, income_eur_thousand: f64, apartments: f64) -> MunicipalityRow {
        let (households, dwellings) = (self.households.count(), self.dwellings.count());
        let part = |part: u32, whole: u32| f64::from(part) / f64::from(whole);
        let TownHouseholds { one_person, without_children, with_children } = self.households;
        let TownDwellings { owner, corporation, other_rental } = self.dwellings;
        MunicipalityRow {
            code: self.code.clone(),
            number: digits(&self.code),
            name: self.name.clone(),
            region,
            urbanity: self.urbanity,
            inhabitants: self.inhabitants,
            households,
            dwellings,
            unoccupied: part(self.unoccupied, dwellings),
            tenure: [owner, corporation, other_rental].map(|count| part(count, dwellings)),
            composition: [one_person, without_children, with_children].map(|count| part(count, households)),
            young: part(self.aged_15_to_24, self.inhabitants),
            old: part(self.aged_65_and_over, self.inhabitants),
            income_eur_thousand,
            apartments,
        }
    }
}

impl TownHouseholds {
    fn count(&self) -> u32 {
        self.one_person.saturating_add(self.without_children).saturating_add(self.with_children)
    }
}

impl TownDwellings {
    fn count(&self) -> u32 {
        self.owner.saturating_add(self.corporation).saturating_add(self.other_rental)
    }
}

impl Market {
    fn class(self) -> MarketClass {
        match self {
            Market::Tight => MarketClass::Tight,
            Market::Middle => MarketClass::Middle,
            Market::Relaxed => MarketClass::Relaxed,
        }
    }
}

fn whole() -> Share {
    Share::new(1.0).expect("1 is a share")
}

fn inhabitants(rows: &[MunicipalityRow]) -> f64 {
    rows.iter().map(|row| f64::from(row.inhabitants)).sum()
}

fn slot(rows: &[RegionRow], code: &str) -> Option<u8> {
    let found = rows.binary_search_by(|row| row.code.as_str().cmp(code));
    found.ok().and_then(|slot| u8::try_from(slot).ok())
}

/// The number in a code that [`codes`] let pass.
fn digits<N: std::str::FromStr + Default>(code: &str) -> N {
    code.get(2..).and_then(|digits| digits.parse().ok()).unwrap_or_default()
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

#[cfg(test)]
mod tests;
