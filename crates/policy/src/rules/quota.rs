//! Rules of the housing quota (huisvestingstaakstelling) and how municipalities meet it.

use crate::alternatives::Alternatives;
use crate::rules;

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
        ladder: Vec<f64>, 0.0 to 100.0;
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
    }
}
