//! The end of a run on the terminal, in at most fifteen lines: effects with intervals, denominators, where it is.

use std::path::Path;

use doorstroom_experiment::precision::half_width_now;
use doorstroom_experiment::yardsticks::readings;
use doorstroom_experiment::{Arms, Experiment, Run};
use doorstroom_observe::measures::named;
use doorstroom_observe::rows::{AttributionRow, DisplacementRow, EffectRow, IdentityRow, SynchronyRow};
use doorstroom_output::Manifest;

/// What the comparison of arms found.
pub struct Found<'a> {
    /// Paired effects.
    pub effects: &'a [EffectRow],
    /// Displacement by definition.
    pub displacement: &'a [DisplacementRow],
    /// Identities that must hold.
    pub identities: &'a [IdentityRow],
    /// Parts of instruments in the effect of a package; empty without one.
    pub attribution: &'a [AttributionRow],
    /// Municipalities with the same history in both arms.
    pub synchrony: &'a [SynchronyRow],
}

/// Most rows of effects, so that all fits in fifteen lines.
const MOST_ROWS: usize = 7;
/// Rows that schemes have more, less the line of the first order that they lack.
const MORE_OF_SCHEMES: usize = OF_SCHEMES.len() - 1;

/// Rows of the headline: measure, group, words. Outcomes that the file names in advance come before them.
const LINES: [(&str, &str, &str); 7] = [
    ("flow", "regular", "lettings to regular seekers a year"),
    ("flow", "short_notice", "lettings to spoedzoekers a year"),
    ("flow", "status_holder", "lettings to status holders a year"),
    ("wait", "regular", "months until housed, regular (horizon)"),
    ("wait", "status_holder", "months until housed, status holders"),
    ("reception.overdue_end", "all", "status holders past 14 weeks, at the end"),
    ("reception.cost", "all", "asylum reception, EUR million a year"),
];

/// Rows beside those on lettings and waits where arms differ in how a region lets: measure, words, factor.
const OF_SCHEMES: [(&str, &str, f64); 4] = [
    ("registration_years", "years registered at letting", 1.0),
    ("search_years", "years searched at letting", 1.0),
    ("refusals_per_letting", "refusals a letting", 1.0),
    ("starters_share", "starters among lettings, %", 100.0),
];

/// The text. Arms without changes are only said to be zero.
pub fn text(experiment: &Experiment, done: &Run, manifest: &Manifest, found: &Found<'_>, folder: &Path) -> String {
    let mut text = format!(
        "{}\n{} · scale {} · {} households · {} to {} · {} pairs (one population){}\n",
        experiment.question,
        experiment.world.name,
        experiment.scale,
        manifest.households,
        experiment.calendar().start,
        experiment.end(),
        done.units.len(),
        precision(experiment, done),
    );
    let arms = Arms::of(experiment);
    let others = || arms.kept().skip(1);
    let changed: Vec<&str> = others().filter(|arm| arm.differs.is_some()).map(|arm| arm.name.as_str()).collect();
    let same: Vec<&str> = others().filter(|arm| arm.differs.is_none()).map(|arm| arm.name.as_str()).collect();
    match changed.as_slice() {
        [] => {}
        _ if !experiment.counterfactuals.is_empty() => text += &yardsticks(experiment, found),
        _ if !found.attribution.is_empty() => text += &package(found),
        [arm] => text += &one_arm(experiment, arm, found, MOST_ROWS - usize::from(done.cancelled)),
        arms => text += &many_arms(experiment, arms, found),
    }
    if let ([arm], true, true) =
        (changed.as_slice(), found.attribution.is_empty(), experiment.counterfactuals.is_empty())
    {
        text += &first_lettings(arm, found);
        if touches_priority(experiment, arm) {
            text += &first_order(arm, found);
        }
    }
    text += &self_check(&same, found);
    // a package says so by the part of its instrument
    if found.attribution.is_empty() && changed.iter().any(|arm| touches_priority(experiment, arm)) {
        text += &own_network(experiment, &arms, &changed);
    }
    if done.cancelled {
        text += "interrupted: what is finished can be read\n";
    }
    text += &format!(
        "run folder: {}  {:.0} s, {:.1} M household-months per CPU-second; denominators: summary/effects.csv\n",
        folder.display(),
        manifest.wall_seconds,
        manifest.household_months as f64 / manifest.cpu_seconds.max(1e-9) / 1e6,
    );
    text
}

