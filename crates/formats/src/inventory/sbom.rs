//! What the formats of bills of materials share: from names, purls and CPEs to components.

use yata_model::{Arg, Ecosystem, Family, Message, Package, ProblemKind, SourcePackage};

use super::OsRelease;
use super::found::{Found, Seen, shown};
use crate::purl::{Identity, Purl, to_package};

/// A component as its document describes it.
#[derive(Default)]
pub(super) struct Described<'a> {
    pub(super) purl: Option<&'a str>,
    pub(super) cpe: Option<&'a str>,
    pub(super) group: Option<&'a str>,
    pub(super) name: &'a str,
    pub(super) version: Option<&'a str>,
    pub(super) line: Option<u32>,
}

/// Counts the components that carry no purl.
#[derive(Default)]
pub(super) struct WithoutPurl {
    count: usize,
    first: Option<(String, Option<u32>)>,
}

impl WithoutPurl {
    /// One problem for all of them: they could not be compared with any advisory.
    pub(super) fn report(self, found: &mut Found<'_>) {
        let Some((name, line)) = self.first else { return };
        let message =
            Message::new("problem-components-without-purl").with("count", Arg::from(self.count)).with("first", name);
        found.report(ProblemKind::BadEntry, line, message);
    }
}

/// The component; without a purl it gets one of the type `generic`, from its CPE or its name.
pub(super) fn identify(
    described: &Described<'_>,
    os: Option<&OsRelease>,
    without: &mut WithoutPurl,
    found: &mut Found<'_>,
) -> Seen {
    let stated = described.purl.map(|text| (text, text.parse::<Purl>()));
    if let Some((text, Err(error))) = &stated {
        let entry = if described.name.is_empty() { *text } else { described.name };
        found.bad_entry(entry, format!("its purl `{}` cannot be read: {error}", shown(text)), described.line);
    }
    let mut seen = match stated {
        Some((_, Ok(mut purl))) => {
            if purl.version.is_none() {
                purl.version = described.version.map(str::to_owned);
            }
            let mut identity = Identity::from(&purl);
            adopt_release(&mut identity.package, os);
            if identity.version.is_none() && to_package(&purl).is_some() {
                found.version_unknown(&identity.package.name, described.line);
            }
            let mut seen = Seen::new(purl.to_string(), identity.package, identity.version);
            seen.source = identity.source;
            seen
        }
        stated => {
            if stated.is_none() {
                without.count += 1;
                without.first.get_or_insert_with(|| (shown(described.name), described.line));
            }
            generic(described)
        }
    };
    seen.line = described.line;
    seen
}

fn generic(described: &Described<'_>) -> Seen {
    let cpe = described.cpe.and_then(cpe_parts);
    let (namespace, name, version) = match &cpe {
        Some((vendor, product, version)) => {
            (Some(vendor.as_str()), product.as_str(), described.version.or(version.as_deref()))
        }
        None => (described.group, described.name, described.version),
    };
    let mut purl = Purl::new("generic", namespace, name, version);
    if let (Some(_), Some(cpe)) = (&cpe, described.cpe) {
        purl = purl.with("cpe", cpe);
    }
    let package = Package::new(Ecosystem::plain(Family::Other("generic".to_owned())), &purl.full_name());
    Seen::new(purl.to_string(), package, version.map(str::to_owned))
}

/// Vendor, product and version of a CPE 2.3 formatted string or a CPE 2.2 URI.
///
/// Source: NISTIR 7695, sections 6.1 and 6.2.
fn cpe_parts(cpe: &str) -> Option<(String, String, Option<String>)> {
    let rest = cpe.strip_prefix("cpe:2.3:").or_else(|| cpe.strip_prefix("cpe:/"))?;
    let mut parts: Vec<String> = vec![String::new()];
    let mut chars = rest.chars();
    while let Some(c) = chars.next() {
        match (c, parts.last_mut()) {
            (':', _) => parts.push(String::new()),
            ('\\', Some(part)) => part.extend(chars.next()),
            (c, Some(part)) => part.push(c),
            (_, None) => {}
        }
    }
    let part = |index: usize| parts.get(index).filter(|part| !matches!(part.as_str(), "" | "*" | "-")).cloned();
    Some((part(1)?, part(2)?, part(3)))
}

/// A package of a distribution whose purl does not tell the release gets the document's.
fn adopt_release(package: &mut Package, os: Option<&OsRelease>) {
    if package.ecosystem.release.is_some() {
        return;
    }
    let Some(ecosystem) = os.map(OsRelease::ecosystem) else { return };
    if ecosystem.family == package.ecosystem.family && ecosystem.release.is_some() {
        package.ecosystem = ecosystem;
    }
}

/// A source package by name and version, both as text that may be empty.
pub(super) fn source_package(name: &str, version: Option<String>) -> Option<SourcePackage> {
    (!name.is_empty()).then(|| SourcePackage { name: name.to_owned(), version })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cpes_of_both_forms() {
        let parts = |cpe| cpe_parts(cpe).map(|(v, p, version)| format!("{v} {p} {}", version.unwrap_or_default()));
        assert_eq!(parts("cpe:2.3:a:apache:log4j:2.14.1:*:*:*:*:*:*:*").as_deref(), Some("apache log4j 2.14.1"));
        assert_eq!(parts("cpe:2.3:a:a\\:b:c:*:*").as_deref(), Some("a:b c "));
        assert_eq!(parts("cpe:/a:nginx:nginx:1.21").as_deref(), Some("nginx nginx 1.21"));
        assert_eq!(parts("nginx"), None);
    }
}
