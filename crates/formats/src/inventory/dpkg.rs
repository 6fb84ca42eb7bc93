//! The package database of Debian and Ubuntu: `var/lib/dpkg/status`, and `status.d/*` of images without dpkg.
//!
//! Source: dpkg-query(1), "Package states"; deb-control(5); Debian Policy, section 5.6.1.

use yata_model::{Ecosystem, Family, Message, Package, ProblemKind, SourcePackage};

use super::deb822::{NotUtf8, Paragraph, paragraphs};
use super::found::{Found, Seen, not_the_format};
use super::text::without_bom;
use super::{Format, Input, Parsed};
use crate::purl::Purl;

/// The format.
pub(super) static FORMAT: Format = Format {
    name: "dpkg status",
    file_names: "var/lib/dpkg/status",
    matches,
    recognises: |bytes| {
        let head = bytes.get(..4096).unwrap_or(bytes);
        bytes.starts_with(b"Package: ") && head.windows(9).any(|window| window == b"\nStatus: ")
    },
    companions: &[],
    parse,
};

fn matches(path: &str) -> bool {
    let under = |folder: &str| {
        let (before, rest) = path.rsplit_once(folder)?;
        (before.is_empty() || before.ends_with('/')).then_some(rest)
    };
    match (under("var/lib/dpkg/status.d/"), under("var/lib/dpkg/status")) {
        (Some(rest), _) => !rest.contains('/') && !rest.ends_with(".md5sums"),
        (None, Some(rest)) => rest.is_empty(),
        (None, None) => false,
    }
}

fn parse(input: &Input<'_>) -> Parsed {
    let mut found = Found::new(input);
    let ecosystem = match input.os {
        Some(os) => os.ecosystem(),
        None => Ecosystem::plain(Family::Debian),
    };
    let (mut packages, mut others) = (0usize, 0usize);
    let single_files = input.path.contains("status.d/");
    for paragraph in paragraphs(without_bom(input.bytes)) {
        if paragraph.fields.iter().any(|field| field.name.eq_ignore_ascii_case(b"Package")) {
            packages += 1;
        } else {
            others += 1;
        }
        if let Err(NotUtf8) = package(&paragraph, &ecosystem, single_files, &mut found) {
            let entry = format!("paragraph {}", packages + others);
            found.bad_entry(&entry, "one of its fields is not UTF-8", Some(paragraph.line));
        }
    }
    if packages == 0 && others > 0 {
        return not_the_format(input, FORMAT.name, "it has no `Package:` field");
    }
    if ecosystem.release.is_none() && !found.is_empty() {
        let id = if input.os.is_some() { "problem-distribution-without-release" } else { "problem-distribution-unknown" };
        found.report(ProblemKind::Unreadable, None, Message::new(id).with("ecosystem", ecosystem.to_string()));
    }
    found.os = input.os.cloned();
    found.finish()
}

fn package(
    paragraph: &Paragraph<'_>,
    ecosystem: &Ecosystem,
    single_files: bool,
    found: &mut Found<'_>,
) -> Result<(), NotUtf8> {
    let name = paragraph.get("Package")?.unwrap_or_default();
    let line = Some(paragraph.line);
    if let Some(bad_line) = paragraph.bad_line {
        found.bad_entry(name, "one of its lines is not a field", Some(bad_line));
    }
    if name.is_empty() {
        found.bad_entry("", "it has no `Package:` field", line);
        return Ok(());
    }
    // Files of images without dpkg have no state: what is there is installed.
    match paragraph.get("Status")? {
        Some(status) if status.split_whitespace().nth(2) != Some("installed") => return Ok(()),
        None if !single_files => {
            found.bad_entry(name, "it has no `Status:` field", line);
            return Ok(());
        }
        _ => {}
    }
    let Some(version) = paragraph.get("Version")?.filter(|version| !version.is_empty()) else {
        found.bad_entry(name, "it has no `Version:` field", line);
        return Ok(());
    };
    let source = paragraph.get("Source")?.filter(|source| !source.is_empty()).map(source_package);
    let architecture = paragraph.get("Architecture")?.unwrap_or_default();
    let namespace = match &ecosystem.family {
        Family::Ubuntu => "ubuntu",
        Family::Other(id) => id,
        _ => "debian",
    };
    let release = ecosystem.release.as_deref().and_then(|release| release.split(':').next());
    let distro = release.map(|release| format!("{namespace}-{release}")).unwrap_or_default();
    let upstream = source.as_ref().map(|source| match &source.version {
        Some(version) => format!("{}@{version}", source.name),
        None => source.name.clone(),
    });
    let purl = Purl::new("deb", Some(namespace), name, Some(version))
        .with("arch", architecture)
        .with("distro", &distro)
        .with("upstream", upstream.as_deref().unwrap_or_default());
    let mut seen = Seen::new(purl.to_string(), Package::new(ecosystem.clone(), name), Some(version.to_owned()));
    seen.source = Some(source.unwrap_or_else(|| SourcePackage { name: name.to_owned(), version: None }));
    seen.line = line;
    found.add(seen);
    Ok(())
}