/// How narrow the interval has become, where the file asks for a width.
fn precision(experiment: &Experiment, done: &Run) -> String {
    let of = |until: &doorstroom_experiment::Until| {
        let now = half_width_now(&until.of, experiment, &done.units);
        format!(" · {} to ±{now:.3} (asked: {})", until.of, until.half_width)
    };
    experiment.until.as_ref().map(of).unwrap_or_default()
}

/// A row of the headline.
struct Line {
    measure: &'static str,
    group: &'static str,
    words: String,
    /// By which figures are multiplied.
    factor: f64,
}

impl Line {
    fn of((measure, group, words): (&'static str, &'static str, &str)) -> Line {
        let factor = if measure == "reception.cost" { 1e-6 } else { 1.0 };
        Line { measure, group, words: words.to_owned(), factor }
    }

    /// Of an outcome that is named in advance, by its own name where [`LINES`] has no words for it.
    fn named(primary: &str) -> Option<Line> {
        let (measure, group) = named(primary)?;
        if let Some(&line) = LINES.iter().find(|(name, of, _)| (*name, *of) == (measure.name, group)) {
            return Some(Line::of(line));
        }
        let (unit, factor) = match measure.unit.strip_prefix("euros") {
            Some(rest) => (format!("EUR million{rest}"), 1e-6),
            None => (measure.unit.to_owned(), 1.0),
        };
        Some(Line { measure: measure.name, group, words: format!("{primary}, {unit}"), factor })
    }

    fn is(&self, other: &Line) -> bool {
        (self.measure, self.group) == (other.measure, other.group)
    }
}

/// Outcomes that the file names in advance.
fn primary(experiment: &Experiment) -> Vec<Line> {
    experiment.primary.iter().filter_map(|words| Line::named(words)).collect()
}

fn one_arm(experiment: &Experiment, arm: &str, found: &Found<'_>, most: usize) -> String {
    let mut text = format!(
        "{:<46}{:>12}   {:<22}{}\n",
        format!("{arm} against {}", experiment.baseline),
        "effect",
        "95 % interval",
        "pairs agreeing; * named in advance"
    );
    let schemes = changes_schemes(experiment, arm);
    let primary = primary(experiment);
    let others = LINES.map(Line::of).into_iter().filter(|line| !primary.iter().any(|named| named.is(line)));
    let others = others.filter(|line| !(schemes && line.measure.starts_with("reception"))).collect::<Vec<_>>();
    let own =
        primary.iter().filter(|line| !(schemes && OF_SCHEMES.iter().any(|(measure, ..)| *measure == line.measure)));
    let rows = own.map(|line| ("* ", line)).chain(others.iter().map(|line| ("  ", line)));
    for (mark, line) in rows.take(if schemes { most - MORE_OF_SCHEMES } else { most }) {
        if let Some(row) = find(found.effects, arm, line.measure, line.group) {
            text += &effect(mark, &line.words, row, line.factor);
        }
    }
    if schemes {
        text += &before_and_after(experiment, arm, found);
    }
    text
}

/// One row: what it is, the effect, its interval, and how many pairs agree.
fn effect(mark: &str, words: &str, row: &EffectRow, factor: f64) -> String {
    let interval = format!("[{}, {}]", number(row.ci_lo * factor), number(row.ci_hi * factor));
    format!("{mark}{words:<44}{:>12}   {interval:<22}{} of {}\n", number(row.mean * factor), row.agreeing, row.n)
}

/// Search and wait at letting, refusals and starters: what they were, what they become, and the effect.
fn before_and_after(experiment: &Experiment, arm: &str, found: &Found<'_>) -> String {
    let primary = primary(experiment);
    let mut text = String::new();
    for (measure, words, k) in OF_SCHEMES {
        let Some(row) = find(found.effects, arm, measure, "all") else { continue };
        let mark = if primary.iter().any(|line| (line.measure, line.group) == (measure, "all")) { "* " } else { "  " };
        let (before, after) = (k * row.baseline_mean, k * (row.baseline_mean + row.mean));
        text += &effect(mark, &format!("{words}: {before:.2} to {after:.2}"), row, k);
    }
    text
}

