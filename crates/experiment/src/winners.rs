//! Winners and losers: what every arm means for every entry group, one row each. With arms that are rules of allocation
//! it is a matrix of rules and groups.

use doorstroom_observe::MeasureKey;
use doorstroom_observe::rows::WinnerRow;
use doorstroom_state::SeekerGroup;

use crate::pairs::Paired;
use crate::strata::Stratum;
use crate::summary::{UnitSummary, differences, strata};

/// The rows of `winners`, by arm and group.
pub fn winners(units: &[UnitSummary], arms: &[&str]) -> Vec<WinnerRow> {
    let Some((&baseline, others)) = arms.split_first() else { return Vec::new() };
    let groups = || SeekerGroup::ALL.into_iter().filter(|group| *group != SeekerGroup::None);
    others.iter().flat_map(|&arm| groups().map(move |group| row(units, arm, baseline, group))).collect()
}

fn row(units: &[UnitSummary], arm: &str, baseline: &str, group: SeekerGroup) -> WinnerRow {
    let measure = |name: &'static str| {
        let is = |key: &MeasureKey| {
            key.measure.as_str() == name && key.group.as_str() == group.key() && key.area.as_str() == "NL"
        };
        Paired::of(&differences(units, arm, baseline, |summary| {
            summary.measures.iter().find(|(key, _)| is(key)).map(|(_, &value)| value)
        }))
    };
    let figure = |of: &dyn Fn(&Stratum) -> u64| {
        Paired::of(&strata(units, arm, group as usize, |stratum| of(stratum) as f64)).mean
    };
    let (flow, wait) = (measure("flow"), measure("wait"));
    WinnerRow {
        arm: arm.to_owned().into(),
        baseline: baseline.to_owned().into(),
        group: group.key().into(),
        flow: flow.mean,
        flow_lo: flow.ci_lo,
        flow_hi: flow.ci_hi,
        wait: wait.mean,
        wait_lo: wait.ci_lo,
        wait_hi: wait.ci_hi,
        gained: figure(&|stratum| stratum.gained),
        lost: figure(&|stratum| stratum.lost),
        sooner: figure(&|stratum| stratum.advanced),
        later: figure(&|stratum| stratum.delayed),
        verdict: verdict(&wait).into(),
        n: wait.n,
    }
}

/// Who waits shorter wins; nothing is said where the interval holds 0.
fn verdict(wait: &Paired) -> &'static str {
    match wait {
        wait if wait.sd == 0.0 && wait.mean == 0.0 => "equal",
        wait if wait.ci_hi < 0.0 => "wins",
        wait if wait.ci_lo > 0.0 => "loses",
        _ => "undecided",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_group_wins_if_its_wait_is_surely_shorter() {
        assert_eq!(verdict(&Paired::of(&[-1.0, -1.2, -0.9])), "wins");
        assert_eq!(verdict(&Paired::of(&[1.0, 1.2, 0.9])), "loses");
        assert_eq!(verdict(&Paired::of(&[-1.0, 1.2, 0.9])), "undecided");
        assert_eq!(verdict(&Paired::of(&[0.0, 0.0])), "equal");
        assert_eq!(verdict(&Paired::of(&[-5.0])), "undecided", "one pair has no interval");
    }
}
