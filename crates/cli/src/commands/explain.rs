//! `doorstroom explain`: what a number is, since when, and who says so; and what a measure of a result is.

use std::collections::BTreeMap;

use doorstroom_experiment::displacement::{DEFINITIONS, Definition, definition_of, figures};
use doorstroom_experiment::figure::Figure;
use doorstroom_observe::lettings::{SHARES, ShareOfLettings, share_of};
use doorstroom_observe::measures::{MEASURES, Measure, measure_of, named};
use doorstroom_policy::AnyParameter;
use doorstroom_world::World;
use doorstroom_world::read::suggest;
use serde_json::Value;

use crate::answer::{Failure, say};
use crate::args::ExplainArguments;

/// A number of the world, as it is told.
struct Entry {
    path: String,
    /// The line of a list of names.
    listed: String,
    /// Everything that is known of it.
    told: String,
}

/// The word that lists the measures of a result.
const LIST_OF_MEASURES: &str = "measures";

/// Explains a number, those that rest on an assumption, or all, or a measure; or lists their names.
pub fn explain(arguments: &ExplainArguments) -> Result<u8, Failure> {
    if let Some(told) = arguments.path.as_deref().and_then(of_measures) {
        say(&told);
        return Ok(0);
    }
    let world = World::load(&arguments.world)?;
    let entries = entries(&world)?;
    let text: String = match &arguments.path {
        None if arguments.all => entries.iter().map(|entry| entry.told.as_str()).collect(),
        None => entries.iter().map(|entry| entry.listed.as_str()).collect(),
        Some(wanted) => wanted_of(&entries, wanted)?,
    };
    say(&text);
    Ok(0)
}

/// What `wanted` says of measures: the list, or the one of this name; `None` if it is none. Needs no world.
fn of_measures(wanted: &str) -> Option<String> {
    let groups = |measure: &Measure| measure.groups.keys().join(", ");
    if wanted == LIST_OF_MEASURES {
        let line = |measure: &Measure| format!("{}  [{}; {}]\n", measure.name, measure.unit, groups(measure));
        let shares = SHARES.iter().map(|share| format!("{}  [share; table denominators]\n", share.name));
        let defined = DEFINITIONS.iter().map(|of| format!("{}  [{}; table displacement]\n", of.name, of.title));
        return Some(MEASURES.iter().map(line).chain(shares).chain(defined).collect());
    }
    let definition = match Figure::of(wanted) {
        Some(Figure::Displacement(name, ..)) => definition_of(name),
        _ => definition_of(wanted),
    };
    if let Some(definition) = definition {
        return Some(of_displacement(definition));
    }
    if let Some(ShareOfLettings { name, numerator, denominator }) = share_of(wanted) {
        return Some(format!(
            "{name}\n  {numerator}\n  unit: share of lettings of self-contained corporation dwellings\n  \
             denominator: {denominator}\n  table: denominators\n"
        ));
    }
    let measure = measure_of(wanted).or_else(|| named(wanted).map(|(measure, _)| measure))?;
    let Measure { name, unit, denominator, meaning, .. } = measure;
    Some(format!("{name}\n  {meaning}\n  unit: {unit}\n  denominator: {denominator}\n  groups: {}\n", groups(measure)))
}

/// A definition of displacement, with its measures and their groups.
fn of_displacement(Definition { name, title, meaning }: Definition) -> String {
    let mut text = format!("{name}  {title}\n  {meaning}\n");
    let mut measures: BTreeMap<String, Vec<&str>> = BTreeMap::new();
    for (_, measure, group) in figures().into_iter().filter(|(definition, ..)| *definition == name) {
        measures.entry(measure).or_default().push(group);
    }
    for (measure, groups) in measures {
        text += &format!("  {measure}: {}\n", groups.join(", "));
    }
    text + "  table: displacement; worlds/MODEL.md 6.5\n"
}

