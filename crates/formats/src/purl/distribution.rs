//! Releases of Linux distributions, from the many ways in which they are written to the names of OSV.

use yata_model::{Ecosystem, Family};

/// Debian releases by code name.
///
/// Source: Debian releases, "distro-info-data".
const DEBIAN_RELEASES: [(&str, &str); 11] = [
    ("wheezy", "7"),
    ("jessie", "8"),
    ("stretch", "9"),
    ("buster", "10"),
    ("bullseye", "11"),
    ("bookworm", "12"),
    ("trixie", "13"),
    ("forky", "14"),
    ("duke", "15"),
    ("squeeze", "6"),
    ("lenny", "5"),
];

/// Ubuntu releases by code name.
const UBUNTU_RELEASES: [(&str, &str); 17] = [
    ("trusty", "14.04"),
    ("xenial", "16.04"),
    ("bionic", "18.04"),
    ("eoan", "19.10"),
    ("focal", "20.04"),
    ("groovy", "20.10"),
    ("hirsute", "21.04"),
    ("impish", "21.10"),
    ("jammy", "22.04"),
    ("kinetic", "22.10"),
    ("lunar", "23.04"),
    ("mantic", "23.10"),
    ("noble", "24.04"),
    ("oracular", "24.10"),
    ("plucky", "25.04"),
    ("questing", "25.10"),
    ("resolute", "26.04"),
];

/// The part of `release` that names the release: without the distribution's own name in front.
fn bare<'a>(release: &'a str, names: &[&str]) -> &'a str {
    let release = release.trim();
    for name in names {
        if let Some(rest) = release.strip_prefix(name) {
            let rest = rest.strip_prefix(['-', '_', ':', ' ']).unwrap_or(rest);
            if !rest.is_empty() {
                return rest;
            }
        }
    }
    release
}

fn leading_number(text: &str) -> Option<&str> {
    let digits = text.split(|c: char| !c.is_ascii_digit()).next().unwrap_or_default();
    (!digits.is_empty()).then_some(digits)
}

/// `Debian:12` from `12`, `12.5`, `debian-12`, `bookworm`; `Debian` where the release cannot be told.
pub fn debian_ecosystem(release: Option<&str>) -> Ecosystem {
    let number = release.map(|release| bare(release, &["debian"])).and_then(|release| {
        let code_name = release.split('/').next().unwrap_or_default();
        DEBIAN_RELEASES
            .iter()
            .find(|(name, _)| *name == code_name)
            .map(|(_, number)| *number)
            .or_else(|| leading_number(release))
    });
    match number {
        Some(number) => Ecosystem::release(Family::Debian, number),
        None => Ecosystem::plain(Family::Debian),
    }
}

/// `Ubuntu:22.04:LTS` from `22.04`, `ubuntu-22.04.3`, `jammy`; `Ubuntu` where the release cannot be told.
///
/// OSV marks the long-term releases (April of an even year) with `:LTS`.
pub fn ubuntu_ecosystem(release: Option<&str>) -> Ecosystem {
    let release = release.map(|release| bare(release, &["ubuntu"])).and_then(|release| {
        if let Some((_, number)) = UBUNTU_RELEASES.iter().find(|(name, _)| *name == release) {
            return Some((*number).to_owned());
        }
        let mut parts = release.split('.');
        let (year, month) = (leading_number(parts.next()?)?, leading_number(parts.next()?)?);
        Some(format!("{year}.{month}"))
    });
    match release {
        Some(release) => {
            let even_year =
                release.split('.').next().and_then(|year| year.parse::<u32>().ok()).is_some_and(|y| y % 2 == 0);
            let lts = if even_year && release.ends_with(".04") { ":LTS" } else { "" };
            Ecosystem::release(Family::Ubuntu, format!("{release}{lts}"))
        }
        None => Ecosystem::plain(Family::Ubuntu),
    }
}

