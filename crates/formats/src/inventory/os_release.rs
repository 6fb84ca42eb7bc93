//! `os-release`: which operating system a host runs.
//!
//! Source: os-release(5).

use yata_model::Ecosystem;

use crate::purl::{alpine_ecosystem, debian_ecosystem, rpm_ecosystem, ubuntu_ecosystem};

/// The operating system of a host.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct OsRelease {
    /// `ID`: `debian`, `ubuntu`, `almalinux`.
    pub id: String,
    /// `VERSION_ID`: `12`, `22.04`, `9.4`.
    pub version_id: Option<String>,
    /// `VERSION_CODENAME`: `bookworm`.
    pub version_codename: Option<String>,
    /// `PRETTY_NAME`, for people.
    pub pretty_name: Option<String>,
}

impl OsRelease {
    /// Reads an os-release file; `None` where it has no `ID`. Lines that are no assignment are ignored, as
    /// os-release(5) asks.
    pub fn parse(bytes: &[u8]) -> Option<OsRelease> {
        let text = String::from_utf8_lossy(super::text::without_bom(bytes));
        let mut os = OsRelease::default();
        for line in text.lines() {
            let Some((key, value)) = line.trim().split_once('=') else { continue };
            let value = unquote(value.trim());
            if value.is_empty() {
                continue;
            }
            match key.trim() {
                "ID" => os.id = value.to_lowercase(),
                "VERSION_ID" => os.version_id = Some(value),
                "VERSION_CODENAME" => os.version_codename = Some(value),
                "PRETTY_NAME" => os.pretty_name = Some(value),
                _ => {}
            }
        }
        (!os.id.is_empty()).then_some(os)
    }

    /// The ecosystem of its own packages, as OSV names it.
    pub fn ecosystem(&self) -> Ecosystem {
        let release = self.version_id.as_deref().or(self.version_codename.as_deref());
        match self.id.as_str() {
            "debian" => debian_ecosystem(release),
            "ubuntu" => ubuntu_ecosystem(release),
            "alpine" => alpine_ecosystem(release),
            other => rpm_ecosystem(other, release, None),
        }
    }
}

fn unquote(value: &str) -> String {
    let quoted = ['"', '\''].into_iter().find_map(|quote| value.strip_prefix(quote)?.strip_suffix(quote));
    let mut out = String::with_capacity(value.len());
    let mut chars = quoted.unwrap_or(value).chars();
    while let Some(c) = chars.next() {
        match c {
            '\\' => out.extend(chars.next()),
            _ => out.push(c),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: Option<&str>) {
        let os = OsRelease::parse(text.as_bytes());
        assert_eq!(os.map(|os| os.ecosystem().to_string()).as_deref(), expected);
    }

    #[test]
    fn the_ecosystem_is_named_as_osv_names_it() {
        check("PRETTY_NAME=\"Debian GNU/Linux 12 (bookworm)\"\nID=debian\nVERSION_ID=\"12\"\n", Some("Debian:12"));
        check("ID=debian\nVERSION_CODENAME=trixie\n", Some("Debian:13"));
        check("ID=ubuntu\nVERSION_ID='22.04'\n", Some("Ubuntu:22.04:LTS"));
        check("ID=\"almalinux\"\nVERSION_ID=\"9.4\"\n", Some("AlmaLinux:9"));
        check("ID=alpine\nVERSION_ID=3.20.1\n", Some("Alpine:v3.20"));
        check("# nothing\nVERSION_ID=1\n", None);
    }
}
