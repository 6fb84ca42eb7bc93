//! CycloneDX in JSON, 1.2 to 1.7.
//!
//! Source: ECMA-424 (CycloneDX bill of materials specification); the JSON schemas 1.4 to 1.7.
//!
//! Taken: components at every depth, the dependency graph, scopes. What is not a package (files, operating systems,
//! devices, data, models, cryptographic assets) is taken only where it carries a purl. Evidence, pedigree,
//! formulation, services and vulnerabilities are not looked at here.

use std::collections::HashMap;

use serde::Deserialize;
use serde_json::value::RawValue;
use yata_model::Scope;

use super::found::{Found, Seen, not_the_format};
use super::graph::Graph;
use super::json::{self, Entries, Str};
use super::sbom::{Described, WithoutPurl, identify, source_package};
use super::text::{Lines, text};
use super::{Format, Input, OsRelease, Parsed, Subject, file_name};
use crate::purl::to_package;

/// The format.
pub(super) static FORMAT: Format = Format {
    name: "CycloneDX JSON",
    file_names: "bom.json, sbom.json, *.cdx.json, *.cyclonedx.json",
    matches: |path| {
        let file = file_name(path).to_ascii_lowercase();
        matches!(file.as_str(), "bom.json" | "sbom.json" | "cyclonedx.json" | "sbom-cyclonedx.json")
            || [".cdx.json", ".cyclonedx.json", ".bom.json", ".sbom.json", "-bom.json", "-sbom.json"]
                .iter()
                .any(|ending| file.ends_with(ending))
    },
    recognises: |bytes| json::leading_keys(bytes, 16).iter().any(|key| key == "bomFormat"),
    companions: &[],
    parse,
};

/// The deepest nesting of components that is followed.
const NESTING_MAX: usize = 16;

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Document<'a> {
    #[serde(borrow)]
    bom_format: Option<Str<'a>>,
    #[serde(borrow)]
    spec_version: Option<Str<'a>>,
    #[serde(borrow)]
    metadata: Option<&'a RawValue>,
    #[serde(borrow)]
    components: Option<Entries<'a>>,
    #[serde(borrow)]
    dependencies: Option<Entries<'a>>,
}

#[derive(Deserialize, Default)]
struct Metadata<'a> {
    #[serde(borrow)]
    component: Option<&'a RawValue>,
}

#[derive(Deserialize, Default)]
struct Component<'a> {
    #[serde(borrow, rename = "type")]
    kind: Option<Str<'a>>,
    #[serde(borrow, rename = "bom-ref")]
    reference: Option<Str<'a>>,
    #[serde(borrow)]
    group: Option<Str<'a>>,
    #[serde(borrow)]
    name: Option<Str<'a>>,
    #[serde(borrow)]
    version: Option<Str<'a>>,
    #[serde(borrow)]
    purl: Option<Str<'a>>,
    #[serde(borrow)]
    cpe: Option<Str<'a>>,
    #[serde(borrow)]
    scope: Option<Str<'a>>,
    #[serde(borrow)]
    components: Option<Entries<'a>>,
    #[serde(borrow)]
    properties: Option<Vec<Property<'a>>>,
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct Property<'a> {
    #[serde(borrow)]
    name: Option<Str<'a>>,
    #[serde(borrow)]
    value: Option<Str<'a>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Dependency<'a> {
    #[serde(borrow, rename = "ref")]
    reference: Str<'a>,
    #[serde(borrow)]
    depends_on: Option<Vec<Str<'a>>>,
}

/// A component with its place in the nesting.
struct Node<'a> {
    component: Component<'a>,
    parent: Option<usize>,
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
    if document.bom_format.as_deref() != Some("CycloneDX") {
        return not_the_format(input, FORMAT.name, "its `bomFormat` is not `CycloneDX`");
    }
    let version = document.spec_version.as_deref().unwrap_or_default();
    if !matches!(version, "1.2" | "1.3" | "1.4" | "1.5" | "1.6" | "1.7") {
        return not_the_format(input, FORMAT.name, format!("its `specVersion` is `{version}`; 1.2 to 1.7 are read"));
    }
    let lines = Lines::new(text);
    let mut found = Found::new(input);
    let (nodes, has_subject) = nodes(&document, &lines, &mut found);
    if let (true, Some(node)) = (has_subject, nodes.first()) {
        let name = node.component.name.as_deref().unwrap_or_default().to_owned();
        let version = node.component.version.as_deref().filter(|version| !version.is_empty()).map(str::to_owned);
        found.subject = (!name.is_empty()).then_some(Subject { name, version });
    }
    found.os = nodes.iter().find_map(|node| operating_system(&node.component));
    add(&nodes, has_subject, &document, &lines, &mut found);
    found.finish()
}

