//! What is remarkable about an act.

use std::fmt;
use std::ops::{BitOr, BitOrAssign};

/// A set of traits.
#[derive(Clone, Copy, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Traits(u32);

macro_rules! traits {
    ($($(#[doc = $doc:literal])+ $name:ident $text:literal $message:literal,)*) => {
        traits!(@count 0_u32; $($(#[doc = $doc])+ $name,)*);
        /// Every trait with its name and the id of its text.
        const ALL: &[(Traits, &str, &str)] = &[$((Traits::$name, $text, $message),)*];
    };
    (@count $number:expr; $(#[doc = $doc:literal])+ $name:ident, $($rest:tt)*) => {
        impl Traits {
            $(#[doc = $doc])+
            pub const $name: Self = Self(1 << ($number));
        }
        traits!(@count $number + 1; $($rest)*);
    };
    (@count $number:expr;) => {};
}

traits! {
    /// Deletes, empties or overwrites files that are not made again.
    DESTROYS_FILES "destroys-files" "calls-destroys-files",
    /// Writes to a disk, partition or file system as a whole.
    DESTROYS_DISK "destroys-disk" "calls-destroys-disk",
    /// Throws away work that is not committed, or a branch or stash that nothing else holds.
    DISCARDS_WORK "discards-work" "calls-discards-work",
    /// Changes published or recorded history.
    REWRITES_HISTORY "rewrites-history" "calls-rewrites-history",
    /// Deletes or overwrites data of a database, queue or store.
    DESTROYS_DATA "destroys-data" "calls-destroys-data",
    /// Deletes machines, volumes, clusters, cloud resources.
    DESTROYS_INFRASTRUCTURE "destroys-infrastructure" "calls-destroys-infrastructure",
    /// Changes machines, clusters, cloud resources.
    CHANGES_INFRASTRUCTURE "changes-infrastructure" "calls-changes-infrastructure",
    /// Reads keys, tokens, passwords, environments.
    READS_SECRET "reads-secret" "calls-reads-secret",
    /// Files, secrets or the output of commands leave the machine.
    SENDS_OUT "sends-out" "calls-sends-out",
    /// Anything leaves the machine, also a harmless request.
    OUTWARD "outward" "calls-outward",
    /// Runs code that comes from elsewhere in the same call.
    RUNS_REMOTE_CODE "runs-remote-code" "calls-runs-remote-code",
    /// Gives a shell to somebody else.
    OPENS_REMOTE_SHELL "opens-remote-shell" "calls-opens-remote-shell",
    /// Switches off checks, logs, protection.
    DISABLES_SECURITY "disables-security" "calls-disables-security",
    /// Changes the settings, rules or memory of an agent, or the hook and its policy.
    CHANGES_AGENT "changes-agent" "calls-changes-agent",
    /// Makes something run again later: profiles, timers, services, hooks.
    PERSISTS "persists" "calls-persists",
    /// Installs from an unusual place, or a name that looks like another.
    INSTALLS_UNUSUAL "installs-unusual" "calls-installs-unusual",
    /// Changes what builds or CI run.
    CHANGES_SUPPLY_CHAIN "changes-supply-chain" "calls-changes-supply-chain",
    /// Publishes, releases or deploys.
    PUBLISHES "publishes" "calls-publishes",
    /// Makes or changes accounts, keys, roles, tokens.
    CHANGES_ACCESS "changes-access" "calls-changes-access",
    /// Runs as another user, mostly root, or prepares it.
    ESCALATES "escalates" "calls-escalates",
    /// Reaches from a container to its host.
    ESCAPES_CONTAINER "escapes-container" "calls-escapes-container",
    /// Opens a port or a tunnel to others.
    EXPOSES_NETWORK "exposes-network" "calls-exposes-network",
    /// Makes files readable or writable for more people.
    LOOSENS_PERMISSIONS "loosens-permissions" "calls-loosens-permissions",
    /// Uses up or stops the machine, or attacks another.
    EXHAUSTS "exhausts" "calls-exhausts",
    /// Characters that make the text look other than it is.
    DECEIVES "deceives" "calls-deceives",
    /// Reaches outside the project and the folder for temporary files.
    OUTSIDE_PROJECT "outside-project" "calls-outside-project",
    /// Written so as to hide what it does.
    EVADES "evades" "calls-evades",
    /// Could not be told before it runs.
    NOT_UNDERSTOOD "not-understood" "calls-not-understood",
}

impl Traits {
    /// No trait.
    pub const NONE: Self = Self(0);

    /// Whether every trait of `other` is in the set.
    pub fn contains(self, other: Self) -> bool {
        self.0 & other.0 == other.0
    }

    /// Whether a trait of `other` is in the set.
    pub fn intersects(self, other: Self) -> bool {
        self.0 & other.0 != 0
    }

    /// Both sets.
    #[must_use]
    pub const fn or(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// Whether the set is empty.
    pub fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// The set without those of `other`.
    #[must_use]
    pub fn without(self, other: Self) -> Self {
        Self(self.0 & !other.0)
    }

    /// The names, as the policy knows them (`reads-secret`), in the order of the list.
    pub fn names(self) -> impl Iterator<Item = &'static str> {
        ALL.iter().filter(move |(one, _, _)| self.contains(*one)).map(|(_, name, _)| *name)
    }

    /// The ids of the texts that say each trait to a person.
    pub fn messages(self) -> impl Iterator<Item = &'static str> {
        ALL.iter().filter(move |(one, _, _)| self.contains(*one)).map(|(_, _, message)| *message)
    }

    /// The trait of a name.
    pub fn named(name: &str) -> Option<Self> {
        ALL.iter().find(|(_, known, _)| *known == name).map(|(one, _, _)| *one)
    }
}

impl BitOr for Traits {
    type Output = Self;

    fn bitor(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }
}

impl BitOrAssign for Traits {
    fn bitor_assign(&mut self, other: Self) {
        self.0 |= other.0;
    }
}

impl fmt::Debug for Traits {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.names()).finish()
    }
}
