//! Who wishes to buy or to rent privately on the first day: the wishes of the past months that nobody has met yet.

use std::sync::OnceLock;

use doorstroom_kernel::calendar::DAYS_A_YEAR;
use doorstroom_kernel::{Amount, Calendar, Chance, Luck, Purpose, Step};
use doorstroom_policy::Rules;
use doorstroom_policy::wishes::{PresentHome, Wishes};
use doorstroom_state::household::Wish;
use doorstroom_state::{HomeKind, Means, Members, Slot, Tenure};
use rayon::prelude::*;

use super::seekers_start::SeekerStart;
use crate::population::Population;

const ROOM: Purpose = Purpose::named("populate: who looks for a room in the first month");
const WISH: Purpose = Purpose::named("populate: live wish on the owner or private rental market");

/// Where a room is looked for, as in a run: assumption A101.
const ROOM_AGES: std::ops::Range<u16> = 18..45;

/// Where households live that have just come into being.
const ARRIVE_AT: [HomeKind; 3] = [HomeKind::WithParents, HomeKind::WithKin, HomeKind::Other];

/// Ages of live wishes, in steps: how many of the wishes that arose so long ago are still live.
struct Ages {
    live: Vec<f64>,
    lives_for: u32,
}

impl Ages {
    /// Wishes that live `lives_for` steps and are met with a chance of `met` a step from the next step on. A wish that
    /// arises in a step is met in a later one, so the youngest at the start is one step old.
    fn of(lives_for: u32, met: f64) -> Self {
        Ages { live: (0..lives_for.saturating_sub(1)).map(|k| libm::pow(1.0 - met, f64::from(k))).collect(), lives_for }
    }

    fn count(&self) -> usize {
        self.live.len()
    }

    /// Of those that arose in the last `steps` steps.
    fn sum(&self, steps: usize) -> f64 {
        self.live[..steps.min(self.count())].iter().sum()
    }

    /// Step in which a wish lapses, for an age drawn among the live ones that arose in the last `steps` steps.
    fn until(&self, steps: usize, luck: &mut Luck) -> Step {
        let age = 1 + luck.pick(&self.live[..steps.min(self.count())]).unwrap_or(0) as u32;
        Step(0).plus((self.lives_for - age).max(1))
    }
}

/// Gives households live wishes as the rules of the market make them arise, less what was met (assumption A115).
/// Households that came to live with parents or kin or in other accommodation lately may have come with a wish to rent.
pub(super) fn live(
    population: &mut Population,
    rules: &Rules,
    start: &SeekerStart,
    calendar: Calendar,
    chance: &Chance,
) {
    let (today, now) = (calendar.start, calendar.start.month_index());
    let wishes = Wishes::on(&rules.market, today);
    let lives_for = calendar.steps_in_months(*rules.market.wish_months.at(today) as u32);
    let step_years = calendar.step_years();
    let buy = Ages::of(lives_for, start.wishes.met_buy.value.get());
    let rent = Ages::of(lives_for, start.wishes.met_rent.value.get());
    let came = came_with_a_wish(population, rules, start, calendar, &rent);
    let has = |rate: f64, live: f64, beside: f64| -libm::expm1(-(rate * step_years * live + beside));
    let chances = Chances::new();
    let looks = |i: usize| {
        let (home, members) = (&population.homes[i], &population.members[i]);
        if !home.kind.is_private() {
            return None;
        }
        let present = match home.kind {
            HomeKind::Dwelling => match population.dwellings[home.dwelling as usize].tenure {
                Tenure::Owner => PresentHome::Owner,
                Tenure::Corporation => PresentHome::Corporation,
                Tenure::OtherRental => PresentHome::OtherRental,
            },
            HomeKind::Room => PresentHome::Room,
            _ => PresentHome::NoDwelling,
        };
        let (means, age, name) = (&population.means[i], members.head_age(now), population.kin[i].name);
        let for_a_room = looks_for_room(home.kind, members, age)
            && chance.trait_of(ROOM, name.0).unit() < *rules.sharing.takes_room.at(today);
        let mut luck = chance.trait_of(WISH, name.0);
        let came_to = ARRIVE_AT.iter().position(|&kind| kind == home.kind);
        let short_stay = means.is(Means::SHORT_STAY);
        // a wish arises in the home that a household has: of who came lately, it is younger
        let steps_here = (f64::from(today.days_since(home.since)) / DAYS_A_YEAR / step_years).max(0.0) as usize;
        let steps = steps_here.min(buy.count());
        let [buy_chance, rent_chance] =
            chances.of((present, means.income_class, age, short_stay), came_to, steps, || {
                let [to_buy, to_rent] = wishes.rates(present, means.income_class, age, short_stay);
                [has(to_buy, buy.sum(steps), 0.0), has(to_rent, rent.sum(steps), came_to.map_or(0.0, |k| came[k]))]
            });
        let (buys, rents) = (luck.unit() < buy_chance, luck.unit() < rent_chance);
        let mut drawn =
            |wish: Wish, is_live: bool, ages: &Ages| is_live.then(|| (wish, ages.until(steps.max(1), &mut luck)));
        // as in a run, a later wish takes the place of an earlier one
        let wish = [drawn(Wish::Rent, rents, &rent), drawn(Wish::Buy, buys, &buy)];
        let wish = wish.into_iter().flatten().max_by_key(|&(_, until)| until);
        (for_a_room || wish.is_some()).then_some(Look { slot: i as Slot, for_a_room, wish })
    };
    let found: Vec<Look> = (0..population.homes.len()).into_par_iter().filter_map(looks).collect();
    for Look { slot, for_a_room, wish } in found {
        let name = population.kin[slot as usize].name;
        if for_a_room {
            population.lists.room_seekers.note(name, slot);
        }
        if let Some((wish, until)) = wish {
            let seeker = &mut population.seekers[slot as usize];
            (seeker.wish, seeker.wish_until) = (wish, until);
            population.lists.wishing.note(name, slot);
        }
    }
}

