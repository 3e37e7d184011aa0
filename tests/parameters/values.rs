//! Other values of a parameter, found by its own range and type, never by its name.

use doorstroom_kernel::Day;
use doorstroom_policy::Rules;
use ron::error::Error;

/// One parameter of the rules, as they list it themselves.
#[derive(Clone, Debug)]
pub struct Subject {
    /// `subject.parameter`.
    pub path: String,
    /// Range in which its numbers must lie.
    pub allowed: (f64, f64),
    /// Ends worth trying, where its policy file states them.
    pub stated: Option<(f64, f64)>,
}

/// Every parameter of these rules.
pub fn subjects(rules: &Rules) -> Vec<Subject> {
    let mut found = Vec::new();
    rules.each(&mut |path, _, allowed, parameter| {
        found.push(Subject { path: path.to_owned(), allowed, stated: parameter.range() });
    });
    found
}

impl Subject {
    /// Values that it has under `rules`, by date, as text.
    pub fn told(&self, rules: &Rules) -> String {
        let mut told = Vec::new();
        rules.each(&mut |path, _, _, parameter| {
            if path == self.path {
                told = parameter.steps().into_iter().map(|(_, value, _)| value).collect();
            }
        });
        told.join(", then ")
    }

    /// Other values to try under `rules`: the ends that its file states; without them twice and half of what it is, or for
    /// what is off a part of what is allowed; the contrary; the other variants.
    pub fn others(&self, rules: &Rules) -> Vec<String> {
        let told = self.told(rules);
        let now = told.rsplit(", then ").next().unwrap_or_default();
        let mut others = match (now, self.stated) {
            ("true" | "false", _) => vec![(now == "false").to_string()],
            (number, Some((low, high))) if number.parse::<f64>().is_ok() => vec![high.to_string(), low.to_string()],
            (text, _) if text.starts_with(|first: char| first.is_ascii_uppercase()) => self.variants(rules),
            (text, _) => self.scaled(text),
        };
        others.retain(|other| other != now && self.is_sound(other, rules));
        others
    }

    /// The lowest and the highest of what is allowed, in all its numbers at once.
    pub fn at_the_ends(&self, rules: &Rules) -> Vec<String> {
        let told = self.told(rules);
        let now = told.rsplit(", then ").next().unwrap_or_default();
        let (low, high) = self.allowed;
        let mut ends = vec![with_numbers(now, |_| low), with_numbers(now, |_| high)];
        ends.retain(|end| end != now && self.is_sound(end, rules));
        ends
    }

    /// Whether the rules take this value: shares sum to 1, lists have their length.
    fn is_sound(&self, value: &str, rules: &Rules) -> bool {
        let mut rules = rules.clone();
        if !matches!(rules.set(&self.path, Day(0), value, "test"), Some(Ok(()))) {
            return false;
        }
        let mut sound = true;
        rules.each(&mut |path, _, (low, high), parameter| {
            sound &= path != self.path || parameter.faults(low, high).is_empty();
        });
        sound
    }

    /// Numbers doubled, halved and, in a list, turned round; ages and names stay.
    fn scaled(&self, text: &str) -> Vec<String> {
        let (low, high) = self.allowed;
        let off = |part: f64| move |x: f64| if x == 0.0 { low + part * (high - low) } else { x };
        let keep = |x: f64| x.clamp(low, high);
        let alone = text.parse::<f64>().is_ok();
        let zero = alone && text.parse::<f64>().is_ok_and(|x| x == 0.0);
        let mut others = match zero {
            true => vec![with_numbers(text, off(0.01)), with_numbers(text, off(0.5))],
            false => vec![with_numbers(text, |x| keep(2.0 * x)), with_numbers(text, |x| keep(x / 2.0))],
        };
        if !alone {
            let mut turned = numbers(text);
            turned.reverse();
            let mut turned = turned.into_iter();
            others.push(with_numbers(text, |x| turned.next().unwrap_or(x)));
        }
        others
    }

    /// All variants that can be written without further fields. RON names them when it is given one that is none.
    fn variants(&self, rules: &Rules) -> Vec<String> {
        let tried = rules.clone().set(&self.path, Day(0), "NoVariantHasThisName", "test");
        let Some(Err(refused)) = tried else { return Vec::new() };
        let Error::NoSuchEnumVariant { expected, .. } = refused.code else { return Vec::new() };
        expected.iter().flat_map(|name| [(*name).to_owned(), format!("{name}()")]).collect()
    }
}

/// Numbers of a value that are no age of a table.
fn numbers(text: &str) -> Vec<f64> {
    let mut found = Vec::new();
    let _ = with_numbers(text, |x| {
        found.push(x);
        x
    });
    found
}

/// A value with each of its numbers put through `change`. The first number in brackets is the age of a row.
fn with_numbers(text: &str, mut change: impl FnMut(f64) -> f64) -> String {
    let mut written = String::new();
    let mut rest = text;
    while let Some(start) = rest.find(|c: char| c.is_ascii_digit()) {
        let (before, from) = rest.split_at(start);
        let length = from.find(|c: char| !(c.is_ascii_digit() || ".eE-+".contains(c))).unwrap_or(from.len());
        let (number, after) = from.split_at(length);
        written += before;
        match number.parse::<f64>() {
            Ok(x) if !before.ends_with('(') => written += &change(x).to_string(),
            _ => written += number,
        }
        rest = after;
    }
    written + rest
}

#[test]
fn other_values_keep_ages_and_names_and_stay_within_what_is_allowed() {
    let chance = Subject { path: String::new(), allowed: (0.0, 0.99), stated: None };
    assert_eq!(chance.scaled("0.6"), ["0.99", "0.3"]);
    assert_eq!(
        chance.scaled("[(17,0.2),(30,0.4)]"),
        ["[(17,0.4),(30,0.8)]", "[(17,0.1),(30,0.2)]", "[(17,0.4),(30,0.2)]"]
    );
    assert_eq!(chance.scaled("(tight:0.1,middle:0.2)")[0], "(tight:0.2,middle:0.4)");
    let places = Subject { path: String::new(), allowed: (0.0, 1000.0), stated: None };
    assert_eq!(places.scaled("0.0"), ["10", "500"]);
}
