//! Rules of the housing quota (huisvestingstaakstelling) and how municipalities meet it.

use crate::alternatives::Alternatives;
use crate::quota::{Distribution, MidTerm};
use crate::rules;
use crate::rules::List;

rules! {
    /// The half-yearly quota, in persons.
    pub struct QuotaRules {
        /// Persons to be housed in a half-year; 0: set from the inflow with an error (worlds/MODEL.md M19).
        persons: f64, 0.0 to 10000000.0;
        /// Spread (sigma of a lognormal of mean one) of the forecast from which the quota is set.
        forecast_sigma: f64, 0.0 to 2.0;
        /// Days after the permit within which a status holder should be housed.
        term_days: f64, 0.0 to 3650.0;
        /// Days from permit until a household is linked and its composition exchanged.
        link_days: f64, 0.0 to 3650.0;
        /// Median share of a municipality's vacancies that it earmarks.
        earmark_median: f64, 0.0 to 1.0;
        /// Effort added per half-year target of backlog.
        earmark_backlog_effort: f64, 0.0 to 10.0;
        /// Highest share of vacancies earmarked.
        earmark_highest: f64, 0.0 to 1.0;
        /// Factor on the earmark at each step of the supervision ladder, from no miss to four.
        ladder: List<5>, 0.0 to 100.0;
        /// Factor on the earmark of municipalities that missed two half-years or more: help of a support team (aanjaagteam).
        support_of_lagging: f64, 0.0 to 10.0;
        /// Factor on every earmark: below 1 where municipalities go along with an imposed regime only in part.
        compliance: f64, 0.0 to 10.0;
        /// Share of linked singles who are placed in a shared home where their municipality can.
        shared_share_of_singles: f64, 0.0 to 1.0;
        /// Persons in a dwelling that is turned into a shared home.
        shared_home_persons: f64, 2.0 to 6.0;
        /// Persons a year placed in interim homes (flow-through locations, hotels, temporary private shelter).
        interim_persons: f64, 0.0 to 1000000.0;
        /// Months that an interim place lasts on average.
        interim_months: f64, 1.0 to 240.0;
        /// Places opened beside the stock for status holders past the term: `None`, `AsHoped` (as many as are needed,
        /// every month) or `AsDelivered` (the part of them that such programmes came to). A yardstick beside a ban.
        alternatives: Alternatives, 0.0 to 0.0;
        /// Share of new flex homes kept for status holders.
        flex_share: f64, 0.0 to 1.0;
        /// Whether shortfall and lead are carried to the next half-year.
        carry: bool, 0.0 to 1.0;
        /// Whether a shortfall is forgiven when a half-year closes; a lead is carried all the same.
        drops_backlog: bool, 0.0 to 1.0;
        /// What happens after three months if the forecast was wrong: `None`, `DownAtEvaluation`, `Both`, `RollToNext`.
        mid_term: MidTerm, 0.0 to 1.0;
        /// By what the number is divided: `ByInhabitants`, `FreeChoice` (the quota is abolished), `Provincial`.
        distribution: Distribution, 0.0 to 1.0;
        /// Share of the persons expected whom municipalities house by their own choice without a quota.
        voluntary_share: f64, 0.0 to 1.0;
        /// How many times more often status holders choose the Randstad than its share of inhabitants.
        randstad_pull: f64, 0.1 to 10.0;
        /// Whether households are linked, inside the region, to where most vacant dwellings fit them.
        link_by_composition: bool, 0.0 to 1.0;
        /// Persons from which a household is linked to where most vacant dwellings fit it in the whole country
        /// (exchange of large families); 0 for none.
        large_family_from: f64, 0.0 to 11.0;
        /// Share of households that are linked where work, school, family or care asks for it: the region of arrival.
        special_reasons: f64, 0.0 to 1.0;
    }
}
