//! SPDX 2.2 and 2.3 in JSON.
//!
//! Source: SPDX specification 2.3, clauses 7 (packages) and 11 (relationships).
//!
//! The one package that the document describes is its subject, and no component of its own unless it is alone; where
//! several are described, all are components.

use std::collections::{HashMap, HashSet};

use serde::Deserialize;
use yata_model::Scope;

use super::found::{Found, not_the_format};
use super::graph::Graph;
use super::json::{self, Entries, Str};
use super::sbom::{Described, WithoutPurl, identify};
use super::text::{Lines, text};
use super::{Format, Input, OsRelease, Parsed, Subject, file_name};

/// The format.
pub(super) static FORMAT: Format = Format {
    name: "SPDX JSON",
    file_names: "*.spdx.json",
    matches: |path| {
        let file = file_name(path).to_ascii_lowercase();
        file.ends_with(".spdx.json") || matches!(file.as_str(), "spdx.json" | "sbom-spdx.json")
    },
    recognises: |bytes| {
        let keys = json::leading_keys(bytes, 16);
        keys.iter().any(|key| key == "spdxVersion") && !keys.iter().any(|key| key == "bomFormat")
    },
    companions: &[],
    parse,
};

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Document<'a> {
    #[serde(borrow)]
    spdx_version: Option<Str<'a>>,
    #[serde(borrow, rename = "SPDXID")]
    id: Option<Str<'a>>,
    #[serde(borrow)]
    name: Option<Str<'a>>,
    #[serde(borrow)]
    document_describes: Option<Vec<Str<'a>>>,
    #[serde(borrow)]
    packages: Option<Entries<'a>>,
    #[serde(borrow)]
    relationships: Option<Entries<'a>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct SpdxPackage<'a> {
    #[serde(borrow, rename = "SPDXID")]
    id: Option<Str<'a>>,
    #[serde(borrow)]
    name: Option<Str<'a>>,
    #[serde(borrow)]
    version_info: Option<Str<'a>>,
    #[serde(borrow)]
    primary_package_purpose: Option<Str<'a>>,
    #[serde(borrow)]
    external_refs: Option<Entries<'a>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct ExternalRef<'a> {
    #[serde(borrow)]
    reference_type: Str<'a>,
    #[serde(borrow)]
    reference_locator: Str<'a>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Relationship<'a> {
    #[serde(borrow)]
    spdx_element_id: Str<'a>,
    #[serde(borrow)]
    related_spdx_element: Str<'a>,
    #[serde(borrow)]
    relationship_type: Str<'a>,
}

struct Node<'a> {
    id: Str<'a>,
    name: Str<'a>,
    version: Option<Str<'a>>,
    purpose: Option<Str<'a>>,
    purls: Vec<Str<'a>>,
    cpe: Option<Str<'a>>,
    line: Option<u32>,
}

fn parse(input: &Input<'_>) -> Parsed {
    let text = match text(input) {
        Ok(text) => text,
        Err(problem) => return Parsed { problems: vec![problem], ..Parsed::default() },
    };
    let document: Document<'_> = match json::document(input, text) {
        Ok(document) => document,
        Err(problem) => return Parsed { problems: vec![problem], ..Parsed::default() },
    };
    match document.spdx_version.as_deref() {
        Some("SPDX-2.2" | "SPDX-2.3") => {}
        Some(other) => {
            let why = format!("its `spdxVersion` is `{other}`; SPDX-2.2 and SPDX-2.3 are read");
            return not_the_format(input, FORMAT.name, why);
        }
        None => return not_the_format(input, FORMAT.name, "it has no `spdxVersion` (SPDX 3 is not read yet)"),
    }
    let lines = Lines::new(text);
    let mut found = Found::new(input);
    let nodes = nodes(&document, &lines, &mut found);
    let relationships = relationships(&document, &lines, &mut found);
    let by_id: HashMap<&str, usize> = nodes.iter().enumerate().map(|(index, n)| (n.id.as_str(), index)).collect();
    let described = described(&document, &relationships, &by_id, &mut found);
    let subject = match described.as_slice() {
        [only] => Some(*only),
        _ => None,
    };
    found.subject = match subject.and_then(|subject| nodes.get(subject)) {
        Some(node) => Some(Subject {
            name: node.name.as_str().to_owned(),
            version: node.version.as_ref().map(|version| version.as_str().to_owned()),
        }),
        None => document.name.as_deref().map(|name| Subject { name: name.to_owned(), version: None }),
    };
    found.os = nodes.iter().find(|n| n.purpose.as_deref() == Some("OPERATING-SYSTEM")).map(|node| OsRelease {
        id: node.name.to_lowercase(),
        version_id: node.version.as_ref().map(|version| version.as_str().to_owned()),
        ..OsRelease::default()
    });
    add(&nodes, subject, &relationships, &by_id, &mut found);
    found.finish()
}