/// All components, the subject first where there is one, each before what it is made of.
fn nodes<'a>(document: &Document<'a>, lines: &Lines<'_>, found: &mut Found<'_>) -> (Vec<Node<'a>>, bool) {
    let mut open: Vec<(&'a RawValue, Option<usize>, usize)> = Vec::new();
    open.extend(document.components.iter().flatten().rev().map(|raw| (*raw, None, 0)));
    let metadata = document.metadata.map(json::entry::<Metadata<'_>>);
    let subject = match metadata {
        Some(Ok(metadata)) => metadata.component,
        Some(Err(why)) => {
            found.bad_entry("metadata", why, document.metadata.and_then(|raw| lines.of(raw.get())));
            None
        }
        None => None,
    };
    open.extend(subject.map(|raw| (raw, None, 0)));
    let mut nodes = Vec::with_capacity(open.len());
    let mut has_subject = false;
    while let Some((raw, parent, depth)) = open.pop() {
        let line = lines.of(raw.get());
        let is_subject = subject.is_some_and(|subject| std::ptr::eq(subject, raw));
        let mut component: Component<'a> = match json::entry(raw) {
            Ok(component) => component,
            Err(why) => {
                let name = json::entry::<Named<'_>>(raw).ok().and_then(|named| named.name);
                let name = name.map_or_else(|| format!("component {}", nodes.len() + 1), |name| name.as_str().to_owned());
                found.bad_entry(&name, why, line);
                continue;
            }
        };
        has_subject |= is_subject;
        let parts = component.components.take().unwrap_or_default();
        if depth < NESTING_MAX {
            let index = nodes.len();
            open.extend(parts.into_iter().rev().map(|raw| (raw, Some(index), depth + 1)));
        } else if !parts.is_empty() {
            let name = component.name.as_deref().unwrap_or_default();
            found.bad_entry(name, format!("it is nested deeper than {NESTING_MAX} levels"), line);
        }
        nodes.push(Node { component, parent, line });
    }
    (nodes, has_subject)
}

/// The name of a component whose other members cannot be read.
#[derive(Deserialize)]
struct Named<'a> {
    #[serde(borrow)]
    name: Option<Str<'a>>,
}

fn operating_system(component: &Component<'_>) -> Option<OsRelease> {
    (component.kind.as_deref() == Some("operating-system")).then(|| OsRelease {
        id: component.name.as_deref().unwrap_or_default().to_lowercase(),
        version_id: component.version.as_deref().map(str::to_owned),
        ..OsRelease::default()
    })
}

fn is_package(component: &Component<'_>) -> bool {
    component.purl.is_some()
        || !matches!(
            component.kind.as_deref(),
            Some(
                "file"
                    | "operating-system"
                    | "device"
                    | "device-driver"
                    | "platform"
                    | "data"
                    | "machine-learning-model"
                    | "cryptographic-asset"
            )
        )
}

