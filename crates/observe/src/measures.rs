//! Every measure of an outcome, described once: what it is, of which groups, in what unit, over which denominator.
//!
//! Outcomes take unit and denominator from here; an experiment names its primary outcomes by these names, and
//! `doorstroom explain` tells them.

use Groups::{All, Entered, EnteredAndAll, Every, StatusHolder};

/// A measure.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Measure {
    /// Name, as in tables `effects` and `levels`.
    pub name: &'static str,
    /// Groups for which it is kept.
    pub groups: Groups,
    /// Unit of its value.
    pub unit: &'static str,
    /// What it is a share, rate or mean of.
    pub denominator: &'static str,
    /// What it is, in a sentence.
    pub meaning: &'static str,
}

/// For whom a measure is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Groups {
    /// All together, as `all`.
    All,
    /// `all`, each entry group, and who never entered (`nobody`).
    Every,
    /// Each entry group.
    Entered,
    /// `all` and each entry group.
    EnteredAndAll,
    /// Status holders.
    StatusHolder,
}

/// Longest list of keys, of which the shorter ones are parts.
const KEYS: [&str; 7] = ["nobody", "all", "regular", "short_notice", "urgent", "status_holder", "displaced_ukrainian"];

impl Groups {
    /// Their keys in tables.
    pub fn keys(self) -> &'static [&'static str] {
        match self {
            All => &KEYS[1..2],
            Every => &KEYS,
            Entered => &KEYS[2..],
            EnteredAndAll => &KEYS[1..],
            StatusHolder => &KEYS[5..6],
        }
    }
}

/// The measure of this name; `None` if there is none.
pub fn measure_of(name: &str) -> Option<&'static Measure> {
    MEASURES.iter().find(|measure| measure.name == name)
}

/// The measure and the group that `words` name: `flow.regular`, or the measure alone where it is kept for one group or
/// for `all`, as `reception.overdue`; `None` if there are none.
pub fn named(words: &str) -> Option<(&'static Measure, &'static str)> {
    if let Some(measure) = measure_of(words) {
        let keys = measure.groups.keys();
        let sole = keys.iter().find(|key| keys.len() == 1 || **key == "all")?;
        return Some((measure, sole));
    }
    let (name, group) = words.rsplit_once('.')?;
    let measure = measure_of(name)?;
    let key = measure.groups.keys().iter().find(|key| **key == group)?;
    Some((measure, key))
}

/// Every way of naming a measure that [`named`] understands, the group always with it where there are several.
pub fn names() -> impl Iterator<Item = String> {
    MEASURES.iter().flat_map(|measure| {
        let keys = measure.groups.keys();
        keys.iter().map(move |key| match keys.len() {
            1 => measure.name.to_owned(),
            _ => format!("{}.{key}", measure.name),
        })
    })
}

const REGULAR: &str = "self-contained corporation dwellings, per year after the fork";
const AFTER_FORK: &str = "mean of the steps after the fork";
const AT_END: &str = "last step";
const OF_A_BAN: &str = "steps after the fork, of a conditional ban";
const ADVERTISED: &str = "advertised lettings, not direct and not by lot";
const HOUSED: &str = "status holders and their families, per year after the fork";
const SEARCHED: &str =
    "search times of regular lettings after the fork and of registrations still searching at the end";
const MONEY: &str = "all items of table money, after the fork";
const CHILDREN: &str = "children of 4 to 17 of status holders, per year after the fork";
const IN_DWELLINGS: &str = "persons in dwellings, months measured after the fork";

const fn measure(
    name: &'static str,
    groups: Groups,
    unit: &'static str,
    denominator: &'static str,
    meaning: &'static str,
) -> Measure {
    Measure { name, groups, unit, denominator, meaning }
}

