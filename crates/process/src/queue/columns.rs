//! The columns of all households, as slices: an undeclared column is an empty one.

use bevy_ecs::change_detection::ContiguousMut;
use bevy_ecs::component::Mutable;
use bevy_ecs::prelude::*;
use bevy_ecs::query::QueryData;
use bevy_ecs::system::SystemParam;
use doorstroom_state::Columns;
use doorstroom_state::columns::plain;
use doorstroom_state::queue::{
    Abode, Buffer, Ended, Housed, Leaves, Listed, Mates, NONE, OffersMade, QueueLedger, Renewal, Roll, SearchingSince,
    Standing,
};

/// The whole column of a component, empty if the world does not declare it.
pub(super) fn column<'q, C: Component<Mutability = Mutable>>(query: &'q mut Query<'_, '_, &mut C>) -> &'q mut [C] {
    query.columns().map_or(&mut [], plain)
}

/// The columns of households: one query, so that a step with nothing to do costs little. A column that the world does
/// not declare is not there.
#[derive(QueryData)]
#[query_data(mutable, contiguous(mutable))]
pub(super) struct HouseholdColumns {
    listed: &'static mut Listed,
    leaves: Option<&'static mut Leaves>,
    renewal: Option<&'static mut Renewal>,
    offers: Option<&'static mut OffersMade>,
    searching: Option<&'static mut SearchingSince>,
    buffer: Option<&'static mut Buffer>,
    abode: Option<&'static mut Abode>,
    mates: Option<&'static mut Mates>,
}

/// Households, the roll and the ledger.
#[derive(SystemParam)]
pub(super) struct Households<'w, 's> {
    columns: Query<'w, 's, HouseholdColumns>,
    roll: ResMut<'w, Roll>,
    ledger: ResMut<'w, QueueLedger>,
}

/// The same as slices, row i being slot i.
pub(super) struct Rows<'q> {
    pub listed: &'q mut [Listed],
    pub leaves: &'q mut [Leaves],
    pub renewal: &'q mut [Renewal],
    pub offers: &'q mut [OffersMade],
    pub searching: &'q mut [SearchingSince],
    pub buffer: &'q mut [Buffer],
    pub abode: &'q mut [Abode],
    pub mates: &'q mut [Mates],
    pub roll: &'q mut Roll,
    pub ledger: &'q mut QueueLedger,
}

/// A declared column, or an empty one.
fn declared<T>(column: Option<ContiguousMut<'_, T>>) -> &mut [T] {
    column.map(plain).unwrap_or_default()
}

impl Households<'_, '_> {
    /// Opens the columns.
    pub(super) fn rows(&mut self) -> Rows<'_> {
        // a world of movers and vacancies only has no households at all
        let columns = self.columns.columns().map(|columns| {
            (
                plain(columns.listed),
                declared(columns.leaves),
                declared(columns.renewal),
                declared(columns.offers),
                declared(columns.searching),
                declared(columns.buffer),
                declared(columns.abode),
                declared(columns.mates),
            )
        });
        let (listed, leaves, renewal, offers, searching, buffer, abode, mates) = columns.unwrap_or_default();
        let (roll, ledger) = (&mut *self.roll, &mut *self.ledger);
        Rows { listed, leaves, renewal, offers, searching, buffer, abode, mates, roll, ledger }
    }
}

impl Rows<'_> {
    /// Offers that a household got so far.
    pub(super) fn offers(&self, at: usize) -> u16 {
        self.offers.get(at).map_or(0, |offers| offers.0)
    }

    /// The dwelling a household lives in.
    pub(super) fn abode(&self, at: usize) -> Option<u32> {
        self.abode.get(at).map(|abode| abode.0).filter(|&place| place != NONE)
    }

    /// Strikes a household off the list and out of its buffer.
    fn strike_off(&mut self, at: usize, standing: Standing) {
        if let Some(buffer) = self.buffer.get_mut(at).filter(|buffer| buffer.0 > 0) {
            self.roll.buffered[usize::from(buffer.0) - 1] -= 1;
            *buffer = Buffer(0, 0);
        }
        self.roll.leave(at as u32, &mut self.listed[at], standing);
    }

    /// A household leaves the list without a home, by its own will or because it refused its last offer.
    pub(super) fn end(&mut self, at: usize, refused: bool, standing: Standing) {
        let row = self.listed[at];
        let offers = self.offers(at);
        self.ledger.ended.push(Ended { name: row.name, group: row.group, entered: row.entered, offers, refused });
        self.strike_off(at, standing);
    }

    /// A household is housed.
    pub(super) fn house(&mut self, at: usize, channel: u8, standing: Standing) {
        let row = self.listed[at];
        let offers = self.offers(at).max(1);
        self.ledger.housed.push(Housed { name: row.name, group: row.group, channel, entered: row.entered, offers });
        self.strike_off(at, standing);
    }
}
