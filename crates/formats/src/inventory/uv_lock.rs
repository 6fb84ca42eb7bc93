//! `uv.lock`, version 1.
//!
//! Source: uv documentation, "Locking and syncing"; `uv_resolver::lock`.
//!
//! Packages of the project and its workspace (sources `virtual`, `editable`, `directory`) are no components;
//! what they need is direct, their extras are optional and their groups are for development.

use std::collections::HashMap;

use toml::de::DeTable;
use yata_model::{Ecosystem, Family, Package, Scope};

use super::found::{Found, Seen, not_the_format};
use super::graph::Graph;
use super::text::{Lines, text};
use super::toml_tree::{self, PackageTable};
use super::{Format, Input, Parsed, file_name};
use crate::purl::Purl;

/// The format.
pub(super) static FORMAT: Format = Format {
    name: "uv.lock",
    file_names: "uv.lock",
    matches: |path| file_name(path) == "uv.lock",
    recognises: super::never,
    companions: &[],
    parse,
};

/// The newest version of the format that is understood.
const VERSION_MAX: &str = "1";

fn parse(input: &Input<'_>) -> Parsed {
    let document = text(input).and_then(|text| toml_tree::document(input, text).map(|document| (text, document)));
    let (text, document) = match document {
        Ok(document) => document,
        Err(problem) => return Parsed { problems: vec![problem], ..Parsed::default() },
    };
    let version = toml_tree::value(&document, "version").and_then(|version| version.get_ref().as_integer());
    match version {
        Some(version) if version.as_str() != VERSION_MAX => {
            let why = format!("its version is {}; version {VERSION_MAX} is the one that is read", version.as_str());
            return not_the_format(input, FORMAT.name, why);
        }
        None if !document.is_empty() => return not_the_format(input, FORMAT.name, "it has no `version`"),
        _ => {}
    }
    let lines = Lines::new(text);
    let mut found = Found::new(input);
    let mut packages: Vec<(PackageTable<'_, '_>, Package)> = Vec::new();
    for package in toml_tree::packages(&document, &lines) {
        match package {
            Ok(table) => {
                let package = Package::new(Ecosystem::plain(Family::PyPi), table.name);
                packages.push((table, package));
            }
            Err((entry, why, line)) => found.bad_entry(&entry, why, Some(line)),
        }
    }
    let reached = graph(&packages).reach();
    let label = |(table, package): &(PackageTable<'_, '_>, Package)| match table.version {
        Some(version) => format!("{}@{version}", package.name),
        None => package.name.clone(),
    };
    let labels: Vec<String> = packages.iter().map(label).collect();
    for (index, (table, package)) in packages.iter().enumerate() {
        if is_local(table.table) {
            continue;
        }
        if table.version.is_none() {
            found.version_unknown(&package.name, Some(table.line));
        }
        let mut seen = Seen::new(purl(table, package), package.clone(), table.version.map(str::to_owned));
        seen.line = Some(table.line);
        seen.scope = reached.of(index).map_or(Scope::Runtime, |reach| reach.scope);
        seen.direct = reached.direct(index);
        seen.path = reached.path(index, &labels);
        found.add(seen);
    }
    found.finish()
}

fn is_local(table: &DeTable<'_>) -> bool {
    let source = toml_tree::table(table, "source");
    source.is_some_and(|source| ["virtual", "editable", "directory"].iter().any(|key| source.contains_key(*key)))
}

fn purl(table: &PackageTable<'_, '_>, package: &Package) -> String {
    let purl = Purl::new("pypi", None, &package.name, table.version);
    let Some(source) = toml_tree::table(table.table, "source") else { return purl.to_string() };
    if let Some(git) = toml_tree::string(source, "git") {
        // `https://host/repository?rev=main#commit`
        let (url, commit) = git.split_once('#').unwrap_or((git, ""));
        let url = url.split('?').next().unwrap_or(url);
        let at = if commit.is_empty() { String::new() } else { format!("@{commit}") };
        return purl.with("vcs_url", &format!("git+{url}{at}")).to_string();
    }
    if let Some(url) = toml_tree::string(source, "url") {
        return purl.with("download_url", url).to_string();
    }
    purl.to_string()
}