/// `Alpine:v3.20` from `3.20.1`, `alpine-3.20`; `Alpine` where the release cannot be told.
pub fn alpine_ecosystem(release: Option<&str>) -> Ecosystem {
    let release = release.map(|release| bare(release, &["alpine", "v"])).and_then(|release| {
        let mut parts = release.trim_start_matches('v').split('.');
        let (major, minor) = (leading_number(parts.next()?)?, leading_number(parts.next()?)?);
        Some(format!("v{major}.{minor}"))
    });
    match release {
        Some(release) => Ecosystem::release(Family::Alpine, release),
        None => Ecosystem::plain(Family::Alpine),
    }
}

/// The ecosystem of a distribution that uses RPM packages, by its identifier in os-release or its purl
/// namespace, its release (`9.4`, `almalinux-9`), and the version of one of its packages, whose `.el9` tells
/// the release where nothing else does.
pub fn rpm_ecosystem(distribution: &str, release: Option<&str>, package_version: Option<&str>) -> Ecosystem {
    let family = match distribution {
        "almalinux" | "alma" => Family::AlmaLinux,
        "rocky" | "rockylinux" | "rocky-linux" => Family::RockyLinux,
        "redhat" | "rhel" | "red-hat" => Family::RedHat,
        "opensuse" | "opensuse-leap" | "opensuse-tumbleweed" => Family::Other("openSUSE".to_owned()),
        "suse" | "sles" | "sled" => Family::Other("SUSE".to_owned()),
        "mageia" => Family::Other("Mageia".to_owned()),
        "openeuler" => Family::Other("openEuler".to_owned()),
        "azurelinux" | "mariner" => Family::Other("Azure Linux".to_owned()),
        other => Family::Other(other.to_owned()),
    };
    let by_major = matches!(family, Family::AlmaLinux | Family::RockyLinux | Family::RedHat);
    let names = [distribution, "almalinux", "rockylinux", "rocky", "redhat", "rhel", "el", "centos", "fedora"];
    let stated = release.map(|release| bare(release, &names));
    let release = if by_major {
        stated.and_then(leading_number).or_else(|| package_version.and_then(el_release))
    } else {
        stated
    };
    match release {
        Some(release) => Ecosystem::release(family, release),
        None => Ecosystem::plain(family),
    }
}

/// `9` from `1.2.3-4.el9_2`.
fn el_release(version: &str) -> Option<&str> {
    version.rsplit(".el").next().filter(|rest| rest.len() < version.len()).and_then(leading_number)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(ecosystem: &Ecosystem, expected: &str) {
        assert_eq!(ecosystem.to_string(), expected);
    }

    #[test]
    fn debian_releases_are_major_numbers() {
        for release in ["12", "12.5", "debian-12", "debian-12.11", "bookworm", "debian-bookworm"] {
            check(&debian_ecosystem(Some(release)), "Debian:12");
        }
        check(&debian_ecosystem(Some("sid")), "Debian");
        check(&debian_ecosystem(None), "Debian");
    }

    #[test]
    fn ubuntu_long_term_releases_are_marked() {
        for release in ["22.04", "ubuntu-22.04", "22.04.3", "jammy"] {
            check(&ubuntu_ecosystem(Some(release)), "Ubuntu:22.04:LTS");
        }
        check(&ubuntu_ecosystem(Some("23.10")), "Ubuntu:23.10");
        check(&ubuntu_ecosystem(Some("23.04")), "Ubuntu:23.04");
    }

    #[test]
    fn rpm_releases_are_major_numbers() {
        for release in ["9", "9.4", "almalinux-9", "almalinux-9.4", "el9"] {
            check(&rpm_ecosystem("almalinux", Some(release), None), "AlmaLinux:9");
        }
        check(&rpm_ecosystem("rocky", None, Some("3.0.7-27.el8_10")), "Rocky Linux:8");
        check(&rpm_ecosystem("almalinux", None, Some("1.0-1")), "AlmaLinux");
        check(&rpm_ecosystem("fedora", Some("fedora-40"), None), "fedora:40");
    }

    #[test]
    fn alpine_releases_have_two_numbers() {
        for release in ["3.20", "3.20.1", "alpine-3.20.1", "v3.20"] {
            check(&alpine_ecosystem(Some(release)), "Alpine:v3.20");
        }
        check(&alpine_ecosystem(Some("edge")), "Alpine");
    }
}