fn nodes<'a>(document: &Document<'a>, lines: &Lines<'_>, found: &mut Found<'_>) -> Vec<Node<'a>> {
    let mut nodes = Vec::new();
    let mut ids = HashSet::new();
    for (index, raw) in document.packages.iter().flatten().enumerate() {
        let line = lines.of(raw.get());
        let package: SpdxPackage<'a> = match json::entry(raw) {
            Ok(package) => package,
            Err(why) => {
                found.bad_entry(&format!("package {}", index + 1), why, line);
                continue;
            }
        };
        let name = package.name.unwrap_or_default();
        let id = package.id.unwrap_or_default();
        if name.is_empty() || id.is_empty() {
            found.bad_entry(&format!("package {}", index + 1), "it has no `name` or no `SPDXID`", line);
        }
        if !ids.insert(id.as_str().to_owned()) {
            found.bad_entry(&name, "its `SPDXID` is there more than once", line);
        }
        let (mut purls, mut cpe) = (Vec::new(), None);
        for raw in package.external_refs.iter().flatten() {
            match json::entry::<ExternalRef<'a>>(raw) {
                Ok(reference) => match reference.reference_type.as_str() {
                    "purl" => purls.push(reference.reference_locator),
                    "cpe23Type" | "cpe22Type" => cpe = cpe.or(Some(reference.reference_locator)),
                    _ => {}
                },
                Err(why) => found.bad_entry(&name, why, lines.of(raw.get())),
            }
        }
        let version = package
            .version_info
            .filter(|version| !version.is_empty() && !matches!(version.as_str(), "NOASSERTION" | "NONE"));
        let purpose = package.primary_package_purpose;
        nodes.push(Node { id, name, version, purpose, purls, cpe, line });
    }
    nodes
}

fn relationships<'a>(document: &Document<'a>, lines: &Lines<'_>, found: &mut Found<'_>) -> Vec<Relationship<'a>> {
    let mut relationships = Vec::new();
    for raw in document.relationships.iter().flatten() {
        match json::entry(raw) {
            Ok(relationship) => relationships.push(relationship),
            Err(why) => found.bad_entry("relationships", why, lines.of(raw.get())),
        }
    }
    relationships
}

