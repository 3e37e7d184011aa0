//! Wishes to move on the owner-occupied and private rental markets (worlds/MODEL.md 4.4). They depend on the home, so
//! they are drawn here and not among the life events, which must be the same in every arm.

use doorstroom_kernel::Hazard;
use doorstroom_policy::Rules;
use doorstroom_state::Tenure;
use doorstroom_state::household::{Home, HomeKind, Means};

const AGES: usize = 121;

/// Hazards of wishes per step, by age of the head.
pub struct WishTables {
    buy: [[Hazard; AGES]; 9],
    owner_move: Hazard,
    rent: [Hazard; AGES],
    /// Share of wishes that is used, by tenure: owner, corporation, other rental.
    buy_used: [f64; 3],
    rent_from_room: f64,
    rent_from_rental: f64,
}

impl WishTables {
    /// Tables for steps of `dt` years.
    pub fn new(rules: &Rules, dt: f64) -> Self {
        let m = &rules.market;
        let by_age = |chance: &dyn Fn(u16) -> f64| {
            std::array::from_fn(|age| Hazard::of_yearly_chance(chance(age as u16).min(0.99), dt))
        };
        WishTables {
            buy: std::array::from_fn(|class| {
                by_age(&|age| {
                    let wish =
                        if class < m.buy_class_lowest.get() as usize { 0.0 } else { m.buy_wish.now()[class - 1] };
                    wish * m.buy_age.now().at(age) * m.buy_scale.get()
                })
            }),
            owner_move: Hazard::of_yearly_chance(m.owner_move.get(), dt),
            rent: by_age(&|age| m.rent_wish.now().at(age) * m.rent_scale.get()),
            buy_used: [0.0, m.buy_from_corporation.get(), m.buy_from_other_rental.get()],
            rent_from_room: m.rent_from_room.get(),
            rent_from_rental: m.rent_move_factor.get(),
        }
    }

    /// Hazards of a wish to buy and of a wish to rent.
    pub fn of(&self, home: &Home, means: &Means, head_age: u16) -> [Hazard; 2] {
        if !home.kind.is_private() {
            return [Hazard(0); 2];
        }
        let age = usize::from(head_age).min(AGES - 1);
        let buy =
            if means.is(Means::SHORT_STAY) { Hazard(0) } else { self.buy[usize::from(means.income_class).min(8)][age] };
        match home.tenure {
            Some(Tenure::Owner) => [self.owner_move, Hazard(0)],
            Some(Tenure::Corporation) => [buy.times(self.buy_used[1]), Hazard(0)],
            Some(Tenure::OtherRental) => [buy.times(self.buy_used[2]), self.rent[age].times(self.rent_from_rental)],
            None if home.kind == HomeKind::Room => [buy, self.rent[age].times(self.rent_from_room)],
            None => [buy, self.rent[age]],
        }
    }
}
