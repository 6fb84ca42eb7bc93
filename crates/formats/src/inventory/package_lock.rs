//! `package-lock.json` and `npm-shrinkwrap.json`, versions 1 to 3, and npm's hidden `node_modules/.package-lock.json`.
//!
//! Source: npm documentation, "package-lock.json".
//!
//! Packages of the project itself (the root, workspaces, `file:` folders) are no components; what they need is
//! direct. Version 1 does not name the project's own dependencies; a package that no other needs must be one.

use std::collections::HashMap;

use serde::Deserialize;
use serde_json::value::RawValue;
use yata_model::{Ecosystem, Family, Package, Scope};

use super::found::{Found, Seen, not_the_format};
use super::graph::Graph;
use super::json::{self, Members, Str};
use super::text::{Lines, text};
use super::{Format, Input, Parsed, file_name};
use crate::purl::Purl;

mod version_one;

/// The format.
pub(super) static FORMAT: Format = Format {
    name: "package-lock.json",
    file_names: "package-lock.json, npm-shrinkwrap.json",
    matches: |path| matches!(file_name(path), "package-lock.json" | "npm-shrinkwrap.json" | ".package-lock.json"),
    recognises: |bytes| {
        let keys = json::leading_keys(bytes, 16);
        let has = |name: &str| keys.iter().any(|key| key == name);
        has("lockfileVersion") && !has("bomFormat") && !has("spdxVersion")
    },
    companions: &[],
    parse,
};

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Document<'a> {
    lockfile_version: Option<u32>,
    #[serde(borrow)]
    packages: Option<Members<'a, &'a RawValue>>,
    #[serde(borrow)]
    dependencies: Option<Members<'a, &'a RawValue>>,
}

/// An entry of `packages` (version 2 and 3).
#[derive(Deserialize, Default)]
#[serde(rename_all = "camelCase", default)]
struct Entry<'a> {
    #[serde(borrow)]
    name: Option<Str<'a>>,
    #[serde(borrow)]
    version: Option<Str<'a>>,
    #[serde(borrow)]
    resolved: Option<string_or_other::Maybe<'a>>,
    link: bool,
    dev: bool,
    optional: bool,
    dev_optional: bool,
    #[serde(borrow)]
    dependencies: Members<'a, &'a RawValue>,
    #[serde(borrow)]
    optional_dependencies: Members<'a, &'a RawValue>,
    #[serde(borrow)]
    dev_dependencies: Members<'a, &'a RawValue>,
    #[serde(borrow)]
    peer_dependencies: Members<'a, &'a RawValue>,
}

/// The longest place in the tree that is followed, in bytes.
const PLACE_MAX_BYTES: usize = 4096;

/// A string, or anything else, which counts as nothing (npm writes `"resolved": false`).
mod string_or_other {
    use super::{Deserialize, RawValue, Str, json};

    pub(super) struct Maybe<'a>(pub(super) Option<Str<'a>>);

    impl<'de: 'a, 'a> Deserialize<'de> for Maybe<'a> {
        fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
            let raw = <&'de RawValue>::deserialize(deserializer)?;
            Ok(Maybe(json::entry::<Str<'a>>(raw).ok()))
        }
    }
}

/// What a version 1 and a version 2 entry come down to.
struct Node<'a> {
    /// Where it stands in the tree, with `node_modules/` parts; empty for the root.
    place: String,
    name: String,
    version: Option<Str<'a>>,
    resolved: Option<Str<'a>>,
    local: bool,
    scope: Scope,
    line: Option<u32>,
    /// Names that it needs, with what for.
    needs: Vec<(Str<'a>, Scope)>,
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
    if document.lockfile_version.is_none() && document.packages.is_none() && document.dependencies.is_none() {
        return not_the_format(input, FORMAT.name, "it has neither `lockfileVersion` nor `packages`");
    }
    if let Some(version @ 4..) = document.lockfile_version {
        let why = format!("its version is {version}; versions 1 to 3 are read");
        return not_the_format(input, FORMAT.name, why);
    }
    let lines = Lines::new(text);
    let mut found = Found::new(input);
    match (document.packages, document.dependencies) {
        (Some(packages), _) => {
            let (nodes, links) = nodes(packages, &lines, &mut found);
            add(&nodes, &links, &mut found);
        }
        (None, Some(dependencies)) => {
            let nodes = version_one::nodes(&dependencies, &lines, &mut found);
            add(&nodes, &HashMap::new(), &mut found);
        }
        (None, None) => {}
    }
    found.finish()
}