/// What a household looks for on the first day.
struct Look {
    slot: Slot,
    for_a_room: bool,
    /// A wish for another dwelling, and the step in which it lapses.
    wish: Option<(Wish, Step)>,
}

/// Chances of a live wish to buy and to rent, made once for every kind of household: logarithms of millions take time.
struct Chances(Vec<OnceLock<[f64; 2]>>);

impl Chances {
    const CLASSES: usize = 9;
    const AGES: usize = 128;
    const STEPS: usize = 8;

    fn new() -> Self {
        let kinds = PresentHome::ALL.len() * Self::CLASSES * Self::AGES * 2 * (ARRIVE_AT.len() + 1) * Self::STEPS;
        Chances((0..kinds).map(|_| OnceLock::new()).collect())
    }

    /// The chances of a household, by what they hang on: present home, income class, age of the head, short stay, and
    /// where it arrived of [`ARRIVE_AT`], and how many steps ago a wish may have arisen.
    fn of(
        &self,
        (present, income_class, age, short_stay): (PresentHome, u8, u16, bool),
        came_to: Option<usize>,
        steps: usize,
        make: impl Fn() -> [f64; 2],
    ) -> [f64; 2] {
        let (class, age) = (usize::from(income_class), usize::from(age));
        if class >= Self::CLASSES || age >= Self::AGES || steps >= Self::STEPS {
            return make();
        }
        let person = ((present as usize * Self::CLASSES + class) * Self::AGES + age) * 2 + usize::from(short_stay);
        let kind = person * (ARRIVE_AT.len() + 1) + came_to.map_or(0, |k| k + 1);
        *self.0[kind * Self::STEPS + steps].get_or_init(make)
    }
}

/// Whether such a household would take a room: the same singles as in a run.
fn looks_for_room(kind: HomeKind, members: &Members, age: u16) -> bool {
    (kind.is_hosted() || kind == HomeKind::Other) && members.is_single() && ROOM_AGES.contains(&age)
}

/// Live wishes that newcomers brought along, per household of the kinds in [`ARRIVE_AT`].
fn came_with_a_wish(
    population: &Population,
    rules: &Rules,
    start: &SeekerStart,
    calendar: Calendar,
    rent: &Ages,
) -> [f64; 3] {
    let at_once = *rules.market.rent_at_start.at(calendar.start);
    let homes = |kind: HomeKind| population.homes.iter().filter(|home| home.kind == kind).count().max(1) as f64;
    let flows = start.wishes.newcomers_a_year.value.map(Amount::get);
    let a_step = population.scale * calendar.step_years() * at_once * rent.sum(rent.count());
    std::array::from_fn(|k| flows[k] * a_step / homes(ARRIVE_AT[k]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn live_wishes_are_those_of_the_past_months_less_what_was_met() {
        let ages = Ages::of(6, 0.2);
        assert!((ages.sum(5) - (1.0 + 0.8 + 0.64 + 0.512 + 0.4096)).abs() < 1e-12);
        assert!((ages.sum(2) - 1.8).abs() < 1e-12, "of who came two steps ago");
        let mut luck = Chance::new(1).trait_of(WISH, 3);
        assert!((0..200).map(|_| ages.until(5, &mut luck).0).all(|step| (1..=5).contains(&step)));
    }
}
