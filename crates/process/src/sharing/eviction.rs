//! Evictions by corporations and forced sales of owners: who loses the dwelling, and where one goes (worlds/MODEL.md 6.1).

use doorstroom_kernel::lane::{CHUNK_ROWS, in_blocks, joined};
use doorstroom_kernel::{Purpose, Threshold};
use doorstroom_state::books::Books;
use doorstroom_state::due::{Due, due_rows};
use doorstroom_state::dwelling::Tenure;
use doorstroom_state::household::{HomeKind, Need};
use doorstroom_state::ledger::VacatedBy;
use doorstroom_state::name::KinName;
use doorstroom_state::slots::Slot;
use doorstroom_state::vacancy::ChainCause;

use super::{ENDED_TO, Hosts};
use crate::rulebook::Setting;

const EVICTED: Purpose = Purpose::named("eviction or forced sale");

/// Evicts who is due. Every household is looked at once a year, in a step that its name decides, so the yearly chance is
/// exact whatever else may happen to it, and the same tenancy is lost in every arm in which it exists.
pub(super) fn evict(books: &mut Books<'_>, setting: &Setting<'_>, hosts: &mut Hosts) {
    for (_, _, slot) in due(books, setting) {
        lose_dwelling(books, slot, setting, hosts);
    }
}

/// Households that lose their dwelling in this step, by municipality and name.
fn due(books: &mut Books<'_>, setting: &Setting<'_>) -> Vec<(u16, KinName, Slot)> {
    let (rules, step) = (&setting.rulebook.rules.sharing, setting.clock.step);
    let mut lost = [Threshold::of(0.0); 3];
    lost[Tenure::Corporation as usize] = Threshold::of(rules.evicted.get());
    lost[Tenure::Owner as usize] = Threshold::of(rules.forced_sale.get());
    // hardly anybody is struck, and the homes of the others lie far apart: they are not looked at
    let highest = lost.into_iter().max().unwrap_or_default();
    let (households, homes) = (&*books.households, &*books.homes);
    let chunks = books.eviction.chunks_mut(CHUNK_ROWS).zip((0..).step_by(CHUNK_ROWS));
    let found = setting.lane.map_each(chunks.collect(), |(next, first)| {
        let due = due_rows(next, first, |&next| next, step);
        let mut found = Vec::new();
        in_blocks(
            &due,
            |&slot| households[slot as usize].kin.name.0,
            |&slot| {
                let i = slot as usize;
                let name = households[i].kin.name;
                let wait = steps_until_look(name, setting);
                next[i - first] = Due::redraw(step.plus(if wait == 0 { year(setting) } else { wait }));
                let luck = setting.chance.luck(EVICTED, name.0, step);
                let strikes = |chance: Threshold| luck.clone().strikes(chance);
                let is_lost = |tenure: Tenure| strikes(lost[tenure as usize]);
                if wait == 0 && strikes(highest) && homes[i].tenure.is_some_and(is_lost) {
                    found.push((homes[i].municipality, name, slot));
                }
            },
        );
        found
    });
    let mut found: Vec<(u16, KinName, Slot)> = joined(found);
    found.sort_unstable();
    found
}

fn year(setting: &Setting<'_>) -> u32 {
    setting.clock.calendar.steps_in_months(12)
}

/// Steps until the household of this name is looked at, less than a year; 0 if in this one.
fn steps_until_look(name: KinName, setting: &Setting<'_>) -> u32 {
    let year = year(setting);
    let looked_at = (name.0 >> 32) as u32 % year;
    (looked_at + year - u32::from(setting.clock.step.0) % year) % year
}

/// The household goes to kin, a sublet, other accommodation or shelter, with a short-notice need; its guests are stranded.
fn lose_dwelling(books: &mut Books<'_>, slot: Slot, setting: &Setting<'_>, hosts: &mut Hosts) {
    let (at, rules) = (setting.moment(), &setting.rulebook.rules);
    let Some(tenure) = books.tenure(slot) else { return };
    hosts.forget(books, slot);
    let mut luck = setting.chance.luck(EVICTED, books.name(slot).0, at.step);
    // the first draw decided that the dwelling is lost
    luck.bits();
    let to = luck.pick(rules.sharing.evicted_to.now()).map_or(HomeKind::Other, |i| ENDED_TO[i]);
    books.ledger.life.evicted[tenure as usize] += 1;
    books.move_out(slot, to, VacatedBy::Other, ChainCause::Evicted, at);
    books.open_need(slot, Need::Eviction, at);
    if to.is_hosted() {
        hosts.find(books, slot, setting);
    }
}
