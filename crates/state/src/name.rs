//! Identity is kinship: the same household has the same name in every arm of an experiment.

use doorstroom_kernel::chance::{join, mix};

/// Who a household, dwelling or registration is: a 64-bit hash of its kinship path. Never a counter.
///
/// Seeds, tie-breaks, sort keys, output rows and joins use names. With ten million names the chance that any two
/// collide is 3e-6.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default)]
#[repr(transparent)]
pub struct KinName(pub u64);

impl KinName {
    /// Nobody.
    pub const NOBODY: KinName = KinName(0);

    /// Something present at the start: its kind, the CBS number of its municipality, its ordinal there.
    pub fn resident(kind: &str, municipality_code: u32, ordinal: u32) -> Self {
        KinName(join(Self::word(kind), u64::from(municipality_code) << 32 | u64::from(ordinal)))
    }

    /// Something that comes out of `parent` by an event of this kind, the `ordinal`-th of its life.
    pub fn offspring(parent: KinName, kind: &str, ordinal: u32) -> Self {
        KinName(join(join(Self::word(kind), parent.0), u64::from(ordinal)))
    }

    /// An arrival: the `ordinal`-th of `stream` in `step`, in `place` (a municipality code, 0 for the country).
    pub fn arrival(stream: &str, place: u32, step: u16, ordinal: u32) -> Self {
        KinName(join(join(Self::word(stream), u64::from(place)), u64::from(step) << 32 | u64::from(ordinal)))
    }

    /// How keenly its holder reacts, as a position among all registrations (of 2^32): a fixed trait of who it is.
    pub const fn zeal(self) -> u32 {
        (mix(self.0 ^ 0x7a65_616c_0000_0001) >> 32) as u32
    }

    fn word(kind: &str) -> u64 {
        kind.bytes().fold(0xcbf2_9ce4_8422_2325, |hash, byte| mix(hash ^ u64::from(byte)))
    }
}

/// Names carried by a household: its own, and that of the household that merged into it.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
#[repr(C)]
pub struct Kin {
    /// Who it is.
    pub name: KinName,
    /// The party that merged into it at pairing and gets its name back at break-up; [`KinName::NOBODY`] if none.
    pub retired: KinName,
}