fn graph(packages: &[(PackageTable<'_, '_>, Package)]) -> Graph {
    let mut by_name: HashMap<&str, Vec<usize>> = HashMap::new();
    for (index, (_, package)) in packages.iter().enumerate() {
        by_name.entry(&package.name).or_default().push(index);
    }
    let mut graph = Graph::new(packages.len());
    let mut link = |from: usize, dependency: &DeTable<'_>, scope: Scope| {
        let Some(name) = toml_tree::string(dependency, "name") else { return };
        let needed = Package::new(Ecosystem::plain(Family::PyPi), name);
        let version = toml_tree::string(dependency, "version");
        for to in by_name.get(needed.name.as_str()).into_iter().flatten() {
            if version.is_none_or(|version| packages.get(*to).is_some_and(|(table, _)| table.version == Some(version))) {
                graph.edge(from, *to, scope);
            }
        }
    };
    for (index, (table, _)) in packages.iter().enumerate() {
        let local = is_local(table.table);
        // Extras of a package that is not ours are in the file only where somebody asked for them.
        let extras = if local { Scope::Optional } else { Scope::Runtime };
        for dependency in toml_tree::array(table.table, "dependencies").filter_map(|d| d.get_ref().as_table()) {
            link(index, dependency, Scope::Runtime);
        }
        for (key, scope) in [("optional-dependencies", extras), ("dev-dependencies", Scope::Development)] {
            let Some(groups) = toml_tree::table(table.table, key) else { continue };
            let lists = groups.values().filter_map(|list| list.get_ref().as_array());
            for dependency in lists.flat_map(|list| list.iter()).filter_map(|d| d.get_ref().as_table()) {
                link(index, dependency, scope);
            }
        }
    }
    for (index, (table, _)) in packages.iter().enumerate() {
        if is_local(table.table) {
            graph.root(index);
        }
    }
    graph
}

#[cfg(test)]
mod tests {
    use super::super::found::testing::check;
    use super::*;

    #[test]
    fn extras_are_optional_and_groups_are_for_development() {
        check(
            &FORMAT,
            "uv.lock",
            r#"version = 1
requires-python = ">=3.11"

[[package]]
name = "shop"
version = "0.1.0"
source = { virtual = "." }
dependencies = [{ name = "flask", extra = ["async"] }]
[package.optional-dependencies]
cache = [{ name = "redis" }]
[package.dev-dependencies]
dev = [{ name = "pytest" }]

[[package]]
name = "flask"
version = "3.0.0"
source = { registry = "https://index.example.org/simple" }
dependencies = [{ name = "click" }]

[[package]]
name = "click"
version = "8.1.7"
source = { registry = "https://index.example.org/simple" }

[[package]]
name = "redis"
version = "5.0"
source = { git = "https://example.org/redis?rev=main#abc" }

[[package]]
name = "pytest"
version = "8.0"
source = { registry = "https://index.example.org/simple" }
dependencies = [{ name = "click" }, { name = "pluggy" }]

[[package]]
name = "pluggy"
source = { registry = "https://index.example.org/simple" }
"#,
            &[
                "pkg:pypi/click@8.1.7 | Runtime indirect line 21 | flask@3.0.0 > click@8.1.7",
                "pkg:pypi/flask@3.0.0 | Runtime direct line 15 | flask@3.0.0",
                "pkg:pypi/pluggy | Development indirect line 37 | pytest@8.0 > pluggy",
                "pkg:pypi/pytest@8.0 | Development direct line 31 | pytest@8.0",
                "pkg:pypi/redis@5.0?vcs_url=git%2Bhttps:%2F%2Fexample.org%2Fredis%40abc | Optional direct line 26 | \
                 redis@5.0",
                "! VersionUnknown line 37 problem-version-not-pinned package=pluggy",
            ],
        );
    }

    #[test]
    fn a_newer_version_is_refused() {
        check(
            &FORMAT,
            "uv.lock",
            "version = 2\n",
            &["! Unparsable problem-not-the-format format=uv.lock why=its version is 2; version 1 is the one that \
               is read"],
        );
    }
}
