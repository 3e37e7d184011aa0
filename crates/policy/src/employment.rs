//! Werk en bijstand (work and benefit) of status holders: who finds work, and whose pay does without a supplement.

use doorstroom_state::household::Work;

/// Chances of one year.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct WorkChances {
    /// Somebody on benefit finds paid work.
    pub starts: f64,
    /// Share of those who do whose pay needs a supplementary benefit (aanvullende bijstand): mostly part-time work.
    pub supplemented: f64,
    /// A supplementary benefit ends because pay has risen.
    pub supplement_ends: f64,
}

/// Work a year on. `units` are two even draws from 0 to 1: whether work or pay changes, and whether pay does.
///
/// Nobody loses work: the published shares on benefit fall with every year since the permit (cohort of 2014).
pub fn a_year_on(work: Work, chances: &WorkChances, units: [f64; 2]) -> Work {
    match work {
        Work::Benefit if units[0] < chances.starts && units[1] < chances.supplemented => Work::Supplemented,
        Work::Benefit if units[0] < chances.starts => Work::Paid,
        Work::Supplemented if units[0] < chances.supplement_ends => Work::Paid,
        unchanged => unchanged,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Shares in work and on benefit after so many whole years, by the rule on a grid of draws.
    #[test]
    fn a_cohort_can_have_more_in_work_than_off_benefit() {
        let chances = WorkChances { starts: 0.2, supplemented: 0.5, supplement_ends: 0.5 };
        let grid: Vec<[f64; 2]> =
            (0..100).map(|i| [f64::from(i / 10) / 10.0 + 0.05, f64::from(i % 10) / 10.0 + 0.05]).collect();
        let count = |is: &dyn Fn(Work) -> bool| {
            grid.iter().filter(|&&units| is(a_year_on(Work::Benefit, &chances, units))).count()
        };
        assert_eq!((count(&Work::works), count(&|work| !work.on_benefit())), (20, 10));
    }
}
