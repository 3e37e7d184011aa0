//! `doorstroom explain`: what a number is, since when, and who says so.

use doorstroom_policy::AnyParameter;
use doorstroom_world::World;
use doorstroom_world::read::suggest;

use crate::answer::{Failure, say};
use crate::args::ExplainArguments;

/// Explains one rule or all, or lists their names.
pub fn explain(arguments: &ExplainArguments) -> Result<u8, Failure> {
    let world = World::load(&arguments.world)?;
    let mut text = String::new();
    world.rules.each(&mut |path, doc, allowed, parameter| match &arguments.path {
        None if arguments.all => text += &describe(path, doc, allowed, parameter),
        None => text += &format!("{path}  [{}]\n", parameter.unit()),
        Some(wanted) if wanted == path => text += &describe(path, doc, allowed, parameter),
        Some(_) => {}
    });
    if text.is_empty() {
        let wanted = arguments.path.clone().unwrap_or_default();
        let paths = world.rules.paths();
        let meant = suggest(&wanted, paths.iter().map(String::as_str));
        let hint =
            meant.map_or("`doorstroom explain` lists all rules".to_owned(), |path| format!("did you mean `{path}`?"));
        return Err(Failure::Setting(format!("there is no rule `{wanted}`; {hint}")));
    }
    say(&text);
    Ok(0)
}

fn describe(path: &str, doc: &str, allowed: (f64, f64), parameter: &dyn AnyParameter) -> String {
    let mut text = format!("{path}\n");
    for line in doc.lines().map(str::trim).filter(|line| !line.is_empty()) {
        text += &format!("  {line}\n");
    }
    let unit = if parameter.unit().is_empty() { "none, a choice" } else { parameter.unit() };
    text += &format!("  unit: {unit}; allowed: {} to {}\n", allowed.0, allowed.1);
    if let Some((low, high)) = parameter.range() {
        text += &format!("  worth trying: {low} to {high}\n");
    }
    for (from, value, source) in parameter.steps() {
        text += &format!("  from {from}: {value}\n    source: {source}\n");
    }
    text
}
