//! One household seen closely, month by month: what a biography is told from. Asked for by name, never stored by a run.

use bevy_ecs::prelude::*;
use doorstroom_state::dwelling::Dwelling;
use doorstroom_state::municipality::Gazetteer;
use doorstroom_state::{Home, HomeKind, Household, NO_SLOT, Seeker, SeekerGroup, Tenure};

use crate::look::whole;

/// A household at the end of a step.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub enum Page {
    /// Not in the model: not yet, or not any more.
    #[default]
    Absent,
    /// Part of the household of this name, with which it merged at pairing.
    With(u64),
    /// There.
    There(Stand),
}

/// How a household stands.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Stand {
    /// How it lives.
    pub home: HomeKind,
    /// Tenure of the dwelling that it holds.
    pub tenure: Option<Tenure>,
    /// Name of the dwelling in which it lives, as host or guest; 0 outside the stock.
    pub dwelling: u64,
    /// Rooms of that dwelling; 0 outside the stock.
    pub rooms: u8,
    /// Municipality, by code; empty if none.
    pub municipality: String,
    /// Persons.
    pub persons: u8,
    /// Group.
    pub group: SeekerGroup,
    /// Entry group: by which displacement is measured.
    pub entry_group: SeekerGroup,
    /// Whether it is registered anywhere.
    pub registered: bool,
    /// Whether any of its registrations searches.
    pub searches: bool,
}

/// The households of these names, in the order of the names.
pub fn pages(
    In(names): In<Vec<u64>>,
    households: Query<(&Household, &Home, &Seeker)>,
    dwellings: Query<&Dwelling>,
    gazetteer: Res<Gazetteer>,
) -> Vec<Page> {
    let mut found = vec![Page::Absent; names.len()];
    let (Some((households, homes, seekers)), Some(dwellings)) = (whole(households), whole(dwellings)) else {
        return found;
    };
    for (slot, Household { kin, members, .. }) in households.iter().enumerate() {
        for (page, &name) in found.iter_mut().zip(&names) {
            if name == 0 {
                continue;
            }
            if kin.retired.0 == name {
                *page = Page::With(kin.name.0);
            }
            if kin.name.0 != name || !homes[slot].kind.is_present() {
                continue;
            }
            let (home, seeker) = (&homes[slot], &seekers[slot]);
            let inside = (home.dwelling != NO_SLOT).then_some(home.dwelling as usize);
            *page = Page::There(Stand {
                home: home.kind,
                tenure: home.tenure,
                dwelling: inside.map_or(0, |dwelling| dwellings[dwelling].name.0),
                rooms: inside.map_or(0, |dwelling| dwellings[dwelling].rooms),
                municipality: gazetteer
                    .municipality_codes
                    .get(usize::from(home.municipality))
                    .cloned()
                    .unwrap_or_default(),
                persons: members.count() as u8,
                group: seeker.group,
                entry_group: seeker.entry_group,
                registered: seeker.first_row != NO_SLOT,
                searches: seeker.searching_rows > 0,
            });
        }
    }
    found
}
