//! Keeps a home and the occupants of its dwelling equal. Processes decide; these methods keep the books.

use std::ops::IndexMut;

use doorstroom_kernel::Day;

use crate::dwelling::{Dwelling, DwellingForm};
use crate::household::{Home, HomeKind};
use crate::slots::{NO_SLOT, Slot};

/// What a household left behind.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Left {
    /// A self-contained dwelling that is empty now, or a shared one with one more free room.
    pub freed: Option<Slot>,
    /// Guests whose host is gone; they now live in other accommodation and have to look for something.
    pub stranded: Vec<Slot>,
}

/// Homes to be written, row i of slot i: plain, or a column that notes what is written.
pub trait Homes: AsRef<[Home]> + IndexMut<usize, Output = Home> {}

impl<H: AsRef<[Home]> + IndexMut<usize, Output = Home> + ?Sized> Homes for H {}

/// The two columns that must agree: where households live, and who lives in dwellings.
pub struct Tenancies<'a, H: ?Sized> {
    /// Homes by household slot.
    pub homes: &'a mut H,
    /// Dwellings by dwelling slot.
    pub dwellings: &'a mut [Dwelling],
}

impl<H: Homes + ?Sized> Tenancies<'_, H> {
    /// Moves `household`, which has no address now, into `dwelling`. A tenant or owner becomes first on the list of
    /// occupants; room tenants and guests come last.
    ///
    /// # Panics
    /// If the household still has an address.
    pub fn move_in(&mut self, household: Slot, dwelling: Slot, kind: HomeKind, since: Day) {
        let home = &mut self.homes[household as usize];
        assert!(home.dwelling == NO_SLOT, "a household has at most one home");
        let place = &self.dwellings[dwelling as usize];
        let tenure = (kind == HomeKind::Dwelling).then_some(place.tenure);
        let (municipality, first) = (place.municipality, place.occupant);
        *home = Home { dwelling, next_sharer: NO_SLOT, since, municipality, kind, tenure };
        if kind == HomeKind::Dwelling || first == NO_SLOT {
            self.homes[household as usize].next_sharer = first;
            self.dwellings[dwelling as usize].occupant = household;
            return;
        }
        let mut last = first;
        while self.homes[last as usize].next_sharer != NO_SLOT {
            last = self.homes[last as usize].next_sharer;
        }
        self.homes[last as usize].next_sharer = household;
    }

    /// Takes `household` out of its address. Its home becomes `kind` in `municipality`, outside the stock. If it held
    /// the dwelling, its guests are stranded.
    pub fn leave(&mut self, household: Slot, kind: HomeKind, municipality: u16, since: Day) -> Left {
        let was = self.homes[household as usize];
        let mut left = Left::default();
        if was.dwelling != NO_SLOT {
            self.unlink(household);
            for guest in self.take_out_guests(was) {
                let municipality = was.municipality;
                self.homes[guest as usize] = Home { since, municipality, kind: HomeKind::Other, ..Home::default() };
                left.stranded.push(guest);
            }
            left.freed = self.is_freed(was).then_some(was.dwelling);
        }
        self.homes[household as usize] = Home { since, municipality, kind, ..Home::default() };
        left
    }

    /// Moves `household` to `dwelling` as its tenant, owner or room tenant; guests of a holder go along. Returns the
    /// dwelling left free, if any.
    pub fn relocate(&mut self, household: Slot, dwelling: Slot, kind: HomeKind, since: Day) -> Option<Slot> {
        let was = self.homes[household as usize];
        let mut guests = Vec::new();
        if was.dwelling != NO_SLOT {
            self.unlink(household);
            guests = self.take_out_guests(was);
        }
        self.homes[household as usize].dwelling = NO_SLOT;
        self.move_in(household, dwelling, kind, since);
        for guest in guests {
            let Home { kind, since, .. } = self.homes[guest as usize];
            self.homes[guest as usize].dwelling = NO_SLOT;
            self.move_in(guest, dwelling, kind, since);
        }
        (was.dwelling != NO_SLOT && self.is_freed(was)).then_some(was.dwelling)
    }

    /// Takes everybody who is left at the address that its holder gave up off the list of occupants, in order. Their
    /// homes still name the dwelling.
    fn take_out_guests(&mut self, was: Home) -> Vec<Slot> {
        let mut guests: Vec<Slot> = Vec::new();
        if was.kind == HomeKind::Dwelling {
            guests.extend(self.occupants(was.dwelling));
            guests.iter().for_each(|&guest| self.unlink(guest));
        }
        guests
    }

    /// Households at the address, holder first.
    pub fn occupants(&self, dwelling: Slot) -> Occupants<'_> {
        Occupants { homes: self.homes.as_ref(), next: self.dwellings[dwelling as usize].occupant }
    }

    /// Number of households at the address.
    pub fn occupants_count(&self, dwelling: Slot) -> usize {
        self.occupants(dwelling).count()
    }

    fn is_freed(&self, was: Home) -> bool {
        let dwelling = &self.dwellings[was.dwelling as usize];
        match (dwelling.form, was.kind) {
            (DwellingForm::Shared, HomeKind::Room) => true,
            _ => dwelling.occupant == NO_SLOT,
        }
    }

    fn unlink(&mut self, household: Slot) {
        let Home { dwelling, next_sharer, .. } = self.homes[household as usize];
        let first = self.dwellings[dwelling as usize].occupant;
        if first == household {
            self.dwellings[dwelling as usize].occupant = next_sharer;
        } else {
            let mut before = first;
            while self.homes[before as usize].next_sharer != household {
                before = self.homes[before as usize].next_sharer;
            }
            self.homes[before as usize].next_sharer = next_sharer;
        }
        self.homes[household as usize].next_sharer = NO_SLOT;
    }
}

