//! Renumbers every slot of a population, to show that no result depends on them.
//!
//! Only names say who somebody is; slots are places in memory. A run from a permuted population must give the same
//! bytes.

use doorstroom_kernel::{Chance, Purpose};
use doorstroom_state::slots::{NO_SLOT, Slot};

use crate::population::Population;

const HOUSEHOLDS: Purpose = Purpose::named("permute: household slots");
const DWELLINGS: Purpose = Purpose::named("permute: dwelling slots");
const ROWS: Purpose = Purpose::named("permute: register slots");

/// A new place for every slot.
struct Permutation {
    /// New slot of each old one.
    to: Vec<Slot>,
}

impl Permutation {
    fn of(len: usize, purpose: Purpose, chance: &Chance) -> Permutation {
        let mut order: Vec<Slot> = (0..len as Slot).collect();
        order.sort_by_cached_key(|&slot| (chance.trait_of(purpose, u64::from(slot)).bits(), slot));
        let mut to = vec![NO_SLOT; len];
        for (new, &old) in order.iter().enumerate() {
            to[old as usize] = new as Slot;
        }
        Permutation { to }
    }

    fn column<T: Copy>(&self, column: &mut [T]) {
        let old = column.to_vec();
        for (slot, value) in old.into_iter().enumerate() {
            column[self.to[slot] as usize] = value;
        }
    }

    fn link(&self, link: &mut Slot) {
        if *link != NO_SLOT {
            *link = self.to[*link as usize];
        }
    }
}

impl Population {
    /// Gives every household, dwelling and registration another slot, drawn from `seed`, and every link its new end.
    pub fn permute_slots(&mut self, seed: u64) {
        let chance = Chance::new(seed);
        let households = Permutation::of(self.homes.len(), HOUSEHOLDS, &chance);
        let dwellings = Permutation::of(self.dwellings.len(), DWELLINGS, &chance);
        let rows = Permutation::of(self.register.rows.len(), ROWS, &chance);
        self.relink(&households, &dwellings, &rows);
        households.column(&mut self.kin);
        households.column(&mut self.members);
        households.column(&mut self.means);
        households.column(&mut self.seekers);
        households.column(&mut self.homes);
        dwellings.column(&mut self.dwellings);
        rows.column(&mut self.register.rows);
    }

    fn relink(&mut self, households: &Permutation, dwellings: &Permutation, rows: &Permutation) {
        for home in &mut self.homes {
            dwellings.link(&mut home.dwelling);
            households.link(&mut home.next_sharer);
        }
        for dwelling in &mut self.dwellings {
            households.link(&mut dwelling.occupant);
        }
        for seeker in &mut self.seekers {
            rows.link(&mut seeker.first_row);
        }
        for row in &mut self.register.rows {
            households.link(&mut row.holder);
            rows.link(&mut row.next_row);
        }
        for vacancy in self.vacancies.dwellings.iter_mut().flatten().chain(&mut self.vacancies.rooms) {
            dwellings.link(&mut vacancy.dwelling);
        }
        let lists = self.lists.all_mut();
        let flex = lists.len() - 1;
        for (i, list) in lists.into_iter().enumerate() {
            let of = if i == flex { dwellings } else { households };
            for (_, slot) in &mut list.0 {
                of.link(slot);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use doorstroom_state::tenancy::Occupants;

    use super::*;
    use crate::load::tests::netherlands;

    /// Who lives in which dwelling, and who holds which rows: by name.
    fn by_name(population: &Population) -> (BTreeMap<u64, Vec<u64>>, BTreeMap<u64, Vec<u64>>) {
        let mut homes = BTreeMap::new();
        for dwelling in &population.dwellings {
            let occupants = Occupants::of(&population.homes, dwelling);
            homes.insert(dwelling.name.0, occupants.map(|slot| population.kin[slot as usize].name.0).collect());
        }
        let mut rows = BTreeMap::new();
        for (kin, seeker) in population.kin.iter().zip(&population.seekers) {
            let held = population.register.rows_of(seeker);
            rows.insert(kin.name.0, held.map(|row| population.register.rows[row as usize].name.0).collect());
        }
        (homes, rows)
    }

    #[test]
    fn a_permuted_population_is_the_same_to_whoever_asks_by_name() {
        let population = netherlands().populate(0.002, 3);
        let mut permuted = population.clone();
        permuted.permute_slots(9);
        assert_eq!(by_name(&population), by_name(&permuted));
        assert_ne!(population.kin, permuted.kin);
        for (slot, vacancy) in permuted.vacancies.dwellings.iter().flatten().map(|v| (v.dwelling, v)) {
            assert_eq!(permuted.dwellings[slot as usize].name, vacancy.name);
        }
        for (name, slot) in permuted.lists.reception.0.iter().copied() {
            assert_eq!(permuted.kin[slot as usize].name, name);
        }
        for (slot, seeker) in permuted.seekers.iter().enumerate() {
            for row in permuted.register.rows_of(seeker) {
                assert_eq!(permuted.register.rows[row as usize].holder as usize, slot);
            }
        }
    }
}
