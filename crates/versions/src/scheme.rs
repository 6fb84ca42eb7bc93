//! The orders that versions come in.

use std::fmt;

use yata_model::{Ecosystem, Family};

/// How the versions of an ecosystem are written and ordered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Scheme {
    /// SemVer 2.0 precedence (crates.io, and every OSV range of type `SEMVER`).
    SemVer,
    /// node-semver: SemVer with leading `v`, `=` and white space, and `1.2.3beta` for `1.2.3-beta`.
    Npm,
    /// PEP 440; older texts sort before all of it, as setuptools and `packaging` < 22 had it.
    Pep440,
    /// Go modules (SemVer with or without `v`) and Go releases (`go1.21.3`, `1.21rc2`).
    Go,
    /// Debian Policy, "Version" (also Ubuntu).
    Debian,
    /// RPM: `epoch:version-release` by `rpmvercmp` (AlmaLinux, Rocky Linux, Red Hat).
    Rpm,
    /// Alpine's `apk`.
    Apk,
    /// Maven's `ComparableVersion`.
    Maven,
    /// `Gem::Version`.
    RubyGems,
    /// NuGet: SemVer with a fourth number, case-insensitive.
    NuGet,
    /// PHP's `version_compare`, as Composer normalises for it.
    Packagist,
}

impl Scheme {
    /// All schemes, in their order.
    pub const ALL: [Scheme; 11] = [
        Scheme::SemVer,
        Scheme::Npm,
        Scheme::Pep440,
        Scheme::Go,
        Scheme::Debian,
        Scheme::Rpm,
        Scheme::Apk,
        Scheme::Maven,
        Scheme::RubyGems,
        Scheme::NuGet,
        Scheme::Packagist,
    ];

    /// The scheme of an ecosystem; `None` for those matched by `versions` lists only.
    pub fn of(ecosystem: &Ecosystem) -> Option<Scheme> {
        Some(match &ecosystem.family {
            Family::CratesIo => Scheme::SemVer,
            Family::Npm => Scheme::Npm,
            Family::PyPi => Scheme::Pep440,
            Family::Go => Scheme::Go,
            Family::Maven => Scheme::Maven,
            Family::NuGet => Scheme::NuGet,
            Family::RubyGems => Scheme::RubyGems,
            Family::Packagist => Scheme::Packagist,
            Family::Debian | Family::Ubuntu => Scheme::Debian,
            Family::Alpine => Scheme::Apk,
            Family::AlmaLinux | Family::RockyLinux | Family::RedHat => Scheme::Rpm,
            Family::Other(_) => return None,
        })
    }

    /// The name people know.
    pub fn as_str(self) -> &'static str {
        match self {
            Scheme::SemVer => "SemVer",
            Scheme::Npm => "npm",
            Scheme::Pep440 => "PEP 440",
            Scheme::Go => "Go",
            Scheme::Debian => "Debian",
            Scheme::Rpm => "RPM",
            Scheme::Apk => "apk",
            Scheme::Maven => "Maven",
            Scheme::RubyGems => "RubyGems",
            Scheme::NuGet => "NuGet",
            Scheme::Packagist => "Composer",
        }
    }

    /// Whether the order is SemVer precedence, so that an OSV range of type `SEMVER` needs no second parse.
    pub(crate) fn is_semver(self) -> bool {
        matches!(self, Scheme::SemVer | Scheme::Npm | Scheme::Go)
    }
}

impl fmt::Display for Scheme {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_known_family_has_a_scheme() {
        for (name, scheme) in [
            ("crates.io", Some(Scheme::SemVer)),
            ("npm", Some(Scheme::Npm)),
            ("PyPI", Some(Scheme::Pep440)),
            ("Go", Some(Scheme::Go)),
            ("Ubuntu:22.04:LTS", Some(Scheme::Debian)),
            ("AlmaLinux:9", Some(Scheme::Rpm)),
            ("Alpine:v3.20", Some(Scheme::Apk)),
            ("VSCode", None),
        ] {
            let Ok(ecosystem) = name.parse::<Ecosystem>();
            assert_eq!(Scheme::of(&ecosystem), scheme, "{name}");
        }
    }
}
