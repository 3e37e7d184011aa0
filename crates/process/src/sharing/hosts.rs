//! Who hosts whom: a guest goes to the host of its municipality for whom its addressed affinity is best.

use std::collections::VecDeque;

use doorstroom_kernel::Purpose;
use doorstroom_kernel::chance::Meeting;
use doorstroom_policy::crowding::rooms_needed_by;
use doorstroom_state::books::Books;
use doorstroom_state::household::HomeKind;
use doorstroom_state::name::KinName;
use doorstroom_state::slots::{NO_SLOT, Slot};

use crate::rulebook::Setting;

const HOST: Purpose = Purpose::named("affinity of a guest and a host");

/// Who looks for a host: municipality (slot), name and slot.
type Guest = (u16, KinName, Slot);

/// Households that could host this step, by municipality.
pub(super) struct Hosts {
    by_municipality: Vec<Town>,
}

impl Hosts {
    /// Those on the list of hosts who have room and no guest.
    pub(super) fn new(books: &mut Books<'_>, setting: &Setting<'_>) -> Self {
        let spare = setting.rulebook.rules.sharing.host_spare_rooms.get() as u8;
        let month = setting.clock.month();
        let (homes, dwellings, members) = (&*books.homes, &*books.dwellings, &*books.members);
        let holds = |slot: Slot| homes[slot as usize].kind == HomeKind::Dwelling;
        let listed = books.lists.hosts.by_slot(&setting.lane, books.kin, holds);
        let rooms = |slot: Slot| dwellings[homes[slot as usize].dwelling as usize].rooms;
        let may_host = setting.lane.map_scattered(
            listed,
            |&(_, slot)| u64::from(rooms(slot)) ^ members[slot as usize].head().unwrap_or(0) as u64,
            |&(_, slot)| {
                let alone = homes[slot as usize].next_sharer == NO_SLOT;
                alone && rooms(slot) >= rooms_needed_by(&members[slot as usize], month) + spare
            },
        );
        let mut by_municipality = vec![Town::default(); setting.gazetteer.region_of.len()];
        for (&(name, slot), may_host) in listed.iter().zip(may_host) {
            if may_host {
                by_municipality[usize::from(homes[slot as usize].municipality)].hosts.push((name, slot));
            }
        }
        Hosts { by_municipality }
    }

    /// Chooses for `guests`, who are sorted, in the order in which their turns will come; municipalities in parallel.
    pub(super) fn choose_ahead(&mut self, guests: Vec<Guest>, setting: &Setting<'_>) {
        let groups: Vec<&[Guest]> = guests.chunk_by(|a, b| a.0 == b.0).collect();
        let meeting = |name: KinName| meeting(name, setting);
        let chosen =
            setting.lane.map(&groups, |group| self.by_municipality[usize::from(group[0].0)].chosen(group, meeting));
        for (group, ahead) in groups.iter().zip(chosen) {
            self.by_municipality[usize::from(group[0].0)].ahead = ahead;
        }
    }

    /// Takes a household that loses its dwelling off the list.
    pub(super) fn forget(&mut self, books: &Books<'_>, household: Slot) {
        let town = &mut self.by_municipality[usize::from(books.homes[household as usize].municipality)];
        town.ahead.clear();
        town.hosts.retain(|&(_, host)| host != household);
    }

    /// Puts the guest with its host, at most one guest a host.
    pub(super) fn find(&mut self, books: &mut Books<'_>, guest: Slot, setting: &Setting<'_>) {
        let (home, name) = (books.homes[guest as usize], books.kin[guest as usize].name);
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

/// The hosts of one municipality.
#[derive(Clone, Default)]
struct Town {
    hosts: Vec<(KinName, Slot)>,
    /// Guests and the places in `hosts` chosen for them, in the order of their turns: they hold until another comes.
    ahead: VecDeque<(Slot, Option<usize>)>,
}

impl Town {
    /// Takes the best of the hosts that are left off the list.
    fn take_for(&mut self, guest: Slot, meeting: Meeting) -> Option<Slot> {
        let best = match self.ahead.pop_front() {
            Some((expected, best)) if expected == guest => best,
            _ => {
                self.ahead.clear();
                self.best_for(guest, meeting)
            }
        };
        best.map(|best| self.hosts.swap_remove(best).1)
    }

    fn best_for(&self, guest: Slot, meeting: Meeting) -> Option<usize> {
        let affinity = |&h: &usize| meeting.luck(self.hosts[h].0.0).bits();
        (0..self.hosts.len()).filter(|&h| self.hosts[h].1 != guest).min_by_key(affinity)
    }

    /// What the hosts will be if nobody but `guests` comes, each in its turn.
    fn chosen(&self, guests: &[Guest], meeting: impl Fn(KinName) -> Meeting) -> VecDeque<(Slot, Option<usize>)> {
        let mut left = Town { hosts: self.hosts.clone(), ahead: VecDeque::new() };
        let choose = |&(_, name, guest): &Guest| {
            let best = left.best_for(guest, meeting(name));
            best.map(|best| left.hosts.swap_remove(best));
            (guest, best)
        };
        guests.iter().map(choose).collect()
    }
}

#[cfg(test)]
mod tests {
    use doorstroom_kernel::{Chance, Step};

    use super::*;

    #[test]
    fn hosts_chosen_ahead_are_those_of_one_guest_after_the_other_whoever_comes() {
        let chance = Chance::new(4);
        let meeting = |name: KinName| chance.meeting(HOST, name.0, Step(3));
        let town = Town { hosts: (0..12).map(|i| (KinName(1_000 + u64::from(i)), i)).collect(), ..Town::default() };
        // two of the guests could host others, and the last ones find nobody
        let guests: Vec<Guest> = (10..25).map(|i| (0, KinName(1_000 + u64::from(i)), i)).collect();
        let ahead = Town { ahead: town.chosen(&guests, meeting), ..town.clone() };
        for stays_away in [usize::MAX, 0, 6, 14] {
            let (mut plain, mut ahead) = (town.clone(), ahead.clone());
            for (_, &(_, name, guest)) in guests.iter().enumerate().filter(|&(i, _)| i != stays_away) {
                assert_eq!(ahead.take_for(guest, meeting(name)), plain.take_for(guest, meeting(name)));
            }
            assert_eq!(ahead.hosts, plain.hosts);
        }
    }
}
