//! Areas by which rows are made: the country, its regions, its municipalities.

use bevy_ecs::prelude::*;
use doorstroom_state::municipality::Gazetteer;
use doorstroom_state::region::{MarketClass, Region};

use crate::look::{look, whole};
use crate::table::Text;

/// Codes of all areas. Area 0 is the country, area 1 + r the region in slot r.
#[derive(Clone, Debug, Default)]
pub struct Areas {
    /// `NL`, then the regions.
    pub codes: Vec<Text>,
    /// Municipalities by slot.
    pub municipalities: Vec<Text>,
    /// Area of the region of each municipality.
    region_of: Vec<usize>,
    /// Scarcity class of each region.
    pub classes: Vec<MarketClass>,
}

impl Areas {
    /// The areas of a world.
    pub fn of(world: &mut World) -> Self {
        look(world, |gazetteer: Res<Gazetteer>, regions: Query<&Region>| {
            let shared = |code: &String| Text::from(code.clone());
            let classes = whole(regions).unwrap_or_default().iter().map(|region| region.class).collect();
            Areas {
                codes: std::iter::once("NL".into()).chain(gazetteer.region_codes.iter().map(shared)).collect(),
                municipalities: gazetteer.municipality_codes.iter().map(shared).collect(),
                region_of: gazetteer.region_of.iter().map(|&region| 1 + usize::from(region)).collect(),
                classes,
            }
        })
    }

    /// Number of areas: the country and the regions.
    pub fn len(&self) -> usize {
        self.codes.len()
    }

    /// True without any area.
    pub fn is_empty(&self) -> bool {
        self.codes.is_empty()
    }

    /// Area of the region that a municipality lies in; the country for households without municipality.
    pub fn region_of(&self, municipality: usize) -> usize {
        self.region_of.get(municipality).copied().unwrap_or(0)
    }

    /// Cells by municipality (beyond the last: no municipality) added up to the country and the regions.
    pub fn fold<C: Copy + Default>(&self, by_municipality: &[C], add: impl Fn(&mut C, &C)) -> Vec<C> {
        let mut areas = vec![C::default(); self.len()];
        for (municipality, cell) in by_municipality.iter().enumerate() {
            add(&mut areas[0], cell);
            let region = self.region_of(municipality);
            if region > 0 {
                add(&mut areas[region], cell);
            }
        }
        areas
    }
}
