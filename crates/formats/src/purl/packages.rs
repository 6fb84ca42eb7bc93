//! From package URLs to the packages that advisories name, and back.

use yata_model::{Ecosystem, Family, Package, SourcePackage};

use super::distribution::{alpine_ecosystem, debian_ecosystem, rpm_ecosystem, ubuntu_ecosystem};
use super::{Purl, PurlError};

/// Purl types whose OSV ecosystem has plain names: (type, ecosystem, separator of namespace and name).
///
/// Source: OSV schema 1.7, "Defined ecosystems"; the types' own definitions.
const PLAIN_TYPES: [(&str, &str, &str); 16] = [
    ("cargo", "crates.io", "/"),
    ("npm", "npm", "/"),
    ("pypi", "PyPI", "/"),
    ("golang", "Go", "/"),
    ("maven", "Maven", ":"),
    ("nuget", "NuGet", "/"),
    ("gem", "RubyGems", "/"),
    ("composer", "Packagist", "/"),
    ("pub", "Pub", "/"),
    ("hex", "Hex", "/"),
    ("hackage", "Hackage", "/"),
    ("cran", "CRAN", "/"),
    ("conan", "ConanCenter", "/"),
    ("swift", "SwiftURL", "/"),
    ("bitnami", "Bitnami", "/"),
    ("julia", "Julia", "/"),
];

/// What a package URL says a component is, in the terms of advisories.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Identity {
    /// The package.
    pub package: Package,
    /// The version as OSV writes it: Go without `v`, RPM with its epoch in front.
    pub version: Option<String>,
    /// For distributions: the source package, where the purl tells it.
    pub source: Option<SourcePackage>,
}

/// The package that a purl names; `None` for types that no OSV ecosystem corresponds to.
pub fn to_package(purl: &Purl) -> Option<Identity> {
    let version = purl.version.clone();
    match purl.kind.as_str() {
        "deb" => Some(deb(purl)),
        "rpm" => Some(rpm(purl)),
        "apk" => Some(apk(purl)),
        "golang" => {
            let version = version.map(|version| go_version(&version).to_owned());
            let name = purl.full_name();
            Some(Identity { package: Package::new(Ecosystem::plain(Family::Go), &name), version, source: None })
        }
        kind => {
            let (_, ecosystem, separator) = PLAIN_TYPES.iter().find(|(plain, _, _)| *plain == kind)?;
            let Ok(ecosystem) = ecosystem.parse::<Ecosystem>();
            let name = match &purl.namespace {
                Some(namespace) => format!("{namespace}{separator}{}", purl.name),
                None => purl.name.clone(),
            };
            Some(Identity { package: Package::new(ecosystem, &name), version, source: None })
        }
    }
}

/// A Go version without the leading `v`, as OSV writes it.
fn go_version(version: &str) -> &str {
    match version.strip_prefix('v') {
        Some(rest) if rest.starts_with(|c: char| c.is_ascii_digit()) => rest,
        _ => version,
    }
}

/// The version with the epoch of the qualifier `epoch`, which counts where the version itself has none.
fn with_epoch(purl: &Purl) -> Option<String> {
    let version = purl.version.as_deref()?;
    match purl.qualifier("epoch") {
        Some(epoch) if epoch != "0" && epoch.bytes().all(|b| b.is_ascii_digit()) && !version.contains(':') => {
            Some(format!("{epoch}:{version}"))
        }
        _ => Some(version.to_owned()),
    }
}

fn deb(purl: &Purl) -> Identity {
    let distro = purl.qualifier("distro");
    let ecosystem = match purl.namespace.as_deref() {
        Some("ubuntu") => ubuntu_ecosystem(distro),
        Some("debian") => debian_ecosystem(distro),
        None if distro.is_some_and(|distro| distro.starts_with("ubuntu")) => ubuntu_ecosystem(distro),
        None => debian_ecosystem(distro),
        Some(other) => match distro {
            Some(release) => Ecosystem::release(Family::Other(other.to_owned()), release),
            None => Ecosystem::plain(Family::Other(other.to_owned())),
        },
    };
    let source = purl.qualifier("upstream").map(|upstream| match upstream.split_once('@') {
        Some((name, version)) => SourcePackage { name: name.to_owned(), version: Some(version.to_owned()) },
        None => SourcePackage { name: upstream.to_owned(), version: None },
    });
    let source = source.or_else(|| {
        (purl.qualifier("arch") == Some("source")).then(|| SourcePackage { name: purl.name.clone(), version: None })
    });
    Identity { package: Package::new(ecosystem, &purl.name), version: with_epoch(purl), source }
}

