//! Nareis (family reunification): when an awaited family may come.

use doorstroom_kernel::Day;

/// Voorwaarden (conditions) of the two-status system for families of people with subsidiary protection.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Conditions {
    /// Years after the permit in which no family comes, by the calendar; whole months of them count.
    pub wait_years: f64,
    /// Whether the sponsor needs a stable home.
    pub home: bool,
    /// Whether the sponsor needs income from work.
    pub income: bool,
}

/// The sponsor, as far as the conditions look.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Sponsor {
    /// Subsidiair beschermd: has subsidiary protection, not refugee status.
    pub subsidiary: bool,
    /// Date of the permit.
    pub permit_since: Day,
    /// Has a stable home: self-contained, or a room of its own.
    pub has_home: bool,
    /// Has income from work.
    pub works: bool,
}

/// Whether the family of `sponsor` may arrive on `today`. Of refugees it always may.
///
/// Source: Wet invoering tweestatusstelsel, adopted by the House on 3 July 2025: two years, a home and income.
pub fn may_arrive(conditions: &Conditions, sponsor: Sponsor, today: Day) -> bool {
    if !sponsor.subsidiary {
        return true;
    }
    let months = (conditions.wait_years * 12.0) as i32;
    let waited = today >= sponsor.permit_since.plus_months(months);
    waited && (sponsor.has_home || !conditions.home) && (sponsor.works || !conditions.income)
}
