//! Systems that an AI made: how they are recognised, the register of them, what each must have, and what is missing.
//!
//! Somebody reads the history and the files of a repository and hands them to [`Detection`] one by one; [`Register`]
//! reads `apps.toml`; [`findings`] compares the two on a given day. The rules follow the guide of the JNSA CISO support
//! group (see [`CONTROLS`]).

mod check;
mod controls;
mod detect;
mod marks;
mod register;

pub use check::{AppFacts, AppFinding, AppLevel, FoundApp, Kind, Rules, findings, meets};
pub use controls::{CONTROLS, Control, GUIDE, Needed, required};
pub use detect::{CommitFacts, Detected, Detection, Evidence, EvidenceKind};
pub use register::{App, Register, RegisterFault, RegisterFaultKind, entry};

/// Who an app is for, as the guide divides them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Tier {
    /// A tool of one person.
    Personal,
    /// A tool for colleagues.
    Internal,
    /// A system that the business runs on.
    Official,
    /// A system that is open to people outside.
    Public,
}

impl Tier {
    /// All, the least demanding first.
    pub const ALL: [Self; 4] = [Self::Personal, Self::Internal, Self::Official, Self::Public];

    /// The name in `apps.toml`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Personal => "personal",
            Self::Internal => "internal",
            Self::Official => "official",
            Self::Public => "public",
        }
    }

    /// The tier of a name.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|tier| tier.name() == name)
    }
}

/// How much harm the data of an app can do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Data {
    /// Nothing that would harm somebody if it got out.
    Ordinary,
    /// Personal data, customer data, or a class that nobody has called harmless.
    Sensitive,
}

/// Classes that are ordinary. All other names are sensitive: a class of the organisation's own is rather too strict.
const ORDINARY: [&str; 4] = ["none", "public", "open", "internal"];

impl Data {
    /// The worst of some classes; of none that is said, [`Data::Sensitive`].
    #[must_use]
    pub fn of(classes: Option<&[String]>) -> Self {
        match classes {
            Some(classes) if classes.iter().all(|class| ORDINARY.contains(&class.as_str())) => Self::Ordinary,
            _ => Self::Sensitive,
        }
    }
}