/// The packages that the document is about.
fn described(
    document: &Document<'_>,
    relationships: &[Relationship<'_>],
    by_id: &HashMap<&str, usize>,
    found: &mut Found<'_>,
) -> Vec<usize> {
    let document_id = document.id.as_deref().unwrap_or("SPDXRef-DOCUMENT");
    let mut ids: Vec<&str> = document.document_describes.iter().flatten().map(Str::as_str).collect();
    for relationship in relationships {
        let (from, to) = (relationship.spdx_element_id.as_str(), relationship.related_spdx_element.as_str());
        match relationship.relationship_type.as_str() {
            "DESCRIBES" if from == document_id || from == "SPDXRef-DOCUMENT" => ids.push(to),
            "DESCRIBED_BY" if to == document_id || to == "SPDXRef-DOCUMENT" => ids.push(from),
            _ => {}
        }
    }
    for id in ids.iter().filter(|id| !by_id.contains_key(*id) && document.packages.is_none()) {
        found.bad_entry(id, "the document describes it and does not contain it", None);
    }
    let mut indices: Vec<usize> = ids.into_iter().filter_map(|id| by_id.get(id).copied()).collect();
    indices.sort_unstable();
    indices.dedup();
    indices
}

/// Which end of a relationship needs the other, and what for.
fn edge(kind: &str) -> Option<(bool, Scope)> {
    use Scope::{Development, Optional, Runtime};
    // (whether the first element needs the second, scope)
    Some(match kind {
        "DEPENDS_ON" | "CONTAINS" | "HAS_PREREQUISITE" | "STATIC_LINK" | "DYNAMIC_LINK" => (true, Runtime),
        "DEPENDENCY_OF" | "CONTAINED_BY" | "PREREQUISITE_FOR" | "RUNTIME_DEPENDENCY_OF" | "PACKAGE_OF"
        | "PROVIDED_DEPENDENCY_OF" => (false, Runtime),
        "OPTIONAL_DEPENDENCY_OF" | "OPTIONAL_COMPONENT_OF" => (false, Optional),
        "DEV_DEPENDENCY_OF" | "BUILD_DEPENDENCY_OF" | "TEST_DEPENDENCY_OF" | "DEV_TOOL_OF" | "BUILD_TOOL_OF"
        | "TEST_TOOL_OF" | "TEST_OF" | "TEST_CASE_OF" => (false, Development),
        _ => return None,
    })
}

fn add(
    nodes: &[Node<'_>],
    subject: Option<usize>,
    relationships: &[Relationship<'_>],
    by_id: &HashMap<&str, usize>,
    found: &mut Found<'_>,
) {
    let mut graph = Graph::new(nodes.len());
    let (mut edges, mut subject_needs) = (0usize, false);
    for relationship in relationships {
        let Some((forward, scope)) = edge(&relationship.relationship_type) else { continue };
        let (first, second) = (&relationship.spdx_element_id, &relationship.related_spdx_element);
        let (from, to) = if forward { (first, second) } else { (second, first) };
        if let (Some(from), Some(to)) = (by_id.get(from.as_str()), by_id.get(to.as_str())) {
            graph.edge(*from, *to, scope);
            edges += 1;
            subject_needs |= subject == Some(*from);
        }
    }
    if let (Some(subject), true) = (subject, subject_needs) {
        graph.root(subject);
    }
    let reached = graph.reach();
    let label = |node: &Node<'_>| match &node.version {
        Some(version) => format!("{}@{}", node.name.as_str(), version.as_str()),
        None => node.name.as_str().to_owned(),
    };
    let labels: Vec<String> = nodes.iter().map(label).collect();
    let os = found.os.clone();
    let mut without = WithoutPurl::default();
    for (index, node) in nodes.iter().enumerate() {
        let is_subject = subject == Some(index) && nodes.len() > 1;
        let not_a_package =
            node.purls.is_empty() && matches!(node.purpose.as_deref(), Some("OPERATING-SYSTEM" | "FILE" | "DEVICE"));
        if is_subject || not_a_package || (node.name.is_empty() && node.purls.is_empty()) {
            continue;
        }
        let purls = node.purls.iter().map(|purl| Some(purl.as_str()));
        let none = node.purls.is_empty().then_some(None);
        for purl in purls.chain(none) {
            let described = Described {
                purl,
                cpe: node.cpe.as_deref(),
                group: None,
                name: &node.name,
                version: node.version.as_deref(),
                line: node.line,
            };
            let mut seen = identify(&described, os.as_ref(), &mut without, found);
            seen.scope = reached.of(index).map_or(Scope::Runtime, |reach| reach.scope);
            seen.direct = reached.direct(index);
            seen.path = if edges > 0 { reached.path(index, &labels) } else { Vec::new() };
            found.add(seen);
        }
    }
    without.report(found);
}

#[cfg(test)]
mod tests {
    use super::super::found::testing::{check, compare};
    use super::*;

    const SPDX: &str = r#"{
 "spdxVersion": "SPDX-2.3", "SPDXID": "SPDXRef-DOCUMENT", "name": "shop-sbom",
 "packages": [
  {"SPDXID": "SPDXRef-root", "name": "shop", "versionInfo": "1.0"},
  {"SPDXID": "SPDXRef-a", "name": "a", "versionInfo": "1.0", "externalRefs": [
    {"referenceCategory": "PACKAGE-MANAGER", "referenceType": "purl", "referenceLocator": "pkg:pypi/A_b@1.0"}]},
  {"SPDXID": "SPDXRef-b", "name": "b", "versionInfo": "NOASSERTION", "externalRefs": [
    {"referenceCategory": "PACKAGE-MANAGER", "referenceType": "purl", "referenceLocator": "pkg:npm/b"}]},
  {"SPDXID": "SPDXRef-t", "name": "t", "versionInfo": "2", "externalRefs": [
    {"referenceCategory": "PACKAGE-MANAGER", "referenceType": "purl", "referenceLocator": "pkg:npm/t@2"}]},
  {"SPDXID": "SPDXRef-n", "name": "nothing"},
  {"SPDXID": 4}
 ],
 "relationships": [
  {"spdxElementId": "SPDXRef-DOCUMENT", "relatedSpdxElement": "SPDXRef-root", "relationshipType": "DESCRIBES"},
  {"spdxElementId": "SPDXRef-root", "relatedSpdxElement": "SPDXRef-a", "relationshipType": "DEPENDS_ON"},
  {"spdxElementId": "SPDXRef-b", "relatedSpdxElement": "SPDXRef-a", "relationshipType": "DEPENDENCY_OF"},
  {"spdxElementId": "SPDXRef-t", "relatedSpdxElement": "SPDXRef-root", "relationshipType": "DEV_DEPENDENCY_OF"},
  {"spdxElementId": "SPDXRef-t"}
 ]
}"#;

    #[test]
    fn packages_relationships_and_what_is_wrong() {
        let parsed = (FORMAT.parse)(&Input::new("shop.spdx.json", SPDX.as_bytes()));
        compare(
            &parsed,
            &[
                "pkg:generic/nothing | Runtime line 11 | nothing",
                "pkg:npm/b | Runtime indirect line 7 | a@1.0 > b",
                "pkg:npm/t@2 | Development direct line 9 | t@2",
                "pkg:pypi/a-b@1.0 | Runtime direct line 5 | a@1.0",
                "! BadEntry line 12 problem-bad-entry entry=package 6 why=invalid type: integer `4`, expected a string",
                "! BadEntry line 19 problem-bad-entry entry=relationships why=missing field `relatedSpdxElement`",
                "! VersionUnknown line 7 problem-version-not-pinned package=b",
                "! BadEntry line 11 problem-components-without-purl count=1 first=nothing",
            ],
        );
        assert_eq!(parsed.subject, Some(Subject { name: "shop".into(), version: Some("1.0".into()) }));
    }

    #[test]
    fn version_three_is_refused_by_name() {
        check(
            &FORMAT,
            "x.spdx.json",
            "{\"@context\": \"x\", \"@graph\": []}",
            &["! Unparsable problem-not-the-format format=SPDX JSON why=it has no `spdxVersion` (SPDX 3 is not read \
               yet)"],
        );
    }
}
