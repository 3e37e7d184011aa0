//! The second deserialiser: reads typed data from the tree of spans, mends what earlier passes found wrong.
//!
//! It is more lenient than ron, never stricter: ron decides what a file means, this one only finds where and why it
//! cannot be read. Scalars are handed to ron itself.

mod compound;
mod variant;

use serde::de::value::StrDeserializer;
use serde::de::{Deserializer, IntoDeserializer, Visitor};

use super::fault::{Fault, Wrong};
use super::scan::{Bracket, Kind, NodeId};
use super::session::{Repair, Session, one_of};
use super::stand_in::StandIn;
use compound::{Items, Pairs, StructFields};
use variant::Chosen;

/// One value of the file, about to be read.
#[derive(Clone, Copy)]
pub(super) struct View<'s, 'de> {
    pub(super) session: &'s Session<'de>,
    pub(super) node: NodeId,
    /// Whether the value is the content of the variant or `Some` whose brackets `node` is, so that
    /// `Days(30)` reads as 30 and `Direct(share: 0.4)` as a struct.
    pub(super) content: bool,
}

impl<'s, 'de> View<'s, 'de> {
    pub(super) fn new(session: &'s Session<'de>, node: NodeId) -> View<'s, 'de> {
        View { session, node, content: false }
    }

    fn stand_in(&self) -> Option<StandIn> {
        let repair = self.session.repair(self.node).or_else(|| self.session.repair(self.inside().node))?;
        match repair {
            Repair::StandIn(flavour) => Some(StandIn::new(flavour)),
            Repair::Hidden => None,
        }
    }

    /// The node whose stand-in is read.
    fn mended(&self) -> NodeId {
        if self.session.repair(self.node).is_some() { self.node } else { self.inside().node }
    }

    /// The value itself, inside the brackets of its variant.
    pub(super) fn inside(self) -> View<'s, 'de> {
        match (self.content, self.session.tree.only_argument(self.node)) {
            (true, Some(node)) => View { node, content: false, ..self },
            _ => self,
        }
    }

    fn kind(&self) -> &'de Kind {
        &self.session.tree.nodes[self.node].kind
    }

    /// Reads a scalar by ron itself.
    fn scalar<R>(
        self,
        expected: &str,
        read: impl FnOnce(&mut ron::Deserializer<'de>) -> ron::error::Result<R>,
    ) -> Result<R, Fault> {
        let text = self.session.text_of(self.node);
        let mut deserializer = ron::Deserializer::from_str_with_options(text, &super::dialect::options())
            .map_err(|error| Fault::of_scalar(error.code, expected).at(self.node))?;
        let value = read(&mut deserializer).map_err(|error| Fault::of_scalar(error, expected).at(self.node))?;
        deserializer.end().map_err(|_| Fault::expected(expected).at(self.node))?;
        Ok(value)
    }

    /// Notes NaN, infinities and numbers beyond the range of `f64`, which ron reads without a word.
    fn mind_finite(&self) {
        let text = self.session.text_of(self.node);
        if ron::from_str::<f64>(text).is_ok_and(|value| !value.is_finite()) {
            let message = format!("{} is {text}; a number must be finite", self.session.subject(self.node));
            self.session.remark(self.session.tree.opening(self.node), message, None, true);
        }
    }

    /// Notes a struct name that is not `name`.
    fn mind_name(&self, name: &'static str) {
        if let Some((written, span)) = self.session.name_of(self.node)
            && !self.content
            && written != name
            && !name.is_empty()
        {
            let message = format!("`{written}` stands where `{name}` belongs");
            self.session.unknown(span, message, std::iter::once(name), false);
        }
    }
}

macro_rules! scalars {
    ($($method:ident: $expected:expr;)*) => { $(
        fn $method<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Fault> {
            match self.stand_in() {
                Some(value) => value.$method(visitor).map_err(|fault| fault.at(self.mended())),
                None => self.inside().scalar($expected, |ron| ron.$method(visitor)),
            }
        }
    )* };
}

