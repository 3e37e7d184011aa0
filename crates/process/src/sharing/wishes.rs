//! Wishes to move on the owner-occupied and private rental markets (worlds/MODEL.md 4.4). They depend on the home, so
//! they are drawn here and not among the life events, which must be the same in every arm.

use doorstroom_kernel::{Day, Hazard};
use doorstroom_policy::Rules;
use doorstroom_policy::wishes::{PresentHome, Wishes};
use doorstroom_state::Tenure;
use doorstroom_state::household::{Home, HomeKind, Means};

/// Ages in years that are told apart.
pub const AGES: usize = 121;
/// Income classes 1 to 8, and 0 of those without one.
const CLASSES: usize = 9;

/// Hazards of wishes per step that are used, by present home and age of the head.
#[derive(PartialEq)]
pub struct WishTables {
    owner_move: Hazard,
    /// By [`PresentHome`], income class and age.
    buy: Vec<[[Hazard; AGES]; CLASSES]>,
    rent: Vec<[Hazard; AGES]>,
}

impl WishTables {
    /// Tables of the rules on a day for steps of `dt` years.
    pub fn on(day: Day, rules: &Rules, dt: f64) -> Self {
        let wishes = Wishes::on(&rules.market, day);
        let by_age =
            |chance: &dyn Fn(u16) -> f64| std::array::from_fn(|age| Hazard::of_yearly_chance(chance(age as u16), dt));
        let buy: [_; CLASSES] = std::array::from_fn(|class| by_age(&|age| wishes.buy(class as u8, age)));
        let rent = by_age(&|age| wishes.rent(age));
        let used = |table: &[Hazard; AGES], share| table.map(|hazard| hazard.times(share));
        let homes = || PresentHome::ALL.into_iter().map(|home| wishes.used(home));
        WishTables {
            owner_move: Hazard::of_yearly_chance(wishes.owner_move(), dt),
            buy: homes().map(|[share, _]| std::array::from_fn(|class| used(&buy[class], share))).collect(),
            rent: homes().map(|[_, share]| used(&rent, share)).collect(),
        }
    }

    /// Whether any hazard at this age is another than a year before.
    pub fn are_other_at(&self, age: usize) -> bool {
        let other = |table: &[Hazard; AGES]| table[age] != table[age - 1];
        self.buy.iter().flatten().chain(&self.rent).any(other)
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
        let class = usize::from(means.income_class).min(CLASSES - 1);
        let buy = if means.is(Means::SHORT_STAY) { Hazard(0) } else { self.buy[present as usize][class][age] };
        [buy, self.rent[present as usize][age]]
    }
}
