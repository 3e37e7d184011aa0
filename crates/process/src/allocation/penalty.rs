//! What refusals cost: noted while offers are made, and in force from the next step on, so that no ranking of a step
//! depends on the order in which its dwellings are offered.

use doorstroom_policy::scheme::{Names, Refusal, RegionChannel, RegionScheme, StatementRules};
use doorstroom_state::books::Books;
use doorstroom_state::due::Due;
use doorstroom_state::household::UrgencyGround;
use doorstroom_state::name::KinName;
use doorstroom_state::slots::{NO_SLOT, Slot};

use crate::rulebook::Setting;

/// Refusals of the step that cost something.
#[derive(Default)]
pub struct Penalties(Vec<(KinName, Slot, Penalty)>);

#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
struct Penalty {
    loses_place: bool,
    loses_points: bool,
    /// Refusals after which the registration ends.
    most: u32,
}

impl Penalties {
    /// Notes that the holder of `row` refused an offer in `channel`.
    pub fn note(&mut self, books: &Books<'_>, scheme: &RegionScheme, channel: &RegionChannel, row: Slot) {
        if row == NO_SLOT || (channel.refusal == Refusal::Free && scheme.offers_per_household.is_none()) {
            return;
        }
        let most = match channel.refusal {
            Refusal::EndsDuty => 1,
            _ => scheme.offers_per_household.unwrap_or(u32::MAX),
        };
        let loses_place = channel.refusal == Refusal::LosesPlace;
        let penalty = Penalty { loses_place, loses_points: channel.loses_all_points(), most };
        self.0.push((books.register.rows[row as usize].name, row, penalty));
    }

    /// Brings the costs into force. A registration that was used by a letting of the step is left alone.
    pub fn enforce(mut self, books: &mut Books<'_>, setting: &Setting<'_>) {
        if self.0.is_empty() {
            return;
        }
        let mut used: Vec<Slot> = books.ledger.lettings.iter().map(|letting| letting.row).collect();
        used.sort_unstable();
        self.0.sort_unstable();
        let at = setting.moment();
        for of_row in self.0.chunk_by(|a, b| a.1 == b.1) {
            let slot = of_row[0].1;
            if used.binary_search(&slot).is_ok() {
                continue;
            }
            let row = &mut books.register.rows[slot as usize];
            row.refusals = row.refusals.saturating_add(of_row.len().min(255) as u8);
            if of_row.iter().any(|(_, _, penalty)| penalty.loses_place) {
                row.since = at.day;
            }
            if of_row.iter().any(|(_, _, penalty)| penalty.loses_points) {
                (row.points_from, row.active_months) = (at.day, 0);
            }
            let (refusals, holder) = (u32::from(row.refusals), row.holder);
            if of_row.iter().any(|(_, _, penalty)| refusals >= penalty.most) {
                books.register.end(&mut books.seekers[holder as usize], slot);
                books.settle_group(holder, at);
            }
        }
    }
}

/// What a region says about statements on a ground.
pub fn statement_rules(scheme: &RegionScheme, ground: UrgencyGround) -> Option<StatementRules> {
    match ground {
        UrgencyGround::Medical => scheme.medical,
        UrgencyGround::Renewal => scheme.renewal,
        UrgencyGround::None => None,
    }
}

/// Ends the statement by which a household went first, where the region gives it one offer. In this step already: it
/// gives no second offer.
pub fn end_statement(books: &mut Books<'_>, setting: &Setting<'_>, scheme: &RegionScheme, household: Slot) {
    let seeker = &mut books.seekers[household as usize];
    if statement_rules(scheme, seeker.ground).is_some_and(|rules| rules.one_offer) {
        seeker.urgent_until = setting.clock.step;
        books.registration[household as usize] = Due::redraw(setting.clock.step.plus(1));
    }
}

/// The names of statements: who has one may go first because of it.
pub const STATEMENTS: Names = Names::MEDICAL.and(Names::RENEWAL).and(Names::URGENT);