/// The nodes of version 2 and 3, and where its links lead.
fn nodes<'a>(
    packages: Members<'a, &'a RawValue>,
    lines: &Lines<'_>,
    found: &mut Found<'_>,
) -> (Vec<Node<'a>>, HashMap<String, String>) {
    let (mut nodes, mut links) = (Vec::with_capacity(packages.0.len()), HashMap::new());
    for (place, raw) in packages.0 {
        let line = lines.of(raw.get());
        if place.len() > PLACE_MAX_BYTES {
            found.bad_entry(&place, format!("its path is longer than {PLACE_MAX_BYTES} bytes"), line);
            continue;
        }
        let entry: Entry<'_> = match json::entry(raw) {
            Ok(entry) => entry,
            Err(why) => {
                found.bad_entry(if place.is_empty() { "packages" } else { &place }, why, line);
                continue;
            }
        };
        let resolved = entry.resolved.and_then(|resolved| resolved.0);
        if entry.link {
            if let Some(target) = resolved {
                links.insert(place.as_str().to_owned(), target.as_str().to_owned());
            }
            continue;
        }
        let in_tree = place.rsplit_once("node_modules/").map(|(_, name)| name);
        let name = entry.name.as_ref().map(Str::as_str).or(in_tree).unwrap_or_default().to_owned();
        let local = in_tree.is_none();
        let mut needs = Vec::new();
        for (list, scope) in [
            (entry.dependencies, Scope::Runtime),
            (entry.peer_dependencies, Scope::Runtime),
            (entry.optional_dependencies, Scope::Optional),
        ] {
            needs.extend(list.0.into_iter().map(|(name, _)| (name, scope)));
        }
        if local {
            needs.extend(entry.dev_dependencies.0.into_iter().map(|(name, _)| (name, Scope::Development)));
        }
        let scope = scope(entry.dev, entry.optional, entry.dev_optional);
        let place = place.as_str().to_owned();
        nodes.push(Node { place, name, version: entry.version, resolved, local, scope, line, needs });
    }
    (nodes, links)
}

/// `devOptional` is needed by development and by an option, so the option counts.
fn scope(dev: bool, optional: bool, dev_optional: bool) -> Scope {
    match (dev, optional || dev_optional) {
        (true, _) => Scope::Development,
        (false, true) => Scope::Optional,
        (false, false) => Scope::Runtime,
    }
}

fn add(nodes: &[Node<'_>], links: &HashMap<String, String>, found: &mut Found<'_>) {
    let reached = graph(nodes, links).reach();
    let label = |node: &Node<'_>| match locate(node) {
        Located { name, version: Some(version), .. } => format!("{name}@{version}"),
        Located { name, version: None, .. } => name.to_owned(),
    };
    let labels: Vec<String> = nodes.iter().map(label).collect();
    for (index, node) in nodes.iter().enumerate() {
        if node.local {
            continue;
        }
        let entry = if node.place.is_empty() { &node.name } else { &node.place };
        if node.name.is_empty() {
            found.bad_entry(entry, "it has no name", node.line);
            continue;
        }
        let Located { name, version, qualifier } = locate(node);
        let package = Package::new(Ecosystem::plain(Family::Npm), name);
        let (namespace, bare) = name.rsplit_once('/').map_or((None, name), |(scope, bare)| (Some(scope), bare));
        let mut purl = Purl::new("npm", namespace, bare, version);
        if let Some((key, value)) = &qualifier {
            purl = purl.with(key, value);
        }
        if version.is_none() {
            found.version_unknown(name, node.line);
        }
        let mut seen = Seen::new(purl.to_string(), package, version.map(str::to_owned));
        seen.line = node.line;
        seen.scope = node.scope;
        seen.direct = match reached.of(index) {
            Some(reach) if reach.certain || reach.parent.is_none() => Some(reach.parent.is_none()),
            _ => None,
        };
        seen.path = reached.path(index, &labels);
        found.add(seen);
    }
}