impl<'de> Deserializer<'de> for View<'_, 'de> {
    type Error = Fault;

    scalars! {
        deserialize_bool: "`true` or `false`";
        deserialize_i8: "a whole number from -128 to 127";
        deserialize_i16: "a whole number from -32768 to 32767";
        deserialize_i32: "a whole number from -2147483648 to 2147483647";
        deserialize_i64: "a whole number";
        deserialize_i128: "a whole number";
        deserialize_u8: "a whole number from 0 to 255";
        deserialize_u16: "a whole number from 0 to 65535";
        deserialize_u32: "a whole number from 0 to 4294967295";
        deserialize_u64: "a whole number, 0 or more";
        deserialize_u128: "a whole number, 0 or more";
        deserialize_char: "one character in single quotes";
        deserialize_str: "text in double quotes";
        deserialize_string: "text in double quotes";
        deserialize_bytes: "a byte string";
        deserialize_byte_buf: "a byte string";
        deserialize_unit: "`()`";
    }

    fn deserialize_f32<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Fault> {
        self.deserialize_f64(visitor)
    }

    fn deserialize_f64<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Fault> {
        if let Some(value) = self.stand_in() {
            return value.deserialize_f64(visitor).map_err(|fault| fault.at(self.mended()));
        }
        let view = self.inside();
        view.mind_finite();
        view.scalar("a number", |ron| ron.deserialize_f64(visitor))
    }

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Fault> {
        if let Some(value) = self.stand_in() {
            return value.deserialize_any(visitor).map_err(|fault| fault.at(self.mended()));
        }
        let view = self.inside();
        match view.session.tree.bracket(view.node) {
            None => view.scalar("a value", |ron| ron.deserialize_any(visitor)),
            Some(Bracket::Square) => view.deserialize_seq(visitor),
            Some(Bracket::Curly) => view.deserialize_map(visitor),
            Some(Bracket::Round) => {
                let entries = view.session.tree.entries(view.node);
                if entries.iter().any(|entry| entry.key.is_some()) {
                    visitor.visit_map(Pairs::new(view.session, view.node)).map_err(|fault| fault.at(view.node))
                } else {
                    visitor.visit_seq(Items::new(view.session, view.node)).map_err(|fault| fault.at(view.node))
                }
            }
        }
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Fault> {
        if let Some(value) = self.stand_in() {
            return value.deserialize_option(visitor).map_err(|fault| fault.at(self.mended()));
        }
        let view = self.inside();
        match (view.kind(), view.session.name_of(view.node)) {
            (Kind::Word, Some(("None", _))) => visitor.visit_none(),
            (Kind::Group { .. }, Some(("Some", _))) => visitor.visit_some(View { content: true, ..view }),
            _ => visitor.visit_some(view),
        }
        .map_err(|fault| fault.at(view.node))
    }

    fn deserialize_unit_struct<V: Visitor<'de>>(self, name: &'static str, visitor: V) -> Result<V::Value, Fault> {
        match self.stand_in() {
            Some(value) => value.deserialize_unit(visitor).map_err(|fault| fault.at(self.mended())),
            None => self.inside().scalar(&format!("`{name}`"), |ron| ron.deserialize_unit_struct(name, visitor)),
        }
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(self, name: &'static str, visitor: V) -> Result<V::Value, Fault> {
        if let Some(value) = self.stand_in() {
            return value.deserialize_newtype_struct(name, visitor).map_err(|fault| fault.at(self.mended()));
        }
        if name == super::dialect::TOKEN {
            let view = self.inside();
            return visitor.visit_borrowed_str(view.session.text_of(view.node));
        }
        let wrapped = self.session.tree.bracket(self.node) == Some(Bracket::Round) && !self.content;
        visitor
            .visit_newtype_struct(View { content: self.content || wrapped, ..self })
            .map_err(|fault| fault.at(self.node))
    }

    fn deserialize_seq<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Fault> {
        if let Some(value) = self.stand_in() {
            return value.deserialize_seq(visitor).map_err(|fault| fault.at(self.mended()));
        }
        let view = self.inside();
        match view.session.tree.bracket(view.node) {
            Some(Bracket::Square) => visitor.visit_seq(Items::new(view.session, view.node)),
            _ => Err(Fault::expected("a list `[...]`")),
        }
        .map_err(|fault| fault.at(view.node))
    }

    fn deserialize_tuple<V: Visitor<'de>>(self, len: usize, visitor: V) -> Result<V::Value, Fault> {
        if let Some(value) = self.stand_in() {
            return value.deserialize_tuple(len, visitor).map_err(|fault| fault.at(self.mended()));
        }
        // a variant around a tuple may show the brackets of both or of one
        let view = if len == 1 { self } else { self.inside() };
        let fault = match view.kind() {
            Kind::Group { bracket: Bracket::Round | Bracket::Square, entries, .. } if entries.len() == len => {
                return visitor.visit_seq(Items::new(view.session, view.node)).map_err(|fault| fault.at(view.node));
            }
            Kind::Group { bracket: Bracket::Round | Bracket::Square, entries, .. } => {
                Fault::new(Wrong::Length { expected: values(len), found: entries.len() })
            }
            _ => Fault::expected(format!("{} in parentheses", values(len))),
        };
        Err(fault.at(view.node))
    }

