//! Evictions by corporations and forced sales of owners: who loses the dwelling, and where one goes (worlds/MODEL.md 6.1).

use doorstroom_kernel::lane::joined;
use doorstroom_kernel::{Purpose, Threshold};
use doorstroom_state::books::Books;
use doorstroom_state::columns::rows_where;
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
fn due(books: &Books<'_>, setting: &Setting<'_>) -> Vec<(u16, KinName, Slot)> {
    let (rules, step) = (&setting.rulebook.rules.sharing, setting.clock.step);
    let year = setting.clock.calendar.steps_in_months(12);
    let today = u32::from(step.0) % year;
    let mut lost = [Threshold::of(0.0); 3];
    lost[Tenure::Corporation as usize] = Threshold::of(rules.evicted.get());
    lost[Tenure::Owner as usize] = Threshold::of(rules.forced_sale.get());
    // hardly anybody is struck, and the homes of the others lie far apart: they are not looked at
    let highest = lost.into_iter().max().unwrap_or_default();
    let (kin, homes) = (&*books.kin, &*books.homes);
    let found = setting.lane.map_chunks(kin.len(), |from, to| {
        let looked_at = rows_where(&kin[from..to], from, |kin| (kin.name.0 >> 32) as u32 % year == today);
        let evicted = looked_at.into_iter().filter(|&slot| {
            let i = slot as usize;
            let luck = setting.chance.luck(EVICTED, kin[i].name.0, step);
            let strikes = |chance: Threshold| luck.clone().strikes(chance);
            strikes(highest) && homes[i].tenure.is_some_and(|tenure| strikes(lost[tenure as usize]))
        });
        evicted.map(|slot| (homes[slot as usize].municipality, kin[slot as usize].name, slot)).collect::<Vec<_>>()
    });
    let mut found: Vec<(u16, KinName, Slot)> = joined(found);
    found.sort_unstable();
    found
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
    books.open_need(slot, Need::Eviction, setting.steps(rules.registration.need_months.get()), at);
    if to.is_hosted() {
        hosts.find(books, slot, setting);
    }
}
