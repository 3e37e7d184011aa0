//! What a candidate answers to an offer, and what the answer does.

use doorstroom_kernel::{Chance, Purpose, Step};
use doorstroom_policy::queue::QueueModel;
use doorstroom_policy::scheme::{Refusal, ResolvedScheme};
use doorstroom_state::queue::{Buffer, Standing, Vacancy};

use super::columns::Rows;

/// Whether a candidate refuses.
pub(super) const REFUSES: Purpose = Purpose::named("queue: refuses an offer");

/// Answer to an offer.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Answer {
    /// The home is taken.
    Accepts,
    /// Refused; still on the list.
    Refuses,
    /// Refused, and no longer on the list.
    Goes,
    /// Declined to wait for the good it prefers.
    Defers(u8),
}

/// Makes one offer: counts it, draws the answer and does to the candidate what a refusal does.
pub(super) fn offer(
    model: &QueueModel,
    scheme: &ResolvedScheme,
    chance: &Chance,
    now: u16,
    rows: &mut Rows<'_>,
    vacancy: &Vacancy,
    slot: u32,
) -> Answer {
    let at = slot as usize;
    let (name, group) = (rows.listed[at].name, &model.groups[usize::from(rows.listed[at].group)]);
    if let (Some(buffers), Some(prefers)) = (&scheme.buffers, group.prefers)
        && prefers != vacancy.good
        && rows.roll.buffered[usize::from(prefers)] < buffers[usize::from(prefers)]
    {
        rows.roll.buffered[usize::from(prefers)] += 1;
        rows.buffer[at] = Buffer(prefers + 1, now);
        return Answer::Defers(prefers);
    }
    if let Some(offers) = rows.offers.get_mut(at) {
        offers.0 = offers.0.saturating_add(1);
    }
    let refuses =
        group.refuses.0 > 0 && chance.luck_with(REFUSES, name, vacancy.name, Step(now)).strikes(group.refuses);
    if !refuses {
        return Answer::Accepts;
    }
    let used = scheme.offers_per_household.is_some_and(|most| u32::from(rows.offers(at)) >= most);
    let refusal = scheme.channels[usize::from(vacancy.channel)].refusal;
    if used || refusal == Refusal::EndsDuty {
        let standing = if rows.abode(at).is_some() { Standing::Housed } else { Standing::Free };
        free_mates(rows, at);
        rows.end(at, true, standing);
        return Answer::Goes;
    }
    match refusal {
        Refusal::LosesPlace => rows.listed[at].since = now,
        Refusal::LosesPoints => {
            if let Some(searching) = rows.searching.get_mut(at) {
                searching.0 = now;
            }
        }
        Refusal::Free | Refusal::EndsDuty => {}
    }
    Answer::Refuses
}

/// Those who waited with a candidate that has to go, go with it.
fn free_mates(rows: &mut Rows<'_>, at: usize) {
    let Some(mates) = rows.mates.get(at).copied() else { return };
    for &other in &mates.slots[..usize::from(mates.count)] {
        rows.end(other as usize, true, Standing::Free);
    }
}