/// An arm a line: the outcomes that the file names in advance, or lettings to regular seekers and the overdue.
fn many_arms(experiment: &Experiment, arms: &[&str], found: &Found<'_>) -> String {
    let mut columns = primary(experiment);
    if columns.is_empty() {
        columns = [LINES[0], LINES[5]].map(Line::of).into();
    }
    let words: Vec<&str> = columns.iter().map(|line| line.words.as_str()).collect();
    let mut text = format!("against {}: {}\n", experiment.baseline, words.join("; "));
    for arm in arms.iter().take(7) {
        let cell = |line: &Line| {
            find(found.effects, arm, line.measure, line.group).map_or("-".to_owned(), |row| {
                let [mean, low, high] = [row.mean, row.ci_lo, row.ci_hi].map(|figure| number(figure * line.factor));
                format!("{mean} [{low}, {high}]")
            })
        };
        let cells: Vec<String> = columns.iter().map(|line| format!("{:<28}", cell(line))).collect();
        text += &format!("  {arm:<32} {}\n", cells.join(" ").trim_end());
    }
    text
}

/// What the differences between yardsticks say, and every other arm against the baseline.
fn yardsticks(experiment: &Experiment, found: &Found<'_>) -> String {
    let mut text =
        "lettings a year to regular seekers; status holders past 14 weeks at the end; interim places, EUR million a year\n"
            .to_owned();
    let others = experiment.arms.iter().filter(|(arm, changes)| {
        **arm != experiment.baseline && !changes.is_empty() && !experiment.counterfactuals.contains_key(*arm)
    });
    let baseline = &experiment.baseline;
    let plain = others.map(|(arm, _)| (arm.as_str(), arm.clone(), baseline.clone()));
    let readings = readings(experiment);
    let read = readings.iter().map(|reading| (reading.says, reading.arm.clone(), reading.less.clone()));
    for (says, arm, less) in read.chain(plain).take(8) {
        let cell = |measure: &str, group: &str, k: f64| {
            let is = |row: &&EffectRow| {
                *row.arm == *arm && *row.baseline == *less && &*row.measure == measure && &*row.area == "NL"
            };
            let row = found.effects.iter().filter(is).find(|row| &*row.group == group);
            row.map_or("-".to_owned(), |row| {
                format!("{} [{}, {}]", number(row.mean * k), number(row.ci_lo * k), number(row.ci_hi * k))
            })
        };
        let cells = [("flow", "regular", 1.0), ("reception.overdue_end", "all", 1.0), ("interim.cost", "all", 1e-6)];
        let [flow, late, cost] = cells.map(|(measure, group, k)| cell(measure, group, k));
        text += &format!("  {says:<50} {flow:<26} {late:<26} {cost}\n");
    }
    text
}

/// What each instrument of a package adds; the rows add up to the last.
fn package(found: &Found<'_>) -> String {
    let mut text =
        "Shapley values: lettings a year to regular seekers; status holders past 14 weeks at the end\n".to_owned();
    let of = |measure: &str, group: &str| {
        let is = |row: &&AttributionRow| &*row.measure == measure && &*row.group == group && &*row.area == "NL";
        found.attribution.iter().filter(is).collect::<Vec<_>>()
    };
    let cell = |row: &AttributionRow| format!("{} [{}, {}]", number(row.mean), number(row.ci_lo), number(row.ci_hi));
    let (lettings, overdue) = (of("flow", "regular"), of("reception.overdue_end", "all"));
    let skipped = lettings.len().saturating_sub(9);
    for (flow, late) in lettings.into_iter().zip(overdue).skip(skipped) {
        text += &format!("  {:<28} {:<30} {}\n", flow.instrument.as_str(), cell(flow), cell(late));
    }
    text
}

