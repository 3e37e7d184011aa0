//! The yardstick without status holders: who is one and has no stable home yet is taken out of the model
//! (worlds/MODEL.md 6.4). Not a policy: it tells what the others would have got if nobody had come.

use bevy_ecs::prelude::*;
use doorstroom_state::books::BookKeeping;
use doorstroom_state::group::SeekerGroup;
use doorstroom_state::ledger::VacatedBy;
use doorstroom_state::name::KinName;
use doorstroom_state::reception::ReceptionStock;
use doorstroom_state::slots::Slot;
use doorstroom_state::vacancy::ChainCause;

use crate::rulebook::Setting;

/// Takes every status holder without a stable home out of the model, in the order of names, and counts the persons.
pub fn remove(setting: Setting, mut stock: ResMut<ReceptionStock>, mut keeping: BookKeeping) {
    if !setting.rulebook.rules.reception.status_absent.get() {
        return;
    }
    let Some(mut books) = keeping.open() else { return };
    let without_home = |&slot: &usize| books.seekers[slot].group == SeekerGroup::StatusHolder;
    let slots = (0..books.seekers.len()).filter(without_home);
    let mut leaving: Vec<(KinName, Slot)> = slots.map(|slot| (books.households[slot].kin.name, slot as Slot)).collect();
    leaving.sort_unstable();
    for (_, slot) in leaving {
        let persons = books.households[slot as usize].members.count() as u32;
        books.ledger.life.persons_out += persons;
        stock.flows.removed += persons;
        books.dissolve(slot, VacatedBy::Emigrated, ChainCause::Emigrated, setting.moment());
    }
}
