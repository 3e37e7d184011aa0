//! Housing-market regions: the 40 COROP regions (assumption A2; worlds/MODEL.md M12).

use bevy_ecs::prelude::Component;

/// Scarcity class of a market; sets registration behaviour.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default)]
#[repr(u8)]
pub enum MarketClass {
    /// Waits of ten years and more.
    Tight,
    /// Five to seven.
    #[default]
    Middle,
    /// Under four.
    Relaxed,
}

impl MarketClass {
    /// All classes, in the order of their codes.
    pub const ALL: [MarketClass; 3] = [MarketClass::Tight, MarketClass::Middle, MarketClass::Relaxed];

    /// Key in files and tables.
    pub fn key(self) -> &'static str {
        match self {
            MarketClass::Tight => "tight",
            MarketClass::Middle => "middle",
            MarketClass::Relaxed => "relaxed",
        }
    }
}

/// Fixed facts of a region.
#[derive(Component, Clone, Copy, PartialEq, Debug, Default)]
pub struct Region {
    /// COROP number, 1 to 40.
    pub code: u8,
    /// Scarcity class.
    pub class: MarketClass,
}
