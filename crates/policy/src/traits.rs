//! What an act does, as names that policies ask about.

use serde::de::{SeqAccess, Visitor};
use serde::ser::SerializeSeq;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// Every trait, in the order of its bit: `context.traits.contains("sends-out")`.
///
/// `outward` is anything that leaves the machine, also a harmless fetch; `sends-out` means that files, secrets or the
/// output of commands leave; `not-understood` that it could not be told; `evades` that it is written so as to hide
/// what it does.
pub const TRAITS: [&str; 28] = [
    "destroys-files",
    "destroys-disk",
    "discards-work",
    "rewrites-history",
    "destroys-data",
    "destroys-infrastructure",
    "changes-infrastructure",
    "reads-secret",
    "sends-out",
    "outward",
    "runs-remote-code",
    "opens-remote-shell",
    "disables-security",
    "changes-agent",
    "persists",
    "installs-unusual",
    "changes-supply-chain",
    "publishes",
    "changes-access",
    "escalates",
    "escapes-container",
    "exposes-network",
    "loosens-permissions",
    "exhausts",
    "deceives",
    "outside-project",
    "evades",
    "not-understood",
];

/// A set of [`TRAITS`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Hash)]
pub struct Traits(u64);

impl Traits {
    /// No trait: everyday work.
    pub const NONE: Self = Self(0);

    /// The trait of a name, if there is one.
    pub fn of(name: &str) -> Option<Self> {
        TRAITS.iter().zip(0u32..).find(|(known, _)| **known == name).map(|(_, bit)| Self(1 << bit))
    }

    /// The set of some names. A name that this policy engine does not know is `not-understood`, never nothing: a newer
    /// reader of calls may say what an older policy has not heard of.
    pub fn from_names<'a>(names: impl IntoIterator<Item = &'a str>) -> Self {
        names.into_iter().fold(Self::NONE, |set, name| {
            set.with(Self::of(name).or_else(|| Self::of("not-understood")).unwrap_or_default())
        })
    }

    /// Both sets together.
    pub fn with(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// This set without the other.
    pub fn without(self, other: Self) -> Self {
        Self(self.0 & !other.0)
    }

    /// Whether they share a trait.
    pub fn meets(self, other: Self) -> bool {
        self.0 & other.0 != 0
    }

    /// Whether every trait of the other is here.
    pub fn holds(self, other: Self) -> bool {
        self.0 & other.0 == other.0
    }

    /// The names, in the order of [`TRAITS`].
    pub fn names(self) -> impl Iterator<Item = &'static str> {
        TRAITS.iter().zip(0u32..).filter(move |(_, bit)| self.0 & (1 << bit) != 0).map(|(name, _)| *name)
    }

    /// One bit for each trait, as the compiled form keeps it.
    #[cfg(feature = "cedar")]
    pub(crate) fn bits(self) -> u64 {
        self.0
    }

    /// The set of these bits; bits without a name are left out.
    pub(crate) fn from_bits(bits: u64) -> Self {
        Self(bits & ((1 << TRAITS.len()) - 1))
    }
}

impl Serialize for Traits {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut seq = serializer.serialize_seq(None)?;
        for name in self.names() {
            seq.serialize_element(name)?;
        }
        seq.end()
    }
}

impl<'de> Deserialize<'de> for Traits {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Names;
        impl<'de> Visitor<'de> for Names {
            type Value = Traits;
            fn expecting(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                formatter.write_str("a list of names of traits")
            }
            fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Traits, A::Error> {
                let mut set = Traits::NONE;
                while let Some(name) = seq.next_element::<std::borrow::Cow<'de, str>>()? {
                    set = set.with(Traits::from_names([name.as_ref()]));
                }
                Ok(set)
            }
        }
        deserializer.deserialize_seq(Names)
    }
}
