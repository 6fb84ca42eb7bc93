//! `go.mod`: the modules that a Go module needs.
//!
//! Source: Go Modules Reference, "go.mod files".
//!
//! From Go 1.17 on the file names every module that the build needs. The standard library is a component too:
//! its version is the one of the `toolchain` line, else of the `go` line.

use std::collections::{BTreeMap, BTreeSet};

use yata_model::{Ecosystem, Family, Package};

use super::found::{Found, Seen, not_the_format};
use super::text::{line_number, text};
use super::{Format, Input, Parsed, file_name};
use crate::purl::purl_of;

/// The format.
pub(super) static FORMAT: Format = Format {
    name: "go.mod",
    file_names: "go.mod",
    matches: |path| file_name(path) == "go.mod",
    recognises: |bytes| bytes.starts_with(b"module ") && bytes.contains(&b'\n'),
    companions: &[],
    parse,
};

/// What a go.mod file says, as far as other files need it.
#[derive(Default)]
pub(super) struct GoMod<'a> {
    module: Option<&'a str>,
    /// The `go` line and its line number.
    go: Option<(&'a str, u32)>,
    toolchain: Option<(&'a str, u32)>,
    requires: Vec<Require<'a>>,
    excludes: BTreeSet<(&'a str, &'a str)>,
    /// From (path, version or any) to (path, version or a local folder).
    replaces: BTreeMap<Replaced<'a>, Replaced<'a>>,
    /// (line, what it says, why it is bad)
    bad: Vec<(u32, String, &'static str)>,
    understood: bool,
}

/// A module path with a version; without one it means any version, or a local folder.
type Replaced<'a> = (&'a str, Option<&'a str>);

struct Require<'a> {
    path: &'a str,
    version: &'a str,
    indirect: bool,
    line: u32,
}

impl GoMod<'_> {
    /// Whether the file names every module of the build: from Go 1.17 on (lazy loading).
    pub(super) fn names_everything(&self) -> bool {
        let Some((go, _)) = self.go else { return false };
        let mut parts = go.split('.').map(|part| part.parse::<u32>().unwrap_or(0));
        (parts.next().unwrap_or(0), parts.next().unwrap_or(0)) >= (1, 17)
    }

    /// The paths of the modules that it requires.
    pub(super) fn required(&self) -> BTreeSet<&str> {
        self.requires.iter().map(|require| require.path).collect()
    }
}

/// Reads a go.mod file line by line.
pub(super) fn read(text: &str) -> GoMod<'_> {
    let mut go_mod = GoMod::default();
    let mut block: Option<&str> = None;
    for (index, line) in text.lines().enumerate() {
        let number = line_number(index);
        let (code, comment) = match line.split_once("//") {
            Some((code, comment)) => (code.trim(), comment.trim()),
            None => (line.trim(), ""),
        };
        if code.is_empty() {
            continue;
        }
        match block {
            Some(_) if code == ")" => block = None,
            Some(verb) => go_mod.directive(verb, code, comment, number),
            None => {
                let (verb, rest) = code.split_once([' ', '\t', '(']).unwrap_or((code, ""));
                if code.ends_with('(') && !matches!(verb, "" | "(") {
                    block = Some(verb);
                } else {
                    go_mod.directive(verb, rest.trim(), comment, number);
                }
            }
        }
    }
    go_mod
}

impl<'a> GoMod<'a> {
    fn directive(&mut self, verb: &'a str, rest: &'a str, comment: &str, line: u32) {
        let words: Vec<&str> = rest.split_whitespace().map(|word| word.trim_matches(['"', '`'])).collect();
        match (verb, words.as_slice()) {
            ("module", [path]) => self.module = Some(path),
            ("go", [version]) => self.go = Some((version, line)),
            ("toolchain", [version]) => self.toolchain = Some((version, line)),
            ("require", [path, version]) => {
                let indirect = comment == "indirect" || comment.starts_with("indirect;");
                self.requires.push(Require { path, version, indirect, line });
            }
            ("exclude", [path, version]) => {
                self.excludes.insert((path, version));
            }
            ("replace", [from, "=>", to @ ..] | [from, _, "=>", to @ ..]) if matches!(to.len(), 1 | 2) => {
                let from_version = words.get(1).filter(|word| **word != "=>").copied();
                let to_path = to.first().copied().unwrap_or_default();
                self.replaces.insert((from, from_version), (to_path, to.get(1).copied()));
            }
            ("retract" | "godebug" | "tool" | "ignore", _) => {}
            ("require" | "replace" | "exclude" | "module" | "go" | "toolchain", _) => {
                self.bad.push((line, format!("{verb} {rest}"), "the line has not the parts that it needs"));
            }
            _ => {
                self.bad.push((line, format!("{verb} {rest}").trim().to_owned(), "the word at its start is not known"));
                return;
            }
        }
        self.understood = true;
    }

