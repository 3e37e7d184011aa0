//! Gates before phases: changes of rules that come into force after an evaluation (worlds/MODEL.md 7.7).

use bevy_ecs::prelude::*;
use doorstroom_kernel::{Clock, Day};
use doorstroom_policy::gate::Standing;
use doorstroom_state::Ledger;
use doorstroom_state::reception::ReceptionStock;
use doorstroom_state::regime::RegimeState;

use crate::rulebook::{Rulebook, Scale, a_year};

/// Evaluates the gates that are due by what the step before left, and brings into force what stands behind open ones.
pub fn open(
    clock: Res<Clock>,
    scale: Res<Scale>,
    stock: Res<ReceptionStock>,
    mut state: ResMut<RegimeState>,
    mut rulebook: ResMut<Rulebook>,
    mut ledger: ResMut<Ledger>,
) {
    if rulebook.rules.gated.is_empty() {
        return;
    }
    let standing = Standing {
        overdue: f64::from(stock.overdue) / scale.0,
        residents: f64::from(stock.in_procedure + stock.status_holders) / scale.0,
        alternatives: a_year(&clock, &state.alternatives) / scale.0,
    };
    for change in &rulebook.rules.gated {
        if change.gate.from <= clock.today {
            let key = change.gate.key();
            let before = state.gates.get(&key).cloned().unwrap_or_default();
            state.gates.insert(key, change.gate.evaluate(&before, &standing, clock.today));
        }
    }
    bring_into_force(&mut rulebook, &state, clock.today, &mut ledger);
}

/// What stands behind open gates and is not in the rules yet, by the day on which it came into force: an arm that goes on
/// from a snapshot has its rules as they were written.
fn bring_into_force(rulebook: &mut Rulebook, state: &RegimeState, today: Day, ledger: &mut Ledger) {
    let opened = |change: usize| state.gates.get(&rulebook.rules.gated[change].gate.key())?.opened;
    let waiting = (0..rulebook.rules.gated.len()).filter(|&change| !rulebook.rules.gated[change].in_force);
    let mut now: Vec<(Day, usize)> = waiting.filter_map(|change| Some((opened(change)?, change))).collect();
    now.sort_unstable();
    for &(day, change) in &now {
        rulebook.rules.gated[change].in_force = true;
        let change = rulebook.rules.gated[change].clone();
        if let Err(why) = rulebook.rules.open(&change, day) {
            ledger.broken.push(format!("a gate of {} could not change `{}`: {why}", change.gate.from, change.path));
        }
    }
    if !now.is_empty() {
        rulebook.rules.bring_into_force(today);
    }
}