/// Households at one address, holder first.
pub struct Occupants<'a> {
    homes: &'a [Home],
    next: Slot,
}

impl<'a> Occupants<'a> {
    /// Occupants of `dwelling` for readers that hold the columns apart.
    pub fn of(homes: &'a [Home], dwelling: &Dwelling) -> Self {
        Occupants { homes, next: dwelling.occupant }
    }
}

impl Iterator for Occupants<'_> {
    type Item = Slot;
    fn next(&mut self) -> Option<Slot> {
        let slot = (self.next != NO_SLOT).then_some(self.next)?;
        self.next = self.homes[slot as usize].next_sharer;
        Some(slot)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn town(households: usize, dwellings: usize) -> (Vec<Home>, Vec<Dwelling>) {
        (vec![Home::default(); households], vec![Dwelling { capacity: 1, ..Dwelling::default() }; dwellings])
    }

    #[test]
    fn guests_move_along_with_their_host_and_the_old_dwelling_is_freed() {
        let (mut homes, mut dwellings) = town(2, 2);
        let mut books = Tenancies { homes: &mut homes, dwellings: &mut dwellings };
        books.move_in(0, 0, HomeKind::Dwelling, Day(1));
        books.move_in(1, 0, HomeKind::WithParents, Day(1));
        assert_eq!(books.relocate(0, 1, HomeKind::Dwelling, Day(9)), Some(0));
        assert_eq!(books.occupants(1).collect::<Vec<_>>(), [0, 1]);
        assert_eq!(books.occupants_count(0), 0);
        assert_eq!(homes[1].since, Day(1));
    }

    #[test]
    fn a_guest_whose_host_dissolves_is_stranded_and_the_dwelling_is_free() {
        let (mut homes, mut dwellings) = town(2, 1);
        let mut books = Tenancies { homes: &mut homes, dwellings: &mut dwellings };
        books.move_in(0, 0, HomeKind::Dwelling, Day(1));
        books.move_in(1, 0, HomeKind::WithKin, Day(1));
        let left = books.leave(0, HomeKind::Nowhere, 7, Day(5));
        assert_eq!(left, Left { freed: Some(0), stranded: vec![1] });
        assert_eq!(homes[1].kind, HomeKind::Other);
    }

    #[test]
    fn every_room_that_empties_is_one_free_room() {
        let (mut homes, mut dwellings) = town(3, 1);
        dwellings[0].form = DwellingForm::Shared;
        let mut books = Tenancies { homes: &mut homes, dwellings: &mut dwellings };
        for household in 0..3 {
            books.move_in(household, 0, HomeKind::Room, Day(1));
        }
        assert_eq!(books.leave(1, HomeKind::Other, 0, Day(2)).freed, Some(0));
        assert_eq!(books.leave(0, HomeKind::Other, 0, Day(2)).freed, Some(0));
        assert_eq!(books.occupants(0).collect::<Vec<_>>(), [2]);
    }
}
