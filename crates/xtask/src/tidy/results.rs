//! What came out of the experiments: the tables in `experiments/README.md` are those of the committed figures, and the
//! figures are those of the experiments, worlds and rules as they are. `cargo xtask results` runs them anew.

use super::house::{House, Offence};

/// Which experiments are run, with which settings: one line each.
pub const RUNS: &str = "experiments/results/runs.csv";
/// What came out, one line for every arm and primary measure.
pub const EFFECTS: &str = "experiments/results/effects.csv";
/// Where people read it.
const README: &str = "experiments/README.md";
/// Line before the tables.
const BEGIN: &str = "<!-- results: written by `cargo xtask results` -->";
/// Line after the tables.
const END: &str = "<!-- end of results -->";
/// Folder of the texts that change with every change of a result by code.
const GOLDEN: &str = "tests/golden/";
/// The world whose rules all others use.
const DUTCH: &str = "netherlands";

/// One line of [`EFFECTS`].
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Effect {
    /// Name of the experiment.
    pub experiment: String,
    /// Stamp of what it was computed from.
    pub stamp: String,
    /// Pairs of runs.
    pub pairs: String,
    /// Arm that is compared with the baseline.
    pub arm: String,
    /// Measure and group.
    pub measure: String,
    /// Unit.
    pub unit: String,
    /// Mean of the baseline, mean effect, and the ends of its 95 % interval.
    pub figures: [String; 4],
}

/// Head of [`EFFECTS`].
const HEAD: &str = "experiment,stamp,pairs,arm,measure,unit,baseline_mean,mean,ci_lo,ci_hi";

/// Experiments that are to be run, with their settings.
pub fn runs(house: &House) -> Vec<(&str, &str)> {
    let text = house.text(RUNS).unwrap_or_default();
    text.lines().skip(1).filter_map(|line| line.split_once(',')).collect()
}

/// The committed figures.
pub fn effects(house: &House) -> Vec<Effect> {
    let text = house.text(EFFECTS).unwrap_or_default();
    text.lines().skip(1).filter_map(Effect::read).collect()
}

/// The file of figures.
pub fn written(effects: &[Effect]) -> String {
    let lines = effects.iter().map(|e| {
        let [base, mean, low, high] = &e.figures;
        let Effect { experiment, stamp, pairs, arm, measure, unit, .. } = e;
        format!("{experiment},{stamp},{pairs},{arm},{measure},{unit},{base},{mean},{low},{high}\n")
    });
    format!("{HEAD}\n{}", lines.collect::<String>())
}

impl Effect {
    fn read(line: &str) -> Option<Effect> {
        let cells: Vec<String> = line.split(',').map(str::to_owned).collect();
        let [experiment, stamp, pairs, arm, measure, unit, base, mean, low, high] =
            <[String; 10]>::try_from(cells).ok()?;
        Some(Effect { experiment, stamp, pairs, arm, measure, unit, figures: [base, mean, low, high] })
    }
}

/// Stamp of what the results of an experiment hang on: its file and settings, its world, the Dutch rules and tables,
/// and the golden results of the code. Comments and blank lines do not count.
pub fn stamp(house: &House, experiment: &str, settings: &str) -> String {
    let file = house.text(&format!("experiments/{experiment}.ron")).unwrap_or_default();
    let mut hasher = blake3::Hasher::new();
    hasher.update(settings.as_bytes());
    let own = field(file, "world").unwrap_or_default();
    let golden = |name: &str| house.text(&format!("{GOLDEN}{name}.txt")).unwrap_or_default();
    for text in [file, golden("toy_town"), golden(golden_of(house, own))] {
        hasher.update(meaning(text).as_bytes());
    }
    for world in [own, DUTCH] {
        let folder = format!("worlds/{world}/");
        let files = house.ending("ron").chain(house.ending("csv")).filter(|(path, _)| path.starts_with(&folder));
        for (path, text) in files {
            hasher.update(path.as_bytes());
            hasher.update(meaning(text).as_bytes());
        }
    }
    hasher.finalize().to_hex().chars().take(12).collect()
}

/// The golden results of a world made in the way of this one.
fn golden_of(house: &House, world: &str) -> &'static str {
    let text = meaning(house.text(&format!("worlds/{world}/world.ron")).unwrap_or_default());
    match text.split('(').next() {
        Some("Part") => "one_region",
        Some("Town") => "toy_town",
        _ => "netherlands",
    }
}

/// A file without comments and blank lines.
fn meaning(text: &str) -> String {
    let lines = text.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with("//"));
    lines.flat_map(|line| [line, "\n"]).collect()
}