/// D3: who got a first letting in one arm only, or at another time.
fn first_lettings(arm: &str, found: &Found<'_>) -> String {
    let d3 = |measure: &str| {
        let mut rows = found.displacement.iter().filter(|row| &*row.arm == arm && &*row.definition == "D3");
        rows.find(|row| &*row.measure == measure && &*row.group == "regular")
            .map_or("n/a".to_owned(), |row| number(row.mean).trim_start_matches('+').to_owned())
    };
    format!(
        "  first lettings, regular: {} gained, {} lost, {} sooner, {} later (mean of pairs)\n",
        d3("gained"),
        d3("lost"),
        d3("advanced"),
        d3("delayed"),
    )
}

/// The bound of the first order: if status holders were let nothing at all, others could be let as many more. A gain
/// beyond it would be counted twice.
fn first_order(arm: &str, found: &Found<'_>) -> String {
    let row = |group: &str| find(found.effects, arm, "flow", group);
    let (Some(regular), Some(status)) = (row("regular"), row("status_holder")) else { return String::new() };
    let percent = |lettings: f64| 100.0 * lettings / regular.baseline_mean.max(f64::MIN_POSITIVE);
    let (gained, most) = (percent(regular.mean), percent(status.baseline_mean));
    let verdict = if gained <= most { "within" } else { "BEYOND" };
    format!(
        "  first order: regular {gained:+.1} %, {verdict} the {most:+.1} % there would be without a letting to status holders\n"
    )
}

fn find<'a>(effects: &'a [EffectRow], arm: &str, measure: &str, group: &str) -> Option<&'a EffectRow> {
    // of the rows of an arm those against the baseline come first
    let of = |row: &&EffectRow| &*row.arm == arm && &*row.measure == measure && &*row.area == "NL";
    effects.iter().filter(of).find(|row| &*row.group == group)
}

/// Whether the identities hold, and the arms with the rules of the baseline are zero.
fn self_check(same: &[&str], found: &Found<'_>) -> String {
    let broken = found.identities.iter().filter(|row| !row.holds).count();
    let mut text = format!("identities: {} checked, {broken} broken", found.identities.len());
    for arm in same {
        let mut cells = found.effects.iter().filter(|row| *row.arm == **arm);
        let zero = cells.all(|row| row.mean == 0.0 || row.mean.is_nan());
        text += &format!("; {arm}: {}", if zero { "zero in every cell" } else { "NOT ZERO" });
    }
    text + &in_step(found) + "\n"
}

/// How many of the municipalities that a difference leaves untouched are bit-identical, over arms and replicates.
fn in_step(found: &Found<'_>) -> String {
    // an arm that differs nowhere is told of as zero in every cell
    let differ = || found.synchrony.iter().filter(|row| row.touched > 0);
    let sum = |of: &dyn Fn(&SynchronyRow) -> u32| differ().map(|row| u64::from(of(row))).sum::<u64>();
    let (untouched, identical) = (sum(&|row| row.untouched), sum(&|row| row.identical));
    match untouched {
        0 if differ().next().is_none() => String::new(),
        0 => "; synchrony: no municipality is left untouched".to_owned(),
        _ => format!(
            "; synchrony: {:.1} % of municipalities not touched are bit-identical",
            100.0 * identical as f64 / untouched as f64
        ),
    }
}

fn touches_priority(experiment: &Experiment, arm: &str) -> bool {
    experiment.changes_of(arm).iter().any(|change| change.path.starts_with("priority."))
}

/// Whether an arm lets by another scheme than the baseline, or by another value of one.
fn changes_schemes(experiment: &Experiment, arm: &str) -> bool {
    experiment.arms.get(arm).is_some_and(|changes| changes.iter().any(|change| change.path.starts_with("schemes")))
}

/// The parameter on which the result of a ban hangs, beside the headline.
fn own_network(experiment: &Experiment, arms: &Arms, changed: &[&str]) -> String {
    let path = "reception.own_network_hazard";
    let value = |arm: &&str| {
        let own = experiment.changes_of(arm).into_iter().rev().find(|change| change.path == path)?;
        Some(format!("{arm}: {}", own.value))
    };
    let set: Vec<String> = changed.iter().filter_map(value).collect();
    let now = if set.is_empty() {
        format!("{}", arms.baseline().rules.reception.own_network_hazard.get())
    } else {
        set.join(", ")
    };
    format!("hangs on {path} = {now} a month (worth trying: 0.005 to 0.05)\n")
}

