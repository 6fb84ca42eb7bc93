//! Package ecosystems by the names the OSV schema gives them.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// The family of an [`Ecosystem`]: the part of an OSV ecosystem name before the first `:`.
///
/// Source: OSV schema 1.7, "affected[].package field: Defined ecosystems".
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Family {
    /// Rust crates (`crates.io`).
    CratesIo,
    /// JavaScript packages (`npm`).
    Npm,
    /// Python packages (`PyPI`), names normalised by PEP 503.
    PyPi,
    /// Go modules (`Go`), and `stdlib` / `toolchain`.
    Go,
    /// Java artefacts (`Maven`), named `group:artifact`.
    Maven,
    /// .NET packages (`NuGet`).
    NuGet,
    /// Ruby gems (`RubyGems`).
    RubyGems,
    /// PHP Composer packages (`Packagist`).
    Packagist,
    /// Debian source packages (`Debian:12`).
    Debian,
    /// Ubuntu source packages (`Ubuntu:22.04:LTS`).
    Ubuntu,
    /// Alpine packages (`Alpine:v3.20`).
    Alpine,
    /// AlmaLinux packages (`AlmaLinux:9`).
    AlmaLinux,
    /// Rocky Linux packages (`Rocky Linux:9`).
    RockyLinux,
    /// Red Hat packages (`Red Hat:…`).
    RedHat,
    /// Any other ecosystem, kept by its name: matched by `versions` lists only.
    Other(String),
}

impl Family {
    /// The name as the OSV schema writes it.
    pub fn as_str(&self) -> &str {
        match self {
            Family::CratesIo => "crates.io",
            Family::Npm => "npm",
            Family::PyPi => "PyPI",
            Family::Go => "Go",
            Family::Maven => "Maven",
            Family::NuGet => "NuGet",
            Family::RubyGems => "RubyGems",
            Family::Packagist => "Packagist",
            Family::Debian => "Debian",
            Family::Ubuntu => "Ubuntu",
            Family::Alpine => "Alpine",
            Family::AlmaLinux => "AlmaLinux",
            Family::RockyLinux => "Rocky Linux",
            Family::RedHat => "Red Hat",
            Family::Other(name) => name,
        }
    }

    fn from_name(name: &str) -> Family {
        match name {
            "crates.io" => Family::CratesIo,
            "npm" => Family::Npm,
            "PyPI" => Family::PyPi,
            "Go" => Family::Go,
            "Maven" => Family::Maven,
            "NuGet" => Family::NuGet,
            "RubyGems" => Family::RubyGems,
            "Packagist" => Family::Packagist,
            "Debian" => Family::Debian,
            "Ubuntu" => Family::Ubuntu,
            "Alpine" => Family::Alpine,
            "AlmaLinux" => Family::AlmaLinux,
            "Rocky Linux" => Family::RockyLinux,
            "Red Hat" => Family::RedHat,
            other => Family::Other(other.to_owned()),
        }
    }
}

/// An ecosystem as OSV names it: a family and, for distributions, a release (`AlmaLinux:9`).
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Ecosystem {
    /// The part before the first `:`.
    pub family: Family,
    /// The part after the first `:`; `None` for language ecosystems and for hosts whose release is not known.
    pub release: Option<String>,
}

impl Ecosystem {
    /// An ecosystem with no release part.
    pub fn plain(family: Family) -> Self {
        Ecosystem { family, release: None }
    }

    /// An ecosystem of one release of a distribution.
    pub fn release(family: Family, release: impl Into<String>) -> Self {
        Ecosystem { family, release: Some(release.into()) }
    }
}

impl fmt::Display for Ecosystem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.family.as_str())?;
        if let Some(release) = &self.release {
            write!(f, ":{release}")?;
        }
        Ok(())
    }
}

impl FromStr for Ecosystem {
    type Err = std::convert::Infallible;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Ok(match text.split_once(':') {
            Some((family, release)) => Ecosystem::release(Family::from_name(family), release),
            None => Ecosystem::plain(Family::from_name(text)),
        })
    }
}

impl Serialize for Ecosystem {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Ecosystem {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        match text.parse() {
            Ok(ecosystem) => Ok(ecosystem),
            Err(never) => match never {},
        }
    }
}

/// A package without a version: the key by which advisories are found.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Package {
    /// Where the package comes from.
    pub ecosystem: Ecosystem,
    /// The name as the ecosystem (and OSV) writes it, normalised by [`Package::new`].
    pub name: String,
}

impl Package {
    /// A package with its name normalised as its ecosystem compares names:
    /// PyPI by PEP 503 (lower case, runs of `-_.` become one `-`), NuGet and Packagist in lower case;
    /// the others unchanged.
    pub fn new(ecosystem: Ecosystem, name: &str) -> Self {
        let name = match ecosystem.family {
            Family::PyPi => pep503(name),
            Family::NuGet | Family::Packagist => name.to_lowercase(),
            _ => name.to_owned(),
        };
        Package { ecosystem, name }
    }
}

impl fmt::Display for Package {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.ecosystem, self.name)
    }
}

/// PEP 503 name normalisation.
fn pep503(name: &str) -> String {
    let mut out = String::with_capacity(name.len());
    let mut separator = false;
    for c in name.chars() {
        if matches!(c, '-' | '_' | '.') {
            separator = true;
        } else {
            if separator && !out.is_empty() {
                out.push('-');
            }
            separator = false;
            out.extend(c.to_lowercase());
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ecosystem_names_round_trip() {
        for name in [
            "crates.io",
            "npm",
            "PyPI",
            "Go",
            "Debian:12",
            "AlmaLinux:9",
            "Rocky Linux:9",
            "Ubuntu:22.04:LTS",
            "VSCode",
        ] {
            let Ok(ecosystem) = name.parse::<Ecosystem>();
            assert_eq!(ecosystem.to_string(), name);
        }
    }

    #[test]
    fn pypi_names_are_normalised() {
        let package = Package::new(Ecosystem::plain(Family::PyPi), "Zope.Interface__x");
        assert_eq!(package.name, "zope-interface-x");
    }
}
