//! What a town was populated with, beside what its page says.

use doorstroom_state::dwelling::DwellingUse;
use doorstroom_state::{Members, NO_SLOT, Role, Tenure};

use super::report::PopulationReport;
use super::tables::{MunicipalityRow, Tables};
use crate::population::Population;

/// Persons that a municipality may have beyond or below its inhabitants: the sizes of households are those of the
/// country, and about 2 % of inhabitants live in institutions.
const PERSONS_TOLERANCE: f64 = 0.10;
/// Households or dwellings that a figure may be off, because cells by age, size and tenure are whole numbers.
const ROUNDING: f64 = 2.0;

impl PopulationReport {
    /// Households, persons and dwellings of every municipality of a town against its page, at `scale` (0 to 1) of it.
    pub fn of_town(population: &Population, tables: &Tables, scale: f64) -> PopulationReport {
        let mut report = PopulationReport::default();
        for (slot, row) in tables.municipalities.iter().enumerate() {
            let place = format!("{} {}", row.code, row.name);
            let counted = households(population, slot);
            let all = f64::from(row.households) * scale;
            let measures = ["of one person", "without children", "with children"];
            for ((measure, share), count) in measures.into_iter().zip(row.composition).zip(counted.by_composition) {
                report.count("households", (measure, all * share, count), &place);
            }
            let persons = f64::from(row.inhabitants) * scale;
            report.add("persons", ("in households", persons, counted.persons), PERSONS_TOLERANCE, &place);
            report.dwellings(population, (slot, row), scale, &place);
        }
        // by subject, municipalities in order
        report
            .figures
            .sort_by_key(|figure| ["households", "persons", "dwellings"].map(|known| known != figure.subject));
        report
    }

    fn dwellings(&mut self, population: &Population, (slot, row): (usize, &MunicipalityRow), scale: f64, place: &str) {
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
            self.count("dwellings", (measure, all * share, got), place);
        }
        let empty = here().filter(|d| d.occupant == NO_SLOT).count() as f64;
        self.count("dwellings", ("unoccupied", all * row.unoccupied, empty), place);
    }

    fn count(&mut self, subject: &'static str, (measure, target, got): (&'static str, f64, f64), place: &str) {
        let tolerance = if target > 0.0 { (ROUNDING / target).max(0.005) } else { 0.0 };
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
