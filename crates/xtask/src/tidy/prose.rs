//! Rules about what people read: lists that are complete, links that lead somewhere, a command that is the right one.

use super::house::{House, Offence};

/// Where experiments are listed.
const EXPERIMENTS: &str = "experiments/README.md";
/// What the machine runs.
const CI: &str = ".ci/run";
/// What people read first.
const README: &str = "README.md";

/// Experiments that the list of experiments does not name.
pub fn unlisted_experiments(house: &House) -> Vec<Offence> {
    let list = house.text(EXPERIMENTS).unwrap_or_default();
    let experiments = house.ending("ron").filter_map(|(path, _)| path.strip_prefix("experiments/"));
    let unlisted = experiments.filter(|name| !list.contains(*name));
    unlisted
        .map(|name| Offence::at(EXPERIMENTS, 0, format!("`{name}` is missing; one line with its question")))
        .collect()
}

/// Relative links to files that are not there.
pub fn broken_links(house: &House) -> Vec<Offence> {
    let mut offences = Vec::new();
    for (path, text) in house.ending("md") {
        let folder = path.rsplit_once('/').map_or("", |(folder, _)| folder);
        let mut fenced = false;
        for (i, line) in text.lines().enumerate() {
            fenced ^= line.trim_start().starts_with("```");
            let links = if fenced { Vec::new() } else { relative_links(line) };
            for link in links {
                let target = resolve(folder, link);
                if !target.as_deref().is_some_and(|target| house.has(target)) {
                    offences.push(Offence::at(path, i, format!("nothing is at `{link}`")));
                }
            }
        }
    }
    offences
}

/// A command of continuous integration that a reader of the README would not have run.
pub fn other_test_command(house: &House) -> Vec<Offence> {
    let Some(script) = house.text(CI) else { return Vec::new() };
    let command = script.lines().map(str::trim).rfind(|line| !line.is_empty()).unwrap_or_default();
    if house.text(README).is_some_and(|text| text.contains(command)) {
        return Vec::new();
    }
    vec![Offence::at(CI, script.lines().count().saturating_sub(1), format!("README.md does not say `{command}`"))]
}

/// Targets of the links in a line that point into the repository, without `#heading`.
fn relative_links(line: &str) -> Vec<&str> {
    let targets = line.split("](").skip(1).filter_map(|rest| rest.split([')', ' ']).next());
    let inside = targets.filter(|target| !target.contains("://") && !target.starts_with("mailto:"));
    inside.map(|target| target.split('#').next().unwrap_or_default()).filter(|path| !path.is_empty()).collect()
}

/// A path from the root; `None` if it leaves the repository.
fn resolve(folder: &str, link: &str) -> Option<String> {
    let mut parts: Vec<&str> = folder.split('/').filter(|part| !part.is_empty()).collect();
    for part in link.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop()?;
            }
            part => parts.push(part),
        }
    }
    Some(parts.join("/"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_experiment_that_is_not_listed_is_found() {
        let readme = (EXPERIMENTS, "- [a](a.ron)\n");
        let house = House::of(&[readme, ("experiments/a.ron", ""), ("experiments/b.ron", ""), ("worlds/c.ron", "")]);
        let offences = unlisted_experiments(&house);
        assert_eq!(offences.len(), 1);
        assert!(offences[0].message.contains("`b.ron`"));
    }

    #[test]
    fn a_link_must_lead_to_a_file_or_a_folder_of_the_repository() {
        let text =
            "[a](../b/c.md#d) [e](f) [g](https://h.nl/i) [j](#k)\n```text\n[l](m)\n```\n[n](../../o) [p](q.md)\n";
        let house = House::of(&[("a/r.md", text), ("b/c.md", ""), ("a/f/g.rs", "")]);
        let broken: Vec<String> = broken_links(&house).iter().map(ToString::to_string).collect();
        assert_eq!(broken, ["a/r.md:5: nothing is at `../../o`", "a/r.md:5: nothing is at `q.md`"]);
    }

    #[test]
    fn the_machine_runs_what_the_readme_says() {
        let script = (CI, "#!/usr/bin/env bash\ncargo test --workspace\n");
        assert_eq!(other_test_command(&House::of(&[script, (README, "Run `cargo test --workspace`.")])), []);
        assert_eq!(other_test_command(&House::of(&[script, (README, "Run `cargo test`.")])).len(), 1);
    }
}
