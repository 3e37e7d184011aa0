//! What a populated world adds up to, beside what it should: the table of `doorstroom populate`.

mod local;

use std::collections::BTreeSet;
use std::fmt;

use doorstroom_kernel::Day;
use doorstroom_policy::Rules;
use doorstroom_state::household::{Need, UrgencyGround};
use doorstroom_state::reception::PlaceKind;
use doorstroom_state::registration::{Registration, RowState};
use doorstroom_state::{HomeKind, Means, Role, SeekerGroup};

use crate::load::World;
use crate::populate::marginals;
use crate::populate::seekers::MarketRegister;
use crate::populate::seekers_start::SeekerStart;
use crate::populate::start::StartRules;
use crate::population::Population;

/// One figure of the start state.
#[derive(Clone, Debug, PartialEq)]
pub struct Figure {
    /// What it is about: households, register, reception...
    pub subject: &'static str,
    /// What is counted, with its unit where it is not a plain count.
    pub measure: &'static str,
    /// What it should be, at the population's scale.
    pub target: f64,
    /// What it is.
    pub got: f64,
    /// Deviation allowed, as a share of the target.
    pub tolerance: f64,
    /// Where the target comes from.
    pub source: String,
}

impl Figure {
    /// True if the figure lies within its tolerance. A count may always be one off, because counts are rounded; targets
    /// below 1 are shares.
    pub fn is_met(&self) -> bool {
        let off = (self.got - self.target).abs();
        let rounding = if self.target >= 1.0 { 1.0 } else { 0.0 };
        off <= (self.tolerance * self.target.abs()).max(rounding)
    }
}

/// All figures of a start state.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct PopulationReport {
    /// Figures by subject.
    pub figures: Vec<Figure>,
}

impl PopulationReport {
    /// What can be told of a population that `world` made at `scale` (0 to 1) of it, whose registers are `markets`: of
    /// the country its national figures; of a part of it its municipalities, and its part of the national stocks, since
    /// nobody published the rest of a part; of a town what its page says.
    pub fn of(world: &World, population: &Population, markets: &[MarketRegister], scale: f64) -> PopulationReport {
        if world.is_town {
            return PopulationReport::of_town(population, world, scale);
        }
        if world.share < 1.0 {
            let mut report = PopulationReport::of_part(population, world, scale);
            report.add_stocks(population, world);
            return report;
        }
        let mut report = PopulationReport::default();
        report.add_households(population, &world.start);
        report.add_register(population, &world.seekers);
        report.add_markets(population, markets);
        report.add_stocks(population, world);
        report
    }

    /// National stocks that a part of the country has its part of.
    fn add_stocks(&mut self, population: &Population, world: &World) {
        let (rules, start, today) = (&world.rules, &world.seekers, world.calendar.start);
        self.add_needs(population, rules, start, today);
        self.add_reception(population, start);
        self.add_established(population, start);
        self.add_ukrainians(population, rules, start, today);
        self.add_quota(population, start);
    }

    /// Figures outside their tolerance.
    pub fn missed(&self) -> impl Iterator<Item = &Figure> {
        self.figures.iter().filter(|figure| !figure.is_met())
    }

