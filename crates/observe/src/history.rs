//! The history of every municipality as one number: two arms in which it is the same were bit-identical there.
//!
//! Into the number go, every step, the lettings of the municipality (who got which dwelling, by which route) and its
//! households by group and home, and at the end every household that lives there.

use bevy_ecs::prelude::*;
use doorstroom_kernel::chance::{join, mix};
use doorstroom_state::dwelling::Dwelling;
use doorstroom_state::ledger::Decided;
use doorstroom_state::municipality::Gazetteer;
use doorstroom_state::{Home, Household, NO_SLOT, Seeker};

use crate::households::HouseholdCount;
use crate::look::whole;

/// Running digests by municipality (slot).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Histories(Vec<u64>);

impl Histories {
    /// Of so many municipalities, before anything happened.
    pub fn new(municipalities: usize) -> Histories {
        Histories(vec![0; municipalities])
    }

    /// Adds a step: its lettings, in any order, and where the households live after it.
    pub fn add(&mut self, lettings: &[Decided], count: &HouseholdCount) {
        let mut let_here = vec![0_u64; self.0.len()];
        for letting in lettings {
            let what = join(letting.household_name.0, letting.dwelling_name.0);
            let how = join(u64::from(letting.rank), letting.channel as u64);
            if let Some(sum) = let_here.get_mut(usize::from(letting.municipality)) {
                *sum = sum.wrapping_add(join(what, how));
            }
        }
        for ((history, lettings), groups) in self.0.iter_mut().zip(let_here).zip(&count.municipalities) {
            let mut digest = join(*history, lettings);
            for cell in groups {
                let homes = cell.homes.iter().fold(0, |all, &households| join(all, u64::from(households)));
                let lists = u64::from(cell.registered) << 32 | u64::from(cell.searching);
                digest = join(digest, join(homes, join(lists, u64::from(cell.persons))));
            }
            *history = digest;
        }
    }

    /// Adds who lives where at the end.
    pub fn close(&mut self, world: &mut World) {
        let residents = crate::look::look(world, residents);
        self.0.iter_mut().zip(residents).for_each(|(history, residents)| *history = join(*history, residents));
    }

    /// Municipalities whose history is another, by slot: true where the two differ.
    pub fn differ(&self, other: &Histories) -> Vec<bool> {
        self.0.iter().zip(&other.0).map(|(mine, theirs)| mine != theirs).collect()
    }
}

/// Sum over the households of each municipality of what can be told of them without slots.
fn residents(
    households: Query<(&Household, &Home, &Seeker)>,
    dwellings: Query<&Dwelling>,
    gazetteer: Res<Gazetteer>,
) -> Vec<u64> {
    let mut sums = vec![0_u64; gazetteer.region_of.len()];
    let (Some((households, homes, seekers)), Some(dwellings)) = (whole(households), whole(dwellings)) else {
        return sums;
    };
    for slot in 0..homes.len() {
        let (home, seeker) = (&homes[slot], &seekers[slot]);
        let Some(sum) = sums.get_mut(usize::from(home.municipality)).filter(|_| home.kind.is_present()) else {
            continue;
        };
        let dwelling = if home.dwelling == NO_SLOT { 0 } else { dwellings[home.dwelling as usize].name.0 };
        let lives = u64::from(home.since.0) << 16 | u64::from(home.kind as u8);
        let seeks = u64::from(seeker.group as u8) << 16 | u64::from(seeker.searching_rows);
        let Household { kin, members, means } = &households[slot];
        let earns = u64::from(means.income_class) << 8 | members.count() as u64;
        let digest = join(kin.name.0, join(dwelling, join(lives, join(seeks, mix(earns)))));
        *sum = sum.wrapping_add(digest);
    }
    sums
}