struct Located<'n> {
    name: &'n str,
    version: Option<&'n str>,
    qualifier: Option<(&'static str, String)>,
}

/// Name, version and origin: version 1 writes aliases and addresses where the version belongs.
fn locate<'n>(node: &'n Node<'_>) -> Located<'n> {
    let version = node.version.as_ref().map(Str::as_str).filter(|version| !version.is_empty());
    let resolved = node.resolved.as_ref().map(Str::as_str);
    if let Some(alias) = version.and_then(|version| version.strip_prefix("npm:")) {
        let at = alias.rfind('@').filter(|at| *at > 0);
        if let Some((name, version)) = at.and_then(|at| alias.split_at_checked(at)) {
            return Located { name, version: Some(version.trim_start_matches('@')), qualifier: None };
        }
    }
    // `git+ssh://…#commit`, `github:user/name#commit`, `https://…tgz`
    if let Some(address) = version.filter(|version| version.contains(':') || version.contains('/')) {
        return Located { name: &node.name, version: None, qualifier: Some(origin(address)) };
    }
    let git = resolved.filter(|resolved| resolved.starts_with("git"));
    Located { name: &node.name, version, qualifier: git.map(origin) }
}

fn origin(address: &str) -> (&'static str, String) {
    let safe = without_user(address);
    if safe.starts_with("http") { ("download_url", safe) } else { ("vcs_url", safe.replacen('#', "@", 1)) }
}

/// An address without a password or token (`user:token@host`); the bare user `git` stays.
fn without_user(address: &str) -> String {
    let Some((scheme, rest)) = address.split_once("://") else { return address.to_owned() };
    let (host, path) = rest.split_once('/').map_or((rest, None), |(host, path)| (host, Some(path)));
    let host = host.rsplit_once('@').filter(|(user, _)| *user != "git").map_or(host, |(_, host)| host);
    path.map_or_else(|| format!("{scheme}://{host}"), |path| format!("{scheme}://{host}/{path}"))
}

