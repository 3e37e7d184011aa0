//! Households of a waiting-list world: independent addressed draws, streamed into the final columns.

use bevy_ecs::prelude::World as Ecs;
use doorstroom_kernel::{Chance, Clock, Luck, Purpose, Step, Threshold};
use doorstroom_state::due::Due;
use doorstroom_state::waiting_list::{
    Household, MAX_GROUPS, Market, NextIncome, NextLeaving, NextRegistering, Standing, Tally, Vacant, rebuild_lines,
};

use super::WaitingListWorld;
use super::file::WaitingListFile;

const HOUSEHOLD: Purpose = Purpose::named("a household of a waiting-list world at the start");

impl WaitingListWorld {
    /// Fills an empty bevy world with `households` households and the markets, lines included. The first step lets
    /// every process draw.
    pub fn populate(&self, ecs: &mut Ecs, households: u32, seed: u64) {
        let (file, chance) = (&self.file, Chance::new(seed));
        let draws = Draws::of(file);
        let anew = Due::redraw(Step(0));
        // first, so that bevy keeps no word for every household beside them
        ecs.insert_resource(Clock::new(self.calendar()));
        ecs.insert_resource(Tally::default());
        ecs.spawn_batch((0..households).map(|ordinal| {
            let household = draws.household(ordinal, &mut chance.trait_of(HOUSEHOLD, u64::from(ordinal)));
            (household, NextIncome(anew), NextRegistering(anew), NextLeaving(anew))
        }));
        ecs.spawn_batch((0..file.municipalities.count).map(|_| (Vacant::default(), Market::default())));
        let mut class_of = [0; MAX_GROUPS];
        for (class, group) in class_of.iter_mut().zip(&file.groups) {
            *class = group.class;
        }
        rebuild_lines(ecs, &class_of, file.processes.allocation.income_at_most as f32);
    }
}

/// The distributions of the start, with chances as thresholds.
struct Draws<'a> {
    file: &'a WaitingListFile,
    shares: Vec<f64>,
    housed: Threshold,
    registered: [Threshold; 2],
}

impl<'a> Draws<'a> {
    fn of(file: &'a WaitingListFile) -> Self {
        let start = &file.start_state;
        Draws {
            file,
            shares: file.groups.iter().map(|group| group.share).collect(),
            housed: Threshold::of(start.housed),
            registered: [Threshold::of(start.registered_if_unhoused), Threshold::of(start.registered_if_housed)],
        }
    }

    fn household(&self, ordinal: u32, luck: &mut Luck) -> Household {
        let (start, municipalities) = (&self.file.start_state, &self.file.municipalities);
        let place = f64::from(municipalities.count) * libm::pow(luck.unit(), municipalities.skew);
        let group = luck.pick(&self.shares).unwrap_or(0) as u8;
        let age = u64::from(start.age.youngest_months) + luck.below(u64::from(start.age.spread_months));
        let income = libm::exp(start.income.log_mean + start.income.log_sd * luck.normal());
        let housed = luck.strikes(self.housed);
        let registered = luck.strikes(self.registered[usize::from(housed)]);
        let waited = if registered { luck.below(u64::from(start.waited_below_months)) } else { 0 };
        Household {
            ordinal,
            income: income as f32,
            municipality: (place as u16).min(municipalities.count - 1),
            // the first step makes everybody a month older before anything else
            since: -1 - waited as i16,
            born: -1 - age as i16,
            group,
            standing: Standing::new(registered, housed),
        }
    }
}
