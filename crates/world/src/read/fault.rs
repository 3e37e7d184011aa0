//! The error type of the second deserialiser: what is wrong and at which value.

use std::fmt;

use serde::de::{Error as _, Expected, Unexpected};

use super::scan::NodeId;

/// Where a value that could not be read stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Place {
    /// At a value of the file.
    Node(NodeId),
    /// At the stand-in for a field that the struct at this node lacks.
    Lacking(NodeId, &'static str),
}

/// What is wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Wrong {
    /// A type refused the value in its own words.
    Refused(String),
    /// Another kind of value was needed.
    Expected(String),
    /// A tuple, list or argument list of another length was needed.
    Length { expected: String, found: usize },
    /// No variant has this name.
    Variant { found: String, expected: &'static [&'static str] },
    /// A field is not there.
    Lacks(&'static str),
}

/// A value could not be read.
#[derive(Clone, Debug)]
pub(super) struct Fault {
    pub(super) place: Option<Place>,
    pub(super) wrong: Wrong,
}

impl Fault {
    pub(super) fn new(wrong: Wrong) -> Fault {
        Fault { place: None, wrong }
    }

    pub(super) fn expected(what: impl Into<String>) -> Fault {
        Fault::new(Wrong::Expected(what.into()))
    }

    /// Sets the place unless a deeper value has set it already.
    pub(super) fn at(mut self, node: NodeId) -> Fault {
        self.place.get_or_insert(Place::Node(node));
        self
    }

    /// Like [`Fault::at`], for the stand-in of a field that is not there.
    pub(super) fn at_lacking(mut self, node: NodeId, field: &'static str) -> Fault {
        self.place.get_or_insert(Place::Lacking(node, field));
        self
    }

    /// The fault behind ron's error in reading one scalar, of which `expected` was wanted.
    pub(super) fn of_scalar(error: ron::Error, expected: &str) -> Fault {
        match error {
            ron::Error::Message(text) => Fault::custom(text),
            ron::Error::InvalidValueForType { expected, .. } => Fault::expected(expected),
            ron::Error::NoSuchEnumVariant { expected, found, .. } => Fault::new(Wrong::Variant { found, expected }),
            _ => Fault::expected(expected),
        }
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.wrong {
            Wrong::Refused(text) => write!(f, "{text}"),
            Wrong::Expected(what) => write!(f, "expected {what}"),
            Wrong::Length { expected, found } => write!(f, "expected {expected}, found {found}"),
            Wrong::Variant { found, .. } => write!(f, "unknown variant `{found}`"),
            Wrong::Lacks(field) => write!(f, "`{field}` is missing"),
        }
    }
}

impl std::error::Error for Fault {}

impl serde::de::Error for Fault {
    fn custom<T: fmt::Display>(text: T) -> Fault {
        Fault::new(Wrong::Refused(text.to_string()))
    }

    fn invalid_type(_: Unexpected<'_>, expected: &dyn Expected) -> Fault {
        Fault::expected(expected.to_string())
    }

    fn invalid_value(_: Unexpected<'_>, expected: &dyn Expected) -> Fault {
        Fault::expected(expected.to_string())
    }

    fn invalid_length(found: usize, expected: &dyn Expected) -> Fault {
        Fault::new(Wrong::Length { expected: expected.to_string(), found })
    }

    fn unknown_variant(found: &str, expected: &'static [&'static str]) -> Fault {
        Fault::new(Wrong::Variant { found: found.to_owned(), expected })
    }

    fn missing_field(field: &'static str) -> Fault {
        Fault::new(Wrong::Lacks(field))
    }
}
