//! The rules in force this step, and the scale of the world.

use bevy_ecs::prelude::*;
use doorstroom_kernel::{Clock, Lane, Step};
use doorstroom_policy::Rules;
use doorstroom_policy::scheme::RegionScheme;
use doorstroom_state::columns::{Columns, plain};
use doorstroom_state::household::{Due, Home, NextDemography, NextRegistration, NextSharing};
use doorstroom_state::municipality::Gazetteer;
use doorstroom_state::registration::{Register, RowState};
use doorstroom_state::{KinName, Ledger};

/// The rules; read-only for everybody but [`bring_into_force`].
#[derive(Resource, Clone, Debug)]
pub struct Rulebook {
    /// All rules with all their dates; `now()` of a parameter is the value in force.
    pub rules: Rules,
}

/// Part of the country that the world draws: 1 is every household, 0.1 one in ten.
#[derive(Resource, Clone, Copy, PartialEq, Debug)]
pub struct Scale(pub f64);

/// Lets the dated values of today come into force and opens an empty ledger.
pub fn bring_into_force(
    clock: Res<Clock>,
    gazetteer: Res<Gazetteer>,
    mut rulebook: ResMut<Rulebook>,
    mut ledger: ResMut<Ledger>,
) {
    rulebook.rules.bring_into_force(clock.today);
    ledger.begin(gazetteer.region_codes.len());
}

/// Rates that [`doorstroom_state::household::NextSharing`] is drawn from, outside the subjects `market` and `sharing`.
const RATE_OF_STAY: &str = "quota.interim_months";

/// Lets everybody draw anew whose rates are others from today on: what was drawn under the old ones holds no longer.
/// Exact, because hazards have no memory. In the first step everybody draws anyway.
pub fn draw_anew(
    clock: Res<Clock>,
    rulebook: Res<Rulebook>,
    mut households: Query<(&Home, &mut NextDemography, &mut NextRegistration, &mut NextSharing)>,
    mut register: ResMut<Register>,
) {
    if clock.step == Step(0) {
        return;
    }
    let before = clock.calendar.day_of(Step(clock.step.0 - 1));
    let changed = |concerns: &dyn Fn(&str) -> bool| rulebook.rules.changed_after(before, concerns);
    let of = |subject: &'static str| move |path: &str| path.split('.').next() == Some(subject);
    let (market, sharing) = (of("market"), of("sharing"));
    let life = changed(&of("demography"));
    let registration = changed(&of("registration")) || changed(&of("schemes"));
    let stay = changed(&|path| market(path) || sharing(path) || path == RATE_OF_STAY);
    if !(life || registration || stay) {
        return;
    }
    let Some((homes, next_life, next_registration, next_stay)) = households.columns() else { return };
    let (next_life, next_registration, next_stay) = (plain(next_life), plain(next_registration), plain(next_stay));
    let now = Due::redraw(clock.step);
    for (slot, _) in homes.iter().enumerate().filter(|(_, home)| home.kind.is_present()) {
        let anew = |changed: bool, due: &mut Due| {
            if changed && !due.is_due(clock.step) {
                *due = now;
            }
        };
        anew(life, &mut next_life[slot].0);
        anew(registration, &mut next_registration[slot].0);
        anew(stay, &mut next_stay[slot].0);
    }
    for row in register.rows.iter_mut().filter(|row| registration && row.state != RowState::Free) {
        if !row.next_event.is_due(clock.step) {
            row.next_event = now;
        }
    }
}

/// What a system that draws asks for.
#[derive(bevy_ecs::system::SystemParam)]
pub struct Setting<'w> {
    /// Where the run stands.
    pub clock: Res<'w, Clock>,
    /// Chance.
    pub chance: Res<'w, doorstroom_kernel::Chance>,
    /// Rules.
    pub rulebook: Res<'w, Rulebook>,
    /// Scale.
    pub scale: Res<'w, Scale>,
    /// Places.
    pub gazetteer: Res<'w, Gazetteer>,
    /// Threads.
    pub lane: Res<'w, Lane>,
}

impl Setting<'_> {
    /// Length of a step in years.
    pub fn step_years(&self) -> f64 {
        self.clock.calendar.step_years()
    }

    /// Expected number in one step of something that happens `a_year` times in the whole country.
    pub fn per_step(&self, a_year: f64) -> f64 {
        a_year * self.step_years() * self.scale.0
    }

    /// Steps in `months` months.
    pub fn steps(&self, months: f64) -> u32 {
        self.clock.calendar.steps_in_months(months as u32)
    }

    /// The scheme in force in a market (region slot).
    pub fn scheme(&self, market: u8) -> &RegionScheme {
        let code = self.gazetteer.region_codes.get(usize::from(market)).map_or("", String::as_str);
        self.rulebook.rules.schemes.now().of(code)
    }

    /// When a household is looked at anew because its persons age: after `months` and up to a year more. In the first
    /// step all are looked at together, so their next looks are spread, or a year would have no new eighteen-year-olds.
    pub fn look_again(&self, months: f64, name: KinName) -> Step {
        let (now, wait) = (self.clock.step, self.steps(months) + (name.0 % 12) as u32);
        now.plus(if now == Step(0) { 1 + (name.0 / 12 % u64::from(wait)) as u32 } else { wait })
    }

    /// The moment of this step.
    pub fn moment(&self) -> doorstroom_state::books::Moment {
        doorstroom_state::books::Moment { step: self.clock.step, day: self.clock.today }
    }
}
