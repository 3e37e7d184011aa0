//! Enum variants of the second deserialiser.

use serde::de::value::StrDeserializer;
use serde::de::{DeserializeSeed, Deserializer as _, EnumAccess, IntoDeserializer, VariantAccess, Visitor};

use super::View;
use super::compound::StructFields;
use crate::read::fault::{Fault, Wrong};
use crate::read::scan::{Bracket, Kind};
use crate::read::session::one_of;

/// A variant chosen by its name, or by the name that was meant.
pub(super) struct Chosen<'s, 'de> {
    view: View<'s, 'de>,
    name: &'static str,
}

impl<'s, 'de> Chosen<'s, 'de> {
    /// # Errors
    /// The value has no name, or one that is not near any of `variants`.
    pub(super) fn new(view: View<'s, 'de>, variants: &'static [&'static str]) -> Result<Chosen<'s, 'de>, Fault> {
        let Some((written, span)) = view.session.name_of(view.node) else {
            let names = one_of(variants.iter().copied()).unwrap_or_else(|| "nothing".to_owned());
            return Err(Fault::expected(names));
        };
        let chosen = match variants.iter().find(|name| **name == written) {
            Some(name) => Some(*name),
            None if crate::read::suggest::suggest(written, variants.iter().copied()).is_some() => {
                let message = format!("unknown variant `{written}`");
                view.session.unknown(span, message, variants.iter().copied(), false)
            }
            None => None,
        };
        match chosen {
            Some(name) => Ok(Chosen { view, name }),
            None => Err(Fault::new(Wrong::Variant { found: written.to_owned(), expected: variants })),
        }
    }

    fn without_content<T>(&self, wanted: &str) -> Result<T, Fault> {
        Err(Fault::expected(format!("`{}(...)` with {wanted}", self.name)).at(self.view.node))
    }

    fn has_brackets(&self) -> bool {
        self.view.session.tree.bracket(self.view.node) == Some(Bracket::Round)
    }
}

impl<'s, 'de> EnumAccess<'de> for Chosen<'s, 'de> {
    type Error = Fault;
    type Variant = Chosen<'s, 'de>;

    fn variant_seed<V: DeserializeSeed<'de>>(self, seed: V) -> Result<(V::Value, Chosen<'s, 'de>), Fault> {
        let name: StrDeserializer<'_, Fault> = self.name.into_deserializer();
        Ok((seed.deserialize(name)?, self))
    }
}

impl<'de> VariantAccess<'de> for Chosen<'_, 'de> {
    type Error = Fault;

    fn unit_variant(self) -> Result<(), Fault> {
        match &self.view.session.tree.nodes[self.view.node].kind {
            Kind::Group { .. } => {
                let expected = format!("`{}` without brackets", self.name);
                Err(Fault::expected(expected).at(self.view.node))
            }
            _ => Ok(()),
        }
    }

    fn newtype_variant_seed<T: DeserializeSeed<'de>>(self, seed: T) -> Result<T::Value, Fault> {
        if !self.has_brackets() {
            return self.without_content("its value");
        }
        let content = View { content: true, ..self.view };
        seed.deserialize(content).map_err(|fault| fault.at(content.inside().node))
    }

    fn tuple_variant<V: Visitor<'de>>(self, len: usize, visitor: V) -> Result<V::Value, Fault> {
        if !self.has_brackets() {
            return self.without_content(&super::values(len));
        }
        View { content: false, ..self.view }.deserialize_tuple(len, visitor)
    }

    fn struct_variant<V: Visitor<'de>>(self, fields: &'static [&'static str], visitor: V) -> Result<V::Value, Fault> {
        if !self.has_brackets() {
            return self.without_content(&one_of(fields.iter().copied()).unwrap_or_default().replace("one of ", ""));
        }
        let fields = StructFields::new(self.view.session, self.view.node, self.name, fields);
        visitor.visit_map(fields).map_err(|fault| fault.at(self.view.node))
    }
}
