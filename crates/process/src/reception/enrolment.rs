//! Status holders are put on the register of the region of their municipality, some time after the permit.

use doorstroom_state::books::BookKeeping;
use doorstroom_state::group::SeekerGroup;
use doorstroom_state::household::HomeKind;
use doorstroom_state::name::KinName;
use doorstroom_state::slots::{NO_SLOT, Slot};

use crate::rulebook::Setting;

/// Gives every status holder without a row, in reception or after it, a searching one that counts from the permit
/// plus the delay of the rules (worlds/MODEL.md M17).
pub fn enrol(setting: Setting, mut keeping: BookKeeping) {
    let Some(mut books) = keeping.open() else { return };
    let usual = setting.rulebook.rules.registration.status_delay_days.get() as i32;
    // days from the permit to the registration; a scheme may say at once, or never
    let delay_in = |market: u8| match setting.scheme(market).registration.and_then(|rules| rules.from_grant) {
        Some(true) => Some(0),
        Some(false) => None,
        None => Some(usual),
    };
    let (at, homes, seekers) = (setting.moment(), &*books.homes, &*books.seekers);
    let lists = &mut *books.lists;
    let waiting = lists.reception.settle(&books.households, |slot| homes[slot as usize].kind == HomeKind::Reception);
    let elsewhere = lists.after_reception.settle(&books.households, |slot| {
        let i = slot as usize;
        seekers[i].group == SeekerGroup::StatusHolder && homes[i].kind != HomeKind::Reception
    });
    let without_row: Vec<(KinName, Slot)> = waiting
        .iter()
        .chain(elsewhere)
        .copied()
        .filter(|&(_, slot)| seekers[slot as usize].first_row == NO_SLOT)
        .collect();
    for (_, slot) in without_row {
        let i = slot as usize;
        let linked = usize::from(books.seekers[i].linked);
        let Some(&market) = setting.gazetteer.region_of.get(linked) else { continue };
        let Some(delay) = delay_in(market) else { continue };
        let since = books.households[i].means.permit_since.plus_days(delay);
        if since <= at.day {
            books.register_head(slot, market, since, at);
        }
    }
}
