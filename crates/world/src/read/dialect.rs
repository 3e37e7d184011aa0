//! How ron reads our files.

use ron::extensions::Extensions;

/// The name under which ron asks for the text of a value instead of the value.
pub(super) const TOKEN: &str = "$ron::private::RawValue";

/// How ron reads our files: `Some` may be left out, and a variant around a struct shows one pair of brackets.
pub(super) fn options() -> ron::Options {
    ron::Options::default().with_default_extension(Extensions::IMPLICIT_SOME | Extensions::UNWRAP_VARIANT_NEWTYPES)
}