fn add(nodes: &[Node<'_>], has_subject: bool, document: &Document<'_>, lines: &Lines<'_>, found: &mut Found<'_>) {
    let reached = graph(nodes, has_subject, document, lines, found).reach();
    let has_paths = document.dependencies.is_some();
    let labels: Vec<String> = nodes.iter().filter(|_| has_paths).map(|node| label(&node.component)).collect();
    let os = found.os.clone();
    let mut without = WithoutPurl::default();
    for (index, node) in nodes.iter().enumerate() {
        let component = &node.component;
        let is_subject = has_subject && index == 0;
        let alone = nodes.len() == 1 && component.purl.as_deref().is_some_and(names_a_package);
        if !is_package(component) || (is_subject && !alone) {
            continue;
        }
        let name = component.name.as_deref().unwrap_or_default();
        if name.is_empty() && component.purl.is_none() {
            found.bad_entry(&format!("component {}", index + 1), "it has neither a name nor a purl", node.line);
            continue;
        }
        let described = Described {
            purl: component.purl.as_deref(),
            cpe: component.cpe.as_deref(),
            group: component.group.as_deref(),
            name,
            version: component.version.as_deref().filter(|version| !version.is_empty()),
            line: node.line,
        };
        let mut seen = identify(&described, os.as_ref(), &mut without, found);
        complete_source(&mut seen, component);
        let stated = stated_scope(component, node.line, found);
        seen.scope = stated.unwrap_or_else(|| reached.of(index).map_or(Scope::Runtime, |reach| reach.scope));
        seen.direct = reached.direct(index);
        seen.path = if has_paths { reached.path(index, &labels) } else { Vec::new() };
        found.add(seen);
    }
    without.report(found);
}

/// The component in a path: `group:name@version`, or `@scope/name@version`.
fn label(component: &Component<'_>) -> String {
    let name = component.name.as_deref().unwrap_or_default();
    let version = component.version.as_deref().filter(|version| !version.is_empty());
    let (at, version) = version.map_or(("", ""), |version| ("@", version));
    match component.group.as_deref().filter(|group| !group.is_empty()) {
        Some(scope) if scope.starts_with('@') => format!("{scope}/{name}{at}{version}"),
        Some(group) => format!("{group}:{name}{at}{version}"),
        None => format!("{name}{at}{version}"),
    }
}

/// Whether a purl names a package of an ecosystem that has advisories.
fn names_a_package(purl: &str) -> bool {
    purl.parse().ok().as_ref().and_then(to_package).is_some()
}

fn property<'c>(component: &'c Component<'_>, name: &str) -> Option<&'c str> {
    let properties = component.properties.iter().flatten();
    properties.into_iter().find(|p| p.name.as_deref() == Some(name)).and_then(|p| p.value.as_deref())
}

/// The source package of a distribution's package, where the tool that wrote the document tells it by properties.
fn complete_source(seen: &mut Seen, component: &Component<'_>) {
    if seen.source.is_some() || seen.package.ecosystem.family == yata_model::Family::Npm {
        return;
    }
    let value = |name: &str| property(component, &format!("aquasecurity:trivy:{name}")).filter(|v| !v.is_empty());
    let Some(name) = value("SrcName") else { return };
    let version = value("SrcVersion").map(|version| {
        let release = value("SrcRelease").map(|release| format!("-{release}")).unwrap_or_default();
        let epoch = value("SrcEpoch").map(|epoch| format!("{epoch}:")).unwrap_or_default();
        format!("{epoch}{version}{release}")
    });
    seen.source = source_package(name, version);
}

fn stated_scope(component: &Component<'_>, line: Option<u32>, found: &mut Found<'_>) -> Option<Scope> {
    let is_true = |name: &str| property(component, name) == Some("true");
    if is_true("cdx:npm:package:development") || is_true("cdx:composer:package:isDevRequirement") {
        return Some(Scope::Development);
    }
    match component.scope.as_deref() {
        None => None,
        Some("required") => Some(Scope::Runtime),
        Some("optional") => Some(Scope::Optional),
        // "Excluded" components give context but do not ship: tests, build tools.
        Some("excluded") => Some(Scope::Development),
        Some(other) => {
            let name = component.name.as_deref().unwrap_or_default();
            found.bad_entry(name, format!("its scope `{other}` is not known; it counts as required"), line);
            Some(Scope::Runtime)
        }
    }
}

fn graph(
    nodes: &[Node<'_>],
    has_subject: bool,
    document: &Document<'_>,
    lines: &Lines<'_>,
    found: &mut Found<'_>,
) -> Graph {
    let mut by_reference: HashMap<&str, usize> = HashMap::with_capacity(nodes.len());
    for (index, node) in nodes.iter().enumerate() {
        if let Some(reference) = node.component.reference.as_deref()
            && by_reference.insert(reference, index).is_some()
        {
            found.bad_entry(reference, "its `bom-ref` is there more than once", node.line);
        }
    }
    let mut graph = Graph::new(nodes.len());
    let mut subject_needs = false;
    for raw in document.dependencies.iter().flatten() {
        let dependency: Dependency<'_> = match json::entry(raw) {
            Ok(dependency) => dependency,
            Err(why) => {
                found.bad_entry("dependencies", why, lines.of(raw.get()));
                continue;
            }
        };
        let Some(from) = by_reference.get(dependency.reference.as_str()).copied() else { continue };
        for to in dependency.depends_on.iter().flatten().filter_map(|to| by_reference.get(to.as_str()).copied()) {
            subject_needs |= has_subject && from == 0;
            graph.edge(from, to, Scope::Runtime);
        }
    }
    for (index, node) in nodes.iter().enumerate() {
        if let Some(parent) = node.parent.filter(|parent| !(has_subject && *parent == 0)) {
            graph.edge(parent, index, Scope::Runtime);
        }
    }
    if subject_needs {
        graph.root(0);
    }
    graph
}

#[cfg(test)]
mod tests {
    use super::super::found::testing::{check, compare};
    use super::*;

    const BOM: &str = r#"{
 "bomFormat": "CycloneDX", "specVersion": "1.6", "version": 1,
 "metadata": {"component": {"type": "application", "bom-ref": "root", "name": "portal", "version": "2.0"}},
 "components": [
  {"type": "library", "bom-ref": "a", "name": "log4j-core", "group": "org.apache.logging.log4j", "version": "2.14.1",
   "purl": "pkg:maven/org.apache.logging.log4j/log4j-core@2.14.1?type=jar"},
  {"type": "library", "bom-ref": "b", "name": "b", "version": "1", "purl": "pkg:npm/%40s/b@1", "scope": "optional",
   "components": [{"type": "library", "name": "c", "version": "3", "purl": "pkg:npm/c@3"}]},
  {"type": "library", "bom-ref": "r", "name": "openssl", "purl": "pkg:rpm/almalinux/openssl@3.0.7-24.el9?epoch=1"},
  {"type": "application", "name": "nginx", "version": "1.21", "cpe": "cpe:2.3:a:f5:nginx:1.21:*:*:*:*:*:*:*"},
  {"type": "operating-system", "name": "almalinux", "version": "9.4"},
  {"type": "file", "name": "/etc/passwd"},
  {"type": "library", "name": 5},
  {"type": "library", "name": "odd", "purl": "not a purl", "scope": "sometimes"}
 ],
 "dependencies": [{"ref": "root", "dependsOn": ["a"]}, {"ref": "a", "dependsOn": ["r"]}]
}"#;

    #[test]
    fn components_graph_scopes_and_what_is_wrong() {
        let parsed = (FORMAT.parse)(&Input::new("bom.json", BOM.as_bytes()));
        compare(
            &parsed,
            &[
                "pkg:generic/f5/nginx@1.21?cpe=cpe:2.3:a:f5:nginx:1.21:%2A:%2A:%2A:%2A:%2A:%2A:%2A | Runtime line 10 \
                 | nginx@1.21",
                "pkg:generic/odd | Runtime line 14 | odd",
                "pkg:maven/org.apache.logging.log4j/log4j-core@2.14.1?type=jar | Runtime direct line 5 | \
                 org.apache.logging.log4j:log4j-core@2.14.1",
                "pkg:npm/%40s/b@1 | Optional line 7 | b@1",
                "pkg:npm/c@3 | Runtime line 8 | b@1 > c@3",
                "pkg:rpm/almalinux/openssl@3.0.7-24.el9?epoch=1 | Runtime indirect line 9 | \
                 org.apache.logging.log4j:log4j-core@2.14.1 > openssl",
                "! BadEntry line 13 problem-bad-entry entry=component 9 why=invalid type: integer `5`, expected a \
                 string",
                "! BadEntry line 14 problem-bad-entry entry=odd why=its purl `not a purl` cannot be read: package \
                 URL does not start with `pkg:`",
                "! BadEntry line 14 problem-bad-entry entry=odd why=its scope `sometimes` is not known; it counts as \
                 required",
                "! BadEntry line 10 problem-components-without-purl count=1 first=nginx",
            ],
        );
        assert_eq!(parsed.subject, Some(Subject { name: "portal".into(), version: Some("2.0".into()) }));
        let names: Vec<String> =
            parsed.components.iter().map(|c| format!("{} {:?}", c.package, c.version)).collect();
        assert!(names.contains(&"Maven/org.apache.logging.log4j:log4j-core Some(\"2.14.1\")".to_owned()));
        assert!(names.contains(&"AlmaLinux:9/openssl Some(\"1:3.0.7-24.el9\")".to_owned()), "{names:?}");
    }

    #[test]
    fn a_document_of_its_subject_alone_is_about_that_package() {
        check(
            &FORMAT,
            "bom.json",
            r#"{"bomFormat":"CycloneDX","specVersion":"1.5","metadata":{"component":
               {"type":"library","name":"log","version":"0.4.20","purl":"pkg:cargo/log@0.4.20"}}}"#,
            &["pkg:cargo/log@0.4.20 | Runtime line 2 | "],
        );
    }

    #[test]
    fn other_formats_and_versions_are_refused() {
        check(
            &FORMAT,
            "bom.json",
            r#"{"bomFormat":"CycloneDX","specVersion":"2.0"}"#,
            &["! Unparsable problem-not-the-format format=CycloneDX JSON why=its `specVersion` is `2.0`; 1.2 to 1.7 \
               are read"],
        );
        check(
            &FORMAT,
            "bom.json",
            "{}",
            &["! Unparsable problem-not-the-format format=CycloneDX JSON why=its `bomFormat` is not `CycloneDX`"],
        );
    }
}
