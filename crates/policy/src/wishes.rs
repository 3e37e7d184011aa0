//! Who wishes to buy or to rent privately, and how often (worlds/MODEL.md 4.4).

use doorstroom_kernel::Day;

use crate::rules::MarketRules;

/// How a household lives that may wish to move on the owner-occupied or private rental market.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum PresentHome {
    /// Owns its dwelling.
    Owner,
    /// Rents of a corporation.
    Corporation,
    /// Rents of another landlord.
    OtherRental,
    /// Has a room.
    Room,
    /// Is hosted, in other accommodation or in shelter.
    NoDwelling,
}

impl PresentHome {
    /// All, in the order of their codes.
    pub const ALL: [PresentHome; 5] = [
        PresentHome::Owner,
        PresentHome::Corporation,
        PresentHome::OtherRental,
        PresentHome::Room,
        PresentHome::NoDwelling,
    ];
}

/// The rules on wishes as of one day.
#[derive(Clone, Copy, Debug)]
pub struct Wishes<'a> {
    rules: &'a MarketRules,
    on: Day,
}

/// Highest yearly chance; beyond it a rate would run away.
const CHANCE_MOST: f64 = 0.99;

impl<'a> Wishes<'a> {
    /// The rules that hold on a day.
    pub fn on(rules: &'a MarketRules, on: Day) -> Self {
        Wishes { rules, on }
    }

    /// Yearly chance (0 to 0.99) of a wish to buy of a household in income class 1 to 8 (0 counts as 1) whose head has
    /// this age.
    pub fn buy(&self, income_class: u8, age: u16) -> f64 {
        let (m, class) = (self.rules, usize::from(income_class.clamp(1, 8)));
        if f64::from(income_class) < *m.buy_class_lowest.at(self.on) {
            return 0.0;
        }
        let wish = m.buy_wish.at(self.on).get(class - 1).copied().unwrap_or(0.0);
        (wish * m.buy_age.at(self.on).at(age) * m.buy_scale.at(self.on)).min(CHANCE_MOST)
    }

    /// Yearly chance (0 to 0.99) of a wish to rent privately at this age of the head.
    pub fn rent(&self, age: u16) -> f64 {
        (self.rules.rent_wish.at(self.on).at(age) * self.rules.rent_scale.at(self.on)).min(CHANCE_MOST)
    }

    /// Yearly chance of an owner to wish for another owner-occupied dwelling.
    pub fn owner_move(&self) -> f64 {
        *self.rules.owner_move.at(self.on)
    }

    /// Shares of the wishes to buy and to rent that count in this home. Those of owners are [`Wishes::owner_move`].
    pub fn used(&self, home: PresentHome) -> [f64; 2] {
        let m = self.rules;
        match home {
            PresentHome::Owner => [0.0, 0.0],
            PresentHome::Corporation => [*m.buy_from_corporation.at(self.on), *m.rent_from_corporation.at(self.on)],
            PresentHome::OtherRental => [*m.buy_from_other_rental.at(self.on), *m.rent_move_factor.at(self.on)],
            PresentHome::Room => [1.0, *m.rent_from_room.at(self.on)],
            PresentHome::NoDwelling => [1.0, 1.0],
        }
    }

    /// Rates a year of a wish to buy and of a wish to rent. Who stays for a short time does not buy.
    pub fn rates(&self, home: PresentHome, income_class: u8, age: u16, short_stay: bool) -> [f64; 2] {
        let rate = |chance: f64| -libm::log1p(-chance);
        if home == PresentHome::Owner {
            return [rate(self.owner_move()), 0.0];
        }
        let [buy, rent] = self.used(home);
        let wish_to_buy = if short_stay { 0.0 } else { rate(self.buy(income_class, age)) };
        [wish_to_buy * buy, rate(self.rent(age)) * rent]
    }
}
