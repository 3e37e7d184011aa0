//! `doorstroom compare`: two finished runs beside each other, paired where they share households and luck.

use std::path::{Path, PathBuf};

use doorstroom_experiment::{UnitSummary, compare as pairs};
use doorstroom_observe::rows::EffectRow;
use doorstroom_output::part::csv_of;
use doorstroom_output::{InputFile, Manifest, Status, read};
use serde_json::Value;

use crate::answer::{Failure, say};
use crate::args::CompareArguments;
use crate::record::Record;

/// What two runs must share for their replicates to be pairs.
const SHARED: [&str; 8] = ["world", "scale", "start", "step", "months", "seed", "population", "population_seed"];

/// One run, read back.
struct Finished {
    manifest: Manifest,
    resolved: Value,
    units: Vec<UnitSummary>,
}

/// Differences B less A of every measure, of every arm that both have (else of the two baselines).
pub fn compare(arguments: &CompareArguments) -> Result<u8, Failure> {
    let (a, b) = (read_run(&arguments.a)?, read_run(&arguments.b)?);
    // first, since no flag helps there
    refuse_without_replicates([(&arguments.a, &a), (&arguments.b, &b)])?;
    let differing: Vec<&str> = SHARED.into_iter().filter(|&key| a.resolved[key] != b.resolved[key]).collect();
    if !differing.is_empty() && !arguments.unpaired {
        let both: Vec<String> =
            differing.iter().map(|key| format!("{key} is {} and {}", a.resolved[*key], b.resolved[*key])).collect();
        return Err(Failure::Setting(format!(
            "the replicates of these runs are no pairs: {}; with --unpaired they are compared as independent runs",
            both.join(", ")
        )));
    }
    refuse_other_windows(&a.manifest, &b.manifest)?;
    if !arguments.unpaired {
        refuse_other_files(&a.manifest, &b.manifest)?;
        refuse_without_pairs(&a.units, &b.units)?;
    }
    let mut rows = Vec::new();
    for (of_a, of_b) in arms(&a.manifest.arms, &b.manifest.arms) {
        let names = (format!("B:{of_b}"), format!("A:{of_a}"));
        rows.extend(match arguments.unpaired {
            true => pairs::unpaired(&a.units, &b.units, (of_a, of_b), names),
            false => pairs::paired(&a.units, &b.units, (of_a, of_b), names),
        });
    }
    say(&if arguments.csv { csv(&rows)? } else { lines(&rows, arguments, a.units.len(), b.units.len()) });
    Ok(0)
}

/// Measures count from the fork on, so runs whose arms part at other steps measure other windows.
fn refuse_other_windows(a: &Manifest, b: &Manifest) -> Result<(), Failure> {
    match (a.fork_step, b.fork_step) {
        (Some(of_a), Some(of_b)) if of_a != of_b => Err(Failure::Setting(format!(
            "measures count from the step at which arms part (0 if none do), {of_a} and {of_b} in these runs, so they are of \
             other windows; put both policies as arms into one experiment"
        ))),
        _ => Ok(()),
    }
}

/// A file of the world that only one of them read makes two worlds, which share no households. Told by contents, since two
/// checkouts have one world under two paths.
fn refuse_other_files(a: &Manifest, b: &Manifest) -> Result<(), Failure> {
    let lacks = |run: &Manifest, input: &InputFile| run.inputs.iter().all(|own| own.hash != input.hash);
    let only_a = a.inputs.iter().find(|input| lacks(b, input));
    match only_a.or_else(|| b.inputs.iter().find(|input| lacks(a, input))) {
        None => Ok(()),
        Some(input) => Err(Failure::Setting(format!(
            "the replicates of these runs are no pairs: {} does not say the same in both; with --unpaired they are compared as \
             independent runs",
            input.path
        ))),
    }
}

/// A run of a closed-form world keeps its measures and no replicates.
fn refuse_without_replicates(runs: [(&PathBuf, &Finished); 2]) -> Result<(), Failure> {
    match runs.into_iter().find(|(_, run)| run.units.is_empty()) {
        None => Ok(()),
        Some((folder, _)) => Err(Failure::Setting(format!(
            "{} keeps no replicates (a closed-form world, or a run that was interrupted before its first), so there is nothing to \
             compare",
            folder.display()
        ))),
    }
}

fn refuse_without_pairs(a: &[UnitSummary], b: &[UnitSummary]) -> Result<(), Failure> {
    match a.iter().any(|of_a| b.iter().any(|of_b| of_b.replicate == of_a.replicate)) {
        true => Ok(()),
        false => Err(Failure::Setting(
            "these runs have no replicate in common (shards, or an interrupted run), so there is nothing to pair"
                .to_owned(),
        )),
    }
}

fn read_run(folder: &Path) -> Result<Finished, Failure> {
    let manifest = read::manifest(folder)?;
    if !matches!(manifest.status, Status::Complete | Status::Partial) {
        return Err(Failure::Other(format!("{} is not finished ({})", folder.display(), manifest.status)));
    }
    let resolved = folder.join("experiment.resolved.json");
    let text = std::fs::read_to_string(&resolved)
        .map_err(|error| Failure::Other(format!("cannot read {}: {error}", resolved.display())))?;
    let resolved = serde_json::from_str(&text)
        .map_err(|error| Failure::Other(format!("{} is not readable: {error}", resolved.display())))?;
    let records = Record::read(folder, &manifest.asked.replicates)?;
    let units = records.into_iter().map(|record| record.summary).collect();
    Ok(Finished { manifest, resolved, units })
}

/// Arms to compare: those of one name, else the two baselines.
fn arms<'a>(of_a: &'a [String], of_b: &'a [String]) -> Vec<(&'a str, &'a str)> {
    let common: Vec<(&str, &str)> =
        of_a.iter().filter(|arm| of_b.contains(arm)).map(|arm| (arm.as_str(), arm.as_str())).collect();
    match (common.is_empty(), of_a.first(), of_b.first()) {
        (true, Some(a), Some(b)) => vec![(a, b)],
        _ => common,
    }
}

fn csv(rows: &[EffectRow]) -> Result<String, Failure> {
    let text = csv_of(rows).map_err(|error| Failure::Other(error.to_string()))?;
    Ok(String::from_utf8_lossy(&text).into_owned())
}

/// The country, by group; `*` where the interval excludes 0.
fn lines(rows: &[EffectRow], arguments: &CompareArguments, of_a: usize, of_b: usize) -> String {
    let how = if arguments.unpaired { "independent runs" } else { "pairs" };
    let mut text = format!(
        "A {} ({of_a} replicates)\nB {} ({of_b} replicates)\nB less A, {how}, 95 % interval; * where it excludes 0\n",
        arguments.a.display(),
        arguments.b.display(),
    );
    for row in rows.iter().filter(|row| row.area.as_str() == "NL" && !row.mean.is_nan()) {
        let mark = if row.ci_lo > 0.0 || row.ci_hi < 0.0 { "*" } else { " " };
        let interval = match row.ci_lo.is_nan() {
            true => "no interval".to_owned(),
            false => format!("[{:.3}, {:.3}]", row.ci_lo, row.ci_hi),
        };
        text += &format!(
            "{mark} {:<24} {:<18} {:>12.3} {interval}  {} ({})\n",
            row.measure.as_str(),
            row.group.as_str(),
            row.mean,
            row.unit.as_str(),
            row.arm.as_str(),
        );
    }
    text
}