    pub(super) fn add(
        &mut self,
        subject: &'static str,
        (measure, target, got): (&'static str, f64, f64),
        tolerance: f64,
        source: &str,
    ) {
        self.figures.push(Figure { subject, measure, target, got, tolerance, source: source.to_owned() });
    }

    fn add_households(&mut self, population: &Population, start: &StartRules) {
        for marginal in marginals::marginals(population, start) {
            let of_dwellings = ["dwelling", "shared homes", "vacant", "corporation"];
            let subject = if of_dwellings.iter().any(|word| marginal.label.starts_with(word)) {
                "dwellings"
            } else {
                "households"
            };
            let figure = (marginal.label, marginal.wanted, marginal.got);
            self.add(subject, figure, tolerance_of(marginal.label), "municipal tables and start.ron");
        }
    }

    fn add_register(&mut self, population: &Population, start: &SeekerStart) {
        let scale = population.scale;
        let rows = || population.register.rows.iter().filter(|row| row.state != RowState::Free);
        let total = rows().count() as f64;
        let searching = rows().filter(|row| row.state == RowState::Searching).count() as f64;
        let share = |count: usize| count as f64 / total.max(1.0);
        let is_child = |row: &&Registration| {
            let person = population.members[row.holder as usize].get(usize::from(row.member));
            person.is_some_and(|p| p.role == Role::Child)
        };
        let under_age = |row: &&Registration| {
            let born = population.members[row.holder as usize].get(usize::from(row.member)).map(|p| p.born);
            // a month of slack: births are known by month
            born.is_none_or(|born| i32::from(row.since.month_index().0) + 1 < i32::from(born.0) + 18 * 12)
        };
        let source = "register in steady state: success rate 11.6 % and mean registration time of 7 years at letting";
        self.add("register", ("registrations", 3_400_000.0 * scale, total), 0.10, source);
        self.add("register", ("searching registrations", 990_000.0 * scale, searching), 0.10, source);
        self.add("register", ("searching, share of registrations", 0.30, searching / total.max(1.0)), 0.17, source);
        let source = "assumption A43: registered in a neighbouring region";
        let home_region = |row: &&Registration| {
            let municipality = population.homes[row.holder as usize].municipality;
            population.gazetteer.region_of[usize::from(municipality)]
        };
        let away = rows().filter(|row| row.market != home_region(row)).count();
        self.add(
            "register",
            ("in a neighbouring region, share", start.register.neighbour_share.value.get(), share(away)),
            0.1,
            source,
        );
        let source = "model: about 1.4 million adults live with their parents";
        self.add("register", ("of adult children, share", 0.25, share(rows().filter(is_child).count())), 0.3, source);
        let source = "nobody registers before the eighteenth birthday";
        self.add("register", ("held by minors", 0.0, rows().filter(under_age).count() as f64), 0.0, source);
        let in_need = |row: &&Registration| population.seekers[row.holder as usize].need != Need::None;
        let held = rows().filter(|row| row.state == RowState::Searching).filter(in_need);
        let holders: BTreeSet<u32> = held.map(|row| row.holder).collect();
        let needs = population.seekers.iter().filter(|seeker| seeker.need != Need::None).count() as f64;
        let searching = holders.len() as f64 / needs.max(1.0);
        self.add(
            "register",
            ("in a short-notice need, searching, share", 0.6, searching),
            0.2,
            "assumption A45: most search",
        );
    }

    fn add_markets(&mut self, population: &Population, markets: &[MarketRegister]) {
        let lettings: f64 = markets.iter().map(|market| market.lettings_a_year).sum();
        let inflow: f64 = markets.iter().map(|market| market.inflow_a_year).sum();
        let source =
            "161,000 dwellings let a year less first housing of status holders, urgency, renewal and care leavers";
        self.add(
            "markets",
            ("lettings that use a registration, a year", 132_000.0 * population.scale, lettings),
            0.05,
            source,
        );
        let source = "register in steady state";
        self.add("markets", ("new registrations a year", 518_000.0 * population.scale, inflow), 0.15, source);
    }

    fn add_needs(&mut self, population: &Population, rules: &Rules, start: &SeekerStart, today: Day) {
        let (scale, needs) = (population.scale, &start.needs);
        let count = |wanted: &dyn Fn(usize) -> bool| (0..population.homes.len()).filter(|&i| wanted(i)).count() as f64;
        let seeker = |i: usize| &population.seekers[i];
        let in_need = count(&|i| seeker(i).need != Need::None);
        self.add(
            "needs",
            ("in a short-notice need", needs.households.value.get() * scale, in_need),
            0.01,
            needs.households.source.text(),
        );
        let medical = count(&|i| seeker(i).ground == UrgencyGround::Medical);
        self.add(
            "needs",
            ("medical or social statements", needs.urgent.value.get() * scale, medical),
            0.03,
            needs.urgent.source.text(),
        );
        let supply = &rules.supply;
        let renewal = supply.demolished_corporation.at(today) * supply.demolished_inhabited_share.at(today) * scale;
        let told = count(&|i| seeker(i).ground == UrgencyGround::Renewal);
        let source = "half of 7,000 corporation dwellings demolished a year";
        self.add("needs", ("tenants told of a renewal", renewal, told), 0.01, source);
    }

    fn add_reception(&mut self, population: &Population, start: &SeekerStart) {
        let (scale, numbers) = (population.scale, &start.reception);
        let slots = || (0..population.homes.len()).filter(|&i| population.homes[i].kind == HomeKind::Reception);
        let persons = |i: &usize| population.members[*i].count() as f64;
        let count = |wanted: &dyn Fn(&usize) -> bool| slots().filter(|i| wanted(i)).count() as f64;
        let sum = |wanted: &dyn Fn(&usize) -> bool| slots().filter(|i| wanted(i)).map(|i| persons(&i)).sum::<f64>();
        let source = "COA, January to July 2025: about 18,700 persons in 12,740 households";
        let holders = 18_700.0 * scale;
        self.add("reception", ("status holders, persons", holders, sum(&|_| true)), of_persons(0.01, holders), source);
        self.add("reception", ("status holders, households", 12_740.0 * scale, count(&|_| true)), 0.01, source);
        let awaiting = count(&|&i| population.seekers[i].family_awaited > 0);
        self.add(
            "reception",
            ("awaiting family, households", numbers.awaiting.value.get() * scale, awaiting),
            0.01,
            numbers.awaiting.source.text(),
        );
        let large = sum(&|i| persons(i) >= 6.0);
        self.add(
            "reception",
            ("in families of six and more, persons", 2_876.0 * scale, large),
            of_persons(0.02, 2_876.0 * scale),
            numbers.larger.source.text(),
        );
        let overdue = f64::from(population.reception.overdue);
        self.add(
            "reception",
            ("past the term, persons", numbers.overdue.value.get() * scale, overdue),
            of_persons(0.01, numbers.overdue.value.get() * scale),
            numbers.overdue.source.text(),
        );
        let procedure = f64::from(population.reception.in_procedure);
        self.add(
            "reception",
            ("in procedure, persons", numbers.in_procedure.value.get() * scale, procedure),
            0.01,
            numbers.in_procedure.source.text(),
        );
        let occupied = |kind: PlaceKind| -> f64 {
            population.sites.iter().filter(|site| site.kind == kind).map(|site| f64::from(site.occupied)).sum()
        };
        let national = occupied(PlaceKind::Regular) + occupied(PlaceKind::Emergency);
        self.add(
            "reception",
            ("residents of national sites, persons", 72_000.0 * scale, national),
            of_persons(0.01, 72_000.0 * scale),
            "COA, end of 2024",
        );
    }

    fn add_established(&mut self, population: &Population, start: &SeekerStart) {
        let (scale, numbers) = (population.scale, &start.established);
        let housed = |i: &usize| {
            population.means[*i].is(Means::STATUS_HISTORY) && population.homes[*i].kind == HomeKind::Dwelling
        };
        let slots = || (0..population.homes.len()).filter(housed);
        let outside = |i: &usize| matches!(population.homes[*i].kind, HomeKind::Dwelling | HomeKind::Interim);
        let awaits = |i: &usize| population.seekers[*i].family_awaited > 0;
        let sponsors = (0..population.homes.len()).filter(outside).filter(awaits).count() as f64;
        let awaited: f64 = population.seekers.iter().map(|seeker| f64::from(seeker.family_awaited)).sum();
        self.add(
            "established",
            ("status households with a home", numbers.households.value.get() * scale, slots().count() as f64),
            0.01,
            numbers.households.source.text(),
        );
        self.add(
            "established",
            ("sponsors outside reception", numbers.sponsors.value.get() * scale, sponsors),
            0.02,
            numbers.sponsors.source.text(),
        );
        let source = "about 65,000 family members awaited (letter of July 2025)";
        self.add("established", ("family awaited, all sponsors, persons", 65_000.0 * scale, awaited), 0.05, source);
    }

    fn add_ukrainians(&mut self, population: &Population, rules: &Rules, start: &SeekerStart, today: Day) {
        let (scale, numbers) = (population.scale, &start.ukrainians);
        let of = |kind: HomeKind| -> f64 {
            let there = population.homes.iter().zip(&population.members).filter(|(home, _)| home.kind == kind);
            there.map(|(_, members)| members.count() as f64).sum()
        };
        let places: f64 = population
            .sites
            .iter()
            .filter(|site| site.kind == PlaceKind::UkrainianMunicipal)
            .map(|site| f64::from(site.places))
            .sum();
        let in_places =
            ("in municipal places, persons", numbers.in_places.value.get() * scale, of(HomeKind::UkrainianPlace));
        let elsewhere = ("elsewhere, persons", numbers.elsewhere.value.get() * scale, of(HomeKind::UkrainianElsewhere));
        let offered = ("municipal places", rules.reception.places_ukrainian.at(today) * scale, places);
        self.add("Ukrainians", in_places, 0.01, numbers.in_places.source.text());
        self.add("Ukrainians", elsewhere, 0.01, numbers.elsewhere.source.text());
        self.add("Ukrainians", offered, 0.01, numbers.in_places.source.text());
    }

    fn add_quota(&mut self, population: &Population, start: &SeekerStart) {
        let (scale, numbers) = (population.scale, &start.quota);
        let net: f64 = population.accounts.iter().map(|account| account.carried_milli as f64 / 1_000.0).sum();
        let ahead = population.accounts.iter().filter(|account| account.carried_milli < 0).count() as f64;
        let wanted = (numbers.ahead.value.get() * population.accounts.len() as f64).round();
        self.add(
            "quota",
            ("backlog less leads, persons", numbers.backlog.value.get() * scale, net),
            0.001,
            numbers.backlog.source.text(),
        );
        self.add("quota", ("municipalities ahead", wanted, ahead), 0.02, numbers.ahead.source.text());
        let linked: f64 = population.accounts.iter().map(|account| f64::from(account.linked_persons)).sum();
        let households = population.seekers.iter().zip(&population.members).zip(&population.homes);
        let waiting: f64 = households
            .filter(|((seeker, _), home)| seeker.group == SeekerGroup::StatusHolder && home.kind == HomeKind::Reception)
            .map(|((_, members), _)| members.count() as f64)
            .sum();
        self.add("quota", ("linked persons", waiting, linked), 0.0, "every status holder in reception is linked");
    }
}

/// Tolerance of a number of persons who come in households: one of the largest more or less.
fn of_persons(tolerance: f64, persons: f64) -> f64 {
    tolerance.max(10.0 / persons.max(f64::MIN_POSITIVE))
}

/// Tolerance of a margin of households and dwellings: sums that are kept exactly, sums of rounded or drawn counts, and
/// indirect ones.
fn tolerance_of(label: &str) -> f64 {
    match label {
        "households" | "dwellings" => 0.0005,
        "persons in under-occupied homes, share" | "corporation dwellings of one or two rooms, share" => 0.35,
        label if label.starts_with("vacant") => 0.25,
        label if label.contains("hosted") || label.contains("rooms") || label.contains("other acc") => 0.15,
        label if label.contains("shared homes") && !label.contains("included") => 0.20,
        label if label.contains("crowded") => 0.15,
        label if label.contains("lone") || label.contains("adults") || label.contains("without occ") => 0.06,
        _ => 0.02,
    }
}

impl fmt::Display for PopulationReport {
    /// A table by subject; figures outside their tolerance begin with `!`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let width = self.figures.iter().map(|figure| figure.measure.chars().count()).max().unwrap_or(0);
        let number = |x: f64| if x.abs() < 100.0 && x.fract() != 0.0 { format!("{x:.3}") } else { format!("{x:.0}") };
        let mut subject = "";
        for figure in &self.figures {
            if figure.subject != subject {
                subject = figure.subject;
                writeln!(f, "{subject:<w$} {:>12} {:>12} {:>8}", "target", "got", "off", w = width + 4)?;
            }
            let mark = if figure.is_met() { ' ' } else { '!' };
            let off = match figure.target {
                0.0 => String::new(),
                target => format!("{:+.1} %", 100.0 * (figure.got - target) / target.abs()),
            };
            let (target, got) = (number(figure.target), number(figure.got));
            writeln!(f, "{mark}   {:<width$} {target:>12} {got:>12} {off:>8}  {}", figure.measure, figure.source)?;
        }
        let missed = self.missed().count();
        write!(f, "{} figures, {missed} outside their tolerance", self.figures.len())
    }
}
