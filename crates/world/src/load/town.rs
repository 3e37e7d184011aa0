//! A town becomes a world: its own places, and all else from the world behind it.

use std::path::Path as FilePath;

use doorstroom_kernel::Share;
use doorstroom_state::region::MarketClass;

use super::{World, no_such_world};
use crate::notation::{WORLD_FILE, is_name};
use crate::populate::local;
use crate::populate::start::StartRules;
use crate::populate::tables::{MunicipalityRow, RegionRow, Tables};
use crate::read::{Check, Path};
use crate::town::{Market, Town, TownDwellings, TownHouseholds, TownMunicipality};

impl Town {
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
        if !behind.join(WORLD_FILE).is_file() {
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

#[cfg(test)]
mod tests;
