//! Who hosts whom: a guest goes to the host of its municipality for whom its addressed affinity is best.

use doorstroom_kernel::Purpose;
use doorstroom_kernel::chance::Meeting;
use doorstroom_policy::crowding::rooms_needed_by;
use doorstroom_state::books::Books;
use doorstroom_state::household::HomeKind;
use doorstroom_state::name::KinName;
use doorstroom_state::slots::{NO_SLOT, Slot};

use crate::affinity::Choices;
use crate::rulebook::Setting;

const HOST: Purpose = Purpose::named("affinity of a guest and a host");

/// Who looks for a host: municipality (slot), name and slot.
type Guest = (u16, KinName, Slot);

/// Households that could host this step, by municipality.
pub(super) struct Hosts {
    by_municipality: Vec<Choices>,
}

impl Hosts {
    /// Those on the list of hosts who have room and no guest.
    pub(super) fn new(books: &mut Books<'_>, setting: &Setting<'_>) -> Self {
        let spare = setting.rulebook.rules.sharing.host_spare_rooms.get() as u8;
        let month = setting.clock.month();
        let (homes, dwellings, households) = (&*books.homes, &*books.dwellings, &*books.households);
        let holds = |slot: Slot| homes[slot as usize].kind == HomeKind::Dwelling;
        let listed = books.lists.hosts.by_slot(&setting.lane, households, holds);
        let rooms = |slot: Slot| dwellings[homes[slot as usize].dwelling as usize].rooms;
        let may_host = setting.lane.map_scattered(
            listed,
            |&(_, slot)| u64::from(rooms(slot)) ^ households[slot as usize].members.head().unwrap_or(0) as u64,
            |&(_, slot)| {
                let alone = homes[slot as usize].next_sharer == NO_SLOT;
                alone && rooms(slot) >= rooms_needed_by(&households[slot as usize].members, month) + spare
            },
        );
        let mut by_municipality = vec![Choices::default(); setting.gazetteer.region_of.len()];
        for (&(name, slot), may_host) in listed.iter().zip(may_host) {
            if may_host {
                by_municipality[usize::from(homes[slot as usize].municipality)].left.push((name, slot));
            }
        }
        Hosts { by_municipality }
    }

    /// Chooses for `guests`, who are sorted, in the order in which their turns will come; municipalities in parallel.
    pub(super) fn choose_ahead(&mut self, guests: Vec<Guest>, setting: &Setting<'_>) {
        let groups: Vec<&[Guest]> = guests.chunk_by(|a, b| a.0 == b.0).collect();
        let chosen = setting.lane.map(&groups, |group| {
            let choosers = group.iter().map(|&(_, name, guest)| (guest, meeting(name, setting)));
            self.by_municipality[usize::from(group[0].0)].chosen(choosers)
        });
        for (group, chosen) in groups.iter().zip(chosen) {
            self.by_municipality[usize::from(group[0].0)].expect(chosen);
        }
    }

    /// Takes a household that loses its dwelling off the list.
    pub(super) fn forget(&mut self, books: &Books<'_>, household: Slot) {
        self.by_municipality[usize::from(books.homes[household as usize].municipality)].forget(household);
    }

    /// Puts the guest with its host, at most one guest a host.
    pub(super) fn find(&mut self, books: &mut Books<'_>, guest: Slot, setting: &Setting<'_>) {
        let (home, name) = (books.homes[guest as usize], books.name(guest));
        let town = &mut self.by_municipality[usize::from(home.municipality)];
        if let Some(host) = town.take_for(guest, meeting(name, setting)) {
            let dwelling = books.homes[host as usize].dwelling;
            books.host(guest, dwelling, home.kind, setting.moment());
        }
    }
}

fn meeting(guest: KinName, setting: &Setting<'_>) -> Meeting {
    setting.chance.meeting(HOST, guest.0, setting.clock.step)
}
