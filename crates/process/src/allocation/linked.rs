//! Status holders linked (gekoppeld) to a municipality: who waits for an offer, and what a refusal does (worlds/MODEL.md
//! M9, M14).

use doorstroom_kernel::{Day, Purpose, Threshold};
use doorstroom_policy::cost_sharing::{Sharer, willing_to_share};
use doorstroom_state::books::Books;
use doorstroom_state::group::SeekerGroup;
use doorstroom_state::household::{HomeKind, Household, Means, Seeker};
use doorstroom_state::members::Members;
use doorstroom_state::slots::Slot;

use super::Table;
use crate::rulebook::Setting;

const REFUSAL: Purpose = Purpose::named("whether a refusal is justified");
const SHARES: Purpose = Purpose::named("whether a single is placed in a shared home");

/// A linked household that waits for an offer.
#[derive(Clone, Copy)]
pub(super) struct Linked {
    /// Date of the permit.
    pub permit: Day,
    /// Who it is.
    pub name: u64,
    /// Its slot.
    pub slot: Slot,
    /// Persons.
    pub persons: u32,
    /// One person: may be placed in a shared home.
    pub single: bool,
    /// Awaits family: may be placed in a shared home.
    pub awaiting: bool,
    /// The municipality means to place it in a shared home.
    pub shares: bool,
}

/// Those whose time to be linked has passed and whose duty stands, by municipality (slot), longest permit first.
pub(super) fn linked_by_municipality(
    books: &mut Books<'_>,
    setting: &Setting<'_>,
    municipalities: usize,
) -> Vec<Vec<Linked>> {
    let rules = &setting.rulebook.rules.quota;
    let today = setting.clock.today;
    let mut linked: Vec<Vec<Linked>> = vec![Vec::new(); municipalities];
    let (homes, seekers) = (&*books.homes, &*books.seekers);
    let waits = |slot: Slot| {
        homes[slot as usize].kind == HomeKind::Reception && seekers[slot as usize].group == SeekerGroup::StatusHolder
    };
    for &(name, slot) in books.lists.reception.settle(&books.households, waits) {
        let (seeker, household): (&Seeker, &Household) =
            (&books.seekers[slot as usize], &books.households[slot as usize]);
        let Household { members, means, .. } = household;
        let ready = means.permit_since.plus_days(rules.link_days.get() as i32) <= today;
        if !seeker.duty || !ready || usize::from(seeker.linked) >= municipalities {
            continue;
        }
        let persons = members.count() as u32;
        let single = persons == 1;
        linked[usize::from(seeker.linked)].push(Linked {
            permit: means.permit_since,
            name: name.0,
            slot,
            persons,
            single,
            awaiting: seeker.family_awaited > 0,
            shares: single && setting.chance.trait_of(SHARES, name.0).strikes(sharing_chance(members, means, setting)),
        });
    }
    for town in &mut linked {
        town.sort_unstable_by_key(|l| (l.permit, l.name));
    }
    linked
}

/// Chance that a linked single is placed in a shared home: what municipalities mean to do, less those whom the cost-sharer
/// norm keeps from sharing.
fn sharing_chance(members: &Members, means: &Means, setting: &Setting<'_>) -> Threshold {
    let (quota, sharing) = (&setting.rulebook.rules.quota, &setting.rulebook.rules.sharing);
    let adult = Sharer {
        age_years: members.head_age(setting.clock.month()),
        student: means.is(Means::STUDENT),
        // a room in a home that the municipality shares out is let without a commercial contract
        commercial_contract: false,
    };
    // shared with others of its own age (assumption A180): below the age limit these do not count
    let counts = adult.counts(sharing.cost_sharer_age.get() as u16);
    let others = if counts { (quota.shared_home_persons.get() as u32).saturating_sub(1) } else { 0 };
    let willing = willing_to_share(adult, others, means.work.on_benefit(), sharing.cost_sharer_response.get());
    Threshold::of(quota.shared_share_of_singles.get() * willing)
}

/// A refusal without good ground, or a second one, ends the duty to house (worlds/MODEL.md M9).
pub(super) fn note_refusal(books: &mut Books<'_>, setting: &Setting<'_>, household: Slot) {
    let justified = Threshold::of(setting.rulebook.rules.allocation.refusal_justified.get());
    let name = books.name(household).0;
    let seeker = &mut books.seekers[household as usize];
    seeker.refusals = seeker.refusals.saturating_add(1);
    if seeker.refusals >= 2 || !setting.chance.luck(REFUSAL, name, setting.clock.step).strikes(justified) {
        seeker.duty = false;
    }
}

/// Not housed in this step, and the duty still stands: a refusal may have ended it a moment ago (worlds/MODEL.md M9).
pub(super) fn waits(books: &Books<'_>, table: &Table, household: Linked) -> bool {
    books.seekers[household.slot as usize].duty && !table.is_housed(household.slot)
}
