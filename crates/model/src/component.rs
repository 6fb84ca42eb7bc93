//! Components: package versions, where they stand and why they are there.

use serde::{Deserialize, Serialize};

use crate::Package;

/// What a component is needed for. The order is by reach: runtime first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Scope {
    /// Runs in production (also: not known to be anything less).
    Runtime,
    /// Runs in production only where an option or a platform asks for it.
    Optional,
    /// Runs on developers' machines and in CI only.
    Development,
}

/// One place where a component was seen.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Occurrence {
    /// The file, relative to the root that was assessed, with `/` separators.
    pub file: String,
    /// 1-based line in `file`, where the format has lines.
    pub line: Option<u32>,
    /// What it is needed for here.
    pub scope: Scope,
    /// Whether the project names it itself; `None` where the format does not tell.
    pub direct: Option<bool>,
    /// The shortest way from a direct dependency to this component, as `name@version`, the direct
    /// dependency first and the component last. Empty where the format has no graph.
    pub path: Vec<String>,
}

/// The source package that a binary package of a distribution was built from.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct SourcePackage {
    /// Its name: Debian advisories name source packages.
    pub name: String,
    /// Its version, where it differs from the binary package's.
    pub version: Option<String>,
}

/// A package version that an asset has.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Component {
    /// The package URL with version and qualifiers, in canonical form: the identity of the component.
    pub purl: String,
    /// The package as advisories name it.
    pub package: Package,
    /// The version as its source writes it; `None` where the source does not pin one.
    pub version: Option<String>,
    /// For distributions: the source package, by which Debian and Ubuntu advisories are matched.
    pub source: Option<SourcePackage>,
    /// Where it was seen; never empty in a snapshot, sorted.
    pub occurrences: Vec<Occurrence>,
}

impl Component {
    /// The widest scope over all occurrences; [`Scope::Runtime`] if there is none.
    pub fn scope(&self) -> Scope {
        self.occurrences.iter().map(|o| o.scope).min().unwrap_or(Scope::Runtime)
    }

    /// `name version`, or the name alone where no version is pinned.
    pub fn label(&self) -> String {
        match &self.version {
            Some(version) => format!("{} {version}", self.package.name),
            None => self.package.name.clone(),
        }
    }
}
