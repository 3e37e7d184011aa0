//! How unequally waiting is shared: Lorenz curve and Gini coefficient of search time, completed and open together, since
//! those still waiting have waited too.

use bevy_ecs::prelude::*;
use doorstroom_kernel::Clock;
use doorstroom_state::ledger::Letting;
use doorstroom_state::registration::{Register, RowState};
use doorstroom_state::{Seeker, SeekerGroup};

use crate::lettings::is_regular;
use crate::look::whole;

/// Shares of searchers, the shortest search first, at which the Lorenz curve is given.
pub const LORENZ: [(f64, &str); 9] = [
    (0.1, "lorenz_10"),
    (0.2, "lorenz_20"),
    (0.3, "lorenz_30"),
    (0.4, "lorenz_40"),
    (0.5, "lorenz_50"),
    (0.6, "lorenz_60"),
    (0.7, "lorenz_70"),
    (0.8, "lorenz_80"),
    (0.9, "lorenz_90"),
];

/// Search time so far of a registration, in days, by entry group.
pub type Searched = (SeekerGroup, u32);

/// Search times of the registrations that still search at the end of the step; without an entry group the present group
/// counts.
pub fn open(In(clock): In<Clock>, seekers: Query<&Seeker>, register: Res<Register>) -> Vec<Searched> {
    let Some(seekers) = whole(seekers) else { return Vec::new() };
    let searching = register.rows.iter().filter(|row| row.state == RowState::Searching);
    let searched = searching.map(|row| {
        let seeker = &seekers[row.holder as usize];
        let group = if seeker.entry_group == SeekerGroup::None { seeker.group } else { seeker.entry_group };
        (group, clock.tomorrow.days_since(row.searching_since).max(0) as u32)
    });
    searched.collect()
}

/// Search times of regular lettings that used a registration.
pub fn completed(lettings: &[Letting]) -> impl Iterator<Item = Searched> + '_ {
    let regular = lettings.iter().filter(|letting| is_regular(letting));
    regular.filter(|letting| letting.search_days >= 0).map(|letting| (letting.entry_group, letting.search_days as u32))
}

/// Gini coefficient of values in ascending order: 0 if all are equal, near 1 if one has everything; NaN if all are 0.
pub fn gini(ascending: &[u32]) -> f64 {
    let n = ascending.len() as i128;
    let sum: i128 = ascending.iter().map(|&value| i128::from(value)).sum();
    let weighted: i128 =
        (1..).zip(ascending).map(|(place, &value): (i128, _)| (2 * place - n - 1) * i128::from(value)).sum();
    weighted as f64 / (n as f64 * sum as f64)
}

/// Share of the sum of values in ascending order that falls to the lowest `share` of them; one of them counts in part.
pub fn lorenz(ascending: &[u32], share: f64) -> f64 {
    let sum: u64 = ascending.iter().map(|&value| u64::from(value)).sum();
    let place = share * ascending.len() as f64;
    let whole = (place as usize).min(ascending.len());
    let below: u64 = ascending[..whole].iter().map(|&value| u64::from(value)).sum();
    let part = ascending.get(whole).map_or(0.0, |&value| f64::from(value) * (place - whole as f64));
    (below as f64 + part) / sum as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_waits_have_no_inequality_and_one_who_waits_for_all_has_nearly_one() {
        assert_eq!(gini(&[7; 50]), 0.0);
        assert!((gini(&[0, 0, 0, 0, 0, 0, 0, 0, 0, 5]) - 0.9).abs() < 1e-12);
        assert!(gini(&[]).is_nan() && gini(&[0, 0]).is_nan());
        assert!((lorenz(&[7; 50], 0.35) - 0.35).abs() < 1e-12);
    }

    #[test]
    fn gini_is_one_less_twice_the_area_under_the_lorenz_curve() {
        let waits: Vec<u32> = (0..997_u32).map(|i| i * i % 4_001).collect();
        let mut ascending = waits.clone();
        ascending.sort_unstable();
        // the curve is straight between two persons, so trapezia at every person are exact
        let n = ascending.len();
        let heights: Vec<f64> = (0..=n).map(|i| lorenz(&ascending, i as f64 / n as f64)).collect();
        let area: f64 = heights.windows(2).map(|pair| (pair[0] + pair[1]) / 2.0 / n as f64).sum();
        assert!((gini(&ascending) - (1.0 - 2.0 * area)).abs() < 1e-9);
        // 1 to n evenly: (n - 1 / n) / (3 n) ... = (n^2 - 1) / (3 n (n + 1))
        let even: Vec<u32> = (1..=9).collect();
        assert!((gini(&even) - 8.0 / 27.0).abs() < 1e-12);
    }
}
