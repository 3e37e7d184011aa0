//! D3, individual displacement: who of one arm is housed in the other (principal strata; worlds/MODEL.md 6.5).

use doorstroom_state::SeekerGroup;
use serde::{Deserialize, Serialize};

/// A first letting since the fork: name of the household, step, entry group.
pub type FirstLetting = (u64, u16, SeekerGroup);

/// Rows of D3: the entry groups and `induced`, those who entered a group in one arm only.
pub const ROWS: usize = SeekerGroup::ALL.len() + 1;
/// Row of those who entered a group in one arm only.
pub const INDUCED: usize = SeekerGroup::ALL.len();

/// Word for a row.
pub fn row_key(row: usize) -> &'static str {
    SeekerGroup::ALL.get(row).map_or("induced", |group| group.key())
}

/// What became of the households of one entry group between the two arms.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub struct Stratum {
    /// Housed in the baseline.
    pub baseline: u64,
    /// Housed in the arm.
    pub arm: u64,
    /// Housed in the baseline only.
    pub lost: u64,
    /// Housed in the arm only.
    pub gained: u64,
    /// Housed in both, later in the arm.
    pub delayed: u64,
    /// Housed in both, earlier in the arm.
    pub advanced: u64,
    /// Steps by which the delayed are later, all together.
    pub delay_steps: u64,
    /// Steps by which the advanced are earlier, all together.
    pub advance_steps: u64,
}

/// The strata of one arm against the baseline, by row.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub struct Strata {
    /// Rows in the order of [`row_key`].
    pub rows: Vec<Stratum>,
    /// Households in both lists with another group in each; they count in that of the baseline. Few, because entries
    /// are exogenous but for the events that `doorstroom schedule` shows to depend on the arm.
    pub regrouped: u64,
}

impl Strata {
    /// Compares the first lettings of two arms, both sorted by name.
    ///
    /// A household counts in its group of the baseline, or of the arm if only that has housed it. `entered` tells whether
    /// a household entered a group at all, in the baseline and in the arm; who is housed in one of them and never entered
    /// in the other is `induced`, whichever of the two it is, so that the strata of the arms turned round are these
    /// turned round. What happens after the horizon is not known: lost and gained are housed within it in one arm only.
    pub fn of(baseline: &[FirstLetting], arm: &[FirstLetting], entered: [&dyn Fn(u64) -> bool; 2]) -> Strata {
        let row_of = |&(name, _, group): &FirstLetting, elsewhere: &dyn Fn(u64) -> bool| {
            if group == SeekerGroup::None || elsewhere(name) { group as usize } else { INDUCED }
        };
        let mut strata = Strata { rows: vec![Stratum::default(); ROWS], regrouped: 0 };
        let (mut b, mut p) = (baseline.iter().peekable(), arm.iter().peekable());
        loop {
            match (b.peek(), p.peek()) {
                (Some(&&(left, ..)), Some(&&(right, ..))) if left == right => {
                    let (Some(left), Some(right)) = (b.next(), p.next()) else { break };
                    strata.both(left, right);
                }
                (Some(&left), right) if right.is_none_or(|right| left.0 < right.0) => {
                    b.next();
                    let row = &mut strata.rows[row_of(left, entered[1])];
                    row.baseline += 1;
                    row.lost += 1;
                }
                (_, Some(&right)) => {
                    p.next();
                    let row = &mut strata.rows[row_of(right, entered[0])];
                    row.arm += 1;
                    row.gained += 1;
                }
                _ => break,
            }
        }
        strata
    }

    fn both(&mut self, baseline: &FirstLetting, arm: &FirstLetting) {
        self.regrouped += u64::from(baseline.2 != arm.2);
        let row = &mut self.rows[baseline.2 as usize];
        row.baseline += 1;
        row.arm += 1;
        if arm.1 > baseline.1 {
            row.delayed += 1;
            row.delay_steps += u64::from(arm.1 - baseline.1);
        } else if arm.1 < baseline.1 {
            row.advanced += 1;
            row.advance_steps += u64::from(baseline.1 - arm.1);
        }
    }

