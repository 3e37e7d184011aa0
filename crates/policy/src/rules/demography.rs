//! Rules of life events: wishes drawn alike in every arm (worlds/MODEL.md M1).

use crate::rules;
use crate::rules::{AgeTable, List, Shares};

rules! {
    /// Yearly chances of life events; a step uses `1-(1-p)^dt`.
    pub struct DemographyRules {
        /// Leaving the parental home, by age of the child living in.
        leave_home: AgeTable, 0.0 to 0.99;
        /// Share of those who leave home that go to live with a partner who also leaves home.
        leave_home_with_partner: f64, 0.0 to 1.0;
        /// Pairing, by age of a one-person head.
        pairing: AgeTable, 0.0 to 0.99;
        /// Factor on pairing for a lone parent.
        pairing_lone_parent: f64, 0.0 to 5.0;
        /// Break-up of a couple, by age of the older partner.
        break_up: AgeTable, 0.0 to 0.99;
        /// Share of break-ups in which the partner who leaves has to find a home at once (becomes a spoedzoeker).
        break_up_need: f64, 0.0 to 1.0;
        /// Share of break-ups in which the children stay in the home; in the others they go along with whoever leaves.
        break_up_children_stay: f64, 0.0 to 1.0;
        /// Share of the income of the couple that stays in the home; the rest goes along with whoever leaves.
        break_up_income_stays: f64, 0.0 to 1.0;
        /// Birth, by age of the woman.
        birth: AgeTable, 0.0 to 0.99;
        /// Factor on birth for a woman in a couple.
        birth_in_couple: f64, 0.0 to 10.0;
        /// Factor on birth for a woman outside a couple.
        birth_outside: f64, 0.0 to 10.0;
        /// Death below 30, by age.
        death_young: AgeTable, 0.0 to 0.99;
        /// Death at age 60; from 30 on it rises by `death_slope` a year in the exponent.
        death_at_sixty: f64, 0.0 to 0.99;
        /// Rise of the logarithm of the death chance per year of age.
        death_slope: f64, 0.0 to 1.0;
        /// Highest yearly chance of death.
        death_highest: f64, 0.0 to 0.99;
        /// Factor on death for a one-person household.
        death_one_person: f64, 0.0 to 10.0;
        /// Factor on death for a member of a couple.
        death_couple: f64, 0.0 to 10.0;
        /// Moving to an institution, by age of a one-person head.
        institution: AgeTable, 0.0 to 0.99;
        /// Factor on moving to an institution for couples.
        institution_couple: f64, 0.0 to 10.0;
        /// Return to the parents, by age of a one-person head.
        back_to_parents: AgeTable, 0.0 to 0.99;
        /// Persons who immigrate a year, without asylum, family reunification and Ukraine.
        immigrants: f64, 0.0 to 5000000.0;
        /// Share of adults among them; the others are children of couples and lone parents.
        immigrant_adults: f64, 0.01 to 1.0;
        /// Weight of ages of adult immigrants, by age.
        immigrant_age: AgeTable, 0.0 to 1000.0;
        /// Shares of adult immigrants who come alone, in couples, as lone parents.
        immigrant_shares: Shares<3>, 0.0 to 1.0;
        /// Factor on the share of inhabitants for municipalities of urbanity 1 and 2.
        immigrant_urban: f64, 0.0 to 100.0;
        /// Emigration of a one-person household, by age of the head.
        emigration: AgeTable, 0.0 to 0.99;
        /// Factor on emigration for couples, and for lone parents.
        emigration_factors: List<2>, 0.0 to 10.0;
        /// Shares of immigrant households that at first live with kin, as subtenants, in other accommodation.
        immigrant_lodging: Shares<3>, 0.0 to 1.0;
        /// Share of immigrant households that come for a limited time.
        short_stay_share: f64, 0.0 to 1.0;
        /// Yearly chance that a household that came for a limited time leaves the country.
        short_stay_leaves: f64, 0.0 to 0.99;
        /// Shares of the eight income classes in each of the eight age bands, band by band (64 numbers).
        income_shares: List<64>, 0.0 to 1.0;
        /// Lowest age of each of the eight bands of `income_shares`.
        income_bands: List<8>, 0.0 to 120.0;
        /// Chance that income proposes a neighbouring class in the income month.
        income_change: f64, 0.0 to 1.0;
        /// Chance a year that a status holder on benefit finds work, by whole years since the permit.
        employment: AgeTable, 0.0 to 0.99;
        /// Share of those who find work whose pay does not do: they keep a supplementary benefit.
        employment_supplemented: f64, 0.0 to 1.0;
        /// Chance a year that pay has risen enough for a supplementary benefit to end.
        supplement_ends: f64, 0.0 to 1.0;
        /// Factor on the chance of finding work while a status holder lives in reception: below 1, waiting there delays work.
        employment_in_reception: f64, 0.0 to 2.0;
        /// Naturalisation a year of holders of a residence permit, by whole years since the permit.
        naturalisation: AgeTable, 0.0 to 0.99;
    }
}