/// The quoted value of a field of a RON file.
fn field<'a>(text: &'a str, name: &str) -> Option<&'a str> {
    let line = text.lines().find_map(|line| line.trim().strip_prefix(name)?.strip_prefix(": \""))?;
    line.split('"').next()
}

/// Primary measures of an experiment, in its order.
pub fn primary(text: &str) -> Vec<&str> {
    let list = text.split("primary: [").nth(1).and_then(|rest| rest.split(']').next()).unwrap_or_default();
    list.split('"').skip(1).step_by(2).collect()
}

/// Whether an experiment has no figures, or any that are older than what they hang on.
pub fn is_stale(house: &House, effects: &[Effect], experiment: &str, settings: &str) -> bool {
    let now = stamp(house, experiment, settings);
    let mut found = effects.iter().filter(|effect| effect.experiment == experiment).peekable();
    found.peek().is_none() || found.any(|effect| effect.stamp != now)
}

/// Experiments that are not to be run, and those whose figures are stale.
pub fn stale(house: &House) -> Vec<Offence> {
    let (runs, effects) = (runs(house), effects(house));
    let mut offences = Vec::new();
    for (path, text) in house.ending("ron") {
        let Some(name) = path.strip_prefix("experiments/").and_then(|name| name.strip_suffix(".ron")) else { continue };
        let is_one = !name.contains('/') && text.contains("Experiment(");
        if is_one && !runs.iter().any(|(experiment, _)| *experiment == name) {
            offences.push(Offence::at(
                RUNS,
                0,
                format!("`{name}` is missing; its name and the settings to run it with"),
            ));
        }
    }
    for (i, (name, settings)) in runs.iter().enumerate() {
        if is_stale(house, &effects, name, settings) {
            offences.push(Offence::at(
                RUNS,
                i + 1,
                format!("the figures are not of today: `cargo xtask results {name}`"),
            ));
        }
    }
    offences
}

/// Tables that differ from the figures.
pub fn untold(house: &House) -> Vec<Offence> {
    let Some(text) = house.text(README) else { return Vec::new() };
    match with_tables(house) {
        None if house.text(EFFECTS).is_some() => {
            vec![Offence::at(README, 0, format!("the lines `{BEGIN}` and `{END}` are missing"))]
        }
        Some(should) if should != text => {
            let line = should.lines().zip(text.lines()).position(|(a, b)| a != b).unwrap_or(0);
            vec![Offence::at(README, line, "not what experiments/results says: `cargo xtask results --tables`")]
        }
        _ => Vec::new(),
    }
}

/// The list of experiments with the tables as the figures are; `None` without a place for them.
pub fn with_tables(house: &House) -> Option<String> {
    let text = house.text(README)?;
    let (before, rest) = text.split_once(BEGIN)?;
    let (_, after) = rest.split_once(END)?;
    let effects = effects(house);
    let tables: String = runs(house).iter().map(|run| table(house, run, &effects)).collect();
    Some(format!("{before}{BEGIN}\n\n{tables}{END}{after}"))
}

fn table(house: &House, (name, settings): &(&str, &str), effects: &[Effect]) -> String {
    let file = house.text(&format!("experiments/{name}.ron")).unwrap_or_default();
    let of: Vec<&Effect> = effects.iter().filter(|effect| effect.experiment == *name).collect();
    let Some(first) = of.first() else { return String::new() };
    let question =
        field(file, "question").unwrap_or_else(|| file.lines().next().unwrap_or_default().trim_start_matches("// "));
    let set: String = settings.split_whitespace().map(|setting| format!(" --set {setting}")).collect();
    let mut text = format!("**{question}** `doorstroom run experiments/{name}.ron{set}`, {} pairs\n\n", first.pairs);
    let mut measures: Vec<&Effect> = Vec::new();
    for &effect in &of {
        if !measures.iter().any(|seen| seen.measure == effect.measure) {
            measures.push(effect);
        }
    }
    text += "| arm |";
    for effect in &measures {
        text += &format!(" {}, {} (baseline {}) |", effect.measure, effect.unit, short(&effect.figures[0]));
    }
    text += &format!("\n|---|{}\n", "---|".repeat(measures.len()));
    let mut arms: Vec<&str> = of.iter().map(|effect| effect.arm.as_str()).collect();
    arms.dedup();
    for arm in arms {
        text += &format!("| {arm} |");
        for measure in &measures {
            let cell = of.iter().find(|effect| effect.arm == arm && effect.measure == measure.measure);
            text += &cell.map_or(" |".to_owned(), |effect| {
                let [_, mean, low, high] = effect.figures.each_ref().map(|figure| short(figure));
                format!(" {} [{low}, {high}] |", signed(&mean))
            });
        }
        text.push('\n');
    }
    text + "\n"
}

