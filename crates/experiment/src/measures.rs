//! The measures of an arm as they are kept of a finished replicate: figures beside keys that replicates share, so that one
//! more replicate costs its figures and no words.

use std::collections::BTreeMap;
use std::sync::Arc;

use doorstroom_observe::MeasureKey;
use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// Measures since the fork, by key. Copies share what they hold.
#[derive(Clone, Debug, PartialEq)]
pub struct Measures {
    /// Ascending.
    keys: Arc<[MeasureKey]>,
    /// One for each key.
    values: Arc<[f64]>,
}

impl Measures {
    /// The figure of a key.
    pub fn get(&self, key: &MeasureKey) -> Option<&f64> {
        self.values.get(self.keys.binary_search(key).ok()?)
    }

    /// Keys, ascending.
    pub fn keys(&self) -> impl Iterator<Item = &MeasureKey> {
        self.keys.iter()
    }

    /// Keys, ascending, and their figures.
    pub fn iter(&self) -> impl Iterator<Item = (&MeasureKey, &f64)> {
        self.keys.iter().zip(self.values.iter())
    }
}

impl From<&BTreeMap<MeasureKey, f64>> for Measures {
    fn from(measures: &BTreeMap<MeasureKey, f64>) -> Measures {
        Measures { keys: measures.keys().cloned().collect(), values: measures.values().copied().collect() }
    }
}

/// The lists of keys seen so far; there are as many as kinds of arms, however many replicates.
#[derive(Clone, Debug, Default)]
pub struct SharedKeys(Vec<Arc<[MeasureKey]>>);

impl SharedKeys {
    /// Lets measures hold the list that is known, if theirs says the same.
    pub fn share(&mut self, measures: &mut Measures) {
        match self.0.iter().find(|known| **known == measures.keys) {
            Some(known) => measures.keys = known.clone(),
            None => self.0.push(measures.keys.clone()),
        }
    }
}

/// Measure, group, area, unit, denominator, and the figure written so that it comes back bit by bit, NaN too.
type Line = (String, String, String, String, String, String);

impl Serialize for Measures {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        let word = |text: &doorstroom_observe::table::Text| text.as_str().to_owned();
        let line = |(key, value): (&MeasureKey, &f64)| -> Line {
            let number = format!("{value:?}");
            (word(&key.measure), word(&key.group), word(&key.area), word(&key.unit), word(&key.denominator), number)
        };
        to.collect_seq(self.iter().map(line))
    }
}

impl<'de> Deserialize<'de> for Measures {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Measures, D::Error> {
        let mut measures = BTreeMap::new();
        for (measure, group, area, unit, denominator, number) in Vec::<Line>::deserialize(from)? {
            let value = number.parse().map_err(|_| D::Error::custom(format!("`{number}` is not a number")))?;
            let key = MeasureKey {
                measure: measure.into(),
                group: group.into(),
                area: area.into(),
                unit: unit.into(),
                denominator: denominator.into(),
            };
            measures.insert(key, value);
        }
        Ok(Measures::from(&measures))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn measures(names: &[&str]) -> Measures {
        let key = |name: &str| MeasureKey {
            measure: name.to_owned().into(),
            group: "all".into(),
            area: "NL".into(),
            unit: "persons".into(),
            denominator: String::new().into(),
        };
        Measures::from(&names.iter().zip(1..).map(|(name, value)| (key(name), f64::from(value))).collect())
    }

    #[test]
    fn equal_keys_are_held_once_and_others_stay_apart() {
        let mut shared = SharedKeys::default();
        let [mut one, mut other, mut third] = [measures(&["a", "b"]), measures(&["a", "b"]), measures(&["a"])];
        for measures in [&mut one, &mut other, &mut third] {
            shared.share(measures);
        }
        assert!(Arc::ptr_eq(&one.keys, &other.keys) && !Arc::ptr_eq(&one.keys, &third.keys));
        assert_eq!((one, shared.0.len()), (other, 2));
    }

    #[test]
    fn every_figure_comes_back_bit_by_bit() {
        let mut measures = measures(&["a", "b", "c"]);
        measures.values = [0.1 + 0.2, f64::NAN, f64::NEG_INFINITY].into();
        let back: Measures = serde_json::from_str(&serde_json::to_string(&measures).unwrap()).unwrap();
        let bits = |measures: &Measures| measures.values.iter().map(|value| value.to_bits()).collect::<Vec<_>>();
        assert_eq!((back.keys.clone(), bits(&back)), (measures.keys.clone(), bits(&measures)));
    }
}
