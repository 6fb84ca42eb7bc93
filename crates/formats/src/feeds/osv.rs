//! OSV records (OSV schema 1.7) to advisories.

use std::borrow::Cow;
use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::Deserialize;
use serde::de::IgnoredAny;
use yata_model::{
    Advisory, AdvisoryKind, Affected, Ecosystem, Event, Package, Range, RangeKind, Reference, Severity, SeverityKind,
    is_cve_id,
};

/// The largest OSV record that is read, in bytes.
pub const MAX_OSV_RECORD_BYTES: usize = 32 * 1024 * 1024;
/// The most references kept of one record: enough to find its own page and its fix.
const MAX_REFERENCES_COUNT: usize = 12;
/// The longest one-line text kept, in characters.
const MAX_SUMMARY_CHARS: usize = 240;

/// What became of one record.
#[derive(Debug, Clone, PartialEq)]
pub enum OsvRecord {
    /// Read whole.
    Read(Box<Advisory>),
    /// Not read: it counts as *unknown* for the packages that it names.
    Unreadable(UnreadableRecord),
}

/// A record that could not be read, with what could be saved of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnreadableRecord {
    /// Its id, or the name of its file where it has none that can be read.
    pub id: String,
    /// The packages that it names, as far as they could be read; empty means "could be any".
    pub packages: Vec<Package>,
    /// Why it could not be read.
    pub why: String,
}

#[derive(Deserialize)]
struct WireRecord<'a> {
    #[serde(borrow)]
    id: Cow<'a, str>,
    #[serde(default, borrow, deserialize_with = "null_is_default")]
    aliases: Vec<Cow<'a, str>>,
    #[serde(default, borrow, deserialize_with = "null_is_default")]
    related: Vec<Cow<'a, str>>,
    #[serde(default, borrow, deserialize_with = "null_is_default")]
    upstream: Vec<Cow<'a, str>>,
    #[serde(default, borrow, deserialize_with = "null_is_default")]
    summary: Cow<'a, str>,
    #[serde(default, borrow, deserialize_with = "null_is_default")]
    details: Cow<'a, str>,
    #[serde(default, borrow)]
    published: Option<Cow<'a, str>>,
    #[serde(default, borrow)]
    modified: Option<Cow<'a, str>>,
    #[serde(default, borrow)]
    withdrawn: Option<Cow<'a, str>>,
    #[serde(default, borrow, deserialize_with = "null_is_default")]
    severity: Vec<WireSeverity<'a>>,
    #[serde(default, borrow, deserialize_with = "null_is_default")]
    affected: Vec<WireAffected<'a>>,
    #[serde(default, borrow, deserialize_with = "null_is_default")]
    references: Vec<WireReference<'a>>,
    #[serde(default, borrow, deserialize_with = "null_is_default")]
    database_specific: WireSpecific<'a>,
}

#[derive(Deserialize)]
struct WireSeverity<'a> {
    #[serde(borrow, rename = "type")]
    kind: Cow<'a, str>,
    #[serde(borrow)]
    score: Cow<'a, str>,
}

#[derive(Deserialize)]
struct WireReference<'a> {
    #[serde(default, borrow, rename = "type", deserialize_with = "null_is_default")]
    kind: Cow<'a, str>,
    #[serde(borrow)]
    url: Cow<'a, str>,
}

#[derive(Deserialize)]
struct WireAffected<'a> {
    #[serde(default, borrow)]
    package: Option<WirePackage<'a>>,
    #[serde(default, borrow, deserialize_with = "null_is_default")]
    severity: Vec<WireSeverity<'a>>,
    #[serde(default, borrow, deserialize_with = "null_is_default")]
    ranges: Vec<WireRange<'a>>,
    #[serde(default, borrow, deserialize_with = "null_is_default")]
    versions: Vec<Cow<'a, str>>,
    #[serde(default, borrow, deserialize_with = "null_is_default")]
    database_specific: WireSpecific<'a>,
}

#[derive(Deserialize)]
struct WirePackage<'a> {
    #[serde(borrow)]
    ecosystem: Cow<'a, str>,
    #[serde(borrow)]
    name: Cow<'a, str>,
}

#[derive(Deserialize)]
struct WireRange<'a> {
    #[serde(borrow, rename = "type")]
    kind: Cow<'a, str>,
    #[serde(default, borrow, deserialize_with = "null_is_default")]
    events: Vec<WireEvent<'a>>,
}

