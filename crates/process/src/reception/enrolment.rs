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
    let delay = setting.rulebook.rules.registration.status_delay_days.get() as i32;
    let (at, homes, seekers) = (setting.moment(), &*books.homes, &*books.seekers);
    let lists = &mut *books.lists;
    let waiting = lists.reception.settle(books.kin, |slot| homes[slot as usize].kind == HomeKind::Reception);
    let elsewhere = lists.after_reception.settle(books.kin, |slot| {
        let i = slot as usize;
        seekers[i].group == SeekerGroup::StatusHolder && homes[i].kind != HomeKind::Reception
    });
    let due: Vec<(KinName, Slot)> = waiting
        .iter()
        .chain(elsewhere)
        .copied()
        .filter(|&(_, slot)| {
            let i = slot as usize;
            seekers[i].first_row == NO_SLOT && books.means[i].permit_since.plus_days(delay) <= at.day
        })
        .collect();
    for (_, slot) in due {
        let i = slot as usize;
        let linked = usize::from(books.seekers[i].linked);
        let Some(&market) = setting.gazetteer.region_of.get(linked) else { continue };
        let since = books.means[i].permit_since.plus_days(delay);
        books.register_head(slot, market, since, at);
    }
}
