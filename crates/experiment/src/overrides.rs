//! Settings of an experiment from outside its file: `--set months=24`, `--set rules.quota.term_days=120`.

use std::str::FromStr;

use doorstroom_world::read::suggest;
use serde_json::{Value, json};

use crate::change::{Change, ChangeError};
use crate::definition::{PopulationMode, Resolution};
use crate::experiment::{Experiment, MOST_MONTHS, MOST_REPLICATES};

/// Keys that [`Experiment::with`] understands besides `rules.<subject>.<parameter>`.
pub const KEYS: [&str; 7] = ["scale", "months", "replicates", "seed", "population", "population_seed", "resolution"];

/// Why a setting is refused.
#[derive(Debug, thiserror::Error)]
pub enum OverrideError {
    /// No such key.
    #[error("there is no setting `{key}`; {hint}")]
    UnknownKey {
        /// The key as given.
        key: String,
        /// What was probably meant, or what there is.
        hint: String,
    },
    /// The value is not one of the key.
    #[error("`{key}` is \"{value}\"; {wanted}")]
    BadValue {
        /// The key.
        key: String,
        /// The value as given.
        value: String,
        /// What is allowed.
        wanted: String,
    },
    /// A rule cannot be changed so.
    #[error("{0}")]
    Rule(#[from] ChangeError),
}

impl OverrideError {
    /// What would be right, where the message does not say it.
    pub fn hint(&self) -> Option<String> {
        match self {
            OverrideError::Rule(error) => error.hint(),
            OverrideError::UnknownKey { .. } | OverrideError::BadValue { .. } => None,
        }
    }
}

impl Experiment {
    /// Changes one setting: one of [`KEYS`], or `rules.<subject>.<parameter>` for all arms from the first day on.
    ///
    /// # Errors
    /// There is no such setting, or the value is not allowed; the experiment is then as before.
    pub fn with(&mut self, key: &str, value: &str) -> Result<(), OverrideError> {
        let value = value.trim();
        let bad = |wanted: String| OverrideError::BadValue { key: key.to_owned(), value: value.to_owned(), wanted };
        match key {
            "scale" => {
                let scale = number(value, |x| *x > 0.0 && *x <= 1.0, "above 0 and at most 1").map_err(bad)?;
                let least = 1.0 / self.world.households().max(1) as f64;
                if scale < least {
                    return Err(bad(format!("nobody is drawn: one household is {least:.1e}")));
                }
                self.scale = scale;
            }
            "months" => self.months = whole(value, MOST_MONTHS).map_err(bad)?,
            "replicates" => {
                self.replicates = whole(value, MOST_REPLICATES).map_err(bad)?;
                self.until = None;
            }
            "seed" => self.seed = number(value, |_| true, "a whole number of at most 64 bits").map_err(bad)?,
            "population_seed" => {
                self.population_seed = number(value, |_| true, "a whole number of at most 64 bits").map_err(bad)?;
            }
            "population" => {
                self.population = match value {
                    "Share" => PopulationMode::Share,
                    "Redraw" => PopulationMode::Redraw,
                    _ => return Err(bad("Share or Redraw".to_owned())),
                }
            }
            "resolution" => {
                self.resolution = match value {
                    "Region" => Resolution::Region,
                    "MunicipalityMonth" => Resolution::MunicipalityMonth,
                    _ => return Err(bad("Region or MunicipalityMonth".to_owned())),
                }
            }
            _ => match key.strip_prefix("rules.") {
                Some(path) => self.with_rule(path, value)?,
                None => return Err(self.unknown(key)),
            },
        }
        Ok(())
    }

    fn with_rule(&mut self, path: &str, value: &str) -> Result<(), ChangeError> {
        let change = Change { from: self.calendar().start, path: path.to_owned(), value: value.to_owned(), gate: None };
        change.apply_in(&self.world, &mut self.world.rules.clone(), "set for all arms")?;
        self.rules.insert(path.to_owned(), value.to_owned());
        Ok(())
    }

    fn unknown(&self, key: &str) -> OverrideError {
        let rules: Vec<String> = self.world.rules.paths().into_iter().map(|path| format!("rules.{path}")).collect();
        let known = KEYS.into_iter().chain(rules.iter().map(String::as_str));
        // `quota.term_days` lacks only the word before it
        let exact = rules.iter().find(|rule| rule.strip_prefix("rules.") == Some(key)).map(String::as_str);
        let hint = match exact.or_else(|| suggest(key, known)) {
            Some(meant) => format!("did you mean `{meant}`?"),
            None => format!("settings: {}, rules.<subject>.<parameter>", KEYS.join(", ")),
        };
        OverrideError::UnknownKey { key: key.to_owned(), hint }
    }

    /// The experiment with every default filled in, in a fixed order: what `experiment.resolved.json` holds and what
    /// the hash of a run is made of.
    pub fn resolved(&self) -> Value {
        let arms: serde_json::Map<String, Value> = self
            .arm_names()
            .into_iter()
            .map(|name| {
                let changes = self.changes_of(name).into_iter().map(|change| {
                    let mut told =
                        json!({ "from": change.from.to_string(), "path": change.path, "value": change.value });
                    if let Some(gate) = change.gate {
                        told["evaluate_every_days"] = json!(gate.evaluate_every_days);
                        told["when"] = json!(gate.when);
                    }
                    told
                });
                (name.to_owned(), Value::Array(changes.collect()))
            })
            .collect();
        let mut resolved = json!({
            "version": doorstroom_world::notation::VERSION,
            "name": self.name,
            "question": self.question,
            "world": self.world.name,
            "scale": self.scale,
            "start": self.calendar().start.to_string(),
            "step": json!(self.calendar().length),
            "months": self.months,
            "steps": self.steps(),
            "replicates": self.replicates,
            "seed": self.seed,
            "population": json!(self.population),
            "population_seed": self.population_seed,
            "baseline": self.baseline,
            "rules": json!(self.rules),
            "arms": arms,
            "primary": self.primary,
            "resolution": json!(self.resolution),
        });
        if let Some(uncertainty) = &self.uncertainty {
            resolved["uncertainty"] = json!({
                "from": uncertainty.from.to_string(),
                "parameters": uncertainty.parameters,
                "draws": uncertainty.draws,
                "structures": uncertainty.structures,
            });
        }
        if let Some(until) = &self.until {
            resolved["replicates"] = json!({ "until": until });
        }
        if let Some(attribution) = &self.attribution {
            resolved["attribution"] =
                json!({ "instruments": attribution.instruments, "permutations": attribution.permutations });
        }
        resolved
    }
}

fn number<N: FromStr>(text: &str, allowed: impl Fn(&N) -> bool, wanted: &str) -> Result<N, String> {
    text.parse().ok().filter(|number| allowed(number)).ok_or_else(|| format!("it must be {wanted}"))
}

fn whole(text: &str, most: u32) -> Result<u32, String> {
    number(text, |number| (1..=most).contains(number), &format!("a whole number from 1 to {most}"))
}