#[derive(Deserialize)]
struct WireEvent<'a> {
    #[serde(default, borrow)]
    introduced: Option<Cow<'a, str>>,
    #[serde(default, borrow)]
    fixed: Option<Cow<'a, str>>,
    #[serde(default, borrow)]
    last_affected: Option<Cow<'a, str>>,
    #[serde(default, borrow)]
    limit: Option<Cow<'a, str>>,
}

/// The few publisher-specific fields that change what a record means; the rest is passed over.
#[derive(Deserialize, Default)]
struct WireSpecific<'a> {
    /// GHSA: a word. Others put objects here: kept only when it is text.
    #[serde(default, borrow, deserialize_with = "text_or_nothing")]
    severity: Option<Cow<'a, str>>,
    /// GHSA: CWE ids.
    #[serde(default, borrow, deserialize_with = "null_is_default")]
    cwe_ids: Vec<Cow<'a, str>>,
    /// Malware feeds: CWEs as objects.
    #[serde(default, borrow, deserialize_with = "null_is_default")]
    cwes: Vec<WireCwe<'a>>,
    /// RustSec: `unmaintained`, `unsound`, `notice`.
    #[serde(default, borrow, deserialize_with = "text_or_nothing")]
    informational: Option<Cow<'a, str>>,
    /// RustSec: `malicious` among others.
    #[serde(default, borrow, deserialize_with = "null_is_default")]
    categories: Vec<Cow<'a, str>>,
    /// Leitwacht: the class of a hostile package.
    #[serde(default, borrow, deserialize_with = "null_is_default")]
    leitwacht: WireCategory<'a>,
}

#[derive(Deserialize, Default)]
struct WireCategory<'a> {
    #[serde(default, borrow, deserialize_with = "text_or_nothing")]
    category: Option<Cow<'a, str>>,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum WireCwe<'a> {
    Object {
        #[serde(borrow, rename = "cweId", alias = "id")]
        id: Cow<'a, str>,
    },
    Text(#[serde(borrow)] Cow<'a, str>),
    Other(IgnoredAny),
}

impl WireCwe<'_> {
    fn id(&self) -> Option<&str> {
        match self {
            WireCwe::Object { id } | WireCwe::Text(id) => Some(id),
            WireCwe::Other(_) => None,
        }
    }
}

fn null_is_default<'de, D, T>(deserializer: D) -> Result<T, D::Error>
where
    D: serde::Deserializer<'de>,
    T: Deserialize<'de> + Default,
{
    Ok(Option::<T>::deserialize(deserializer)?.unwrap_or_default())
}

fn text_or_nothing<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Option<Cow<'de, str>>, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum Either<'a> {
        Text(#[serde(borrow)] Cow<'a, str>),
        Other(IgnoredAny),
    }
    Ok(match Either::deserialize(deserializer)? {
        Either::Text(text) => Some(text),
        Either::Other(_) => None,
    })
}

/// Reads one OSV record. `file` names it where it does not name itself.
///
/// Source: OSV schema 1.7. Go's zero time counts as "not said"; GIT ranges are kept and never decide.
pub fn parse_osv(bytes: &[u8], file: &str) -> OsvRecord {
    if bytes.len() > MAX_OSV_RECORD_BYTES {
        return OsvRecord::Unreadable(UnreadableRecord {
            id: file.to_owned(),
            packages: Vec::new(),
            why: format!("larger than {MAX_OSV_RECORD_BYTES} bytes"),
        });
    }
    match serde_json::from_slice::<WireRecord<'_>>(bytes) {
        Ok(wire) => match advisory(&wire) {
            Ok(advisory) => OsvRecord::Read(Box::new(advisory)),
            Err(why) => {
                let packages = wire.affected.iter().filter_map(|a| a.package.as_ref()).map(package).collect();
                OsvRecord::Unreadable(UnreadableRecord { id: wire.id.into_owned(), packages, why })
            }
        },
        Err(error) => OsvRecord::Unreadable(salvage(bytes, file, &error.to_string())),
    }
}

/// What can still be told of a record that does not have the shape of one: its id and its packages.
fn salvage(bytes: &[u8], file: &str, why: &str) -> UnreadableRecord {
    let value: serde_json::Value = serde_json::from_slice(bytes).unwrap_or_default();
    let text = |value: Option<&serde_json::Value>| value.and_then(|v| v.as_str()).map(str::to_owned);
    let mut packages: Vec<Package> = value
        .get("affected")
        .and_then(|affected| affected.as_array())
        .into_iter()
        .flatten()
        .filter_map(|entry| entry.get("package"))
        .filter_map(|p| Some(new_package(&text(p.get("ecosystem"))?, &text(p.get("name"))?)))
        .collect();
    packages.sort();
    packages.dedup();
    let id = text(value.get("id")).filter(|id| !id.is_empty());
    UnreadableRecord { id: id.unwrap_or_else(|| file.to_owned()), packages, why: why.to_owned() }
}

