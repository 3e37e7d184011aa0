//! Lists, maps and structs of the second deserialiser.

use serde::de::value::StrDeserializer;
use serde::de::{DeserializeSeed, Error as _, IntoDeserializer, MapAccess, SeqAccess};

use super::View;
use crate::read::fault::Fault;
use crate::read::scan::{Entry, EntryKey, NodeId};
use crate::read::session::Session;
use crate::read::stand_in::StandIn;

/// Reads one value. A type that refuses a value after reading it knows no place: it is this one.
fn read<'de, T: DeserializeSeed<'de>>(session: &Session<'de>, value: NodeId, seed: T) -> Result<T::Value, Fault> {
    seed.deserialize(View::new(session, value)).map_err(|fault| fault.at(value))
}

/// The elements of a list or tuple, without hidden ones.
pub(super) struct Items<'s, 'de> {
    session: &'s Session<'de>,
    left: std::slice::Iter<'de, Entry>,
}

impl<'s, 'de> Items<'s, 'de> {
    pub(super) fn new(session: &'s Session<'de>, node: NodeId) -> Items<'s, 'de> {
        Items { session, left: session.tree.entries(node).iter() }
    }
}

impl<'de> SeqAccess<'de> for Items<'_, 'de> {
    type Error = Fault;

    fn next_element_seed<T: DeserializeSeed<'de>>(&mut self, seed: T) -> Result<Option<T::Value>, Fault> {
        match self.left.find(|entry| !self.session.is_hidden(entry.value)) {
            Some(entry) => read(self.session, entry.value, seed).map(Some),
            None => Ok(None),
        }
    }
}

/// The entries of a map, without hidden ones.
pub(super) struct Pairs<'s, 'de> {
    session: &'s Session<'de>,
    left: std::slice::Iter<'de, Entry>,
    value: Option<NodeId>,
}

impl<'s, 'de> Pairs<'s, 'de> {
    pub(super) fn new(session: &'s Session<'de>, node: NodeId) -> Pairs<'s, 'de> {
        Pairs { session, left: session.tree.entries(node).iter(), value: None }
    }
}

impl<'de> MapAccess<'de> for Pairs<'_, 'de> {
    type Error = Fault;

    fn next_key_seed<K: DeserializeSeed<'de>>(&mut self, seed: K) -> Result<Option<K::Value>, Fault> {
        let session = self.session;
        let hidden_key = |entry: &Entry| matches!(entry.key, Some(EntryKey::Value(key)) if session.is_hidden(key));
        let next = self.left.find(|entry| !session.is_hidden(entry.value) && !hidden_key(entry));
        let Some(entry) = next else { return Ok(None) };
        self.value = Some(entry.value);
        match &entry.key {
            Some(EntryKey::Value(key)) => read(session, *key, seed).map(Some),
            Some(EntryKey::Field(span)) => {
                let name: StrDeserializer<'_, Fault> = session.text[span.clone()].into_deserializer();
                seed.deserialize(name).map(Some)
            }
            None => Err(Fault::expected("`key: value`").at(entry.value)),
        }
    }

    fn next_value_seed<V: DeserializeSeed<'de>>(&mut self, seed: V) -> Result<V::Value, Fault> {
        match self.value.take() {
            Some(value) => read(self.session, value, seed),
            None => Err(Fault::custom("a value was asked for before its key")),
        }
    }
}

/// Where the value of a field comes from.
#[derive(Clone, Copy)]
enum Field {
    Given(NodeId),
    /// The struct lacks it; a stand-in of this flavour takes its place.
    Lacking(u8),
}

/// The fields of a struct, misspelt ones under the name that was meant.
pub(super) struct StructFields<'s, 'de> {
    session: &'s Session<'de>,
    node: NodeId,
    left: std::vec::IntoIter<(&'static str, Field)>,
    value: Option<(&'static str, Field)>,
}

impl<'s, 'de> StructFields<'s, 'de> {
    /// `of`: the name of the struct or variant, for messages; empty if it has none.
    pub(super) fn new(
        session: &'s Session<'de>,
        node: NodeId,
        of: &str,
        fields: &'static [&'static str],
    ) -> StructFields<'s, 'de> {
        // the word the author wrote, unless it is itself misspelt
        let of = match (of, session.name_of(node)) {
            (_, Some((written, _))) if crate::read::suggest::suggest(written, [of]).is_none() => written,
            ("", _) => "this struct",
            (name, _) => name,
        };
        let given = session.match_fields(node, of, fields).into_iter();
        let given =
            given.filter(|(_, value)| !session.is_hidden(*value)).map(|(name, value)| (name, Field::Given(value)));
        let lacking = session.repairs.lacking.get(&node).into_iter().flatten();
        let lacking = lacking.map(|(name, flavour)| (*name, Field::Lacking(*flavour)));
        let all: Vec<_> = given.chain(lacking).collect();
        StructFields { session, node, left: all.into_iter(), value: None }
    }
}

impl<'de> MapAccess<'de> for StructFields<'_, 'de> {
    type Error = Fault;

    fn next_key_seed<K: DeserializeSeed<'de>>(&mut self, seed: K) -> Result<Option<K::Value>, Fault> {
        self.value = self.left.next();
        let Some((name, _)) = self.value else { return Ok(None) };
        let name: StrDeserializer<'_, Fault> = name.into_deserializer();
        seed.deserialize(name).map(Some)
    }

    fn next_value_seed<V: DeserializeSeed<'de>>(&mut self, seed: V) -> Result<V::Value, Fault> {
        match self.value.take() {
            Some((_, Field::Given(value))) => read(self.session, value, seed),
            Some((name, Field::Lacking(flavour))) => {
                seed.deserialize(StandIn::new(flavour)).map_err(|fault| fault.at_lacking(self.node, name))
            }
            None => Err(Fault::custom("a value was asked for before its field")),
        }
    }
}