    /// All rows together.
    pub fn total(&self) -> Stratum {
        let mut total = Stratum::default();
        for row in &self.rows {
            total.baseline += row.baseline;
            total.arm += row.arm;
            total.lost += row.lost;
            total.gained += row.gained;
            total.delayed += row.delayed;
            total.advanced += row.advanced;
            total.delay_steps += row.delay_steps;
            total.advance_steps += row.advance_steps;
        }
        total
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use doorstroom_kernel::{Chance, Purpose, Step};

    use super::*;

    const LIST: Purpose = Purpose::named("test: random lists of lettings");

    /// Random households, each housed in either arm with chance one half, in steps 0 to 9.
    fn lists(seed: u64) -> (Vec<FirstLetting>, Vec<FirstLetting>) {
        let chance = Chance::new(seed);
        let (mut baseline, mut arm) = (Vec::new(), Vec::new());
        for name in 0..200_u64 {
            let mut luck = chance.luck(LIST, name, Step(0));
            let group = SeekerGroup::ALL[luck.below(6) as usize];
            for list in [&mut baseline, &mut arm] {
                if luck.below(2) == 1 {
                    list.push((name * 7, luck.below(10) as u16, group));
                }
            }
        }
        (baseline, arm)
    }

    #[test]
    fn strata_of_random_lists_are_those_of_a_plain_count() {
        for seed in 0..50 {
            let (baseline, arm) = lists(seed);
            let by_name = |list: &[FirstLetting]| -> BTreeMap<u64, FirstLetting> {
                list.iter().map(|letting| (letting.0, *letting)).collect()
            };
            let (b, p) = (by_name(&baseline), by_name(&arm));
            let mut expected = vec![Stratum::default(); ROWS];
            for (name, letting) in &b {
                let row = &mut expected[letting.2 as usize];
                row.baseline += 1;
                match p.get(name) {
                    None => row.lost += 1,
                    Some(other) if other.1 > letting.1 => {
                        row.delayed += 1;
                        row.delay_steps += u64::from(other.1 - letting.1);
                    }
                    Some(other) if other.1 < letting.1 => {
                        row.advanced += 1;
                        row.advance_steps += u64::from(letting.1 - other.1);
                    }
                    Some(_) => {}
                }
            }
            for (name, letting) in &p {
                expected[letting.2 as usize].arm += 1;
                expected[letting.2 as usize].gained += u64::from(!b.contains_key(name));
            }
            let strata = Strata::of(&baseline, &arm, [&|_| true; 2]);
            assert_eq!(strata.rows, expected);
            for row in &strata.rows {
                assert_eq!(row.arm as i64 - row.baseline as i64, row.gained as i64 - row.lost as i64);
            }
        }
    }

    #[test]
    fn an_arm_compared_with_itself_gains_and_loses_nobody() {
        let (baseline, _) = lists(1);
        let total = Strata::of(&baseline, &baseline, [&|_| false; 2]).total();
        assert_eq!(total, Stratum { baseline: total.arm, arm: baseline.len() as u64, ..Stratum::default() });
    }

    #[test]
    fn who_entered_in_the_arm_only_stands_in_a_row_of_its_own() {
        let arm = [(1, 3, SeekerGroup::Regular), (2, 3, SeekerGroup::Regular)];
        let strata = Strata::of(&[], &arm, [&|name| name == 1, &|_| true]);
        assert_eq!(strata.rows[SeekerGroup::Regular as usize].gained, 1);
        assert_eq!(strata.rows[INDUCED].gained, 1);
        assert_eq!(row_key(INDUCED), "induced");
    }

    #[test]
    fn arms_turned_round_turn_every_row_round() {
        for seed in 0..50 {
            let (baseline, arm) = lists(seed);
            // in each arm a part of the households never enters, among them none that it houses
            let housed = |list: &[FirstLetting], name| list.iter().any(|letting| letting.0 == name);
            let in_baseline = |name: u64| !name.is_multiple_of(3) || housed(&baseline, name);
            let in_arm = |name: u64| !name.is_multiple_of(5) || housed(&arm, name);
            let there = Strata::of(&baseline, &arm, [&in_baseline, &in_arm]);
            let back = Strata::of(&arm, &baseline, [&in_arm, &in_baseline]);
            assert!(there.rows[INDUCED].gained > 0 && there.rows[INDUCED].lost > 0);
            for (there, back) in there.rows.iter().zip(&back.rows) {
                let turned = Stratum {
                    baseline: back.arm,
                    arm: back.baseline,
                    lost: back.gained,
                    gained: back.lost,
                    delayed: back.advanced,
                    advanced: back.delayed,
                    delay_steps: back.advance_steps,
                    advance_steps: back.delay_steps,
                };
                assert_eq!(*there, turned);
            }
        }
    }
}