fn new_package(ecosystem: &str, name: &str) -> Package {
    let Ok(ecosystem) = ecosystem.parse::<Ecosystem>();
    Package::new(ecosystem, name)
}

fn package(wire: &WirePackage<'_>) -> Package {
    new_package(&wire.ecosystem, &wire.name)
}

fn advisory(wire: &WireRecord<'_>) -> Result<Advisory, String> {
    if wire.id.is_empty() {
        return Err("it has an empty id".to_owned());
    }
    let owned = |list: &[Cow<'_, str>]| list.iter().map(|s| s.to_string()).collect::<Vec<_>>();
    let aliases = owned(&wire.aliases);
    let cwes = cwes(wire);
    let kind = kind(wire, &aliases, &cwes);
    let mut upstream = owned(&wire.upstream);
    if is_distribution_id(&wire.id) {
        upstream.extend(wire.related.iter().filter(|id| is_cve_id(id)).map(|id| id.to_string()));
    }
    upstream.sort();
    upstream.dedup();
    Ok(Advisory {
        id: wire.id.to_string(),
        kind,
        aliases,
        upstream,
        summary: summary(wire),
        published: time(wire.published.as_deref(), "published")?,
        modified: time(wire.modified.as_deref(), "modified")?,
        withdrawn: time(wire.withdrawn.as_deref(), "withdrawn")?,
        severities: severities(wire),
        cwes,
        affected: wire.affected.iter().filter_map(|entry| affected(entry).transpose()).collect::<Result<_, _>>()?,
        references: wire
            .references
            .iter()
            .take(MAX_REFERENCES_COUNT)
            .map(|r| Reference { kind: r.kind.to_string(), url: r.url.to_string() })
            .collect(),
    })
}

/// `Ok(None)` for an entry that names no package (OSV allows entries of commits only).
fn affected(wire: &WireAffected<'_>) -> Result<Option<Affected>, String> {
    let Some(wire_package) = &wire.package else { return Ok(None) };
    let ranges = wire.ranges.iter().map(range).collect::<Result<Vec<_>, _>>()?;
    Ok(Some(Affected {
        package: package(wire_package),
        ranges,
        versions: wire.versions.iter().map(|v| v.to_string()).collect(),
    }))
}

fn range(wire: &WireRange<'_>) -> Result<Range, String> {
    let kind = match wire.kind.as_ref() {
        "SEMVER" => RangeKind::Semver,
        "ECOSYSTEM" => RangeKind::Ecosystem,
        "GIT" => RangeKind::Git,
        other => return Err(format!("it has a range of the unknown type `{other}`")),
    };
    let mut events = Vec::with_capacity(wire.events.len());
    for event in &wire.events {
        let before = events.len();
        events.extend(event.introduced.as_deref().map(|v| Event::Introduced(v.to_owned())));
        events.extend(event.fixed.as_deref().map(|v| Event::Fixed(v.to_owned())));
        events.extend(event.last_affected.as_deref().map(|v| Event::LastAffected(v.to_owned())));
        events.extend(event.limit.as_deref().map(|v| Event::Limit(v.to_owned())));
        if events.len() == before {
            return Err("it has a range event of an unknown kind".to_owned());
        }
    }
    Ok(Range { kind, events })
}

/// A time of RFC 3339; years before 1970 (Go writes `0001-01-01T00:00:00Z`) count as not said.
fn time(text: Option<&str>, field: &str) -> Result<Option<Timestamp>, String> {
    let Some(text) = text.filter(|text| !text.is_empty()) else { return Ok(None) };
    let time: Timestamp = text.parse().map_err(|_| format!("its `{field}` is not a time: `{text}`"))?;
    Ok((time >= Timestamp::UNIX_EPOCH).then_some(time))
}

fn summary(wire: &WireRecord<'_>) -> String {
    let text = if wire.summary.trim().is_empty() { wire.details.as_ref() } else { wire.summary.as_ref() };
    let line = text.trim().lines().map(str::trim).find(|line| !line.is_empty()).unwrap_or_default();
    let line = line.trim_start_matches('#').trim();
    let mut short: String = line.chars().filter(|c| !c.is_control()).take(MAX_SUMMARY_CHARS).collect();
    if line.chars().count() > MAX_SUMMARY_CHARS {
        short.push('…');
    }
    short
}

fn severities(wire: &WireRecord<'_>) -> Vec<Severity> {
    let published = wire.severity.iter().chain(wire.affected.iter().flat_map(|a| &a.severity));
    let mut out: Vec<Severity> = published
        .map(|s| {
            let kind = match s.kind.as_ref() {
                "CVSS_V2" => SeverityKind::CvssV2,
                "CVSS_V3" => SeverityKind::CvssV3,
                "CVSS_V4" => SeverityKind::CvssV4,
                _ => SeverityKind::Word,
            };
            Severity { kind, value: s.score.to_string() }
        })
        .collect();
    let words = wire.affected.iter().map(|a| &a.database_specific).chain([&wire.database_specific]);
    out.extend(
        words.filter_map(|s| s.severity.as_ref()).map(|w| Severity { kind: SeverityKind::Word, value: w.to_string() }),
    );
    if is_distribution_id(&wire.id) {
        // AlmaLinux and Rocky Linux put the publisher's word before the title: "Important: kernel security update".
        let word = wire.summary.split(':').next().unwrap_or_default();
        if matches!(word, "Critical" | "Important" | "Moderate" | "Low") {
            out.push(Severity { kind: SeverityKind::Word, value: word.to_owned() });
        }
    }
    let mut seen = std::collections::HashSet::new();
    out.retain(|severity| seen.insert(severity.clone()));
    out.sort_by_key(|severity| match severity.kind {
        SeverityKind::CvssV4 => 0,
        SeverityKind::CvssV3 => 1,
        SeverityKind::CvssV2 => 2,
        SeverityKind::Word => 3,
    });
    out
}

fn cwes(wire: &WireRecord<'_>) -> Vec<String> {
    let mut out: BTreeMap<String, ()> = BTreeMap::new();
    for specific in wire.affected.iter().map(|a| &a.database_specific).chain([&wire.database_specific]) {
        out.extend(specific.cwe_ids.iter().map(|id| (id.to_string(), ())));
        out.extend(specific.cwes.iter().filter_map(WireCwe::id).map(|id| (id.to_owned(), ())));
    }
    out.into_keys().filter(|id| id.starts_with("CWE-")).collect()
}

/// Whether an id is that of a distribution's own errata, which pass on upstream vulnerabilities.
fn is_distribution_id(id: &str) -> bool {
    const PREFIXES: [&str; 12] =
        ["ALSA-", "ALBA-", "ALEA-", "RLSA-", "RLBA-", "RLEA-", "RHSA-", "RHBA-", "RHEA-", "DSA-", "DLA-", "USN-"];
    PREFIXES.iter().any(|prefix| id.starts_with(prefix))
}

fn kind(wire: &WireRecord<'_>, aliases: &[String], cwes: &[String]) -> AdvisoryKind {
    let specifics = || wire.affected.iter().map(|a| &a.database_specific).chain([&wire.database_specific]);
    let title = wire.summary.to_lowercase();
    let malware = wire.id.starts_with("MAL-")
        || aliases.iter().any(|id| id.starts_with("MAL-"))
        || cwes.iter().any(|id| id == "CWE-506")
        || specifics().any(|s| s.leitwacht.category.is_some() || s.categories.iter().any(|c| c == "malicious"))
        || ["malicious code in ", "malware in ", "malicious crate"].iter().any(|start| title.starts_with(start))
        || title.contains("was removed from crates.io");
    if malware {
        return AdvisoryKind::Malware;
    }
    let bug_fix = |prefix: &&str| wire.id.starts_with(*prefix);
    if ["ALBA-", "ALEA-", "RLBA-", "RLEA-", "RHBA-", "RHEA-"].iter().any(bug_fix) {
        return AdvisoryKind::Maintenance;
    }
    match specifics().find_map(|s| s.informational.as_deref()) {
        Some("unmaintained") => AdvisoryKind::Unmaintained,
        Some("unsound") => AdvisoryKind::Unsound,
        Some("notice") => AdvisoryKind::Notice,
        _ => AdvisoryKind::Vulnerability,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(json: &str) -> Advisory {
        match parse_osv(json.as_bytes(), "test.json") {
            OsvRecord::Read(advisory) => *advisory,
            OsvRecord::Unreadable(record) => panic!("{record:?}"),
        }
    }

    fn unreadable(json: &str) -> UnreadableRecord {
        match parse_osv(json.as_bytes(), "test.json") {
            OsvRecord::Read(advisory) => panic!("{advisory:?}"),
            OsvRecord::Unreadable(record) => record,
        }
    }

    #[test]
    fn a_record_is_read_whole() {
        let advisory = read(
            r#"{"id":"PYSEC-2024-1","aliases":["CVE-2024-0001"],"details":"First line.\nSecond","modified":"2024-01-02T03:04:05Z",
            "severity":[{"type":"CVSS_V3","score":"CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H"}],
            "affected":[{"package":{"ecosystem":"PyPI","name":"Foo_Bar"},"versions":["1.0"],
            "ranges":[{"type":"ECOSYSTEM","events":[{"introduced":"0"},{"fixed":"1.1"}]}]}]}"#,
        );
        assert_eq!(advisory.summary, "First line.");
        assert_eq!(advisory.affected[0].package.to_string(), "PyPI/foo-bar");
        assert_eq!(
            advisory.affected[0].ranges[0].events,
            [Event::Introduced("0".to_owned()), Event::Fixed("1.1".to_owned())]
        );
        assert_eq!(advisory.kind, AdvisoryKind::Vulnerability);
    }

    #[test]
    fn kinds_are_told_apart() {
        #[track_caller]
        fn check(json: &str, expected: AdvisoryKind) {
            assert_eq!(read(json).kind, expected, "{json}");
        }
        check(r#"{"id":"MAL-2026-1","modified":"2026-01-01T00:00:00Z"}"#, AdvisoryKind::Malware);
        check(r#"{"id":"GHSA-x","summary":"Malware in left-pad-x"}"#, AdvisoryKind::Malware);
        check(
            r#"{"id":"X-1","affected":[{"database_specific":{"cwes":[{"cweId":"CWE-506"}]}}]}"#,
            AdvisoryKind::Malware,
        );
        check(r#"{"id":"X-1","database_specific":{"leitwacht":{"category":"research_poc"}}}"#, AdvisoryKind::Malware);
        check(
            r#"{"id":"RUSTSEC-2026-1","summary":"`x` was removed from crates.io due to malicious code"}"#,
            AdvisoryKind::Malware,
        );
        check(r#"{"id":"GHSA-x","summary":"Parsing of malicious code in x crashes"}"#, AdvisoryKind::Vulnerability);
        check(r#"{"id":"ALBA-2026:1","summary":"bash bug fix update"}"#, AdvisoryKind::Maintenance);
        check(
            r#"{"id":"RUSTSEC-2","affected":[{"database_specific":{"informational":"unmaintained"}}]}"#,
            AdvisoryKind::Unmaintained,
        );
        check(
            r#"{"id":"RUSTSEC-3","affected":[{"database_specific":{"informational":null}}]}"#,
            AdvisoryKind::Vulnerability,
        );
    }

    #[test]
    fn errata_pass_on_their_cves_and_are_no_alias_of_them() {
        let advisory =
            read(r#"{"id":"ALSA-2025:1","related":["CVE-2024-47175","ALSA-x"],"summary":"Low: cups update"}"#);
        assert_eq!(advisory.upstream, ["CVE-2024-47175"]);
        assert!(advisory.aliases.is_empty());
        assert_eq!(advisory.severities[0].value, "Low");
    }

    #[test]
    fn the_zero_time_of_go_is_not_a_date() {
        assert_eq!(read(r#"{"id":"GO-1","modified":"0001-01-01T00:00:00Z"}"#).modified, None);
    }

    #[test]
    fn what_cannot_be_read_still_names_its_packages() {
        let json = r#"{"id":"X-1","affected":[{"package":{"ecosystem":"npm","name":"a"},
            "ranges":[{"type":"MOON","events":[]}]}]}"#;
        let record = unreadable(json);
        assert_eq!((record.id.as_str(), record.packages.len()), ("X-1", 1));
        assert_eq!(record.why, "it has a range of the unknown type `MOON`");
        let json = r#"{"id":"X-2","affected":[{"package":{"ecosystem":"npm","name":"a"},"versions":7}]}"#;
        assert_eq!(unreadable(json).packages[0].to_string(), "npm/a");
        let record = unreadable("{\"id\":\"X-3\"");
        assert_eq!(record.id, "test.json");
        assert!(record.packages.is_empty());
    }
}
