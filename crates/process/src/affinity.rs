//! Who chooses whom by an addressed affinity, one after the other, each of the chosen once.

use std::collections::VecDeque;

use doorstroom_kernel::chance::Meeting;
use doorstroom_state::name::KinName;
use doorstroom_state::slots::Slot;

/// Places in the list of those who are left, chosen for households in the order of their turns.
pub type Chosen = VecDeque<(Slot, Option<usize>)>;

/// The households of one place of which each can be chosen once.
#[derive(Clone, Debug, Default)]
pub struct Choices {
    /// Those who have not been chosen yet.
    pub left: Vec<(KinName, Slot)>,
    /// Chosen ahead: it holds until the choosers come in another order than was expected.
    ahead: Chosen,
}

impl Choices {
    /// Takes the one whose affinity with the chooser is best, who is never itself.
    pub fn take_for(&mut self, chooser: Slot, meeting: Meeting) -> Option<Slot> {
        let best = match self.ahead.pop_front() {
            Some((expected, best)) if expected == chooser => best,
            _ => {
                self.ahead.clear();
                self.best_for(chooser, meeting)
            }
        };
        best.map(|best| self.left.swap_remove(best).1)
    }

    /// Takes a household off, unchosen.
    pub fn forget(&mut self, household: Slot) {
        self.ahead.clear();
        self.left.retain(|&(_, slot)| slot != household);
    }

    /// What will be chosen if nobody but `choosers` comes, each in its turn.
    pub fn chosen(&self, choosers: impl Iterator<Item = (Slot, Meeting)>) -> Chosen {
        let mut then = Choices { left: self.left.clone(), ahead: Chosen::new() };
        let choose = |(chooser, meeting)| {
            let best = then.best_for(chooser, meeting);
            best.map(|best| then.left.swap_remove(best));
            (chooser, best)
        };
        choosers.map(choose).collect()
    }

    /// Expects what [`Choices::chosen`] gave.
    pub fn expect(&mut self, chosen: Chosen) {
        self.ahead = chosen;
    }

    fn best_for(&self, chooser: Slot, meeting: Meeting) -> Option<usize> {
        let affinity = |&place: &usize| meeting.luck(self.left[place].0.0).bits();
        (0..self.left.len()).filter(|&place| self.left[place].1 != chooser).min_by_key(affinity)
    }
}

#[cfg(test)]
mod tests {
    use doorstroom_kernel::{Chance, Purpose, Step};

    use super::*;

    const TEST: Purpose = Purpose::named("test of affinity");

    #[test]
    fn choices_made_ahead_are_those_of_one_chooser_after_the_other_whoever_comes() {
        let (chance, name) = (Chance::new(4), |slot: Slot| KinName(1_000 + u64::from(slot)));
        let meeting = |slot: Slot| chance.meeting(TEST, name(slot).0, Step(3));
        let plain = Choices { left: (0..12).map(|slot| (name(slot), slot)).collect(), ..Choices::default() };
        // two of the choosers could be chosen by others, and the last ones find nobody
        let choosers = 10..25;
        let mut ahead = plain.clone();
        ahead.expect(plain.chosen(choosers.clone().map(|slot| (slot, meeting(slot)))));
        for stays_away in [99, 10, 16, 24] {
            let (mut plain, mut ahead) = (plain.clone(), ahead.clone());
            for slot in choosers.clone().filter(|&slot| slot != stays_away) {
                assert_eq!(ahead.take_for(slot, meeting(slot)), plain.take_for(slot, meeting(slot)));
            }
            assert_eq!(ahead.left, plain.left);
        }
    }
}
