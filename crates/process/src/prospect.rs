//! Whether a status holder in reception may expect an offer from the municipality: who may waits for it, who may not
//! looks after a home alone (worlds/MODEL.md M17).

use doorstroom_policy::priority::{HomeOffered, StatusApplicant, may_earmark};
use doorstroom_state::books::Books;
use doorstroom_state::municipality::Municipality;
use doorstroom_state::slots::Slot;

use crate::rulebook::Setting;

/// Whether the linked municipality may keep a home for this household: a self-contained one, or a shared one for
/// singles and those who await their family.
pub fn has_prospect(setting: &Setting<'_>, books: &Books<'_>, slot: Slot, place: &Municipality) -> bool {
    let (regime, since) = setting.regime_in(place);
    let i = slot as usize;
    let alone = books.households[i].members.is_single();
    let awaiting = books.seekers[i].family_awaited > 0;
    let applicant = StatusApplicant { single: alone && !awaiting, awaiting_family: alone && awaiting };
    let may = |home| may_earmark(regime, since, setting.clock.today, &applicant, home, place.urgency_regulation);
    may(HomeOffered::REGULAR) || (alone && may(HomeOffered::SHARED))
}
