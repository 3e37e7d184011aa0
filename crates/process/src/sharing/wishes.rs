//! Wishes to move on the owner-occupied and private rental markets (worlds/MODEL.md 4.4). They depend on the home, so
//! they are drawn here and not among the life events, which must be the same in every arm.

use doorstroom_kernel::{Day, Hazard};
use doorstroom_policy::Rules;
use doorstroom_policy::wishes::{PresentHome, Wishes};
use doorstroom_state::Tenure;
use doorstroom_state::household::{Home, HomeKind, Means};

const AGES: usize = 121;

/// Hazards of wishes per step, by age of the head.
pub struct WishTables {
    buy: [[Hazard; AGES]; 9],
    owner_move: Hazard,
    rent: [Hazard; AGES],
    /// Shares of wishes to buy and to rent that are used, by [`PresentHome`].
    used: [[f64; 2]; 5],
}

impl WishTables {
    /// Tables of the rules on `today` for steps of `dt` years.
    pub fn new(rules: &Rules, today: Day, dt: f64) -> Self {
        let wishes = Wishes::on(&rules.market, today);
        let by_age =
            |chance: &dyn Fn(u16) -> f64| std::array::from_fn(|age| Hazard::of_yearly_chance(chance(age as u16), dt));
        WishTables {
            buy: std::array::from_fn(|class| by_age(&|age| wishes.buy(class as u8, age))),
            owner_move: Hazard::of_yearly_chance(wishes.owner_move(), dt),
            rent: by_age(&|age| wishes.rent(age)),
            used: PresentHome::ALL.map(|home| wishes.used(home)),
        }
    }

    /// Hazards of a wish to buy and of a wish to rent.
    pub fn of(&self, home: &Home, means: &Means, head_age: u16) -> [Hazard; 2] {
        if !home.kind.is_private() {
            return [Hazard(0); 2];
        }
        let present = match home.tenure {
            Some(Tenure::Owner) => return [self.owner_move, Hazard(0)],
            Some(Tenure::Corporation) => PresentHome::Corporation,
            Some(Tenure::OtherRental) => PresentHome::OtherRental,
            None if home.kind == HomeKind::Room => PresentHome::Room,
            None => PresentHome::NoDwelling,
        };
        let age = usize::from(head_age).min(AGES - 1);
        let buy =
            if means.is(Means::SHORT_STAY) { Hazard(0) } else { self.buy[usize::from(means.income_class).min(8)][age] };
        let [used_to_buy, used_to_rent] = self.used[present as usize];
        [buy.times(used_to_buy), self.rent[age].times(used_to_rent)]
    }
}