/// A signed number with as many digits as it deserves.
fn number(x: f64) -> String {
    if x.is_nan() {
        return "n/a".to_owned();
    }
    match x.abs() {
        a if a >= 1_000.0 => format!("{:+.0}", x),
        a if a >= 10.0 => format!("{x:+.1}"),
        _ => format!("{x:+.2}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn toy() -> Experiment {
        let repository = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
        Experiment::read(&repository.join("experiments/toy_town.ron"), None).expect("a shipped experiment")
    }

    #[test]
    fn outcomes_named_in_advance_come_first_with_a_star_and_no_row_comes_twice() {
        let mut experiment = toy();
        experiment.primary = vec!["money.state".to_owned(), "wait.regular".to_owned()];
        let row = |measure: &str, group: &str, effect: f64| EffectRow {
            arm: "ban".into(),
            measure: measure.to_owned().into(),
            group: group.to_owned().into(),
            area: "NL".into(),
            mean: effect,
            ..EffectRow::default()
        };
        let effects = [row("flow", "regular", 9.0), row("money.state", "all", 2e6), row("wait", "regular", -0.5)];
        let found = Found { effects: &effects, displacement: &[], identities: &[], attribution: &[], synchrony: &[] };
        let text = one_arm(&experiment, "ban", &found, MOST_ROWS);
        let rows: Vec<&str> = text.lines().skip(1).map(|line| line.split("   ").next().unwrap_or_default()).collect();
        assert_eq!(
            rows,
            [
                "* money.state, EUR million per year",
                "* months until housed, regular (horizon)",
                "  lettings to regular seekers a year"
            ],
            "{text}"
        );
        assert!(text.lines().nth(1).is_some_and(|line| line.contains("+2.00")), "{text}");
        let many = many_arms(&experiment, &["ban"], &found);
        assert!(many.contains("money.state, EUR million per year; months until housed"), "{many}");
    }

    #[test]
    fn a_gain_is_told_against_all_that_status_holders_are_let() {
        let row = |group: &str, before: f64, effect: f64| EffectRow {
            arm: "ban".into(),
            measure: "flow".into(),
            group: group.to_owned().into(),
            area: "NL".into(),
            mean: effect,
            baseline_mean: before,
            ..EffectRow::default()
        };
        let told = |gained: f64| {
            let effects = [row("regular", 6_900.0, gained), row("status_holder", 414.0, -70.0)];
            let (displacement, identities, attribution, synchrony) = (&[], &[], &[], &[]);
            first_order("ban", &Found { effects: &effects, displacement, identities, attribution, synchrony })
        };
        assert!(told(138.0).contains("regular +2.0 %, within the +6.0 %"), "{}", told(138.0));
        assert!(told(690.0).contains("regular +10.0 %, BEYOND the +6.0 %"), "{}", told(690.0));
    }

    #[test]
    fn search_refusals_and_starters_stand_before_and_after_with_their_intervals() {
        let row = |measure: &str, before: f64, effect: f64| EffectRow {
            arm: "points".into(),
            measure: measure.to_owned().into(),
            group: "all".into(),
            area: "NL".into(),
            mean: effect,
            ci_lo: effect - 0.01,
            ci_hi: effect + 0.01,
            n: 8,
            agreeing: 7,
            baseline_mean: before,
            ..EffectRow::default()
        };
        let effects = [row("registration_years", 8.4, -0.7), row("starters_share", 0.6, 0.03)];
        let found = Found { effects: &effects, displacement: &[], identities: &[], attribution: &[], synchrony: &[] };
        let text = before_and_after(&toy(), "points", &found);
        assert!(text.contains("years registered at letting: 8.40 to 7.70"), "{text}");
        assert!(text.contains("[-0.71, -0.69]") && text.contains("7 of 8"), "{text}");
        assert!(
            text.contains("starters among lettings, %: 60.00 to 63.00") && text.contains("[+2.00, +4.00]"),
            "{text}"
        );
        assert_eq!(before_and_after(&toy(), "lottery", &found), "");
    }
}