fn graph(nodes: &[Node<'_>], links: &HashMap<String, String>) -> Graph {
    let by_place: HashMap<&str, usize> = nodes.iter().enumerate().map(|(index, n)| (n.place.as_str(), index)).collect();
    let find = |place: &str| {
        let target = links.get(place).map_or(place, String::as_str);
        by_place.get(target).copied()
    };
    let mut graph = Graph::new(nodes.len());
    for (index, node) in nodes.iter().enumerate() {
        for (name, scope) in &node.needs {
            if let Some(to) = resolve(&node.place, name, &find) {
                graph.edge(index, to, *scope);
            }
        }
        if node.local {
            graph.root(index);
        }
    }
    graph
}

/// Looks for a package as Node.js does: in the `node_modules` of the folder, then of each folder above.
fn resolve(place: &str, name: &str, find: &impl Fn(&str) -> Option<usize>) -> Option<usize> {
    let mut folder = place;
    loop {
        let candidate =
            if folder.is_empty() { format!("node_modules/{name}") } else { format!("{folder}/node_modules/{name}") };
        if let Some(found) = find(&candidate) {
            return Some(found);
        }
        if folder.is_empty() {
            return None;
        }
        // Out of `…/node_modules/x` to what holds that `node_modules`; out of a plain folder to its parent.
        folder = match folder.rfind("node_modules/") {
            Some(at) => folder.get(..at).unwrap_or_default().trim_end_matches('/'),
            None => folder.rsplit_once('/').map_or("", |(parent, _)| parent),
        };
    }
}

#[cfg(test)]
mod tests {
    use super::super::found::testing::check;
    use super::*;

    #[test]
    fn version_three_with_workspaces_links_and_nesting() {
        check(
            &FORMAT,
            "package-lock.json",
            r#"{
  "name": "shop", "lockfileVersion": 3,
  "packages": {
    "": {"dependencies": {"a": "^1", "mine": "*"}, "devDependencies": {"t": "1"}, "workspaces": ["packages/*"]},
    "packages/mine": {"name": "mine", "version": "0.0.1", "dependencies": {"@s/b": "2"}},
    "node_modules/mine": {"resolved": "packages/mine", "link": true},
    "node_modules/a": {"version": "1.0.0", "dependencies": {"c": "1"}},
    "node_modules/c": {"version": "2.0.0", "dev": true},
    "node_modules/a/node_modules/c": {"version": "1.0.0", "resolved": "git+ssh://git@example.org/c.git#abc"},
    "node_modules/@s/b": {"version": "2.0.0", "optional": true, "resolved": false},
    "node_modules/t": {"name": "real", "version": "1.0.0", "dev": true, "dependencies": {"c": "2"}},
    "node_modules/bad": {"version": 5}
  }
}"#,
            &[
                "pkg:npm/%40s/b@2.0.0 | Optional direct line 10 | @s/b@2.0.0",
                "pkg:npm/a@1.0.0 | Runtime direct line 7 | a@1.0.0",
                "pkg:npm/c@1.0.0?vcs_url=git%2Bssh:%2F%2Fgit%40example.org%2Fc.git%40abc | Runtime indirect line 9 | \
                 a@1.0.0 > c@1.0.0",
                "pkg:npm/c@2.0.0 | Development indirect line 8 | real@1.0.0 > c@2.0.0",
                "pkg:npm/real@1.0.0 | Development direct line 11 | real@1.0.0",
                "! BadEntry line 12 problem-bad-entry entry=node_modules/bad why=invalid type: integer `5`, expected \
                 a string",
            ],
        );
    }

    #[test]
    fn version_one_nests_dependencies() {
        check(
            &FORMAT,
            "package-lock.json",
            r#"{"lockfileVersion": 1, "dependencies": {
  "a": {"version": "1.0.0", "requires": {"c": "1"}, "dependencies": {"c": {"version": "1.0.0"}}},
  "c": {"version": "npm:real@2.0.0", "dev": true},
  "g": {"version": "git+https://token@example.org/g.git#abc"},
  "f": {"version": "file:deps/f", "requires": {"a": "1"}}
}}"#,
            &[
                "pkg:npm/a@1.0.0 | Runtime direct line 2 | a@1.0.0",
                "pkg:npm/c@1.0.0 | Runtime indirect line 2 | a@1.0.0 > c@1.0.0",
                "pkg:npm/g?vcs_url=git%2Bhttps:%2F%2Fexample.org%2Fg.git%40abc | Runtime direct line 4 | g",
                "pkg:npm/real@2.0.0 | Development direct line 3 | real@2.0.0",
                "! VersionUnknown line 4 problem-version-not-pinned package=g",
            ],
        );
    }

    #[test]
    fn broken_documents_say_where_and_why() {
        check(
            &FORMAT,
            "package-lock.json",
            "{\"lockfileVersion\": 3,\n \"packages\": {",
            &["! Unparsable line 2 problem-json-truncated column=14 line=2"],
        );
        check(
            &FORMAT,
            "package-lock.json",
            "{\"lockfileVersion\": 3,\n \"lockfileVersion\": 2}",
            &["! Unparsable line 2 problem-json-duplicate-key column=18 key=lockfileVersion line=2"],
        );
        let deep = format!("{{\"lockfileVersion\": 3, \"packages\": {}", "[".repeat(100_000));
        check(
            &FORMAT,
            "package-lock.json",
            &deep,
            &["! Unparsable line 1 problem-json-shape column=35 line=1 why=invalid type: sequence, expected an object"],
        );
        check(
            &FORMAT,
            "package-lock.json",
            "{\"lockfileVersion\": 9}",
            &["! Unparsable problem-not-the-format format=package-lock.json why=its version is 9; versions 1 to 3 \
               are read"],
        );
    }
}
