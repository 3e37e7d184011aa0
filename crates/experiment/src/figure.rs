//! A figure that an experiment may name: of table `displacement` or of table `effects`.

use doorstroom_observe::measures;
use doorstroom_world::read::suggest;

use crate::displacement;

/// A figure by its parts.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Figure<'a> {
    /// Of table `displacement`: definition, measure, group.
    Displacement(&'static str, &'a str, &'static str),
    /// Of table `effects`: measure and group, of the country.
    Effect(&'static str, &'static str),
}

/// The measure that a definition has without one being named.
const HEADLINES: [(&str, &str); 2] = [("D1", "ratio"), ("D2", "wait")];

impl<'a> Figure<'a> {
    /// The figure that is so named, if there is one.
    pub fn of(words: &'a str) -> Option<Figure<'a>> {
        if let Some((measure, group)) = measures::named(words) {
            return Some(Figure::Effect(measure.name, group));
        }
        let (definition, rest) = words.split_once('.')?;
        let headline = HEADLINES.iter().find(|(of, _)| *of == definition && !rest.contains('.'));
        let (measure, group) = match headline {
            Some((_, measure)) => (*measure, rest),
            None => rest.rsplit_once('.')?,
        };
        let is = |figure: &&(&str, String, &str)| figure.0 == definition && figure.1 == measure && figure.2 == group;
        let figures = displacement::figures();
        figures.iter().find(is).map(|&(definition, _, group)| Figure::Displacement(definition, measure, group))
    }

    /// The way of naming a figure that is nearest to `words`.
    pub fn nearest(words: &str) -> Option<String> {
        let figures = displacement::figures().into_iter();
        let of_displacement =
            figures.map(|(definition, measure, group)| match HEADLINES.contains(&(definition, measure.as_str())) {
                true => format!("{definition}.{group}"),
                false => format!("{definition}.{measure}.{group}"),
            });
        let known: Vec<String> = of_displacement.chain(measures::names()).collect();
        suggest(words, known.iter().map(String::as_str)).map(str::to_owned)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_are_named_by_definition_or_measure_and_group() {
        assert_eq!(Figure::of("D1.regular"), Some(Figure::Displacement("D1", "ratio", "regular")));
        assert_eq!(Figure::of("D3.lost.regular"), Some(Figure::Displacement("D3", "lost", "regular")));
        assert_eq!(Figure::of("reception.overdue.all"), Some(Figure::Effect("reception.overdue", "all")));
        for wrong in ["D3.regular", "flow.starters", "", "D9.regular", "D3.foo.regular", "D1.status_holder"] {
            assert_eq!(Figure::of(wrong), None, "{wrong}");
        }
    }
}
