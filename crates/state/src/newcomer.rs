//! Households and dwellings that come into being: collected during a phase, placed in slots at its end.

use bevy_ecs::prelude::Resource;

use crate::due::NextLooks;
use crate::dwelling::Dwelling;
use crate::household::{Home, Means, Seeker};
use crate::members::Members;
use crate::name::Kin;
use crate::registration::Registration;
use crate::vacancy::ChainCause;

/// A household that will stand in a slot at the end of the phase.
#[derive(Clone, Debug, Default)]
pub struct Newcomer {
    /// Names.
    pub kin: Kin,
    /// Persons.
    pub members: Members,
    /// Income and traits.
    pub means: Means,
    /// Search facts; rows are entered from `rows`.
    pub seeker: Seeker,
    /// Home; a dwelling named here is moved into at placing.
    pub home: Home,
    /// Rows it takes along (their holder and link are set at placing).
    pub rows: Vec<Registration>,
    /// Next events.
    pub next: NextLooks,
}

/// Households waiting for a slot.
#[derive(Resource, Clone, Debug, Default)]
pub struct Newcomers(pub Vec<Newcomer>);

/// A dwelling that will stand in a slot at the end of the phase, and be vacant.
#[derive(Clone, Copy, Debug)]
pub struct NewDwelling {
    /// What it is.
    pub dwelling: Dwelling,
    /// Why its chain begins.
    pub cause: ChainCause,
}

/// Dwellings waiting for a slot.
#[derive(Resource, Clone, Debug, Default)]
pub struct NewDwellings(pub Vec<NewDwelling>);
