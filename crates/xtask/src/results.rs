//! `results`: runs the shipped experiments with the settings of `experiments/results/runs.csv`, keeps their primary
//! measures and writes the tables of `experiments/README.md`. `tidy` says which are missing or stale.

use std::error::Error;
use std::path::Path;
use std::process::{Command, Stdio};

use crate::Outcome;
use crate::tidy::House;
use crate::tidy::results::{self, Effect};

/// Arguments of the task.
pub const USAGE: &str = "[--stale | --tables | --keep | NAME...]   runs all experiments, the stale ones, none (writes tables, keeps summaries), or those named";

/// Where run folders go.
const FOLDER: &str = "target/results";

/// Summaries that are committed as they come, the country's rows only: experiment, summary, arm if only one is kept,
/// file under `experiments/`.
const KEPT: [(&str, &str, Option<&str>, &str); 5] = [
    ("does_a_priority_ban_shorten_other_queues", "displacement", Some("priority_ban"), "ban/displacement.csv"),
    ("how_much_luck_do_pairs_share", "effects", None, "variance_reduction/effects.csv"),
    ("how_much_luck_do_pairs_share", "synchrony", None, "variance_reduction/synchrony.csv"),
    ("which_measure_of_the_package_does_what", "attribution", None, "attribution/attribution.csv"),
    ("which_measure_of_the_package_does_what", "interactions", None, "attribution/interactions.csv"),
];

/// Runs what was asked, writes after every experiment, so that an interrupted task loses nothing.
pub fn run(arguments: &[String]) -> Outcome {
    let mut house = House::read()?;
    let wanted = wanted(&house, arguments)?;
    for (done, (name, settings)) in wanted.iter().enumerate() {
        eprintln!("{} of {}: {name} {settings}", done + 1, wanted.len());
        let found = figures(&house, name, settings)?;
        let mut all = results::effects(&house);
        all.retain(|effect| effect.experiment != *name);
        all.extend(found);
        all.sort_by(|a, b| a.experiment.cmp(&b.experiment));
        house.write(results::EFFECTS, results::written(&all))?;
        keep(name)?;
    }
    if arguments.iter().any(|word| word == "--keep") {
        results::runs(&house).iter().try_for_each(|(name, _)| keep(name))?;
    }
    let tables = results::with_tables(&house).ok_or("experiments/README.md has no place for the tables")?;
    house.write("experiments/README.md", tables)?;
    Ok(format!("{} experiments run, tables written", wanted.len()))
}

/// Names and settings of the experiments to run.
fn wanted(house: &House, arguments: &[String]) -> Result<Vec<(String, String)>, Box<dyn Error>> {
    let runs = results::runs(house);
    let effects = results::effects(house);
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    if let Some(unknown) =
        words.iter().find(|word| !word.starts_with("--") && !runs.iter().any(|(name, _)| name == *word))
    {
        return Err(format!("`{unknown}` is not in {}", results::RUNS).into());
    }
    let chosen = runs.into_iter().filter(|(name, settings)| match words.as_slice() {
        [] => true,
        ["--tables" | "--keep"] => false,
        ["--stale"] => results::is_stale(house, &effects, name, settings),
        names => names.contains(name),
    });
    Ok(chosen.map(|(name, settings)| (name.to_owned(), settings.to_owned())).collect())
}

/// Runs one experiment and reads its primary measures.
fn figures(house: &House, name: &str, settings: &str) -> Result<Vec<Effect>, Box<dyn Error>> {
    let file = format!("experiments/{name}.ron");
    let folder = Path::new(FOLDER).join(name);
    let mut command = Command::new(env!("CARGO"));
    command.args(["run", "--release", "--quiet", "-p", "doorstroom", "--", "run", &file, "--force"]);
    command.arg("--out").arg(&folder);
    for setting in settings.split_whitespace() {
        command.args(["--set", setting]);
    }
    let status = command.stdout(Stdio::null()).status()?;
    if !status.success() {
        return Err(format!("{file} ended with {status}").into());
    }
    let primary = results::primary(house.text(&file).ok_or_else(|| format!("there is no {file}"))?);
    let stamp = results::stamp(house, name, settings);
    let mut found = Vec::new();
    for record in csv::Reader::from_path(folder.join("summary/effects.csv"))?.into_deserialize::<Row>() {
        let row = record?;
        let measure = primary.iter().find(|measure| row.is(measure));
        if let (Some(&measure), "NL", false) = (measure, row.area.as_str(), row.is_no_op()) {
            found.push((measure, row));
        }
    }
    let place = |measure: &str| primary.iter().position(|&other| other == measure);
    // arms as they come, measures in the order of the experiment
    let mut arms: Vec<String> = found.iter().map(|(_, row)| row.arm.clone()).collect();
    arms.dedup();
    found.sort_by_key(|(measure, row)| (arms.iter().position(|arm| *arm == row.arm), place(measure)));
    Ok(found.into_iter().map(|(measure, row)| row.effect(name, &stamp, measure)).collect())
}

/// Copies the summaries of an experiment that are committed.
fn keep(name: &str) -> Result<(), Box<dyn Error>> {
    for (_, summary, arm, target) in KEPT.iter().filter(|(experiment, ..)| *experiment == name) {
        let mut from =
            csv::Reader::from_path(Path::new(FOLDER).join(name).join("summary").join(format!("{summary}.csv")))?;
        let target = Path::new("experiments").join(target);
        target.parent().map_or(Ok(()), std::fs::create_dir_all)?;
        let mut to = csv::Writer::from_path(target)?;
        let head = from.headers()?.clone();
        to.write_record(&head)?;
        let column = |name: &str| head.iter().position(|cell| cell == name);
        let (arms, areas) = (column("arm"), column("area"));
        for record in from.records() {
            let record = record?;
            let is = |place: Option<usize>, wanted: &str| place.is_none_or(|place| record.get(place) == Some(wanted));
            if is(areas, "NL") && arm.is_none_or(|arm| is(arms, arm)) {
                to.write_record(&record)?;
            }
        }
        to.flush()?;
    }
    Ok(())
}

/// A row of `summary/effects.csv`, as far as it is used.
#[derive(serde::Deserialize)]
struct Row {
    arm: String,
    measure: String,
    group: String,
    area: String,
    unit: String,
    mean: f64,
    ci_lo: f64,
    ci_hi: f64,
    n: u32,
    baseline_mean: f64,
}

impl Row {
    /// Whether this is the measure, alone or with its group.
    fn is(&self, measure: &str) -> bool {
        self.measure == measure
            || measure.strip_prefix(&self.measure).and_then(|rest| rest.strip_prefix('.')) == Some(&self.group)
    }

    /// The arm without changes, by the name that it has in every file.
    fn is_no_op(&self) -> bool {
        self.arm == "no_op"
    }

    fn effect(self, experiment: &str, stamp: &str, measure: &str) -> Effect {
        let figures = [self.baseline_mean, self.mean, self.ci_lo, self.ci_hi].map(|figure| format!("{figure:.6}"));
        let (experiment, stamp, measure) = (experiment.to_owned(), stamp.to_owned(), measure.to_owned());
        let unit = self.unit.replace(',', ";");
        Effect { experiment, stamp, pairs: self.n.to_string(), arm: self.arm, measure, unit, figures }
    }
}
