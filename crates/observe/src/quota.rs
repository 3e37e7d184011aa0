//! The housing quota (taakstelling): accounts of municipalities as they were closed.

use bevy_ecs::prelude::*;
use doorstroom_state::quota::{HalfYear, QuotaAccount};

use crate::rows::QuotaRow;
use crate::table::Text;

/// Highest step of the supervision ladder.
const LADDER_HIGHEST: u8 = 4;

/// Accounts with the half-year they belong to.
pub type Closed = Vec<(u16, QuotaAccount, String)>;

/// Accounts closed in this step.
pub fn closed(half_year: Res<HalfYear>) -> Closed {
    half_year.closed.clone()
}

/// Accounts as they stand, with the running half-year.
pub fn running(half_year: Res<HalfYear>, accounts: Query<&QuotaAccount>) -> Closed {
    let labelled = |(slot, account): (usize, &QuotaAccount)| (slot as u16, *account, half_year.label.clone());
    accounts.iter().enumerate().map(labelled).collect()
}

/// The row of one account. Below scale 1 all persons are thousandths of a scaled person (worlds/MODEL.md M6).
pub fn row(
    slot: u16,
    account: &QuotaAccount,
    half_year: &Text,
    codes: &[Text],
    scaled: bool,
    carries: bool,
) -> QuotaRow {
    let persons = |milli: i64| if scaled { milli } else { milli / 1_000 };
    let routed = account.by_route.map(|count| i64::from(count) * if scaled { 1_000 } else { 1 });
    let shortfall = persons(account.outstanding_milli());
    QuotaRow {
        half_year: half_year.clone(),
        municipality: codes.get(usize::from(slot)).cloned().unwrap_or_default(),
        target: persons(account.target_milli),
        carried: persons(account.carried_milli),
        realised: persons(account.realised_milli),
        shortfall,
        via_joining: routed[0],
        via_shared: routed[1],
        via_private: routed[2],
        via_corporation: routed[3],
        backlog: if carries { shortfall } else { 0 },
        ladder_step: u32::from(account.missed.min(LADDER_HIGHEST)),
        scaled,
        ..QuotaRow::default()
    }
}