/// Three significant digits, no exponent; numbers from 1,000 up are whole.
fn short(figure: &str) -> String {
    let Ok(value) = figure.parse::<f64>() else { return figure.to_owned() };
    if value == 0.0 || !value.is_finite() {
        return if value == 0.0 { "0".to_owned() } else { figure.to_owned() };
    }
    let decimals = (2 - value.abs().log10().floor() as i32).clamp(0, 6) as usize;
    format!("{value:.decimals$}")
}

fn signed(figure: &str) -> String {
    if figure.starts_with('-') || figure == "0" { figure.to_owned() } else { format!("+{figure}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    const FILE: (&str, &str) = (
        "experiments/a.ron",
        "// Who waits?\nExperiment(\n    world: \"toy\",\n    primary: [\"flow.regular\", \"wait\"],\n)\n",
    );
    const LIST: (&str, &str) = (RUNS, "experiment,settings\na,scale=0.1\n");

    fn house<'a>(figures: &'a str, rule: &'a str, readme: &'a str) -> House {
        House::of(&[FILE, LIST, (EFFECTS, figures), ("worlds/toy/policy/x.ron", rule), (README, readme)])
    }

    fn line(house: &House) -> String {
        let effect = |measure: &str, mean: &str| Effect {
            experiment: "a".into(),
            stamp: stamp(house, "a", "scale=0.1"),
            pairs: "4".into(),
            arm: "ban".into(),
            measure: measure.into(),
            unit: "lettings".into(),
            figures: ["1234.5", mean, "1", "2.0411"].map(str::to_owned),
        };
        written(&[effect("flow.regular", "1.5213"), effect("wait", "-0.25")])
    }

    #[test]
    fn figures_are_stale_when_a_rule_changes_but_not_when_a_comment_does() {
        let fresh = line(&house("", "(quota: 1)", ""));
        assert_eq!(stale(&house(&fresh, "(quota: 1)", "")), []);
        assert_eq!(stale(&house(&fresh, "// of 2026\n(quota: 1)\n", "")), []);
        assert_eq!(stale(&house(&fresh, "(quota: 2)", "")).len(), 1);
        assert_eq!(stale(&house("", "(quota: 1)", "")).len(), 1);
    }

    #[test]
    fn figures_are_stale_when_a_world_made_in_the_same_way_puts_out_something_else() {
        let house = |kind: &str, golden: &str| {
            let world = format!("{kind}(\n    version: 1,\n)\n");
            House::of(&[FILE, LIST, ("worlds/toy/world.ron", &world), (golden, "wait 1.0")])
        };
        let of = |house: &House| stamp(house, "a", "scale=0.1");
        for (kind, golden) in [("Part", "one_region"), ("World", "netherlands"), ("Town", "toy_town")] {
            let (own, before) = (of(&house(kind, &format!("{GOLDEN}{golden}.txt"))), of(&house(kind, "elsewhere.txt")));
            assert_ne!(own, before, "{kind}");
        }
        assert_eq!(of(&house("Part", "tests/golden/netherlands.txt")), of(&house("Part", "elsewhere.txt")));
    }

    #[test]
    fn an_experiment_nobody_runs_is_told() {
        let house = House::of(&[FILE, ("experiments/closed-form/b.ron", "QueueExperiment(")]);
        let told: Vec<String> = stale(&house).iter().map(ToString::to_string).collect();
        assert_eq!(told, ["experiments/results/runs.csv:1: `a` is missing; its name and the settings to run it with"]);
    }

    #[test]
    fn tables_tell_the_figures_in_three_digits_and_a_difference_is_an_offence() {
        let fresh = line(&house("", "", ""));
        let readme = format!("# E\n{BEGIN}\n{END}\nafter\n");
        let before = house(&fresh, "", &readme);
        assert_eq!(untold(&before).len(), 1);
        let told = with_tables(&before).unwrap();
        assert!(told.contains("**Who waits?** `doorstroom run experiments/a.ron --set scale=0.1`, 4 pairs"), "{told}");
        assert!(
            told.contains("| arm | flow.regular, lettings (baseline 1234) | wait, lettings (baseline 1234) |"),
            "{told}"
        );
        assert!(told.contains("| ban | +1.52 [1.00, 2.04] | -0.250 [1.00, 2.04] |"), "{told}");
        assert!(told.ends_with("\nafter\n"));
        assert_eq!(untold(&house(&fresh, "", &told)), []);
    }

    #[test]
    fn primary_measures_are_read_in_their_order() {
        assert_eq!(primary(FILE.1), ["flow.regular", "wait"]);
    }
}