/// The number of this name, or all whose source names this assumption.
fn wanted_of(entries: &[Entry], wanted: &str) -> Result<String, Failure> {
    let is_wanted = |entry: &&Entry| match is_assumption(wanted) {
        true => names_assumption(&entry.told, wanted),
        false => entry.path == wanted,
    };
    let text: String = entries.iter().filter(is_wanted).map(|entry| entry.told.as_str()).collect();
    if !text.is_empty() {
        return Ok(text);
    }
    if is_assumption(wanted) {
        let what = format!("no number of this world rests on assumption {wanted}");
        return Err(Failure::Setting(format!(
            "{what}; worlds/README.md lists all assumptions, also those without one"
        )));
    }
    let measures = MEASURES.iter().map(|measure| measure.name).chain(SHARES.iter().map(|share| share.name));
    let meant = suggest(wanted, entries.iter().map(|entry| entry.path.as_str()).chain(measures));
    let meant = meant.map(str::to_owned).or_else(|| Figure::nearest(wanted));
    let hint = meant.map_or(
        "`doorstroom explain` lists all rules, `doorstroom explain measures` all measures".to_owned(),
        |path| format!("did you mean `{path}`?"),
    );
    Err(Failure::Setting(format!("there is no rule or measure `{wanted}`; {hint}")))
}

/// Whether this reads as the number of an assumption, such as `A85`.
fn is_assumption(text: &str) -> bool {
    text.strip_prefix('A').is_some_and(|digits| !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit()))
}

/// Whether the text names `assumption A8`, and not only `assumption A85`.
fn names_assumption(text: &str, assumption: &str) -> bool {
    let mentions = text.split("assumption ").skip(1);
    mentions
        .filter_map(|rest| rest.strip_prefix(assumption))
        .any(|rest| !rest.starts_with(|c: char| c.is_ascii_digit()))
}

/// The rules, then the numbers of the start state.
fn entries(world: &World) -> Result<Vec<Entry>, Failure> {
    let mut entries = Vec::new();
    world.rules.each(&mut |path, doc, allowed, parameter| {
        let unit = if parameter.unit().is_empty() { "a choice" } else { parameter.unit() };
        let listed = format!("{path}  [{unit}]\n");
        entries.push(Entry { path: path.to_owned(), listed, told: describe(path, doc, allowed, parameter) });
    });
    let written = |value: Result<Value, serde_json::Error>| {
        value.map_err(|error| Failure::Setting(format!("the start state cannot be told: {error}")))
    };
    start_numbers("start", &written(serde_json::to_value(&world.start))?, &mut entries);
    start_numbers("start_seekers", &written(serde_json::to_value(&world.seekers))?, &mut entries);
    Ok(entries)
}

/// Every number in a file of the start state: whatever has a value and a source.
fn start_numbers(path: &str, written: &Value, entries: &mut Vec<Entry>) {
    let Value::Object(fields) = written else { return };
    if let (Some(value), Some(Value::String(source))) = (fields.get("value"), fields.get("source")) {
        let ends = fields.get("range").and_then(Value::as_array);
        let trying = ends.map(|ends| format!("  worth trying: {} to {}\n", ends[0], ends[1])).unwrap_or_default();
        let told = format!("{path}\n{trying}  of the start state: {value}\n    source: {source}\n");
        entries.push(Entry { path: path.to_owned(), listed: format!("{path}  [start state]\n"), told });
        return;
    }
    fields.iter().for_each(|(name, field)| start_numbers(&format!("{path}.{name}"), field, entries));
}

fn describe(path: &str, doc: &str, allowed: (f64, f64), parameter: &dyn AnyParameter) -> String {
    let mut text = format!("{path}\n");
    for line in doc.lines().map(str::trim).filter(|line| !line.is_empty()) {
        text += &format!("  {line}\n");
    }
    match parameter.unit() {
        "" => text += "  unit: none, a choice\n",
        unit => text += &format!("  unit: {unit}; allowed: {} to {}\n", allowed.0, allowed.1),
    }
    if let Some((low, high)) = parameter.range() {
        text += &format!("  worth trying: {low} to {high}\n");
    }
    for (from, value, source) in parameter.steps() {
        text += &format!("  from {from}: {value}\n    source: {source}\n");
    }
    text
}
