//! D6, who instead of whom: the same letting of the same dwelling in both arms, by entry group of who got it
//! (worlds/MODEL.md 6.5).

use doorstroom_observe::outcome::DwellingLetting;
use doorstroom_state::SeekerGroup;
use serde::{Deserialize, Serialize};

/// Entry groups, and last the dwelling that was not let (again) within the horizon.
pub const SIDES: usize = SeekerGroup::ALL.len() + 1;
/// The side of a dwelling that was not let in that arm.
pub const NOT_LET: usize = SeekerGroup::ALL.len();
/// Types of dwellings, by rooms with the living room included.
pub const TYPES: [&str; 4] = ["1 or 2 rooms", "3 rooms", "4 rooms", "5 rooms and more"];

/// Word for a side.
pub fn side_key(side: usize) -> &'static str {
    SeekerGroup::ALL.get(side).map_or("not_let", |group| group.key())
}

fn type_of(rooms: u8) -> usize {
    usize::from(rooms.clamp(2, 5) - 2)
}

/// Lettings of one type of dwelling: by entry group in the baseline, then by entry group in the arm.
pub type Matrix = [[u64; SIDES]; SIDES];

/// The lettings of one arm beside those of the baseline.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub struct Substitution {
    /// By type of dwelling, in the order of [`TYPES`]; empty for the baseline.
    pub types: Vec<Matrix>,
    /// Lettings in both arms to another household.
    pub other_household: u64,
    /// Lettings in both arms.
    pub in_both: u64,
}

impl Substitution {
    /// Joins the lettings of two arms, both sorted by dwelling and ordinal: the second letting of a dwelling since the
    /// fork stands beside its second letting in the other arm.
    pub fn of(baseline: &[DwellingLetting], arm: &[DwellingLetting]) -> Substitution {
        let mut found = Substitution { types: vec![Matrix::default(); TYPES.len()], ..Substitution::default() };
        let (mut b, mut p) = (baseline.iter().peekable(), arm.iter().peekable());
        loop {
            let (left, right) = (b.peek().map(|letting| letting.key()), p.peek().map(|letting| letting.key()));
            let Some(first) = left.into_iter().chain(right).min() else { break };
            let left = b.next_if(|letting| letting.key() == first);
            let right = p.next_if(|letting| letting.key() == first);
            let Some(dwelling) = left.or(right) else { break };
            let side = |letting: Option<&DwellingLetting>| letting.map_or(NOT_LET, |letting| letting.group as usize);
            found.types[type_of(dwelling.rooms)][side(left)][side(right)] += 1;
            if let (Some(left), Some(right)) = (left, right) {
                found.in_both += 1;
                found.other_household += u64::from(left.household != right.household);
            }
        }
        found
    }

    /// All types together; all zero for the baseline.
    pub fn total(&self) -> Matrix {
        let mut total = Matrix::default();
        for matrix in &self.types {
            for (to, from) in total.iter_mut().flatten().zip(matrix.iter().flatten()) {
                *to += from;
            }
        }
        total
    }
}

/// Lettings by group in the baseline and by group in the arm: the sums over the other side.
pub fn margins(matrix: &Matrix) -> ([u64; SIDES], [u64; SIDES]) {
    let arm = std::array::from_fn(|side| matrix.iter().map(|row| row[side]).sum());
    (matrix.map(|row| row.iter().sum()), arm)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn letting(dwelling: u64, ordinal: u16, household: u64, group: SeekerGroup) -> DwellingLetting {
        DwellingLetting { dwelling, ordinal, household, rooms: 3, group }
    }

    #[test]
    fn the_second_letting_of_a_dwelling_stands_beside_the_second_and_margins_are_the_lettings_of_each_arm() {
        use SeekerGroup::{Regular, StatusHolder};
        let baseline = [letting(1, 0, 10, StatusHolder), letting(1, 1, 11, Regular), letting(3, 0, 12, Regular)];
        let arm = [letting(1, 0, 13, Regular), letting(2, 0, 14, Regular), letting(3, 0, 12, Regular)];
        let found = Substitution::of(&baseline, &arm);
        let total = found.total();
        assert_eq!(total, found.types[1]);
        assert_eq!(total[StatusHolder as usize][Regular as usize], 1);
        assert_eq!(total[Regular as usize][NOT_LET], 1, "not let a second time in the arm");
        assert_eq!(total[NOT_LET][Regular as usize], 1);
        assert_eq!((found.in_both, found.other_household), (2, 1));
        let (of_baseline, of_arm) = margins(&total);
        assert_eq!((of_baseline[Regular as usize], of_baseline[StatusHolder as usize]), (2, 1));
        assert_eq!((of_arm[Regular as usize], of_arm[StatusHolder as usize]), (3, 0));
        assert_eq!(Substitution::of(&baseline, &baseline).other_household, 0);
    }
}
