//! The rules in force this step, and the scale of the world.

use bevy_ecs::prelude::*;
use doorstroom_kernel::{Clock, Day, Lane, Purpose, Step};
use doorstroom_policy::Rules;
use doorstroom_policy::condition::Measured;
use doorstroom_policy::delivery::DRAWS;
use doorstroom_policy::priority::StatusRegime;
use doorstroom_policy::reception::province_of_region;
use doorstroom_policy::scheme::RegionScheme;
use doorstroom_state::Ledger;
use doorstroom_state::books::Moment;
use doorstroom_state::dwelling::Tenure;
use doorstroom_state::municipality::{Gazetteer, Municipality};
use doorstroom_state::quota::HalfYear;
use doorstroom_state::reception::ReceptionStock;
use doorstroom_state::regime::RegimeState;

const DELIVERY: Purpose = Purpose::named("part of an announced programme that is delivered");
const STOPS: Purpose = Purpose::named("whether a municipality stops priority by its own choice");

/// The rules; read-only for everybody but [`bring_into_force`] and the gates before phases.
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

/// Notes what came into alternative homes in the step before. It is noted under every regime, so that an arm that begins
/// later knows the past year.
pub fn note_alternatives(clock: Res<Clock>, stock: Res<ReceptionStock>, mut state: ResMut<RegimeState>) {
    let year = clock.calendar.steps_in_months(12) as usize;
    if clock.step > Step(0) {
        let flows = &stock.flows;
        state.alternatives.push(flows.interim_in + flows.flow_through_in + flows.shared_in);
    }
    let past = state.alternatives.len().saturating_sub(year);
    state.alternatives.drain(..past);
}

/// Weighs the condition of a conditional ban by what the step before left (worlds/MODEL.md 7.4).
pub fn weigh_condition(
    clock: Res<Clock>,
    rulebook: Res<Rulebook>,
    stock: Res<ReceptionStock>,
    half_year: Res<HalfYear>,
    mut state: ResMut<RegimeState>,
) {
    let StatusRegime::ConditionalBan { when, for_months, until, .. } = rulebook.rules.priority.status_holder.now()
    else {
        (state.on, state.met) = (false, 0);
        return;
    };
    let a_year = |persons: &[u32]| a_year(&clock, persons);
    let free = stock.flow_through.all_places().saturating_sub(stock.flow_through.occupied);
    let measured = Measured {
        housed_a_year: a_year(&state.alternatives),
        free: f64::from(free),
        overdue: f64::from(stock.overdue),
        expected: a_year(&half_year.inflow),
    };
    let steps = clock.calendar.steps_in_months(u32::from(*for_months));
    *state = when.weigh(&state, when.ratio(&measured), steps, *until, clock.today);
}

/// Persons a year, of those of the past steps.
pub fn a_year(clock: &Clock, persons: &[u32]) -> f64 {
    let sum: u32 = persons.iter().sum();
    f64::from(sum) * f64::from(clock.calendar.steps_in_months(12)) / persons.len().max(1) as f64
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
    /// Whether a conditional regime is in force.
    pub regime_state: Res<'w, RegimeState>,
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

    /// The same of something that happens to dwellings of a tenure, wherever they stand.
    pub fn per_step_of(&self, tenure: Tenure, a_year: f64) -> f64 {
        let here = self.gazetteer.part_of.map_or(1.0, |part| part.dwellings[tenure as usize]);
        self.per_step(a_year) * here
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

    /// The schemes in force, by market (region slot), for who asks for many.
    pub fn schemes(&self) -> Vec<&RegionScheme> {
        (0..self.gazetteer.region_codes.len() as u8).map(|market| self.scheme(market)).collect()
    }

    /// What `made` gives of the rules of the step before; `None` in the first step. Where it is other than today's, rules
    /// have come into force, and what was drawn by those before is drawn anew.
    pub fn a_step_before<T>(&self, made: impl Fn(Day) -> T) -> Option<T> {
        let before = self.clock.step.0.checked_sub(1)?;
        Some(made(self.clock.calendar.day_of(Step(before))))
    }

    /// The step in so many months; never for `None`.
    pub fn step_in(&self, months: Option<u32>) -> Step {
        let steps = |months| self.clock.calendar.steps_in_months(months);
        months.map_or(Step::NEVER, |months| self.clock.step.plus(steps(months)))
    }

    /// Number of the province in which a region (slot) lies; 0 in a world whose regions are not those of the country.
    pub fn province_of(&self, region: u8) -> u8 {
        province_of_region(self.gazetteer.region_codes.get(usize::from(region)).map_or("", String::as_str))
    }

    /// The regime of priority that holds in a municipality, and its first day.
    pub fn regime_in(&self, municipality: &Municipality) -> (&StatusRegime, Day) {
        let (regime, since) = self.regime();
        let unit = match regime {
            StatusRegime::MunicipalChoice { .. } => self.chance.trait_of(STOPS, u64::from(municipality.code)).unit(),
            _ => 1.0,
        };
        let here = regime.in_municipality(unit, municipality.urgency_regulation).reaching(municipality.code);
        (here, since)
    }

    /// The regime of priority of the country, and its first day.
    pub fn regime(&self) -> (&StatusRegime, Day) {
        let regime = &self.rulebook.rules.priority.status_holder;
        (regime.now(), regime.now().first_day(regime.in_force_since(), &self.regime_state))
    }

    /// The luck of an announced programme, by its number: the same in every arm and for the whole run.
    pub fn delivery_draws(&self, programme: u64) -> [f64; DRAWS] {
        let mut luck = self.chance.trait_of(DELIVERY, programme);
        std::array::from_fn(|_| luck.unit())
    }

    /// The moment of this step.
    pub fn moment(&self) -> Moment {
        moment(&self.clock, &self.rulebook.rules)
    }
}

/// The moment of the step of a clock under the rules in force.
pub fn moment(clock: &Clock, rules: &Rules) -> Moment {
    let needs_last = clock.calendar.steps_in_months(rules.registration.need_months.get() as u32);
    Moment { step: clock.step, day: clock.today, needs_end: clock.step.plus(needs_last) }
}