    /// Where a module comes from after the replacements: path and version; `None` for a local folder.
    fn replaced(&self, path: &'a str, version: &'a str) -> Option<(&'a str, &'a str)> {
        let target = self.replaces.get(&(path, Some(version))).or_else(|| self.replaces.get(&(path, None)));
        match target {
            None => Some((path, version)),
            Some((path, Some(version))) => Some((path, version)),
            Some((_, None)) => None,
        }
    }
}

/// The component of a module version, as `go.mod` and `go.sum` write it (with `v`).
pub(super) fn module(path: &str, version: &str) -> Seen {
    let version = version.strip_prefix('v').unwrap_or(version);
    let package = Package::new(Ecosystem::plain(Family::Go), path);
    Seen::new(purl_of(&package, Some(version)), package, Some(version.to_owned()))
}

fn parse(input: &Input<'_>) -> Parsed {
    let text = match text(input) {
        Ok(text) => text,
        Err(problem) => return Parsed { problems: vec![problem], ..Parsed::default() },
    };
    let go_mod = read(text);
    if !go_mod.understood && !go_mod.bad.is_empty() {
        return not_the_format(input, FORMAT.name, "none of its lines is one of a go.mod file");
    }
    let mut found = Found::new(input);
    for (line, entry, why) in &go_mod.bad {
        found.bad_entry(entry, *why, Some(*line));
    }
    let toolchain = go_mod.toolchain.and_then(|(name, line)| {
        // `go1.22.3`, `go1.22.3-suffix`; `default` and `local` say nothing.
        let version = name.strip_prefix("go")?;
        Some((version.split('-').next().unwrap_or(version), line))
    });
    if let Some((version, line)) = toolchain.or(go_mod.go) {
        let package = Package::new(Ecosystem::plain(Family::Go), "stdlib");
        let mut seen = Seen::new(purl_of(&package, Some(version)), package, Some(version.to_owned()));
        seen.line = Some(line);
        seen.direct = Some(true);
        seen.path = vec![format!("stdlib@{version}")];
        found.add(seen);
    }
    for require in &go_mod.requires {
        if !require.version.starts_with('v') {
            found.bad_entry(require.path, format!("its version `{}` does not begin with v", require.version), Some(require.line));
            continue;
        }
        if go_mod.excludes.contains(&(require.path, require.version)) {
            continue;
        }
        let Some((path, version)) = go_mod.replaced(require.path, require.version) else { continue };
        let mut seen = module(path, version);
        seen.line = Some(require.line);
        seen.direct = Some(!require.indirect);
        if !require.indirect {
            seen.path = vec![format!("{path}@{version}")];
        }
        found.add(seen);
    }
    found.finish()
}

#[cfg(test)]
mod tests {
    use super::super::found::testing::check;
    use super::*;

    #[test]
    fn requires_replacements_and_the_standard_library() {
        check(
            &FORMAT,
            "go.mod",
            "module example.org/shop

go 1.22
toolchain go1.22.3

require (
\tgithub.com/BurntSushi/toml v1.0.0
\tgolang.org/x/net v0.5.0 // indirect
\tgolang.org/x/text v0.3.0 // indirect; kept for tests
\texample.org/local v1.0.0
)
require gopkg.in/yaml.v2 v2.4.0+incompatible
replace golang.org/x/net => example.org/fork/net v0.6.0
replace example.org/local v1.0.0 => ../local
exclude gopkg.in/yaml.v2 v2.0.0
",
            &[
                "pkg:golang/example.org/fork/net@v0.6.0 | Runtime indirect line 8 | ",
                "pkg:golang/github.com/BurntSushi/toml@v1.0.0 | Runtime direct line 7 | \
                 github.com/BurntSushi/toml@v1.0.0",
                "pkg:golang/golang.org/x/text@v0.3.0 | Runtime indirect line 9 | ",
                "pkg:golang/gopkg.in/yaml.v2@v2.4.0%2Bincompatible | Runtime direct line 12 | \
                 gopkg.in/yaml.v2@v2.4.0+incompatible",
                "pkg:golang/stdlib@1.22.3 | Runtime direct line 4 | stdlib@1.22.3",
            ],
        );
    }

    #[test]
    fn a_bad_line_costs_only_itself() {
        check(
            &FORMAT,
            "go.mod",
            "module x\nrequire a.b/c\nrequire d.e/f v1.0.0\nrequire g.h/i latest\nwhatever 1\n",
            &[
                "pkg:golang/d.e/f@v1.0.0 | Runtime direct line 3 | d.e/f@v1.0.0",
                "! BadEntry line 2 problem-bad-entry entry=require a.b/c why=the line has not the parts that it needs",
                "! BadEntry line 5 problem-bad-entry entry=whatever 1 why=the word at its start is not known",
                "! BadEntry line 4 problem-bad-entry entry=g.h/i why=its version `latest` does not begin with v",
            ],
        );
        check(
            &FORMAT,
            "go.mod",
            "this is not a go.mod file!\n",
            &["! Unparsable problem-not-the-format format=go.mod why=none of its lines is one of a go.mod file"],
        );
    }
}
