//! Places newcomers in slots: freed ones in ascending order first, then new ones at the end of the tables.

use bevy_ecs::prelude::*;
use bevy_ecs::system::SystemState;
use doorstroom_kernel::Clock;
use doorstroom_state::books::{BookKeeping, Books, Moment};
use doorstroom_state::due::Due;
use doorstroom_state::dwelling::{Dwelling, DwellingForm};
use doorstroom_state::group::SeekerGroup;
use doorstroom_state::household::{Home, HomeKind, Household, Means};
use doorstroom_state::model;
use doorstroom_state::newcomer::{NewDwellings, Newcomer, Newcomers};
use doorstroom_state::registration::Registration;
use doorstroom_state::slots::{NO_SLOT, Slot, Slots};

use crate::rulebook::{self, Rulebook};

/// Gives every waiting household a slot, an address and its rows.
pub fn place_newcomers(world: &mut World) {
    let mut newcomers = std::mem::take(&mut world.resource_mut::<Newcomers>().0);
    if newcomers.is_empty() {
        return;
    }
    // free slots are taken in ascending order, so neighbours come to lie near each other
    newcomers.sort_by_key(|newcomer| (newcomer.home.municipality, newcomer.kin.name));
    let slots = world.resource_mut::<Slots<Home>>().take(newcomers.len());
    make_room(world, world.resource::<Slots<Home>>().used() as usize, rows::<Home>, model::grow_households);
    let at = moment(world);
    let mut state = SystemState::<BookKeeping>::new(world);
    let mut keeping = state.get_mut(world).expect("the books of a populated world can always be opened");
    let mut books = keeping.open().expect("there is at least the slot just made");
    for (newcomer, slot) in newcomers.into_iter().zip(slots) {
        place(&mut books, newcomer, slot, at);
    }
}

fn place(books: &mut Books<'_>, newcomer: Newcomer, slot: Slot, at: Moment) {
    let i = slot as usize;
    let name = newcomer.kin.name;
    let address = newcomer.home.dwelling;
    books.households[i] = Household { kin: newcomer.kin, members: newcomer.members, means: newcomer.means };
    books.seekers[i] = newcomer.seeker;
    books.homes[i] = Home { dwelling: NO_SLOT, next_sharer: NO_SLOT, since: at.day, ..newcomer.home };
    books.demography[i] = newcomer.next.demography;
    books.registration[i] = newcomer.next.registration;
    books.sharing[i] = newcomer.next.sharing;
    books.eviction[i] = Due::redraw(at.step);
    for row in newcomer.rows {
        // what may happen to it next depends on the new home
        let row = Registration { next_event: Due::redraw(at.step), ..row };
        books.register.enter(slot, &mut books.seekers[i], row);
    }
    if address != NO_SLOT && books.dwellings[address as usize].occupant != NO_SLOT {
        books.host(slot, address, newcomer.home.kind, at);
    }
    if newcomer.home.kind == HomeKind::Reception {
        books.lists.reception.note(name, slot);
    } else if newcomer.seeker.group == SeekerGroup::StatusHolder {
        books.lists.after_reception.note(name, slot);
    }
    if newcomer.seeker.group == SeekerGroup::DisplacedUkrainian {
        books.households[i].means.flags |= Means::TEMPORARY_PROTECTION;
    }
    if books.households[i].means.is(Means::TEMPORARY_PROTECTION) {
        books.lists.ukrainians.note(name, slot);
    }
    if newcomer.seeker.family_awaited > 0 {
        books.lists.sponsors.note(name, slot);
    }
    if newcomer.seeker.wish != doorstroom_state::household::Wish::None {
        books.lists.wishing.note(name, slot);
    }
    if books.households[i].means.is(Means::CARE_LEAVER) {
        books.lists.care_leavers.note(name, slot);
    }
    books.settle_group(slot, at);
}

/// Gives every waiting dwelling a slot and lists it as vacant.
pub fn place_dwellings(world: &mut World) {
    let mut dwellings = std::mem::take(&mut world.resource_mut::<NewDwellings>().0);
    if dwellings.is_empty() {
        return;
    }
    dwellings.sort_by_key(|new| (new.dwelling.municipality, new.dwelling.name));
    let slots = world.resource_mut::<Slots<Dwelling>>().take(dwellings.len());
    make_room(world, world.resource::<Slots<Dwelling>>().used() as usize, rows::<Dwelling>, model::grow_dwellings);
    let at = moment(world);
    let mut columns = world.query::<&mut Dwelling>();
    {
        let mut tables = columns.contiguous_iter_mut(world).expect("components are kept in tables");
        let mut rows = tables.next().expect("there is at least the slot just made");
        for (new, &slot) in dwellings.iter().zip(&slots) {
            rows.bypass_change_detection()[slot as usize] = new.dwelling;
        }
    }
    let mut state = SystemState::<BookKeeping>::new(world);
    let mut keeping = state.get_mut(world).expect("the books of a populated world can always be opened");
    let Some(mut books) = keeping.open() else { return };
    for (new, slot) in dwellings.into_iter().zip(slots) {
        books.ledger.tenures[new.dwelling.tenure as usize].built += 1;
        if new.dwelling.form == DwellingForm::Flex {
            books.lists.flex.note(new.dwelling.name, slot);
            books.ledger.flex_opened += 1;
        }
        let rooms = match new.dwelling.form {
            DwellingForm::Shared => {
                // rooms are let one by one: no self-contained dwelling more, as when one is made into a shared home
                books.ledger.tenures[new.dwelling.tenure as usize].converted_out += 1;
                new.dwelling.capacity
            }
            _ => 1,
        };
        for _ in 0..rooms {
            books.open_new(slot, new.cause, at);
        }
    }
}

fn moment(world: &World) -> Moment {
    rulebook::moment(world.resource::<Clock>(), &world.resource::<Rulebook>().rules)
}

fn rows<C: Component>(world: &mut World) -> usize {
    world.query::<&C>().iter(world).len()
}

/// Grows a table to `wanted` rows and a little more, so that growth is rare.
fn make_room(world: &mut World, wanted: usize, rows: fn(&mut World) -> usize, grow: fn(&mut World, usize)) {
    let there = rows(world);
    if wanted > there {
        grow(world, wanted - there + wanted / 200 + 16);
    }
}
