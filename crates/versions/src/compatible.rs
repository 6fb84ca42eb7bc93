//! Whether an upgrade keeps what the convention of its ecosystem promises.

use crate::version::Key;
use crate::{Scheme, Version};

/// First numbers from here on are years: the version counts time, not changes.
const FIRST_CALENDAR_YEAR: u64 = 1990;

/// Whether going `from` one version `to` another is compatible by the convention of the ecosystem:
/// `Some(true)` promised, `Some(false)` a breaking (or backward, or pre-release) step, `None` nothing is
/// promised either way or a version cannot be read.
///
/// | scheme | compatible | breaking | nothing promised | source |
/// |---|---|---|---|---|
/// | SemVer, npm, Composer | within the caret range | outside it | – | Cargo book "Specifying dependencies", node-semver "Caret ranges", Composer "Caret version range" |
/// | Go | same major from 1 on | other major | from 0.x | Go modules reference "Versions"; Go 1 compatibility promise |
/// | Maven, RubyGems, NuGet | same major from 1 on | other major | from 0.x | SemVer 2.0 items 4, 8 |
/// | PEP 440 | same first two numbers (`~= X.Y.Z`) | other major | else, and calendar versions | PEP 440 "Compatible release" |
/// | Debian, RPM, apk | same upstream version | – | else | Debian Policy 5.6.12: only the packaging differs |
pub fn compatible(scheme: Scheme, from: &str, to: &str) -> Option<bool> {
    let (from, to) = (Version::read(scheme, from)?, Version::read(scheme, to)?);
    if to <= from {
        return Some(to == from);
    }
    match (from.key(), to.key()) {
        (Key::Debian(a), Key::Debian(b)) => return a.same_upstream(b).then_some(true),
        (Key::Rpm(a), Key::Rpm(b)) => return a.same_upstream(b).then_some(true),
        (Key::Apk(a), Key::Apk(b)) => return a.same_upstream(b).then_some(true),
        _ => {}
    }
    let (a, b) = (release(&from)?, release(&to)?);
    if a.epoch != b.epoch || (b.prerelease && !(a.prerelease && a.numbers == b.numbers)) {
        return Some(false);
    }
    let ([a_major, a_minor, a_patch], [b_major, b_minor, b_patch]) = (a.numbers, b.numbers);
    match scheme {
        Scheme::SemVer | Scheme::Npm | Scheme::Packagist => Some(match (a_major, a_minor) {
            (0, 0) => (b_major, b_minor, b_patch) == (0, 0, a_patch),
            (0, _) => (b_major, b_minor) == (0, a_minor),
            _ => b_major == a_major,
        }),
        Scheme::Pep440 if (a_major, a_minor) == (b_major, b_minor) => Some(true),
        Scheme::Pep440 if a_major == b_major || a_major >= FIRST_CALENDAR_YEAR => None,
        Scheme::Pep440 => Some(false),
        _ if a_major == 0 => None,
        _ => Some(a_major == b_major),
    }
}

/// What the conventions look at.
struct Release {
    epoch: u64,
    numbers: [u64; 3],
    prerelease: bool,
}

fn release(version: &Version<'_>) -> Option<Release> {
    let (epoch, numbers, prerelease) = match version.key() {
        Key::SemVer(v) => (0, v.release()?, v.is_prerelease()),
        Key::Maven(v) => (0, v.release()?, v.is_prerelease()),
        Key::RubyGems(v) => (0, v.release()?, v.is_prerelease()),
        Key::Packagist(v) => (0, v.release()?, v.is_prerelease()),
        Key::Pep440(v) => {
            let v = v.modern()?;
            let mut numbers = [0; 3];
            for (slot, number) in numbers.iter_mut().zip(v.release()) {
                *slot = *number;
            }
            (v.epoch(), numbers, v.any_prerelease())
        }
        Key::Debian(_) | Key::Rpm(_) | Key::Apk(_) => return None,
    };
    Some(Release { epoch, numbers, prerelease })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn conventions() {
        for (scheme, from, to, expected) in [
            (Scheme::SemVer, "1.2.3", "1.9.0", Some(true)),
            (Scheme::SemVer, "1.2.3", "2.0.0", Some(false)),
            (Scheme::SemVer, "0.2.3", "0.2.9", Some(true)),
            (Scheme::SemVer, "0.2.3", "0.3.0", Some(false)),
            (Scheme::SemVer, "0.0.3", "0.0.4", Some(false)),
            (Scheme::SemVer, "1.2.3", "1.2.3", Some(true)),
            (Scheme::SemVer, "1.2.3", "1.2.2", Some(false)),
            (Scheme::SemVer, "1.2.3", "1.3.0-rc.1", Some(false)),
            (Scheme::SemVer, "1.2.3-rc.1", "1.2.3-rc.2", Some(true)),
            (Scheme::SemVer, "1.2.3-rc.1", "1.2.3", Some(true)),
            (Scheme::SemVer, "nonsense", "1.2.3", None),
            (Scheme::Npm, "4.17.20", "4.17.21", Some(true)),
            (Scheme::Go, "v1.2.0", "1.3.0", Some(true)),
            (Scheme::Go, "0.1.0", "0.1.1", None),
            (Scheme::Go, "2.0.0+incompatible", "3.0.0+incompatible", Some(false)),
            (Scheme::Go, "go1.21.3", "1.22.0", Some(true)),
            (Scheme::Pep440, "2.2.1", "2.2.7", Some(true)),
            (Scheme::Pep440, "2.2.1", "2.3.0", None),
            (Scheme::Pep440, "2.2.1", "3.0", Some(false)),
            (Scheme::Pep440, "2023.7.22", "2024.2.2", None),
            (Scheme::Pep440, "1.0", "1!1.0", Some(false)),
            (Scheme::Debian, "1:1.2-3", "1:1.2-3+deb12u1", Some(true)),
            (Scheme::Debian, "1.2-3", "1.3-1", None),
            (Scheme::Rpm, "1.2-3.el9", "0:1.2-4.el9_1", Some(true)),
            (Scheme::Rpm, "1.2-3.el9", "1.3-1.el9", None),
            (Scheme::Apk, "1.2.3-r0", "1.2.3-r4", Some(true)),
            (Scheme::Apk, "1.2.3-r0", "1.2.4-r0", None),
            (Scheme::Maven, "2.14.1", "2.17.1", Some(true)),
            (Scheme::Maven, "0.9", "0.9.1", None),
            (Scheme::RubyGems, "6.0.1", "7.0.0", Some(false)),
            (Scheme::NuGet, "12.0.1", "13.0.1", Some(false)),
            (Scheme::Packagist, "v0.3.1", "v0.3.2", Some(true)),
        ] {
            assert_eq!(compatible(scheme, from, to), expected, "{scheme} {from} -> {to}");
        }
    }
}
