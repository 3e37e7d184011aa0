//! What the municipalities of a part or a town were populated with, beside what their rows say.

use doorstroom_state::dwelling::DwellingUse;
use doorstroom_state::{Members, NO_SLOT, Role, Tenure};

use super::PopulationReport;
use crate::load::World;
use crate::populate::start::StartRules;
use crate::populate::tables::MunicipalityRow;
use crate::population::Population;

/// Persons that a municipality may have beyond or below its inhabitants: the sizes of households are those of the
/// country, and about 2 % of inhabitants live in institutions.
const PERSONS_TOLERANCE: f64 = 0.10;
/// Deviation of dwellings that stand empty: what other accommodation takes follows from whole households.
const UNOCCUPIED_TOLERANCE: f64 = 0.04;
/// Households or dwellings that a figure may be off, because cells by age, size and tenure are whole numbers.
const ROUNDING: f64 = 2.0;

/// Deviation by which the households of a municipality of the country may differ in composition: the national table,
/// which the country adds up to, has 2 % more of one person than the municipalities.
const COMPOSITION_TOLERANCE: f64 = 0.035;
/// The same of a town, which has a table of its own.
const EXACT: f64 = 0.005;

impl PopulationReport {
    /// Households, persons and dwellings of every municipality of a town against its page, at `scale` (0 to 1) of it.
    pub(crate) fn of_town(population: &Population, world: &World, scale: f64) -> PopulationReport {
        PopulationReport::of_municipalities(population, world, scale, EXACT)
    }

    /// The same of a part of the country against its rows.
    pub(super) fn of_part(population: &Population, world: &World, scale: f64) -> PopulationReport {
        PopulationReport::of_municipalities(population, world, scale, COMPOSITION_TOLERANCE)
    }

    fn of_municipalities(population: &Population, world: &World, scale: f64, tolerance: f64) -> PopulationReport {
        let mut report = PopulationReport::default();
        for (slot, row) in world.tables.municipalities.iter().enumerate() {
            let place = format!("{} {}", row.code, row.name);
            let counted = households(population, slot);
            let all = f64::from(row.households) * scale;
            let measures = ["of one person", "without children", "with children"];
            for ((measure, share), count) in measures.into_iter().zip(row.composition).zip(counted.by_composition) {
                report.count("households", (measure, all * share, count), tolerance, &place);
            }
            let persons = f64::from(row.inhabitants) * scale;
            report.add("persons", ("in households", persons, counted.persons), PERSONS_TOLERANCE, &place);
            report.dwellings(population, &world.start, (slot, row), scale, &place);
        }
        // by subject, municipalities in order
        report
            .figures
            .sort_by_key(|figure| ["households", "persons", "dwellings"].map(|known| known != figure.subject));
        report
    }

    fn dwellings(
        &mut self,
        population: &Population,
        start: &StartRules,
        (slot, row): (usize, &MunicipalityRow),
        scale: f64,
        place: &str,
    ) {
        let all = f64::from(row.dwellings) * scale;
        let here = || {
            let there = population.dwellings.iter().filter(|d| d.state != DwellingUse::Gone);
            there.filter(|d| usize::from(d.municipality) == slot)
        };
        // shared homes of corporations come out of other rental dwellings at the start
        let is_shared = |d: &doorstroom_state::Dwelling| d.form == doorstroom_state::DwellingForm::Shared;
        let tenure = |d: &doorstroom_state::Dwelling| if is_shared(d) { Tenure::OtherRental } else { d.tenure };
        let measures = ["owner-occupied", "of corporations", "other rental, shared homes included"];
        for ((measure, share), of) in measures.into_iter().zip(row.tenure).zip(Tenure::ALL) {
            let got = here().filter(|d| tenure(d) == of).count() as f64;
            self.count("dwellings", (measure, all * share, got), EXACT, place);
        }
        let empty = here().filter(|d| d.occupant == NO_SLOT).count() as f64;
        let (lowest, highest) = (start.dwellings.unoccupied_min.value, start.dwellings.unoccupied_max.value);
        let usual = all * row.unoccupied.clamp(lowest.get(), highest.get());
        // where there are fewer households than dwellings to be lived in, more stand empty
        let wanted = usual.max(all - f64::from(row.households) * scale);
        self.count("dwellings", ("unoccupied", wanted, empty), UNOCCUPIED_TOLERANCE, place);
    }

    fn count(
        &mut self,
        subject: &'static str,
        (measure, target, got): (&'static str, f64, f64),
        tolerance: f64,
        place: &str,
    ) {
        let tolerance = if target > 0.0 { (ROUNDING / target).max(tolerance) } else { 0.0 };
        self.add(subject, (measure, target, got), tolerance, place);
    }
}

/// Private households of one municipality.
#[derive(Clone, Copy, Debug, Default)]
struct Counted {
    persons: f64,
    by_composition: [f64; 3],
}

fn households(population: &Population, municipality: usize) -> Counted {
    let mut counted = Counted::default();
    let there = population.members.iter().zip(&population.homes);
    for (members, _) in
        there.filter(|(_, home)| home.kind.is_private() && usize::from(home.municipality) == municipality)
    {
        counted.persons += members.count() as f64;
        counted.by_composition[composition(members)] += 1.0;
    }
    counted
}

/// One person, without children, with children.
fn composition(members: &Members) -> usize {
    match members.iter().any(|(_, person)| person.role == Role::Child) {
        true => 2,
        false => usize::from(members.count() > 1),
    }
}