/// Every measure, by subject.
pub const MEASURES: [Measure; 84] = [
    // lettings
    measure(
        "flow",
        Every,
        "lettings per year",
        REGULAR,
        "Lettings of self-contained corporation dwellings by entry group of who was let to.",
    ),
    measure(
        "first_flow",
        Every,
        "first lettings per year",
        REGULAR,
        "The first such letting of every household after the fork.",
    ),
    measure(
        "flow_all_routes",
        Every,
        "lettings per year",
        "corporation dwellings, rooms and flex homes, per year after the fork",
        "Lettings of everything that corporations let, rooms and flex homes included.",
    ),
    measure(
        "starters",
        Every,
        "lettings per year",
        REGULAR,
        "Lettings to households that leave no corporation dwelling behind.",
    ),
    measure(
        "moves",
        Every,
        "lettings per year",
        REGULAR,
        "Lettings to households that leave a corporation dwelling behind.",
    ),
    measure(
        "starters_share",
        All,
        "share",
        "lettings of self-contained corporation dwellings",
        "Starters among those let to, by market and class of markets too.",
    ),
    measure(
        "chain_length",
        All,
        "lettings",
        "chain of vacancies with a letting after the fork",
        "Lettings that follow from one vacancy, the first included.",
    ),
    measure(
        "refusals_per_letting",
        All,
        "refusals",
        "offers accepted, all channels",
        "Offers refused for each that was accepted, by market and class of markets too.",
    ),
    // the rule that decided a letting
    measure("let_by.registration_time", Every, "lettings per year", REGULAR, "Lettings decided by registration time."),
    measure("let_by.local_binding", Every, "lettings per year", REGULAR, "Lettings decided by local binding."),
    measure("let_by.lot", Every, "lettings per year", REGULAR, "Lettings decided by lot."),
    measure("let_by.urgency", Every, "lettings per year", REGULAR, "Lettings decided by a statement of urgency."),
    measure(
        "let_by.quota",
        Every,
        "lettings per year",
        REGULAR,
        "Lettings by direct mediation to fulfil the housing quota.",
    ),
    measure(
        "let_by.care_leaver",
        Every,
        "lettings per year",
        REGULAR,
        "Lettings by direct mediation to who leaves care.",
    ),
    measure(
        "let_by.free_mediation",
        Every,
        "lettings per year",
        REGULAR,
        "Lettings by other direct mediation: exchange, group living, free mediation.",
    ),
    measure("let_by.direct", Every, "lettings per year", REGULAR, "Lettings by direct mediation on other grounds."),
    // waiting and search
    measure(
        "wait",
        Entered,
        "months",
        "households of the entry group, at the fork or entered later",
        "Restricted mean wait: months on the clock of the group between fork and horizon.",
    ),
    measure(
        "waiting_months",
        Entered,
        "household-months",
        "total from the fork to the horizon",
        "Months waited by the households of the entry group together.",
    ),
    measure(
        "cohort",
        Entered,
        "households",
        "of the entry group, at the fork or entered later",
        "Households over which `wait` is a mean.",
    ),
    measure("waiting_end", Entered, "households", AT_END, "Households of the entry group that still wait."),
    measure(
        "registration_years",
        All,
        "years",
        ADVERTISED,
        "Registration time used at letting, by market and class of markets too.",
    ),
    measure(
        "search_years",
        All,
        "years",
        ADVERTISED,
        "Time searched until letting, by market and class of markets too.",
    ),
    measure(
        "search_gini",
        EnteredAndAll,
        "Gini coefficient",
        SEARCHED,
        "How unequally search time is shared: 0 if all searched as long, near 1 if one did all of it.",
    ),
    measure(
        "lorenz_10",
        All,
        "share of all search time",
        SEARCHED,
        "Share of all search time that falls to the 10 % who searched shortest.",
    ),
    measure(
        "lorenz_20",
        All,
        "share of all search time",
        SEARCHED,
        "Share of all search time that falls to the 20 % who searched shortest.",
    ),
    measure(
        "lorenz_30",
        All,
        "share of all search time",
        SEARCHED,
        "Share of all search time that falls to the 30 % who searched shortest.",
    ),
    measure(
        "lorenz_40",
        All,
        "share of all search time",
        SEARCHED,
        "Share of all search time that falls to the 40 % who searched shortest.",
    ),
    measure(
        "lorenz_50",
        All,
        "share of all search time",
        SEARCHED,
        "Share of all search time that falls to the 50 % who searched shortest.",
    ),
    measure(
        "lorenz_60",
        All,
        "share of all search time",
        SEARCHED,
        "Share of all search time that falls to the 60 % who searched shortest.",
    ),
    measure(
        "lorenz_70",
        All,
        "share of all search time",
        SEARCHED,
        "Share of all search time that falls to the 70 % who searched shortest.",
    ),
    measure(
        "lorenz_80",
        All,
        "share of all search time",
        SEARCHED,
        "Share of all search time that falls to the 80 % who searched shortest.",
    ),
    measure(
        "lorenz_90",
        All,
        "share of all search time",
        SEARCHED,
        "Share of all search time that falls to the 90 % who searched shortest.",
    ),
    // lists and homes
    measure("searching", Every, "households", AFTER_FORK, "Households that search by group."),
    measure("searching_registrations", All, "registrations", AFTER_FORK, "Registrations whose holder searches."),
    measure("registered", All, "registrations", AFTER_FORK, "Registrations, dormant ones included."),
    measure(
        "active_year",
        All,
        "registrations",
        AFTER_FORK,
        "Registrations with a reaction within the last year, those used by a letting included.",
    ),
    measure(
        "hosted",
        All,
        "households",
        AFTER_FORK,
        "Households that another household hosts: parents, kin or a landlady who sublets.",
    ),
    measure("rooms", All, "households", AFTER_FORK, "Households in a room."),
    measure(
        "other_accommodation",
        All,
        "households",
        AFTER_FORK,
        "Households in other accommodation, interim and flow-through places included.",
    ),
    measure("shelter", All, "households", AFTER_FORK, "Households in shelter."),
    measure("with_kin", All, "households", AFTER_FORK, "Households that stay with kin or friends for want of a home."),
    measure("homeless", All, "households", AFTER_FORK, "Households in shelter or with kin for want of a home."),
    measure("vacant_corporation", All, "dwellings", AFTER_FORK, "Corporation dwellings without a tenant."),
    measure("households", All, "households", AFTER_FORK, "Households of the world."),
    measure("crowded", All, "share", IN_DWELLINGS, "Persons in overcrowded dwellings, by the norm of Eurostat."),
    measure(
        "under_occupied",
        All,
        "share",
        IN_DWELLINGS,
        "Persons in under-occupied dwellings, by the norm of Eurostat.",
    ),
    // needs
    measure(
        "needs",
        All,
        "households per year",
        "short-notice needs of every cause, per year after the fork",
        "Needs that make a spoedzoeker.",
    ),
    measure(
        "evictions",
        All,
        "households per year",
        "tenants of corporations, per year after the fork",
        "Tenants evicted.",
    ),
    measure(
        "forced_sales",
        All,
        "households per year",
        "owners, per year after the fork",
        "Owners who lose their dwelling by a forced sale.",
    ),
    measure(
        "urgency.statements_ended",
        All,
        "statements",
        "running ones that a regime ended, after the fork",
        "Statements of urgency ended by a change of rules.",
    ),
    // reception
    measure("reception.overdue", All, "persons", AFTER_FORK, "Status holders in reception past the term of 14 weeks."),
    measure("reception.overdue_end", All, "persons", AT_END, "Status holders in reception past the term of 14 weeks."),
    measure(
        "reception.overdue_by_formula",
        All,
        "persons",
        "last step, if the own network is the only way out past the term",
        "What `reception.overdue_end` would be by the formula of worlds/MODEL.md M17.",
    ),
    measure("reception.residents", All, "persons", AFTER_FORK, "Residents of asylum reception."),
    measure("reception.residents_end", All, "persons", AT_END, "Residents of asylum reception."),
    measure(
        "reception.status_share",
        All,
        "share",
        "residents of asylum reception, after the fork",
        "Status holders among them.",
    ),
    measure(
        "reception.cost",
        All,
        "euros per year",
        "asylum reception, after the fork",
        "Cost of regular and overflow places.",
    ),
    measure(
        "reception.cost_ukrainian",
        All,
        "euros per year",
        "municipal places, after the fork",
        "Cost of places for displaced Ukrainians.",
    ),
    measure("reception.sites", All, "sites", "municipal, with places, after the fork", "Municipal sites of reception."),
    measure("reception.sites_closed", All, "sites", AT_END, "Municipal sites that have closed."),
    measure(
        "reception.removed",
        All,
        "persons",
        "left out by the yardstick, after the fork",
        "Status holders whom a yardstick without them takes out.",
    ),
    measure("flow_through.places", All, "places", AFTER_FORK, "Places in flow-through locations."),
    measure("flow_through.occupied", All, "persons", AFTER_FORK, "Persons in flow-through locations."),
    measure("interim.persons", All, "persons", AFTER_FORK, "Persons in interim places."),
    measure("interim.cost", All, "euros per year", "interim places, after the fork", "Cost of interim places."),
    measure(
        "ukrainians_outside",
        All,
        "share",
        "displaced Ukrainians without a home of their own, after the fork",
        "Those outside municipal reception.",
    ),
    // status holders housed
    measure("housed.corporation", StatusHolder, "persons per year", HOUSED, "Housed in a corporation dwelling."),
    measure(
        "housed.shared_or_temporary",
        StatusHolder,
        "persons per year",
        HOUSED,
        "Housed in a shared or a temporary home.",
    ),
    measure(
        "housed.private_or_own",
        StatusHolder,
        "persons per year",
        HOUSED,
        "Housed in private rental or a home of their own.",
    ),
    measure(
        "housed.joining",
        StatusHolder,
        "persons per year",
        HOUSED,
        "Housed by joining those who were housed before, in a self-contained dwelling.",
    ),
    // money
    measure("money.state", All, "euros per year", MONEY, "Paid by the state."),
    measure("money.coa", All, "euros per year", MONEY, "Paid by the reception agency (COA)."),
    measure("money.municipality", All, "euros per year", MONEY, "Paid by municipalities."),
    measure("money.household", All, "euros per year", MONEY, "Paid by households themselves."),
    // integration
    measure("school_moves", All, "moves per year", CHILDREN, "Moves of children to another home."),
    measure("school_moves_away", All, "moves per year", CHILDREN, "Moves to another municipality."),
    measure(
        "integration.months_to_home",
        All,
        "months",
        "households that leave reception, from the permit",
        "Months from the permit until reception is left.",
    ),
    measure(
        "integration.no_municipality",
        All,
        "persons",
        AFTER_FORK,
        "Status holders not yet linked to a municipality.",
    ),
    measure(
        "without_residence",
        All,
        "persons",
        AT_END,
        "Persons without right of residence after the end of temporary protection: a count, no claim to a home.",
    ),
    // conditions and gates
    measure("regime.in_force", All, "share", OF_A_BAN, "Steps in which the ban was in force."),
    measure("regime.begins", All, "times", OF_A_BAN, "Times that it came into force."),
    measure("regime.ratio", All, "ratio", OF_A_BAN, "The ratio on which the ban hangs."),
    measure("gates.open", All, "gates", AT_END, "Gates before phases that have opened."),
    measure(
        "gates.shut",
        All,
        "gates",
        "evaluated and not yet open, after the fork",
        "Gates before phases that stay shut.",
    ),
];

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn a_measure_is_named_with_its_group_or_alone_where_one_is_meant() {
        let of = |words: &str| named(words).map(|(measure, group)| (measure.name, group));
        assert_eq!(of("flow.regular"), Some(("flow", "regular")));
        assert_eq!(of("flow"), Some(("flow", "all")));
        assert_eq!(of("reception.overdue"), Some(("reception.overdue", "all")));
        assert_eq!(of("reception.overdue.all"), Some(("reception.overdue", "all")));
        assert_eq!(of("housed.corporation"), Some(("housed.corporation", "status_holder")));
        assert_eq!(of("wait"), None, "whose wait?");
        for wrong in ["", "flow.", "flow.starters", "reception.overdue.regular", "cost"] {
            assert_eq!(of(wrong), None, "{wrong}");
        }
        assert!(names().all(|words| named(&words).is_some()));
    }

    #[test]
    fn no_two_measures_share_a_name() {
        let names: BTreeSet<&str> = MEASURES.iter().map(|measure| measure.name).collect();
        assert_eq!(names.len(), MEASURES.len());
    }
}