    fn deserialize_tuple_struct<V: Visitor<'de>>(
        self,
        name: &'static str,
        len: usize,
        visitor: V,
    ) -> Result<V::Value, Fault> {
        if self.stand_in().is_none() {
            self.mind_name(name);
        }
        self.deserialize_tuple(len, visitor)
    }

    fn deserialize_map<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Fault> {
        if let Some(value) = self.stand_in() {
            return value.deserialize_map(visitor).map_err(|fault| fault.at(self.mended()));
        }
        let view = self.inside();
        match view.session.tree.bracket(view.node) {
            Some(Bracket::Square) | None => Err(Fault::expected("a map `{...}`")),
            Some(_) => {
                view.session.mind_double_keys(view.node);
                visitor.visit_map(Pairs::new(view.session, view.node))
            }
        }
        .map_err(|fault| fault.at(view.node))
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        name: &'static str,
        fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Fault> {
        if let Some(value) = self.stand_in() {
            return value.deserialize_struct(name, fields, visitor).map_err(|fault| fault.at(self.mended()));
        }
        let view = self.inside();
        match view.kind() {
            Kind::Group { bracket: Bracket::Round, .. } => {
                view.mind_name(name);
                visitor.visit_map(StructFields::new(view.session, view.node, name, fields))
            }
            // ranges such as 0.1..0.5 are scalars that ron reads as structs
            Kind::Scalar if view.session.text_of(view.node).contains("..") => {
                return view.scalar("a range", |ron| ron.deserialize_struct(name, fields, visitor));
            }
            _ => {
                let names = one_of(fields.iter().copied()).unwrap_or_else(|| "none".to_owned());
                Err(Fault::expected(format!("`(...)` with fields: {}", names.trim_start_matches("one of "))))
            }
        }
        .map_err(|fault| fault.at(view.node))
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        name: &'static str,
        variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Fault> {
        if let Some(value) = self.stand_in() {
            return value.deserialize_enum(name, variants, visitor).map_err(|fault| fault.at(self.mended()));
        }
        let view = self.inside();
        Chosen::new(view, variants).and_then(|chosen| visitor.visit_enum(chosen)).map_err(|fault| fault.at(view.node))
    }

    fn deserialize_identifier<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Fault> {
        let text: StrDeserializer<'de, Fault> = self.session.text_of(self.node).trim_matches('"').into_deserializer();
        text.deserialize_any(visitor).map_err(|fault| fault.at(self.node))
    }

    fn deserialize_ignored_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Fault> {
        visitor.visit_unit()
    }
}

/// "1 value", "3 values".
pub(super) fn values(count: usize) -> String {
    if count == 1 { "1 value".to_owned() } else { format!("{count} values") }
}