fn rpm(purl: &Purl) -> Identity {
    let distribution = purl.namespace.as_deref().or_else(|| {
        purl.qualifier("distro").and_then(|distro| distro.split('-').next()).filter(|name| !name.is_empty())
    });
    let ecosystem = rpm_ecosystem(distribution.unwrap_or("rpm"), purl.qualifier("distro"), purl.version.as_deref());
    // `curl-7.76.1-29.el9.src.rpm`: name, version and release.
    let source = purl.qualifier("upstream").and_then(|upstream| {
        let stem = upstream.strip_suffix(".src.rpm")?;
        let (rest, _release) = stem.rsplit_once('-')?;
        let (name, _version) = rest.rsplit_once('-')?;
        Some(SourcePackage { name: name.to_owned(), version: None })
    });
    Identity { package: Package::new(ecosystem, &purl.name), version: with_epoch(purl), source }
}

fn apk(purl: &Purl) -> Identity {
    let distro = purl.qualifier("distro");
    let ecosystem = match purl.namespace.as_deref() {
        Some("wolfi") => Ecosystem::plain(Family::Other("Wolfi".to_owned())),
        Some("chainguard") => Ecosystem::plain(Family::Other("Chainguard".to_owned())),
        Some("alpine") | None => alpine_ecosystem(distro),
        Some(other) => Ecosystem::plain(Family::Other(other.to_owned())),
    };
    let source = purl.qualifier("upstream").map(|name| SourcePackage { name: name.to_owned(), version: None });
    Identity { package: Package::new(ecosystem, &purl.name), version: purl.version.clone(), source }
}

/// The canonical purl of a package version.
///
/// The inverse of [`to_package`] for every ecosystem that it knows; any other ecosystem gets the type of its
/// name where that is a valid type, else `generic`.
pub fn purl_of(package: &Package, version: Option<&str>) -> String {
    let name = package.name.as_str();
    let release = package.ecosystem.release.as_deref();
    let split = |separator: char| match name.rsplit_once(separator) {
        Some((namespace, name)) => (Some(namespace), name),
        None => (None, name),
    };
    let distribution = |kind: &str, namespace: &str, prefix: &str| {
        let purl = Purl::new(kind, Some(namespace), name, version);
        let release = release.unwrap_or_default();
        let release = release.split(':').next().unwrap_or_default().trim_start_matches('v');
        let distro = if release.is_empty() { String::new() } else { format!("{prefix}-{release}") };
        purl.with("distro", &distro)
    };
    let purl = match &package.ecosystem.family {
        Family::Debian => distribution("deb", "debian", "debian"),
        Family::Ubuntu => distribution("deb", "ubuntu", "ubuntu"),
        Family::Alpine => distribution("apk", "alpine", "alpine"),
        Family::AlmaLinux => distribution("rpm", "almalinux", "almalinux"),
        Family::RockyLinux => distribution("rpm", "rocky", "rocky"),
        Family::RedHat => distribution("rpm", "redhat", "redhat"),
        Family::Go => {
            let (namespace, name) = split('/');
            let version = version.map(|version| match version.as_bytes().first() {
                // The standard library and the tool chain have no `v` in front.
                Some(b'0'..=b'9') if namespace.is_some() => format!("v{version}"),
                _ => version.to_owned(),
            });
            Purl::new("golang", namespace, name, version.as_deref())
        }
        Family::Maven => {
            let (namespace, name) = split(':');
            Purl::new("maven", namespace, name, version)
        }
        family => {
            let plain = PLAIN_TYPES.iter().find(|(_, ecosystem, _)| *ecosystem == family.as_str());
            let (namespace, name) = split('/');
            Purl::new(plain.map_or_else(|| other_type(family.as_str()), |(kind, _, _)| kind), namespace, name, version)
        }
    };
    purl.to_string()
}

fn other_type(family: &str) -> &str {
    if super::is_type(family) { family } else { "generic" }
}

impl TryFrom<&str> for Identity {
    type Error = PurlError;

    /// What a purl says; types without an OSV ecosystem become an ecosystem of the type's own name.
    fn try_from(text: &str) -> Result<Self, PurlError> {
        text.parse::<Purl>().map(|purl| Identity::from(&purl))
    }
}

impl From<&Purl> for Identity {
    fn from(purl: &Purl) -> Self {
        to_package(purl).unwrap_or_else(|| Identity {
            package: Package::new(Ecosystem::plain(Family::Other(purl.kind.clone())), &purl.full_name()),
            version: purl.version.clone(),
            source: None,
        })
    }
}
