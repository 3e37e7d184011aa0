//! Placeholder until the process lands in this working tree.
use crate::month::Phase;
use doorstroom_kernel::registrar::Registrar;
/// Registers the phase.
pub fn register(_registrar: &mut Registrar<'_, Phase>) {}
