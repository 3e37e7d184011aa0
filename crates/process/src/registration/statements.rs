//! Statements of urgency that run when a regime forbids them (worlds/MODEL.md 7.4).

use doorstroom_policy::priority::statement_stands;
use doorstroom_state::books::BookKeeping;
use doorstroom_state::due::Due;
use doorstroom_state::household::{Means, UrgencyGround};
use doorstroom_state::slots::Slot;

use crate::rulebook::Setting;

/// Ends running statements that the regime no longer allows; the group of their holders follows in this phase.
pub fn end_forbidden(mut keeping: BookKeeping, setting: Setting) {
    let Some(mut books) = keeping.open() else { return };
    let books = &mut books;
    let at = setting.moment();
    let (regime, since) = setting.regime();
    let days = setting.rulebook.rules.priority.statement_days.get();
    let listed = books.lists.urgent.0.iter().filter(|&&(name, slot)| books.households[slot as usize].kin.name == name);
    let holders: Vec<Slot> = listed.map(|&(_, slot)| slot).collect();
    for slot in holders {
        let i = slot as usize;
        let (ground, until) = (books.seekers[i].ground, books.seekers[i].urgent_until);
        let alien = books.households[i].means.is(Means::PERMIT_ALIEN);
        let runs = ground != UrgencyGround::None && until > at.step;
        if runs && !statement_stands(regime, since, at.day, alien, ground, days) {
            books.seekers[i].urgent_until = at.step;
            books.registration[i] = Due::redraw(at.step);
            books.ledger.statements_ended += 1;
        }
    }
}
