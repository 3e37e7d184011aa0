//! Where parameters are tried: arms of shipped experiments, drawn small and short, the quick and general ones first.

use std::fmt::{Display, Formatter};

/// An arm of a shipped experiment.
pub struct Arm {
    /// File of the experiment.
    pub file: &'static str,
    /// Name of the arm.
    pub name: &'static str,
    /// Part of the world that is drawn.
    pub scale: &'static str,
    /// Length of the run.
    pub months: &'static str,
    /// Parameters that it is meant for, by how their path begins; none for all that are left.
    of: &'static [&'static str],
}

impl Arm {
    /// Whether a parameter is to be tried here.
    pub fn is_for(&self, path: &str) -> bool {
        self.of.is_empty() || self.of.iter().any(|start| path.starts_with(start))
    }
}

impl Display for Arm {
    fn fmt(&self, to: &mut Formatter<'_>) -> std::fmt::Result {
        write!(to, "{} \"{}\" (scale {}, {} months)", self.file, self.name, self.scale, self.months)
    }
}

/// Arms that are tried together; what none of them moves goes to the next stage.
pub type Stage = &'static [Arm];

/// An arm of a file, its scale and months, and what it is for.
pub const fn arm(
    (file, name): (&'static str, &'static str),
    (scale, months): (&'static str, &'static str),
    of: &'static [&'static str],
) -> Arm {
    Arm { file, name, scale, months, of }
}

const AS_THEY_STAND: &str = "rules_as_they_stand";
const RECEPTION: &str = "what_do_kinds_of_reception_cost.ron";
const HOMES: &str = "what_do_100000_homes_a_year_do.ron";
const INFLOW: &str = "how_much_hangs_on_the_inflow.ron";

/// The stages. A parameter that is new, and of no instrument below, is tried in the first two and the last.
pub const STAGES: [Stage; 4] = [
    &[arm(("toy_town.ron", AS_THEY_STAND), ("1", "3"), &[])],
    &[arm(("toy_town.ron", AS_THEY_STAND), ("1", "36"), &[])],
    &[
        arm(
            (RECEPTION, "dispersal_law"),
            ("0.004", "60"),
            &["reception.dispersal_", "reception.cost_dispersed", "reception.site_smallest"],
        ),
        arm(
            (RECEPTION, "dispersal_law_contracts_end"),
            ("0.004", "84"),
            &["reception.site_renewed", "reception.site_contract"],
        ),
        arm(
            (RECEPTION, "dispersal_law_sites_at_a_loss"),
            ("0.004", "84"),
            &["reception.site_loss", "reception.site_break_even"],
        ),
        arm((RECEPTION, "contracts_of_years"), ("0.004", "48"), &["reception.cost_multi_year"]),
        arm((RECEPTION, "contracts_that_cannot_end"), ("0.004", "48"), &["reception.multi_year_terminable"]),
        arm((RECEPTION, "hotels_and_ships"), ("0.004", "48"), &["reception.cost_hotel"]),
        arm(
            ("do_conditions_for_families_empty_reception.ron", "two_status_system"),
            ("0.01", "60"),
            &["reception.subsidiary_"],
        ),
        arm(
            ("do_conditions_for_families_empty_reception.ron", "a_wait_alone"),
            ("0.01", "60"),
            &["reception.subsidiary_wait", "reception.subsidiary_needs_home"],
        ),
        arm(
            ("what_do_six_weeks_for_status_holders_do.ron", "all_lettings_for_two_months"),
            ("0.25", "36"),
            &["quota.earmark_highest", "allocation.refusal_justified"],
        ),
        arm(
            ("does_conversion_of_reception_pay.ron", "low_and_converted_early"),
            ("0.004", "72"),
            &["alternatives.convert_"],
        ),
        arm(
            ("do_flow_through_locations_fill_up.ron", "as_delivered"),
            ("0.01", "48"),
            &["alternatives.flow_through_", "alternatives.delivery", "alternatives.group_flexible"],
        ),
        arm(
            ("what_if_the_quota_is_abolished.ron", "abolished"),
            ("0.004", "48"),
            &["quota.voluntary_share", "quota.randstad_pull"],
        ),
        arm((INFLOW, "low"), ("0.004", "60"), &["reception.inflow_"]),
        arm((INFLOW, "moratorium"), ("0.004", "60"), &["reception.moratorium_"]),
        arm(
            ("does_sharing_house_singles_sooner.ron", "sharing_under_the_cost_sharer_norm"),
            ("0.004", "48"),
            &["sharing.cost_sharer_"],
        ),
        arm(("where_do_ukrainians_go_after_march_2027.ron", "peace"), ("0.004", "36"), &["reception.ukrainian_"]),
        arm((HOMES, "flex_announced"), ("0.004", "60"), &["supply.announced_"]),
        arm((HOMES, "transformation_as_hoped"), ("0.004", "60"), &["supply.transformation_rooms"]),
        arm(
            ("which_ban_does_what.ron", "amendment"),
            ("0.01", "48"),
            &["demography.naturalisation", "priority.statement_days"],
        ),
        arm(("do_points_help_who_searches_long.ron", "points"), ("0.02", "36"), &["allocation.accept_penalty_factor"]),
        arm(("quickstart.ron", AS_THEY_STAND), ("0.25", "72"), &["supply.flex_"]),
    ],
    &[arm(("how_much_hangs_on_the_inflow.ron", AS_THEY_STAND), ("0.01", "36"), &[])],
];
