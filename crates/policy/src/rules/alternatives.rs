//! Rules of alternative homes (alternatieve huisvesting): flow-through locations, temporary shelter, conversion.

use crate::delivery::Delivery;
use crate::rules;

rules! {
    /// Places outside the dwelling stock that were announced on top of what the world was calibrated on, for the whole
    /// country; a world of scale s takes s times as many. Announced numbers are totals by date, not additions.
    pub struct AlternativesRules {
        /// Which part of what was announced comes, and when: `AsHoped`, `Fixed(first_year: 0.2, third_year: 0.4)`,
        /// `Drawn`.
        delivery: Delivery, 0.0 to 1.0;
        /// Places announced in flow-through locations (doorstroomlocaties).
        flow_through_announced: f64, 0.0 to 1000000.0;
        /// Municipalities that have a flow-through location.
        flow_through_municipalities: f64, 1.0 to 400.0;
        /// Months from the announcement of a flow-through location until its first places.
        flow_through_lead_months: f64, 0.0 to 120.0;
        /// Months that a household stays in a flow-through place on average, if it is let nothing.
        flow_through_stay_months: f64, 1.0 to 240.0;
        /// Months of a stay that the state pays for; the municipality pays the rest, and empty places.
        flow_through_funded_months: f64, 0.0 to 240.0;
        /// Euro per person-year in a flow-through place.
        flow_through_cost: f64, 0.0 to 1000000.0;
        /// Whether a person in a flow-through place counts for the quota.
        flow_through_counts: bool, 0.0 to 1.0;
        /// Places announced in temporary shelter outside the national reception (the 30,000 scheme); used and ended
        /// as flow-through places are.
        shelter_announced: f64, 0.0 to 1000000.0;
        /// Share of the flow-through places left free that displaced Ukrainians outside municipal places may take
        /// (group-flexible scheme).
        group_flexible: f64, 0.0 to 1.0;
        /// Share of free regular reception places that is turned into flow-through places when occupancy allows.
        convert_reception: f64, 0.0 to 1.0;
        /// The same of free municipal places for displaced Ukrainians.
        convert_ukrainian: f64, 0.0 to 1.0;
        /// Occupancy below which places are free to be converted.
        convert_below: f64, 0.0 to 1.0;
        /// Months in a row with such an occupancy before places are converted.
        convert_months: f64, 1.0 to 60.0;
    }
}