/// `glibc` or `gcc-12 (12.2.0-14)`.
fn source_package(text: &str) -> SourcePackage {
    match text.split_once('(') {
        Some((name, version)) => SourcePackage {
            name: name.trim().to_owned(),
            version: Some(version.trim_end_matches(')').trim().to_owned()).filter(|version| !version.is_empty()),
        },
        None => SourcePackage { name: text.trim().to_owned(), version: None },
    }
}

#[cfg(test)]
mod tests {
    use super::super::OsRelease;
    use super::super::found::testing::{check, compare};
    use super::*;

    const STATUS: &str = "Package: libc6
Status: install ok installed
Architecture: amd64
Source: glibc
Version: 2.36-9+deb12u3
Description: GNU C Library
 the long text: with a colon

Package: libgcc-s1
Status: install ok installed
Architecture: amd64
Source: gcc-12 (12.2.0-14)
Version: 1:12.2.0-14

Package: gone
Status: deinstall ok config-files
Version: 1.0

Package: curl
Status: hold ok installed
Version: 7.88.1-10
";

    #[test]
    fn what_is_installed_with_its_source() {
        let os = OsRelease { id: "debian".into(), version_id: Some("12".into()), ..OsRelease::default() };
        let input = Input { os: Some(&os), ..Input::new("var/lib/dpkg/status", STATUS.as_bytes()) };
        let parsed = (FORMAT.parse)(&input);
        compare(
            &parsed,
            &[
                "pkg:deb/debian/curl@7.88.1-10?distro=debian-12 | Runtime line 19 | ",
                "pkg:deb/debian/libc6@2.36-9%2Bdeb12u3?arch=amd64&distro=debian-12&upstream=glibc | Runtime line 1 | ",
                "pkg:deb/debian/libgcc-s1@1:12.2.0-14?arch=amd64&distro=debian-12&upstream=gcc-12%4012.2.0-14 | \
                 Runtime line 9 | ",
            ],
        );
        let sources: Vec<_> = parsed.components.iter().filter_map(|c| c.source.clone()).collect();
        assert_eq!(sources[0], SourcePackage { name: "curl".into(), version: None });
        assert_eq!(sources[1], SourcePackage { name: "glibc".into(), version: None });
        assert_eq!(sources[2], SourcePackage { name: "gcc-12".into(), version: Some("12.2.0-14".into()) });
        assert_eq!(parsed.components[0].package.ecosystem.to_string(), "Debian:12");
    }

    #[test]
    fn without_a_release_it_says_so() {
        check(
            &FORMAT,
            "var/lib/dpkg/status",
            "Package: a\nStatus: install ok installed\nVersion: 1\n\nPackage: b\nStatus: install ok installed\n",
            &[
                "pkg:deb/debian/a@1 | Runtime line 1 | ",
                "! BadEntry line 5 problem-bad-entry entry=b why=it has no `Version:` field",
                "! Unreadable problem-distribution-unknown ecosystem=Debian",
            ],
        );
    }

    #[test]
    fn only_the_database_itself_matches() {
        for path in ["var/lib/dpkg/status", "host1/var/lib/dpkg/status", "var/lib/dpkg/status.d/base"] {
            assert!(matches(path), "{path}");
        }
        for path in ["var/lib/dpkg/status-old", "var/lib/dpkg/status.d/a.md5sums", "xvar/lib/dpkg/status", "status"] {
            assert!(!matches(path), "{path}");
        }
    }
}
